/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* How commands are kept apart from the rest of the machine. */
typedef enum {
    TPS_ISOLATION_AUTO,   /* what is to be had and costs nothing: as NONE */
    TPS_ISOLATION_NONE,   /* a subreaper for each slot                    */
    TPS_ISOLATION_PID,    /* and a PID namespace, with a /proc of its own */
    TPS_ISOLATION_CGROUP, /* and a cgroup (version 2)                     */
} TpsIsolation;

/* "auto", "none", "pid", "cgroup"; false for other words. */
bool tps_isolation_parse(const char *text, TpsIsolation *isolation);
