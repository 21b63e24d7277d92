/* SPDX-License-Identifier: MIT */
#include "scheduler/report_dir.h"

#include "core/error.h"
#include "formats/files.h"
#include "formats/journal.h"
#include "formats/plan_json.h"
#include "scheduler/artifacts_proof.h"
#include "scheduler/journal_keep.h"
#include "scheduler/journal_reports.h"
#include "scheduler/task_index.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define PARTS "parts"
#define ATTEMPT ".attempt-"
#define SLUG_MAX 40

char *tps_report_dir_slug(const char *name)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
    g_autofree char *plain = g_strndup(name, SLUG_MAX);

    g_strcanon(plain, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-", '_');
    return strcmp(plain, name) == 0 ? g_steal_pointer(&plain)
                                    : g_strdup_printf("%s-%.8s", plain, digest);
}

char *tps_report_dir_part_name(const TpsTask *task)
{
    g_autofree char *suite = tps_report_dir_slug(task->suite);

    return g_strdup_printf("%s.%d-of-%d", suite, task->part.index, task->part.count);
}

char *tps_report_dir_part(const char *path, const TpsTask *task, int attempt)
{
    g_autofree char *part = tps_report_dir_part_name(task);
    g_autofree char *name = g_strdup_printf("%s" ATTEMPT "%d", part, attempt);

    return g_build_filename(path, PARTS, name, NULL);
}

char *tps_report_dir_output(const TpsTask *task, int attempt, int number)
{
    g_autofree char *part = tps_report_dir_part("", task, attempt);
    g_autofree char *name =
        number == 0 ? g_strdup(TPS_RUN_OUTPUT_FILE) : g_strdup_printf("output.%d.log", number);

    return g_build_filename(part, name, NULL);
}

/* What of a journal is to go. */
typedef struct {
    const TpsReportDir *dir;
    TpsTaskIndex *tasks; /* what is run now */
    bool is_foreign;     /* out: there are records of another plan or run */
    bool has_reports;    /* out: reports of tasks stay */
} Stale;

static TpsTask *find_task(const TpsTaskIndex *tasks, const TpsPartReport *report)
{
    return tps_task_index_find(tasks, report->suite, report->part);
}

static bool is_ours(const TpsReportDir *dir, const char *plan_id, const char *run_id)
{
    return strcmp(plan_id, dir->plan->id) == 0 && g_strcmp0(run_id, dir->run_id) == 0;
}

/*
 * A report directory holds the reports of one plan and run, and of each part no attempt that is
 * newer than the one that runs now: what is left of an earlier run must never be merged into this
 * one.
 */
static bool is_kept(const TpsRecord *record, void *user)
{
    Stale *stale = user;
    const TpsPartReport *report = record->report;
    const TpsRunRecord *run = record->run;
    bool ours = true;

    if (report)
        ours = is_ours(stale->dir, report->plan_id, report->run_id);
    else if (run)
        ours = is_ours(stale->dir, run->plan_id, run->run_id);
    stale->is_foreign |= !ours;
    ours = ours &&
           (!report || report->attempt < stale->dir->attempt || !find_task(stale->tasks, report));
    stale->has_reports |= ours && report && report->done;
    return ours;
}

/* "SUITE.M-of-N.attempt-A" of the scope, of this attempt or a later one? */
static bool is_replaced(const char *name, GHashTable *names, int attempt)
{
    const char *tail = g_strrstr(name, ATTEMPT);
    g_autofree char *part = tail ? g_strndup(name, (gsize)(tail - name)) : NULL;

    return part && g_hash_table_contains(names, part) &&
           g_ascii_strtoll(tail + strlen(ATTEMPT), NULL, 10) >= attempt;
}

static GHashTable *part_names(const TpsPlan *todo)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < todo->tasks->len; i++)
        g_hash_table_add(names, tps_report_dir_part_name(g_ptr_array_index(todo->tasks, i)));
    return names;
}

/* A raw report that an earlier run left there must never be taken for one of this run. */
static bool drop_part_dirs(const TpsReportDir *dir, bool all, GError **error)
{
    g_autofree char *parts = g_build_filename(dir->path, PARTS, NULL);
    g_autoptr(GDir) entries = g_dir_open(parts, 0, NULL);
    g_autoptr(GHashTable) names = entries ? part_names(dir->todo) : NULL;
    const char *name;

    while (entries && (name = g_dir_read_name(entries))) {
        g_autofree char *path = g_build_filename(parts, name, NULL);

        if ((all || is_replaced(name, names, dir->attempt)) && !tps_directory_remove(path, error))
            return false;
    }
    return true;
}

