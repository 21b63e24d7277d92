/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/replay_history.h"

/*
 * One question to the histories. A command gets the histories of the half and level that were asked
 * for, prints its answer on standard output, and is one row of the table in replay.c.
 *
 *   histories  of ReplayHistory, by name; not empty
 *   json       print JSON instead of a table for people
 */
typedef struct {
    const char *name;
    const char *summary;
    void (*run)(const GPtrArray *histories, bool json);
} ReplayCommand;

extern const ReplayCommand replay_cmd_dispatch;
extern const ReplayCommand replay_cmd_parts;
extern const ReplayCommand replay_cmd_pool;
extern const ReplayCommand replay_cmd_predict;
extern const ReplayCommand replay_cmd_show;
