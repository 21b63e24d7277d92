/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The processes of scenarios: one command is run at a time, what it leaves in the background lives
 * on, and is ended with all it started by tps_processes_end. While this stands, this process is
 * the parent of all that (PR_SET_CHILD_SUBREAPER), and must have no other children and threads.
 *
 * SIGINT, SIGTERM and SIGHUP end the command that runs: SIGTERM to its session, SIGKILL 2 s later
 * or with a second signal. Each command is a session of its own, so that nothing in it asks at the
 * terminal. Output is a pipe, as tests know it from CI: /dev/stderr can be opened, and a file could
 * be cut by who does.
 */
typedef struct TpsProcesses TpsProcesses;

/* TPS_ERROR_EXECUTOR when there is no descriptor for its signals. */
TpsProcesses *tps_processes_new(GError **error);
void tps_processes_free(TpsProcesses *processes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsProcesses, tps_processes_free)

/* A command to run. */
typedef struct {
    char **argv; /* looked up in the PATH of `env`                     */
    char **env;
    const char *directory; /* absolute */
    int output;            /* descriptor that gets what it prints, until it has ended */
} TpsProcess;

/* How that ended. */
typedef struct {
    int wait_status;   /* as of waitpid(2); if it was started */
    int start_failure; /* errno, 0 = it was started           */
    bool in_directory; /* what failed was entering the directory */
    int write_failure; /* errno: its output could not be kept */
    int64_t wall_us;
} TpsProcessEnd;

/* Run it, and return when it has ended, whoever still holds its output open. */
void tps_processes_run(TpsProcesses *processes, const TpsProcess *command, TpsProcessEnd *end);

/* The same with this process's own input and output: somebody types there. Ctrl-C is theirs. */
void tps_processes_run_shell(TpsProcesses *processes, const TpsProcess *command,
                             TpsProcessEnd *end);

/* End what is left: SIGTERM, and SIGKILL half a second later. Returns how many there were. */
unsigned tps_processes_end(TpsProcesses *processes);

/* Was there a signal to stop? */
bool tps_processes_stopped(TpsProcesses *processes);

/* Wait until there is something to read, or a signal to stop. False for the signal. */
bool tps_processes_wait_input(TpsProcesses *processes, int fd);
