/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Remove a file, or a directory with all below it, of which nothing can be trusted: links are
 * removed and never followed, also when a directory turns into one meanwhile; directories without
 * permissions get them; trees of any depth cost a bounded number of descriptors; other file systems
 * that are mounted there are left alone. Allocates nothing and is async-signal-safe.
 *
 *   directory  a descriptor that `name` is relative to, or AT_FDCWD
 *   returns    0, or the errno of the first that stays; all others are removed. What isn't there
 *              is no failure
 */
int tps_remove(int directory, const char *name);

/*
 * Is nothing in the directory? From its beginning, whatever was read before.
 *
 *   returns    1, 0, or -1 and errno
 */
int tps_directory_is_empty(int directory);
