/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/notes.h"
#include "core/saturate.h"
#include "scheduler/choose_internal.h"
#include "scheduler/pool_size.h"
#include "scheduler/serial_internal.h"

static TpsDraft *draft_at(const GArray *drafts, guint i)
{
    return &g_array_index(drafts, TpsDraft, i);
}

static int64_t whole_time(const TpsDraft *draft)
{
    int64_t sum_us = 0;

    if (!tps_draft_is_weighted(draft))
        return tps_add_sat(draft->estimate->execution_us, tps_draft_overhead(draft));
    for (int part = 0; part < draft->deal.n_parts; part++)
        sum_us = tps_add_sat(sum_us, tps_draft_weight(draft, &draft->deal, part));
    return sum_us;
}

int64_t tps_serial_time(const GArray *drafts)
{
    int64_t sum_us = 0;

    for (guint i = 0; i < drafts->len; i++)
        sum_us = tps_add_sat(sum_us, whole_time(draft_at(drafts, i)));
    return sum_us;
}

int tps_serial_tasks(const GArray *drafts)
{
    int n = 0;

    for (guint i = 0; i < drafts->len; i++)
        n += draft_at(drafts, i)->deal.n_parts;
    return n;
}

/* Heaviest first: no order that is chosen later ends later. */
static int64_t makespan(const GArray *drafts, int size)
{
    g_autoptr(GArray) weights = tps_choose_weights(drafts);

    return tps_pool_simulate((const int64_t *)(const void *)weights->data, weights->len, size, NULL,
                             NULL, NULL);
}

/* What the drafts hold, while something else is tried. */
typedef struct {
    TpsSplit deal;
    int64_t fill_us;
    size_t n_alone;
} Kept;

static Kept *set_aside(GArray *drafts)
{
    Kept *kept = g_new0(Kept, MAX(drafts->len, 1));

    for (guint i = 0; i < drafts->len; i++) {
        TpsDraft *draft = draft_at(drafts, i);

        if (!draft->movable)
            continue;
        kept[i] = (Kept){draft->deal, draft->fill_us, draft->n_alone};
        draft->deal = (TpsSplit){0};
    }
    return kept;
}

static void put_back(GArray *drafts, Kept *kept)
{
    for (guint i = 0; i < drafts->len; i++) {
        TpsDraft *draft = draft_at(drafts, i);

        if (!kept[i].deal.part)
            continue;
        tps_split_clear(&draft->deal);
        draft->deal = kept[i].deal;
        draft->fill_us = kept[i].fill_us;
        draft->n_alone = kept[i].n_alone;
    }
}

static void forget(Kept *kept, guint n)
{
    for (guint i = 0; i < n; i++)
        tps_split_clear(&kept[i].deal);
}

static bool split_by_limit(GArray *drafts, int64_t limit_us)
{
    for (guint i = 0; i < drafts->len; i++) {
        TpsDraft *draft = draft_at(drafts, i);

        if (!draft->movable)
            continue;
        draft->fill_us = tps_draft_fill(draft, limit_us);
        if (!tps_draft_split_again(draft))
            return false;
    }
    return true;
}

void tps_serial_keep(GArray *drafts, int64_t limit_us, int64_t goal_us, int size)
{
    const int64_t before_us = makespan(drafts, size);
    const int n_before = tps_serial_tasks(drafts);
    g_autofree Kept *kept = NULL;
    int64_t after_us = INT64_MAX;

    if (before_us <= goal_us || tps_choose_makespan(drafts, goal_us, size) <= goal_us)
        return;
    kept = set_aside(drafts);
    if (split_by_limit(drafts, limit_us)) {
        tps_choose(drafts, goal_us, size, size);
        after_us = makespan(drafts, size);
    }
    if (after_us < before_us || (after_us == before_us && tps_serial_tasks(drafts) < n_before))
        forget(kept, drafts->len);
    else
        put_back(drafts, kept);
}

/* One worker gains nothing by parts. */
static void say_parts(const TpsDraft *draft, int64_t limit_us)
{
    const int n_parts = draft->deal.n_parts;
    g_autofree char *overhead = tps_duration_format(tps_draft_overhead(draft));
    g_autofree char *limit = tps_duration_format(limit_us);
    const TpsSuite *declared = draft->input->declared;

    if (n_parts < 2 || tps_draft_overhead(draft) == 0)
        return;
    if (declared && declared->parts != TPS_AUTO)
        tps_note(draft->summary->notes, "%d parts on one worker only add setup: %s each", n_parts,
                 overhead);
    else if (whole_time(draft) > limit_us)
        tps_note(draft->summary->notes,
                 "%d parts on one worker only add setup, %s each, but the part runtime limit is %s",
                 n_parts, overhead, limit);
}

void tps_serial_say(TpsPlan *plan, const GArray *drafts)
{
    const int64_t serial_us = tps_serial_time(drafts);
    g_autofree char *serial = tps_duration_format(serial_us);
    g_autofree char *makespan = tps_duration_format(plan->makespan_us);

    for (guint i = 0; plan->size == 1 && i < drafts->len; i++)
        say_parts(draft_at(drafts, i), plan->limit_us);
    if (plan->size > 1 && plan->makespan_us > serial_us)
        tps_note(plan->notes,
                 "splitting costs more than it gives: %s as planned, %s on one worker with each "
                 "suite in one piece",
                 makespan, serial);
}
