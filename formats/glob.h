/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * Does a glob match a relative path? A pattern without '/' is held against the base name, one with
 * it against the whole path.
 *
 *   *        any characters but '/', also a leading dot
 *   ?        one character but '/'
 *   [a-z]    one of a set, [!a-z] or [^a-z] one that is not in it; never '/'. A ']' may come first
 *   **       any characters at all; "a/" "**" "/b" matches "a/b", too
 *   \        the next character as it is
 *
 * Characters are those of UTF-8; a byte that is of none is a character of its own. A '[' without a
 * ']' and a '\' at the end are themselves.
 *
 *   time     O(|pattern| * |path|)
 *   source   simulation of the automaton; Thompson 1968, CACM 11(6): 419-422
 */
bool tps_glob_matches(const char *pattern, const char *path);
