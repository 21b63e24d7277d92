/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/framework.h"
#include "adapters/frameworks/gather_internal.h"

/*
 * What a helper of ours wrote inside a framework while it ran: one line when a testcase starts, one
 * when it ends (docs/framework-definition.md). It outlives a crash, which most frameworks' own
 * reports, written at the very end, do not.
 */
typedef struct {
    TpsGather *gather; /* owned: those that ended                                */
    GPtrArray *rest;   /* of char*, owned: those that were given back            */
    char *running;     /* owned or NULL: the one that was started and not ended  */
    int64_t since_us;  /* and when (monotonic), or TPS_TIME_UNKNOWN              */
    int64_t first_us;  /* monotonic, or TPS_TIME_UNKNOWN                         */
    int64_t last_us;   /* monotonic, of the last end, or TPS_TIME_UNKNOWN        */
    bool is_there;
} TpsHelperJournal;

/* Never NULL; a missing file is an empty journal, and a half-written line ends it. NULL: no file.
 */
TpsHelperJournal *tps_helper_journal_read(const char *path);
void tps_helper_journal_free(TpsHelperJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsHelperJournal, tps_helper_journal_free)

/*
 * What a report didn't say, into what was gathered from it. The running one gets the blame for how
 * the process ended, unless the report says what became of it.
 */
void tps_helper_journal_report(TpsHelperJournal *journal, TpsGather *gather, const TpsExit *exit);

/* How long the process took before the first and after the last testcase. */
void tps_helper_journal_times(const TpsHelperJournal *journal, TpsFrameworkReport *report,
                              const TpsExit *exit);
