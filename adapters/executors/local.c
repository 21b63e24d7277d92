/* SPDX-License-Identifier: MIT */
#include "adapters/executor.h"
#include "adapters/executors/order.h"
#include "adapters/executors/supervise.h"
#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Open files per slot: socket, pipe, directory, order, output file; and its own to spare. */
#define FILES_PER_SLOT 8
#define FILES_BESIDES 64

typedef struct {
    TpsExecutor base;
    int stop;              /* atomic TpsStop                                                  */
    TpsStopEvents events;  /* readable once we are stopped that hard, and for ever after      */
    struct rlimit n_files; /* what commands get                                               */
    TpsNanny *nannies;     /* one per slot                                                    */
} Local;

static void set_failure(TpsExit *exit, TpsEnd end, int code)
{
    exit->end = end;
    exit->code = code;
    exit->started_us = exit->ended_us = g_get_monotonic_time();
    exit->output = g_strdup("");
}

static bool set_error(GError **error, const char *what)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot %s: %s", what, g_strerror(errno));
    return false;
}

/* What a command needs open while it is handed over. */
typedef struct {
    int files[TPS_NANNY_N_FILES];
    int pipe; /* we read */
} Handover;

static void handover_close_files(Handover *handover)
{
    for (int i = 0; i < TPS_NANNY_N_FILES; i++) {
        if (handover->files[i] >= 0)
            close(handover->files[i]);
        handover->files[i] = -1;
    }
}

static void handover_clear(Handover *handover)
{
    handover_close_files(handover);
    if (handover->pipe >= 0)
        close(handover->pipe);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Handover, handover_clear)

/* Both outputs share one pipe, else their order is lost. Only our end does not block. */
static bool open_outputs(Handover *handover, const char *stdout_path, GError **error)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return set_error(error, "open a pipe");
    handover->pipe = ends[0];
    handover->files[TPS_NANNY_STDERR] = ends[1];
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
        return set_error(error, "open a pipe");
    if (stdout_path) {
        g_autofree char *what = g_strdup_printf("write '%s'", stdout_path);
        int file = open(stdout_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

        handover->files[TPS_NANNY_STDOUT] = file;
        return file >= 0 || set_error(error, what);
    }
    handover->files[TPS_NANNY_STDOUT] = fcntl(ends[1], F_DUPFD_CLOEXEC, 0);
    return handover->files[TPS_NANNY_STDOUT] >= 0 || set_error(error, "open a pipe");
}

/*
 * The command's directory and program, as a descriptor and an order. `*failure` is the errno when
 * there is no such directory or program; that is the command's fault, and no error.
 */
static bool open_order(Handover *handover, const TpsCommand *command, int *failure, GError **error)
{
    g_auto(GStrv) environment = tps_order_environment(command->env);
    g_autofree char *program = NULL;
    int directory = open(command->cwd ? command->cwd : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

    *failure = directory < 0 ? errno : 0;
    handover->files[TPS_NANNY_DIRECTORY] = directory;
    if (directory < 0)
        return true;
    program = tps_order_find_program(command->argv[0], environment, directory);
    *failure = program ? 0 : errno;
    if (!program)
        return true;
    handover->files[TPS_NANNY_ORDER] = tps_order_pack(program, command->argv, environment, error);
    return handover->files[TPS_NANNY_ORDER] >= 0;
}

/* A nanny can be killed while it is idle: then there is one more try with a new one. */
static bool hand_over(Local *local, int slot, Handover *handover, GError **error)
{
    TpsNanny *nanny = &local->nannies[slot];

    for (int try = 0; try < 2; try++) {
        if (nanny->pid == 0 && !tps_nanny_hire(nanny, &local->n_files, error))
            return false;
        if (tps_nanny_ask(nanny, TPS_NANNY_START, handover->files)) {
            handover_close_files(handover); /* else the pipe would never end */
            return true;
        }
        tps_nanny_bury(nanny);
    }
    return set_error(error, "reach a supervisor process");
}

static bool local_run(TpsExecutor *self, int slot, const TpsCommand *command, TpsExit *exit,
                      GError **error)
{
    Local *local = (Local *)self;
    g_auto(Handover) handover = {.files = {-1, -1, -1, -1}, .pipe = -1};
    int failure;

    *exit = (TpsExit){0};
    if (g_atomic_int_get(&local->stop) != TPS_STOP_NONE) {
        set_failure(exit, TPS_END_CANCELLED, 0);
        return true;
    }
    if (!open_outputs(&handover, command->stdout_path, error) ||
        !open_order(&handover, command, &failure, error))
        return false;
    if (failure) {
        set_failure(exit, TPS_END_NOT_STARTED, failure);
        return true;
    }
    if (!hand_over(local, slot, &handover, error))
        return false;
    tps_supervise(&local->nannies[slot], handover.pipe, &local->events, command, exit);
    return true;
}

/* Level triggered and never read, so that every worker wakes up, however late it begins to wait. */
static void set_event(int event)
{
    const uint64_t one = 1;

    while (write(event, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void local_stop(TpsExecutor *self, TpsStop how)
{
    Local *local = (Local *)self;
    int before;

    do {
        before = g_atomic_int_get(&local->stop);
        if (before >= (int)how)
            return;
    } while (!g_atomic_int_compare_and_exchange(&local->stop, before, (int)how));
    set_event(how == TPS_STOP_KILL ? local->events.kill : local->events.term);
}

static void local_free(TpsExecutor *self)
{
    Local *local = (Local *)self;

    for (int slot = 0; slot < self->n_slots; slot++)
        tps_nanny_dismiss(&local->nannies[slot]);
    for (int slot = 0; slot < self->n_slots; slot++)
        tps_nanny_wait(&local->nannies[slot]);
    tps_nursery_sweep(); /* what nannies left that were abandoned, or killed while idle */
    if (local->events.term >= 0)
        close(local->events.term);
    if (local->events.kill >= 0)
        close(local->events.kill);
    g_free(local->nannies);
    g_free(local);
}

/* More slots than the soft limit has room for; commands keep the limit, select() breaks above it.
 */
static void raise_file_limit(const Local *local)
{
    struct rlimit limit = local->n_files;
    rlim_t wanted = (rlim_t)local->base.n_slots * FILES_PER_SLOT + FILES_BESIDES;

    if (limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = MIN(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit); /* if it is too low all the same, opening will say so */
}

static bool open_events(TpsStopEvents *events, GError **error)
{
    events->term = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    events->kill = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return (events->term >= 0 && events->kill >= 0) || set_error(error, "open an event");
}

static Local *local_new(int n_slots)
{
    Local *local = g_new0(Local, 1);

    local->base =
        (TpsExecutor){.n_slots = n_slots, .run = local_run, .stop = local_stop, .free = local_free};
    local->nannies = g_new0(TpsNanny, (gsize)n_slots);
    getrlimit(RLIMIT_NOFILE, &local->n_files);
    raise_file_limit(local);
    return local;
}

TpsExecutor *tps_local_executor_new(int n_slots, GError **error)
{
    Local *local = local_new(n_slots);
    g_autoptr(TpsExecutor) executor = &local->base;

    if (!open_events(&local->events, error) || !tps_nursery_open(error))
        return NULL;
    for (int slot = 0; slot < n_slots; slot++) {
        if (!tps_nanny_hire(&local->nannies[slot], &local->n_files, error))
            return NULL;
    }
    return g_steal_pointer(&executor);
}
