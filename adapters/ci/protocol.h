/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * What Bazel and googletest tell a test program, and what they want to be told, when we are that
 * program. Bazel's is described in its Test encyclopedia.
 */
typedef struct {
    GPtrArray *status_files; /* of char*, owned: to be touched by who honours the sharding      */
    char *report_path;       /* owned or NULL: where the JUnit XML goes                        */
    char *premature_path;    /* owned or NULL: is there as long as we have not ended by ourselves */
    char *filter;            /* owned or NULL: which testcases are wanted                       */
} TpsCiProtocol;

void tps_ci_protocol_clear(TpsCiProtocol *protocol);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsCiProtocol, tps_ci_protocol_clear)

/*
 * Take it out of our own environment, so that what we start does not heed it once more: what is
 * Bazel's where we are a test of Bazel's, and whose shard it is that we run. Call before the first
 * thread is started.
 *
 *   shard, shards  what is run here, from 1; everything is 1 of 1
 */
void tps_ci_protocol_take(TpsCiProtocol *protocol, int shard, int shards);

/* We run our share only. TPS_ERROR_EXECUTOR: a file can't be touched. */
bool tps_ci_protocol_honour(const TpsCiProtocol *protocol, GError **error);

/* While we run there is the file that says so. TPS_ERROR_EXECUTOR. */
bool tps_ci_protocol_begin(const TpsCiProtocol *protocol, GError **error);
void tps_ci_protocol_end(const TpsCiProtocol *protocol);
