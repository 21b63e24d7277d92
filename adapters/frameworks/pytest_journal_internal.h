/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/framework.h"

/*
 * What our plugin wrote while pytest ran: one line when a testcase starts, one when it ends. It
 * outlives a crash, which pytest's own report, written at the very end, does not.
 */
typedef struct {
    GPtrArray *results; /* of TpsResult: those that ended                       */
    GPtrArray *rest;    /* of char*, owned: those that were given back          */
    char *running;      /* owned or NULL: the one that was started and not ended */
    int64_t since_us;   /* and when (monotonic)                                  */
    int64_t first_us;   /* monotonic, or TPS_TIME_UNKNOWN                        */
    int64_t last_us;    /* monotonic, of the last end, or TPS_TIME_UNKNOWN       */
} TpsPytestJournal;

/* Never NULL; a missing file is an empty journal, and a half-written line ends it. */
TpsPytestJournal *tps_pytest_journal_read(const char *path);
void tps_pytest_journal_free(TpsPytestJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsPytestJournal, tps_pytest_journal_free)

/* Its results into a report that has nothing else; the running one gets the blame. */
void tps_pytest_journal_report(TpsPytestJournal *journal, TpsFrameworkReport *report,
                               const TpsExit *exit);

/* How long the process took before the first and after the last testcase. */
void tps_pytest_journal_times(const TpsPytestJournal *journal, TpsFrameworkReport *report,
                              const TpsExit *exit);
