/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/pytest_journal_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/duration.h"
#include "formats/json.h"

#include <string.h>

/* The plugin's words; a testcase that was only set up and torn down was skipped. */
static TpsOutcome parse_outcome(const char *name)
{
    static const TpsOutcome outcomes[] = {TPS_OUTCOME_SKIPPED, TPS_OUTCOME_PASSED,
                                          TPS_OUTCOME_FAILED};

    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        if (strcmp(tps_outcome_name(outcomes[i]), name) == 0)
            return outcomes[i];
    }
    return TPS_OUTCOME_ERROR;
}

static bool read_end(TpsPytestJournal *journal, const cJSON *entry, int64_t at_us)
{
    const char *id;
    const char *outcome;
    const char *text;
    int64_t time_us;
    TpsResult *result;

    if (!tps_json_get_string(entry, "end", &id, NULL) ||
        !tps_json_get_string(entry, "outcome", &outcome, NULL) ||
        !tps_json_get_string(entry, "text", &text, NULL) ||
        !tps_json_get_seconds(entry, "seconds", &time_us, NULL))
        return false;
    result = tps_result_new(id, parse_outcome(outcome), time_us);
    if (*text)
        result->text = g_strdup(text);
    g_ptr_array_add(journal->results, result);
    g_clear_pointer(&journal->running, g_free);
    journal->last_us = at_us;
    return true;
}

static bool read_entry(TpsPytestJournal *journal, const char *line, size_t length)
{
    g_autoptr(cJSON) entry = tps_json_parse(line, length, NULL);
    const char *id;
    int64_t at_us;

    if (!entry || !tps_json_get_seconds(entry, "at", &at_us, NULL))
        return false;
    if (journal->first_us == TPS_TIME_UNKNOWN)
        journal->first_us = at_us;
    if (tps_json_get_string(entry, "rest", &id, NULL)) {
        g_ptr_array_add(journal->rest, g_strdup(id));
        return true;
    }
    if (!tps_json_get_string(entry, "start", &id, NULL))
        return read_end(journal, entry, at_us);
    g_free(journal->running);
    journal->running = g_strdup(id);
    journal->since_us = at_us;
    return true;
}

TpsPytestJournal *tps_pytest_journal_read(const char *path)
{
    TpsPytestJournal *journal = g_new0(TpsPytestJournal, 1);
    g_autofree char *text = NULL;
    const char *line;
    const char *end;

    journal->results = tps_results_new();
    journal->rest = g_ptr_array_new_with_free_func(g_free);
    journal->first_us = TPS_TIME_UNKNOWN;
    journal->last_us = TPS_TIME_UNKNOWN;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return journal;
    for (line = text; (end = strchr(line, '\n')); line = end + 1) {
        if (!read_entry(journal, line, (size_t)(end - line)))
            break;
    }
    return journal;
}

void tps_pytest_journal_free(TpsPytestJournal *journal)
{
    if (!journal)
        return;
    g_ptr_array_unref(journal->results);
    g_ptr_array_unref(journal->rest);
    g_free(journal->running);
    g_free(journal);
}

void tps_pytest_journal_report(TpsPytestJournal *journal, TpsFrameworkReport *report,
                               const TpsExit *exit)
{
    g_ptr_array_extend_and_steal(report->results, g_steal_pointer(&journal->results));
    journal->results = tps_results_new();
    if (journal->running)
        g_ptr_array_add(report->results,
                        tps_result_crashed(journal->running, journal->since_us, exit));
    tps_report_fold(report);
}

void tps_pytest_journal_times(const TpsPytestJournal *journal, TpsFrameworkReport *report,
                              const TpsExit *exit)
{
    if (journal->first_us >= exit->started_us)
        report->setup_us = journal->first_us - exit->started_us;
    /* What follows the last testcase that ended is no teardown while another one runs. */
    if (!journal->running && journal->last_us != TPS_TIME_UNKNOWN &&
        journal->last_us <= exit->ended_us)
        report->teardown_us = exit->ended_us - journal->last_us;
}
