/* SPDX-License-Identifier: MIT */
#include "scheduler/planner.h"

#include "core/duration.h"
#include "core/error.h"
#include "core/notes.h"
#include "core/saturate.h"
#include "formats/plan_json.h"
#include "partition/bounds.h"
#include "runtime/estimate.h"
#include "scheduler/choose_internal.h"
#include "scheduler/draft_internal.h"
#include "scheduler/draft_needs_internal.h"
#include "scheduler/mismatch.h"
#include "scheduler/pool_choice_internal.h"
#include "scheduler/pool_order.h"
#include "scheduler/pool_size.h"
#include "scheduler/rules_internal.h"
#include "scheduler/serial_internal.h"

#include <string.h>

/* Testplan's bounds of auto_part_runtime_limit: "auto". */
#define LIMIT_AUTO_MIN_US (480 * TPS_SECOND_US)
#define LIMIT_AUTO_MAX_US (1800 * TPS_SECOND_US)
#define LIMIT_AUTO_FACTOR 3

static int compare_drafts(const void *a, const void *b)
{
    return strcmp(((const TpsDraft *)a)->input->name, ((const TpsDraft *)b)->input->name);
}

static const char *framework_of(const TpsDraft *draft)
{
    return draft->input->declared ? draft->input->declared->framework : "";
}

