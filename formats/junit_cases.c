/* SPDX-License-Identifier: MIT */
#include "formats/junit_internal.h"

#include <string.h>

#define BETWEEN " > " /* of a testcase and what is inside of it */

/* Writing: a result becomes elements */

static void piece_clear(TpsJunitPiece *piece)
{
    g_free(piece->view.id);
    g_free(piece->view.output);
    g_ptr_array_unref(piece->view.attempts);
}

static TpsJunitPiece *piece_at(GArray *pieces, guint i)
{
    return &g_array_index(pieces, TpsJunitPiece, i);
}

static void add_bad(GPtrArray *attempts, const GPtrArray *more)
{
    for (guint i = 0; more && i < more->len; i++) {
        TpsResult *attempt = g_ptr_array_index(more, i);

        if (tps_outcome_is_bad(attempt->outcome))
            g_ptr_array_add(attempts, attempt);
    }
}

static TpsJunitPiece piece_of_case(const TpsResult *result, const TpsResult *inner)
{
    TpsJunitPiece piece = {.view = *inner, .result = result, .name = inner->id ? inner->id : ""};

    piece.view.id = g_strconcat(result->id, BETWEEN, piece.name, NULL);
    piece.view.output = g_strdup(inner->output);
    piece.view.attempts = g_ptr_array_new();
    add_bad(piece.view.attempts, inner->attempts);
    if (!inner->file) {
        piece.view.file = result->file;
        piece.view.line = inner->line > 0 ? inner->line : result->line;
    }
    return piece;
}

static TpsJunitPiece piece_of_result(const TpsResult *result)
{
    TpsJunitPiece piece = {.view = *result, .result = result};

    piece.view.id = g_strdup(result->id);
    piece.view.output = g_strdup(result->output);
    piece.view.attempts = g_ptr_array_new();
    return piece;
}

/* An earlier attempt is told by its cases where these explain how bad it was. */
static bool tell_attempt(GArray *pieces, GHashTable *by_name, const TpsResult *attempt)
{
    bool told = false;

    for (guint i = 0; attempt->cases && i < attempt->cases->len; i++) {
        TpsResult *inner = g_ptr_array_index(attempt->cases, i);
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(by_name, inner->id ? inner->id : ""));

        if (!place || !tps_outcome_is_bad(inner->outcome))
            continue;
        g_ptr_array_add(piece_at(pieces, place - 1)->view.attempts, inner);
        told |= inner->outcome >= attempt->outcome;
    }
    return told;
}

/* Those that no case tells. */
static GPtrArray *tell_attempts(GArray *pieces, const TpsResult *result)
{
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *untold = g_ptr_array_new();

    for (guint i = pieces->len; i > 0; i--)
        g_hash_table_insert(by_name, (gpointer)piece_at(pieces, i - 1)->name, GUINT_TO_POINTER(i));
    for (guint i = 0; result->attempts && i < result->attempts->len; i++) {
        TpsResult *attempt = g_ptr_array_index(result->attempts, i);

        if (tps_outcome_is_bad(attempt->outcome) && !tell_attempt(pieces, by_name, attempt))
            g_ptr_array_add(untold, attempt);
    }
    return untold;
}

/* The first of the worst ones, which tells what all of them leave out. */
static TpsJunitPiece *find_worst(GArray *pieces)
{
    TpsJunitPiece *worst = piece_at(pieces, 0);

    for (guint i = 0; i < pieces->len; i++) {
        TpsJunitPiece *piece = piece_at(pieces, i);

        if (piece->view.outcome == TPS_OUTCOME_PASSED && piece->view.attempts->len > 0)
            piece->view.outcome = TPS_OUTCOME_FLAKY;
        if (piece->view.outcome > worst->view.outcome)
            worst = piece;
    }
    return worst;
}

static void explain(TpsJunitPiece *piece, const TpsResult *result)
{
    TpsResult *view = &piece->view;
    GString *output = NULL;

    if (tps_outcome_is_bad(view->outcome) && !view->message && !view->text) {
        view->type = view->type ? view->type : result->type;
        view->message = result->message;
        view->text = result->text;
    }
    if (!result->output || g_strcmp0(view->output, result->output) == 0)
        return;
    tps_junit_text_append(&output, view->output);
    tps_junit_text_append(&output, result->output);
    g_free(view->output);
    view->output = tps_junit_text_take(&output);
}

GArray *tps_junit_pieces_new(const TpsResult *result)
{
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(TpsJunitPiece));
    g_autoptr(GPtrArray) untold = NULL;
    TpsJunitPiece *worst;

    g_array_set_clear_func(pieces, (GDestroyNotify)piece_clear);
    for (guint i = 0; i < result->cases->len; i++) {
        TpsJunitPiece piece = piece_of_case(result, g_ptr_array_index(result->cases, i));

        g_array_append_val(pieces, piece);
    }
    untold = tell_attempts(pieces, result);
    worst = find_worst(pieces);
    if (result->outcome > worst->view.outcome) {
        TpsJunitPiece own = piece_of_result(result);

        g_array_prepend_val(pieces, own);
        worst = piece_at(pieces, 0);
    } else {
        piece_at(pieces, 0)->own_outcome = result->outcome != worst->view.outcome;
        explain(worst, result);
    }
    add_bad(worst->view.attempts, untold);
    piece_at(pieces, 0)->first = true;
    return pieces;
}

