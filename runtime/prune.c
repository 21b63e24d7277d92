/* SPDX-License-Identifier: MIT */
#include "runtime/store_internal.h"

/* When a run began, in seconds since the epoch; 0 for the run nobody can date. */
static int64_t time_of(const TpsRuntimeData *data, uint32_t run)
{
    return run ? tps_run_key_time(tps_runtime_data_run_key(data, run)) : 0;
}

/* The oldest and the newest run that a suite was part of; 0 when there is none. */
typedef struct {
    uint32_t oldest;
    uint32_t newest;
} Span;

static void widen(Span *span, uint32_t run)
{
    if (run == 0)
        return;
    span->oldest = span->oldest ? MIN(span->oldest, run) : run;
    span->newest = MAX(span->newest, run);
}

static Span span_of(const TpsTable *table)
{
    Span span = {0};

    for (guint i = 0; i < table->parts->len; i++)
        widen(&span, g_array_index(table->parts, TpsRuntimePart, i).run);
    for (guint i = 0; i < table->records->len; i++)
        widen(&span, g_array_index(table->records, TpsRecord, i).seen);
    return span;
}

/* What was never seen in a dated run is as old as the oldest of these at least. */
static size_t prune_table(const TpsRuntimeData *data, TpsTable *table, int64_t max_age_s)
{
    const Span span = span_of(table);
    const int64_t oldest_kept = time_of(data, span.newest) - max_age_s;
    guint kept = 0;
    guint n = table->records->len;

    for (guint i = 0; i < n; i++) {
        const TpsRecord *record = &g_array_index(table->records, TpsRecord, i);
        uint32_t seen = record->seen ? record->seen : span.oldest;

        if (time_of(data, seen) >= oldest_kept)
            g_array_index(table->records, TpsRecord, kept++) = *record;
        else if (table->notes)
            g_hash_table_remove(table->notes, record->id);
    }
    g_array_set_size(table->records, kept);
    return n - kept;
}

size_t tps_runtime_data_prune(TpsRuntimeData *data, int64_t max_age_s)
{
    size_t n = 0;

    for (guint i = 0; i < data->tables->len; i++)
        n += prune_table(data, g_ptr_array_index(data->tables, i), max_age_s);
    return n;
}
