/* SPDX-License-Identifier: MIT */
#include "runtime/estimate.h"

#include "core/saturate.h"
#include "runtime/suite_level.h"

#include <string.h>

/* Testplan's MULTITEST_EXEC_TIME_ADJUST_FACTOR_LB: a suite that lost most of its testcases is not
 * believed to have become that much shorter. */
#define SCALE_MIN_DIVISOR 4

void tps_estimate_free(TpsEstimate *estimate)
{
    if (!estimate)
        return;
    g_free(estimate->expected_us);
    g_ptr_array_unref(estimate->notes);
    g_free(estimate);
}

static void note(TpsEstimate *estimate, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void note(TpsEstimate *estimate, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(estimate->notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* How many testcases each file has, to share a file's time among them. */
static GHashTable *count_files(const GPtrArray *testcases)
{
    GHashTable *counts = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        guint n;

        if (!testcase->file)
            continue;
        n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, testcase->file));
        g_hash_table_insert(counts, testcase->file, GUINT_TO_POINTER(n + 1));
    }
    return counts;
}

static const char **ids_of(const GPtrArray *testcases)
{
    const char **ids = g_new(const char *, testcases->len);

    for (guint i = 0; i < testcases->len; i++)
        ids[i] = ((const TpsTestcase *)g_ptr_array_index(testcases, i))->id;
    return ids;
}

/* A file's time (knapsack) is shared by the testcases of that file. */
static int64_t share_of_file(const TpsRuntimeData *data, const char *suite, const char *file,
                             GHashTable *file_counts)
{
    TpsRuntimeTestcase found;

    if (!file)
        return TPS_RUNTIME_UNKNOWN;
    tps_runtime_data_match(data, suite, &file, 1, &found);
    if (found.n_samples == 0)
        return TPS_RUNTIME_UNKNOWN;
    return tps_samples_level(found.samples, found.n_samples) /
           GPOINTER_TO_UINT(g_hash_table_lookup(file_counts, file));
}

/* One that was only ever skipped takes no time. */
static int64_t level_of(const TpsRuntimeTestcase *known)
{
    if (known->n_samples > 0)
        return tps_samples_level(known->samples, known->n_samples);
    return known->skipped ? 0 : TPS_RUNTIME_UNKNOWN;
}

/* Fill in what is known; returns the sum of it. The others are left TPS_RUNTIME_UNKNOWN. */
static int64_t take_known(TpsEstimate *estimate, const TpsRuntimeData *data, const char *suite,
                          const GPtrArray *testcases)
{
    g_autoptr(GHashTable) file_counts = count_files(testcases);
    g_autofree const char **ids = ids_of(testcases);
    g_autofree TpsRuntimeTestcase *known = g_new(TpsRuntimeTestcase, testcases->len);
    int64_t sum = 0;

    tps_runtime_data_match(data, suite, ids, testcases->len, known);
    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        int64_t us = level_of(&known[i]);

        if (us == TPS_RUNTIME_UNKNOWN)
            us = share_of_file(data, suite, testcase->file, file_counts);
        estimate->expected_us[i] = us;
        if (us == TPS_RUNTIME_UNKNOWN)
            continue;
        estimate->n_measured++;
        sum = tps_add_sat(sum, us);
    }
    return sum;
}

static void fill_unknown(TpsEstimate *estimate, int64_t us)
{
    for (guint i = 0; i < estimate->n_testcases; i++)
        if (estimate->expected_us[i] == TPS_RUNTIME_UNKNOWN)
            estimate->expected_us[i] = us;
}

/* Equal shares that sum up exactly; the first ones take the odd microseconds. */
static void share(TpsEstimate *estimate, int64_t sum)
{
    int64_t n = estimate->n_testcases;

    for (int64_t i = 0; i < n; i++)
        estimate->expected_us[i] = sum / n + (i < sum % n);
    estimate->n_measured = estimate->n_testcases;
}

/*
 * us * now / before in integers, for doubles round differently on different machines; at most
 * INT64_MAX, for one testcase of ten years may have become many.
 */
static int64_t scale(int64_t us, int64_t now, int64_t before)
{
    int64_t whole;

    if (__builtin_mul_overflow(us / before, now, &whole))
        return INT64_MAX;
    return tps_add_sat(whole, us % before * now / before);
}

static void use_sum(TpsEstimate *estimate, const TpsSuiteLevel *recorded)
{
    int64_t before = recorded->testcase_count;
    int64_t now = estimate->n_testcases;

    if (before == TPS_RUNTIME_UNKNOWN || before == 0 || before == now) {
        share(estimate, recorded->execution_us);
        return;
    }
    estimate->evidence = TPS_EVIDENCE_SCALED;
    note(estimate,
         "%" G_GINT64_FORMAT " testcases now, %" G_GINT64_FORMAT
         " when it was recorded: execution time scaled",
         now, before);
    if (now * SCALE_MIN_DIVISOR < before)
        share(estimate, recorded->execution_us / SCALE_MIN_DIVISOR);
    else
        share(estimate, scale(recorded->execution_us, now, before));
}

static void guess_all(TpsEstimate *estimate, const TpsRuntimeData *data, int64_t guess_us)
{
    bool has_data = tps_runtime_data_sources(data)->len > 0;

    estimate->evidence = TPS_EVIDENCE_GUESSED;
    fill_unknown(estimate, guess_us);
    note(estimate, "no runtime data%s: a guess of %.3g s for each testcase",
         has_data ? " fits it or its testcases" : "", (double)guess_us / 1e6);
}

static void use_known(TpsEstimate *estimate, int64_t sum)
{
    guint n_unknown = estimate->n_testcases - estimate->n_measured;

    estimate->times_known = true;
    if (n_unknown == 0)
        return;
    fill_unknown(estimate, sum / estimate->n_measured);
    note(estimate, "%u of %u testcases are not in the data: they take the mean of the others",
         n_unknown, estimate->n_testcases);
}

static void use_overhead(TpsEstimate *estimate, const TpsSuiteLevel *recorded)
{
    estimate->setup_us = MAX(recorded->setup_us, 0);
    estimate->teardown_us = MAX(recorded->teardown_us, 0);
}

TpsEstimate *tps_estimate_suite(const TpsRuntimeData *data, const char *suite,
                                const GPtrArray *testcases, int64_t guess_us)
{
    TpsEstimate *estimate = g_new0(TpsEstimate, 1);
    TpsSuiteLevel recorded;
    bool has_entry = tps_suite_level(data, suite, &recorded);
    int64_t sum;

    estimate->evidence = TPS_EVIDENCE_MEASURED;
    estimate->notes = g_ptr_array_new_with_free_func(g_free);
    estimate->n_testcases = testcases->len;
    estimate->expected_us = g_new0(int64_t, testcases->len);
    sum = take_known(estimate, data, suite, testcases);
    if (has_entry)
        use_overhead(estimate, &recorded);
    if (estimate->n_measured > 0)
        use_known(estimate, sum);
    else if (has_entry && recorded.execution_us != TPS_RUNTIME_UNKNOWN)
        use_sum(estimate, &recorded);
    else
        guess_all(estimate, data, guess_us);
    estimate->n_guessed = estimate->n_testcases - estimate->n_measured;
    for (guint i = 0; i < estimate->n_testcases; i++)
        estimate->execution_us = tps_add_sat(estimate->execution_us, estimate->expected_us[i]);
    return estimate;
}
