/* SPDX-License-Identifier: MIT */
#include "adapters/executor.h"
#include "tests/adapters/commands.h"
#include "tests/adapters/scripts.h"

/* What lingers after a command does not hold its slot, and a pause holds everything. */

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

/* They would wait for an hour if they waited. */
static void run_detached(const char *script, TpsExit *exit)
{
    TpsCommand base = {.cwd = directory, .leak_us = 60 * LONG_US, .detach = true};

    run_script(executor, 0, script, &base, exit);
}

#define N_LEAKY 40

START_TEST(a_slot_goes_on_while_others_linger)
{
    TpsExit exits[N_LEAKY];

    for (int i = 0; i < N_LEAKY; i++) {
        g_autofree char *script =
            g_strdup_printf("echo %d; " DAEMON(PID_AND_SLEEP) " exit %d", i, i);

        run_detached(script, &exits[i]);
        assert_end(exits[i], TPS_END_EXITED, i);
        ck_assert_ptr_nonnull(exits[i].linger);
        ck_assert(!tps_executor_settle(&exits[i], false));
    }
    tps_executor_stop(executor, TPS_STOP_KILL);
    for (int i = 0; i < N_LEAKY; i++) {
        g_autofree char *expected = g_strdup_printf("%d\n", i);

        ck_assert(tps_executor_settle(&exits[i], true));
        assert_end(exits[i], TPS_END_EXITED, i);
        ck_assert_str_eq(exits[i].output, expected);
        ck_assert_int_ge(exits[i].n_leaked, 1);
        ck_assert_ptr_null(exits[i].linger);
        tps_exit_clear(&exits[i]);
    }
}
END_TEST

START_TEST(a_helper_that_ends_in_time_is_no_leak)
{
    g_auto(TpsExit) exit = {0};

    run_detached("(while ! test -f go; do sleep 0.01; done; echo late) & echo early", &exit);
    ck_assert_ptr_nonnull(exit.linger);
    write_file(directory, "go", "\n", 0644);
    ck_assert(tps_executor_settle(&exit, true));
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_str_eq(exit.output, "early\nlate\n");
    ck_assert_int_eq(exit.n_leaked, 0);
    ck_assert(tps_executor_settle(&exit, true)); /* once more does nothing */
}
END_TEST

/* Who wants the whole output. */
typedef struct {
    TpsSink base;
    GString *text;
    int n_ends;
} Keeper;

static void keep(TpsSink *sink, const char *bytes, size_t length, bool more)
{
    Keeper *keeper = (Keeper *)sink;

    g_string_append_len(keeper->text, bytes, (gssize)length);
    keeper->n_ends += !more;
}

#define PRINTED 60000

/* Most of what was printed may still be in the pipe when the command ends. */
START_TEST(the_whole_output_is_kept_of_what_lingers)
{
    g_autoptr(GString) text = g_string_new(NULL);
    Keeper keeper = {.base.keep = keep, .text = text};
    TpsCommand base = {
        .cwd = directory, .leak_us = 60 * LONG_US, .detach = true, .sink = &keeper.base};
    g_autofree char *script = g_strdup_printf(
        "(while ! test -f go; do sleep 0.01; done; echo late) & printf %%%ds x", PRINTED);
    g_auto(TpsExit) exit = {0};

    run_script(executor, 0, script, &base, &exit);
    ck_assert_ptr_nonnull(exit.linger);
    write_file(directory, "go", "\n", 0644);
    ck_assert(tps_executor_settle(&exit, true));
    ck_assert_uint_eq(exit.output_bytes, PRINTED + strlen("late\n"));
    ck_assert_uint_eq(text->len, exit.output_bytes);
    ck_assert(g_str_has_suffix(text->str, "xlate\n"));
    ck_assert_int_eq(keeper.n_ends, 1);
}
END_TEST

START_TEST(what_leaves_nothing_is_final_at_once)
{
    g_auto(TpsExit) exit = {0};

    run_detached("exit 4", &exit);
    assert_end(exit, TPS_END_EXITED, 4);
    ck_assert_ptr_null(exit.linger);
    ck_assert(tps_executor_settle(&exit, false));
}
END_TEST

