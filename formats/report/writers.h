/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/report.h"
#include "formats/sink.h"

#include <glib.h>
#include <stdbool.h>

/* What a writer is told beside the report. All borrowed. */
typedef struct {
    const char *reproduce; /* the command that runs the plan again, quoted for a shell, to which
                              " --suite S --testcase ID" may be added; or NULL                  */
    const char *root;      /* the project's directory, absolute, which files of testcases are
                              relative to; or NULL                                             */
} TpsReportLook;

/* A format that a report can be written in. */
typedef struct {
    const char *name;   /* of --format                          */
    const char *suffix; /* of a file's name, with its dot       */
    const char *about;  /* a few words for --help               */
    /* false with `error`: the results can't be read. What the sink can't take it tells itself. */
    bool (*write)(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                  GError **error);
} TpsReportWriter;

/* All of them, in the order of the help; ends with NULL. */
extern const TpsReportWriter *const tps_report_writers[];

/* The one of that name; NULL and TPS_ERROR_USAGE, which names all that there are. */
const TpsReportWriter *tps_report_writer_find(const char *name, GError **error);

/* The one that a file's name tells by the longest suffix, of several the first; or NULL. */
const TpsReportWriter *tps_report_writer_by_suffix(const char *path);

/* Write a whole file; TPS_ERROR_EXECUTOR. */
bool tps_report_write_file(const TpsReport *report, const TpsReportWriter *writer,
                           const TpsReportLook *look, const char *path, GError **error);
