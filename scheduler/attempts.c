/* SPDX-License-Identifier: MIT */
#include "scheduler/attempts.h"

#include "core/saturate.h"
#include "scheduler/again.h"
#include "scheduler/join.h"

#include <string.h>

#define PROCESS "tpsched.process"
#define QUARANTINED "lost: it killed its worker twice and was quarantined"

static bool is_process(const TpsResult *result)
{
    return g_strcmp0(result->type, PROCESS) == 0;
}

static TpsResult *process_new(const char *id, const char *message)
{
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

    result->type = g_strdup(PROCESS);
    result->message = g_strdup(message);
    return result;
}

/* The testcase that counts as hit by what befell a process: one that was executed. Or NULL. */
static TpsResult *executed(GHashTable *by_id, const char *id)
{
    TpsResult *result = g_hash_table_lookup(by_id, id);

    return result && result->outcome != TPS_OUTCOME_SKIPPED ? result : NULL;
}

static GHashTable *index_results(const GPtrArray *results)
{
    GHashTable *by_id = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < results->len; i++) {
        TpsResult *result = g_ptr_array_index(results, i);

        g_hash_table_insert(by_id, result->id, result);
    }
    return by_id;
}

static void append_problems(TpsResult *result, GPtrArray *problems)
{
    GString *text = g_string_new(result->text);

    for (guint i = 0; i < problems->len; i++)
        g_string_append_printf(text, "%s%s", text->len ? "\n" : "",
                               (const char *)g_ptr_array_index(problems, i));
    g_free(result->text);
    result->text = g_string_free(text, FALSE);
    g_ptr_array_set_size(problems, 0);
}

/* What says no testcase: the process failed, or its report is no proof. NULL: nothing. */
static TpsResult *take_process(TpsPartReport *report)
{
    g_autofree char *end = tps_end_describe(report->end, report->code, report->wall_us);
    TpsResult *record = NULL;

    for (guint i = report->results->len; i-- > 0;) {
        if (!is_process(g_ptr_array_index(report->results, i)))
            continue;
        tps_result_free(record);
        record = g_ptr_array_steal_index(report->results, i);
    }
    if (report->problems->len == 0)
        return record;
    if (!record)
        record = process_new("process", end);
    append_problems(record, report->problems);
    return record;
}

/* The first that had no result for it, else the last one that ran again. */
static TpsResult *find_hit(const TpsPartReport *report, const TpsPartReport *later)
{
    g_autoptr(GHashTable) before = index_results(report->results);
    g_autoptr(GHashTable) after = index_results(later->results);
    TpsResult *last = NULL;

    for (guint i = 0; i < report->planned->len; i++) {
        const char *id = g_ptr_array_index(report->planned, i);
        TpsResult *result = executed(after, id);

        if (result && !g_hash_table_contains(before, id))
            return result;
        last = result ? result : last;
    }
    return last;
}

/* The last testcase that failed in a process that did not end well: most likely by it. Or NULL. */
static TpsResult *find_culprit(const TpsPartReport *report)
{
    TpsResult *culprit = NULL;

    for (guint i = 0; i < report->results->len; i++) {
        TpsResult *result = g_ptr_array_index(report->results, i);

        if (tps_outcome_is_bad(result->outcome) && !is_process(result))
            culprit = result;
    }
    return culprit;
}

/* It is no failure of the part any more, but must not be forgotten. */
static void remember_process(TpsPartReport *report, TpsPartReport *later)
{
    TpsResult *culprit = find_culprit(report);
    TpsResult *record;
    TpsResult *hit;

    if (culprit && report->problems->len > 0)
        append_problems(culprit, report->problems);
    record = take_process(report);
    hit = record ? find_hit(report, later) : NULL;

    if (hit)
        tps_result_fold_attempt(hit, record);
    else if (record)
        g_ptr_array_add(later->results, record);
}

/* A testcase that ever failed has failed. Takes both. */
static TpsResult *fold_repetition(TpsResult *result, TpsResult *later)
{
    if (tps_outcome_is_bad(result->outcome) && !tps_outcome_is_bad(later->outcome)) {
        tps_result_free(later);
        return result;
    }
    tps_result_fold_attempt(later, result);
    return later;
}

