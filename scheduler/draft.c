/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/notes.h"
#include "core/saturate.h"
#include "partition/autopart.h"
#include "partition/in_order.h"
#include "partition/partition.h"
#include "partition/uneven.h"
#include "scheduler/draft_internal.h"
#include "scheduler/rules_internal.h"
#include "scheduler/units.h"

void tps_split_clear(TpsSplit *deal)
{
    g_clear_pointer(&deal->part, g_free);
    g_clear_pointer(&deal->load_us, g_free);
}

void tps_draft_clear(void *data)
{
    TpsDraft *draft = data;

    tps_estimate_free(draft->estimate);
    g_free(draft->units.of);
    g_free(draft->units.cost_us);
    g_free(draft->units.count);
    tps_rules_clear(&draft->rules);
    tps_split_clear(&draft->deal);
}

bool tps_draft_is_weighted(const TpsDraft *draft)
{
    return draft->input->declared && draft->input->declared->weight_us != TPS_AUTO;
}

int64_t tps_draft_overhead(const TpsDraft *draft)
{
    return tps_draft_is_weighted(draft)
               ? 0
               : tps_add_sat(draft->estimate->setup_us, draft->estimate->teardown_us);
}

bool tps_draft_number_units(TpsDraft *draft, GError **error)
{
    char *const *group = draft->input->declared ? draft->input->declared->group : NULL;
    TpsUnits *units = &draft->units;
    guint n = draft->input->testcases->len;

    units->n = n;
    if (!tps_units_are_testcases(draft->input->testcases, draft->input->unit, group)) {
        units->of = g_new(int, n);
        units->n = tps_units_number(draft->input->testcases, draft->input->unit, group, units->of);
    }
    units->cost_us = g_new0(int64_t, units->n);
    units->count = g_new0(int, units->n);
    for (guint i = 0; i < n; i++) {
        int64_t *cost_us = &units->cost_us[tps_unit_of(units, i)];

        *cost_us = tps_add_sat(*cost_us, draft->estimate->expected_us[i]);
        units->count[tps_unit_of(units, i)]++;
    }
    return tps_rules_init(&draft->rules, draft->input, units, error);
}

void tps_split_add_up(const TpsDraft *draft, TpsSplit *deal)
{
    deal->load_us = g_new0(int64_t, (gsize)deal->n_parts);
    for (size_t i = 0; i < draft->units.n; i++) {
        int64_t *load_us = &deal->load_us[deal->part[i]];

        *load_us = tps_add_sat(*load_us, draft->units.cost_us[i]);
    }
}

static void say_autopart(const TpsDraft *draft, TpsAutopartReason reason, int64_t limit_us)
{
    g_autofree char *limit = tps_duration_format(limit_us);
    g_autofree char *overhead = tps_duration_format(tps_draft_overhead(draft));

    if (reason == TPS_AUTOPART_SETUP_TOO_LONG)
        tps_note(draft->summary->notes,
                 "setup and teardown alone take %s, the part runtime limit is %s: not split",
                 overhead, limit);
    else if (reason == TPS_AUTOPART_ITEM_TOO_LONG)
        tps_note(draft->summary->notes,
                 "a part exceeds the part runtime limit of %s: one unit of it can't be split",
                 limit);
}

/* A part that has one unit, or must by the rules, may be longer than the limit. */
static void say_limit(const TpsDraft *draft, int64_t fill_us, int64_t limit_us)
{
    if (!draft->whole && tps_draft_overhead(draft) >= fill_us)
        say_autopart(draft, TPS_AUTOPART_SETUP_TOO_LONG, limit_us);
    for (int part = 0; draft->movable && part < draft->deal.n_parts; part++) {
        if (tps_draft_weight(draft, &draft->deal, part) <= limit_us)
            continue;
        say_autopart(draft, TPS_AUTOPART_ITEM_TOO_LONG, limit_us);
        return;
    }
}

static size_t count_alone(const TpsUnits *units, int64_t room_us)
{
    size_t n = 0;

    for (size_t i = 0; i < units->n; i++)
        n += units->cost_us[i] > room_us;
    return n;
}

