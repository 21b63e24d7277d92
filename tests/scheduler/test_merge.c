/* SPDX-License-Identifier: MIT */
#include "formats/junit.h"
#include "scheduler/merge.h"
#include "tests/report_text.h"
#include "tests/reports.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/*
 * The plan of every test here: suite "api" in two parts, "cnt" in two parts of which only the count
 * is known, "one" unsplit.
 */
typedef struct {
    const char *suite;
    TpsPart part;
    const char *testcases;
    bool ids_known;
} Planned;

static const Planned planned[] = {
    {"api", {0, 2}, "a1 a2 a3", true}, {"api", {1, 2}, "b1 b2", true},
    {"cnt", {0, 2}, "c1 c2", false},   {"cnt", {1, 2}, "c3", false},
    {"one", {0, 1}, "o1", true},
};

#define N_TASKS G_N_ELEMENTS(planned)
#define N_TESTCASES 9

enum { API_0, API_1, CNT_0, CNT_1, ONE };

static TpsPlan *plan_new(void)
{
    TpsPlan *plan = tps_plan_new();

    plan->name = g_strdup("test");
    plan->id = g_strdup("plan");
    for (size_t i = 0; i < N_TASKS; i++) {
        TpsTask *task = tps_task_new(planned[i].suite, planned[i].part);
        GPtrArray *testcases = g_ptr_array_new_with_free_func(g_free);

        strings_add(testcases, planned[i].testcases);
        task->n_testcases = testcases->len;
        if (planned[i].ids_known)
            task->testcases = testcases;
        else
            g_ptr_array_unref(testcases);
        g_ptr_array_add(plan->tasks, task);
    }
    return plan;
}

static TpsPartReport *task_report(size_t task, const char *results)
{
    TpsPartReport *report = report_new(planned[task].suite, planned[task].part,
                                       planned[task].testcases, results, 1000000);

    report->digest = g_strdup_printf("digest %zu %s", task, results);
    return report;
}

/* All testcases of a task passed. */
static TpsPartReport *green_report(size_t task)
{
    g_auto(GStrv) ids = g_strsplit(planned[task].testcases, " ", -1);
    g_autofree char *joined = g_strjoinv(":p:5 ", ids);
    g_autofree char *results = g_strconcat(joined, ":p:5", NULL);

    return task_report(task, results);
}

static GPtrArray *green_reports(void)
{
    GPtrArray *reports = reports_new();

    for (size_t i = 0; i < N_TASKS; i++)
        g_ptr_array_add(reports, green_report(i));
    return reports;
}

/* Put another report in the place of a task's green one. */
static TpsPartReport *replace(GPtrArray *reports, size_t task, const char *results)
{
    TpsPartReport *report = task_report(task, results);

    tps_part_report_free(g_ptr_array_index(reports, task));
    reports->pdata[task] = report;
    return report;
}

static const TpsResult *result_of(const TpsReport *merge, const char *suite, const char *id)
{
    const TpsResult *found = NULL;

    for (guint i = 0; i < merge->suites->len; i++) {
        const TpsReportSuite *merged = g_ptr_array_index(merge->suites, i);

        for (guint j = 0; j < merged->results->len; j++) {
            const TpsResult *result = g_ptr_array_index(merged->results, j);

            if (strcmp(merged->name, suite) != 0 || strcmp(result->id, id) != 0)
                continue;
            ck_assert_msg(!found, "%s %s is in it twice", suite, id);
            found = result;
        }
    }
    return found;
}

/* R2: every planned testcase exactly once, whatever came in. */
static void assert_all_there(const TpsReport *merge)
{
    for (size_t i = 0; i < N_TASKS; i++) {
        g_auto(GStrv) ids = g_strsplit(planned[i].testcases, " ", -1);

        for (char **id = ids; planned[i].ids_known && *id; id++)
            ck_assert_msg(result_of(merge, planned[i].suite, *id) != NULL, "%s has no result", *id);
    }
}

static void assert_problems(const TpsReport *merge, const char *problems, const char *notes)
{
    g_autofree char *got = lines(merge->problems);
    g_autofree char *said = lines(merge->notes);

    ck_assert_str_eq(got, problems);
    ck_assert_str_eq(said, notes);
    ck_assert(tps_report_is_complete(merge) == (*problems == '\0'));
    assert_all_there(merge);
}

