/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/suite.h"
#include "formats/yaml_file.h"

/* Why a key is refused that this version does not know yet. */
#define TPS_PLAN_YAML_NOT_YET "is not supported by this version"

/* Reading a plan file with the fragments that it finds. */
typedef struct {
    TpsPlanFile *file;
    GHashTable *sources; /* real path -> what was read, of plan_yaml_discover.c */
    GPtrArray *chain;    /* of them: those that are being read, each found by the one before */
    bool is_empty;       /* the fragment that was read last                                  */
    size_t filled_bytes; /* of all that parameters made                                      */
} TpsPlanYaml;

/* The value of a key of a mapping, or NULL. */
const yaml_node_t *tps_plan_yaml_find(TpsYaml *yaml, const yaml_node_t *mapping, const char *name);

/* For a key whose value is read when those of the other keys are known. */
bool tps_plan_yaml_later(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);

/* Add the suites of a plan file or fragment: its own, and those that it finds. */
bool tps_plan_yaml_read_suites(TpsYaml *yaml, const yaml_node_t *root, TpsPlanYaml *reader,
                               GError **error);

/* One entry of `discover`: read all that it finds. `target` is the TpsPlanYaml. */
bool tps_plan_yaml_discover(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);

/* Read a plan file by `read`, whose target is a TpsPlanYaml. */
bool tps_plan_yaml_load(TpsPlanFile *file, const char *path, TpsYamlRead read, GError **error);

/* Are all keys of a fragment known, and such as a fragment may have? */
bool tps_plan_yaml_check_fragment(TpsYaml *yaml, const yaml_node_t *root, GError **error);

/* Read one suite and add it, or with parameters all that it makes. `target` is the TpsPlanYaml. */
bool tps_plan_yaml_read_suite(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);

/* The suite of a mapping as it stands there, not checked; caller frees. */
TpsSuite *tps_plan_yaml_make_suite(TpsYaml *yaml, const yaml_node_t *node, GError **error);

/* Check a suite, which is taken, and add it; `place` is what made it, in the mapping or all of it.
 */
bool tps_plan_yaml_add_suite(TpsYaml *yaml, const yaml_node_t *node, const yaml_node_t *place,
                             TpsSuite *suite, TpsPlanFile *file, GError **error);

/* How a key of a suite is read, or NULL. */
const TpsYamlKey *tps_plan_yaml_suite_key(const char *name);

/* Is it one word, which options can name? */
bool tps_plan_yaml_check_tag(const TpsYaml *yaml, const yaml_node_t *node, const char *tag,
                             GError **error);

/* Add a suite for each entry of the parameters of a suite. */
bool tps_plan_yaml_read_parameters(TpsYaml *yaml, const yaml_node_t *node,
                                   const yaml_node_t *parameters, TpsPlanYaml *reader,
                                   GError **error);

/* What a suite needs while it runs, key by key; `target` is the TpsSuite. */
bool tps_plan_yaml_slots(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_exclusive(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_memory(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_locks(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_plan_yaml_wants(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);

/* What the machine has; `target` is the TpsPlanFile. */
bool tps_plan_yaml_resources(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);

/* Is there what a suite wants? `node` is its mapping. */
bool tps_plan_yaml_check_needs(TpsYaml *yaml, const yaml_node_t *node, const TpsSuite *suite,
                               const TpsPlanFile *file, GError **error);

/* What its tasks leave; `target` is the TpsSuite. */
bool tps_plan_yaml_artifacts(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);

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
