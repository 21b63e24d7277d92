/* SPDX-License-Identifier: MIT */
#include "cli/exit_status.h"
#include "cli/history.h"
#include "cli/option_values.h"
#include "cli/options.h"
#include "cli/plural.h"
#include "cli/terminal.h"
#include "core/duration.h"
#include "core/error.h"
#include "formats/json.h"
#include "runtime/run_key.h"
#include "runtime/suite_level.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S (24 * 3600)

/* What is wanted, and of what. */
typedef struct {
    const TpsRuntimeData *data;
    const char *suite;     /* NULL = all */
    GPatternSpec *pattern; /* NULL = all */
    int top;               /* 0 = all    */
} Wish;

typedef struct {
    TpsRuntimeTestcase testcase;
    int64_t level_us;
} Row;

static int compare(const void *a, const void *b)
{
    const Row *one = a, *two = b;

    if (one->level_us != two->level_us)
        return one->level_us > two->level_us ? -1 : 1;
    return strcmp(one->testcase.id, two->testcase.id);
}

/* The testcases of a suite that are wanted, slowest first. */
static GArray *rows_of(const Wish *wish, const char *suite)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));

    for (size_t i = 0; i < tps_runtime_data_n_testcases(wish->data, suite); i++) {
        Row row = {.testcase = tps_runtime_data_testcase(wish->data, suite, i)};

        if (wish->pattern && !g_pattern_spec_match_string(wish->pattern, row.testcase.id))
            continue;
        if (row.testcase.n_samples > 0)
            row.level_us = tps_samples_level(row.testcase.samples, row.testcase.n_samples);
        g_array_append_val(rows, row);
    }
    g_array_sort(rows, compare);
    if (wish->top > 0 && rows->len > (guint)wish->top)
        g_array_set_size(rows, (guint)wish->top);
    return rows;
}

static uint32_t newest_run(const TpsRuntimeData *data, const char *suite)
{
    size_t n;
    const TpsRuntimePart *parts = tps_runtime_data_parts(data, suite, &n);
    uint32_t newest = n ? parts[n - 1].run : 0;

    for (size_t i = 0; i < tps_runtime_data_n_testcases(data, suite); i++)
        newest = MAX(newest, tps_runtime_data_testcase(data, suite, i).seen);
    return newest;
}

static guint count_runs(const TpsRuntimeData *data, const char *suite)
{
    size_t n;
    const TpsRuntimePart *parts = tps_runtime_data_parts(data, suite, &n);
    guint n_runs = 0;

    for (size_t i = 0; i < n; i++)
        n_runs += parts[i].run > 0 && (i == 0 || parts[i].run != parts[i - 1].run);
    return n_runs;
}

/* Days between a run and the newest one that is known; -1: nobody knows. */
static int64_t age_in_days(const TpsRuntimeData *data, uint32_t run)
{
    uint32_t last = tps_runtime_data_n_runs(data) - 1;

    if (run == 0)
        return -1;
    return (tps_run_key_time(tps_runtime_data_run_key(data, last)) -
            tps_run_key_time(tps_runtime_data_run_key(data, run))) /
           DAY_S;
}

static void print_known(const char *what, int64_t us)
{
    g_autofree char *text = tps_duration_format(MAX(us, 0));

    if (us != TPS_RUNTIME_UNKNOWN)
        printf(", %s %s", what, text);
}

static void print_suite(const Wish *wish, const char *suite)
{
    g_autofree char *name = tps_printable(suite, 0);
    size_t n = tps_runtime_data_n_testcases(wish->data, suite);
    uint32_t newest = newest_run(wish->data, suite);
    TpsSuiteLevel level;

    printf("%s: %zu testcase%s", name, n, tps_plural(n));
    if (tps_suite_level(wish->data, suite, &level)) {
        print_known("execution", level.execution_us);
        print_known("setup", level.setup_us);
        print_known("teardown", level.teardown_us);
    }
    printf(", %u runs", count_runs(wish->data, suite));
    if (newest)
        printf(", the last %s", tps_runtime_data_run_key(wish->data, newest));
    printf("\n");
}

static void print_row(const Wish *wish, const Row *row)
{
    const TpsRuntimeTestcase *testcase = &row->testcase;
    g_autofree char *id = tps_printable(testcase->id, 0);
    g_autofree char *level = tps_duration_format(row->level_us);
    g_autofree char *spread = tps_duration_format(
        testcase->n_samples ? tps_samples_spread(testcase->samples, testcase->n_samples) : 0);
    int64_t age = age_in_days(wish->data, testcase->seen);
    g_autofree char *days = age < 0 ? g_strdup("-") : g_strdup_printf("%" G_GINT64_FORMAT "d", age);

    printf("  %9s  %9s  %4u  %5s  %s%s\n", testcase->n_samples ? level : "-",
           testcase->n_samples > 1 ? spread : "-", testcase->n_samples, days, id,
           testcase->skipped ? " (skipped)" : "");
}

static void print_text(const Wish *wish, const GPtrArray *suites)
{
    for (guint i = 0; i < suites->len; i++) {
        const char *suite = g_ptr_array_index(suites, i);
        g_autoptr(GArray) rows = rows_of(wish, suite);

        print_suite(wish, suite);
        if (rows->len > 0)
            printf("  %9s  %9s  %4s  %5s  testcase\n", "level", "spread", "runs", "age");
        for (guint j = 0; j < rows->len; j++)
            print_row(wish, &g_array_index(rows, Row, j));
    }
}

