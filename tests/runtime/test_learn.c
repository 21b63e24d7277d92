/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/json.h"
#include "runtime/data.h"
#include "runtime/learn.h"
#include "runtime/suite_level.h"
#include "tests/reports.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define WHOLE ((TpsPart){0, 1})
#define FIRST ((TpsPart){0, 2})
#define SECOND ((TpsPart){1, 2})

static void plan_add_task(TpsPlan *plan, const char *suite, TpsPart part, guint n_testcases)
{
    TpsTask *task = tps_task_new(suite, part);

    task->n_testcases = n_testcases;
    task->weight_us = 500000;
    g_ptr_array_add(plan->tasks, task);
}

static TpsPlan *plan_new(const char *suite, guint n_testcases)
{
    TpsPlan *plan = tps_plan_new();

    plan->id = g_strdup("plan");
    plan_add_task(plan, suite, WHOLE, n_testcases);
    plan_add_task(plan, suite, FIRST, n_testcases / 2 + n_testcases % 2);
    plan_add_task(plan, suite, SECOND, n_testcases / 2);
    return plan;
}

/* Takes `text`; caller frees. */
static char *replace(char *text, const char *pattern, const char *by)
{
    g_autofree char *old = text;
    g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);

    return g_regex_replace(regex, old, -1, 0, by, 0, NULL);
}

/*
 * The file on one line, so that an expectation is easy to read: ' for ", RUN for the key of a run,
 * and 1@RUN for a testcase that was measured once; caller frees.
 */
static char *one_line(const char *path)
{
    g_autoptr(cJSON) root = tps_json_load(path, NULL);
    char *text;
    char *line;

    ck_assert_ptr_nonnull(root);
    text = cJSON_PrintUnformatted(root);
    line = replace(g_strdup(text), "\\d{8}T\\d{6}-[0-9a-f]{8}", "RUN");
    line = replace(line, "{\"mean\":([^,]+),\"count\":1,\"last\":{\"RUN\":\\1}}", "\\1@RUN");
    cJSON_free(text);
    return g_strdelimit(line, "\"", '\'');
}

/* NULL stays NULL; caller frees. */
static char *quoted(const char *text)
{
    return text ? g_strdelimit(g_strdup(text), "'", '"') : NULL;
}

/* Whatever is learned can be planned with. */
static void assert_loads(const char *path)
{
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_runtime_data_load(data, path, &error), "%s", error ? error->message : "");
}

/* One run of one unsplit suite "A". */
typedef struct {
    const char *name;
    const char *before; /* the file, ' for "; NULL = not there    */
    const char *planned;
    const char *results;
    int64_t wall_us;
    guint n_testcases; /* of the suite                            */
    const char *after;
} Case;

#define A "'A':{'execution_time':"

