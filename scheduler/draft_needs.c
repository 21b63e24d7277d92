/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "core/saturate.h"
#include "scheduler/draft_needs_internal.h"

/* So many sizes are tried one by one; beyond, steps grow. */
#define SIZES_TRIED 64

static void add_load(GArray *loads, const TpsPlanNeeds *needs, const TpsDraft *draft,
                     int64_t weight_us)
{
    TpsLoad load = {.weight_us = weight_us,
                    .claim = tps_plan_needs_find(needs, draft->input->name)};

    g_array_append_val(loads, load);
}

static int compare_loads(const void *a, const void *b)
{
    const TpsLoad *one = a, *two = b;

    return (one->weight_us < two->weight_us) - (one->weight_us > two->weight_us);
}

/* Equal weights stay in the order of the suites' names and of the parts: GLib's sort is stable. */
GArray *tps_draft_loads(const TpsPlanNeeds *needs, const GArray *drafts)
{
    GArray *loads = g_array_new(FALSE, FALSE, sizeof(TpsLoad));

    for (guint i = 0; i < drafts->len; i++) {
        const TpsDraft *draft = &g_array_index(drafts, TpsDraft, i);

        for (int part = 0; part < draft->deal.n_parts; part++)
            add_load(loads, needs, draft, tps_draft_weight(draft, &draft->deal, part));
        if (draft->deal.n_parts == 0)
            add_load(loads, needs, draft,
                     tps_add_sat(tps_draft_overhead(draft), draft->estimate->execution_us));
    }
    g_array_sort(loads, compare_loads);
    return loads;
}

static int64_t makespan(const TpsLoads *loads, int size)
{
    g_autofree size_t *order = g_new(size_t, loads->n);

    return tps_loads_order(loads, size, order);
}

int64_t tps_needs_makespan(const TpsPlanNeeds *needs, const GArray *drafts, int size)
{
    g_autoptr(GArray) array = tps_draft_loads(needs, drafts);
    TpsLoads loads = tps_loads_of(needs, array);

    return makespan(&loads, size);
}

/*
 * One worker more can make such a pool end later (Graham's anomalies), so sizes are not bisected.
 * Where none meets the goal, the first of those that end soonest.
 */
int tps_needs_size(const TpsPlanNeeds *needs, const GArray *drafts, int64_t goal_us, int from,
                   int most)
{
    g_autoptr(GArray) array = tps_draft_loads(needs, drafts);
    TpsLoads loads = tps_loads_of(needs, array);
    g_auto(TpsLoadsBound) floor = tps_loads_bound(&loads, 0);
    const int64_t enough_us = MAX(goal_us, floor.us);
    const int last = MAX(MIN(most, tps_loads_most_workers(&loads)), from);
    int64_t best_us = INT64_MAX;
    int best = from;

    for (int size = from, step = 1; size <= last; size += step) {
        const int64_t end_us = makespan(&loads, size);

        if (end_us < best_us) {
            best_us = end_us;
            best = size;
        }
        if (best_us <= enough_us)
            break;
        if (size - from >= SIZES_TRIED)
            step = MAX((size - from) / SIZES_TRIED, 1);
    }
    return best;
}

void tps_needs_take_machine(TpsPlan *plan, const GArray *drafts, const TpsPlanRequest *request)
{
    if (request->resources) {
        g_array_unref(plan->resources);
        plan->resources = tps_resources_copy(request->resources);
    }
    for (guint i = 0; i < drafts->len; i++) {
        const TpsSuite *declared = g_array_index(drafts, TpsDraft, i).input->declared;

        if (!declared || tps_needs_are_trivial(declared->needs))
            continue;
        plan->is_sharded = request->is_sharded;
        if (declared->needs->memory_bytes > 0)
            plan->memory_bytes = request->capacity.memory_bytes;
    }
}

bool tps_needs_check(const TpsDraft *draft, const TpsPlan *plan, GError **error)
{
    const TpsSuite *declared = draft->input->declared;
    g_autofree char *trouble =
        declared ? tps_needs_trouble(declared->needs, declared->name, plan->resources) : NULL;

    if (trouble)
        g_set_error_literal(error, TPS_ERROR, TPS_ERROR_INPUT, trouble);
    return !trouble;
}

void tps_needs_hold(const TpsPlan *plan, GArray *drafts)
{
    for (guint i = 0; i < drafts->len; i++) {
        TpsDraft *draft = &g_array_index(drafts, TpsDraft, i);

        if (draft->summary->needs && !plan->is_sharded)
            draft->movable = false;
    }
}

void tps_needs_bound(TpsPlan *plan)
{
    g_autoptr(TpsPlanNeeds) needs = tps_plan_needs_foreseen(plan);
    g_autoptr(GArray) array = NULL;
    g_auto(TpsLoadsBound) bound = {0};
    TpsLoads loads;

    if (!needs)
        return;
    array = tps_plan_needs_loads(needs);
    loads = tps_loads_of(needs, array);
    bound = tps_loads_bound(&loads, plan->size);
    plan->makespan_lower_bound_us = MAX(plan->makespan_lower_bound_us, bound.us);
    plan->size_lower_bound = tps_loads_size_bound(&loads, plan->target_us, plan->size_lower_bound,
                                                  tps_loads_most_workers(&loads));
}
