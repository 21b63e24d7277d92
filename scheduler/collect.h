/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What was found under some paths. */
typedef struct {
    GPtrArray *parts;    /* of TpsPartReport                                     */
    GPtrArray *loose;    /* of TpsLooseReport: JUnit files that no part.json owns */
    GPtrArray *problems; /* of char*: what is there and can't be read            */
    GPtrArray *notes;    /* of char*: what was mended or doubted while reading   */
} TpsCollection;

/*
 * Find reports.
 *
 *   paths   a part.json, a JUnit file, or a directory, which is searched (links are not followed).
 *           In a directory that holds part reports other XML files are not touched: they are raw or
 *           merged reports of the same testcases
 *   errors  TPS_ERROR_INPUT: a path isn't there, or can't be read
 */
TpsCollection *tps_collect(const char *const *paths, GError **error);

void tps_collection_free(TpsCollection *collection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsCollection, tps_collection_free)
