/* SPDX-License-Identifier: MIT */
#include "cli/exit_status.h"
#include "cli/history.h"
#include "cli/option_values.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "core/error.h"
#include "formats/json.h"
#include "formats/plan_yaml.h"
#include "runtime/check.h"
#include "scheduler/listing.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *plan_file;
    char *max_age;
    char *now;
    char *format;
} Options;

static void options_clear(Options *options)
{
    g_free(options->plan_file);
    g_free(options->max_age);
    g_free(options->now);
    g_free(options->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* What a plan file declares and its frameworks list, for as long as it is looked at. */
typedef struct {
    TpsPlanFile *file;
    GHashTable *listings;
    GArray *suites; /* of TpsCheckSuite */
} Declared;

static void declared_clear(Declared *declared)
{
    tps_plan_file_free(declared->file);
    g_clear_pointer(&declared->listings, g_hash_table_unref);
    g_clear_pointer(&declared->suites, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Declared, declared_clear)

static bool list_declared(const char *path, Declared *declared, GError **error)
{
    declared->suites = g_array_new(FALSE, FALSE, sizeof(TpsCheckSuite));
    if (!path)
        return true;
    tps_stop_install();
    declared->file = tps_plan_file_load(path, error);
    declared->listings = declared->file ? tps_list_suites(declared->file, NULL, error) : NULL;
    if (!declared->listings)
        return false;
    for (guint i = 0; i < declared->file->suites->len; i++) {
        const TpsSuite *suite = g_ptr_array_index(declared->file->suites, i);
        TpsCheckSuite entry = {suite->name, g_hash_table_lookup(declared->listings, suite->name)};

        g_array_append_val(declared->suites, entry);
    }
    return true;
}

/* "2026-11-21" or "2026-11-21T11:32:43Z". */
static bool read_now(const char *text, int64_t *seconds, GError **error)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autofree char *midnight = NULL;
    g_autoptr(GDateTime) now = NULL;

    if (!text)
        return true;
    midnight = strchr(text, 'T') ? g_strdup(text) : g_strconcat(text, "T00:00:00Z", NULL);
    now = g_date_time_new_from_iso8601(midnight, utc);
    if (now) {
        *seconds = MAX(g_date_time_to_unix(now), 0);
        return true;
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "--now: '%s' is not a date; write 2026-11-21 or 2026-11-21T11:32:43Z", text);
    return false;
}

static bool read_request(const Options *options, TpsCheckRequest *request, GError **error)
{
    if (!tps_option_format(options->format, error))
        return false;
    return tps_history_age("--max-age", options->max_age, &request->max_age_s, error) &&
           read_now(options->now, &request->now_s, error);
}

static void print_finding(const TpsFinding *finding)
{
    g_autofree char *suite = tps_printable(finding->suite, 0);
    g_autofree char *testcase = finding->testcase ? tps_printable(finding->testcase, 0) : NULL;
    g_autofree char *text = tps_printable(finding->text, 0);

    printf("%s: %s: %s%s%s\n", suite, tps_finding_name(finding->kind), testcase ? testcase : "",
           testcase ? ": " : "", text);
}

static void print_text(const GPtrArray *findings)
{
    for (guint i = 0; i < findings->len; i++)
        print_finding(g_ptr_array_index(findings, i));
    if (findings->len == 0)
        printf("nothing found\n");
}

static void print_json(const GPtrArray *findings)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    cJSON *array = cJSON_AddArrayToObject(root, "findings");
    g_autofree char *text = NULL;

    for (guint i = 0; i < findings->len; i++) {
        const TpsFinding *finding = g_ptr_array_index(findings, i);
        cJSON *object = cJSON_CreateObject();

        cJSON_AddStringToObject(object, "suite", finding->suite);
        cJSON_AddStringToObject(object, "kind", tps_finding_name(finding->kind));
        if (finding->testcase)
            cJSON_AddStringToObject(object, "testcase", finding->testcase);
        cJSON_AddStringToObject(object, "text", finding->text);
        cJSON_AddItemToArray(array, object);
    }
    text = tps_json_text(root);
    fputs(text, stdout);
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    g_auto(Declared) declared = {0};
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_history_check);
    TpsCheckRequest request = {.now_s = -1, .max_age_s = TPS_GONE_AFTER_S};
    GOptionEntry entries[] = {
        {"file", 'f', 0, G_OPTION_ARG_FILENAME, &options.plan_file,
         "Against the suites of this plan file", "FILE"},
        {"max-age", 0, 0, G_OPTION_ARG_STRING, &options.max_age, "Older than that is old (90d)",
         "TIME"},
        {"now", 0, 0, G_OPTION_ARG_STRING, &options.now, "Age until then (default: the newest run)",
         "DATE"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "What stdout gets", "text|json"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
    if (!tps_options_parse(context, &argc, &argv, error) ||
        !read_request(&options, &request, error) || !tps_history_load(data, argv + 1, error) ||
        !list_declared(options.plan_file, &declared, error))
        return TPS_EXIT_USAGE;
    request.declared = (const TpsCheckSuite *)(void *)declared.suites->data;
    request.n_declared = declared.suites->len;
    findings = tps_runtime_data_check(data, &request);
    if (options.format && strcmp(options.format, "json") == 0)
        print_json(findings);
    else
        print_text(findings);
    return findings->len > 0 ? TPS_EXIT_FAILED : TPS_EXIT_PASSED;
}

const TpsVerb tps_history_check = {
    .name = "history check",
    .args = "FILE...",
    .summary = "find what makes plans bad: units, outliers, gaps, age",
    .run = run,
};
