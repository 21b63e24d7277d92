/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "core/testcase.h"
#include "scheduler/scope.h"
#include "scheduler/work.h"
#include "tests/reports.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* Suite "api" in two parts, the second one lighter; "cnt" in two parts by count; "one" unsplit. */
static void add_task(TpsPlan *plan, const char *suite, TpsPart part, const char *testcases,
                     guint count, int64_t weight_us, int worker)
{
    TpsTask *task = tps_task_new(suite, part);

    task->weight_us = weight_us;
    task->worker = worker;
    task->n_testcases = count;
    if (testcases) {
        task->testcases = g_ptr_array_new_with_free_func(g_free);
        strings_add(task->testcases, testcases);
        task->n_testcases = task->testcases->len;
    }
    g_ptr_array_add(plan->tasks, task);
}

static void add_suite(TpsPlan *plan, const char *name, int parts, guint n_testcases)
{
    TpsPlanSuite *suite = tps_plan_suite_new(name);

    suite->parts = parts;
    suite->n_testcases = n_testcases;
    g_ptr_array_add(plan->suites, suite);
}

static TpsPlan *plan_new(void)
{
    TpsPlan *plan = tps_plan_new();

    plan->id = g_strdup("id");
    plan->name = g_strdup("name");
    plan->size = 2;
    add_suite(plan, "api", 2, 5);
    add_suite(plan, "cnt", 2, 3);
    add_suite(plan, "one", 1, 1);
    add_task(plan, "api", (TpsPart){0, 2}, "a b c", 0, 9, 0);
    add_task(plan, "api", (TpsPart){1, 2}, "d e", 0, 8, 1);
    add_task(plan, "cnt", (TpsPart){0, 2}, NULL, 2, 7, 1);
    add_task(plan, "cnt", (TpsPart){1, 2}, NULL, 1, 6, 0);
    add_task(plan, "one", (TpsPart){0, 1}, "a", 0, 1, 0);
    return plan;
}

/* "api 0,2[a b c] cnt 1,2(1) "; caller frees. */
static char *describe(const TpsPlan *plan)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);
        g_autofree char *label = tps_part_label(task->suite, task->part);

        g_string_append(text, label);
        if (!task->testcases)
            g_string_append_printf(text, "(%u) ", task->n_testcases);
        for (guint j = 0; task->testcases && j < task->testcases->len; j++)
            g_string_append_printf(text, "%s%s%s", j ? " " : "[",
                                   (char *)g_ptr_array_index(task->testcases, j),
                                   j + 1 < task->testcases->len ? "" : "] ");
    }
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *name;
    int shard;
    const char *suite;
    TpsPart part; /* count 0 = none */
    const char *testcases;
    const char *tasks; /* or NULL: refused */
    const char *what;
} Scope;

static const Scope scopes[] = {
    {"all",
     0,
     NULL,
     {0, 0},
     NULL,
     "api 0,2[a b c] api 1,2[d e] cnt 0,2(2) cnt 1,2(1) one[a] ",
     NULL},
    {"a shard", 1, NULL, {0, 0}, NULL, "api 0,2[a b c] cnt 1,2(1) one[a] ", NULL},
    {"the other shard", 2, NULL, {0, 0}, NULL, "api 1,2[d e] cnt 0,2(2) ", NULL},
    {"a suite", 0, "api", {0, 0}, NULL, "api 0,2[a b c] api 1,2[d e] ", NULL},
    {"a part", 0, "api", {1, 2}, NULL, "api 1,2[d e] ", NULL},
    {"a suite of a shard", 1, "cnt", {0, 0}, NULL, "cnt 1,2(1) ", NULL},
    {"a part on another shard", 1, "api", {1, 2}, NULL, NULL, "shard 1 has nothing of suite 'api'"},
    {"testcases", 0, NULL, {0, 0}, "e a", "api 0,2[a] api 1,2[e] one[a] ", NULL},
    {"a testcase of a suite", 0, "one", {0, 0}, "a", "one[a] ", NULL},
    {"no such shard", 3, NULL, {0, 0}, NULL, NULL, "shard 3: the plan has only 2"},
    {"no such suite", 0, "none", {0, 0}, NULL, NULL, "the plan has no suite 'none'"},
    {"no such part", 0, "api", {2, 3}, NULL, NULL, "suite 'api' has 2 parts, not a part 2,3"},
    {"no such testcase", 0, NULL, {0, 0}, "zz", NULL, "the plan has no testcase 'zz' there"},
    {"not in that suite", 0, "one", {0, 0}, "e", NULL, "the plan has no testcase 'e' there"},
};