/* Of an earlier run: whoever finds it after we were killed would take it for ours. */
static bool drop_answer(const TpsReportDir *dir, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(dir->path, name, NULL);

    if (g_unlink(path) == 0 || errno == ENOENT)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot remove '%s': %s", path,
                g_strerror(errno));
    return false;
}

/* "report.xml.A1B2C3": what g_file_set_contents_full writes to, until it is whole. */
static bool is_unfinished(const char *name)
{
    static const char *const names[] = {TPS_RUN_PLAN_FILE, TPS_RUN_JUNIT_FILE,
                                        TPS_RUN_EXECUTED_FILE};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *rest = g_str_has_prefix(name, names[i]) ? name + strlen(names[i]) : "";

        if (rest[0] == '.' && strlen(rest) == 7 &&
            strspn(rest + 1, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS) == 6)
            return true;
    }
    return false;
}

/* Of a run that was killed while it wrote. */
static bool drop_unfinished(const TpsReportDir *dir, GError **error)
{
    g_autoptr(GDir) entries = g_dir_open(dir->path, 0, NULL);
    const char *name;

    while (entries && (name = g_dir_read_name(entries))) {
        if (is_unfinished(name) && !drop_answer(dir, name, error))
            return false;
    }
    return true;
}

static bool drop_stale(const TpsReportDir *dir, const char *journal, GError **error)
{
    g_autoptr(TpsTaskIndex) tasks = tps_task_index_new(dir->todo);
    Stale stale = {.dir = dir, .tasks = tasks};
    bool is_old = !g_file_test(journal, G_FILE_TEST_EXISTS);

    return (is_old || tps_journal_keep(journal, is_kept, &stale, error)) &&
           drop_part_dirs(dir, is_old || stale.is_foreign, error) &&
           /* It only grows; but when no report is left, nobody refers to it. */
           (stale.has_reports || drop_answer(dir, TPS_RUN_OUTPUT_FILE, error));
}

static bool has(const char *path, const char *name)
{
    g_autofree char *file = g_build_filename(path, name, NULL);

    return g_file_test(file, G_FILE_TEST_EXISTS);
}

/* A plan.json, or another file of our names, that stands without a journal is somebody else's. */
static bool check_ours(const char *path, GError **error)
{
    static const char *const names[] = {TPS_RUN_PLAN_FILE, TPS_RUN_JUNIT_FILE,
                                        TPS_RUN_EXECUTED_FILE, TPS_RUN_OUTPUT_FILE};
    const char *name = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(names) && !name; i++)
        name = has(path, names[i]) ? names[i] : NULL;
    /* A run that was killed before it had a journal leaves its lock. */
    if (has(path, TPS_JOURNAL_FILE) || has(path, TPS_REPORT_LOCK_FILE) || !name)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "'%s' is no report directory, but has a %s that would be lost", path, name);
    return false;
}

/*
 * Archives keep links: what is restored from somebody else's must not lead our writing, or our
 * removing, elsewhere. The lock looks after itself.
 */
static bool check_links(const char *path, GError **error)
{
    static const char *const names[] = {TPS_RUN_PLAN_FILE,     TPS_RUN_JUNIT_FILE,
                                        TPS_RUN_EXECUTED_FILE, TPS_RUN_OUTPUT_FILE,
                                        TPS_JOURNAL_FILE,      PARTS};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *file = g_build_filename(path, names[i], NULL);

        if (!g_file_test(file, G_FILE_TEST_IS_SYMLINK))
            continue;
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "'%s' is a link: a report directory has no link of that name", file);
        return false;
    }
    return true;
}

static bool save_plan(const TpsReportDir *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir->path, TPS_RUN_PLAN_FILE, NULL);
    g_autofree char *plan = tps_plan_text(dir->plan);

    return tps_file_write(path, plan, strlen(plan), error);
}

TpsReportLock *tps_report_dir_take(const char *path, GError **error)
{
    return check_ours(path, error) && check_links(path, error) && tps_directory_make(path, error)
               ? tps_report_lock(path, error)
               : NULL;
}

