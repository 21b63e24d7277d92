/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * The events of `go test -json` and `go tool test2json`, folded to tests and packages. What it
 * keeps are the tests that run, and of each package that runs the names of those that ended.
 */

/* One event; all is borrowed for the call, and NULL where it isn't said. */
typedef struct {
    const char *action;
    const char *package;
    const char *test;
    const char *output;
    const char *seconds; /* "Elapsed", as a decimal number */
    const char *time;    /* "Time"                         */
} TpsGoEvent;

typedef enum {
    TPS_GO_PASSED,
    TPS_GO_FAILED,
    TPS_GO_SKIPPED,
    TPS_GO_NEVER_ENDED,
} TpsGoOutcome;

/* A test or subtest that ended, or will not any more. Borrowed for the call. */
typedef struct {
    const char *package; /* or NULL */
    const char *name;
    TpsGoOutcome outcome;
    const char *seconds;   /* or NULL */
    const GString *output; /* what it printed, without the lines that Go marks its progress with */
    const GString *last_words; /* what its package printed so far beside the tests */
} TpsGoTest;

typedef struct {
    const char *name; /* or NULL */
    TpsGoOutcome outcome;
    const char *started;   /* the first event's time, or NULL */
    const char *ended;     /* the last one's                  */
    const GString *output; /* what it printed beside the tests */
    guint n_bad;           /* tests of it that failed or never ended */
} TpsGoPackage;

typedef struct {
    /* A test began: what is returned comes back when it ended. May be NULL. */
    gpointer (*began)(const char *package, const char *name, void *user);

    /* False ends the reading, which fails with what was set. */
    bool (*ended)(const TpsGoTest *test, gpointer begun, void *user, GError **error);
    /* Behind its tests. May be NULL. */
    bool (*package)(const TpsGoPackage *package, void *user, GError **error);
} TpsGoHandler;

typedef struct TpsGo TpsGo;

TpsGo *tps_go_new(const TpsGoHandler *handler, void *user);
void tps_go_free(TpsGo *go);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsGo, tps_go_free)

bool tps_go_take(TpsGo *go, const TpsGoEvent *event, GError **error);

/* No more events: what runs still will not end. */
bool tps_go_finish(TpsGo *go, GError **error);
