/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stddef.h>

/*
 * The names most like another one, for the message that says it is not there: those with which it
 * shares the longest stretch of bytes, upper and lower case of ASCII alike. A path that got a
 * folder more, a class that became a prefix, a dot for a slash still share most of their names.
 *
 *   name     what was looked for; of a very long one the last 256 bytes count
 *   known    [n]
 *   most     so many at most
 *   returns  of const char*, borrowed from `known`: the longest stretch first, then the one whose
 *            length is nearer, then by bytes; none twice. Not those that share less than a third of
 *            the shorter name, or less than four bytes where both are longer. Caller unrefs
 *   time     O(256 * |name| + all bytes of known + n log n)
 *   source   a suffix automaton; Blumer et al. 1985, Theoretical Computer Science 40: 31-55
 */
GPtrArray *tps_nearest_names(const char *name, const char *const *known, size_t n, size_t most);
