/* SPDX-License-Identifier: MIT */
#include "formats/junit_internal.h"

#include <string.h>

/* A "todo" may fail: that is what its author expects. */
static bool is_todo(const TpsResult *verdict)
{
    return verdict->outcome == TPS_OUTCOME_SKIPPED && g_strcmp0(verdict->type, "todo") == 0;
}

static TpsOutcome worst_of(const GPtrArray *verdicts)
{
    TpsOutcome worst = TPS_OUTCOME_SKIPPED;

    for (guint i = 0; i < verdicts->len; i++) {
        const TpsResult *verdict = g_ptr_array_index(verdicts, i);

        if (is_todo(verdict))
            return TPS_OUTCOME_SKIPPED;
        worst = MAX(worst, verdict->outcome);
    }
    return worst;
}

static bool status_is_skipped(const char *status)
{
    static const char *const skipped[] = {"notrun", "disabled", "suppressed", "skipped", NULL};

    return status && g_strv_contains(skipped, status);
}

/* Some reporters say it there, and have no element for it. */
static bool status_is_failed(const char *status)
{
    static const char *const failed[] = {"fail",    "failed",  "failure", "error",
                                         "timeout", "crashed", "aborted", NULL};

    return status && g_strv_contains(failed, status);
}

bool tps_junit_status_decides(const char *status)
{
    return status_is_skipped(status) || status_is_failed(status);
}

/* ctest calls skipped what it was not able to run, and exits with 8. */
static bool could_not_run(const TpsJunitCase *testcase, const GPtrArray *verdicts)
{
    static const char *const reasons[] = {"Unable to find executable", "Fixture dependency failed",
                                          NULL};
    const TpsResult *verdict = g_ptr_array_index(verdicts, 0);

    return g_strcmp0(testcase->status, "notrun") == 0 && verdict->message &&
           g_strv_contains(reasons, verdict->message);
}

static TpsOutcome decide(const TpsJunitCase *testcase, const GPtrArray *verdicts)
{
    if (verdicts)
        return worst_of(verdicts);
    if (status_is_failed(testcase->status))
        return TPS_OUTCOME_FAILED;
    if (status_is_skipped(testcase->status))
        return TPS_OUTCOME_SKIPPED;
    if (testcase->result->attempts ||
        tps_properties_find(testcase->properties, TPS_JUNIT_PROPERTY_FLAKY))
        return TPS_OUTCOME_FLAKY;
    return TPS_OUTCOME_PASSED;
}

void tps_junit_settle(TpsJunitCase *testcase, GPtrArray *verdicts)
{
    TpsResult *result = testcase->result;
    GString *output = NULL;
    GString *text = NULL;
    bool decided = false;

    if (verdicts && could_not_run(testcase, verdicts))
        ((TpsResult *)g_ptr_array_index(verdicts, 0))->outcome = TPS_OUTCOME_ERROR;
    result->outcome = decide(testcase, verdicts);
    for (guint i = 0; verdicts && i < verdicts->len; i++) {
        TpsResult *verdict = g_ptr_array_index(verdicts, i);
        bool decides = !decided && verdict->outcome == result->outcome;

        if (decides) {
            decided = true;
            result->type = g_steal_pointer(&verdict->type);
            result->message = g_steal_pointer(&verdict->message);
        }
        tps_junit_text_append(&text, verdict->text ? verdict->text : verdict->message);
        tps_junit_text_append(&output, verdict->output);
    }
    tps_junit_text_append(&output, result->output);
    g_free(result->output);
    result->output = tps_junit_text_take(&output);
    result->text = tps_junit_text_take(&text);
}
