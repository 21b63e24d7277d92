/* SPDX-License-Identifier: MIT */
#include "cli/cmd_run.h"

#include "adapters/ci/protocol.h"
#include "adapters/machine.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/key_options.h"
#include "cli/options.h"
#include "cli/plan_table.h"
#include "cli/plural.h"
#include "cli/progress.h"
#include "cli/report_writes.h"
#include "cli/run_former.h"
#include "cli/run_options.h"
#include "cli/run_pool.h"
#include "cli/run_shard.h"
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
#define LIVE_TICK_US (TPS_SECOND_US / 10)
#define PLAIN_TICK_US TPS_SECOND_US

static bool usage(GError **error, const char *what)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_USAGE, what);
    return false;
}

/* Plan now; what the data says of the suites is known at once. */
static bool make_plan(const TpsRunOptions *options, TpsPlanned *planned, GError **error)
{
    TpsMachine machine = tps_machine_here("");
    TpsCapacity here = {.cpu_ppm = machine.cpu_ppm, .memory_bytes = machine.memory_bytes};

    if (!tps_pin_allow_new(&options->pin, options->attempt, "give that of the first one by --plan",
                           error) ||
        !tps_options_plan(&options->plan, &here, planned, error))
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
static bool load_plan(const TpsRunOptions *options, const TpsScope *scope, TpsPlanned *planned,
                      GError **error)
{
    g_autoptr(TpsPlan) restricted = NULL;
    g_autoptr(GHashTable) wanted = NULL;
    g_autoptr(GError) why = NULL;

    if (!tps_key_check(options->plan.key, options->plan_path, error))
        return false;
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

static bool check_shards(const TpsRunSettings *settings, const TpsPlan *plan, GError **error)
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
static bool choose_pool(const TpsRunOptions *options, const TpsRunSettings *settings,
                        const TpsPlanned *planned, const TpsPlan *scope, TpsRunPool *pool,
                        GError **error)
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
        fprintf(stderr, "%d workers share %d processor%s: expect longer times than planned\n", size,
                n_processors, tps_plural((uint64_t)n_processors));
}

/* A plan that was made here has been told; one that comes from elsewhere has not. */
static int64_t memory_here(const TpsRunOptions *options, const TpsPlan *plan)
{
    return options->plan_path ? tps_machine_here("").memory_bytes : plan->memory_bytes;
}

static char *reproduce_command(const char *report_dir, const TpsPlanFile *file)
{
    g_autofree char *plan = g_build_filename(report_dir, TPS_RUN_PLAN_FILE, NULL);
    g_autofree char *name = g_canonicalize_filename(file->file, NULL);

    return tps_reproduce_command(plan, report_dir, name);
}

static void print_times(const TpsRun *run, const TpsPlan *plan, FILE *stream)
{
    g_autofree char *wall = tps_duration_format(run->wall_us);
    g_autofree char *expected = tps_duration_format(plan->makespan_us);
    g_autofree char *serial_text = tps_duration_format(run->serial_us);

    fprintf(stream, "%s, planned %s; one task after the other: %s\n", wall, expected, serial_text);
}

/* Reports that cannot be written are the disk's trouble, and the run is what it is. */
static void write_reports(const TpsRunSettings *settings, const char *reproduce, TpsRun *run)
{
    g_autofree char *root = g_get_current_dir();
    GError *error = NULL;

    tps_report_writes_do(settings->writes, run->merge,
                         &(TpsReportLook){.reproduce = reproduce, .root = root}, &error);
    tps_run_take_trouble(run, error);
}

static void answer(const TpsRunSettings *settings, const TpsPlanned *planned, TpsRun *run,
                   const TpsPlan *scope, const char *report_dir, const guint *counts)
{
    g_autofree char *reproduce = reproduce_command(report_dir, planned->file);
    g_autofree char *junit = tps_printable(run->junit_path, 0);
    FILE *people = settings->json ? stderr : stdout;

    write_reports(settings, reproduce, run);
    tps_summary_print(run->merge, reproduce, people);
    tps_summary_print_tasks(counts, people);
    if (settings->output_order != TPS_OUTPUT_ORDER_PLAN)
        print_times(run, scope->tasks->len == planned->plan->tasks->len ? planned->plan : scope,
                    people);
    fprintf(people, "report: %s\n", junit);
    if (settings->json)
        tps_summary_print_json(run->merge, counts, tps_exit_status_of_run(run), stdout);
    if (run->n_refused > 0)
        fprintf(people, "%u failed testcases were not run again: more than the rerun budget has\n",
                run->n_refused);
    if (run->interrupted)
        fprintf(stderr, "tpsched run: interrupted\n");
    if (run->n_lost > 0)
        fprintf(stderr, "tpsched run: %u tasks are lost: they killed their workers\n", run->n_lost);
    if (run->trouble)
        fprintf(stderr, "tpsched run: %s\n", run->trouble->message);
}

static char *report_dir_of(const TpsRunOptions *options)
{
    return g_canonicalize_filename(options->report_dir ? options->report_dir : DEFAULT_REPORT_DIR,
                                   NULL);
}

static int nothing_to_run(const TpsRunOptions *options)
{
    printf("nothing %s there: there is nothing to run\n", tps_run_former_word(options));
    return TPS_EXIT_PASSED;
}

/* Ctrl-C is for the task, which may be a debugger; but when it ends the task, it ends the run. */
static void hear_interactive(const TpsEvent *event, void *user)
{
    const TpsListener *inner = user;

    inner->hear(event, inner->user);
    if (event->kind == TPS_EVENT_TASK_ENDED && event->report &&
        event->report->end == TPS_END_SIGNALED && event->report->code == SIGINT)
        raise(SIGTERM);
}

static TpsListener share_terminal(const TpsListener *listener, TpsListener *inner)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    *inner = *listener;
    return (TpsListener){.hear = hear_interactive, .user = inner};
}