static TpsReport *merge_all(const GPtrArray *reports)
{
    g_autoptr(TpsPlan) plan = plan_new();
    TpsReport *merge = tps_merge_plan(plan, reports);

    ck_assert(merge->checked);
    return merge;
}

START_TEST(green_is_complete)
{
    g_autoptr(GPtrArray) reports = green_reports();
    g_autoptr(TpsReport) merge = merge_all(reports);
    static const char *const names[] = {"api", "cnt", "one"};
    static const char *const api[] = {"a1", "a2", "a3", "b1", "b2"};
    const TpsReportSuite *suite = g_ptr_array_index(merge->suites, 0);

    assert_problems(merge, "", "");
    ck_assert_uint_eq(merge->suites->len, G_N_ELEMENTS(names));
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        ck_assert_str_eq(((TpsReportSuite *)g_ptr_array_index(merge->suites, i))->name, names[i]);
    ck_assert_uint_eq(suite->results->len, G_N_ELEMENTS(api));
    for (guint i = 0; i < G_N_ELEMENTS(api); i++)
        ck_assert_str_eq(((TpsResult *)g_ptr_array_index(suite->results, i))->id, api[i]);
    ck_assert_uint_eq(merge->n_results, N_TESTCASES);
    ck_assert_uint_eq(merge->count[TPS_OUTCOME_PASSED], N_TESTCASES);
    ck_assert_uint_eq(tps_report_n_bad(merge), 0);
    ck_assert_str_eq(suite->hostname, "host");
    ck_assert_int_eq(merge->ended_us - merge->started_us, 1000000);
}
END_TEST

/* Enough had failed: cnt 1,2 was stopped, one never started; cnt 0,2 got lost all the same. */
START_TEST(what_was_left_out_is_no_problem)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(GPtrArray) reports = green_reports();
    g_autoptr(GHashTable) not_run = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_autoptr(TpsReport) merge = NULL;
    g_autofree char *problems = NULL;
    TpsPartReport *stopped;

    replace(reports, API_0, "a1:f:5 a2:p:5 a3:p:5");
    stopped = replace(reports, CNT_1, "");
    stopped->end = TPS_END_CANCELLED;
    strings_add(stopped->problems, "truncated");
    g_ptr_array_remove_index(reports, ONE);
    g_ptr_array_remove_index(reports, CNT_0);
    g_hash_table_add(not_run, g_ptr_array_index(plan->tasks, ONE));
    merge = tps_merge_plan_cut_short(plan, reports, not_run);
    problems = lines(merge->problems);
    ck_assert_str_eq(problems, "cnt 0,2: its report is missing\n");
    ck_assert_uint_eq(merge->n_not_run, 2);
    ck_assert_uint_eq(merge->count[TPS_OUTCOME_SKIPPED], 0);
    ck_assert_uint_eq(merge->count[TPS_OUTCOME_FAILED], 1);
    ck_assert_int_eq(result_of(merge, "one", "o1")->outcome, TPS_OUTCOME_SKIPPED);
    ck_assert_int_eq(result_of(merge, "cnt", "c3")->outcome, TPS_OUTCOME_SKIPPED);
}
END_TEST

/* The file alone must not look as if that was all, nor be merged into something green. */
START_TEST(what_was_left_out_stays_red)
{
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(GPtrArray) reports = green_reports();
    g_autoptr(GHashTable) not_run = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_autoptr(TpsReport) merge = NULL;
    g_autofree char *text = NULL;

    g_ptr_array_remove_index(reports, ONE);
    g_hash_table_add(not_run, g_ptr_array_index(plan->tasks, ONE));
    merge = tps_merge_plan_cut_short(plan, reports, not_run);
    ck_assert(tps_report_is_complete(merge));
    text = report_text(merge, "junit");
    ck_assert_ptr_nonnull(strstr(text, "name=\"tpsched.complete\" value=\"false\""));
    ck_assert_ptr_nonnull(strstr(text, "<error message=\"1 testcases were not run"));
}
END_TEST

START_TEST(flaky_may_be_bad)
{
    g_autoptr(GPtrArray) reports = green_reports();
    g_autoptr(TpsReport) merge = NULL;

    replace(reports, API_0, "a1:k:5 a2:p:5 a3:p:5");
    merge = merge_all(reports);
    ck_assert_uint_eq(tps_report_n_bad(merge), 0);
    merge->flaky_fails = true;
    ck_assert_uint_eq(tps_report_n_bad(merge), 1);
}
END_TEST

