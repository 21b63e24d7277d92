/* SPDX-License-Identifier: MIT */
#include "scenario/processes_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child tells when it can't become the command. */
typedef struct {
    int failure;
    bool in_directory;
} Failure;

static _Noreturn void fail(int to, bool in_directory)
{
    Failure failure = {.failure = errno, .in_directory = in_directory};

    if (write(to, &failure, sizeof failure) < 0) {
        /* Then the parent sees an exit status of 127. */
    }
    _exit(127);
}

static void take_output(int output, int tell)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    setsid();
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
        dup2(output, STDERR_FILENO) < 0)
        fail(tell, false);
}

/* Between fork and exec: no allocation, as a matter of habit. */
static _Noreturn void become(const TpsProcesses *processes, const TpsProcess *command, int output,
                             int tell)
{
    prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0L, 0L, 0L);
    if (output >= 0)
        take_output(output, tell);
    if (chdir(command->directory) != 0)
        fail(tell, true);
    sigaction(SIGPIPE, &processes->pipe_action, NULL);
    sigprocmask(SIG_SETMASK, &processes->mask, NULL);
    environ = command->env;
    execvp(command->argv[0], command->argv);
    fail(tell, false);
}

/* The pipe is closed by a successful exec. */
static bool has_started(int told, pid_t child, TpsProcessEnd *end)
{
    Failure failure;
    ssize_t n;

    do
        n = read(told, &failure, sizeof failure);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof failure)
        return true;
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    end->start_failure = failure.failure;
    end->in_directory = failure.in_directory;
    return false;
}

static void close_two(const int *fds)
{
    for (int i = 0; i < 2; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static pid_t start(TpsProcesses *processes, const TpsProcess *command, int output, int *tell,
                   TpsProcessEnd *end)
{
    pid_t child = fork();

    if (child == 0)
        become(processes, command, output, tell[1]);
    if (child < 0)
        end->start_failure = errno;
    close(tell[1]);
    tell[1] = -1;
    return child >= 0 && has_started(tell[0], child, end) ? child : -1;
}

pid_t tps_processes_fork(TpsProcesses *processes, const TpsProcess *command, int *from,
                         TpsProcessEnd *end)
{
    int printed[2] = {-1, -1};
    int tell[2] = {-1, -1};
    pid_t child = -1;

    if ((from && pipe2(printed, O_CLOEXEC) != 0) || pipe2(tell, O_CLOEXEC) != 0)
        end->start_failure = errno;
    else
        child = start(processes, command, printed[1], tell, end);
    if (child >= 0 && from) {
        *from = printed[0];
        fcntl(printed[0], F_SETFL, O_NONBLOCK);
        printed[0] = -1;
    }
    close_two(printed);
    close_two(tell);
    return child;
}
