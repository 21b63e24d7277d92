/* SPDX-License-Identifier: MIT */
#include "adapters/executors/birth.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#define STACK_BYTES ((size_t)64 * 1024)

typedef struct {
    TpsOrder *order;
    int directory;
    int out;
    int err;
    pid_t nanny;
} Birth;

static void receive_all_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child, which shares the nanny's memory until it executes: touch nothing of it. */
static int become_command(void *data)
{
    const Birth *birth = data;

    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != birth->nanny) /* it died before we asked to die with it */
        _exit(127);
    if (dup2(birth->out, STDOUT_FILENO) >= 0 && dup2(birth->err, STDERR_FILENO) >= 0 &&
        fchdir(birth->directory) >= 0) {
        receive_all_signals();
        execve(birth->order->program, birth->order->argv, birth->order->environ);
    }
    birth->order->failure = errno;
    _exit(127);
}

pid_t tps_birth(TpsOrder *order, int directory, int out, int err)
{
    _Alignas(16) char stack[STACK_BYTES];
    Birth birth = {order, directory, out, err, getpid()};

    /* vfork() in all but the stack: nothing is copied, we wait until it executes or exits, and its
     * signals stay blocked until it has its own session. */
    return clone(become_command, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &birth);
}
