/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/error.h"
#include "formats/plan_json.h"
#include "scheduler/planner.h"
#include "scheduler/pool_size.h"
#include "scheduler/units.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define SUITES_MAX 8
#define SECOND TPS_SECOND_US

/* What a request borrows, in one place. */
typedef struct {
    TpsRuntimeData *data;
    TpsPlanInput inputs[SUITES_MAX];
    TpsPlanRequest request;
} Setting;

/* NULL = no runtime data at all; ' for ". */
static void setting_init(Setting *setting, const char *data)
{
    g_autofree char *text = g_strdelimit(g_strdup(data ? data : "{}"), "'", '"');
    g_autofree char *path = scratch_text("data.json", text);
    g_autoptr(GError) error = NULL;

    *setting = (Setting){.data = tps_runtime_data_new()};
    ck_assert_msg(tps_runtime_data_load(setting->data, path, &error), "%s",
                  error ? error->message : "");
    setting->request = (TpsPlanRequest){
        .name = "test",
        .data = setting->data,
        .suites = setting->inputs,
        .target_us = TPS_DEFAULT_TARGET_US,
        .limit_us = TPS_DEFAULT_LIMIT_US,
        .size = TPS_AUTO,
    };
}

static void setting_clear(Setting *setting)
{
    for (size_t i = 0; i < setting->request.n_suites; i++) {
        g_ptr_array_unref((GPtrArray *)setting->inputs[i].testcases);
        tps_suite_free((TpsSuite *)setting->inputs[i].declared);
    }
    tps_runtime_data_free(setting->data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Setting, setting_clear)

/* A suite with testcases "t0" .. "tN", of which `per_file` each share a file. */
static void add_suite(Setting *setting, const char *name, int n, int per_file, TpsSuite *declared)
{
    GPtrArray *testcases = tps_testcases_new();

    for (int i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("t%d", i);
        TpsTestcase *testcase = tps_testcase_new(id);

        testcase->file = g_strdup_printf("f%d", i / per_file);
        g_ptr_array_add(testcases, testcase);
    }
    setting->inputs[setting->request.n_suites++] =
        (TpsPlanInput){.name = name,
                       .declared = declared,
                       .testcases = testcases,
                       .ids_known = true,
                       .unit = per_file > 1 ? TPS_UNIT_FILE : TPS_UNIT_TESTCASE};
}

static TpsSuite *declare(const char *name, int parts, int64_t weight_us)
{
    TpsSuite *suite = tps_suite_new(name, "pytest");

    suite->parts = parts;
    suite->weight_us = weight_us;
    return suite;
}

static TpsPlan *make(const Setting *setting)
{
    g_autoptr(GError) error = NULL;
    TpsPlan *plan = tps_plan_make(&setting->request, &error);

    ck_assert_msg(plan != NULL, "%s", error ? error->message : "");
    return plan;
}

static bool holds(const GPtrArray *notes, const char *part)
{
    for (guint i = 0; i < notes->len; i++)
        if (strstr(g_ptr_array_index(notes, i), part))
            return true;
    return false;
}

static const TpsPlanSuite *summary_of(const TpsPlan *plan, const char *name)
{
    const TpsPlanSuite *suite = tps_plan_find_suite(plan, name);

    ck_assert_ptr_nonnull(suite);
    return suite;
}

#define MTEST "{'A':{'execution_time':199.99,'setup_time':39.99,'teardown_time':0.02}}"

/* One suite "A" of n testcases, declared with so many parts; 0 = not declared. */
typedef struct {
    const char *name;
    const char *data;
    int n;
    int per_file;
    int declared_parts;
    int64_t weight_s; /* 0 = none */
    int64_t target_s; /* 0 = auto */
    int64_t limit_s;  /* 0 = auto */
    int size;         /* 0 = auto */
    int max_size;
    int n_parts;
    int want_size;
    int64_t want_target_us;
    int64_t want_limit_us;
    int64_t makespan_us;
    TpsEvidence evidence;
    const char *suite_note; /* part of a note, or NULL: there is none */
    const char *plan_note;
} Case;

static const Case cases[] = {
    {"fits into one", MTEST, 10, 1, 0, 0, 1800, 1800, 0, 0, 1, 1, 1800 * SECOND, 1800 * SECOND,
     240 * SECOND, TPS_EVIDENCE_MEASURED, NULL, NULL},
    {"split by the limit", "{'A':{'execution_time':100,'setup_time':10,'teardown_time':5}}", 10, 1,
     0, 0, 1800, 65, 0, 0, 2, 1, 1800 * SECOND, 65 * SECOND, 130 * SECOND, TPS_EVIDENCE_MEASURED,
     "2 parts on one worker only add setup, 15.0s each, but the part runtime limit is 1m05s", NULL},
    {"split by the target", "{'A':{'execution_time':100,'setup_time':10,'teardown_time':5}}", 10, 1,
     0, 0, 65, 1800, 0, 0, 2, 2, 65 * SECOND, 1800 * SECOND, 65 * SECOND, TPS_EVIDENCE_MEASURED,
     NULL, NULL},
    {"as soon as possible", "{'A':{'execution_time':100,'setup_time':10,'teardown_time':5}}", 10, 1,
     0, 0, 0, 65, 0, 0, 2, 2, 65 * SECOND, 65 * SECOND, 65 * SECOND, TPS_EVIDENCE_MEASURED, NULL,
     "the target is the longest task, A 0,2 (1m05s)"},
    {"setup is longer than the limit",
     "{'A':{'execution_time':100,'setup_time':60,'teardown_time':10}}", 10, 1, 0, 0, 1800, 65, 0, 0,
     1, 1, 1800 * SECOND, 65 * SECOND, 170 * SECOND, TPS_EVIDENCE_MEASURED,
     "setup and teardown alone take 1m10s, the part runtime limit is 1m05s: not split", NULL},
    {"one unit is longer than the limit",
     "{'A':{'execution_time':9,'setup_time':0,'testcases':{'t0':100,'t1':10,'t2':10}}}", 3, 1, 0, 0,
     1800, 50, 0, 0, 2, 1, 1800 * SECOND, 50 * SECOND, 120 * SECOND, TPS_EVIDENCE_MEASURED,
     "a part exceeds the part runtime limit of 50.0s: one unit of it can't be split", NULL},
    {"the target is raised", "{'A':{'execution_time':100,'setup_time':0}}", 1, 1, 0, 0, 60, 1800, 0,
     0, 1, 1, 100 * SECOND, 1800 * SECOND, 100 * SECOND, TPS_EVIDENCE_MEASURED, NULL,
     "the target of 1m00s is raised to 1m40s: A alone takes that long"},
    {"as many parts as declared", MTEST, 10, 1, 4, 0, 1800, 1800, 0, 0, 4, 1, 1800 * SECOND,
     1800 * SECOND, 4 * INT64_C(40010000) + INT64_C(199990000), TPS_EVIDENCE_MEASURED,
     "4 parts on one worker only add setup: 40.0s each", NULL},
    {"more parts than units", MTEST, 10, 5, 4, 0, 1800, 1800, 0, 0, 2, 1, 1800 * SECOND,
     1800 * SECOND, 2 * INT64_C(40010000) + INT64_C(199990000), TPS_EVIDENCE_MEASURED,
     "4 parts were asked for, and there are only 2 units to deal", NULL},
    {"a weight of its own", MTEST, 10, 1, 1, 500, 1800, 1800, 0, 0, 1, 1, 1800 * SECOND,
     1800 * SECOND, 500 * SECOND, TPS_EVIDENCE_WEIGHT, NULL, NULL},
    {"a weight for each part", MTEST, 10, 1, 2, 1500, 1800, 1800, 0, 0, 2, 2, 1800 * SECOND,
     1800 * SECOND, 1500 * SECOND, TPS_EVIDENCE_WEIGHT, NULL, NULL},
    {"a weight says nothing about parts", MTEST, 10, 1, TPS_AUTO, 5000, 1800, 1800, 0, 0, 1, 1,
     5000 * SECOND, 1800 * SECOND, 5000 * SECOND, TPS_EVIDENCE_WEIGHT, NULL,
     "the target of 30m00s is raised to 1h23m: A alone takes that long"},
    {"nothing is known", NULL, 10, 1, 1, 0, 1800, 1800, 0, 0, 1, 1, 1800 * SECOND, 1800 * SECOND,
     10 * SECOND, TPS_EVIDENCE_GUESSED,
     "no runtime data fits it or its testcases: a guess of 1 s for each testcase", NULL},
    {"more testcases than recorded",
     "{'A':{'execution_time':100,'setup_time':0,'testcase_count':5}}", 10, 1, 0, 0, 1800, 1800, 0,
     0, 1, 1, 1800 * SECOND, 1800 * SECOND, 200 * SECOND, TPS_EVIDENCE_SCALED,
     "10 testcases now, 5 when it was recorded", NULL},
    {"limit auto: three times setup and teardown",
     "{'A':{'execution_time':100,'setup_time':200,'teardown_time':50}}", 10, 1, 0, 0, 1800, 0, 0, 0,
     1, 1, 1800 * SECOND, 750 * SECOND, 350 * SECOND, TPS_EVIDENCE_MEASURED, NULL, NULL},
    {"limit auto: at least eight minutes", "{'A':{'execution_time':100,'setup_time':2}}", 10, 1, 0,
     0, 1800, 0, 0, 0, 1, 1, 1800 * SECOND, 480 * SECOND, 102 * SECOND, TPS_EVIDENCE_MEASURED, NULL,
     NULL},
    {"limit auto: at most half an hour", "{'A':{'execution_time':100,'setup_time':700}}", 10, 1, 0,
     0, 1800, 0, 0, 0, 1, 1, 1800 * SECOND, 1800 * SECOND, 800 * SECOND, TPS_EVIDENCE_MEASURED,
     NULL, NULL},
    {"the cap", "{'A':{'execution_time':100,'setup_time':0}}", 10, 1, 10, 0, 10, 1800, 0, 4, 10, 4,
     10 * SECOND, 1800 * SECOND, 30 * SECOND, TPS_EVIDENCE_MEASURED, NULL,
     "4 workers take 30.0s and miss the target of 10.0s"},
    {"a size of its own", "{'A':{'execution_time':100,'setup_time':0}}", 10, 1, 10, 0, 1000, 1800,
     6, 4, 10, 6, 1000 * SECOND, 1800 * SECOND, 20 * SECOND, TPS_EVIDENCE_MEASURED, NULL, NULL},
};

static void assert_notes(const Case *c, const GPtrArray *notes, const char *wanted)
{
    ck_assert_msg(wanted ? holds(notes, wanted) : notes->len == 0, "%s: %u notes, %s", c->name,
                  notes->len, notes->len ? (char *)g_ptr_array_index(notes, 0) : "-");
}

START_TEST(plans_one_suite)
{
    const Case *c = &cases[_i];
    g_auto(Setting) setting;
    g_autoptr(TpsPlan) plan = NULL;
    const TpsPlanSuite *suite;

    setting_init(&setting, c->data);
    add_suite(&setting, "A", c->n, c->per_file,
              c->declared_parts
                  ? declare("A", c->declared_parts, c->weight_s ? c->weight_s * SECOND : TPS_AUTO)
                  : NULL);
    setting.request.target_us = c->target_s ? c->target_s * SECOND : TPS_AUTO;
    setting.request.limit_us = c->limit_s ? c->limit_s * SECOND : TPS_AUTO;
    setting.request.size = c->size ? c->size : TPS_AUTO;
    setting.request.max_size = c->max_size;
    plan = make(&setting);
    suite = summary_of(plan, "A");
    ck_assert_msg(suite->parts == c->n_parts, "%s: %d parts", c->name, suite->parts);
    ck_assert_uint_eq(plan->tasks->len, (guint)c->n_parts);
    ck_assert_msg(plan->size == c->want_size, "%s: size %d", c->name, plan->size);
    ck_assert_int_eq(plan->target_us, c->want_target_us);
    ck_assert_int_eq(plan->limit_us, c->want_limit_us);
    ck_assert_int_eq(plan->makespan_us, c->makespan_us);
    ck_assert_int_eq(suite->evidence, c->evidence);
    ck_assert_uint_eq(suite->n_testcases, (guint)c->n);
    assert_notes(c, suite->notes, c->suite_note);
    assert_notes(c, plan->notes, c->plan_note);
}
END_TEST

START_TEST(a_guess_is_the_mean_of_its_framework)
{
    g_auto(Setting) setting;
    g_autoptr(TpsPlan) plan = NULL;
    TpsSuite *command = declare("shell", 1, TPS_AUTO);

    g_free(command->framework);
    command->framework = g_strdup("command");
    setting_init(&setting, "{'A':{'execution_time':100,'setup_time':0},"
                           "'B':{'execution_time':20,'setup_time':0}}");
    add_suite(&setting, "A", 10, 1, declare("A", 1, TPS_AUTO));
    add_suite(&setting, "B", 2, 1, declare("B", 1, TPS_AUTO));
    add_suite(&setting, "new", 3, 1, declare("new", 1, TPS_AUTO));
    add_suite(&setting, "shell", 1, 1, command);
    plan = make(&setting);
    ck_assert_int_eq(tps_plan_find(plan, "new", (TpsPart){0, 1})->weight_us, 30 * SECOND);
    ck_assert_int_eq(tps_plan_find(plan, "shell", (TpsPart){0, 1})->weight_us, 10 * SECOND);
    ck_assert_uint_eq(summary_of(plan, "new")->n_guessed, 3);
    ck_assert_uint_eq(summary_of(plan, "A")->n_measured, 10);
}
END_TEST

START_TEST(a_count_is_dealt_without_names)
{
    g_auto(Setting) setting;
    g_autoptr(TpsPlan) plan = NULL;
    guint n = 0;

    setting_init(&setting, "{'A':{'execution_time':100,'setup_time':1,'testcase_count':10}}");
    add_suite(&setting, "A", 10, 1, NULL);
    setting.inputs[0].ids_known = false;
    setting.request.limit_us = 40 * SECOND;
    plan = make(&setting);
    ck_assert_uint_eq(plan->tasks->len, 4);
    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        ck_assert_ptr_null(task->testcases);
        ck_assert_uint_ge(task->n_testcases, 2);
        ck_assert_uint_le(task->n_testcases, 3);
        ck_assert_int_eq(task->execution_us, task->n_testcases * 10 * SECOND);
        n += task->n_testcases;
    }
    ck_assert_uint_eq(n, 10);
}
END_TEST

