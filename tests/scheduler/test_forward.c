/* SPDX-License-Identifier: MIT */
#include "scheduler/forward.h"
#include "scheduler/pool_size.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define N_MAX 12
#define N_ROUNDS 3000
#define SEED 19690503

/* Weights, '+' = wanted; the order in which they start. */
static const struct {
    const char *name;
    const char *tasks;
    int n_workers;
    const char *expected;
} cases[] = {
    {"nothing is wanted", "9 5 3", 2, "9 5 3"},
    {"one worker: any order takes as long", "9 5 +3 +1", 1, "3 1 9 5"},
    {"it does not lengthen", "5 5 +2", 3, "2 5 5"},
    {"it would: the longest must not wait", "9 +1", 1, "1 9"},
    {"two workers, one long task", "9 3 +3 +3", 2, "3 9 3 3"},
    {"some of them may", "6 +4 +2 +2", 2, "4 2 6 2"},
    {"all are wanted", "+3 +2 +1", 2, "3 2 1"},
    {"none", "", 2, ""},
};

static size_t parse(const char *text, int64_t *weight_us, bool *wanted)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    size_t n = 0;

    for (char **word = words; *word && **word; word++) {
        wanted[n] = **word == '+';
        weight_us[n++] = g_ascii_strtoll(*word + (**word == '+'), NULL, 10);
    }
    return n;
}

START_TEST(goes_in_front_where_it_may)
{
    int64_t weight_us[N_MAX];
    bool wanted[N_MAX];
    size_t order[N_MAX];
    size_t n = parse(cases[_i].tasks, weight_us, wanted);
    g_autoptr(GString) got = g_string_new(NULL);

    tps_forward_order(weight_us, wanted, n, cases[_i].n_workers, order);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(got, "%s%d", i ? " " : "", (int)weight_us[order[i]]);
    ck_assert_msg(strcmp(got->str, cases[_i].expected) == 0, "%s: %s", cases[_i].name, got->str);
}
END_TEST

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x < y) - (x > y);
}

/* Each task once, and never longer than planned. */
START_TEST(never_lengthens)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);

    for (int round = 0; round < N_ROUNDS; round++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, N_MAX + 1);
        int n_workers = g_rand_int_range(rand, 1, 5);
        int64_t weight_us[N_MAX];
        int64_t ordered_us[N_MAX];
        bool wanted[N_MAX];
        size_t order[N_MAX];
        unsigned seen = 0;

        for (size_t i = 0; i < n; i++) {
            weight_us[i] = g_rand_int_range(rand, 0, 20);
            wanted[i] = g_rand_int_range(rand, 0, 3) == 0;
        }
        qsort(weight_us, n, sizeof *weight_us, compare);
        tps_forward_order(weight_us, wanted, n, n_workers, order);
        for (size_t i = 0; i < n; i++) {
            seen |= 1U << order[i];
            ordered_us[i] = weight_us[order[i]];
        }
        ck_assert_uint_eq(seen, (1U << n) - 1);
        ck_assert_int_le(tps_pool_simulate(ordered_us, n, n_workers, NULL, NULL, NULL),
                         tps_pool_simulate(weight_us, n, n_workers, NULL, NULL, NULL));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("forward");
    TCase *tcase = tcase_create("forward");

    tcase_add_loop_test(tcase, goes_in_front_where_it_may, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, never_lengthens);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
