/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/template.h"
#include "adapters/definitions/yaml_internal.h"
#include "core/error.h"

#include <string.h>

KEY(file_summary, tps_yaml_read_text, summary)
KEY(file_tried, tps_yaml_read_text, tried)
KEY(file_program, tps_definition_command, program)
KEY(file_program_in, tps_yaml_read_texts, program_in)
KEY(file_start_up, tps_yaml_read_duration, start_up_us)
KEY(file_environment, tps_definition_environment, environment)
KEY(file_prepend, tps_definition_environment, prepend)
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
KEY(init_hint, tps_yaml_read_text, init.hint)

static const TpsYamlKey init_keys[] = {
    {"covers", init_covers, NULL},
    {"args", init_args, NULL},
    {"deep", init_deep, NULL},
    {"hint", init_hint, NULL},
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

/* Support files are unpacked beside each other: a name, and no way out of there. */
static bool check_files(TpsYaml *yaml, const yaml_node_t *root, const TpsFramework *framework,
                        GError **error)
{
    for (char **file = framework->files; file && *file; file++)
        if (strchr(*file, '/') || strcmp(*file, "..") == 0)
            return tps_yaml_fail(yaml, root, error,
                                 "'files' holds '%s', which is not a file's name", *file);
    return true;
}

static bool check_preload(TpsYaml *yaml, const yaml_node_t *root, const TpsFramework *framework,
                          const char *file, GError **error)
{
    return !file ||
           (framework->files && g_strv_contains((const char *const *)framework->files, file)) ||
           tps_yaml_fail(yaml, root, error, "'preload' names '%s', which is not among the 'files'",
                         file);
}

static bool read_file(TpsYaml *yaml, const yaml_node_t *root, void *target, GError **error)
{
    const TpsFramework *framework = target;

    if (!tps_yaml_read_mapping(yaml, root, keys, G_N_ELEMENTS(keys), target, error))
        return false;
    if (!framework->summary)
        return tps_yaml_fail(yaml, root, error, "'summary' is missing");
    if (!framework->run.command)
        return tps_yaml_fail(yaml, root, error, "'run' is missing");
    if (framework->report.source.reader == TPS_READER_NONE)
        return tps_yaml_fail(yaml, root, error, "'report' is missing");
    return check_files(yaml, root, framework, error) &&
           check_preload(yaml, root, framework, framework->list.preload, error) &&
           check_preload(yaml, root, framework, framework->run.preload, error);
}

/* Nothing it runs has to write anything. */
static bool needs_no_files(const TpsFramework *framework)
{
    return framework->report.source.reader == TPS_READER_EXIT && !framework->files &&
           !framework->journal &&
           (framework->run.select.into == TPS_SELECT_NOTHING ||
            framework->run.select.into == TPS_SELECT_ARGUMENTS ||
            framework->run.select.into == TPS_SELECT_ARGUMENT);
}

/* The names in NULL-terminated templates, and those that hold where there is no template. */
static char **fields_of(const char *const *templates, size_t n, const char *const *usual)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GList) sorted = NULL;
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (size_t i = 0; i < n; i++)
        tps_template_collect(templates[i], names);
    for (; *usual; usual++)
        g_hash_table_add(names, g_strdup(*usual));
    sorted = g_list_sort(g_hash_table_get_keys(names), (GCompareFunc)strcmp);
    for (GList *name = sorted; name; name = name->next)
        g_strv_builder_add(builder, name->data);
    return g_strv_builder_end(builder);
}

static void settle_fields(TpsFramework *framework)
{
    static const char *const of_list[] = {"id",   "class",    "file",  "line",
                                          "tags", "selector", "where", NULL};
    static const char *const of_report[] = {"id",     "outcome", "seconds", "message", "text",
                                            "output", "file",    "line",    NULL};
    const TpsListing *list = &framework->list;
    const TpsReporting *report = &framework->report;
    const char *const listed[] = {list->id,   list->class,    list->file, list->line,
                                  list->tags, list->selector, list->where};
    const char *const reported[] = {report->id,   report->inner,   report->outcome,
                                    report->time, report->message, report->text,
                                    report->file, report->line,    report->output};

    framework->list.source.fields = fields_of(listed, G_N_ELEMENTS(listed), of_list);
    framework->report.source.fields = fields_of(reported, G_N_ELEMENTS(reported), of_report);
}

static void settle(TpsFramework *framework)
{
    settle_fields(framework);
    if (framework->unit == TPS_UNIT_DEFAULT)
        framework->unit = framework->finest_unit;
    framework->uses_files = !needs_no_files(framework);
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
    settle(framework);
    return g_steal_pointer(&framework);
}
