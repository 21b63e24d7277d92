/* SPDX-License-Identifier: MIT */
#include "adapters/executors/nanny.h"

#include "adapters/executors/birth.h"
#include "adapters/executors/charge.h"
#include "adapters/executors/rubble.h"
#include "adapters/executors/title.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A packet as it arrives. */
typedef struct {
    TpsNannyStart start;
    char strings[TPS_ORDER_BYTES];
} Packet;

/* What a command's process reads before it is one, and where it writes why it is none. It is mapped
 * shared: where vfork() is a fork(), under valgrind or TSan, it works all the same. */
typedef struct {
    Packet packet;
    TpsOrder order;
    int failure;
} Desk;

typedef struct {
    int socket;
    int signals; /* signalfd for SIGCHLD                                            */
    bool interactive;
    char **environment;
    Desk *desk;
    TpsCharge charge;
    int output;             /* of the command; held so that its end is seen when all is over */
    bool let_go;            /* we are no longer needed, and the engine lives                 */
    char sandbox[PATH_MAX]; /* of the last command                                  */
} Nanny;

static void say(const Nanny *nanny, TpsNannyNewsKind kind)
{
    TpsNannyNews news = nanny->charge.news;
    size_t length = offsetof(TpsNannyNews, leaked) + strlen(news.leaked) + 1;

    news.kind = kind;
    send(nanny->socket, &news, length, MSG_NOSIGNAL);
}

/* Closing the pipe wakes the engine, too: after the message it is awake anyway. */
static void say_empty(Nanny *nanny)
{
    tps_order_close(&nanny->desk->order);
    nanny->charge.news.failure = nanny->desk->failure;
    say(nanny, TPS_NANNY_EMPTY);
    if (nanny->output >= 0)
        close(nanny->output);
    nanny->output = -1;
}

static void tend(Nanny *nanny)
{
    if (!tps_charge_tend(&nanny->charge))
        return;
    if (nanny->charge.news.kind == TPS_NANNY_EMPTY)
        say_empty(nanny);
    else
        say(nanny, TPS_NANNY_ENDED);
}

/* Descriptors in the order of order.h; those that did not come are -1. */
static void sort_files(const TpsOrderHead *head, int files[TPS_ORDER_N_FILES])
{
    const bool came[] = {[TPS_ORDER_OUTPUT] = true,
                         [TPS_ORDER_STDIN] = head->has_stdin,
                         [TPS_ORDER_STDOUT] = head->has_stdout,
                         [TPS_ORDER_DIRECTORY] = head->has_directory,
                         [TPS_ORDER_JOBS] = head->has_jobs,
                         [TPS_ORDER_FILE] = head->has_strings};
    int sorted[TPS_ORDER_N_FILES];
    int next = 0;

    for (int i = 0; i < TPS_ORDER_N_FILES; i++)
        sorted[i] = came[i] ? files[next++] : -1;
    memcpy(files, sorted, sizeof sorted);
}

static void take_sandbox(Nanny *nanny, const char *sandbox)
{
    size_t length = strlen(sandbox);

    nanny->sandbox[0] = '\0';
    if (sandbox[0] == '/' && length < sizeof nanny->sandbox)
        memcpy(nanny->sandbox, sandbox, length + 1);
}

static void start(Nanny *nanny, int files[TPS_ORDER_N_FILES])
{
    const TpsOrderHead *head = &nanny->desk->packet.start.head;
    TpsOrder *order = &nanny->desk->order;
    TpsBirth birth = {.order = order, .group = -1, .failure = &nanny->desk->failure};

    sort_files(head, files);
    birth.directory = files[TPS_ORDER_DIRECTORY];
    birth.in = files[TPS_ORDER_STDIN];
    birth.err = files[TPS_ORDER_OUTPUT];
    birth.out = head->has_stdout ? files[TPS_ORDER_STDOUT] : birth.err;
    birth.jobs = files[TPS_ORDER_JOBS];
    birth.interactive = nanny->interactive;
    nanny->output = files[TPS_ORDER_OUTPUT];
    files[TPS_ORDER_OUTPUT] = -1;
    nanny->charge.news = (TpsNannyNews){0};
    nanny->desk->failure = tps_order_open(order, head, nanny->desk->packet.strings,
                                          files[TPS_ORDER_FILE], nanny->environment);
    if (nanny->desk->failure == 0) {
        take_sandbox(nanny, order->sandbox);
        if (tps_charge_start(&nanny->charge, head, &birth))
            return;
        nanny->desk->failure = nanny->charge.news.failure;
    }
    say_empty(nanny);
}

/* The length of the packet; at the end of the conversation 0 or less. */
static ssize_t receive(int socket, Packet *packet, int files[TPS_ORDER_N_FILES])
{
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(TPS_ORDER_N_FILES * sizeof(int))];
    struct iovec data = {.iov_base = packet, .iov_len = sizeof *packet};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    const struct cmsghdr *header;
    ssize_t length;

    do
        length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    header = length > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header)
        memcpy(files, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
    return length;
}

