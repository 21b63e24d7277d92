/* SPDX-License-Identifier: MIT */
#include "scheduler/resume.h"

#include "core/error.h"
#include "formats/files.h"
#include "formats/journal.h"
#include "scheduler/report_dir.h"
#include "scheduler/scope.h"

#include <string.h>

void tps_resume_free(TpsResume *resume)
{
    if (!resume)
        return;
    tps_plan_free(resume->todo);
    g_free(resume->run_id);
    g_free(resume);
}

typedef struct {
    const TpsPlan *scope;
    GHashTable *done;   /* char* (owned) -> attempt: the newest end of each task */
    TpsRunRecord *last; /* owned or NULL: who wrote last                         */
} Reading;

static char *key_of(const char *suite, TpsPart part, int attempt)
{
    return g_strdup_printf("%d,%d,%d,%s", attempt, part.index, part.count, suite);
}

static bool take_line(const TpsJournalLine *line, void *user)
{
    Reading *reading = user;
    const TpsPartReport *report = line->record ? line->record->report : NULL;

    if (line->record && line->record->run) {
        tps_run_record_free(reading->last);
        reading->last = g_steal_pointer(&line->record->run);
    }
    if (report && report->done && report->end != TPS_END_CANCELLED && !report->cut_short &&
        strcmp(report->plan_id, reading->scope->id) == 0)
        g_hash_table_add(reading->done, key_of(report->suite, report->part, report->attempt));
    return true;
}

static bool check_plan(const Reading *reading, const char *report_dir, GError **error)
{
    const TpsRunRecord *last = reading->last;

    if (!last || strcmp(last->plan_id, reading->scope->id) == 0)
        return true;
    g_set_error(
        error, TPS_ERROR, TPS_ERROR_USAGE,
        "'%s' holds a run of another plan (%.12s, not %.12s); it can't be resumed with this "
        "one",
        report_dir, last->plan_id, reading->scope->id);
    return false;
}

/* In the order of the scope. */
static TpsResume *find_rest(Reading *reading, int attempt, GError **error)
{
    g_autoptr(TpsResume) resume = g_new0(TpsResume, 1);
    GPtrArray *tasks;

    resume->attempt = reading->last ? reading->last->attempt : attempt;
    resume->run_id = reading->last ? g_strdup(reading->last->run_id) : NULL;
    resume->todo = tps_plan_restrict(reading->scope, &(TpsScope){0}, error);
    if (!resume->todo)
        return NULL;
    tasks = resume->todo->tasks;
    for (guint i = tasks->len; i-- > 0;) {
        const TpsTask *task = g_ptr_array_index(tasks, i);
        g_autofree char *key = key_of(task->suite, task->part, resume->attempt);

        if (!g_hash_table_contains(reading->done, key))
            continue;
        g_ptr_array_remove_index(tasks, i);
        resume->n_done++;
    }
    return g_steal_pointer(&resume);
}

TpsResume *tps_resume_read(const char *report_dir, const TpsPlan *scope, int attempt,
                           GError **error)
{
    g_autofree char *path = g_build_filename(report_dir, TPS_JOURNAL_FILE, NULL);
    g_autoptr(GHashTable) done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Reading reading = {.scope = scope, .done = done};
    TpsResume *resume = NULL;

    if (!tps_file_is_plain(path)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "'%s' holds no run that could be resumed",
                    report_dir);
        return NULL;
    }
    if (tps_journal_read(path, false, take_line, &reading, error) &&
        check_plan(&reading, report_dir, error))
        resume = find_rest(&reading, attempt, error);
    tps_run_record_free(reading.last);
    return resume;
}
