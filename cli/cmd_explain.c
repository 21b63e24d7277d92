/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/explain_table.h"
#include "cli/key_options.h"
#include "cli/option_values.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "core/error.h"
#include "formats/json.h"
#include "formats/plan_json.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

#define NEAREST_SHOWN 3
#define NAME_WIDTH 160
/* As many suites have a testcase of one name before the rest is for --suite to tell apart. */
#define PLACES_SHOWN 10

typedef struct {
    TpsPlanOptions plan;
    char *plan_path;
    char *format;
    char *suite;
    char **names; /* borrowed: what is to be explained, or an empty list: the plan */
} Options;

static void options_clear(Options *options)
{
    tps_plan_options_clear(&options->plan);
    g_free(options->plan_path);
    g_free(options->format);
    g_free(options->suite);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool wants_json(const Options *options)
{
    return options->format && strcmp(options->format, "json") == 0;
}

static bool check(const Options *options, GError **error)
{
    const TpsPlanOptions *plan = &options->plan;

    if (!tps_option_format(options->format, error))
        return false;
    if (options->plan_path &&
        (plan->plan_file || plan->size || plan->max_size || tps_plan_options_any(plan))) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--plan explains a plan as it is; the options that make one don't fit it");
        return false;
    }
    return true;
}

static bool parse(Options *options, int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_cmd_explain);
    GOptionEntry entries[] = {
        {"plan", 'p', 0, G_OPTION_ARG_FILENAME, &options->plan_path, "Explain this plan", "FILE"},
        {"suite", 0, 0, G_OPTION_ARG_STRING, &options->suite, "Only this suite", "NAME"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &options->format, "What stdout gets", "text|json"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    tps_plan_options_add(&options->plan, context);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!tps_options_parse(context, &argc, &argv, error) ||
        !tps_key_option_settle(&options->plan.key, error))
        return false;
    if (argc > 1 && strcmp(argv[1], "--") == 0)
        argv++;
    options->names = argv + 1;
    return check(options, error);
}

/* What is found under the names: suites and places, in the order of the names. */
typedef struct {
    GPtrArray *views;  /* of TpsSuiteView or NULL, one for each name */
    GPtrArray *places; /* of GArray of TpsPlace, one for each name   */
} Found;

static void found_init(Found *found)
{
    found->views = g_ptr_array_new_with_free_func((GDestroyNotify)tps_suite_view_free);
    found->places = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
}

static void found_clear(Found *found)
{
    g_ptr_array_unref(found->views);
    g_ptr_array_unref(found->places);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

static bool has_unnamed(const TpsPlan *plan)
{
    for (guint i = 0; i < plan->tasks->len; i++)
        if (!((const TpsTask *)g_ptr_array_index(plan->tasks, i))->testcases)
            return true;
    return false;
}

/* Those of other suites are not asked for. */
static GArray *places_in(const TpsPlan *plan, TpsTimes *times, const char *id, const char *suite)
{
    GArray *places = tps_locate_testcase(plan, times, id);

    for (guint i = places->len; suite && i > 0; i--)
        if (strcmp(g_array_index(places, TpsPlace, i - 1).suite->name, suite) != 0)
            g_array_remove_index(places, i - 1);
    return places;
}

static bool refuse(const TpsPlan *plan, const char *name, GError **error)
{
    g_autoptr(GPtrArray) nearest = tps_locate_nearest(plan, name, NEAREST_SHOWN);
    g_autofree char *shown = tps_printable(name, NAME_WIDTH);
    GString *text = g_string_new(NULL);

    g_string_printf(text, "no suite or testcase of the plan is named '%s'", shown);
    for (guint i = 0; i < nearest->len; i++) {
        g_autofree char *known = tps_printable(g_ptr_array_index(nearest, i), NAME_WIDTH);

        g_string_append_printf(text, "%s'%s'", i ? " or " : "; did you mean ", known);
    }
    if (nearest->len > 0)
        g_string_append_c(text, '?');
    else if (has_unnamed(plan))
        g_string_append(text, "; of some suites the plan counts testcases without their names");
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_USAGE, text->str);
    g_string_free(text, TRUE);
    return false;
}

static bool find_one(Found *found, const TpsPlan *plan, TpsTimes *times, const char *name,
                     const char *suite, GError **error)
{
    bool wanted = !suite || strcmp(suite, name) == 0;
    TpsSuiteView *view = wanted ? tps_locate_suite(plan, times, name) : NULL;
    GArray *places = places_in(plan, times, name, suite);

    g_ptr_array_add(found->views, view);
    g_ptr_array_add(found->places, places);
    return view || places->len > 0 || refuse(plan, name, error);
}