static const Case cases[] = {
    {"a new file", NULL, "b a", "b:p:2000000 a:p:1000000", 3500000, 2,
     "{'A':{'execution_time':3,'setup_time':0.5,'teardown_time':0,'testcase_count':2,'runs':{'RUN':"
     "{'execution_time':3,'setup_time':0.5,'teardown_time':0,'testcase_count':2,'wall_time':3.5,'"
     "planned_time':0.5}},'testcases':{'a':1@RUN,'b':2@RUN}}}"},
    {"an empty file is a new one", "{}", "a", "a:p:1000000", 1000000, 1,
     "{'A':{'execution_time':1,'setup_time':0,'teardown_time':0,'testcase_count':1,'runs':{'RUN':{'"
     "execution_time':1,'setup_time':0,'teardown_time':0,'testcase_count':1,'wall_time':1,'planned_"
     "time':0.5}},'testcases':{'a':1@RUN}}}"},
    {"merged with what was there",
     "{" A
     "9,'setup_time':7,'testcases':{'a':5,'gone':4}},'B':{'execution_time':1,'setup_time':2}}",
     "a b", "a:p:1000000 b:p:2000000", 3000000, 2,
     "{'A':{'execution_time':3,'setup_time':0,'teardown_time':0,'testcase_count':2,'runs':{'RUN':{'"
     "execution_time':3,'setup_time':0,'teardown_time':0,'testcase_count':2,'wall_time':3,'planned_"
     "time':0.5}},'testcases':{'a':1@RUN,'b':2@RUN,'gone':4}},'B':{'execution_time':1,'setup_time':"
     "2,'teardown_time':0}}"},
    {"unknown keys are kept",
     "{'version':3,'Z':[1],'A':{'note':'x','execution_time':9,'setup_time':0,'testcases':{'a':{'"
     "mean':5,'spread':2,'owner':['x']}}}}",
     "a", "a:p:1000000", 1000000, 1,
     "{'Z':[1],'version':3,'A':{'execution_time':1,'setup_time':0,'teardown_time':0,'testcase_"
     "count':1,'note':'x','runs':{'RUN':{'execution_time':1,'setup_time':0,'teardown_time':0,'"
     "testcase_count':1,'wall_time':1,'planned_time':0.5}},'testcases':{'a':{'mean':1,'count':1,'"
     "last':{'RUN':1},'owner':['x']}}}}"},
    {"sorted by bytes", "{'b':{'execution_time':1,'setup_time':0}}", "b B a", "b:p:0 B:p:0 a:p:0",
     0, 3,
     "{'A':{'execution_time':0,'setup_time':0,'teardown_time':0,'testcase_count':3,'runs':{'RUN':{'"
     "execution_time':0,'setup_time':0,'teardown_time':0,'testcase_count':3,'wall_time':0,'planned_"
     "time':0.5}},'testcases':{'B':0@RUN,'a':0@RUN,'b':0@RUN}},'b':{'execution_time':1,'setup_time'"
     ":0,'teardown_time':0}}"},
    {"only ever skipped is marked", NULL, "a s", "a:p:1000000 s:s:0", 1000000, 2,
     "{'A':{'execution_time':1,'setup_time':0,'teardown_time':0,'testcase_count':2,'runs':{'RUN':{'"
     "execution_time':1,'setup_time':0,'teardown_time':0,'testcase_count':2,'wall_time':1,'planned_"
     "time':0.5}},'testcases':{'a':1@RUN,'s':{'mean':0,'skipped':true,'seen':'RUN'}}}}"},
    {"skipped now, but measured before", "{" A "5,'setup_time':0,'testcases':{'s':5}}}", "s",
     "s:s:0", 0, 1,
     "{'A':{'execution_time':5,'setup_time':0,'teardown_time':0,'testcase_count':1,'runs':{'RUN':{'"
     "setup_time':0,'teardown_time':0,'testcase_count':1,'wall_time':0,'planned_time':0.5}},'"
     "testcases':{'s':{'mean':5,'seen':'RUN'}}}}"},
    {"the mark goes when it runs",
     "{" A "0,'setup_time':0,'testcases':{'s':{'mean':0,'skipped':true}}}}", "s", "s:p:3000000",
     3000000, 1,
     "{'A':{'execution_time':3,'setup_time':0,'teardown_time':0,'testcase_count':1,'runs':{'RUN':{'"
     "execution_time':3,'setup_time':0,'teardown_time':0,'testcase_count':1,'wall_time':3,'planned_"
     "time':0.5}},'testcases':{'s':3@RUN}}}"},
    {"the mark stays when it is skipped again",
     "{" A "0,'setup_time':0,'testcases':{'s':{'mean':0,'skipped':true}}}}", "s", "s:s:0", 0, 1,
     "{'A':{'execution_time':0,'setup_time':0,'teardown_time':0,'testcase_count':1,'runs':{'RUN':{'"
     "setup_time':0,'teardown_time':0,'testcase_count':1,'wall_time':0,'planned_time':0.5}},'"
     "testcases':{'s':{'mean':0,'skipped':true,'seen':'RUN'}}}}"},
    {"the mark goes when it fails",
     "{" A "0,'setup_time':0,'testcases':{'s':{'mean':0,'skipped':true}}}}", "s", "s:f:3000000",
     3000000, 1,
     "{'A':{'execution_time':0,'setup_time':0,'teardown_time':0,'testcase_count':1,'runs':{'RUN':{'"
     "setup_time':0,'teardown_time':0,'testcase_count':1,'wall_time':3,'planned_time':0.5}}}}"},
    {"failed ones keep their time", "{" A "9,'setup_time':0,'testcases':{'e':4,'f':5}}}", "f e n",
     "f:f:1 e:e:2 n:f:3", 6, 3,
     "{'A':{'execution_time':9,'setup_time':0,'teardown_time':0,'testcase_count':3,'runs':{'RUN':{'"
     "setup_time':0,'teardown_time':0,'testcase_count':3,'wall_time':6e-06,'planned_time':0.5}},'"
     "testcases':{'e':{'mean':4,'seen':'RUN'},'f':{'mean':5,'seen':'RUN'}}}}"},
    {"a partial run keeps the sums",
     "{" A "9,'setup_time':1,'testcase_count':3,'testcases':{'a':2,'b':3}}}", "a", "a:p:1000000",
     1500000, 3,
     "{'A':{'execution_time':4,'setup_time':0.5,'teardown_time':0,'testcase_count':2,'runs':{'RUN':"
     "{'setup_time':0.5,'teardown_time':0,'wall_time':1.5}},'testcases':{'a':1@RUN,'b':3}}}"},
    {"of a partial run something is better than nothing", NULL, "a", "a:p:1000000", 1000000, 3,
     "{'A':{'execution_time':1,'setup_time':0,'teardown_time':0,'testcase_count':1,'runs':{'RUN':{'"
     "setup_time':0,'teardown_time':0,'wall_time':1}},'testcases':{'a':1@RUN}}}"},
    {"a part without all its results teaches no setup", NULL, "a b", "a:p:1000000", 9000000, 2,
     "{'A':{'execution_time':1,'setup_time':0,'teardown_time':0,'testcase_count':1,'runs':{},'"
     "testcases':{'a':1@RUN}}}"},
    {"nothing was reported", "{" A "9,'setup_time':1}}", "a", "", 1000000, 1,
     "{'A':{'execution_time':9,'setup_time':1,'teardown_time':0}}"},
    {"time unknown", "{" A "9,'setup_time':0,'testcases':{'a':2}}}", "a", "a:p:-1", 0, 1,
     "{'A':{'execution_time':2,'setup_time':0,'teardown_time':0,'testcase_count':1,'runs':{'RUN':{'"
     "teardown_time':0,'testcase_count':1,'wall_time':0,'planned_time':0.5}},'"
     "testcases':{'a':{'mean':2,'seen':'RUN'}}}}"},
};

