/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/yaml_internal.h"

#include <string.h>

/* However many testcases one process could ever be told. */
#define MOST_MAX 100000000

KEY(select_always, tps_yaml_read_bool, run.select.always)
KEY(select_each, tps_definition_each, run.select.each)
KEY(select_before, tps_yaml_read_text, run.select.before)
KEY(select_between, tps_yaml_read_text, run.select.between)
KEY(select_after, tps_yaml_read_text, run.select.after)
KEY(select_refuse, tps_definition_punctuation, run.select.refuse)
KEY(select_arguments, tps_definition_run_command, run.select.arguments)
KEY(select_environment, tps_definition_run_environment, run.select.environment)
KEY(select_name, tps_yaml_read_text, run.select.variable)

static bool select_escape(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    char **escape = &((TpsFramework *)target)->run.select.escape;

    if (!tps_yaml_read_text(yaml, node, escape, error))
        return false;
    if (strcmp(*escape, "xml") == 0 || strcmp(*escape, "percent") == 0)
        return true;
    return !g_ascii_isalpha(**escape)
               ? tps_definition_punctuation(yaml, node, escape, error)
               : tps_yaml_fail(yaml, node, error,
                               "'%s' is neither xml, percent nor ASCII punctuation", *escape);
}

static bool select_most(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_number(yaml, node, MOST_MAX, &((TpsFramework *)target)->run.select.most,
                                error);
}

static bool select_into(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    static const char *const words[] = {
        [TPS_SELECT_NOTHING] = "nothing",       [TPS_SELECT_ARGUMENTS] = "arguments",
        [TPS_SELECT_ARGUMENT] = "argument",     [TPS_SELECT_FILE] = "file",
        [TPS_SELECT_INPUT] = "input",           [TPS_SELECT_ENVIRONMENT] = "environment",
        [TPS_SELECT_JSON_LINES] = "json-lines", [TPS_SELECT_JSON_LINES + 1] = NULL,
    };
    int choice;

    if (!tps_definition_choice(yaml, node, words, &choice, error))
        return false;
    ((TpsFramework *)target)->run.select.into = (TpsSelectInto)choice;
    return true;
}

static const TpsYamlKey select_keys[] = {
    {"into", select_into, NULL},           {"always", select_always, NULL},
    {"each", select_each, NULL},           {"escape", select_escape, NULL},
    {"before", select_before, NULL},       {"between", select_between, NULL},
    {"after", select_after, NULL},         {"refuse", select_refuse, NULL},
    {"arguments", select_arguments, NULL}, {"environment", select_environment, NULL},
    {"name", select_name, NULL},           {"most", select_most, NULL},
};

static bool says_how(const TpsSelecting *select)
{
    return select->each || select->escape || select->before || select->between || select->after ||
           select->refuse || select->most;
}

static bool run_select(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const TpsSelecting *select = &((TpsFramework *)target)->run.select;

    if (!tps_yaml_read_mapping(yaml, node, select_keys, G_N_ELEMENTS(select_keys), target, error))
        return false;
    if ((select->into == TPS_SELECT_ENVIRONMENT) != (select->variable != NULL))
        return tps_yaml_fail(yaml, node, error,
                             "'into: environment' and the 'name' of a variable "
                             "belong together");
    return select->into != TPS_SELECT_NOTHING || !says_how(select) ||
           tps_yaml_fail(yaml, node, error, "'into' is missing: where does the selection go?");
}

KEY(timeout_arguments, tps_definition_timeout_command, run.timeout_arguments)
KEY(timeout_environment, tps_definition_timeout_environment, run.timeout_environment)

static const TpsYamlKey timeout_keys[] = {
    {"arguments", timeout_arguments, NULL},
    {"environment", timeout_environment, NULL},
};

static bool run_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    ((TpsFramework *)target)->run.limits_testcases = true;
    return tps_yaml_read_mapping(yaml, node, timeout_keys, G_N_ELEMENTS(timeout_keys), target,
                                 error);
}

static bool run_processes(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    static const char *const words[] = {
        [TPS_PROCESSES_ONE] = "one",           [TPS_PROCESSES_CLASS] = "class",
        [TPS_PROCESSES_FILE] = "file",         [TPS_PROCESSES_WHERE] = "where",
        [TPS_PROCESSES_TESTCASE] = "testcase", [TPS_PROCESSES_TESTCASE + 1] = NULL,
    };
    int choice;

    if (!tps_definition_choice(yaml, node, words, &choice, error))
        return false;
    ((TpsFramework *)target)->run.processes = (TpsProcesses)choice;
    return true;
}

KEY(run_command, tps_definition_run_command, run.command)
KEY(run_environment, tps_definition_run_environment, run.environment)
KEY(run_directory, tps_definition_run_text, run.directory)
KEY(run_preload, tps_yaml_read_text, run.preload)
KEY(run_all_in_one, tps_yaml_read_bool, run.all_in_one)
KEY(run_gives_back, tps_yaml_read_bool, run.gives_back)

static const TpsYamlKey keys[] = {
    {"command", run_command, NULL},       {"environment", run_environment, NULL},
    {"directory", run_directory, NULL},   {"preload", run_preload, NULL},
    {"processes", run_processes, NULL},   {"all_in_one", run_all_in_one, NULL},
    {"select", run_select, NULL},         {"testcase_timeout", run_timeout, NULL},
    {"gives_back", run_gives_back, NULL},
};

bool tps_definition_run(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    if (!tps_yaml_read_mapping(yaml, node, keys, G_N_ELEMENTS(keys), target, error))
        return false;
    return ((TpsFramework *)target)->run.command ||
           tps_yaml_fail(yaml, node, error, "'command' is missing: what runs the testcases?");
}
