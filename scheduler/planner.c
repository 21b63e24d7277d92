/* SPDX-License-Identifier: MIT */
#include "scheduler/planner.h"

#include "core/duration.h"
#include "core/error.h"
#include "core/saturate.h"
#include "formats/plan_json.h"
#include "partition/autopart.h"
#include "partition/partition.h"
#include "runtime/estimate.h"
#include "scheduler/pool_size.h"
#include "scheduler/units.h"

#include <string.h>

/* Testplan's bounds of auto_part_runtime_limit: "auto". */
#define LIMIT_AUTO_MIN_US (480 * TPS_SECOND_US)
#define LIMIT_AUTO_MAX_US (1800 * TPS_SECOND_US)
#define LIMIT_AUTO_FACTOR 3

/* A suite while it is planned. */
typedef struct {
    const TpsPlanInput *input;
    TpsEstimate *estimate;
    TpsPlanSuite *summary; /* borrowed from the plan */
} Draft;

/* The units of a suite: what may not be cut. */
typedef struct {
    size_t n;
    int *of;          /* [n_testcases] the unit of each testcase        */
    int64_t *cost_us; /* [n]                                            */
    int *count;       /* [n] testcases in each                          */
    int *part;        /* [n] out: where it goes                         */
} Units;

static void units_clear(Units *units)
{
    g_free(units->of);
    g_free(units->cost_us);
    g_free(units->count);
    g_free(units->part);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Units, units_clear)

static void draft_clear(void *draft)
{
    tps_estimate_free(((Draft *)draft)->estimate);
}

