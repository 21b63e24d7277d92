/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/error.h"
#include "formats/json.h"
#include "formats/plan_json.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

static void add_task(TpsPlan *plan, const char *suite, TpsPart part, const char *testcases)
{
    TpsTask *task = tps_task_new(suite, part);
    g_auto(GStrv) ids = g_strsplit(testcases, "|", -1);

    task->setup_us = 1;
    task->execution_us = 333333;
    task->teardown_us = 2;
    task->weight_us = 333336;
    task->worker = part.index;
    task->start_us = 7;
    task->n_testcases = g_strv_length(ids);
    task->testcases = g_ptr_array_new_with_free_func(g_free);
    for (char **id = ids; *id; id++)
        g_ptr_array_add(task->testcases, g_strdup(*id));
    g_ptr_array_add(plan->tasks, task);
}

static void add_suite(TpsPlan *plan, const char *name, int parts, TpsEvidence evidence)
{
    TpsPlanSuite *suite = tps_plan_suite_new(name);

    suite->parts = parts;
    suite->evidence = evidence;
    suite->n_testcases = 4;
    suite->n_measured = 3;
    suite->n_guessed = 1;
    g_ptr_array_add(suite->notes, g_strdup("a \"note\""));
    g_ptr_array_add(plan->suites, suite);
}

/* Two parts with odd names, one suite of which only the count is known. */
static TpsPlan *plan_new(void)
{
    TpsPlan *plan = tps_plan_new();
    TpsTask *counted;

    plan->name = g_strdup("a plan");
    plan->target_us = 1800 * TPS_SECOND_US;
    plan->limit_us = 1;
    plan->size = 2;
    plan->size_lower_bound = 1;
    plan->makespan_us = 1712400001;
    plan->makespan_lower_bound_us = TPS_DURATION_MAX_US;
    add_suite(plan, "a\nb", 2, TPS_EVIDENCE_MEASURED);
    add_suite(plan, "c", 1, TPS_EVIDENCE_GUESSED);
    add_task(plan, "a\nb", (TpsPart){1, 2}, "t.py::x[\"\033$(y)\\]|é|\xff");
    add_task(plan, "a\nb", (TpsPart){0, 2}, "../z");
    add_task(plan, "c", (TpsPart){0, 1}, "");
    counted = g_ptr_array_index(plan->tasks, 2);
    g_clear_pointer(&counted->testcases, g_ptr_array_unref);
    counted->n_testcases = 4;
    g_ptr_array_add(plan->sources, g_strdup("data.json: x"));
    g_ptr_array_add(plan->notes, g_strdup("note"));
    return plan;
}

static char *sealed_text(TpsPlan *plan)
{
    tps_plan_seal(plan);
    return tps_plan_text(plan);
}

static TpsPlan *load(const char *text, size_t length, GError **error)
{
    g_autofree char *path = scratch_write("plan.json", text, length);

    return tps_plan_load(path, error);
}

/* The same with needs, and with what they are of. */
static TpsPlan *needy_plan_new(void)
{
    TpsPlan *plan = plan_new();
    TpsNeeds *needs = tps_needs_new();

    needs->slots = 2;
    needs->exclusive = true;
    needs->memory_bytes = INT64_C(2) << 30;
    tps_needs_set_locks(needs, g_strsplit("z\n b", " ", -1));
    tps_resources_add(needs->resources, "gpu", 1);
    tps_plan_find_suite(plan, "c")->needs = needs;
    tps_resources_add(plan->resources, "port", 9);
    tps_resources_add(plan->resources, "gpu", 2);
    plan->memory_bytes = INT64_C(3) << 30;
    plan->is_sharded = true;
    return plan;
}

START_TEST(needs_are_written_and_read)
{
    g_autoptr(TpsPlan) plain = plan_new();
    g_autofree char *bytes = sealed_text(plain);
    g_autoptr(TpsPlan) plan = needy_plan_new();
    g_autofree char *text = sealed_text(plan);
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlan) read = load(text, strlen(text), &error);

    ck_assert_msg(read != NULL, "%s", error ? error->message : "");
    ck_assert(tps_needs_equal(tps_plan_find_suite(read, "c")->needs,
                              tps_plan_find_suite(plan, "c")->needs));
    ck_assert_ptr_null(tps_plan_find_suite(read, "a\nb")->needs);
    ck_assert_int_eq(tps_resources_count(read->resources, "port"), 9);
    ck_assert_int_eq(read->memory_bytes, plan->memory_bytes);
    ck_assert(read->is_sharded);
    ck_assert_ptr_null(strstr(bytes, "\"needs\""));
    ck_assert_ptr_null(strstr(bytes, "\"resources\""));
    ck_assert_ptr_null(strstr(bytes, "\"memory\""));
    ck_assert_ptr_null(strstr(bytes, "\"sharded\""));
}
END_TEST

