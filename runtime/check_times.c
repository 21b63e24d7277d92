/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/names.h"
#include "core/saturate.h"
#include "runtime/check_internal.h"
#include "runtime/run_key.h"
#include "runtime/suite_level.h"

#include <stdlib.h>

/*
 * Half of the testcases take that long: milliseconds taken for seconds make of a testcase of 100 ms
 * one of 100 s, microseconds of one of 4 ms one of more than an hour.
 */
#define LONG_MEDIAN_US (100 * TPS_SECOND_US)
#define ABSURD_MEDIAN_US (60 * TPS_MINUTE_US)
/* Whole numbers only, and not the 0, 1 and 2 of who measures in whole seconds. */
#define WHOLE_MEDIAN_US (5 * TPS_SECOND_US)
#define FEW_TESTCASES 10
/* A thousand, with room for what is measured differently. */
#define UNIT_RATIO 300
/* One measurement so many times the median of the others, and longer by a second. */
#define OUTLIER_RATIO 10
#define OUTLIER_US TPS_SECOND_US

static int compare_times(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

    return (one > two) - (one < two);
}

/* The lower one of an even number; sorts. */
static int64_t median(int64_t *times, size_t n)
{
    qsort(times, n, sizeof *times, compare_times);
    return times[(n - 1) / 2];
}

static bool are_whole(const int64_t *times, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (times[i] % TPS_SECOND_US != 0)
            return false;
    return true;
}

static void check_median(const TpsCheck *check)
{
    g_autofree int64_t *times = g_new(int64_t, check->n_measured + 1);
    size_t n = 0;
    g_autofree char *text = NULL;
    int64_t middle;
    bool whole;

    for (size_t i = 0; i < check->n; i++)
        if (check->level_us[i] != TPS_RUNTIME_UNKNOWN)
            times[n++] = check->level_us[i];
    if (n < FEW_TESTCASES)
        return;
    middle = median(times, n);
    whole = are_whole(times, n) && middle >= WHOLE_MEDIAN_US;
    text = tps_duration_format(middle);
    if (whole || middle >= LONG_MEDIAN_US)
        tps_check_say(check, TPS_FINDING_UNITS, NULL,
                      "half of its %zu testcases take %s or more%s: %sseconds taken for seconds?",
                      n, text, whole ? ", all in whole seconds" : "",
                      middle >= ABSURD_MEDIAN_US ? "micro" : "milli");
}

static bool differ_by_unit(int64_t a, int64_t b)
{
    return a > 0 && b > 0 && (a / UNIT_RATIO >= b || b / UNIT_RATIO >= a);
}

/* The execution time against the sum of the testcases, where most of them are known. */
static void check_sum(const TpsCheck *check, const TpsSuiteLevel *level)
{
    g_autofree char *suite = tps_duration_format(MAX(level->execution_us, 0));
    g_autofree char *sum = tps_duration_format(check->sum_us);

    if (check->n_measured == 0 || (int64_t)check->n_measured * 2 < level->testcase_count ||
        !differ_by_unit(level->execution_us, check->sum_us))
        return;
    tps_check_say(check, TPS_FINDING_UNITS, NULL,
                  "its execution time is %s, its testcases sum up to %s: two units in one file?",
                  suite, sum);
}

/* The execution times of a suite by run, where all parts tell it. */
typedef struct {
    uint32_t run;
    int64_t us;
} RunTime;

static GArray *run_times(const TpsCheck *check)
{
    GArray *times = g_array_new(FALSE, FALSE, sizeof(RunTime));
    size_t n;
    const TpsRuntimePart *parts = tps_runtime_data_parts(check->data, check->suite, &n);

    for (size_t i = 0; i < n; i++) {
        RunTime *last = times->len ? &g_array_index(times, RunTime, times->len - 1) : NULL;
        RunTime time = {parts[i].run, parts[i].execution_us};

        if (time.us == TPS_RUNTIME_UNKNOWN || time.run == 0)
            continue;
        if (last && last->run == time.run)
            last->us = tps_add_sat(last->us, time.us);
        else
            g_array_append_val(times, time);
    }
    return times;
}

static void check_runs(const TpsCheck *check)
{
    g_autoptr(GArray) runs = run_times(check);
    g_autofree int64_t *times = g_new(int64_t, runs->len + 1);
    int64_t usual;

    for (guint i = 0; i < runs->len; i++)
        times[i] = g_array_index(runs, RunTime, i).us;
    if (runs->len < 3)
        return;
    usual = median(times, runs->len);
    for (guint i = 0; i < runs->len; i++) {
        const RunTime *run = &g_array_index(runs, RunTime, i);
        g_autofree char *time = tps_duration_format(run->us);
        g_autofree char *others = tps_duration_format(usual);

        if (differ_by_unit(run->us, usual))
            tps_check_say(check, TPS_FINDING_UNITS, NULL,
                          "its execution time is %s in run %s, and %s in most others: another "
                          "unit?",
                          time, tps_runtime_data_run_key(check->data, run->run), others);
    }
}

void tps_check_units(const TpsCheck *check)
{
    TpsSuiteLevel level;

    check_median(check);
    check_runs(check);
    if (tps_suite_level(check->data, check->suite, &level))
        check_sum(check, &level);
}

void tps_check_zeros(const TpsCheck *check)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_autofree char *some = NULL;
    TpsSuiteLevel level;

    for (size_t i = 0; i < check->n; i++)
        if (check->level_us[i] == 0)
            g_ptr_array_add(ids, (gpointer)check->testcases[i].id);
    some = tps_names_some(ids);
    if (ids->len >= 3 && ids->len * 5 >= check->n_measured)
        tps_check_say(check, TPS_FINDING_ZERO, NULL,
                      "%u of %zu measured testcases take no time (%zu %%): %s", ids->len,
                      check->n_measured, ids->len * 100 / check->n_measured, some);
    if (check->n == 0 && tps_suite_level(check->data, check->suite, &level) &&
        level.execution_us == 0 && level.testcase_count != 0)
        tps_check_say(check, TPS_FINDING_ZERO, NULL, "its execution time is 0");
}

/* Its longest measurement against the median of the others. */
static void check_samples(const TpsCheck *check, const TpsRuntimeTestcase *testcase)
{
    int64_t times[TPS_SAMPLES_MAX];
    int64_t most;
    int64_t usual;
    g_autofree char *time = NULL;
    g_autofree char *others = NULL;

    if (testcase->n_samples < 3)
        return;
    for (uint32_t i = 0; i < testcase->n_samples; i++)
        times[i] = testcase->samples[i].us;
    qsort(times, testcase->n_samples, sizeof *times, compare_times);
    most = times[testcase->n_samples - 1];
    usual = median(times, testcase->n_samples - 1);
    if (most / OUTLIER_RATIO < usual || most - usual < OUTLIER_US)
        return;
    time = tps_duration_format(most);
    others = tps_duration_format(usual);
    tps_check_say(check, TPS_FINDING_OUTLIER, testcase->id,
                  "it took %s once, and %s in most of its other %u measurements", time, others,
                  testcase->n_samples - 1);
}

void tps_check_outliers(const TpsCheck *check)
{
    for (size_t i = 0; i < check->n; i++)
        check_samples(check, &check->testcases[i]);
}
