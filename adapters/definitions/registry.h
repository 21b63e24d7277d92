/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/definitions/definition.h"

#include <glib.h>

/*
 * All definitions: NAME.yaml in the project's directory, else in the user's
 * ($XDG_CONFIG_HOME/tpsched/frameworks), else built in. A file is read when its framework is asked
 * for, once; so one that is broken and not used is in nobody's way.
 */

/* Where the project has its own; copied. Call before anything else here; NULL = nowhere. */
void tps_frameworks_set_project(const char *directory);

/*
 * The definition of that name; static. TPS_ERROR_INPUT: nobody knows it, with the nearest name; or
 * its file can't be read, with the place. From any thread.
 */
const TpsFramework *tps_framework_load(const char *name, GError **error);

/* The same, or NULL. */
const TpsFramework *tps_framework_find(const char *name);

/* All names in the order of their bytes, NULL-terminated; caller frees with g_strfreev. */
char **tps_framework_names(void);

/*
 * A support file of a framework: its bytes, borrowed when it is built in (`owned` is NULL then),
 * else read from beside the definition. NULL and an error when it isn't there.
 */
const char *tps_framework_file(const TpsFramework *framework, const char *name, size_t *size,
                               char **owned, GError **error);
