/* SPDX-License-Identifier: MIT */
#include "adapters/machine.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/options.h"
#include "cli/plan_table.h"
#include "cli/progress.h"
#include "cli/run_pool.h"
#include "cli/summary.h"
#include "cli/terminal.h"
#include "core/duration.h"
#include "core/error.h"
#include "formats/plan_json.h"
#include "runtime/learn.h"
#include "scheduler/listing.h"
#include "scheduler/run.h"
#include "scheduler/scope.h"
#include "scheduler/stop.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_REPORT_DIR "tpsched-report"
#define LIVE_TICK_US (TPS_SECOND_US / 5)
#define PLAIN_TICK_US TPS_SECOND_US
#define ATTEMPT_MAX 1000

/* What the command line says, as text. */
typedef struct {
    TpsPlanOptions plan;
    char *plan_path;
    char **shard;
    char **suite;
    char **part;
    char **testcases;
    char *report_dir;
    char *learn_path;
    char *timeout;
    char *attempt;
    char *run_id;
    char *output;
    char *format;
    gboolean allow_new;
    gboolean allow_missing;
    gboolean no_tail_splitting;
    gboolean elastic;
} Options;

static void options_clear(Options *options)
{
    tps_plan_options_clear(&options->plan);
    g_free(options->plan_path);
    g_strfreev(options->shard);
    g_strfreev(options->suite);
    g_strfreev(options->part);
    g_strfreev(options->testcases);
    g_free(options->report_dir);
    g_free(options->learn_path);
    g_free(options->timeout);
    g_free(options->attempt);
    g_free(options->run_id);
    g_free(options->output);
    g_free(options->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* The same, understood. */
typedef struct {
    TpsScope scope;
    TpsPart part;
    char **testcases; /* owned: scope.testcases, once it is known what runs together */
    int shards;
    int64_t timeout_us;
    int attempt;
    TpsOutputMode output;
    bool json;
} Settings;

static void settings_clear(Settings *settings)
{
    g_strfreev(settings->testcases);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Settings, settings_clear)

static GOptionContext *make_context(Options *options)
{
    GOptionContext *context = tps_option_context_new(&tps_cmd_run);
    /* Names are bytes, whatever the locale: GLib converts what is not a file name. */
    GOptionEntry entries[] = {
        {"plan", 'p', 0, G_OPTION_ARG_FILENAME, &options->plan_path, "Execute this plan", "FILE"},
        {"shard", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->shard, "Only the K-th worker's tasks",
         "K/N"},
        {"suite", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->suite, "Only this suite", "NAME"},
        {"part", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->part, "Only this part of it", "M,N"},
        {"testcase", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->testcases,
         "Only this testcase; repeatable", "ID"},
        {"report-dir", 'r', 0, G_OPTION_ARG_FILENAME, &options->report_dir,
         "Reports (default: tpsched-report)", "DIR"},
        {"write-runtime-data", 'w', 0, G_OPTION_ARG_FILENAME, &options->learn_path,
         "Write what it took there", "FILE"},
        {"timeout", 0, 0, G_OPTION_ARG_STRING, &options->timeout, "For tasks without their own",
         "TIME"},
        {"attempt", 0, 0, G_OPTION_ARG_STRING, &options->attempt, "Which attempt this is (1)", "N"},
        {"run-id", 0, 0, G_OPTION_ARG_STRING, &options->run_id, "What all shards of one run share",
         "ID"},
        {"allow-new", 0, 0, G_OPTION_ARG_NONE, &options->allow_new,
         "Run testcases that are not planned", NULL},
        {"allow-missing", 0, 0, G_OPTION_ARG_NONE, &options->allow_missing,
         "Planned testcases may be gone", NULL},
        {"no-tail-splitting", 0, 0, G_OPTION_ARG_NONE, &options->no_tail_splitting,
         "Cut no task at run time", NULL},
        {"elastic", 0, 0, G_OPTION_ARG_NONE, &options->elastic, "Add workers to meet the target",
         NULL},
        {"output", 0, 0, G_OPTION_ARG_STRING, &options->output, "Whose output is shown",
         "all|failed|none"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &options->format, "What stdout gets", "text|json"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    tps_plan_options_add(&options->plan, context);
    g_option_context_add_main_entries(context, entries, NULL);
    return context;
}

static bool usage(GError **error, const char *what)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_USAGE, what);
    return false;
}

/* "K/N": one-based, as CI systems' users write it. */
static bool parse_shard(const char *text, int *shard, int *shards, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, "/", 3);
    guint64 k;
    guint64 n;

    if (g_strv_length(words) != 2 ||
        !g_ascii_string_to_unsigned(words[1], 10, 1, G_MAXINT, &n, NULL) ||
        !g_ascii_string_to_unsigned(words[0], 10, 1, n, &k, NULL)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--shard: '%s' is not K/N with 1 <= K <= N",
                    text);
        return false;
    }
    *shard = (int)k;
    *shards = (int)n;
    return true;
}

