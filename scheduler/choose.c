/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "scheduler/choose_internal.h"
#include "scheduler/pool_order.h"
#include "scheduler/pool_size.h"

/* Another way to cut must end sooner by more than a thousandth: each cut pays a setup for it. */
#define GAIN_DIVISOR 1000

/* Above this many suites times workers cuts are not looked for: so many tasks balance as they are.
 */
#define CUT_WORK_MAX 16000000

/* So many sizes below the one that needs no other cuts are tried. */
#define SIZES_TRIED 16

static TpsDraft *draft_at(const GArray *drafts, size_t i)
{
    return &g_array_index(drafts, TpsDraft, i);
}

static int compare_descending(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

    return one < two ? 1 : one > two ? -1 : 0;
}

static void add_weights(GArray *weights, const TpsDraft *draft, const TpsSplit *deal)
{
    for (int part = 0; part < deal->n_parts; part++) {
        int64_t weight_us = tps_draft_weight(draft, deal, part);

        g_array_append_val(weights, weight_us);
    }
}

GArray *tps_choose_weights(const GArray *drafts)
{
    GArray *weights = g_array_new(FALSE, FALSE, sizeof(int64_t));

    for (guint i = 0; i < drafts->len; i++)
        add_weights(weights, draft_at(drafts, i), &draft_at(drafts, i)->deal);
    g_array_sort(weights, compare_descending);
    return weights;
}

static const int64_t *values(const GArray *weights)
{
    return (const int64_t *)(const void *)weights->data;
}

static int64_t makespan(const GArray *weights, int size)
{
    return tps_pool_simulate(values(weights), weights->len, size, NULL, NULL, NULL);
}

/* The suites as the cutter sees them, and which draft each entry is of. */
typedef struct {
    GArray *suites; /* of TpsCutSuite */
    GArray *drafts; /* of size_t      */
} Field;

