/* SPDX-License-Identifier: MIT */
#include "adapters/executor.h"
#include "adapters/executors/cgroup.h"
#include "adapters/executors/lingers.h"
#include "adapters/executors/proc.h"
#include "adapters/executors/supervise.h"
#include "adapters/executors/tree.h"
#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Open files per slot: socket, event, pipe, directory, order, files; and its own to spare.
 * Besides: what lingers. */
#define FILES_PER_SLOT 10
#define FILES_BESIDES 256

/* How long a pause may take to be heard by all, and how often we look. */
#define PAUSE_US INT64_C(1000000)
#define PAUSE_LOOK_US 200

typedef struct {
    TpsNanny nanny;
    int wake;  /* an eventfd: `stop` or `paused` has changed */
    int state; /* atomic TpsSlotState                        */
} Slot;

typedef struct {
    TpsExecutor base;
    int stop;   /* atomic TpsStop */
    int paused; /* atomic bool    */
    TpsNannySetup setup;
    Slot *slots;
    TpsLingers *lingers;
    char *group; /* or NULL */
    char *description;
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
    int files[TPS_ORDER_N_FILES]; /* those that there are, without gaps */
    size_t n_files;
    int pipe; /* we read */
} Handover;

static void handover_close_files(Handover *handover)
{
    for (size_t i = 0; i < handover->n_files; i++)
        close(handover->files[i]);
    handover->n_files = 0;
}

static void handover_clear(Handover *handover)
{
    handover_close_files(handover);
    if (handover->pipe >= 0)
        close(handover->pipe);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Handover, handover_clear)

/* Opened here and not by the child: then there is an error that names the file. */
static bool add_file(Handover *handover, const char *verb, const char *path, int flags,
                     GError **error)
{
    int file = open(path, flags | O_CLOEXEC, 0666);

    if (file < 0) {
        g_autofree char *what = g_strdup_printf("%s '%s'", verb, path);

        return set_error(error, what);
    }
    handover->files[handover->n_files++] = file;
    return true;
}

/* Both outputs share one pipe, else their order is lost. Only our end does not block. */
static bool open_standard_files(Handover *handover, const TpsCommand *command, GError **error)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return set_error(error, "open a pipe");
    handover->pipe = ends[0];
    handover->files[handover->n_files++] = ends[1];
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
        return set_error(error, "open a pipe");
    return (!command->stdin_path ||
            add_file(handover, "read", command->stdin_path, O_RDONLY, error)) &&
           (!command->stdout_path ||
            add_file(handover, "write", command->stdout_path, O_WRONLY | O_CREAT | O_TRUNC, error));
}

static void fill_head(TpsOrderHead *head, const TpsCommand *command)
{
    memset(head, 0, sizeof *head); /* what lies between its members is sent, too */
    head->clears_env = command->clear_env;
    head->has_stdin = command->stdin_path != NULL;
    head->has_stdout = command->stdout_path != NULL;
    head->has_directory = !command->cwd || command->cwd[0] != '/';
    head->has_jobs = command->jobs != NULL;
    head->timeout_us = command->timeout_us;
    head->grace_us = command->grace_us;
    head->leak_us = command->leak_us > 0 ? command->leak_us : TPS_LEAK_US;
}

/* What is handed over is closed afterwards; the jobserver is for others, too. */
static bool add_jobs(Handover *handover, int jobs)
{
    int copy = fcntl(jobs, F_DUPFD_CLOEXEC, 0);

    if (copy < 0)
        return false;
    handover->files[handover->n_files++] = copy;
    return true;
}

/*
 * The nanny has its own present directory, so a relative one travels as a descriptor. `*failure` is
 * the errno when there is none; that is the command's fault, and no error.
 */
