/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/support_internal.h"
#include "core/duration.h"

#include <stdarg.h>
#include <string.h>

void tps_framework_report_complain(TpsFrameworkReport *report, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(report->problems, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

bool tps_report_end(TpsFrameworkReport *report, const TpsExit *exit)
{
    g_autofree char *how = NULL;

    if (exit->end == TPS_END_EXITED)
        return true;
    how = tps_exit_describe(exit);
    tps_framework_report_complain(report, "its process did not end by itself: %s", how);
    return false;
}

/* "was running for 2.3s": since a moment of the process's clock, or TPS_TIME_UNKNOWN */
static char *describe_running(int64_t since_us, const TpsExit *exit)
{
    g_autofree char *time = NULL;

    if (since_us == TPS_TIME_UNKNOWN || since_us > exit->ended_us)
        return g_strdup("was running");
    time = tps_duration_format(exit->ended_us - since_us);
    return g_strdup_printf("was running for %s", time);
}

TpsResult *tps_result_crashed(const char *id, int64_t since_us, const TpsExit *exit)
{
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);
    g_autofree char *how = tps_exit_describe(exit);
    g_autofree char *running = describe_running(since_us, exit);
    g_autofree char *output = tps_output_end(exit);

    result->type = g_strdup(exit->end == TPS_END_TIMEOUT ? "tpsched.timeout" : "tpsched.crashed");
    result->message = g_strdup_printf("%s when its process ended: %s", running, how);
    if (*output)
        result->output = g_steal_pointer(&output);
    return result;
}