START_TEST(each_missing_part_is_named)
{
    static const char *const problems[N_TASKS] = {
        "api 0,2: its report is missing\n", "api 1,2: its report is missing\n",
        "cnt 0,2: its report is missing\n", "cnt 1,2: its report is missing\n",
        "one: its report is missing\n"};
    static const char *const ids[N_TASKS] = {"a2", "b1", "cnt 0,2: all 2 testcases",
                                             "cnt 1,2: all 1 testcases", "o1"};
    g_autoptr(GPtrArray) reports = green_reports();
    g_autoptr(TpsReport) merge = NULL;
    const TpsResult *result;

    g_ptr_array_remove_index(reports, (guint)_i);
    merge = merge_all(reports);
    assert_problems(merge, problems[_i], "");
    result = result_of(merge, planned[_i].suite, ids[_i]);
    ck_assert_ptr_nonnull(result);
    ck_assert_int_eq(result->outcome, TPS_OUTCOME_ERROR);
    ck_assert_str_eq(result->type, "tpsched.missing-part");
    ck_assert_uint_gt(tps_report_n_bad(merge), 0);
}
END_TEST

START_TEST(no_reports_at_all)
{
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(TpsReport) merge = merge_all(reports);

    ck_assert_uint_eq(merge->problems->len, N_TASKS);
    assert_all_there(merge);
    ck_assert_uint_eq(merge->count[TPS_OUTCOME_PASSED], 0);
    ck_assert_int_eq(merge->started_us, TPS_TIME_UNKNOWN);
}
END_TEST

/* One thing is wrong with a green run. */
typedef struct {
    const char *name;
    void (*spoil)(GPtrArray *reports);
    const char *problems;
    const char *notes;
    guint count[TPS_OUTCOME_ERROR + 1]; /* skipped, passed, flaky, failed, error */
} Spoiled;

static void given_twice(GPtrArray *reports)
{
    g_ptr_array_add(reports, green_report(API_0));
}

static void given_thrice(GPtrArray *reports)
{
    given_twice(reports);
    given_twice(reports);
}

static void contradicting(GPtrArray *reports)
{
    g_ptr_array_add(reports, task_report(API_1, "b1:p:5 b2:f:5"));
}

static void second_attempt(GPtrArray *reports)
{
    TpsPartReport *again = green_report(API_0);

    replace(reports, API_0, "a1:p:5 a2:f:9 a3:e:9");
    again->attempt = 2;
    g_ptr_array_insert(reports, 0, again);
}

static void second_attempt_failed(GPtrArray *reports)
{
    TpsPartReport *again = task_report(API_0, "a1:f:5 a2:f:5 a3:p:5");

    replace(reports, API_0, "a1:p:5 a2:f:9 a3:e:9");
    again->attempt = 2;
    g_ptr_array_add(reports, again);
}

static void second_attempt_skipped(GPtrArray *reports)
{
    TpsPartReport *again = task_report(API_0, "a1:s:0 a2:s:0 a3:s:0");

    replace(reports, API_0, "a1:p:5 a2:f:9 a3:e:9");
    again->attempt = 2;
    g_ptr_array_add(reports, again);
}

static void second_attempt_short(GPtrArray *reports)
{
    TpsPartReport *again = task_report(API_0, "a1:p:5");

    again->attempt = 2;
    g_ptr_array_add(reports, again);
}

