/* SPDX-License-Identifier: MIT */
#include "core/result.h"

#include "core/duration.h"

#include <string.h>

static const char *const outcome_names[] = {
    [TPS_OUTCOME_SKIPPED] = "skipped", [TPS_OUTCOME_PASSED] = "passed",
    [TPS_OUTCOME_FLAKY] = "flaky",     [TPS_OUTCOME_FAILED] = "failed",
    [TPS_OUTCOME_ERROR] = "error",
};

static const char *const end_names[] = {
    [TPS_END_EXITED] = "exited",       [TPS_END_SIGNALED] = "signaled",
    [TPS_END_TIMEOUT] = "timeout",     [TPS_END_NOT_STARTED] = "not-started",
    [TPS_END_CANCELLED] = "cancelled", [TPS_END_LOST] = "lost",
};

const char *tps_outcome_name(TpsOutcome outcome)
{
    return outcome_names[outcome];
}

bool tps_outcome_is_bad(TpsOutcome outcome)
{
    return outcome >= TPS_OUTCOME_FAILED;
}

TpsResult *tps_result_new(const char *id, TpsOutcome outcome, int64_t time_us)
{
    TpsResult *result = g_new0(TpsResult, 1);

    result->id = g_strdup(id);
    result->outcome = outcome;
    result->time_us = time_us;
    return result;
}

void tps_result_free(TpsResult *result)
{
    if (!result)
        return;
    g_free(result->id);
    g_free(result->file);
    g_free(result->type);
    g_free(result->message);
    g_free(result->text);
    g_free(result->output);
    g_clear_pointer(&result->attempts, g_ptr_array_unref);
    g_clear_pointer(&result->cases, g_ptr_array_unref);
    g_clear_pointer(&result->properties, g_ptr_array_unref);
    g_free(result);
}

GPtrArray *tps_results_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)tps_result_free);
}

void tps_result_add_case(TpsResult *result, TpsResult *inner)
{
    if (!result->cases)
        result->cases = tps_results_new();
    g_ptr_array_add(result->cases, inner);
}

static int result_compare(const TpsResult *a, const TpsResult *b);

/* Earlier attempts have the name of the last one, cases each their own. */
static int named_compare(const TpsResult *a, const TpsResult *b)
{
    int order = result_compare(a, b);

    return order ? order : g_strcmp0(a->id, b->id);
}

static int lists_compare(const GPtrArray *a, const GPtrArray *b,
                         int (*compare)(const TpsResult *, const TpsResult *))
{
    guint n_a = a ? a->len : 0;
    guint n_b = b ? b->len : 0;
    int order = (n_a > n_b) - (n_a < n_b);

    for (guint i = 0; !order && i < n_a; i++)
        order = compare(g_ptr_array_index(a, i), g_ptr_array_index(b, i));
    return order;
}

/* A total order over everything a report shows, so that "the greater one" is well defined. */
static int result_compare(const TpsResult *a, const TpsResult *b)
{
    int order;

    if (a->outcome != b->outcome)
        return a->outcome < b->outcome ? -1 : 1;
    if (a->time_us != b->time_us)
        return a->time_us < b->time_us ? -1 : 1;
    order = g_strcmp0(a->message, b->message);
    if (!order)
        order = g_strcmp0(a->text, b->text);
    if (!order)
        order = g_strcmp0(a->output, b->output);
    if (!order)
        order = g_strcmp0(a->type, b->type);
    if (!order)
        order = g_strcmp0(a->file, b->file);
    if (!order)
        order = (a->line > b->line) - (a->line < b->line);
    if (!order)
        order = lists_compare(a->attempts, b->attempts, result_compare);
    return order ? order : lists_compare(a->cases, b->cases, named_compare);
}

void tps_result_fold(TpsResult *result, TpsResult *other)
{
    if (result_compare(result, other) < 0) {
        TpsResult kept = *result;
        char *spare_id = other->id;

        *result = *other;
        result->id = kept.id; /* somebody may hold it as a key */
        *other = kept;
        other->id = spare_id;
    }
    if (other->properties) {
        tps_properties_append(&result->properties, other->properties);
        tps_properties_settle(result->properties); /* an order that does not tell who came first */
    }
    tps_result_free(other);
}

/* What `earlier` had before it, and itself if it failed, in front of the history of `result`. */
static void prepend(TpsResult *result, TpsResult *earlier)
{
    g_autoptr(GPtrArray) before = g_steal_pointer(&earlier->attempts);
    gint place = 0;

    if (!result->attempts)
        result->attempts = tps_results_new();
    for (guint i = 0; before && i < before->len; i++)
        g_ptr_array_insert(result->attempts, place++, g_steal_pointer(&before->pdata[i]));
    if (tps_outcome_is_bad(earlier->outcome))
        g_ptr_array_insert(result->attempts, place, earlier);
    else
        tps_result_free(earlier);
}

