/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/support_internal.h"
#include "core/error.h"

#include <string.h>

/* "This test does not apply here", in automake, meson and the GNU tools. */
#define EXIT_SKIPPED 77

/* A program that says nothing but how it ended is one testcase, named like its suite. */
static GPtrArray *read_list(const TpsSuite *suite, const char *dir, const TpsExit *exit,
                            GError **error)
{
    GPtrArray *testcases;

    (void)dir;
    (void)exit;
    if (!suite->command && !suite->path) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "'command' must say what to run");
        return NULL;
    }
    testcases = tps_testcases_new();
    g_ptr_array_add(testcases, tps_testcase_new(suite->name));
    return testcases;
}

static GPtrArray *select_testcases(const TpsSuite *suite, const GPtrArray *testcases, bool all,
                                   const char *dir, GError **error)
{
    g_autoptr(TpsInvocation) invocation = tps_invocation_new();

    (void)testcases;
    (void)all;
    (void)dir;
    if (!tps_suite_add_program(suite, invocation, error))
        return NULL;
    return tps_invocations_of(g_steal_pointer(&invocation));
}

static TpsOutcome outcome_of(const TpsExit *exit)
{
    if (exit->end != TPS_END_EXITED)
        return TPS_OUTCOME_ERROR;
    if (exit->code == 0)
        return TPS_OUTCOME_PASSED;
    return exit->code == EXIT_SKIPPED ? TPS_OUTCOME_SKIPPED : TPS_OUTCOME_FAILED;
}

static TpsFrameworkReport *read_report(const TpsSuite *suite, const GPtrArray *testcases,
                                       const TpsInvocation *invocation, const TpsExit *exit)
{
    TpsFrameworkReport *report = tps_framework_report_new();
    TpsOutcome outcome = outcome_of(exit);
    TpsResult *result;

    (void)suite;
    (void)invocation;
    if (exit->end == TPS_END_NOT_STARTED || exit->end == TPS_END_CANCELLED ||
        exit->end == TPS_END_LOST || testcases->len == 0) {
        tps_report_end(report, exit);
        return report;
    }
    result = tps_result_new(((const TpsTestcase *)g_ptr_array_index(testcases, 0))->id, outcome,
                            tps_exit_time(exit));
    if (outcome != TPS_OUTCOME_PASSED)
        result->message = tps_exit_describe(exit);
    result->output = g_strdup(exit->output);
    g_ptr_array_add(report->results, result);
    return report;
}

const TpsFramework tps_framework_command = {
    .name = "command",
    .summary = "any program: exit status 0 is a pass, 77 a skip, everything else a failure",
    .default_unit = TPS_UNIT_TESTCASE,
    .finest_unit = TPS_UNIT_TESTCASE,
    .no_files = true,
    .read_list = read_list,
    .select = select_testcases,
    .read_report = read_report,
};
