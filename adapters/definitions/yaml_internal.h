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

/*
 * Templates over what is known when a process is started: any process; one that runs testcases; one
 * whose testcases have a time limit. Of an environment, NAME: null removes a variable.
 */
#define TPS_DEFINITION_PLACE(place)                                                                \
    bool tps_definition_##place##_command(TpsYaml *yaml, const yaml_node_t *node, char ***words,   \
                                          GError **error);                                         \
    bool tps_definition_##place##_text(TpsYaml *yaml, const yaml_node_t *node, char **text,        \
                                       GError **error);                                            \
    bool tps_definition_##place##_environment(TpsYaml *yaml, const yaml_node_t *node, char ***env, \
                                              GError **error);
TPS_DEFINITION_PLACE(any)
TPS_DEFINITION_PLACE(run)
TPS_DEFINITION_PLACE(timeout)

/* A template over a testcase. */
bool tps_definition_each(TpsYaml *yaml, const yaml_node_t *node, char **text, GError **error);

/* What a process writes: "stdout", or a file that no other process has. */
bool tps_definition_output(TpsYaml *yaml, const yaml_node_t *node, char **text, GError **error);

/* Characters of ASCII, and no letters: a word there is a mistake. */
bool tps_definition_punctuation(TpsYaml *yaml, const yaml_node_t *node, char **text,
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

/* When the whole file is read: what its parts need of each other, and what follows from them. */
bool tps_definition_settle(TpsYaml *yaml, const yaml_node_t *root, TpsFramework *framework,
                           GError **error);

/* The sections. */
bool tps_definition_list(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_definition_run(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_definition_report(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
bool tps_definition_progress(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error);
