/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * Does the whole of `text` match? '*' stands for any characters, '?' for one; everything else, a
 * bracket or a backslash too, stands for itself. A character is one of UTF-8, or a byte that
 * belongs to none.
 *
 *   time  O(|pattern| * |text|) at worst: only the last '*' is ever tried again
 */
bool tps_wildcard_matches(const char *pattern, const char *text);
