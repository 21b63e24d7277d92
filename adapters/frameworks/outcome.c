/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/outcome_internal.h"
#include "adapters/frameworks/records_internal.h"
#include "core/duration.h"
#include "core/wildcard.h"

#include <math.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)
#define MILLISECOND_NS INT64_C(1000000)

static bool is_among(char *const *globs, const char *word)
{
    for (; globs && *globs; globs++)
        if (tps_wildcard_matches(*globs, word))
            return true;
    return false;
}

static bool parse_own(const char *word, TpsOutcome *outcome)
{
    static const TpsOutcome outcomes[] = {TPS_OUTCOME_PASSED, TPS_OUTCOME_SKIPPED,
                                          TPS_OUTCOME_FAILED, TPS_OUTCOME_ERROR};

    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        if (strcmp(tps_outcome_name(outcomes[i]), word) == 0) {
            *outcome = outcomes[i];
            return true;
        }
    }
    return false;
}

static bool parse_word(const TpsWords *words, const char *word, TpsOutcome *outcome)
{
    if (is_among(words->passed, word))
        *outcome = TPS_OUTCOME_PASSED;
    else if (is_among(words->skipped, word))
        *outcome = TPS_OUTCOME_SKIPPED;
    else if (is_among(words->failed, word))
        *outcome = TPS_OUTCOME_FAILED;
    else if (is_among(words->error, word))
        *outcome = TPS_OUTCOME_ERROR;
    else
        return parse_own(word, outcome);
    return true;
}

bool tps_outcome_from_record(const TpsReporting *report, GHashTable *record, TpsOutcome *outcome)
{
    g_autofree char *word = tps_record_text(record, report->outcome, "outcome");

    return parse_word(&report->words, word ? word : "", outcome);
}

/* A number of units of so many nanoseconds. */
static int64_t parse_time(const char *text, int64_t unit_ns)
{
    char *end = NULL;
    double number = text ? g_ascii_strtod(text, &end) : -1;
    double us = number * (double)unit_ns / 1000;

    if (!text || end == text || !isfinite(us) || us < 0 || us >= 9e18)
        return TPS_TIME_UNKNOWN;
    return (int64_t)llround(us);
}

static TpsResult *unknown_word(const char *id, const char *word)
{
    TpsResult *result = tps_result_new(id ? id : "", TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

    result->message = g_strdup_printf("it reports the outcome '%s', which nobody knows", word);
    return result;
}

TpsResult *tps_result_from_record(const TpsReporting *report, GHashTable *record)
{
    g_autofree char *word = tps_record_text(record, report->outcome, "outcome");
    g_autofree char *time = tps_record_text(record, report->time, "seconds");
    g_autofree char *line = tps_record_text(record, report->line, "line");
    const char *id = tps_record_get(record, "id");
    TpsOutcome outcome;
    TpsResult *result;

    if (!parse_word(&report->words, word ? word : "", &outcome))
        return unknown_word(id, word ? word : "");
    result = tps_result_new(id ? id : "", outcome, parse_time(time, report->time_unit_ns));
    result->message = tps_record_text(record, report->message, "message");
    result->text = tps_record_text(record, report->text, "text");
    result->output = tps_record_text(record, report->output, "output");
    result->file = tps_record_text(record, report->file, "file");
    result->line = line ? MAX(g_ascii_strtoll(line, NULL, 10), 0) : 0;
    return result;
}

TpsResult *tps_result_from_progress(const TpsProgress *progress, GHashTable *record)
{
    const char *id = tps_record_get(record, "id");
    const char *word = tps_record_get(record, "outcome");
    const char *seconds = tps_record_get(record, "seconds");
    const char *milliseconds = tps_record_get(record, "milliseconds");
    TpsOutcome outcome;
    TpsResult *result;

    if (!parse_word(&progress->words, word ? word : "", &outcome))
        return unknown_word(id, word ? word : "");
    result = tps_result_new(id, outcome,
                            seconds ? parse_time(seconds, SECOND_NS)
                                    : parse_time(milliseconds, MILLISECOND_NS));
    if (tps_outcome_is_bad(outcome))
        result->text = g_strdup(tps_record_get(record, "text"));
    return result;
}

TpsOutcome tps_outcome_from_exit(const TpsFramework *framework, const TpsExit *exit)
{
    if (exit->end != TPS_END_EXITED)
        return TPS_OUTCOME_ERROR;
    if (framework->exit.passed ? tps_statuses_have(framework->exit.passed, exit->code)
                               : exit->code == 0)
        return TPS_OUTCOME_PASSED;
    if (tps_statuses_have(framework->exit.skipped, exit->code) ||
        tps_statuses_have(framework->exit.no_tests, exit->code))
        return TPS_OUTCOME_SKIPPED;
    return !framework->exit.failed || tps_statuses_have(framework->exit.failed, exit->code)
               ? TPS_OUTCOME_FAILED
               : TPS_OUTCOME_ERROR;
}
