/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/framework.h"
#include "formats/junit.h"

/* The definitions, one per file. */
extern const TpsFramework tps_framework_check;
extern const TpsFramework tps_framework_command;
extern const TpsFramework tps_framework_ctest;
extern const TpsFramework tps_framework_googletest;
extern const TpsFramework tps_framework_pytest;

/* What a process of the suite sees in that variable: its own env, else ours. Borrowed, or NULL. */
const char *tps_suite_getenv(const TpsSuite *suite, const char *name);

/*
 * The suite's own program for frameworks that are one: its command, else its path, which is looked
 * up from its cwd and never in PATH. Appended to the invocation with the suite's arguments.
 * TPS_ERROR_FRAMEWORK when it has neither.
 */
bool tps_suite_add_program(const TpsSuite *suite, TpsInvocation *invocation, GError **error);

/* Append every string of a NULL-terminated vector; NULL is an empty one. */
void tps_invocation_add_all(TpsInvocation *invocation, char *const *strings);

/* A file of `dir` by its absolute name, because processes start elsewhere. Caller frees. */
char *tps_dir_file(const char *dir, const char *name);

/* The same for what a process will write: what an earlier one left there is removed. */
char *tps_dir_output(const char *dir, const char *name);

/* A list of TpsInvocation that owns its elements, holding that one. */
GPtrArray *tps_invocations_of(TpsInvocation *invocation);

/* Write what is embedded under that name into `dir`; returns the absolute path, caller frees. */
char *tps_resource_unpack(const char *name, const char *dir, int mode, GError **error);

/*
 * One JSON object per line, {"id": .., "file": ..}: any bytes of a name survive.
 * TPS_ERROR_EXECUTOR when the disk does not.
 */
bool tps_testcases_write(const GPtrArray *testcases, const char *path, GError **error);

/* TPS_ERROR_FRAMEWORK: `what`, how the process ended, and the end of what it printed. */
void tps_listing_fail(const TpsExit *exit, const char *what, GError **error);

/* False and an error unless the process of a listing ended by itself, with that status. */
bool tps_listing_exited(const TpsExit *exit, int code, GError **error);

/* How a process ended, in words. Caller frees. */
char *tps_exit_describe(const TpsExit *exit);

void tps_report_problem(TpsFrameworkReport *report, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Say so when the process did not end by itself; true if it did. */
bool tps_report_end(TpsFrameworkReport *report, const TpsExit *exit);

/* "no report was written (exit status 3)" */
void tps_report_missing(TpsFrameworkReport *report, const TpsExit *exit);

/* The last lines of an output, as text that can be shown. Caller frees. */
char *tps_output_end(const TpsExit *exit);

/*
 * The result of the testcase that was running when its process ended: for how long, how that ended,
 * and what was printed last.
 *
 *   since_us  when it began (monotonic), or TPS_TIME_UNKNOWN
 */
TpsResult *tps_result_crashed(const char *id, int64_t since_us, const TpsExit *exit);

/*
 * Read the JUnit report a process should have written. Damage, a missing file and a process that
 * did not end by itself are problems; NULL when there is nothing to read.
 */
TpsJunit *tps_report_open(TpsFrameworkReport *report, const char *path, const TpsExit *exit);

/* The TpsJunitCase of all its suites, borrowed; caller unrefs. */
GPtrArray *tps_junit_all_cases(const TpsJunit *junit);

/* Move the result of a case into the report, under the testcase's own id. */
void tps_report_take(TpsFrameworkReport *report, TpsJunitCase *testcase, const char *id);

/*
 * Results of one id become one: the worst outcome, all texts, times added up. A framework that
 * fails in a test and again when it tears it down says so twice.
 */
void tps_report_fold(TpsFrameworkReport *report);

/* A time limit for who knows only seconds: rounded up, at least one. Caller frees. */
char *tps_whole_seconds(int64_t us);