/* What we wrote and may read again. */
static bool sign_all(const TpsRunOptions *options, const char *report_dir, GError **error)
{
    g_autofree char *plan = g_build_filename(report_dir, TPS_RUN_PLAN_FILE, NULL);
    g_autofree char *executed = g_build_filename(report_dir, TPS_RUN_EXECUTED_FILE, NULL);
    const char *const files[] = {plan, executed, options->learn_path};

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (files[i] && g_file_test(files[i], G_FILE_TEST_EXISTS) &&
            !tps_key_sign(options->plan.key, files[i], error))
            return false;
    return true;
}

static int execute(const TpsRunOptions *options, const TpsRunSettings *settings,
                   const TpsPlanned *planned, const TpsCiProtocol *protocol, GError **error)
{
    g_autofree char *report_dir = report_dir_of(options);
    g_auto(TpsRunWork) work = {0};
    const TpsPlan *todo;
    g_autoptr(TpsProgress) progress = NULL;
    g_autoptr(TpsRun) run = NULL;
    TpsListener inner;
    TpsListener listener;
    TpsViewer viewer;
    TpsRunPool pool;

    if (!tps_run_former_work(options, settings, planned, report_dir, &work, error))
        return TPS_EXIT_USAGE;
    if ((options->failed || options->not_run) && work.scope->tasks->len == 0)
        return nothing_to_run(options);
    todo = work.left ? work.left : work.scope;
    if (!choose_pool(options, settings, planned, todo, &pool, error) ||
        !tps_run_options_suit(settings, pool.max_size, error) ||
        !tps_ci_protocol_honour(protocol, error))
        return TPS_EXIT_USAGE;
    say_crowded(pool.size);
    progress = tps_progress_new(
        &(TpsProgressWish){.plan = todo,
                           .size = pool.size,
                           .report_dir = report_dir,
                           .mode = settings->interactive ? TPS_OUTPUT_IMMEDIATE : settings->output,
                           .order = settings->output_order,
                           .stream = stderr});
    listener = tps_progress_listener(progress);
    if (settings->interactive)
        listener = share_terminal(&listener, &inner);
    viewer = (TpsViewer){.see = tps_progress_show, .user = progress};
    run = tps_run(
        &(TpsRunRequest){.plan = planned->plan,
                         .scope = work.scope,
                         .todo = todo,
                         .file = planned->file,
                         .listings = planned->listings,
                         .size = pool.size,
                         .max_size = pool.max_size,
                         .splits = pool.splits,
                         .memory_bytes = memory_here(options, planned->plan),
                         .report_dir = report_dir,
                         .run_id = work.run_id,
                         .attempt = work.attempt,
                         .timeout_us = settings->timeout_us,
                         .plan_timeout_us = settings->plan_timeout_us ? settings->plan_timeout_us
                                                                      : planned->file->timeout_us,
                         .policy = settings->policy,
                         .isolation =
                             options->isolate ? settings->isolation : planned->file->isolation,
                         .keep = options->keep,
                         .interactive = settings->interactive,
                         .leak_fails = settings->leak_fails,
                         .allow_new = options->allow_new,
                         .allow_missing = options->allow_missing,
                         .timeline = settings->writes != NULL,
                         .learn_path = options->learn_path,
                         .listener = &listener,
                         .viewer = settings->output == TPS_OUTPUT_IMMEDIATE ? &viewer : NULL,
                         .tick_us = tps_is_live(stderr) ? LIVE_TICK_US : PLAIN_TICK_US},
        error);
    if (!run)
        return TPS_EXIT_USAGE;
    answer(settings, planned, run, work.scope, report_dir, tps_progress_counts(progress));
    if (!tps_run_protocol_report(protocol, run->junit_path, error) ||
        !sign_all(options, report_dir, error))
        return TPS_EXIT_INFRASTRUCTURE;
    return tps_exit_status_of_run(run);
}

