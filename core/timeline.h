/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/result.h"
#include "core/status.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* One worker of one host. */
typedef struct {
    const char *host; /* borrowed from the timeline's names */
    int worker;
} TpsTimelineRow;

/* A testcase within a bar; of most frameworks only the order and the length are known. */
typedef struct {
    const char *id;    /* borrowed from the timeline's names */
    int64_t start_us;  /* since the bar's start              */
    int64_t length_us; /* 0 where no time is known           */
    TpsOutcome outcome;
} TpsTimelineSpan;

/* One execution of a task, or of a piece of it. */
typedef struct {
    const char *suite; /* borrowed from the timeline's names */
    TpsPart part;
    int attempt;
    int piece;        /* 0, 1, ... of a task that was cut at run time  */
    guint row;        /* index into rows                               */
    int64_t start_us; /* since the timeline's start                    */
    int64_t end_us;
    int64_t expected_start_us; /* by the plan, or TPS_TIME_UNKNOWN  */
    int64_t expected_us;       /* its weight, or TPS_TIME_UNKNOWN  */
    int64_t setup_us;          /* at its beginning, 0 = not known   */
    int64_t teardown_us;       /* at its end                        */
    TpsStatus status;
    const char *end;  /* "passed", "killed by SIGSEGV"; borrowed from the timeline's names */
    bool is_critical; /* the makespan is as long as the chain of these                     */
    guint first_span; /* index into spans                                                  */
    guint n_spans;
} TpsTimelineBar;

/* Who executed what, and when: what a run looked like. */
typedef struct {
    int64_t started_us; /* since the epoch: time 0 of the timeline                          */
    int64_t length_us;
    GArray *rows;         /* of TpsTimelineRow, by host (bytes) and worker                    */
    GArray *bars;         /* of TpsTimelineBar, by row and start                              */
    GArray *spans;        /* of TpsTimelineSpan, by bar and start                             */
    TpsStringPool *names; /* what all texts are borrowed from                                 */
} TpsTimeline;

TpsTimeline *tps_timeline_new(int64_t started_us);
void tps_timeline_free(TpsTimeline *timeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsTimeline, tps_timeline_free)

/*
 * Put rows, bars and spans into their order, take the length from the last end, and mark the
 * critical chain: the bar that ended last, before it the one that ended last on its row or, where
 * the row was idle, anywhere, and so on.
 *
 *   time  O(n log n) for n bars
 */
void tps_timeline_settle(TpsTimeline *timeline);
