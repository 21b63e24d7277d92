/* SPDX-License-Identifier: MIT */
#include "bench/plan_judge.h"

#include "bench/replay_limit.h"
#include "bench/replay_run.h"

#include "core/duration.h"
#include "partition/autopart.h"
#include "partition/partition.h"
#include "scheduler/planner.h"
#include "scheduler/pool_size.h"

#include <math.h>
#include <stdlib.h>

#define MAX_SIZE (1 << PLAN_N_POOLS)
#define ROUNDS 5
#define PROMISE_PPM 900000
#define PAST_WORKERS 8 /* the pool by which earlier predictions are judged */

const PlanTool plan_tools[PLAN_N_TOOLS] = {
    {"tpsched run --confidence 0.9", plan_deal_tpsched, PLAN_SIZE_PROMISED, true, true, true, true},
    {"tpsched run", plan_deal_tpsched, PLAN_SIZE_EXPECTED, true, true, true, true},
    {"tpsched run --shard K/N", plan_deal_tpsched, PLAN_SIZE_FITS, true, false, true, false},
    {"longest first", plan_deal_longest_first, PLAN_SIZE_FITS, false, false, false, false},
    {"chunks in order", plan_deal_chunks, PLAN_SIZE_FITS, false, false, false, false},
    {"round robin by count", plan_deal_round_robin, PLAN_SIZE_MEAN, false, false, false, false},
    {"chunks by count", plan_deal_equal_chunks, PLAN_SIZE_MEAN, false, false, false, false},
    {"Testplan", plan_deal_round_robin, PLAN_SIZE_TESTPLAN, false, true, false, false},
};

static const int64_t targets_s[] = {30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600};

static const struct {
    int64_t setup_s, limit_s;
} limits[] = {{5, 60},   {5, 300},   {30, 120},  {30, 300},
              {30, 600}, {120, 300}, {120, 600}, {120, 1800}};

/* A run with its items in the order of the listing, as tools see them. */
typedef struct {
    const ReplayRun *run;
    size_t *place; /* [n] where the run, heaviest first, has them */
    int64_t *expected_us, *last_us, *real_us;
    int64_t *sorted_us; /* what they really took, longest first */
    int64_t sum_us;     /* the same, all of them */
    TpsPast past;
    int *part; /* [n] room for a deal */
} Case;

static int compare_listed(const void *a, const void *b, void *run)
{
    const uint32_t *listed = ((const ReplayRun *)run)->listed;
    const uint32_t one = listed[*(const size_t *)a], two = listed[*(const size_t *)b];

    return (one > two) - (one < two);
}

static int64_t *in_order(const Case *c, const int64_t *us)
{
    int64_t *ordered = g_new(int64_t, c->run->n);

    for (size_t i = 0; i < c->run->n; i++)
        ordered[i] = us[c->place[i]];
    return ordered;
}

static void case_init(Case *c, const ReplayRun *run, const TpsPastRun *past, size_t n_past)
{
    *c = (Case){.run = run,
                .place = g_new(size_t, run->n),
                .sorted_us = replay_longest_first(run->real_us, run->n),
                .past = {past, n_past, run->guessed_ppm, run->age_days},
                .part = g_new(int, run->n)};
    for (size_t i = 0; i < run->n; i++) {
        c->place[i] = i;
        c->sum_us += run->real_us[i];
    }
    g_qsort_with_data(c->place, (gint)run->n, sizeof *c->place, compare_listed, (gpointer)run);
    c->expected_us = in_order(c, run->expected_us);
    c->last_us = in_order(c, run->last_us);
    c->real_us = in_order(c, run->real_us);
}

static void case_clear(Case *c)
{
    g_free(c->place);
    g_free(c->sorted_us);
    g_free(c->expected_us);
    g_free(c->last_us);
    g_free(c->real_us);
    g_free(c->part);
}

static const int64_t *believed(const Case *c, const PlanTool *tool)
{
    return tool->predicts ? c->expected_us : c->last_us;
}

/* Dealt by `us`, and what the longest part then takes by `real_us`. */
static int64_t dealt(const Case *c, const PlanTool *tool, const int64_t *us, const int64_t *real_us,
                     int n_workers)
{
    tool->deal(us, c->run->n, n_workers, c->part);
    return tps_partition_makespan(real_us, c->part, c->run->n, n_workers);
}