START_TEST(restricts)
{
    const Scope *c = &scopes[_i];
    g_autoptr(TpsPlan) plan = plan_new();
    g_auto(GStrv) testcases = c->testcases ? g_strsplit(c->testcases, " ", -1) : NULL;
    TpsScope scope = {c->shard, c->suite, c->part.count ? &c->part : NULL, testcases};
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlan) part = tps_plan_restrict(plan, &scope, &error);
    g_autofree char *text = part ? describe(part) : NULL;

    if (!c->tasks) {
        ck_assert_ptr_null(part);
        assert_error(error, TPS_ERROR, TPS_ERROR_USAGE, c->what);
        return;
    }
    ck_assert_msg(part != NULL, "%s: %s", c->name, error ? error->message : "");
    ck_assert_str_eq(text, c->tasks);
    ck_assert_str_eq(part->id, "id");
    ck_assert_int_eq(part->size, 2);
    ck_assert_uint_eq(part->suites->len, 3);
}
END_TEST

static GPtrArray *listing_from(const char *words)
{
    g_auto(GStrv) split = g_strsplit(words, " ", -1);
    GPtrArray *testcases = tps_testcases_new();

    for (char **word = split; *word; word++)
        g_ptr_array_add(testcases, tps_testcase_new(*word));
    return testcases;
}

/* What the suites hold now, which differences are allowed, and who runs what then. */
typedef struct {
    const char *name;
    const char *api;
    const char *cnt;
    bool allow_new;
    bool allow_missing;
    const char *works; /* or NULL: refused; + is new, - is gone, * is all of its suite */
    const char *what;
} Case;

static const Case cases[] = {
    {"as planned", "a b c d e", "x y z", false, false,
     "api 0,2: a b c\napi 1,2: d e\ncnt 0,2: x z\ncnt 1,2: y\none: a *\n", NULL},
    {"in the listing's order", "e c d b a", "x y z", false, false,
     "api 0,2: c b a\napi 1,2: e d\ncnt 0,2: x z\ncnt 1,2: y\none: a *\n", NULL},
    {"new ones", "a n1 b c d e n2", "x y z", false, false, NULL,
     "suite 'api' is not what was planned; 2 added (allow with --allow-new): 'n1', 'n2'; or plan "
     "again"},
    {"missing ones", "b c d", "x y z", false, false, NULL,
     "suite 'api' is not what was planned; 2 removed (allow with --allow-missing): 'a', 'e'; or "
     "plan again"},
    {"both", "n b c d e", "x y z", false, false, NULL,
     "1 added (allow with --allow-new): 'n'; 1 removed (allow with --allow-missing): 'a'"},
    {"both, one allowed", "n b c d e", "x y z", true, false, NULL,
     "suite 'api' is not what was planned; 1 removed (allow with --allow-missing): 'a'; or plan "
     "again"},
    {"both, the other allowed", "n b c d e", "x y z", false, true, NULL,
     "suite 'api' is not what was planned; 1 added (allow with --allow-new): 'n'; or plan again"},
    {"new ones go to the lightest part", "n1 a b c d n2 e", "x y z", true, false,
     "api 0,2: a b c\napi 1,2: n1 d n2 e +n1 +n2\ncnt 0,2: x z\ncnt 1,2: y\none: a *\n", NULL},
    {"allowed to be gone", "b c d e", "x y z", false, true,
     "api 0,2: b c -a\napi 1,2: d e\ncnt 0,2: x z\ncnt 1,2: y\none: a *\n", NULL},
    {"another count", "a b c d e", "x y z w", true, true, NULL,
     "suite 'cnt' has 4 testcases, and the plan counts 3; plan again"},
};

static TpsPlanFile *file_new(void)
{
    static const char *const names[] = {"api", "cnt", "one"};
    TpsPlanFile *file = tps_plan_file_new();

    file->file = g_strdup("tpsched.yaml");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_ptr_array_add(file->suites, tps_suite_new(names[i], "check"));
    return file;
}

static GHashTable *listings_new(const char *api, const char *cnt)
{
    GHashTable *listings =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

    g_hash_table_insert(listings, (gpointer) "api", listing_from(api));
    g_hash_table_insert(listings, (gpointer) "cnt", listing_from(cnt));
    g_hash_table_insert(listings, (gpointer) "one", listing_from("a"));
    return listings;
}

