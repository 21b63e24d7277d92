/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * The part reports that a journal holds: one for each task that ended, and one that isn't done for
 * each that was begun and of whose end nothing stands there. Without the output of what passed.
 *
 *   reports   of TpsPartReport, appended, with `origin`; in the order they ended
 *   problems  of char*, appended: each damaged record, with its place
 *   notes     of char*, appended: that the writing of the last record was cut short
 *   errors    TPS_ERROR_INPUT: the file can't be read
 */
bool tps_journal_reports(const char *path, GPtrArray *reports, GPtrArray *problems,
                         GPtrArray *notes, GError **error);

/*
 * Give each of all reports that are to be merged its `digest`: of two of one part, attempt and
 * state it is the SHA-256 of what they say; those of others only differ.
 */
void tps_reports_set_digests(GPtrArray *reports);
