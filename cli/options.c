/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include "adapters/definitions/registry.h"
#include "cli/exit_status.h"
#include "cli/key_options.h"
#include "cli/listed.h"
#include "cli/option_values.h"
#include "cli/terminal.h"
#include "core/error.h"
#include "formats/plan_json.h"
#include "formats/plan_yaml.h"
#include "runtime/data.h"
#include "runtime/suite_level.h"
#include "scheduler/planner.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

/* A plan that is kept to may take so much longer than the best one. */
#define STICKY_GAIN_PPM 50000

void tps_plan_options_clear(TpsPlanOptions *options)
{
    g_free(options->plan_file);
    g_strfreev(options->runtime_data);
    g_free(options->target);
    g_free(options->limit);
    g_free(options->size);
    g_free(options->max_size);
    g_free(options->shards);
    g_free(options->confidence);
    g_free(options->cores);
    g_free(options->memory);
    g_free(options->unit);
    g_free(options->sticky);
    g_free(options->sticky_gain);
    g_free(options->key);
    tps_filter_options_clear(&options->filter);
}

bool tps_plan_options_any(const TpsPlanOptions *options)
{
    return options->runtime_data || options->target || options->limit || options->shards ||
           options->confidence || options->cores || options->memory || options->unit ||
           options->sticky || options->sticky_gain || tps_filter_options_any(&options->filter);
}

void tps_plan_options_add(TpsPlanOptions *options, GOptionContext *context)
{
    GOptionEntry entries[] = {
        {"file", 'f', 0, G_OPTION_ARG_FILENAME, &options->plan_file,
         "Plan file (default: tpsched.yaml)", "FILE"},
        {"runtime-data", 'd', 0, G_OPTION_ARG_FILENAME_ARRAY, &options->runtime_data,
         "What past runs took; repeatable", "FILE"},
        {"plan-runtime-target", 't', 0, G_OPTION_ARG_STRING, &options->target,
         "How long it may take (30m)", "TIME|auto"},
        {"auto-part-runtime-limit", 'l', 0, G_OPTION_ARG_STRING, &options->limit,
         "How long one part may take (30m)", "TIME|auto"},
        {"size", 's', 0, G_OPTION_ARG_STRING, &options->size, "Workers (default: auto)", "N|auto"},
        {"max-size", 0, 0, G_OPTION_ARG_STRING, &options->max_size, "The most for auto", "N"},
        {"shards", 0, 0, G_OPTION_ARG_STRING, &options->shards, "CI nodes: workers of the plan",
         "N|auto"},
        {"confidence", 0, 0, G_OPTION_ARG_STRING, &options->confidence, "Probability of meeting it",
         "P"},
        {"cores", 0, 0, G_OPTION_ARG_STRING, &options->cores, "Processors, for auto", "N|any"},
        {"memory", 0, 0, G_OPTION_ARG_STRING, &options->memory, "Memory, for auto", "SIZE|any"},
        {"sticky", 0, 0, G_OPTION_ARG_FILENAME, &options->sticky, "Keep the parts of this plan",
         "PLAN"},
        {"sticky-gain", 0, 0, G_OPTION_ARG_STRING, &options->sticky_gain,
         "What moves must save (5%)", "P"},
        {"unit", 0, 0, G_OPTION_ARG_STRING, &options->unit, "What stays together",
         "testcase|class|file"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
    tps_filter_options_add(&options->filter, context);
    tps_key_option_add(&options->key, context);
}

GOptionContext *tps_option_context_new(const TpsVerb *verb)
{
    g_autofree char *summary =
        g_strdup_printf("%c%s.", g_ascii_toupper(verb->summary[0]), verb->summary + 1);
    GOptionContext *context = g_option_context_new(verb->args);

    g_option_context_set_summary(context, summary);
    return context;
}

/*
 * GLib's own --help takes standard output for written whatever became of it, and turns what the
 * locale can't show into question marks.
 */
static int print_help(GOptionContext *context)
{
    g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
    GString *text = g_string_new(help);
    bool written;

    g_string_replace(text, "\u2026", "...", 0);
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
    written = fflush(stdout) == 0 && !ferror(stdout);
    if (!written)
        fprintf(stderr, "%s: cannot write to standard output\n", g_get_prgname());
    return written ? TPS_EXIT_PASSED : TPS_EXIT_INFRASTRUCTURE;
}

/* GLib leaves the "--" there that parts options from names when such a name begins with "-". */
static void drop_dashes(int *argc, char **argv)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--") != 0)
            continue;
        for (int k = i; k < *argc; k++) /* with the NULL at the end */
            argv[k] = argv[k + 1];
        (*argc)--;
        return;
    }
}

