/* SPDX-License-Identifier: MIT */
#include "scheduler/promise.h"

#include "scheduler/pool_size.h"

#include <glib.h>

__extension__ typedef __int128 Wide;

#define PPM INT64_C(1000000)

/*
 * An outcome further off than this says no more. The search for a factor goes so far that the
 * widest plan can reach the furthest outcome of a narrow one, and the end of the prior.
 */
#define MAX_OUTCOME_PPM (20 * PPM)
#define MAX_RATIO_PPM (1000 * PPM)

/* Chosen by replays of the projects of the tuning half: see docs/planning.md. */
#define PRIOR_WEIGHT (4 * PPM)   /* in outcomes */
#define DECAY_PERCENT 97         /* what an outcome weighs of the next newer one */
#define MAX_OUTCOMES 100         /* an older one weighs less than 0.05 */
#define WIDTH_GUESSED 10         /* times the guessed share */
#define WIDTH_DAY_PPM (PPM / 30) /* per day of age, */
#define FRESH_DAYS 10            /* after these, */
#define STALE_DAYS 90            /* until these */

typedef struct {
    int64_t probability_ppm;
    int64_t distance_ppm; /* real / predicted - 1, in widths */
} Knot;

/* The prior: distances pooled over projects, each run alike, and straight lines between. */
static const Knot prior[] = {
    {0, -1000000},    {50000, -325000}, {100000, -144000}, {200000, -50000},
    {300000, -18000}, {400000, 5000},   {500000, 15000},   {600000, 31000},
    {700000, 62000},  {800000, 117000}, {850000, 160000},  {900000, 212000},
    {950000, 615000}, {975000, 906000}, {990000, 4254000}, {1000000, 9000000},
};

static int64_t width_ppm(int64_t guessed_ppm, int64_t age_days)
{
    const int64_t stale = CLAMP(age_days, FRESH_DAYS, STALE_DAYS) - FRESH_DAYS;

    return PPM + WIDTH_GUESSED * CLAMP(guessed_ppm, 0, PPM) + WIDTH_DAY_PPM * stale;
}

/* Only what takes longer than predicted is scaled: else less past would promise more of it. */
static int64_t distance_ppm(int64_t ratio_ppm, int64_t width)
{
    const int64_t over = MAX(ratio_ppm, 0) - PPM;

    return over <= 0 ? over : over * PPM / width;
}

int64_t tps_promise_distance(const TpsPastRun *outcome)
{
    return distance_ppm(MIN(outcome->ratio_ppm, MAX_OUTCOME_PPM),
                        width_ppm(outcome->guessed_ppm, outcome->age_days));
}

/* How much of the prior is at or below `distance`. */
static int64_t prior_below(int64_t distance)
{
    const Knot *k = prior;

    if (distance <= prior[0].distance_ppm)
        return 0;
    if (distance >= prior[G_N_ELEMENTS(prior) - 1].distance_ppm)
        return PPM;
    while (k[1].distance_ppm <= distance)
        k++;
    return k[0].probability_ppm + (k[1].probability_ppm - k[0].probability_ppm) *
                                      (distance - k[0].distance_ppm) /
                                      (k[1].distance_ppm - k[0].distance_ppm);
}

/* The share of prior and outcomes, by weight, that ended at or below `ratio_ppm`. */
static int probability_of(const TpsPast *past, int64_t ratio_ppm)
{
    const int64_t distance = distance_ppm(ratio_ppm, width_ppm(past->guessed_ppm, past->age_days));
    const size_t n = MIN(past->n_runs, MAX_OUTCOMES);
    int64_t below = PRIOR_WEIGHT / PPM * prior_below(distance);
    int64_t total = PRIOR_WEIGHT, weight = PPM;

    for (size_t i = 1; i <= n; i++, weight = weight * DECAY_PERCENT / 100) {
        if (tps_promise_distance(&past->runs[past->n_runs - i]) <= distance)
            below += weight;
        total += weight;
    }
    return (int)CLAMP(below * PPM / total, 1, PPM - 1);
}

int tps_promise_probability(const TpsPast *past, int64_t makespan_us, int64_t target_us)
{
    const Wide ratio = (Wide)MAX(target_us, 0) * PPM / MAX(makespan_us, 1);

    return probability_of(past, (int64_t)MIN(ratio, MAX_RATIO_PPM));
}

int64_t tps_promise_factor(const TpsPast *past, int confidence_ppm)
{
    const int confidence = CLAMP(confidence_ppm, 1, (int)PPM - 1);
    int64_t low = 1, high = MAX_RATIO_PPM;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;

        if (probability_of(past, middle) >= confidence)
            high = middle;
        else
            low = middle + 1;
    }
    return high;
}

int tps_promise_pool_size(const TpsPast *past, int confidence_ppm, const int64_t *weight_us,
                          size_t n, int64_t target_us, int max_size)
{
    const Wide makespan = (Wide)target_us * PPM / tps_promise_factor(past, confidence_ppm);

    if (n == 0)
        return 1;
    return tps_pool_size(weight_us, n, MAX((int64_t)MIN(makespan, INT64_MAX), weight_us[0]),
                         max_size);
}

static int probability_on(const TpsPast *past, const int64_t *weight_us, size_t n, int size,
                          int64_t target_us)
{
    const int64_t end_us = tps_pool_simulate(weight_us, n, size, NULL, NULL, NULL);

    return tps_promise_probability(past, end_us, target_us);
}

int tps_promise_pool_size_nearest(const TpsPast *past, int confidence_ppm, const int64_t *weight_us,
                                  size_t n, int64_t target_us, int max_size)
{
    const int size = tps_promise_pool_size(past, confidence_ppm, weight_us, n, target_us, max_size);
    int more, less;

    if (size == 1)
        return size;
    more = probability_on(past, weight_us, n, size, target_us);
    less = probability_on(past, weight_us, n, size - 1, target_us);
    return confidence_ppm - less < more - confidence_ppm ? size - 1 : size;
}