static bool prepare(const TpsRunOptions *options, TpsRunSettings *settings, TpsPlanned *planned,
                    GError **error)
{
    g_autofree char *line = NULL;

    if (options->learn_path && (!tps_key_check_old(options->plan.key, options->learn_path, error) ||
                                !tps_learn_check(options->learn_path, error)))
        return false;
    if (!(options->plan_path ? load_plan(options, &settings->scope, planned, error)
                             : make_plan(options, planned, error)) ||
        !tps_pin_check(&options->pin, planned->plan, error))
        return false;
    tps_run_policy_complete(&settings->policy, planned->file);
    if (settings->policy.job.reruns > 0 && !settings->policy.job.allowed)
        fprintf(stderr, "nothing is run again: the plan file has 'allow_task_rerun: false'\n");
    if (settings->policy.shuffles)
        fprintf(stderr, "shuffled; the same order again: --shuffle=%u\n", settings->policy.seed);
    line = tps_plan_line(planned->plan);
    if (!options->plan_path)
        tps_plan_notes_print(planned->plan, stderr);
    fprintf(stderr, "plan %.12s: %s\n", planned->plan->id, line);
    settings->testcases =
        tps_scope_whole_units(options->testcases, planned->file, planned->listings);
    settings->scope.testcases = settings->testcases;
    return check_shards(settings, planned->plan, error);
}

static int run_settled(TpsRunOptions *options, TpsRunSettings *settings,
                       const TpsCiProtocol *protocol, GError **error)
{
    g_auto(TpsPlanned) planned = {0};

    tps_stop_install();
    signal(SIGPIPE, SIG_IGN); /* a reader that went away must not cost the run, */
    signal(SIGXFSZ, SIG_IGN); /* nor a limit to the size of files: it is told like a full disk */
    if (!prepare(options, settings, &planned, error))
        return TPS_EXIT_USAGE;
    return execute(options, settings, &planned, protocol, error);
}

/* What this run is proven by, and what it is made of, is nothing to write reports to. */
static bool check_outputs(const TpsRunOptions *options, const TpsRunSettings *settings,
                          const char *report_dir, GError **error)
{
    g_autoptr(TpsOutputs) outputs = tps_outputs_new();

    tps_outputs_keep_run(outputs, report_dir);
    tps_outputs_keep(outputs, options->plan_path);
    tps_outputs_keep(outputs, options->plan.key);
    tps_outputs_keep(outputs,
                     options->plan.plan_file ? options->plan.plan_file : TPS_DEFAULT_PLAN_FILE);
    return tps_report_writes_claim(settings->writes, outputs, error) &&
           tps_outputs_add(outputs, options->learn_path, error);
}

/* Whose environment we are in is settled before anything is started in it. */
int tps_run_by_options(TpsRunOptions *options, GError **error)
{
    g_auto(TpsRunSettings) settings = {0};
    g_auto(TpsCiProtocol) protocol = {0};
    g_autofree char *report_dir = report_dir_of(options);
    int status = TPS_EXIT_USAGE;

    tps_pin_options_settle(&options->pin);
    if (!tps_key_option_settle(&options->plan.key, error) ||
        !tps_run_former_plan(options, report_dir, error) || !tps_run_shard_settle(options, error) ||
        !tps_run_options_understand(options, &settings, error) ||
        !check_outputs(options, &settings, report_dir, error))
        return TPS_EXIT_USAGE;
    if (tps_run_protocol_begin(options, &settings, &protocol, error))
        status = run_settled(options, &settings, &protocol, error);
    tps_ci_protocol_end(&protocol);
    return status;
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(TpsRunOptions) options = {0};
    g_autoptr(GOptionContext) context = tps_run_options_context(&options);

    if (!tps_options_parse_all(context, argc, argv, error))
        return TPS_EXIT_USAGE;
    return tps_run_by_options(&options, error);
}

const TpsVerb tps_cmd_run = {
    .name = "run",
    .args = "",
    .summary = "execute a plan, a shard of it, a part of it",
    .run = run,
};