bool tps_options_parse(GOptionContext *context, int *argc, char ***argv, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *program = g_strconcat("tpsched ", (*argv)[0], NULL);
    gboolean help = FALSE;
    GOptionEntry entries[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_set_prgname(program);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, entries, NULL);
    if (g_option_context_parse(context, argc, argv, &why)) {
        if (help)
            exit(print_help(context));
        drop_dashes(argc, *argv);
        return true;
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s; see '%s --help'", why->message, program);
    return false;
}

bool tps_options_parse_all(GOptionContext *context, int argc, char **argv, GError **error)
{
    if (!tps_options_parse(context, &argc, &argv, error))
        return false;
    if (argc == 1)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "'%s' is one argument too many; see '%s --help'",
                argv[1], g_get_prgname());
    return false;
}

/* The plan to keep to. */
static bool load_previous(const TpsPlanOptions *options, TpsPlanRequest *request,
                          TpsPlanned *planned, GError **error)
{
    request->tolerance_ppm = STICKY_GAIN_PPM;
    if (options->sticky_gain && !options->sticky) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--sticky-gain needs --sticky: which plan is kept to?");
        return false;
    }
    if (!options->sticky)
        return true;
    if (!tps_key_check(options->key, options->sticky, error))
        return false;
    planned->previous = tps_plan_load(options->sticky, error);
    request->previous = planned->previous;
    return planned->previous &&
           tps_option_gain("--sticky-gain", options->sticky_gain, &request->tolerance_ppm, error);
}

void tps_options_set_project(const char *plan_file)
{
    g_autofree char *project = g_path_get_dirname(plan_file ? plan_file : TPS_DEFAULT_PLAN_FILE);
    bool is_here = strcmp(project, ".") == 0;
    g_autofree char *directory =
        g_build_filename(is_here ? ".tpsched" : project, is_here ? "frameworks" : ".tpsched",
                         is_here ? NULL : "frameworks", NULL);

    tps_frameworks_set_project(directory);
}

TpsPlanFile *tps_options_load_plan_file(const TpsPlanOptions *options, GError **error)
{
    tps_options_set_project(options->plan_file);
    if (options->plan_file)
        return tps_plan_file_load(options->plan_file, error);
    if (g_file_test(TPS_DEFAULT_PLAN_FILE, G_FILE_TEST_EXISTS))
        return tps_plan_file_load(TPS_DEFAULT_PLAN_FILE, error);
    return NULL;
}

static bool load_data(TpsRuntimeData *data, char **paths, const char *key, GError **error)
{
    for (; paths && *paths; paths++)
        if (!tps_key_check(key, *paths, error) || !tps_runtime_data_load(data, *paths, error))
            return false;
    for (guint i = 0; i < tps_runtime_data_sources(data)->len; i++)
        fprintf(stderr, "tpsched: %s\n",
                (const char *)g_ptr_array_index(tps_runtime_data_sources(data), i));
    return true;
}

