/* SPDX-License-Identifier: MIT */
#include "core/notes.h"
#include "core/saturate.h"
#include "runtime/outcomes.h"
#include "scheduler/choose_internal.h"
#include "scheduler/draft_internal.h"
#include "scheduler/draft_needs_internal.h"
#include "scheduler/pool_choice_internal.h"
#include "scheduler/promise.h"
#include "scheduler/serial_internal.h"
#include "scheduler/sticky_internal.h"

#define PPM 1000000
#define DAY_S (24 * 3600)

/* a / b in millionths; b > 0. */
static int64_t ratio(int64_t a, int64_t b)
{
    return (int64_t)((double)a / (double)b * PPM);
}

static GArray *past_runs(const TpsRuntimeData *data)
{
    g_autoptr(GArray) outcomes = tps_runtime_outcomes(data);
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(TpsPastRun));

    for (guint i = 0; i < outcomes->len; i++) {
        const TpsRunOutcome *outcome = &g_array_index(outcomes, TpsRunOutcome, i);
        TpsPastRun run = {.ratio_ppm = ratio(outcome->wall_us, outcome->planned_us),
                          .guessed_ppm = ratio(outcome->guessed_us, outcome->planned_us)};

        g_array_append_val(runs, run);
    }
    return runs;
}

/* How sure the times of this plan are: the share that is guessed, and the age of the rest. */
static void describe_plan(TpsPast *past, const TpsPlan *plan)
{
    int64_t measured_us = 0;
    int64_t guessed_us = 0;
    double aged = 0;

    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = g_ptr_array_index(plan->suites, i);

        measured_us = tps_add_sat(measured_us, suite->measured_us);
        guessed_us = tps_add_sat(guessed_us, suite->guessed_us);
        aged += (double)suite->measured_us * (double)suite->age_s;
    }
    if (tps_add_sat(measured_us, guessed_us) > 0)
        past->guessed_ppm = ratio(guessed_us, tps_add_sat(measured_us, guessed_us));
    if (measured_us > 0)
        past->age_days = (int64_t)(aged / (double)measured_us / DAY_S);
}

static TpsPast past_of(const TpsPlan *plan, const GArray *runs)
{
    TpsPast past = {.runs = (const TpsPastRun *)(const void *)runs->data, .n_runs = runs->len};

    describe_plan(&past, plan);
    return past;
}

static GArray *usage_of(const GArray *drafts)
{
    GArray *usage = g_array_new(FALSE, FALSE, sizeof(TpsUsage));

    for (guint i = 0; i < drafts->len; i++) {
        const TpsDraft *draft = &g_array_index(drafts, TpsDraft, i);

        for (int part = 0; part < draft->deal.n_parts; part++) {
            TpsUsage one = {.weight_us = tps_draft_weight(draft, &draft->deal, part),
                            .cpu_ppm = draft->estimate->cpu_ppm,
                            .peak_bytes = draft->estimate->peak_bytes};

            g_array_append_val(usage, one);
        }
    }
    return usage;
}

/* No more workers than are allowed and than the machine can feed; why, is in `reason`. */
static int most_workers(const GArray *drafts, const TpsPlanRequest *request, TpsSizeReason *reason)
{
    g_autoptr(GArray) usage = usage_of(drafts);

    return tps_capacity_size(request->capacity, (const TpsUsage *)(const void *)usage->data,
                             usage->len, request->max_size ? request->max_size : TPS_POOL_MAX,
                             reason);
}

static void say_limit(TpsPlan *plan)
{
    if (plan->size_reason == TPS_SIZE_CPU)
        tps_note(plan->notes, "%d worker%s, not more: they would share processors", plan->size,
                 plan->size == 1 ? "" : "s");
    else if (plan->size_reason == TPS_SIZE_MEMORY)
        tps_note(plan->notes, "%d worker%s, not more: they might not fit into memory", plan->size,
                 plan->size == 1 ? "" : "s");
    else if (plan->size_reason == TPS_SIZE_NEEDS)
        tps_note(plan->notes, "%d worker%s, not more: they would wait for what tasks need",
                 plan->size, plan->size == 1 ? "" : "s");
}