static void note(GPtrArray *notes, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void note(GPtrArray *notes, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static int compare_drafts(const void *a, const void *b)
{
    return strcmp(((const Draft *)a)->input->name, ((const Draft *)b)->input->name);
}

/* The plan file says how long one of its tasks takes. */
static bool is_weighted(const Draft *draft)
{
    return draft->input->declared && draft->input->declared->weight_us != TPS_AUTO;
}

static const char *framework_of(const Draft *draft)
{
    return draft->input->declared ? draft->input->declared->framework : "";
}

static void units_init(Units *units, const TpsPlanInput *input, const TpsEstimate *estimate)
{
    guint n = input->testcases->len;

    *units = (Units){.of = g_new0(int, n),
                     .cost_us = g_new0(int64_t, n),
                     .count = g_new0(int, n),
                     .part = g_new0(int, n)};
    units->n = tps_units_number(input->testcases, input->unit, units->of);
    for (guint i = 0; i < n; i++) {
        int64_t *cost_us = &units->cost_us[units->of[i]];

        *cost_us = tps_add_sat(*cost_us, estimate->expected_us[i]);
        units->count[units->of[i]]++;
    }
}

static void say_autopart(const Draft *draft, TpsAutopart answer, int64_t limit_us)
{
    g_autofree char *limit = tps_duration_format(limit_us);
    g_autofree char *overhead =
        tps_duration_format(draft->estimate->setup_us + draft->estimate->teardown_us);

    if (answer.reason == TPS_AUTOPART_SETUP_TOO_LONG)
        note(draft->summary->notes,
             "setup and teardown alone take %s, the part runtime limit is %s: not split", overhead,
             limit);
    else if (answer.reason == TPS_AUTOPART_ITEM_TOO_LONG)
        note(draft->summary->notes,
             "a part exceeds the part runtime limit of %s: one unit of it can't be split", limit);
}

static int auto_parts(const Draft *draft, Units *units, int64_t limit_us)
{
    int64_t overhead_us = draft->estimate->setup_us + draft->estimate->teardown_us;
    TpsAutopart answer = tps_autopart(units->cost_us, units->n, overhead_us, limit_us, units->part);

    say_autopart(draft, answer, limit_us);
    return answer.n_parts;
}

static int declared_parts(const Draft *draft, const Units *units)
{
    int wished = draft->input->declared->parts;

    if ((size_t)wished <= units->n)
        return wished;
    note(draft->summary->notes, "%d parts were asked for, and there are only %zu units to deal",
         wished, units->n);
    return (int)units->n;
}

/* Deal the units to parts; returns how many there are. */
static int split(const Draft *draft, Units *units, int64_t limit_us)
{
    const TpsSuite *declared = draft->input->declared;
    int n_parts;

    if (declared && declared->parts != TPS_AUTO)
        n_parts = declared_parts(draft, units);
    else if (is_weighted(draft))
        n_parts = 1; /* the weight is that of one task; it says nothing about its parts */
    else
        n_parts = auto_parts(draft, units, limit_us);
    if (!draft->estimate->times_known)
        tps_partition_by_count(units->count, units->n, n_parts, units->part);
    else if (declared && declared->parts != TPS_AUTO)
        tps_partition_by_time(units->cost_us, units->n, n_parts, units->part);
    return n_parts;
}

static TpsTask *new_task(const Draft *draft, int part, int n_parts)
{
    TpsTask *task = tps_task_new(draft->input->name, (TpsPart){.index = part, .count = n_parts});

    if (draft->input->ids_known)
        task->testcases = g_ptr_array_new_with_free_func(g_free);
    return task;
}

static void fill_tasks(const Draft *draft, const Units *units, TpsTask **tasks)
{
    const GPtrArray *testcases = draft->input->testcases;

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        TpsTask *task = tasks[units->part[units->of[i]]];

        task->n_testcases++;
        task->execution_us = tps_add_sat(task->execution_us, draft->estimate->expected_us[i]);
        if (task->testcases)
            g_ptr_array_add(task->testcases, g_strdup(testcase->id));
    }
}

static void weigh(const Draft *draft, TpsTask *task)
{
    if (is_weighted(draft)) {
        task->execution_us = task->weight_us = draft->input->declared->weight_us;
        return;
    }
    task->setup_us = draft->estimate->setup_us;
    task->teardown_us = draft->estimate->teardown_us;
    task->weight_us = tps_add_sat(task->setup_us + task->teardown_us, task->execution_us);
}

static void add_tasks(const Draft *draft, TpsPlan *plan, int64_t limit_us)
{
    g_auto(Units) units = {0};
    g_autofree TpsTask **tasks = NULL;
    int n_parts;

    units_init(&units, draft->input, draft->estimate);
    n_parts = split(draft, &units, limit_us);
    draft->summary->parts = n_parts;
    tasks = g_new0(TpsTask *, (gsize)n_parts);
    for (int part = 0; part < n_parts; part++)
        tasks[part] = new_task(draft, part, n_parts);
    fill_tasks(draft, &units, tasks);
    for (int part = 0; part < n_parts; part++) {
        weigh(draft, tasks[part]);
        g_ptr_array_add(plan->tasks, tasks[part]);
    }
}

/* What one testcase takes on average over the measured suites of a framework, or the constant. */
static int64_t guess_for(const GArray *drafts, const char *framework)
{
    int64_t sum = 0;
    int64_t n = 0;

    for (guint i = 0; i < drafts->len; i++) {
        const Draft *draft = &g_array_index(drafts, Draft, i);

        if (draft->estimate->evidence == TPS_EVIDENCE_GUESSED ||
            strcmp(framework_of(draft), framework) != 0)
            continue;
        sum = tps_add_sat(sum, draft->estimate->execution_us);
        n += draft->estimate->n_testcases;
    }
    if (n > 0 && sum > 0)
        return sum / n;
    return strcmp(framework, "command") == 0 ? TPS_GUESS_COMMAND_US : TPS_GUESS_TESTCASE_US;
}

static void estimate_one(Draft *draft, const TpsRuntimeData *data, int64_t guess_us)
{
    g_clear_pointer(&draft->estimate, tps_estimate_free);
    draft->estimate =
        tps_estimate_suite(data, draft->input->name, draft->input->testcases, guess_us);
}

/* Twice for the unknown ones: their guess comes from the known ones. */
static void estimate_all(GArray *drafts, const TpsRuntimeData *data)
{
    for (guint i = 0; i < drafts->len; i++)
        estimate_one(&g_array_index(drafts, Draft, i), data, 0);
    for (guint i = 0; i < drafts->len; i++) {
        Draft *draft = &g_array_index(drafts, Draft, i);

        if (draft->estimate->evidence == TPS_EVIDENCE_GUESSED)
            estimate_one(draft, data, guess_for(drafts, framework_of(draft)));
    }
}

static void summarise(Draft *draft, TpsPlan *plan)
{
    TpsPlanSuite *summary = tps_plan_suite_new(draft->input->name);
    bool weighted = is_weighted(draft);

    summary->evidence = weighted ? TPS_EVIDENCE_WEIGHT : draft->estimate->evidence;
    summary->n_testcases = draft->estimate->n_testcases;
    summary->n_measured = draft->estimate->n_measured;
    summary->n_guessed = weighted ? 0 : draft->estimate->n_guessed;
    for (guint i = 0; !weighted && i < draft->estimate->notes->len; i++)
        note(summary->notes, "%s", (char *)g_ptr_array_index(draft->estimate->notes, i));
    draft->summary = summary;
    g_ptr_array_add(plan->suites, summary);
}

/* Testplan's rule, without its slip that the last suite wins. */
static int64_t auto_limit(const GArray *drafts)
{
    int64_t overhead = 0;

    for (guint i = 0; i < drafts->len; i++) {
        const TpsEstimate *estimate = g_array_index(drafts, Draft, i).estimate;

        overhead = MAX(overhead, estimate->setup_us + estimate->teardown_us);
    }
    return CLAMP(LIMIT_AUTO_FACTOR * overhead, LIMIT_AUTO_MIN_US, LIMIT_AUTO_MAX_US);
}

static int64_t *weights_of(const TpsPlan *plan)
{
    int64_t *weight_us = g_new0(int64_t, plan->tasks->len);

    for (guint i = 0; i < plan->tasks->len; i++)
        weight_us[i] = ((const TpsTask *)g_ptr_array_index(plan->tasks, i))->weight_us;
    return weight_us;
}

static void choose_target(TpsPlan *plan, int64_t wished_us, int64_t longest_us)
{
    const TpsTask *heaviest = g_ptr_array_index(plan->tasks, 0);
    g_autofree char *label = tps_part_label(heaviest->suite, heaviest->part);
    g_autofree char *wished = tps_duration_format(wished_us);
    g_autofree char *longest = tps_duration_format(longest_us);

    plan->target_us = MAX(wished_us, longest_us);
    if (wished_us == TPS_AUTO)
        note(plan->notes, "the target is the longest task, %s (%s)", label, longest);
    else if (longest_us > wished_us)
        note(plan->notes, "the target of %s is raised to %s: %s alone takes that long", wished,
             longest, label);
}

static void choose_size(TpsPlan *plan, const int64_t *weight_us, const TpsPlanRequest *request)
{
    size_t n = plan->tasks->len;
    int cap = request->max_size ? request->max_size : (int)n;

    plan->size_lower_bound = tps_pool_size_lower_bound(weight_us, n, plan->target_us);
    plan->size = request->size == TPS_AUTO ? tps_pool_size(weight_us, n, plan->target_us, cap)
                                           : request->size;
}

static void place_tasks(TpsPlan *plan, const int64_t *weight_us)
{
    size_t n = plan->tasks->len;
    g_autofree int *worker = g_new0(int, n);
    g_autofree int64_t *start_us = g_new0(int64_t, n);

    plan->makespan_us = tps_pool_simulate(weight_us, n, plan->size, NULL, worker, start_us);
    plan->makespan_lower_bound_us = tps_makespan_lower_bound(weight_us, n, plan->size);
    for (size_t i = 0; i < n; i++) {
        TpsTask *task = g_ptr_array_index(plan->tasks, i);

        task->worker = worker[i];
        task->start_us = start_us[i];
    }
}

static void say_missed(TpsPlan *plan)
{
    g_autofree char *makespan = tps_duration_format(plan->makespan_us);
    g_autofree char *target = tps_duration_format(plan->target_us);

    if (plan->makespan_us > plan->target_us)
        note(plan->notes, "%d workers take %s and miss the target of %s", plan->size, makespan,
             target);
}

static int compare_tasks(const void *a, const void *b)
{
    return tps_task_compare(*(const TpsTask *const *)a, *(const TpsTask *const *)b);
}

static void order_and_size(TpsPlan *plan, const TpsPlanRequest *request)
{
    g_autofree int64_t *weight_us = NULL;

    g_ptr_array_sort(plan->tasks, compare_tasks);
    weight_us = weights_of(plan);
    choose_target(plan, request->target_us, weight_us[0]);
    choose_size(plan, weight_us, request);
    place_tasks(plan, weight_us);
    say_missed(plan);
}

/* So that every time in a plan can be written, read back, and added up. */
static bool check_total(const TpsPlan *plan, GError **error)
{
    int64_t total = 0;

    for (guint i = 0; i < plan->tasks->len; i++)
        total = tps_add_sat(total, ((const TpsTask *)g_ptr_array_index(plan->tasks, i))->weight_us);
    if (total <= TPS_DURATION_MAX_US)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                "all tasks together would take longer than ten years; is the runtime data in "
                "seconds?");
    return false;
}