/* What the command line leaves open, the plan file decides; then the defaults. */
static bool fill_request(TpsPlanRequest *request, const TpsPlanOptions *options,
                         const TpsPlanFile *file, const TpsCapacity *here, GError **error)
{
    *request = (TpsPlanRequest){
        .name = file ? file->name : "tpsched",
        .target_us = file && file->target_us ? file->target_us : TPS_DEFAULT_TARGET_US,
        .limit_us = file && file->limit_us ? file->limit_us : TPS_DEFAULT_LIMIT_US,
        .size = file && file->pool_size ? file->pool_size : TPS_AUTO,
        .max_size = file ? file->pool_max_size : 0,
        .resources = file ? file->resources : NULL,
        .is_sharded = options->shards != NULL,
        .capacity = here ? *here : (TpsCapacity){0},
    };
    if (options->size && options->shards) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--size and --shards are the same number of workers; give one");
        return false;
    }
    return tps_option_time("--plan-runtime-target", options->target, &request->target_us, error) &&
           tps_option_time("--auto-part-runtime-limit", options->limit, &request->limit_us,
                           error) &&
           tps_option_count("--size", options->size, true, &request->size, error) &&
           tps_option_count("--shards", options->shards, true, &request->size, error) &&
           tps_option_count("--max-size", options->max_size, false, &request->max_size, error) &&
           tps_option_probability("--confidence", options->confidence, &request->confidence_ppm,
                                  error) &&
           tps_option_cores("--cores", options->cores, &request->capacity.cpu_ppm, error) &&
           tps_option_memory("--memory", options->memory, &request->capacity.memory_bytes, error);
}

/* What is asked for on the command line holds for all suites. */
static bool override_units(const TpsPlanOptions *options, const TpsPlanFile *file, GError **error)
{
    TpsUnit unit;

    if (!options->unit)
        return true;
    if (!tps_unit_parse(options->unit, &unit)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--unit: '%s' is not testcase, class or file", options->unit);
        return false;
    }
    for (guint i = 0; file && i < file->suites->len; i++)
        ((TpsSuite *)g_ptr_array_index(file->suites, i))->unit = unit;
    return true;
}

/* As many nameless testcases as the data counts. */
static GPtrArray *nameless_testcases(const TpsRuntimeData *data, const char *suite)
{
    GPtrArray *testcases = tps_testcases_new();
    TpsSuiteLevel level = {.testcase_count = TPS_RUNTIME_UNKNOWN};

    tps_suite_level(data, suite, &level);
    for (int64_t i = 0; i < MAX(level.testcase_count, 1); i++) {
        g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, i);

        g_ptr_array_add(testcases, tps_testcase_new(number));
    }
    return testcases;
}

/* Of "FILE::CLASS::NAME", as pytest writes it, the file and the class; strings in the pool. */
static void split_id(TpsTestcase *testcase, TpsStringPool *names)
{
    const char *first = strstr(testcase->id, "::");
    const char *last = first;
    g_autofree char *file = NULL;
    g_autofree char *group = NULL;

    if (!first)
        return;
    for (const char *next = last; (next = strstr(next + 2, "::"));)
        last = next;
    file = g_strndup(testcase->id, (gsize)(first - testcase->id));
    group = g_strndup(testcase->id, (gsize)(last - testcase->id));
    testcase->file = (char *)tps_string_pool_add(names, file);
    testcase->group = (char *)tps_string_pool_add(names, group);
}

/* The testcases the data names, in one block, for there may be a million; their ids stay there. */
static GPtrArray *known_testcases(const TpsRuntimeData *data, const char *suite, size_t n,
                                  TpsUnit unit, GPtrArray *blocks)
{
    GPtrArray *testcases = g_ptr_array_sized_new((guint)n);
    TpsTestcase *block = g_new0(TpsTestcase, n);

    g_ptr_array_add(blocks, block);
    for (size_t i = 0; i < n; i++) {
        block[i].id = (char *)tps_runtime_data_testcase(data, suite, i).id;
        if (unit != TPS_UNIT_TESTCASE)
            split_id(&block[i], tps_runtime_data_names(data));
        g_ptr_array_add(testcases, &block[i]);
    }
    return testcases;
}

static GArray *inputs_from_data(const TpsRuntimeData *data, TpsUnit unit, GPtrArray *listings,
                                GPtrArray *blocks)
{
    g_autoptr(GPtrArray) names = tps_runtime_data_suites(data);
    GArray *inputs = g_array_new(FALSE, TRUE, sizeof(TpsPlanInput));

    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        size_t n = tps_runtime_data_n_testcases(data, name);
        TpsPlanInput input = {
            .name = name,
            .unit = unit,
            .testcases = n > 0 ? known_testcases(data, name, n, unit, blocks)
                               : nameless_testcases(data, name),
            .ids_known = n > 0,
            .names = n > 0 ? tps_runtime_data_names(data) : NULL,
        };

        g_ptr_array_add(listings, (gpointer)input.testcases);
        g_array_append_val(inputs, input);
    }
    return inputs;
}

