/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/shard.h"
#include "formats/matrix/job_template.h"

#include <glib.h>
#include <stdbool.h>

/* What generated pipelines need to know beside the shards. All borrowed. */
typedef struct {
    const char *plan;           /* path of the plan's file; see tps_matrix_path_is_plain  */
    const char *plan_command;   /* makes a plan of so many shards, without -o, for a shell */
    const TpsJobTemplate *jobs; /* or NULL: what their jobs have beside what runs them    */
} TpsMatrixLook;

/* What a CI system takes so that it runs the shards of a plan. */
typedef struct {
    const char *name;  /* of --format                                                       */
    int auto_max;      /* so many shards are chosen at most; 0 = any number                 */
    int max;           /* so many jobs can be written; 0 = any number                       */
    bool is_pipeline;  /* whole jobs, for which a template may say more                     */
    bool needs_static; /* its jobs don't change from plan to plan: none can't be written    */
    /*
     * Append the text. `notes`, of char*, gets what a person should know; false with `error` when
     * it would be more than the system takes.
     */
    bool (*write)(const TpsShards *shards, const TpsMatrixLook *look, GString *text,
                  GPtrArray *notes, GError **error);
} TpsMatrix;

/* All of them, in the order of their names; ends with NULL. */
extern const TpsMatrix *const tps_matrices[];

/* The one of that name, or NULL. */
const TpsMatrix *tps_matrix_find(const char *name);

/*
 * The text for a CI system, ends with a line feed. Its names are made of tps_shards_new's name and
 * numbers alone, so that jobs keep them from plan to plan; suites stand in data of JSON only.
 *
 *   notes    of char*: what was left out
 *   returns  the text, which the caller frees; NULL and TPS_ERROR_USAGE when that system doesn't
 *            take so many, or the template has keys that are not its to say
 */
char *tps_matrix_text(const TpsMatrix *matrix, const TpsShards *shards, const TpsMatrixLook *look,
                      GPtrArray *notes, GError **error);

/*
 * May a path stand in the scripts of all systems as it is? Letters, digits, '.', '_', '-' and '/',
 * and no '-' first.
 */
bool tps_matrix_path_is_plain(const char *path);