/* The first attempt of a part has ended badly; the second one runs only `again` of it. */
static void attempt_after_damage(GPtrArray *reports, const char *again, const char *results)
{
    TpsPartReport *first = replace(reports, API_0, "a1:f:5 a2:p:5 a3:p:5");
    TpsPartReport *second = task_report(API_0, results);
    TpsResult *process = tps_result_new("api 0,2: process", TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

    process->type = g_strdup("tpsched.process");
    g_ptr_array_add(first->results, process);
    g_ptr_array_add(first->problems, g_strdup("its report is damaged"));
    second->attempt = 2;
    g_ptr_array_set_size(second->planned, 0);
    strings_add(second->planned, again);
    g_ptr_array_add(reports, second);
}

static void some_again_after_damage(GPtrArray *reports)
{
    attempt_after_damage(reports, "a1", "a1:p:5");
}

static void all_again_after_damage(GPtrArray *reports)
{
    attempt_after_damage(reports, "a1 a2 a3", "a1:p:5 a2:p:5 a3:p:5");
}

static void only_started(GPtrArray *reports)
{
    replace(reports, API_0, "")->done = false;
}

static void only_started_and_counted(GPtrArray *reports)
{
    replace(reports, CNT_0, "")->done = false;
}

static void started_and_ended(GPtrArray *reports)
{
    TpsPartReport *started = task_report(API_0, "");

    started->done = false;
    g_ptr_array_add(reports, started);
}

/* The same attempt once more, and it did not end. */
static void started_later(GPtrArray *reports)
{
    TpsPartReport *started = task_report(API_0, "");

    started->done = false;
    started->started_us += 86400 * INT64_C(1000000);
    g_ptr_array_add(reports, started);
}

static void started_again(GPtrArray *reports)
{
    TpsPartReport *started = task_report(API_0, "");

    started->done = false;
    started->attempt = 2;
    g_ptr_array_add(reports, started);
}

static void truncated(GPtrArray *reports)
{
    TpsPartReport *report = replace(reports, API_0, "a1:p:5");

    g_ptr_array_add(report->problems, g_strdup("its report is truncated"));
}

static void damaged_copy(GPtrArray *reports)
{
    TpsPartReport *copy = green_report(API_0);

    g_ptr_array_add(copy->problems, g_strdup("its report is truncated"));
    g_ptr_array_set_size(copy->results, 1);
    g_ptr_array_add(reports, copy);
}

static void foreign(GPtrArray *reports)
{
    TpsPartReport *report = green_report(API_0);

    g_free(report->plan_id);
    report->plan_id = g_strdup("0123456789abcdef");
    g_ptr_array_add(reports, report);
}

static void no_such_part(GPtrArray *reports)
{
    TpsPartReport *report = green_report(API_0);

    report->part.count = 3;
    g_ptr_array_add(reports, report);
}

static void no_such_suite(GPtrArray *reports)
{
    TpsPartReport *report = green_report(ONE);

    g_free(report->suite);
    report->suite = g_strdup("other");
    g_ptr_array_add(reports, report);
}

static void stranger(GPtrArray *reports)
{
    replace(reports, API_0, "a1:p:5 a2:p:5 a3:p:5 new:p:5");
}

static void stray(GPtrArray *reports)
{
    replace(reports, API_0, "a1:p:5 a2:p:5 a3:p:5 b1:p:5");
}

static void stray_skipped(GPtrArray *reports)
{
    replace(reports, API_0, "a1:p:5 a2:p:5 a3:p:5 b1:s:0 b2:s:0");
}

static void everything_everywhere(GPtrArray *reports)
{
    replace(reports, API_0, "a1:p:5 a2:p:5 a3:p:5 b1:p:5 b2:p:5");
    replace(reports, API_1, "a1:p:5 a2:p:5 a3:p:5 b1:p:5 b2:p:5");
}

/* The runner has dropped the results, and says so. */
static void ignored_everywhere(GPtrArray *reports)
{
    const size_t parts[] = {API_0, API_1};

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        TpsPartReport *report = replace(
            reports, parts[i], parts[i] == API_0 ? "a1:p:5 a2:p:5 a3:p:5" : "b1:p:5 b2:p:5");

        report->n_unselected = 5 - report->planned->len;
        g_ptr_array_add(report->problems, g_strdup("it ignored the selection"));
    }
}

static void counted_twice(GPtrArray *reports)
{
    TpsPartReport *report = replace(reports, CNT_1, "c1:p:5");

    g_ptr_array_set_size(report->planned, 0);
    strings_add(report->planned, "c1");
}

static void counted_too_few(GPtrArray *reports)
{
    TpsPartReport *report = replace(reports, CNT_0, "c1:p:5");

    g_ptr_array_set_size(report->planned, 0);
    strings_add(report->planned, "c1");
}

static void died(GPtrArray *reports)
{
    TpsPartReport *report = replace(reports, API_0, "a1:p:5");

    report->end = TPS_END_SIGNALED;
    report->code = 11;
}

static void timed_out(GPtrArray *reports)
{
    TpsPartReport *report = replace(reports, CNT_0, "c1:p:5");

    report->end = TPS_END_TIMEOUT;
}

static void empty_report(GPtrArray *reports)
{
    replace(reports, ONE, "");
}

static void twice_in_one_part(GPtrArray *reports)
{
    replace(reports, API_0, "a1:p:5 a1:f:5 a2:p:5 a3:f:5 a3:e:5");
}

