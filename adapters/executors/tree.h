/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * The processes below a process: from /proc/PID/task/TID/children, or, on a kernel that lacks these
 * lists (CONFIG_PROC_CHILDREN), from the parents in /proc/PID/stat. Nothing here allocates or
 * locks, so that it also works in a process forked from one with threads.
 */

/* Look which of them there is. False when it is neither: /proc is not mounted, or not ours. */
bool tps_tree_open(void);

/* Does this kernel have the lists? Before tps_tree_open: no. */
bool tps_tree_has_lists(void);

/* For tests, before tps_tree_open: do without the lists. */
void tps_tree_forget_lists(void);

/* The children of one process, of all its threads; how many were stored, at most `max`. */
size_t tps_tree_children(pid_t parent, pid_t *children, size_t max);

/*
 * Send a signal to every descendant of `root`, not to `root` itself, which is the caller or a child
 * of it that is not reaped. Behind SIGTERM goes SIGCONT, so that those hear it that were stopped.
 *
 *   except_group  members of this process group are left out; 0 = none
 *   returns       how many were found; processes born meanwhile may be missed, so repeat a SIGKILL
 *                 until none is left
 */
size_t tps_tree_signal(pid_t root, int signal, pid_t except_group);

/* The first descendants of `root` as people know them: "sleep (pid 12), sh (pid 14), ...". */
void tps_tree_describe(pid_t root, char *text, size_t size);
