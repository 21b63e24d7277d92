/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Of one command and everything it started. */
typedef struct {
    int64_t wall_us; /* until the command itself ended                        */
    int64_t cpu_us;  /* user and system, of all processes, orphans included   */
    int status;      /* as wait() gives it                                    */
} RunCost;

/* The most that was seen of a command while it ran, in bytes. */
typedef struct {
    int64_t peak;    /* resident, of the command itself: VmHWM                 */
    int64_t anon;    /* of that, its own pages: RssAnon                        */
    int64_t helpers; /* of the nannies it started: the sum of their shares, Pss */
} RunMemory;

/* Whoever loses its parent becomes ours, so that nothing escapes the count. Call it once. */
bool run_measure_open(void);

/* Start argv in a directory, with what it prints thrown away; -1 with errno set. */
pid_t run_measure_start(char **argv, const char *cwd);

/* Wait until the process has ended, and when; and then until nothing is left of what it started. */
bool run_measure_wait(pid_t pid, int *status, int64_t *ended_us);

/* Both of them; the time starts before the process does. */
bool run_measure(char **argv, const char *cwd, RunCost *cost);

/* The same, and look at its memory every 5 ms, which costs time: `cost` is not for comparing. */
bool run_measure_memory(char **argv, const char *cwd, RunCost *cost, RunMemory *memory);
