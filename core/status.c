/* SPDX-License-Identifier: MIT */
#include "core/status.h"

#include <string.h>

static const char *const names[] = {
    [TPS_STATUS_PASSED] = "passed",     [TPS_STATUS_SKIPPED] = "skipped",
    [TPS_STATUS_FLAKY] = "flaky",       [TPS_STATUS_LEAK] = "leak",
    [TPS_STATUS_FAILED] = "failed",     [TPS_STATUS_TIMEOUT] = "timeout",
    [TPS_STATUS_SIGNALED] = "signaled", [TPS_STATUS_NOT_STARTED] = "not-started",
    [TPS_STATUS_LOST] = "lost",         [TPS_STATUS_CANCELLED] = "cancelled",
    [TPS_STATUS_NOT_RUN] = "not-run",
};

const char *tps_status_name(TpsStatus status)
{
    return names[status];
}

bool tps_status_parse(const char *name, TpsStatus *status)
{
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *status = (TpsStatus)i;
            return true;
        }
    }
    return false;
}

/* Of the testcases alone. */
static TpsStatus status_of_results(const GPtrArray *results)
{
    bool all_skipped = results->len > 0;
    bool any_flaky = false;

    for (guint i = 0; i < results->len; i++) {
        const TpsResult *result = g_ptr_array_index(results, i);

        if (tps_outcome_is_bad(result->outcome))
            return TPS_STATUS_FAILED;
        all_skipped &= result->outcome == TPS_OUTCOME_SKIPPED;
        any_flaky |= result->outcome == TPS_OUTCOME_FLAKY;
    }
    if (any_flaky)
        return TPS_STATUS_FLAKY;
    return all_skipped ? TPS_STATUS_SKIPPED : TPS_STATUS_PASSED;
}

TpsStatus tps_status_of(const TpsPartReport *report)
{
    TpsStatus status = status_of_results(report->results);

    if (!report->done)
        return TPS_STATUS_LOST;
    switch (report->end) {
    case TPS_END_SIGNALED:
        return TPS_STATUS_SIGNALED;
    case TPS_END_TIMEOUT:
        return TPS_STATUS_TIMEOUT;
    case TPS_END_NOT_STARTED:
        return TPS_STATUS_NOT_STARTED;
    case TPS_END_CANCELLED:
        return TPS_STATUS_CANCELLED;
    case TPS_END_LOST:
        return TPS_STATUS_LOST;
    case TPS_END_EXITED:
        break;
    }
    if (status == TPS_STATUS_FAILED || report->problems->len > 0)
        return TPS_STATUS_FAILED;
    return tps_status_left_something(report) ? TPS_STATUS_LEAK : status;
}

char *tps_status_describe_leak(const TpsPartReport *report)
{
    if (report->n_leaked == 0)
        return g_strdup("left its output open in a process that is not its own");
    return g_strdup_printf("left %d process%s behind%s%s", report->n_leaked,
                           report->n_leaked == 1 ? "" : "es", report->leaked ? ": " : "",
                           report->leaked ? report->leaked : "");
}

char *tps_status_describe_end(const TpsPartReport *report)
{
    return tps_end_explain(report->end, report->code, report->wall_us, report->core_dumped,
                           report->oom_killed);
}

bool tps_status_left_something(const TpsPartReport *report)
{
    return report->n_leaked > 0 || report->held_pipe;
}

char *tps_status_describe(const TpsPartReport *report)
{
    TpsStatus status = tps_status_of(report);

    switch (status) {
    case TPS_STATUS_SIGNALED:
        return tps_status_describe_end(report);
    case TPS_STATUS_TIMEOUT:
    case TPS_STATUS_NOT_STARTED:
    case TPS_STATUS_LOST:
    case TPS_STATUS_CANCELLED:
        return tps_end_describe(report->done ? report->end : TPS_END_LOST, report->code,
                                report->wall_us);
    case TPS_STATUS_LEAK:
        return tps_status_describe_leak(report);
    case TPS_STATUS_PASSED:
    case TPS_STATUS_SKIPPED:
    case TPS_STATUS_FLAKY:
    case TPS_STATUS_FAILED:
    case TPS_STATUS_NOT_RUN:
        break;
    }
    return g_strdup(tps_status_name(status));
}
