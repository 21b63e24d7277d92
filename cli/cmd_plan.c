/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/diff_table.h"
#include "cli/exit_status.h"
#include "cli/key_options.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "cli/pin_options.h"
#include "cli/plan_matrix.h"
#include "cli/plan_table.h"
#include "cli/terminal.h"
#include "cli/what_if.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/plan_json.h"
#include "scheduler/shards.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    TpsPlanOptions plan;
    TpsPinOptions pin;
    char *plan_path;
    char *format;
    const TpsMatrix *matrix; /* the format of a CI system, or NULL */
    char *output;
    gboolean diff;
    TpsWhatIf what_if;
    TpsMatrixOptions ci;
} Options;

static void options_clear(Options *options)
{
    tps_plan_options_clear(&options->plan);
    tps_pin_options_clear(&options->pin);
    g_free(options->plan_path);
    g_free(options->format);
    g_free(options->output);
    tps_what_if_clear(&options->what_if);
    tps_matrix_options_clear(&options->ci);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool usage(GError **error, const char *what)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s; see 'tpsched plan --help'", what);
    return false;
}

static bool check_format(Options *options, GError **error)
{
    const char *format = options->format;

    options->matrix = format ? tps_matrix_find(format) : NULL;
    if (!format || options->matrix || strcmp(format, "table") == 0 || strcmp(format, "json") == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "--format: '%s' is not table or json, nor azure, bitbucket, buildkite, circleci, "
                "github, gitlab or jenkins",
                format);
    return false;
}

static bool wants_json(const Options *options)
{
    return options->format && strcmp(options->format, "json") == 0;
}

static bool parse(Options *options, int *argc, char ***argv, GError **error)
{
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_cmd_plan);
    GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_STRING, &options->format, "What stdout gets: or a CI system",
         "table|json|..."},
        {"plan", 'p', 0, G_OPTION_ARG_FILENAME, &options->plan_path, "Tell of this plan, make none",
         "FILE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "Write the plan there", "FILE"},
        {"diff", 0, 0, G_OPTION_ARG_NONE, &options->diff, "What moved from OLD to NEW", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    tps_plan_options_add(&options->plan, context);
    tps_pin_options_add(&options->pin, context);
    tps_pin_attempt_add(&options->pin, context);
    g_option_context_add_main_entries(context, entries, NULL);
    tps_matrix_options_add(&options->ci, context);
    tps_what_if_add(&options->what_if, context);
    return tps_options_parse(context, argc, argv, error) && check_format(options, error);
}

static bool answer(const TpsPlan *plan, const Options *options, GError **error)
{
    g_autofree char *text = options->output || wants_json(options) ? tps_plan_text(plan) : NULL;
    g_autofree char *matrix = NULL;

    if (options->matrix) {
        matrix =
            tps_plan_matrix_text(&options->ci, options->matrix, plan, &options->plan,
                                 options->output ? options->output : options->plan_path, error);
        if (!matrix)
            return false;
    }
    if (options->output && (!tps_file_write(options->output, text, strlen(text), error) ||
                            !tps_key_sign(options->plan.key, options->output, error)))
        return false;
    if (matrix || wants_json(options))
        fputs(matrix ? matrix : text, stdout);
    else
        tps_plan_table_print(plan, stdout);
    return true;
}

/* What moved, for who asked to keep to a plan. */
static void print_moves(const TpsPlan *previous, const TpsPlan *plan)
{
    g_autoptr(TpsPlanDiff) diff = tps_plan_diff(previous, plan);

    putchar('\n');
    tps_diff_table_print(diff, stdout);
}

/* A filter that leaves nothing, where that may be. */
static bool answer_empty(const Options *options, GError **why, GError **error)
{
    g_autofree char *text = NULL;
    g_autofree char *said = NULL;

    if (!options->ci.allow_empty || !g_error_matches(*why, TPS_ERROR, TPS_ERROR_EMPTY)) {
        g_propagate_error(error, g_steal_pointer(why));
        return false;
    }
    said = tps_printable((*why)->message, 0);
    fprintf(stderr, "tpsched: nothing to run: %s\n", said);
    text = tps_plan_matrix_text(&options->ci, options->matrix, NULL, &options->plan,
                                options->output, error);
    if (!text)
        return false;
    fputs(text, stdout);
    return true;
}

static TpsPlan *make_shards(const TpsPlanRequest *request, void *user, GError **error)
{
    return tps_shards_plan(request, user, error);
}

static bool plan_it(const Options *options, TpsPlanned *planned, GError **error)
{
    TpsShardTerms terms = {
        .startup_us = TPS_SHARD_STARTUP_US,
        .max_shards = options->matrix ? options->matrix->auto_max : 0,
    };

    if (!options->plan.shards)
        return tps_options_plan(&options->plan, NULL, planned, error);
    if (!tps_what_if_nodes(&options->what_if, &terms.startup_us, &terms.n_slots, error) ||
        !tps_options_plan_by(&options->plan, NULL, make_shards, &terms, planned, error))
        return false;
    tps_options_warn(planned->plan);
    return true;
}

static bool make_plan(Options *options, GError **error)
{
    g_auto(TpsPlanned) planned = {0};
    g_autoptr(GError) why = NULL;

    tps_stop_install();
    tps_pin_options_settle(&options->pin);
    if (!tps_pin_keep(&options->pin, options->output, options->plan.key, &planned.plan, error))
        return false;
    if (!planned.plan) {
        if (!plan_it(options, &planned, &why))
            return answer_empty(options, &why, error);
        if (!tps_pin_check(&options->pin, planned.plan, error))
            return false;
    }
    if (!answer(planned.plan, options, error))
        return false;
    if (planned.previous && !options->matrix && !wants_json(options))
        print_moves(planned.previous, planned.plan);
    return true;
}

/* A plan that exists, told anew: on a re-run the matrix is the first attempt's. */
static bool show_plan(Options *options, GError **error)
{
    const TpsPlanOptions *plan = &options->plan;
    g_autoptr(TpsPlan) known = NULL;

    if (plan->plan_file || plan->size || plan->max_size || tps_plan_options_any(plan) ||
        options->what_if.wanted || options->ci.allow_empty)
        return usage(error, "--plan tells of a plan that exists and makes none; name only it");
    if (options->output)
        return usage(error, "--plan makes no plan; leave --output out");
    tps_pin_options_settle(&options->pin);
    if (!tps_key_check(plan->key, options->plan_path, error))
        return false;
    known = tps_plan_load(options->plan_path, error);
    return known && tps_pin_check(&options->pin, known, error) && answer(known, options, error);
}

/* Two plans that exist leave nothing to plan. */
static bool check_diff(const Options *options, int n_files, GError **error)
{
    const TpsPlanOptions *plan = &options->plan;

    if (n_files != 2)
        return usage(error, "--diff compares two plans: OLD and NEW");
    if (options->output)
        return usage(error, "--diff writes no plan; leave --output out");
    if (options->what_if.wanted)
        return usage(error, "--diff and --what-if are two questions; ask one");
    if (options->matrix || options->plan_path)
        return usage(error, "--diff answers with a table or JSON, of the two plans that it names");
    if (plan->plan_file || plan->size || plan->max_size || tps_plan_options_any(plan))
        return usage(error, "--diff compares two plans and makes none; name only them");
    return true;
}

static bool show_diff(const Options *options, char **files, GError **error)
{
    g_autoptr(TpsPlan) from = tps_plan_load(files[0], error);
    g_autoptr(TpsPlan) to = from ? tps_plan_load(files[1], error) : NULL;
    g_autoptr(TpsPlanDiff) diff = to ? tps_plan_diff(from, to) : NULL;
    g_autofree char *text = NULL;

    if (!diff)
        return false;
    if (!wants_json(options)) {
        tps_diff_table_print(diff, stdout);
        return true;
    }
    text = tps_diff_text(diff);
    fputs(text, stdout);
    return true;
}

static bool check_no_arguments(int argc, char **argv, GError **error)
{
    if (argc == 1)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "'%s' is one argument too many; see '%s --help'",
                argv[1], g_get_prgname());
    return false;
}