/* Parts by time, where no rule says more. */
static int free_parts(TpsDraft *draft, int64_t limit_us)
{
    TpsAutopart answer = tps_autopart(draft->units.cost_us, draft->units.n,
                                      tps_draft_overhead(draft), limit_us, draft->deal.part);

    return answer.n_parts;
}

/* The first part without a unit, or -1. */
static int empty_part(const TpsUnits *units, int n_parts, const int *part)
{
    g_autofree bool *full = g_new0(bool, (gsize)n_parts);

    for (size_t i = 0; i < units->n; i++)
        full[part[i]] = true;
    for (int i = 0; i < n_parts; i++)
        if (!full[i])
            return i;
    return -1;
}

/* Pins may leave nothing for a part; then they can't be kept, for parts have numbers without gaps.
 */
static bool check_full(const TpsDraft *draft, int n_parts, GError **error)
{
    int empty = empty_part(&draft->units, n_parts, draft->deal.part);

    return empty < 0 || tps_rules_fail_empty(draft, empty, n_parts, error);
}

/* The longest unit, or all that is pinned to one part where that is longer. */
static int64_t longest_together(const TpsDraft *draft)
{
    const TpsUnits *units = &draft->units;
    const int *pin = draft->rules.pin;
    g_autoptr(GHashTable) pinned = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    int64_t longest_us = 0;

    for (size_t i = 0; i < units->n; i++) {
        int64_t *sum_us;

        longest_us = MAX(longest_us, units->cost_us[i]);
        if (!pin || pin[i] < 0)
            continue;
        sum_us = g_hash_table_lookup(pinned, GINT_TO_POINTER(pin[i]));
        if (!sum_us)
            g_hash_table_insert(pinned, GINT_TO_POINTER(pin[i]), sum_us = g_new0(int64_t, 1));
        *sum_us = tps_add_sat(*sum_us, units->cost_us[i]);
        longest_us = MAX(longest_us, *sum_us);
    }
    return longest_us;
}

/* Under rules no part is longer than the limit or, if that is more, than what can't be separated.
 */
static bool ruled_parts(TpsDraft *draft, int64_t limit_us, int *n_parts, GError **error)
{
    TpsConstrained problem = tps_rules_problem(draft, (int)draft->units.n);
    int64_t room_us = limit_us - tps_draft_overhead(draft);
    int64_t longest_us = longest_together(draft);
    TpsDeal deal;

    deal = tps_parts_fewest_constrained(&problem, MAX(room_us, longest_us), draft->deal.part);
    if (deal.outcome != TPS_DEALT)
        return tps_rules_fail(draft, &deal, problem.n_parts, error);
    *n_parts = deal.n_parts;
    return check_full(draft, deal.n_parts, error);
}

static int ordered_parts(TpsDraft *draft, int64_t limit_us)
{
    return tps_parts_fewest_in_order(draft->units.cost_us, draft->units.n,
                                     limit_us - tps_draft_overhead(draft), draft->deal.part);
}

static bool auto_parts(TpsDraft *draft, int64_t limit_us, int *n_parts, GError **error)
{
    const int64_t overhead_us = tps_draft_overhead(draft);

    *n_parts = 1;
    if (draft->whole || overhead_us >= limit_us)
        return !tps_rules_hold(&draft->rules) || ruled_parts(draft, INT64_MAX, n_parts, error);
    draft->movable = true;
    draft->n_alone = count_alone(&draft->units, limit_us - overhead_us);
    if (tps_rules_hold(&draft->rules))
        return ruled_parts(draft, limit_us, n_parts, error);
    *n_parts =
        draft->rules.keep_order ? ordered_parts(draft, limit_us) : free_parts(draft, limit_us);
    return true;
}

static int declared_parts(const TpsDraft *draft)
{
    int wished = draft->input->declared->parts;

    if ((size_t)wished <= draft->units.n)
        return wished;
    tps_note(draft->summary->notes, "%d parts were asked for, and there are only %zu units to deal",
             wished, draft->units.n);
    return (int)draft->units.n;
}

static void hold(TpsDraft *draft, int n_parts)
{
    const TpsUnits *units = &draft->units;
    bool ruled = draft->rules.keep_order || tps_rules_hold(&draft->rules);

    draft->deal.n_parts = n_parts;
    /* Nothing to tell units apart but their number. */
    if (draft->estimate->execution_us == 0 && !ruled)
        tps_partition_by_count(units->count, units->n, n_parts, draft->deal.part);
    tps_split_add_up(draft, &draft->deal);
}

