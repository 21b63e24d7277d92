/* SPDX-License-Identifier: MIT */
#include "adapters/executor.h"
#include "core/error.h"
#include "tests/adapters/commands.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static TpsExecutor *executor;
static char *directory;

static void setup(void)
{
    executor = new_executor(1);
    directory = make_directory();
}

static void teardown(void)
{
    g_clear_pointer(&executor, tps_executor_free);
    g_clear_pointer(&directory, remove_directory);
}

static const int exit_codes[] = {0, 1, 2, 77, 126, 127, 128, 255};

START_TEST(reports_exit_status)
{
    g_autofree char *script = g_strdup_printf("exit %d", exit_codes[_i]);
    g_auto(TpsExit) exit = {0};

    run_script(executor, 0, script, NULL, &exit);
    assert_end(exit, TPS_END_EXITED, exit_codes[_i]);
    ck_assert_str_eq(exit.output, "");
    ck_assert_int_gt(exit.cpu_us, 0);
    ck_assert_int_gt(exit.max_rss_bytes, 64 * 1024);
    ck_assert_int_eq(exit.n_leaked, 0);
    ck_assert_int_eq(exit.n_survivors, 0);
}
END_TEST

/* Those that do nothing, and those that stop: what ends it then is our own SIGKILL. */
static bool is_harmless(int number)
{
    return number == SIGCHLD || number == SIGCONT || number == SIGURG || number == SIGWINCH;
}

static bool stops(int number)
{
    return number == SIGSTOP;
}

/* The group of a session's first process is an orphaned one: the terminal's signals can't stop it.
 */
static bool is_of_terminal(int number)
{
    return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

START_TEST(reports_signals)
{
    g_autofree char *script = g_strdup_printf("ulimit -c 0; kill -%d $$; exit 3", _i);
    TpsCommand base = {.timeout_us = stops(_i) ? 100000 : 0, .grace_us = 1};
    g_auto(TpsExit) exit = {0};

    run_script(executor, 0, script, &base, &exit);
    if (stops(_i))
        assert_end(exit, TPS_END_TIMEOUT, 0);
    else if (is_harmless(_i) || is_of_terminal(_i))
        assert_end(exit, TPS_END_EXITED, 3);
    else
        assert_end(exit, TPS_END_SIGNALED, _i);
    ck_assert(!exit.core_dumped);
    ck_assert(!exit.oom_killed);
}
END_TEST

/* Whether there is a dump depends on the machine, so ask the machine. */
START_TEST(reports_core_dumps)
{
    g_autofree char *script = g_strdup_printf("cd '%s'; ulimit -c unlimited 2>/dev/null; "
                                              "kill -ABRT $$",
                                              directory);
    const char *argv[] = {"/bin/sh", "-c", script, NULL};
    g_auto(TpsExit) exit = {0};
    int status;

    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, NULL, &status, NULL));
    run_script(executor, 0, script, NULL, &exit);
    assert_end(exit, TPS_END_SIGNALED, SIGABRT);
    ck_assert_int_eq(exit.core_dumped, WCOREDUMP(status) != 0);
}
END_TEST

/* What cannot be started; paths are in a directory with the files made below. */
static const struct {
    const char *program;
    const char *cwd;
    int failure;
} unstartable[] = {
    {"missing", NULL, ENOENT},
    {"./missing", NULL, ENOENT},
    {"", NULL, ENOENT},
    {"./plain", NULL, EACCES},
    {"plain", NULL, EACCES},
    {".", NULL, EACCES},
    {"./plain/x", NULL, ENOTDIR},
    {"./no-interpreter-line", NULL, ENOEXEC},
    {"./missing-interpreter", NULL, ENOENT},
    {"/bin/true", "missing", ENOENT},
    {"/bin/true", "plain", ENOTDIR},
};