static void allowed_new(GPtrArray *reports)
{
    TpsPartReport *report = replace(reports, API_0, "a1:p:5 a2:p:5 a3:p:5 new:p:5");

    strings_add(report->planned, "new");
    strings_add(report->added, "new");
}

static void allowed_new_not_run(GPtrArray *reports)
{
    TpsPartReport *report = replace(reports, API_0, "a1:p:5 a2:p:5 a3:p:5");

    strings_add(report->planned, "new");
    strings_add(report->added, "new");
}

static void allowed_missing(GPtrArray *reports)
{
    TpsPartReport *report = replace(reports, API_0, "a1:p:5 a3:p:5");

    g_ptr_array_set_size(report->planned, 0);
    strings_add(report->planned, "a1 a3");
    strings_add(report->removed, "a2");
}

static void another_run(GPtrArray *reports)
{
    TpsPartReport *report = g_ptr_array_index(reports, CNT_1);

    report->run_id = g_strdup("yesterday");
}

static void another_first_run(GPtrArray *reports)
{
    TpsPartReport *report = g_ptr_array_index(reports, API_0);

    report->run_id = g_strdup("yesterday");
}

/* What the second attempt did not run again is of yesterday. */
static void attempt_of_another_run(GPtrArray *reports)
{
    TpsPartReport *again = task_report(API_0, "a1:p:5");

    again->attempt = 2;
    g_ptr_array_set_size(again->planned, 0);
    strings_add(again->planned, "a1");
    another_first_run(reports);
    g_ptr_array_add(reports, again);
}

static void dealt_by_units(GPtrArray *reports)
{
    TpsPartReport *report = replace(reports, CNT_0, "c1:p:5");

    g_ptr_array_set_size(report->planned, 0);
    strings_add(report->planned, "c1");
    report = replace(reports, CNT_1, "c2:p:5 c3:p:5");
    g_ptr_array_set_size(report->planned, 0);
    strings_add(report->planned, "c2 c3");
}

static void failing(GPtrArray *reports)
{
    replace(reports, API_0, "a1:p:5 a2:f:5 a3:s:0");
}

#define NOTE_TWICE(label) label ": the same report was given more than once and counts once\n"

