/* SPDX-License-Identifier: MIT */
#include "scheduler/capacity.h"
#include "tests/unit.h"

#include <glib.h>

#define PPM 1000000
#define MAX_WORKERS 100
#define UNKNOWN (-1)

typedef struct {
    const char *name;
    TpsCapacity capacity;
    TpsUsage usage[4];
    size_t n;
    int max;
    int size;
    TpsSizeReason reason;
} Case;

static const Case cases[] = {
    {"nothing asked", {0, 0}, {{1, PPM, 9}}, 1, 7, 7, TPS_SIZE_MAX_SIZE},
    {"nothing known", {PPM, 1}, {{1, UNKNOWN, UNKNOWN}}, 1, 7, 7, TPS_SIZE_MAX_SIZE},
    {"no task", {PPM, 1}, {{0}}, 0, 7, 7, TPS_SIZE_MAX_SIZE},
    {"two that compute, two processors",
     {2 * PPM, 0},
     {{5, PPM, 0}, {5, PPM, 0}},
     2,
     9,
     2,
     TPS_SIZE_CPU},
    {"tasks that wait half of their time", {2 * PPM, 0}, {{5, PPM / 2, 0}}, 1, 9, 4, TPS_SIZE_CPU},
    {"tasks of two threads", {4 * PPM, 0}, {{5, 2 * PPM, 0}}, 1, 9, 2, TPS_SIZE_CPU},
    {"half a processor", {PPM / 2, 0}, {{5, PPM, 0}}, 1, 9, 1, TPS_SIZE_CPU},
    {"much less than one", {1, 0}, {{5, PPM, 0}}, 1, 9, 1, TPS_SIZE_CPU},
    {"tasks that never compute", {PPM, 0}, {{5, 0, 0}}, 1, 9, 9, TPS_SIZE_MAX_SIZE},
    {"the long ones count more", {2 * PPM, 0}, {{9, PPM, 0}, {1, 0, 0}}, 2, 9, 2, TPS_SIZE_CPU},
    {"who is not known does not count",
     {PPM, 0},
     {{9, UNKNOWN, 0}, {1, PPM, 0}},
     2,
     9,
     1,
     TPS_SIZE_CPU},
    {"the cap is less", {8 * PPM, 0}, {{5, PPM, 0}}, 1, 3, 3, TPS_SIZE_MAX_SIZE},
    {"the cap is the same", {3 * PPM, 0}, {{5, PPM, 0}}, 1, 3, 3, TPS_SIZE_MAX_SIZE},
    {"the two largest", {0, 100}, {{1, 0, 30}, {1, 0, 50}, {1, 0, 50}}, 3, 9, 2, TPS_SIZE_MEMORY},
    {"all of them", {0, 130}, {{1, 0, 30}, {1, 0, 50}, {1, 0, 50}}, 3, 9, 9, TPS_SIZE_MAX_SIZE},
    {"one is larger than all", {0, 10}, {{1, 0, 30}, {1, 0, 1}}, 2, 9, 1, TPS_SIZE_MEMORY},
    {"unknown ones need nothing",
     {0, 60},
     {{1, 0, 50}, {1, 0, UNKNOWN}, {1, 0, 20}},
     3,
     9,
     1,
     TPS_SIZE_MEMORY},
    {"memory binds before processors",
     {2 * PPM, 10},
     {{1, PPM, 9}, {1, PPM, 9}},
     2,
     9,
     1,
     TPS_SIZE_MEMORY},
    {"processors bind before memory",
     {PPM, 20},
     {{1, PPM, 9}, {1, PPM, 9}, {1, PPM, 9}},
     3,
     9,
     1,
     TPS_SIZE_CPU},
    {"more than can be summed up",
     {INT64_MAX, INT64_MAX},
     {{INT64_MAX, INT64_MAX, INT64_MAX}, {INT64_MAX, INT64_MAX, 1}},
     2,
     9,
     1,
     TPS_SIZE_MEMORY},
};

START_TEST(sizes)
{
    const Case *c = &cases[_i];
    TpsSizeReason reason;
    int size = tps_capacity_size(c->capacity, c->usage, c->n, c->max, &reason);

    ck_assert_msg(size == c->size && reason == c->reason, "%s: %d, %s", c->name, size,
                  tps_size_reason_name(reason));
}
END_TEST

static void draw_usage(GRand *rand, TpsUsage *usage, size_t n)
{
    for (size_t i = 0; i < n; i++)
        usage[i] = (TpsUsage){.weight_us = g_rand_int_range(rand, 0, 1000000),
                              .cpu_ppm = g_rand_int_range(rand, -1, 3 * PPM),
                              .peak_bytes = g_rand_int_range(rand, -1, 1000)};
}

static void shuffle(GRand *rand, TpsUsage *usage, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t other = (size_t)g_rand_int_range(rand, 0, (gint32)i);
        TpsUsage kept = usage[i - 1];

        usage[i - 1] = usage[other];
        usage[other] = kept;
    }
}

static int size_of(TpsCapacity capacity, const TpsUsage *usage, size_t n, int max)
{
    return tps_capacity_size(capacity, usage, n, max, &(TpsSizeReason){0});
}

/* More of anything is never less, and the order of the tasks does not matter. */
START_TEST(sizes_grow_with_the_machine)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(8100);

    for (int round = 0; round < 3000; round++) {
        TpsUsage usage[12];
        size_t n = (size_t)g_rand_int_range(rand, 0, 13);
        int max = g_rand_int_range(rand, 1, MAX_WORKERS);
        TpsCapacity one = {g_rand_int_range(rand, 1, 8 * PPM), g_rand_int_range(rand, 1, 5000)};
        TpsCapacity more = {one.cpu_ppm + g_rand_int_range(rand, 0, PPM),
                            one.memory_bytes + g_rand_int_range(rand, 0, 500)};
        int size;

        draw_usage(rand, usage, n);
        size = size_of(one, usage, n, max);
        ck_assert(size >= 1 && size <= max);
        ck_assert_int_le(size, size_of(more, usage, n, max));
        ck_assert_int_le(size, size_of(one, usage, n, max + 1));
        shuffle(rand, usage, n);
        ck_assert_int_eq(size, size_of(one, usage, n, max));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("capacity");
    TCase *tcase = tcase_create("capacity");

    tcase_add_loop_test(tcase, sizes, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, sizes_grow_with_the_machine);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
