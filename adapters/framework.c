/* SPDX-License-Identifier: MIT */
#include "adapters/framework.h"

#include "adapters/frameworks/support_internal.h"
#include "core/duration.h"
#include "core/error.h"
#include "formats/files.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Collecting a large project imports all of it; longer than this is a hang. */
#define LIST_TIMEOUT_US (10 * TPS_MINUTE_US)
#define LIST_GRACE_US (5 * TPS_SECOND_US)

static const TpsFramework *const table[] = {
    &tps_framework_check,      &tps_framework_command, &tps_framework_ctest,
    &tps_framework_googletest, &tps_framework_pytest,
};

const TpsFramework *tps_framework_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    }
    return NULL;
}

const char *const *tps_framework_names(void)
{
    static const char *names[G_N_ELEMENTS(table) + 1];
    static gsize ready;

    if (g_once_init_enter(&ready)) {
        for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
            names[i] = table[i]->name;
        g_once_init_leave(&ready, 1);
    }
    return names;
}

TpsInvocation *tps_invocation_new(void)
{
    TpsInvocation *invocation = g_new0(TpsInvocation, 1);

    invocation->argv = g_ptr_array_new_with_free_func(g_free);
    invocation->env = g_ptr_array_new_with_free_func(g_free);
    return invocation;
}

void tps_invocation_free(TpsInvocation *invocation)
{
    if (!invocation)
        return;
    g_ptr_array_unref(invocation->argv);
    g_ptr_array_unref(invocation->env);
    g_free(invocation->stdin_path);
    g_free(invocation->stdout_path);
    g_free(invocation->report_path);
    g_free(invocation);
}

void tps_invocation_add(TpsInvocation *invocation, ...)
{
    va_list strings;
    const char *string;

    va_start(strings, invocation);
    while ((string = va_arg(strings, const char *)))
        g_ptr_array_add(invocation->argv, g_strdup(string));
    va_end(strings);
}

void tps_invocation_add_env(TpsInvocation *invocation, const char *name, const char *value)
{
    g_ptr_array_add(invocation->env,
                    value ? g_strdup_printf("%s=%s", name, value) : g_strdup(name));
}

TpsFrameworkReport *tps_framework_report_new(void)
{
    TpsFrameworkReport *report = g_new0(TpsFrameworkReport, 1);

    report->results = tps_results_new();
    report->problems = g_ptr_array_new_with_free_func(g_free);
    report->rest = g_ptr_array_new_with_free_func(g_free);
    report->setup_us = TPS_TIME_UNKNOWN;
    report->teardown_us = TPS_TIME_UNKNOWN;
    return report;
}

void tps_framework_report_free(TpsFrameworkReport *report)
{
    if (!report)
        return;
    g_ptr_array_unref(report->results);
    g_ptr_array_unref(report->problems);
    g_ptr_array_unref(report->rest);
    g_free(report);
}

TpsUnit tps_framework_unit(const TpsSuite *suite)
{
    const TpsFramework *framework = tps_framework_find(suite->framework);

    if (!framework)
        return suite->unit == TPS_UNIT_DEFAULT ? TPS_UNIT_TESTCASE : suite->unit;
    /* Where only whole classes can be selected, a file could still cut one in two. */
    if (framework->finest_unit == TPS_UNIT_CLASS)
        return TPS_UNIT_CLASS;
    return suite->unit == TPS_UNIT_DEFAULT ? framework->default_unit : suite->unit;
}

static bool run_listing(const TpsSuite *suite, const TpsInvocation *invocation,
                        TpsExecutor *executor, int slot, TpsExit *exit, GError **error)
{
    g_autofree char **env = tps_invocation_environment(invocation, suite, NULL, NULL);
    TpsCommand command = {
        .env = env,
        .clear_env = suite->env_clear,
        .cwd = suite->cwd,
        .stdin_path = invocation->stdin_path,
        .stdout_path = invocation->stdout_path,
        .timeout_us = LIST_TIMEOUT_US,
        .grace_us = LIST_GRACE_US,
    };

    g_ptr_array_add(invocation->argv, NULL);
    command.argv = (char **)invocation->argv->pdata;
    return tps_executor_run(executor, slot, &command, exit, error);
}

static GPtrArray *list_in(const char *dir, const TpsFramework *framework, const TpsSuite *suite,
                          TpsExecutor *executor, int slot, GError **error)
{
    g_autoptr(TpsInvocation) invocation = framework->list(suite, dir, error);
    g_auto(TpsExit) exit = {0};

    if (!invocation || !run_listing(suite, invocation, executor, slot, &exit, error))
        return NULL;
    if (exit.end == TPS_END_CANCELLED) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INTERRUPTED, "listing was cancelled");
        return NULL;
    }
    if (exit.end == TPS_END_NOT_STARTED) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "cannot start '%s' in '%s': %s",
                    (char *)g_ptr_array_index(invocation->argv, 0), suite->cwd,
                    g_strerror(exit.code));
        return NULL;
    }
    return framework->read_list(suite, dir, &exit, error);
}

static GPtrArray *list(const TpsFramework *framework, const TpsSuite *suite, TpsExecutor *executor,
                       int slot, GError **error)
{
    g_autofree char *dir = NULL;
    g_autoptr(GError) why = NULL;
    GPtrArray *testcases;

    if (!framework->list)
        return framework->read_list(suite, NULL, NULL, error);
    dir = g_dir_make_tmp("tpsched-XXXXXX", &why);
    if (!dir) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot make a temporary directory: %s",
                    why->message);
        return NULL;
    }
    testcases = list_in(dir, framework, suite, executor, slot, error);
    /* What can't be removed from a temporary directory is no reason to lose the listing. */
    tps_directory_remove(dir, NULL);
    return testcases;
}

/* At least one, and each only once: everything later counts on it. */
static bool is_sound(const GPtrArray *testcases, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    if (testcases->len == 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "it has no testcases");
        return false;
    }
    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        if (!g_hash_table_add(seen, testcase->id)) {
            g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "testcase '%s' is listed twice",
                        testcase->id);
            return false;
        }
    }
    return true;
}

GPtrArray *tps_framework_list(const TpsSuite *suite, TpsExecutor *executor, int slot,
                              GError **error)
{
    const TpsFramework *framework = tps_framework_find(suite->framework);
    g_autoptr(GPtrArray) testcases = NULL;

    if (framework && suite->testcase_timeout_us && !framework->limit_testcases) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "%s has no time limit for a testcase; only 'timeout' is for its tasks",
                    suite->framework);
    } else if (framework) {
        testcases = list(framework, suite, executor, slot, error);
    } else {
        const char *meant = tps_nearest_word(suite->framework, tps_framework_names());

        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "unknown framework '%s'%s%s%s",
                    suite->framework, meant ? "; did you mean '" : "", meant ? meant : "",
                    meant ? "'?" : "");
    }
    if (testcases && is_sound(testcases, error))
        return g_steal_pointer(&testcases);
    g_prefix_error(error, "suite '%s': ", suite->name);
    return NULL;
}
