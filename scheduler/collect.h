/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/loose_parts.h"

#include <glib.h>
#include <stdbool.h>

/* A file that may be a report. */
typedef struct {
    char *path;  /* owned                                                        */
    bool named;  /* somebody gave this path: then it is an error when it is none */
    bool beside; /* there are journals in the directory in which it was found    */
} TpsLooseFile;

/* What was found under some paths. */
typedef struct {
    GPtrArray *parts;      /* of TpsPartReport                                     */
    GPtrArray *files;      /* of TpsLooseFile: no journal owns them; not read yet   */
    GPtrArray *loose;      /* of TpsLooseReport: what was read of them              */
    GPtrArray *problems;   /* of char*: what is there and can't be read            */
    GPtrArray *notes;      /* of char*: what was mended or doubted while reading   */
    guint n_read;          /* reports that a merge has read of `files`             */
    guint n_ignored;       /* files of directories that are no reports             */
    TpsLooseParts *claims; /* which parts of suites the loose ones say they are  */
} TpsCollection;

/*
 * Find reports.
 *
 *   paths   a journal, another report (formats/loose/loose.h), or a directory, which is searched
 *           for journal.jsonl, *.xml, *.tap, *.json, *.jsonl and *.ndjson (links are not
 *           followed). What a file is, its content says; what is no report is left out with a note.
 * What stands in or below the directory of a journal is not touched: it is raw or merged reports of
 * the same testcases. What stands elsewhere in a directory with journals is read only for a merge
 * without a plan: a plan is proven by journals alone errors  TPS_ERROR_INPUT: a path isn't there,
 * can't be read, or was named and is no report
 */
TpsCollection *tps_collect(const char *const *paths, GError **error);

/*
 * The same without reading what no journal owns, which may be more than memory holds; and: read it
 * now. TPS_ERROR_INPUT.
 */
TpsCollection *tps_collect_unread(const char *const *paths, GError **error);
bool tps_collect_read(TpsCollection *collection, GError **error);

/* Leave out, of what is not read yet, what stands beside journals. */
void tps_collect_drop_beside(TpsCollection *collection);

void tps_collection_free(TpsCollection *collection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsCollection, tps_collection_free)
