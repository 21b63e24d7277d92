/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/names.h"
#include "core/nearest.h"
#include "core/saturate.h"
#include "core/testcase.h"
#include "runtime/check_internal.h"
#include "runtime/run_key.h"
#include "runtime/suite_level.h"

#include <string.h>

#define DAY_S (INT64_C(24) * 3600)

/* So many folders may stand before a name; each is a name looked up. */
#define FOLDERS_MAX 16

/* Less than that share of the testcases, or of the time, is not worth a line: a tenth. */
#define SHARE 10

/* "tests/test_a.py::T::x" and "tests.test_a.T.x" are one name; parameters stay. Caller frees. */
static char *plain_name(const char *id)
{
    GString *name = g_string_sized_new(strlen(id));

    for (; *id && *id != '['; id++) {
        bool separator = strchr("/\\:.", *id) != NULL;

        if (!separator)
            g_string_append_c(name, *id);
        else if (name->len == 0 || name->str[name->len - 1] != '.')
            g_string_append_c(name, '.');
    }
    g_string_replace(name, ".py.", ".", 0);
    g_string_append(name, id);
    return g_string_free(name, FALSE);
}

/* Another testcase whose name is the end of this one's, from a separator on; NULL when none is. */
static const char *find_twin(GHashTable *by_name, const char *id, const char *name)
{
    const char *other = g_hash_table_lookup(by_name, name);
    const char *dot = strchr(name, '.');

    if (other != id)
        return other;
    for (int i = 0; dot && i < FOLDERS_MAX; i++, dot = strchr(dot + 1, '.')) {
        /* A single word is no name of its own: many classes have a test_ok. */
        if (!strchr(dot + 1, '.'))
            break;
        other = g_hash_table_lookup(by_name, dot + 1);
        if (other)
            return other;
    }
    return NULL;
}

void tps_check_doubles(const TpsCheck *check)
{
    g_autoptr(GPtrArray) plain = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    const char *id = NULL;
    const char *twin = NULL;
    size_t n = 0;

    for (size_t i = 0; i < check->n; i++) {
        g_ptr_array_add(plain, plain_name(check->testcases[i].id));
        if (!g_hash_table_contains(by_name, g_ptr_array_index(plain, i)))
            g_hash_table_insert(by_name, g_ptr_array_index(plain, i),
                                (gpointer)check->testcases[i].id);
    }
    for (size_t i = 0; i < check->n; i++) {
        const char *other = find_twin(by_name, check->testcases[i].id, g_ptr_array_index(plain, i));

        if (!other)
            continue;
        id = n++ ? id : check->testcases[i].id;
        twin = n > 1 ? twin : other;
    }
    if (n > 0)
        tps_check_say(check, TPS_FINDING_DOUBLE, NULL,
                      "%zu of %zu testcases are there under another name, too: '%s' is '%s'", n,
                      check->n, id, twin);
}

static int64_t time_of(const TpsCheck *check, uint32_t run)
{
    return tps_run_key_time(tps_runtime_data_run_key(check->data, run));
}

/* The newest run of the suite; 0 when nothing is dated. */
static uint32_t newest_run(const TpsCheck *check)
{
    size_t n;
    const TpsRuntimePart *parts = tps_runtime_data_parts(check->data, check->suite, &n);
    uint32_t newest = n ? parts[n - 1].run : 0;

    for (size_t i = 0; i < check->n; i++)
        newest = MAX(newest, check->testcases[i].seen);
    return newest;
}

static int64_t reference_time(const TpsCheck *check)
{
    uint32_t n_runs = tps_runtime_data_n_runs(check->data);

    if (check->request->now_s >= 0)
        return check->request->now_s;
    return n_runs > 1 ? time_of(check, n_runs - 1) : 0;
}

void tps_check_age(const TpsCheck *check)
{
    const uint32_t newest = newest_run(check);
    const int64_t now_s = reference_time(check);
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_autofree char *some = NULL;

    if (newest == 0)
        return;
    if (now_s - time_of(check, newest) > check->request->max_age_s) {
        tps_check_say(check, TPS_FINDING_AGE, NULL,
                      "its newest run is %" G_GINT64_FORMAT " days old: %s",
                      (now_s - time_of(check, newest)) / DAY_S,
                      tps_runtime_data_run_key(check->data, newest));
        return;
    }
    for (size_t i = 0; i < check->n; i++) {
        const TpsRuntimeTestcase *testcase = &check->testcases[i];
        uint32_t run = testcase->n_samples ? testcase->samples[testcase->n_samples - 1].run : 0;

        if (run && now_s - time_of(check, run) > check->request->max_age_s)
            g_ptr_array_add(ids, (gpointer)testcase->id);
    }
    some = tps_names_some(ids);
    if (ids->len > 0)
        tps_check_say(check, TPS_FINDING_AGE, NULL,
                      "%u of %zu testcases were last measured more than %" G_GINT64_FORMAT
                      " days ago: %s",
                      ids->len, check->n, check->request->max_age_s / DAY_S, some);
}

