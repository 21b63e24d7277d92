/* SPDX-License-Identifier: MIT */
#include "runtime/learn.h"

#include "core/error.h"
#include "core/result.h"
#include "core/saturate.h"
#include "formats/files.h"
#include "runtime/data.h"
#include "runtime/run_key.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/*
 * A part whose every testcase has a result, of a first attempt that was not cut short: only then is
 * the rest of its time setup and teardown.
 */
static bool is_clean(const TpsPartReport *report)
{
    return report->done && report->end == TPS_END_EXITED && report->problems->len == 0 &&
           report->results->len >= report->planned->len &&
           (report->rerun_us == 0 || report->rerun_us < report->wall_us);
}

/* Its testcases once, without what ran some of them again. */
static int64_t wall_of(const TpsPartReport *report)
{
    return report->wall_us - report->rerun_us;
}

/* As long as it took in that time. */
static int64_t first_time(const TpsResult *result)
{
    const TpsResult *first = result->attempts && result->attempts->len > 0
                                 ? g_ptr_array_index(result->attempts, 0)
                                 : result;

    return MAX(first->time_us, 0);
}

/* What its testcases took together, when each that was executed says it. */
static bool sum_of_times(const TpsPartReport *report, int64_t *sum_us)
{
    bool all_known = true;

    *sum_us = 0;
    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        *sum_us = tps_add_sat(*sum_us, first_time(result));
        all_known &= result->time_us != TPS_TIME_UNKNOWN || result->outcome == TPS_OUTCOME_SKIPPED;
    }
    return all_known;
}

/* What a part took beyond its testcases. */
typedef struct {
    int64_t setup_us; /* of one process, or TPS_RUNTIME_UNKNOWN */
    int64_t teardown_us;
    int64_t between_us; /* for each testcase: what the framework spends around it */
    int64_t extra_us;   /* what the pieces after the first one paid               */
} Overhead;

static int64_t share(int64_t us, int64_t n)
{
    return us == TPS_RUNTIME_UNKNOWN ? us : us / n;
}

/*
 * Each process pays setup and teardown. What those beyond one for each piece pay grows with the
 * number of testcases, and belongs to them as what lies between testcases does.
 */
static void spread(Overhead *overhead, const TpsPartReport *report, int64_t between_us)
{
    const int64_t n_pieces = MAX(report->n_pieces, 1);
    const int64_t n_processes = MAX(report->n_processes, n_pieces);
    int64_t each_us;

    overhead->setup_us = share(overhead->setup_us, n_processes);
    overhead->teardown_us = share(overhead->teardown_us, n_processes);
    each_us = MAX(overhead->setup_us, 0) + MAX(overhead->teardown_us, 0);
    overhead->extra_us = (n_pieces - 1) * each_us;
    if (report->results->len > 0)
        overhead->between_us =
            (between_us + (n_processes - n_pieces) * each_us) / report->results->len;
}

/*
 * Where the framework says when its first testcase began and its last one ended, the rest of the
 * time lies between testcases: it grows with their number and belongs to them. Else all of it is
 * taken for setup: but for what ran several testcases at a time, so that their times are more than
 * all of it, or does not say how long each took.
 */
static Overhead overhead_of(const TpsPartReport *report)
{
    const bool is_told = report->setup_us != TPS_TIME_UNKNOWN;
    int64_t sum_us;
    const bool all_known = sum_of_times(report, &sum_us);
    const bool is_parallel = sum_us > wall_of(report);
    int64_t rest = is_parallel ? wall_of(report) : wall_of(report) - sum_us;
    Overhead overhead = {.teardown_us = CLAMP(report->teardown_us, 0, rest),
                         .setup_us = TPS_RUNTIME_UNKNOWN};

    rest -= overhead.teardown_us;
    if (is_told)
        overhead.setup_us = MIN(report->setup_us, rest);
    else if (all_known && !is_parallel)
        overhead.setup_us = rest;
    spread(&overhead, report, is_told && all_known && !is_parallel ? rest - overhead.setup_us : 0);
    return overhead;
}

static bool is_measured(const TpsResult *result)
{
    return result->outcome == TPS_OUTCOME_PASSED && result->time_us != TPS_TIME_UNKNOWN;
}

/* Of a part: the results that are its own, and whether their times make up its execution time. */
typedef struct {
    int64_t n;
    int64_t execution_us;
    bool none_known; /* all passed or were skipped, and no time is told */
    bool all_known;  /* every one was measured, or skipped; and not all were skipped */
} Tally;