static TpsResult *fold(TpsResult *result, TpsResult *later, bool repeated)
{
    if (!result || !later)
        return result ? result : later;
    if (repeated)
        return fold_repetition(result, later);
    tps_result_fold_attempt(later, result);
    return later;
}

static TpsResult *take(GHashTable *by_id, const char *id)
{
    gpointer result = NULL;

    g_hash_table_steal_extended(by_id, id, NULL, &result);
    return result;
}

/* The ids of all that has a result: in planned order, and what nobody planned behind. Borrowed. */
static GPtrArray *all_ids(const TpsPartReport *report, const TpsPartReport *later)
{
    const GPtrArray *lists[] = {report->results, later->results};
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *ids = g_ptr_array_new();

    for (guint i = 0; i < report->planned->len; i++)
        if (g_hash_table_add(known, g_ptr_array_index(report->planned, i)))
            g_ptr_array_add(ids, g_ptr_array_index(report->planned, i));
    for (size_t list = 0; list < G_N_ELEMENTS(lists); list++) {
        for (guint i = 0; i < lists[list]->len; i++) {
            char *id = ((TpsResult *)g_ptr_array_index(lists[list], i))->id;

            if (g_hash_table_add(known, id))
                g_ptr_array_add(ids, id);
        }
    }
    return ids;
}

static void fold_results(TpsPartReport *report, TpsPartReport *later, bool repeated)
{
    g_autoptr(GPtrArray) ids = all_ids(report, later);
    g_autoptr(GHashTable) before = index_results(report->results);
    g_autoptr(GHashTable) after = index_results(later->results);
    g_autoptr(GPtrArray) old = g_steal_pointer(&report->results);

    g_ptr_array_set_free_func(old, NULL); /* each goes into its place below */
    g_ptr_array_set_free_func(later->results, NULL);
    g_ptr_array_set_size(later->results, 0);
    report->results = tps_results_new();
    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        TpsResult *result = fold(take(before, id), take(after, id), repeated);

        if (result)
            g_ptr_array_add(report->results, result);
    }
}

static void take_strings(GPtrArray *to, GPtrArray *from)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(to, g_steal_pointer(&from->pdata[i]));
    g_ptr_array_set_size(from, 0);
}

static void take_end(TpsPartReport *report, const TpsPartReport *later)
{
    report->end = later->end;
    report->code = later->code;
    report->core_dumped = later->core_dumped;
    report->oom_killed = later->oom_killed;
}

/* What it cost and what it left, whatever it was good for. */
static void add_cost(TpsPartReport *report, const TpsPartReport *later)
{
    report->wall_us = tps_add_sat(report->wall_us, later->wall_us);
    report->rerun_us = tps_add_sat(report->rerun_us, later->wall_us);
    report->cpu_us = tps_add_sat(report->cpu_us, later->cpu_us);
    report->paused_us = tps_add_sat(report->paused_us, later->paused_us);
    report->max_rss_bytes = MAX(report->max_rss_bytes, later->max_rss_bytes);
    report->peak_bytes = MAX(report->peak_bytes, later->peak_bytes);
    report->n_leaked += later->n_leaked;
    report->held_pipe |= later->held_pipe;
    tps_join_leaked(report, later->leaked);
    tps_join_unselected(report, later);
    tps_join_artifacts(report, later);
    tps_join_properties(report, later->properties);
    if (!report->kept)
        report->kept = g_strdup(later->kept);
    tps_join_output(report, later->output);
}

static void join_ends(TpsPartReport *report, const TpsPartReport *later)
{
    tps_join_end(report, later->end, later->code);
    report->core_dumped |= later->core_dumped;
    report->oom_killed |= later->oom_killed;
}

static void add_attempt(TpsPartReport *report, TpsPartReport *later, bool repeated)
{
    if (!repeated)
        remember_process(report, later);
    fold_results(report, later, repeated);
    take_strings(report->problems, later->problems);
    if (repeated)
        join_ends(report, later);
    else
        take_end(report, later);
    add_cost(report, later);
}

