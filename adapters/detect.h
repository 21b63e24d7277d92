/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/definitions/definition.h"

/* Which frameworks a project uses, and where: what definitions call their traces, looked for. */

/* A suite that a plan file could have. All paths are relative to the root that was looked at. */
typedef struct {
    const TpsFramework *framework; /* borrowed                                                   */
    char *cwd;                     /* owned: where its processes start; "" = the root            */
    char *path;                    /* owned or NULL: relative to cwd                             */
    char *place;                   /* owned: both together; "" = the root                        */
    char *trace;                   /* owned: the file that tells                                 */
    unsigned n_files;              /* of tests, as far as files are known                        */
    bool is_deep;                  /* some lie deeper than the directory it is pointed at        */
} TpsDetected;

/*
 * Look at all files below a directory, once. Hidden directories, node_modules and __pycache__ are
 * left out; in directories of third parties (vendor, site-packages, ...) and of outputs (build,
 * target, dist, ...) only programs and build directories count.
 *
 *   - A directory that was built is one suite, with all below it.
 *   - A project is a suite that starts in its directory. Test files belong to the nearest project
 *     above them; one that has others below it is cut into suites that hold none of their files,
 *     and into none at all when it has no test files of its own.
 *   - Test files without a project make one suite at the nearest directory that holds them all.
 *   - A program is a suite.
 *   - What a framework `covers` is left to it.
 *   - A directory below that can't be read is noted.
 *
 *   frameworks  of const TpsFramework*
 *   notes       what was seen and is no suite, and why: char*, owned by the list, are added
 *   returns     of TpsDetected, sorted by place and framework; caller unrefs. NULL on errors:
 *               TPS_ERROR_INPUT, the root can't be read
 *   time        a walk, a stat of each file and the names held against all globs; files of up to
 *               256 KiB are read where `contains` asks for it, programs of up to 200 MB mapped
 */
GPtrArray *tps_detect(const char *root, const GPtrArray *frameworks, GPtrArray *notes,
                      GError **error);
