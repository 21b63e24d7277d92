/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/yaml_file.h"

/* Why a key is refused that this version does not know yet. */
#define TPS_PLAN_YAML_NOT_YET "is not supported by this version"

/* Read one suite and add it to `target`, the TpsPlanFile. */
bool tps_plan_yaml_read_suite(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