void tps_check_count(const TpsCheck *check)
{
    TpsSuiteLevel level;

    if (check->n_measured == 0 || !tps_suite_level(check->data, check->suite, &level) ||
        (int64_t)check->n * SHARE > level.testcase_count * (SHARE - 1))
        return;
    tps_check_say(check, TPS_FINDING_COVERAGE, NULL,
                  "it had %" G_GINT64_FORMAT " testcases, and %zu of them are known",
                  level.testcase_count, check->n);
}

/* "; nearest: 'a', 'b'", or nothing. Caller frees. */
static char *nearest_text(const char *name, const GPtrArray *known)
{
    g_autoptr(GPtrArray) names =
        tps_nearest_names(name, (const char *const *)known->pdata, known->len, 3);
    g_autofree char *some = tps_names_some(names);

    return names->len ? g_strdup_printf("; nearest: %s", some) : g_strdup("");
}

/* The names of a suite's times, or of those that no suite claims. */
static void add_ids(GPtrArray *ids, const TpsRuntimeData *data, const char *suite)
{
    for (size_t i = 0; i < tps_runtime_data_n_testcases(data, suite); i++)
        g_ptr_array_add(ids, (gpointer)tps_runtime_data_testcase(data, suite, i).id);
}

static GPtrArray *ids_for(const TpsRuntimeData *data, const char *suite)
{
    GPtrArray *ids = g_ptr_array_new();

    add_ids(ids, data, suite);
    if (!tps_runtime_data_has(data, "pytest") && strcmp(suite, "pytest") != 0)
        add_ids(ids, data, "pytest");
    if (!tps_runtime_data_has(data, "knapsack") && strcmp(suite, "knapsack") != 0)
        add_ids(ids, data, "knapsack");
    return ids;
}

/* A declared suite and what the data has for it. */
typedef struct {
    GPtrArray *missing; /* of char*: listed, and without a time */
    int64_t matched_us;
    size_t n_matched;
} Match;

static const char **names_of(const GPtrArray *testcases, bool files)
{
    const char **ids = g_new(const char *, testcases->len);

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        ids[i] = files && testcase->file ? testcase->file : testcase->id;
    }
    return ids;
}

/* Its own time, or that of its file (knapsack); `used` gets the ids of what was found. */
static Match match(const TpsRuntimeData *data, const TpsCheckSuite *declared, GHashTable *used)
{
    const guint n = declared->testcases->len;
    g_autofree const char **ids = names_of(declared->testcases, false);
    g_autofree const char **files = names_of(declared->testcases, true);
    g_autofree TpsRuntimeTestcase *by_id = g_new(TpsRuntimeTestcase, n);
    g_autofree TpsRuntimeTestcase *by_file = g_new(TpsRuntimeTestcase, n);
    Match result = {.missing = g_ptr_array_new()};

    tps_runtime_data_match(data, declared->suite, ids, n, by_id);
    tps_runtime_data_match(data, declared->suite, files, n, by_file);
    for (guint i = 0; i < n; i++) {
        const TpsRuntimeTestcase *found = by_id[i].id ? &by_id[i] : &by_file[i];

        if (found->id && (found->n_samples > 0 || found->skipped)) {
            result.n_matched++;
            if (g_hash_table_add(used, (gpointer)found->id) && found->n_samples > 0)
                result.matched_us = tps_add_sat(
                    result.matched_us, tps_samples_level(found->samples, found->n_samples));
        } else {
            g_ptr_array_add(result.missing, (gpointer)ids[i]);
        }
    }
    return result;
}

