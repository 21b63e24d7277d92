/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What the tasks of a suite are to leave, as the plan file says it. */
typedef struct {
    char *pattern; /* owned: a glob (formats/glob.h), relative to the suite's directory */
    bool required; /* a task that leaves none proves nothing                            */
} TpsArtifactRule;

/* A file that a task left, and that is kept in the report directory. */
typedef struct {
    char *path;    /* owned: as the task named it, below its artifacts' directory  */
    int number;    /* of the piece that left it: 0, 1, ...                         */
    int64_t size;  /* bytes                                                        */
    char *digest;  /* owned: SHA-256, lower-case hex                               */
    bool required; /* a rule of the plan file asked for it                         */
} TpsArtifact;

/* Lists that own their elements. */
GPtrArray *tps_artifact_rules_new(void);
GPtrArray *tps_artifacts_new(void);

/* Texts are copied; borrowed from the list. */
TpsArtifactRule *tps_artifact_rules_add(GPtrArray *rules, const char *pattern, bool required);
TpsArtifact *tps_artifacts_add(GPtrArray *artifacts, const char *path, int64_t size,
                               const char *digest);

/*
 * Is it a path that stays where it begins: relative, with a name between any two slashes, and none
 * of them "." or ".."?
 */
bool tps_path_is_inner(const char *path);