static void field_clear(Field *field)
{
    g_array_unref(field->suites);
    g_array_unref(field->drafts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Field, field_clear)

static void field_add(Field *field, size_t draft, TpsCutSuite suite)
{
    g_array_append_val(field->suites, suite);
    g_array_append_val(field->drafts, draft);
}

static void add_fixed(Field *field, const TpsDraft *draft, size_t number)
{
    const int64_t overhead_us = tps_draft_overhead(draft);

    for (int part = 0; part < draft->deal.n_parts; part++) {
        int64_t weight_us = tps_draft_weight(draft, &draft->deal, part);

        field_add(field, number,
                  (TpsCutSuite){.execution_us = weight_us - overhead_us,
                                .overhead_us = overhead_us,
                                .limit_us = INT64_MAX,
                                .max_parts = 1});
    }
}

/* Units beyond the limit stay alone; all the others may be cut anywhere between units. */
static void add_movable(Field *field, const TpsDraft *draft, size_t number)
{
    const int64_t limit_us = draft->fill_us;
    const int64_t overhead_us = tps_draft_overhead(draft);
    int64_t rest_us = 0;

    for (size_t i = 0; i < draft->units.n; i++) {
        int64_t cost_us = draft->units.cost_us[i];

        if (cost_us <= limit_us - overhead_us)
            rest_us = tps_add_sat(rest_us, cost_us);
        else
            field_add(field, number,
                      (TpsCutSuite){.execution_us = cost_us,
                                    .overhead_us = overhead_us,
                                    .limit_us = INT64_MAX,
                                    .max_parts = 1});
    }
    if (draft->n_alone < draft->units.n)
        field_add(field, number,
                  (TpsCutSuite){.execution_us = rest_us,
                                .overhead_us = overhead_us,
                                .limit_us = limit_us,
                                .max_parts = (int)(draft->units.n - draft->n_alone)});
}

static void field_init(Field *field, const GArray *drafts)
{
    *field = (Field){.suites = g_array_new(FALSE, FALSE, sizeof(TpsCutSuite)),
                     .drafts = g_array_new(FALSE, FALSE, sizeof(size_t))};
    for (guint i = 0; i < drafts->len; i++) {
        if (draft_at(drafts, i)->movable)
            add_movable(field, draft_at(drafts, i), i);
        else
            add_fixed(field, draft_at(drafts, i), i);
    }
}

static const TpsCutSuite *suites_of(const Field *field)
{
    return (const TpsCutSuite *)(const void *)field->suites->data;
}

/* Deals that may take the place of those that hold. */
typedef struct {
    TpsSplit *deals; /* [n_drafts]; of drafts that are not movable, empty */
    size_t n;
    int64_t makespan_us;
} Candidate;

static void candidate_clear(Candidate *candidate)
{
    for (size_t i = 0; candidate->deals && i < candidate->n; i++)
        tps_split_clear(&candidate->deals[i]);
    g_clear_pointer(&candidate->deals, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Candidate, candidate_clear)

/* The pieces of each draft, as the lengths of its parts. Of GArray of int64_t. */
static GPtrArray *rooms_of(const Field *field, const GArray *pieces, size_t n_drafts)
{
    GPtrArray *rooms = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);

    for (size_t i = 0; i < n_drafts; i++)
        g_ptr_array_add(rooms, g_array_new(FALSE, FALSE, sizeof(int64_t)));
    for (guint i = 0; i < pieces->len; i++) {
        const TpsCutPiece *piece = &g_array_index(pieces, TpsCutPiece, i);
        GArray *room = g_ptr_array_index(rooms, g_array_index(field->drafts, size_t, piece->suite));

        g_array_append_val(room, piece->execution_us);
    }
    return rooms;
}

/* False: single units are too long for lengths that look right. */
static bool deal_all(Candidate *candidate, const GArray *drafts, const GPtrArray *rooms, int size)
{
    g_autoptr(GArray) weights = g_array_new(FALSE, FALSE, sizeof(int64_t));

    candidate->n = drafts->len;
    candidate->deals = g_new0(TpsSplit, drafts->len);
    for (guint i = 0; i < drafts->len; i++) {
        const TpsDraft *draft = draft_at(drafts, i);
        const GArray *room = g_ptr_array_index(rooms, i);

        if (draft->movable)
            candidate->deals[i] = tps_draft_deal(draft, values(room), (int)room->len);
        if (draft->movable && candidate->deals[i].n_parts == 0)
            return false;
        if (draft->movable && !tps_draft_keeps_limit(draft, &candidate->deals[i]))
            return false;
        add_weights(weights, draft, draft->movable ? &candidate->deals[i] : &draft->deal);
    }
    g_array_sort(weights, compare_descending);
    candidate->makespan_us = makespan(weights, size);
    return true;
}

/*
 * Cut for that many workers, as short as it goes, but not longer than `high_us`; false when there
 * is no such way.
 */
static bool cut(const GArray *drafts, const Field *field, int size, int64_t high_us,
                Candidate *candidate)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(TpsCutPiece));
    g_autoptr(GPtrArray) rooms = NULL;
    int64_t goal_us;

    if (((int64_t)field->suites->len + size) * size > CUT_WORK_MAX)
        return false;
    goal_us = tps_cut_goal(suites_of(field), field->suites->len, size, 1, high_us);
    if (goal_us == INT64_MAX)
        return false;
    tps_cut(suites_of(field), field->suites->len, size, goal_us, pieces);
    rooms = rooms_of(field, pieces, drafts->len);
    return deal_all(candidate, drafts, rooms, size);
}

static void take(GArray *drafts, Candidate *candidate)
{
    for (guint i = 0; i < drafts->len; i++) {
        TpsDraft *draft = draft_at(drafts, i);

        if (!draft->movable)
            continue;
        tps_split_clear(&draft->deal);
        draft->deal = candidate->deals[i];
        candidate->deals[i] = (TpsSplit){0};
    }
}

