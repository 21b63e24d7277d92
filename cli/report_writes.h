/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/outputs.h"
#include "core/report.h"
#include "formats/report/writers.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Reports in other formats beside the answer: --write FORMAT=FILE, as often as wanted.
 *
 *   texts    what was given, or NULL
 *   writes   out: what they mean, caller unrefs; NULL where none was given
 *   errors   TPS_ERROR_USAGE: no such format, no file
 */
bool tps_report_writes_understand(char *const *texts, GPtrArray **writes, GError **error);

/* Say what they will write; `writes` may be NULL. TPS_ERROR_USAGE. */
bool tps_report_writes_claim(const GPtrArray *writes, TpsOutputs *outputs, GError **error);

/* Write them all; of several errors the first is told. `writes` may be NULL. TPS_ERROR_EXECUTOR. */
bool tps_report_writes_do(const GPtrArray *writes, const TpsReport *report,
                          const TpsReportLook *look, GError **error);

/* What --write takes, for a verb's options. */
#define TPS_REPORT_WRITE_ENTRY(texts_)                                                             \
    {                                                                                              \
        "write", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, (texts_), "Write the report there, too",       \
            "FORMAT=FILE"                                                                          \
    }

/*
 * The command that runs the plan of a report directory again, into a directory of its own so that
 * this run's reports stay what they are. Quoted for a shell; caller frees.
 *
 *   plan_file  or NULL: the usual one
 */
char *tps_reproduce_command(const char *plan, const char *report_dir, const char *plan_file);
