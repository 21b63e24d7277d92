/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/report.h"
#include "core/result.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Results of any number, sorted by (suite, id) outside of memory: buffers of a fixed size are
 * sorted and written one after the other to an unnamed file in $TMPDIR, and merged from there.
 * As long as all of it fits into one buffer there is no file.
 *
 * Several threads may add, each through a writer of its own. What comes out does not depend on
 * which of them added what, or when.
 *
 * errors   TPS_ERROR_EXECUTOR: the disk is full, or can't be read; TPS_ERROR_INTERRUPTED: a signal
 *          to stop came (scheduler/stop.h)
 * memory   two buffers for each writer while adding, then TPS_SPOOL_WAYS windows; and the longest
 *          result
 * time     O(n log n); each result is written and read twice, and once more for each factor of
 *          TPS_SPOOL_WAYS beyond the first in the number of buffers
 * source   external merge sort, Knuth, The Art of Computer Programming 3, 5.4.1
 */
typedef struct TpsSpool TpsSpool;
typedef struct TpsSpoolWriter TpsSpoolWriter;

#define TPS_SPOOL_BUFFER_BYTES ((size_t)6 << 20)
#define TPS_SPOOL_WAYS 128

/* `buffer_bytes` 0: the usual size. */
TpsSpool *tps_spool_new(size_t buffer_bytes);
void tps_spool_free(TpsSpool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsSpool, tps_spool_free)

TpsSpoolWriter *tps_spool_writer_new(TpsSpool *spool);

/*
 * Add a result, which is copied.
 *   suite    a number of the caller's, from 0 without gaps
 *   report   likewise; all results of one report go through one writer
 */
bool tps_spool_add(TpsSpoolWriter *writer, guint suite, guint report, const TpsResult *result,
                   GError **error);

/* The rest of what was added; frees the writer. */
bool tps_spool_writer_close(TpsSpoolWriter *writer, GError **error);
void tps_spool_writer_free(TpsSpoolWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsSpoolWriter, tps_spool_writer_free)

/* What settling tells beside the report. */
typedef struct {
    const GPtrArray *suites; /* of TpsReportSuite, by the number its results were added with */
    guint *n_twice; /* [suites->len] out: testcases that several reports say they executed  */
    /* of one name that a report tells several times; ordered by suite and name */
    void (*warn)(guint suite, guint report, const char *what, void *user);
    void *user;
} TpsSpoolTold;

/*
 * Nothing is added any more: make one result of those that share suite and id, and put them into
 * the report by id (bytes), as its store; counts them.
 *
 * What one report says several times of one name is told apart or made one by tps_doubles_fold();
 * what several reports say of one testcase by tps_result_fold(). Beyond a thousand results of one
 * name, or 4 MiB of them, a report's are settled a thousand at a time. A name that is given out, as
 * "a [2]", may be one that the same report uses itself: these two are taken for one testcase.
 *
 *   takes  `spool`, also when it fails
 */
bool tps_spool_settle(TpsSpool *spool, TpsReport *report, const TpsSpoolTold *told, GError **error);
