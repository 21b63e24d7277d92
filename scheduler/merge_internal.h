/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/merge.h"

/* The reports of one task. */
typedef struct {
    const TpsTask *task; /* borrowed                                                   */
    char *label;         /* "suite M,N"                                                */
    GPtrArray *attempts; /* of TpsPartReport, borrowed, each once; by attempt, newest last */
} TpsMergeSlot;

/*
 * Give each report to its task. Copies are dropped; foreign and contradicting reports are said in
 * the merge. Returns one TpsMergeSlot for each task, by suite (bytes) and part; caller unrefs.
 */
GPtrArray *tps_merge_slots_new(const TpsPlan *plan, const GPtrArray *reports, TpsReport *merge);

/* The newest attempt of a slot that has one. */
const TpsPartReport *tps_merge_slot_latest(const TpsMergeSlot *slot);

/* Does it still count how that attempt (an index) ended, and what was wrong with its report? */
bool tps_merge_slot_counts(const TpsMergeSlot *slot, guint attempt);

/*
 * Move all results of a slot out of its reports: id (borrowed from the result) -> TpsResult, the
 * newest attempt of each testcase with its history folded in; nothing where a newer attempt was to
 * run the testcase and did not report it. Caller unrefs, and owns the results.
 */
GHashTable *tps_merge_slot_results(const TpsMergeSlot *slot);

/* What the runner says of the process itself; no testcase anybody planned. */
bool tps_merge_is_process(const TpsResult *result);