static bool parse_output(const char *text, TpsOutputMode *mode, GError **error)
{
    if (!text || strcmp(text, "all") == 0)
        *mode = TPS_OUTPUT_ALL;
    else if (strcmp(text, "failed") == 0)
        *mode = TPS_OUTPUT_FAILED;
    else if (strcmp(text, "none") == 0)
        *mode = TPS_OUTPUT_NONE;
    else
        return usage(error, "--output: it is all, failed or none");
    return true;
}

/* GOption lets the last of several win in silence: then something that was named would not run. */
static bool only_one(const char *option, char **values, const char **value, GError **error)
{
    *value = values ? values[0] : NULL;
    if (!values || !values[1])
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s is given twice; one at a time", option);
    return false;
}

static bool parse_scope(const Options *options, Settings *settings, GError **error)
{
    const char *shard;
    const char *part;

    if (!only_one("--shard", options->shard, &shard, error) ||
        !only_one("--suite", options->suite, &settings->scope.suite, error) ||
        !only_one("--part", options->part, &part, error))
        return false;
    if (shard && !parse_shard(shard, &settings->scope.shard, &settings->shards, error))
        return false;
    if (part && !settings->scope.suite)
        return usage(error, "--part needs --suite: whose part is it?");
    if (part && !tps_part_parse(part, &settings->part, error))
        return false;
    if ((shard || part) && !options->plan_path)
        return usage(error, "--shard and --part need --plan: they are parts of a pinned plan");
    settings->scope.part = part ? &settings->part : NULL;
    settings->scope.testcases = options->testcases;
    return true;
}

static bool check_plan_options(const Options *options, GError **error)
{
    const TpsPlanOptions *plan = &options->plan;

    if (options->plan_path &&
        (tps_plan_options_any(plan) || (plan->max_size && !options->elastic) ||
         (plan->size && strcmp(plan->size, "auto") == 0)))
        return usage(error, "--plan executes a plan as it is; only --size N may change the pool");
    return true;
}

static bool parse_settings(const Options *options, Settings *settings, GError **error)
{
    settings->attempt = 1;
    if (options->format && strcmp(options->format, "text") != 0 &&
        strcmp(options->format, "json") != 0)
        return usage(error, "--format: it is text or json");
    settings->json = options->format && strcmp(options->format, "json") == 0;
    if (options->report_dir && !*options->report_dir)
        return usage(error, "--report-dir: a directory is expected");
    if (options->timeout && !tps_duration_parse(options->timeout, &settings->timeout_us, error)) {
        g_prefix_error(error, "--timeout: ");
        return false;
    }
    if (!tps_option_count("--attempt", options->attempt, false, &settings->attempt, error))
        return false;
    if (settings->attempt > ATTEMPT_MAX)
        return usage(error, "--attempt: more than a thousand is no attempt");
    return parse_output(options->output, &settings->output, error) &&
           parse_scope(options, settings, error) && check_plan_options(options, error);
}

/* Plan now; what the data says of the suites is known at once. */
static bool make_plan(const Options *options, TpsPlanned *planned, GError **error)
{
    TpsMachine machine = tps_machine_here("");
    TpsCapacity here = {.cpu_ppm = machine.cpu_ppm, .memory_bytes = machine.memory_bytes};

    if (!tps_options_plan(&options->plan, &here, planned, error))
        return false;
    if (planned->file)
        return true;
    return usage(error, "no plan file says how to run these suites; write a " TPS_DEFAULT_PLAN_FILE
                        " or name one with -f");
}

