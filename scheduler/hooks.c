/* SPDX-License-Identifier: MIT */
#include "scheduler/hooks.h"

#include "adapters/executor.h"
#include "adapters/framework.h"
#include "core/result.h"
#include "formats/files.h"
#include "scheduler/environment.h"
#include "scheduler/pause_watch.h"
#include "scheduler/report_dir.h"
#include "scheduler/stop.h"

#include <pthread.h>
#include <string.h>

#define GRACE_US INT64_C(5000000)

/* What a setup leaves running stays until we kill it; a run of a year is long enough. */
#define STAYS_US (INT64_C(366) * 24 * 3600 * 1000000)

/* Of the output, in reports. The whole is in the log. */
#define SHOWN_BYTES 4000

#define LOGS "hooks"

typedef enum {
    NEW,
    STARTING,
    READY,
    FAILED,
    ENDED,
} State;

/*
 * One setup and its teardown. Each has an executor of its own: stopping the one ends its setup, and
 * kills what that left, and nothing else.
 */
typedef struct {
    TpsHooks *hooks;
    const TpsSuite *suite; /* for the plan's, one that stands for it */
    bool is_plan;
    int slot;              /* of the sandboxes */
    TpsExecutor *setup;    /* or NULL          */
    TpsExecutor *teardown; /* or NULL          */
    const char *sandbox;
    TpsExit exit;     /* of the setup                            */
    pthread_t keeper; /* reads what the setup's processes print  */
    bool kept;        /* there is a keeper                       */
    bool released;    /* nothing of the setup is left            */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    State state;   /* under the mutex, as what follows           */
    guint n_tasks; /* that have not ended                        */
    bool cancelled;
    char *failure; /* owned or NULL; stays when it is set        */
    char *output;
} Hook;

struct TpsHooks {
    TpsHooksRequest request;
    TpsSuite *plan;   /* owned: stands for the plan              */
    GPtrArray *all;   /* of Hook, the plan's first if it has one */
    GHashTable *find; /* const TpsSuite* -> Hook*                */
    pthread_mutex_t mutex;
    GError *trouble; /* under the mutex; of the machinery: the first */
};

static void failure_free(void *data)
{
    TpsHookFailure *failure = data;

    g_free(failure->suite);
    g_free(failure->message);
    g_free(failure);
}

int tps_hooks_count(const TpsPlanFile *file)
{
    int n = tps_fixture_is_any(&file->fixture);

    for (guint i = 0; i < file->suites->len; i++)
        n += tps_fixture_is_any(&((const TpsSuite *)g_ptr_array_index(file->suites, i))->fixture);
    return n;
}

/* Not the command's fault. */
static void say_trouble(TpsHooks *hooks, const GError *error)
{
    pthread_mutex_lock(&hooks->mutex);
    if (!hooks->trouble)
        hooks->trouble = g_error_copy(error);
    pthread_mutex_unlock(&hooks->mutex);
}

bool tps_hooks_check(TpsHooks *hooks, GError **error)
{
    bool fine;

    pthread_mutex_lock(&hooks->mutex);
    fine = hooks->trouble == NULL;
    if (!fine)
        g_propagate_error(error, g_error_copy(hooks->trouble));
    pthread_mutex_unlock(&hooks->mutex);
    return fine;
}

/* Running one of them. */

static char **environment_of(const Hook *hook, const TpsInvocation *nothing, char *before[2],
                             char *after[4])
{
    int n = 0;

    if (hook->sandbox) {
        before[0] = g_strconcat("TMPDIR=", hook->sandbox, NULL);
        after[n++] = g_strconcat("TPSCHED_SANDBOX=", hook->sandbox, NULL);
    }
    if (!hook->is_plan)
        after[n++] = g_strconcat("TPSCHED_SUITE=", hook->suite->name, NULL);
    after[n++] = g_strconcat("TPSCHED_REPORT_DIR=", hook->hooks->request.report_dir, NULL);
    return tps_invocation_environment(nothing, hook->suite, before, after);
}

static bool run_command(const Hook *hook, TpsExecutor *executor, char **argv, int64_t timeout_us,
                        bool stays, TpsExit *exit, GError **error)
{
    g_autoptr(TpsInvocation) nothing = tps_invocation_new();
    char *before[2] = {NULL};
    char *after[4] = {NULL};
    g_autofree char **env = environment_of(hook, nothing, before, after);
    TpsCommand command = {
        .argv = argv,
        .env = env,
        .clear_env = hook->suite->env_clear,
        .cwd = hook->suite->cwd,
        .sandbox = hook->sandbox,
        .timeout_us = timeout_us,
        .grace_us = GRACE_US,
        .leak_us = stays ? STAYS_US : 0,
        .detach = stays,
    };
    bool ran = tps_executor_run(executor, 0, &command, exit, error);

    g_free(before[0]);
    for (size_t i = 0; i < G_N_ELEMENTS(after); i++)
        g_free(after[i]);
    return ran;
}