START_TEST(a_nanny_can_be_lost_while_something_lingers)
{
    g_auto(TpsExit) exit = {0};

    run_detached("(while ! test -f go; do sleep 0.01; done; kill -9 $(cat nanny); " SLEEP
                 ") & echo $PPID >nanny",
                 &exit);
    ck_assert_ptr_nonnull(exit.linger);
    write_file(directory, "go", "\n", 0644);
    ck_assert(tps_executor_settle(&exit, true));
    assert_end(exit, TPS_END_LOST, 0);
    tps_exit_clear(&exit);
    run_detached("exit 5", &exit);
    assert_end(exit, TPS_END_EXITED, 5);
}
END_TEST

/* One that waits for a child of vfork() is in state D, and stops when that has gone on. */
static bool is_stopped(const char *pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", atoi(pid));
    g_autofree char *text = NULL;

    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    return strchr("TD", strrchr(text, ')')[2]) != NULL;
}

static void assert_stops(const char *pid)
{
    int64_t give_up_us = g_get_monotonic_time() + LONG_US;

    while (!is_stopped(pid)) {
        ck_assert_msg(g_get_monotonic_time() < give_up_us, "it runs on");
        g_usleep(1000);
    }
}

/* Its time is shorter than the pause; the lingerer's too. */
#define PAUSED_US INT64_C(3000000)
#define TIMED_US INT64_C(2000000)

static void *run_timed(void *data)
{
    TpsCommand base = {.cwd = directory, .timeout_us = TIMED_US, .grace_us = LONG_US};

    run_script(executor, 1,
               "setsid sh -c 'echo $$ >daemon; while ! test -f go; do sleep 0.01; done' & "
               "while ! test -s daemon; do sleep 0.01; done; cat daemon >pids; "
               "while ! test -f go; do sleep 0.01; done; wait; echo done",
               &base, data);
    return NULL;
}

static void *run_later(void *data)
{
    run_script(executor, 0, "echo ran", NULL, data);
    return NULL;
}

START_TEST(a_pause_stops_processes_and_clocks)
{
    g_auto(TpsExit) lingering = {0};
    g_auto(TpsExit) timed = {0};
    g_auto(TpsExit) later = {0};
    g_autofree char *daemon = NULL;
    GThread *threads[2];

    run_script(executor, 0, "(while ! test -f go; do sleep 0.01; done; echo late) & exit 0",
               &(TpsCommand){.cwd = directory, .leak_us = TIMED_US, .detach = true}, &lingering);
    threads[0] = g_thread_new("timed", run_timed, &timed);
    daemon = await_file(directory, "pids");
    tps_executor_pause(executor);
    assert_stops(daemon);
    threads[1] = g_thread_new("later", run_later, &later);
    g_usleep((gulong)PAUSED_US);
    ck_assert(is_stopped(daemon));
    write_file(directory, "go", "\n", 0644);
    tps_executor_continue(executor);
    g_thread_join(threads[0]);
    g_thread_join(threads[1]);
    ck_assert(tps_executor_settle(&lingering, true));
    assert_end(timed, TPS_END_EXITED, 0);
    ck_assert_str_eq(timed.output, "done\n");
    ck_assert_int_ge(timed.paused_us, PAUSED_US);
    ck_assert_int_ge(timed.ended_us - timed.started_us, timed.paused_us);
    ck_assert_int_eq(lingering.n_leaked, 0);
    assert_end(later, TPS_END_EXITED, 0);
    ck_assert_int_ge(later.started_us, timed.ended_us - timed.paused_us);
}
END_TEST

START_TEST(what_is_paused_can_be_stopped)
{
    g_auto(TpsExit) timed = {0};
    GThread *thread = g_thread_new("timed", run_timed, &timed);

    g_free(await_file(directory, "pids"));
    tps_executor_pause(executor);
    tps_executor_stop(executor, _i == 0 ? TPS_STOP_TERM : TPS_STOP_KILL);
    g_thread_join(thread);
    assert_end(timed, TPS_END_CANCELLED, 0);
    assert_gone(directory, "pids", 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("linger");
    TCase *tests = tcase_create("linger");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_slot_goes_on_while_others_linger);
    tcase_add_test(tests, a_helper_that_ends_in_time_is_no_leak);
    tcase_add_test(tests, the_whole_output_is_kept_of_what_lingers);
    tcase_add_test(tests, what_leaves_nothing_is_final_at_once);
    tcase_add_test(tests, a_nanny_can_be_lost_while_something_lingers);
    tcase_add_test(tests, a_pause_stops_processes_and_clocks);
    tcase_add_loop_test(tests, what_is_paused_can_be_stopped, 0, 2);
    tcase_set_timeout(tests, 120);
    suite_add_tcase(suite, tests);
    return unit_main(suite);
}
