/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/replay_history.h"

/*
 * Load histories: files, and all *.json and *.json.gz of directories.
 *
 *   paths    NULL-terminated
 *   half     "tune", "report", or NULL or "all" for both (replay_halves.h)
 *   level    "testcase", "file", or NULL or "all"
 *   returns  of ReplayHistory, by name, at least one; owns them. NULL and an error: a file
 *            that cannot be read, another word, or nothing that was asked for
 */
GPtrArray *replay_load(char *const *paths, const char *half, const char *level, GError **error);
