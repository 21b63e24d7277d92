/* SPDX-License-Identifier: MIT */
#include "adapters/executors/nursery.h"

#include "adapters/executors/tree.h"
#include "core/error.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A nanny that was let go kills for TPS_NANNY_KILL_US; then it is slow or dead. */
#define EXIT_MS (int)(TPS_NANNY_KILL_US / 1000 + 2000)

#define ORPHANS_MAX 4096

/*
 * Held while a nanny is forked and entered here, and while orphans are killed: else a sweep would
 * take a nanny that another thread has just forked for an orphan.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* GMutex is unknown to TSan */
static pthread_mutex_t birth = PTHREAD_MUTEX_INITIALIZER;
static GArray *hired; /* of pid_t */

static bool is_hired(pid_t pid)
{
    for (guint i = 0; hired && i < hired->len; i++) {
        if (g_array_index(hired, pid_t, i) == pid)
            return true;
    }
    return false;
}

static void enter(pid_t pid)
{
    if (!hired)
        hired = g_array_new(FALSE, FALSE, sizeof(pid_t));
    g_array_append_val(hired, pid);
}

static void strike(pid_t pid)
{
    for (guint i = 0; i < hired->len; i++) {
        if (g_array_index(hired, pid_t, i) == pid) {
            g_array_remove_index_fast(hired, i);
            break;
        }
    }
    if (hired->len == 0)
        g_clear_pointer(&hired, g_array_unref);
}

bool tps_nursery_open(GError **error)
{
    if (!tps_tree_open()) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR,
                    "cannot supervise processes: '/proc/%ld/stat' does not exist; /proc must be "
                    "mounted",
                    (long)getpid());
        return false;
    }
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot supervise processes: %s",
                    g_strerror(errno));
        return false;
    }
    return true;
}

/* Our signal handlers must not run in the child before it has reset them. */
static pid_t fork_nanny(int socket, const TpsNannySetup *setup)
{
    sigset_t all;
    sigset_t before;
    pid_t pid;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_mutex_lock(&lock);
    pid = tps_namespace_fork(&setup->ns);
    if (pid == 0)
        tps_nanny_main(socket, setup);
    if (pid > 0)
        enter(pid);
    pthread_mutex_unlock(&lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pid;
}

/* 0, or why it is not. */
static int wait_until_ready(const TpsNanny *nanny)
{
    TpsNannyNews news;
    ssize_t length;

    do
        length = recv(nanny->socket, &news, sizeof news, 0);
    while (length < 0 && errno == EINTR);
    return length >= (ssize_t)offsetof(TpsNannyNews, leaked) ? news.failure : ECHILD;
}

/* From its birth until it is ready it has copies of all that we have open. 0 or errno. */
static int bear(TpsNanny *nanny, int socket, const TpsNannySetup *setup)
{
    int failure;

    pthread_mutex_lock(&birth);
    nanny->pid = fork_nanny(socket, setup);
    failure = nanny->pid < 0 ? errno : 0;
    close(socket);
    if (failure == 0)
        failure = wait_until_ready(nanny);
    pthread_mutex_unlock(&birth);
    return failure;
}

bool tps_nanny_hire(TpsNanny *nanny, const TpsNannySetup *setup, GError **error)
{
    int sockets[2];
    int failure;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) {
        failure = errno;
    } else {
        nanny->socket = sockets[0];
        failure = bear(nanny, sockets[1], setup);
        if (nanny->pid < 0)
            close(sockets[0]);
    }
    if (failure == 0)
        return true;
    if (nanny->pid > 0)
        tps_nanny_bury(nanny);
    *nanny = (TpsNanny){0};
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot start a supervisor process: %s",
                g_strerror(failure));
    return false;
}

void tps_nursery_await_births(void)
{
    pthread_mutex_lock(&birth);
    pthread_mutex_unlock(&birth);
}

void tps_nanny_wake(const TpsNanny *nanny)
{
    kill(nanny->pid, SIGCONT);
}

void tps_nanny_ask(const TpsNanny *nanny, TpsNannyRequest request)
{
    tps_nanny_wake(nanny);
    while (send(nanny->socket, &request, sizeof request, MSG_NOSIGNAL) < 0 && errno == EINTR)
        ;
}

