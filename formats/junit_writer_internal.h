/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/junit.h"
#include "formats/sink.h"

/* What a header says of the elements behind it. */
typedef struct {
    guint tests;
    guint failures;
    guint errors;
    guint skipped;
    int64_t time_us;
} TpsJunitCounts;

void tps_junit_count(TpsJunitCounts *counts, const TpsResult *result);
void tps_junit_count_all(TpsJunitCounts *counts, const TpsJunitCounts *more);

/*
 * Writes the canonical form (see tps_junit_format) one result after the other, so that none of them
 * has to be in memory with another. In turn: start, then for each suite its beginning, its results
 * and its end, then the end.
 */
typedef struct TpsJunitWriter TpsJunitWriter;

/* `sink` NULL: the text is kept, for tps_junit_writer_take(). */
TpsJunitWriter *tps_junit_writer_new(TpsSink *sink);
void tps_junit_writer_free(TpsJunitWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsJunitWriter, tps_junit_writer_free)

/*
 * No two testcases may look alike in XML, so each name written is kept. That can be spared for
 * those that can't: the ids of each suite differ, and so do the suites' names. All results are
 * foreseen first, in any order; the few that are not written as their id says are kept in mind.
 */
void tps_junit_writer_foresee_suite(TpsJunitWriter *writer, const char *suite);
void tps_junit_writer_foresee(TpsJunitWriter *writer, const char *suite, const TpsResult *result);

void tps_junit_writer_start(TpsJunitWriter *writer, const char *name, const TpsJunitCounts *counts,
                            int64_t wall_us);
void tps_junit_writer_start_suite(TpsJunitWriter *writer, const TpsJunitOutSuite *suite,
                                  const TpsJunitCounts *counts);
void tps_junit_writer_add(TpsJunitWriter *writer, const TpsResult *result);
void tps_junit_writer_end_suite(TpsJunitWriter *writer, const char *output);
void tps_junit_writer_end(TpsJunitWriter *writer);

/* What was written without a sink; caller frees. */
GString *tps_junit_writer_take(TpsJunitWriter *writer);
