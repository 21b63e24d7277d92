/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * The names that somebody may have meant who wrote `word`: those that end with it or hold it, then
 * those that few slips of the hand lead to (edit distance, Levenshtein 1966), then those that end
 * alike, as the ids of testcases do that were moved.
 *
 *   names    of char*; any bytes, compared as bytes
 *   max      how many at most
 *   returns  the nearest first, ties by bytes, none twice; borrows the names; caller unrefs
 *   time     O(total length of the names * allowed slips)
 */
GPtrArray *tps_nearest_names(const char *word, const GPtrArray *names, guint max);
