/* SPDX-License-Identifier: MIT */
#include "cli/diff_table.h"

#include "cli/terminal.h"
#include "core/duration.h"
#include "formats/json.h"
#include "formats/needs_json.h"

#include <string.h>

#define NAME_WIDTH 40
/* A longer list is for programs: they have the JSON. */
#define SHOWN 50

static const char signs[] = {
    [TPS_DIFF_ADDED] = '+', [TPS_DIFF_REMOVED] = '-', [TPS_DIFF_CHANGED] = '~'};

static void print_times(const char *name, int64_t from_us, int64_t to_us, FILE *stream)
{
    g_autofree char *from = tps_duration_format(from_us);
    g_autofree char *to = tps_duration_format(to_us);
    g_autofree char *change = tps_duration_format(MAX(from_us, to_us) - MIN(from_us, to_us));

    if (from_us == to_us)
        fprintf(stream, "%-9s %9s    the same\n", name, from);
    else
        fprintf(stream, "%-9s %9s -> %-9s (%s%s)\n", name, from, to, to_us > from_us ? "+" : "-",
                change);
}

static void print_counts(const char *name, int from, int to, FILE *stream)
{
    if (from == to)
        fprintf(stream, "%-9s %9d    the same\n", name, from);
    else
        fprintf(stream, "%-9s %9d -> %-9d (%+d)\n", name, from, to, to - from);
}

static void print_summary(const TpsPlanDiff *diff, FILE *stream)
{
    const TpsPlan *from = diff->from, *to = diff->to;

    fprintf(stream, "%splan %.12s -> %.12s%s%s\n", tps_bold(stream), from->id, to->id,
            g_strcmp0(from->id, to->id) == 0 ? ": the same plan" : "", tps_plain(stream));
    print_counts("workers", from->size, to->size, stream);
    print_times("makespan", from->makespan_us, to->makespan_us, stream);
    print_times("floor", from->makespan_lower_bound_us, to->makespan_lower_bound_us, stream);
    print_times("target", from->target_us, to->target_us, stream);
    print_times("limit", from->limit_us, to->limit_us, stream);
    print_counts("tasks", (int)from->tasks->len, (int)to->tasks->len, stream);
    print_counts("suites", (int)from->suites->len, (int)to->suites->len, stream);
    fprintf(stream, "suites    %u with another number of parts\n", diff->n_parts_other);
    fprintf(stream, "testcases %u added, %u removed, %u moved, %u stay in their part\n",
            diff->n_added, diff->n_removed, diff->n_moved, diff->n_stay);
    fprintf(stream, "testcases %u on another worker\n", diff->n_reworked);
    if (diff->n_unnamed > 0)
        fprintf(stream, "suites    %u whose testcases have no names: not compared one by one\n",
                diff->n_unnamed);
}

static void print_needs(const TpsDiffSuite *suite, FILE *stream)
{
    g_autofree char *from = suite->from ? tps_needs_describe(suite->from->needs) : NULL;
    g_autofree char *to = suite->to ? tps_needs_describe(suite->to->needs) : NULL;
    g_autofree char *shown_from = from ? tps_printable(from, NAME_WIDTH) : NULL;
    g_autofree char *shown_to = to ? tps_printable(to, NAME_WIDTH) : NULL;

    if (suite->kind == TPS_DIFF_CHANGED && strcmp(from, to) != 0)
        fprintf(stream, "    needs %s -> %s\n", *from ? shown_from : "nothing",
                *to ? shown_to : "nothing");
}

static void print_suite(const TpsDiffSuite *suite, FILE *stream)
{
    g_autofree char *name = tps_printable(suite->name, NAME_WIDTH);

    fprintf(stream, "%c %-*s %5d -> %-5d %8u -> %u\n", signs[suite->kind], NAME_WIDTH, name,
            suite->from ? suite->from->parts : 0, suite->to ? suite->to->parts : 0,
            suite->from ? suite->from->n_testcases : 0, suite->to ? suite->to->n_testcases : 0);
    print_needs(suite, stream);
}

static void print_suites(const TpsPlanDiff *diff, FILE *stream)
{
    if (diff->suites->len == 0)
        return;
    fprintf(stream, "\n%s  %-*s %14s %17s%s\n", tps_bold(stream), NAME_WIDTH, "suite", "parts     ",
            "tests     ", tps_plain(stream));
    for (guint i = 0; i < diff->suites->len && i < SHOWN; i++)
        print_suite(&g_array_index(diff->suites, TpsDiffSuite, i), stream);
    if (diff->suites->len > SHOWN)
        fprintf(stream, "... and %u more suites\n", diff->suites->len - SHOWN);
}

static void print_testcase(const TpsDiffTestcase *testcase, FILE *stream)
{
    g_autofree char *from =
        testcase->from ? tps_part_label("", testcase->from->part) : g_strdup("");
    g_autofree char *to = testcase->to ? tps_part_label("", testcase->to->part) : g_strdup("");
    g_autofree char *suite = tps_printable(testcase->suite, NAME_WIDTH);
    g_autofree char *id = tps_printable(testcase->id, 2 * NAME_WIDTH);

    fprintf(stream, "%c %s%s%s%s  %s\n", signs[testcase->kind], suite, from,
            testcase->kind == TPS_DIFF_CHANGED ? " ->" : "", to, id);
}

