/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * The files that a command is going to write: no two may be one file, and none may be what proves
 * something: a plan, a key, or what stands in a report directory beside its merged reports. Files
 * are told apart by their directories and names, so that ./a and a are one. Devices and pipes are
 * none.
 */
typedef struct TpsOutputs TpsOutputs;

TpsOutputs *tps_outputs_new(void);
void tps_outputs_free(TpsOutputs *outputs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsOutputs, tps_outputs_free)

/* A file that is read and must stay; or all that proves something in a report directory, which need
 * not be there yet. NULL: none. */
void tps_outputs_keep(TpsOutputs *outputs, const char *path);
void tps_outputs_keep_run(TpsOutputs *outputs, const char *directory);

/* This will be written; NULL: nothing will. TPS_ERROR_USAGE: not there. */
bool tps_outputs_add(TpsOutputs *outputs, const char *path, GError **error);
