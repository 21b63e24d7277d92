/* SPDX-License-Identifier: MIT */
#include "core/doubles.h"
#include "core/error.h"
#include "scheduler/spool.h"
#include "scheduler/stop.h"
#include "tests/reports.h"
#include "tests/unit.h"

#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define N_SUITES 3
#define N_WRITERS 3

static TpsReport *report_of_suites(void)
{
    TpsReport *report = tps_report_new("all", false);

    for (int i = 0; i < N_SUITES; i++)
        tps_report_add_suite(report, (const char *const[]){"r", "s", "t"}[i]);
    return report;
}

/* Results as text */

static void describe(GString *text, const TpsResult *result);

static void describe_all(GString *text, const char *what, const GPtrArray *results)
{
    for (guint i = 0; results && i < results->len; i++) {
        g_string_append_printf(text, " %s(", what);
        describe(text, g_ptr_array_index(results, i));
        g_string_append_c(text, ')');
    }
}

static void describe(GString *text, const TpsResult *result)
{
    g_string_append_printf(
        text, "%s %s %" G_GINT64_FORMAT " %s:%" G_GINT64_FORMAT " %s|%s|%s|%s",
        result->id ? result->id : "-", tps_outcome_name(result->outcome), result->time_us,
        result->file ? result->file : "-", result->line, result->type ? result->type : "-",
        result->message ? result->message : "-", result->text ? result->text : "-",
        result->output ? result->output : "-");
    describe_all(text, "attempt", result->attempts);
    describe_all(text, "case", result->cases);
    for (guint i = 0; result->properties && i < result->properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(result->properties, i);

        g_string_append_printf(text, " %s=%s", property->name, property->value);
    }
}

static bool add_line(const TpsReportSuite *suite, const TpsResult *result, void *user,
                     GError **error)
{
    (void)error;
    g_string_append_printf(user, "%s: ", suite->name);
    describe(user, result);
    g_string_append_c(user, '\n');
    return true;
}

static char *describe_report(const TpsReport *report, const guint *n_twice)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < report->suites->len; i++) {
        const TpsReportSuite *suite = g_ptr_array_index(report->suites, i);

        ck_assert(tps_report_visit(report, suite, add_line, text, NULL));
        g_string_append_printf(text, "%s: %u results in %" G_GINT64_FORMAT ", %u twice;",
                               suite->name, suite->n_results, suite->time_us, n_twice[i]);
        for (int j = 0; j <= TPS_OUTCOME_ERROR; j++)
            g_string_append_printf(text, " %u of %u", suite->count[j], report->count[j]);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

/* What is merged: reports of results, each of one suite or another */

typedef struct {
    guint suite;
    TpsResult *result;
} Said;

static void said_clear(Said *said)
{
    tps_result_free(said->result);
}

static char *draw_text(GRand *rand)
{
    static const char *const texts[] = {NULL, "", "a", "b", "longer\nthan the others\n"};

    return g_strdup(texts[draw(rand, G_N_ELEMENTS(texts))]);
}

static GPtrArray *draw_results(GRand *rand)
{
    static const char *const ids[] = {NULL, "x", "y"};
    GPtrArray *results = draw(rand, 4) == 0 ? tps_results_new() : NULL;

    for (size_t n = draw(rand, 3); results && n > 0; n--)
        g_ptr_array_add(results,
                        tps_result_new(ids[draw(rand, 3)], outcome_of("spfe"[draw(rand, 4)]), 1));
    return results;
}

static TpsResult *draw_result(GRand *rand)
{
    static const char *const ids[] = {
        "a",  "b", "a!",   "a [x]",      "b!",  "prefix-one", "",       "a\x01",
        "b2", "A", "\xFF", "prefix-two", "a 3", "zz",         "prefix", "prefix-one-more"};
    TpsResult *result = tps_result_new(ids[draw(rand, G_N_ELEMENTS(ids))],
                                       outcome_of("spkfe"[draw(rand, 5)]), (int64_t)draw(rand, 3));

    result->file = draw_text(rand);
    result->line = (int64_t)draw(rand, 2);
    result->type = draw_text(rand);
    result->message = draw_text(rand);
    result->text = draw_text(rand);
    result->output = draw_text(rand);
    result->attempts = draw_results(rand);
    result->cases = draw_results(rand);
    if (draw(rand, 4) == 0) {
        result->properties = tps_properties_new();
        tps_properties_add(result->properties, "p", draw(rand, 2) ? "1" : "2");
    }
    return result;
}

/* Of GArray of Said: each is a report. */
static GPtrArray *draw_reports(GRand *rand)
{
    GPtrArray *reports = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    size_t n_results = draw(rand, 20) == 0 ? 100 : 8;

    for (size_t n = draw(rand, 6); n > 0; n--) {
        GArray *report = g_array_new(FALSE, FALSE, sizeof(Said));

        g_array_set_clear_func(report, (GDestroyNotify)said_clear);
        for (size_t m = draw(rand, n_results); m > 0; m--) {
            Said said = {.suite = (guint)draw(rand, N_SUITES), .result = draw_result(rand)};

            g_array_append_val(report, said);
        }
        g_ptr_array_add(reports, report);
    }
    return reports;
}

static void say_nothing(guint suite, guint report, const char *what, void *user)
{
    (void)suite;
    (void)report;
    (void)what;
    (void)user;
}

static void settle(TpsSpool *spool, TpsReport *report, guint *n_twice)
{
    const TpsSpoolTold told = {report->suites, n_twice, say_nothing, NULL};
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_spool_settle(spool, report, &told, &error), "%s",
                  error ? error->message : "");
}

