/* SPDX-License-Identifier: MIT */
#include "scheduler/pool_size.h"
#include "scheduler/promise.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>
#include <stdbool.h>

#define N_RANDOM 2000
#define MAX_PAST 100

static const TpsPast nothing = {0};

/* What the header says of a project without a past; whoever changes the prior changes this. */
static const struct {
    int confidence_ppm;
    int64_t factor_ppm;
} prior_factors[] = {{500000, 1015000}, {800000, 1117000}, {900000, 1212000}, {950000, 1615000}};

START_TEST(without_a_past_the_prior_speaks)
{
    const int64_t factor = prior_factors[_i].factor_ppm;
    const int confidence = prior_factors[_i].confidence_ppm;

    ck_assert_int_eq(tps_promise_factor(&nothing, confidence), factor);
    ck_assert_int_eq(tps_promise_probability(&nothing, 1000000, factor), confidence);
}
END_TEST

START_TEST(guessed_and_old_data_widen)
{
    const TpsPast guessed = {.guessed_ppm = 100000}, old = {.age_days = 70};
    const TpsPast fresh = {.age_days = 10}, ancient = {.age_days = 90};
    const TpsPast older = {.age_days = 900};

    /* 0.212 more than predicted, times 1 + 10 * 0.1, and times 1 + 60 / 30 */
    ck_assert_int_eq(tps_promise_factor(&guessed, 900000), 1424000);
    ck_assert_int_eq(tps_promise_factor(&old, 900000) / 100, 16359);
    ck_assert_int_eq(tps_promise_factor(&fresh, 900000), 1212000);
    ck_assert_int_eq(tps_promise_factor(&older, 900000), tps_promise_factor(&ancient, 900000));
}
END_TEST

START_TEST(a_steady_past_narrows)
{
    TpsPastRun past[MAX_PAST] = {{0}};
    int64_t before = tps_promise_factor(&nothing, 900000);

    for (size_t n = 0; n < MAX_PAST; n++)
        past[n] = (TpsPastRun){.ratio_ppm = 1010000};
    for (size_t n = 0; n <= MAX_PAST; n += 10) {
        const TpsPast evidence = {.runs = past, .n_runs = n};
        const int64_t now = tps_promise_factor(&evidence, 900000);

        ck_assert_int_le(now, before);
        before = now;
    }
    ck_assert_int_lt(before, 1050000);
    ck_assert_int_ge(before, 1010000);
}
END_TEST

/* Twenty runs that took half as long again, then as many as predicted: the newer count more. */
START_TEST(newer_outcomes_count_more)
{
    TpsPastRun improved[40] = {{0}}, worse[40] = {{0}};
    const TpsPast after = {.runs = improved, .n_runs = 40};
    const TpsPast before = {.runs = worse, .n_runs = 40};

    for (size_t i = 0; i < 40; i++) {
        improved[i].ratio_ppm = i < 20 ? 1500000 : 1000000;
        worse[i].ratio_ppm = i < 20 ? 1000000 : 1500000;
    }
    ck_assert_int_gt(tps_promise_probability(&after, 1000, 1200),
                     tps_promise_probability(&before, 1000, 1200) + 200000);
}
END_TEST

static int64_t some_ratio(GRand *rand)
{
    switch (g_rand_int_range(rand, 0, 10)) {
    case 0:
        return g_rand_int_range(rand, 0, 10000000);
    case 1:
        return g_rand_boolean(rand) ? 0 : INT64_MAX;
    default:
        return g_rand_int_range(rand, 800000, 1300000);
    }
}

static int64_t some_share(GRand *rand)
{
    return g_rand_int_range(rand, 0, 3) ? 0 : g_rand_int_range(rand, 0, 1000001);
}

static TpsPast some_evidence(GRand *rand, TpsPastRun *past)
{
    const size_t n = (size_t)g_rand_int_range(rand, 0, MAX_PAST + 1);

    for (size_t i = 0; i < n; i++)
        past[i] = (TpsPastRun){some_ratio(rand), some_share(rand), g_rand_int_range(rand, 0, 200)};
    return (TpsPast){past, n, some_share(rand), g_rand_int_range(rand, 0, 200)};
}

static int some_confidence(GRand *rand)
{
    return g_rand_int_range(rand, 0, 10) ? g_rand_int_range(rand, 1, 1000000)
                                         : g_rand_int_range(rand, 999000, 1000000);
}