bool tps_nanny_start(const TpsNanny *nanny, const TpsOrderPacket *packet, const int *files,
                     size_t n_files)
{
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(TPS_ORDER_N_FILES * sizeof(int))] = {0};
    TpsNannyStart start;
    struct iovec data[] = {
        {.iov_base = &start, .iov_len = sizeof start},
        {.iov_base = (void *)packet->strings, .iov_len = packet->head.size_bytes}};
    struct msghdr message = {.msg_iov = data,
                             .msg_iovlen = packet->strings ? 2 : 1,
                             .msg_control = control,
                             .msg_controllen = CMSG_SPACE(n_files * sizeof(int))};
    ssize_t sent;

    memset(&start, 0, sizeof start);
    start.request = TPS_NANNY_START;
    start.head = packet->head;
    *CMSG_FIRSTHDR(&message) = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
                                                .cmsg_type = SCM_RIGHTS,
                                                .cmsg_len = CMSG_LEN(n_files * sizeof(int))};
    memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), files, n_files * sizeof(int));
    do
        sent = sendmsg(nanny->socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

int tps_nanny_hear(const TpsNanny *nanny, TpsNannyNews *news)
{
    ssize_t length = recv(nanny->socket, news, sizeof *news, MSG_DONTWAIT);

    if (length >= (ssize_t)offsetof(TpsNannyNews, leaked))
        return 1;
    return length < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

void tps_nanny_dismiss(TpsNanny *nanny)
{
    if (nanny->pid == 0)
        return;
    tps_nanny_ask(nanny, TPS_NANNY_LEAVE);
    shutdown(nanny->socket, SHUT_WR);
}

/* It stays in the list until it is reaped: then its pid can be a new one's. */
static void reap_nanny(TpsNanny *nanny)
{
    siginfo_t info;

    while (waitid(P_PID, (id_t)nanny->pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
        ;
    pthread_mutex_lock(&lock);
    waitpid(nanny->pid, NULL, 0);
    strike(nanny->pid);
    pthread_mutex_unlock(&lock);
    close(nanny->socket);
    *nanny = (TpsNanny){0};
}

/* The socket's end tells that it exits; there may be unread messages before. */
static bool has_left(const TpsNanny *nanny)
{
    struct pollfd poll_socket = {.fd = nanny->socket, .events = POLLIN};
    TpsNannyNews news;

    while (poll(&poll_socket, 1, EXIT_MS) > 0) {
        if (tps_nanny_hear(nanny, &news) < 0)
            return true;
    }
    return false;
}

void tps_nanny_wait(TpsNanny *nanny)
{
    if (nanny->pid == 0)
        return;
    if (!has_left(nanny))
        kill(nanny->pid, SIGKILL);
    reap_nanny(nanny);
}

void tps_nanny_abandon(TpsNanny *nanny)
{
    close(nanny->socket);
    pthread_mutex_lock(&lock);
    strike(nanny->pid);
    pthread_mutex_unlock(&lock);
    *nanny = (TpsNanny){0};
}

void tps_nanny_bury(TpsNanny *nanny)
{
    kill(nanny->pid, SIGKILL);
    /* An exiting process closes its files before it gives its children away: its socket may have
     * ended already, but only when it can be reaped have its orphans come to us. */
    reap_nanny(nanny);
}

/*
 * A child that is no nanny is an orphan, or one that other code of this program has started: that
 * one shares our session. An orphan can't, its nanny has left ours and nobody can join a session.
 */
static bool is_orphan(pid_t child)
{
    return !is_hired(child) && getsid(child) != getsid(0);
}

/* One round; how many orphans were there. */
static int kill_orphans(void)
{
    pid_t children[ORPHANS_MAX];
    size_t n_children;
    int n_orphans = 0;

    pthread_mutex_lock(&lock);
    n_children = tps_tree_children(getpid(), children, ORPHANS_MAX);
    for (size_t i = 0; i < n_children; i++) {
        if (!is_orphan(children[i]))
            continue;
        kill(children[i], SIGKILL);
        tps_tree_signal(children[i], SIGKILL, 0);
        waitpid(children[i], NULL, WNOHANG);
        n_orphans++;
    }
    pthread_mutex_unlock(&lock);
    return n_orphans;
}

/* A reaped orphan leaves its own children to us, so only a round that finds none is the last. */
int tps_nursery_sweep(void)
{
    int64_t give_up_us = g_get_monotonic_time() + TPS_NANNY_KILL_US;
    int n;

    while ((n = kill_orphans()) > 0 && g_get_monotonic_time() < give_up_us)
        g_usleep(1000);
    return n;
}