int64_t tps_goal_for_promise(const TpsPlan *plan, const TpsPlanRequest *request)
{
    g_autoptr(GArray) runs = past_runs(request->data);
    TpsPast past = past_of(plan, runs);
    int64_t factor_ppm;

    if (request->confidence_ppm == 0)
        return plan->target_us;
    factor_ppm = tps_promise_factor(&past, request->confidence_ppm);
    return MAX((int64_t)((double)plan->target_us / (double)factor_ppm * PPM), 1);
}

/* Parts and pool, and parts once more where the pool is too small for the goal. */
static void choose_both(TpsPlan *plan, GArray *drafts, const TpsPlanRequest *request,
                        int64_t goal_us, int most)
{
    plan->size = tps_choose(drafts, goal_us, request->size, most);
    tps_serial_keep(drafts, plan->limit_us, goal_us, plan->size);
    if (request->size == TPS_AUTO)
        plan->size = MIN(plan->size, tps_serial_tasks(drafts));
}

/* Parts that are chosen together with the pool may need more memory than those before. */
static void choose_size(TpsPlan *plan, GArray *drafts, const TpsPlanRequest *request,
                        int64_t goal_us)
{
    TpsSizeReason reason;
    int most = most_workers(drafts, request, &plan->size_reason);

    choose_both(plan, drafts, request, goal_us, most);
    while (request->size == TPS_AUTO &&
           (most = most_workers(drafts, request, &reason)) < plan->size) {
        plan->size_reason = reason;
        choose_both(plan, drafts, request, goal_us, most);
    }
}

static void say_sticky(TpsPlan *plan, bool kept)
{
    tps_note(plan->notes, kept
                              ? "the parts of the previous plan are kept where that costs little"
                              : "planned afresh: the parts of the previous plan would take longer");
}

static int64_t makespan_of(const TpsPlan *plan, const TpsPlanNeeds *needs, const GArray *drafts,
                           int64_t goal_us)
{
    return needs ? tps_needs_makespan(needs, drafts, plan->size)
                 : tps_choose_makespan(drafts, goal_us, plan->size);
}

/* Enough for the weights may be too few for what tasks need beside a worker. */
static void add_workers(TpsPlan *plan, const TpsPlanNeeds *needs, const GArray *drafts,
                        const TpsPlanRequest *request, int64_t goal_us)
{
    TpsSizeReason reason;
    int most = most_workers(drafts, request, &reason);

    plan->size = tps_needs_size(needs, drafts, goal_us, plan->size, most);
    plan->size_reason = plan->size < most ? TPS_SIZE_NEEDS : reason;
}

void tps_choose_pool(TpsPlan *plan, GArray *drafts, const TpsPlanRequest *request, int64_t goal_us)
{
    g_autoptr(TpsPlanNeeds) needs = tps_plan_needs_foreseen(plan);

    choose_size(plan, drafts, request, goal_us);
    if (request->previous)
        say_sticky(plan, tps_sticky(drafts, request->previous, request->tolerance_ppm,
                                    MIN(goal_us, tps_serial_time(drafts)), plan->size));
    if (needs && request->size == TPS_AUTO)
        add_workers(plan, needs, drafts, request, goal_us);
    if (request->size != TPS_AUTO)
        plan->size_reason = TPS_SIZE_GIVEN;
    else if (makespan_of(plan, needs, drafts, goal_us) <= goal_us)
        plan->size_reason = TPS_SIZE_TARGET;
    if (request->confidence_ppm > 0)
        plan->confidence_ppm = request->confidence_ppm;
    say_limit(plan);
}

/* Where everything is the documented guess, nothing can be said. */
static bool knows_nothing(const TpsPlan *plan)
{
    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = g_ptr_array_index(plan->suites, i);

        if (suite->evidence != TPS_EVIDENCE_GUESSED)
            return false;
    }
    return true;
}

void tps_state_promise(TpsPlan *plan, const TpsPlanRequest *request)
{
    g_autoptr(GArray) runs = past_runs(request->data);
    TpsPast past = past_of(plan, runs);

    if (knows_nothing(plan)) {
        if (request->confidence_ppm > 0)
            tps_note(plan->notes, "nothing is measured: nobody can promise that the target is met");
        return;
    }
    plan->within_target_ppm = tps_promise_probability(&past, plan->makespan_us, plan->target_us);
    if (plan->confidence_ppm > plan->within_target_ppm)
        tps_note(plan->notes, "the target is met with a probability of %.0f %%, not %.0f %%",
                 plan->within_target_ppm / 1e4, plan->confidence_ppm / 1e4);
}