/* A piece that was run once more by another worker: at least one of its testcases tells. */
static void remember_death(TpsPartReport *report, const TpsPartReport *piece)
{
    g_autoptr(GHashTable) by_id = index_results(report->results);
    TpsResult *hit = NULL;

    for (guint i = 0; i < piece->planned->len && !hit; i++)
        hit = executed(by_id, g_ptr_array_index(piece->planned, i));
    if (hit)
        tps_result_fold_attempt(
            hit, process_new("process", "lost: its worker died; another one ran it again"));
    add_cost(report, piece);
}

/* One attempt on its way to a report. */
typedef struct {
    GPtrArray *reports;  /* of TpsPartReport, borrowed: of the pieces that count       */
    GPtrArray *replaced; /* of TpsPartReport, borrowed: of those whose worker died     */
    bool whole;          /* each of them ran ...                                       */
    bool stopped;        /* ... and none was stopped                                   */
    bool cut_short;      /* a process ended before it had run all                      */
    bool quarantined;
} Attempt;

static void attempt_clear(Attempt *attempt)
{
    g_ptr_array_unref(attempt->reports);
    g_ptr_array_unref(attempt->replaced);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Attempt, attempt_clear)

static void add_piece(Attempt *attempt, const TpsPiece *piece)
{
    TpsPartReport *report = piece->report;

    if (!report) {
        attempt->whole = false;
        return;
    }
    if (piece->replaced) {
        g_ptr_array_add(attempt->replaced, report);
        return;
    }
    g_ptr_array_add(attempt->reports, report);
    attempt->stopped |= report->end == TPS_END_CANCELLED;
    attempt->cut_short |= report->end != TPS_END_EXITED;
    attempt->quarantined |= report->end == TPS_END_LOST && piece->deaths + 1 >= TPS_DEATHS_MAX;
}

static Attempt attempt_of(const GPtrArray *pieces, int number)
{
    Attempt attempt = {.reports = g_ptr_array_new(), .replaced = g_ptr_array_new(), .whole = true};

    for (guint i = 0; i < pieces->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(pieces, i);

        if (piece->attempt == number)
            add_piece(&attempt, piece);
    }
    return attempt;
}

static void join(TpsPartReport *report, const Attempt *attempt)
{
    tps_join_pieces(report, attempt->reports, attempt->whole);
    if (attempt->quarantined)
        g_ptr_array_add(report->problems, g_strdup(QUARANTINED));
    for (guint i = 0; i < attempt->replaced->len; i++)
        remember_death(report, g_ptr_array_index(attempt->replaced, i));
}

/* An attempt that was stopped says nothing that the ones before it have not said. */
static void join_later(TpsPartReport *report, const Attempt *attempt, bool repeated)
{
    g_autoptr(TpsPartReport) later = tps_part_report_new(report->suite, report->part);

    if (!attempt->whole || attempt->stopped || attempt->reports->len == 0)
        return;
    for (guint i = 0; i < report->planned->len; i++)
        g_ptr_array_add(later->planned, g_strdup(g_ptr_array_index(report->planned, i)));
    join(later, attempt);
    add_attempt(report, later, repeated);
}

void tps_attempts_slim(const GPtrArray *pieces)
{
    int last = tps_again_last_attempt(pieces);

    for (guint i = pieces->len; i-- > 0;) {
        const TpsPiece *piece = g_ptr_array_index(pieces, i);

        if (piece->attempt < last)
            break; /* it was slimmed when it had ended */
        if (last == 1 || !piece->report || piece->replaced)
            continue;
        g_ptr_array_set_size(piece->report->results, 0);
        g_ptr_array_set_size(piece->report->planned, 0);
        g_clear_pointer(&piece->report->output, g_free);
    }
}

void tps_attempts_join(TpsPartReport *report, const GPtrArray *pieces, bool repeated)
{
    int last = tps_again_last_attempt(pieces);
    g_auto(Attempt) first = attempt_of(pieces, 1);

    join(report, &first);
    for (int number = 2; number <= last; number++) {
        g_auto(Attempt) attempt = attempt_of(pieces, number);

        join_later(report, &attempt, repeated);
    }
    if (report->rerun_us > 0 && first.cut_short)
        report->rerun_us = report->wall_us;
    take_strings(report->problems, report->unselected);
}
