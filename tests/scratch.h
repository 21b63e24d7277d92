/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/files.h"

#include <check.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

/* A private directory for one test: scratch_make and scratch_remove are its checked fixture. */
static char *scratch_dir;

static inline void scratch_make(void)
{
    scratch_dir = g_dir_make_tmp("tpsched-unit-XXXXXX", NULL);
    ck_assert_ptr_nonnull(scratch_dir);
}

static inline void scratch_remove(void)
{
    tps_directory_remove(scratch_dir, NULL);
    g_clear_pointer(&scratch_dir, g_free);
}

/* Caller frees. */
static inline char *scratch_path(const char *name)
{
    return g_build_filename(scratch_dir, name, NULL);
}

/* Bytes into a file; returns its path. Without the fsync of tps_file_write: some tests write a lot.
 */
static inline char *scratch_write(const char *name, const char *text, size_t length)
{
    char *path = scratch_path(name);
    FILE *file;

    remove(path); /* some file systems flush a file that is overwritten */
    file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

static inline char *scratch_text(const char *name, const char *text)
{
    return scratch_write(name, text, strlen(text));
}

/* For a file that is known by its name anyway. */
static inline void scratch_put(const char *name, const char *text)
{
    g_free(scratch_text(name, text));
}

/* The whole of a file; caller frees. */
static inline char *scratch_read(const char *path)
{
    char *text = NULL;

    ck_assert(tps_file_read(path, &text, &(gsize){0}, NULL));
    return text;
}
