/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Which of some files have the bytes of another one. */
typedef struct {
    uint64_t bytes; /* of all that are no copies           */
    bool *is_copy;  /* [n] of one that comes before it     */
    bool *has_copy; /* [n] and is none                     */
} TpsCopies;

/*
 * Files are compared by SHA-256; all of a file is read only when another one has its size, and its
 * bytes at three places. What is empty or can be read only once, as a pipe, is no copy; nor is what
 * is no XML and has another name, since a report may be called as its file.
 *
 *   files  of TpsLooseFile
 */
TpsCopies tps_copies_find(const GPtrArray *files);
void tps_copies_clear(TpsCopies *copies);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsCopies, tps_copies_clear)
