/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * `file` as it stands below the directory `root`: "src/a.c" for "/p/src/a.c", "/p/./src/../src/a.c"
 * or "src/a.c". NULL when it is elsewhere, when `root`, absolute, is not known and it is absolute,
 * too, and when it has characters that can't be seen. Caller frees. Nothing is looked up on the
 * disk.
 */
char *tps_annotations_path(const char *file, const char *root);
