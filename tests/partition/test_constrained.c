/* SPDX-License-Identifier: MIT */
#include "partition/constrained.h"
#include "partition/partition.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define N_RANDOM 3000
#define N_MAX 200

typedef struct {
    const char *name;
    int64_t cost_us[8];
    size_t n;
    int n_parts;
    uint64_t apart[8];
    int pin[8];
    TpsDeal deal;
    int64_t longest_us; /* when TPS_DEALT */
} Case;

#define FREE                                                                                       \
    {                                                                                              \
        -1, -1, -1, -1, -1, -1, -1, -1                                                             \
    }

static const Case cases[] = {
    {"nothing to deal", {0}, 0, 3, {0}, FREE, {.outcome = TPS_DEALT, .n_parts = 3}, 0},
    {"no constraints", {6, 5, 4, 3, 2}, 5, 2, {0}, FREE, {TPS_DEALT, .n_parts = 2}, 10},
    {"two apart", {5, 5, 1, 1}, 4, 2, {0, 0, 1, 1}, FREE, {TPS_DEALT, .n_parts = 2}, 6},
    {"the long ones pinned to one part",
     {5, 5, 1, 1},
     4,
     2,
     {0},
     {0, 0, -1, -1},
     {TPS_DEALT, .n_parts = 2},
     10},
    {"five of one set, four parts",
     {1, 1, 1, 1, 1, 1},
     6,
     4,
     {0, 4, 4, 4, 4, 4},
     FREE,
     {TPS_DEAL_SET_TOO_LARGE, .set = 2, .n_set = 5},
     0},
    {"pinned to one part and apart",
     {1, 1, 1},
     3,
     4,
     {1, 0, 3},
     {2, 2, 2},
     {TPS_DEAL_PINNED_TOGETHER, .item = 0, .other = 2},
     0},
    {"pinned to no part", {1, 1}, 2, 2, {0}, {-1, 2}, {TPS_DEAL_PIN_OUTSIDE, .item = 1}, 0},
    {"three by two sets each, two parts",
     {3, 2, 1},
     3,
     2,
     {3, 6, 5},
     FREE,
     {TPS_DEAL_IMPOSSIBLE, .item = 2},
     0},
    {"pins leave no part",
     {1, 1, 1},
     3,
     2,
     {1, 2, 3},
     {0, 1, -1},
     {TPS_DEAL_IMPOSSIBLE, .item = 2},
     0},
};

START_TEST(deals_as_expected)
{
    const Case *c = &cases[_i];
    const TpsConstrained problem = {c->cost_us, c->n, c->n_parts, c->apart, c->pin};
    int part[8];
    TpsDeal got = tps_partition_constrained(&problem, part);

    ck_assert_msg(got.outcome == c->deal.outcome, "%s: outcome %d", c->name, got.outcome);
    if (got.outcome == TPS_DEALT) {
        ck_assert_int_eq(got.n_parts, c->n_parts);
        ck_assert_int_eq(tps_partition_makespan(c->cost_us, part, c->n, c->n_parts), c->longest_us);
        return;
    }
    ck_assert_msg(got.item == c->deal.item && got.other == c->deal.other, "%s: %zu, %zu", c->name,
                  got.item, got.other);
    if (got.outcome == TPS_DEAL_SET_TOO_LARGE)
        ck_assert(got.set == c->deal.set && got.n_set == c->deal.n_set);
}
END_TEST

static void assert_kept(const TpsConstrained *problem, const int *part)
{
    g_autofree uint64_t *mask = g_new0(uint64_t, (gsize)problem->n_parts);

    for (size_t i = 0; i < problem->n; i++) {
        if (part[i] < 0 || part[i] >= problem->n_parts)
            ck_abort_msg("item %zu is in part %d", i, part[i]);
        if (problem->pin && problem->pin[i] >= 0 && part[i] != problem->pin[i])
            ck_abort_msg("item %zu is in part %d, not %d", i, part[i], problem->pin[i]);
        if (problem->apart && mask[part[i]] & problem->apart[i])
            ck_abort_msg("item %zu is not alone with its bits in part %d", i, part[i]);
        if (problem->apart)
            mask[part[i]] |= problem->apart[i];
    }
}

/* Without pins no part is empty that need not be. */
static void assert_none_empty(const TpsConstrained *problem, const int *part)
{
    g_autofree int *n_items = g_new0(int, (gsize)problem->n_parts);

    for (size_t i = 0; i < problem->n; i++)
        n_items[part[i]]++;
    for (int p = 0; p < problem->n_parts && problem->n >= (size_t)problem->n_parts; p++)
        ck_assert_int_gt(n_items[p], 0);
}