/* Deal the units evenly to so many parts. */
static TpsDeal deal_evenly(const TpsDraft *draft, int n_parts, int *part)
{
    const TpsUnits *units = &draft->units;
    TpsConstrained problem = tps_rules_problem(draft, n_parts);

    if (tps_rules_hold(&draft->rules))
        return tps_partition_constrained(&problem, part);
    if (draft->rules.keep_order)
        tps_partition_in_order(units->cost_us, units->n, n_parts, part);
    else
        tps_partition_by_time(units->cost_us, units->n, n_parts, part);
    return (TpsDeal){.outcome = TPS_DEALT};
}

bool tps_draft_split_declared(TpsDraft *draft, GError **error)
{
    const TpsSuite *declared = draft->input->declared;
    int n_parts = 1; /* a weight is that of one task; it says nothing about its parts */
    TpsDeal deal;

    if (!declared || (declared->parts == TPS_AUTO && !tps_draft_is_weighted(draft)))
        return true;
    draft->deal.part = g_new0(int, draft->units.n);
    if (declared->parts != TPS_AUTO)
        n_parts = declared_parts(draft);
    deal = deal_evenly(draft, n_parts, draft->deal.part);
    if (deal.outcome != TPS_DEALT)
        return tps_rules_fail(draft, &deal, n_parts, error);
    hold(draft, n_parts);
    return check_full(draft, n_parts, error);
}

bool tps_draft_split_auto(TpsDraft *draft, int64_t fill_us, int64_t limit_us, GError **error)
{
    int n_parts;

    if (draft->deal.part)
        return true;
    draft->deal.part = g_new0(int, draft->units.n);
    if (!auto_parts(draft, fill_us, &n_parts, error))
        return false;
    hold(draft, n_parts);
    say_limit(draft, fill_us, limit_us);
    return true;
}

bool tps_draft_split_again(TpsDraft *draft)
{
    int n_parts;

    draft->deal = (TpsSplit){.part = g_new0(int, draft->units.n)};
    if (!auto_parts(draft, draft->fill_us, &n_parts, NULL))
        return false;
    hold(draft, n_parts);
    return true;
}

/* Setup and teardown leave no room for a margin where they take nearly all of the limit. */
int64_t tps_draft_fill(const TpsDraft *draft, int64_t limit_us)
{
    const int64_t fill_us = limit_us / 100 * TPS_LIMIT_FILL_PERCENT;

    return draft->estimate->dated && tps_draft_overhead(draft) < fill_us ? fill_us : limit_us;
}

void tps_draft_check_setup(TpsDraft *draft, int64_t limit_us)
{
    draft->whole = !draft->deal.part && tps_draft_overhead(draft) >= limit_us;
    if (draft->whole)
        say_autopart(draft, TPS_AUTOPART_SETUP_TOO_LONG, limit_us);
}

int64_t tps_draft_floor(const TpsDraft *draft, int64_t limit_us)
{
    const int64_t overhead_us = tps_draft_overhead(draft);

    if (overhead_us >= limit_us)
        return tps_add_sat(overhead_us, draft->estimate->execution_us);
    return tps_add_sat(overhead_us, longest_together(draft));
}

/* Number the parts that got something; the others are gone. */
static void drop_empty_parts(const TpsDraft *draft, TpsSplit *deal)
{
    g_autofree int *number = g_new(int, (gsize)deal->n_parts);
    int n = 0;

    for (int part = 0; part < deal->n_parts; part++)
        number[part] = -1;
    for (size_t i = 0; i < draft->units.n; i++)
        number[deal->part[i]] = 0;
    for (int part = 0; part < deal->n_parts; part++)
        if (number[part] == 0)
            number[part] = n++;
    for (size_t i = 0; i < draft->units.n; i++)
        deal->part[i] = number[deal->part[i]];
    deal->n_parts = n;
}

