/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/expansion_internal.h"
#include "adapters/frameworks/room_internal.h"
#include "adapters/frameworks/share_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/error.h"
#include "formats/files.h"

#include <string.h>

/* All that making the processes of a selection needs. */
typedef struct {
    const TpsSuite *suite;
    const TpsFramework *framework;
    const char *dir;
    char *support;
    bool all;
    GPtrArray *invocations;
} Selection;

static char *join_shares(const TpsSelecting *select, const TpsBatchOfShares *batch)
{
    GString *text = g_string_new(select->before);

    for (guint i = 0; i < batch->n; i++) {
        if (i > 0 && select->between)
            g_string_append(text, select->between);
        g_string_append(text, batch->shares[i].text);
    }
    if (select->after)
        g_string_append(text, select->after);
    return g_string_free(text, FALSE);
}

static char **share_texts(const TpsBatchOfShares *batch)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; i < batch->n; i++)
        g_strv_builder_add(builder, batch->shares[i].text);
    return g_strv_builder_end(builder);
}

static bool write_testcases(const TpsBatchOfShares *batch, const char *path, GError **error)
{
    g_autoptr(GPtrArray) testcases = g_ptr_array_new();

    for (guint i = 0; i < batch->n; i++)
        g_ptr_array_extend(testcases, batch->shares[i].testcases, NULL, NULL);
    return tps_testcases_write(testcases, path, error);
}

/* Before any template is filled, so that "{selection}" may stand in each of them. */
static bool write_selection(TpsExpansion *expansion, const TpsBatchOfShares *batch, GError **error)
{
    const TpsSelecting *select = &expansion->framework->run.select;
    g_autofree char *text = join_shares(select, batch);

    switch (select->into) {
    case TPS_SELECT_NOTHING:
        return true;
    case TPS_SELECT_ARGUMENTS:
        expansion->selected = share_texts(batch);
        return true;
    case TPS_SELECT_ARGUMENT:
    case TPS_SELECT_ENVIRONMENT:
        g_free(expansion->selection);
        expansion->selection = g_steal_pointer(&text);
        return true;
    case TPS_SELECT_JSON_LINES:
        return write_testcases(batch, expansion->selection, error);
    case TPS_SELECT_INPUT:
    case TPS_SELECT_FILE:
        break;
    }
    return tps_file_write(expansion->selection, text, strlen(text), error);
}

static bool add_selection(TpsExpansion *expansion, TpsInvocation *invocation, GError **error)
{
    const TpsSelecting *select = &expansion->framework->run.select;

    if (!tps_expansion_add(expansion, invocation, select->arguments, error))
        return false;
    tps_expansion_add_env(expansion, invocation, select->environment);
    if (select->into == TPS_SELECT_INPUT)
        invocation->stdin_path = g_strdup(expansion->selection);
    if (select->into == TPS_SELECT_ENVIRONMENT)
        tps_invocation_add_env(invocation, select->variable, expansion->selection);
    return true;
}

/* What nobody selected from is not filtered: that costs time, and hides what is new. */
static bool is_selected(const Selection *selection)
{
    return !selection->all || selection->framework->run.select.always;
}

static void place_report(TpsExpansion *expansion, TpsInvocation *invocation)
{
    const TpsFramework *framework = expansion->framework;
    const char *from = framework->report.source.from;

    if (framework->report.source.reader == TPS_READER_EXIT ||
        framework->report.source.reader == TPS_READER_JOURNAL) {
        invocation->report_path = NULL;
    } else if (from && strcmp(from, "stdout") != 0) {
        invocation->report_path = tps_expansion_output(expansion, from);
    } else {
        invocation->stdout_path = tps_dir_output(expansion->dir, "stdout");
        invocation->report_path = g_strdup(invocation->stdout_path);
    }
    if (framework->journal) {
        invocation->journal_path = g_strdup(expansion->journal);
        tps_invocation_add_env(invocation, "TPSCHED_JOURNAL", expansion->journal);
        tps_invocation_add_env(invocation, "TPSCHED_UNTIL", NULL);
    }
    if (framework->report.proof)
        invocation->proof_path = tps_expansion_output(expansion, framework->report.proof);
    for (char **file = framework->report.remove; file && *file; file++)
        g_ptr_array_add(invocation->removed, tps_expansion_text(expansion, *file));
}

