/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <yaml.h>

/*
 * A YAML file read by tables of keys: each key names the function that reads its value. Every error
 * is TPS_ERROR_INPUT, "FILE:LINE:COLUMN: what was found and what was meant".
 */
typedef struct {
    yaml_document_t document;
    const char *path;      /* for messages                              */
    const char *directory; /* of the file: what relative paths start from */
} TpsYaml;

typedef bool (*TpsYamlRead)(TpsYaml *yaml, const yaml_node_t *value, void *target, GError **error);

/* One key of a mapping: how it is read, or why it is refused. */
typedef struct {
    const char *name;
    TpsYamlRead read; /* NULL = refused */
    const char *refused;
} TpsYamlKey;

/*
 * Load a file of at most 1 MiB, nested at most 64 deep, and give its root to `read`. An empty
 * document has no root and is not read.
 */
bool tps_yaml_load(const char *path, TpsYamlRead read, void *target, GError **error);

/* The same of its text; `path` is what messages call it. */
bool tps_yaml_parse(const char *path, const char *text, size_t length, TpsYamlRead read,
                    void *target, GError **error);

/* Fail at a place of the file; always false. */
bool tps_yaml_fail(const TpsYaml *yaml, const yaml_node_t *node, GError **error, const char *format,
                   ...) G_GNUC_PRINTF(4, 5);

/*
 * A mapping: each key known, none twice. A key may be written with '-' where it has '_'. `target`
 * is passed on to the keys.
 */
bool tps_yaml_read_mapping(TpsYaml *yaml, const yaml_node_t *node, const TpsYamlKey *keys,
                           size_t n_keys, void *target, GError **error);

/* A list: `read` for each element. */
bool tps_yaml_read_list(TpsYaml *yaml, const yaml_node_t *node, TpsYamlRead read, void *target,
                        GError **error);

/* The text of a scalar, borrowed; `what` is expected there. NULL when it is none or holds a NUL. */
const char *tps_yaml_scalar(const TpsYaml *yaml, const yaml_node_t *node, const char *what,
                            GError **error);

/* Values; the old one is freed. Numbers go from 1 to max, durations are longer than zero. */
bool tps_yaml_read_text(TpsYaml *yaml, const yaml_node_t *node, char **text, GError **error);
bool tps_yaml_read_number(TpsYaml *yaml, const yaml_node_t *node, int max, int *number,
                          GError **error);
/* "true" or "false"; YAML's other words for them are not taken. */
bool tps_yaml_read_bool(TpsYaml *yaml, const yaml_node_t *node, bool *value, GError **error);
bool tps_yaml_read_duration(TpsYaml *yaml, const yaml_node_t *node, int64_t *us, GError **error);

/* A number that counts from 0, at most `max`. */
bool tps_yaml_read_index(TpsYaml *yaml, const yaml_node_t *node, int max, int *number,
                         GError **error);

/* The same, or "auto", which gives -1. */
bool tps_yaml_read_number_or_auto(TpsYaml *yaml, const yaml_node_t *node, int max, int *number,
                                  GError **error);
bool tps_yaml_read_duration_or_auto(TpsYaml *yaml, const yaml_node_t *node, int64_t *us,
                                    GError **error);

/* A list of texts, or one text split into words by the quoting rules of a shell. */
bool tps_yaml_read_words(TpsYaml *yaml, const yaml_node_t *node, char ***words, GError **error);

/* A list of texts, or one text. */
bool tps_yaml_read_texts(TpsYaml *yaml, const yaml_node_t *node, char ***texts, GError **error);

/* A mapping of names to texts, as "NAME=value". */
bool tps_yaml_read_env(TpsYaml *yaml, const yaml_node_t *node, char ***env, GError **error);

/* Is the text of a value what it should be? */
typedef bool (*TpsYamlCheck)(TpsYaml *yaml, const yaml_node_t *node, const char *text,
                             const void *user, GError **error);

/* The same with values that `check` has seen; one that is null gives "NAME" alone. */
bool tps_yaml_read_env_checked(TpsYaml *yaml, const yaml_node_t *node, TpsYamlCheck check,
                               const void *user, char ***env, GError **error);
