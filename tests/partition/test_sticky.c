/* SPDX-License-Identifier: MIT */
#include "partition/bounds.h"
#include "partition/partition.h"
#include "partition/sticky.h"
#include "tests/instances.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define N_RANDOM 4000

typedef struct {
    const char *name;
    int64_t cost_us[8];
    size_t n;
    int n_parts;
    int previous[8];
    int64_t tolerance_ppm;
    size_t n_moved;
    int part[8];
} Case;

static const Case cases[] = {
    {"all stay", {5, 4, 3}, 3, 2, {1, 0, 0}, 500000, 0, {1, 0, 0}},
    {"new ones fill up", {5, 4, 3, 4}, 4, 2, {1, 0, -1, -1}, 0, 0, {1, 0, 1, 0}},
    {"one move balances", {4, 4, 4, 4}, 4, 2, {0, 0, 0, 1}, 0, 1, {1, 0, 0, 1}},
    {"a swap balances", {6, 5, 4, 3, 2}, 5, 2, {0, 1, 1, 0, 0}, 0, 2, {1, 0, 1, 0, 0}},
    {"but not within the tolerance",
     {6, 5, 4, 3, 2},
     5,
     2,
     {0, 1, 1, 0, 0},
     100000,
     0,
     {0, 1, 1, 0, 0}},
    {"a part that is gone", {5, 4, 3}, 3, 2, {0, 1, 2}, 0, 0, {0, 1, 1}},
    {"a part that is new gets an item", {5, 4, 3}, 3, 3, {0, 1, 1}, 1000000, 1, {0, 1, 2}},
    {"more parts than items", {5, 4}, 2, 4, {3, 0}, 0, 0, {3, 0}},
    {"no items", {0}, 0, 4, {0}, 0, 0, {0}},
};

START_TEST(moves_as_expected)
{
    const Case *c = &cases[_i];
    int part[8];
    size_t n_moved =
        tps_partition_sticky(c->cost_us, c->n, c->n_parts, c->previous, c->tolerance_ppm, part);

    ck_assert_msg(n_moved == c->n_moved, "%s: %zu moved", c->name, n_moved);
    for (size_t i = 0; i < c->n; i++)
        ck_assert_msg(part[i] == c->part[i], "%s: item %zu is in part %d", c->name, i, part[i]);
}
END_TEST

/* The parts of a suite that has changed since: a fifth of the items is new, times differ. */
static void draw_previous(GRand *rand, const int64_t *cost_us, size_t n, int n_parts, int *previous)
{
    g_autofree int64_t *old_us = g_new(int64_t, n);
    const int n_before = n_parts + g_rand_int_range(rand, -1, 2);

    for (size_t i = 0; i < n; i++)
        old_us[i] = cost_us[i] * g_rand_int_range(rand, 80, 125) / 100;
    tps_partition_by_time(old_us, n, MAX(1, n_before), previous);
    for (size_t i = 0; i < n; i++)
        if (g_rand_int_range(rand, 0, 5) == 0)
            previous[i] = -1;
}

static size_t count_moved(const int *previous, const int *part, size_t n, int n_parts)
{
    size_t n_moved = 0;

    for (size_t i = 0; i < n; i++)
        n_moved += previous[i] >= 0 && previous[i] < n_parts && part[i] != previous[i];
    return n_moved;
}

static bool any_empty(const int *part, size_t n, int n_parts)
{
    for (int p = 0; p < n_parts; p++) {
        size_t i = 0;

        while (i < n && part[i] != p)
            i++;
        if (i == n)
            return true;
    }
    return false;
}

START_TEST(moves_only_what_shortens)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(8);
    size_t n_sticky = 0, n_fresh = 0, n_still = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 60), n_moved;
        int n_parts = g_rand_int_range(rand, 1, 10), previous[60], part[60], fresh[60];
        int64_t ppm = g_rand_int_range(rand, 0, 5) * 20000, cost_us[60], bound;

        instance_draw(rand, cost_us, n);
        qsort(cost_us, n, sizeof *cost_us, descending);
        draw_previous(rand, cost_us, n, n_parts, previous);
        n_moved = tps_partition_sticky(cost_us, n, n_parts, previous, ppm, part);
        ck_assert_uint_eq(n_moved, count_moved(previous, part, n, n_parts));
        ck_assert(n < (size_t)n_parts || !any_empty(part, n, n_parts));
        bound = tps_makespan_lower_bound(cost_us, n, n_parts);
        ck_assert(tps_partition_makespan(cost_us, part, n, n_parts) <=
                      bound + bound * ppm / 1000000 ||
                  !improvable(cost_us, part, n, n_parts));
        tps_partition_by_time(cost_us, n, n_parts, fresh);
        n_sticky += n_moved;
        n_fresh += count_moved(previous, fresh, n, n_parts);
        n_still += n_moved == 0;
    }
    ck_assert_uint_lt(n_sticky * 4, n_fresh);
    ck_assert_uint_gt(n_still, N_RANDOM / 4);
}
END_TEST

/* Given its own parts again, nothing moves: it is as balanced as it gets. */
START_TEST(the_same_suite_stays)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(9);

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 60);
        int n_parts = g_rand_int_range(rand, 1, 10), previous[60], part[60];
        int64_t cost_us[60];

        instance_draw(rand, cost_us, n);
        tps_partition_by_time(cost_us, n, n_parts, previous);
        ck_assert_uint_eq(tps_partition_sticky(cost_us, n, n_parts, previous, 0, part), 0);
        ck_assert_mem_eq(part, previous, n * sizeof *part);
    }
}
END_TEST

/* As long as dealing the new ones keeps the tolerance, no old one moves. */
START_TEST(what_need_not_move_stays)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(10);
    int n_kept = 0;

    for (int round = 0; round < N_RANDOM; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 60);
        int n_parts = g_rand_int_range(rand, 1, 10), previous[60], dealt[60], part[60];
        int64_t cost_us[60], bound, longest;

        instance_draw(rand, cost_us, n);
        qsort(cost_us, n, sizeof *cost_us, descending);
        draw_previous(rand, cost_us, n, n_parts, previous);
        tps_partition_sticky(cost_us, n, n_parts, previous, INT64_MAX, dealt);
        longest = tps_partition_makespan(cost_us, dealt, n, n_parts);
        bound = tps_makespan_lower_bound(cost_us, n, n_parts);
        tps_partition_sticky(cost_us, n, n_parts, previous, 50000, part);
        if (longest > bound + bound / 20)
            continue;
        ck_assert_mem_eq(part, dealt, n * sizeof *part);
        n_kept++;
    }
    ck_assert_int_gt(n_kept, N_RANDOM / 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sticky");
    TCase *tcase = tcase_create("sticky");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, moves_as_expected, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, moves_only_what_shortens);
    tcase_add_test(tcase, the_same_suite_stays);
    tcase_add_test(tcase, what_need_not_move_stays);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