TpsSplit tps_draft_deal(const TpsDraft *draft, const int64_t *room_us, int n_parts)
{
    TpsSplit deal = {.n_parts = n_parts, .part = g_new0(int, draft->units.n)};

    if (draft->rules.keep_order || tps_rules_hold(&draft->rules)) {
        if (deal_evenly(draft, n_parts, deal.part).outcome != TPS_DEALT ||
            (tps_rules_hold(&draft->rules) && empty_part(&draft->units, n_parts, deal.part) >= 0)) {
            tps_split_clear(&deal);
            return (TpsSplit){0};
        }
    } else {
        tps_partition_uneven(draft->units.cost_us, draft->units.n, room_us, n_parts, deal.part);
    }
    drop_empty_parts(draft, &deal);
    tps_split_add_up(draft, &deal);
    return deal;
}

bool tps_draft_keeps_limit(const TpsDraft *draft, const TpsSplit *split)
{
    const int64_t most_us = draft->rules.pin
                                ? MAX(draft->fill_us, tps_draft_floor(draft, draft->fill_us))
                                : draft->fill_us;
    g_autofree size_t *n_units = g_new0(size_t, (gsize)MAX(split->n_parts, 1));

    for (size_t i = 0; i < draft->units.n; i++)
        n_units[split->part[i]]++;
    for (int part = 0; draft->movable && part < split->n_parts; part++)
        if (tps_draft_weight(draft, split, part) > most_us && n_units[part] > 1)
            return false;
    return true;
}

int64_t tps_draft_weight(const TpsDraft *draft, const TpsSplit *deal, int part)
{
    if (tps_draft_is_weighted(draft))
        return draft->input->declared->weight_us;
    return tps_add_sat(tps_draft_overhead(draft), deal->load_us[part]);
}

static TpsTask *new_task(const TpsDraft *draft, int part)
{
    const TpsSplit *deal = &draft->deal;
    TpsTask *task =
        tps_task_new(draft->input->name, (TpsPart){.index = part, .count = deal->n_parts});

    if (draft->input->ids_known)
        task->testcases = g_ptr_array_new_with_free_func(draft->input->names ? NULL : g_free);
    task->weight_us = task->execution_us = tps_draft_weight(draft, deal, part);
    if (tps_draft_is_weighted(draft))
        return task;
    task->setup_us = draft->estimate->setup_us;
    task->teardown_us = draft->estimate->teardown_us;
    task->execution_us = deal->load_us[part];
    return task;
}

static void make_room(const TpsDraft *draft, TpsTask **tasks)
{
    for (guint i = 0; i < draft->input->testcases->len; i++)
        tasks[draft->deal.part[tps_unit_of(&draft->units, i)]]->n_testcases++;
    for (int part = 0; part < draft->deal.n_parts; part++) {
        if (draft->input->ids_known && !tps_draft_is_weighted(draft))
            tasks[part]->expected_us = g_new(int64_t, tasks[part]->n_testcases);
        tasks[part]->n_testcases = 0;
    }
}

static void fill_tasks(const TpsDraft *draft, TpsTask **tasks)
{
    const GPtrArray *testcases = draft->input->testcases;
    const bool borrow = draft->input->names != NULL;

    make_room(draft, tasks);
    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        TpsTask *task = tasks[draft->deal.part[tps_unit_of(&draft->units, i)]];

        if (task->expected_us)
            task->expected_us[task->n_testcases] = draft->estimate->expected_us[i];
        task->n_testcases++;
        if (draft->estimate->source[i] != TPS_PREDICT_MEASURED && !tps_draft_is_weighted(draft))
            task->guessed_us = tps_add_sat(task->guessed_us, draft->estimate->expected_us[i]);
        if (task->testcases)
            g_ptr_array_add(task->testcases, borrow ? testcase->id : g_strdup(testcase->id));
    }
}

void tps_draft_add_tasks(const TpsDraft *draft, TpsPlan *plan)
{
    int n_parts = draft->deal.n_parts;
    g_autofree TpsTask **tasks = g_new0(TpsTask *, (gsize)n_parts);

    for (int part = 0; part < n_parts; part++)
        tasks[part] = new_task(draft, part);
    fill_tasks(draft, tasks);
    for (int part = 0; part < n_parts; part++)
        g_ptr_array_add(plan->tasks, tasks[part]);
    draft->summary->parts = n_parts;
    if (draft->input->names)
        tps_string_pool_adopt(plan->names, draft->input->names);
}