START_TEST(testcases_keep_the_order_of_the_listing)
{
    g_auto(Setting) setting;
    g_autoptr(TpsPlan) plan = NULL;
    const TpsTask *task;

    setting_init(&setting, "{'A':{'execution_time':3,'setup_time':0,'testcases':"
                           "{'t0':1,'t1':3,'t2':2}}}");
    add_suite(&setting, "A", 3, 1, NULL);
    plan = make(&setting);
    task = g_ptr_array_index(plan->tasks, 0);
    for (guint i = 0; i < 3; i++)
        ck_assert_str_eq(g_ptr_array_index(task->testcases, i),
                         ((TpsTestcase *)g_ptr_array_index(setting.inputs[0].testcases, i))->id);
}
END_TEST

START_TEST(nothing_to_plan_is_an_error)
{
    g_auto(Setting) setting;
    g_autoptr(GError) error = NULL;

    setting_init(&setting, NULL);
    ck_assert_ptr_null(tps_plan_make(&setting.request, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "there is nothing to plan");
    add_suite(&setting, "A", 3, 1, NULL);
    add_suite(&setting, "B", 0, 1, NULL);
    ck_assert_ptr_null(tps_plan_make(&setting.request, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "suite 'B' has no testcases");
}
END_TEST

/* What is planned can be read back, so a time that no plan file may hold is refused here. */
static const char *const absurd[][2] = {
    {"{'A':{'execution_time':315360000,'setup_time':1}}", "would take longer than ten years"},
    {"{'t0':315360000,'t1':315360000,'x::y':1}", "would take longer than ten years"},
    {"{'A':{'execution_time':300000000,'setup_time':0},"
     "'B':{'execution_time':300000000,'setup_time':0}}",
     "would take longer than ten years"},
};

START_TEST(absurd_times_are_refused)
{
    g_auto(Setting) setting;
    g_autoptr(GError) error = NULL;

    setting_init(&setting, absurd[_i][0]);
    add_suite(&setting, "A", 2, 1, declare("A", 1, TPS_AUTO));
    add_suite(&setting, "B", 2, 1, declare("B", 1, TPS_AUTO));
    setting.request.size = 1;
    ck_assert_ptr_null(tps_plan_make(&setting.request, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, absurd[_i][1]);
}
END_TEST

/* Properties of random requests. */

static const char *const names[SUITES_MAX] = {"a", "A", "b c", "ab", "é", "a\nb", "z", "Z"};

static void append_times(GString *text, GRand *rand, int n)
{
    g_string_append(text, ",'testcases':{");
    for (int i = 0; i < n; i++)
        g_string_append_printf(text, "%s't%d':%d", i ? "," : "", i, g_rand_int_range(rand, 0, 100));
    g_string_append(text, "}");
}

static char *draw_data(GRand *rand, const int *n_testcases, size_t n_suites)
{
    GString *text = g_string_new("{");

    for (size_t i = 0; i < n_suites; i++) {
        g_autofree char *name = g_strescape(names[i], "é");

        if (g_rand_int_range(rand, 0, 4) == 0)
            continue;
        g_string_append_printf(text, "%s'%s':{'execution_time':%d,'setup_time':%d",
                               text->len > 1 ? "," : "", name, g_rand_int_range(rand, 0, 3000),
                               g_rand_int_range(rand, 0, 60));
        if (g_rand_boolean(rand))
            g_string_append_printf(text, ",'teardown_time':%d", g_rand_int_range(rand, 0, 30));
        if (g_rand_boolean(rand))
            g_string_append_printf(text, ",'testcase_count':%d", g_rand_int_range(rand, 0, 80));
        if (g_rand_boolean(rand))
            append_times(text, rand, g_rand_int_range(rand, 0, n_testcases[i] + 3));
        g_string_append_c(text, '}');
    }
    g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}

static TpsSuite *draw_declaration(GRand *rand, const char *name)
{
    switch (g_rand_int_range(rand, 0, 4)) {
    case 0:
        return NULL;
    case 1:
        return declare(name, g_rand_int_range(rand, 1, 12), TPS_AUTO);
    case 2:
        return declare(name, g_rand_boolean(rand) ? TPS_AUTO : g_rand_int_range(rand, 1, 4),
                       g_rand_int_range(rand, 1, 900) * SECOND);
    default:
        return declare(name, TPS_AUTO, TPS_AUTO);
    }
}

static void draw_request(Setting *setting, GRand *rand)
{
    size_t n_suites = (size_t)g_rand_int_range(rand, 1, SUITES_MAX + 1);
    int n_testcases[SUITES_MAX];
    g_autofree char *data = NULL;

    for (size_t i = 0; i < n_suites; i++)
        n_testcases[i] = g_rand_int_range(rand, 1, 60);
    data = draw_data(rand, n_testcases, n_suites);
    setting_init(setting, data);
    for (size_t i = 0; i < n_suites; i++) {
        add_suite(setting, names[i], n_testcases[i], g_rand_int_range(rand, 1, 4),
                  draw_declaration(rand, names[i]));
        setting->inputs[i].ids_known = g_rand_int_range(rand, 0, 4) > 0;
    }
    setting->request.target_us =
        g_rand_int_range(rand, 0, 5) ? g_rand_int_range(rand, 60, 4000) * SECOND : TPS_AUTO;
    setting->request.limit_us =
        g_rand_int_range(rand, 0, 5) ? g_rand_int_range(rand, 30, 2000) * SECOND : TPS_AUTO;
    setting->request.size = g_rand_int_range(rand, 0, 5) ? TPS_AUTO : g_rand_int_range(rand, 1, 9);
    setting->request.max_size = g_rand_boolean(rand) ? 0 : g_rand_int_range(rand, 1, 9);
}

static const TpsPlanInput *input_of(const Setting *setting, const char *name)
{
    for (size_t i = 0; i < setting->request.n_suites; i++)
        if (strcmp(setting->inputs[i].name, name) == 0)
            return &setting->inputs[i];
    ck_abort_msg("no suite '%s'", name);
    return NULL;
}

/* Where every testcase of a suite went; each is somewhere, and units are not cut. */
static void assert_dealt(const TpsPlan *plan, const TpsPlanInput *input)
{
    const TpsPlanSuite *suite = summary_of(plan, input->name);
    g_autoptr(GHashTable) part_of = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree int *unit_of = g_new0(int, input->testcases->len);
    g_autofree int *unit_part = g_new0(int, input->testcases->len);
    guint n = 0;

    for (int part = 0; part < suite->parts; part++) {
        const TpsTask *task =
            tps_plan_find(plan, input->name, (TpsPart){.index = part, .count = suite->parts});

        ck_assert_ptr_nonnull(task);
        ck_assert_uint_gt(task->n_testcases, 0);
        ck_assert_int_eq(task->testcases != NULL, input->ids_known);
        n += task->n_testcases;
        for (guint i = 0; task->testcases && i < task->testcases->len; i++)
            ck_assert(g_hash_table_insert(part_of, g_ptr_array_index(task->testcases, i),
                                          GINT_TO_POINTER(part + 1)));
    }
    ck_assert_uint_eq(n, input->testcases->len);
    tps_units_number(input->testcases, input->unit, NULL, unit_of);
    for (guint i = 0; input->ids_known && i < input->testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(input->testcases, i);
        int part = GPOINTER_TO_INT(g_hash_table_lookup(part_of, testcase->id));

        ck_assert_int_gt(part, 0);
        ck_assert(unit_part[unit_of[i]] == 0 || unit_part[unit_of[i]] == part);
        unit_part[unit_of[i]] = part;
    }
}

/* How long an automatic part may be. */
static int64_t limit_of(const Setting *setting, const TpsPlan *plan)
{
    return setting->request.target_us == TPS_AUTO || plan->makespan_us > plan->target_us
               ? plan->limit_us
               : MIN(plan->limit_us, plan->target_us);
}

static void assert_task(const Setting *setting, const TpsPlan *plan, const TpsTask *task)
{
    const TpsPlanSuite *suite = summary_of(plan, task->suite);
    const TpsSuite *declared = input_of(setting, task->suite)->declared;

    ck_assert_int_eq(task->weight_us, task->setup_us + task->execution_us + task->teardown_us);
    ck_assert_int_ge(task->worker, 0);
    ck_assert_int_lt(task->worker, plan->size);
    if (declared && declared->weight_us != TPS_AUTO)
        ck_assert_int_eq(task->weight_us, declared->weight_us);
    else if ((!declared || declared->parts == TPS_AUTO) && suite->notes->len == 0)
        ck_assert_int_le(task->weight_us, limit_of(setting, plan));
    if (suite->evidence == TPS_EVIDENCE_GUESSED) {
        ck_assert_int_gt(task->execution_us, 0);
        ck_assert(holds(suite->notes, "no runtime data"));
    }
}

static int compare_descending(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

    return one < two ? 1 : one > two ? -1 : 0;
}

static void assert_size(const Setting *setting, const TpsPlan *plan)
{
    const TpsPlanRequest *request = &setting->request;
    g_autofree int64_t *weight_us = g_new0(int64_t, plan->tasks->len);
    size_t n = plan->tasks->len;

    for (guint i = 0; i < n; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        weight_us[i] = task->weight_us;
    }
    ck_assert_int_eq(plan->makespan_us,
                     tps_pool_simulate(weight_us, n, plan->size, NULL, NULL, NULL));
    qsort(weight_us, n, sizeof *weight_us, compare_descending);
    ck_assert_int_le(plan->makespan_us - plan->makespan_us / 1000,
                     tps_pool_simulate(weight_us, n, plan->size, NULL, NULL, NULL));
    ck_assert_int_le(plan->makespan_lower_bound_us, plan->makespan_us);
    ck_assert_int_ge(plan->target_us, request->target_us);
    ck_assert(plan->target_us >= weight_us[0] || plan->makespan_us > plan->target_us);
    ck_assert_int_eq(holds(plan->notes, " and miss"), plan->makespan_us > plan->target_us);
    ck_assert_int_eq(holds(plan->notes, "is raised to"),
                     request->target_us != TPS_AUTO && plan->target_us > request->target_us);
    if (request->size != TPS_AUTO) {
        ck_assert_int_eq(plan->size, request->size);
        return;
    }
    ck_assert(!request->max_size || plan->size <= request->max_size);
    /* A worker more would have nothing to do: whole suites end as soon. */
    ck_assert(plan->makespan_us <= plan->target_us || plan->size == request->max_size ||
              plan->size == (int)n);
    ck_assert(plan->makespan_us > plan->target_us || plan->size >= plan->size_lower_bound);
    for (int fewer = 1; fewer < plan->size; fewer++)
        ck_assert_int_gt(tps_pool_simulate(weight_us, n, fewer, NULL, NULL, NULL), plan->target_us);
}

START_TEST(random_plans_hold_their_promises)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1801);

    for (int round = 0; round < 600; round++) {
        g_auto(Setting) setting;
        g_autoptr(TpsPlan) plan = NULL;

        draw_request(&setting, rand);
        plan = make(&setting);
        ck_assert_uint_eq(plan->suites->len, setting.request.n_suites);
        for (size_t i = 0; i < setting.request.n_suites; i++)
            assert_dealt(plan, &setting.inputs[i]);
        for (guint i = 0; i < plan->tasks->len; i++)
            assert_task(&setting, plan, g_ptr_array_index(plan->tasks, i));
        assert_size(&setting, plan);
    }
}
END_TEST

static void shuffle_suites(Setting *setting, GRand *rand)
{
    for (size_t i = setting->request.n_suites - 1; i > 0; i--) {
        size_t j = (size_t)g_rand_int_range(rand, 0, (int)i + 1);
        TpsPlanInput swap = setting->inputs[i];

        setting->inputs[i] = setting->inputs[j];
        setting->inputs[j] = swap;
    }
}

START_TEST(the_order_of_suites_changes_no_byte)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1802);

    for (int round = 0; round < 20; round++) {
        g_auto(Setting) setting;
        g_autoptr(TpsPlan) first = NULL;
        g_autofree char *text = NULL;

        draw_request(&setting, rand);
        first = make(&setting);
        text = tps_plan_text(first);
        for (int shuffle = 0; shuffle < 50; shuffle++) {
            g_autoptr(TpsPlan) plan = NULL;
            g_autofree char *again = NULL;

            shuffle_suites(&setting, rand);
            plan = make(&setting);
            again = tps_plan_text(plan);
            ck_assert_str_eq(plan->id, first->id);
            ck_assert_str_eq(again, text);
        }
    }
}
END_TEST

