/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/artifact.h"
#include "core/result.h"
#include "core/suite.h"

#include <glib.h>
#include <stdbool.h>

/* Where the artifacts of a piece lie below the directory of its part; caller frees. */
char *tps_artifacts_directory(const char *part_directory, int number);

/*
 * What a suite's rules find before one of its tasks is run, so that what an earlier one left is not
 * taken for its own.
 */
typedef struct TpsArtifactWatch TpsArtifactWatch;

/*
 * Look, and make the directory in which the artifacts are kept; the task may write there itself.
 *
 *   directory  absolute
 *   errors     TPS_ERROR_EXECUTOR: the disk
 */
TpsArtifactWatch *tps_artifact_watch_new(const TpsSuite *suite, const char *directory,
                                         GError **error);

/*
 * The task has ended: copy what is new or changed where the rules look, and note that and all that
 * the task itself put into the directory. Links are not followed, and only regular files are taken.
 *
 *   number  of the piece
 *   report  its `artifacts` are added to, by path (bytes); and its `problems`, where a required one
 *           is missing or one can't be kept
 */
void tps_artifact_watch_take(TpsArtifactWatch *watch, int number, TpsPartReport *report);

void tps_artifact_watch_free(TpsArtifactWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsArtifactWatch, tps_artifact_watch_free)

/*
 * Find the regular files below a directory that match a glob, from there: "a.xml" is only that
 * file, and "**" any depth, but not hidden directories and the like (TPS_WALK_SKIP_USUAL).
 *
 *   found  of char*, owned: appended, each once
 */
void tps_artifacts_find(const char *root, const char *pattern, GPtrArray *found);
