/* SPDX-License-Identifier: MIT */
#include "adapters/executor.h"
#include "tests/adapters/commands.h"
#include "tests/adapters/scripts.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static TpsExecutor *executor;
static char *directory;

static void setup(void)
{
    executor = new_executor(2);
    directory = make_directory();
}

static void teardown(void)
{
    g_clear_pointer(&executor, tps_executor_free);
    g_clear_pointer(&directory, remove_directory);
}

static void run_here(const char *script, TpsCommand base, TpsExit *exit)
{
    int64_t before_us = g_get_monotonic_time();

    base.cwd = directory;
    run_script(executor, 0, script, &base, exit);
    ck_assert_int_lt(g_get_monotonic_time() - before_us, LONG_US);
    ck_assert_int_eq(exit->n_survivors, 0);
}

static void assert_slot_works(int slot)
{
    g_auto(TpsExit) exit = {0};

    run_script(executor, slot, "echo fine; exit 6", NULL, &exit);
    assert_end(exit, TPS_END_EXITED, 6);
    ck_assert_str_eq(exit.output, "fine\n");
    ck_assert_int_eq(exit.n_leaked, 0);
    ck_assert_ptr_null(exit.leaked);
    ck_assert(!exit.held_pipe);
}

/* What commands leave behind when they end by themselves. */
static const struct {
    const char *script;
    guint n_pids;
    int n_leaked;
} leaks[] = {
    {PID_AND_SLEEP " & " AWAIT_PIDS(1), 1, 1},
    {DAEMON(PID_AND_SLEEP) AWAIT_PIDS(1), 1, 1},
    {DAEMON(DEAF_AND_SLEEP) AWAIT_PIDS(1), 1, 1}, /* a shell, and its sleep if it got so far */
    {DAEMON(PID_AND_SLEEP) DAEMON(PID_AND_SLEEP) PID_AND_SLEEP " & " AWAIT_PIDS(3), 3, 3},
    {"(setsid " PID_AND_SLEEP " &); " AWAIT_PIDS(1), 1, 1}, /* holds our pipe */
    {DAEMON("sh -c 'echo $$ >>pids; kill -STOP $$; " SLEEP "'") AWAIT_PIDS(1), 1, 1},
    {DAEMON("sh -c '" DAEMON("sh -c \"echo \\$\\$ >>pids; exec " SLEEP "\"") /* its own daemon */
            "echo $$ >>pids; exec " SLEEP "'") AWAIT_PIDS(2),
     2, 2},
};

