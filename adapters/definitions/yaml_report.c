/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/yaml_internal.h"

#include <string.h>

KEY(report_from, tps_definition_output, report.source.from)
KEY(report_reader, tps_definition_reader, report.source.reader)
KEY(report_records, tps_yaml_read_text, report.source.records)
KEY(report_id, tps_definition_field, report.id)
KEY(report_case, tps_definition_field, report.inner)
KEY(report_outcome, tps_definition_field, report.outcome)
KEY(report_words, tps_definition_words, report.words)
KEY(report_message, tps_definition_field, report.message)
KEY(report_text, tps_definition_field, report.text)
KEY(report_output, tps_definition_field, report.output)
KEY(report_file, tps_definition_field, report.file)
KEY(report_line, tps_definition_field, report.line)
KEY(report_optional, tps_yaml_read_bool, report.is_optional)
KEY(report_proof, tps_definition_output, report.proof)
KEY(report_remove, tps_definition_run_command, report.remove)

#define TIME(function, nanoseconds)                                                                \
    static bool function(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)     \
    {                                                                                              \
        TpsReporting *report = &((TpsFramework *)target)->report;                                  \
                                                                                                   \
        report->time_unit_ns = (nanoseconds);                                                      \
        return tps_definition_field(yaml, node, &report->time, error);                             \
    }
TIME(report_seconds, 1000000000)
TIME(report_milliseconds, 1000000)
TIME(report_microseconds, 1000)
TIME(report_nanoseconds, 1)

static bool report_deselected(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    static const char *const words[] = {"absent", "skipped", NULL};
    int choice;

    if (!tps_definition_choice(yaml, node, words, &choice, error))
        return false;
    ((TpsFramework *)target)->report.deselected_are_skipped = choice == 1;
    return true;
}

static const TpsYamlKey report_keys[] = {
    {"from", report_from, NULL},
    {"reader", report_reader, NULL},
    {"records", report_records, NULL},
    {"id", report_id, NULL},
    {"case", report_case, NULL},
    {"outcome", report_outcome, NULL},
    {"words", report_words, NULL},
    {"seconds", report_seconds, NULL},
    {"milliseconds", report_milliseconds, NULL},
    {"microseconds", report_microseconds, NULL},
    {"nanoseconds", report_nanoseconds, NULL},
    {"message", report_message, NULL},
    {"text", report_text, NULL},
    {"output", report_output, NULL},
    {"file", report_file, NULL},
    {"line", report_line, NULL},
    {"deselected", report_deselected, NULL},
    {"optional", report_optional, NULL},
    {"proof", report_proof, NULL},
    {"remove", report_remove, NULL},
};

/* These say themselves which testcase it was and what became of it. */
static bool knows_results(TpsReader reader)
{
    return reader == TPS_READER_CHECK || reader == TPS_READER_EXIT || reader == TPS_READER_JOURNAL;
}

/* And these what became of it. */
static bool knows_outcomes(TpsReader reader)
{
    return knows_results(reader) || reader == TPS_READER_JUNIT || reader == TPS_READER_TAP ||
           reader == TPS_READER_GO_TEST;
}

bool tps_definition_report(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsReporting *report = &((TpsFramework *)target)->report;
    TpsReader reader;

    if (!tps_yaml_read_mapping(yaml, node, report_keys, G_N_ELEMENTS(report_keys), target, error))
        return false;
    reader = report->source.reader;
    if (reader == TPS_READER_NONE || reader == TPS_READER_CTEST)
        return tps_yaml_fail(yaml, node, error, "'reader' must say how the report is read");
    if (!report->id && !knows_results(reader))
        return tps_yaml_fail(yaml, node, error, "'id' is missing: which fields name a testcase?");
    if (report->deselected_are_skipped && knows_results(reader) && reader != TPS_READER_CHECK)
        return tps_yaml_fail(yaml, node, error, "'deselected' is for reports of a framework");
    if (report->is_optional && knows_results(reader))
        return tps_yaml_fail(yaml, node, error, "'optional' is for reports of a framework");
    if (!report->outcome && !knows_outcomes(reader))
        return tps_yaml_fail(yaml, node, error, "'outcome' is missing: which field has it?");
    return tps_definition_finish_source(yaml, node, &report->source, error);
}

KEY(progress_start, tps_definition_pattern, progress.start)
KEY(progress_end, tps_definition_pattern, progress.end)
KEY(progress_words, tps_definition_words, progress.words)

static bool names_id(const GRegex *pattern)
{
    return g_regex_get_string_number(pattern, "id") >= 0;
}

static const TpsYamlKey progress_keys[] = {
    {"start", progress_start, NULL},
    {"end", progress_end, NULL},
    {"words", progress_words, NULL},
};

bool tps_definition_progress(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const TpsProgress *progress = &((TpsFramework *)target)->progress;

    if (!tps_yaml_read_mapping(yaml, node, progress_keys, G_N_ELEMENTS(progress_keys), target,
                               error))
        return false;
    if (!progress->start || !progress->end)
        return tps_yaml_fail(yaml, node, error, "'start' and 'end' are needed");
    return names_id(progress->start) ||
           tps_yaml_fail(yaml, node, error, "'start' needs a group (?<id>...)");
}
