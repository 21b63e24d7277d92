/* SPDX-License-Identifier: MIT */
#include "cli/explain_table.h"
#include "core/saturate.h"
#include "formats/json.h"

static void add_part(cJSON *object, TpsPart part)
{
    int tuple[] = {part.index, part.count};

    cJSON_AddItemToObject(object, "part",
                          part.count > 1 ? cJSON_CreateIntArray(tuple, 2) : cJSON_CreateNull());
}

/* Below zero is no time, but it is a difference of times. */
static void add_difference(cJSON *object, const char *key, int64_t us)
{
    cJSON_AddNumberToObject(object, key, (double)us / 1e6);
}

static cJSON *task_to_json(const TpsTask *task)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "suite", task->suite);
    add_part(object, task->part);
    cJSON_AddNumberToObject(object, "worker", task->worker);
    tps_json_add_seconds(object, "start", task->start_us);
    tps_json_add_seconds(object, "weight", task->weight_us);
    tps_json_add_seconds(object, "setup_time", task->setup_us);
    tps_json_add_seconds(object, "teardown_time", task->teardown_us);
    cJSON_AddNumberToObject(object, "testcase_count", task->n_testcases);
    return object;
}

static cJSON *plan_to_json(const TpsPlan *plan)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", plan->id);
    cJSON_AddNumberToObject(object, "size", plan->size);
    tps_json_add_seconds(object, "plan_runtime_target", plan->target_us);
    tps_json_add_seconds(object, "makespan", plan->makespan_us);
    return object;
}

static cJSON *floor_to_json(const TpsFloor *floor)
{
    cJSON *object = cJSON_CreateObject();

    tps_json_add_seconds(object, "lower_bound", floor->bound_us);
    cJSON_AddStringToObject(object, "binds", tps_binding_name(floor->binding));
    tps_json_add_seconds(object, "longest", floor->longest_us);
    tps_json_add_seconds(object, "mean", floor->mean_us);
    tps_json_add_seconds(object, "k_tasks", floor->k_tasks_us);
    cJSON_AddNumberToObject(object, "k", floor->k);
    if (floor->needed) {
        tps_json_add_seconds(object, "needs", floor->needs_us);
        cJSON_AddStringToObject(object, "needed", floor->needed);
    }
    cJSON_AddItemToObject(object, "longest_task", task_to_json(floor->longest));
    tps_json_add_seconds(object, "cut_in_two_saves", floor->cut_gain_us);
    return object;
}

static cJSON *path_to_json(const TpsExplanation *explanation)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *array;

    cJSON_AddNumberToObject(object, "worker", explanation->last_worker);
    array = cJSON_AddArrayToObject(object, "tasks");
    for (guint i = 0; i < explanation->path->len; i++) {
        const TpsPathStep *step = &g_array_index(explanation->path, TpsPathStep, i);
        cJSON *task = task_to_json(step->task);

        tps_json_add_seconds(task, "idle_before", step->idle_us);
        cJSON_AddItemToArray(array, task);
    }
    return object;
}

static cJSON *overhead_to_json(const TpsOverhead *overhead)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "suite", overhead->suite);
    cJSON_AddNumberToObject(object, "parts", overhead->parts);
    tps_json_add_seconds(object, "pays", overhead->extra_us);
    add_difference(object, "saves", overhead->saves_us);
    cJSON_AddNumberToObject(object, "enough", overhead->enough);
    return object;
}

static cJSON *advice_to_json(const TpsAdvice *advice)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "kind", tps_advice_name(advice->kind));
    if (advice->suite)
        cJSON_AddStringToObject(object, "suite", advice->suite);
    if (advice->kind == TPS_ADVICE_WORKERS || advice->kind == TPS_ADVICE_SPLIT) {
        cJSON_AddNumberToObject(object, "from", advice->from);
        cJSON_AddNumberToObject(object, "to", advice->to);
    }
    if (advice->kind == TPS_ADVICE_SETUP)
        tps_json_add_seconds(object, "setup_time", advice->setup_us);
    if (advice->kind == TPS_ADVICE_MEASURE) {
        cJSON_AddNumberToObject(object, "testcase_count", advice->n_testcases);
        tps_json_add_seconds(object, "guessed", advice->guessed_us);
        tps_json_add_seconds(object, "at_stake", advice->gain_us);
    } else {
        tps_json_add_seconds(object, "saves", advice->gain_us);
    }
    return object;
}

