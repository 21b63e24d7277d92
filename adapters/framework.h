/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/definitions/definition.h"
#include "adapters/definitions/registry.h"
#include "adapters/executor.h"
#include "core/suite.h"

#include <glib.h>
#include <stdbool.h>

/* A command that owns its strings; what a framework wants to have run. */
typedef struct {
    GPtrArray *argv;      /* of char*, owned, without the closing NULL */
    GPtrArray *env;       /* of char*, owned: "NAME=value", or "NAME" to remove it */
    char *directory;      /* owned or NULL: where it starts, if not in the suite's cwd        */
    char *stdin_path;     /* owned or NULL                                                    */
    char *stdout_path;    /* owned or NULL                                                    */
    char *report_path;    /* owned or NULL: where its report will be                          */
    char *journal_path;   /* owned or NULL: and its journal                                   */
    char *proof_path;     /* owned or NULL: a file that is there if it heeded what it was told */
    GPtrArray *removed;   /* of char*, owned: files that go when the report is read          */
    GPtrArray *testcases; /* of TpsTestcase, borrowed from who selected: those it runs        */
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
    GPtrArray *results;    /* of TpsResult                                                   */
    GPtrArray *problems;   /* of char*: missing, truncated, ill-formed; never a pass         */
    GPtrArray *properties; /* of TpsProperty: what it says of all of it                      */
    GPtrArray *rest;       /* of char*: testcases it gave back, which it did not begin       */
    int64_t setup_us;      /* from process start to the first test, or TPS_TIME_UNKNOWN      */
    int64_t teardown_us;   /* from the last test to process end, or TPS_TIME_UNKNOWN         */
} TpsFrameworkReport;

void tps_framework_report_free(TpsFrameworkReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsFrameworkReport, tps_framework_report_free)
TpsFrameworkReport *tps_framework_report_new(void);

/*
 * The processes that together run exactly `testcases`.
 *
 *   testcases  of TpsTestcase, in the framework's order
 *   all        that is all there are
 *   dir        an existing directory for the files this needs; not used unless uses_files
 *   returns    TpsInvocation, at least one; caller unrefs
 *   errors     TPS_ERROR_FRAMEWORK: a name can't be handed over; TPS_ERROR_EXECUTOR: the disk
 */
GPtrArray *tps_framework_select(const TpsSuite *suite, const GPtrArray *testcases, bool all,
                                const char *dir, GError **error);

/*
 * Have the process of `invocation` give back what is left before it begins a unit that would end
 * after `until_us` (monotonic), or when there is a file `request`; not unless the rest takes longer
 * than `worth_us`, or twice that where it was only asked. At least one unit is run. Only where the
 * definition says gives_back.
 */
void tps_framework_let_give_back(const TpsSuite *suite, TpsInvocation *invocation,
                                 const char *request, int64_t until_us, int64_t worth_us);

/* Have it end every testcase that takes longer than the suite's testcase_timeout_us, if it can. */
void tps_framework_limit_testcases(const TpsSuite *suite, TpsInvocation *invocation);

/* What the process of `invocation` reported; never NULL. */
TpsFrameworkReport *tps_framework_read_report(const TpsSuite *suite,
                                              const TpsInvocation *invocation, const TpsExit *exit);

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

/* Can it be asked for any testcase of the suite alone? */
bool tps_framework_selects_testcases(const TpsSuite *suite);

/* Is what a process of the suite says no more than its exit status? */
bool tps_framework_is_exit_status(const TpsSuite *suite);

/* What starting one process costs, until it is measured; 0 = not known. */
int64_t tps_framework_start_up_us(const TpsSuite *suite);
