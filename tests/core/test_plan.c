/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "core/plan.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

typedef struct {
    const char *text;
    TpsPart part;
} Tuple;

static const Tuple tuples[] = {
    {"0,3", {0, 3}},
    {"2,3", {2, 3}},
    {"0,2", {0, 2}},
    {"999999,1000000", {999999, 1000000}},
};

START_TEST(reads_part_tuples)
{
    TpsPart part = {-1, -1};
    g_autofree char *label = NULL;

    ck_assert(tps_part_parse(tuples[_i].text, &part, NULL));
    ck_assert_int_eq(part.index, tuples[_i].part.index);
    ck_assert_int_eq(part.count, tuples[_i].part.count);
    label = tps_part_label("api", part);
    ck_assert(g_str_has_prefix(label, "api "));
    ck_assert_str_eq(label + 4, tuples[_i].text);
}
END_TEST

static const char *const refused[] = {
    "3,3",
    "-1,3",
    "0,1",
    "a,b",
    "0,3,4",
    "",
    ",",
    "0",
    "0,",
    ",3",
    "0, 3",
    "+0,3",
    "0,1.5",
    "0x0,3",
    "1,0",
    "0,1000001",
    "0,-3",
    "0;3",
    "0,99999999999999999999",
};

START_TEST(refuses_part_tuples)
{
    TpsPart part = {-1, -1};
    g_autoptr(GError) error = NULL;

    ck_assert_msg(!tps_part_parse(refused[_i], &part, &error), "%s", refused[_i]);
    ck_assert(g_str_has_prefix(error->message, "'"));
    assert_error(error, TPS_ERROR, TPS_ERROR_USAGE, "is not a part tuple; write M,N");
    ck_assert_int_eq(part.index, -1);
}
END_TEST

START_TEST(an_unsplit_suite_has_no_tuple)
{
    g_autofree char *label = tps_part_label("api", (TpsPart){0, 1});

    ck_assert_str_eq(label, "api");
}
END_TEST

/* In starting order. */
static const struct {
    int64_t weight_us;
    const char *suite;
    int index;
} order[] = {
    {9, "z", 1},   {8, "A", 0},        {8, "a", 0}, {8, "a", 2}, {8, "a", 10},
    {8, "a b", 0}, {8, "\xc3\xa9", 0}, {1, "a", 1}, {0, "a", 3},
};

START_TEST(tasks_have_one_order)
{
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(order); j++) {
            g_autoptr(TpsTask) a = tps_task_new(order[i].suite, (TpsPart){order[i].index, 11});
            g_autoptr(TpsTask) b = tps_task_new(order[j].suite, (TpsPart){order[j].index, 11});
            int got;

            a->weight_us = order[i].weight_us;
            b->weight_us = order[j].weight_us;
            got = tps_task_compare(a, b);
            ck_assert_msg((got > 0) - (got < 0) == (i > j) - (i < j), "%zu and %zu", i, j);
        }
    }
}
END_TEST

START_TEST(finds_tasks_and_suites)
{
    static const char *const names[] = {"A", "a", "a b", "b", "\xc3\xa9"};
    g_autoptr(TpsPlan) plan = tps_plan_new();

    ck_assert_ptr_null(tps_plan_find_suite(plan, "a"));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_ptr_array_add(plan->suites, tps_plan_suite_new(names[i]));
        for (int part = 0; part < 3; part++)
            g_ptr_array_add(plan->tasks, tps_task_new(names[i], (TpsPart){part, 3}));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        ck_assert_ptr_eq(tps_plan_find_suite(plan, names[i]), g_ptr_array_index(plan->suites, i));
        ck_assert_ptr_eq(tps_plan_find(plan, names[i], (TpsPart){1, 3}),
                         g_ptr_array_index(plan->tasks, 3 * i + 1));
        ck_assert_ptr_null(tps_plan_find(plan, names[i], (TpsPart){1, 4}));
        ck_assert_ptr_null(tps_plan_find(plan, names[i], (TpsPart){3, 3}));
    }
    ck_assert_ptr_null(tps_plan_find_suite(plan, ""));
    ck_assert_ptr_null(tps_plan_find_suite(plan, "aa"));
    ck_assert_ptr_null(tps_plan_find_suite(plan, "zz\xff"));
    ck_assert_ptr_null(tps_plan_find(plan, "c", (TpsPart){0, 3}));
}
END_TEST

START_TEST(evidence_goes_both_ways)
{
    TpsEvidence evidence;

    for (int i = TPS_EVIDENCE_MEASURED; i <= TPS_EVIDENCE_GUESSED; i++) {
        ck_assert(tps_evidence_parse(tps_evidence_name((TpsEvidence)i), &evidence));
        ck_assert_int_eq(evidence, i);
    }
    ck_assert(!tps_evidence_parse("Measured", &evidence));
    ck_assert(!tps_evidence_parse("", &evidence));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan");
    TCase *tcase = tcase_create("plan");

    tcase_add_loop_test(tcase, reads_part_tuples, 0, G_N_ELEMENTS(tuples));
    tcase_add_loop_test(tcase, refuses_part_tuples, 0, G_N_ELEMENTS(refused));
    tcase_add_test(tcase, an_unsplit_suite_has_no_tuple);
    tcase_add_test(tcase, tasks_have_one_order);
    tcase_add_test(tcase, finds_tasks_and_suites);
    tcase_add_test(tcase, evidence_goes_both_ways);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