START_TEST(the_filter_is_written_and_read)
{
    g_auto(GStrv) include = g_strsplit("z* a:b[1] z*", " ", -1);
    g_auto(GStrv) tags = g_strsplit("slow", " ", -1);
    g_autoptr(TpsPlan) plan = plan_new();
    g_autofree char *plain = sealed_text(plan);
    g_autofree char *id = g_strdup(plan->id);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlan) read = NULL;

    plan->filter = tps_filter_new(include, NULL, tags, NULL);
    text = sealed_text(plan);
    read = load(text, strlen(text), &error);
    ck_assert_msg(read != NULL, "%s", error ? error->message : "");
    ck_assert_str_ne(plan->id, id);
    ck_assert_str_eq(read->filter->include[0], "a:b[1]");
    ck_assert_str_eq(read->filter->include[1], "z*");
    ck_assert_ptr_null(read->filter->include[2]);
    ck_assert_ptr_null(read->filter->exclude[0]);
    ck_assert_str_eq(read->filter->tags[0], "slow");
    ck_assert_ptr_null(strstr(plain, "filter"));
}
END_TEST

START_TEST(what_is_written_is_read)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autofree char *text = sealed_text(plan);
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlan) read = load(text, strlen(text), &error);
    g_autofree char *again = NULL;
    const TpsTask *task;

    ck_assert_msg(read != NULL, "%s", error ? error->message : "");
    again = tps_plan_text(read);
    ck_assert_str_eq(again, text);
    ck_assert_str_eq(read->id, plan->id);
    ck_assert_int_eq(read->makespan_us, 1712400001);
    ck_assert_int_eq(read->makespan_lower_bound_us, TPS_DURATION_MAX_US);
    ck_assert_int_eq(tps_plan_find_suite(read, "c")->evidence, TPS_EVIDENCE_GUESSED);
    task = tps_plan_find(read, "a\nb", (TpsPart){1, 2});
    ck_assert_str_eq(g_ptr_array_index(task->testcases, 0), "t.py::x[\"\033$(y)\\]");
    ck_assert_str_eq(g_ptr_array_index(task->testcases, 2), "\xff");
    ck_assert_int_eq(task->execution_us, 333333);
    ck_assert_ptr_null(tps_plan_find(read, "c", (TpsPart){0, 1})->testcases);
    ck_assert(g_str_has_suffix(text, "}\n"));
}
END_TEST

START_TEST(the_id_is_that_of_the_content)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autofree char *text = sealed_text(plan);
    g_autofree char *id = g_strdup(plan->id);
    g_autofree char *again = sealed_text(plan);

    ck_assert_uint_eq(strlen(id), 64);
    ck_assert_str_eq(again, text);
    plan->limit_us++;
    tps_plan_seal(plan);
    ck_assert_str_ne(plan->id, id);
}
END_TEST

/* Changes to the tree of a good plan, sealed again where the id is not what is tested. */
typedef struct {
    const char *name;
    const char *from; /* replaced in the text */
    const char *to;
    bool reseal;
    const char *what;
} Change;

static const Change needy_changes[] = {
    {"more than there is", "\"resources\":{\"gpu\":1}", "\"resources\":{\"gpu\":3}", true,
     "suite 'c' wants 3 of resource 'gpu', and there are 2"},
    {"no such resource", "\"resources\":{\"gpu\":2,\"port\":9},", "", true,
     "suite 'c' wants resource 'gpu'"},
    {"a part of a device", "\"port\":9", "\"port\":0.5", true, "'port' must be a whole number"},
    {"a name that is none", "\"port\":9", "\"\":9", true, "'' is not the name of a resource"},
    {"needs that are none", "\"needs\":{", "\"needs\":3,\"x\":{", true,
     "suite c: 'needs' must be an object"},
    {"negative slots", "\"slots\":2", "\"slots\":-2", true, "'slots' must be a whole number"},
    {"exclusive as a text", "\"exclusive\":true", "\"exclusive\":\"x\"", true,
     "'exclusive' must be true or false"},
    {"locks as a number", "\"locks\":[", "\"locks\":1,\"x\":[", true,
     "'locks' must be an array of strings"},
    {"negative memory", "\"memory\":3221225472", "\"memory\":-1", true,
     "'memory' must be a whole number"},
};

