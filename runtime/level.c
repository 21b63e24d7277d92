/* SPDX-License-Identifier: MIT */
#include "runtime/level.h"

#include <glib.h>
#include <stdbool.h>

#define PERCENT_OF_NEWEST 70
#define ABSURD (4 * TPS_LOG2_ONE) /* 16 times */
#define SPEED_MIN_US INT64_C(10000)
#define SPEED_PRIOR 10                  /* testcases */
#define SPREAD_PRIOR 3                  /* samples */
#define SPREAD_USUAL (TPS_LOG2_ONE / 4) /* where nothing was measured twice */

/* A testcase on its way through the runs; times and logarithms are those at reference speed. */
typedef struct {
    int64_t newest_us;
    int64_t mean_us;
    int64_t missed; /* sum of |log - level before|, of n - 1 samples */
    int32_t level;
    int32_t before; /* the logarithms of the last sample but one ... */
    int32_t newest; /* ... and of the last */
    uint32_t n;
} State;

typedef struct {
    uint32_t item;
    int64_t us;
} Entry;

/* The samples in the order of their runs, and where each run begins. */
typedef struct {
    Entry *entry;
    size_t *first; /* [n_runs + 1] */
} Runs;

static int32_t middle(int32_t a, int32_t b, int32_t c)
{
    return MAX(MIN(a, b), MIN(MAX(a, b), c));
}

static void swap(int32_t *a, int32_t *b)
{
    const int32_t kept = *a;

    *a = *b;
    *b = kept;
}

