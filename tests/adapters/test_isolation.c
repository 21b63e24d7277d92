/* SPDX-License-Identifier: MIT */
#include "adapters/executor.h"
#include "adapters/executors/tree.h"
#include "core/error.h"
#include "tests/adapters/commands.h"
#include "tests/adapters/scripts.h"

#include <sys/prctl.h>
#include <sys/wait.h>

/* Each way to keep processes together leaves nothing behind; where the machine has it. */

static TpsExecutor *executor;
static char *directory;

static void setup(void)
{
    directory = make_directory();
}

static void teardown(void)
{
    g_clear_pointer(&executor, tps_executor_free);
    g_clear_pointer(&directory, remove_directory);
}

/* The first one as on a kernel that does not tell children. */
static const struct {
    bool lists;
    TpsIsolation isolation;
    const char *description;
} ways[] = {
    {false, TPS_ISOLATION_NONE, "subreaper, children found by searching /proc"},
    {true, TPS_ISOLATION_NONE, "subreaper"},
    {true, TPS_ISOLATION_AUTO, "subreaper"},
    {true, TPS_ISOLATION_PID, "pid namespace"},
    {true, TPS_ISOLATION_CGROUP, "subreaper + cgroup v2"},
};

/* False where it is not to be had, for a reason. */
static bool open_way(int way)
{
    GError *error = NULL;

    if (!ways[way].lists)
        tps_tree_forget_lists();
    executor = tps_local_executor_new(2, ways[way].isolation, &error);
    if (executor) {
        ck_assert(g_str_has_suffix(tps_executor_describe(executor), ways[way].description));
        return true;
    }
    ck_assert_int_ge(ways[way].isolation, TPS_ISOLATION_PID);
    ck_assert(g_error_matches(error, TPS_ERROR, TPS_ERROR_EXECUTOR));
    ck_assert_str_ne(error->message, "");
    g_error_free(error);
    return false;
}

/* We are the next subreaper above all of it. */
static void assert_no_child(void)
{
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}

static void run_here(const char *script, TpsCommand base, TpsExit *exit)
{
    base.cwd = directory;
    run_script(executor, 0, script, &base, exit);
    ck_assert_int_eq(exit->n_survivors, 0);
}

START_TEST(runs_commands)
{
    if (!open_way(_i))
        return;
    for (int i = 0; i < 5; i++) {
        g_auto(TpsExit) exit = {0};

        run_here("echo out; exit 7", (TpsCommand){0}, &exit);
        assert_end(exit, TPS_END_EXITED, 7);
        ck_assert_str_eq(exit.output, "out\n");
        ck_assert_int_eq(exit.n_leaked, 0);
    }
}
END_TEST

START_TEST(kills_what_is_left)
{
    if (!open_way(_i))
        return;
    for (int i = 0; i < 3; i++) {
        g_auto(TpsExit) exit = {0};

        run_here(DAEMON(DEAF_AND_SLEEP) DAEMON(PID_AND_SLEEP) AWAIT_PIDS(2) "rm pids; exit 3",
                 (TpsCommand){0}, &exit);
        assert_end(exit, TPS_END_EXITED, 3);
        ck_assert_int_ge(exit.n_leaked, 2);
        ck_assert_ptr_nonnull(strstr(exit.leaked, "sleep (pid "));
    }
    g_clear_pointer(&executor, tps_executor_free);
    assert_no_child();
}
END_TEST

START_TEST(defuses_a_fork_bomb)
{
    static const char bomb[] = "#!/bin/sh\n"
                               "trap '' TERM\n"
                               "[ $1 = 0 ] && exec " SLEEP "\n"
                               "setsid ./bomb $(($1-1)) &\n"
                               "setsid ./bomb $(($1-1)) &\n"
                               "wait\n";
    g_auto(TpsExit) exit = {0};

    if (!open_way(_i))
        return;
    write_file(directory, "bomb", bomb, 0755);
    run_here("exec ./bomb 6 >/dev/null", (TpsCommand){.timeout_us = 300000, .grace_us = 1}, &exit);
    assert_end(exit, TPS_END_TIMEOUT, 0);
    g_clear_pointer(&executor, tps_executor_free);
    assert_no_child();
}
END_TEST

static void await_no_child(void)
{
    int64_t give_up_us = g_get_monotonic_time() + LONG_US;

    while (waitpid(-1, NULL, WNOHANG) >= 0) {
        ck_assert_msg(g_get_monotonic_time() < give_up_us, "something lives on");
        g_usleep(2000);
    }
    ck_assert_int_eq(errno, ECHILD);
}