/* Every plan that is made can be read, and is then the same. */
START_TEST(random_plans_can_be_read)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1803);

    for (int round = 0; round < 100; round++) {
        g_auto(Setting) setting;
        g_autoptr(TpsPlan) plan = NULL;
        g_autoptr(TpsPlan) read = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;
        g_autofree char *again = NULL;
        g_autofree char *path = NULL;

        draw_request(&setting, rand);
        plan = make(&setting);
        text = tps_plan_text(plan);
        path = scratch_text("plan.json", text);
        read = tps_plan_load(path, &error);
        ck_assert_msg(read != NULL, "%s", error ? error->message : "");
        again = tps_plan_text(read);
        ck_assert_str_eq(again, text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("planner");
    TCase *tcase = tcase_create("planner");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, plans_one_suite, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, a_guess_is_the_mean_of_its_framework);
    tcase_add_test(tcase, a_count_is_dealt_without_names);
    tcase_add_test(tcase, testcases_keep_the_order_of_the_listing);
    tcase_add_test(tcase, nothing_to_plan_is_an_error);
    tcase_add_loop_test(tcase, absurd_times_are_refused, 0, G_N_ELEMENTS(absurd));
    tcase_add_test(tcase, random_plans_hold_their_promises);
    tcase_add_test(tcase, the_order_of_suites_changes_no_byte);
    tcase_add_test(tcase, random_plans_can_be_read);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