/* A suite in so many parts: Testplan's are fixed, whoever takes them. */
static int64_t real_makespan(const Case *c, const PlanTool *tool, int n_workers)
{
    if (tool->pulls && tool->predicts)
        return tps_pool_simulate(c->run->real_us, c->run->n, n_workers, NULL, NULL, NULL);
    return dealt(c, tool, believed(c, tool), c->real_us, n_workers);
}

/* Leaves the real times dealt. The best of a few: other work on the machine only adds. */
static double seconds_to_deal(const Case *c, const PlanTool *tool, int n_workers)
{
    int64_t least_us = INT64_MAX;

    for (int round = 0; round < ROUNDS; round++) {
        const int64_t start = g_get_monotonic_time();

        tool->deal(c->real_us, c->run->n, n_workers, c->part);
        least_us = MIN(least_us, g_get_monotonic_time() - start);
    }
    return (double)least_us / 1e6;
}

static void judge_makespan(const Case *c, const PlanTool *tool, int pool, PlanScore *score)
{
    const int n_workers = 2 << pool;
    const double bound_us = (double)tps_makespan_lower_bound(c->sorted_us, c->run->n, n_workers);
    double ratio;

    score->seconds += seconds_to_deal(c, tool, n_workers);
    ratio = (double)tps_partition_makespan(c->real_us, c->part, c->run->n, n_workers) / bound_us;
    score->n_known++;
    score->known += log(ratio);
    score->known_worst = MAX(score->known_worst, ratio);
    score->n_real[pool]++;
    score->real[pool] += log((double)real_makespan(c, tool, n_workers) / bound_us);
}

/* Where the longest item takes as long as the mean worker, there is nothing to plan. */
static void judge_makespans(const Case *c, PlanScore *score)
{
    for (int pool = 0; pool < PLAN_N_POOLS; pool++)
        if (c->sorted_us[0] < c->sum_us / (2 << pool))
            for (int t = 0; t < PLAN_N_TOOLS; t++)
                judge_makespan(c, &plan_tools[t], pool, &score[t]);
}

static int size_by_mean(const int64_t *us, size_t n, int64_t target_us)
{
    int64_t sum_us = 0;

    for (size_t i = 0; i < n; i++)
        sum_us += us[i];
    return (int)MAX((sum_us + target_us - 1) / target_us, 1);
}

static int size_that_fits(const Case *c, const PlanTool *tool, int64_t target_us)
{
    const int64_t *us = believed(c, tool);
    int size = size_by_mean(us, c->run->n, target_us);

    while (size < MAX_SIZE && dealt(c, tool, us, us, size) > target_us)
        size++;
    return MIN(size, MAX_SIZE);
}

static int emptiest(const int64_t *load_s, int n)
{
    int least = 0;

    for (int i = 1; i < n; i++)
        if (load_s[i] < load_s[least])
            least = i;
    return least;
}

static int size_of_testplan(const Case *c, int64_t target_us)
{
    g_autofree int64_t *load_s = g_new0(int64_t, c->run->n + 1);
    const int64_t target_s = target_us / TPS_SECOND_US;
    int size = 1;

    for (size_t i = 0; i < c->run->n; i++) {
        const int64_t s = (c->run->last_us[i] + TPS_SECOND_US - 1) / TPS_SECOND_US;
        const int least = emptiest(load_s, size);

        if (c->run->guessed[i])
            load_s[size++] = target_s;
        else if (load_s[least] + s <= target_s)
            load_s[least] += s;
        else
            load_s[size++] = s;
    }
    return size;
}

static int size_of(const Case *c, const PlanTool *tool, int64_t target_us)
{
    const ReplayRun *run = c->run;

    switch (tool->size) {
    case PLAN_SIZE_MEAN:
        return size_by_mean(c->last_us, run->n, target_us);
    case PLAN_SIZE_FITS:
        return size_that_fits(c, tool, target_us);
    case PLAN_SIZE_TESTPLAN:
        return size_of_testplan(c, target_us);
    case PLAN_SIZE_EXPECTED:
        return tps_pool_size(run->expected_us, run->n, target_us, MAX_SIZE);
    case PLAN_SIZE_PROMISED:
        return tps_promise_pool_size(&c->past, PROMISE_PPM, run->expected_us, run->n, target_us,
                                     MAX_SIZE);
    }
    return 1;
}

/* Each item a task: then Testplan's workers pull as well. */
static int64_t makespan_in_pool(const Case *c, const PlanTool *tool, int size)
{
    if (tool->pulls)
        return tps_pool_simulate(c->run->real_us, c->run->n, size, NULL, NULL, NULL);
    return real_makespan(c, tool, size);
}

