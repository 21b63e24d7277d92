/* SPDX-License-Identifier: MIT */
#include "adapters/executors/charge.h"

#include "adapters/executors/proc.h"
#include "adapters/executors/tree.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* While killing: a process orphaned alive comes to us without a signal, so look again this often;
 * not more often, as looking holds up those that are about to die. */
#define KILL_ROUND_US 2000

/* A process that is just being born may escape a round of SIGSTOP; two that find the same are
 * enough, and a fork bomb has no end. */
#define PAUSE_ROUNDS 20

#define NEVER INT64_MAX

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t after(int64_t now, int64_t wait_us)
{
    return wait_us > NEVER - now ? NEVER : now + wait_us;
}

static int64_t time_us(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

bool tps_charge_start(TpsCharge *charge, const TpsOrderHead *head, TpsBirth *birth)
{
    int64_t now = now_us();

    charge->news = (TpsNannyNews){.started_us = now};
    charge->outlived = false;
    charge->paused_us = 0;
    charge->grace_us = head->grace_us;
    charge->leak_us = head->leak_us;
    charge->due_us = head->timeout_us > 0 ? after(now, head->timeout_us) : NEVER;
    errno = tps_leaf_prepare(&charge->leaf);
    birth->group = charge->leaf.procs;
    charge->main = errno ? -1 : tps_birth(birth);
    charge->phase = charge->main < 0 ? TPS_CHARGE_NONE : TPS_CHARGE_RUNNING;
    if (charge->main >= 0)
        return true;
    charge->news.failure = errno;
    charge->news.ended_us = now_us();
    charge->news.kind = TPS_NANNY_EMPTY;
    return false;
}

/* Somebody has killed it, and it was not us. */
static void look_for_oom(TpsCharge *charge)
{
    long oom_kills = tps_proc_oom_kills();

    charge->news.oom_killed = oom_kills > charge->oom_kills;
    charge->oom_kills = oom_kills;
}

static void end_main(TpsCharge *charge, int status)
{
    charge->main = 0;
    charge->news.status = status;
    charge->news.ended_us = now_us();
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && charge->phase != TPS_CHARGE_KILLED)
        look_for_oom(charge);
}

/*
 * Take in what has ended; false when no child is left. Every descendant that loses its parent
 * becomes our child, so ECHILD proves that none is alive.
 */
static bool reap(TpsCharge *charge)
{
    TpsNannyNews *news = &charge->news;
    struct rusage usage;
    int status;
    pid_t pid;

    while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
        int64_t rss_bytes = (int64_t)usage.ru_maxrss * 1024;

        news->cpu_us += time_us(usage.ru_utime) + time_us(usage.ru_stime);
        if (rss_bytes > news->max_rss_bytes)
            news->max_rss_bytes = rss_bytes;
        if (pid == charge->main)
            end_main(charge, status);
        else if (charge->phase == TPS_CHARGE_KILLED && charge->outlived)
            news->n_leaked++;
    }
    return pid == 0;
}

/* Only while the main process is not reaped its group id can't belong to somebody else. */
static void signal_group(const TpsCharge *charge, int signal)
{
    if (charge->main > 0)
        kill(-charge->main, signal);
}

static size_t kill_round(TpsCharge *charge)
{
    charge->round_us = now_us() + KILL_ROUND_US;
    if (charge->in_namespace) {
        kill(-1, SIGKILL); /* all at once: nobody can fork out of it */
        return tps_tree_signal(getpid(), SIGKILL, 0);
    }
    tps_leaf_kill(&charge->leaf);
    signal_group(charge, SIGKILL);
    return tps_tree_signal(getpid(), SIGKILL, 0);
}

/* Clocks go on from where they stood. */
static void resume_clocks(TpsCharge *charge)
{
    int64_t pause_us = charge->paused_us ? now_us() - charge->paused_us : 0;

    charge->paused_us = 0;
    charge->due_us = after(charge->due_us, pause_us);
    if (charge->main > 0)
        charge->news.paused_us += pause_us;
}

static void begin_killing(TpsCharge *charge)
{
    charge->outlived = charge->main == 0;
    if (charge->outlived)
        tps_tree_describe(getpid(), charge->news.leaked, sizeof charge->news.leaked);
    charge->phase = TPS_CHARGE_KILLED;
    charge->round_us = 0;
    charge->paused_us = 0;
    charge->due_us = after(now_us(), TPS_NANNY_KILL_US);
}