static void say_missing(const TpsCheck *check, const TpsCheckSuite *declared, const Match *found)
{
    g_autoptr(GPtrArray) ids = ids_for(check->data, declared->suite);
    g_autofree char *some = tps_names_some(found->missing);
    g_autofree char *nearest = NULL;

    if (found->missing->len == 0 || found->missing->len * SHARE < declared->testcases->len)
        return;
    nearest = nearest_text(g_ptr_array_index(found->missing, 0), ids);
    if (found->n_matched == 0 && ids->len > 0)
        tps_check_say(check, TPS_FINDING_UNMATCHED, NULL,
                      "none of its %u testcases is in the data: %s%s", declared->testcases->len,
                      some, nearest);
    else
        tps_check_say(check, TPS_FINDING_COVERAGE, NULL,
                      "%u of %u testcases have no time (%u %%): %s%s", found->missing->len,
                      declared->testcases->len,
                      found->missing->len * 100 / declared->testcases->len, some, nearest);
}

/* Times of the suite that belong to no testcase of it now. */
static void say_gone(const TpsCheck *check, GHashTable *used)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new();
    g_autofree char *some = NULL;
    g_autofree char *text = NULL;
    int64_t sum_us = 0;
    int64_t all_us = 0;

    for (size_t i = 0; i < tps_runtime_data_n_testcases(check->data, check->suite); i++) {
        TpsRuntimeTestcase testcase = tps_runtime_data_testcase(check->data, check->suite, i);
        int64_t us =
            testcase.n_samples ? tps_samples_level(testcase.samples, testcase.n_samples) : 0;

        all_us = tps_add_sat(all_us, us);
        if (g_hash_table_contains(used, testcase.id))
            continue;
        g_ptr_array_add(gone, (gpointer)testcase.id);
        sum_us = tps_add_sat(sum_us, us);
    }
    some = tps_names_some(gone);
    text = tps_duration_format(sum_us);
    if (gone->len > 0 && sum_us > 0 && sum_us >= all_us / SHARE)
        tps_check_say(check, TPS_FINDING_COVERAGE, NULL,
                      "%s of its time (%" G_GINT64_FORMAT
                      " %%) is of %u testcases that are gone: %s",
                      text, sum_us / MAX(all_us / 100, 1), gone->len, some);
}

static void check_declared(const TpsCheck *check, const TpsCheckSuite *declared, GHashTable *used)
{
    Match found = match(check->data, declared, used);
    bool has_sums = tps_runtime_data_has(check->data, declared->suite) &&
                    tps_runtime_data_n_testcases(check->data, declared->suite) == 0;

    if (!has_sums)
        say_missing(check, declared, &found);
    if (tps_runtime_data_has(check->data, declared->suite) && found.n_matched > 0)
        say_gone(check, used);
    g_ptr_array_unref(found.missing);
}

static bool is_declared(const TpsCheckRequest *request, const char *suite)
{
    for (size_t i = 0; i < request->n_declared; i++)
        if (strcmp(request->declared[i].suite, suite) == 0)
            return true;
    return false;
}

/* Data of a suite that the plan file does not have; or times without a suite that none can use. */
static void check_undeclared(const TpsCheck *check, const GPtrArray *declared, GHashTable *used)
{
    g_autoptr(GPtrArray) unused = g_ptr_array_new();
    g_autofree char *some = NULL;
    g_autofree char *nearest = NULL;
    size_t n = tps_runtime_data_n_testcases(check->data, check->suite);

    if (tps_runtime_data_has(check->data, check->suite)) {
        nearest = nearest_text(check->suite, declared);
        tps_check_say(check, TPS_FINDING_UNMATCHED, NULL, "the plan file has no such suite%s",
                      nearest);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        TpsRuntimeTestcase testcase = tps_runtime_data_testcase(check->data, check->suite, i);

        if (!g_hash_table_contains(used, testcase.id))
            g_ptr_array_add(unused, (gpointer)testcase.id);
    }
    some = tps_names_some(unused);
    if (unused->len * 2 > n)
        tps_check_say(check, TPS_FINDING_UNMATCHED, NULL,
                      "%u of %zu times fit no testcase of any suite: %s", unused->len, n, some);
}

void tps_check_matching(const TpsRuntimeData *data, const TpsCheckRequest *request,
                        GPtrArray *findings)
{
    g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) declared = g_ptr_array_new();
    g_autoptr(GPtrArray) suites = tps_runtime_data_suites(data);
    TpsCheck check = {.data = data, .request = request, .findings = findings};

    for (size_t i = 0; i < request->n_declared; i++) {
        check.suite = request->declared[i].suite;
        g_ptr_array_add(declared, (gpointer)check.suite);
        check_declared(&check, &request->declared[i], used);
    }
    for (guint i = 0; i < suites->len; i++) {
        check.suite = g_ptr_array_index(suites, i);
        if (!is_declared(request, check.suite))
            check_undeclared(&check, declared, used);
    }
}
