/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/suite.h"

#include <glib.h>
#include <stdbool.h>

/* The workers of a run. */
typedef struct {
    int size;
    int max_size; /* >= size: as far as an elastic pool grows */
    bool splits;  /* tasks may be cut at run time             */
} TpsRunPool;

/* What was asked for. */
typedef struct {
    const char *size;     /* as text, or NULL: the plan's                     */
    const char *max_size; /* as text, or NULL: the plan file's, or processors */
    bool is_shard;        /* one worker's share                               */
    bool elastic;
    bool splits;
} TpsRunPoolWish;

/*
 * How many workers a run begins with, and how many it may have: never more than could be busy at a
 * time.
 *
 *   planned  the size of the plan's pool
 *   scope    what is executed
 *   errors   TPS_ERROR_USAGE: a number that is none
 */
bool tps_run_pool_choose(const TpsRunPoolWish *wish, int planned, const TpsPlan *scope,
                         const TpsPlanFile *file, TpsRunPool *pool, GError **error);
