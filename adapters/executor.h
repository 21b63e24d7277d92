/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/capture.h"
#include "core/isolation.h"
#include "core/result.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * An executor is where processes run: this machine, later hosts and clusters. It has slots 0..n-1;
 * each slot runs one command at a time and blocks the thread that asked for it, so that the whole
 * state of a task lives on one stack.
 */
typedef struct {
    char **argv;     /* borrowed; argv[0] is looked up in the command's PATH; no shell        */
    char **env;      /* borrowed or NULL: "NAME=value" that replace or extend the environment the
                        executor was made in; "NAME" alone removes it                         */
    bool clear_env;  /* nothing of our environment, only what `env` says                      */
    const char *cwd; /* borrowed or NULL: start directory                                     */
    const char *stdin_path;  /* borrowed or NULL: standard input comes from this file, which is
                                opened before it starts; else there is none: /dev/null        */
    const char *stdout_path; /* borrowed or NULL: standard output goes to this file, whole    */
    TpsSink *sink;           /* borrowed or NULL: the whole output goes there; where it is
                                detached, until it is settled                                 */
    const char *sandbox; /* borrowed or NULL: absolute; removed when we are killed, and its parent
                            if that is empty then; else it is left as it is                   */
    const int *jobs; /* borrowed or NULL: a descriptor that the command gets as numbers 3 and 4 */
    int64_t timeout_us; /* 0 = none                                                          */
    int64_t grace_us;   /* between SIGTERM and SIGKILL                                       */
    int64_t leak_us;    /* how long descendants may outlive it; 0 = TPS_LEAK_US              */
    bool detach;        /* return when it has ended, though descendants linger: exit->linger */
} TpsCommand;

#define TPS_LEAK_US INT64_C(200000)

typedef struct TpsLinger TpsLinger;

/* How a command ended. */
typedef struct {
    TpsEnd end;
    int code; /* exit status, signal or errno, by `end`; else 0                     */
    bool core_dumped;
    bool oom_killed;       /* for want of memory: its cgroup says so; or, without one, SIGKILL came
                              and the machine's count of such kills had grown: probably          */
    int64_t started_us;    /* monotonic                                                          */
    int64_t ended_us;      /* monotonic; when the process itself ended                           */
    int64_t paused_us;     /* of that time                                                       */
    int64_t cpu_us;        /* user and system, of the process and what it waited for             */
    int64_t max_rss_bytes; /* of the largest of them                                           */
    int64_t peak_bytes;    /* of all together, where a cgroup knows; else 0                     */
    int n_leaked;          /* descendants that outlived it and were killed                       */
    char *leaked;          /* owned or NULL: the first of them, "sleep (pid 12), sh (pid 14)"    */
    int n_survivors;       /* descendants that could not be killed: the machine is not clean     */
    bool held_pipe;        /* nothing of it is left, and somebody else holds its output open     */
    char *output;          /* owned: what it printed; head and tail when that is long; NUL bytes
                              are U+FFFD, all others as they came                              */
    uint64_t output_bytes; /* how much it really printed                                         */
    TpsLinger *linger;     /* owned or NULL: descendants that still have a moment; until
                              tps_executor_settle says so, what stands here is not final       */
} TpsExit;

/* How long it ran: without its pauses. */
int64_t tps_exit_time(const TpsExit *exit);

/* Settles it before, if need be. */
void tps_exit_clear(TpsExit *exit);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsExit, tps_exit_clear)

/* How much of the output stands in `output`, from its beginning and from its end. */
#define TPS_OUTPUT_HEAD_BYTES (16 * 1024)
#define TPS_OUTPUT_TAIL_BYTES (48 * 1024)

/* How hard running commands are stopped. */
typedef enum {
    TPS_STOP_NONE,
    TPS_STOP_TERM, /* SIGTERM, then SIGKILL after the grace of each command; later ones don't start
                    */
    TPS_STOP_KILL, /* SIGKILL now */
} TpsStop;

typedef struct TpsExecutor TpsExecutor;

/*
 * The directory that sandboxes lie in, locked by us (flock): executors that are made after this
 * remove it when we are killed, unless there is a file TPS_EXECUTOR_KEPT in it. NULL = none.
 */
void tps_executor_set_base(const char *path);
#define TPS_EXECUTOR_KEPT "kept"

/* What an executor can do; each is a file in adapters/executors/. */
struct TpsExecutor {
    int n_slots;
    bool (*run)(TpsExecutor *self, int slot, const TpsCommand *command, TpsExit *exit,
                GError **error);
    void (*stop)(TpsExecutor *self, TpsStop how);
    void (*pause)(TpsExecutor *self, bool yes);
    const char *(*describe)(const TpsExecutor *self);
    void (*free)(TpsExecutor *self);
};

/*
 * Run one command to its end, and until no descendant of it is left: what outlives it by more than
 * leak_us is killed.
 *
 *   slot     0 <= slot < n_slots, not in use by another thread
 *   exit     out; clear it with tps_exit_clear. A program that can't be started, times out, crashes
 *            or is stopped is an exit, not an error
 *   errors   TPS_ERROR_EXECUTOR: the machinery itself failed (pipes, memory, disk)
 */
bool tps_executor_run(TpsExecutor *executor, int slot, const TpsCommand *command, TpsExit *exit,
                      GError **error);

/*
 * Of a command that was detached: make `exit` final. Meanwhile its slot may run others. Its output
 * is read only in here.
 *
 *   wait      false: only look; but no longer than leak_us and the time to kill what is left
 *   returns   whether it is final; exit->linger is NULL then. True for what was never detached
 */
bool tps_executor_settle(TpsExit *exit, bool wait);

/* From any thread, also in a signal handler; stops only ever get harder. */
void tps_executor_stop(TpsExecutor *executor, TpsStop how);

/*
 * SIGSTOP to every process of every command, however deep; timeouts, grace and leak_us stand still,
 * and nothing is started, until they continue. Returns when they have stopped, or after a second.
 */
void tps_executor_pause(TpsExecutor *executor);
void tps_executor_continue(TpsExecutor *executor);

/* What keeps processes together here: "subreaper", "pid namespace", ...; the executor's. */
const char *tps_executor_describe(const TpsExecutor *executor);

void tps_executor_free(TpsExecutor *executor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsExecutor, tps_executor_free)

/*
 * This machine: one small supervisor process per slot, which starts the slot's commands, adopts
 * every orphan they leave, and kills them all when the command ends or when we vanish. Call before
 * the first thread is started. TPS_ERROR_EXECUTOR when processes or pipes are short, or with the
 * reason why an isolation that was asked for is not to be had.
 */
TpsExecutor *tps_local_executor_new(int n_slots, TpsIsolation isolation, GError **error);

/*
 * The same with one slot whose commands have our terminal, for debuggers: our standard files, our
 * session and our process group. What they print is not captured. Ctrl-C reaches them as it reaches
 * us; supervision is as always.
 */
TpsExecutor *tps_local_executor_new_interactive(TpsIsolation isolation, GError **error);