START_TEST(learns)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsPlan) plan = plan_new("A", c->n_testcases);
    g_autoptr(GPtrArray) reports = reports_new();
    g_autofree char *before = quoted(c->before);
    g_autofree char *path = scratch_path("data.json");
    g_autoptr(GError) error = NULL;
    g_autofree char *got = NULL;

    if (before)
        scratch_put("data.json", before);
    g_ptr_array_add(reports, report_new("A", WHOLE, c->planned, c->results, c->wall_us));
    ck_assert_msg(tps_learn_check(path, &error), "%s", error ? error->message : "");
    ck_assert_msg(tps_learn(path, plan, reports, &error), "%s", error ? error->message : "");
    got = one_line(path);
    ck_assert_msg(strcmp(got, c->after) == 0, "%s:\n%s\nnot\n%s", c->name, got, c->after);
    assert_loads(path);
}
END_TEST

/* A file is what it says: read and written, no byte changes. */
static void assert_stable(const char *path)
{
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autofree char *before = scratch_read(path);
    g_autofree char *after = NULL;

    ck_assert(tps_runtime_data_load(data, path, NULL));
    after = tps_runtime_data_text(data);
    ck_assert_str_eq(before, after);
}

/* To learn the same again changes no byte. */
START_TEST(learning_twice_is_learning_once)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsPlan) plan = plan_new("A", c->n_testcases);
    g_autofree char *before = quoted(c->before);
    g_autofree char *path = scratch_path("data.json");
    g_autofree char *once = NULL;
    g_autofree char *twice = NULL;

    if (before)
        scratch_put("data.json", before);
    for (int i = 0; i < 2; i++) {
        g_autoptr(GPtrArray) reports = reports_new();

        g_ptr_array_add(reports, report_new("A", WHOLE, c->planned, c->results, c->wall_us));
        ck_assert(tps_learn(path, plan, reports, NULL));
        *(i ? &twice : &once) = scratch_read(path);
        assert_stable(path);
    }
    ck_assert_str_eq(once, twice);
}
END_TEST