/* A process of its own, as the engine, which is killed when the command says that it is ready. */
static void kill_engine(int way, const char *script, TpsCommand base)
{
    pid_t engine;

    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    engine = fork();
    if (engine == 0) {
        g_auto(TpsExit) exit = {0};

        if (open_way(way))
            run_here(script, base, &exit);
        else
            write_file(directory, "ready", "\n", 0644);
        _exit(0);
    }
    g_free(await_file(directory, "ready"));
    kill(engine, SIGKILL);
    await_no_child();
}

START_TEST(leaves_nothing_when_the_engine_is_killed)
{
    kill_engine(_i,
                DAEMON(DEAF_AND_SLEEP) DAEMON(PID_AND_SLEEP) DEAF_AND_SLEEP
                " & " AWAIT_PIDS(3) "echo >ready; " SLEEP,
                (TpsCommand){0});
}
END_TEST

/* Of the engine and its nannies nobody is left to kill anything: the kernel does. */
START_TEST(a_namespace_dies_with_its_nanny)
{
    pid_t nannies[8];
    size_t n_nannies;
    pid_t engine;

    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    tps_tree_open();
    engine = fork();
    if (engine == 0) {
        g_auto(TpsExit) exit = {0};

        if (open_way(3))
            run_here(DAEMON(DEAF_AND_SLEEP) DAEMON(PID_AND_SLEEP)
                         AWAIT_PIDS(2) "echo >ready; " SLEEP,
                     (TpsCommand){0}, &exit);
        else
            write_file(directory, "ready", "\n", 0644);
        _exit(0);
    }
    g_free(await_file(directory, "ready"));
    n_nannies = tps_tree_children(engine, nannies, G_N_ELEMENTS(nannies));
    kill(engine, SIGSTOP);
    for (size_t i = 0; i < n_nannies; i++)
        kill(nannies[i], SIGKILL);
    kill(engine, SIGKILL);
    await_no_child();
}
END_TEST

/* In a namespace the nanny is process 1: nothing in there can kill it. */
START_TEST(a_namespace_hides_the_rest)
{
    g_auto(TpsExit) exit = {0};

    if (!open_way(3))
        return;
    run_here("kill -9 $PPID; kill -9 1; echo $PPID; ls -d /proc/[0-9]* | head -1", (TpsCommand){0},
             &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_str_eq(exit.output, "1\n/proc/1\n");
}
END_TEST

static bool exists(const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Only what is in it; not what a link in it points to, nor what is beside it. */
START_TEST(clears_the_sandbox_when_the_engine_is_killed)
{
    g_autofree char *base = g_build_filename(directory, "base", NULL);
    g_autofree char *sandbox = g_build_filename(base, "0.1", NULL);

    ck_assert_int_eq(g_mkdir_with_parents(sandbox, 0700), 0);
    if (_i == 1)
        write_file(base, "other", "", 0644);
    kill_engine(1,
                "mkdir precious; echo >precious/file; cd base/0.1; mkdir -p a/b/c/d locked/in; "
                "echo >a/b/file; echo >locked/in/file; ln -s ../../precious link; ln -s / root; "
                "mkfifo pipe; i=0; while [ $i -lt 300 ]; do echo >a/$i; i=$((i+1)); done; "
                "chmod 0 locked/in locked a/b; echo >../../ready; " SLEEP,
                (TpsCommand){.sandbox = sandbox});
    ck_assert(!exists("base/0.1"));
    ck_assert(exists("precious/file"));
    ck_assert(exists("base") == (_i == 1));
}
END_TEST

START_TEST(leaves_the_sandbox_to_an_engine_that_lives)
{
    g_autofree char *sandbox = g_build_filename(directory, "base", "0.1", NULL);
    g_auto(TpsExit) exit = {0};

    open_way(1);
    ck_assert_int_eq(g_mkdir_with_parents(sandbox, 0700), 0);
    run_here("true", (TpsCommand){.sandbox = sandbox}, &exit);
    g_clear_pointer(&executor, tps_executor_free);
    ck_assert(g_file_test(sandbox, G_FILE_TEST_EXISTS));
}
END_TEST

int main(void)
{
    const int n_ways = (int)G_N_ELEMENTS(ways);
    Suite *suite = suite_create("isolation");
    TCase *tests = tcase_create("ways");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, runs_commands, 0, n_ways);
    tcase_add_loop_test(tests, kills_what_is_left, 0, n_ways);
    tcase_add_loop_test(tests, defuses_a_fork_bomb, 0, n_ways);
    tcase_add_loop_test(tests, leaves_nothing_when_the_engine_is_killed, 0, n_ways);
    tcase_add_test(tests, a_namespace_hides_the_rest);
    tcase_add_test(tests, a_namespace_dies_with_its_nanny);
    tcase_add_loop_test(tests, clears_the_sandbox_when_the_engine_is_killed, 0, 2);
    tcase_add_test(tests, leaves_the_sandbox_to_an_engine_that_lives);
    tcase_set_timeout(tests, 120);
    suite_add_tcase(suite, tests);
    return unit_main(suite);
}
