/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * What generated jobs have beside what runs their shards: an image, tags of runners, and so on. A
 * file of YAML with one mapping, whose keys are copied into each job. What it says is the CI
 * system's to understand.
 */
typedef struct {
    char *path;      /* owned: for messages                            */
    GPtrArray *keys; /* of char*, owned                                */
    GPtrArray *yaml; /* of char*, owned: the values, each on one line  */
} TpsJobTemplate;

/* TPS_ERROR_INPUT: not YAML, no mapping, or with tags. Caller frees. */
TpsJobTemplate *tps_job_template_load(const char *path, GError **error);
void tps_job_template_free(TpsJobTemplate *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsJobTemplate, tps_job_template_free)

/* Is none of `keys`, which ends with NULL, in it? TPS_ERROR_INPUT names the first one that is. */
bool tps_job_template_lacks(const TpsJobTemplate *job, const char *const *keys, GError **error);
