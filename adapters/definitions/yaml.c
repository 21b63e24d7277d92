/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/template.h"
#include "adapters/definitions/yaml_internal.h"
#include "core/error.h"

#include <string.h>

KEY(file_summary, tps_yaml_read_text, summary)
KEY(file_tried, tps_yaml_read_text, tried)
/* It may name no program, being one. */
static bool file_program(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    char ***words = &((TpsFramework *)target)->program;

    if (!tps_definition_any_command(yaml, node, words, error))
        return false;
    for (char **word = *words; *word; word++)
        if (tps_template_has(*word, "program") || tps_template_has(*word, "args"))
            return tps_yaml_fail(yaml, node, error, "'%s' is not the name of a program", *word);
    return true;
}

KEY(file_program_in, tps_yaml_read_texts, program_in)
KEY(file_start_up, tps_yaml_read_duration, start_up_us)
KEY(file_environment, tps_definition_any_environment, environment)

/* In front of nothing is not removed. */
static bool file_prepend(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    char ***entries = &((TpsFramework *)target)->prepend;

    if (!tps_definition_any_environment(yaml, node, entries, error))
        return false;
    for (char **entry = *entries; *entry; entry++)
        if (!strchr(*entry, '=') || g_str_has_suffix(*entry, "="))
            return tps_yaml_fail(yaml, node, error, "there is nothing to put in front of '%s'",
                                 *entry);
    return true;
}

KEY(file_files, tps_yaml_read_texts, files)
KEY(file_journal, tps_yaml_read_bool, journal)

static bool read_unit(TpsYaml *yaml, const yaml_node_t *node, TpsUnit *unit, GError **error)
{
    const char *text = tps_yaml_scalar(yaml, node, "a unit", error);

    if (!text)
        return false;
    return tps_unit_parse(text, unit) ||
           tps_yaml_fail(yaml, node, error, "'%s' is not testcase, class or file", text);
}
KEY(file_unit, read_unit, unit)
KEY(file_finest_unit, read_unit, finest_unit)

static bool trace_file(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_text(yaml, node, &((TpsTrace *)target)->file, error);
}

static bool trace_contains(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_definition_pattern(yaml, node, &((TpsTrace *)target)->contains, error);
}

static bool trace_program(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_text(yaml, node, &((TpsTrace *)target)->program, error);
}

static const char *const marks_words[] = {
    [TPS_MARKS_PROJECT] = "project", [TPS_MARKS_PACKAGE] = "package", [TPS_MARKS_BUILD] = "build",
    [TPS_MARKS_SOURCE] = "source",   [TPS_MARKS_TESTS] = "tests",     [TPS_MARKS_MAYBE] = "maybe",
    [TPS_MARKS_MAYBE + 1] = NULL,
};

static bool trace_marks(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    int choice;

    if (!tps_definition_choice(yaml, node, marks_words, &choice, error))
        return false;
    ((TpsTrace *)target)->marks = (TpsMarks)choice;
    return true;
}

static const TpsYamlKey trace_keys[] = {
    {"marks", trace_marks, NULL},
    {"file", trace_file, NULL},
    {"contains", trace_contains, NULL},
    {"program", trace_program, NULL},
};

/* What it marks where that isn't said: "*_spec.rb" is one of many, "Gemfile" the only one. */
#define MARKS_UNSAID ((TpsMarks)(TPS_MARKS_MAYBE + 1))

static bool add_trace(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsTrace *trace = g_new0(TpsTrace, 1);

    trace->marks = MARKS_UNSAID;
    g_ptr_array_add(((TpsFramework *)target)->traces, trace);
    if (!tps_yaml_read_mapping(yaml, node, trace_keys, G_N_ELEMENTS(trace_keys), trace, error))
        return false;
    if (trace->marks == MARKS_UNSAID)
        trace->marks = trace->file && trace->file[0] == '*' ? TPS_MARKS_TESTS : TPS_MARKS_PROJECT;
    return (!trace->file != !trace->program) ||
           tps_yaml_fail(yaml, node, error, "either 'file' or 'program' is needed");
}

static bool file_detect(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_list(yaml, node, add_trace, target, error);
}

KEY(init_covers, tps_yaml_read_texts, init.covers)
KEY(init_args, tps_yaml_read_texts, init.args)
KEY(init_deep, tps_yaml_read_texts, init.deep)
KEY(init_package, tps_yaml_read_text, init.package)
KEY(init_hint, tps_yaml_read_text, init.hint)

static const TpsYamlKey init_keys[] = {
    {"covers", init_covers, NULL},   {"args", init_args, NULL}, {"deep", init_deep, NULL},
    {"package", init_package, NULL}, {"hint", init_hint, NULL},
};

static bool file_init(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_mapping(yaml, node, init_keys, G_N_ELEMENTS(init_keys), target, error);
}

KEY(exit_passed, tps_definition_statuses, exit.passed)
KEY(exit_failed, tps_definition_statuses, exit.failed)
KEY(exit_no_tests, tps_definition_statuses, exit.no_tests)
KEY(exit_skipped, tps_definition_statuses, exit.skipped)
KEY(exit_other, tps_yaml_read_env, exit.other)

static const TpsYamlKey exit_keys[] = {
    {"passed", exit_passed, NULL},     {"failed", exit_failed, NULL},
    {"no_tests", exit_no_tests, NULL}, {"skipped", exit_skipped, NULL},
    {"other", exit_other, NULL},
};

static bool file_exit(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_mapping(yaml, node, exit_keys, G_N_ELEMENTS(exit_keys), target, error);
}

static const TpsYamlKey keys[] = {
    {"summary", file_summary, NULL},
    {"tried", file_tried, NULL},
    {"program", file_program, NULL},
    {"program_in", file_program_in, NULL},
    {"unit", file_unit, NULL},
    {"finest_unit", file_finest_unit, NULL},
    {"start_up", file_start_up, NULL},
    {"environment", file_environment, NULL},
    {"prepend", file_prepend, NULL},
    {"files", file_files, NULL},
    {"detect", file_detect, NULL},
    {"init", file_init, NULL},
    {"list", tps_definition_list, NULL},
    {"run", tps_definition_run, NULL},
    {"report", tps_definition_report, NULL},
    {"progress", tps_definition_progress, NULL},
    {"journal", file_journal, NULL},
    {"exit", file_exit, NULL},
};

static bool read_file(TpsYaml *yaml, const yaml_node_t *root, void *target, GError **error)
{
    TpsFramework *framework = target;

    if (!tps_yaml_read_mapping(yaml, root, keys, G_N_ELEMENTS(keys), target, error))
        return false;
    if (!framework->summary)
        return tps_yaml_fail(yaml, root, error, "'summary' is missing");
    if (!framework->run.command)
        return tps_yaml_fail(yaml, root, error, "'run' is missing");
    if (framework->report.source.reader == TPS_READER_NONE)
        return tps_yaml_fail(yaml, root, error, "'report' is missing");
    return tps_definition_settle(yaml, root, framework, error);
}

TpsFramework *tps_framework_parse(const char *name, const char *text, size_t length,
                                  const char *origin, GError **error)
{
    g_autoptr(TpsFramework) framework = tps_framework_new(name);
    g_autofree char *called = origin ? g_strdup(origin) : g_strconcat(name, ".yaml", NULL);

    framework->origin = g_strdup(origin);
    if (!tps_yaml_parse(called, text, length, read_file, framework, error))
        return NULL;
    if (!framework->run.command) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s:1:1: there is nothing in it", called);
        return NULL;
    }
    return g_steal_pointer(&framework);
}
