/* SPDX-License-Identifier: MIT */
#include "runtime/estimate.h"

#include "core/notes.h"
#include "core/saturate.h"
#include "runtime/predict.h"
#include "runtime/run_key.h"
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
    g_free(estimate->source);
    g_ptr_array_unref(estimate->notes);
    g_free(estimate);
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

/* How old the measured time is: each testcase counts by what it takes. */
typedef struct {
    const TpsRuntimeData *data;
    int64_t newest_s;
    uint32_t run; /* the last one asked for, and when it was */
    int64_t run_s;
    double weighted; /* whole seconds times seconds: exact to 2^53 */
    double total;
} Ages;

static int64_t time_of_run(const TpsRuntimeData *data, uint32_t run)
{
    return run ? tps_run_key_time(tps_runtime_data_run_key(data, run)) : 0;
}

static void add_age(Ages *ages, const TpsPrediction *prediction)
{
    double seconds = (double)(prediction->expected_us / G_USEC_PER_SEC + 1);

    if (prediction->run == 0)
        return;
    if (ages->newest_s == 0)
        ages->newest_s = time_of_run(ages->data, tps_runtime_data_n_runs(ages->data) - 1);
    if (prediction->run != ages->run) {
        ages->run = prediction->run;
        ages->run_s = time_of_run(ages->data, prediction->run);
    }
    ages->weighted += seconds * (double)(ages->newest_s - ages->run_s);
    ages->total += seconds;
}

static int64_t mean_age(const Ages *ages)
{
    return ages->total > 0 ? (int64_t)(ages->weighted / ages->total) : 0;
}

const char *tps_predict_source_name(TpsPredictSource source)
{
    static const char *const names[] = {
        [TPS_PREDICT_MEASURED] = "measured",
        [TPS_PREDICT_RENAMED] = "renamed",
        [TPS_PREDICT_SIBLINGS] = "like the same with other parameters",
        [TPS_PREDICT_CLASS] = "like others of their class",
        [TPS_PREDICT_FILE] = "like others of their file",
        [TPS_PREDICT_DIRECTORY] = "like others of their directory",
        [TPS_PREDICT_PLAN] = "like all others",
        [TPS_PREDICT_DEFAULT] = "guessed",
    };

    return names[source];
}

/* "3 of 40 testcases are not in the data: 1 renamed, 2 like others of their file" */
static void say_sources(TpsEstimate *estimate, const guint *by_source)
{
    g_autoptr(GString) text = g_string_new(NULL);
    guint n = 0;

    for (guint source = TPS_PREDICT_RENAMED; source <= TPS_PREDICT_PLAN; source++) {
        n += by_source[source];
        if (by_source[source])
            g_string_append_printf(text, "%s%u %s", text->len ? ", " : "", by_source[source],
                                   tps_predict_source_name(source));
    }
    if (n > 0)
        tps_note(estimate->notes, "%u of %u testcases are not in the data: %s", n,
                 estimate->n_testcases, text->str);
}

/* What is known of a suite's testcases, and room for measurements that are made up of others. */
typedef struct {
    const TpsRuntimeData *data;
    const char *suite;
    TpsRuntimeTestcase *known; /* [n]                       */
    TpsPredictCase *cases;     /* [n]                       */
    TpsSample *made_up;        /* [n] at most one for each  */
    guint n;
    guint n_new; /* without a measurement, and not only ever skipped */
} Table;

static void table_clear(Table *table)
{
    g_free(table->known);
    g_free(table->cases);
    g_free(table->made_up);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Table, table_clear)

static void match(Table *table, const GPtrArray *testcases)
{
    g_autofree const char **ids = g_new(const char *, testcases->len);

    for (guint i = 0; i < testcases->len; i++)
        ids[i] = ((const TpsTestcase *)g_ptr_array_index(testcases, i))->id;
    tps_runtime_data_match(table->data, table->suite, ids, testcases->len, table->known);
}

static void set_made_up(Table *table, guint i, uint32_t run, int64_t us)
{
    table->made_up[i] = (TpsSample){.run = run, .us = us};
    table->cases[i].samples = &table->made_up[i];
    table->cases[i].n_samples = 1;
}

/* Measurements that nobody can date are one: their mean. */
static void take_samples(Table *table, guint i)
{
    const TpsRuntimeTestcase *known = &table->known[i];

    table->cases[i].samples = known->samples;
    table->cases[i].n_samples = known->n_samples;
    if (known->n_samples > 1 && known->samples[known->n_samples - 1].run == 0)
        set_made_up(table, i, 0, tps_samples_level(known->samples, known->n_samples));
}

/* A file's time (knapsack) is shared by the testcases of that file. */
static void take_share_of_file(Table *table, guint i, GHashTable *file_counts)
{
    const char *file = table->cases[i].file;
    TpsRuntimeTestcase found;

    if (!file)
        return;
    tps_runtime_data_match(table->data, table->suite, &file, 1, &found);
    if (found.n_samples > 0)
        set_made_up(table, i, found.samples[found.n_samples - 1].run,
                    tps_samples_level(found.samples, found.n_samples) /
                        GPOINTER_TO_UINT(g_hash_table_lookup(file_counts, file)));
}

static void table_init(Table *table, const TpsRuntimeData *data, const char *suite,
                       const GPtrArray *testcases)
{
    g_autoptr(GHashTable) file_counts = count_files(testcases);
    guint n = testcases->len;

    *table = (Table){.data = data,
                     .suite = suite,
                     .known = g_new(TpsRuntimeTestcase, n),
                     .cases = g_new0(TpsPredictCase, n),
                     .made_up = g_new(TpsSample, n),
                     .n = n};
    match(table, testcases);
    for (guint i = 0; i < n; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        table->cases[i].id = testcase->id;
        table->cases[i].file = testcase->file;
        take_samples(table, i);
        if (table->cases[i].n_samples == 0)
            take_share_of_file(table, i, file_counts);
        table->n_new += table->cases[i].n_samples == 0 && !table->known[i].skipped;
    }
}