TpsJournal *tps_report_dir_prepare(const TpsReportDir *dir, GError **error)
{
    g_autofree char *journal = g_build_filename(dir->path, TPS_JOURNAL_FILE, NULL);

    if (!drop_answer(dir, TPS_RUN_JUNIT_FILE, error) ||
        !drop_answer(dir, TPS_RUN_EXECUTED_FILE, error) || !drop_unfinished(dir, error) ||
        !drop_stale(dir, journal, error) || !save_plan(dir, error))
        return NULL;
    return tps_journal_open(journal, error);
}

/* The testcases that are planned for a task and not asked for. Borrowed. */
static GHashTable *unasked_of(const TpsTask *whole, const TpsTask *asked)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < whole->testcases->len; i++)
        g_hash_table_add(ids, g_ptr_array_index(whole->testcases, i));
    for (guint i = 0; i < asked->testcases->len; i++)
        g_hash_table_remove(ids, g_ptr_array_index(asked->testcases, i));
    return ids;
}

/*
 * Where single testcases were asked for, others of their part may have results, too: of an earlier
 * attempt, or because the framework can't select them apart.
 */
static void drop_unasked(const TpsTask *whole, const TpsTask *asked, TpsPartReport *report)
{
    g_autoptr(GHashTable) unasked = NULL;

    if (!whole->testcases || !asked->testcases || whole->n_testcases == asked->n_testcases)
        return;
    unasked = unasked_of(whole, asked);
    for (guint i = report->results->len; i-- > 0;) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        if (g_hash_table_contains(unasked, result->id))
            g_ptr_array_remove_index(report->results, i);
    }
}

/* What others than the scope's parts reported is not asked for here. */
static GPtrArray *of_scope(const TpsReportDir *dir, GPtrArray *all)
{
    g_autoptr(TpsTaskIndex) plan = tps_task_index_new(dir->plan);
    g_autoptr(TpsTaskIndex) scope = tps_task_index_new(dir->scope);
    GPtrArray *reports = g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);

    for (guint i = 0; i < all->len; i++) {
        TpsPartReport *report = g_ptr_array_index(all, i);
        const TpsTask *whole = find_task(plan, report);
        const TpsTask *asked = find_task(scope, report);

        if (!whole || !asked || report->attempt > dir->attempt)
            continue;
        drop_unasked(whole, asked, report);
        g_ptr_array_add(reports, g_steal_pointer(&all->pdata[i]));
    }
    return reports;
}

/* What earlier runs left may have gone meanwhile; what was run now was kept just now. */
static void prove_older(const TpsReportDir *dir, const GPtrArray *reports)
{
    g_autoptr(TpsTaskIndex) todo = tps_task_index_new(dir->todo);
    g_autoptr(GPtrArray) older = g_ptr_array_new();

    for (guint i = 0; i < reports->len; i++) {
        TpsPartReport *report = g_ptr_array_index(reports, i);

        if (report->attempt != dir->attempt || !find_task(todo, report))
            g_ptr_array_add(older, report);
    }
    tps_artifacts_prove(older);
}

GPtrArray *tps_report_dir_load(const TpsReportDir *dir, GPtrArray *problems, GPtrArray *notes,
                               GError **error)
{
    g_autofree char *journal = g_build_filename(dir->path, TPS_JOURNAL_FILE, NULL);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);
    GPtrArray *reports;

    if (!tps_journal_reports(journal, all, problems, notes, error))
        return NULL;
    reports = of_scope(dir, all);
    tps_reports_set_digests(reports);
    prove_older(dir, reports);
    return reports;
}

GPtrArray *tps_report_dir_load_new(const TpsReportDir *dir, GError **error)
{
    g_autofree char *journal = g_build_filename(dir->path, TPS_JOURNAL_FILE, NULL);
    g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TpsTaskIndex) todo = tps_task_index_new(dir->todo);
    GPtrArray *reports = g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);

    if (!tps_journal_reports(journal, reports, said, said, error))
        g_clear_pointer(&reports, g_ptr_array_unref);
    for (guint i = reports ? reports->len : 0; i-- > 0;) {
        const TpsPartReport *report = g_ptr_array_index(reports, i);

        if (!report->done || report->attempt != dir->attempt || !find_task(todo, report))
            g_ptr_array_remove_index(reports, i);
    }
    return reports;
}
