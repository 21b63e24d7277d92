/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "scheduler/explain_internal.h"

#include <string.h>

#define SIZE_MAX_ASKED 65536

static const char *const names[] = {
    [TPS_ADVICE_WORKERS] = "workers",
    [TPS_ADVICE_SPLIT] = "split",
    [TPS_ADVICE_SETUP] = "setup",
    [TPS_ADVICE_MEASURE] = "measure",
};

const char *tps_advice_name(TpsAdviceKind kind)
{
    return names[kind];
}

/* What all advice compares with. */
typedef struct {
    const TpsPlan *plan;
    TpsTimes *times;
    int64_t now_us;
    int64_t noise_us;
    GArray *advice;
} Adviser;

static bool helps(const Adviser *adviser, int64_t then_us)
{
    return adviser->now_us - then_us >= adviser->noise_us;
}

static void add(Adviser *adviser, TpsAdvice advice)
{
    g_array_append_val(adviser->advice, advice);
}

/* The fewest more that help: often one more does not, as tasks can't be halved. */
static void advise_workers(Adviser *adviser)
{
    int low = adviser->plan->size;
    int high = low < SIZE_MAX_ASKED ? MIN(2 * low, SIZE_MAX_ASKED) : low;

    if (high == low || !helps(adviser, tps_scenario_size(adviser->plan, high)))
        return;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;

        if (helps(adviser, tps_scenario_size(adviser->plan, middle)))
            high = middle;
        else
            low = middle;
    }
    add(adviser, (TpsAdvice){.kind = TPS_ADVICE_WORKERS,
                             .from = adviser->plan->size,
                             .to = high,
                             .gain_us = adviser->now_us - tps_scenario_size(adviser->plan, high)});
}

/* One part more, or twice as many, where there is something to cut. */
static void advise_split(Adviser *adviser, const TpsSuiteSums *sums, const TpsPlanSuite *suite)
{
    int64_t longest_us;
    size_t n_units = tps_times_units(adviser->times, sums->name, &longest_us);
    size_t most = n_units ? n_units : suite->n_testcases;
    const int wishes[] = {sums->parts + 1, 2 * sums->parts};

    if (suite->evidence == TPS_EVIDENCE_WEIGHT)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(wishes); i++) {
        int64_t then_us;

        if ((size_t)wishes[i] > most)
            return;
        then_us = tps_scenario_parts(adviser->plan, sums, wishes[i], longest_us);
        if (!helps(adviser, then_us))
            continue;
        add(adviser, (TpsAdvice){.kind = TPS_ADVICE_SPLIT,
                                 .suite = sums->name,
                                 .from = sums->parts,
                                 .to = wishes[i],
                                 .gain_us = adviser->now_us - then_us});
        return;
    }
}

static void advise_setup(Adviser *adviser, const TpsSuiteSums *sums)
{
    int64_t then_us;

    if (sums->setup_us == 0)
        return;
    then_us = tps_scenario_half_setup(adviser->plan, sums);
    if (helps(adviser, then_us))
        add(adviser, (TpsAdvice){.kind = TPS_ADVICE_SETUP,
                                 .suite = sums->name,
                                 .from = sums->parts,
                                 .to = sums->parts,
                                 .setup_us = sums->setup_us,
                                 .gain_us = adviser->now_us - then_us});
}

static void advise_measure(Adviser *adviser, const TpsSuiteSums *sums, const TpsPlanSuite *suite)
{
    int64_t n = suite->n_testcases, n_guessed = MIN(suite->n_guessed, suite->n_testcases);
    int64_t guessed_us;

    if (n_guessed == 0)
        return;
    guessed_us = sums->execution_us / n * n_guessed + sums->execution_us % n * n_guessed / n;
    add(adviser, (TpsAdvice){.kind = TPS_ADVICE_MEASURE,
                             .suite = sums->name,
                             .from = sums->parts,
                             .to = sums->parts,
                             .n_testcases = (guint)n_guessed,
                             .guessed_us = guessed_us,
                             .gain_us = guessed_us / adviser->plan->size});
}

static int heaviest_first(const void *a, const void *b)
{
    const TpsSuiteSums *one = a, *two = b;

    if (one->heaviest_us != two->heaviest_us)
        return one->heaviest_us > two->heaviest_us ? -1 : 1;
    return strcmp(one->name, two->name);
}

static int best_first(const void *a, const void *b)
{
    const TpsAdvice *one = a, *two = b;

    if (one->gain_us != two->gain_us)
        return one->gain_us > two->gain_us ? -1 : 1;
    return one->kind != two->kind ? (int)one->kind - (int)two->kind
                                  : g_strcmp0(one->suite, two->suite);
}

GArray *tps_advise(const TpsPlan *plan, const GArray *all, TpsTimes *times)
{
    g_autoptr(GArray) sums = g_array_copy((GArray *)all);
    Adviser adviser = {.plan = plan,
                       .times = times,
                       .now_us = MIN(plan->makespan_us, tps_scenario_size(plan, plan->size)),
                       .noise_us = tps_noise_us(plan),
                       .advice = g_array_new(FALSE, FALSE, sizeof(TpsAdvice))};

    advise_workers(&adviser);
    g_array_sort(sums, heaviest_first);
    for (guint i = 0; i < sums->len; i++) {
        const TpsSuiteSums *suite = &g_array_index(sums, TpsSuiteSums, i);
        const TpsPlanSuite *summary = tps_plan_find_suite(plan, suite->name);

        advise_measure(&adviser, suite, summary);
        if (i >= TPS_SUITES_TRIED)
            continue;
        advise_split(&adviser, suite, summary);
        advise_setup(&adviser, suite);
    }
    g_array_sort(adviser.advice, best_first);
    return adviser.advice;
}
