/* SPDX-License-Identifier: MIT */
#include "core/suite.h"
#include "formats/plan_yaml_internal.h"

#include <string.h>

#define PARTS_MAX 1000000

static bool suite_name(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_text(yaml, node, &((TpsSuite *)target)->name, error);
}

static bool suite_framework(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_text(yaml, node, &((TpsSuite *)target)->framework, error);
}

static bool suite_path(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_text(yaml, node, &((TpsSuite *)target)->path, error);
}

static bool suite_command(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsSuite *suite = target;

    if (!tps_yaml_read_words(yaml, node, &suite->command, error))
        return false;
    if (!suite->command[0] || !*suite->command[0])
        return tps_yaml_fail(yaml, node, error, "a program is expected here");
    return true;
}

static bool suite_args(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_words(yaml, node, &((TpsSuite *)target)->args, error);
}

static bool suite_cwd(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsSuite *suite = target;
    g_autofree char *relative = NULL;

    if (!tps_yaml_read_text(yaml, node, &relative, error))
        return false;
    g_free(suite->cwd);
    suite->cwd = g_canonicalize_filename(relative, yaml->directory);
    return true;
}

static bool suite_env(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_env(yaml, node, &((TpsSuite *)target)->env, error);
}

static bool suite_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_duration(yaml, node, &((TpsSuite *)target)->timeout_us, error);
}

static bool suite_testcase_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                   GError **error)
{
    return tps_yaml_read_duration(yaml, node, &((TpsSuite *)target)->testcase_timeout_us, error);
}

static bool suite_weight(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_duration(yaml, node, &((TpsSuite *)target)->weight_us, error);
}

static bool suite_parts(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_number_or_auto(yaml, node, PARTS_MAX, &((TpsSuite *)target)->parts, error);
}

static bool suite_rerun(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_index(yaml, node, TPS_RERUN_MAX, &((TpsSuite *)target)->rerun, error);
}

static bool suite_unit(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const char *name = tps_yaml_scalar(yaml, node, "testcase, class or file", error);

    if (!name)
        return false;
    if (!tps_unit_parse(name, &((TpsSuite *)target)->unit))
        return tps_yaml_fail(yaml, node, error, "'%s' is not a unit; it is testcase, class or file",
                             name);
    return true;
}

static bool check_pattern(const TpsYaml *yaml, const yaml_node_t *node, const char *pattern,
                          GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_RAW, 0, &why);

    if (regex)
        return true;
    return tps_yaml_fail(yaml, node, error, "'%s' is not a pattern: %s", pattern, why->message);
}

static bool check_item(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const char *pattern = tps_yaml_scalar(yaml, node, "a text", error);

    (void)target;
    return pattern && check_pattern(yaml, node, pattern, error);
}

static bool read_patterns(TpsYaml *yaml, const yaml_node_t *node, char ***patterns, GError **error)
{
    if (!tps_yaml_read_texts(yaml, node, patterns, error))
        return false;
    if (node->type == YAML_SCALAR_NODE)
        return check_item(yaml, node, NULL, error);
    return tps_yaml_read_list(yaml, node, check_item, NULL, error);
}

static bool suite_group(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return read_patterns(yaml, node, &((TpsSuite *)target)->group, error);
}

static bool suite_apart(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsSuite *suite = target;

    if (!read_patterns(yaml, node, &suite->apart, error))
        return false;
    if (g_strv_length(suite->apart) > TPS_APART_MAX)
        return tps_yaml_fail(yaml, node, error, "more than %d patterns", TPS_APART_MAX);
    return true;
}

static bool pin_match(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsPin *pin = target;

    return tps_yaml_read_text(yaml, node, &pin->pattern, error) &&
           check_pattern(yaml, node, pin->pattern, error);
}

static bool pin_part(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_index(yaml, node, PARTS_MAX - 1, &((TpsPin *)target)->part, error);
}

static const TpsYamlKey pin_keys[] = {
    {"match", pin_match, NULL},
    {"part", pin_part, NULL},
};

static bool read_pin(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsPin pin = {.part = -1};

    if (tps_yaml_read_mapping(yaml, node, pin_keys, G_N_ELEMENTS(pin_keys), &pin, error) &&
        pin.pattern && pin.part >= 0) {
        g_array_append_val(((TpsSuite *)target)->pins, pin);
        return true;
    }
    if (!error || !*error)
        tps_yaml_fail(yaml, node, error, "a pin needs 'match' and 'part'");
    g_free(pin.pattern);
    return false;
}

static bool suite_pin(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_list(yaml, node, read_pin, target, error);
}

/* Frameworks list several in one text: what lies between them is part of none. */
bool tps_plan_yaml_check_tag(const TpsYaml *yaml, const yaml_node_t *node, const char *tag,
                             GError **error)
{
    return (*tag && !tag[strcspn(tag, ", \t\r\n")]) ||
           tps_yaml_fail(yaml, node, error, "'%s' is not a tag: one word without a comma", tag);
}

static bool check_tag(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const char *tag = tps_yaml_scalar(yaml, node, "a tag", error);

    (void)target;
    return tag && tps_plan_yaml_check_tag(yaml, node, tag, error);
}

static bool suite_tags(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    if (!tps_yaml_read_texts(yaml, node, &((TpsSuite *)target)->tags, error))
        return false;
    return node->type == YAML_SCALAR_NODE ? check_tag(yaml, node, NULL, error)
                                          : tps_yaml_read_list(yaml, node, check_tag, NULL, error);
}