/* "hooks/api.setup.log"; of the plan "hooks/setup.log". Below the report directory. */
static char *log_name(const Hook *hook, const char *what)
{
    g_autofree char *slug = hook->is_plan ? NULL : tps_report_dir_slug(hook->suite->name);

    return hook->is_plan ? g_strconcat(LOGS "/", what, ".log", NULL)
                         : g_strconcat(LOGS "/", slug, ".", what, ".log", NULL);
}

/* Only a help for people: where the disk is full, others say so. */
static void write_log(const Hook *hook, const char *what, const char *output)
{
    const char *report_dir = hook->hooks->request.report_dir;
    g_autofree char *name = log_name(hook, what);
    g_autofree char *path = g_build_filename(report_dir, name, NULL);
    g_autofree char *directory = g_path_get_dirname(path);

    if (output && *output && tps_directory_make(directory, NULL))
        g_file_set_contents_full(path, output, -1, G_FILE_SET_CONTENTS_NONE, 0666, NULL);
}

/* "the setup of suite 'api' failed: exit status 3" */
static char *describe(const Hook *hook, const char *what, const char *why, const char *output)
{
    g_autofree char *log = log_name(hook, what);
    g_autofree char *whose =
        hook->is_plan ? g_strdup("the plan") : g_strdup_printf("suite '%s'", hook->suite->name);
    g_autofree char *hint =
        output && *output ? g_strdup_printf("; its output is in %s", log) : g_strdup("");

    return g_strdup_printf("the %s of %s failed: %s%s", what, whose, why, hint);
}

static char *describe_end(const TpsExit *exit, char *const *argv)
{
    g_autofree char *end = tps_end_describe(exit->end, exit->code, tps_exit_time(exit));

    if (exit->end == TPS_END_NOT_STARTED)
        return g_strdup_printf("'%s': %s", argv[0], end);
    return g_steal_pointer(&end);
}

static bool is_good(const TpsExit *exit)
{
    return exit->end == TPS_END_EXITED && exit->code == 0;
}

static char *end_of(const char *output)
{
    size_t length = output ? strlen(output) : 0;

    return g_strdup(length > SHOWN_BYTES ? output + length - SHOWN_BYTES : output);
}

/* Not before it is needed: the nanny of the first command that gets it removes it if we die. */
static bool enter_sandbox(Hook *hook, GError **error)
{
    TpsSandboxes *sandboxes = hook->hooks->request.sandboxes;

    if (sandboxes && !hook->sandbox)
        hook->sandbox = tps_sandbox_enter(sandboxes, hook->slot, error);
    return !sandboxes || hook->sandbox;
}

/* The setup. */

static void *keep(void *data)
{
    Hook *hook = data;

    tps_executor_settle(&hook->exit, true);
    return NULL;
}

/* What is left of the setup goes, and its whole output is there. */
static void release(Hook *hook)
{
    if (!hook->setup || hook->released)
        return;
    hook->released = true;
    tps_executor_stop(hook->setup, TPS_STOP_KILL);
    if (hook->kept)
        pthread_join(hook->keeper, NULL);
    else
        tps_executor_settle(&hook->exit, true);
    hook->kept = false;
    write_log(hook, "setup", hook->exit.output);
}

static void fail_setup(Hook *hook, const char *why)
{
    release(hook);
    hook->failure = describe(hook, "setup", why, hook->exit.output);
    hook->output = end_of(hook->exit.output);
}

static void run_setup(Hook *hook)
{
    const TpsFixture *fixture = &hook->suite->fixture;
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL;

    if (!run_command(hook, hook->setup, fixture->setup, fixture->setup_timeout_us, true,
                     &hook->exit, &error)) {
        say_trouble(hook->hooks, error);
        fail_setup(hook, error->message);
        return;
    }
    if (!is_good(&hook->exit)) {
        hook->cancelled = hook->exit.end == TPS_END_CANCELLED;
        why = describe_end(&hook->exit, fixture->setup);
        fail_setup(hook, why);
    } else if (hook->exit.linger) {
        hook->kept = pthread_create(&hook->keeper, NULL, keep, hook) == 0;
    }
}

static void start(Hook *hook)
{
    g_autoptr(GError) error = NULL;

    if (!hook->setup)
        return;
    if (enter_sandbox(hook, &error)) {
        run_setup(hook);
        return;
    }
    say_trouble(hook->hooks, error);
    hook->failure = describe(hook, "setup", error->message, NULL);
}

