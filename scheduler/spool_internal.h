/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/spool.h"

#include <string.h>

/* Records: one result, as bytes that can be compared without reading all of them */

/* Behind it follow the id with its NUL, and the rest of the result. */
typedef struct {
    uint64_t length;   /* of the record, with this */
    uint64_t position; /* rises in a report        */
    uint32_t suite;
    uint32_t report;
    uint32_t id_length;
    bool apart; /* it has its final name */
} TpsSpoolHead;

#define TPS_SPOOL_NO_REPORT G_MAXUINT32 /* none, or several */

void tps_spool_record_append(GByteArray *bytes, TpsSpoolHead head, const char *id,
                             const TpsResult *result);

/* Records are not aligned. */
static inline TpsSpoolHead tps_spool_head(const char *record)
{
    TpsSpoolHead head;

    memcpy(&head, record, sizeof(head));
    return head;
}

static inline const char *tps_spool_id(const char *record)
{
    return record + sizeof(TpsSpoolHead);
}

/* By suite, id, names given last, report and position. */
int tps_spool_record_compare(const char *a, const char *b);

/* A result whose own texts stand in the record, and its lists in memory of their own. */
void tps_spool_view_init(TpsResult *view, const char *record);
void tps_spool_view_clear(TpsResult *view);

/* A whole result; caller frees. */
TpsResult *tps_spool_record_result(const char *record);

/* Tapes: bytes in memory, or, when they get many, in an unnamed file */

typedef struct {
    GMutex lock;
    GByteArray *memory; /* NULL: they are in the file */
    size_t memory_max;
    int fd;
    uint64_t size;
} TpsSpoolTape;

TpsSpoolTape *tps_spool_tape_new(size_t memory_max);
void tps_spool_tape_free(TpsSpoolTape *tape);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsSpoolTape, tps_spool_tape_free)

/* Room for `length` bytes at the end, to be written piece by piece; from any thread. */
bool tps_spool_tape_reserve(TpsSpoolTape *tape, uint64_t length, uint64_t *offset, GError **error);
bool tps_spool_tape_write(TpsSpoolTape *tape, uint64_t offset, const void *bytes, size_t length,
                          GError **error);

/* All of them are there; for one thread that no other writes beside. */
bool tps_spool_tape_read(TpsSpoolTape *tape, uint64_t offset, void *bytes, size_t length,
                         GError **error);

/* Those bytes aren't needed any more: the disk may have them. */
void tps_spool_tape_forget(TpsSpoolTape *tape, uint64_t offset, uint64_t length);

/* Runs: sorted records on a tape */

typedef struct {
    TpsSpoolTape *tape;
    uint64_t offset;
    uint64_t length;
} TpsSpoolRun;

/* Reads a run from its beginning. */
typedef struct {
    TpsSpoolRun run; /* what is not yet in the window */
    char *window;
    size_t size;
    size_t at; /* of the record that is shown */
    size_t filled;
    const char *record; /* its head and id are there; NULL at the end */
} TpsSpoolCursor;

#define TPS_SPOOL_WINDOW_BYTES ((size_t)64 << 10)

TpsSpoolCursor *tps_spool_cursor_new(void);
void tps_spool_cursor_free(TpsSpoolCursor *cursor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsSpoolCursor, tps_spool_cursor_free)
bool tps_spool_cursor_start(TpsSpoolCursor *cursor, TpsSpoolRun run, GError **error);

/* All of the record; NULL on errors. */
const char *tps_spool_cursor_take(TpsSpoolCursor *cursor, GError **error);

/* The next record. */
bool tps_spool_cursor_advance(TpsSpoolCursor *cursor, GError **error);

/* Several runs as one. */
typedef struct {
    GPtrArray *cursors;    /* of TpsSpoolCursor                                 */
    TpsSpoolCursor **heap; /* of those not at their end, the first is the least */
    guint n;
    bool shown;
} TpsSpoolMerge;

bool tps_spool_merge_init(TpsSpoolMerge *merge, const TpsSpoolRun *runs, guint n, GError **error);
void tps_spool_merge_clear(TpsSpoolMerge *merge);

/* The next record, valid until the next call; NULL at the end, or with `error` set. */
const char *tps_spool_merge_next(TpsSpoolMerge *merge, GError **error);

/* Make at most TPS_SPOOL_WAYS runs of more; they are all on that tape. */
bool tps_spool_runs_reduce(GArray *runs, TpsSpoolTape *tape, GError **error);

/* Sorting: what a writer gathers until it is a run */

typedef struct TpsSpoolSorter TpsSpoolSorter;

/* `add_run` is called for each run, from the thread that adds. */
TpsSpoolSorter *tps_spool_sorter_new(TpsSpoolTape *tape, size_t buffer_bytes,
                                     void (*add_run)(TpsSpoolRun run, void *user), void *user);
void tps_spool_sorter_free(TpsSpoolSorter *sorter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsSpoolSorter, tps_spool_sorter_free)
bool tps_spool_sorter_add(TpsSpoolSorter *sorter, TpsSpoolHead head, const char *id,
                          const TpsResult *result, GError **error);
bool tps_spool_sorter_flush(TpsSpoolSorter *sorter, GError **error);

/* Appends many small pieces to a tape. */
typedef struct {
    TpsSpoolTape *tape;
    GByteArray *held;
    uint64_t offset; /* of the first byte held */
} TpsSpoolPen;

void tps_spool_pen_init(TpsSpoolPen *pen, TpsSpoolTape *tape, uint64_t offset);
bool tps_spool_pen_write(TpsSpoolPen *pen, const void *bytes, size_t length, GError **error);
/* Write what is held, and forget the memory. */
bool tps_spool_pen_close(TpsSpoolPen *pen, GError **error);

bool tps_spool_is_stopped(GError **error);