static const Spoiled spoiled[] = {
    {"the same twice", given_twice, "", NOTE_TWICE("api 0,2"), {0, 9, 0, 0, 0}},
    {"the same thrice",
     given_thrice,
     "",
     NOTE_TWICE("api 0,2") NOTE_TWICE("api 0,2"),
     {0, 9, 0, 0, 0}},
    {"two of one attempt",
     contradicting,
     "api 1,2: two different reports of attempt 1 contradict each other\n",
     "",
     {0, 8, 0, 1, 0}},
    {"a second attempt passed", second_attempt, "", "", {0, 7, 2, 0, 0}},
    {"a second attempt failed", second_attempt_failed, "", "", {0, 6, 1, 2, 0}},
    {"a second attempt skipped", second_attempt_skipped, "", "", {1, 6, 0, 1, 1}},
    {"a second attempt is too short",
     second_attempt_short,
     "api 0,2: 2 of 3 planned testcases have no result (exit status 0)\n",
     "",
     {0, 7, 0, 0, 2}},
    {"some again after damage",
     some_again_after_damage,
     "api 0,2: its report is damaged\n",
     "",
     {0, 8, 1, 0, 1}},
    {"all again after damage", all_again_after_damage, "", "", {0, 8, 1, 0, 0}},
    {"only started",
     only_started,
     "api 0,2: it was started and nobody wrote how it ended\n",
     "",
     {0, 6, 0, 0, 3}},
    {"only started, and counted",
     only_started_and_counted,
     "cnt 0,2: it was started and nobody wrote how it ended\n",
     "",
     {0, 7, 0, 0, 1}},
    {"started and ended", started_and_ended, "", "", {0, 9, 0, 0, 0}},
    {"started later",
     started_later,
     "api 0,2: two different reports of attempt 1 contradict each other\n",
     "",
     {0, 9, 0, 0, 0}},
    {"started again",
     started_again,
     "api 0,2: it was started and nobody wrote how it ended\n",
     "",
     {0, 6, 0, 0, 3}},
    {"truncated",
     truncated,
     "api 0,2: 2 of 3 planned testcases have no result (exit status 0)\n"
     "api 0,2: its report is truncated\n",
     "",
     {0, 7, 0, 0, 2}},
    {"a damaged copy of a good one", damaged_copy, "", NOTE_TWICE("api 0,2"), {0, 9, 0, 0, 0}},
    {"of another plan",
     foreign,
     "api 0,2: it is a report of another plan (0123456789ab, not plan)\n",
     "",
     {0, 9, 0, 0, 0}},
    {"of a part that is not", no_such_part, "api 0,3: the plan has no such part\n", "", {0, 9}},
    {"of a suite that is not", no_such_suite, "other: the plan has no such part\n", "", {0, 9}},
    {"a testcase nobody planned",
     stranger,
     "api 0,2: it reports what nobody planned: 'new'\n",
     "",
     {0, 10}},
    {"a testcase of another part",
     stray,
     "api 0,2: it ran what another part was to run: 'b1'\n"
     "api: ran in parts 0 and 1: 'b1'\n",
     "",
     {0, 9}},
    {"testcases of another part as skipped", stray_skipped, "", "", {0, 9}},
    {"every part ran everything",
     everything_everywhere,
     "api 0,2: it ran what another part was to run: 'b1', 'b2'\n"
     "api 1,2: it ran what another part was to run: 'a1', 'a2', 'a3'\n"
     "api: every part ran everything; the selection was ignored\n",
     "",
     {0, 9}},
    {"every part ran everything, and the runner dropped it",
     ignored_everywhere,
     "api 0,2: it ignored the selection\n"
     "api 1,2: it ignored the selection\n"
     "api: every part ran everything; the selection was ignored\n",
     "",
     {0, 9}},
    {"counted parts overlap",
     counted_twice,
     "cnt 1,2: it ran what another part was to run: 'c1'\n"
     "cnt 1,2: testcase 'c1' ran in another part too\n"
     "cnt: ran in parts 0 and 1: 'c1'\n",
     "",
     {0, 8}},
    {"a counted part is too small",
     counted_too_few,
     "cnt: 3 testcases were planned, 2 were run\n",
     "",
     {0, 8}},
    {"the process died",
     died,
     "api 0,2: 2 of 3 planned testcases have no result (killed by SIGSEGV)\n",
     "",
     {0, 7, 0, 0, 2}},
    {"timed out",
     timed_out,
     "cnt 0,2: 1 of 2 planned testcases have no result (timed out after 1.0s)\n",
     "",
     {0, 8, 0, 0, 1}},
    {"an empty report",
     empty_report,
     "one: 1 of 1 planned testcases have no result (exit status 0)\n",
     "",
     {0, 8, 0, 0, 1}},
    {"twice in one part: the worse counts", twice_in_one_part, "", "", {0, 7, 0, 1, 1}},
    {"new, and allowed",
     allowed_new,
     "",
     "api 0,2: 1 testcases are new since it was planned\n",
     {0, 10}},
    {"of another run",
     another_run,
     "cnt 1,2: it is of run 'yesterday', others are of run ''\n",
     "",
     {0, 9}},
    {"the first one of another run",
     another_first_run,
     "api 0,2: it is of run 'yesterday', others are of run ''\n",
     "",
     {0, 9}},
    {"an earlier attempt of another run",
     attempt_of_another_run,
     "api 0,2: it is of run 'yesterday', others are of run ''\n",
     "",
     {0, 9}},
    {"counted, and dealt by units", dealt_by_units, "", "", {0, 9}},
    {"gone, and allowed",
     allowed_missing,
     "",
     "api 0,2: 1 testcases are gone since it was planned\n",
     {1, 8}},
    {"allowed to be new, and not run",
     allowed_new_not_run,
     "api 0,2: 1 of 1 new testcases have no result (exit status 0)\n",
     "api 0,2: 1 testcases are new since it was planned\n",
     {0, 9, 0, 0, 1}},
    {"failures are complete", failing, "", "", {1, 7, 0, 1, 0}},
};

START_TEST(says_what_is_wrong)
{
    const Spoiled *c = &spoiled[_i];
    g_autoptr(GPtrArray) reports = green_reports();
    g_autoptr(TpsReport) merge = NULL;
    guint sum = 0;

    c->spoil(reports);
    merge = merge_all(reports);
    assert_problems(merge, c->problems, c->notes);
    for (int i = 0; i <= TPS_OUTCOME_ERROR; i++) {
        ck_assert_msg(merge->count[i] == c->count[i], "%s: %u %s", c->name, merge->count[i],
                      tps_outcome_name((TpsOutcome)i));
        sum += c->count[i];
    }
    ck_assert_uint_eq(merge->n_results, sum);
    ck_assert_uint_eq(tps_report_n_bad(merge),
                      c->count[TPS_OUTCOME_FAILED] + c->count[TPS_OUTCOME_ERROR]);
}
END_TEST

