/* SPDX-License-Identifier: MIT */
#include "cli/init_text.h"

#include "cli/plural.h"
#include "formats/json.h"
#include "formats/yaml_text.h"

#include <string.h>

static const char head[] =
    "# How tpsched lists, splits and runs the tests of this project. Next:\n"
    "#\n"
    "#   tpsched list                        what there is; nothing is run\n"
    "#   tpsched run -w runtime-data.json    run it all, and learn what it takes\n"
    "#   tpsched run -d runtime-data.json -w runtime-data.json\n"
    "#                                       from then on: split and balanced\n"
    "#   tpsched plan -d runtime-data.json --what-if\n"
    "#                                       what more workers would give\n"
    "#\n"
    "# All keys are in tpsched's docs/plan-file.md.\n"
    "\n";

static const char middle[] = "\n"
                             "# How long all of it may take; tpsched takes the workers it needs.\n"
                             "# plan_runtime_target: 10m\n"
                             "# auto_part_runtime_limit: 5m\n"
                             "# pool: {size: auto, max_size: 8}\n"
                             "\n";

static const char suite_examples[] =
    "    # parts: auto          # or a number: into how many it is cut\n"
    "    # timeout: 10m         # for one part\n"
    "    # rerun: 1             # try again what failed\n"
    "    # env: {NAME: value}\n"
    "    # tags: [slow]\n";

static const char foot[] = "\n"
                           "  # Any program is a suite of one testcase:\n"
                           "  # - name: smoke\n"
                           "  #   command: [sh, -c, 'exit 0']\n"
                           "\n"
                           "# Suites may also stand beside the code they test:\n"
                           "# discover:\n"
                           "#   - {path: ., pattern: 'suites\\.yaml$', optional: true}\n";

static const char *shown(const char *place)
{
    return *place ? place : ".";
}

static bool is_used(GPtrArray *names, const char *name)
{
    return g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL);
}

static char *name_of(const TpsDetected *detected, GPtrArray *names)
{
    const char *framework = detected->framework->name;
    char *name = g_strdup(*detected->place ? detected->place : framework);

    for (unsigned n = 1; is_used(names, name); n++) {
        g_free(name);
        name = n == 1 ? g_strconcat(shown(detected->place), "-", framework, NULL)
                      : g_strdup_printf("%s-%s-%u", shown(detected->place), framework, n);
    }
    return name;
}

GPtrArray *tps_init_names(const GPtrArray *detected)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < detected->len; i++)
        g_ptr_array_add(names, name_of(g_ptr_array_index(detected, i), names));
    return names;
}

char *tps_init_reason(const TpsDetected *detected)
{
    const char *place = detected->place;
    const char *trace = detected->trace;
    size_t length = strlen(place);
    GString *text = g_string_new(detected->framework->name);

    g_string_append_printf(text, " in %s", shown(place));
    if (length > 0 && g_str_has_prefix(trace, place) && trace[length] == '/')
        trace += length + 1;
    if (strcmp(trace, place) == 0)
        g_string_append(text, detected->n_files > 0 ? " (a test file)" : " (a program)");
    else if (detected->n_files > 1)
        g_string_append_printf(text, " (%s, %u test files)", trace, detected->n_files);
    else
        g_string_append_printf(text, " (%s)", trace);
    return g_string_free(text, FALSE);
}

static void append_key(GString *yaml, const char *key, const char *value)
{
    g_string_append_printf(yaml, "    %s: ", key);
    tps_yaml_append(yaml, value);
    g_string_append_c(yaml, '\n');
}

static char **args_of(const TpsDetected *detected)
{
    const TpsSuggestion *init = &detected->framework->init;
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (init->args)
        g_strv_builder_addv(builder, (const char **)init->args);
    if (init->deep && detected->is_deep)
        g_strv_builder_addv(builder, (const char **)init->deep);
    return g_strv_builder_end(builder);
}

static void append_suite(GString *yaml, const TpsDetected *detected, const char *name,
                         const char *base)
{
    g_autofree char *reason = tps_init_reason(detected);
    g_autofree char *cwd = *base && *detected->cwd ? g_build_filename(base, detected->cwd, NULL)
                                                   : g_strdup(*base ? base : detected->cwd);
    g_auto(GStrv) args = args_of(detected);

    g_string_append(yaml, "  # ");
    tps_yaml_append_remark(yaml, reason);
    g_string_append(yaml, "\n  - name: ");
    tps_yaml_append(yaml, name);
    g_string_append_c(yaml, '\n');
    append_key(yaml, "framework", detected->framework->name);
    if (*cwd)
        append_key(yaml, "cwd", cwd);
    if (detected->path)
        append_key(yaml, "path", detected->path);
    if (*args) {
        g_string_append(yaml, "    args: ");
        tps_yaml_append_list(yaml, args);
        g_string_append_c(yaml, '\n');
    }
}

static void append_notes(GString *yaml, const GPtrArray *notes)
{
    if (notes->len > 0)
        g_string_append(yaml, "\n# What was also seen:\n");
    for (guint i = 0; i < notes->len; i++) {
        g_string_append(yaml, "#   ");
        tps_yaml_append_remark(yaml, g_ptr_array_index(notes, i));
        g_string_append_c(yaml, '\n');
    }
}

char *tps_init_text(const char *project, const char *base, const GPtrArray *detected,
                    const GPtrArray *names, const GPtrArray *notes)
{
    GString *yaml = g_string_new(head);

    g_string_append(yaml, "name: ");
    tps_yaml_append(yaml, project);
    g_string_append_c(yaml, '\n');
    g_string_append(yaml, middle);
    g_string_append(yaml, "suites:\n");
    for (guint i = 0; i < detected->len; i++) {
        if (i > 0)
            g_string_append_c(yaml, '\n');
        append_suite(yaml, g_ptr_array_index(detected, i), g_ptr_array_index(names, i), base);
        if (i == 0)
            g_string_append(yaml, suite_examples);
    }
    g_string_append(yaml, foot);
    append_notes(yaml, notes);
    return g_string_free(yaml, FALSE);
}

static cJSON *suite_to_json(const TpsDetected *detected, const char *name)
{
    cJSON *object = cJSON_CreateObject();
    g_auto(GStrv) args = args_of(detected);
    cJSON *array;

    cJSON_AddStringToObject(object, "name", name);
    cJSON_AddStringToObject(object, "framework", detected->framework->name);
    cJSON_AddStringToObject(object, "cwd", shown(detected->cwd));
    if (detected->path)
        cJSON_AddStringToObject(object, "path", detected->path);
    array = cJSON_AddArrayToObject(object, "args");
    for (char **arg = args; *arg; arg++)
        cJSON_AddItemToArray(array, cJSON_CreateString(*arg));
    cJSON_AddStringToObject(object, "trace", detected->trace);
    cJSON_AddNumberToObject(object, "test_files", detected->n_files);
    return object;
}

cJSON *tps_init_json(const char *file, const GPtrArray *detected, const GPtrArray *names,
                     const GPtrArray *notes)
{
    cJSON *root = cJSON_CreateObject();
    g_autofree char *valid = g_utf8_make_valid(file, -1);
    cJSON *suites;

    cJSON_AddStringToObject(root, "plan_file", valid);
    suites = cJSON_AddArrayToObject(root, "suites");
    for (guint i = 0; i < detected->len; i++)
        cJSON_AddItemToArray(
            suites, suite_to_json(g_ptr_array_index(detected, i), g_ptr_array_index(names, i)));
    tps_json_add_strings(root, "notes", notes);
    return root;
}