/* The first one starts it, the others wait. */
static void begin(Hook *hook)
{
    pthread_mutex_lock(&hook->mutex);
    if (hook->state == NEW) {
        hook->state = STARTING;
        pthread_mutex_unlock(&hook->mutex);
        start(hook);
        pthread_mutex_lock(&hook->mutex);
        hook->state = hook->failure ? FAILED : READY;
        pthread_cond_broadcast(&hook->changed);
    }
    while (hook->state == STARTING)
        pthread_cond_wait(&hook->changed, &hook->mutex);
    pthread_mutex_unlock(&hook->mutex);
}

/* The teardown. */

static char *run_teardown(Hook *hook)
{
    const TpsFixture *fixture = &hook->suite->fixture;
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL;
    g_auto(TpsExit) exit = {0};

    if (!hook->teardown)
        return NULL;
    if (tps_stop_count() > 1)
        return describe(hook, "teardown", "it was not run, as the run was killed", NULL);
    if (!enter_sandbox(hook, &error) ||
        !run_command(hook, hook->teardown, fixture->teardown, fixture->teardown_timeout_us, false,
                     &exit, &error)) {
        say_trouble(hook->hooks, error);
        return describe(hook, "teardown", error->message, NULL);
    }
    write_log(hook, "teardown", exit.output);
    if (is_good(&exit))
        return NULL;
    why = describe_end(&exit, fixture->teardown);
    return describe(hook, "teardown", why, exit.output);
}

/* Only what was begun, and once. */
static char *end(Hook *hook)
{
    State state;
    char *failure;

    pthread_mutex_lock(&hook->mutex);
    state = hook->state;
    hook->state = ENDED;
    pthread_mutex_unlock(&hook->mutex);
    if (state == NEW || state == ENDED)
        return NULL;
    failure = run_teardown(hook);
    if (state == READY)
        release(hook);
    if (hook->sandbox)
        tps_sandbox_leave(hook->hooks->request.sandboxes, hook->slot);
    return failure;
}

/* All of them. */

static bool make_executors(Hook *hook, GError **error)
{
    const TpsFixture *fixture = &hook->suite->fixture;

    if (fixture->setup) {
        hook->setup = tps_local_executor_new(1, TPS_ISOLATION_AUTO, error);
        if (!hook->setup)
            return false;
    }
    if (fixture->teardown) {
        hook->teardown = tps_local_executor_new(1, TPS_ISOLATION_AUTO, error);
        if (!hook->teardown)
            return false;
    }
    return true;
}

static void hook_free(void *data)
{
    Hook *hook = data;

    release(hook);
    tps_exit_clear(&hook->exit);
    tps_executor_free(hook->setup);
    tps_executor_free(hook->teardown);
    pthread_mutex_destroy(&hook->mutex);
    pthread_cond_destroy(&hook->changed);
    g_free(hook->failure);
    g_free(hook->output);
    g_free(hook);
}

static bool add_hook(TpsHooks *hooks, const TpsSuite *suite, GError **error)
{
    Hook *hook = g_new0(Hook, 1);

    hook->hooks = hooks;
    hook->suite = suite;
    hook->is_plan = suite == hooks->plan;
    hook->slot = hooks->request.first_slot + (int)hooks->all->len;
    pthread_mutex_init(&hook->mutex, NULL);
    pthread_cond_init(&hook->changed, NULL);
    g_ptr_array_add(hooks->all, hook);
    g_hash_table_insert(hooks->find, (gpointer)suite, hook);
    return make_executors(hook, error);
}

/* With a directory of its own and no name, so that a plan's commands are run like a suite's. */
static TpsSuite *stand_in(const TpsPlanFile *file)
{
    TpsSuite *suite = tps_suite_new("", "command");
    g_autofree char *directory = g_path_get_dirname(file->file ? file->file : ".");

    g_free(suite->cwd);
    suite->cwd = g_canonicalize_filename(directory, NULL);
    suite->fixture = file->fixture;
    suite->fixture.setup = g_strdupv(file->fixture.setup);
    suite->fixture.teardown = g_strdupv(file->fixture.teardown);
    return suite;
}

static bool add_suites(TpsHooks *hooks, GError **error)
{
    for (guint i = 0; i < hooks->request.suites->len; i++) {
        const TpsSuite *suite = g_ptr_array_index(hooks->request.suites, i);
        Hook *hook;

        if (!tps_fixture_is_any(&suite->fixture))
            continue;
        if (!g_hash_table_contains(hooks->find, suite) && !add_hook(hooks, suite, error))
            return false;
        hook = g_hash_table_lookup(hooks->find, suite);
        hook->n_tasks++;
    }
    return true;
}

