/* SPDX-License-Identifier: MIT */
/*
 * A child that misbehaves in the way its first argument says. What is expected of the runner for
 * each stands in tests/cli/nasty.sh.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOR_EVER 600 /* seconds: longer than any test; nothing is left should a test fail */

static void sleep_ms(int ms)
{
    poll(NULL, 0, ms);
}

static _Noreturn void hang(void)
{
    sleep(FOR_EVER);
    _exit(99);
}

static void ignore_all(void)
{
    for (int number = 1; number <= SIGRTMAX; number++)
        signal(number, SIG_IGN);
}

/* A child in a session of its own whose parent is gone. */
static pid_t daemonize(void)
{
    pid_t pid = fork();

    if (pid > 0) {
        waitpid(pid, NULL, 0);
        return pid;
    }
    setsid();
    if (fork() > 0)
        _exit(0);
    return 0;
}

static void close_outputs(void)
{
    for (int file = 0; file < 3; file++)
        close(file);
}

static int deaf(void)
{
    ignore_all();
    if (fork() == 0)
        hang();
    hang();
    return 0;
}

static int leave_daemon(void)
{
    if (daemonize() == 0) {
        close_outputs();
        ignore_all();
        hang();
    }
    return 0;
}

static int leave_and_fail(void)
{
    leave_daemon();
    return 3;
}

static int hold_output(void)
{
    if (daemonize() == 0) {
        ignore_all();
        hang();
    }
    return 0;
}

static int close_output(void)
{
    puts("before");
    fflush(stdout);
    close_outputs();
    sleep_ms(100);
    return 0;
}

static int flood(void)
{
    static char block[1 << 16];
    int64_t left = (int64_t)1 << 30;

    memset(block, 'x', sizeof block);
    for (; left > 0; left -= (int64_t)sizeof block)
        if (write(STDOUT_FILENO, block, sizeof block) < 0)
            return 1;
    return 0;
}

/* Bounded: each generation makes two of the next, deaf and in sessions of their own. */
static int fork_bomb(void)
{
    int n_children = 0;

    ignore_all();
    for (int generation = 0; generation < 5 && n_children < 2;) {
        if (fork() == 0) {
            setsid();
            generation++;
            n_children = 0;
        } else {
            n_children++;
        }
    }
    hang();
}

/* As soon as one is there its parent is gone, so that no pid stays for long. */
static int churn(void)
{
    for (int i = 0; i < 1000000; i++) {
        if (fork() > 0)
            _exit(0);
        setsid();
        sleep_ms(1);
    }
    return 0;
}

static int dump_core(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_CORE, &limit);
    prctl(PR_SET_DUMPABLE, 1);
    abort();
}

static int late_helper(void)
{
    if (daemonize() == 0) {
        sleep_ms(30);
        _exit(0);
    }
    return 0;
}

static int make_zombies(void)
{
    for (int i = 0; i < 300; i++)
        if (fork() == 0)
            _exit(0);
    sleep_ms(20);
    return 0;
}

static int kill_parent(void)
{
    leave_daemon();
    kill(getppid(), SIGKILL);
    hang();
    return 0;
}

static int stop_parent(void)
{
    kill(getppid(), SIGSTOP);
    sleep_ms(50);
    return 0;
}

static int stop_self(void)
{
    raise(SIGSTOP);
    return 0;
}

static int signal_parent(void)
{
    for (int number = 1; number <= SIGRTMAX; number++)
        if (number != SIGKILL && number != SIGSTOP)
            kill(getppid(), number);
    return 0;
}

static int signal_group(void)
{
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM);
    return 0;
}

/* Deep, with directories that even their owner can't enter, and a link that leads outside. */
static int litter(void)
{
    const char *sandbox = getenv("TPSCHED_SANDBOX");

    if (!sandbox || chdir(sandbox) < 0)
        return 2;
    if (symlink("/", "outside") < 0)
        return 2;
    for (int i = 0; i < 400; i++) {
        int file = open("file", O_WRONLY | O_CREAT, 0);

        if (file < 0 || mkdir("a-directory", 0700) < 0 || chdir("a-directory") < 0)
            return 2;
        close(file);
    }
    return chmod(".", 0) < 0 ? 2 : 0;
}

static int remove_sandbox(void)
{
    const char *sandbox = getenv("TPSCHED_SANDBOX");

    return sandbox && rmdir(sandbox) == 0 ? 0 : 2;
}

static int print_bytes(void)
{
    for (int byte = 0; byte < 256; byte++)
        putchar(byte);
    return 1;
}

static const struct {
    const char *name;
    int (*act)(void);
} acts[] = {
    {"deaf", deaf},
    {"leave-daemon", leave_daemon},
    {"leave-and-fail", leave_and_fail},
    {"hold-output", hold_output},
    {"close-output", close_output},
    {"flood", flood},
    {"fork-bomb", fork_bomb},
    {"churn", churn},
    {"dump-core", dump_core},
    {"late-helper", late_helper},
    {"make-zombies", make_zombies},
    {"kill-parent", kill_parent},
    {"stop-parent", stop_parent},
    {"stop-self", stop_self},
    {"signal-parent", signal_parent},
    {"signal-group", signal_group},
    {"litter", litter},
    {"remove-sandbox", remove_sandbox},
    {"print-bytes", print_bytes},
};

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "signal") == 0) {
        struct rlimit none = {0};

        setrlimit(RLIMIT_CORE, &none);
        kill(getpid(), atoi(argv[2])); /* raise() refuses what the C library keeps for itself */
        return 0;                      /* not every signal ends a process */
    }
    if (argc == 3 && strcmp(argv[1], "exit") == 0)
        return atoi(argv[2]);
    for (size_t i = 0; argc == 2 && i < sizeof acts / sizeof *acts; i++)
        if (strcmp(argv[1], acts[i].name) == 0)
            return acts[i].act();
    fprintf(stderr, "nasty: in which way?\n");
    return 98;
}
