/* SPDX-License-Identifier: MIT */
#pragma once

#include "scenario/scenario.h"

#include "formats/yaml_file.h"

/* How much was read of a file so far. YAML's aliases make much of little. */
typedef struct {
    int64_t bytes;
} TpsScenarioText;

/* A text that is not empty; the old value is freed. */
bool tps_scenario_text(TpsScenarioText *text, TpsYaml *yaml, const yaml_node_t *node, char **value,
                       GError **error);

/* A step, caller frees; NULL on error. */
TpsStep *tps_scenario_step_read(TpsScenarioText *text, TpsYaml *yaml, const yaml_node_t *node,
                                int number, GError **error);

/* What stands behind `expect`. */
bool tps_scenario_expect_read(TpsScenarioText *text, TpsYaml *yaml, const yaml_node_t *node,
                              TpsExpect *expect, GError **error);
