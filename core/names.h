/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* Sort a list of char* by bytes: the order that is the same on every machine. */
void tps_names_sort(GPtrArray *strings);

/* "'a', 'b', 'c' and 9 more": a list of char* for a message. Caller frees. */
char *tps_names_some(const GPtrArray *strings);