/* The jobs of a CI system are shards, and as many as it takes where nobody says. */
static bool settle_shards(Options *options, GError **error)
{
    if (!options->matrix || options->plan_path)
        return true;
    if (options->what_if.wanted)
        return usage(error, "--what-if answers with a table or JSON");
    if (options->plan.size)
        return usage(error, "the jobs of a CI system are shards: give --shards, not --size");
    if (!options->plan.shards)
        options->plan.shards = g_strdup("auto");
    return true;
}

/* The plan file is what plans are made from. */
static bool check_output(const Options *options, GError **error)
{
    g_autoptr(TpsOutputs) outputs = tps_outputs_new();

    tps_outputs_keep(outputs, options->plan.key);
    tps_outputs_keep(outputs,
                     options->plan.plan_file ? options->plan.plan_file : TPS_DEFAULT_PLAN_FILE);
    return tps_outputs_add(outputs, options->output, error);
}

static bool check(Options *options, GError **error)
{
    return check_output(options, error) &&
           tps_matrix_options_check(&options->ci, options->matrix,
                                    options->output ? options->output : options->plan_path,
                                    error) &&
           settle_shards(options, error) &&
           tps_what_if_check(&options->what_if, options->output,
                             options->plan.shards && strcmp(options->plan.shards, "auto") == 0,
                             error);
}

/* Plan, or what would be if, or what there is. */
static bool make(Options *options, GError **error)
{
    if (options->plan_path)
        return show_plan(options, error);
    if (!options->what_if.wanted)
        return make_plan(options, error);
    return tps_what_if_show(&options->what_if, &options->plan, wants_json(options), options->output,
                            error);
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    bool done;

    if (!parse(&options, &argc, &argv, error) || !tps_key_option_settle(&options.plan.key, error) ||
        !check(&options, error))
        return TPS_EXIT_USAGE;
    if (options.diff)
        done = check_diff(&options, argc - 1, error) && show_diff(&options, argv + 1, error);
    else
        done = check_no_arguments(argc, argv, error) && make(&options, error);
    return done ? TPS_EXIT_PASSED : TPS_EXIT_USAGE;
}

const TpsVerb tps_cmd_plan = {
    .name = "plan",
    .args = "[OLD NEW]",
    .summary = "split, weigh and size: runtime data in, plan out",
    .run = run,
};