/* All n_parts^n ways, but those that break a constraint on the way; INT64_MAX when none is left. */
static void brute(const TpsConstrained *problem, size_t i, uint64_t *mask, int64_t *load_us,
                  int64_t *best)
{
    int64_t longest = 0;

    if (i == problem->n) {
        for (int p = 0; p < problem->n_parts; p++)
            longest = MAX(longest, load_us[p]);
        *best = MIN(*best, longest);
        return;
    }
    for (int p = 0; p < problem->n_parts; p++) {
        const uint64_t before = mask[p];

        if (before & problem->apart[i] || (problem->pin[i] >= 0 && problem->pin[i] != p))
            continue;
        mask[p] |= problem->apart[i];
        load_us[p] += problem->cost_us[i];
        brute(problem, i + 1, mask, load_us, best);
        load_us[p] -= problem->cost_us[i];
        mask[p] = before;
    }
}

static int64_t brute_best(const TpsConstrained *problem)
{
    uint64_t mask[16] = {0};
    int64_t load_us[16] = {0}, best = INT64_MAX;

    brute(problem, 0, mask, load_us, &best);
    return best;
}

static void draw(GRand *rand, TpsConstrained *problem, size_t n, int n_parts, int n_sets)
{
    static int64_t cost_us[N_MAX];
    static uint64_t apart[N_MAX];
    static int pin[N_MAX];

    instance_draw(rand, cost_us, n);
    for (size_t i = 0; i < n; i++) {
        const bool has_bits = n_sets > 0 && g_rand_boolean(rand);
        const uint64_t one = has_bits ? UINT64_C(1) << g_rand_int_range(rand, 0, n_sets) : 0;

        apart[i] = one;
        for (int more = 0; has_bits && more < 2; more++)
            apart[i] |= UINT64_C(1) << g_rand_int_range(rand, 0, n_sets);
        pin[i] = g_rand_int_range(rand, 0, 6) ? -1 : g_rand_int_range(rand, 0, n_parts);
    }
    *problem = (TpsConstrained){cost_us, n, n_parts, apart, pin};
}

START_TEST(small_problems_are_solved_best)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1979);
    int seen[TPS_DEAL_TOO_LONG + 1] = {0};

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 9);
        TpsConstrained problem;
        int part[8];
        TpsDeal got;

        draw(rand, &problem, n, g_rand_int_range(rand, 1, 5), g_rand_int_range(rand, 3, 10));
        got = tps_partition_constrained(&problem, part);
        seen[got.outcome]++;
        if (got.outcome != TPS_DEALT) {
            ck_assert_int_eq(brute_best(&problem), INT64_MAX);
            continue;
        }
        assert_kept(&problem, part);
        ck_assert_int_eq(tps_partition_makespan(problem.cost_us, part, n, problem.n_parts),
                         brute_best(&problem));
    }
    ck_assert_int_gt(seen[TPS_DEALT], 1000);
    ck_assert_int_gt(seen[TPS_DEAL_IMPOSSIBLE], 20);
    ck_assert_int_gt(seen[TPS_DEAL_SET_TOO_LARGE], 100);
    ck_assert_int_gt(seen[TPS_DEAL_PINNED_TOGETHER], 20);
    ck_assert_int_eq(seen[TPS_DEAL_GAVE_UP], 0);
}
END_TEST

START_TEST(small_problems_get_the_fewest)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(22);
    int n_dealt = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 8);
        TpsConstrained problem, fewer;
        int64_t limit = 1000 + g_rand_int_range(rand, 0, 1000);
        int part[8];
        TpsDeal got;

        draw(rand, &problem, n, g_rand_int_range(rand, 1, 6), g_rand_int_range(rand, 1, 7));
        got = tps_parts_fewest_constrained(&problem, limit, part);
        fewer = problem;
        if (got.outcome != TPS_DEALT) {
            ck_assert_int_gt(brute_best(&problem), limit);
            continue;
        }
        fewer.n_parts = got.n_parts;
        assert_kept(&fewer, part);
        ck_assert_int_le(tps_partition_makespan(problem.cost_us, part, n, got.n_parts), limit);
        if (--fewer.n_parts > 0)
            ck_assert_int_gt(brute_best(&fewer), limit);
        n_dealt++;
    }
    ck_assert_int_gt(n_dealt, 1000);
}
END_TEST

/* Solvable by construction: items get their bits where no other item of their hidden part has them.
 */
static void draw_solvable(GRand *rand, TpsConstrained *problem, size_t n, int n_parts)
{
    uint64_t used[16] = {0}, *apart;
    int *pin;

    draw(rand, problem, n, n_parts, 0);
    apart = (uint64_t *)problem->apart;
    pin = (int *)problem->pin;
    for (size_t i = 0; i < n; i++) {
        const int hidden = g_rand_int_range(rand, 0, n_parts);
        const uint64_t bits = UINT64_C(1) << g_rand_int_range(rand, 0, 24);

        apart[i] = used[hidden] & bits ? 0 : bits;
        used[hidden] |= bits;
        pin[i] = g_rand_int_range(rand, 0, 10) ? -1 : hidden;
    }
}