static GHashTable *suites_of(const TpsPlan *plan)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < plan->tasks->len; i++)
        g_hash_table_add(names, ((TpsTask *)g_ptr_array_index(plan->tasks, i))->suite);
    return names;
}

/* A pinned plan, and a fresh listing of the suites that are executed here. */
static bool load_plan(const Options *options, const TpsScope *scope, TpsPlanned *planned,
                      GError **error)
{
    g_autoptr(TpsPlan) restricted = NULL;
    g_autoptr(GHashTable) wanted = NULL;
    g_autoptr(GError) why = NULL;

    planned->plan = tps_plan_load(options->plan_path, error);
    if (!planned->plan)
        return false;
    planned->file = tps_options_load_plan_file(&options->plan, &why);
    if (!planned->file && !why)
        return usage(error, "a plan holds no commands: name the plan file with -f");
    restricted = why ? NULL : tps_plan_restrict(planned->plan, scope, &why);
    if (!restricted) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    wanted = suites_of(restricted);
    planned->listings = tps_list_suites(planned->file, wanted, error);
    return planned->listings != NULL;
}

static bool check_shards(const Settings *settings, const TpsPlan *plan, GError **error)
{
    if (!settings->scope.shard || settings->shards == plan->size)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--shard: the plan has %d shards, not %d",
                plan->size, settings->shards);
    return false;
}

/*
 * Only a whole run decides anew: a shard or a part is what the plan says, on every node. And what
 * was executed once is executed so again.
 */
static bool choose_pool(const Options *options, const Settings *settings, const TpsPlanned *planned,
                        const TpsPlan *scope, TpsRunPool *pool, GError **error)
{
    const TpsScope *asked = &settings->scope;
    TpsRunPoolWish wish = {
        .size = options->plan_path ? options->plan.size : NULL, /* else the plan has it */
        .max_size = options->plan.max_size,
        .is_shard = asked->shard != 0,
        .elastic = options->elastic || planned->file->pool_elastic,
        .splits = !options->no_tail_splitting && !planned->plan->executed && !asked->shard &&
                  !asked->suite && !asked->testcases,
    };

    return tps_run_pool_choose(&wish, planned->plan->size, scope, planned->file, pool, error);
}

/* Planned times hold for a worker that has a processor to itself. */
static void say_crowded(int size)
{
    int n_processors = (int)g_get_num_processors();

    if (size > n_processors)
        fprintf(stderr, "%d workers share %d processors: expect longer times than planned\n", size,
                n_processors);
}

static char *reproduce_command(const char *report_dir, const TpsPlanFile *file)
{
    g_autofree char *plan = g_build_filename(report_dir, TPS_RUN_PLAN_FILE, NULL);
    g_autofree char *again = g_strconcat(report_dir, "-again", NULL);
    g_autofree char *name = g_canonicalize_filename(file->file, NULL);
    g_autofree char *quoted_plan = g_shell_quote(plan);
    g_autofree char *quoted_again = g_shell_quote(again);
    g_autofree char *quoted_name = g_shell_quote(name);

    /* Into a directory of its own: this run's reports stay what they are. */
    return g_strdup_printf("tpsched run -p %s -f %s -r %s", quoted_plan, quoted_name, quoted_again);
}

static void print_times(const TpsRun *run, const TpsPlan *plan, FILE *stream)
{
    g_autofree char *wall = tps_duration_format(run->wall_us);
    g_autofree char *expected = tps_duration_format(plan->makespan_us);
    g_autofree char *serial_text = NULL;
    g_autofree char *junit = tps_printable(run->junit_path, 0);
    int64_t serial_us = 0;

    for (guint i = 0; i < run->reports->len; i++)
        serial_us += ((const TpsPartReport *)g_ptr_array_index(run->reports, i))->wall_us;
    serial_text = tps_duration_format(serial_us);
    fprintf(stream, "%s, planned %s; one task after the other: %s\n", wall, expected, serial_text);
    fprintf(stream, "report: %s\n", junit);
}