static void judge_pools(const Case *c, int64_t target_us, PlanScore *score)
{
    const int best = tps_pool_size(c->sorted_us, c->run->n, target_us, MAX_SIZE);

    for (int t = 0; t < PLAN_N_TOOLS; t++) {
        const int size = size_of(c, &plan_tools[t], target_us);

        score[t].n_pools++;
        score[t].size += log((double)size / best);
        score[t].kept += makespan_in_pool(c, &plan_tools[t], size) <= target_us;
    }
}

static int64_t pulled(const int64_t *us, size_t n, int size)
{
    return tps_pool_simulate(us, n, size, NULL, NULL, NULL);
}

/* Where 2 to 64 workers are expected to be right, and some really were. */
static bool is_asked(const Case *c, int64_t target_us)
{
    const ReplayRun *run = c->run;

    return run->expected_us[0] <= target_us && c->sorted_us[0] <= target_us &&
           pulled(run->expected_us, run->n, 1) > target_us &&
           pulled(run->expected_us, run->n, MAX_SIZE) <= target_us &&
           pulled(c->sorted_us, run->n, MAX_SIZE) <= target_us;
}

/* In as many parts as the believed time asks for, or as the planner does; heaviest first. */
static int split(const Case *c, const PlanTool *tool, const ReplayLimit *limit, int *part_of)
{
    const int64_t room_us = limit->limit_us - limit->setup_us;
    const size_t n = c->run->n;
    int n_parts;

    if (tool->autoparts)
        return tps_autopart(c->run->expected_us, n, limit->setup_us,
                            limit->limit_us / 100 * TPS_LIMIT_FILL_PERCENT, part_of)
            .n_parts;
    n_parts = MIN(size_by_mean(c->last_us, n, room_us), (int)n);
    tool->deal(c->last_us, n, n_parts, c->part);
    for (size_t i = 0; i < n; i++)
        part_of[c->place[i]] = c->part[i];
    return n_parts;
}

static void judge_limit(const Case *c, const ReplayLimit *limit, PlanScore *score)
{
    const ReplayContent content = {c->run->n, c->run->expected_us, c->run->real_us, NULL};
    g_autofree int *part_of = g_new(int, content.n);

    for (int t = 0; t < PLAN_N_TOOLS; t++) {
        const int n_parts = split(c, &plan_tools[t], limit, part_of);
        ReplayTally tally = {0};

        for (int part = 0; part < n_parts; part++)
            replay_run_part(&content, part_of, part, limit, plan_tools[t].gives_back, &tally);
        score[t].n_parts += tally.parts;
        score[t].n_over += tally.avoidable;
    }
}

static void judge_limits(const Case *c, PlanScore *score)
{
    for (size_t l = 0; l < G_N_ELEMENTS(limits); l++) {
        const ReplayLimit limit = {limits[l].setup_s * TPS_SECOND_US,
                                   limits[l].limit_s * TPS_SECOND_US};

        if (pulled(c->run->expected_us, c->run->n, 1) > limit.limit_us - limit.setup_us)
            judge_limit(c, &limit, score);
    }
}

static TpsPastRun outcome_of(const ReplayRun *run)
{
    const int64_t predicted_us = pulled(run->expected_us, run->n, PAST_WORKERS);
    const int64_t real_us = pulled(run->real_us, run->n, PAST_WORKERS);

    return (TpsPastRun){real_us * 1000000 / MAX(predicted_us, 1), run->guessed_ppm, run->age_days};
}

void plan_judge(const ReplayHistory *history, PlanScore score[PLAN_N_TOOLS])
{
    g_autoptr(GPtrArray) runs = replay_runs(history, false);
    g_autofree TpsPastRun *past = g_new(TpsPastRun, runs->len);

    for (guint i = 0; i < runs->len; i++) {
        const ReplayRun *run = g_ptr_array_index(runs, i);
        Case c;

        case_init(&c, run, past, i);
        judge_makespans(&c, score);
        for (size_t t = 0; t < G_N_ELEMENTS(targets_s); t++)
            if (is_asked(&c, targets_s[t] * TPS_SECOND_US))
                judge_pools(&c, targets_s[t] * TPS_SECOND_US, score);
        judge_limits(&c, score);
        case_clear(&c);
        past[i] = outcome_of(run);
    }
}

double plan_real_mean(const PlanScore *score)
{
    double n = 0, sum = 0;

    for (int pool = 0; pool < PLAN_N_POOLS; pool++) {
        n += score->n_real[pool];
        sum += score->real[pool];
    }
    return n > 0 ? exp(sum / n) : 0;
}