/* No way to cut needs fewer: all work with one setup each, and what can't be cut. */
static int fewest_workers(const Field *field, int64_t target_us)
{
    g_autoptr(GArray) whole = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t total_us = 0;

    for (guint i = 0; i < field->suites->len; i++) {
        const TpsCutSuite *suite = &g_array_index(field->suites, TpsCutSuite, i);
        int64_t length_us = tps_add_sat(suite->execution_us, suite->overhead_us);

        total_us = tps_add_sat(total_us, length_us);
        if (suite->max_parts == 1)
            g_array_append_val(whole, length_us);
    }
    g_array_sort(whole, compare_descending);
    return MAX((int)MIN(total_us / target_us + (total_us % target_us != 0), G_MAXINT),
               tps_pool_size_lower_bound(values(whole), whole->len, target_us));
}

/* Fewer workers than the parts that hold need, by cutting to fill them. */
static int save_workers(GArray *drafts, const Field *field, int64_t target_us, int size)
{
    int low = fewest_workers(field, target_us);

    for (int fewer = MAX(low, 1); fewer < size && fewer < low + SIZES_TRIED; fewer++) {
        g_auto(Candidate) candidate = {0};

        if (cut(drafts, field, fewer, target_us, &candidate) &&
            candidate.makespan_us <= target_us) {
            take(drafts, &candidate);
            return fewer;
        }
    }
    return size;
}

/* As the tasks will be started: heaviest first, or as the target needs it. */
static int64_t best_makespan(const GArray *weights, int64_t target_us, int size)
{
    g_autofree size_t *order = g_new(size_t, weights->len);
    int64_t simple_us = makespan(weights, size);

    if (simple_us <= target_us || values(weights)[0] > target_us)
        return simple_us;
    return MIN(simple_us,
               tps_pool_choose(values(weights), weights->len, target_us, size, order).makespan_us);
}

int64_t tps_choose_makespan(const GArray *drafts, int64_t target_us, int size)
{
    g_autoptr(GArray) weights = tps_choose_weights(drafts);

    return best_makespan(weights, target_us, size);
}

/* What all parts take together however the drafts are cut: each pays at least one setup. */
static int64_t least_work(const GArray *drafts)
{
    int64_t total_us = 0;

    for (guint i = 0; i < drafts->len; i++) {
        const TpsDraft *draft = draft_at(drafts, i);
        const int64_t whole_us =
            tps_add_sat(draft->estimate->execution_us, tps_draft_overhead(draft));

        if (draft->movable)
            total_us = tps_add_sat(total_us, whole_us);
        for (int part = 0; !draft->movable && part < draft->deal.n_parts; part++)
            total_us = tps_add_sat(total_us, tps_draft_weight(draft, &draft->deal, part));
    }
    return total_us;
}

/* The same workers, sooner; false when that is not to be had. */
static bool save_time(GArray *drafts, const Field *field, int64_t target_us, int size)
{
    g_autoptr(GArray) weights = tps_choose_weights(drafts);
    g_auto(Candidate) candidate = {0};
    const int64_t now_us = best_makespan(weights, target_us, size);
    const int64_t soon_us = now_us - now_us / GAIN_DIVISOR;

    if (least_work(drafts) / size >= soon_us || !cut(drafts, field, size, now_us, &candidate) ||
        candidate.makespan_us >= soon_us)
        return false;
    take(drafts, &candidate);
    return true;
}

static int fewest_as_they_are(const GArray *drafts, int64_t target_us, int max_size)
{
    g_autoptr(GArray) weights = tps_choose_weights(drafts);
    g_autofree size_t *order = g_new(size_t, weights->len);

    return tps_pool_choose(values(weights), weights->len, target_us,
                           MIN(max_size, (int)weights->len), order)
        .size;
}

int tps_choose(GArray *drafts, int64_t target_us, int size, int max_size)
{
    g_auto(Field) field = {0};
    const bool is_auto = size == TPS_AUTO;

    field_init(&field, drafts);
    if (is_auto)
        size = save_workers(drafts, &field, target_us,
                            fewest_as_they_are(drafts, target_us, max_size));
    /* Shorter parts may fit fewer workers, and these may want other parts. */
    while (size > 1 && save_time(drafts, &field, target_us, size) && is_auto) {
        int fewer = fewest_as_they_are(drafts, target_us, size);

        if (fewer == size)
            break;
        size = fewer;
    }
    return size;
}
