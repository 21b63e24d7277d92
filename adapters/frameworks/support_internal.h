/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/framework.h"
#include "formats/junit.h"

/* What a process of the suite sees in that variable: its own env, else ours. Borrowed, or NULL. */
const char *tps_suite_getenv(const TpsSuite *suite, const char *name);

/* Append every string of a NULL-terminated vector; NULL is an empty one. */
void tps_invocation_add_all(TpsInvocation *invocation, char *const *strings);

/* A file of `dir` by its absolute name, because processes start elsewhere. Caller frees. */
char *tps_dir_file(const char *dir, const char *name);

/* The same for what a process will write: what an earlier one left there is removed. */
char *tps_dir_output(const char *dir, const char *name);

/* Write a support file of the framework into `dir`, executable. */
bool tps_support_unpack(const TpsFramework *framework, const char *name, const char *dir,
                        GError **error);

/*
 * Have the process load a library of ours before its own. TPS_ERROR_FRAMEWORK where that can't be
 * done: it would run its tests instead of naming them.
 */
bool tps_preload_add(const TpsSuite *suite, TpsInvocation *invocation, const char *library,
                     GError **error);

/*
 * One JSON object per line: id, file, class, selector, where. Any bytes of a name survive.
 * TPS_ERROR_EXECUTOR when the disk does not.
 */
bool tps_testcases_write(const GPtrArray *testcases, const char *path, GError **error);

/* TPS_ERROR_FRAMEWORK: `what`, how the process ended, and the end of what it printed. */
void tps_listing_fail(const TpsExit *exit, const char *what, GError **error);

/* How a process ended, in words. Caller frees. */
char *tps_exit_describe(const TpsExit *exit);

void tps_framework_report_complain(TpsFrameworkReport *report, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

/* Say so when the process did not end by itself; true if it did. */
bool tps_report_end(TpsFrameworkReport *report, const TpsExit *exit);

/* The last lines of an output, as text that can be shown. Caller frees. */
char *tps_output_end(const TpsExit *exit);

/*
 * The result of the testcase that was running when its process ended: for how long, how that ended,
 * and what was printed last.
 *
 *   since_us  when it began (monotonic), or TPS_TIME_UNKNOWN
 */
TpsResult *tps_result_crashed(const char *id, int64_t since_us, const TpsExit *exit);

/* A time limit for who knows only seconds: rounded up, at least one. Caller frees. */
char *tps_whole_seconds(int64_t us);

/* Seconds to the microsecond. Caller frees. */
char *tps_exact_seconds(int64_t us);

/* The absolute path of this program; static. */
const char *tps_own_program(void);
