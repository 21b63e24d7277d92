/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* Sort a list of char* by bytes: the order that is the same on every machine. */
void tps_names_sort(GPtrArray *strings);

/* Likewise, and each once: of equal ones all but one are removed, and freed where the list owns. */
void tps_names_sort_unique(GPtrArray *strings);

/*
 * The order of names by bytes, equal ones in the order they have.
 *
 *   names  [n]
 *   order  [n]  out: names[order[0]] is the first; caller's array
 *   time        O(n) when they are in order already; else O(n log n) plus the bytes that tell them
 *               apart, each looked at about once (multikey quicksort; Bentley and Sedgewick 1997,
 *               Proc. 8th ACM-SIAM Symposium on Discrete Algorithms: 360-369)
 */
void tps_names_order(const char *const *names, size_t n, uint32_t *order);

/* "'a', 'b', 'c' and 9 more": a list of char* for a message. Caller frees. */
char *tps_names_some(const GPtrArray *strings);