static cJSON *row_to_json(const Wish *wish, const Row *row)
{
    const TpsRuntimeTestcase *testcase = &row->testcase;
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", testcase->id);
    if (testcase->n_samples > 0) {
        tps_json_add_seconds(object, "level", row->level_us);
        tps_json_add_seconds(object, "spread",
                             tps_samples_spread(testcase->samples, testcase->n_samples));
    }
    cJSON_AddNumberToObject(object, "runs", testcase->n_samples);
    cJSON_AddBoolToObject(object, "skipped", testcase->skipped);
    if (testcase->seen) {
        cJSON_AddStringToObject(object, "seen",
                                tps_runtime_data_run_key(wish->data, testcase->seen));
        cJSON_AddNumberToObject(object, "age_days",
                                (double)age_in_days(wish->data, testcase->seen));
    }
    return object;
}

static void add_known(cJSON *object, const char *key, int64_t us)
{
    if (us != TPS_RUNTIME_UNKNOWN)
        tps_json_add_seconds(object, key, us);
}

static cJSON *suite_to_json(const Wish *wish, const char *suite)
{
    g_autoptr(GArray) rows = rows_of(wish, suite);
    cJSON *object = cJSON_CreateObject();
    uint32_t newest = newest_run(wish->data, suite);
    TpsSuiteLevel level;
    cJSON *testcases;

    cJSON_AddStringToObject(object, "name", suite);
    if (tps_suite_level(wish->data, suite, &level)) {
        add_known(object, "execution_time", level.execution_us);
        add_known(object, "setup_time", level.setup_us);
        add_known(object, "teardown_time", level.teardown_us);
    }
    cJSON_AddNumberToObject(object, "testcase_count",
                            (double)tps_runtime_data_n_testcases(wish->data, suite));
    cJSON_AddNumberToObject(object, "runs", count_runs(wish->data, suite));
    if (newest)
        cJSON_AddStringToObject(object, "last_run", tps_runtime_data_run_key(wish->data, newest));
    testcases = cJSON_AddArrayToObject(object, "testcases");
    for (guint i = 0; i < rows->len; i++)
        cJSON_AddItemToArray(testcases, row_to_json(wish, &g_array_index(rows, Row, i)));
    return object;
}

static void print_json(const Wish *wish, const GPtrArray *names)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    cJSON *suites = cJSON_AddArrayToObject(root, "suites");
    g_autofree char *text = NULL;

    for (guint i = 0; i < names->len; i++)
        cJSON_AddItemToArray(suites, suite_to_json(wish, g_ptr_array_index(names, i)));
    text = tps_json_text(root);
    fputs(text, stdout);
}

/* All suites, or the one that was named. */
static GPtrArray *suites_of(const Wish *wish, GError **error)
{
    g_autoptr(GPtrArray) all = tps_runtime_data_suites(wish->data);
    g_autoptr(GPtrArray) wanted = g_ptr_array_new();

    for (guint i = 0; i < all->len; i++)
        if (!wish->suite || strcmp(wish->suite, g_ptr_array_index(all, i)) == 0)
            g_ptr_array_add(wanted, g_ptr_array_index(all, i));
    if (!wish->suite || wanted->len > 0)
        return g_steal_pointer(&wanted);
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--suite: there is no '%s' in the data",
                wish->suite);
    return NULL;
}

static bool check(int argc, const char *format, int top, GError **error)
{
    if (argc < 2 || argc > 3)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "name one file of runtime data, and one pattern if you like");
    else if (!tps_option_format(format, error))
        return false;
    else if (top < 0)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--top: %d is less than one", top);
    else
        return true;
    return false;
}

static int run(int argc, char **argv, GError **error)
{
    g_autofree char *suite = NULL;
    g_autofree char *format = NULL;
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GPatternSpec) pattern = NULL;
    g_autoptr(GPtrArray) suites = NULL;
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_history_show);
    int top = 0;
    GOptionEntry entries[] = {
        {"suite", 0, 0, G_OPTION_ARG_FILENAME, &suite, "Only this suite", "NAME"},
        {"top", 0, 0, G_OPTION_ARG_INT, &top, "Only the slowest N of each suite", "N"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &format, "What stdout gets", "text|json"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    Wish wish = {.data = data};

    g_option_context_add_main_entries(context, entries, NULL);
    if (!tps_options_parse(context, &argc, &argv, error) || !check(argc, format, top, error) ||
        !tps_runtime_data_load(data, argv[1], error))
        return TPS_EXIT_USAGE;
    pattern = argc > 2 ? g_pattern_spec_new(argv[2]) : NULL;
    wish = (Wish){.data = data, .suite = suite, .pattern = pattern, .top = top};
    suites = suites_of(&wish, error);
    if (!suites)
        return TPS_EXIT_USAGE;
    if (format && strcmp(format, "json") == 0)
        print_json(&wish, suites);
    else
        print_text(&wish, suites);
    return TPS_EXIT_PASSED;
}

const TpsVerb tps_history_show = {
    .name = "history show",
    .args = "FILE [PATTERN]",
    .summary = "what is known of suites and testcases, slowest first",
    .run = run,
};
