/* SPDX-License-Identifier: MIT */
#include "core/status.h"
#include "scheduler/join.h"
#include "scheduler/task_internal.h"

#include <string.h>

bool tps_batch_has_failed(const TpsPartReport *report)
{
    for (guint i = 0; i < report->results->len; i++)
        if (tps_outcome_is_bad(((const TpsResult *)g_ptr_array_index(report->results, i))->outcome))
            return true;
    return false;
}

/* A result of no testcase. Takes the message. */
static void add_process_result(TpsPartReport *report, char *message)
{
    g_autofree char *label = tps_part_label(report->suite, report->part);
    g_autofree char *id = g_strdup_printf("%s: process", label);
    TpsResult *result = tps_result_new(id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

    result->type = g_strdup("tpsched.process");
    result->message = message;
    g_ptr_array_add(report->results, result);
}

static bool leak_fails(const TpsLingeringBatch *run)
{
    TpsLeak leak = run->work->suite->leak;

    return leak == TPS_LEAK_FAILS || (leak == TPS_LEAK_UNSAID && run->context->leak_fails);
}

/*
 * A green report can come from a dead process. When no testcase explains how the process ended, the
 * process itself is what failed. A program whose one testcase is its exit status explains itself.
 */
void tps_batch_judge(const TpsLingeringBatch *run)
{
    TpsPartReport *report = run->report;
    g_autofree char *end = NULL;

    if (report->end == TPS_END_CANCELLED || tps_batch_has_failed(report))
        return;
    if (tps_status_left_something(report) && leak_fails(run))
        add_process_result(report, tps_status_describe_leak(report));
    if ((report->end == TPS_END_EXITED && (report->code == 0 || run->others_failed)) ||
        tps_framework_is_exit_status(run->work->suite))
        return;
    end = tps_status_describe_end(report);
    add_process_result(report, g_strdup_printf("%s, and no testcase failed", end));
}

/* What has a result was begun, whatever the framework says. */
void tps_batch_drop_begun(const TpsPartReport *report, GPtrArray *rest)
{
    g_autoptr(GHashTable) begun = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < report->results->len; i++)
        g_hash_table_add(begun, ((TpsResult *)g_ptr_array_index(report->results, i))->id);
    for (guint i = rest->len; i-- > 0;)
        if (g_hash_table_contains(begun, g_ptr_array_index(rest, i)))
            g_ptr_array_remove_index(rest, i);
}

/* None of its testcases can run: each has failed, but for the user's own wish to stop. */
void tps_batch_fail_setup(const TpsLingeringBatch *run, const TpsHooksAnswer *setup)
{
    const GPtrArray *testcases = run->testcases;

    if (setup->cancelled) {
        tps_join_end(run->report, TPS_END_CANCELLED, 0);
        return;
    }
    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        TpsResult *result = tps_result_new(testcase->id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

        result->type = g_strdup("tpsched.setup");
        result->message = g_strdup(setup->failure);
        g_ptr_array_add(run->report->results, result);
    }
    tps_join_output(run->report, setup->output);
}
