/* SPDX-License-Identifier: MIT */
#include "scenario/file.h"
#include "scenario/file_internal.h"

#include <string.h>

#define SHELL "/bin/sh"

typedef struct {
    TpsScenarioText *text;
    TpsStep *step;
    GPtrArray *words;
} Reader;

static bool read_name(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    return tps_scenario_text(reader->text, yaml, node, &reader->step->name, error);
}

/* An argument may be empty; the program may not. */
static bool read_word(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;
    const char *value = tps_yaml_scalar(yaml, node, "a text", error);

    if (!value)
        return false;
    if (reader->words->len > 0 && !*value) {
        g_ptr_array_add(reader->words, g_strdup(""));
        return true;
    }
    g_ptr_array_add(reader->words, NULL);
    return tps_scenario_text(reader->text, yaml, node,
                             (char **)&reader->words->pdata[reader->words->len - 1], error);
}

static char **shell_words(char *script)
{
    char **words = g_new0(char *, 4);

    words[0] = g_strdup(SHELL);
    words[1] = g_strdup("-c");
    words[2] = script;
    return words;
}

static bool read_script(Reader *reader, TpsYaml *yaml, const yaml_node_t *node, GError **error)
{
    char *script = NULL;

    if (!tps_scenario_text(reader->text, yaml, node, &script, error)) {
        g_free(script);
        return false;
    }
    reader->step->run = shell_words(script);
    reader->step->script = script;
    return true;
}

static bool read_run(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);

    if (node->type == YAML_SCALAR_NODE)
        return read_script(reader, yaml, node, error);
    if (node->type != YAML_SEQUENCE_NODE)
        return tps_yaml_fail(yaml, node, error,
                             "a command for the shell, or a list of a program and its arguments, "
                             "is expected here");
    reader->words = words;
    if (!tps_yaml_read_list(yaml, node, read_word, reader, error))
        return false;
    if (words->len == 0)
        return tps_yaml_fail(yaml, node, error, "a program is expected here");
    g_ptr_array_add(words, NULL);
    reader->step->run = (char **)g_ptr_array_steal(words, NULL);
    return true;
}

static bool read_cwd(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;
    g_autofree char *given = NULL;

    if (!tps_scenario_text(reader->text, yaml, node, &given, error))
        return false;
    g_free(reader->step->cwd);
    reader->step->cwd = tps_scenario_path(".", given);
    return *reader->step->cwd ||
           tps_yaml_fail(yaml, node, error,
                         "'%s' is not below the sandbox; 'cwd' is relative to it", given);
}

static bool read_expect(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Reader *reader = target;

    return tps_scenario_expect_read(reader->text, yaml, node, &reader->step->expect, error);
}

static const TpsYamlKey keys[] = {
    {"name", read_name, NULL},
    {"run", read_run, NULL},
    {"cwd", read_cwd, NULL},
    {"expect", read_expect, NULL},
};

static const char *path_that_leaves(const char *cwd, char **paths)
{
    for (; paths && *paths; paths++) {
        g_autofree char *inside = tps_scenario_path(cwd, *paths);

        if (!*inside)
            return *paths;
    }
    return NULL;
}

static const char *file_that_leaves(const char *cwd, const GArray *files)
{
    for (guint i = 0; files && i < files->len; i++) {
        char *path = g_array_index(files, TpsExpectFile, i).path;
        const char *leaves = path_that_leaves(cwd, (char *[]){path, NULL});

        if (leaves)
            return leaves;
    }
    return NULL;
}

/* Only when all keys are known: `cwd` may stand behind `expect`. */
static bool check_paths(TpsYaml *yaml, const yaml_node_t *node, const TpsStep *step, GError **error)
{
    const TpsExpect *expect = &step->expect;
    const char *leaves = path_that_leaves(step->cwd, expect->files_exist);

    if (!leaves)
        leaves = path_that_leaves(step->cwd, expect->files_not_exist);
    if (!leaves)
        leaves = path_that_leaves(step->cwd, expect->dirs_exist);
    if (!leaves)
        leaves = file_that_leaves(step->cwd, expect->file_contains);
    if (!leaves)
        leaves = file_that_leaves(step->cwd, expect->file_not_contains);
    return !leaves || tps_yaml_fail(yaml, node, error,
                                    "'%s' is not below the sandbox; what is expected of files is "
                                    "relative to the step's 'cwd'",
                                    leaves);
}

TpsStep *tps_scenario_step_read(TpsScenarioText *text, TpsYaml *yaml, const yaml_node_t *node,
                                int number, GError **error)
{
    g_autoptr(TpsStep) step = tps_step_new();
    Reader reader = {.text = text, .step = step};

    step->number = number;
    step->line = node->start_mark.line + 1;
    if (!tps_yaml_read_mapping(yaml, node, keys, G_N_ELEMENTS(keys), &reader, error))
        return NULL;
    if (!step->run) {
        tps_yaml_fail(yaml, node, error, "this step has no 'run'");
        return NULL;
    }
    return check_paths(yaml, node, step, error) ? g_steal_pointer(&step) : NULL;
}
