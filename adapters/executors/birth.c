/* SPDX-License-Identifier: MIT */
#include "adapters/executors/birth.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* When PATH is not set at all; what confstr(_CS_PATH) says on Linux. */
#define DEFAULT_PATH "/bin:/usr/bin"

static const char *find_path(char **environment)
{
    for (; *environment; environment++) {
        if (strncmp(*environment, "PATH=", 5) == 0)
            return *environment + 5;
    }
    return DEFAULT_PATH;
}

/* "folder/name"; an empty folder is the present one. False when it is too long. */
static bool join(char file[static PATH_MAX], const char *folder, size_t length, const char *name)
{
    if (length + strlen(name) + 3 > PATH_MAX)
        return false;
    if (length == 0)
        file[length++] = '.';
    else
        memcpy(file, folder, length);
    file[length] = '/';
    strcpy(file + length + 1, name);
    return true;
}

/* Returns only when it failed, with errno. What a later folder may still have is not the end. */
static void execute(const TpsOrder *order)
{
    const char *name = order->argv[0];
    const char *folder = find_path(order->environ);
    char file[PATH_MAX];
    bool denied = false;

    if (strchr(name, '/')) {
        execve(name, order->argv, order->environ);
        return;
    }
    for (errno = ENOENT; *name; folder++) {
        size_t length = strcspn(folder, ":");

        if (join(file, folder, length, name))
            execve(file, order->argv, order->environ);
        if (errno == EACCES)
            denied = true;
        else if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP && errno != ENAMETOOLONG)
            return;
        folder += length;
        if (!*folder)
            break;
    }
    errno = denied ? EACCES : ENOENT;
}

static bool take_input(const TpsBirth *birth)
{
    return birth->in < 0 || dup2(birth->in, STDIN_FILENO) >= 0;
}

/* Of an interactive command they are the nanny's own, unless one goes to a file. */
static bool take_outputs(const TpsBirth *birth)
{
    if (birth->interactive)
        return birth->out == birth->err || dup2(birth->out, STDOUT_FILENO) >= 0;
    return dup2(birth->out, STDOUT_FILENO) >= 0 && dup2(birth->err, STDERR_FILENO) >= 0;
}

/* One description under two numbers, as make wants them: to read tokens and to write them. */
static bool take_jobs(const TpsBirth *birth)
{
    for (int number = 3; birth->jobs >= 0 && number <= 4; number++) {
        int done = birth->jobs == number ? fcntl(number, F_SETFD, 0) : dup2(birth->jobs, number);

        if (done < 0)
            return false;
    }
    return true;
}

/* In the child, which shares the nanny's memory until it executes. */
static _Noreturn void become_command(const TpsBirth *birth, pid_t nanny)
{
    sigset_t no_signals;

    if (!birth->interactive)
        setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != nanny) /* it died before we asked to die with it */
        _exit(127);
    if ((birth->group < 0 || write(birth->group, "0", 1) == 1) && take_input(birth) &&
        take_outputs(birth) &&
        (birth->directory >= 0 ? fchdir(birth->directory) : chdir(birth->order->cwd)) == 0 &&
        take_jobs(birth)) {
        sigemptyset(&no_signals);
        sigprocmask(SIG_SETMASK, &no_signals, NULL);
        execute(birth->order);
    }
    *birth->failure = errno;
    _exit(127);
}

pid_t tps_birth(const TpsBirth *birth)
{
    pid_t nanny = getpid();
    pid_t pid = vfork(); /* nothing is copied; signals stay blocked until it has its own session */

    if (pid == 0)
        become_command(birth, nanny);
    return pid;
}
