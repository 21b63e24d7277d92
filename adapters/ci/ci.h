/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Which node of a CI run this is, as its system says by environment variables. Nobody else reads
 * them. The systems and their variables are a table (systems.c); docs/ci-nodes.md shows it.
 */

/* What is looked for; what is not asked for can't be wrong. */
typedef enum {
    TPS_CI_SHARD = 1, /* which shard, of how many          */
    TPS_CI_RUN = 2,   /* which attempt, of which run       */
} TpsCiAsk;

typedef struct {
    int shard;          /* 1 .. shards                                                         */
    int shards;         /* 0: nobody says                                                      */
    bool is_explicit;   /* TPSCHED_SHARD says it                                               */
    char *shard_from;   /* owned or NULL: "CI_NODE_INDEX, GitLab"                              */
    int attempt;        /* 1, 2, ...; 0: nobody says                                           */
    char *attempt_from; /* owned or NULL: likewise                                             */
    char *run_id;       /* owned or NULL: what all jobs of one run share, and its re-runs       */
    char *run_id_from;  /* owned or NULL: likewise                                             */
} TpsCiHere;

void tps_ci_here_clear(TpsCiHere *here);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsCiHere, tps_ci_here_clear)

/*
 * TPSCHED_SHARD wins. Else every system whose own marker is set is asked. A system that says its
 * job is not parallel makes it shard 1 of 1, unless another one says more.
 *
 *   environment  "NAME=value", NULL-terminated; an empty value is none
 *   ask          of TpsCiAsk
 *   here         out: clear it with tps_ci_here_clear
 *   errors       TPS_ERROR_USAGE: a value is no number, out of range, or misses its other half; two
 *                systems disagree. Both variables are named
 */
bool tps_ci_here(char *const *environment, unsigned ask, TpsCiHere *here, GError **error);

/* What was looked for and not found, one sentence for people. Caller frees. */
char *tps_ci_looked_for(char *const *environment);

/* "K/N", 1 <= K <= N. */
bool tps_ci_parse_shard(const char *text, int *shard, int *shards);
