/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/gather_internal.h"
#include "core/saturate.h"

#include <string.h>

typedef struct {
    const char *key; /* borrowed from by_id                        */
    TpsResult *result;
    GString *text;   /* owned: of all results, once there are several; NULL = as in result */
    GString *output; /* likewise */
    bool was_said;   /* about itself, not only about a case of it */
} Gathered;

struct TpsGather {
    GPtrArray *order;  /* of Gathered                       */
    GHashTable *by_id; /* char*, owned -> Gathered, borrowed */
};

static void string_free(GString *string)
{
    g_string_free(string, TRUE);
}

static void gathered_free(Gathered *gathered)
{
    g_clear_pointer(&gathered->text, string_free);
    g_clear_pointer(&gathered->output, string_free);
    tps_result_free(gathered->result);
    g_free(gathered);
}

TpsGather *tps_gather_new(void)
{
    TpsGather *gather = g_new0(TpsGather, 1);

    gather->order = g_ptr_array_new_with_free_func((GDestroyNotify)gathered_free);
    gather->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return gather;
}

void tps_gather_free(TpsGather *gather)
{
    if (!gather)
        return;
    g_ptr_array_unref(gather->order);
    g_hash_table_unref(gather->by_id);
    g_free(gather);
}

bool tps_gather_has(const TpsGather *gather, const char *id)
{
    return g_hash_table_contains(gather->by_id, id);
}

bool tps_gather_is_said(const TpsGather *gather, const char *id)
{
    const Gathered *gathered = g_hash_table_lookup(gather->by_id, id);

    return gathered && gathered->was_said;
}

static Gathered *add(TpsGather *gather, const char *id, TpsResult *result)
{
    Gathered *gathered = g_new0(Gathered, 1);
    char *key = g_strdup(id);

    gathered->key = key;
    gathered->result = result;
    g_ptr_array_add(gather->order, gathered);
    g_hash_table_insert(gather->by_id, key, gathered);
    return gathered;
}

/* Collects the lines of both, which `all` may have already. Equal ones are said once. */
static void collect(GString **all, const char *first, const char *next)
{
    if (!*all && first && *first)
        *all = g_string_new(first);
    if (!next || !*next || (*all && strcmp((*all)->str, next) == 0))
        return;
    if (!*all) {
        *all = g_string_new(next);
        return;
    }
    g_string_append_c(*all, '\n');
    g_string_append(*all, next);
}

static void take(char **text, GString **all)
{
    if (!*all)
        return;
    g_free(*text);
    *text = g_string_free(g_steal_pointer(all), FALSE);
}

/* A result may be said very often: its texts are put together once. */
static void put_together(Gathered *gathered)
{
    take(&gathered->result->text, &gathered->text);
    take(&gathered->result->output, &gathered->output);
}

static int64_t add_times(int64_t a, int64_t b)
{
    if (a == TPS_TIME_UNKNOWN || b == TPS_TIME_UNKNOWN)
        return MAX(a, b);
    return tps_add_sat(a, b);
}

/* Takes `other`. tps_result_fold() keeps the worse one; what the other said is kept beside it. */
static void fold(Gathered *gathered, TpsResult *other)
{
    TpsResult *result = gathered->result;
    int64_t time_us = add_times(result->time_us, other->time_us);
    GPtrArray *cases = g_steal_pointer(&result->cases);

    collect(&gathered->text, result->text, other->text);
    collect(&gathered->output, result->output, other->output);
    if (!cases)
        cases = g_steal_pointer(&other->cases);
    tps_result_fold(result, other);
    result->time_us = time_us;
    g_clear_pointer(&result->cases, g_ptr_array_unref);
    result->cases = cases;
}

void tps_gather_result(TpsGather *gather, TpsResult *result)
{
    Gathered *gathered = g_hash_table_lookup(gather->by_id, result->id);
    GPtrArray *cases;

    if (!gathered) {
        add(gather, result->id, result)->was_said = true;
        return;
    }
    if (gathered->was_said) {
        fold(gathered, result);
        return;
    }
    cases = g_steal_pointer(&gathered->result->cases);
    tps_result_free(gathered->result);
    gathered->result = result;
    if (cases)
        result->cases = cases;
    gathered->was_said = true;
}

void tps_gather_case(TpsGather *gather, const char *id, TpsResult *inner)
{
    Gathered *gathered = g_hash_table_lookup(gather->by_id, id);

    if (!gathered)
        gathered = add(gather, id, tps_result_new(id, TPS_OUTCOME_SKIPPED, TPS_TIME_UNKNOWN));
    tps_result_add_case(gathered->result, inner);
}

/* "2 of 14 failed: 'a > b', 'c'" */
static void explain(TpsResult *result, guint n_bad)
{
    g_autoptr(GString) names = g_string_new(NULL);
    guint shown = 0;

    for (guint i = 0; i < result->cases->len && shown < 3; i++) {
        const TpsResult *inner = g_ptr_array_index(result->cases, i);

        if (tps_outcome_is_bad(inner->outcome))
            g_string_append_printf(names, "%s'%s'", shown++ > 0 ? ", " : "", inner->id);
    }
    result->message = g_strdup_printf("%u of %u failed: %s%s", n_bad, result->cases->len,
                                      names->str, n_bad > shown ? ", ..." : "");
}

static void settle(Gathered *gathered)
{
    TpsResult *result = gathered->result;
    int64_t time_us = TPS_TIME_UNKNOWN;
    guint n_bad = 0;

    put_together(gathered);
    for (guint i = 0; result->cases && i < result->cases->len; i++) {
        const TpsResult *inner = g_ptr_array_index(result->cases, i);

        result->outcome = MAX(result->outcome, inner->outcome);
        time_us = add_times(time_us, inner->time_us);
        n_bad += tps_outcome_is_bad(inner->outcome);
    }
    if (result->time_us == TPS_TIME_UNKNOWN)
        result->time_us = time_us;
    if (n_bad > 0 && !result->message)
        explain(result, n_bad);
}

void tps_gather_merge(TpsGather *gather, TpsGather *other)
{
    for (guint i = 0; i < other->order->len; i++) {
        Gathered *from = g_ptr_array_index(other->order, i);
        Gathered *to = g_hash_table_lookup(gather->by_id, from->key);

        if (to && to->was_said)
            continue;
        if (!to)
            to = add(gather, from->key, NULL);
        put_together(from);
        tps_result_free(to->result);
        to->result = g_steal_pointer(&from->result);
        to->was_said = from->was_said;
    }
    g_hash_table_remove_all(other->by_id);
    g_ptr_array_set_size(other->order, 0);
}

void tps_gather_end(TpsGather *gather, GPtrArray *results)
{
    for (guint i = 0; i < gather->order->len; i++) {
        Gathered *gathered = g_ptr_array_index(gather->order, i);

        settle(gathered);
        g_ptr_array_add(results, g_steal_pointer(&gathered->result));
    }
    g_ptr_array_set_size(gather->order, 0);
    g_hash_table_remove_all(gather->by_id);
}