static bool open_order(Handover *handover, const TpsCommand *command, TpsOrderPacket *packet,
                       int *failure, GError **error)
{
    fill_head(&packet->head, command);
    *failure = 0;
    if (packet->head.has_directory) {
        int directory = open(command->cwd ? command->cwd : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

        *failure = directory < 0 ? errno : 0;
        if (directory < 0)
            return true;
        handover->files[handover->n_files++] = directory;
    }
    if (command->jobs && !add_jobs(handover, *command->jobs))
        return set_error(error, "hand over a command");
    if (!tps_order_pack(packet, packet->head.has_directory ? NULL : command->cwd, command->sandbox,
                        command->argv, command->env))
        return set_error(error, "hand over a command");
    if (packet->file >= 0)
        handover->files[handover->n_files++] = packet->file;
    return true;
}

static bool hire(Local *local, Slot *slot, GError **error)
{
    if (slot->nanny.pid == 0)
        slot->nanny = tps_lingers_take_spare(local->lingers);
    return slot->nanny.pid != 0 || tps_nanny_hire(&slot->nanny, &local->setup, error);
}

/* A nanny can be killed while it is idle: then there are more tries, at last with a new one. */
static bool hand_over(Local *local, Slot *slot, Handover *handover, const TpsOrderPacket *packet,
                      GError **error)
{
    for (int try = 0; try < 3; try++) {
        if (!hire(local, slot, error))
            return false;
        if (tps_nanny_start(&slot->nanny, packet, handover->files, handover->n_files)) {
            handover_close_files(handover); /* else the pipe would never end */
            return true;
        }
        tps_nanny_bury(&slot->nanny);
    }
    return set_error(error, "reach a supervisor process");
}

/* Its nanny goes with what lingers, or comes back to the slot. */
static void see_to_end(Local *local, Slot *slot, TpsWatch *watch, bool detach, TpsExit *exit)
{
    TpsWatchStep step;

    slot->nanny = (TpsNanny){0};
    while ((step = tps_watch(watch, -1)) == TPS_WATCH_LINGERS) {
        if (detach && (exit->linger = tps_linger_new(local->lingers, watch))) {
            tps_watch_fill(watch, exit);
            return;
        }
    }
    tps_watch_end(watch, step, exit);
    slot->nanny = watch->nanny;
}

static bool run(Local *local, Slot *slot, const TpsCommand *command, TpsExit *exit, GError **error)
{
    g_auto(Handover) handover = {.pipe = -1};
    TpsWishes wishes = {&local->stop, &local->paused, &slot->state, slot->wake};
    TpsOrderPacket packet;
    TpsWatch watch;
    int failure;

    if (!open_standard_files(&handover, command, error) ||
        !open_order(&handover, command, &packet, &failure, error))
        return false;
    if (failure) {
        set_failure(exit, TPS_END_NOT_STARTED, failure);
        return true;
    }
    if (!hand_over(local, slot, &handover, &packet, error))
        return false;
    tps_watch_init(&watch, slot->nanny, handover.pipe, &wishes, &packet.head, command->sink);
    handover.pipe = -1;
    see_to_end(local, slot, &watch, command->detach, exit);
    return true;
}

static void forget_event(int event)
{
    uint64_t ignored;

    if (read(event, &ignored, sizeof ignored) < 0) {
        /* There was none. */
    }
}

/* Nothing starts while all is paused. False when nothing starts at all any more. */
static bool enter(const Local *local, Slot *slot)
{
    struct pollfd wake = {.fd = slot->wake, .events = POLLIN};

    for (;;) {
        g_atomic_int_set(&slot->state, TPS_SLOT_BUSY); /* whoever pauses sees this, or we see him */
        if (g_atomic_int_get(&local->stop) != TPS_STOP_NONE)
            return false;
        if (!g_atomic_int_get(&local->paused))
            return true;
        g_atomic_int_set(&slot->state, TPS_SLOT_IDLE);
        poll(&wake, 1, -1);
        forget_event(slot->wake);
    }
}

static bool local_run(TpsExecutor *self, int number, const TpsCommand *command, TpsExit *exit,
                      GError **error)
{
    Local *local = (Local *)self;
    Slot *slot = &local->slots[number];
    bool fine = true;

    *exit = (TpsExit){0};
    if (enter(local, slot))
        fine = run(local, slot, command, exit, error);
    else
        set_failure(exit, TPS_END_CANCELLED, 0);
    g_atomic_int_set(&slot->state, TPS_SLOT_IDLE);
    return fine;
}

bool tps_executor_settle(TpsExit *exit, bool wait)
{
    TpsLinger *linger = g_steal_pointer(&exit->linger);

    if (!linger || tps_linger_settle(linger, wait, exit))
        return true;
    exit->linger = linger;
    return false;
}

static void wake_slots(const Local *local)
{
    const uint64_t one = 1;

    for (int i = 0; i < local->base.n_slots; i++) {
        while (write(local->slots[i].wake, &one, sizeof one) < 0 && errno == EINTR)
            ;
    }
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
    wake_slots(local);
}

static bool any_runs(const Local *local)
{
    for (int i = 0; i < local->base.n_slots; i++) {
        if (g_atomic_int_get(&local->slots[i].state) == TPS_SLOT_BUSY)
            return true;
    }
    return false;
}

static void local_pause(TpsExecutor *self, bool yes)
{
    Local *local = (Local *)self;
    int64_t give_up_us = g_get_monotonic_time() + PAUSE_US;

    g_atomic_int_set(&local->paused, yes);
    wake_slots(local);
    tps_lingers_pause(local->lingers, yes);
    while (yes && any_runs(local) && g_get_monotonic_time() < give_up_us)
        g_usleep(PAUSE_LOOK_US);
}

static const char *local_describe(const TpsExecutor *self)
{
    return ((const Local *)self)->description;
}

static void local_free(TpsExecutor *self)
{
    Local *local = (Local *)self;

    for (int i = 0; i < self->n_slots; i++)
        tps_nanny_dismiss(&local->slots[i].nanny);
    for (int i = 0; i < self->n_slots; i++) {
        tps_nanny_wait(&local->slots[i].nanny);
        if (local->slots[i].wake >= 0)
            close(local->slots[i].wake);
    }
    tps_lingers_free(local->lingers);
    tps_nursery_sweep(); /* what nannies left that were abandoned, or killed while idle */
    tps_cgroup_free(local->group);
    g_strfreev(local->setup.environment);
    g_free(local->description);
    g_free(local->slots);
    g_free(local);
}

/* More slots than the soft limit has room for; commands keep the limit, select() breaks above it.
 */
static void raise_file_limit(const Local *local)
{
    struct rlimit limit = local->setup.n_files;
    rlim_t wanted = (rlim_t)local->base.n_slots * FILES_PER_SLOT + FILES_BESIDES;

    if (limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = MIN(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit); /* if it is too low all the same, opening will say so */
}

static Local *local_new(int n_slots)
{
    Local *local = g_new0(Local, 1);

    local->base = (TpsExecutor){.n_slots = n_slots,
                                .run = local_run,
                                .stop = local_stop,
                                .pause = local_pause,
                                .describe = local_describe,
                                .free = local_free};
    local->slots = g_new0(Slot, (gsize)n_slots);
    for (int i = 0; i < n_slots; i++)
        local->slots[i].wake = -1;
    local->lingers = tps_lingers_new(&local->stop, &local->paused);
    local->setup.environment = g_get_environ();
    local->setup.oom_kills = tps_proc_oom_kills();
    getrlimit(RLIMIT_NOFILE, &local->setup.n_files);
    raise_file_limit(local);
    return local;
}

static bool open_slot(Local *local, Slot *slot, GError **error)
{
    slot->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (slot->wake < 0)
        return set_error(error, "open an event");
    return hire(local, slot, error);
}

/* The first nanny tells whether we may; if not as we are, then in a user namespace of our own. */
static bool try_namespace(Local *local, GError **error)
{
    local->setup.ns = (TpsNamespace){.wanted = true, .uid = geteuid(), .gid = getegid()};
    if (tps_nanny_hire(&local->slots[0].nanny, &local->setup, NULL))
        return true;
    local->setup.ns.with_user = true;
    if (tps_nanny_hire(&local->slots[0].nanny, &local->setup, error))
        return true;
    g_prefix_error(error, "cannot isolate commands in a PID namespace: ");
    return false;
}

static bool isolate(Local *local, TpsIsolation isolation, GError **error)
{
    if (isolation == TPS_ISOLATION_PID)
        return try_namespace(local, error);
    if (isolation == TPS_ISOLATION_CGROUP)
        local->setup.group = local->group = tps_cgroup_new(error);
    return isolation != TPS_ISOLATION_CGROUP || local->group;
}

static char *description_of(const Local *local)
{
    const char *lists = tps_tree_has_lists() ? "" : ", children found by searching /proc";

    if (local->setup.ns.wanted)
        return g_strdup_printf("%s namespace%s", local->setup.ns.with_user ? "user and pid" : "pid",
                               lists);
    return g_strconcat("subreaper", local->group ? " + cgroup v2" : "", lists, NULL);
}

static TpsExecutor *new (int n_slots, TpsIsolation isolation, bool interactive, GError **error)
{
    Local *local = local_new(n_slots);
    g_autoptr(TpsExecutor) executor = &local->base;

    local->setup.interactive = interactive;
    if (!tps_nursery_open(error) || !isolate(local, isolation, error))
        return NULL;
    for (int i = 0; i < n_slots; i++) {
        if (!open_slot(local, &local->slots[i], error))
            return NULL;
    }
    local->description = description_of(local);
    return g_steal_pointer(&executor);
}

TpsExecutor *tps_local_executor_new(int n_slots, TpsIsolation isolation, GError **error)
{
    return new (n_slots, isolation, false, error);
}

TpsExecutor *tps_local_executor_new_interactive(TpsIsolation isolation, GError **error)
{
    return new (1, isolation, true, error);
}
