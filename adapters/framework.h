/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executor.h"
#include "core/suite.h"

#include <glib.h>
#include <stdbool.h>

/* A command that owns its strings; what a framework wants to have run. */
typedef struct {
    GPtrArray *argv;   /* of char*, owned, without the closing NULL */
    GPtrArray *env;    /* of char*, owned: "NAME=value", or "NAME" to remove it */
    char *stdin_path;  /* owned or NULL: /dev/null                  */
    char *stdout_path; /* owned or NULL                             */
    char *report_path; /* owned or NULL: where its report will be   */
} TpsInvocation;

TpsInvocation *tps_invocation_new(void);
void tps_invocation_free(TpsInvocation *invocation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsInvocation, tps_invocation_free)

/*
 * What a process of the suite gets, as TpsCommand.env, with clear_env where the suite says so. Of
 * several values of a variable the last wins: ours, unless the suite clears it; `before`; the
 * suite's own; `after`; the invocation's.
 *
 *   before, after   "NAME=value", borrowed like all the others, NULL-terminated, or NULL
 *   returns         caller frees the array with g_free
 */
char **tps_invocation_environment(const TpsInvocation *invocation, const TpsSuite *suite,
                                  char *const *before, char *const *after);

/* Append copies of strings to an invocation's argv; the list ends with NULL. */
void tps_invocation_add(TpsInvocation *invocation, ...) G_GNUC_NULL_TERMINATED;
/* NULL removes the variable from what the process inherits. */
void tps_invocation_add_env(TpsInvocation *invocation, const char *name, const char *value);

/* What a framework's report says of one process. */
typedef struct {
    GPtrArray *results;  /* of TpsResult                                                   */
    GPtrArray *problems; /* of char*: missing, truncated, ill-formed; never a pass         */
    GPtrArray *rest;     /* of char*: testcases it gave back, which it did not begin       */
    int64_t setup_us;    /* from process start to the first test, or TPS_TIME_UNKNOWN      */
    int64_t teardown_us; /* from the last test to process end, or TPS_TIME_UNKNOWN         */
} TpsFrameworkReport;

void tps_framework_report_free(TpsFrameworkReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsFrameworkReport, tps_framework_report_free)
TpsFrameworkReport *tps_framework_report_new(void);

/*
 * What we know about one test framework: how to ask for its testcases, how to run exactly some of
 * them, where its report falls. A row of the table in framework.c; a file in adapters/frameworks/.
 * `dir` is an existing private directory for the files this needs.
 */
typedef struct {
    const char *name;
    const char *summary; /* for people, one line                                  */
    TpsUnit default_unit;
    TpsUnit finest_unit; /* what the framework can still select                   */
    bool no_files;       /* it never uses `dir`, which need not exist then        */

    /* NULL when the framework knows its testcases without asking anybody. */
    TpsInvocation *(*list)(const TpsSuite *suite, const char *dir, GError **error);
    /* The testcases, TpsTestcase in the framework's order; NULL and TPS_ERROR_FRAMEWORK. */
    GPtrArray *(*read_list)(const TpsSuite *suite, const char *dir, const TpsExit *exit,
                            GError **error);
    /* One or more TpsInvocation that together run exactly `testcases`; `all` = that is all there
     * are. */
    GPtrArray *(*select)(const TpsSuite *suite, const GPtrArray *testcases, bool all,
                         const char *dir, GError **error);
    /*
     * Or NULL: have the process of `invocation` give back what is left before it begins a unit that
     * would end after `until_us` (monotonic), or when there is a file `request`; not unless the
     * rest takes longer than `worth_us`, or twice that where it was only asked. At least one unit
     * is run.
     */
    void (*give_back)(const TpsSuite *suite, TpsInvocation *invocation, const char *request,
                      int64_t until_us, int64_t worth_us);
    /* Or NULL: have it end every testcase that takes longer than the suite's testcase_timeout_us.
     */
    void (*limit_testcases)(const TpsSuite *suite, TpsInvocation *invocation);
    /* What the process of `invocation` reported; never NULL. */
    TpsFrameworkReport *(*read_report)(const TpsSuite *suite, const GPtrArray *testcases,
                                       const TpsInvocation *invocation, const TpsExit *exit);
} TpsFramework;

/* The row of that name, or NULL; the names of all rows, NULL-terminated. Both are static. */
const TpsFramework *tps_framework_find(const char *name);
const char *const *tps_framework_names(void);

/*
 * List the testcases of a suite without running them.
 *
 *   slot     a free slot of the executor
 *   returns  TpsTestcase in the framework's own order, ids unique, at least one; caller unrefs
 *   errors   TPS_ERROR_FRAMEWORK: the program is missing, failed, or listed nothing or one id
 * twice; the message says which suite and holds the end of its output
 */
GPtrArray *tps_framework_list(const TpsSuite *suite, TpsExecutor *executor, int slot,
                              GError **error);

/* The unit that holds for a suite: its own wish, else the framework's default. */
TpsUnit tps_framework_unit(const TpsSuite *suite);
