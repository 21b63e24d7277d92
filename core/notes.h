/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* Append a line for people to a list of char*. */
void tps_note(GPtrArray *notes, const char *format, ...) G_GNUC_PRINTF(2, 3);
