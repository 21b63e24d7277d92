/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/loose/loose.h"

/* What the first bytes of a file are looked at for. */
#define TPS_LOOSE_HEAD_BYTES ((size_t)64 * 1024)

/* What all readers say to whom they read for. */
typedef struct {
    const char *name; /* what a report without names calls its suite */
    const TpsLooseHandler *handler;
    void *user;
    TpsLoose *loose; /* a reader adds warnings and a problem, and sets `kind` when it is sure */
    guint n_warnings;
    size_t long_names_bytes; /* of suites, each time one was told */
} TpsLooseOut;

/* A kind of report, and how it is read. A reader that is freed before its end forgets the rest. */
typedef struct {
    void *(*open)(TpsLooseOut *out);
    bool (*feed)(void *reader, const char *bytes, size_t length, GError **error);
    bool (*finish)(void *reader, GError **error);
    void (*close)(void *reader);
} TpsLooseReader;

extern const TpsLooseReader tps_loose_junit;
extern const TpsLooseReader tps_loose_tap;
extern const TpsLooseReader tps_loose_go;
extern const TpsLooseReader tps_loose_document; /* CTRF and Testplan's; sets `kind` itself */

/* Is a line of these bytes an event of Go? */
bool tps_loose_is_go(const char *bytes, size_t length);

/* Of the first bytes; `whole` says that there are no others. NULL: no reader knows it, and what it
 * is stands in `loose`. */
const TpsLooseReader *tps_loose_recognise(const char *bytes, size_t length, bool whole,
                                          TpsLoose *loose);

/* Say something once; of very many, the rest is only counted. */
void tps_loose_warn(TpsLooseOut *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The first problem is kept. */
void tps_loose_complain(TpsLooseOut *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

/*
 * Hand out a result, which is the callee's from now on. The suite's name becomes UTF-8; one of more
 * than a kilobyte is cut, and that is a problem, when it comes with very many results.
 */
bool tps_loose_say(TpsLooseOut *out, const char *suite, TpsResult *result, GError **error);
bool tps_loose_say_suite(TpsLooseOut *out, const TpsLooseSuite *suite, GError **error);
