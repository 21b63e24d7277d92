/* SPDX-License-Identifier: MIT */
#include "adapters/framework.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/options.h"
#include "cli/plural.h"
#include "cli/terminal.h"
#include "core/error.h"
#include "formats/json.h"
#include "scheduler/listing.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

static const GPtrArray *listing_of(GHashTable *listings, const TpsSuite *suite)
{
    return g_hash_table_lookup(listings, suite->name);
}

static void print_text(const TpsPlanFile *file, GHashTable *listings)
{
    for (guint i = 0; i < file->suites->len; i++) {
        const TpsSuite *suite = g_ptr_array_index(file->suites, i);
        const GPtrArray *testcases = listing_of(listings, suite);
        g_autofree char *name = tps_printable(suite->name, 0);
        g_autofree char *origin = tps_printable(suite->origin, 0);

        printf("%s (%s, %u testcase%s, unit %s)\n", name, suite->framework, testcases->len,
               tps_plural(testcases->len), tps_unit_name(tps_framework_unit(suite)));
        printf("  from %s\n", origin);
        for (guint j = 0; j < testcases->len; j++) {
            const TpsTestcase *testcase = g_ptr_array_index(testcases, j);
            g_autofree char *id = tps_printable(testcase->id, 0);

            printf("  %s\n", id);
        }
    }
}

static cJSON *testcase_to_json(const TpsTestcase *testcase, TpsUnit unit)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", testcase->id);
    cJSON_AddStringToObject(object, "unit", tps_testcase_unit_key(testcase, unit));
    if (testcase->file)
        cJSON_AddStringToObject(object, "file", testcase->file);
    if (testcase->line)
        cJSON_AddNumberToObject(object, "line", (double)testcase->line);
    return object;
}

static cJSON *suite_to_json(const TpsSuite *suite, const GPtrArray *testcases)
{
    g_autofree char *origin = g_utf8_make_valid(suite->origin, -1);
    cJSON *object = cJSON_CreateObject();
    TpsUnit unit = tps_framework_unit(suite);
    cJSON *array;

    cJSON_AddStringToObject(object, "name", suite->name);
    cJSON_AddStringToObject(object, "from", origin);
    cJSON_AddStringToObject(object, "framework", suite->framework);
    cJSON_AddStringToObject(object, "unit", tps_unit_name(unit));
    array = cJSON_AddArrayToObject(object, "testcases");
    for (guint i = 0; i < testcases->len; i++)
        cJSON_AddItemToArray(array, testcase_to_json(g_ptr_array_index(testcases, i), unit));
    return object;
}

static void print_json(const TpsPlanFile *file, GHashTable *listings)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    cJSON *suites = cJSON_AddArrayToObject(root, "suites");
    g_autofree char *text = NULL;

    for (guint i = 0; i < file->suites->len; i++) {
        const TpsSuite *suite = g_ptr_array_index(file->suites, i);

        cJSON_AddItemToArray(suites, suite_to_json(suite, listing_of(listings, suite)));
    }
    text = tps_json_text(root);
    fputs(text, stdout);
}

static TpsPlanFile *load(char *path, GError **error)
{
    TpsPlanOptions options = {.plan_file = path};
    g_autoptr(GError) why = NULL;
    TpsPlanFile *file = tps_options_load_plan_file(&options, &why);

    if (!file && !why)
        g_set_error(&why, TPS_ERROR, TPS_ERROR_USAGE,
                    "there is no " TPS_DEFAULT_PLAN_FILE " here; name a plan file with -f");
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    return file;
}

static int run(int argc, char **argv, GError **error)
{
    g_autofree char *path = NULL;
    g_autofree char *format = NULL;
    g_autoptr(TpsPlanFile) file = NULL;
    g_autoptr(GHashTable) listings = NULL;
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_cmd_list);
    GOptionEntry entries[] = {
        {"file", 'f', 0, G_OPTION_ARG_FILENAME, &path, "Plan file (default: tpsched.yaml)", "FILE"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &format, "What stdout gets", "text|json"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
    if (!tps_options_parse_all(context, argc, argv, error))
        return TPS_EXIT_USAGE;
    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--format: '%s' is not text or json",
                    format);
        return TPS_EXIT_USAGE;
    }
    tps_stop_install();
    file = load(path, error);
    listings = file ? tps_list_suites(file, NULL, error) : NULL;
    if (!listings)
        return TPS_EXIT_USAGE;
    if (format && strcmp(format, "json") == 0)
        print_json(file, listings);
    else
        print_text(file, listings);
    return TPS_EXIT_PASSED;
}

const TpsVerb tps_cmd_list = {
    .name = "list",
    .args = "",
    .summary = "suites and their testcases; nothing is run",
    .run = run,
};
