/* SPDX-License-Identifier: MIT */
#pragma once

#include "scenario/processes.h"

#include <signal.h>
#include <sys/types.h>

/* What a command prints, on its way. */
typedef struct {
    int from;    /* the pipe, owned; -1 when it was closed                         */
    int to;      /* borrowed while the command runs; -1 = what comes is thrown away */
    int failure; /* errno of writing                                               */
} TpsStream;

struct TpsProcesses {
    int signals;   /* a descriptor that is readable when there are some */
    sigset_t mask; /* what was blocked before, and is in commands        */
    struct sigaction pipe_action;
    int n_stops;
    GArray *streams; /* of TpsStream: those of commands that ended and left something, too */
    char *buffer;    /* [64 KiB] */
};

/*
 * Start a command.
 *
 *   from     out: the pipe it prints to, non-blocking, caller closes. NULL: it has our terminal
 *   end      out: why it could not be started
 *   returns  its process, or -1
 */
pid_t tps_processes_fork(TpsProcesses *processes, const TpsProcess *command, int *from,
                         TpsProcessEnd *end);
