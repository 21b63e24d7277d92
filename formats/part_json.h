/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"

#include <glib.h>
#include <stdbool.h>

/*
 * One part's report on disk: a directory with
 *
 *   part.json   who it is and how its process ended; written before the part starts (state
 *               "running") and replaced when it ended ("done")
 *   report.xml  its results as canonical JUnit; part.json holds its SHA-256
 *
 * The identity of a part is what part.json says, never a file name.
 */
#define TPS_PART_FILE "part.json"
#define TPS_PART_REPORT_FILE "report.xml"
#define TPS_PART_SCHEMA "tpsched.part/1"

/*
 * Write a part's report into an existing directory; only part.json while it isn't done.
 *   errors  TPS_ERROR_EXECUTOR: the disk
 */
bool tps_part_report_save(const TpsPartReport *report, const char *directory, GError **error);

/*
 * Read one. A report.xml that is missing, truncated or not the one that was written is said in
 * `problems`, and what can be read of it is in `results`.
 *
 *   errors   TPS_ERROR_INPUT: part.json itself can't be read
 *   returns  the report with `origin` and `digest`; caller frees; or NULL
 */
TpsPartReport *tps_part_report_load(const char *directory, GError **error);
