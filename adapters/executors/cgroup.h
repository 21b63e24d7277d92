/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Control groups, version 2: a group of ours for each executor, and in it a leaf for each slot, in
 * which its commands run. A leaf is killed in one go, and where the memory controller is on it
 * knows what a whole tree of processes used. See the kernel's admin-guide/cgroup-v2.rst.
 */

/*
 * Make the executor's group below the one we are in; its directory. Groups of engines that are gone
 * are killed and removed. Caller frees; NULL and TPS_ERROR_EXECUTOR when that is not to be had.
 */
char *tps_cgroup_new(GError **error);

/* Remove it, when its leaves are gone. */
void tps_cgroup_free(char *group);

/* A nanny's leaf; all that follows is async-signal-safe. */
typedef struct {
    const char *group; /* NULL: there are no groups                                */
    char path[PATH_MAX];
    int procs;       /* its "cgroup.procs", for commands to enter; -1 = none     */
    long n;          /* how many there were before it                            */
    bool is_spent;   /* it was killed                                            */
    bool has_memory; /* the memory controller is on                              */
} TpsLeaf;

/*
 * Before each command: a leaf to start it in. It is a new one after a kill, as some kernels kill
 * whatever enters a group that was killed once (seen with Linux 6.18 and CLONE_INTO_CGROUP), and
 * where it measures memory, as the peak is that of its life.
 *   returns   0 or errno
 */
int tps_leaf_prepare(TpsLeaf *leaf);

/* SIGKILL to all in it. */
void tps_leaf_kill(TpsLeaf *leaf);

/* What the last command and all it started used at a time, and whether one of them was killed for
 * want of memory. 0 and false when it is not known. */
int64_t tps_leaf_peak_bytes(const TpsLeaf *leaf);
bool tps_leaf_was_oom(const TpsLeaf *leaf);

/* Remove it; and its group, if it was the last. */
void tps_leaf_remove(TpsLeaf *leaf);
