/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executors/order.h"

#include <stdbool.h>
#include <sys/types.h>

/* What a command starts with. */
typedef struct {
    const TpsOrder *order;
    int directory; /* or -1: order->cwd */
    int in;        /* or -1: the nanny's own */
    int out;
    int err;
    int group;        /* descriptor of a cgroup's "cgroup.procs" to enter, or -1                  */
    int *failure;     /* out: errno of the start; in memory that is shared with the child's       */
    int jobs;         /* what it gets as descriptors 3 and 4, or -1                               */
    bool interactive; /* in our session, with the nanny's standard files */
} TpsBirth;

/*
 * Start a command as a child of the calling nanny, in a session of its own: no terminal, so it can
 * neither be stopped by one nor take it away. The nanny's own standard input is /dev/null. A
 * program without a '/' is looked for in the command's own PATH, as execvp(3) does.
 *
 *   returns   its pid, or -1 and errno. When it could not execute its program it exits at once, and
 *             *failure is no longer 0
 */
pid_t tps_birth(const TpsBirth *birth);