/* Stretched by the factor it is kept with that probability; by less it is not. */
START_TEST(factor_and_probability_are_inverse)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(90);
    TpsPastRun past[MAX_PAST];

    for (int round = 0; round < N_RANDOM; round++) {
        const TpsPast evidence = some_evidence(rand, past);
        const int confidence = some_confidence(rand);
        const int64_t factor = tps_promise_factor(&evidence, confidence);
        const int64_t makespan = g_rand_int_range(rand, 1, 1000000) * INT64_C(1000000);

        ck_assert_int_gt(factor, 0);
        ck_assert_int_ge(tps_promise_probability(&evidence, makespan, makespan / 1000000 * factor),
                         confidence);
        if (factor > 1)
            ck_assert_int_lt(
                tps_promise_probability(&evidence, makespan, makespan / 1000000 * (factor - 1)),
                confidence);
    }
}
END_TEST

START_TEST(nothing_is_certain)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    const int64_t times[] = {INT64_MIN, -1, 0, 1, 1000000, INT64_MAX};
    TpsPastRun past[MAX_PAST];

    for (int round = 0; round < N_RANDOM; round++) {
        const TpsPast evidence = some_evidence(rand, past);
        const int64_t makespan = times[2 + round % 4], target = times[round / 4 % 6];
        const int probability = tps_promise_probability(&evidence, makespan, target);

        ck_assert_int_gt(probability, 0);
        ck_assert_int_lt(probability, 1000000);
        ck_assert_int_gt(tps_promise_factor(&evidence, round % 2 ? 2000000 : -1), 0);
    }
}
END_TEST

START_TEST(more_time_more_probable)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    TpsPastRun past[MAX_PAST];

    for (int round = 0; round < N_RANDOM; round++) {
        const TpsPast evidence = some_evidence(rand, past);
        const int64_t makespan = g_rand_int_range(rand, 0, 2000000), more = makespan + round;
        const int64_t target = g_rand_int_range(rand, 0, 2000000);
        const int confidence = some_confidence(rand);

        ck_assert_int_le(tps_promise_probability(&evidence, makespan, target),
                         tps_promise_probability(&evidence, makespan, target + round));
        ck_assert_int_ge(tps_promise_probability(&evidence, makespan, target),
                         tps_promise_probability(&evidence, more, target));
        ck_assert_int_le(tps_promise_factor(&evidence, confidence / 2),
                         tps_promise_factor(&evidence, confidence));
    }
}
END_TEST

/* Of two evidences, `worse` never promises more, nor at a smaller factor. */
static void assert_worse(const TpsPast *evidence, const TpsPast *worse, GRand *rand)
{
    const int confidence = some_confidence(rand);
    const int64_t target = g_rand_int_range(rand, 500000, 3000000);

    ck_assert_int_ge(tps_promise_probability(evidence, 1000000, target),
                     tps_promise_probability(worse, 1000000, target));
    ck_assert_int_le(tps_promise_factor(evidence, confidence),
                     tps_promise_factor(worse, confidence));
}

START_TEST(worse_evidence_promises_no_more)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    TpsPastRun past[MAX_PAST];

    for (int round = 0; round < N_RANDOM; round++) {
        const TpsPast evidence = some_evidence(rand, past);
        TpsPast worse = evidence;
        g_autofree TpsPastRun *longer = g_memdup2(past, sizeof past);

        worse.guessed_ppm += g_rand_int_range(rand, 0, 1000000);
        assert_worse(&evidence, &worse, rand);
        worse.age_days += g_rand_int_range(rand, 0, 100);
        assert_worse(&evidence, &worse, rand);
        if (worse.n_runs == 0)
            continue;
        worse.runs = longer;
        longer[(size_t)round % worse.n_runs].ratio_ppm = INT64_MAX;
        assert_worse(&evidence, &worse, rand);
    }
}
END_TEST

/* A run of a project whose runs are all alike: up to 1.1 mostly, seldom up to 2. */
static TpsPastRun draw_outcome(GRand *rand)
{
    const bool is_slow = g_rand_int_range(rand, 0, 8) == 0;

    return (TpsPastRun){.ratio_ppm = g_rand_int_range(rand, 900000, is_slow ? 2000000 : 1100000)};
}

/* What is promised at a probability is kept as often, by a project that is nothing like the prior.
 */
