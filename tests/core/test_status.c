/* SPDX-License-Identifier: MIT */
#include "core/status.h"
#include "tests/unit.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* What a task did, and what that is called. */
static const struct {
    TpsEnd end;
    int code;
    bool core_dumped;
    bool oom_killed;
    int n_leaked;
    bool held_pipe;
    const char *outcomes; /* a letter each: (p)assed, (s)kipped, fla(k)y, (f)ailed, (e)rror */
    const char *problem;
    const char *status;
    const char *described;
} cases[] = {
    {.end = TPS_END_EXITED, .outcomes = "p", .status = "passed", .described = "passed"},
    {.end = TPS_END_EXITED, .outcomes = "", .status = "passed", .described = "passed"},
    {.end = TPS_END_EXITED, .outcomes = "ss", .status = "skipped", .described = "skipped"},
    {.end = TPS_END_EXITED, .outcomes = "sp", .status = "passed", .described = "passed"},
    {.end = TPS_END_EXITED, .outcomes = "pk", .status = "flaky", .described = "flaky"},
    {.end = TPS_END_EXITED, .outcomes = "kf", .status = "failed", .described = "failed"},
    {.end = TPS_END_EXITED, .outcomes = "pe", .status = "failed", .described = "failed"},
    {.end = TPS_END_EXITED,
     .outcomes = "p",
     .problem = "torn",
     .status = "failed",
     .described = "failed"},
    {.end = TPS_END_EXITED,
     .outcomes = "p",
     .n_leaked = 1,
     .status = "leak",
     .described = "left 1 process behind: sleep (71)"},
    {.end = TPS_END_EXITED,
     .outcomes = "k",
     .n_leaked = 2,
     .status = "leak",
     .described = "left 2 processes behind: sleep (71)"},
    {.end = TPS_END_EXITED,
     .outcomes = "p",
     .held_pipe = true,
     .status = "leak",
     .described = "left its output open in a process that is not its own"},
    {.end = TPS_END_EXITED,
     .code = 1,
     .n_leaked = 1,
     .outcomes = "f",
     .status = "failed",
     .described = "failed"},
    {.end = TPS_END_SIGNALED,
     .code = SIGSEGV,
     .core_dumped = true,
     .outcomes = "",
     .status = "signaled",
     .described = "killed by SIGSEGV (core dumped)"},
    {.end = TPS_END_SIGNALED,
     .code = SIGKILL,
     .oom_killed = true,
     .outcomes = "e",
     .status = "signaled",
     .described = "killed by SIGKILL (out of memory)"},
    {.end = TPS_END_TIMEOUT,
     .outcomes = "pf",
     .status = "timeout",
     .described = "timed out after 2.0s"},
    {.end = TPS_END_NOT_STARTED,
     .code = ENOENT,
     .outcomes = "",
     .status = "not-started",
     .described = "could not start: No such file or directory"},
    {.end = TPS_END_CANCELLED, .outcomes = "p", .status = "cancelled", .described = "cancelled"},
    {.end = TPS_END_LOST,
     .outcomes = "",
     .status = "lost",
     .described = "lost: its supervisor was killed"},
};

static TpsOutcome outcome_of(char letter)
{
    switch (letter) {
    case 's':
        return TPS_OUTCOME_SKIPPED;
    case 'k':
        return TPS_OUTCOME_FLAKY;
    case 'f':
        return TPS_OUTCOME_FAILED;
    case 'e':
        return TPS_OUTCOME_ERROR;
    default:
        return TPS_OUTCOME_PASSED;
    }
}

static TpsPartReport *report_of(int i)
{
    TpsPartReport *report = tps_part_report_new("api", (TpsPart){0, 1});

    report->done = true;
    report->end = cases[i].end;
    report->code = cases[i].code;
    report->core_dumped = cases[i].core_dumped;
    report->oom_killed = cases[i].oom_killed;
    report->n_leaked = cases[i].n_leaked;
    report->leaked = cases[i].n_leaked ? g_strdup("sleep (71)") : NULL;
    report->held_pipe = cases[i].held_pipe;
    report->wall_us = 2000000;
    for (const char *letter = cases[i].outcomes; *letter; letter++)
        g_ptr_array_add(report->results, tps_result_new("t", outcome_of(*letter), 1));
    if (cases[i].problem)
        g_ptr_array_add(report->problems, g_strdup(cases[i].problem));
    return report;
}

START_TEST(names)
{
    g_autoptr(TpsPartReport) report = report_of(_i);
    g_autofree char *described = tps_status_describe(report);
    TpsStatus status = tps_status_of(report);
    TpsStatus parsed;

    ck_assert_str_eq(tps_status_name(status), cases[_i].status);
    ck_assert_str_eq(described, cases[_i].described);
    ck_assert(tps_status_parse(cases[_i].status, &parsed));
    ck_assert_int_eq(parsed, status);
}
END_TEST

/* Its process, whatever its results are; and what it left, whatever became of it. */
START_TEST(describes_its_end)
{
    g_autoptr(TpsPartReport) report = tps_part_report_new("api", (TpsPart){0, 1});
    g_autofree char *plain = tps_status_describe_end(report);
    g_autofree char *cored = NULL;
    g_autofree char *leak = NULL;

    ck_assert_str_eq(plain, "exit status 0");
    ck_assert(!tps_status_left_something(report));
    report->end = TPS_END_SIGNALED;
    report->code = SIGABRT;
    report->core_dumped = true;
    report->n_leaked = 2;
    cored = tps_status_describe_end(report);
    leak = tps_status_describe_leak(report);
    ck_assert_str_eq(cored, "killed by SIGABRT (core dumped)");
    ck_assert(tps_status_left_something(report));
    ck_assert_str_eq(leak, "left 2 processes behind");
}
END_TEST

START_TEST(is_lost_without_an_end)
{
    g_autoptr(TpsPartReport) report = tps_part_report_new("api", (TpsPart){0, 1});
    TpsStatus ignored;

    ck_assert_int_eq(tps_status_of(report), TPS_STATUS_LOST);
    ck_assert(!tps_status_parse("green", &ignored));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("status");
    TCase *tcase = tcase_create("status");

    tcase_add_loop_test(tcase, names, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, describes_its_end);
    tcase_add_test(tcase, is_lost_without_an_end);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
