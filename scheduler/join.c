/* SPDX-License-Identifier: MIT */
#include "scheduler/join.h"

#include "core/saturate.h"
#include "scheduler/output.h"

#include <string.h>

/* A part of many processes keeps not much more of what they printed than a report holds. */
#define OUTPUT_MAX ((size_t)256 * 1024)
#define OUTPUT_HEAD (TPS_OUTPUT_BAD_HEAD_BYTES + 4096)
#define OUTPUT_TAIL (TPS_OUTPUT_BAD_TAIL_BYTES + 4096)
/* And so many properties. */
#define PROPERTIES_MAX 1000
/* And names the first processes that were left behind. */
#define LEAKED_MAX 200

void tps_join_output(TpsPartReport *report, const char *output)
{
    char *joined;

    if (!output || !*output)
        return;
    joined = g_strconcat(report->output ? report->output : "", output, NULL);
    g_free(report->output);
    if (strlen(joined) > OUTPUT_MAX) { /* what is cut out here is more than the last cut leaves */
        report->output = tps_output_cut(joined, OUTPUT_HEAD, OUTPUT_TAIL, strlen(joined), true);
        g_free(joined);
        return;
    }
    report->output = joined;
}

void tps_join_leaked(TpsPartReport *report, const char *leaked)
{
    char *joined;

    if (!leaked || !*leaked || (report->leaked && strlen(report->leaked) > LEAKED_MAX))
        return;
    joined = report->leaked ? g_strconcat(report->leaked, ", ", leaked, NULL) : g_strdup(leaked);
    g_free(report->leaked);
    report->leaked = joined;
}

void tps_join_unselected(TpsPartReport *report, const TpsPartReport *more)
{
    report->n_unselected += more->n_unselected;
    for (guint i = 0; i < more->unselected->len; i++) {
        const char *text = g_ptr_array_index(more->unselected, i);

        if (!g_ptr_array_find_with_equal_func(report->unselected, text, g_str_equal, NULL))
            g_ptr_array_add(report->unselected, g_strdup(text));
    }
}

void tps_join_properties(TpsPartReport *report, const GPtrArray *properties)
{
    for (guint i = 0; i < properties->len && report->properties->len < PROPERTIES_MAX; i++) {
        const TpsProperty *property = g_ptr_array_index(properties, i);

        tps_properties_add(report->properties, property->name, property->value);
    }
    tps_properties_settle(report->properties);
}

void tps_join_artifacts(TpsPartReport *report, const TpsPartReport *more)
{
    for (guint i = 0; i < more->artifacts->len; i++) {
        const TpsArtifact *artifact = g_ptr_array_index(more->artifacts, i);
        TpsArtifact *copy =
            tps_artifacts_add(report->artifacts, artifact->path, artifact->size, artifact->digest);

        copy->number = artifact->number;
        copy->required = artifact->required;
    }
}

static int rank_of(TpsEnd end, int code)
{
    static const int ranks[] = {
        [TPS_END_EXITED] = 1,  [TPS_END_CANCELLED] = 2,   [TPS_END_SIGNALED] = 3,
        [TPS_END_TIMEOUT] = 4, [TPS_END_NOT_STARTED] = 5, [TPS_END_LOST] = 6,
    };

    return end == TPS_END_EXITED && code == 0 ? 0 : ranks[end];
}

void tps_join_end(TpsPartReport *report, TpsEnd end, int code)
{
    int rank = rank_of(end, code);
    int known = rank_of(report->end, report->code);

    if (rank < known || (rank == known && code <= report->code))
        return;
    report->end = end;
    report->code = code;
}

static void add_time(int64_t *sum_us, int64_t us)
{
    if (us != TPS_TIME_UNKNOWN)
        *sum_us = tps_add_sat(MAX(*sum_us, 0), us);
}

static void add_process(TpsPartReport *report, const TpsPartReport *piece)
{
    tps_join_end(report, piece->end, piece->code);
    report->wall_us = tps_add_sat(report->wall_us, piece->wall_us);
    report->cpu_us = tps_add_sat(report->cpu_us, piece->cpu_us);
    report->paused_us = tps_add_sat(report->paused_us, piece->paused_us);
    report->max_rss_bytes = MAX(report->max_rss_bytes, piece->max_rss_bytes);
    report->peak_bytes = MAX(report->peak_bytes, piece->peak_bytes);
    report->n_processes += piece->n_processes;
    report->n_leaked += piece->n_leaked;
    report->core_dumped |= piece->core_dumped;
    report->oom_killed |= piece->oom_killed;
    report->held_pipe |= piece->held_pipe;
    tps_join_leaked(report, piece->leaked);
    add_time(&report->setup_us, piece->setup_us);
    add_time(&report->teardown_us, piece->teardown_us);
    for (guint i = 0; i < piece->problems->len; i++)
        g_ptr_array_add(report->problems, g_strdup(g_ptr_array_index(piece->problems, i)));
    tps_join_unselected(report, piece);
    tps_join_artifacts(report, piece);
    tps_join_properties(report, piece->properties);
    tps_join_output(report, piece->output);
    if (!report->kept)
        report->kept = g_strdup(piece->kept);
}