/* Reading: elements become a result */

static const char *property(const TpsJunitCase *testcase, const char *name)
{
    return tps_properties_find(testcase->properties, name);
}

static void take_outcome(TpsResult *result, const char *name)
{
    for (int i = 0; name && i <= TPS_OUTCOME_ERROR; i++)
        if (strcmp(tps_outcome_name((TpsOutcome)i), name) == 0)
            result->outcome = (TpsOutcome)i;
}

/* The element becomes the planned testcase, and what it said its first case. */
static void make_group(TpsJunitCase *testcase)
{
    TpsResult *inner = testcase->result;
    TpsResult *result = tps_result_new(inner->id, inner->outcome, TPS_TIME_UNKNOWN);
    const char *time = property(testcase, TPS_JUNIT_PROPERTY_TIME);

    if (time)
        tps_junit_time_parse(time, &result->time_us);
    testcase->result = result;
    g_free(testcase->name);
    testcase->name = g_strdup(result->id);
    g_free(inner->id);
    inner->id = tps_junit_id_parse(property(testcase, TPS_JUNIT_PROPERTY_CASE));
    tps_result_add_case(result, inner);
}

static void join_group(TpsJunitCase *group, TpsJunitCase *testcase)
{
    TpsResult *inner = g_steal_pointer(&testcase->result);

    g_free(inner->id);
    inner->id = tps_junit_id_parse(property(testcase, TPS_JUNIT_PROPERTY_CASE));
    tps_result_add_case(group->result, inner);
    tps_junit_case_free(testcase);
}

static TpsOutcome worst_case(const TpsResult *result)
{
    TpsOutcome worst = TPS_OUTCOME_SKIPPED;

    for (guint i = 0; i < result->cases->len; i++)
        worst = MAX(worst, ((const TpsResult *)g_ptr_array_index(result->cases, i))->outcome);
    return worst;
}

/* As it would be written: a result says of itself only what its cases don't. */
static void settle_group(TpsJunitCase *group, bool own)
{
    TpsResult *result = group->result;
    TpsOutcome worst = result->cases ? worst_case(result) : TPS_OUTCOME_SKIPPED;
    g_autoptr(TpsResult) said = NULL;

    if (!result->cases || (own && result->outcome > worst))
        return;
    said = result;
    result = tps_result_new(said->id, worst, said->time_us);
    result->cases = g_steal_pointer(&said->cases);
    group->result = result;
    if (!own)
        take_outcome(result, property(group, TPS_JUNIT_PROPERTY_OUTCOME));
    if (result->outcome > worst)
        result->outcome = worst; /* then it would have an element of its own */
}

static bool is_case(const TpsJunitCase *testcase)
{
    return property(testcase, TPS_JUNIT_PROPERTY_CASE) != NULL;
}

static bool has_cases(const TpsJunitSuite *suite)
{
    for (guint i = 0; i < suite->cases->len; i++)
        if (is_case(g_ptr_array_index(suite->cases, i)))
            return true;
    return false;
}

/* The open groups by id, and which of them began with an element of their own. */
typedef struct {
    GHashTable *by_id; /* char* (borrowed) -> TpsJunitCase */
    GHashTable *own;   /* of TpsJunitCase                  */
    GPtrArray *kept;   /* of TpsJunitCase                  */
} Groups;

static void take_case(Groups *groups, TpsJunitCase *testcase)
{
    bool begins = property(testcase, TPS_JUNIT_PROPERTY_CASES) != NULL;
    TpsJunitCase *group = begins ? NULL : g_hash_table_lookup(groups->by_id, testcase->result->id);

    if (is_case(testcase) && group) {
        join_group(group, testcase);
        return;
    }
    if (is_case(testcase))
        make_group(testcase);
    else if (begins)
        g_hash_table_add(groups->own, testcase);
    if (begins || testcase->result->cases)
        g_hash_table_replace(groups->by_id, testcase->result->id, testcase);
    g_ptr_array_add(groups->kept, testcase);
}

void tps_junit_gather_cases(TpsJunitSuite *suite)
{
    g_autoptr(GHashTable) by_id = NULL;
    g_autoptr(GHashTable) own = NULL;
    Groups groups = {.kept = suite->cases};
    g_autoptr(GPtrArray) all = NULL;

    if (!has_cases(suite))
        return;
    all = g_steal_pointer(&suite->cases);
    g_ptr_array_set_free_func(all, NULL);
    by_id = groups.by_id = g_hash_table_new(g_str_hash, g_str_equal);
    own = groups.own = g_hash_table_new(g_direct_hash, g_direct_equal);
    suite->cases = groups.kept =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_junit_case_free);
    for (guint i = 0; i < all->len; i++)
        take_case(&groups, g_ptr_array_index(all, i));
    for (guint i = 0; i < suite->cases->len; i++) {
        TpsJunitCase *group = g_ptr_array_index(suite->cases, i);

        settle_group(group, g_hash_table_contains(own, group));
    }
}
