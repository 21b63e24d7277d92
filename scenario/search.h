/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Text in files of any size, in bounded memory. Neither waits for a pipe that nobody writes to. */

/*
 * Does a regular file hold the text, byte by byte?
 *
 *   text     not empty
 *   returns  1, 0, or -1 and errno: EISDIR for a directory, EINVAL for what is no file either
 *   memory   64 KiB and twice the text
 */
int tps_search_file(const char *path, const char *text);

/*
 * What can be shown of a file: all of it, or its beginning and its end with a line between them
 * that says how much is left out. NUL is shown as "^@".
 *
 *   most     bytes, at least 64; a quarter of them for the beginning
 *   bytes    out: the size of the file
 *   returns  caller frees; NULL and errno
 */
char *tps_search_excerpt(const char *path, size_t most, size_t *bytes);
