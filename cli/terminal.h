/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/*
 * What may be shown: names and outputs come from strangers. Control characters and bytes that are
 * not UTF-8 are replaced; more than `width` characters are cut in the middle; 0 = no limit. Caller
 * frees.
 */
char *tps_printable(const char *text, int width);

/* Somebody looks at it. */
bool tps_is_terminal(FILE *stream);

/* True when colour is wanted there: a terminal, and neither NO_COLOR nor TERM=dumb. */
bool tps_has_colour(FILE *stream);

/* True when a line there can be rewritten. */
bool tps_is_live(FILE *stream);

/* Columns of the terminal behind `stream`, or 80. */
int tps_terminal_width(FILE *stream);

/* Lines of it, or 24. */
int tps_terminal_height(FILE *stream);

/* Escape sequences, or "" without colour. */
const char *tps_bold(FILE *stream);
const char *tps_red(FILE *stream);
const char *tps_green(FILE *stream);
const char *tps_yellow(FILE *stream);
const char *tps_plain(FILE *stream);