static char *learn_from(guint n_testcases, GPtrArray *reports)
{
    g_autoptr(TpsPlan) plan = plan_new("A", n_testcases);
    g_autofree char *path = scratch_path("data.json");
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_learn(path, plan, reports, &error), "%s", error ? error->message : "");
    assert_loads(path);
    return one_line(path);
}

/* Of the suite it says what some of its testcases take, and nothing of their sum and number. */
START_TEST(a_filtered_run_does_not_know_the_suite)
{
    g_auto(GStrv) include = g_strsplit("a", " ", -1);
    g_autoptr(TpsPlan) plan = plan_new("A", 1);
    g_autoptr(GPtrArray) reports = reports_new();
    g_autofree char *path = scratch_path("data.json");
    g_autofree char *before = g_strdup("{\"A\":{\"execution_time\":9,\"setup_time\":1,"
                                       "\"testcases\":{\"a\":5,\"b\":2,\"c\":2}}}");
    g_autofree char *got = NULL;

    scratch_put("data.json", before);
    plan->filter = tps_filter_new(include, NULL, NULL, NULL);
    g_ptr_array_add(reports, report_new("A", WHOLE, "a", "a:p:1000000", 1500000));
    ck_assert(tps_learn(path, plan, reports, NULL));
    got = one_line(path);
    ck_assert_str_eq(got, "{'A':{'execution_time':5,'setup_time':0.5,'teardown_time':0,'testcase_"
                          "count':3,'runs':{'RUN':{'setup_time':0.5,'teardown_time':0,'wall_time':"
                          "1.5,'planned_time':0.5}},'testcases':{'a':1@RUN,'b':2,'c':2}}}");
}
END_TEST

START_TEST(parts_are_put_together)
{
    g_autoptr(GPtrArray) reports = reports_new();
    TpsPartReport *second = report_new("A", SECOND, "c", "c:p:4000000", 5000000);
    g_autofree char *got = NULL;

    second->teardown_us = 400000;
    g_ptr_array_add(reports, report_new("A", FIRST, "a b", "a:p:1000000 b:p:2000000", 6000000));
    g_ptr_array_add(reports, second);
    got = learn_from(3, reports);
    /* Setup: 3 s and 0.6 s; teardown: none and 0.4 s. */
    ck_assert_str_eq(
        got, "{'A':{'execution_time':7,'setup_time':1.8,'teardown_time':0.2,'testcase_count':3,'"
             "runs':{'RUN "
             "0,2':{'execution_time':3,'setup_time':3,'teardown_time':0,'testcase_count':2,'wall_"
             "time':6,'planned_time':0.5},'RUN "
             "1,2':{'execution_time':4,'setup_time':0.6,'teardown_time':0.4,'testcase_count':1,'"
             "wall_time':5,'planned_time':0.5}},'testcases':{'a':1@RUN,'b':2@RUN,'c':4@RUN}}}");
}
END_TEST

typedef enum { NOT_DONE, KILLED, PROBLEM, CUT_SHORT } Trouble;

static const char *const trouble_names[] = {"not done", "killed", "problem",
                                            "all of its time was of reruns"};

START_TEST(a_part_in_trouble_teaches_no_setup)
{
    g_autoptr(GPtrArray) reports = reports_new();
    TpsPartReport *report = report_new("A", WHOLE, "a", "a:p:1000000", 6000000);
    g_autofree char *got = NULL;

    if (_i == NOT_DONE)
        report->done = false;
    else if (_i == KILLED)
        report->end = TPS_END_TIMEOUT;
    else if (_i == CUT_SHORT)
        report->rerun_us = report->wall_us;
    else
        g_ptr_array_add(report->problems, g_strdup("truncated"));
    g_ptr_array_add(reports, report);
    got = learn_from(1, reports);
    ck_assert_msg(strcmp(got, "{'A':{'execution_time':1,'setup_time':0,'teardown_time':0,'testcase_"
                              "count':1,'runs':{},'testcases':{'a':1@RUN}}}") == 0,
                  "%s: %s", trouble_names[_i], got);
}
END_TEST

