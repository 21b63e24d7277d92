/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/suite.h"
#include "formats/yaml_file.h"

/* Why a key is refused that this version does not know yet. */
#define TPS_PLAN_YAML_NOT_YET "is not supported by this version"

/* Read one suite and add it to `target`, the TpsPlanFile. */
bool tps_plan_yaml_read_suite(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);

/* What a suite needs while it runs, key by key; `target` is the TpsSuite. */
bool tps_plan_yaml_slots(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_exclusive(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_memory(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_locks(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_wants(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);

/* What the machine has; `target` is the TpsPlanFile. */
bool tps_plan_yaml_resources(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);

/* When the whole file is read: is there what its suites want? */
bool tps_plan_yaml_check_needs(TpsYaml *yaml, const yaml_node_t *root, TpsPlanFile *file,
                               GError **error);

/* What surrounds its tasks, key by key; `target` is the TpsSuite. */
bool tps_plan_yaml_jobserver(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_env_clear(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_env_pass(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_home(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_suite_setup(TpsYaml *yaml, const yaml_node_t *node, void *target,
                               GError **error);
bool tps_plan_yaml_suite_setup_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                       GError **error);
bool tps_plan_yaml_suite_teardown(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                  GError **error);
bool tps_plan_yaml_suite_teardown_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                          GError **error);

/* The same of the plan; `target` is the TpsPlanFile. */
bool tps_plan_yaml_setup(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_setup_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                 GError **error);
bool tps_plan_yaml_teardown(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_teardown_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target,
                                    GError **error);
bool tps_plan_yaml_timeout(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