/* Why it ended is what came first. */
static void blame(TpsCharge *charge, TpsNannyWhy why)
{
    if (charge->phase == TPS_CHARGE_RUNNING)
        charge->news.why = why;
}

void tps_charge_kill(TpsCharge *charge, TpsNannyWhy why)
{
    if (charge->phase == TPS_CHARGE_NONE || charge->phase == TPS_CHARGE_KILLED)
        return;
    resume_clocks(charge);
    blame(charge, why);
    begin_killing(charge);
}

/* Each process gets SIGTERM once: to many programs a second one means "now". */
void tps_charge_terminate(TpsCharge *charge, TpsNannyWhy why)
{
    if (charge->phase != TPS_CHARGE_RUNNING)
        return;
    resume_clocks(charge);
    blame(charge, why);
    charge->phase = TPS_CHARGE_ASKED;
    charge->due_us = after(now_us(), charge->grace_us);
    tps_tree_signal(getpid(), SIGTERM, charge->main);
    signal_group(charge, SIGTERM);
    signal_group(charge, SIGCONT);
}

bool tps_charge_pause(TpsCharge *charge)
{
    size_t before = 0;
    size_t n = 1;

    if (charge->phase == TPS_CHARGE_NONE)
        return false;
    if (charge->phase == TPS_CHARGE_KILLED || charge->paused_us)
        return true;
    charge->paused_us = now_us();
    for (int round = 0; round < PAUSE_ROUNDS && n != before; round++) {
        before = n;
        n = tps_tree_signal(getpid(), SIGSTOP, 0);
    }
    return true;
}

void tps_charge_continue(TpsCharge *charge)
{
    if (!charge->paused_us)
        return;
    resume_clocks(charge);
    tps_tree_signal(getpid(), SIGCONT, 0);
}

static bool end(TpsCharge *charge)
{
    charge->news.peak_bytes = tps_leaf_peak_bytes(&charge->leaf);
    charge->news.oom_killed |= tps_leaf_was_oom(&charge->leaf);
    charge->phase = TPS_CHARGE_NONE;
    charge->news.kind = TPS_NANNY_EMPTY;
    return true;
}

static bool give_up(TpsCharge *charge)
{
    charge->news.n_survivors = (int)kill_round(charge);
    if (charge->main > 0) /* one of them */
        charge->news.ended_us = now_us();
    return end(charge);
}

static bool begin_lingering(TpsCharge *charge)
{
    charge->phase = TPS_CHARGE_LINGERING;
    charge->due_us = after(charge->news.ended_us, charge->leak_us);
    charge->news.kind = TPS_NANNY_ENDED;
    return true;
}

static void take_next_step(TpsCharge *charge)
{
    if (charge->phase == TPS_CHARGE_RUNNING)
        tps_charge_terminate(charge, TPS_NANNY_TIMED_OUT);
    else
        begin_killing(charge);
}

bool tps_charge_tend(TpsCharge *charge)
{
    bool left = reap(charge);

    if (charge->phase == TPS_CHARGE_NONE)
        return false;
    if (!left)
        return end(charge);
    if (charge->main == 0 && charge->phase == TPS_CHARGE_RUNNING)
        return begin_lingering(charge);
    if (!charge->paused_us && charge->due_us != NEVER && now_us() >= charge->due_us) {
        if (charge->phase == TPS_CHARGE_KILLED)
            return give_up(charge);
        take_next_step(charge);
    }
    if (charge->phase == TPS_CHARGE_KILLED && now_us() >= charge->round_us)
        kill_round(charge);
    return false;
}

int64_t tps_charge_wait_us(const TpsCharge *charge)
{
    int64_t left_us;

    if (charge->phase == TPS_CHARGE_KILLED)
        return KILL_ROUND_US;
    if (charge->due_us == NEVER || charge->paused_us)
        return -1;
    left_us = charge->due_us - now_us();
    return left_us > 0 ? left_us : 0;
}

void tps_charge_clear_up(TpsCharge *charge, int signals)
{
    struct pollfd poll_signals = {.fd = signals, .events = POLLIN};
    struct signalfd_siginfo info;

    charge->phase = TPS_CHARGE_KILLED;
    charge->round_us = 0;
    charge->due_us = after(now_us(), TPS_NANNY_KILL_US);
    while (reap(charge) && now_us() < charge->due_us) {
        if (now_us() >= charge->round_us)
            kill_round(charge);
        poll(&poll_signals, 1, KILL_ROUND_US / 1000);
        if (read(signals, &info, sizeof info) < 0)
            continue; /* none has ended: look again */
    }
    tps_leaf_remove(&charge->leaf);
}