START_TEST(the_last_attempt_counts)
{
    for (int order = 0; order < 2; order++) {
        g_autoptr(GPtrArray) reports = reports_new();
        TpsPartReport *again = report_new("A", WHOLE, "a", "a:p:2000000", 2000000);
        g_autofree char *got = NULL;

        again->attempt = 2;
        g_ptr_array_add(reports, again);
        g_ptr_array_insert(reports, order, report_new("A", WHOLE, "a", "a:p:9000000", 9000000));
        got = learn_from(1, reports);
        ck_assert_str_eq(
            got, "{'A':{'execution_time':2,'setup_time':0,'teardown_time':0,'testcase_count':1,'"
                 "runs':{'RUN':{'execution_time':2,'setup_time':0,'teardown_time':0,'testcase_"
                 "count':1,'wall_time':2,'planned_time':0.5}},'testcases':{'a':2@RUN}}}");
    }
}
END_TEST

/* Some frameworks list what other parts run as skipped: the part that ran it has the time. */
START_TEST(skipped_elsewhere_is_not_skipped)
{
    g_autoptr(GPtrArray) reports = reports_new();
    g_autofree char *got = NULL;

    if (_i == 1)
        scratch_put("data.json", "{\"A\": {\"execution_time\": 0, \"setup_time\": 0, "
                                 "\"testcases\": {\"a\": {\"mean\": 0, \"skipped\": true}}}}");
    g_ptr_array_add(reports, report_new("A", FIRST, "a", "a:p:1000000 b:s:0", 1000000));
    g_ptr_array_add(reports, report_new("A", SECOND, "b", "a:s:0 b:p:2000000", 2000000));
    got = learn_from(2, reports);
    ck_assert_ptr_nonnull(strstr(got, "'testcases':{'a':1@RUN,'b':2@RUN}"));
    ck_assert_ptr_nonnull(strstr(got, "'execution_time':3,"));
}
END_TEST

/* Of a part run alone: what others were to run is neither counted nor marked. */
START_TEST(skipped_in_a_part_run_alone_is_unknown)
{
    g_autoptr(GPtrArray) reports = reports_new();
    g_autofree char *got = NULL;

    g_ptr_array_add(reports, report_new("A", FIRST, "a", "a:p:1000000 b:s:0", 1000000));
    got = learn_from(2, reports);
    ck_assert_str_eq(
        got,
        "{'A':{'execution_time':1,'setup_time':0,'teardown_time':0,'testcase_count':1,'runs':{'RUN "
        "0,2':{'execution_time':1,'setup_time':0,'teardown_time':0,'testcase_count':1,'wall_time':"
        "1,'planned_time':0.5}},'testcases':{'a':1@RUN}}}");
}
END_TEST

static int64_t time_of(const TpsRuntimeData *data, const char *id)
{
    TpsRuntimeTestcase found;

    tps_runtime_data_match(data, "A", &id, 1, &found);
    ck_assert_uint_gt(found.n_samples, 0);
    return tps_samples_level(found.samples, found.n_samples);
}

START_TEST(odd_names_survive)
{
    g_autoptr(GPtrArray) reports = reports_new();
    TpsPartReport *report = report_new("A", WHOLE, "", "", 0);
    g_autofree char *path = scratch_path("data.json");
    g_autoptr(TpsPlan) plan = plan_new("A", 1);
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    const char *id = "t.py::x[\"\n\033$(x)\\u0041-../]";

    g_ptr_array_add(report->planned, g_strdup(id));
    g_ptr_array_add(report->results, tps_result_new(id, TPS_OUTCOME_PASSED, 7));
    g_ptr_array_add(reports, report);
    ck_assert(tps_learn(path, plan, reports, NULL));
    ck_assert(tps_runtime_data_load(data, path, NULL));
    ck_assert_int_eq(time_of(data, id), 7);
}
END_TEST

/* Files of another form are not touched. */
static const char *const foreign[] = {
    "{\"a.py::x\": 1.5}",
    "[[\"a.py::x\", 1.5]]",
    "{\"spec/a.rb\": 3}",
    "5",
};

