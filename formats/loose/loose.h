/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/property.h"
#include "core/result.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reports of which nothing is known but what stands in them. Each kind has a reader; which one it
 * is, the bytes say and no name. A reader is fed piece by piece and hands out results one by one,
 * as soon as it has them: what it keeps does not grow with the results it handed out, but for a few
 * bytes each where a kind needs them to tell testcases of one name apart.
 */

/* What a report says of one of its suites beside its results. All is borrowed for the call. */
typedef struct {
    const char *name;
    const char *hostname;        /* or NULL                                                  */
    TpsPart part;                /* count 0: it does not say that it is a part               */
    int64_t started_us;          /* since the epoch, or TPS_TIME_UNKNOWN                     */
    int64_t ended_us;            /* likewise                                                 */
    const GPtrArray *properties; /* of TpsProperty, or NULL                                  */
    const char *output;          /* or NULL: what it printed outside of its testcases        */
} TpsLooseSuite;

/* Who is told. False with `error` set ends the reading, which then fails with it. */
typedef struct {
    /*
     * A result; the callee owns it. A name may come several times in one suite: several passes are
     * several testcases, whoever merges tells them apart.
     */
    bool (*result)(const char *suite, TpsResult *result, void *user, GError **error);

    /* Each suite once, also one without results; before, among or behind its results. May be NULL.
     */
    bool (*suite)(const TpsLooseSuite *suite, void *user, GError **error);

    bool no_digest; /* it would take longer than the reading */
} TpsLooseHandler;

/* What came of reading one. */
typedef struct {
    const char *kind;    /* "JUnit", "TAP", ...; NULL: it is no report that is known here        */
    char *looks_like;    /* owned; of what is none: "XML whose root is 'html'", "text", ...      */
    bool is_cut;         /* of what is none: it ended before it said what it is, as empty files   */
    bool is_whole;       /* of what is none: it is well-formed, and something else               */
    bool is_ours;        /* of what is none: this program wrote it, a plan for instance           */
    GPtrArray *warnings; /* of char*: what was mended, header counts that lie, odd times         */
    char *problem;       /* owned or NULL: "LINE:COLUMN: what", "LINE: what" or "what": it is not
                            whole, or contradicts itself; what could be read was handed out        */
    char *digest;        /* owned: SHA-256 of the bytes, lower-case hex; NULL: nobody wants it    */
} TpsLoose;

void tps_loose_free(TpsLoose *loose);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsLoose, tps_loose_free)

/*
 * Read a file, whatever its kind.
 *
 *   errors   TPS_ERROR_INPUT: it can't be opened or read; or what the handler set
 *   returns  caller frees; NULL on errors only
 */
TpsLoose *tps_loose_read(const char *path, const TpsLooseHandler *handler, void *user,
                         GError **error);

/* The same from memory; `name` is what a report without names calls its suite. */
TpsLoose *tps_loose_parse(const char *name, const char *bytes, size_t length,
                          const TpsLooseHandler *handler, void *user, GError **error);

/* The name of a file without its folders and its last suffix: "t/api.tap" -> "api". Caller frees.
 */
char *tps_loose_name(const char *path);

/*
 * Does a line of these first bytes of a file begin as a record of our journal? It is read elsewhere
 * (formats/journal.h).
 */
bool tps_loose_is_journal(const char *bytes, size_t length);
