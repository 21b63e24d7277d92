/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Reading /proc without allocating or locking; all of it is async-signal-safe. */

/* A number in decimal at `at`, and a NUL; where that stands. */
char *tps_proc_number(char *at, long number);

/* The text of /proc/PID/NAME, cut to `size`, with a NUL. Its length, or -1 when there is none. */
ssize_t tps_proc_read(pid_t pid, const char *name, char *text, size_t size);

/* The parent of a process; -1 when there is no such process. */
pid_t tps_proc_parent(pid_t pid);

/* How many processes this machine has killed for want of memory; 0 when it does not say. */
long tps_proc_oom_kills(void);