START_TEST(promises_are_kept)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    const int confidences[] = {500000, 800000, 900000, 950000};
    int kept[G_N_ELEMENTS(confidences)] = {0};
    TpsPastRun past[40];

    for (int round = 0; round < N_RANDOM; round++) {
        const TpsPast evidence = {.runs = past, .n_runs = G_N_ELEMENTS(past)};
        const int64_t next_ppm = draw_outcome(rand).ratio_ppm;

        for (size_t i = 0; i < G_N_ELEMENTS(past); i++)
            past[i] = draw_outcome(rand);
        for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
            kept[i] += next_ppm <= tps_promise_factor(&evidence, confidences[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        const int share_ppm = kept[i] * (1000000 / N_RANDOM);

        ck_assert_int_ge(share_ppm, confidences[i] - 30000);
        ck_assert_int_le(share_ppm, confidences[i] + 70000);
    }
}
END_TEST

/* Every size below is promised with less. */
START_TEST(pool_is_the_smallest_that_keeps_the_promise)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(4);
    TpsPastRun past[MAX_PAST];

    for (int round = 0; round < N_RANDOM; round++) {
        const TpsPast evidence = some_evidence(rand, past);
        const int confidence = some_confidence(rand);
        const size_t n = (size_t)g_rand_int_range(rand, 1, 40);
        int64_t weight[40], target;
        int size = 1, best = 0, best_size = 1;

        instance_draw(rand, weight, n);
        qsort(weight, n, sizeof *weight, descending);
        target = 1 + weight[0] + g_rand_int_range(rand, 0, 3000);
        for (; size <= 40 && best < confidence; size++) {
            const int64_t end = tps_pool_simulate(weight, n, size, NULL, NULL, NULL);
            const int probability = tps_promise_probability(&evidence, end, target);

            if (probability > best) {
                best = probability;
                best_size = size;
            }
        }
        if (best >= confidence)
            ck_assert_int_eq(tps_promise_pool_size(&evidence, confidence, weight, n, target, 40),
                             best_size);
        else
            ck_assert_int_ge(tps_promise_pool_size(&evidence, confidence, weight, n, target, 40),
                             best_size);
    }
}
END_TEST

/* One worker less than promised only where that is nearer, and never more. */
START_TEST(nearest_pool_is_nearest)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(6);
    TpsPastRun past[MAX_PAST];
    int n_less = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        const TpsPast evidence = some_evidence(rand, past);
        const int confidence = some_confidence(rand);
        const size_t n = (size_t)g_rand_int_range(rand, 1, 40);
        int64_t weight[40], target;
        int distance[41] = {0}, size, nearest;

        instance_draw(rand, weight, n);
        qsort(weight, n, sizeof *weight, descending);
        target = 1 + weight[0] + g_rand_int_range(rand, 0, 3000);
        size = tps_promise_pool_size(&evidence, confidence, weight, n, target, 40);
        nearest = tps_promise_pool_size_nearest(&evidence, confidence, weight, n, target, 40);
        for (int i = MAX(size - 1, 1); i <= size; i++)
            distance[i] =
                abs(confidence -
                    tps_promise_probability(
                        &evidence, tps_pool_simulate(weight, n, i, NULL, NULL, NULL), target));
        ck_assert(nearest == size || nearest == size - 1);
        ck_assert_int_le(distance[nearest], distance[size]);
        ck_assert(nearest < size || size == 1 || distance[size] <= distance[size - 1]);
        n_less += nearest < size;
    }
    ck_assert_int_gt(n_less, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("promise");
    TCase *tcase = tcase_create("promise");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, without_a_past_the_prior_speaks, 0, G_N_ELEMENTS(prior_factors));
    tcase_add_test(tcase, guessed_and_old_data_widen);
    tcase_add_test(tcase, a_steady_past_narrows);
    tcase_add_test(tcase, newer_outcomes_count_more);
    tcase_add_test(tcase, factor_and_probability_are_inverse);
    tcase_add_test(tcase, nothing_is_certain);
    tcase_add_test(tcase, more_time_more_probable);
    tcase_add_test(tcase, worse_evidence_promises_no_more);
    tcase_add_test(tcase, promises_are_kept);
    tcase_add_test(tcase, pool_is_the_smallest_that_keeps_the_promise);
    tcase_add_test(tcase, nearest_pool_is_nearest);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
