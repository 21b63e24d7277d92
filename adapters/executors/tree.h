/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * The processes below a process, from /proc/PID/task/TID/children. Nothing here allocates or locks,
 * so that it also works in a process forked from one with threads.
 */

/* Does this kernel have these lists (CONFIG_PROC_CHILDREN), and is /proc mounted? */
bool tps_tree_available(void);

/* The children of one process, of all its threads; how many were stored, at most `max`. */
size_t tps_tree_children(pid_t parent, pid_t *children, size_t max);

/*
 * Send a signal to every descendant of `root`, not to `root` itself.
 *
 *   except_group  members of this process group are left out; 0 = none
 *   returns       how many it was sent to; processes born meanwhile may be missed, so repeat a
 *                 SIGKILL until none is left
 */
size_t tps_tree_signal(pid_t root, int signal, pid_t except_group);
