/* SPDX-License-Identifier: MIT */
#include "formats/plan_yaml_internal.h"

#include <string.h>

bool tps_plan_yaml_env_clear(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_bool(yaml, node, &((TpsSuite *)target)->env_clear, error);
}

bool tps_plan_yaml_jobserver(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_bool(yaml, node, &((TpsSuite *)target)->jobserver, error);
}

/* A '*' ends a prefix and stands nowhere else. */
static bool is_pass(const char *text)
{
    size_t length = strcspn(text, "=*");

    return *text && (text[length] == '\0' || (text[length] == '*' && text[length + 1] == '\0'));
}

bool tps_plan_yaml_env_pass(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsSuite *suite = target;

    if (!tps_yaml_read_texts(yaml, node, &suite->env_pass, error))
        return false;
    for (char **name = suite->env_pass; *name; name++)
        if (!is_pass(*name))
            return tps_yaml_fail(yaml, node, error,
                                 "'%s' is not the name of a variable; write NAME or PREFIX_*",
                                 *name);
    return true;
}

bool tps_plan_yaml_home(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const char *home = tps_yaml_scalar(yaml, node, "sandbox or inherit", error);

    if (!home)
        return false;
    if (strcmp(home, "sandbox") != 0 && strcmp(home, "inherit") != 0)
        return tps_yaml_fail(yaml, node, error, "'%s' is no home; it is sandbox or inherit", home);
    ((TpsSuite *)target)->home_is_sandbox = strcmp(home, "sandbox") == 0;
    return true;
}

static bool read_command(TpsYaml *yaml, const yaml_node_t *node, char ***argv, GError **error)
{
    if (!tps_yaml_read_words(yaml, node, argv, error))
        return false;
    if (!(*argv)[0] || !*(*argv)[0])
        return tps_yaml_fail(yaml, node, error, "a program is expected here");
    return true;
}

bool tps_plan_yaml_suite_setup(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return read_command(yaml, node, &((TpsSuite *)target)->fixture.setup, error);
}

bool tps_plan_yaml_suite_setup_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                       GError **error)
{
    return tps_yaml_read_duration(yaml, node, &((TpsSuite *)target)->fixture.setup_timeout_us,
                                  error);
}

bool tps_plan_yaml_suite_teardown(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                  GError **error)
{
    return read_command(yaml, node, &((TpsSuite *)target)->fixture.teardown, error);
}

bool tps_plan_yaml_suite_teardown_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                          GError **error)
{
    return tps_yaml_read_duration(yaml, node, &((TpsSuite *)target)->fixture.teardown_timeout_us,
                                  error);
}

bool tps_plan_yaml_setup(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return read_command(yaml, node, &((TpsPlanFile *)target)->fixture.setup, error);
}

bool tps_plan_yaml_setup_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                 GError **error)
{
    return tps_yaml_read_duration(yaml, node, &((TpsPlanFile *)target)->fixture.setup_timeout_us,
                                  error);
}

bool tps_plan_yaml_teardown(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return read_command(yaml, node, &((TpsPlanFile *)target)->fixture.teardown, error);
}

bool tps_plan_yaml_teardown_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                    GError **error)
{
    return tps_yaml_read_duration(yaml, node, &((TpsPlanFile *)target)->fixture.teardown_timeout_us,
                                  error);
}

bool tps_plan_yaml_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_duration(yaml, node, &((TpsPlanFile *)target)->timeout_us, error);
}
