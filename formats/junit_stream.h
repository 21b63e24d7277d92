/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/junit.h"

/*
 * A report read piece by piece, of which nothing is kept but what is open: each testcase is told as
 * soon as it is whole, each suite when it ends.
 */
typedef struct {
    /* Both are borrowed; the result may be stolen. Properties of the suite come before, its output
     * later. */
    void (*testcase)(const TpsJunitSuite *suite, TpsJunitCase *testcase, void *user);
    /* Has no cases any more. Also told of those that were open when the report broke off. */
    void (*suite)(const TpsJunitSuite *suite, void *user);
} TpsJunitVisitor;

typedef struct TpsJunitStream TpsJunitStream;

TpsJunitStream *tps_junit_stream_new(const TpsJunitVisitor *visitor, void *user);
void tps_junit_stream_free(TpsJunitStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsJunitStream, tps_junit_stream_free)

/* More bytes. What is wrong with them is known in the end. */
void tps_junit_stream_feed(TpsJunitStream *stream, const char *bytes, size_t length);

/* There are no more. What was told otherwise is in the result: warnings and a problem, but neither
 * suites nor a digest. Borrowed from the stream. */
const TpsJunit *tps_junit_stream_finish(TpsJunitStream *stream);