/* What one testcase takes on average over the measured suites of a framework, or the constant. */
static int64_t guess_for(const GArray *drafts, const char *framework)
{
    int64_t sum = 0;
    int64_t n = 0;

    for (guint i = 0; i < drafts->len; i++) {
        const TpsDraft *draft = &g_array_index(drafts, TpsDraft, i);

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

static void estimate_one(TpsDraft *draft, const TpsRuntimeData *data, int64_t guess_us)
{
    g_clear_pointer(&draft->estimate, tps_estimate_free);
    draft->estimate =
        tps_estimate_suite(data, draft->input->name, draft->input->testcases, guess_us);
    if (!draft->estimate->setup_known)
        draft->estimate->setup_us = draft->input->start_up_us;
}

/* The same for all suites of a framework: asked for once, since there may be thousands of them. */
static int64_t guess_once(GHashTable *guesses, const GArray *drafts, const char *framework)
{
    int64_t *guess_us = g_hash_table_lookup(guesses, framework);

    if (!guess_us) {
        guess_us = g_new(int64_t, 1);
        *guess_us = guess_for(drafts, framework);
        g_hash_table_insert(guesses, (gpointer)framework, guess_us);
    }
    return *guess_us;
}

/* Twice for the unknown ones: their guess comes from the known ones. */
static void estimate_all(GArray *drafts, const TpsRuntimeData *data)
{
    g_autoptr(GHashTable) guesses = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

    for (guint i = 0; i < drafts->len; i++)
        estimate_one(&g_array_index(drafts, TpsDraft, i), data, 0);
    for (guint i = 0; i < drafts->len; i++) {
        TpsDraft *draft = &g_array_index(drafts, TpsDraft, i);

        if (draft->estimate->evidence == TPS_EVIDENCE_GUESSED)
            estimate_one(draft, data, guess_once(guesses, drafts, framework_of(draft)));
    }
}

static void summarise(TpsDraft *draft, TpsPlan *plan)
{
    TpsPlanSuite *summary = tps_plan_suite_new(draft->input->name);
    bool weighted = tps_draft_is_weighted(draft);

    summary->evidence = weighted ? TPS_EVIDENCE_WEIGHT : draft->estimate->evidence;
    summary->n_testcases = draft->estimate->n_testcases;
    summary->n_measured = draft->estimate->n_measured;
    summary->n_guessed = weighted ? 0 : draft->estimate->n_guessed;
    summary->guessed_us = weighted ? 0 : draft->estimate->guessed_us;
    summary->measured_us = weighted ? 0 : draft->estimate->execution_us - summary->guessed_us;
    summary->age_s = weighted ? 0 : draft->estimate->age_s;
    for (guint i = 0; !weighted && i < draft->estimate->notes->len; i++)
        tps_note(summary->notes, "%s", (char *)g_ptr_array_index(draft->estimate->notes, i));
    if (draft->input->declared && !tps_needs_are_trivial(draft->input->declared->needs))
        summary->needs = tps_needs_copy(draft->input->declared->needs);
    draft->summary = summary;
    g_ptr_array_add(plan->suites, summary);
}

/* Testplan's rule, without its slip that the last suite wins. */
static int64_t auto_limit(const GArray *drafts)
{
    int64_t overhead = 0;

    for (guint i = 0; i < drafts->len; i++) {
        const TpsEstimate *estimate = g_array_index(drafts, TpsDraft, i).estimate;

        overhead = MAX(overhead, estimate->setup_us + estimate->teardown_us);
    }
    return CLAMP(LIMIT_AUTO_FACTOR * overhead, LIMIT_AUTO_MIN_US, LIMIT_AUTO_MAX_US);
}

/* What no way to cut makes shorter: the longest task, or the longest unit with its overhead. */
typedef struct {
    char *label; /* owned */
    int64_t us;
    bool is_chain; /* it is no task, but what several of them need */
} Floor;

static void floor_clear(Floor *floor)
{
    g_free(floor->label);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Floor, floor_clear)

static void raise_floor(Floor *floor, const TpsDraft *draft, int part, int64_t us)
{
    if (floor->label && us <= floor->us)
        return;
    g_free(floor->label);
    floor->us = us;
    floor->label = tps_part_label(draft->input->name,
                                  (TpsPart){.index = part, .count = MAX(draft->deal.n_parts, 1)});
}

/* Of what is split already its parts, of the others what they can't fall below. */
static void draft_floor(Floor *floor, const TpsDraft *draft, int64_t limit_us)
{
    for (int part = 0; part < draft->deal.n_parts; part++)
        raise_floor(floor, draft, part, tps_draft_weight(draft, &draft->deal, part));
    if (draft->deal.n_parts == 0)
        raise_floor(floor, draft, 0, tps_draft_floor(draft, limit_us));
}

static void find_floor(Floor *floor, const GArray *drafts, int64_t limit_us)
{
    for (guint i = 0; i < drafts->len; i++)
        draft_floor(floor, &g_array_index(drafts, TpsDraft, i), limit_us);
}

/* Tasks that need one thing take turns, however they are cut. */
static void find_chain(Floor *floor, const TpsPlan *plan, const GArray *drafts)
{
    g_autoptr(TpsPlanNeeds) needs = tps_plan_needs_foreseen(plan);
    g_autoptr(GArray) array = needs ? tps_draft_loads(needs, drafts) : NULL;
    g_auto(TpsLoadsBound) chain = {0};
    TpsLoads loads;

    if (!needs)
        return;
    loads = tps_loads_of(needs, array);
    chain = tps_loads_chain(&loads);
    if (chain.us <= floor->us)
        return;
    g_free(floor->label);
    floor->us = chain.us;
    floor->label = g_steal_pointer(&chain.what);
    floor->is_chain = true;
}

/* The target that holds, and when the plan has to end to meet it; returns the latter. */
static int64_t raise_target(TpsPlan *plan, const GArray *drafts, const TpsPlanRequest *request)
{
    const int64_t wished_us = request->target_us;
    const int64_t limit_us = MIN(plan->limit_us, wished_us);
    g_auto(Floor) floor = {0};
    g_autofree char *wished = tps_duration_format(wished_us);
    g_autofree char *longest = NULL;

    find_floor(&floor, drafts, limit_us);
    find_chain(&floor, plan, drafts);
    for (guint i = 0; limit_us < plan->limit_us && i < drafts->len; i++)
        tps_draft_check_setup(&g_array_index(drafts, TpsDraft, i), limit_us);
    plan->target_us = MAX(wished_us, floor.us);
    longest = tps_duration_format(floor.us);
    if (floor.us > wished_us)
        tps_note(plan->notes, "the target of %s is raised to %s: %s alone takes that long", wished,
                 longest, floor.label);
    return MAX(tps_goal_for_promise(plan, request), floor.us);
}

static int64_t take_longest_as_target(TpsPlan *plan, const GArray *drafts)
{
    g_auto(Floor) floor = {0};
    g_autofree char *longest = NULL;

    find_floor(&floor, drafts, plan->limit_us);
    find_chain(&floor, plan, drafts);
    plan->target_us = floor.us;
    longest = tps_duration_format(floor.us);
    tps_note(plan->notes, "the target is %s %s (%s)",
             floor.is_chain ? "as long as is needed:" : "the longest task,", floor.label, longest);
    return floor.us;
}

static int64_t *weights_of(const TpsPlan *plan)
{
    int64_t *weight_us = g_new0(int64_t, plan->tasks->len);

    for (guint i = 0; i < plan->tasks->len; i++)
        weight_us[i] = ((const TpsTask *)g_ptr_array_index(plan->tasks, i))->weight_us;
    return weight_us;
}

/* The tasks' needs as they stand now; `array` is to be unreffed. */
static TpsLoads loads_of(const TpsPlanNeeds *needs, GArray **array)
{
    *array = tps_plan_needs_loads(needs);
    return tps_loads_of(needs, *array);
}

static int64_t simulate(const TpsPlan *plan, int *worker, int64_t *start_us)
{
    g_autoptr(TpsPlanNeeds) needs = tps_plan_needs_foreseen(plan);
    g_autofree int64_t *weight_us = weights_of(plan);
    g_autoptr(GArray) array = NULL;
    TpsLoads loads;

    if (!needs)
        return tps_pool_simulate(weight_us, plan->tasks->len, plan->size, NULL, worker, start_us);
    loads = loads_of(needs, &array);
    return tps_loads_simulate(&loads, plan->size, NULL, 0, worker, start_us);
}

/* Who takes each task, and when, if the pool pulls them as they stand. */
static void place_tasks(TpsPlan *plan)
{
    size_t n = plan->tasks->len;
    g_autofree int *worker = g_new0(int, n);
    g_autofree int64_t *start_us = g_new0(int64_t, n);

    plan->makespan_us = simulate(plan, worker, start_us);
    for (size_t i = 0; i < n; i++) {
        TpsTask *task = g_ptr_array_index(plan->tasks, i);

        task->worker = worker[i];
        task->start_us = start_us[i];
    }
}

static int compare_tasks(const void *a, const void *b)
{
    return tps_task_compare(*(const TpsTask *const *)a, *(const TpsTask *const *)b);
}

/* What was never measured may take long: tasks with much of it first. */
static int compare_new_first(const void *a, const void *b)
{
    const TpsTask *one = *(const TpsTask *const *)a, *two = *(const TpsTask *const *)b;
    bool one_new = one->guessed_us > 0, two_new = two->guessed_us > 0;

    return one_new == two_new ? tps_task_compare(one, two) : one_new ? -1 : 1;
}

/*
 * The order that ends soonest, or by the goal where heaviest first does not: that is how the size
 * was chosen. Returns its makespan.
 */
static int64_t best_order(const TpsPlan *plan, const int64_t *weight_us, int64_t heaviest_first_us,
                          int64_t goal_us, size_t *order)
{
    g_autoptr(TpsPlanNeeds) needs = tps_plan_needs_foreseen(plan);
    g_autoptr(GArray) array = NULL;
    size_t n = plan->tasks->len;
    int64_t makespan_us;

    if (needs) {
        TpsLoads loads = loads_of(needs, &array);

        return tps_loads_order(&loads, plan->size, order);
    }
    if (heaviest_first_us > goal_us && weight_us[0] <= goal_us) {
        makespan_us = tps_pool_choose(weight_us, n, goal_us, plan->size, order).makespan_us;
        if (makespan_us <= goal_us)
            return makespan_us;
    }
    return tps_pool_order(weight_us, n, plan->size, order);
}

/* Another order must end sooner by more than a hundredth, or alone meet the goal. */
static bool is_worth_it(int64_t heaviest_first_us, int64_t other_us, int64_t goal_us)
{
    return (other_us <= goal_us && heaviest_first_us > goal_us) ||
           heaviest_first_us - other_us > heaviest_first_us / 100;
}

/*
 * Tasks stand heaviest first, which bears surprises best: put them in the order that ends soonest
 * where that pays.
 */
static void order_for_makespan(TpsPlan *plan, int64_t goal_us)
{
    size_t n = plan->tasks->len;
    g_autofree int64_t *weight_us = weights_of(plan);
    g_autofree size_t *order = g_new(size_t, n);
    g_autofree gpointer *sorted = g_memdup2(plan->tasks->pdata, n * sizeof *sorted);
    int64_t heaviest_first_us = simulate(plan, NULL, NULL);
    int64_t best_us = best_order(plan, weight_us, heaviest_first_us, goal_us, order);

    if (!is_worth_it(heaviest_first_us, best_us, goal_us))
        return;
    for (size_t i = 0; i < n; i++)
        plan->tasks->pdata[i] = sorted[order[i]];
}

/*
 * Heaviest first, unless another order ends sooner; and those with new testcases before all others,
 * unless that is expected to take more than a thousandth longer, or to miss the goal.
 */
static void order_tasks(TpsPlan *plan, int64_t goal_us)
{
    int64_t soonest_us;

    g_ptr_array_sort(plan->tasks, compare_tasks);
    order_for_makespan(plan, goal_us);
    place_tasks(plan);
    soonest_us = plan->makespan_us;
    g_ptr_array_sort(plan->tasks, compare_new_first);
    place_tasks(plan);
    if (plan->makespan_us <= MAX(goal_us, soonest_us) &&
        plan->makespan_us - soonest_us <= soonest_us / 1000)
        return;
    g_ptr_array_sort(plan->tasks, compare_tasks);
    order_for_makespan(plan, goal_us);
    place_tasks(plan);
}

static void bound(TpsPlan *plan, const GArray *drafts)
{
    g_autoptr(GArray) weights = tps_choose_weights(drafts);
    const int64_t *weight_us = (const int64_t *)(const void *)weights->data;
    size_t n = weights->len;
    g_autofree size_t *order = g_new(size_t, n);

    plan->makespan_lower_bound_us =
        tps_makespan_best_bound(weight_us, n, plan->size, plan->makespan_us);
    plan->size_lower_bound =
        weight_us[0] <= plan->target_us
            ? tps_pool_choose(weight_us, n, plan->target_us, (int)n, order).lower_bound
            : tps_pool_size_lower_bound(weight_us, n, plan->target_us);
}

static void say_missed(TpsPlan *plan)
{
    g_autofree char *makespan = tps_duration_format(plan->makespan_us);
    g_autofree char *target = tps_duration_format(plan->target_us);

    /* Runs that always ended early let a plan expect more than the target, and keep it. */
    if (plan->confidence_ppm != TPS_PPM_UNKNOWN && plan->within_target_ppm >= plan->confidence_ppm)
        return;
    if (plan->makespan_us > plan->target_us)
        tps_note(plan->notes,
                 plan->size == 1 ? "%d worker takes %s and misses the target of %s"
                                 : "%d workers take %s and miss the target of %s",
                 plan->size, makespan, target);
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

static bool check_suite(const TpsDraft *draft, GError **error)
{
    if (draft->input->testcases->len > 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "suite '%s' has no testcases",
                draft->input->name);
    return false;
}

static GArray *make_drafts(const TpsPlanRequest *request)
{
    GArray *drafts = g_array_new(FALSE, TRUE, sizeof(TpsDraft));

    g_array_set_clear_func(drafts, tps_draft_clear);
    for (size_t i = 0; i < request->n_suites; i++) {
        TpsDraft draft = {.input = &request->suites[i]};

        g_array_append_val(drafts, draft);
    }
    g_array_sort(drafts, compare_drafts);
    return drafts;
}

static bool check(const GArray *drafts, const TpsPlan *plan, GError **error)
{
    if (drafts->len == 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "there is nothing to plan");
        return false;
    }
    for (guint i = 0; i < drafts->len; i++)
        if (!check_suite(&g_array_index(drafts, TpsDraft, i), error) ||
            !tps_needs_check(&g_array_index(drafts, TpsDraft, i), plan, error))
            return false;
    return true;
}

static bool split_all(GArray *drafts, int64_t limit_us, int64_t goal_us, GError **error)
{
    for (guint i = 0; i < drafts->len; i++) {
        TpsDraft *draft = &g_array_index(drafts, TpsDraft, i);

        draft->fill_us = MIN(tps_draft_fill(draft, limit_us), goal_us);
        if (!tps_draft_split_auto(draft, draft->fill_us, MIN(limit_us, goal_us), error))
            return false;
    }
    return true;
}

static bool prepare_all(GArray *drafts, TpsPlan *plan, GError **error)
{
    for (guint i = 0; i < drafts->len; i++) {
        TpsDraft *draft = &g_array_index(drafts, TpsDraft, i);

        summarise(draft, plan);
        tps_rules_say_unmatched(draft->input, draft->summary->notes);
        if (!tps_draft_number_units(draft, error) || !tps_draft_split_declared(draft, error))
            return false;
    }
    return true;
}

/*
 * Each suite by itself, then all of them together. A part longer than the goal would only miss it.
 */
static bool choose_parts_and_pool(TpsPlan *plan, GArray *drafts, const TpsPlanRequest *request,
                                  int64_t *goal, GError **error)
{
    int64_t goal_us = INT64_MAX;

    if (!prepare_all(drafts, plan, error))
        return false;
    if (request->target_us != TPS_AUTO)
        goal_us = raise_target(plan, drafts, request);
    if (!split_all(drafts, plan->limit_us, goal_us, error))
        return false;
    tps_needs_hold(plan, drafts);
    if (request->target_us == TPS_AUTO) {
        goal_us = take_longest_as_target(plan, drafts);
        for (guint i = 0; i < drafts->len; i++)
            g_array_index(drafts, TpsDraft, i).fill_us =
                MIN(g_array_index(drafts, TpsDraft, i).fill_us, goal_us);
    }
    tps_choose_pool(plan, drafts, request, goal_us);
    *goal = goal_us;
    return true;
}

static void add_sources(TpsPlan *plan, const TpsRuntimeData *data)
{
    const GPtrArray *sources = tps_runtime_data_sources(data);

    for (guint i = 0; i < sources->len; i++)
        tps_note(plan->sources, "%s", (const char *)g_ptr_array_index(sources, i));
}

TpsPlan *tps_plan_make(const TpsPlanRequest *request, GError **error)
{
    g_autoptr(TpsPlan) plan = tps_plan_new();
    g_autoptr(GArray) drafts = make_drafts(request);
    int64_t goal_us;

    tps_needs_take_machine(plan, drafts, request);
    if (!check(drafts, plan, error))
        return NULL;
    plan->name = g_strdup(request->name);
    plan->filter = tps_filter_copy(request->filter);
    estimate_all(drafts, request->data);
    plan->limit_us = request->limit_us == TPS_AUTO ? auto_limit(drafts) : request->limit_us;
    if (!choose_parts_and_pool(plan, drafts, request, &goal_us, error))
        return NULL;
    for (guint i = 0; i < drafts->len; i++)
        tps_draft_add_tasks(&g_array_index(drafts, TpsDraft, i), plan);
    if (!check_total(plan, error))
        return NULL;
    order_tasks(plan, goal_us);
    bound(plan, drafts);
    tps_needs_bound(plan);
    tps_plan_needs_say(plan);
    tps_state_promise(plan, request);
    say_missed(plan);
    tps_serial_say(plan, drafts);
    add_sources(plan, request->data);
    tps_mismatch_say(request, plan->notes);
    tps_plan_seal(plan);
    return g_steal_pointer(&plan);
}
