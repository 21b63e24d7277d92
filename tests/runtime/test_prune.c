/* SPDX-License-Identifier: MIT */
#include "runtime/data.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define DAY_S (INT64_C(24) * 3600)

/* Testcases of suite A, ' for "; D1 .. D9 stand for runs of the days of a month. */
typedef struct {
    const char *name;
    const char *testcases;
    int64_t max_age_s;
    const char *left; /* the ids */
} Case;

static const Case cases[] = {
    {"seen lately, and long ago", "'a':{'last':{'D1':1}},'b':{'last':{'D9':1}}", 5 * DAY_S, "b"},
    {"just not too old", "'a':{'last':{'D4':1}},'b':{'last':{'D9':1}}", 5 * DAY_S, "a b"},
    {"just too old", "'a':{'last':{'D4':1}},'b':{'last':{'D9':1}}", 5 * DAY_S - 1, "b"},
    {"measured long ago, but seen", "'a':{'last':{'D1':1},'seen':'D9'},'b':{'last':{'D9':1}}",
     5 * DAY_S, "a b"},
    {"skipped for long", "'a':{'mean':0,'skipped':true,'seen':'D9'},'b':{'last':{'D1':1}}",
     5 * DAY_S, "a"},
    {"never seen in a run: as old as the oldest",
     "'a':2,'b':{'last':{'D1':1}},'c':{'last':{'D9':1}}", 5 * DAY_S, "c"},
    {"never seen in a run, and the oldest is young",
     "'a':2,'b':{'last':{'D8':1}},'c':{'last':{'D9':1}}", 5 * DAY_S, "a b c"},
    {"nothing is dated", "'a':2,'b':{'undated':[1,2]}", 0, "a b"},
    {"nothing may be older than the newest", "'a':{'last':{'D8':1}},'b':{'last':{'D9':1}}", 0, "b"},
};

static TpsRuntimeData *data_of(const char *testcases)
{
    TpsRuntimeData *data = tps_runtime_data_new();
    GString *text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;

    g_string_printf(text, "{'A':{'execution_time':1,'setup_time':0,'testcases':{%s}}}", testcases);
    for (int day = 1; day <= 9; day++) {
        g_autofree char *name = g_strdup_printf("'D%d'", day);
        g_autofree char *key = g_strdup_printf("'2026110%dT120000-0000000%d'", day, day);

        g_string_replace(text, name, key, 0);
    }
    g_strdelimit(text->str, "'", '"');
    path = scratch_text("f.json", text->str);
    ck_assert_msg(tps_runtime_data_load(data, path, &error), "%s", error ? error->message : "");
    g_string_free(text, TRUE);
    return data;
}

static char *ids_of(const TpsRuntimeData *data)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < tps_runtime_data_n_testcases(data, "A"); i++)
        g_string_append_printf(text, "%s%s", i ? " " : "",
                               tps_runtime_data_testcase(data, "A", i).id);
    return g_string_free(text, FALSE);
}

START_TEST(prunes)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsRuntimeData) data = data_of(c->testcases);
    size_t before = tps_runtime_data_n_testcases(data, "A");
    size_t n = tps_runtime_data_prune(data, c->max_age_s);
    g_autofree char *left = ids_of(data);

    ck_assert_msg(strcmp(left, c->left) == 0, "%s: %s", c->name, left);
    ck_assert_uint_eq(n, before - tps_runtime_data_n_testcases(data, "A"));
    ck_assert_uint_eq(tps_runtime_data_prune(data, c->max_age_s), 0);
}
END_TEST

/* What is dropped comes back with its unknown keys, and not with those it had before. */
START_TEST(nothing_of_it_stays)
{
    g_autoptr(TpsRuntimeData) data =
        data_of("'a':{'last':{'D1':1},'note':'old'},'b':{'last':{'D9':1}}");
    g_autoptr(TpsRuntimeData) again = data_of("'a':{'last':{'D9':1}}");
    g_autofree char *text = NULL;

    ck_assert_uint_eq(tps_runtime_data_prune(data, DAY_S), 1);
    tps_runtime_data_merge(data, again);
    text = tps_runtime_data_text(data);
    ck_assert_ptr_nonnull(strstr(text, "\"a\": {"));
    ck_assert_ptr_null(strstr(text, "note"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("prune");
    TCase *tcase = tcase_create("prune");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, prunes, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, nothing_of_it_stays);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
