/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What was found under some paths. */
typedef struct {
    GPtrArray *parts;    /* of TpsPartReport                                     */
    GPtrArray *loose;    /* of TpsLooseReport: JUnit files that no journal owns   */
    GPtrArray *problems; /* of char*: what is there and can't be read            */
    GPtrArray *notes;    /* of char*: what was mended or doubted while reading   */
} TpsCollection;

/*
 * Find reports.
 *
 *   paths   a journal (*.jsonl), a JUnit file, or a directory, which is searched for journal.jsonl
 *           and, where there is none in it, for XML (links are not followed). What stands below or
 *           beside a journal is not touched: it is raw or merged reports of the same testcases
 *   errors  TPS_ERROR_INPUT: a path isn't there, or can't be read
 */
TpsCollection *tps_collect(const char *const *paths, GError **error);

void tps_collection_free(TpsCollection *collection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsCollection, tps_collection_free)
