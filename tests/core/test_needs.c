/* SPDX-License-Identifier: MIT */
#include "core/needs.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* "gpu=2 cpu=1" */
static GArray *resources(const char *text)
{
    GArray *array = tps_resources_new();
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    for (char **word = words; *word && **word; word++) {
        g_auto(GStrv) pair = g_strsplit(*word, "=", 2);

        ck_assert(tps_resources_add(array, pair[0], atoi(pair[1])));
    }
    return array;
}

static TpsNeeds *needs(int slots, bool exclusive, int64_t memory, const char *locks,
                       const char *wanted)
{
    TpsNeeds *all = tps_needs_new();

    all->slots = slots;
    all->exclusive = exclusive;
    all->memory_bytes = memory;
    tps_needs_set_locks(all, *locks ? g_strsplit(locks, " ", -1) : g_new0(char *, 1));
    g_array_unref(all->resources);
    all->resources = resources(wanted);
    return all;
}

START_TEST(resources_are_sorted_and_unique)
{
    g_autoptr(GArray) all = resources("gpu=2 b=1 z=9 a=3");
    g_autoptr(GArray) copy = tps_resources_copy(all);
    const char *const names[] = {"a", "b", "gpu", "z"};

    ck_assert(!tps_resources_add(all, "gpu", 5));
    ck_assert_uint_eq(copy->len, 4);
    for (guint i = 0; i < 4; i++)
        ck_assert_str_eq(g_array_index(copy, TpsResource, i).name, names[i]);
    ck_assert_int_eq(tps_resources_count(copy, "gpu"), 2);
    ck_assert_int_eq(tps_resources_count(copy, "c"), 0);
}
END_TEST

START_TEST(locks_are_sorted_and_unique)
{
    g_autoptr(TpsNeeds) all = needs(1, false, 0, "b a b c a", "");
    g_autofree char *joined = g_strjoinv(" ", all->locks);

    ck_assert_str_eq(joined, "a b c");
}
END_TEST

START_TEST(nothing_is_trivial_and_all_else_is_not)
{
    TpsNeeds *all[] = {NULL,
                       tps_needs_new(),
                       needs(2, false, 0, "", ""),
                       needs(1, true, 0, "", ""),
                       needs(1, false, 1, "", ""),
                       needs(1, false, 0, "a", ""),
                       needs(1, false, 0, "a b", ""),
                       needs(1, false, 0, "", "a=1"),
                       needs(1, false, 0, "", "a=2"),
                       needs(1, false, 0, "", "b=2")};

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(TpsNeeds) copy = tps_needs_copy(all[i]);

        ck_assert_int_eq(tps_needs_are_trivial(copy), i < 2);
        for (size_t j = 0; j < G_N_ELEMENTS(all); j++)
            ck_assert_int_eq(tps_needs_equal(copy, all[j]), i == j || (i < 2 && j < 2));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        tps_needs_free(all[i]);
}
END_TEST

static const struct {
    const char *locks;
    const char *wanted;
    const char *trouble; /* NULL = none */
} wants[] = {
    {"", "", NULL},
    {"", "gpu=2 port=1", NULL},
    {"db", "gpu=1", NULL},
    {"", "gpu=3", "suite 's' wants 3 of resource 'gpu', and there are 2"},
    {"", "port=2", "suite 's' wants 2 of resource 'port', and there is 1"},
    {"", "disk=1", "suite 's' wants resource 'disk', which the plan file does not declare"},
    {"db gpu", "", "'gpu' is a resource, not a lock; write 'resources: {gpu: 1}'"},
};

START_TEST(what_is_not_there_is_told)
{
    g_autoptr(GArray) available = resources("gpu=2 port=1");
    g_autoptr(TpsNeeds) all = needs(9, true, 1, wants[_i].locks, wants[_i].wanted);
    g_autofree char *trouble = tps_needs_trouble(all, "s", available);

    if (!wants[_i].trouble)
        ck_assert_ptr_null(trouble);
    else
        ck_assert_ptr_nonnull(strstr(trouble ? trouble : "", wants[_i].trouble));
}
END_TEST

static const struct {
    const char *name;
    const char *variable;
    const char *trouble;
} names[] = {
    {"gpu", "TPSCHED_GPU", NULL},
    {"test-db.main", "TPSCHED_TEST_DB_MAIN", NULL},
    {"slot", "TPSCHED_SLOT", "TPSCHED_SLOT is another variable"},
    {"Report-Dir", "TPSCHED_REPORT_DIR", "is another variable"},
    {"run.attempt", "TPSCHED_RUN_ATTEMPT", "is another variable"},
    {"plan_sandbox", "TPSCHED_PLAN_SANDBOX", "is another variable"},
    {"suite_sandbox", "TPSCHED_SUITE_SANDBOX", "is another variable"},
    {"testcase_timeout", "TPSCHED_TESTCASE_TIMEOUT", "is another variable"},
    {"GPU", "TPSCHED_GPU", NULL},
    {"a.b", "TPSCHED_A_B", "resources 'a_b' and 'a.b' would share the variable TPSCHED_A_B"},
    {"", "TPSCHED_", "is not the name of a resource"},
    {"9", "TPSCHED_9", "is not the name of a resource"},
    {"a b", "TPSCHED_A_B", "is not the name of a resource"},
    {"a=b", "TPSCHED_A_B", "is not the name of a resource"},
    {"ü", "TPSCHED___", "is not the name of a resource"},
};

START_TEST(names_make_variables)
{
    g_autoptr(GArray) others = resources("a_b=1");
    g_autofree char *variable = tps_resource_variable(names[_i].name);
    g_autofree char *trouble = tps_resource_name_trouble(names[_i].name, others);

    ck_assert_str_eq(variable, names[_i].variable);
    ck_assert_msg(!trouble == !names[_i].trouble, "%s: %s", names[_i].name, trouble);
    if (trouble)
        ck_assert_ptr_nonnull(strstr(trouble, names[_i].trouble));
}
END_TEST

START_TEST(needs_are_described)
{
    g_autoptr(TpsNeeds) all = needs(2, true, INT64_C(2) << 30, "db a", "gpu=1");
    g_autofree char *text = tps_needs_describe(all);
    g_autofree char *none = tps_needs_describe(NULL);

    ck_assert_str_eq(text, "exclusive, slots 2, lock a, lock db, gpu 1, memory 2G");
    ck_assert_str_eq(none, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("needs");
    TCase *tcase = tcase_create("needs");

    tcase_add_test(tcase, resources_are_sorted_and_unique);
    tcase_add_test(tcase, locks_are_sorted_and_unique);
    tcase_add_test(tcase, nothing_is_trivial_and_all_else_is_not);
    tcase_add_loop_test(tcase, what_is_not_there_is_told, 0, G_N_ELEMENTS(wants));
    tcase_add_loop_test(tcase, names_make_variables, 0, G_N_ELEMENTS(names));
    tcase_add_test(tcase, needs_are_described);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