static void shuffle(GPtrArray *array, GRand *rand)
{
    for (guint i = array->len; i > 1; i--) {
        guint j = (guint)g_rand_int_range(rand, 0, (int)i);
        gpointer swap = array->pdata[i - 1];

        array->pdata[i - 1] = array->pdata[j];
        array->pdata[j] = swap;
    }
}

/* R8: shuffled reports give the same bytes. */
START_TEST(the_order_of_reports_changes_no_byte)
{
    const Spoiled *c = &spoiled[_i];
    g_autoptr(GRand) rand = g_rand_new_with_seed(8);
    g_autofree char *first = NULL;

    for (int round = 0; round < 100; round++) {
        g_autoptr(GPtrArray) reports = green_reports();
        g_autoptr(TpsReport) merge = NULL;
        g_autofree char *text = NULL;

        c->spoil(reports);
        if (round > 0)
            shuffle(reports, rand);
        merge = merge_all(reports);
        text = report_text(merge, "junit");
        if (!first)
            first = g_steal_pointer(&text);
        else
            ck_assert_str_eq(text, first);
    }
    ck_assert_int_eq(strstr(first, "tpsched.complete\" value=\"true\"") != NULL, !*c->problems);
    ck_assert_int_eq(strstr(first, "the report is incomplete") != NULL, *c->problems != 0);
}
END_TEST

/* R7: what failed first is kept as history, oldest first. */
START_TEST(attempts_become_history)
{
    g_autoptr(GPtrArray) reports = green_reports();
    g_autoptr(TpsReport) merge = NULL;
    const TpsResult *result;

    replace(reports, ONE, "o1:f:1");
    for (int attempt = 2; attempt <= 4; attempt++) {
        g_autofree char *words = g_strdup_printf("o1:%c:%d", "..fsp"[attempt], attempt);
        TpsPartReport *report = task_report(ONE, words);

        report->attempt = attempt;
        g_ptr_array_insert(reports, attempt % 2, report);
    }
    merge = merge_all(reports);
    assert_problems(merge, "", "");
    result = result_of(merge, "one", "o1");
    ck_assert_int_eq(result->outcome, TPS_OUTCOME_FLAKY);
    ck_assert_int_eq(result->time_us, 4);
    ck_assert_uint_eq(result->attempts->len, 2);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(((TpsResult *)g_ptr_array_index(result->attempts, i))->time_us, i + 1);
}
END_TEST

/* R3: the output of a part that died is kept, of one that passed it is not. */
START_TEST(output_of_bad_parts_is_kept)
{
    g_autoptr(GPtrArray) reports = green_reports();
    g_autoptr(TpsReport) merge = NULL;
    const TpsReportSuite *suite;

    died(reports);
    ((TpsPartReport *)g_ptr_array_index(reports, API_0))->output = g_strdup("last words");
    ((TpsPartReport *)g_ptr_array_index(reports, API_1))->output = g_strdup("all fine");
    merge = merge_all(reports);
    suite = g_ptr_array_index(merge->suites, 0);
    ck_assert_str_eq(suite->output->str, "--- api 0,2 ---\nlast words\n");
    ck_assert_str_eq(result_of(merge, "api", "a2")->message,
                     "not run: its part ended with: killed by SIGSEGV");
    ck_assert_str_eq(result_of(merge, "api", "a2")->type, "tpsched.not-run");
}
END_TEST

/* R5: from the first start to the last end. */
START_TEST(times_span_the_parts)
{
    g_autoptr(GPtrArray) reports = green_reports();
    TpsPartReport *first = g_ptr_array_index(reports, API_0);
    TpsPartReport *second = g_ptr_array_index(reports, API_1);
    g_autoptr(TpsReport) merge = NULL;
    const TpsReportSuite *suite;

    first->started_us -= 7;
    second->ended_us += 9;
    g_free(second->host);
    second->host = g_strdup("elsewhere");
    merge = merge_all(reports);
    suite = g_ptr_array_index(merge->suites, 0);
    ck_assert_int_eq(suite->ended_us - suite->started_us, 1000016);
    ck_assert_int_eq(merge->ended_us - merge->started_us, 1000016);
    ck_assert_ptr_null(suite->hostname);
    ck_assert_str_eq(tps_properties_find(suite->properties, "tpsched.part.1.host"), "elsewhere");
}
END_TEST

