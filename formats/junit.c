/* SPDX-License-Identifier: MIT */
#include "formats/junit.h"

#include "formats/junit_internal.h"

#include <string.h>

TpsJunitCase *tps_junit_case_new(void)
{
    TpsJunitCase *testcase = g_new0(TpsJunitCase, 1);

    testcase->properties = tps_properties_new();
    testcase->result = tps_result_new(NULL, TPS_OUTCOME_PASSED, TPS_TIME_UNKNOWN);
    return testcase;
}

void tps_junit_case_free(TpsJunitCase *testcase)
{
    if (!testcase)
        return;
    g_free(testcase->classname);
    g_free(testcase->name);
    g_free(testcase->status);
    g_ptr_array_unref(testcase->properties);
    tps_result_free(testcase->result);
    g_free(testcase);
}

TpsJunitSuite *tps_junit_suite_new(const char *name)
{
    TpsJunitSuite *suite = g_new0(TpsJunitSuite, 1);

    suite->name = g_strdup(name);
    suite->started_us = TPS_TIME_UNKNOWN;
    suite->time_us = TPS_TIME_UNKNOWN;
    suite->properties = tps_properties_new();
    suite->cases = g_ptr_array_new_with_free_func((GDestroyNotify)tps_junit_case_free);
    return suite;
}

static void suite_free(TpsJunitSuite *suite)
{
    g_free(suite->name);
    g_free(suite->hostname);
    g_ptr_array_unref(suite->properties);
    g_ptr_array_unref(suite->cases);
    g_free(suite->output);
    g_free(suite);
}

TpsJunit *tps_junit_new(void)
{
    TpsJunit *junit = g_new0(TpsJunit, 1);

    junit->suites = g_ptr_array_new_with_free_func((GDestroyNotify)suite_free);
    junit->warnings = g_ptr_array_new_with_free_func(g_free);
    return junit;
}

void tps_junit_free(TpsJunit *junit)
{
    if (!junit)
        return;
    g_ptr_array_unref(junit->suites);
    g_ptr_array_unref(junit->warnings);
    g_free(junit->problem);
    g_free(junit->digest);
    g_free(junit);
}
