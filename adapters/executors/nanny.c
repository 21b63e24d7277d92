/* SPDX-License-Identifier: MIT */
#include "adapters/executors/nanny.h"

#include "adapters/executors/birth.h"
#include "adapters/executors/order.h"
#include "adapters/executors/title.h"
#include "adapters/executors/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* While killing: a process orphaned alive comes to us without a signal, so look again this often.
 */
#define KILL_ROUND_MS 2

#define NEVER INT64_MAX

typedef struct {
    int socket;
    int signals; /* signalfd for SIGCHLD                                      */
    bool busy;   /* a command was started, and we have not said EMPTY          */
    bool said;   /* that it ENDED                                             */
    bool asked;  /* it was sent SIGTERM; when to kill is the engine's to say   */
    bool killing;
    bool outlived;  /* what we kill had outlived its command                     */
    pid_t main;     /* the command's own process; 0 = reaped                     */
    int64_t due_us; /* when to kill; while killing, when to give up              */
    TpsOrder *order;
    TpsNannyNews news;
} Nanny;

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t time_us(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static void say(Nanny *nanny, TpsNannyNewsKind kind)
{
    nanny->news.kind = kind;
    send(nanny->socket, &nanny->news, sizeof nanny->news, MSG_NOSIGNAL);
}

static void end_command(Nanny *nanny)
{
    if (nanny->order)
        nanny->news.failure = nanny->order->failure;
    tps_order_close(nanny->order);
    nanny->order = NULL;
    nanny->busy = false;
    nanny->killing = false;
    say(nanny, TPS_NANNY_EMPTY);
}

static void fail(Nanny *nanny, int failure)
{
    tps_order_close(nanny->order);
    nanny->order = NULL;
    nanny->news.failure = failure;
    nanny->news.ended_us = now_us();
    say(nanny, TPS_NANNY_EMPTY);
}

static void start(Nanny *nanny, const int files[TPS_NANNY_N_FILES])
{
    int socket = nanny->socket;
    int signals = nanny->signals;

    *nanny = (Nanny){.socket = socket, .signals = signals, .due_us = NEVER};
    nanny->news.started_us = now_us();
    nanny->order = tps_order_open(files[TPS_NANNY_ORDER]);
    if (!nanny->order) {
        fail(nanny, errno);
        return;
    }
    nanny->main = tps_birth(nanny->order, files[TPS_NANNY_DIRECTORY], files[TPS_NANNY_STDOUT],
                            files[TPS_NANNY_STDERR]);
    if (nanny->main < 0)
        fail(nanny, errno);
    else
        nanny->busy = true;
}

/*
 * Take in what has ended; false when no child is left. Every descendant that loses its parent
 * becomes our child, so ECHILD proves that none is alive.
 */
static bool reap(Nanny *nanny)
{
    TpsNannyNews *news = &nanny->news;
    struct rusage usage;
    int status;
    pid_t pid;

    while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
        int64_t rss_bytes = (int64_t)usage.ru_maxrss * 1024;

        news->cpu_us += time_us(usage.ru_utime) + time_us(usage.ru_stime);
        if (rss_bytes > news->max_rss_bytes)
            news->max_rss_bytes = rss_bytes;
        if (pid == nanny->main) {
            nanny->main = 0;
            news->status = status;
            news->ended_us = now_us();
        } else if (nanny->killing && nanny->outlived) {
            news->n_leaked++;
        }
    }
    return pid == 0;
}

/* Only while the main process is not reaped its group id can't belong to somebody else. */
static void signal_group(const Nanny *nanny, int signal)
{
    if (nanny->main > 0)
        kill(-nanny->main, signal);
}

static size_t kill_round(const Nanny *nanny)
{
    signal_group(nanny, SIGKILL);
    return tps_tree_signal(getpid(), SIGKILL, 0);
}

static void begin_killing(Nanny *nanny)
{
    if (nanny->killing)
        return;
    nanny->killing = true;
    nanny->outlived = nanny->main == 0;
    nanny->due_us = now_us() + TPS_NANNY_KILL_US;
}

/* Each process gets SIGTERM once: to many programs a second one means "now". SIGCONT lets stopped
 * ones hear it. */
static void terminate(Nanny *nanny)
{
    nanny->asked = true;
    nanny->due_us = NEVER;
    tps_tree_signal(getpid(), SIGTERM, nanny->main);
    signal_group(nanny, SIGTERM);
    tps_tree_signal(getpid(), SIGCONT, 0);
}

static void say_ended(Nanny *nanny)
{
    nanny->said = true;
    if (!nanny->asked)
        nanny->due_us = now_us() + TPS_NANNY_LINGER_US;
    say(nanny, TPS_NANNY_ENDED);
}

static void give_up(Nanny *nanny)
{
    nanny->news.n_survivors = (int)kill_round(nanny);
    if (nanny->main > 0) /* one of them */
        nanny->news.ended_us = now_us();
    end_command(nanny);
}

