/* SPDX-License-Identifier: MIT */
#include "cli/task_line.h"

#include "cli/terminal.h"
#include "core/duration.h"
#include "core/status.h"

#include <string.h>

static char *status_word(const TpsPartReport *report)
{
    TpsStatus status = tps_status_of(report);
    const char *signal;

    switch (status) {
    case TPS_STATUS_PASSED:
        return g_strdup("ok");
    case TPS_STATUS_SKIPPED:
        return g_strdup("SKIP");
    case TPS_STATUS_FAILED:
        return g_strdup("FAIL");
    case TPS_STATUS_SIGNALED:
        signal = sigabbrev_np(report->code);
        return signal ? g_strconcat("SIG", signal, NULL)
                      : g_strdup_printf("SIGNAL-%d", report->code);
    case TPS_STATUS_FLAKY:
    case TPS_STATUS_LEAK:
    case TPS_STATUS_TIMEOUT:
    case TPS_STATUS_NOT_STARTED:
    case TPS_STATUS_LOST:
    case TPS_STATUS_CANCELLED:
    case TPS_STATUS_NOT_RUN:
        break;
    }
    return g_ascii_strup(tps_status_name(status), -1);
}

static const char *status_colour(const TpsPartReport *report, FILE *stream)
{
    TpsStatus status = tps_status_of(report);

    if (status == TPS_STATUS_PASSED)
        return tps_green(stream);
    if (status == TPS_STATUS_SKIPPED || status == TPS_STATUS_FLAKY || status == TPS_STATUS_LEAK)
        return tps_yellow(stream);
    return tps_red(stream);
}

static void append_counts(GString *line, const TpsPartReport *report)
{
    guint count[TPS_OUTCOME_ERROR + 1] = {0};
    guint n_bad;

    for (guint i = 0; i < report->results->len; i++)
        count[((const TpsResult *)g_ptr_array_index(report->results, i))->outcome]++;
    n_bad = count[TPS_OUTCOME_FAILED] + count[TPS_OUTCOME_ERROR];
    g_string_append_printf(line, "%u ok", count[TPS_OUTCOME_PASSED]);
    if (count[TPS_OUTCOME_FLAKY] > 0)
        g_string_append_printf(line, ", %u flaky", count[TPS_OUTCOME_FLAKY]);
    if (count[TPS_OUTCOME_SKIPPED] > 0)
        g_string_append_printf(line, ", %u skipped", count[TPS_OUTCOME_SKIPPED]);
    if (n_bad > 0)
        g_string_append_printf(line, ", %u bad", n_bad);
}

static void append_times(GString *line, const TpsTask *task, const TpsPartReport *report)
{
    g_autofree char *wall = tps_duration_format(report->wall_us);
    g_autofree char *weight = tps_duration_format(task->weight_us);

    g_string_append_printf(line, " in %s (planned %s)", wall, weight);
    if (report->n_pieces > 1)
        g_string_append_printf(line, " in %d pieces", report->n_pieces);
}

static bool has_bad_result(const TpsPartReport *report)
{
    for (guint i = 0; i < report->results->len; i++)
        if (tps_outcome_is_bad(((const TpsResult *)g_ptr_array_index(report->results, i))->outcome))
            return true;
    return false;
}

/* What the word does not say; NULL = nothing. */
static char *describe(const TpsPartReport *report, bool timeless)
{
    switch (tps_status_of(report)) {
    case TPS_STATUS_FAILED:
        return has_bad_result(report) ? NULL : tps_status_describe_end(report);
    case TPS_STATUS_TIMEOUT:
        return timeless ? g_strdup("timed out") : tps_status_describe(report);
    case TPS_STATUS_SIGNALED:
    case TPS_STATUS_NOT_STARTED:
    case TPS_STATUS_LOST:
        return tps_status_describe(report);
    case TPS_STATUS_PASSED:
    case TPS_STATUS_SKIPPED:
    case TPS_STATUS_FLAKY:
    case TPS_STATUS_LEAK:
    case TPS_STATUS_CANCELLED:
    case TPS_STATUS_NOT_RUN:
        break;
    }
    return NULL;
}

/* Also of what failed in other ways. */
static void append_left(GString *line, const TpsPartReport *report, bool timeless)
{
    if (report->n_leaked > 0)
        g_string_append_printf(line, ", left %d process%s behind", report->n_leaked,
                               report->n_leaked == 1 ? "" : "es");
    if (report->n_leaked > 0 && report->leaked && !timeless)
        g_string_append_printf(line, ": %s", report->leaked);
    if (report->held_pipe)
        g_string_append(line, ", its output is held open");
}

char *tps_task_line(const TpsTask *task, const TpsPartReport *report, const char *label,
                    bool timeless, FILE *stream)
{
    GString *line = g_string_new(NULL);
    g_autofree char *word = status_word(report);
    g_autofree char *what = describe(report, timeless);

    g_string_append_printf(line, "%s%s%s %s: ", status_colour(report, stream), word,
                           tps_plain(stream), label);
    append_counts(line, report);
    if (!timeless)
        append_times(line, task, report);
    if (what)
        g_string_append_printf(line, ", %s", what);
    append_left(line, report, timeless);
    return g_string_free(line, FALSE);
}
