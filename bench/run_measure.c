/* SPDX-License-Identifier: MIT */
#include "bench/run_measure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAMPLE_US 5000

bool run_measure_open(void)
{
    return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

static int64_t microseconds(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

/* Of all processes that we have waited for, and those that they have waited for. */
static int64_t cpu_so_far(void)
{
    struct rusage usage;

    getrusage(RUSAGE_CHILDREN, &usage);
    return microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
}

G_NORETURN static void become(char **argv, const char *cwd)
{
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int fd = 0; fd <= 2; fd++)
        dup2(null, fd);
    if (chdir(cwd) == 0)
        execvp(argv[0], argv);
    _exit(127);
}

pid_t run_measure_start(char **argv, const char *cwd)
{
    const pid_t pid = fork();

    if (pid == 0)
        become(argv, cwd);
    return pid;
}

static void wait_for_the_rest(void)
{
    pid_t pid;

    do
        pid = waitpid(-1, NULL, 0);
    while (pid > 0 || errno == EINTR);
}

bool run_measure_wait(pid_t pid, int *status, int64_t *ended_us)
{
    const bool ended = waitpid(pid, status, 0) == pid;

    *ended_us = g_get_monotonic_time();
    wait_for_the_rest();
    return ended;
}

bool run_measure(char **argv, const char *cwd, RunCost *cost)
{
    const int64_t cpu_us = cpu_so_far(), start_us = g_get_monotonic_time();
    const pid_t pid = run_measure_start(argv, cwd);
    int64_t ended_us;

    if (pid < 0 || !run_measure_wait(pid, &cost->status, &ended_us))
        return false;
    cost->wall_us = ended_us - start_us;
    cost->cpu_us = cpu_so_far() - cpu_us;
    return true;
}

/* The bytes of a line "Name:   123 kB" of a file in /proc; 0 where there is none. */
static int64_t field(pid_t pid, const char *file, const char *name)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/%s", pid, file);
    g_autofree char *text = NULL;
    const char *line;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    line = g_str_has_prefix(text, name) ? text : strstr(text, name);
    return line ? g_ascii_strtoll(line + strlen(name), NULL, 10) * 1024 : 0;
}

static bool is_nanny(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/comm", pid);
    g_autofree char *name = NULL;

    return g_file_get_contents(path, &name, NULL, NULL) && strcmp(name, "tps-nanny\n") == 0;
}

/* Those that are its children: below them is what they start, which has their name for a moment. */
static int64_t sum_of_nannies(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", pid, pid);
    g_autofree char *text = NULL;
    g_auto(GStrv) children = NULL;
    int64_t sum = 0;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    children = g_strsplit(text, " ", -1);
    for (char **child = children; *child; child++) {
        const pid_t nanny = (pid_t)strtol(*child, NULL, 10);

        if (nanny > 0 && is_nanny(nanny))
            sum += field(nanny, "smaps_rollup", "\nPss:");
    }
    return sum;
}

static void sample(pid_t pid, RunMemory *memory)
{
    memory->peak = MAX(memory->peak, field(pid, "status", "\nVmHWM:"));
    memory->anon = MAX(memory->anon, field(pid, "status", "\nRssAnon:"));
    memory->helpers = MAX(memory->helpers, sum_of_nannies(pid));
}

/* Before its execve it is still this program, of which nothing must be counted. */
static void wait_for_exec(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/exe", pid);
    g_autofree char *own = g_file_read_link("/proc/self/exe", NULL);

    for (int i = 0; i < 1000; i++) {
        g_autofree char *exe = g_file_read_link(path, NULL);

        if (g_strcmp0(exe, own) != 0)
            return;
        g_usleep(200);
    }
}

bool run_measure_memory(char **argv, const char *cwd, RunCost *cost, RunMemory *memory)
{
    const pid_t pid = run_measure_start(argv, cwd);
    pid_t ended;

    *memory = (RunMemory){0};
    *cost = (RunCost){0};
    if (pid < 0)
        return false;
    wait_for_exec(pid);
    while ((ended = waitpid(pid, &cost->status, WNOHANG)) == 0) {
        sample(pid, memory);
        g_usleep(SAMPLE_US);
    }
    wait_for_the_rest();
    return ended == pid;
}
