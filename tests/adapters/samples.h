/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/framework.h"
#include "core/duration.h"

#include <check.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* Lists and runs sample suites through the real local executor. */

static inline void remove_path(const char *path)
{
    const char *argv[] = {"rm", "-rf", "--", path, NULL};

    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                           NULL, NULL));
}

/* Words after `framework` are the suite's command; none = NULL. */
static inline TpsSuite *sample_suite(const char *framework, const char *cwd, const char *path,
                                     const char *const *command)
{
    TpsSuite *suite = tps_suite_new("sample", framework);

    g_free(suite->cwd);
    suite->cwd = g_strdup(cwd);
    suite->path = g_strdup(path);
    suite->command = g_strdupv((char **)command);
    return suite;
}

static inline GPtrArray *sample_list(const TpsSuite *suite, GError **error)
{
    g_autoptr(TpsExecutor) executor = tps_local_executor_new(1, TPS_ISOLATION_AUTO, error);

    ck_assert_ptr_nonnull(executor);
    return tps_framework_list(suite, executor, 0, error);
}

static inline GPtrArray *sample_list_ok(const TpsSuite *suite)
{
    GError *error = NULL;
    GPtrArray *testcases = sample_list(suite, &error);

    ck_assert_msg(testcases != NULL, "%s", error ? error->message : "no error");
    return testcases;
}

static inline void sample_execute(const TpsSuite *suite, TpsExecutor *executor,
                                  TpsInvocation *invocation, int64_t timeout_us, TpsExit *exit)
{
    g_autoptr(GPtrArray) env = g_ptr_array_new();
    TpsCommand command = {.cwd = invocation->directory ? invocation->directory : suite->cwd,
                          .stdin_path = invocation->stdin_path,
                          .timeout_us = timeout_us,
                          .grace_us = TPS_SECOND_US};
    GError *error = NULL;

    for (char **entry = suite->env; *entry; entry++)
        g_ptr_array_add(env, *entry);
    g_ptr_array_extend(env, invocation->env, NULL, NULL);
    g_ptr_array_add(env, NULL);
    g_ptr_array_add(invocation->argv, NULL);
    command.argv = (char **)invocation->argv->pdata;
    command.env = (char **)env->pdata;
    command.stdin_path = invocation->stdin_path;
    command.stdout_path = invocation->stdout_path;
    ck_assert_msg(tps_executor_run(executor, 0, &command, exit, &error), "%s",
                  error ? error->message : "");
}

/* Everything that the processes for these testcases reported, in one report. */
static inline TpsFrameworkReport *sample_run(const TpsSuite *suite, const GPtrArray *testcases,
                                             bool all, int64_t timeout_us)
{
    g_autoptr(TpsExecutor) executor = tps_local_executor_new(1, TPS_ISOLATION_AUTO, NULL);
    TpsFrameworkReport *total = tps_framework_report_new();
    g_autofree char *dir = g_dir_make_tmp("tpsched-test-XXXXXX", NULL);
    g_autoptr(GPtrArray) invocations = tps_framework_select(suite, testcases, all, dir, NULL);

    ck_assert_ptr_nonnull(invocations);
    for (guint i = 0; i < invocations->len; i++) {
        TpsInvocation *invocation = g_ptr_array_index(invocations, i);
        g_auto(TpsExit) exit = {0};
        g_autoptr(TpsFrameworkReport) report = NULL;

        sample_execute(suite, executor, invocation, timeout_us, &exit);
        report = tps_framework_read_report(suite, invocation, &exit);
        g_ptr_array_extend_and_steal(total->results, g_steal_pointer(&report->results));
        g_ptr_array_extend_and_steal(total->problems, g_steal_pointer(&report->problems));
        report->results = tps_results_new();
        report->problems = g_ptr_array_new();
        total->setup_us = report->setup_us;
        total->teardown_us = report->teardown_us;
    }
    remove_path(dir);
    return total;
}

static inline const TpsTestcase *testcase_at(const GPtrArray *testcases, guint i)
{
    return g_ptr_array_index(testcases, i);
}

/* Those whose unit has an odd number, so that a part has something of everything. Borrows. */
static inline GPtrArray *sample_half(const GPtrArray *testcases, TpsUnit unit)
{
    g_autoptr(GHashTable) units = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *half = g_ptr_array_new();

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = testcase_at(testcases, i);
        char *key = (char *)tps_testcase_unit_key(testcase, unit);

        if (!g_hash_table_contains(units, key))
            g_hash_table_insert(units, key, GUINT_TO_POINTER(g_hash_table_size(units)));
        if (GPOINTER_TO_UINT(g_hash_table_lookup(units, key)) % 2 == 1)
            g_ptr_array_add(half, g_ptr_array_index(testcases, i));
    }
    ck_assert_uint_gt(half->len, 0);
    ck_assert_uint_lt(half->len, testcases->len);
    return half;
}

static inline const TpsResult *find_result(const TpsFrameworkReport *report, const char *id)
{
    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        if (strcmp(result->id, id) == 0)
            return result;
    }
    return NULL;
}

static inline void assert_outcome(const TpsFrameworkReport *report, const char *id,
                                  TpsOutcome outcome)
{
    const TpsResult *result = find_result(report, id);

    ck_assert_msg(result != NULL, "'%s' was not reported", id);
    ck_assert_msg(result->outcome == outcome, "'%s' is %s", id, tps_outcome_name(result->outcome));
}

static inline void assert_no_problem(const TpsFrameworkReport *report)
{
    ck_assert_msg(report->problems->len == 0, "problem: %s",
                  report->problems->len ? (char *)g_ptr_array_index(report->problems, 0) : "");
}

/* Exactly the selected ones were reported, each once. */
static inline void assert_reported(const TpsFrameworkReport *report, const GPtrArray *testcases)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < testcases->len; i++)
        g_hash_table_add(ids, testcase_at(testcases, i)->id);
    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        ck_assert_msg(g_hash_table_remove(ids, result->id), "'%.200s' was not asked for",
                      result->id);
    }
    ck_assert_msg(g_hash_table_size(ids) == 0, "%u of %u were not reported", g_hash_table_size(ids),
                  testcases->len);
}
