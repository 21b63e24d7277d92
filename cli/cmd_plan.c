/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/diff_table.h"
#include "cli/exit_status.h"
#include "cli/key_options.h"
#include "cli/options.h"
#include "cli/pin_options.h"
#include "cli/plan_table.h"
#include "cli/what_if.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/plan_json.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    TpsPlanOptions plan;
    TpsPinOptions pin;
    char *format;
    char *output;
    gboolean diff;
    TpsWhatIf what_if;
} Options;

static void options_clear(Options *options)
{
    tps_plan_options_clear(&options->plan);
    tps_pin_options_clear(&options->pin);
    g_free(options->format);
    g_free(options->output);
    tps_what_if_clear(&options->what_if);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool usage(GError **error, const char *what)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s; see 'tpsched plan --help'", what);
    return false;
}

static bool check_format(const char *format, GError **error)
{
    if (!format || strcmp(format, "table") == 0 || strcmp(format, "json") == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--format: '%s' is not table or json", format);
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
        {"format", 0, 0, G_OPTION_ARG_STRING, &options->format, "What stdout gets", "table|json"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "Write the plan there", "FILE"},
        {"diff", 0, 0, G_OPTION_ARG_NONE, &options->diff, "What moved from OLD to NEW", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    tps_plan_options_add(&options->plan, context);
    tps_pin_options_add(&options->pin, context);
    tps_pin_attempt_add(&options->pin, context);
    g_option_context_add_main_entries(context, entries, NULL);
    tps_what_if_add(&options->what_if, context);
    return tps_options_parse(context, argc, argv, error) && check_format(options->format, error);
}

static bool answer(const TpsPlan *plan, const Options *options, GError **error)
{
    g_autofree char *text = options->output || wants_json(options) ? tps_plan_text(plan) : NULL;

    if (options->output && (!tps_file_write(options->output, text, strlen(text), error) ||
                            !tps_key_sign(options->plan.key, options->output, error)))
        return false;
    if (wants_json(options))
        fputs(text, stdout);
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

static bool make_plan(Options *options, GError **error)
{
    g_auto(TpsPlanned) planned = {0};

    tps_stop_install();
    tps_pin_options_settle(&options->pin);
    if (!tps_pin_keep(&options->pin, options->output, options->plan.key, &planned.plan, error))
        return false;
    if (!planned.plan && (!tps_options_plan(&options->plan, NULL, &planned, error) ||
                          !tps_pin_check(&options->pin, planned.plan, error)))
        return false;
    if (!answer(planned.plan, options, error))
        return false;
    if (planned.previous && !wants_json(options))
        print_moves(planned.previous, planned.plan);
    return true;
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

/* Plan, or what would be if. */
static bool make(Options *options, GError **error)
{
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
        !tps_what_if_check(&options.what_if, options.output, error))
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