START_TEST(larger_problems_are_solved)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(251);
    int64_t longest_all = 0, bound_all = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 13, N_MAX + 1);
        int n_parts = g_rand_int_range(rand, 2, 16), part[N_MAX], again[N_MAX];
        TpsConstrained problem;
        TpsDeal got;

        draw_solvable(rand, &problem, n, n_parts);
        got = tps_partition_constrained(&problem, part);
        ck_assert_int_eq(got.outcome, TPS_DEALT);
        assert_kept(&problem, part);
        tps_partition_constrained(&problem, again);
        ck_assert_mem_eq(part, again, n * sizeof *part);
        longest_all += tps_partition_makespan(problem.cost_us, part, n, n_parts);
        tps_partition_by_time(problem.cost_us, n, n_parts, again);
        bound_all += tps_partition_makespan(problem.cost_us, again, n, n_parts);
        problem.pin = NULL;
        tps_partition_constrained(&problem, part);
        assert_none_empty(&problem, part);
    }
    ck_assert_int_lt(longest_all, bound_all + bound_all / 20);
}
END_TEST

/* Each of two bits on as many items as there are parts, pinned crosswise: only backtracking helps.
 */
START_TEST(tight_problems_are_solved)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(256);
    int n_solved = 0;

    for (int round = 0; round < 300; round++) {
        const int n_parts = g_rand_int_range(rand, 3, 7);
        const size_t n = (size_t)n_parts * 4;
        int64_t cost_us[24];
        uint64_t apart[24];
        int pin[24], part[24];
        TpsConstrained problem = {cost_us, n, n_parts, apart, pin};

        for (size_t i = 0; i < n; i++) {
            const size_t row = i / 4, column = i % 4;

            cost_us[i] = g_rand_int_range(rand, 1, 1000);
            apart[i] = UINT64_C(1) << column; /* each column fills all parts */
            pin[i] = g_rand_int_range(rand, 0, 4) ? -1 : (int)row;
        }
        n_solved += tps_partition_constrained(&problem, part).outcome == TPS_DEALT;
        assert_kept(&problem, part);
    }
    ck_assert_int_eq(n_solved, 300);
}
END_TEST

START_TEST(many_items_end_soon)
{
    const size_t n = 300000;
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_autofree int64_t *cost_us = g_new(int64_t, n);
    g_autofree uint64_t *apart = g_new0(uint64_t, n);
    g_autofree int *part = g_new(int, n);
    TpsConstrained problem = {cost_us, n, 100, apart, NULL};

    for (size_t i = 0; i < n; i++) {
        cost_us[i] = g_rand_int_range(rand, 0, 1000000);
        if (i < 6000)
            apart[i] = UINT64_C(1) << i % 64;
    }
    ck_assert_int_eq(tps_partition_constrained(&problem, part).outcome, TPS_DEALT);
    assert_kept(&problem, part);
}
END_TEST

START_TEST(sums_beyond_int64_stay_valid)
{
    int64_t cost_us[40];
    uint64_t apart[40];
    int part[40];
    TpsConstrained problem = {cost_us, 40, 3, apart, NULL};

    for (int i = 0; i < 40; i++) {
        cost_us[i] = INT64_MAX - i;
        apart[i] = i < 20 ? UINT64_C(1) << i / 2 : 0;
    }
    ck_assert_int_eq(tps_partition_constrained(&problem, part).outcome, TPS_DEALT);
    assert_kept(&problem, part);
    problem.n_parts = 40;
    ck_assert_int_eq(tps_parts_fewest_constrained(&problem, INT64_MAX - 1, part).outcome,
                     TPS_DEAL_TOO_LONG);
    problem.n = 12;
    ck_assert_int_eq(tps_partition_constrained(&problem, part).outcome, TPS_DEALT);
    assert_kept(&problem, part);
}
END_TEST

START_TEST(what_exceeds_the_limit_is_named)
{
    const int64_t cost_us[] = {1, 12, 6, 6};
    const int pin[] = {-1, -1, 0, 0};
    const TpsConstrained problem = {cost_us, 4, 4, NULL, pin};
    int part[4];
    TpsDeal got = tps_parts_fewest_constrained(&problem, 11, part);

    ck_assert_int_eq(got.outcome, TPS_DEAL_TOO_LONG);
    ck_assert_uint_eq(got.item, 1);
    got = tps_parts_fewest_constrained(&problem, 12, part);
    ck_assert(got.outcome == TPS_DEALT && got.n_parts == 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("constrained");
    TCase *tcase = tcase_create("constrained");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, deals_as_expected, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, small_problems_are_solved_best);
    tcase_add_test(tcase, small_problems_get_the_fewest);
    tcase_add_test(tcase, larger_problems_are_solved);
    tcase_add_test(tcase, tight_problems_are_solved);
    tcase_add_test(tcase, many_items_end_soon);
    tcase_add_test(tcase, sums_beyond_int64_stay_valid);
    tcase_add_test(tcase, what_exceeds_the_limit_is_named);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