static bool check_suite(const Draft *draft, GError **error)
{
    if (draft->input->testcases->len > 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "suite '%s' has no testcases",
                draft->input->name);
    return false;
}

static GArray *make_drafts(const TpsPlanRequest *request)
{
    GArray *drafts = g_array_new(FALSE, TRUE, sizeof(Draft));

    g_array_set_clear_func(drafts, draft_clear);
    for (size_t i = 0; i < request->n_suites; i++) {
        Draft draft = {.input = &request->suites[i]};

        g_array_append_val(drafts, draft);
    }
    g_array_sort(drafts, compare_drafts);
    return drafts;
}

TpsPlan *tps_plan_make(const TpsPlanRequest *request, GError **error)
{
    g_autoptr(TpsPlan) plan = tps_plan_new();
    g_autoptr(GArray) drafts = make_drafts(request);
    int64_t limit_us;

    if (drafts->len == 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "there is nothing to plan");
        return NULL;
    }
    for (guint i = 0; i < drafts->len; i++)
        if (!check_suite(&g_array_index(drafts, Draft, i), error))
            return NULL;
    plan->name = g_strdup(request->name);
    estimate_all(drafts, request->data);
    plan->limit_us = request->limit_us == TPS_AUTO ? auto_limit(drafts) : request->limit_us;
    /* A part longer than the target would only raise the target. */
    limit_us =
        request->target_us == TPS_AUTO ? plan->limit_us : MIN(plan->limit_us, request->target_us);
    for (guint i = 0; i < drafts->len; i++) {
        Draft *draft = &g_array_index(drafts, Draft, i);

        summarise(draft, plan);
        add_tasks(draft, plan, limit_us);
    }
    if (!check_total(plan, error))
        return NULL;
    order_and_size(plan, request);
    for (guint i = 0; i < tps_runtime_data_sources(request->data)->len; i++)
        note(plan->sources, "%s",
             (char *)g_ptr_array_index(tps_runtime_data_sources(request->data), i));
    tps_plan_seal(plan);
    return g_steal_pointer(&plan);
}
