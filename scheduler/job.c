/* SPDX-License-Identifier: MIT */
#include "scheduler/job.h"

#include "adapters/framework.h"
#include "core/saturate.h"
#include "scheduler/again.h"
#include "scheduler/attempts.h"
#include "scheduler/stop.h"
#include "scheduler/units.h"

#include <pthread.h>

/* What starting a framework costs where nothing was measured. */
#define OVERHEAD_GUESS_US INT64_C(1000000)

struct TpsJob {
    const TpsWork *work;
    const TpsJobPolicy *policy;
    int *of; /* [testcases] the unit of each */
    size_t n_units;
    pthread_mutex_t mutex; /* over what follows                              */
    TpsPartReport *report; /* of the task, once it has begun; NULL when joined */
    GHashTable *lingering; /* const TpsPiece* -> TpsLingeringBatch; NULL = none ever did */
};

TpsJob *tps_job_new(const TpsWork *work, const TpsJobPolicy *policy)
{
    TpsJob *job = g_new0(TpsJob, 1);

    job->work = work;
    job->policy = policy;
    job->of = g_new0(int, work->testcases->len);
    job->n_units = tps_units_number(work->testcases, tps_framework_unit(work->suite),
                                    work->suite->group, job->of);
    pthread_mutex_init(&job->mutex, NULL);
    return job;
}

void tps_job_free(TpsJob *job)
{
    if (!job)
        return;
    g_free(job->of);
    pthread_mutex_destroy(&job->mutex);
    g_clear_pointer(&job->lingering, g_hash_table_unref);
    tps_part_report_free(job->report);
    g_free(job);
}

/* What the planner expected of each testcase; NULL where the plan was read, and has only the sum.
 */
static GHashTable *times_of(const TpsTask *task)
{
    GHashTable *times = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; task->expected_us && task->testcases && i < task->testcases->len; i++)
        g_hash_table_insert(times, g_ptr_array_index(task->testcases, i), &task->expected_us[i]);
    return times;
}

/* Where only the sum is known, each has its equal share. */
static int64_t *expected_of(const TpsJob *job)
{
    const TpsTask *task = job->work->task;
    g_autoptr(GHashTable) times = times_of(task);
    int64_t *unit_us = g_new0(int64_t, MAX(job->n_units, 1));
    guint n = job->work->testcases->len;

    for (guint i = 0; i < n; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(job->work->testcases, i);
        const int64_t *us = g_hash_table_lookup(times, testcase->id);

        unit_us[job->of[i]] = tps_add_sat(unit_us[job->of[i]], us ? *us : task->execution_us / n);
    }
    return unit_us;
}

static int64_t overhead_of(const TpsTask *task, const TpsPlanSuite *suite)
{
    int64_t planned = tps_add_sat(task->setup_us, task->teardown_us);

    if (planned > 0 || !suite || suite->evidence != TPS_EVIDENCE_GUESSED)
        return planned;
    return OVERHEAD_GUESS_US;
}

/* What its suite says, else what the run says. */
static int reruns_of(const TpsSuite *suite, const TpsJobPolicy *policy)
{
    if (!policy->allowed || policy->repeats > 1)
        return 0;
    return suite->rerun == TPS_AUTO ? policy->reruns : suite->rerun;
}

TpsQueueTask tps_job_describe(const TpsJob *job, const TpsPlanSuite *suite)
{
    const TpsWork *work = job->work;
    const TpsFramework *framework = tps_framework_find(work->suite->framework);

    return (TpsQueueTask){
        .task = work->task,
        .unit_us = expected_of(job),
        .n_units = job->n_units,
        .divisible = work->suite->parts == TPS_AUTO && work->suite->weight_us == TPS_AUTO &&
                     !work->suite->keep_order && (!suite || tps_needs_are_trivial(suite->needs)),
        .gives_back = framework && framework->run.gives_back,
        .is_first = work->added->len > 0,
        .overhead_us = overhead_of(work->task, suite),
        .reruns = reruns_of(work->suite, job->policy),
        .repeats = job->policy->repeats,
    };
}