static char *merge_by_spool(const GPtrArray *reports, const size_t *order, size_t buffer_bytes)
{
    TpsSpool *spool = tps_spool_new(buffer_bytes);
    g_autoptr(TpsReport) merged = report_of_suites();
    TpsSpoolWriter *writers[N_WRITERS];
    guint n_twice[N_SUITES] = {0};
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < N_WRITERS; i++)
        writers[i] = tps_spool_writer_new(spool);
    for (guint i = 0; i < reports->len; i++) {
        const GArray *report = g_ptr_array_index(reports, order[i]);

        for (guint j = 0; j < report->len; j++) {
            const Said *said = &g_array_index(report, Said, j);

            ck_assert(tps_spool_add(writers[i % N_WRITERS], said->suite, (guint)order[i],
                                    said->result, &error));
        }
    }
    for (guint i = 0; i < N_WRITERS; i++)
        ck_assert(tps_spool_writer_close(writers[i], &error));
    settle(spool, merged, n_twice);
    return describe_report(merged, n_twice);
}

/* The same with everything in memory, step by step as the rules are told */

typedef struct {
    TpsResult *result;
    GHashTable *executed_in; /* of report + 1 */
} Known;

static void known_free(Known *known)
{
    tps_result_free(known->result);
    g_hash_table_unref(known->executed_in);
    g_free(known);
}

static TpsResult *copy(const TpsResult *result);

static GPtrArray *copy_all(const GPtrArray *results)
{
    GPtrArray *copies = results ? tps_results_new() : NULL;

    for (guint i = 0; results && i < results->len; i++)
        g_ptr_array_add(copies, copy(g_ptr_array_index(results, i)));
    return copies;
}

static TpsResult *copy(const TpsResult *result)
{
    TpsResult *copied = tps_result_new(result->id, result->outcome, result->time_us);

    copied->file = g_strdup(result->file);
    copied->line = result->line;
    copied->type = g_strdup(result->type);
    copied->message = g_strdup(result->message);
    copied->text = g_strdup(result->text);
    copied->output = g_strdup(result->output);
    copied->attempts = copy_all(result->attempts);
    copied->cases = copy_all(result->cases);
    for (guint i = 0; result->properties && i < result->properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(result->properties, i);

        if (!copied->properties)
            copied->properties = tps_properties_new();
        tps_properties_add(copied->properties, property->name, property->value);
    }
    return copied;
}

static void learn(GHashTable *by_id, const TpsResult *result, guint report)
{
    Known *known = g_hash_table_lookup(by_id, result->id);

    if (!known) {
        known = g_new0(Known, 1);
        known->executed_in = g_hash_table_new(g_direct_hash, g_direct_equal);
        known->result = copy(result);
        g_hash_table_insert(by_id, g_strdup(result->id), known);
    } else {
        tps_result_fold(known->result, copy(result));
    }
    if (result->outcome != TPS_OUTCOME_SKIPPED)
        g_hash_table_add(known->executed_in, GUINT_TO_POINTER(report + 1));
}

/* id -> Known, of one suite */
static GHashTable *merge_suite(const GPtrArray *reports, guint suite)
{
    GHashTable *by_id =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)known_free);

    for (guint i = 0; i < reports->len; i++) {
        g_autoptr(GPtrArray) results = tps_results_new();
        g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
        const GArray *report = g_ptr_array_index(reports, i);

        for (guint j = 0; j < report->len; j++) {
            const Said *said = &g_array_index(report, Said, j);

            if (said->suite == suite)
                g_ptr_array_add(results, copy(said->result));
        }
        tps_doubles_fold(results, "", warnings);
        for (guint j = 0; j < results->len; j++)
            learn(by_id, g_ptr_array_index(results, j), i);
    }
    return by_id;
}

static char *merge_in_memory(const GPtrArray *reports)
{
    g_autoptr(TpsReport) merged = report_of_suites();
    guint n_twice[N_SUITES] = {0};

    for (guint i = 0; i < N_SUITES; i++) {
        g_autoptr(GHashTable) by_id = merge_suite(reports, i);
        g_autoptr(GList) ids = g_list_sort(g_hash_table_get_keys(by_id), (GCompareFunc)strcmp);
        TpsReportSuite *suite = g_ptr_array_index(merged->suites, i);

        for (GList *id = ids; id; id = id->next) {
            Known *known = g_hash_table_lookup(by_id, id->data);

            n_twice[i] += g_hash_table_size(known->executed_in) > 1;
            g_ptr_array_add(suite->results, g_steal_pointer(&known->result));
        }
    }
    tps_report_finish(merged);
    return describe_report(merged, n_twice);
}

