/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * Append a text from outside as HTML: markup and quotes escaped; what would be invisible, or turn
 * the direction of reading, shown by its number; what is no UTF-8 replaced.
 */
void tps_html_append(GString *html, const char *text);

/* Valid UTF-8, of which `head` and `tail` bytes are kept, and a line between that says how many
 * were cut. Caller frees; NULL of NULL. */
char *tps_html_cut(const char *text, gsize head, gsize tail);