/* The element that would be at `k` if they were sorted (Hoare 1961); they change places. */
static int32_t select_kth(int32_t *value, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;

    while (low < high) {
        const int32_t pivot = middle(value[low], value[low + (high - low) / 2], value[high]);
        size_t i = low, j = high;

        for (;; i++, j--) {
            while (value[i] < pivot)
                i++;
            while (value[j] > pivot)
                j--;
            if (i >= j)
                break;
            swap(&value[i], &value[j]);
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
    return value[k];
}

static int32_t median(int32_t *value, size_t n)
{
    const int64_t lower = select_kth(value, n, (n - 1) / 2);

    return (int32_t)((lower + select_kth(value, n, n / 2)) / 2);
}

/* A few testcases are drawn towards nothing in common; for what is absurd a few are not enough. */
static int64_t speed_beyond(int32_t *ratio, size_t n, int64_t ordinary)
{
    const int64_t common = median(ratio, n) - ordinary;

    if (ABS(common) > ABSURD && n < SPEED_PRIOR)
        return 0;
    return common * (int64_t)n / ((int64_t)n + SPEED_PRIOR);
}

/* log2 of how much slower than the reference a run was. */
static int64_t speed_of(const Entry *entry, size_t n, const State *state, int64_t ordinary)
{
    const int32_t least = tps_level_log(SPEED_MIN_US);
    g_autofree int32_t *ratio = g_new(int32_t, n);
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        const State *of = &state[entry[i].item];

        if (of->n > 0 && of->level >= least && entry[i].us >= SPEED_MIN_US)
            ratio[m++] = tps_level_log(entry[i].us) - of->level;
    }
    return m > 0 ? ordinary + speed_beyond(ratio, m, ordinary) : ordinary;
}

/* One step of an exponentially weighted mean. The difference of two times >= 0 is none too large.
 */
static int64_t towards(int64_t old, int64_t seen)
{
    const int64_t step = seen - old;

    return old + step / 100 * PERCENT_OF_NEWEST + step % 100 * PERCENT_OF_NEWEST / 100;
}

static void restart(State *state, int64_t us, int32_t log)
{
    state->mean_us = us;
    state->level = log;
}

/*
 * What is believed of a sample: itself, or what lies in the middle of it and the two before. Of a
 * zero and another sample the other, for zero is what a clock that did not tick says.
 */
static int32_t believed(const State *state, int64_t us, int32_t log)
{
    int32_t mid;

    if (state->n == 1)
        return us == 0 ? state->newest : log;
    mid = middle(state->before, state->newest, log);
    return ABS((int64_t)log - mid) > ABSURD ? mid : log;
}

static void follow(State *state, int64_t us, int32_t log)
{
    const int32_t seen = believed(state, us, log);
    const int64_t seen_us = seen == log ? us : tps_level_time(seen);
    const bool first_was_zero = state->n == 1 && state->newest_us == 0;

    state->missed += ABS((int64_t)log - state->level);
    if (first_was_zero || (state->n > 1 && ABS((int64_t)seen - state->level) > ABSURD))
        restart(state, seen_us, seen);
    if (state->n > 1 && ABS((int64_t)seen - tps_level_log(state->mean_us)) > ABSURD)
        state->mean_us = seen_us;
    state->level = (int32_t)towards(state->level, seen);
    state->mean_us = towards(state->mean_us, seen_us);
}

/* A run's speed is taken out of its samples. */
static void take(State *state, int64_t us, int64_t speed)
{
    const int64_t level_us = tps_times_exp2(us, -speed);
    const int32_t log = tps_level_log(level_us);

    if (state->n == 0)
        restart(state, level_us, log);
    else
        follow(state, level_us, log);
    state->before = state->newest;
    state->newest = log;
    state->newest_us = level_us;
    state->n++;
}

/* Bucket sort. */
static Runs sort_by_run(const TpsPredictCase *const *cases, size_t n, uint32_t n_runs)
{
    Runs runs = {NULL, g_new0(size_t, (size_t)n_runs + 2)};

    for (size_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < cases[i]->n_samples; j++)
            runs.first[cases[i]->samples[j].run + 2]++;
    for (uint32_t run = 1; run <= n_runs; run++)
        runs.first[run + 1] += runs.first[run];
    runs.entry = g_new(Entry, runs.first[n_runs + 1]);
    for (size_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < cases[i]->n_samples; j++) {
            const TpsSample *sample = &cases[i]->samples[j];

            runs.entry[runs.first[sample->run + 1]++] = (Entry){(uint32_t)i, sample->us};
        }
    return runs;
}

/* Walk through the runs; returns log2 of the ordinary speed. */
static int64_t walk(const Runs *runs, uint32_t n_runs, State *state)
{
    int64_t ordinary = 0;

    for (uint32_t run = 0; run < n_runs; run++) {
        const Entry *entry = runs->entry + runs->first[run];
        const size_t n = runs->first[run + 1] - runs->first[run];
        const int64_t speed = n > 0 ? speed_of(entry, n, state, ordinary) : ordinary;

        for (size_t i = 0; i < n; i++)
            take(&state[entry[i].item], entry[i].us, speed);
        ordinary = towards(ordinary, speed);
    }
    return ordinary;
}

/* How far samples usually are from their levels before. */
static int64_t usual_spread(const State *state, size_t n)
{
    int64_t missed = 0, n_missed = 0;

    for (size_t i = 0; i < n; i++)
        if (state[i].n > 1) {
            missed = tps_add_sat(missed, state[i].missed);
            n_missed += state[i].n - 1;
        }
    return n_missed > 0 ? missed / n_missed : SPREAD_USUAL;
}

static TpsLevel finish(const State *state, uint32_t run, int64_t ordinary, int64_t usual)
{
    const int64_t typical_us = tps_level_add(state->newest_us, state->level - state->newest);

    return (TpsLevel){
        .point_us = MAX(tps_times_exp2(typical_us, ordinary), 1),
        .mean_us = MAX(tps_times_exp2(state->mean_us, ordinary), 1),
        .spread = (int32_t)((state->missed + SPREAD_PRIOR * usual) / (state->n - 1 + SPREAD_PRIOR)),
        .run = run,
    };
}

/* Nothing was measured twice: there is nothing to compare runs by. */
static bool take_singles(const TpsPredictCase *const *cases, size_t n, TpsLevel *level)
{
    for (size_t i = 0; i < n; i++)
        if (cases[i]->n_samples > 1)
            return false;
    for (size_t i = 0; i < n; i++)
        if (cases[i]->n_samples == 1) {
            const TpsSample *sample = cases[i]->samples;
            const int64_t us = MAX(sample->us, 1);

            level[i] = (TpsLevel){us, us, SPREAD_USUAL, sample->run};
        }
    return true;
}

static void compare_runs(const TpsPredictCase *const *cases, size_t n, uint32_t n_runs,
                         TpsLevel *level)
{
    g_autofree State *state = g_new0(State, n);
    Runs runs = sort_by_run(cases, n, n_runs);
    const int64_t ordinary = walk(&runs, n_runs, state);
    const int64_t usual = usual_spread(state, n);

    for (size_t i = 0; i < n; i++)
        if (state[i].n > 0)
            level[i] = finish(&state[i], cases[i]->samples[state[i].n - 1].run, ordinary, usual);
    g_free(runs.entry);
    g_free(runs.first);
}

void tps_levels(const TpsPredictCase *const *cases, size_t n, uint32_t n_runs, TpsLevel *level)
{
    if (!take_singles(cases, n, level))
        compare_runs(cases, n, n_runs, level);
}