static const Change changes[] = {
    {"a filter that is none", "\"pool\":", "\"filter\":[],\"pool\":", true,
     "'filter' must be an object"},
    {"a pattern that is none", "\"pool\":", "\"filter\":{\"tags\":[\"a\",1]},\"pool\":", true,
     "filter: 'tags' must be an array of strings"},
    {"a changed time", "0.333333", "0.333334", false, "its content does not fit its id"},
    {"a changed name", "../z", "../y", false, "its content does not fit its id"},
    {"a changed note", "\"note\"", "\"nope\"", false, "its content does not fit its id"},
    {"a key more", "\"schema\":", "\"more\":1,\"schema\":", false,
     "its content does not fit its id"},
    {"two ids", "\"schema\":", "\"id\":\"x\",\"schema\":", false,
     "its content does not fit its id"},
    {"another schema", "tpsched.plan/1", "tpsched.plan/2", true,
     "schema 'tpsched.plan/2' is not 'tpsched.plan/1'"},
    {"no schema", "\"schema\":", "\"scheme\":", true, "'schema' must be a string"},
    {"no id", "\"id\":", "\"di\":", false, "'id' must be a string"},
    {"no name", "\"name\":\"a plan\"", "\"name\":3", true, "'name' must be a string"},
    {"no tasks", "\"tasks\":", "\"tusks\":", true, "'tasks' must be an array"},
    {"no suites", "\"suites\":", "\"sweets\":", true, "'suites' must be an array"},
    {"no pool", "\"pool\":", "\"pond\":", true, "'pool' must be an object"},
    {"no evidence", "\"evidence\":{", "\"evidences\":{", true, "'evidence' must be an object"},
    {"negative time", "\"start\":7e-06", "\"start\":-1", true, "'start': not a time"},
    {"absurd time", "\"weight\":0.333336", "\"weight\":1e300", true, "'weight': not a time"},
    {"no size", "\"size\":2", "\"size\":0", true, "'size' must be a whole number"},
    {"too many suites for int", "\"parts\":1,", "\"parts\":1e10,", true,
     "suite c: 'parts' must be a whole number"},
    {"unknown evidence", "\"guessed\",", "\"dreamt\",", true, "suite c: 'evidence' is not a word"},
    {"a part without its count", "[1,2]", "[1]", true, "'part' must be null or [M, N]"},
    {"a part of one", "[1,2]", "[0,1]", true,
     "'part' must be null or [M, N] with 0 <= M < N and N > 1"},
    {"a part beyond", "[1,2]", "[2,2]", true,
     "'part' must be null or [M, N] with 0 <= M < N and N > 1"},
    {"a negative part", "[1,2]", "[-1,2]", true,
     "'part' must be null or [M, N] with 0 <= M < N and N > 1"},
    {"half a part", "[1,2]", "[0.5,2]", true, "'part' must be"},
    {"a part that is a text", "[1,2]", "\"1,2\"", true, "'part' must be null or [M, N]"},
    {"a part without a tuple", "\"part\":[1,2],", "", true, "'part' must be null or [M, N]"},
    {"a part twice", "[1,2]", "[0,2]", true, "a part is in it twice"},
    {"a testcase twice", "../z", "\xc3\xa9", true,
     "testcase '\xc3\xa9' of suite 'a\nb' is in it "
     "twice"},
    {"another number of testcases", "\"testcase_count\":1,", "\"testcase_count\":2,", true,
     "task a\nb 0,2: 'testcase_count' is not the number of 'testcases'"},
    {"testcases that are no texts", "[\"../z\"]", "[5]", true,
     "task a\nb 0,2: 'testcases' must be an array of strings"},
    {"a worker that is not there", "\"worker\":1", "\"worker\":2", true,
     "a task does not fit its suite or pool"},
    {"a task of no suite", "\"suite\":\"c\"", "\"suite\":\"d\"", true,
     "a task does not fit its suite or pool"},
    {"a suite of other parts", "\"parts\":1,", "\"parts\":3,", true,
     "a task does not fit its suite or pool"},
    {"suites in another order", "\"name\":\"c\"", "\"name\":\"a\"", true,
     "its suites are not in the order of their names"},
};

