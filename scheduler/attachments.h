/* SPDX-License-Identifier: MIT */
#pragma once

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
 * Copy what the outputs of results name to "PART/attachments/DIGEST-NAME", and have them name that,
 * relative to the report directory. Two of one name are told apart by what they hold. What is not
 * there, is a link, no regular file or outside of the roots stays as it is named.
 *
 *   results  of TpsResult
 */
void tps_attachments_keep(const GPtrArray *results, const TpsAttachmentPlace *place);

/*
 * Have results of parts name their attachments relative to the directory of a merged report.
 *
 *   parts      of TpsPartReport, with `origin`
 *   directory  of the report that is to be written
 *   notes      of char*, appended: which are not there
 */
void tps_attachments_move(const GPtrArray *parts, const char *directory, GPtrArray *notes);

/* The way from one directory to a path, both absolute and canonical. Caller frees. */
char *tps_path_from(const char *directory, const char *path);