static char *describe_works(const GPtrArray *works)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < works->len; i++) {
        const TpsWork *work = g_ptr_array_index(works, i);
        g_autofree char *label = tps_part_label(work->task->suite, work->task->part);

        g_string_append_printf(text, "%s:", label);
        for (guint j = 0; j < work->testcases->len; j++)
            g_string_append_printf(text, " %s",
                                   ((TpsTestcase *)g_ptr_array_index(work->testcases, j))->id);
        for (guint j = 0; j < work->added->len; j++)
            g_string_append_printf(text, " +%s", (char *)g_ptr_array_index(work->added, j));
        for (guint j = 0; j < work->removed->len; j++)
            g_string_append_printf(text, " -%s", (char *)g_ptr_array_index(work->removed, j));
        g_string_append(text, work->all ? " *\n" : "\n");
    }
    return g_string_free(text, FALSE);
}

START_TEST(prepares)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(TpsPlanFile) file = file_new();
    g_autoptr(GHashTable) listings = listings_new(c->api, c->cnt);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) works =
        tps_work_prepare(plan, plan, file, listings, c->allow_new, c->allow_missing, &error);
    g_autofree char *text = works ? describe_works(works) : NULL;

    if (!c->works) {
        ck_assert_ptr_null(works);
        assert_error(error, TPS_ERROR, TPS_ERROR_INCOMPLETE, c->what);
        return;
    }
    ck_assert_msg(works != NULL, "%s: %s", c->name, error ? error->message : "");
    ck_assert_str_eq(text, c->works);
}
END_TEST

/*
 * What the filter leaves out is neither new nor missing; but a process must not run all there is.
 * Suite cnt was planned by its name alone: all it has belongs to it.
 */
START_TEST(filtered_out_is_no_difference)
{
    g_auto(GStrv) include = g_strsplit("?", " ", -1);
    g_auto(GStrv) exclude = g_strsplit("x api:z*", " ", -1);
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(TpsPlanFile) file = file_new();
    g_autoptr(GHashTable) listings = listings_new("a b bb c d x e", "xx y z");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) works = NULL;
    g_autofree char *text = NULL;

    plan->filter = tps_filter_new(include, exclude, NULL, NULL);
    g_ptr_array_add(g_hash_table_lookup(listings, "one"), tps_testcase_new("not"));
    works = tps_work_prepare(plan, plan, file, listings, false, false, &error);
    ck_assert_msg(works != NULL, "%s", error ? error->message : "");
    text = describe_works(works);
    ck_assert_str_eq(text, "api 0,2: a b c\napi 1,2: d e\ncnt 0,2: xx z\ncnt 1,2: y\none: a\n");
    g_ptr_array_add(g_hash_table_lookup(listings, "one"), tps_testcase_new("n"));
    ck_assert_ptr_null(tps_work_prepare(plan, plan, file, listings, false, false, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INCOMPLETE, "1 added (allow with --allow-new): 'n'");
}
END_TEST

/* A new testcase is run by exactly one shard, and differences show in every shard. */
START_TEST(shards_see_the_whole_suite)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(TpsPlanFile) file = file_new();
    g_autoptr(GHashTable) listings = listings_new("a b c d e n", "x y z");
    int n_added = 0;

    for (int shard = 1; shard <= 2; shard++) {
        TpsScope scope = {.shard = shard};
        g_autoptr(TpsPlan) part = tps_plan_restrict(plan, &scope, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) works = NULL;

        ck_assert_ptr_null(tps_work_prepare(plan, part, file, listings, false, false, &error));
        assert_error(error, TPS_ERROR, TPS_ERROR_INCOMPLETE, "'n'");
        works = tps_work_prepare(plan, part, file, listings, true, false, NULL);
        for (guint i = 0; i < works->len; i++)
            n_added += (int)((TpsWork *)g_ptr_array_index(works, i))->added->len;
    }
    ck_assert_int_eq(n_added, 1);
}
END_TEST

START_TEST(a_suite_that_is_not_declared)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(TpsPlanFile) file = file_new();
    g_autoptr(GHashTable) listings = listings_new("a b c d e", "x y z");
    g_autoptr(GError) error = NULL;

    g_ptr_array_remove_index(file->suites, 2);
    ck_assert_ptr_null(tps_work_prepare(plan, plan, file, listings, true, true, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                 "'tpsched.yaml' has no suite 'one', which the plan has");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("work");
    TCase *tcase = tcase_create("work");

    tcase_add_loop_test(tcase, restricts, 0, G_N_ELEMENTS(scopes));
    tcase_add_loop_test(tcase, prepares, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, filtered_out_is_no_difference);
    tcase_add_test(tcase, shards_see_the_whole_suite);
    tcase_add_test(tcase, a_suite_that_is_not_declared);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
