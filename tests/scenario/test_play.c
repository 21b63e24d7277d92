/* SPDX-License-Identifier: MIT */
#include "scenario/file.h"
#include "scenario/report.h"

#include "core/error.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

static void setup(void)
{
    scratch_make();
    g_setenv("TPSCHED_SANDBOX", scratch_dir, TRUE);
}

static TpsScenario *scenario_of(const char *steps)
{
    g_autofree char *text =
        g_strdup_printf("name: n\nenv: {GREETING: 'a b', BOX: '${SANDBOX}', D: '${SCENARIO_DIR}'}\n"
                        "steps:\n%s",
                        steps);
    g_autofree char *path = scratch_text("scenario.yaml", text);
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new();
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_scenario_file_load(path, scenarios, &error), "%s",
                  error ? error->message : "");
    return g_ptr_array_index(scenarios, 0);
}

static TpsPlayResult *play(const TpsScenario *scenario, guint n_steps, TpsKeep keep)
{
    g_autoptr(TpsProcesses) processes = tps_processes_new(NULL);
    g_autoptr(GError) error = NULL;
    TpsPlayResult *result = tps_scenario_play(scenario, n_steps, keep, processes, &error);

    ck_assert_msg(result != NULL, "%s", error ? error->message : "");
    return result;
}

/* The problems of the step that failed, or "". */
static char *problems_of(const char *steps)
{
    g_autoptr(TpsScenario) scenario = scenario_of(steps);
    g_autoptr(TpsPlayResult) result = play(scenario, G_MAXUINT, TPS_KEEP_NONE);

    ck_assert_int_eq(result->outcome, result->failed ? TPS_OUTCOME_FAILED : TPS_OUTCOME_PASSED);
    ck_assert_ptr_null(result->kept);
    return result->failed ? tps_play_describe(scenario, result->failed) : g_strdup("");
}

static void assert_passes(const char *steps)
{
    g_autofree char *problems = problems_of(steps);

    ck_assert_str_eq(problems, "");
}

static void assert_fails(const char *steps, const char *problem)
{
    g_autofree char *problems = problems_of(steps);

    ck_assert_msg(g_str_has_suffix(problems, problem), "'%s' does not end with '%s'", problems,
                  problem);
}

/* Is nothing of that name there that tps_scenario_play made? */
static bool nothing_left(void)
{
    g_autoptr(GDir) dir = g_dir_open(scratch_dir, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)))
        if (g_str_has_prefix(name, "tpsched-scenario-"))
            return false;
    return true;
}

START_TEST(test_steps_share_the_sandbox)
{
    assert_passes(
        "  - run: '[ \"$PWD\" = \"$SANDBOX\" ] && [ -z \"$(ls -A)\" ] && mkdir d && echo x >d/f'\n"
        "  - {run: cat f, cwd: d, expect: {output_matches: '\\Ax\\n\\z'}}\n"
        "  - {run: 'true', expect: {dirs_exist: d, file_contains: {d/f: x}}}\n");
    ck_assert(nothing_left());
}
END_TEST

START_TEST(test_environment)
{
    g_setenv("TPSCHED_JOURNAL", "x", TRUE);
    assert_passes("  - run: '[ \"$GREETING\" = \"a b\" ] && [ \"$BOX\" = \"$PWD\" ]'\n"
                  "  - run: '[ \"$D\" = \"$SCENARIO_DIR\" ] && [ -f \"$D/scenario.yaml\" ]'\n"
                  "  - run: '[ -d \"$TMPDIR\" ] && [ -z \"$(ls -A \"$TMPDIR\")\" ]'\n"
                  "  - run: '[ \"$TMPDIR\" != \"$SANDBOX\" ] && [ -z \"$TPSCHED_JOURNAL\" ]'\n");
}
END_TEST

START_TEST(test_arguments_are_no_shell)
{
    assert_passes("  - run: [printf, '%s|', 'a b', '$(touch x)', '', '*']\n"
                  "    expect: {output_contains: 'a b|$(touch x)||*|', files_not_exist: x}\n");
}
END_TEST

START_TEST(test_input_is_empty)
{
    assert_passes("  - {run: 'cat; echo end', expect: {output_matches: '\\Aend\\n\\z'}}\n");
}
END_TEST

