/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"

#include <stdbool.h>

/*
 * What became of a task, in one word: what its results, the end of its process and what it left
 * behind come to.
 */
typedef enum {
    TPS_STATUS_PASSED,
    TPS_STATUS_SKIPPED,     /* every testcase was                                       */
    TPS_STATUS_FLAKY,       /* passed, a testcase only on a later attempt                */
    TPS_STATUS_LEAK,        /* passed, and left processes or open pipes behind           */
    TPS_STATUS_FAILED,      /* a testcase did, or its process, or its report is no proof */
    TPS_STATUS_TIMEOUT,     /* it took too long and was ended                            */
    TPS_STATUS_SIGNALED,    /* a signal killed it that was not ours                      */
    TPS_STATUS_NOT_STARTED, /* its program could not be executed                         */
    TPS_STATUS_LOST,        /* whoever supervised it died, as often as it was tried      */
    TPS_STATUS_CANCELLED,   /* it ran, and was stopped by us before it ended             */
    TPS_STATUS_NOT_RUN,     /* it never started                                          */
} TpsStatus;

/* "passed", "not-started", ... Static. */
const char *tps_status_name(TpsStatus status);
bool tps_status_parse(const char *name, TpsStatus *status);

/* Of a task that has a report. One that was begun and has no end is lost. */
TpsStatus tps_status_of(const TpsPartReport *report);

/*
 * "passed", "killed by SIGSEGV (core dumped)", "timed out after 30s", "could not start: No such
 * file or directory", "left 2 processes behind: sleep (71), dbus-daemon (74)". Caller frees.
 */
char *tps_status_describe(const TpsPartReport *report);

/* The end of its process alone, whatever its results: "exit status 1", "killed by SIGSEGV (core
 * dumped)". Caller frees. */
char *tps_status_describe_end(const TpsPartReport *report);

/* Did it leave processes behind, or its output open? And which; caller frees. */
bool tps_status_left_something(const TpsPartReport *report);
char *tps_status_describe_leak(const TpsPartReport *report);
