/* SPDX-License-Identifier: MIT */
#include "scheduler/reporting.h"

#include "core/error.h"
#include "formats/files.h"
#include "formats/journal.h"
#include "scheduler/attachments.h"
#include "scheduler/merge.h"
#include "scheduler/report_dir.h"
#include "scheduler/timeline.h"

#include <string.h>

/* Without a plan too, a part says what it had to run. */
static void say_unreported(TpsCollection *collection, const TpsPartReport *part, const char *label)
{
    g_autoptr(GHashTable) reported = g_hash_table_new(g_str_hash, g_str_equal);
    guint n_missing = 0;

    for (guint i = 0; i < part->results->len; i++)
        g_hash_table_add(reported, ((TpsResult *)g_ptr_array_index(part->results, i))->id);
    for (guint i = 0; i < part->removed->len; i++) /* gone, and that was allowed */
        g_hash_table_add(reported, g_ptr_array_index(part->removed, i));
    for (guint i = 0; i < part->planned->len; i++)
        n_missing += !g_hash_table_contains(reported, g_ptr_array_index(part->planned, i));
    if (n_missing > 0)
        g_ptr_array_add(collection->problems,
                        g_strdup_printf("%s: %u of %u planned testcases have no result", label,
                                        n_missing, part->planned->len));
}

/* A part report is a loose one when there is no plan to fit it into. */
static void loosen(TpsCollection *collection)
{
    for (guint i = 0; i < collection->parts->len; i++) {
        TpsPartReport *part = g_ptr_array_index(collection->parts, i);
        TpsLooseReport *loose = tps_loose_report_new(part->suite, part->origin);
        g_autofree char *label = tps_part_label(part->suite, part->part);

        loose->digest = g_strdup(part->digest);
        loose->started_us = part->started_us;
        loose->ended_us = MAX(part->ended_us, part->started_us);
        g_clear_pointer(&loose->results, g_ptr_array_unref);
        loose->results = g_ptr_array_ref(part->results);
        g_ptr_array_add(collection->loose, loose);
        say_unreported(collection, part, label);
        if (!part->done)
            g_ptr_array_add(
                collection->problems,
                g_strdup_printf("%s: it was started and nobody wrote how it ended", label));
        for (guint j = 0; j < part->problems->len; j++)
            g_ptr_array_add(collection->problems,
                            g_strdup_printf("%s: %s", label,
                                            (const char *)g_ptr_array_index(part->problems, j)));
    }
}

static void copy_all(GPtrArray *to, const GPtrArray *from)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(to, g_strdup(g_ptr_array_index(from, i)));
}

static TpsReport *merge_with_plan(const TpsPlan *plan, TpsCollection *collection)
{
    for (guint i = 0; i < collection->loose->len; i++) {
        const TpsLooseReport *loose = g_ptr_array_index(collection->loose, i);
        const TpsLooseReport *before = i > 0 ? g_ptr_array_index(collection->loose, i - 1) : NULL;

        if (before && strcmp(before->origin, loose->origin) == 0)
            continue; /* another suite of the same file */
        g_ptr_array_add(collection->problems,
                        g_strdup_printf("%s: no journal says which part it is", loose->origin));
    }
    return tps_merge_plan(plan, collection->parts);
}

/* Some reporters write an empty suite where a file could not be loaded: that alone is no proof. */
static TpsReport *merge_without_plan(const char *name, const char *directory,
                                     TpsCollection *collection, GError **error)
{
    guint n_reports = collection->parts->len + collection->loose->len;
    g_autoptr(TpsReport) report = NULL;

    loosen(collection);
    report = tps_merge_loose(name, directory, collection, error);
    if (!report)
        return NULL;
    n_reports += collection->n_read;
    if (report->n_results + report->problems->len + collection->problems->len > 0)
        return g_steal_pointer(&report);
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "there is no %s in what was given",
                n_reports > 0 ? "testcase" : "report");
    return NULL;
}

/*
 * Only a run that had failures leaves testcases out. What it was may be in a report that nobody
 * gave, or somebody else calls his skipped testcases so.
 */
static void check_left_out(TpsReport *report)
{
    if (report->n_not_run > 0 && tps_report_n_bad(report) + report->count[TPS_OUTCOME_FLAKY] == 0)
        tps_report_add_problem(report, "%u testcases were not run, and nothing failed",
                               report->n_not_run);
}

TpsReport *tps_report_of(const TpsReportWish *wish, TpsCollection *collection, GError **error)
{
    const char *directory = wish->directory ? wish->directory : ".";
    const char *name = wish->name ? wish->name : "tpsched";
    g_autoptr(TpsTimeline) timeline = NULL;
    g_autoptr(TpsReport) report = NULL;

    if (wish->plan) {
        tps_collect_drop_beside(collection);
        if (!tps_collect_read(collection, error))
            return NULL;
    }
    tps_attachments_move(collection->parts, directory, collection->notes);
    if (wish->timeline) /* first: a merge takes the results */
        timeline = tps_timeline_of(wish->plan, collection->parts);
    report = wish->plan ? merge_with_plan(wish->plan, collection)
                        : merge_without_plan(name, directory, collection, error);
    if (!report)
        return NULL;
    check_left_out(report);
    copy_all(report->problems, collection->problems);
    copy_all(report->notes, collection->notes);
    report->timeline = g_steal_pointer(&timeline);
    return g_steal_pointer(&report);
}

char *tps_report_find_plan(const char *const *paths)
{
    for (; *paths; paths++) {
        g_autofree char *plan = g_build_filename(*paths, TPS_RUN_PLAN_FILE, NULL);
        g_autofree char *journal = g_build_filename(*paths, TPS_JOURNAL_FILE, NULL);

        if (tps_file_is_plain(plan) && tps_file_is_plain(journal))
            return g_steal_pointer(&plan);
    }
    return NULL;
}
