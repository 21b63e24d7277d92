/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/expansion_internal.h"
#include "adapters/frameworks/records_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/duration.h"
#include "core/error.h"
#include "formats/files.h"

#include <glib/gstdio.h>
#include <string.h>

/* Collecting a large project imports all of it; longer than this is a hang. */
#define LIST_TIMEOUT_US (10 * TPS_MINUTE_US)
#define LIST_GRACE_US (5 * TPS_SECOND_US)

/* A testcase takes about 1 KiB of memory, so what is larger has gone wild. */
#define LISTING_BYTES ((gsize)256 << 20)
#define LISTING_LINES 4000000

static bool run_listing(const TpsSuite *suite, const TpsInvocation *invocation,
                        TpsExecutor *executor, int slot, TpsExit *exit, GError **error)
{
    g_autofree char **env = tps_invocation_environment(invocation, suite, NULL, NULL);
    TpsCommand command = {
        .env = env,
        .clear_env = suite->env_clear,
        .cwd = suite->cwd,
        .stdout_path = invocation->stdout_path,
        .timeout_us = LIST_TIMEOUT_US,
        .grace_us = LIST_GRACE_US,
    };

    g_ptr_array_add(invocation->argv, NULL);
    command.argv = (char **)invocation->argv->pdata;
    if (!tps_executor_run(executor, slot, &command, exit, error))
        return false;
    if (exit->end == TPS_END_CANCELLED) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INTERRUPTED, "listing was cancelled");
        return false;
    }
    if (exit->end == TPS_END_NOT_STARTED) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "cannot start '%s' in '%s': %s",
                    (char *)g_ptr_array_index(invocation->argv, 0), suite->cwd,
                    g_strerror(exit->code));
        return false;
    }
    return true;
}

/* What is not read from a file of its own is read from its output. */
static TpsInvocation *listing_command(TpsExpansion *expansion, GError **error)
{
    const TpsListing *list = &expansion->framework->list;
    TpsInvocation *invocation =
        tps_expansion_invoke(expansion, list->command, list->environment, list->preload, error);

    if (!invocation)
        return NULL;
    if (list->source.from && strcmp(list->source.from, "stdout") != 0) {
        invocation->report_path = tps_expansion_output(expansion, list->source.from);
    } else {
        invocation->stdout_path = tps_dir_output(expansion->dir, "stdout");
        invocation->report_path = g_strdup(invocation->stdout_path);
    }
    return invocation;
}

static bool ended_well(const TpsListing *list, const TpsExit *exit, GError **error)
{
    if (exit->end == TPS_END_EXITED &&
        (list->exit ? tps_statuses_have(list->exit, exit->code) : exit->code == 0))
        return true;
    tps_listing_fail(exit, "its testcases can't be listed", error);
    return false;
}

/* The helper that keeps tests from being run was there: its file is not empty. */
static bool is_proven(const TpsListing *list, TpsExpansion *expansion)
{
    g_autofree char *path = list->proof ? tps_expansion_text(expansion, list->proof) : NULL;
    GStatBuf status;

    return !path || (g_stat(path, &status) == 0 && status.st_size > 0);
}

static bool is_sized(const TpsSource *source, const char *text, gsize length, GError **error)
{
    const char *at = text;
    size_t n_lines = 0;

    if (length > LISTING_BYTES) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "it is larger than %zu MiB",
                    LISTING_BYTES >> 20);
        return false;
    }
    if (source->reader != TPS_READER_LINES && source->reader != TPS_READER_JSON_LINES)
        return true;
    while ((at = memchr(at, '\n', (size_t)(text + length - at)))) {
        at++;
        n_lines++;
    }
    if (n_lines > LISTING_LINES)
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "it has more than %d lines",
                    LISTING_LINES);
    return n_lines <= LISTING_LINES;
}