/* Does the piece have that unit? Its units are ascending. */
static bool has_unit(const TpsPiece *piece, size_t unit)
{
    size_t low = 0;
    size_t high = piece->n_units;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (piece->units[middle] == unit)
            return true;
        if (piece->units[middle] < unit)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool is_mine(const TpsJob *job, const TpsPiece *piece, guint testcase)
{
    const TpsTestcase *it = g_ptr_array_index(job->work->testcases, testcase);

    return has_unit(piece, (size_t)job->of[testcase]) &&
           (!piece->only || g_hash_table_contains(piece->only, it->id));
}

GPtrArray *tps_job_testcases(const TpsJob *job, const TpsPiece *piece)
{
    GPtrArray *testcases = g_ptr_array_new();

    for (guint i = 0; i < job->work->testcases->len; i++)
        if (is_mine(job, piece, i))
            g_ptr_array_add(testcases, g_ptr_array_index(job->work->testcases, i));
    return testcases;
}

/* Under the lock: others wait until the directory is ready. */
static bool begin(TpsJob *job, const TpsTaskContext *context, int slot, GError **error)
{
    bool begun;

    pthread_mutex_lock(&job->mutex);
    if (!job->report)
        job->report = tps_task_begin(context, job->work, slot, error);
    begun = job->report != NULL;
    pthread_mutex_unlock(&job->mutex);
    return begun;
}

/* [n_units]: was every testcase of the unit given back? Caller frees. */
static bool *returned_units(const TpsJob *job, const GPtrArray *ids)
{
    g_autoptr(GHashTable) back = g_hash_table_new(g_str_hash, g_str_equal);
    bool *returned = g_new0(bool, MAX(job->n_units, 1));

    for (guint i = 0; i < ids->len; i++)
        g_hash_table_add(back, g_ptr_array_index(ids, i));
    for (size_t unit = 0; unit < job->n_units; unit++)
        returned[unit] = true;
    for (guint i = 0; i < job->work->testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(job->work->testcases, i);

        returned[job->of[i]] &= g_hash_table_contains(back, testcase->id);
    }
    return returned;
}

/* What was given back is no longer the piece's own. */
static void give_back(const TpsJob *job, const TpsPiece *piece, const GPtrArray *ids, GArray *rest,
                      TpsPartReport *report)
{
    g_autofree bool *returned = returned_units(job, ids);

    for (size_t i = 0; i < piece->n_units; i++)
        if (returned[piece->units[i]])
            g_array_append_val(rest, piece->units[i]);
    g_ptr_array_set_size(report->planned, 0);
    for (guint i = 0; i < job->work->testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(job->work->testcases, i);

        if (has_unit(piece, (size_t)job->of[i]) && !returned[job->of[i]])
            g_ptr_array_add(report->planned, g_strdup(testcase->id));
    }
}

static void set_lingering(TpsJob *job, const TpsPiece *piece, TpsLingeringBatch *lingers)
{
    pthread_mutex_lock(&job->mutex);
    if (!job->lingering)
        job->lingering = g_hash_table_new(g_direct_hash, g_direct_equal);
    if (lingers)
        g_hash_table_insert(job->lingering, (gpointer)piece, lingers);
    else
        g_hash_table_remove(job->lingering, piece);
    pthread_mutex_unlock(&job->mutex);
}

static TpsLingeringBatch *find_lingering(TpsJob *job, const TpsPiece *piece)
{
    TpsLingeringBatch *lingers;

    pthread_mutex_lock(&job->mutex);
    lingers = g_hash_table_lookup(job->lingering, piece);
    pthread_mutex_unlock(&job->mutex);
    return lingers;
}

TpsPartReport *tps_job_run(TpsJob *job, const TpsTaskContext *context, const TpsPiece *piece,
                           GArray *rest, GError **error)
{
    g_autoptr(GPtrArray) testcases = tps_job_testcases(job, piece);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    TpsBatch batch = {
        .number = piece->number,
        .attempt = piece->attempt,
        .testcases = testcases,
        .weight_us = piece->expected_us,
        .until_us = piece->until_us,
        .worth_us = piece->worth_us,
        .slot = piece->worker,
        .needs_env = piece->grant.variables,
        .may_linger = piece->may_linger,
    };
    TpsLingeringBatch *lingers = NULL;
    TpsPartReport *report;

    if (!begin(job, context, piece->worker, error))
        return NULL;
    report = tps_task_run(context, job->work, &batch, ids, &lingers, error);
    if (lingers)
        set_lingering(job, piece, lingers);
    if (report && ids->len > 0)
        give_back(job, piece, ids, rest, report);
    return report;
}

TpsPartReport *tps_job_settle(TpsJob *job, const TpsPiece *piece, bool wait, GArray *rest)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    TpsPartReport *report = tps_task_settle(find_lingering(job, piece), wait, ids);

    if (report)
        set_lingering(job, piece, NULL);
    if (report && ids->len > 0)
        give_back(job, piece, ids, rest, report);
    return report;
}

void tps_job_ask(const TpsJob *job, const TpsTaskContext *context, const TpsPiece *piece)
{
    tps_task_ask(context, job->work, piece->number);
}

bool tps_job_again(const TpsJob *job, const GPtrArray *pieces, TpsAgain *again)
{
    TpsAgainScope scope = {
        .testcases = job->work->testcases,
        .unit = job->of,
        .n_units = job->n_units,
        /* Where not each testcase can be selected by itself, whole units are what runs again. */
        .selects = tps_framework_selects_testcases(job->work->suite) &&
                   tps_units_are_testcases(job->work->testcases, TPS_UNIT_TESTCASE, NULL),
    };

    return tps_again_choose(pieces, &scope, again);
}

/* The attempts that nobody stopped. */
static int n_attempts(const GPtrArray *pieces)
{
    int n = 0;

    for (guint i = 0; i < pieces->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(pieces, i);

        if (piece->report && piece->report->end != TPS_END_CANCELLED)
            n = MAX(n, piece->attempt);
    }
    return n;
}

/* Whoever resumes the run wants the verdict that it would have had. */
static bool is_cut_short(const TpsJob *job, const GPtrArray *pieces, const TpsPartReport *report)
{
    int n = n_attempts(pieces);

    if (tps_stop_count() == 0)
        return false;
    return tps_part_report_is_bad(report) ? n <= reruns_of(job->work->suite, job->policy)
                                          : n < job->policy->repeats;
}

TpsPartReport *tps_job_join(TpsJob *job, const TpsTaskContext *context, const GPtrArray *pieces,
                            GError **error)
{
    g_autoptr(TpsPartReport) report = g_steal_pointer(&job->report);
    g_autoptr(GPtrArray) reports = g_ptr_array_new();

    tps_attempts_join(report, pieces, job->policy->repeats > 1);
    for (guint i = 0; i < pieces->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(pieces, i);

        if (piece->report)
            g_ptr_array_add(reports, piece->report);
    }
    tps_task_join_output(context, job->work, report, reports);
    report->cut_short = is_cut_short(job, pieces, report);
    if (!tps_task_end(context, job->work, report, error))
        return NULL;
    return g_steal_pointer(&report);
}