START_TEST(refuses_another_form)
{
    g_autofree char *path = scratch_text("data.json", foreign[_i]);
    g_autoptr(TpsPlan) plan = plan_new("A", 1);
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *after = NULL;

    g_ptr_array_add(reports, report_new("A", WHOLE, "a", "a:p:1", 1));
    ck_assert(!tps_learn_check(path, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "is not in the form that is written");
    ck_assert(!tps_learn(path, plan, reports, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, path);
    after = scratch_read(path);
    ck_assert_str_eq(after, foreign[_i]);
}
END_TEST

START_TEST(refuses_half_a_file)
{
    g_autofree char *path = scratch_text("data.json", "{\"A\": {\"execution_time\": 1,");
    g_autoptr(TpsPlan) plan = plan_new("A", 1);
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *after = NULL;

    ck_assert(!tps_learn(path, plan, reports, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "not JSON");
    after = scratch_read(path);
    ck_assert_str_eq(after, "{\"A\": {\"execution_time\": 1,");
}
END_TEST

/* 100 = 30 setup + (10 + 15) + (20 + 15) + 10 teardown: what lies between belongs to testcases. */
START_TEST(time_between_testcases_is_theirs)
{
    g_autofree char *path = scratch_path("data.json");
    g_autoptr(TpsPlan) plan = plan_new("A", 2);
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    TpsPartReport *report = report_new("A", WHOLE, "a b", "a:p:10 b:p:20", 100);
    TpsSuiteLevel suite;

    report->setup_us = 30;
    report->teardown_us = 10;
    g_ptr_array_add(reports, report);
    ck_assert(tps_learn(path, plan, reports, NULL));
    ck_assert(tps_runtime_data_load(data, path, NULL));
    ck_assert(tps_suite_level(data, "A", &suite));
    ck_assert_int_eq(suite.setup_us, 30);
    ck_assert_int_eq(suite.teardown_us, 10);
    ck_assert_int_eq(suite.execution_us, 60);
    ck_assert_int_eq(time_of(data, "a"), 25);
    ck_assert_int_eq(time_of(data, "b"), 35);
}
END_TEST

/* What one part of two testcases teaches; -1 = nothing. */
static const struct {
    const char *name;
    const char *results;
    int64_t wall_us;
    int64_t told_us; /* setup, by the framework */
    int n_pieces;
    int n_processes;
    int64_t setup_us;
    int64_t execution_us;
    int64_t a_us;
} overheads[] = {
    {"the rest is setup", "a:p:100 b:p:200", 1000, -1, 1, 1, 700, 300, 100},
    {"told: the rest lies between", "a:p:100 b:p:200", 1000, 500, 1, 1, 500, 500, 200},
    {"two pieces paid it", "a:p:100 b:p:200", 1000, -1, 2, 2, 350, 300, 100},
    {"a process for each testcase", "a:p:100 b:p:200", 1000, -1, 1, 2, 350, 650, 275},
    {"told by each of them", "a:p:100 b:p:200", 1000, 600, 1, 2, 300, 700, 300},
    {"several at a time", "a:p:700 b:p:900", 1000, -1, 1, 1, -1, 1600, 700},
    {"several at a time, and told", "a:p:700 b:p:900", 1000, 50, 1, 1, 50, 1600, 700},
    {"all of the time is theirs", "a:p:400 b:p:600", 1000, -1, 1, 1, 0, 1000, 400},
    {"of one nobody knows how long", "a:p:100 b:p:-1", 1000, -1, 1, 1, -1, -1, 100},
    {"one failed, and has no time", "a:p:100 b:f:-1", 1000, -1, 1, 1, -1, -1, 100},
    {"no times at all", "a:p:-1 b:p:-1", 1000, -1, 1, 1, -1, 1000, -1},
    {"no times at all, but setup", "a:p:-1 b:s:0", 1000, 300, 1, 1, 300, 700, -1},
};

START_TEST(overhead_is_that_of_a_process)
{
    g_autofree char *path = scratch_path("data.json");
    g_autoptr(TpsPlan) plan = plan_new("A", 2);
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    TpsPartReport *report =
        report_new("A", WHOLE, "a b", overheads[_i].results, overheads[_i].wall_us);
    TpsRuntimeTestcase a;
    const char *id = "a";
    TpsSuiteLevel suite;

    report->setup_us = overheads[_i].told_us;
    report->n_pieces = overheads[_i].n_pieces;
    report->n_processes = overheads[_i].n_processes;
    g_ptr_array_add(reports, report);
    ck_assert(tps_learn(path, plan, reports, NULL));
    ck_assert(tps_runtime_data_load(data, path, NULL));
    ck_assert(tps_suite_level(data, "A", &suite));
    ck_assert_msg(suite.setup_us == overheads[_i].setup_us, "%s: setup %" G_GINT64_FORMAT,
                  overheads[_i].name, suite.setup_us);
    ck_assert_msg(suite.execution_us == overheads[_i].execution_us, "%s: %" G_GINT64_FORMAT,
                  overheads[_i].name, suite.execution_us);
    tps_runtime_data_match(data, "A", &id, 1, &a);
    ck_assert_uint_eq(a.n_samples, overheads[_i].a_us >= 0);
    if (a.n_samples > 0)
        ck_assert_int_eq(tps_samples_level(a.samples, a.n_samples), overheads[_i].a_us);
}
END_TEST

/* 100 = 30 setup + (10 + 15) + (20 + 15) + 10 teardown; another 500 ran b again, which took 450. */
START_TEST(reruns_are_no_part_of_it)
{
    g_autofree char *path = scratch_path("data.json");
    g_autoptr(TpsPlan) plan = plan_new("A", 2);
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    TpsPartReport *report = report_new("A", WHOLE, "a b", "a:p:10 b:k:450", 600);
    TpsResult *again = g_ptr_array_index(report->results, 1);
    TpsSuiteLevel suite;

    again->attempts = tps_results_new();
    results_add(again->attempts, "b:f:20");
    report->rerun_us = 500;
    report->setup_us = 30;
    report->teardown_us = 10;
    g_ptr_array_add(reports, report);
    ck_assert(tps_learn(path, plan, reports, NULL));
    ck_assert(tps_runtime_data_load(data, path, NULL));
    ck_assert(tps_suite_level(data, "A", &suite));
    ck_assert_int_eq(suite.setup_us, 30);
    ck_assert_int_eq(suite.teardown_us, 10);
    ck_assert_int_eq(time_of(data, "a"), 25);
}
END_TEST

START_TEST(says_what_cannot_be_written)
{
    g_autofree char *path = scratch_path("none/data.json");
    g_autoptr(TpsPlan) plan = plan_new("A", 1);
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(GError) error = NULL;

    g_ptr_array_add(reports, report_new("A", WHOLE, "a", "a:p:1", 1));
    ck_assert(!tps_learn_check(path, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "none/data.json");
    ck_assert(!tps_learn(path, plan, reports, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "none/data.json");
}
END_TEST

/* What a run says about a suite that ran well on the days before. */
typedef struct {
    const char *name;
    const char *results;
    guint n_testcases; /* that the plan counts */
    int64_t a_us;
    int64_t execution_us;
} Poison;

static const Poison poisons[] = {
    {"all pass", "a:p:200 b:p:100", 2, 170, 270},
    {"a fails at once", "a:f:1 b:p:100", 2, 100, 200},
    {"a ends in an error", "a:e:0 b:p:100", 2, 100, 200},
    {"a is flaky", "a:k:1 b:p:100", 2, 100, 200},
    {"all are skipped", "a:s:0 b:s:0", 2, 100, 200},
    {"nobody knows how long a took", "a:p:-1 b:p:100", 2, 100, 200},
    {"only a was asked for", "a:p:200", 2, 170, 200},
    {"nothing was reported", "", 2, 100, 200},
};

static void learn_run(const char *path, int day, const char *results, guint n_testcases)
{
    g_autoptr(TpsPlan) plan = plan_new("A", n_testcases);
    g_autoptr(GPtrArray) reports = reports_new();
    TpsPartReport *report = report_new("A", WHOLE, "a b", results, 1000);

    report->run_id = g_strdup_printf("%d", day);
    report->started_us += INT64_C(86400000000) * day;
    if (n_testcases > report->results->len) /* what was not asked for is no failure */
        g_ptr_array_set_size(report->planned, (int)report->results->len);
    g_ptr_array_add(reports, report);
    ck_assert(tps_learn(path, plan, reports, NULL));
}

START_TEST(no_poison)
{
    const Poison *c = &poisons[_i];
    g_autofree char *path = scratch_path("data.json");
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    TpsSuiteLevel level;

    for (int day = 1; day <= 3; day++)
        learn_run(path, day, "a:p:100 b:p:100", 2);
    learn_run(path, 4, c->results, c->n_testcases);
    ck_assert(tps_runtime_data_load(data, path, NULL));
    ck_assert_msg(time_of(data, "a") == c->a_us, "%s: %" G_GINT64_FORMAT, c->name,
                  time_of(data, "a"));
    ck_assert_int_eq(time_of(data, "b"), 100);
    ck_assert(tps_suite_level(data, "A", &level));
    ck_assert_msg(level.execution_us == c->execution_us, "%s: %" G_GINT64_FORMAT, c->name,
                  level.execution_us);
    ck_assert_int_eq(level.testcase_count, 2);
}
END_TEST

/* One process for each shard, one file; and all of it once more. */
START_TEST(shards_learn_into_one_file)
{
    g_autofree char *path = scratch_path("data.json");
    g_autoptr(TpsPlan) plan = plan_new("A", 2);
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autofree char *once = NULL;
    g_autofree char *twice = NULL;
    TpsSuiteLevel level;

    for (int i = 0; i < 4; i++) {
        g_autoptr(GPtrArray) reports = reports_new();
        TpsPartReport *report = i % 2 ? report_new("A", SECOND, "b", "b:p:20", 30)
                                      : report_new("A", FIRST, "a", "a:p:10", 30);

        report->run_id = g_strdup("pipeline 7");
        report->started_us += i % 2 * INT64_C(9000000);
        g_ptr_array_add(reports, report);
        ck_assert(tps_learn(path, plan, reports, NULL));
        if (i == 1)
            once = scratch_read(path);
    }
    twice = scratch_read(path);
    ck_assert_str_eq(once, twice);
    ck_assert(tps_runtime_data_load(data, path, NULL));
    ck_assert(tps_suite_level(data, "A", &level));
    ck_assert_int_eq(level.execution_us, 30);
    ck_assert_int_eq(level.setup_us, 15);
}
END_TEST

/* Reports of two runs in one directory are two runs; those of another plan are none of ours. */
START_TEST(runs_are_told_apart)
{
    g_autofree char *path = scratch_path("data.json");
    g_autoptr(TpsPlan) plan = plan_new("A", 1);
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    size_t n;

    for (int i = 0; i < 3; i++) {
        TpsPartReport *report = report_new("A", WHOLE, "a", i < 2 ? "a:p:100" : "a:p:999", 1000);

        report->run_id = g_strdup_printf("%d", i);
        report->started_us += i * INT64_C(1000000);
        if (i == 2) {
            g_free(report->plan_id);
            report->plan_id = g_strdup("other");
        }
        g_ptr_array_insert(reports, 0, report);
    }
    ck_assert(tps_learn(path, plan, reports, NULL));
    ck_assert(tps_runtime_data_load(data, path, NULL));
    tps_runtime_data_parts(data, "A", &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_int_eq(time_of(data, "a"), 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("learn");
    TCase *tcase = tcase_create("learn");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, learns, 0, G_N_ELEMENTS(cases));
    tcase_add_loop_test(tcase, learning_twice_is_learning_once, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, a_filtered_run_does_not_know_the_suite);
    tcase_add_test(tcase, parts_are_put_together);
    tcase_add_loop_test(tcase, a_part_in_trouble_teaches_no_setup, 0, CUT_SHORT + 1);
    tcase_add_test(tcase, the_last_attempt_counts);
    tcase_add_loop_test(tcase, skipped_elsewhere_is_not_skipped, 0, 2);
    tcase_add_test(tcase, skipped_in_a_part_run_alone_is_unknown);
    tcase_add_test(tcase, odd_names_survive);
    tcase_add_loop_test(tcase, refuses_another_form, 0, G_N_ELEMENTS(foreign));
    tcase_add_test(tcase, refuses_half_a_file);
    tcase_add_test(tcase, time_between_testcases_is_theirs);
    tcase_add_test(tcase, reruns_are_no_part_of_it);
    tcase_add_test(tcase, says_what_cannot_be_written);
    tcase_add_loop_test(tcase, no_poison, 0, G_N_ELEMENTS(poisons));
    tcase_add_test(tcase, shards_learn_into_one_file);
    tcase_add_test(tcase, runs_are_told_apart);
    tcase_add_loop_test(tcase, overhead_is_that_of_a_process, 0, G_N_ELEMENTS(overheads));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