/* Results while they are brought into order. */
typedef struct {
    TpsPartReport *report;
    GHashTable *place;  /* char* (borrowed from planned) -> its index + 1 */
    TpsResult **placed; /* [planned] or NULL each                         */
    GHashTable *extra;  /* char* (borrowed from a result) -> TpsResult    */
    GPtrArray *extras;  /* of TpsResult, as they came                     */
} Order;

static void order_init(Order *order, TpsPartReport *report)
{
    *order = (Order){
        .report = report,
        .place = g_hash_table_new(g_str_hash, g_str_equal),
        .placed = g_new0(TpsResult *, report->planned->len),
        .extra = g_hash_table_new(g_str_hash, g_str_equal),
        .extras = g_ptr_array_new(),
    };
    for (guint i = 0; i < report->planned->len; i++)
        g_hash_table_insert(order->place, g_ptr_array_index(report->planned, i),
                            GUINT_TO_POINTER(i + 1));
}

static void order_clear(Order *order)
{
    g_hash_table_unref(order->place);
    g_free(order->placed);
    g_hash_table_unref(order->extra);
    g_ptr_array_unref(order->extras);
}

static void put(TpsResult **place, TpsResult *result)
{
    if (*place)
        tps_result_fold(*place, result);
    else
        *place = result;
}

static void put_extra(Order *order, TpsResult *result)
{
    TpsResult *known = g_hash_table_lookup(order->extra, result->id);

    if (known) {
        tps_result_fold(known, result);
        return;
    }
    g_hash_table_insert(order->extra, result->id, result);
    g_ptr_array_add(order->extras, result);
}

static void take_result(Order *order, const GHashTable *mine, TpsResult *result)
{
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(order->place, result->id));

    if (!place) {
        put_extra(order, result);
        return;
    }
    if (!g_hash_table_contains((GHashTable *)mine, result->id)) {
        if (result->outcome == TPS_OUTCOME_SKIPPED) {
            tps_result_free(result);
            return;
        }
        g_ptr_array_add(
            order->report->problems,
            g_strdup_printf("testcase '%s' ran in a piece that was not to run it", result->id));
    }
    put(&order->placed[place - 1], result);
}

static void take_results(Order *order, TpsPartReport *piece, int number)
{
    g_autoptr(GHashTable) mine = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < piece->planned->len; i++)
        g_hash_table_add(mine, g_ptr_array_index(piece->planned, i));
    for (guint i = 0; i < piece->results->len; i++) {
        ((TpsResult *)g_ptr_array_index(piece->results, i))->piece = number;
        take_result(order, mine, g_steal_pointer(&piece->results->pdata[i]));
    }
    g_ptr_array_set_size(piece->results, 0);
}

/* Where and when each piece ran: nothing that is said of the part tells it any more. */
static void remember_pieces(TpsPartReport *report, const GPtrArray *pieces)
{
    if (pieces->len < 2)
        return;
    report->pieces = g_array_sized_new(FALSE, TRUE, sizeof(TpsPartPiece), pieces->len);
    for (guint i = 0; i < pieces->len; i++) {
        const TpsPartReport *piece = g_ptr_array_index(pieces, i);
        TpsPartPiece it = {.worker = piece->worker,
                           .started_us = piece->started_us,
                           .wall_us = piece->wall_us,
                           .setup_us = piece->setup_us,
                           .teardown_us = piece->teardown_us};

        g_array_append_val(report->pieces, it);
    }
}

void tps_join_pieces(TpsPartReport *report, const GPtrArray *pieces, bool whole)
{
    Order order;

    order_init(&order, report);
    report->n_processes = 0;
    for (guint i = 0; i < pieces->len; i++) {
        TpsPartReport *piece = g_ptr_array_index(pieces, i);

        add_process(report, piece);
        take_results(&order, piece, (int)i);
    }
    if (!whole)
        tps_join_end(report, TPS_END_CANCELLED, 0);
    for (guint i = 0; i < report->planned->len; i++)
        if (order.placed[i])
            g_ptr_array_add(report->results, order.placed[i]);
    for (guint i = 0; i < order.extras->len; i++)
        g_ptr_array_add(report->results, g_ptr_array_index(order.extras, i));
    remember_pieces(report, pieces);
    report->n_pieces = (int)MAX(pieces->len, 1);
    report->n_processes = MAX(report->n_processes, report->n_pieces);
    order_clear(&order);
}
