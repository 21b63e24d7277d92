/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Where a run is shown: text that stays, and on a terminal a region of some lines below it that is
 * drawn over and over. One frame is one write, ten a second at most, and only when something has
 * changed. Text waits for the next frame there; elsewhere it is written at once.
 */
typedef struct TpsScreen TpsScreen;

/* `live`: a region is wanted, where it can be had. */
TpsScreen *tps_screen_new(FILE *stream, bool live);
void tps_screen_free(TpsScreen *screen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsScreen, tps_screen_free)

/* Text waits until it is no longer held, or there is much of it: for less, and larger, writes. */
void tps_screen_hold(TpsScreen *screen, bool held);

bool tps_screen_is_live(const TpsScreen *screen);

/* How many lines of what runs fit in a region. */
int tps_screen_rows(const TpsScreen *screen, int wanted);

/* Our own text. */
void tps_screen_print(TpsScreen *screen, const char *format, ...) G_GNUC_PRINTF(2, 3);

/*
 * What a test printed, in one or more pieces. On a terminal it is made harmless (cli/sanitise.h);
 * elsewhere it is written as it is. The end of it is the end of a line.
 */
void tps_screen_show(TpsScreen *screen, const char *bytes, size_t length);
void tps_screen_show_end(TpsScreen *screen);

/* Is there to be a frame now? */
bool tps_screen_is_due(const TpsScreen *screen, int64_t now_us);

/* What waits, and the region: `rows`, of char*. Nothing when there is no region here. */
void tps_screen_draw(TpsScreen *screen, const GPtrArray *rows, int64_t now_us);

/* What waits, and no region. */
void tps_screen_erase(TpsScreen *screen);