/* All of them, before a line is printed. */
static bool find(Found *found, const TpsPlan *plan, TpsTimes *times, const Options *options,
                 GError **error)
{
    char *const *names = options->names;

    if (options->suite && !tps_plan_find_suite(plan, options->suite))
        return refuse(plan, options->suite, error);
    if (!*names)
        return find_one(found, plan, times, options->suite, options->suite, error);
    for (; *names; names++)
        if (!find_one(found, plan, times, *names, options->suite, error))
            return false;
    return true;
}

static void print_places(const GArray *places, bool *first)
{
    for (guint i = 0; i < places->len && i < PLACES_SHOWN; i++) {
        fputs(*first ? "" : "\n", stdout);
        *first = false;
        tps_place_print(&g_array_index(places, TpsPlace, i), stdout);
    }
    if (places->len > PLACES_SHOWN)
        printf("\n... and in %u more suites; name one with --suite\n", places->len - PLACES_SHOWN);
}

static void print_found(const Found *found)
{
    bool first = true;

    for (guint i = 0; i < found->views->len; i++) {
        const TpsSuiteView *view = g_ptr_array_index(found->views, i);

        if (view) {
            fputs(first ? "" : "\n", stdout);
            first = false;
            tps_suite_view_print(view, stdout);
        }
        print_places(g_ptr_array_index(found->places, i), &first);
    }
}

static cJSON *found_to_json(const Found *found)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *array;

    cJSON_AddStringToObject(root, "schema", "tpsched.explain-names/1");
    array = cJSON_AddArrayToObject(root, "found");
    for (guint i = 0; i < found->views->len; i++) {
        const TpsSuiteView *view = g_ptr_array_index(found->views, i);
        const GArray *places = g_ptr_array_index(found->places, i);

        if (view)
            cJSON_AddItemToArray(array, tps_suite_view_to_json(view));
        for (guint j = 0; j < places->len; j++)
            cJSON_AddItemToArray(array, tps_place_to_json(&g_array_index(places, TpsPlace, j)));
    }
    return root;
}

static void print_json(const cJSON *root)
{
    g_autofree char *text = tps_json_text(root);

    fputs(text, stdout);
}

static void explain_plan(const Options *options, const TpsPlan *plan, TpsTimes *times)
{
    g_autoptr(TpsExplanation) explanation = tps_explain(plan, times);
    g_autoptr(cJSON) root = NULL;

    if (!wants_json(options)) {
        tps_explanation_print(plan, explanation, stdout);
        return;
    }
    root = tps_explanation_to_json(plan, explanation);
    print_json(root);
}

static bool explain_names(const Options *options, const TpsPlan *plan, TpsTimes *times,
                          GError **error)
{
    g_auto(Found) found;
    g_autoptr(cJSON) root = NULL;

    found_init(&found);
    if (!find(&found, plan, times, options, error))
        return false;
    if (!wants_json(options)) {
        print_found(&found);
        return true;
    }
    root = found_to_json(&found);
    print_json(root);
    return true;
}

static bool explain(const Options *options, const TpsPlan *plan, TpsTimes *times, GError **error)
{
    if (*options->names || options->suite)
        return explain_names(options, plan, times, error);
    explain_plan(options, plan, times);
    return true;
}

/* The plan is explained while there is the request that it was made from. */
static TpsPlan *make(const TpsPlanRequest *request, void *user, GError **error)
{
    g_autoptr(TpsPlan) plan = tps_plan_make(request, error);
    g_autoptr(TpsTimes) times = plan ? tps_times_new(request, plan) : NULL;

    return plan && explain(user, plan, times, error) ? g_steal_pointer(&plan) : NULL;
}

static bool explain_file(const Options *options, GError **error)
{
    g_autoptr(TpsPlan) plan = tps_key_check(options->plan.key, options->plan_path, error)
                                  ? tps_plan_load(options->plan_path, error)
                                  : NULL;

    return plan && explain(options, plan, NULL, error);
}

static bool explain_new(Options *options, GError **error)
{
    g_auto(TpsPlanned) planned = {0};

    tps_stop_install();
    return tps_options_plan_by(&options->plan, NULL, make, options, &planned, error);
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    bool done;

    if (!parse(&options, argc, argv, error))
        return TPS_EXIT_USAGE;
    done = options.plan_path ? explain_file(&options, error) : explain_new(&options, error);
    return done ? TPS_EXIT_PASSED : TPS_EXIT_USAGE;
}

const TpsVerb tps_cmd_explain = {
    .name = "explain",
    .args = "[TESTCASE|SUITE...]",
    .summary = "why a plan takes so long, and why a test is where it is",
    .run = run,
};