/* After every event: where does the command stand? */
static void tend(Nanny *nanny)
{
    bool left = reap(nanny);

    if (!nanny->busy)
        return;
    if (!left) {
        end_command(nanny);
        return;
    }
    if (nanny->main == 0 && !nanny->said && !nanny->killing)
        say_ended(nanny);
    if (now_us() >= nanny->due_us && nanny->killing) {
        give_up(nanny);
        return;
    }
    if (now_us() >= nanny->due_us)
        begin_killing(nanny);
    if (nanny->killing)
        kill_round(nanny);
}

static bool receive(int socket, TpsNannyRequest *request, int files[TPS_NANNY_N_FILES])
{
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(TPS_NANNY_N_FILES * sizeof(int))];
    struct iovec data = {.iov_base = request, .iov_len = sizeof *request};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    const struct cmsghdr *header;
    ssize_t length;

    for (int i = 0; i < TPS_NANNY_N_FILES; i++)
        files[i] = -1;
    do
        length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    if (length != (ssize_t)sizeof *request)
        return false;
    header = CMSG_FIRSTHDR(&message);
    if (header)
        memcpy(files, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
    return true;
}

/* False at the end of the conversation. */
static bool hear(Nanny *nanny)
{
    int files[TPS_NANNY_N_FILES];
    TpsNannyRequest request;

    if (!receive(nanny->socket, &request, files))
        return false;
    if (request == TPS_NANNY_START)
        start(nanny, files);
    else if (request == TPS_NANNY_TERM && nanny->busy)
        terminate(nanny);
    else if (request == TPS_NANNY_KILL && nanny->busy)
        begin_killing(nanny);
    for (int i = 0; i < TPS_NANNY_N_FILES; i++) {
        if (files[i] >= 0)
            close(files[i]);
    }
    return true;
}

/* Rounded up, so that poll() does not return before it is due and spins. */
static int poll_ms(const Nanny *nanny)
{
    int64_t left_us = nanny->due_us - now_us();

    if (!nanny->busy)
        return -1;
    if (nanny->killing)
        return KILL_ROUND_MS;
    if (nanny->due_us == NEVER)
        return -1;
    return left_us <= 0 ? 0 : (int)((left_us + 999) / 1000);
}

static void forget_signals(int signals)
{
    struct signalfd_siginfo info[8];

    while (read(signals, info, sizeof info) > 0)
        ;
}

static void serve(Nanny *nanny)
{
    struct pollfd polls[] = {{.fd = nanny->socket, .events = POLLIN},
                             {.fd = nanny->signals, .events = POLLIN}};

    for (;;) {
        if (poll(polls, 2, poll_ms(nanny)) < 0) /* then they say what they said before */
            polls[0].revents = polls[1].revents = 0;
        if (polls[1].revents)
            forget_signals(nanny->signals);
        if (polls[0].revents && !hear(nanny))
            return;
        tend(nanny);
    }
}

/* The engine is gone or lets us go: leave nothing behind. */
static void clear_up(Nanny *nanny)
{
    struct pollfd poll_signals = {.fd = nanny->signals, .events = POLLIN};

    begin_killing(nanny);
    while (reap(nanny) && now_us() < nanny->due_us) {
        kill_round(nanny);
        poll(&poll_signals, 1, KILL_ROUND_MS);
        forget_signals(nanny->signals);
    }
}

/* Everything but the socket; it gets number 3. */
static void close_files(int *socket)
{
    int null = open("/dev/null", O_RDWR);

    if (null < 0)
        return;
    if (*socket < 3)
        *socket = fcntl(*socket, F_DUPFD_CLOEXEC, 3);
    for (int file = 0; file < 3; file++)
        dup2(null, file);
    if (*socket != 3)
        *socket = dup3(*socket, 3, O_CLOEXEC);
    if (syscall(SYS_close_range, 4U, ~0U, 0U) < 0) {
        for (int file = 4; file < sysconf(_SC_OPEN_MAX); file++) /* Linux before 5.9 */
            close(file);
    }
}

/* All signals stay blocked: a test may send its parent what it likes. What has a handler or is
 * ignored here would be ignored in every command, too. */
static void reset_signals(void)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
}

static int open_signals(void)
{
    sigset_t child;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

_Noreturn void tps_nanny_main(int socket, const struct rlimit *limit)
{
    Nanny nanny = {.due_us = NEVER};

    reset_signals();
    setsid();
    close_files(&socket);
    setrlimit(RLIMIT_NOFILE, limit);
    tps_title_set("tps-nanny");
    nanny.socket = socket;
    nanny.signals = open_signals();
    if (nanny.signals < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
        nanny.news.failure = errno;
    say(&nanny, TPS_NANNY_READY);
    if (nanny.news.failure == 0)
        serve(&nanny);
    clear_up(&nanny);
    _exit(0);
}