void tps_result_fold_attempt(TpsResult *result, TpsResult *earlier)
{
    if (earlier->outcome == TPS_OUTCOME_SKIPPED || earlier->outcome == TPS_OUTCOME_PASSED) {
        tps_result_free(earlier);
        return;
    }
    if (result->outcome == TPS_OUTCOME_SKIPPED) {
        tps_result_fold(result, earlier);
        return;
    }
    if (result->outcome == TPS_OUTCOME_PASSED)
        result->outcome = TPS_OUTCOME_FLAKY;
    prepend(result, earlier);
}

const char *tps_end_name(TpsEnd end)
{
    return end_names[end];
}

bool tps_end_parse(const char *name, TpsEnd *end)
{
    for (size_t i = 0; i < G_N_ELEMENTS(end_names); i++) {
        if (strcmp(end_names[i], name) == 0) {
            *end = (TpsEnd)i;
            return true;
        }
    }
    return false;
}

static char *describe_signal(int code)
{
    const char *abbreviation = sigabbrev_np(code);

    return abbreviation ? g_strdup_printf("killed by SIG%s", abbreviation)
                        : g_strdup_printf("killed by signal %d", code);
}

char *tps_end_describe(TpsEnd end, int code, int64_t wall_us)
{
    g_autofree char *wall = tps_duration_format(wall_us);

    switch (end) {
    case TPS_END_EXITED:
        return g_strdup_printf("exit status %d", code);
    case TPS_END_SIGNALED:
        return describe_signal(code);
    case TPS_END_TIMEOUT:
        return g_strdup_printf("timed out after %s", wall);
    case TPS_END_NOT_STARTED:
        return g_strdup_printf("could not start: %s", g_strerror(code));
    case TPS_END_CANCELLED:
        return g_strdup("cancelled");
    case TPS_END_LOST:
        return g_strdup("lost: its supervisor was killed");
    }
    return g_strdup("ended in an unknown way");
}

char *tps_end_explain(TpsEnd end, int code, int64_t wall_us, bool core_dumped, bool oom_killed)
{
    g_autofree char *what = tps_end_describe(end, code, wall_us);

    if (end != TPS_END_SIGNALED || !(core_dumped || oom_killed))
        return g_steal_pointer(&what);
    return g_strconcat(what, oom_killed ? " (out of memory)" : " (core dumped)", NULL);
}

TpsPartReport *tps_part_report_new(const char *suite, TpsPart part)
{
    TpsPartReport *report = g_new0(TpsPartReport, 1);

    report->suite = g_strdup(suite);
    report->part = part;
    report->attempt = 1;
    report->n_pieces = 1;
    report->n_processes = 1;
    report->setup_us = TPS_TIME_UNKNOWN;
    report->teardown_us = TPS_TIME_UNKNOWN;
    report->planned = g_ptr_array_new_with_free_func(g_free);
    report->added = g_ptr_array_new_with_free_func(g_free);
    report->removed = g_ptr_array_new_with_free_func(g_free);
    report->results = tps_results_new();
    report->problems = g_ptr_array_new_with_free_func(g_free);
    report->unselected = g_ptr_array_new_with_free_func(g_free);
    report->properties = tps_properties_new();
    report->artifacts = tps_artifacts_new();
    return report;
}

void tps_part_report_free(TpsPartReport *report)
{
    if (!report)
        return;
    g_free(report->plan_id);
    g_free(report->run_id);
    g_free(report->suite);
    g_free(report->host);
    g_clear_pointer(&report->pieces, g_array_unref);
    g_ptr_array_unref(report->planned);
    g_ptr_array_unref(report->added);
    g_ptr_array_unref(report->removed);
    g_ptr_array_unref(report->results);
    g_ptr_array_unref(report->problems);
    g_ptr_array_unref(report->unselected);
    g_ptr_array_unref(report->properties);
    g_ptr_array_unref(report->artifacts);
    g_free(report->leaked);
    g_free(report->output);
    g_free(report->output_file);
    g_free(report->kept);
    g_free(report->origin);
    g_free(report->digest);
    g_free(report);
}

bool tps_part_report_is_bad(const TpsPartReport *report)
{
    if (!report->done || report->problems->len + report->unselected->len > 0 ||
        report->end != TPS_END_EXITED)
        return true;
    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        if (tps_outcome_is_bad(result->outcome))
            return true;
    }
    return false;
}