static void print_testcases(const TpsPlanDiff *diff, TpsDiffKind kind, const char *title, guint n,
                            FILE *stream)
{
    guint shown = 0;

    if (n == 0)
        return;
    fprintf(stream, "\n%s%s testcases%s\n", tps_bold(stream), title, tps_plain(stream));
    for (guint i = 0; i < diff->testcases->len && shown < SHOWN; i++) {
        const TpsDiffTestcase *testcase = &g_array_index(diff->testcases, TpsDiffTestcase, i);

        if (testcase->kind != kind)
            continue;
        print_testcase(testcase, stream);
        shown++;
    }
    if (n > SHOWN)
        fprintf(stream, "... and %u more\n", n - SHOWN);
}

void tps_diff_table_print(const TpsPlanDiff *diff, FILE *stream)
{
    print_summary(diff, stream);
    print_suites(diff, stream);
    print_testcases(diff, TPS_DIFF_ADDED, "added", diff->n_added, stream);
    print_testcases(diff, TPS_DIFF_REMOVED, "removed", diff->n_removed, stream);
    print_testcases(diff, TPS_DIFF_CHANGED, "moved", diff->n_moved, stream);
}

static cJSON *plan_to_json(const TpsPlan *plan)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", plan->id);
    cJSON_AddNumberToObject(object, "size", plan->size);
    tps_json_add_seconds(object, "makespan", plan->makespan_us);
    tps_json_add_seconds(object, "makespan_lower_bound", plan->makespan_lower_bound_us);
    tps_json_add_seconds(object, "plan_runtime_target", plan->target_us);
    tps_json_add_seconds(object, "auto_part_runtime_limit", plan->limit_us);
    cJSON_AddNumberToObject(object, "suites", plan->suites->len);
    cJSON_AddNumberToObject(object, "tasks", plan->tasks->len);
    return object;
}

static cJSON *summary_to_json(const TpsPlanDiff *diff)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddNumberToObject(object, "added", diff->n_added);
    cJSON_AddNumberToObject(object, "removed", diff->n_removed);
    cJSON_AddNumberToObject(object, "moved", diff->n_moved);
    cJSON_AddNumberToObject(object, "stay", diff->n_stay);
    cJSON_AddNumberToObject(object, "other_worker", diff->n_reworked);
    cJSON_AddNumberToObject(object, "suites_other_parts", diff->n_parts_other);
    cJSON_AddNumberToObject(object, "suites_without_names", diff->n_unnamed);
    return object;
}

static cJSON *suite_side_to_json(const TpsPlanSuite *suite)
{
    cJSON *object;

    if (!suite)
        return cJSON_CreateNull();
    object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "parts", suite->parts);
    cJSON_AddNumberToObject(object, "testcase_count", suite->n_testcases);
    if (!tps_needs_are_trivial(suite->needs))
        cJSON_AddItemToObject(object, "needs", tps_needs_to_json(suite->needs));
    return object;
}

static cJSON *suite_to_json(const TpsDiffSuite *suite)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "name", suite->name);
    cJSON_AddStringToObject(object, "change", tps_diff_kind_name(suite->kind));
    cJSON_AddItemToObject(object, "old", suite_side_to_json(suite->from));
    cJSON_AddItemToObject(object, "new", suite_side_to_json(suite->to));
    return object;
}

static cJSON *testcase_side_to_json(const TpsTask *task)
{
    cJSON *object;
    int tuple[2];

    if (!task)
        return cJSON_CreateNull();
    object = cJSON_CreateObject();
    tuple[0] = task->part.index;
    tuple[1] = task->part.count;
    cJSON_AddItemToObject(
        object, "part", task->part.count > 1 ? cJSON_CreateIntArray(tuple, 2) : cJSON_CreateNull());
    cJSON_AddNumberToObject(object, "worker", task->worker);
    return object;
}

static cJSON *testcase_to_json(const TpsDiffTestcase *testcase)
{
    cJSON *object = cJSON_CreateObject();
    bool moved = testcase->kind == TPS_DIFF_CHANGED;

    cJSON_AddStringToObject(object, "suite", testcase->suite);
    cJSON_AddStringToObject(object, "id", testcase->id);
    cJSON_AddStringToObject(object, "change", moved ? "moved" : tps_diff_kind_name(testcase->kind));
    cJSON_AddItemToObject(object, "old", testcase_side_to_json(testcase->from));
    cJSON_AddItemToObject(object, "new", testcase_side_to_json(testcase->to));
    return object;
}

char *tps_diff_text(const TpsPlanDiff *diff)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    cJSON *array;

    cJSON_AddStringToObject(root, "schema", "tpsched.diff/1");
    cJSON_AddItemToObject(root, "old", plan_to_json(diff->from));
    cJSON_AddItemToObject(root, "new", plan_to_json(diff->to));
    cJSON_AddItemToObject(root, "testcase_count", summary_to_json(diff));
    array = cJSON_AddArrayToObject(root, "suites");
    for (guint i = 0; i < diff->suites->len; i++)
        cJSON_AddItemToArray(array, suite_to_json(&g_array_index(diff->suites, TpsDiffSuite, i)));
    array = cJSON_AddArrayToObject(root, "testcases");
    for (guint i = 0; i < diff->testcases->len; i++)
        cJSON_AddItemToArray(array,
                             testcase_to_json(&g_array_index(diff->testcases, TpsDiffTestcase, i)));
    return tps_json_text(root);
}
