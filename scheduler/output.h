/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/capture.h"
#include "core/result.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Where the whole output of every task goes, below the report directory: short ones, of up to
 * TPS_CAPTURE_HELD_BYTES, side by side into one file, each in one write; longer ones into a file of
 * their own while they run. Bytes are as they were printed. From any thread.
 */
#define TPS_OUTPUT_FILE "output.log"

typedef struct TpsOutput TpsOutput;

/* Nothing is created before there is output; what the file holds already stays. */
TpsOutput *tps_output_new(const char *report_dir);
void tps_output_free(TpsOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsOutput, tps_output_free)

/*
 * Could all of it be kept so far? False and the first failure otherwise, TPS_ERROR_EXECUTOR; the
 * run goes on without.
 */
bool tps_output_check(TpsOutput *output, GError **error);

/*
 * The output of processes that run one after the other. The first member is the sink; each of them
 * ends it once.
 */
typedef struct {
    TpsSink base;
    TpsOutput *output; /* NULL: nothing is kept */
    const char *task;  /* borrowed: for messages                                              */
    const char *path;  /* borrowed: the file for a long one, below the report directory       */
    char *file;        /* owned or NULL: where it is by now, below the report directory       */
    uint64_t offset;   /* and where in that                                                   */
    uint64_t bytes;    /* how much was printed                                                */
    int spill;         /* the long one's file while it is open; else -1                       */
    void *user;        /* whoever sets base.see                                               */
    bool lost;         /* it could not be kept; the file is NULL for ever                     */
} TpsOutputSink;

void tps_output_sink_init(TpsOutputSink *sink, TpsOutput *output, const char *task,
                          const char *path);
void tps_output_sink_clear(TpsOutputSink *sink);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsOutputSink, tps_output_sink_clear)

/* Its place goes into a report: output_file, output_offset, output_bytes. */
void tps_output_sink_place(TpsOutputSink *sink, TpsPartReport *report);

/*
 * Behind what the sink has comes what the report of another run of the same task has, so that in
 * the end the whole of a task is in one place. What is copied from a file of its own is removed
 * there.
 */
void tps_output_sink_append(TpsOutputSink *sink, const TpsPartReport *report);

/*
 * The whole output of a task, as far as it was kept, opened for reading at its beginning; -1 when
 * it was not kept. The caller closes it, and reads output_bytes at most.
 */
int tps_output_open(const char *report_dir, const TpsPartReport *report);

/*
 * The whole output of a task of that many reports, in their order, in one place.
 *
 *   path    the file for a long one, below the report directory
 *   report  out: output_file, output_offset, output_bytes
 *   pieces  of TpsPartReport
 */
void tps_output_join(TpsOutput *output, const char *task, const char *path, TpsPartReport *report,
                     const GPtrArray *pieces);

/* How much of an output stands in a report. */
#define TPS_OUTPUT_BAD_HEAD_BYTES ((size_t)16 * 1024)
#define TPS_OUTPUT_BAD_TAIL_BYTES ((size_t)48 * 1024)
#define TPS_OUTPUT_GOOD_HEAD_BYTES ((size_t)1024)
#define TPS_OUTPUT_GOOD_TAIL_BYTES ((size_t)3 * 1024)

/* Cut the text in a report whose outcome is known down to that; also where a result repeats it. */
void tps_output_trim(TpsPartReport *report);

/*
 * Of a text longer than head + tail these, and "[... N bytes cut ...]" between them. Characters are
 * not torn apart.
 *
 *   total  bytes of the output the text was taken from
 *   kept   false: "[... N bytes cut and not kept ...]"
 *   returns  caller frees
 */
char *tps_output_cut(const char *text, size_t head, size_t tail, uint64_t total, bool kept);
