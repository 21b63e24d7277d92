/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "partition/partition.h"
#include "scheduler/tail.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define N_UNITS 12
#define N_ROUNDS 3000
#define SEED 20240607

typedef struct {
    const char *name;
    TpsTail tail; /* in seconds */
    const char *units;
    int64_t overhead_s;
    int n_max;
    int n_pieces;
} Case;

static const Case cases[] = {
    {"alone, two workers", {2, 4, 0}, "1 1 1 1", 0, 9, 2},
    {"alone, as many as units", {9, 4, 0}, "1 1 1 1", 0, 9, 4},
    {"others have as much to do", {2, 8, 4}, "1 1 1 1", 0, 9, 1},
    {"others have more to do", {4, 20, 16}, "1 1 1 1", 0, 9, 1},
    {"one unit", {4, 4, 0}, "4", 0, 9, 1},
    {"one unit is nearly all of it", {4, 10, 0}, "9 1", 0, 9, 2},
    {"no gain: a task of five minutes runs anyway", {4, 310, 300}, "5 5", 0, 9, 1},
    {"setup eats the gain", {2, 8, 0}, "2 2", 4, 9, 1},
    {"setup leaves a gain", {2, 9, 0}, "4 4", 1, 9, 2},
    {"never more than allowed", {9, 9, 0}, "1 1 1 1 1 1 1 1 1", 0, 3, 3},
    {"not finer than the longest unit asks", {9, 9, 0}, "6 1 1 1", 0, 9, 2},
    {"one worker", {1, 4, 0}, "1 1 1 1", 0, 9, 1},
};

static size_t read_units(const char *text, int64_t *unit_us)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    size_t n = 0;

    for (char **word = words; *word; word++)
        unit_us[n++] = SECOND * g_ascii_strtoll(*word, NULL, 10);
    return n;
}

START_TEST(cuts)
{
    const Case *c = &cases[_i];
    int64_t unit_us[N_UNITS];
    int piece[N_UNITS] = {0};
    size_t n = read_units(c->units, unit_us);
    TpsTail tail = {c->tail.n_workers, c->tail.work_us * SECOND, c->tail.floor_us * SECOND};
    int n_pieces = tps_tail_cut(&tail, unit_us, n, c->overhead_s * SECOND, c->n_max, piece);

    ck_assert_msg(n_pieces == c->n_pieces, "%s: %d pieces", c->name, n_pieces);
}
END_TEST

/* When the run ends, straight from the words of the header. */
static int64_t end_of_run(const TpsTail *tail, const int64_t *unit_us, size_t n,
                          int64_t overhead_us, int n_pieces, const int *piece)
{
    int64_t longest = tps_partition_makespan(unit_us, piece, n, n_pieces);
    int64_t work = tail->work_us + (n_pieces - 1) * overhead_us;
    int64_t level = (work + tail->n_workers - 1) / tail->n_workers;

    return MAX(MAX(tail->floor_us, level), overhead_us + longest);
}

typedef struct {
    TpsTail tail;
    int64_t unit_us[N_UNITS];
    size_t n;
    int64_t overhead_us;
    int64_t sum_us;
} Instance;

static Instance random_instance(GRand *rand)
{
    Instance instance = {.n = (size_t)g_rand_int_range(rand, 1, N_UNITS + 1),
                         .overhead_us = g_rand_int_range(rand, 0, 3) * SECOND};

    for (size_t i = 0; i < instance.n; i++) {
        instance.unit_us[i] = g_rand_int_range(rand, 0, 10) * SECOND;
        instance.sum_us += instance.unit_us[i];
    }
    instance.tail.n_workers = g_rand_int_range(rand, 1, 10);
    instance.tail.floor_us = g_rand_int_range(rand, 0, 20) * SECOND;
    instance.tail.work_us = instance.sum_us + instance.overhead_us + instance.tail.floor_us +
                            g_rand_int_range(rand, 0, 50) * SECOND;
    return instance;
}

/*
 * No piece is empty; a cut pays; and nothing is left whole that any number of pieces, dealt as the
 * partitioner deals them, would end sooner by more than it costs.
 */
START_TEST(pays_and_misses_nothing)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
    int n_cut = 0;

    for (int round = 0; round < N_ROUNDS; round++) {
        Instance x = random_instance(rand);
        int of[N_UNITS] = {0};
        int whole[N_UNITS] = {0};
        int n = tps_tail_cut(&x.tail, x.unit_us, x.n, x.overhead_us, N_UNITS, of);
        int64_t before = end_of_run(&x.tail, x.unit_us, x.n, x.overhead_us, 1, whole);
        int count[N_UNITS] = {0};

        ck_assert_int_ge(n, 1);
        ck_assert_int_le(n, MIN((int)x.n, x.tail.n_workers));
        for (size_t i = 0; n > 1 && i < x.n; i++)
            count[of[i]]++;
        for (int i = 0; n > 1 && i < n; i++)
            ck_assert_int_gt(count[i], 0);
        n_cut += n > 1;
        for (int k = 2; n == 1 && k <= MIN((int)x.n, x.tail.n_workers); k++) {
            int64_t gain;

            tps_partition_by_time(x.unit_us, x.n, k, of);
            gain = before - end_of_run(&x.tail, x.unit_us, x.n, x.overhead_us, k, of);
            ck_assert(gain <= MAX(x.overhead_us, TPS_TAIL_GAIN_MIN_US));
        }
    }
    ck_assert_int_gt(n_cut, N_ROUNDS / 10);
}
END_TEST

START_TEST(huge_times_do_not_wrap)
{
    int64_t unit_us[] = {INT64_MAX / 2, INT64_MAX / 2, INT64_MAX / 2};
    TpsTail tail = {4, INT64_MAX, INT64_MAX / 4};
    int piece[3] = {0};
    int n = tps_tail_cut(&tail, unit_us, 3, INT64_MAX / 2, 9, piece);

    ck_assert_int_ge(n, 1);
    ck_assert_int_le(n, 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tail");
    TCase *tcase = tcase_create("tail");

    tcase_add_loop_test(tcase, cuts, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, pays_and_misses_nothing);
    tcase_add_test(tcase, huge_times_do_not_wrap);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
