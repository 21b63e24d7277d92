/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdint.h>

/* What one CI node executes: the tasks of one worker of a plan. */
typedef struct {
    int number;          /* K of K/N, from 1                                     */
    int64_t expected_us; /* when its last task ends                              */
    guint64 n_testcases;
    GPtrArray *parts; /* of char*, owned: "api 0,3" or "web", in starting order */
} TpsShard;

/* All of them, as a plan says. */
typedef struct {
    char *plan_id;       /* owned; "" when there is nothing to run                         */
    char *name;          /* owned; ASCII letters, digits, '-' and '_', begins with a letter */
    int size;            /* N of K/N: the workers of the plan; 0 when nothing is to be run  */
    int64_t expected_us; /* when the last shard ends                                       */
    GArray *shards;      /* of TpsShard: those that have something to run, by their number */
} TpsShards;

/* So long is the longest name. */
#define TPS_SHARDS_NAME_MAX 40

/*
 * None yet. Of `name`, which may be any text, remains what every CI system takes in the name of a
 * job and no shell takes for more than a word: "tpsched" when that is nothing.
 */
TpsShards *tps_shards_new(const char *name);
void tps_shards_free(TpsShards *shards);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsShards, tps_shards_free)

/* Append one, which is borrowed until the next is added. */
TpsShard *tps_shards_add(TpsShards *shards, int number);