/* The text without spaces, and of the changed tree the right id. */
static char *compact(const char *text, bool reseal)
{
    g_autoptr(cJSON) root = cJSON_Parse(text);
    char *printed;
    char *copy;

    ck_assert_ptr_nonnull(root);
    if (reseal) {
        g_autofree char *digest = NULL;

        cJSON_DeleteItemFromObjectCaseSensitive(root, "id");
        printed = cJSON_PrintUnformatted(root);
        digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, printed, -1);
        cJSON_free(printed);
        cJSON_AddStringToObject(root, "id", digest);
    }
    printed = cJSON_PrintUnformatted(root);
    copy = g_strdup(printed);
    cJSON_free(printed);
    return copy;
}

static char *replace(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) halves = g_strsplit(text, from, 2);

    ck_assert_msg(g_strv_length(halves) == 2, "no %s in %s", from, text);
    return g_strconcat(halves[0], to, halves[1], NULL);
}

static void assert_change_is_refused(const Change *c, TpsPlan *plan)
{
    g_autofree char *text = sealed_text(plan);
    g_autofree char *flat = compact(text, false);
    g_autofree char *changed = replace(flat, c->from, c->to);
    g_autofree char *sealed = c->reseal ? compact(changed, true) : g_strdup(changed);
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlan) read = load(sealed, strlen(sealed), &error);

    ck_assert_msg(!read, "%s was read", c->name);
    ck_assert_ptr_nonnull(strstr(error->message, "cannot read '"));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, c->what);
}

START_TEST(changes_are_refused)
{
    g_autoptr(TpsPlan) plan = plan_new();

    assert_change_is_refused(&changes[_i], plan);
}
END_TEST

START_TEST(changes_of_needs_are_refused)
{
    g_autoptr(TpsPlan) plan = needy_plan_new();

    assert_change_is_refused(&needy_changes[_i], plan);
}
END_TEST

START_TEST(a_missing_part_is_refused)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    g_ptr_array_remove_index(plan->tasks, (guint)_i);
    text = sealed_text(plan);
    ck_assert_ptr_null(load(text, strlen(text), &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "a part of a suite is missing in it");
}
END_TEST

START_TEST(keys_of_later_versions_are_ignored)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autofree char *text = sealed_text(plan);
    g_autofree char *changed = replace(text, "\"schema\":", "\"later\": {\"x\": [1]}, \"schema\":");
    g_autofree char *sealed = compact(changed, true);
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlan) read = load(sealed, strlen(sealed), &error);

    ck_assert_msg(read != NULL, "%s", error ? error->message : "");
}
END_TEST

START_TEST(half_a_plan_is_refused)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autofree char *text = sealed_text(plan);

    for (size_t length = 0; length + 1 < strlen(text); length++) {
        g_autoptr(GError) error = NULL;

        ck_assert_ptr_null(load(text, length, &error));
        assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "cannot read '");
    }
}
END_TEST

/* A changed byte is seen, or changed nothing. */
START_TEST(damage_is_seen)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(256);
    g_autoptr(TpsPlan) plan = plan_new();
    g_autofree char *text = sealed_text(plan);
    size_t length = strlen(text);
    int n_read = 0;

    for (int round = 0; round < 8000; round++) {
        g_autofree char *damaged = g_strdup(text);
        g_autoptr(GError) error = NULL;
        g_autoptr(TpsPlan) read = NULL;
        g_autofree char *again = NULL;
        size_t at = (size_t)g_rand_int_range(rand, 0, (int)length);

        damaged[at] = (char)(round % 2 ? "{}[],:\"\\ 0e-\n"[g_rand_int_range(rand, 0, 13)]
                                       : g_rand_int_range(rand, 0, 256));
        read = load(damaged, length, &error);
        ck_assert_int_eq(read == NULL, error != NULL);
        if (!read)
            continue;
        again = tps_plan_text(read);
        ck_assert_str_eq(again, text);
        n_read++;
    }
    ck_assert_int_gt(n_read, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan_json");
    TCase *tcase = tcase_create("plan_json");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, needs_are_written_and_read);
    tcase_add_loop_test(tcase, changes_of_needs_are_refused, 0, G_N_ELEMENTS(needy_changes));
    tcase_add_test(tcase, the_filter_is_written_and_read);
    tcase_add_test(tcase, what_is_written_is_read);
    tcase_add_test(tcase, the_id_is_that_of_the_content);
    tcase_add_loop_test(tcase, changes_are_refused, 0, G_N_ELEMENTS(changes));
    tcase_add_loop_test(tcase, a_missing_part_is_refused, 0, 3);
    tcase_add_test(tcase, keys_of_later_versions_are_ignored);
    tcase_add_test(tcase, half_a_plan_is_refused);
    tcase_add_test(tcase, damage_is_seen);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