/* What the data has and the listing has not: a new testcase may be one of these by another name. */
static GArray *find_gone(const Table *table)
{
    g_autoptr(GHashTable) listed = g_hash_table_new(g_direct_hash, g_direct_equal);
    GArray *gone = g_array_new(FALSE, TRUE, sizeof(TpsPredictCase));
    size_t n = table->n_new ? tps_runtime_data_n_testcases(table->data, table->suite) : 0;

    for (guint i = 0; n > 0 && i < table->n; i++)
        g_hash_table_add(listed, (gpointer)table->known[i].id);
    for (size_t i = 0; i < n; i++) {
        TpsRuntimeTestcase known = tps_runtime_data_testcase(table->data, table->suite, i);
        TpsPredictCase one = {
            .id = known.id, .samples = known.samples, .n_samples = known.n_samples};

        if (known.n_samples > 0 && !g_hash_table_contains(listed, known.id))
            g_array_append_val(gone, one);
    }
    return gone;
}

static void predict(TpsEstimate *estimate, const Table *table, int64_t default_us)
{
    g_autoptr(GArray) gone = find_gone(table);
    g_autofree TpsPrediction *predictions = g_new(TpsPrediction, table->n);
    Ages ages = {.data = table->data};
    guint by_source[TPS_PREDICT_DEFAULT + 1] = {0};

    tps_predict(table->cases, table->n, (const TpsPredictCase *)(const void *)gone->data, gone->len,
                tps_runtime_data_n_runs(table->data), default_us, predictions);
    for (guint i = 0; i < table->n; i++) {
        const TpsPrediction *prediction = &predictions[i];
        bool skipped = table->known[i].skipped && table->cases[i].n_samples == 0;

        estimate->source[i] = skipped ? TPS_PREDICT_MEASURED : (uint8_t)prediction->source;
        by_source[estimate->source[i]]++;
        estimate->expected_us[i] = skipped ? 0 : prediction->expected_us;
        estimate->dated = estimate->dated || prediction->run > 0;
        if (estimate->source[i] != TPS_PREDICT_MEASURED)
            estimate->guessed_us = tps_add_sat(estimate->guessed_us, prediction->expected_us);
        else if (!skipped)
            add_age(&ages, prediction);
    }
    estimate->n_measured = by_source[TPS_PREDICT_MEASURED];
    estimate->age_s = mean_age(&ages);
    say_sources(estimate, by_source);
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
    tps_note(estimate->notes,
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
    for (guint i = 0; i < estimate->n_testcases; i++) {
        estimate->expected_us[i] = guess_us;
        estimate->source[i] = TPS_PREDICT_DEFAULT;
    }
    tps_note(estimate->notes, "no runtime data%s: a guess of %.3g s for each testcase",
             has_data ? " fits it or its testcases" : "", (double)guess_us / 1e6);
}

static void use_overhead(TpsEstimate *estimate, const TpsSuiteLevel *recorded)
{
    estimate->setup_known = recorded->setup_us != TPS_RUNTIME_UNKNOWN;
    estimate->setup_us = MAX(recorded->setup_us, 0);
    estimate->teardown_us = MAX(recorded->teardown_us, 0);
    estimate->cpu_ppm = recorded->cpu_ppm;
    estimate->peak_bytes = recorded->peak_bytes;
}

static TpsEstimate *estimate_new(guint n_testcases)
{
    TpsEstimate *estimate = g_new0(TpsEstimate, 1);

    estimate->evidence = TPS_EVIDENCE_MEASURED;
    estimate->notes = g_ptr_array_new_with_free_func(g_free);
    estimate->n_testcases = n_testcases;
    estimate->expected_us = g_new0(int64_t, n_testcases);
    estimate->source = g_new0(uint8_t, n_testcases);
    estimate->cpu_ppm = TPS_RUNTIME_UNKNOWN;
    estimate->peak_bytes = TPS_RUNTIME_UNKNOWN;
    return estimate;
}

static void add_up(TpsEstimate *estimate)
{
    for (guint i = 0; i < estimate->n_testcases; i++)
        estimate->execution_us = tps_add_sat(estimate->execution_us, estimate->expected_us[i]);
    estimate->n_guessed = estimate->n_testcases - estimate->n_measured;
    if (estimate->evidence == TPS_EVIDENCE_GUESSED)
        estimate->guessed_us = estimate->execution_us;
}

TpsEstimate *tps_estimate_suite(const TpsRuntimeData *data, const char *suite,
                                const GPtrArray *testcases, int64_t guess_us)
{
    TpsEstimate *estimate = estimate_new(testcases->len);
    TpsSuiteLevel recorded;
    bool has_entry = tps_suite_level(data, suite, &recorded);
    g_auto(Table) table = {0};

    table_init(&table, data, suite, testcases);
    if (has_entry)
        use_overhead(estimate, &recorded);
    estimate->times_known = table.n_new < table.n;
    if (estimate->times_known)
        predict(estimate, &table, MAX(guess_us, 1));
    else if (has_entry && recorded.execution_us != TPS_RUNTIME_UNKNOWN)
        use_sum(estimate, &recorded);
    else
        guess_all(estimate, data, guess_us);
    add_up(estimate);
    return estimate;
}
