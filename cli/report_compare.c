/* SPDX-License-Identifier: MIT */
#include "cli/report_compare.h"

#include "cli/exit_status.h"
#include "cli/key_options.h"
#include "cli/option_values.h"
#include "cli/terminal.h"
#include "core/duration.h"
#include "core/error.h"
#include "formats/json.h"
#include "formats/plan_json.h"
#include "scheduler/compare.h"
#include "scheduler/reporting.h"

#include <stdio.h>
#include <string.h>

/* Half as long again, and by a tenth of a second: less is noise of most machines. */
static const TpsSlowness slowness = {.ratio_ppm = 500000, .least_us = 100000};

#define SHOWN 20

static TpsReport *load(const char *path, const char *key, GError **error)
{
    const char *paths[] = {path, NULL};
    g_autofree char *plan_path = tps_report_find_plan(paths);
    g_autoptr(TpsPlan) plan = NULL;
    g_autoptr(TpsCollection) collection = NULL;

    if (plan_path &&
        (!tps_key_check(key, plan_path, error) || !(plan = tps_plan_load(plan_path, error))))
        return NULL;
    collection = tps_collect(paths, error);
    return collection ? tps_report_of(&(TpsReportWish){.plan = plan}, collection, error) : NULL;
}

static const char *const headings[] = {
    [TPS_CHANGE_NEW_FAILURE] = "new failures",
    [TPS_CHANGE_STILL_FAILING] = "still failing",
    [TPS_CHANGE_FIXED] = "fixed",
    [TPS_CHANGE_FLAKY] = "flaky now",
    [TPS_CHANGE_SLOWER] = "slower",
    [TPS_CHANGE_FASTER] = "faster",
    [TPS_CHANGE_ADDED] = "added",
    [TPS_CHANGE_REMOVED] = "removed",
};

static void print_change(const TpsChange *change, bool with_times)
{
    g_autofree char *suite = tps_printable(change->suite, 0);
    g_autofree char *id = tps_printable(change->id, 0);

    printf("  %s: %s", suite, id);
    if (with_times) {
        g_autofree char *before = tps_duration_format(change->before_us);
        g_autofree char *after = tps_duration_format(change->after_us);

        printf(" (%s -> %s)", before, after);
    } else if (change->message) {
        g_autofree char *message = tps_printable(change->message, 0);

        printf(": %s", message);
    }
    putchar('\n');
}

static void print_kind(const TpsComparison *comparison, TpsChangeKind kind)
{
    const GPtrArray *changes = comparison->changes[kind];

    if (changes->len == 0)
        return;
    printf("%s: %u\n", headings[kind], changes->len);
    for (guint i = 0; i < changes->len && i < SHOWN; i++)
        print_change(g_ptr_array_index(changes, i),
                     kind == TPS_CHANGE_SLOWER || kind == TPS_CHANGE_FASTER);
    if (changes->len > SHOWN)
        printf("  ... and %u more\n", changes->len - SHOWN);
}

static void print_text(const TpsComparison *comparison, const TpsReport *before,
                       const TpsReport *after)
{
    g_autofree char *was = tps_duration_format(comparison->before_us);
    g_autofree char *is = tps_duration_format(comparison->after_us);

    for (int kind = 0; kind < TPS_CHANGE_LAST; kind++)
        print_kind(comparison, (TpsChangeKind)kind);
    printf("%s -> %s: %u -> %u testcases, %u new failures, %u fixed; what passed in both: %s -> "
           "%s\n",
           tps_report_verdict(before), tps_report_verdict(after), comparison->n_before,
           comparison->n_after, comparison->changes[TPS_CHANGE_NEW_FAILURE]->len,
           comparison->changes[TPS_CHANGE_FIXED]->len, was, is);
}

static void add_time(cJSON *object, const char *key, int64_t us)
{
    if (us != TPS_TIME_UNKNOWN)
        tps_json_add_seconds(object, key, us);
}

static void add_changes(cJSON *root, TpsChangeKind kind, const GPtrArray *changes)
{
    cJSON *array = cJSON_AddArrayToObject(root, tps_change_name(kind));

    for (guint i = 0; i < changes->len; i++) {
        const TpsChange *change = g_ptr_array_index(changes, i);
        cJSON *object = cJSON_CreateObject();

        cJSON_AddStringToObject(object, "suite", change->suite);
        cJSON_AddStringToObject(object, "testcase", change->id);
        add_time(object, "before", change->before_us);
        add_time(object, "after", change->after_us);
        if (change->message)
            cJSON_AddStringToObject(object, "message", change->message);
        cJSON_AddItemToArray(array, object);
    }
}

static void print_json(const TpsComparison *comparison, const TpsReport *before,
                       const TpsReport *after, int status)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    g_autofree char *text = NULL;

    cJSON_AddNumberToObject(root, "exit_status", status);
    cJSON_AddStringToObject(root, "verdict_before", tps_report_verdict(before));
    cJSON_AddStringToObject(root, "verdict_after", tps_report_verdict(after));
    cJSON_AddNumberToObject(root, "testcases_before", comparison->n_before);
    cJSON_AddNumberToObject(root, "testcases_after", comparison->n_after);
    tps_json_add_seconds(root, "time_before", comparison->before_us);
    tps_json_add_seconds(root, "time_after", comparison->after_us);
    for (int kind = 0; kind < TPS_CHANGE_LAST; kind++)
        add_changes(root, (TpsChangeKind)kind, comparison->changes[kind]);
    text = tps_json_text(root);
    fputs(text, stdout);
}

int tps_report_compare(const char *const *paths, const char *format, const char *key,
                       GError **error)
{
    g_autoptr(TpsReport) before = NULL;
    g_autoptr(TpsReport) after = NULL;
    g_autoptr(TpsComparison) comparison = NULL;
    int status = TPS_EXIT_PASSED;

    if (!tps_option_format(format, error))
        return TPS_EXIT_USAGE;
    if (!paths[0] || !paths[1] || paths[2]) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--compare takes two: BEFORE AFTER");
        return TPS_EXIT_USAGE;
    }
    before = load(paths[0], key, error);
    after = before ? load(paths[1], key, error) : NULL;
    comparison = after ? tps_compare(before, after, &slowness, error) : NULL;
    if (!comparison)
        return tps_exit_status_of_error(*error);
    if (!tps_report_is_complete(after))
        status = TPS_EXIT_INCOMPLETE;
    else if (comparison->changes[TPS_CHANGE_NEW_FAILURE]->len > 0)
        status = TPS_EXIT_FAILED;
    if (format && strcmp(format, "json") == 0)
        print_json(comparison, before, after, status);
    else
        print_text(comparison, before, after);
    return status;
}