static void obey(Nanny *nanny, int files[TPS_ORDER_N_FILES])
{
    switch (nanny->desk->packet.start.request) {
    case TPS_NANNY_START:
        start(nanny, files);
        break;
    case TPS_NANNY_TERM:
        tps_charge_terminate(&nanny->charge, TPS_NANNY_STOPPED);
        break;
    case TPS_NANNY_KILL:
        tps_charge_kill(&nanny->charge, TPS_NANNY_STOPPED);
        break;
    case TPS_NANNY_PAUSE:
        if (tps_charge_pause(&nanny->charge))
            say(nanny, TPS_NANNY_PAUSED);
        break;
    case TPS_NANNY_CONTINUE:
        tps_charge_continue(&nanny->charge);
        break;
    case TPS_NANNY_HELLO:
        say(nanny, TPS_NANNY_READY);
        break;
    case TPS_NANNY_LEAVE:
        nanny->let_go = true;
        break;
    }
}

/* False at the end of the conversation. */
static bool hear(Nanny *nanny)
{
    int files[TPS_ORDER_N_FILES] = {-1, -1, -1, -1, -1, -1};

    if (receive(nanny->socket, &nanny->desk->packet, files) <= 0)
        return false;
    obey(nanny, files);
    for (int i = 0; i < TPS_ORDER_N_FILES; i++) {
        if (files[i] >= 0)
            close(files[i]);
    }
    return true;
}

/* SIGCHLD does not queue: there is one at most. */
static void forget_signal(int signals)
{
    struct signalfd_siginfo info;

    if (read(signals, &info, sizeof info) < 0) {
        /* There was none. */
    }
}

/* As poll(), but for a time that is not rounded; negative = for ever. */
static int wait_for(struct pollfd *polls, nfds_t n, int64_t wait_us)
{
    struct timespec time = {.tv_sec = (time_t)(wait_us / 1000000),
                            .tv_nsec = (long)(wait_us % 1000000) * 1000};

    return ppoll(polls, n, wait_us < 0 ? NULL : &time, NULL);
}

/* False at the end of the conversation. */
static bool serve_busy(Nanny *nanny)
{
    struct pollfd polls[] = {{.fd = nanny->socket, .events = POLLIN},
                             {.fd = nanny->signals, .events = POLLIN}};

    if (wait_for(polls, 2, tps_charge_wait_us(&nanny->charge)) < 0)
        return true;
    if (polls[1].revents)
        forget_signal(nanny->signals);
    tend(nanny); /* what we are asked to end may have ended just now */
    if (polls[0].revents && !hear(nanny))
        return false;
    if (polls[0].revents)
        tend(nanny);
    return true;
}

/* While nothing runs there is only the engine to listen to. */
static void serve(Nanny *nanny)
{
    while (nanny->charge.phase == TPS_CHARGE_NONE ? hear(nanny) : serve_busy(nanny))
        ;
}

/* Everything but the socket; it gets number 3. What commands are to have stays. */
static void close_files(int *socket, bool interactive)
{
    int null = open("/dev/null", O_RDWR);

    if (null < 0)
        return;
    if (*socket < 3)
        *socket = fcntl(*socket, F_DUPFD_CLOEXEC, 3);
    for (int file = 0; file < 3 && !interactive; file++)
        dup2(null, file);
    if (*socket != 3)
        *socket = dup3(*socket, 3, O_CLOEXEC);
    if (syscall(SYS_close_range, 4U, ~0U, 0U) < 0) {
        for (int file = 4; file < sysconf(_SC_OPEN_MAX); file++) /* Linux before 5.9 */
            close(file);
    }
}

/* All signals stay blocked: a test may send its parent what it likes. What has a handler or is
 * ignored here would be ignored in every command, too. That a command stops is no news. */
static void reset_signals(void)
{
    struct sigaction child = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP};
    const uint64_t all = ~UINT64_C(0);

    /* The C library keeps two signals for itself and never blocks them; here they would be fatal.
     */
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigaction(SIGCHLD, &child, NULL);
}

static int open_signals(void)
{
    sigset_t child;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool set_up(Nanny *nanny, const TpsNamespace *ns)
{
    int failure = tps_namespace_enter(ns);

    nanny->signals = open_signals();
    nanny->desk =
        mmap(NULL, sizeof *nanny->desk, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (failure == 0 && nanny->signals >= 0 && nanny->desk != MAP_FAILED &&
        prctl(PR_SET_CHILD_SUBREAPER, 1) == 0)
        return true;
    nanny->charge.news.failure = failure ? failure : errno;
    return false;
}

_Noreturn void tps_nanny_main(int socket, const TpsNannySetup *setup)
{
    Nanny nanny = {.environment = setup->environment, .output = -1};
    bool ready;

    reset_signals();
    if (!setup->interactive)
        setsid();
    close_files(&socket, setup->interactive);
    setrlimit(RLIMIT_NOFILE, &setup->n_files);
    tps_title_set("tps-nanny");
    nanny.socket = socket;
    nanny.interactive = setup->interactive;
    nanny.charge.in_namespace = setup->ns.wanted;
    nanny.charge.leaf = (TpsLeaf){.group = setup->group, .procs = -1};
    nanny.charge.oom_kills = setup->oom_kills;
    ready = set_up(&nanny, &setup->ns);
    say(&nanny, TPS_NANNY_READY);
    if (ready)
        serve(&nanny);
    tps_charge_clear_up(&nanny.charge, nanny.signals);
    if (ready && !nanny.let_go && nanny.sandbox[0])
        tps_rubble_remove(nanny.sandbox);
    if (ready && !nanny.let_go)
        tps_rubble_remove_base();
    _exit(0);
}