/* Every testcase that the part was to run, whatever became of it. */
static Tally learn_testcases(TpsRuntimeData *run, const TpsPartReport *report, int64_t between_us)
{
    g_autoptr(GHashTable) planned = g_hash_table_new(g_str_hash, g_str_equal);
    Tally tally = {.all_known = true};
    bool any_measured = false;
    guint n_untold = 0;
    guint n_skipped = 0;

    for (guint i = 0; i < report->planned->len; i++)
        g_hash_table_add(planned, g_ptr_array_index(report->planned, i));
    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);
        bool skipped = result->outcome == TPS_OUTCOME_SKIPPED;
        int64_t us =
            is_measured(result) ? tps_add_sat(result->time_us, between_us) : TPS_RUNTIME_UNKNOWN;

        /* Some frameworks list what other parts run as skipped. */
        if (!is_measured(result) && !g_hash_table_contains(planned, result->id))
            continue;
        tps_runtime_data_add_testcase(run, report->suite, result->id, us, skipped);
        tally.n++;
        tally.execution_us = tps_add_sat(tally.execution_us, MAX(us, 0));
        tally.all_known = tally.all_known && (skipped || is_measured(result));
        any_measured = any_measured || is_measured(result);
        n_untold += result->outcome == TPS_OUTCOME_PASSED && !is_measured(result);
        n_skipped += skipped;
    }
    tally.none_known = n_untold > 0 && n_untold + n_skipped == tally.n;
    tally.all_known = tally.all_known && any_measured;
    return tally;
}

static int64_t known_or_not(bool known, int64_t value)
{
    return known ? value : TPS_RUNTIME_UNKNOWN;
}

/* Of the whole part; where only that is known, all of it but setup and teardown. */
static int64_t execution_of(const TpsPartReport *report, const Tally *tally,
                            const Overhead *overhead)
{
    int64_t rest = wall_of(report) - overhead->extra_us - MAX(overhead->setup_us, 0) -
                   MAX(overhead->teardown_us, 0);

    if (tally->none_known && rest > 0)
        return rest;
    return known_or_not(tally->all_known, tally->execution_us);
}

/*
 * What failed says nothing about how long its part takes, and what ran a few of the testcases of
 * its task, or of its suite, nothing about the whole; about setup both do.
 */
static void learn_part(TpsRuntimeData *run, const TpsPartReport *report, const TpsTask *task,
                       bool is_filtered)
{
    const bool clean = is_clean(report);
    Overhead overhead = clean ? overhead_of(report) : (Overhead){0};
    Tally tally = learn_testcases(run, report, overhead.between_us);
    bool whole = task && tally.n + report->removed->len >= task->n_testcases;
    bool knows_suite = whole && !is_filtered;
    TpsRuntimePart part = {
        .index = report->part.index,
        .count = report->part.count,
        .execution_us = known_or_not(knows_suite, execution_of(report, &tally, &overhead)),
        .setup_us = overhead.setup_us,
        .teardown_us = overhead.teardown_us,
        .testcase_count = known_or_not(knows_suite, tally.n),
        .wall_us = MAX(wall_of(report) - overhead.extra_us, 0),
        .planned_us = known_or_not(whole, task ? task->weight_us : 0),
        .guessed_us = known_or_not(whole, task ? task->guessed_us : 0),
        .cpu_us = known_or_not(report->cpu_us > 0 && !report->crowded && report->rerun_us == 0,
                               report->cpu_us),
        .peak_bytes = known_or_not(report->max_rss_bytes > 0, report->max_rss_bytes),
    };

    if (clean && tally.n > 0)
        tps_runtime_data_add_part(run, report->suite, &part);
}

/* Is there no later attempt of the same part in the same run? */
static bool is_newest(const GPtrArray *reports, const TpsPartReport *report)
{
    for (guint i = 0; i < reports->len; i++) {
        const TpsPartReport *other = g_ptr_array_index(reports, i);

        if (other->attempt > report->attempt && other->part.index == report->part.index &&
            strcmp(other->suite, report->suite) == 0)
            return false;
    }
    return true;
}

/* What the plan expected of each task, by its label. */
static GHashTable *tasks_by_label(const TpsPlan *plan)
{
    GHashTable *tasks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < plan->tasks->len; i++) {
        TpsTask *task = g_ptr_array_index(plan->tasks, i);

        g_hash_table_insert(tasks, tps_part_label(task->suite, task->part), task);
    }
    return tasks;
}

static const TpsTask *task_of(GHashTable *tasks, const TpsPartReport *report)
{
    g_autofree char *label = tps_part_label(report->suite, report->part);

    return g_hash_table_lookup(tasks, label);
}

