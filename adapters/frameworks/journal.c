/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/journal_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/duration.h"
#include "formats/files.h"
#include "formats/json.h"

#include <string.h>

/* The helpers' words; a testcase that was only set up and torn down was skipped. */
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

/* Optional members: a text that isn't empty, a time. */
static char *text_of(const cJSON *entry, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(entry, name);

    return cJSON_IsString(value) && *value->valuestring ? g_strdup(value->valuestring) : NULL;
}

static int64_t time_of(const cJSON *entry, const char *name)
{
    int64_t time_us;

    return tps_json_get_seconds(entry, name, &time_us, NULL) ? time_us : TPS_TIME_UNKNOWN;
}

/* Something is added to a testcase that had ended: what broke after it. Its time is known. */
static bool is_correction(const TpsHelperJournal *journal, const char *id)
{
    return g_strcmp0(journal->running, id) != 0 && tps_gather_is_said(journal->gather, id);
}

static void take_end(TpsHelperJournal *journal, TpsResult *result)
{
    if (is_correction(journal, result->id))
        result->time_us = TPS_TIME_UNKNOWN;
    else
        g_clear_pointer(&journal->running, g_free);
    tps_gather_result(journal->gather, result);
}

static bool read_end(TpsHelperJournal *journal, const cJSON *entry, int64_t at_us)
{
    g_autofree char *inner = text_of(entry, "case");
    const char *id;
    const char *outcome;
    TpsResult *result;

    if (!tps_json_get_string(entry, "end", &id, NULL) ||
        !tps_json_get_string(entry, "outcome", &outcome, NULL))
        return false;
    result = tps_result_new(inner ? inner : id, parse_outcome(outcome), time_of(entry, "seconds"));
    result->text = text_of(entry, "text");
    result->message = text_of(entry, "message");
    result->output = text_of(entry, "output");
    if (inner)
        tps_gather_case(journal->gather, id, result);
    else
        take_end(journal, result);
    if (at_us != TPS_TIME_UNKNOWN)
        journal->last_us = at_us;
    return true;
}

static bool read_start(TpsHelperJournal *journal, const char *id, int64_t at_us)
{
    g_free(journal->running);
    journal->running = g_strdup(id);
    journal->since_us = at_us;
    return true;
}

static bool read_entry(TpsHelperJournal *journal, const char *line, size_t length)
{
    g_autoptr(cJSON) entry = tps_json_parse(line, length, NULL);
    const char *id;
    int64_t at_us;

    if (!entry)
        return false;
    at_us = time_of(entry, "at");
    if (journal->first_us == TPS_TIME_UNKNOWN)
        journal->first_us = at_us;
    if (tps_json_get_string(entry, "rest", &id, NULL)) {
        g_ptr_array_add(journal->rest, g_strdup(id));
        return true;
    }
    if (!tps_json_get_string(entry, "start", &id, NULL))
        return read_end(journal, entry, at_us);
    /* An inner case that started says nothing of the testcase it is in. */
    return cJSON_HasObjectItem(entry, "case") || read_start(journal, id, at_us);
}

TpsHelperJournal *tps_helper_journal_read(const char *path)
{
    TpsHelperJournal *journal = g_new0(TpsHelperJournal, 1);
    g_autofree char *text = NULL;
    const char *line;
    const char *end;

    journal->gather = tps_gather_new();
    journal->rest = g_ptr_array_new_with_free_func(g_free);
    journal->first_us = TPS_TIME_UNKNOWN;
    journal->last_us = TPS_TIME_UNKNOWN;
    if (!path || !tps_file_read_regular(path, &text, NULL, NULL))
        return journal;
    journal->is_there = true;
    for (line = text; (end = strchr(line, '\n')); line = end + 1) {
        if (!read_entry(journal, line, (size_t)(end - line)))
            break;
    }
    return journal;
}

void tps_helper_journal_free(TpsHelperJournal *journal)
{
    if (!journal)
        return;
    tps_gather_free(journal->gather);
    g_ptr_array_unref(journal->rest);
    g_free(journal->running);
    g_free(journal);
}

void tps_helper_journal_report(TpsHelperJournal *journal, TpsGather *gather, const TpsExit *exit)
{
    if (journal->running)
        tps_gather_result(journal->gather,
                          tps_result_crashed(journal->running, journal->since_us, exit));
    tps_gather_merge(gather, journal->gather);
}

void tps_helper_journal_times(const TpsHelperJournal *journal, TpsFrameworkReport *report,
                              const TpsExit *exit)
{
    if (journal->first_us >= exit->started_us && journal->first_us <= exit->ended_us)
        report->setup_us = journal->first_us - exit->started_us;
    /* What follows the last testcase that ended is no teardown while another one runs. */
    if (!journal->running && journal->last_us != TPS_TIME_UNKNOWN &&
        journal->last_us >= exit->started_us && journal->last_us <= exit->ended_us)
        report->teardown_us = exit->ended_us - journal->last_us;
}
