/* SPDX-License-Identifier: MIT */
#include "adapters/executors/birth.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

typedef struct {
    TpsOrder *order;
    int directory;
    int out;
    int err;
    pid_t nanny;
    sigset_t no_signals;
} Birth;

/* In the child, which shares the nanny's memory until it executes: all it needs is in `birth`, and
 * all it writes is the failure. */
static _Noreturn void become_command(const Birth *birth)
{
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != birth->nanny) /* it died before we asked to die with it */
        _exit(127);
    if (dup2(birth->out, STDOUT_FILENO) >= 0 && dup2(birth->err, STDERR_FILENO) >= 0 &&
        fchdir(birth->directory) >= 0) {
        sigprocmask(SIG_SETMASK, &birth->no_signals, NULL);
        execve(birth->order->program, birth->order->argv, birth->order->environ);
    }
    birth->order->failure = errno;
    _exit(127);
}

pid_t tps_birth(TpsOrder *order, int directory, int out, int err)
{
    Birth birth = {
        .order = order, .directory = directory, .out = out, .err = err, .nanny = getpid()};
    pid_t pid;

    sigemptyset(&birth.no_signals);
    pid = vfork(); /* nothing is copied; its signals stay blocked until it has its own session */
    if (pid == 0)
        become_command(&birth);
    return pid;
}
