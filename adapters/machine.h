/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/* What this machine has for us: what other users or a container's limits leave. 0 = not known. */
typedef struct {
    int64_t cpu_ppm;      /* processors, in millionths: a container may have half a one */
    int64_t memory_bytes; /* that can be taken without swapping                         */
} TpsMachine;

/*
 * Ask the kernel: processors by the affinity of this process and cgroup quotas (v2 and v1), memory
 * by MemAvailable and cgroup limits.
 *
 *   root  where /proc and /sys are, "" for this machine; tests give another
 */
TpsMachine tps_machine_here(const char *root);
