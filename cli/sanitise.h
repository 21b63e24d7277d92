/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * What a test printed, made harmless for a terminal: it can be coloured, but it can't move the
 * cursor, clear the screen, change the title or answer for the keyboard.
 *
 * Line ends, tabs and colours (ESC [ ... m) pass, and CR LF is a line end. Other control characters
 * of ASCII are shown as "^[", those of Latin-1 as "M-^[", and bytes that are not UTF-8 as U+FFFD.
 *
 * Text may come in pieces, cut anywhere.
 */
typedef struct {
    char held[40]; /* the beginning of something that is not complete */
    size_t n_held;
    bool coloured; /* since the last reset */
    char last;     /* byte that was written, 0 = none */
} TpsSanitiser;

/* Append to `out`. */
void tps_sanitise(TpsSanitiser *state, const char *bytes, size_t length, GString *out);

/* The text ends: what is incomplete is shown, colours are reset, a last line is ended. */
void tps_sanitise_end(TpsSanitiser *state, GString *out);

/* A whole text; caller frees. */
char *tps_sanitise_text(const char *text);