/* Said here: of a process that isn't started nobody knows whether it was its program's fault. */
static bool place_process(TpsExpansion *expansion, TpsInvocation *invocation, GError **error)
{
    const char *directory = expansion->framework->run.directory;
    g_autofree char *text = directory ? tps_expansion_text(expansion, directory) : NULL;
    g_autofree char *cwd = g_canonicalize_filename(expansion->suite->cwd, NULL);

    if (!text || !*text)
        return true;
    invocation->directory = g_canonicalize_filename(text, cwd);
    if (g_file_test(invocation->directory, G_FILE_TEST_IS_DIR))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                "testcase '%.200s' can't be run: there is no directory '%s'", expansion->first->id,
                invocation->directory);
    return false;
}

/* The first process has the directory itself, the others one in it each. */
static char *own_directory(const Selection *selection)
{
    g_autofree char *number = g_strdup_printf("%u", selection->invocations->len + 1);

    if (!selection->dir || selection->invocations->len == 0)
        return g_strdup(selection->dir);
    return g_build_filename(selection->dir, number, NULL);
}

static void take_testcases(TpsInvocation *invocation, const TpsBatchOfShares *batch)
{
    for (guint i = 0; i < batch->n; i++)
        g_ptr_array_extend(invocation->testcases, batch->shares[i].testcases, NULL, NULL);
}

/* The names of its files, and what is in them. */
static bool prepare(Selection *selection, TpsExpansion *expansion, const TpsBatchOfShares *batch,
                    GError **error)
{
    const TpsFramework *framework = selection->framework;
    g_autofree char *dir = framework->uses_files ? own_directory(selection) : NULL;

    expansion->support = g_strdup(selection->support);
    if (dir && !tps_directory_make(dir, error))
        return false;
    if (!tps_expansion_init(expansion, selection->suite, framework, dir, error))
        return false;
    return !is_selected(selection) || write_selection(expansion, batch, error);
}

/* One process for a batch. */
static bool add_process(const TpsBatchOfShares *batch, void *user, GError **error)
{
    Selection *selection = user;
    const TpsRunning *run = &selection->framework->run;
    g_auto(TpsExpansion) expansion = {.first = g_ptr_array_index(batch->shares[0].testcases, 0)};
    g_autoptr(TpsInvocation) invocation = NULL;

    if (!prepare(selection, &expansion, batch, error))
        return false;
    invocation =
        tps_expansion_invoke(&expansion, run->command, run->environment, run->preload, error);
    if (!invocation || !place_process(&expansion, invocation, error))
        return false;
    take_testcases(invocation, batch);
    place_report(&expansion, invocation);
    if (is_selected(selection) && !add_selection(&expansion, invocation, error))
        return false;
    if (!tps_invocation_check_room(selection->suite, invocation, error))
        return false;
    g_ptr_array_add(selection->invocations, g_steal_pointer(&invocation));
    return true;
}

GPtrArray *tps_framework_select(const TpsSuite *suite, const GPtrArray *testcases, bool all,
                                const char *dir, GError **error)
{
    const TpsFramework *framework = tps_framework_load(suite->framework, error);
    g_autoptr(GPtrArray) invocations =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_invocation_free);
    g_autofree char *support = dir ? tps_dir_file(dir, "support") : NULL;
    Selection selection = {suite, framework, dir, support, all, invocations};

    if (!framework ||
        !tps_shares_deal(framework, testcases, all, tps_selection_budget(suite, framework),
                         add_process, &selection, error))
        return NULL;
    return g_steal_pointer(&invocations);
}