START_TEST(reports_why_it_did_not_start)
{
    const char *program = unstartable[_i].program;
    g_autofree char *path = g_strconcat("PATH=/nowhere:", directory, NULL);
    g_autofree char *cwd = g_build_filename(directory, unstartable[_i].cwd, NULL);
    const char *argv[] = {program, NULL};
    const char *env[] = {path, NULL};
    TpsCommand command = {.argv = (char **)argv, .env = (char **)env, .cwd = cwd};
    g_auto(TpsExit) exit = {0};

    write_file(directory, "plain", "text", 0644);
    write_file(directory, "no-interpreter-line", "exit 0\n", 0755);
    write_file(directory, "missing-interpreter", "#!/nowhere/sh\n", 0755);
    run_command(executor, 0, &command, &exit);
    assert_end(exit, TPS_END_NOT_STARTED, unstartable[_i].failure);
    tps_exit_clear(&exit);
    run_script(executor, 0, "exit 4", NULL, &exit); /* and the slot is as before */
    assert_end(exit, TPS_END_EXITED, 4);
}
END_TEST

START_TEST(looks_in_the_path_of_the_command)
{
    const char *argv[] = {"tool", "x", NULL};
    const char *env[] = {"PATH=/nowhere:sub:/bin", NULL};
    TpsCommand command = {.argv = (char **)argv, .env = (char **)env, .cwd = directory};
    g_autofree char *sub = g_build_filename(directory, "sub", NULL);
    g_auto(TpsExit) exit = {0};

    g_mkdir(sub, 0755);
    write_file(sub, "tool", "#!/bin/sh\necho \"tool $1 in $(pwd)\"\n", 0755);
    run_command(executor, 0, &command, &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert(g_str_has_prefix(exit.output, "tool x in /"));
    ck_assert_ptr_nonnull(strstr(exit.output, directory));
}
END_TEST

START_TEST(changes_the_environment)
{
    const char *env[] = {"TPS_NEW=a=b", "TPS_OLD=new", "TPS_GONE", "TPS_EMPTY=", NULL};
    TpsCommand base = {.env = (char **)env};
    g_auto(TpsExit) exit = {0};

    g_clear_pointer(&executor, tps_executor_free);
    g_setenv("TPS_OLD", "old", TRUE);
    g_setenv("TPS_GONE", "there", TRUE);
    g_setenv("TPS_KEPT", "kept", TRUE);
    executor = new_executor(1);
    g_setenv("TPS_KEPT", "too late", TRUE); /* it has the environment that it was made in */
    run_script(executor, 0,
               "echo $TPS_NEW ${TPS_OLD} ${TPS_GONE-gone} ${TPS_EMPTY-unset}. $TPS_KEPT", &base,
               &exit);
    ck_assert_str_eq(exit.output, "a=b new gone . kept\n");
}
END_TEST

START_TEST(clears_the_environment)
{
    const char *env[] = {"TPS_NEW=1", "PATH=/usr/bin:/bin", "TPS_NEW=2", "TPS_GONE", NULL};
    TpsCommand base = {.env = (char **)env, .clear_env = true};
    g_auto(TpsExit) exit = {0};

    run_script(executor, 0, "exec env", &base, &exit);
    ck_assert_ptr_nonnull(strstr(exit.output, "TPS_NEW=2\n"));
    ck_assert_ptr_null(strstr(exit.output, "TPS_NEW=1\n"));
    ck_assert_ptr_null(strstr(exit.output, "HOME="));
    ck_assert_ptr_null(strstr(exit.output, "TPS_GONE"));
}
END_TEST

/* More than a packet holds: values, and names. */
START_TEST(passes_a_large_environment)
{
    g_autoptr(GPtrArray) env = g_ptr_array_new_with_free_func(g_free);
    TpsCommand base = {0};
    g_auto(TpsExit) exit = {0};

    for (int i = 0; i < 3000; i++)
        g_ptr_array_add(env, g_strdup_printf("TPS_%d=%d", i, i));
    g_ptr_array_add(env, g_strdup_printf("TPS_LONG=%0*d", 100000, 7));
    g_ptr_array_add(env, NULL);
    base.env = (char **)env->pdata;
    run_script(executor, 0, "echo $TPS_0 $TPS_2999 ${#TPS_LONG}", &base, &exit);
    ck_assert_str_eq(exit.output, "0 2999 100000\n");
}
END_TEST

START_TEST(starts_in_our_present_directory)
{
    g_autofree char *expected = g_strconcat(directory, "\n", NULL);
    g_auto(TpsExit) exit = {0};

    ck_assert_int_eq(g_chdir(directory), 0); /* after the nannies were forked */
    run_script(executor, 0, "pwd -P", NULL, &exit);
    ck_assert_int_eq(g_chdir("/"), 0);
    ck_assert_str_eq(exit.output, expected);
}
END_TEST

START_TEST(passes_any_argument)
{
    const char *argv[] = {"printf", "<%s>", "$(x)", "",         " ",    "a\nb",
                          "'\"`\\", "*",    "--",   "\xff\x01", "../x", NULL};
    TpsCommand command = {.argv = (char **)argv};
    g_auto(TpsExit) exit = {0};

    run_command(executor, 0, &command, &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_str_eq(exit.output, "<$(x)><>< ><a\nb><'\"`\\><*><--><\xff\x01><../x>");
}
END_TEST

START_TEST(passes_many_arguments)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autofree char *long_argument = g_strnfill(100000, 'x');
    TpsCommand command = {0};
    g_auto(TpsExit) exit = {0};

    g_ptr_array_add(argv, (char *)"/bin/sh");
    g_ptr_array_add(argv, (char *)"-c");
    g_ptr_array_add(argv, (char *)"echo $# ${#1} ${5000}");
    g_ptr_array_add(argv, (char *)"sh");
    g_ptr_array_add(argv, long_argument);
    for (int i = 1; i < 5000; i++)
        g_ptr_array_add(argv, (char *)"tests/test_something.py::test_that");
    g_ptr_array_add(argv, NULL);
    command.argv = (char **)argv->pdata;
    run_command(executor, 0, &command, &exit);
    ck_assert_str_eq(exit.output, "5000 100000 tests/test_something.py::test_that\n");
}
END_TEST

START_TEST(reports_too_long_arguments)
{
    g_autofree char *argument = g_strnfill(4 * 1024 * 1024, 'x');
    const char *argv[] = {"/bin/true", argument, NULL};
    TpsCommand command = {.argv = (char **)argv};
    g_auto(TpsExit) exit = {0};

    run_command(executor, 0, &command, &exit);
    assert_end(exit, TPS_END_NOT_STARTED, E2BIG);
}
END_TEST

/* It inherits nothing from us that is not said in the header. */
START_TEST(gives_a_clean_start)
{
    g_auto(TpsExit) exit = {0};

    run_script(executor, 0,
               "ls /proc/self/fd | tr '\\n' ' '; readlink /proc/self/fd/0;"
               "grep -E '^Sig(Blk|Ign)' /proc/self/status | tr -d '\\t';"
               "(: </dev/tty) 2>/dev/null || echo no terminal",
               NULL, &exit);
    ck_assert_str_eq(exit.output, "0 1 2 3 /dev/null\n"
                                  "SigBlk:0000000000000000\n"
                                  "SigIgn:0000000000000000\n"
                                  "no terminal\n");
}
END_TEST

static void ignore_signals(void)
{
    sigset_t all;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    setup();
}

START_TEST(keeps_the_order_of_both_outputs)
{
    g_autoptr(GString) expected = g_string_new(NULL);
    g_auto(TpsExit) exit = {0};

    for (int i = 0; i < 500; i++)
        g_string_append_printf(expected, "out %d\nerr %d\n", i, i);
    run_script(executor, 0,
               "i=0; while [ $i -lt 500 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done", NULL,
               &exit);
    ck_assert_str_eq(exit.output, expected->str);
    ck_assert_uint_eq(exit.output_bytes, expected->len);
}
END_TEST

START_TEST(writes_standard_output_to_a_file)
{
    g_autofree char *path = g_build_filename(directory, "list", NULL);
    g_autofree char *text = NULL;
    TpsCommand base = {.stdout_path = path};
    g_auto(TpsExit) exit = {0};

    write_file(directory, "list", "something old and longer\n", 0644);
    run_script(executor, 0, "echo talk >&2; echo answer", &base, &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_str_eq(exit.output, "talk\n");
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    ck_assert_str_eq(text, "answer\n");
}
END_TEST

START_TEST(reads_standard_input_from_a_file)
{
    g_autofree char *input = g_build_filename(directory, "input", NULL);
    g_autofree char *output = g_build_filename(directory, "output", NULL);
    g_autofree char *text = NULL;
    TpsCommand base = {.stdin_path = input, .stdout_path = output};
    g_auto(TpsExit) exit = {0};

    write_file(directory, "input", "one\n$(two)", 0444);
    run_script(executor, 0, "cat; cat >&2", &base, &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_str_eq(exit.output, "");
    ck_assert(g_file_get_contents(output, &text, NULL, NULL));
    ck_assert_str_eq(text, "one\n$(two)");
}
END_TEST

/* Also in a slot whose command before had a file. */
START_TEST(has_no_standard_input_else)
{
    g_autofree char *input = g_build_filename(directory, "input", NULL);
    TpsCommand base = {.stdin_path = input};
    g_auto(TpsExit) before = {0};
    g_auto(TpsExit) exit = {0};

    write_file(directory, "input", "text", 0644);
    run_script(executor, 0, "true", &base, &before);
    run_script(executor, 0, "readlink /proc/self/fd/0; cat", NULL, &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_str_eq(exit.output, "/dev/null\n");
}
END_TEST

START_TEST(says_which_file_it_cannot_read)
{
    const char *argv[] = {"/bin/true", NULL};
    TpsCommand command = {.argv = (char **)argv, .stdin_path = "/nowhere/input"};
    g_auto(TpsExit) exit = {0};
    GError *error = NULL;

    ck_assert(!tps_executor_run(executor, 0, &command, &exit, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR,
                 "cannot read '/nowhere/input': No such file or directory");
}
END_TEST

START_TEST(says_which_file_it_cannot_write)
{
    const char *argv[] = {"/bin/true", NULL};
    TpsCommand command = {.argv = (char **)argv, .stdout_path = "/nowhere/list"};
    g_auto(TpsExit) exit = {0};
    GError *error = NULL;

    ck_assert(!tps_executor_run(executor, 0, &command, &exit, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR,
                 "cannot write '/nowhere/list': No such file or directory");
}
END_TEST

static long max_rss_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

START_TEST(bounds_the_output)
{
    long before_kib = max_rss_kib();
    g_auto(TpsExit) exit = {0};

    run_script(executor, 0, "seq 7000000", NULL, &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_uint_eq(exit.output_bytes, 54888896);
    ck_assert(g_str_has_prefix(exit.output, "1\n2\n3\n"));
    ck_assert(g_str_has_suffix(exit.output, "6999999\n7000000\n"));
    ck_assert_ptr_nonnull(strstr(exit.output, "\n[... 54823360 bytes cut ...]\n"));
    ck_assert_uint_lt(strlen(exit.output), 66 * 1024);
    ck_assert_int_lt(max_rss_kib() - before_kib, 16 * 1024);
}
END_TEST

START_TEST(bounds_a_gigabyte)
{
    long before_kib = max_rss_kib();
    g_auto(TpsExit) exit = {0};

    run_script(executor, 0, "head -c 1073741824 /dev/zero", NULL, &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_uint_eq(exit.output_bytes, UINT64_C(1) << 30);
    ck_assert_int_lt(max_rss_kib() - before_kib, 16 * 1024);
}
END_TEST

static int64_t thread_cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

START_TEST(does_not_spin_on_closed_output)
{
    int64_t before_us = thread_cpu_us();
    g_auto(TpsExit) exit = {0};

    run_script(executor, 0, "echo last words; exec >&- 2>&-; sleep 1; exit 5", NULL, &exit);
    assert_end(exit, TPS_END_EXITED, 5);
    ck_assert_str_eq(exit.output, "last words\n");
    ck_assert_int_lt(thread_cpu_us() - before_us, 300000);
}
END_TEST

START_TEST(counts_the_cpu_time_of_orphans)
{
    g_auto(TpsExit) exit = {0};

    run_script(executor, 0,
               "(sh -c 'i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done' &) ; exec sleep 3", NULL,
               &exit);
    assert_end(exit, TPS_END_EXITED, 0);
    ck_assert_int_gt(exit.cpu_us, 5000);
}
END_TEST

/* Each slot's thread runs its own exit codes, so that a mix-up is seen. */
static void *run_slot(void *data)
{
    int slot = GPOINTER_TO_INT(data);

    for (int i = 0; i < 4; i++) {
        int code = slot * 4 + i;
        g_autofree char *script = g_strdup_printf("echo %d; exit %d", code, code);
        g_autofree char *expected = g_strdup_printf("%d\n", code);
        g_auto(TpsExit) exit = {0};

        run_script(executor, slot, script, NULL, &exit);
        assert_end(exit, TPS_END_EXITED, code);
        ck_assert_str_eq(exit.output, expected);
    }
    return NULL;
}

START_TEST(runs_in_all_slots_at_once)
{
    GThread *slots[64];

    tps_executor_free(executor);
    executor = new_executor(64);
    for (int slot = 0; slot < 64; slot++)
        slots[slot] = g_thread_new("slot", run_slot, GINT_TO_POINTER(slot));
    for (int slot = 0; slot < 64; slot++)
        g_thread_join(slots[slot]);
}
END_TEST

static TCase *start_tests(void)
{
    TCase *tests = tcase_create("start");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, reports_exit_status, 0, (int)G_N_ELEMENTS(exit_codes));
    tcase_add_test(tests, reports_core_dumps);
    tcase_add_loop_test(tests, reports_why_it_did_not_start, 0, (int)G_N_ELEMENTS(unstartable));
    tcase_add_test(tests, looks_in_the_path_of_the_command);
    tcase_add_test(tests, changes_the_environment);
    tcase_add_test(tests, clears_the_environment);
    tcase_add_test(tests, passes_a_large_environment);
    tcase_add_test(tests, starts_in_our_present_directory);
    tcase_add_test(tests, passes_any_argument);
    tcase_add_test(tests, passes_many_arguments);
    tcase_add_test(tests, reports_too_long_arguments);
    return tests;
}

static TCase *signal_tests(void)
{
    TCase *tests = tcase_create("signals");

    tcase_add_checked_fixture(tests, ignore_signals, teardown);
    tcase_add_loop_test(tests, reports_signals, 1, 65);
    tcase_add_test(tests, gives_a_clean_start);
    return tests;
}

static TCase *output_tests(void)
{
    TCase *tests = tcase_create("output");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, keeps_the_order_of_both_outputs);
    tcase_add_test(tests, writes_standard_output_to_a_file);
    tcase_add_test(tests, reads_standard_input_from_a_file);
    tcase_add_test(tests, has_no_standard_input_else);
    tcase_add_test(tests, says_which_file_it_cannot_read);
    tcase_add_test(tests, says_which_file_it_cannot_write);
    tcase_add_test(tests, bounds_the_output);
    tcase_add_test(tests, bounds_a_gigabyte);
    tcase_add_test(tests, does_not_spin_on_closed_output);
    tcase_add_test(tests, counts_the_cpu_time_of_orphans);
    tcase_add_test(tests, runs_in_all_slots_at_once);
    tcase_set_timeout(tests, 120);
    return tests;
}

int main(void)
{
    Suite *suite = suite_create("executor");

    suite_add_tcase(suite, start_tests());
    suite_add_tcase(suite, signal_tests());
    suite_add_tcase(suite, output_tests());
    return unit_main(suite);
}