void tps_planned_clear(TpsPlanned *planned)
{
    tps_plan_free(planned->previous);
    tps_plan_file_free(planned->file);
    g_clear_pointer(&planned->listings, g_hash_table_unref);
    tps_plan_free(planned->plan);
}

static bool plan_file(TpsPlanRequest *request, TpsPlanMaker make, void *user, TpsPlanned *planned,
                      GError **error)
{
    g_auto(TpsListed) listed = {0};

    if (!tps_listed_make(&listed, planned->file, request->filter, error))
        return false;
    planned->listings = g_steal_pointer(&listed.listings);
    request->suites = (const TpsPlanInput *)(void *)listed.inputs->data;
    request->n_suites = listed.inputs->len;
    tps_stop_at_once(true);
    planned->plan = make(request, user, error);
    tps_stop_at_once(false);
    return planned->plan != NULL;
}

/* What runtime data names has no tags: --tag would take nothing, --exclude-tag everything. */
static bool check_tags(const TpsFilter *filter, GError **error)
{
    if (!filter || (!*filter->tags && !*filter->exclude_tags))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "runtime data has no tags: --tag and --exclude-tag need a plan file, name one "
                "with -f");
    return false;
}

static bool plan_data(TpsPlanRequest *request, const TpsPlanOptions *options, TpsPlanMaker make,
                      void *user, TpsPlanned *planned, GError **error)
{
    g_autoptr(GPtrArray) listings =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) blocks = g_ptr_array_new_with_free_func(g_free);
    TpsUnit unit = TPS_UNIT_TESTCASE;
    g_autoptr(GArray) inputs = NULL;

    if (options->unit)
        tps_unit_parse(options->unit, &unit);
    inputs = inputs_from_data(request->data, unit, listings, blocks);
    if (!check_tags(request->filter, error) ||
        !tps_listed_filter(request->filter, inputs, listings, error))
        return false;
    request->suites = (const TpsPlanInput *)(void *)inputs->data;
    request->n_suites = inputs->len;
    tps_stop_at_once(true);
    planned->plan = make(request, user, error);
    tps_stop_at_once(false);
    return planned->plan != NULL;
}

bool tps_options_plan_by(const TpsPlanOptions *options, const TpsCapacity *here, TpsPlanMaker make,
                         void *user, TpsPlanned *planned, GError **error)
{
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GError) why = NULL;
    g_autoptr(TpsFilter) filter = NULL;
    TpsPlanRequest request;

    if (!tps_filter_options_understand(&options->filter, &filter, error))
        return false;
    planned->file = tps_options_load_plan_file(options, &why);
    if (why) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    if (!planned->file && !options->runtime_data) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "there is no " TPS_DEFAULT_PLAN_FILE " here; name a plan file with -f, or "
                    "runtime data with --runtime-data");
        return false;
    }
    if (!fill_request(&request, options, planned->file, here, error) ||
        !load_previous(options, &request, planned, error) ||
        !override_units(options, planned->file, error) ||
        !load_data(data, options->runtime_data, options->key, error))
        return false;
    request.data = data;
    request.filter = filter;
    return planned->file ? plan_file(&request, make, user, planned, error)
                         : plan_data(&request, options, make, user, planned, error);
}

static TpsPlan *make_one(const TpsPlanRequest *request, void *user, GError **error)
{
    (void)user;
    return tps_plan_make(request, error);
}

void tps_options_warn(const TpsPlan *plan)
{
    for (guint i = 0; i < plan->notes->len; i++)
        if (g_str_has_prefix(g_ptr_array_index(plan->notes, i), "warning: ")) {
            g_autofree char *note = tps_printable(g_ptr_array_index(plan->notes, i), 0);

            fprintf(stderr, "tpsched: %s\n", note);
        }
}

bool tps_options_plan(const TpsPlanOptions *options, const TpsCapacity *here, TpsPlanned *planned,
                      GError **error)
{
    if (!tps_options_plan_by(options, here, make_one, NULL, planned, error))
        return false;
    tps_options_warn(planned->plan);
    return true;
}
