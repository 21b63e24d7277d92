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

/* Says the merge of it that it has no result? */
bool tps_merge_is_missing(const TpsResult *result);

/* merge_properties.c: what is said of a suite. Which host ran a part, how it ended, what it took.
 */
void tps_merge_describe_part(TpsReportSuite *suite, const TpsPartReport *part);

/* The properties of the newest attempts of its slots: NAME once where all parts say the same, else
 * NAME@part.M of each. */
void tps_merge_unite_properties(TpsReportSuite *suite, const GPtrArray *slots, guint first,
                                guint end);

/* "tpsched.wall", from the first start to the last end, and "tpsched.cpu" of all attempts. */
void tps_merge_sum_times(TpsReportSuite *suite, const GPtrArray *slots, guint first, guint end);

/* merge_output.c: what bad parts printed, and of all of it no more than 1 MiB. */
void tps_merge_take_output(TpsReportSuite *suite, const TpsMergeSlot *slot,
                           const TpsPartReport *part);
void tps_merge_cap_output(TpsReportSuite *suite);

/* The last 4 KiB that a part printed, with a line that says so. NULL: nothing. Caller frees. */
char *tps_merge_last_output(const TpsPartReport *part);

/* What the runner says of the process has no other text. */
void tps_merge_explain_process(const GPtrArray *results, const char *last_output);

/* merge_strays.c: testcases that a part ran though another one was to run them. */
GArray *tps_merge_strays_new(void);
void tps_merge_strays_add(GArray *strays, const char *id, int stray, int planned);

/* Which of them ran in both. */
void tps_merge_say_strays(TpsReport *merge, const TpsReportSuite *suite, GArray *strays);
