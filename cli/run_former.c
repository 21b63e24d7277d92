/* SPDX-License-Identifier: MIT */
#include "cli/run_former.h"

#include "core/error.h"
#include "formats/files.h"
#include "scheduler/former.h"
#include "scheduler/report_dir.h"
#include "scheduler/report_lock.h"
#include "scheduler/resume.h"

#include <stdio.h>
#include <string.h>

void tps_run_work_clear(TpsRunWork *work)
{
    g_clear_pointer(&work->scope, tps_plan_free);
    g_clear_pointer(&work->left, tps_plan_free);
    g_clear_pointer(&work->former_run_id, g_free);
}

static bool usage(GError **error, const char *what)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_USAGE, what);
    return false;
}

/* Absolute; NULL when nothing of a former run is asked for. Caller frees. */
static char *former_dir(const TpsRunOptions *options)
{
    const char *dir = options->failed ? options->failed : options->not_run;

    return dir ? g_canonicalize_filename(dir, NULL) : NULL;
}

static bool check(const TpsRunOptions *options, GError **error)
{
    g_autofree char *failed =
        options->failed ? g_canonicalize_filename(options->failed, NULL) : NULL;
    g_autofree char *not_run =
        options->not_run ? g_canonicalize_filename(options->not_run, NULL) : NULL;

    if (options->resume && (failed || not_run))
        return usage(error, "--resume goes on with a run; --failed and --not-run begin a new one");
    if (failed && not_run && strcmp(failed, not_run) != 0)
        return usage(error, "--failed and --not-run must name the same former run");
    return true;
}

bool tps_run_former_plan(TpsRunOptions *options, const char *report_dir, GError **error)
{
    g_autofree char *former = former_dir(options);
    const char *dir = options->resume ? report_dir : former;
    g_autofree char *path = dir ? g_build_filename(dir, TPS_RUN_PLAN_FILE, NULL) : NULL;

    if (!check(options, error))
        return false;
    if (!dir || options->plan_path)
        return true;
    if (tps_file_is_plain(path)) {
        options->plan_path = g_steal_pointer(&path);
        return true;
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "'%s' holds no run%s", dir,
                options->resume ? " that could be resumed" : "");
    return false;
}

/* That nothing failed there must not pass for success when something was not seen to its end. */
static bool check_all_ended(const char *dir, const TpsPlan *scope, GError **error)
{
    guint n;

    if (!tps_former_n_unended(dir, scope, &n, error))
        return false;
    if (n > 0)
        g_set_error(error, TPS_ERROR, TPS_ERROR_INCOMPLETE,
                    "nothing failed in '%s', but %u task%s not end there; --not-run runs %s", dir,
                    n, n == 1 ? " did" : "s did", n == 1 ? "it" : "them");
    return n == 0;
}

/* It is one more attempt, so that both can be merged, also when they share a directory. */
static bool take_former(const TpsRunOptions *options, const TpsPlanned *planned, TpsRunWork *work,
                        GError **error)
{
    g_autofree char *dir = former_dir(options);
    TpsFormer which = (options->failed ? TPS_FORMER_FAILED : (TpsFormer)0) |
                      (options->not_run ? TPS_FORMER_NOT_RUN : (TpsFormer)0);
    TpsPlan *former;
    int attempt;

    if (!dir)
        return true;
    if (!tps_report_is_free(dir, error)) /* what it has not run yet would pass for no failure */
        return false;
    former = tps_former_scope(dir, work->scope, which, &attempt, error);
    if (!former)
        return false;
    if (former->tasks->len == 0 && which == TPS_FORMER_FAILED &&
        !check_all_ended(dir, work->scope, error)) {
        tps_plan_free(former);
        return false;
    }
    tps_former_whole_units(former, planned->plan, planned->file, planned->listings);
    tps_plan_free(work->scope);
    work->scope = former;
    if (!options->attempt)
        work->attempt = attempt + 1;
    return true;
}

/* Parts of two runs prove nothing together. */
static bool check_run_id(const TpsRunWork *work, GError **error)
{
    if (!work->run_id || g_strcmp0(work->run_id, work->former_run_id) == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--run-id: the run to be resumed is '%s'",
                work->former_run_id ? work->former_run_id : "");
    return false;
}

static bool take_resumed(const TpsRunOptions *options, const char *report_dir, TpsRunWork *work,
                         GError **error)
{
    g_autoptr(TpsResume) resume = NULL;

    if (!options->resume)
        return true;
    resume = tps_resume_read(report_dir, work->scope, work->attempt, error);
    if (!resume)
        return false;
    work->former_run_id = g_steal_pointer(&resume->run_id);
    if (!check_run_id(work, error))
        return false;
    work->run_id = work->former_run_id;
    work->attempt = resume->attempt;
    work->left = g_steal_pointer(&resume->todo);
    fprintf(stderr, "resumed: %u of %u tasks have ended, %u are left\n", resume->n_done,
            work->scope->tasks->len, work->left->tasks->len);
    return true;
}

bool tps_run_former_work(const TpsRunOptions *options, const TpsRunSettings *settings,
                         const TpsPlanned *planned, const char *report_dir, TpsRunWork *work,
                         GError **error)
{
    const char *id = options->run_id ? options->run_id : g_getenv("TPSCHED_RUN_ID");

    work->run_id = id && *id ? id : NULL;
    work->attempt = settings->attempt;
    work->scope = tps_plan_restrict(planned->plan, &settings->scope, error);
    return work->scope && take_former(options, planned, work, error) &&
           take_resumed(options, report_dir, work, error);
}

const char *tps_run_former_word(const TpsRunOptions *options)
{
    if (options->failed && options->not_run)
        return "failed, and everything was run";
    return options->failed ? "failed" : "was left out";
}