static GPtrArray *read_listing(TpsExpansion *expansion, const TpsInvocation *invocation,
                               const TpsExit *exit, GError **error)
{
    const TpsListing *list = &expansion->framework->list;
    g_autofree char *what = NULL;
    g_autofree char *text = NULL;
    g_autoptr(GError) why = NULL;
    GPtrArray *records = NULL;
    gsize length;

    if (exit->end == TPS_END_EXITED && tps_statuses_have(list->no_tests, exit->code))
        return tps_records_new();
    if (!ended_well(list, exit, error))
        return NULL;
    if (!tps_file_read_regular(invocation->report_path, &text, &length, NULL)) {
        what = g_strdup_printf("%s did not list its testcases", expansion->framework->name);
        tps_listing_fail(exit, what, error);
        return NULL;
    }
    if (!is_proven(list, expansion)) {
        tps_listing_fail(exit, "it can't list its testcases without running them", error);
        return NULL;
    }
    if (is_sized(&list->source, text, length, &why))
        records = tps_source_read(&list->source, text, length, NULL, &why);
    if (!records) {
        what = g_strdup_printf("cannot read what %s listed: %s", expansion->framework->name,
                               why->message);
        tps_listing_fail(exit, what, error);
    }
    return records;
}

static GPtrArray *list_by_command(TpsExpansion *expansion, TpsExecutor *executor, int slot,
                                  GError **error)
{
    g_autoptr(TpsInvocation) invocation = listing_command(expansion, error);
    g_auto(TpsExit) exit = {0};

    if (!invocation || !run_listing(expansion->suite, invocation, executor, slot, &exit, error))
        return NULL;
    return read_listing(expansion, invocation, &exit, error);
}

static GPtrArray *list_in(const TpsSuite *suite, const TpsFramework *framework, const char *dir,
                          TpsExecutor *executor, int slot, GError **error)
{
    g_auto(TpsExpansion) expansion = {0};
    g_autoptr(GPtrArray) records = NULL;

    if (!tps_expansion_init(&expansion, suite, framework, dir, error))
        return NULL;
    if (framework->list.command)
        records = list_by_command(&expansion, executor, slot, error);
    else
        records = tps_records_from_files(suite, framework, error);
    return records ? tps_testcases_from_records(framework, records, error) : NULL;
}

/* A program that says nothing but how it ended is one testcase, named like its suite. */
static GPtrArray *list_nothing(const TpsSuite *suite, const TpsFramework *framework, GError **error)
{
    GPtrArray *testcases;

    if (!suite->command && !suite->path && !framework->program) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "'command' must say what to run");
        return NULL;
    }
    testcases = tps_testcases_new();
    g_ptr_array_add(testcases, tps_testcase_new(suite->name));
    return testcases;
}

static GPtrArray *list(const TpsSuite *suite, const TpsFramework *framework, TpsExecutor *executor,
                       int slot, GError **error)
{
    g_autofree char *dir = NULL;
    g_autoptr(GError) why = NULL;
    GPtrArray *testcases;

    if (suite->testcase_timeout_us && !framework->run.limits_testcases) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "%s has no time limit for a testcase; only 'timeout' is for its tasks",
                    suite->framework);
        return NULL;
    }
    if (!framework->list.is_known)
        return list_nothing(suite, framework, error);
    /* Not called like the directories of sandboxes: another run would sweep it while it is empty.
     */
    dir = g_dir_make_tmp("tpsched-list-XXXXXX", &why);
    if (!dir) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot make a temporary directory: %s",
                    why->message);
        return NULL;
    }
    testcases = list_in(suite, framework, dir, executor, slot, error);
    /* What can't be removed from a temporary directory is no reason to lose the listing. */
    tps_directory_remove(dir, NULL);
    return testcases;
}

GPtrArray *tps_framework_list(const TpsSuite *suite, TpsExecutor *executor, int slot,
                              GError **error)
{
    g_autoptr(GError) why = NULL;
    const TpsFramework *framework = tps_framework_load(suite->framework, &why);
    GPtrArray *testcases;

    if (!framework) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "suite '%s': %s", suite->name,
                    why->message);
        return NULL;
    }
    testcases = list(suite, framework, executor, slot, error);
    if (testcases && testcases->len == 0) {
        g_clear_pointer(&testcases, g_ptr_array_unref);
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "it has no testcases");
    }
    if (!testcases)
        g_prefix_error(error, "suite '%s': ", suite->name);
    return testcases;
}
