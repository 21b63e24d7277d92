/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * TAP 13 and 14 from what a program prints, piece by piece. What it needs in memory is one test's
 * text, and where numbers don't come in their order, these.
 */
typedef enum {
    TPS_TAP_NO_TIME,
    TPS_TAP_MILLISECONDS,
    TPS_TAP_SECONDS,
} TpsTapUnit;

/*
 * A test point. Texts have any bytes; they are borrowed for the call.
 *
 * Those of a subtest, which is indented by four blanks, come before the point they belong to: the
 * next one whose depth is smaller by one. `text` is that of tests at depth 0 only.
 */
typedef struct {
    guint depth;    /* 0: a test; 1, 2, ...: of a subtest, of one in it                          */
    int64_t number; /* 0: it is no point, see below                                              */
    bool ok;
    bool is_skip;
    bool is_todo;
    bool all_skipped;    /* a plan of 1..0: no point; reason says why                             */
    bool never_ended;    /* points of a subtest came before, but none for it: name as "# Subtest"
                            says it, or empty                                                     */
    const GString *name; /* without dash, escapes and directive                                */
    const GString *reason; /* what a directive says, or empty                                    */
    const GString *time;   /* digits and a point, or empty                                       */
    TpsTapUnit unit;
    const GString *text; /* of a failed one: what came before it since the last one, as subtests
                            do; its YAML; the comments behind it                                 */
} TpsTapTest;

/* False ends the feed, which then says false. */
typedef bool (*TpsTapVisit)(const TpsTapTest *test, void *user, GError **error);

typedef struct TpsTap TpsTap;

TpsTap *tps_tap_new(TpsTapVisit visit, void *user);
void tps_tap_free(TpsTap *tap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsTap, tps_tap_free)

/* Each test is visited when nothing more can belong to it. Errors are the visitor's. */
bool tps_tap_feed(TpsTap *tap, const char *bytes, size_t length, GError **error);
bool tps_tap_finish(TpsTap *tap, GError **error);

/*
 * After the end: what is unsound, or NULL when all that was planned is here, and nothing else.
 * No plan, two plans, missing, unplanned or repeated numbers, a bail-out; a subtest of which that
 * is so and whose test passed all the same. "LINE: what", or what. Borrowed.
 */
const char *tps_tap_problem(const TpsTap *tap);

/* How many lines were so long that only their beginning was kept. */
guint64 tps_tap_cut_lines(const TpsTap *tap);

/* Is there a line of these bytes that nothing but TAP has: a version, a plan, a numbered point? */
bool tps_tap_recognise(const char *bytes, size_t length);