cJSON *tps_explanation_to_json(const TpsPlan *plan, const TpsExplanation *explanation)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *array;

    cJSON_AddStringToObject(root, "schema", "tpsched.explain/1");
    cJSON_AddItemToObject(root, "plan", plan_to_json(plan));
    cJSON_AddItemToObject(root, "floor", floor_to_json(&explanation->floor));
    cJSON_AddItemToObject(root, "critical_path", path_to_json(explanation));
    array = cJSON_AddArrayToObject(root, "overheads");
    for (guint i = 0; i < explanation->overheads->len; i++)
        cJSON_AddItemToArray(
            array, overhead_to_json(&g_array_index(explanation->overheads, TpsOverhead, i)));
    array = cJSON_AddArrayToObject(root, "advice");
    for (guint i = 0; i < explanation->advice->len; i++)
        cJSON_AddItemToArray(array,
                             advice_to_json(&g_array_index(explanation->advice, TpsAdvice, i)));
    return root;
}

static cJSON *unit_to_json(const TpsTestcaseTime *time)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *array;

    cJSON_AddStringToObject(object, "kind", tps_unit_name(time->unit));
    cJSON_AddStringToObject(object, "key", time->unit_key);
    cJSON_AddNumberToObject(object, "testcase_count", time->unit_size);
    tps_json_add_seconds(object, "expected", time->unit_us);
    array = cJSON_AddArrayToObject(object, "mates");
    for (guint i = 0; i < time->n_mates; i++)
        cJSON_AddItemToArray(array, cJSON_CreateString(time->mates[i]));
    return object;
}

cJSON *tps_place_to_json(const TpsPlace *place)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "kind", "testcase");
    cJSON_AddStringToObject(object, "id",
                            g_ptr_array_index(place->task->testcases, place->position));
    cJSON_AddStringToObject(object, "suite", place->suite->name);
    cJSON_AddStringToObject(object, "evidence", tps_evidence_name(place->suite->evidence));
    cJSON_AddItemToObject(object, "task", task_to_json(place->task));
    cJSON_AddNumberToObject(object, "position", place->position);
    if (place->timed) {
        tps_json_add_seconds(object, "expected", place->time.expected_us);
        cJSON_AddStringToObject(object, "source", place->time.source);
        tps_json_add_seconds(object, "start", place->start_us);
        cJSON_AddItemToObject(object, "unit", unit_to_json(&place->time));
    } else {
        cJSON_AddNullToObject(object, "expected");
    }
    return object;
}

cJSON *tps_suite_view_to_json(const TpsSuiteView *view)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *array;

    cJSON_AddStringToObject(object, "kind", "suite");
    cJSON_AddStringToObject(object, "name", view->suite->name);
    cJSON_AddStringToObject(object, "evidence", tps_evidence_name(view->suite->evidence));
    cJSON_AddNumberToObject(object, "testcase_count", view->suite->n_testcases);
    cJSON_AddNumberToObject(object, "measured", view->suite->n_measured);
    cJSON_AddNumberToObject(object, "guessed", view->suite->n_guessed);
    cJSON_AddNumberToObject(object, "parts", view->suite->parts);
    cJSON_AddStringToObject(object, "reason", tps_parts_reason_name(view->reason));
    cJSON_AddNumberToObject(object, "parts_needed", view->needed);
    tps_json_add_seconds(object, "part_may_take", view->limit_us);
    tps_json_add_strings(object, "notes", view->suite->notes);
    array = cJSON_AddArrayToObject(object, "tasks");
    for (guint i = 0; i < view->tasks->len; i++)
        cJSON_AddItemToArray(array, task_to_json(g_ptr_array_index(view->tasks, i)));
    return object;
}