START_TEST(test_first_failure_ends_it)
{
    g_autoptr(TpsScenario) scenario = scenario_of(
        "  - run: 'true'\n  - {name: two, run: 'echo why; exit 7'}\n  - run: touch z\n");
    g_autoptr(TpsPlayResult) result = play(scenario, G_MAXUINT, TPS_KEEP_FAILED);
    g_autofree char *text = tps_play_describe(scenario, result->failed);
    g_autofree char *never = g_build_filename(result->kept, "sandbox", "z", NULL);
    g_autofree char *wanted =
        g_strdup_printf("%s:5: step 'two': expected exit code 0, got 7\n", scenario->file);

    ck_assert_str_eq(text, wanted);
    ck_assert_uint_eq(result->n_run, 2);
    ck_assert_str_eq(result->failed->output, "why\n");
    ck_assert(!g_file_test(never, G_FILE_TEST_EXISTS));
    ck_assert(g_file_test(result->kept, G_FILE_TEST_IS_DIR));
}
END_TEST

START_TEST(test_so_many_steps)
{
    g_autoptr(TpsScenario) scenario = scenario_of("  - run: touch a\n  - run: touch b\n");
    g_autoptr(TpsPlayResult) result = play(scenario, 1, TPS_KEEP_ALL);
    g_autofree char *a = g_build_filename(result->kept, "sandbox", "a", NULL);
    g_autofree char *b = g_build_filename(result->kept, "sandbox", "b", NULL);

    ck_assert_uint_eq(result->n_run, 1);
    ck_assert(g_file_test(a, G_FILE_TEST_EXISTS));
    ck_assert(!g_file_test(b, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_what_does_not_start)
{
    assert_fails("  - run: [no-such-program]\n",
                 ":4: step 1: cannot start 'no-such-program': No such file or directory\n");
    assert_fails("  - {run: x, cwd: none}\n",
                 ":4: step 1: cannot start in 'none': No such file or directory\n");
    assert_fails("  - run: ./file\n", ":4: step 1: expected exit code 0, got 127\n");
    ck_assert(nothing_left());
}
END_TEST

/* Both streams in the order in which they were written, also through /dev/stderr. */
START_TEST(test_one_output)
{
    assert_passes(
        "  - run: 'echo a; echo b >&2; echo c >/dev/stderr; echo d >/dev/stdout; echo e'\n"
        "    expect: {output_matches: '\\Aa\\nb\\nc\\nd\\ne\\n\\z'}\n");
}
END_TEST

/* More than a pipe holds, and all of it is looked at. */
START_TEST(test_large_output)
{
    g_autoptr(TpsScenario) scenario =
        scenario_of("  - run: 'echo first; yes x | head -c 3000000; echo middle; yes x | head -c "
                    "3000000; echo last; exit 1'\n"
                    "    expect: {exit_code: 2, output_contains: [first, middle, last], "
                    "output_matches: ^middle$}\n");
    g_autoptr(TpsPlayResult) result = play(scenario, G_MAXUINT, TPS_KEEP_NONE);

    ck_assert_uint_eq(result->failed->problems->len, 1);
    ck_assert_uint_eq(result->failed->output_bytes, 6000018);
    ck_assert_uint_lt(strlen(result->failed->output), 20000);
    ck_assert(g_str_has_prefix(result->failed->output, "first\n"));
    ck_assert(g_str_has_suffix(result->failed->output, "last\n"));
}
END_TEST

/*
 * What holds the output open does not hold the step, lives on while it prints more than a pipe
 * holds, and is gone in the end.
 */
START_TEST(test_background)
{
    g_autoptr(TpsScenario) scenario = scenario_of(
        "  - run: 'sh -c \"trap : TERM; while :; do echo noise; done\" & echo $! >pid'\n"
        "  - run: 'sleep 0.2; kill -0 $(cat pid)'\n");
    g_autoptr(TpsPlayResult) result = play(scenario, G_MAXUINT, TPS_KEEP_ALL);
    g_autofree char *path = g_build_filename(result->kept, "sandbox", "pid", NULL);
    g_autofree char *pid = scratch_read(path);

    ck_assert_int_eq(result->outcome, TPS_OUTCOME_PASSED);
    ck_assert_int_eq(kill(atoi(pid), 0), -1);
    ck_assert_int_eq(errno, ESRCH);
}
END_TEST

/* A signal ends the step that runs with all of its session, and is no result. */
START_TEST(test_stop)
{
    g_autoptr(TpsScenario) scenario =
        scenario_of("  - run: 'kill -TERM $PPID; sleep 600; sleep 600'\n  - run: touch never\n");
    g_autoptr(TpsPlayResult) result = play(scenario, G_MAXUINT, TPS_KEEP_FAILED);

    ck_assert(result->stopped);
    ck_assert_uint_eq(result->n_run, 1);
    ck_assert_ptr_null(result->kept);
    ck_assert(nothing_left());
}
END_TEST

START_TEST(test_stop_of_what_will_not)
{
    g_autoptr(TpsScenario) scenario = scenario_of(
        "  - run: 'trap \"\" TERM; kill -TERM $PPID; sleep 0.1; kill -TERM $PPID; while :; do "
        "sleep 600; done'\n");
    g_autoptr(TpsPlayResult) result = play(scenario, G_MAXUINT, TPS_KEEP_FAILED);

    ck_assert(result->stopped);
    ck_assert(nothing_left());
}
END_TEST

START_TEST(test_no_sandbox)
{
    g_autoptr(TpsScenario) scenario = scenario_of("  - run: 'true'\n");
    g_autoptr(TpsProcesses) processes = tps_processes_new(NULL);
    GError *error = NULL;

    g_setenv("TPSCHED_SANDBOX", "/dev/null", TRUE);
    ck_assert_ptr_null(tps_scenario_play(scenario, 1, TPS_KEEP_NONE, processes, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot make a sandbox in '/dev/null'");
}
END_TEST

START_TEST(test_journal)
{
    g_autoptr(TpsScenario) scenario = scenario_of("  - run: 'printf \"a\\\\377\"; exit 1'\n");
    g_autoptr(TpsPlayResult) result = play(scenario, 1, TPS_KEEP_NONE);
    g_autofree char *path = scratch_path("journal");
    int journal = g_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    g_autofree char *text = NULL;
    g_autofree char *wanted = g_strdup_printf("\"message\":\"%s:4: step 1: expected exit code 0, "
                                              "got 1\",\"text\":\"a\xef\xbf\xbd\\n%s:4: "
                                              "step 1: expected exit code 0, got 1\\n\",",
                                              scenario->file, scenario->file);

    ck_assert(tps_scenario_report_start(journal, scenario, NULL));
    ck_assert(tps_scenario_report_end(journal, result, NULL));
    close(journal);
    text = scratch_read(path);
    ck_assert(g_str_has_prefix(text, "{\"start\":\"n\",\"at\":"));
    ck_assert_msg(strstr(text, "}\n{\"end\":\"n\",\"outcome\":\"failed\",\"seconds\":") != NULL,
                  "%s", text);
    ck_assert_msg(strstr(text, wanted) != NULL, "%s", text);
    ck_assert(g_str_has_suffix(text, "}\n"));
}
END_TEST

START_TEST(test_selection)
{
    g_autoptr(TpsScenario) scenario = scenario_of("  - run: x\n");
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new();
    g_autofree char *good =
        scratch_text("good", "\n{\"id\": \"n\", \"file\": \"x\"}\n{\"id\":\"n\"}\n");
    g_autofree char *stale = scratch_text("stale", "{\"id\":\"n\"}\n{\"id\":\"name\"}\n");
    g_autofree char *broken = scratch_text("broken", "{\"id\":\"n\"}\n{\"id\"\n");
    g_autofree char *other = scratch_text("other", "{\"name\":\"n\"}\n");
    g_autoptr(GPtrArray) selected = NULL;
    GError *error = NULL;

    g_ptr_array_add(scenarios, scenario);
    selected = tps_scenario_select(scenarios, good, NULL);
    ck_assert_uint_eq(selected->len, 1);
    ck_assert_ptr_null(tps_scenario_select(scenarios, stale, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "stale:2: there is no scenario 'name'");
    ck_assert_ptr_null(tps_scenario_select(scenarios, broken, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "broken:2: ");
    ck_assert_ptr_null(tps_scenario_select(scenarios, other, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "other:1: ");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario/play");
    TCase *tcase = tcase_create("play");

    tcase_add_checked_fixture(tcase, setup, scratch_remove);
    tcase_add_test(tcase, test_steps_share_the_sandbox);
    tcase_add_test(tcase, test_environment);
    tcase_add_test(tcase, test_arguments_are_no_shell);
    tcase_add_test(tcase, test_input_is_empty);
    tcase_add_test(tcase, test_first_failure_ends_it);
    tcase_add_test(tcase, test_so_many_steps);
    tcase_add_test(tcase, test_what_does_not_start);
    tcase_add_test(tcase, test_one_output);
    tcase_add_test(tcase, test_large_output);
    tcase_add_test(tcase, test_background);
    tcase_add_test(tcase, test_stop);
    tcase_add_test(tcase, test_stop_of_what_will_not);
    tcase_add_test(tcase, test_no_sandbox);
    tcase_add_test(tcase, test_journal);
    tcase_add_test(tcase, test_selection);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
