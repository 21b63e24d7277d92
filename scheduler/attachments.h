/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"

#include <glib.h>

/*
 * Files that the output of a testcase names, as Jenkins and GitLab know it: "[[ATTACHMENT|PATH]]".
 */

/* Where a task ran, and where its files are kept. All borrowed. */
typedef struct {
    const char *const *roots; /* directories below which it may have them; the first one is where
                                 its relative paths begin; ends with NULL */
    const char *report_dir;   /* absolute                                                        */
    const char *part;         /* the part's directory below it                                   */
} TpsAttachmentPlace;

/*
 * Copy what the outputs of testcases name to "PART/attachments/DIGEST-NAME", and have them name
 * that, relative to the report directory. Two of one name are told apart by what they hold. What is
 * not there, is a link, no regular file or outside of the roots stays as it is named.
 *
 * The report's own output is that of a testcase that is all its process ran, and changes with it.
 */
void tps_attachments_keep(TpsPartReport *report, const TpsAttachmentPlace *place);

/*
 * Have results of parts name their attachments relative to the directory of a merged report.
 *
 *   parts      of TpsPartReport, with `origin`
 *   directory  of the report that is to be written
 *   notes      of char*, appended: which are not there
 */
void tps_attachments_move(const GPtrArray *parts, const char *directory, GPtrArray *notes);

/*
 * Have a result that names attachments relative to one directory name them relative to another.
 * Nothing is looked up on the disk: what a foreign report names is no path of ours.
 *
 *   from, to  absolute and canonical
 */
void tps_attachments_rebase(TpsResult *result, const char *from, const char *to);

/* The way from one directory to a path, both absolute and canonical. Caller frees. */
char *tps_path_from(const char *directory, const char *path);
