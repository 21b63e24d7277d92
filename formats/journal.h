/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a run did, as a file that only grows: one record on each line, a JSON object that ends with
 * the CRC-32 of what stands before it on its line. Each record says for itself what it is about.
 */
#define TPS_JOURNAL_FILE "journal.jsonl"
#define TPS_JOURNAL_SCHEMA "tpsched.journal/1"

typedef enum {
    TPS_RECORD_RUN,    /* tpsched began to work here        */
    TPS_RECORD_RESUME, /* it went on with what was left     */
    TPS_RECORD_START,  /* a task was begun                  */
    TPS_RECORD_END,    /* a task has ended: its whole report */
    TPS_RECORD_OTHER,  /* of a later version; it is whole, and says nothing to us */
} TpsRecordKind;

/* Who wrote. */
typedef struct {
    char *plan_id; /* owned                                            */
    char *run_id;  /* owned or NULL: what all shards of one run share  */
    char *host;    /* owned */
    int64_t pid;
    int attempt;
    int size;           /* workers               */
    char *supervision;  /* owned or NULL: what keeps processes together */
    int64_t started_us; /* since the epoch, UTC  */
} TpsRunRecord;

void tps_run_record_free(TpsRunRecord *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsRunRecord, tps_run_record_free)

typedef struct {
    TpsRecordKind kind;
    TpsRunRecord *run;     /* owned: RUN and RESUME  */
    TpsPartReport *report; /* owned: START and END   */
} TpsRecord;

void tps_record_clear(TpsRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsRecord, tps_record_clear)

/* A line with its newline. `kind` is RUN or RESUME; a report that isn't done is a START. */
GString *tps_record_format_run(const TpsRunRecord *run, TpsRecordKind kind);
GString *tps_record_format_report(const TpsPartReport *report);

/*
 * Read a line, without its newline.
 *
 *   whole    as in tps_part_json_read
 *   errors   TPS_ERROR_INPUT: it is damaged, or nothing this version knows
 */
bool tps_record_parse(const char *line, size_t length, bool whole, TpsRecord *record,
                      GError **error);

/* A line of a journal. */
typedef struct {
    const char *text; /* borrowed, without the newline                               */
    size_t length;
    int64_t number;    /* 1, 2, ...                                                  */
    bool torn;         /* it is the last one and has no newline: its writing was cut short  */
    TpsRecord *record; /* what it says, may be taken out of it; NULL: it is torn or damaged */
    const char *why;   /* what is wrong with it, or NULL                                    */
} TpsJournalLine;

/* Where it came from, and false to stop. */
typedef bool (*TpsJournalVisitor)(const TpsJournalLine *line, void *user);

/* A record is shorter: what it holds of outputs is cut when it is written. */
#define TPS_JOURNAL_RECORD_BYTES ((size_t)256 * 1024 * 1024)

/*
 * Read a journal line by line; no more than one line of it is in memory. Of a line that is too long
 * for a record, or begins as none and is longer than 1 MiB, the text is cut: it is damage.
 *   errors  TPS_ERROR_INPUT: the file can't be read
 */
bool tps_journal_read(const char *path, bool whole, TpsJournalVisitor visit, void *user,
                      GError **error);
