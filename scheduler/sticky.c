/* SPDX-License-Identifier: MIT */
#include "partition/sticky.h"

#include "scheduler/choose_internal.h"
#include "scheduler/draft_internal.h"
#include "scheduler/rules_internal.h"
#include "scheduler/sticky_internal.h"

#include <string.h>

#define PPM 1000000

/* A part a thousand times as long as the others: nothing is moved for being uneven. */
#define ANY_UNEVEN_PPM (INT64_C(1000) * PPM)

/* In which part of a suite each testcase was. */
static GHashTable *parts_before(const TpsPlan *previous, const char *suite)
{
    GHashTable *parts = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < previous->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(previous->tasks, i);

        if (strcmp(task->suite, suite) != 0)
            continue;
        for (guint j = 0; task->testcases && j < task->testcases->len; j++)
            g_hash_table_insert(parts, g_ptr_array_index(task->testcases, j),
                                GINT_TO_POINTER(task->part.index + 1));
    }
    return parts;
}

/* A unit was where the first of its testcases was that was there. */
static int *units_before(const TpsDraft *draft, GHashTable *parts)
{
    int *before = g_new(int, draft->units.n);

    for (size_t i = 0; i < draft->units.n; i++)
        before[i] = -1;
    for (guint i = 0; i < draft->input->testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(draft->input->testcases, i);
        int part = GPOINTER_TO_INT(g_hash_table_lookup(parts, testcase->id)) - 1;
        int *unit = &before[tps_unit_of(&draft->units, i)];

        if (*unit < 0)
            *unit = part;
    }
    return before;
}

static bool may_keep(const TpsDraft *draft, int n_parts)
{
    bool fixed = !draft->movable && n_parts != draft->deal.n_parts;

    return n_parts > 1 && (size_t)n_parts <= draft->units.n && draft->input->ids_known && !fixed &&
           !draft->rules.keep_order && !tps_rules_hold(&draft->rules);
}

/* The parts of the earlier plan; none where they can't be kept. */
static TpsSplit split_as_before(const TpsDraft *draft, const TpsPlan *previous,
                                int64_t tolerance_ppm)
{
    const TpsPlanSuite *suite = tps_plan_find_suite(previous, draft->input->name);
    g_autoptr(GHashTable) parts = NULL;
    g_autofree int *before = NULL;
    TpsSplit split = {0};

    if (!suite || !may_keep(draft, suite->parts))
        return split;
    parts = parts_before(previous, draft->input->name);
    before = units_before(draft, parts);
    split = (TpsSplit){.n_parts = suite->parts, .part = g_new(int, draft->units.n)};
    tps_partition_sticky(draft->units.cost_us, draft->units.n, split.n_parts, before, tolerance_ppm,
                         split.part);
    tps_split_add_up(draft, &split);
    if (!tps_draft_keeps_limit(draft, &split))
        tps_split_clear(&split);
    return split.part ? split : (TpsSplit){0};
}

static void exchange(GArray *drafts, TpsSplit *splits)
{
    for (guint i = 0; i < drafts->len; i++) {
        TpsDraft *draft = &g_array_index(drafts, TpsDraft, i);
        TpsSplit kept = draft->deal;

        if (splits[i].n_parts == 0)
            continue;
        draft->deal = splits[i];
        splits[i] = kept;
    }
}

/* Longer than the best by the tolerance, but not so long that the target is missed for it. */
static int64_t longest_kept(int64_t best_us, int64_t tolerance_ppm, int64_t target_us)
{
    int64_t longer_us = (int64_t)((double)best_us * (1 + (double)tolerance_ppm / PPM));

    return MAX(best_us, MIN(longer_us, target_us));
}

/* Deal as before with so much room for uneven parts; back to what was there where that is too long.
 */
static bool try_to_keep(GArray *drafts, const TpsPlan *previous, int64_t uneven_ppm,
                        int64_t longest_us, int64_t target_us, int size)
{
    g_autofree TpsSplit *splits = g_new0(TpsSplit, drafts->len);
    bool keep;

    for (guint i = 0; i < drafts->len; i++)
        splits[i] = split_as_before(&g_array_index(drafts, TpsDraft, i), previous, uneven_ppm);
    exchange(drafts, splits);
    keep = tps_choose_makespan(drafts, target_us, size) <= longest_us;
    if (!keep)
        exchange(drafts, splits);
    for (guint i = 0; i < drafts->len; i++)
        tps_split_clear(&splits[i]);
    return keep;
}

/* Parts may be uneven on purpose, to fill the workers: first nothing moves but what is new. */
bool tps_sticky(GArray *drafts, const TpsPlan *previous, int64_t tolerance_ppm, int64_t target_us,
                int size)
{
    const int64_t longest_us =
        longest_kept(tps_choose_makespan(drafts, target_us, size), tolerance_ppm, target_us);

    return try_to_keep(drafts, previous, ANY_UNEVEN_PPM, longest_us, target_us, size) ||
           try_to_keep(drafts, previous, tolerance_ppm, longest_us, target_us, size);
}
