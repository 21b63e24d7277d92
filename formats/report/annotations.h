/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * GitHub reads commands from a job's log: a line that begins with "::", or holds "##[", is one.
 * What tests print goes between these two, so that nothing in it is. `token` must be one that no
 * test can know, such as 16 random bytes in hexadecimal, of letters and digits; and another one
 * each time, since it stands in the log. Each appends a whole line. `at_line_start`: what was
 * printed before ended with a line end.
 */
void tps_annotations_stop(GString *out, const char *token);
void tps_annotations_resume(GString *out, const char *token, gboolean at_line_start);

/*
 * One command, "::error file=F,line=L,title=T::MESSAGE", of texts that may hold anything; `file`
 * may be NULL, `line` 0 = unknown.
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
