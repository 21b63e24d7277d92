/* SPDX-License-Identifier: MIT */
#include "scheduler/spool_internal.h"

#include <string.h>

/* Cursors */

TpsSpoolCursor *tps_spool_cursor_new(void)
{
    TpsSpoolCursor *cursor = g_new0(TpsSpoolCursor, 1);

    cursor->window = g_malloc(TPS_SPOOL_WINDOW_BYTES);
    cursor->size = TPS_SPOOL_WINDOW_BYTES;
    return cursor;
}

void tps_spool_cursor_free(TpsSpoolCursor *cursor)
{
    if (!cursor)
        return;
    g_free(cursor->window);
    g_free(cursor);
}

/* The long record is behind us. */
static void shrink(TpsSpoolCursor *cursor)
{
    if (cursor->size > TPS_SPOOL_WINDOW_BYTES && cursor->filled <= TPS_SPOOL_WINDOW_BYTES) {
        cursor->size = TPS_SPOOL_WINDOW_BYTES;
        cursor->window = g_realloc(cursor->window, cursor->size);
    }
}

/* At least `length` bytes from `at` on. */
static bool fill(TpsSpoolCursor *cursor, size_t length, GError **error)
{
    size_t more;

    if (cursor->filled - cursor->at >= length)
        return true;
    if (tps_spool_is_stopped(error))
        return false;
    cursor->filled -= cursor->at;
    memmove(cursor->window, cursor->window + cursor->at, cursor->filled);
    cursor->at = 0;
    shrink(cursor);
    if (cursor->size < length) {
        cursor->size = length;
        cursor->window = g_realloc(cursor->window, length);
    }
    more = (size_t)MIN(cursor->size - cursor->filled, cursor->run.length);
    if (!tps_spool_tape_read(cursor->run.tape, cursor->run.offset, cursor->window + cursor->filled,
                             more, error))
        return false;
    cursor->filled += more;
    cursor->run.offset += more;
    cursor->run.length -= more;
    return true;
}

/* Only what is compared, so that of many runs only one has a long record in its window. */
static bool show(TpsSpoolCursor *cursor, GError **error)
{
    cursor->record = NULL;
    if (cursor->filled == cursor->at && cursor->run.length == 0)
        return true;
    if (!fill(cursor, sizeof(TpsSpoolHead), error) ||
        !fill(cursor,
              sizeof(TpsSpoolHead) + tps_spool_head(cursor->window + cursor->at).id_length + 1,
              error))
        return false;
    cursor->record = cursor->window + cursor->at;
    return true;
}

bool tps_spool_cursor_start(TpsSpoolCursor *cursor, TpsSpoolRun run, GError **error)
{
    cursor->run = run;
    cursor->at = 0;
    cursor->filled = 0;
    return show(cursor, error);
}

const char *tps_spool_cursor_take(TpsSpoolCursor *cursor, GError **error)
{
    if (!fill(cursor, (size_t)tps_spool_head(cursor->record).length, error))
        return NULL;
    cursor->record = cursor->window + cursor->at;
    return cursor->record;
}

bool tps_spool_cursor_advance(TpsSpoolCursor *cursor, GError **error)
{
    cursor->at += (size_t)tps_spool_head(cursor->record).length;
    return show(cursor, error);
}

/* Merging */

static bool is_less(const TpsSpoolMerge *merge, guint a, guint b)
{
    return tps_spool_record_compare(merge->heap[a]->record, merge->heap[b]->record) < 0;
}

static void sift_down(TpsSpoolMerge *merge, guint at)
{
    for (guint child = 2 * at + 1; child < merge->n; child = 2 * at + 1) {
        TpsSpoolCursor *cursor = merge->heap[at];

        if (child + 1 < merge->n && is_less(merge, child + 1, child))
            child++;
        if (!is_less(merge, child, at))
            return;
        merge->heap[at] = merge->heap[child];
        merge->heap[child] = cursor;
        at = child;
    }
}

bool tps_spool_merge_init(TpsSpoolMerge *merge, const TpsSpoolRun *runs, guint n, GError **error)
{
    merge->cursors = g_ptr_array_new_with_free_func((GDestroyNotify)tps_spool_cursor_free);
    merge->heap = g_new0(TpsSpoolCursor *, n + 1);
    for (guint i = 0; i < n; i++) {
        TpsSpoolCursor *cursor = tps_spool_cursor_new();

        g_ptr_array_add(merge->cursors, cursor);
        if (!tps_spool_cursor_start(cursor, runs[i], error))
            return false;
        if (cursor->record)
            merge->heap[merge->n++] = cursor;
    }
    for (guint i = merge->n / 2; i > 0; i--)
        sift_down(merge, i - 1);
    return true;
}

void tps_spool_merge_clear(TpsSpoolMerge *merge)
{
    g_clear_pointer(&merge->cursors, g_ptr_array_unref);
    g_clear_pointer(&merge->heap, g_free);
}

/* The record that was shown last is behind us. */
static bool step(TpsSpoolMerge *merge, GError **error)
{
    TpsSpoolCursor *first = merge->heap[0];

    if (!tps_spool_cursor_advance(first, error))
        return false;
    if (!first->record)
        merge->heap[0] = merge->heap[--merge->n];
    sift_down(merge, 0);
    return true;
}

const char *tps_spool_merge_next(TpsSpoolMerge *merge, GError **error)
{
    if (merge->shown && !step(merge, error))
        return NULL;
    merge->shown = merge->n > 0;
    return merge->n > 0 ? tps_spool_cursor_take(merge->heap[0], error) : NULL;
}

/* Write the first runs as one at the end of the tape. */
static bool join(const TpsSpoolRun *runs, guint n, TpsSpoolTape *tape, TpsSpoolRun *joined,
                 GError **error)
{
    TpsSpoolMerge merge = {0};
    TpsSpoolPen pen = {0};
    GError *why = NULL;
    const char *record;

    *joined = (TpsSpoolRun){.tape = tape};
    for (guint i = 0; i < n; i++)
        joined->length += runs[i].length;
    if (!tps_spool_tape_reserve(tape, joined->length, &joined->offset, error))
        return false;
    tps_spool_pen_init(&pen, tape, joined->offset);
    if (tps_spool_merge_init(&merge, runs, n, &why))
        while ((record = tps_spool_merge_next(&merge, &why)) &&
               tps_spool_pen_write(&pen, record, (size_t)tps_spool_head(record).length, &why))
            ;
    tps_spool_merge_clear(&merge);
    tps_spool_pen_close(&pen, why ? NULL : &why);
    if (why)
        g_propagate_error(error, why);
    return !why;
}

bool tps_spool_runs_reduce(GArray *runs, TpsSpoolTape *tape, GError **error)
{
    while (runs->len > TPS_SPOOL_WAYS) {
        const TpsSpoolRun *first = &g_array_index(runs, TpsSpoolRun, 0);
        guint n = MIN(TPS_SPOOL_WAYS, runs->len - TPS_SPOOL_WAYS + 1);
        TpsSpoolRun joined;

        if (!join(first, n, tape, &joined, error))
            return false;
        for (guint i = 0; i < n; i++)
            tps_spool_tape_forget(tape, first[i].offset, first[i].length);
        g_array_remove_range(runs, 0, n);
        g_array_append_val(runs, joined);
    }
    return true;
}
