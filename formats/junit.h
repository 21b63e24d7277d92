/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/property.h"
#include "core/result.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * JUnit XML as the world writes it, read into one shape. There is no specification; what is
 * accepted and why stands in docs/junit.md.
 */
typedef struct {
    char *classname;       /* owned, "" when missing                                            */
    char *name;            /* owned, "" when missing                                            */
    char *status;          /* owned or NULL: attribute status=, "run", "notrun", "disabled", ... */
    GPtrArray *properties; /* of TpsProperty                                               */
    TpsResult *result;     /* owned; result->id is the property "tpsched.id" decoded, else name;
                              result->attempts holds flakyFailure/rerunFailure, without ids;
                              result->properties those that are not ours ("tpsched.");
                              result->cases what we once wrote as cases of it                   */
} TpsJunitCase;

typedef struct {
    char *name;            /* owned; nested suites are flattened, names joined with "."         */
    char *hostname;        /* owned or NULL                                                     */
    int64_t started_us;    /* since the epoch, or TPS_TIME_UNKNOWN                              */
    int64_t time_us;       /* the header's time=, or TPS_TIME_UNKNOWN                           */
    GPtrArray *properties; /* of TpsProperty                                               */
    GPtrArray *cases;      /* of TpsJunitCase, in the file's order                              */
    char *output;          /* owned or NULL: what it printed outside of its testcases           */
} TpsJunitSuite;

typedef struct {
    GPtrArray *suites;   /* of TpsJunitSuite, in the file's order                               */
    GPtrArray *warnings; /* of char*: mended characters, header counts that lie, odd times      */
    size_t repairs;      /* places that were not XML and had to be mended                       */
    char *problem;       /* owned or NULL: why reading stopped early, "LINE:COLUMN: what", or
                            why it is no proof though it was read; what
                            was complete until there is in `suites`                             */
    char *digest;        /* owned: SHA-256 of the bytes, lower-case hex                         */
} TpsJunit;

void tps_junit_free(TpsJunit *junit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsJunit, tps_junit_free)

/*
 * Read a report. NULL only when the file can't be opened or read (TPS_ERROR_INPUT); an ill-formed
 * or truncated one gives what could be read, and `problem`.
 */
TpsJunit *tps_junit_read(const char *path, GError **error);

/* The same from memory; never NULL. */
TpsJunit *tps_junit_parse(const char *bytes, size_t length);

/* What the writer needs to know of one suite. */
typedef struct {
    const char *name;
    const char *hostname;        /* or NULL                                              */
    int64_t started_us;          /* since the epoch, or TPS_TIME_UNKNOWN                 */
    const GPtrArray *properties; /* of TpsProperty, or NULL                              */
    const GPtrArray *results;    /* of TpsResult, in the order to be written             */
    const char *output;          /* or NULL: suite-level system-out                      */
} TpsJunitOutSuite;

/*
 * Write the canonical form that Jenkins, GitLab and the GitHub actions count alike: testsuites >
 * testsuite > testcase; classname = suite, name = id; at most one of error, failure, skipped; a
 * result with cases is written as these, named "id > case", and as itself only when it is worse
 * than all of them; elements are counted; UTF-8, no character that XML can't hold. Same input, same
 * bytes, whatever the locale or time zone.
 *
 *   name      testsuites@name
 *   wall_us   testsuites@time; TPS_TIME_UNKNOWN leaves the sum
 *   suites    [n] TpsJunitOutSuite
 *   returns   the text; caller frees with g_string_free
 */
GString *tps_junit_format(const char *name, int64_t wall_us, const TpsJunitOutSuite *suites,
                          size_t n);
