/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/glob.h"

#include <glib.h>
#include <stdbool.h>

/* The files of a directory tree, the same on every machine. */

typedef enum {
    TPS_WALK_ALL = 0,
    /* Not into hidden directories, node_modules and __pycache__, which hold other people's files
     * and copies, nor into report directories of ours. Hidden files are given. */
    TPS_WALK_SKIP_USUAL = 1 << 0,
} TpsWalkFlags;

/* Deeper trees are an error. */
#define TPS_WALK_DEPTH_MAX 256

/* One file, its path relative to the root; borrowed. False ends the walk with that error. */
typedef bool (*TpsWalkVisit)(const char *path, void *user, GError **error);

/*
 * Visit all files below a directory. In each directory its entries, files and directories alike,
 * come in the order of their names, by bytes. Links to files are files; links to directories are
 * not followed, so nothing is met twice for a loop; links to nothing, sockets, pipes and devices
 * are no files. Names are bytes, whatever they hold. What comes and goes meanwhile may be missed.
 *
 *   root     a directory, or a link to one
 *   errors   TPS_ERROR_INPUT: the root or a directory below it can't be read (it is named) or is
 *            too deep; what `visit` says
 */
bool tps_walk(const char *root, TpsWalkFlags flags, TpsWalkVisit visit, void *user, GError **error);

/*
 * The same, but of what can't be read below the root only a message is added to `unread` (of char*,
 * owned by the list), and the walk goes on beside it.
 */
bool tps_walk_readable(const char *root, TpsWalkFlags flags, TpsWalkVisit visit, void *user,
                       GPtrArray *unread, GError **error);

/* All files, as a list of char*, owned; NULL on errors. Caller unrefs. */
GPtrArray *tps_walk_list(const char *root, TpsWalkFlags flags, GError **error);