/* Random damage to a green run. */

static void drop_report(GPtrArray *reports, GRand *rand)
{
    g_ptr_array_remove_index(reports, (guint)draw(rand, reports->len));
}

static TpsPartReport *any(GPtrArray *reports, GRand *rand)
{
    return g_ptr_array_index(reports, draw(rand, reports->len));
}

static void drop_result(GPtrArray *reports, GRand *rand)
{
    TpsPartReport *report = any(reports, rand);

    if (report->results->len > 0)
        g_ptr_array_remove_index(report->results, (guint)draw(rand, report->results->len));
    else
        report->done = false;
}

static void break_result(GPtrArray *reports, GRand *rand)
{
    TpsPartReport *report = any(reports, rand);

    if (report->results->len == 0)
        report->done = false;
    else
        ((TpsResult *)g_ptr_array_index(report->results, draw(rand, report->results->len)))
            ->outcome = g_rand_boolean(rand) ? TPS_OUTCOME_FAILED : TPS_OUTCOME_ERROR;
}

static void not_done(GPtrArray *reports, GRand *rand)
{
    any(reports, rand)->done = false;
}

static void add_problem(GPtrArray *reports, GRand *rand)
{
    g_ptr_array_add(any(reports, rand)->problems, g_strdup("damaged"));
}

static void other_plan(GPtrArray *reports, GRand *rand)
{
    *any(reports, rand)->plan_id ^= 1;
}

static void other_part(GPtrArray *reports, GRand *rand)
{
    any(reports, rand)->part.count++;
}

static void rename_result(GPtrArray *reports, GRand *rand)
{
    TpsPartReport *report = any(reports, rand);

    if (report->results->len == 0)
        report->done = false;
    else
        ((TpsResult *)g_ptr_array_index(report->results, 0))->id[0] ^= 1;
}

static void (*const damages[])(GPtrArray *, GRand *) = {
    drop_report, drop_result, break_result, not_done,
    add_problem, other_plan,  other_part,   rename_result,
};

/* The bytes of a report changed, so its digest did. */
static void renew_digests(GPtrArray *reports)
{
    for (guint i = 0; i < reports->len; i++) {
        TpsPartReport *report = g_ptr_array_index(reports, i);
        char *digest = g_strdup_printf("%s %u", report->digest, i);

        g_free(report->digest);
        report->digest = digest;
    }
}

START_TEST(damage_is_never_green)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(4);

    for (int round = 0; round < 4000; round++) {
        g_autoptr(GPtrArray) reports = green_reports();
        g_autoptr(TpsReport) merge = NULL;
        g_autofree char *text = NULL;
        size_t first = draw(rand, G_N_ELEMENTS(damages));

        damages[first](reports, rand);
        /* More of it that can't undo the first: something is missing in any case. */
        for (size_t n = draw(rand, 3); n > 0 && reports->len > 0; n--)
            drop_report(reports, rand);
        renew_digests(reports);
        shuffle(reports, rand);
        merge = merge_all(reports);
        assert_all_there(merge);
        ck_assert_msg(!tps_report_is_complete(merge) || tps_report_n_bad(merge) > 0,
                      "round %d: damage %zu was not seen", round, first);
        text = report_text(merge, "junit");
        ck_assert_ptr_nonnull(text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("merge");
    TCase *tcase = tcase_create("merge");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, green_is_complete);
    tcase_add_test(tcase, what_was_left_out_is_no_problem);
    tcase_add_test(tcase, what_was_left_out_stays_red);
    tcase_add_test(tcase, flaky_may_be_bad);
    tcase_add_loop_test(tcase, each_missing_part_is_named, 0, N_TASKS);
    tcase_add_test(tcase, no_reports_at_all);
    tcase_add_loop_test(tcase, says_what_is_wrong, 0, G_N_ELEMENTS(spoiled));
    tcase_add_loop_test(tcase, the_order_of_reports_changes_no_byte, 0, G_N_ELEMENTS(spoiled));
    tcase_add_test(tcase, attempts_become_history);
    tcase_add_test(tcase, output_of_bad_parts_is_kept);
    tcase_add_test(tcase, times_span_the_parts);
    tcase_add_test(tcase, damage_is_never_green);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