/* All of it would be too long a message. */
static void assert_same_lines(const char *text, const char *expected)
{
    g_auto(GStrv) lines_of_text = g_strsplit(text, "\n", -1);
    g_auto(GStrv) lines_expected = g_strsplit(expected, "\n", -1);

    for (size_t i = 0; lines_of_text[i] || lines_expected[i]; i++)
        ck_assert_msg(g_strcmp0(lines_of_text[i], lines_expected[i]) == 0,
                      "line %zu: '%.300s', not '%.300s'", i, lines_of_text[i], lines_expected[i]);
}

static void shuffle(GRand *rand, size_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t j = draw(rand, i + 1);

        order[i] = order[j];
        order[j] = i;
    }
}

/* A byte is less than any result: each is a run. */
START_TEST(many_runs_are_the_same_as_memory)
{
    static const size_t buffers[] = {1, 400, 3000, 0};
    g_autoptr(GRand) rand = g_rand_new_with_seed(77);

    for (int round = 0; round < 1000; round++) {
        g_autoptr(GPtrArray) reports = draw_reports(rand);
        g_autofree char *expected = merge_in_memory(reports);
        g_autofree size_t *order = g_new0(size_t, reports->len + 1);
        g_autofree char *merged = NULL;

        shuffle(rand, order, reports->len);
        merged = merge_by_spool(reports, order, buffers[round % 4]);
        assert_same_lines(merged, expected);
    }
}
END_TEST

static TpsResult *with_output(const char *id, size_t length)
{
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_PASSED, 1);

    result->output = g_strnfill(length, 'x');
    return result;
}

/* Each is longer than the buffer and than what is read at a time. */
START_TEST(long_results_pass)
{
    TpsSpool *spool = tps_spool_new(1000);
    TpsSpoolWriter *writer = tps_spool_writer_new(spool);
    g_autoptr(TpsReport) merged = report_of_suites();
    g_autoptr(GError) error = NULL;
    guint n_twice[N_SUITES] = {0};
    g_autofree char *text = NULL;

    for (int i = 9; i >= 0; i--) {
        g_autofree char *id = g_strdup_printf("t%d", i);
        g_autoptr(TpsResult) result = with_output(id, 200000 - 20000 * (size_t)i);

        ck_assert(tps_spool_add(writer, 0, 0, result, &error));
    }
    ck_assert(tps_spool_writer_close(writer, &error));
    settle(spool, merged, n_twice);
    text = describe_report(merged, n_twice);
    ck_assert_uint_gt(strlen(text), 1100000);
    ck_assert_ptr_nonnull(strstr(text, "r: 10 results"));
    ck_assert(g_str_has_prefix(text, "r: t0 passed"));
}
END_TEST

/* A megabyte of results through a buffer of 100 kB; what comes of it. */
static bool spool_much(GError **error)
{
    TpsSpool *spool = tps_spool_new(100000);
    g_autoptr(TpsSpoolWriter) writer = tps_spool_writer_new(spool);
    g_autoptr(TpsReport) merged = report_of_suites();
    guint n_twice[N_SUITES] = {0};
    bool ok = true;

    for (int i = 0; ok && i < 1000; i++) {
        g_autofree char *id = g_strdup_printf("t%d", i);
        g_autoptr(TpsResult) result = with_output(id, 1000);

        ok = tps_spool_add(writer, 0, 0, result, error);
    }
    ok = ok && tps_spool_writer_close(g_steal_pointer(&writer), error);
    if (!ok) {
        tps_spool_free(spool);
        return false;
    }
    return tps_spool_settle(spool, merged,
                            &(TpsSpoolTold){merged->suites, n_twice, say_nothing, NULL}, error);
}

START_TEST(a_full_disk_is_told)
{
    const struct rlimit limit = {.rlim_cur = 500000, .rlim_max = 500000};
    g_autoptr(GError) error = NULL;

    ck_assert(spool_much(NULL));
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert(!spool_much(&error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write a temporary file in ");
}
END_TEST

START_TEST(files_are_made_only_for_much)
{
    g_autoptr(GPtrArray) reports = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    g_setenv("TMPDIR", "/nonexistent/tpsched", TRUE);
    text = merge_by_spool(reports, NULL, 0);
    ck_assert_ptr_nonnull(strstr(text, "r: 0 results"));
    ck_assert(!spool_much(&error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR,
                 "cannot make a temporary file in '/nonexistent/tpsched': No such file");
}
END_TEST

START_TEST(a_spool_can_be_stopped)
{
    g_autoptr(GError) error = NULL;

    tps_stop_install();
    raise(SIGINT);
    ck_assert(!spool_much(&error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INTERRUPTED, "interrupted");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spool");
    TCase *tcase = tcase_create("spool");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, many_runs_are_the_same_as_memory);
    tcase_add_test(tcase, long_results_pass);
    tcase_add_test(tcase, a_full_disk_is_told);
    tcase_add_test(tcase, files_are_made_only_for_much);
    tcase_add_test(tcase, a_spool_can_be_stopped);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
