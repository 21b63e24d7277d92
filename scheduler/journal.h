/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"
#include "formats/journal.h"

#include <glib.h>
#include <stdbool.h>

/*
 * The journal of a run while it is written (formats/journal.h). Each record is one write, so that
 * what is in the file after a crash of ours, or after kill -9, is a beginning of what was written.
 * After a loss of power the last second may be missing.
 */
typedef struct TpsJournal TpsJournal;

/*
 * Open it for appending; it is made where there is none.
 *   errors  TPS_ERROR_EXECUTOR
 */
TpsJournal *tps_journal_open(const char *path, GError **error);

/*
 * Append a record; from any thread. One that could not be written whole is taken back.
 *   errors  TPS_ERROR_EXECUTOR: the disk
 */
bool tps_journal_add_report(TpsJournal *journal, const TpsPartReport *report, GError **error);
bool tps_journal_add_run(TpsJournal *journal, const TpsRunRecord *run, TpsRecordKind kind,
                         GError **error);

/* Have the disk keep what is new since the last time; nothing new costs nothing. EXECUTOR. */
bool tps_journal_sync(TpsJournal *journal, GError **error);

void tps_journal_close(TpsJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsJournal, tps_journal_close)
