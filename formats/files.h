/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Files as this program wants them: whole, or not at all. */

/*
 * A regular file or a pipe, which ends. TPS_ERROR_INPUT for what isn't there, a directory, or a
 * device such as /dev/zero, which never ends.
 */
bool tps_file_check(const char *path, GError **error);

/* Is a regular file there, and no link to one? */
bool tps_file_is_plain(const char *path);

/* All bytes of a file and a NUL behind them; TPS_ERROR_INPUT. Caller frees the text. */
bool tps_file_read(const char *path, char **text, gsize *length, GError **error);

/* What tps_file_read_regular() takes at most; larger reports are a mistake, or never end. */
#define TPS_FILE_REGULAR_BYTES ((size_t)1 << 30)

/*
 * The same of what a process we don't trust left behind: a regular file, or a link to one, of at
 * most TPS_FILE_REGULAR_BYTES. Never waits, as for who would write into a pipe. TPS_ERROR_INPUT.
 */
bool tps_file_read_regular(const char *path, char **text, gsize *length, GError **error);

/* A device, a pipe, or a way to an open file such as /dev/stdout: not to be replaced by a file. */
bool tps_file_is_device(const char *path);

/*
 * Open it for writing: a descriptor, -1 and errno. What names a file that is open here already is
 * that file where it stands, behind all that was printed: opened anew, a log would be written over
 * from its begin, and a socket not at all.
 */
int tps_file_open_device(const char *path);

/*
 * Write through a temporary file beside it, so that readers see the old or the new bytes and a full
 * disk costs nothing. A device or pipe is written to instead: as root, a file in the place of
 * /dev/null would break the machine. TPS_ERROR_EXECUTOR.
 */
bool tps_file_write(const char *path, const char *text, size_t length, GError **error);

/* All bytes, however many calls it takes. False, and errno. */
bool tps_write_all(int fd, const char *bytes, size_t length);

/* SHA-256, lower-case hex, of a file's bytes; NULL and TPS_ERROR_INPUT. Caller frees. */
char *tps_file_digest(const char *path, GError **error);

/* Make a directory and what is above it; it may be there already. TPS_ERROR_EXECUTOR. */
bool tps_directory_make(const char *path, GError **error);

/*
 * Remove a directory with everything in it; links are removed, not followed. Nothing happens when
 * it isn't there. TPS_ERROR_EXECUTOR when something can't be removed.
 */
bool tps_directory_remove(const char *path, GError **error);
