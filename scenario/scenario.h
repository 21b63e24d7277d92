/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * A scenario: steps that are run one after the other in a directory of their own, and what is
 * expected of each. Read from YAML (scenario/file.h), run by scenario/play.h.
 */

/* Texts that are expected, or not, in one file. */
typedef struct {
    char *path;   /* owned; relative to the step's directory */
    char **texts; /* owned                                   */
} TpsExpectFile;

/* What is expected when a step has ended. NULL = nothing. */
typedef struct {
    int exit_code;
    char **output_contains; /* owned, as all below; texts */
    char **output_not_contains;
    char **output_matches; /* PCREs */
    char **files_exist;    /* paths relative to the step's directory */
    char **files_not_exist;
    char **dirs_exist;
    GArray *file_contains; /* of TpsExpectFile */
    GArray *file_not_contains;
} TpsExpect;

typedef struct {
    char *name;         /* owned or NULL                                        */
    int number;         /* from 1                                               */
    size_t line;        /* of the file, from 1                                  */
    char **run;         /* owned; what is executed                              */
    const char *script; /* the one text of `run` that a shell gets, or NULL     */
    char *cwd;          /* owned; below the sandbox, "." = the sandbox itself   */
    TpsExpect expect;
} TpsStep;

typedef struct {
    char *name;        /* owned; unique among all that are loaded together */
    char *description; /* owned or NULL                                    */
    char *file;        /* owned; as it was given                           */
    char *directory;   /* owned; absolute, of the file                     */
    size_t line;       /* where it begins, from 1                          */
    char **env;        /* owned; "NAME=value"                              */
    GPtrArray *steps;  /* of TpsStep, at least one                         */
} TpsScenario;

TpsStep *tps_step_new(void);
void tps_step_free(TpsStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsStep, tps_step_free)

/* "'build'", or "3" for a step without a name: what stands behind "step ". Caller frees. */
char *tps_step_label(const TpsStep *step);

/* A list of TpsExpectFile. */
GArray *tps_expect_files_new(void);

TpsScenario *tps_scenario_new(const char *file, const char *directory);
void tps_scenario_free(TpsScenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsScenario, tps_scenario_free)