static void answer(const Settings *settings, const TpsPlanned *planned, const TpsRun *run,
                   const TpsPlan *scope, const char *report_dir)
{
    g_autofree char *reproduce = reproduce_command(report_dir, planned->file);
    FILE *people = settings->json ? stderr : stdout;

    tps_summary_print(run->merge, reproduce, people);
    print_times(run, scope->tasks->len == planned->plan->tasks->len ? planned->plan : scope,
                people);
    if (settings->json)
        tps_summary_print_json(run->merge, tps_exit_status_of_run(run), stdout);
    if (run->interrupted)
        fprintf(stderr, "tpsched run: interrupted\n");
    if (run->trouble)
        fprintf(stderr, "tpsched run: %s\n", run->trouble->message);
}

/* Of two runs of one plan, say on two commits, the parts must not be mixed. */
static const char *run_id(const Options *options)
{
    const char *id = options->run_id ? options->run_id : g_getenv("TPSCHED_RUN_ID");

    return id && *id ? id : NULL;
}

static int execute(const Options *options, const Settings *settings, const TpsPlanned *planned,
                   GError **error)
{
    g_autofree char *report_dir = g_canonicalize_filename(
        options->report_dir ? options->report_dir : DEFAULT_REPORT_DIR, NULL);
    g_autoptr(TpsPlan) scope = tps_plan_restrict(planned->plan, &settings->scope, error);
    g_autoptr(TpsProgress) progress = NULL;
    g_autoptr(TpsRun) run = NULL;
    TpsListener listener;
    TpsRunPool pool;

    if (!scope || !choose_pool(options, settings, planned, scope, &pool, error))
        return TPS_EXIT_USAGE;
    say_crowded(pool.size);
    progress = tps_progress_new(scope, pool.size, settings->output, stderr);
    listener = tps_progress_listener(progress);
    run = tps_run(&(TpsRunRequest){.plan = planned->plan,
                                   .scope = scope,
                                   .file = planned->file,
                                   .listings = planned->listings,
                                   .size = pool.size,
                                   .max_size = pool.max_size,
                                   .splits = pool.splits,
                                   .report_dir = report_dir,
                                   .run_id = run_id(options),
                                   .attempt = settings->attempt,
                                   .timeout_us = settings->timeout_us,
                                   .allow_new = options->allow_new,
                                   .allow_missing = options->allow_missing,
                                   .learn_path = options->learn_path,
                                   .listener = &listener,
                                   .tick_us = tps_is_live(stderr) ? LIVE_TICK_US : PLAIN_TICK_US},
                  error);
    if (!run)
        return TPS_EXIT_USAGE;
    answer(settings, planned, run, scope, report_dir);
    return tps_exit_status_of_run(run);
}

static bool prepare(const Options *options, Settings *settings, TpsPlanned *planned, GError **error)
{
    g_autofree char *line = NULL;

    if (options->learn_path && !tps_learn_check(options->learn_path, error))
        return false;
    if (!(options->plan_path ? load_plan(options, &settings->scope, planned, error)
                             : make_plan(options, planned, error)))
        return false;
    line = tps_plan_line(planned->plan);
    if (!options->plan_path)
        tps_plan_notes_print(planned->plan, stderr);
    fprintf(stderr, "plan %.12s: %s\n", planned->plan->id, line);
    settings->testcases =
        tps_scope_whole_units(options->testcases, planned->file, planned->listings);
    settings->scope.testcases = settings->testcases;
    return check_shards(settings, planned->plan, error);
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    g_auto(TpsPlanned) planned = {0};
    g_auto(Settings) settings = {0};
    g_autoptr(GOptionContext) context = make_context(&options);

    if (!tps_options_parse_all(context, argc, argv, error) ||
        !parse_settings(&options, &settings, error))
        return TPS_EXIT_USAGE;
    tps_stop_install();
    signal(SIGPIPE, SIG_IGN); /* a reader that went away must not cost the run */
    if (!prepare(&options, &settings, &planned, error))
        return TPS_EXIT_USAGE;
    return execute(&options, &settings, &planned, error);
}

const TpsVerb tps_cmd_run = {
    .name = "run",
    .args = "",
    .summary = "execute a plan, a shard of it, a part of it",
    .run = run,
};
