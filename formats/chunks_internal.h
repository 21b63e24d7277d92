/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Read a file of any size piece by piece until it ends or `take` says false.
 *   errors  TPS_ERROR_INPUT, "cannot read 'FILE': why"; or whatever `take` set
 */
bool tps_file_read_chunks(const char *path,
                          bool (*take)(const char *bytes, size_t length, void *user,
                                       GError **error),
                          void *user, GError **error);
