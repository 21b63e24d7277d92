/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/definitions/definition.h"
#include "formats/yaml_file.h"

/*
 * How the keys of a definition are read. A key's function gets the TpsFramework; KEY() writes one
 * for a member that some reader of values can fill.
 */
#define KEY(function, read_value, member)                                                          \
    static bool function(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)     \
    {                                                                                              \
        return read_value(yaml, node, &((TpsFramework *)target)->member, error);                   \
    }

/* Templates over what is known when a process is started: {program}, {report}, ... */
bool tps_definition_command(TpsYaml *yaml, const yaml_node_t *node, char ***words, GError **error);
bool tps_definition_argument(TpsYaml *yaml, const yaml_node_t *node, char **text, GError **error);

/* NAME: template, or NAME: null, which removes the variable. */
bool tps_definition_environment(TpsYaml *yaml, const yaml_node_t *node, char ***env,
                                GError **error);

/* A template over the fields of a record. */
bool tps_definition_field(TpsYaml *yaml, const yaml_node_t *node, char **text, GError **error);

/* A PCRE on bytes. */
bool tps_definition_pattern(TpsYaml *yaml, const yaml_node_t *node, GRegex **pattern,
                            GError **error);

/* Exit statuses; "any" is an empty list. */
bool tps_definition_statuses(TpsYaml *yaml, const yaml_node_t *node, GArray **codes,
                             GError **error);

bool tps_definition_reader(TpsYaml *yaml, const yaml_node_t *node, TpsReader *reader,
                           GError **error);
bool tps_definition_words(TpsYaml *yaml, const yaml_node_t *node, TpsWords *words, GError **error);

/* When a section is read: the records of lines are found by a pattern. */
bool tps_definition_finish_source(TpsYaml *yaml, const yaml_node_t *node, TpsSource *source,
                                  GError **error);

/* One of NULL-terminated words, by its place. */
bool tps_definition_choice(TpsYaml *yaml, const yaml_node_t *node, const char *const *words,
                           int *choice, GError **error);

/* The sections. */
bool tps_definition_list(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_definition_run(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_definition_report(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_definition_progress(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
