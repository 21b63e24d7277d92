/* SPDX-License-Identifier: MIT */
#include "adapters/framework.h"

#include <stdarg.h>

TpsInvocation *tps_invocation_new(void)
{
    TpsInvocation *invocation = g_new0(TpsInvocation, 1);

    invocation->argv = g_ptr_array_new_with_free_func(g_free);
    invocation->env = g_ptr_array_new_with_free_func(g_free);
    invocation->removed = g_ptr_array_new_with_free_func(g_free);
    invocation->testcases = g_ptr_array_new();
    return invocation;
}

void tps_invocation_free(TpsInvocation *invocation)
{
    if (!invocation)
        return;
    g_ptr_array_unref(invocation->argv);
    g_ptr_array_unref(invocation->env);
    g_ptr_array_unref(invocation->testcases);
    g_ptr_array_unref(invocation->removed);
    g_free(invocation->directory);
    g_free(invocation->stdin_path);
    g_free(invocation->stdout_path);
    g_free(invocation->report_path);
    g_free(invocation->journal_path);
    g_free(invocation->proof_path);
    g_free(invocation);
}

void tps_invocation_add(TpsInvocation *invocation, ...)
{
    va_list strings;
    const char *string;

    va_start(strings, invocation);
    while ((string = va_arg(strings, const char *)))
        g_ptr_array_add(invocation->argv, g_strdup(string));
    va_end(strings);
}

void tps_invocation_add_env(TpsInvocation *invocation, const char *name, const char *value)
{
    g_ptr_array_add(invocation->env,
                    value ? g_strdup_printf("%s=%s", name, value) : g_strdup(name));
}

TpsFrameworkReport *tps_framework_report_new(void)
{
    TpsFrameworkReport *report = g_new0(TpsFrameworkReport, 1);

    report->results = tps_results_new();
    report->problems = g_ptr_array_new_with_free_func(g_free);
    report->rest = g_ptr_array_new_with_free_func(g_free);
    report->properties = tps_properties_new();
    report->setup_us = TPS_TIME_UNKNOWN;
    report->teardown_us = TPS_TIME_UNKNOWN;
    return report;
}

void tps_framework_report_free(TpsFrameworkReport *report)
{
    if (!report)
        return;
    g_ptr_array_unref(report->results);
    g_ptr_array_unref(report->problems);
    g_ptr_array_unref(report->rest);
    g_ptr_array_unref(report->properties);
    g_free(report);
}
