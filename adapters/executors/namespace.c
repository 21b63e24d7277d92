/* SPDX-License-Identifier: MIT */
#include "adapters/executors/namespace.h"

#include "adapters/executors/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

/* clone3(), as the order of clone()'s arguments depends on the processor. */
pid_t tps_namespace_fork(const TpsNamespace *ns)
{
    struct clone_args args = {.flags = CLONE_NEWPID | CLONE_NEWNS, .exit_signal = SIGCHLD};

    if (!ns->wanted)
        return fork();
    if (ns->with_user)
        args.flags |= CLONE_NEWUSER;
    return (pid_t)syscall(SYS_clone3, &args, sizeof args);
}

static bool write_text(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    bool fine = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);
    int saved_errno = errno;

    if (file >= 0)
        close(file);
    errno = saved_errno;
    return fine;
}

/* "1000 1000 1": one id, the same on both sides. */
static bool write_map(const char *path, long id)
{
    char text[80];

    strcpy(tps_proc_number(stpcpy(tps_proc_number(text, id), " "), id), " 1");
    return write_text(path, text);
}

/* Groups can be mapped only by those who can't drop any; see user_namespaces(7). */
static bool keep_ids(const TpsNamespace *ns)
{
    return (write_text("/proc/self/setgroups", "deny") || errno == ENOENT) &&
           write_map("/proc/self/uid_map", ns->uid) && write_map("/proc/self/gid_map", ns->gid);
}

int tps_namespace_enter(const TpsNamespace *ns)
{
    if (!ns->wanted)
        return 0;
    if (ns->with_user && !keep_ids(ns))
        return errno;
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        return errno;
    return 0;
}