static char *run_key(const TpsPlan *plan, const GPtrArray *reports)
{
    const TpsPartReport *first = g_ptr_array_index(reports, 0);
    int64_t started_us = first->started_us;

    for (guint i = 1; i < reports->len; i++)
        started_us =
            MIN(started_us, ((const TpsPartReport *)g_ptr_array_index(reports, i))->started_us);
    return tps_run_key_new(started_us, plan->id, first->run_id);
}

/* What one run measured. */
static TpsRuntimeData *learn_run(const TpsPlan *plan, const GPtrArray *reports)
{
    g_autofree char *key = run_key(plan, reports);
    g_autoptr(GHashTable) tasks = tasks_by_label(plan);
    TpsRuntimeData *run = tps_runtime_data_new_run(key);

    for (guint i = 0; i < reports->len; i++) {
        const TpsPartReport *report = g_ptr_array_index(reports, i);

        if (is_newest(reports, report))
            learn_part(run, report, task_of(tasks, report), plan->filter != NULL);
    }
    return run;
}

/* Reports of several attempts of a pipeline may lie side by side: run by run, by their ids. */
static int compare_runs(const void *a, const void *b)
{
    return g_strcmp0((*(const TpsPartReport *const *)a)->run_id,
                     (*(const TpsPartReport *const *)b)->run_id);
}

static void learn_all(TpsRuntimeData *data, const TpsPlan *plan, const GPtrArray *reports)
{
    g_autoptr(GPtrArray) ours = g_ptr_array_new();

    for (guint i = 0; i < reports->len; i++) {
        TpsPartReport *report = g_ptr_array_index(reports, i);

        if (g_strcmp0(report->plan_id, plan->id) == 0)
            g_ptr_array_add(ours, report);
    }
    g_ptr_array_sort(ours, compare_runs);
    for (guint i = 0, end = 0; i < ours->len; i = end) {
        g_autoptr(GPtrArray) same = g_ptr_array_new();
        g_autoptr(TpsRuntimeData) run = NULL;

        for (end = i; end < ours->len && compare_runs(&ours->pdata[i], &ours->pdata[end]) == 0;)
            g_ptr_array_add(same, g_ptr_array_index(ours, end++));
        run = learn_run(plan, same);
        tps_runtime_data_merge(data, run);
    }
}

/* What is there already, nothing when there is no file; NULL when it is of another form. */
static TpsRuntimeData *load_existing(const char *path, GError **error)
{
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GPtrArray) suites = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&data);
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "'%s' can't be learned into: it is not a file", path);
        return NULL;
    }
    if (!tps_runtime_data_load(data, path, error)) {
        g_prefix_error(error, "'%s' is there and is not in the form that is written: ", path);
        return NULL;
    }
    suites = tps_runtime_data_suites(data);
    if (suites->len == 0 || tps_runtime_data_has(data, g_ptr_array_index(suites, 0)))
        return g_steal_pointer(&data);
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                "'%s' is there and is not in the form that is written; name another file", path);
    return NULL;
}

bool tps_learn_check(const char *path, GError **error)
{
    g_autoptr(TpsRuntimeData) data = load_existing(path, error);
    g_autofree char *directory = g_path_get_dirname(path);

    if (!data)
        return false;
    if (g_access(directory, W_OK) == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '%s': %s", path,
                g_strerror(errno));
    return false;
}

/*
 * Two runs that learn into one file wait for each other: each adds to what the other has written.
 * The directory is what is locked, for the file is replaced. Where that can't be, they don't wait.
 */
static int lock_directory(const char *path)
{
    g_autofree char *directory = g_path_get_dirname(path);
    int fd = g_open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

    if (fd >= 0)
        flock(fd, LOCK_EX);
    return fd;
}

static bool learn_locked(const char *path, const TpsPlan *plan, const GPtrArray *reports,
                         GError **error)
{
    g_autoptr(TpsRuntimeData) data = load_existing(path, error);
    g_autofree char *text = NULL;

    if (!data)
        return false;
    learn_all(data, plan, reports);
    tps_runtime_data_prune(data, TPS_GONE_AFTER_S);
    text = tps_runtime_data_text(data);
    return tps_file_write(path, text, strlen(text), error);
}

bool tps_learn(const char *path, const TpsPlan *plan, const GPtrArray *reports, GError **error)
{
    int lock = lock_directory(path);
    bool learned = learn_locked(path, plan, reports, error);

    if (lock >= 0)
        close(lock);
    return learned;
}