static bool suite_keep_order(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_bool(yaml, node, &((TpsSuite *)target)->keep_order, error);
}

static bool suite_leak(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const char *text = tps_yaml_scalar(yaml, node, "pass or fail", error);

    if (!text)
        return false;
    return tps_leak_parse(text, &((TpsSuite *)target)->leak) ||
           tps_yaml_fail(yaml, node, error, "'leak' is pass or fail");
}

static const TpsYamlKey suite_keys[] = {
    {"name", suite_name, NULL},
    {"parameters", tps_plan_yaml_later, NULL},
    {"framework", suite_framework, NULL},
    {"path", suite_path, NULL},
    {"command", suite_command, NULL},
    {"args", suite_args, NULL},
    {"cwd", suite_cwd, NULL},
    {"env", suite_env, NULL},
    {"timeout", suite_timeout, NULL},
    {"testcase_timeout", suite_testcase_timeout, NULL},
    {"weight", suite_weight, NULL},
    {"parts", suite_parts, NULL},
    {"unit", suite_unit, NULL},
    {"tags", suite_tags, NULL},
    {"group", suite_group, NULL},
    {"keep_apart", suite_apart, NULL},
    {"pin", suite_pin, NULL},
    {"keep_order", suite_keep_order, NULL},
    {"leak", suite_leak, NULL},
    {"artifacts", tps_plan_yaml_artifacts, NULL},
    {"rerun", suite_rerun, NULL},
    {"slots", tps_plan_yaml_slots, NULL},
    {"exclusive", tps_plan_yaml_exclusive, NULL},
    {"memory", tps_plan_yaml_memory, NULL},
    {"locks", tps_plan_yaml_locks, NULL},
    {"resources", tps_plan_yaml_wants, NULL},
    {"jobserver", tps_plan_yaml_jobserver, NULL},
    {"env_clear", tps_plan_yaml_env_clear, NULL},
    {"env_pass", tps_plan_yaml_env_pass, NULL},
    {"home", tps_plan_yaml_home, NULL},
    {"setup", tps_plan_yaml_suite_setup, NULL},
    {"setup_timeout", tps_plan_yaml_suite_setup_timeout, NULL},
    {"teardown", tps_plan_yaml_suite_teardown, NULL},
    {"teardown_timeout", tps_plan_yaml_suite_teardown_timeout, NULL},
};

const TpsYamlKey *tps_plan_yaml_suite_key(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(suite_keys); i++)
        if (strcmp(suite_keys[i].name, name) == 0)
            return &suite_keys[i];
    return NULL;
}

static bool check_name(const TpsYaml *yaml, const yaml_node_t *place, const TpsSuite *suite,
                       const TpsPlanFile *file, GError **error)
{
    const TpsSuite *other;

    if (!suite->name)
        return tps_yaml_fail(yaml, place, error, "this suite has no 'name'");
    other = tps_plan_file_find(file, suite->name);
    return !other || tps_yaml_fail(yaml, place, error,
                                   "there are two suites named '%s'; the other one is at %s",
                                   suite->name, other->origin);
}

static bool check_suite(const TpsYaml *yaml, const yaml_node_t *node, TpsSuite *suite,
                        GError **error)
{
    if (!suite->framework && !suite->command)
        return tps_yaml_fail(yaml, node, error, "suite '%s' has neither 'framework' nor 'command'",
                             suite->name);
    if (!suite->framework)
        suite->framework = g_strdup("command");
    if (*suite->env_pass && !suite->env_clear)
        return tps_yaml_fail(yaml, node, error,
                             "suite '%s' has 'env_pass', and without 'env_clear' all is passed",
                             suite->name);
    if (tps_needs_are_trivial(suite->needs))
        g_clear_pointer(&suite->needs, tps_needs_free);
    return true;
}

TpsSuite *tps_plan_yaml_make_suite(TpsYaml *yaml, const yaml_node_t *node, GError **error)
{
    g_autoptr(TpsSuite) suite = tps_suite_new(NULL, NULL);

    g_free(suite->cwd);
    suite->cwd = g_strdup(yaml->directory);
    if (!tps_yaml_read_mapping(yaml, node, suite_keys, G_N_ELEMENTS(suite_keys), suite, error))
        return NULL;
    return g_steal_pointer(&suite);
}

bool tps_plan_yaml_add_suite(TpsYaml *yaml, const yaml_node_t *node, const yaml_node_t *place,
                             TpsSuite *suite, TpsPlanFile *file, GError **error)
{
    g_autoptr(TpsSuite) mine = suite;

    if (!check_name(yaml, place, suite, file, error) || !check_suite(yaml, node, suite, error) ||
        !tps_plan_yaml_check_needs(yaml, node, suite, file, error))
        return false;
    suite->origin = g_strdup_printf("%s:%zu", yaml->path, place->start_mark.line + 1);
    g_ptr_array_add(file->suites, g_steal_pointer(&mine));
    return true;
}

bool tps_plan_yaml_read_suite(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsPlanYaml *reader = target;
    g_autoptr(TpsSuite) suite = tps_plan_yaml_make_suite(yaml, node, error);
    const yaml_node_t *parameters;

    if (!suite)
        return false;
    parameters = tps_plan_yaml_find(yaml, node, "parameters");
    if (parameters)
        return tps_plan_yaml_read_parameters(yaml, node, parameters, reader, error);
    return tps_plan_yaml_add_suite(yaml, node, node, g_steal_pointer(&suite), reader->file, error);
}