TpsHooks *tps_hooks_new(const TpsHooksRequest *request, GError **error)
{
    g_autoptr(TpsHooks) hooks = g_new0(TpsHooks, 1);

    hooks->request = *request;
    pthread_mutex_init(&hooks->mutex, NULL);
    hooks->plan = stand_in(request->file);
    hooks->all = g_ptr_array_new_with_free_func(hook_free);
    hooks->find = g_hash_table_new(g_direct_hash, g_direct_equal);
    /* Where nothing runs there is nothing to set up for. */
    if (request->suites->len > 0 && tps_fixture_is_any(&request->file->fixture) &&
        !add_hook(hooks, hooks->plan, error))
        return NULL;
    if (!add_suites(hooks, error))
        return NULL;
    return g_steal_pointer(&hooks);
}

void tps_hooks_free(TpsHooks *hooks)
{
    if (!hooks)
        return;
    g_ptr_array_unref(hooks->all);
    g_hash_table_unref(hooks->find);
    tps_suite_free(hooks->plan);
    g_clear_error(&hooks->trouble);
    pthread_mutex_destroy(&hooks->mutex);
    g_free(hooks);
}

static Hook *plan_of(const TpsHooks *hooks)
{
    return g_hash_table_lookup(hooks->find, hooks->plan);
}

void tps_hooks_begin(TpsHooks *hooks)
{
    Hook *plan = plan_of(hooks);
    TpsPauseWatch *watch;

    if (!plan)
        return;
    tps_stop_attach(plan->setup); /* nothing else runs */
    watch = tps_pause_watch_new();
    begin(plan);
    tps_pause_watch_free(watch);
    tps_stop_attach(NULL);
}

static bool answer(const Hook *hook, TpsHooksAnswer *answer)
{
    answer->failure = hook->failure;
    answer->output = hook->output;
    answer->cancelled = hook->cancelled;
    return hook->failure == NULL;
}

TpsHooksAnswer tps_hooks_enter(TpsHooks *hooks, const TpsSuite *suite)
{
    const Hook *plan = plan_of(hooks);
    Hook *hook = g_hash_table_lookup(hooks->find, suite);
    TpsHooksAnswer said = {0};

    if (plan) {
        said.plan_sandbox = plan->sandbox;
        if (!answer(plan, &said))
            return said;
    }
    if (hook) {
        begin(hook);
        said.suite_sandbox = hook->sandbox;
        answer(hook, &said);
    }
    return said;
}

char *tps_hooks_leave(TpsHooks *hooks, const TpsSuite *suite)
{
    Hook *hook = g_hash_table_lookup(hooks->find, suite);
    bool last;

    if (!hook)
        return NULL;
    pthread_mutex_lock(&hook->mutex);
    last = --hook->n_tasks == 0;
    pthread_mutex_unlock(&hook->mutex);
    return last ? end(hook) : NULL;
}

GPtrArray *tps_hooks_end(TpsHooks *hooks)
{
    GPtrArray *failures = g_ptr_array_new_with_free_func(failure_free);

    for (guint i = hooks->all->len; i-- > 0;) {
        Hook *hook = g_ptr_array_index(hooks->all, i);
        TpsHookFailure failure = {0};

        tps_stop_attach_last(hook->teardown);
        failure.message = end(hook);
        tps_stop_attach_last(NULL);
        if (!failure.message)
            continue;
        failure.suite = hook->is_plan ? NULL : g_strdup(hook->suite->name);
        g_ptr_array_add(failures, g_memdup2(&failure, sizeof failure));
    }
    return failures;
}

static void pause_one(TpsExecutor *executor, bool yes)
{
    if (executor && yes)
        tps_executor_pause(executor);
    else if (executor)
        tps_executor_continue(executor);
}

void tps_hooks_pause(TpsHooks *hooks, bool yes)
{
    for (guint i = 0; i < hooks->all->len; i++) {
        const Hook *hook = g_ptr_array_index(hooks->all, i);

        pause_one(hook->setup, yes);
        pause_one(hook->teardown, yes);
    }
}

void tps_hooks_stop(TpsHooks *hooks, int n_signals)
{
    for (guint i = 0; i < hooks->all->len; i++) {
        const Hook *hook = g_ptr_array_index(hooks->all, i);

        if (hook->setup) /* what it left running stays for the teardown, after one */
            tps_executor_stop(hook->setup, n_signals > 1 ? TPS_STOP_KILL : TPS_STOP_TERM);
        if (hook->teardown && n_signals > 1)
            tps_executor_stop(hook->teardown, TPS_STOP_KILL);
    }
}
