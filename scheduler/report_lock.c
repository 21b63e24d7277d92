/* SPDX-License-Identifier: MIT */
#include "scheduler/report_lock.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWNER_MAX 300
#define WAIT_US 10000
#define WAITS 500

struct TpsReportLock {
    char *path;
    int fd;
};

static bool fail(const char *path, GError **error)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot lock '%s': %s", path,
                g_strerror(errno));
    return false;
}

/* Whoever held it removes the file: then the one that we hold is nobody's any more. */
static bool is_current(int fd, const char *path)
{
    struct stat ours;
    struct stat theirs;

    return fstat(fd, &ours) == 0 && stat(path, &theirs) == 0 && ours.st_ino == theirs.st_ino &&
           ours.st_dev == theirs.st_dev;
}

/* "PID HOST" */
static void read_owner(int fd, char *owner)
{
    ssize_t n = pread(fd, owner, OWNER_MAX - 1, 0);

    owner[MAX(n, 0)] = '\0';
}

/* Not yet written, or of a process that is gone: then what it left is about to end, too. */
static bool is_leaving(const char *owner)
{
    const char *host = strchr(owner, ' ');
    pid_t pid = (pid_t)strtol(owner, NULL, 10);

    if (!host || pid <= 0)
        return true;
    return strcmp(host + 1, g_get_host_name()) == 0 && kill(pid, 0) < 0 && errno == ESRCH;
}

static void say_owner(const char *path, const char *owner, const char *advice, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    g_auto(GStrv) words = g_strsplit(owner, " ", 2);

    if (words[0] && words[1])
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "another run works in '%s': process %s on %s; %s", directory, words[0],
                    words[1], advice);
    else
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "another run works in '%s'; %s", directory,
                    advice);
}

/* 1: it is ours; 0: try again; -1: error. */
static int try_lock(TpsReportLock *lock, bool patient, GError **error)
{
    char owner[OWNER_MAX];

    lock->fd = open(lock->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (lock->fd < 0)
        return fail(lock->path, error) - 1;
    if (flock(lock->fd, LOCK_EX | LOCK_NB) == 0) {
        if (is_current(lock->fd, lock->path))
            return 1;
    } else if (errno != EWOULDBLOCK) {
        return 1; /* there are no locks here */
    } else {
        read_owner(lock->fd, owner);
        if (!patient || !is_leaving(owner)) {
            say_owner(lock->path, owner, "name another --report-dir", error);
            return -1;
        }
        g_usleep(WAIT_US);
    }
    close(lock->fd);
    lock->fd = -1;
    return 0;
}

static void say_mine(const TpsReportLock *lock)
{
    g_autofree char *owner = g_strdup_printf("%d %s", (int)getpid(), g_get_host_name());

    if (ftruncate(lock->fd, 0) < 0 || pwrite(lock->fd, owner, strlen(owner), 0) < 0) {
        /* It is ours all the same; only the message will not have our number. */
    }
}

TpsReportLock *tps_report_lock(const char *path, GError **error)
{
    g_autoptr(TpsReportLock) lock = g_new0(TpsReportLock, 1);
    int locked = 0;

    lock->path = g_build_filename(path, TPS_REPORT_LOCK_FILE, NULL);
    lock->fd = -1;
    for (int i = 0; locked == 0; i++)
        locked = try_lock(lock, i < WAITS, error);
    if (locked > 0) {
        say_mine(lock);
        return g_steal_pointer(&lock);
    }
    if (lock->fd >= 0)
        close(lock->fd);
    lock->fd = -1;
    return NULL;
}

bool tps_report_is_free(const char *path, GError **error)
{
    g_autofree char *name = g_build_filename(path, TPS_REPORT_LOCK_FILE, NULL);
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    char owner[OWNER_MAX];

    if (held) {
        read_owner(fd, owner);
        say_owner(name, owner, "wait for its end", error);
    }
    if (fd >= 0)
        close(fd);
    return !held;
}

void tps_report_unlock(TpsReportLock *lock)
{
    if (!lock)
        return;
    if (lock->fd >= 0) {
        unlink(lock->path);
        close(lock->fd);
    }
    g_free(lock->path);
    g_free(lock);
}
