/* SPDX-License-Identifier: MIT */
#pragma once

#include "runtime/sample.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The times of a project's testcases over its versions, as its own repository kept them:
 *
 *   {"schema": "tpsched.durations-history/1", "name": "...", "level": "testcase" or "file",
 *    "versions": [{"commit": "...", "time": unix seconds, "changed": {ID: seconds}, "gone": [ID]}]}
 *
 * Testcases and files are both called items here. An item is an index into `ids`.
 */
typedef enum {
    REPLAY_TESTCASES = 1,
    REPLAY_FILES = 2,
} ReplayLevel;

typedef struct {
    uint32_t item;
    int64_t us;
} ReplayTime;

typedef struct {
    char *commit;
    int64_t time;       /* unix seconds; 0 when the file does not say */
    ReplayTime *change; /* [n_changes], items that are new or have another time than before */
    guint n_changes;
    uint32_t *gone; /* [n_gone], items that are in the listing no longer */
    guint n_gone;
} ReplayVersion;

typedef struct {
    char *name;
    ReplayLevel level;
    char **ids; /* [n_items], every item there ever was, by first appearance */
    guint n_items;
    ReplayVersion *versions; /* [n_versions], oldest first */
    guint n_versions;
} ReplayHistory;

/* A .json or .json.gz file; NULL and an error that names it. */
ReplayHistory *replay_history_load(const char *path, GError **error);
void replay_history_free(ReplayHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReplayHistory, replay_history_free)

/* As much as runtime data keeps of an item: the newest samples. */
#define REPLAY_MAX_SAMPLES 8

/* What is known of an item before the version that is executed next. */
typedef struct {
    TpsSample sample[REPLAY_MAX_SAMPLES]; /* oldest first; `run` is the number of the version */
    guint n;                              /* 0 = never measured */
} ReplayPast;

/*
 * A walk through a history. It stands before one version: `past` is what the versions before it
 * measured, `real_us` is what this one will take.
 *
 * A duration file keeps the old time of what was not executed anew, so an unchanged time is no
 * measurement: no sample, and nothing a prediction can be judged by.
 */
typedef struct {
    const ReplayHistory *history; /* borrowed */
    guint version;                /* 1 .. n_versions-1: the one that is executed next */
    int64_t *real_us;             /* [n_items], -1 = not in the listing of this version */
    bool *measured;               /* [n_items], this version executed it */
    ReplayPast *past;             /* [n_items] */
    uint32_t *listing;            /* [n_listing], the items of this version, ascending */
    guint n_listing;
} ReplayWalk;

/*
 *   for (ReplayWalk *walk = replay_walk_new(history); walk; walk = replay_walk_next(walk))
 *
 * stands before each version but the first; a history of one version gives NULL at once. The end
 * frees the walk; replay_walk_free is for those who leave early.
 */
ReplayWalk *replay_walk_new(const ReplayHistory *history);
ReplayWalk *replay_walk_next(ReplayWalk *walk);
void replay_walk_free(ReplayWalk *walk);
