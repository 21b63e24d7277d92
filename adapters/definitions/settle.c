/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/template.h"
#include "adapters/definitions/yaml_internal.h"

#include <string.h>

/* Support files are unpacked beside each other: a name, and no way out of there. */
static bool check_files(TpsYaml *yaml, const yaml_node_t *root, const TpsFramework *framework,
                        GError **error)
{
    for (char **file = framework->files; file && *file; file++)
        if (!**file || strchr(*file, '/') || strcmp(*file, ".") == 0 || strcmp(*file, "..") == 0)
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

static bool any_has(char *const *templates, const char *name)
{
    for (; templates && *templates; templates++)
        if (tps_template_has(*templates, name))
            return true;
    return false;
}

/* What every process that runs testcases is given. */
static bool command_has(const TpsRunning *run, const char *name)
{
    return any_has(run->command, name) || any_has(run->environment, name) ||
           tps_template_has(run->directory, name);
}

static bool selection_has(const TpsSelecting *select, const char *name)
{
    return any_has(select->arguments, name) || any_has(select->environment, name);
}

/* Anywhere; but not what only the words of a suite could hold. */
static bool definition_has(const TpsFramework *framework, const char *name)
{
    const TpsListing *list = &framework->list;

    return any_has(framework->program, name) || any_has(framework->environment, name) ||
           any_has(framework->prepend, name) || any_has(list->command, name) ||
           any_has(list->environment, name) || command_has(&framework->run, name) ||
           selection_has(&framework->run.select, name);
}

/* Where "{selection}" stands as an argument of its own. */
static bool is_argument(const TpsRunning *run)
{
    const char *const *more = (const char *const *)run->select.arguments;
    bool always = run->select.always;

    return (more && g_strv_contains(more, "{selection}")) ||
           (always && g_strv_contains((const char *const *)run->command, "{selection}"));
}

/* The selection must arrive: else every process would run everything. */
static bool check_selection(TpsYaml *yaml, const yaml_node_t *root, const TpsFramework *framework,
                            GError **error)
{
    const TpsRunning *run = &framework->run;
    const TpsSelecting *select = &run->select;
    bool is_told = selection_has(select, "selection") || command_has(run, "selection");

    if (command_has(run, "selection") && !select->always)
        return tps_yaml_fail(yaml, root, error,
                             "'{selection}' is in a command that is run without one, too: put it "
                             "into 'select', or say 'always: true'");
    if (select->into == TPS_SELECT_ARGUMENTS && !is_argument(run))
        return tps_yaml_fail(yaml, root, error,
                             "'into: arguments' needs an argument that is '{selection}' alone");
    if ((select->into == TPS_SELECT_ARGUMENT || select->into == TPS_SELECT_FILE ||
         select->into == TPS_SELECT_JSON_LINES) &&
        !is_told)
        return tps_yaml_fail(yaml, root, error, "nothing says '{selection}', so nobody reads it");
    return true;
}

/* And where there is none, each process is told by its own command what it is for. */
static bool check_cut(TpsYaml *yaml, const yaml_node_t *root, const TpsFramework *framework,
                      GError **error)
{
    static const char *const names[] = {"id", "selector", "file", "class", "where", "line"};

    if (!framework->list.is_known || framework->run.select.into != TPS_SELECT_NOTHING)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (command_has(&framework->run, names[i]) ||
            selection_has(&framework->run.select, names[i]))
            return true;
    return tps_yaml_fail(yaml, root, error,
                         "nothing under 'run' says which testcases: 'select' is missing");
}

static bool check_report(TpsYaml *yaml, const yaml_node_t *root, const TpsFramework *framework,
                         GError **error)
{
    if (framework->run.gives_back && !framework->journal)
        return tps_yaml_fail(yaml, root, error, "'gives_back' needs 'journal: true'");
    if (framework->report.source.reader == TPS_READER_EXIT && framework->list.is_known &&
        (framework->run.all_in_one || framework->run.processes == TPS_PROCESSES_ONE ||
         framework->run.processes == TPS_PROCESSES_WHERE))
        return tps_yaml_fail(yaml, root, error,
                             "one exit status is one testcase: 'processes: testcase' is needed");
    return true;
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

/* A template over lines can only name groups, and what is ours. */
static bool check_groups(TpsYaml *yaml, const yaml_node_t *root, const TpsSource *source,
                         const char *const *templates, size_t n, GError **error)
{
    static const char *const ours[] = {
        "line",         "index",         "file",          "process.id",
        "process.file", "process.class", "process.where", NULL};
    static const char *const none[] = {NULL};
    g_auto(GStrv) names = fields_of(templates, n, none);

    for (char **name = names; source->reader == TPS_READER_LINES && *name; name++) {
        bool is_group = source->pattern && g_regex_get_string_number(source->pattern, *name) >= 0;

        if (!is_group && !g_strv_contains(ours, *name))
            return tps_yaml_fail(yaml, root, error,
                                 "'{%s}' is no group of 'records', like (?<%s>...)", *name, *name);
    }
    return true;
}

static bool settle_list(TpsYaml *yaml, const yaml_node_t *root, TpsListing *list, GError **error)
{
    static const char *const usual[] = {"id",   "class",    "file",  "line",
                                        "tags", "selector", "where", NULL};
    const char *const templates[] = {list->id,   list->class,    list->file, list->line,
                                     list->tags, list->selector, list->where};
    size_t n = G_N_ELEMENTS(templates);

    list->source.fields = fields_of(templates, n, usual);
    return check_groups(yaml, root, &list->source, templates, n, error);
}

static bool settle_report(TpsYaml *yaml, const yaml_node_t *root, TpsReporting *report,
                          GError **error)
{
    static const char *const usual[] = {"id",     "outcome", "seconds", "message", "text",
                                        "output", "file",    "line",    NULL};
    const char *const templates[] = {report->id,   report->inner,   report->outcome,
                                     report->time, report->message, report->text,
                                     report->file, report->line,    report->output};
    size_t n = G_N_ELEMENTS(templates);

    report->source.fields = fields_of(templates, n, usual);
    return check_groups(yaml, root, &report->source, templates, n, error);
}

/* Something of what it runs has a file to read or to write. */
static bool uses_files(const TpsFramework *framework)
{
    static const char *const names[] = {"dir", "support", "listing", "report", "journal"};
    TpsSelectInto into = framework->run.select.into;

    if (framework->report.source.reader != TPS_READER_EXIT || framework->files ||
        framework->journal || into == TPS_SELECT_FILE || into == TPS_SELECT_INPUT ||
        into == TPS_SELECT_JSON_LINES)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (definition_has(framework, names[i]))
            return true;
    return false;
}

bool tps_definition_settle(TpsYaml *yaml, const yaml_node_t *root, TpsFramework *framework,
                           GError **error)
{
    if (framework->report.source.reader == TPS_READER_JOURNAL)
        framework->journal = true;
    if (framework->unit == TPS_UNIT_DEFAULT)
        framework->unit = framework->finest_unit;
    framework->uses_files = uses_files(framework);
    framework->uses_cache = definition_has(framework, "cache");
    return check_files(yaml, root, framework, error) &&
           check_preload(yaml, root, framework, framework->list.preload, error) &&
           check_preload(yaml, root, framework, framework->run.preload, error) &&
           check_selection(yaml, root, framework, error) &&
           check_cut(yaml, root, framework, error) && check_report(yaml, root, framework, error) &&
           settle_list(yaml, root, &framework->list, error) &&
           settle_report(yaml, root, &framework->report, error);
}
