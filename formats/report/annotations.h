/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * A command that GitHub reads from a job's log, "::error file=F,line=L,title=T::MESSAGE", of texts
 * that may hold anything; `file` may be NULL, `line` 0 = unknown.
 */
void tps_annotations_append(GString *out, const char *level, const char *file, gint64 line,
                            const char *title, const char *message);

/*
 * `file` as it stands below the directory `root`: "src/a.c" for "/p/src/a.c", "/p/./src/../src/a.c"
 * or "src/a.c". NULL when it is elsewhere, when `root`, absolute, is not known and it is absolute,
 * too, and when it has characters that can't be seen. Caller frees. Nothing is looked up on the
 * disk.
 */
char *tps_annotations_path(const char *file, const char *root);