START_TEST(kills_what_is_left_behind)
{
    g_auto(TpsExit) exit = {0};

    run_here(leaks[_i].script, (TpsCommand){0}, &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_int_ge(exit.n_leaked, leaks[_i].n_leaked);
    ck_assert_int_le(exit.n_leaked, leaks[_i].n_leaked + 1);
    ck_assert_ptr_nonnull(exit.leaked);
    ck_assert_ptr_nonnull(strstr(exit.leaked, " (pid "));
    ck_assert(!exit.held_pipe);
    assert_gone(directory, "pids", leaks[_i].n_pids);
    assert_slot_works(0);
}
END_TEST

START_TEST(names_what_was_left_behind)
{
    g_autofree char *pid = NULL;
    g_autofree char *expected = NULL;
    g_auto(TpsExit) exit = {0};

    run_here(DAEMON(PID_AND_SLEEP) AWAIT_PIDS(1), (TpsCommand){.leak_us = 1}, &exit);
    pid = await_file(directory, "pids");
    expected = g_strdup_printf("sleep (pid %d)", atoi(pid));
    ck_assert_str_eq(exit.leaked, expected);
    tps_exit_clear(&exit);
    run_here("for i in 1 2 3 4 5 6; do " DAEMON(SLEEP) "done", (TpsCommand){0}, &exit);
    ck_assert(g_str_has_suffix(exit.leaked, "), ..."));
    ck_assert_int_eq(exit.n_leaked, 6);
}
END_TEST

/* Zombies of a parent that does not wait, and that parent, are one leak. */
START_TEST(reaps_zombies)
{
    g_auto(TpsExit) exit = {0};

    run_here("(sh -c 'for i in 1 2 3 4 5; do (exit 1) & done; echo $$ >>pids; exec " SLEEP
             "' </dev/null >/dev/null 2>&1 &); " AWAIT_PIDS(1),
             (TpsCommand){0}, &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_int_ge(exit.n_leaked, 1);
    assert_gone(directory, "pids", 1);
}
END_TEST

START_TEST(waits_a_moment_for_helpers)
{
    g_auto(TpsExit) exit = {0};

    run_here("(sleep 0.02; echo late) & echo early", (TpsCommand){0}, &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_int_eq(exit.n_leaked, 0);
    ck_assert_str_eq(exit.output, "early\nlate\n");
}
END_TEST

START_TEST(reaps_hundreds_of_orphans)
{
    g_auto(TpsExit) exit = {0};

    run_here("i=0; while [ $i -lt 200 ]; do " DAEMON(SLEEP) "i=$((i+1)); done; exit 3",
             (TpsCommand){0}, &exit);
    assert_end(exit, TPS_END_EXITED, 3);
    ck_assert_int_eq(exit.n_leaked, 200);
}
END_TEST

/* It forks faster than one process can be killed: each generation leaves two. */
START_TEST(defuses_a_fork_bomb)
{
    static const char bomb[] = "#!/bin/sh\n"
                               "trap '' TERM\n"
                               "[ $1 = 0 ] && exec " SLEEP "\n"
                               "setsid ./bomb $(($1-1)) &\n"
                               "setsid ./bomb $(($1-1)) &\n"
                               "echo $$ >>pids\n"
                               "wait\n";
    g_auto(TpsExit) exit = {0};

    write_file(directory, "bomb", bomb, 0755);
    run_here("exec ./bomb 7 >/dev/null", (TpsCommand){.timeout_us = 300000, .grace_us = 1}, &exit);
    assert_end(exit, TPS_END_TIMEOUT, 0);
    assert_slot_works(0);
}
END_TEST

/* Commands that only a timeout ends. */
static const struct {
    const char *script;
    guint n_pids;
    const char *last_words;
} hangs[] = {
    {"echo $$ >>pids; echo before; exec " SLEEP, 1, "before\n"},
    {"trap '' TERM; echo $$ >>pids; while :; do " SLEEP "; done", 1, ""},
    {DEAF_AND_SLEEP " & " DAEMON(DEAF_AND_SLEEP) DAEMON(PID_AND_SLEEP) AWAIT_PIDS(3) SLEEP, 3, ""},
    {"echo $$ >>pids; kill -STOP $$", 1, ""},
    {SAY_BYE_ON_TERM, 1, "bye\n"},
};

static void *run_into_timeout(void *data)
{
    int slot = GPOINTER_TO_INT(data);
    char *cwd = make_directory();
    TpsCommand base = {.timeout_us = 2000000, .grace_us = 1000000, .cwd = cwd};
    g_auto(TpsExit) exit = {0};

    run_script(executor, slot, hangs[slot].script, &base, &exit);
    assert_end(exit, TPS_END_TIMEOUT, 0);
    ck_assert_int_ge(exit.ended_us - exit.started_us, base.timeout_us / 2);
    ck_assert_int_lt(exit.ended_us - exit.started_us, LONG_US);
    ck_assert(g_str_has_suffix(exit.output, hangs[slot].last_words));
    assert_gone(cwd, "pids", hangs[slot].n_pids);
    assert_slot_works(slot);
    remove_directory(cwd);
    return NULL;
}

/* All at once, as each waits for a time that is long enough for a busy machine. */
START_TEST(ends_what_hangs)
{
    GThread *slots[G_N_ELEMENTS(hangs)];

    tps_executor_free(executor);
    executor = new_executor((int)G_N_ELEMENTS(hangs));
    for (gsize slot = 0; slot < G_N_ELEMENTS(hangs); slot++)
        slots[slot] = g_thread_new("slot", run_into_timeout, GINT_TO_POINTER((int)slot));
    for (gsize slot = 0; slot < G_N_ELEMENTS(hangs); slot++)
        g_thread_join(slots[slot]);
}
END_TEST

START_TEST(gives_daemons_the_grace_too)
{
    TpsCommand base = {.timeout_us = 1000000, .grace_us = LONG_US};
    g_autofree char *note = NULL;
    g_auto(TpsExit) exit = {0};

    run_here(DAEMON("sh -c 'trap \"sleep 0.5; echo bye >>note; exit 0\" TERM; echo $$ >>pids; "
                    "while :; do sleep 0.05; done'") AWAIT_PIDS(1) "exec " SLEEP,
             base, &exit);
    assert_end(exit, TPS_END_TIMEOUT, 0);
    note = await_file(directory, "note");
    ck_assert_str_eq(note, "bye\n");
    ck_assert_int_eq(exit.n_leaked, 0);
}
END_TEST

/* Nobody can be made to close what he holds, so we do not wait for the pipe's end. */
static void *hold_pipe(void *data)
{
    g_autofree char *pid = await_file(directory, "pids");
    g_autofree char *path = g_strdup_printf("/proc/%ld/fd/1", atol(pid));
    int pipe = open(path, O_WRONLY | O_CLOEXEC);

    (void)data;
    ck_assert_int_ge(pipe, 0);
    write_file(directory, "go", "\n", 0644);
    return GINT_TO_POINTER(pipe);
}

START_TEST(leaves_a_pipe_that_others_hold)
{
    GThread *holder = g_thread_new("holder", hold_pipe, NULL);
    g_auto(TpsExit) exit = {0};

    run_here("echo $$ >>pids; while ! test -f go; do sleep 0.01; done; echo out", (TpsCommand){0},
             &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_str_eq(exit.output, "out\n");
    ck_assert(exit.held_pipe);
    ck_assert_int_eq(exit.n_leaked, 0);
    close(GPOINTER_TO_INT(g_thread_join(holder)));
}
END_TEST

typedef struct {
    TpsStop how;
    TpsStop then;
} Stops;

/* Stop the executor once the command is where we want it. */
static void *stop_when_ready(void *data)
{
    const Stops *stops = data;

    g_free(await_file(directory, "pids"));
    tps_executor_stop(executor, stops->how);
    if (stops->then != TPS_STOP_NONE)
        tps_executor_stop(executor, stops->then);
    tps_executor_stop(executor, TPS_STOP_TERM); /* softer or equal: no effect */
    return NULL;
}

static void run_and_stop(const char *script, Stops stops, TpsExit *exit)
{
    GThread *stopper = g_thread_new("stopper", stop_when_ready, &stops);

    run_here(script, (TpsCommand){.grace_us = INT64_MAX}, exit);
    g_thread_join(stopper);
    assert_end(*exit, TPS_END_CANCELLED, 0);
    assert_gone(directory, "pids", 1);
}

static void assert_nothing_starts(void)
{
    g_autofree char *trace = g_build_filename(directory, "trace", NULL);
    g_auto(TpsExit) exit = {0};

    run_here("touch trace", (TpsCommand){0}, &exit);
    assert_end(exit, TPS_END_CANCELLED, 0);
    ck_assert(!g_file_test(trace, G_FILE_TEST_EXISTS));
}

START_TEST(stops_gently)
{
    g_auto(TpsExit) exit = {0};

    run_and_stop(SAY_BYE_ON_TERM, (Stops){TPS_STOP_TERM, TPS_STOP_NONE}, &exit);
    ck_assert(g_str_has_suffix(exit.output, "bye\n"));
    assert_nothing_starts();
}
END_TEST

START_TEST(stops_at_once)
{
    g_auto(TpsExit) exit = {0};

    run_and_stop(SAY_BYE_ON_TERM, (Stops){TPS_STOP_KILL, TPS_STOP_NONE}, &exit);
    ck_assert_str_eq(exit.output, "");
    assert_nothing_starts();
}
END_TEST

START_TEST(stops_harder)
{
    g_auto(TpsExit) exit = {0};

    run_and_stop("trap '' TERM; echo $$ >>pids; while :; do sleep 0.05; done",
                 (Stops){TPS_STOP_TERM, TPS_STOP_KILL}, &exit);
    assert_nothing_starts();
}
END_TEST

static void *run_until_stopped(void *data)
{
    g_auto(TpsExit) exit = {0};

    run_script(executor, GPOINTER_TO_INT(data), "trap '' TERM; echo $$ >>pids; " SLEEP,
               &(TpsCommand){.grace_us = 300000, .cwd = directory}, &exit);
    assert_end(exit, TPS_END_CANCELLED, 0);
    return NULL;
}

START_TEST(stops_all_slots)
{
    GThread *slots[8];

    tps_executor_free(executor);
    executor = new_executor(8);
    for (int slot = 0; slot < 8; slot++)
        slots[slot] = g_thread_new("slot", run_until_stopped, GINT_TO_POINTER(slot));
    for (guint n = 0; n < 8;) {
        g_autofree char *text = await_file(directory, "pids");
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        n = g_strv_length(lines) - 1;
    }
    tps_executor_stop(executor, TPS_STOP_TERM);
    for (int slot = 0; slot < 8; slot++)
        g_thread_join(slots[slot]);
    assert_gone(directory, "pids", 8);
}
END_TEST

/* The supervisor is a process like any other; a test can kill it. */
static const struct {
    const char *script;
    guint n_pids;
} losses[] = {
    {"echo $$ >>pids; kill -9 $PPID; " SLEEP, 1},
    {DAEMON(PID_AND_SLEEP) DAEMON(DEAF_AND_SLEEP) PID_AND_SLEEP
     " & " AWAIT_PIDS(3) "kill -9 $PPID; " SLEEP,
     3},
    {"echo $$ >>pids; exec >&- 2>&-; kill -9 $PPID; " SLEEP, 1},
};

START_TEST(survives_the_loss_of_a_nanny)
{
    g_auto(TpsExit) exit = {0};

    run_here(losses[_i].script, (TpsCommand){0}, &exit);
    assert_end(exit, TPS_END_LOST, 0);
    assert_gone(directory, "pids", losses[_i].n_pids);
    assert_slot_works(0);
    assert_slot_works(1);
}
END_TEST

START_TEST(wakes_a_stopped_nanny)
{
    g_auto(TpsExit) exit = {0};

    run_here("kill -STOP $PPID; exit 8", (TpsCommand){0}, &exit);
    assert_end(exit, TPS_END_EXITED, 8);
}
END_TEST

/* pkill -f with our name must not hit those who clean up after us. */
START_TEST(nannies_have_their_own_name)
{
    g_auto(TpsExit) exit = {0};

    run_here("tr '\\0' . </proc/$PPID/cmdline | tr -s .; cat /proc/$PPID/comm", (TpsCommand){0},
             &exit);
    ck_assert_str_eq(exit.output, "tps-nanny.tps-nanny\n");
}
END_TEST

static pid_t nanny_of_slot(int slot)
{
    g_auto(TpsExit) exit = {0};

    run_script(executor, slot, "echo $PPID", NULL, &exit);
    return (pid_t)atol(exit.output);
}

START_TEST(replaces_an_idle_nanny)
{
    pid_t nanny = nanny_of_slot(0);

    ck_assert_int_gt(nanny, 1);
    kill(nanny, SIGKILL);
    for (siginfo_t info; waitid(P_PID, (id_t)nanny, &info, WEXITED | WNOWAIT) < 0;)
        ck_assert_int_eq(errno, EINTR);
    assert_slot_works(0);
    ck_assert_int_ne(nanny_of_slot(0), nanny);
}
END_TEST

/* One thread's nanny dies again and again; that must not touch its neighbour, in whatever session.
 */
static void *lose_nannies(void *data)
{
    TpsExecutor *other = data;

    for (int i = 0; i < 25; i++) {
        g_auto(TpsExit) exit = {0};

        run_script(other, i % 2, "kill -9 $PPID; " SLEEP, NULL, &exit);
        assert_end(exit, TPS_END_LOST, 0);
    }
    return NULL;
}

START_TEST(a_loss_does_not_touch_the_others)
{
    TpsExecutor *other = new_executor(2);
    GThread *loser = g_thread_new("loser", lose_nannies, other);
    pid_t ours = fork(); /* a child of this program that is none of the executor's business */
    int status;

    if (ours == 0) {
        pause();
        _exit(0);
    }
    for (int i = 0; i < 50; i++) {
        assert_slot_works(0);
        assert_slot_works(1);
    }
    g_thread_join(loser);
    ck_assert_int_eq(waitpid(ours, &status, WNOHANG), 0);
    kill(ours, SIGKILL);
    ck_assert_int_eq(waitpid(ours, &status, 0), ours);
    tps_executor_free(other);
}
END_TEST

/* Until we have no child left; we are the next subreaper above the engine. */
static void assert_all_end(void)
{
    int64_t give_up_us = g_get_monotonic_time() + LONG_US;

    while (waitpid(-1, NULL, WNOHANG) >= 0) {
        ck_assert_msg(g_get_monotonic_time() < give_up_us, "something lives on");
        g_usleep(2000);
    }
    ck_assert_int_eq(errno, ECHILD);
}

START_TEST(leaves_nothing_when_the_engine_is_killed)
{
    pid_t engine;

    g_clear_pointer(&executor, tps_executor_free);
    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    engine = fork();
    if (engine == 0) {
        g_auto(TpsExit) exit = {0};

        executor = new_executor(4);
        run_here(DAEMON(DEAF_AND_SLEEP) DAEMON(PID_AND_SLEEP) DEAF_AND_SLEEP
                 " & " AWAIT_PIDS(3) "echo >ready; " SLEEP,
                 (TpsCommand){0}, &exit);
        _exit(0);
    }
    g_free(await_file(directory, "ready"));
    ck_assert_int_eq(kill(engine, SIGKILL), 0);
    assert_all_end();
    assert_gone(directory, "pids", 3);
}
END_TEST

START_TEST(leaves_no_process_when_it_is_freed)
{
    g_auto(TpsExit) exit = {0};
    int status;

    run_here("kill -9 $PPID; exit 0", (TpsCommand){0}, &exit);
    g_clear_pointer(&executor, tps_executor_free);
    ck_assert_int_eq(waitpid(-1, &status, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}
END_TEST

static TCase *end_tests(void)
{
    TCase *tests = tcase_create("ends");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, kills_what_is_left_behind, 0, (int)G_N_ELEMENTS(leaks));
    tcase_add_test(tests, names_what_was_left_behind);
    tcase_add_test(tests, reaps_zombies);
    tcase_add_test(tests, waits_a_moment_for_helpers);
    tcase_add_test(tests, reaps_hundreds_of_orphans);
    tcase_add_test(tests, defuses_a_fork_bomb);
    tcase_add_test(tests, ends_what_hangs);
    tcase_add_test(tests, gives_daemons_the_grace_too);
    tcase_add_test(tests, leaves_a_pipe_that_others_hold);
    tcase_set_timeout(tests, 120);
    return tests;
}

static TCase *stop_tests(void)
{
    TCase *tests = tcase_create("stops");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, stops_gently);
    tcase_add_test(tests, stops_at_once);
    tcase_add_test(tests, stops_harder);
    tcase_add_test(tests, stops_all_slots);
    tcase_set_timeout(tests, 120);
    return tests;
}

static TCase *loss_tests(void)
{
    TCase *tests = tcase_create("losses");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, survives_the_loss_of_a_nanny, 0, (int)G_N_ELEMENTS(losses));
    tcase_add_test(tests, wakes_a_stopped_nanny);
    tcase_add_test(tests, nannies_have_their_own_name);
    tcase_add_test(tests, replaces_an_idle_nanny);
    tcase_add_test(tests, a_loss_does_not_touch_the_others);
    tcase_add_test(tests, leaves_nothing_when_the_engine_is_killed);
    tcase_add_test(tests, leaves_no_process_when_it_is_freed);
    tcase_set_timeout(tests, 120);
    return tests;
}

int main(void)
{
    Suite *suite = suite_create("supervision");

    suite_add_tcase(suite, end_tests());
    suite_add_tcase(suite, stop_tests());
    suite_add_tcase(suite, loss_tests());
    return unit_main(suite);
}
