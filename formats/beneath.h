/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* Files below a directory of which nothing can be trusted: no link is followed on the way. */

/*
 * Open a regular file for reading.
 *
 *   directory  a descriptor, or AT_FDCWD
 *   path       relative to it; tps_path_is_inner
 *   status     out, may be NULL
 *   returns    a descriptor, caller closes; -1 and errno: ELOOP for a link, EINVAL for what is no
 *              regular file or no such path. Never waits
 */
int tps_beneath_open(int directory, const char *path, struct stat *status);

/*
 * Make a new file and the directories above it, as far as they are not there.
 *   returns  a descriptor, caller closes; -1 and errno: EEXIST when there is something
 */
int tps_beneath_create(int directory, const char *path);

/*
 * Read a regular file, from where it stands to where it ends when this begins: somebody may be
 * writing still, and faster.
 *
 *   to       it is written there, too; -1: nowhere
 *   size     out: how much it was
 *   returns  SHA-256, lower-case hex, caller frees; NULL and errno
 */
char *tps_copy_digest(int from, int to, int64_t *size);
