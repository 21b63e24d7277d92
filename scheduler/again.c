/* SPDX-License-Identifier: MIT */
#include "scheduler/again.h"

#include "core/testcase.h"

int tps_again_last_attempt(const GPtrArray *pieces)
{
    int last = 1;

    for (guint i = 0; i < pieces->len; i++)
        last = MAX(last, ((const TpsPiece *)g_ptr_array_index(pieces, i))->attempt);
    return last;
}

/* What is to be run once more, by id. */
typedef struct {
    GHashTable *ids; /* char*, borrowed */
    guint n_failed;
    int worker;
} Wanted;

static GHashTable *index_results(const GPtrArray *results)
{
    GHashTable *by_id = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < results->len; i++) {
        TpsResult *result = g_ptr_array_index(results, i);

        g_hash_table_insert(by_id, result->id, result);
    }
    return by_id;
}

/* It may be the reason why a testcase has no result. */
static bool is_process_bad(const TpsPartReport *report)
{
    return report->end != TPS_END_EXITED || report->code != 0 || report->problems->len > 0;
}

/* It failed, and no testcase says why. */
static bool is_unexplained(const TpsPartReport *report)
{
    if (report->end != TPS_END_EXITED || report->problems->len > 0)
        return true;
    for (guint i = 0; i < report->results->len; i++)
        if (g_strcmp0(((const TpsResult *)g_ptr_array_index(report->results, i))->type,
                      "tpsched.process") == 0)
            return true;
    return false;
}

/* Its testcases that failed, and if the process failed those without a result. */
static guint want_testcases(Wanted *wanted, const TpsPartReport *report)
{
    g_autoptr(GHashTable) by_id = index_results(report->results);
    guint n = 0;

    for (guint i = 0; i < report->planned->len; i++) {
        char *id = g_ptr_array_index(report->planned, i);
        const TpsResult *result = g_hash_table_lookup(by_id, id);

        if (result ? !tps_outcome_is_bad(result->outcome) : !is_process_bad(report))
            continue;
        g_hash_table_add(wanted->ids, id);
        wanted->n_failed += result != NULL;
        n++;
    }
    return n;
}

static void want(Wanted *wanted, const TpsPiece *piece)
{
    const TpsPartReport *report = piece->report;
    guint n_failed = wanted->n_failed;
    guint n = want_testcases(wanted, report);

    if (n > 0)
        wanted->n_failed = MAX(wanted->n_failed, n_failed + 1); /* one of them was the reason */
    if (n == 0 && is_unexplained(report)) {
        for (guint i = 0; i < report->planned->len; i++)
            g_hash_table_add(wanted->ids, g_ptr_array_index(report->planned, i));
        wanted->n_failed += report->planned->len;
        n = report->planned->len;
    }
    if (n > 0 && wanted->worker < 0)
        wanted->worker = piece->worker;
}

static bool is_hopeless(const TpsPiece *piece)
{
    const TpsPartReport *report = piece->report;

    return !report || report->end == TPS_END_CANCELLED || report->end == TPS_END_NOT_STARTED ||
           report->end == TPS_END_LOST;
}

/* Of the latest attempt; false where another one would be no better. */
static bool want_all(Wanted *wanted, const GPtrArray *pieces)
{
    int last = tps_again_last_attempt(pieces);

    for (guint i = 0; i < pieces->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(pieces, i);

        if (piece->attempt != last || piece->replaced)
            continue;
        if (is_hopeless(piece))
            return false;
        want(wanted, piece);
    }
    return true;
}

static bool has_bad_result(const TpsPartReport *report)
{
    for (guint i = 0; i < report->results->len; i++)
        if (tps_outcome_is_bad(((const TpsResult *)g_ptr_array_index(report->results, i))->outcome))
            return true;
    return false;
}

bool tps_again_has_failed(const GPtrArray *pieces)
{
    int last = tps_again_last_attempt(pieces);

    for (guint i = 0; i < pieces->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(pieces, i);

        if (piece->attempt != last || piece->replaced)
            continue;
        if (is_hopeless(piece) || is_unexplained(piece->report) || has_bad_result(piece->report) ||
            piece->report->results->len < piece->report->planned->len)
            return true;
    }
    return false;
}

static void choose_units(const Wanted *wanted, const TpsAgainScope *scope, TpsAgain *again)
{
    g_autofree bool *chosen = g_new0(bool, MAX(scope->n_units, 1));

    for (guint i = 0; i < scope->testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(scope->testcases, i);

        if (!g_hash_table_contains(wanted->ids, testcase->id))
            continue;
        chosen[scope->unit[i]] = true;
        if (again->only)
            g_hash_table_add(again->only, testcase->id);
    }
    again->units = g_new(size_t, MAX(scope->n_units, 1));
    for (size_t unit = 0; unit < scope->n_units; unit++)
        if (chosen[unit])
            again->units[again->n_units++] = unit;
}

bool tps_again_choose(const GPtrArray *pieces, const TpsAgainScope *scope, TpsAgain *again)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    Wanted wanted = {.ids = ids, .worker = -1};

    if (!want_all(&wanted, pieces) || g_hash_table_size(ids) == 0)
        return false;
    *again = (TpsAgain){
        .only = scope->selects ? g_hash_table_new(g_str_hash, g_str_equal) : NULL,
        .n_failed = wanted.n_failed,
        .avoid = wanted.worker,
    };
    choose_units(&wanted, scope, again);
    return again->n_units > 0;
}
