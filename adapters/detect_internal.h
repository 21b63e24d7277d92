/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/detect.h"

/* A trace that was met. */
typedef struct {
    char *file;      /* owned: relative to the root                     */
    char *directory; /* owned: what it marks; "" = the root             */
    TpsMarks marks;
    bool is_program;
} TpsHit;

/* All of one framework, in the order of the walk. */
typedef struct {
    const TpsFramework *framework;
    GPtrArray *hits; /* of TpsHit */
} TpsHits;

/* Walk below `root`; returns of TpsHits, as many as frameworks and in their order. What can't be
 * read is noted. */
GPtrArray *tps_detect_scan(const char *root, const GPtrArray *frameworks, GPtrArray *notes,
                           GError **error);

/*
 * Add those frameworks to `found` of which a trace's text stands in that file, if it is a program:
 * executable, ELF, not a shared library, of at most 200 MB.
 */
void tps_detect_program(const char *path, const GPtrArray *frameworks, GPtrArray *found);

/* The directory of a relative path; "" for the root. Caller frees. */
char *tps_detect_directory(const char *file);

/* Is `path` that directory, or below it? */
bool tps_detect_is_below(const char *path, const char *directory);
