/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "scheduler/journal.h"
#include "scheduler/journal_keep.h"
#include "scheduler/journal_reports.h"
#include "scheduler/merge.h"
#include "scheduler/report_lock.h"
#include "scheduler/resume.h"
#include "tests/reports.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_PARTS 3

/* Of a suite in parts, one testcase each; the last one fails. */
static TpsPartReport *part_report(int part, bool done)
{
    g_autofree char *id = g_strdup_printf("case-%d", part);
    TpsPartReport *report = report_new("s", (TpsPart){part, N_PARTS}, id, "", 7);

    g_ptr_array_add(
        report->results,
        tps_result_new(id, part + 1 < N_PARTS ? TPS_OUTCOME_PASSED : TPS_OUTCOME_FAILED, 5));
    report->started_us += part;
    report->done = done;
    return report;
}

static TpsPlan *plan_new(void)
{
    TpsPlan *plan = tps_plan_new();
    TpsPlanSuite *suite = tps_plan_suite_new("s");

    plan->id = g_strdup("plan");
    plan->name = g_strdup("name");
    plan->size = 1;
    suite->parts = N_PARTS;
    suite->n_testcases = N_PARTS;
    g_ptr_array_add(plan->suites, suite);
    for (int i = 0; i < N_PARTS; i++) {
        TpsTask *task = tps_task_new("s", (TpsPart){i, N_PARTS});

        task->testcases = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(task->testcases, g_strdup_printf("case-%d", i));
        task->n_testcases = 1;
        g_ptr_array_add(plan->tasks, task);
    }
    return plan;
}

/* The journal of a whole run; caller frees the path. */
static char *whole_journal(void)
{
    char *path = scratch_path("j.jsonl");
    g_autoptr(TpsJournal) journal = tps_journal_open(path, NULL);
    char host[] = "h";
    char id[] = "plan";
    TpsRunRecord run = {.plan_id = id, .host = host, .attempt = 1, .size = 1};

    ck_assert_ptr_nonnull(journal);
    ck_assert(tps_journal_add_run(journal, &run, TPS_RECORD_RUN, NULL));
    for (int i = 0; i < 2 * N_PARTS; i++) {
        g_autoptr(TpsPartReport) report = part_report(i / 2, i % 2);

        ck_assert(tps_journal_add_report(journal, report, NULL));
    }
    ck_assert(tps_journal_sync(journal, NULL));
    return path;
}

/* What a journal proves. */
typedef struct {
    guint n_done;
    guint n_begun;
    guint n_problems;
    guint n_notes;
    bool complete;
    guint n_bad;
} Proof;

static Proof prove(const char *path)
{
    g_autoptr(GPtrArray) reports = reports_new();
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(TpsReport) merge = NULL;
    Proof proof = {0};

    ck_assert(tps_journal_reports(path, reports, problems, notes, NULL));
    tps_reports_set_digests(reports);
    for (guint i = 0; i < reports->len; i++)
        *(((TpsPartReport *)g_ptr_array_index(reports, i))->done ? &proof.n_done
                                                                 : &proof.n_begun) += 1;
    merge = tps_merge_plan(plan, reports);
    proof.complete = tps_report_is_complete(merge) && problems->len == 0;
    proof.n_bad = tps_report_n_bad(merge);
    proof.n_problems = problems->len;
    proof.n_notes = notes->len;
    return proof;
}

START_TEST(what_is_added_is_read)
{
    g_autofree char *path = whole_journal();
    Proof proof = prove(path);

    ck_assert_uint_eq(proof.n_done, N_PARTS);
    ck_assert_uint_eq(proof.n_begun, 0);
    ck_assert_uint_eq(proof.n_problems + proof.n_notes, 0);
    ck_assert(proof.complete);
    ck_assert_uint_eq(proof.n_bad, 1);
}
END_TEST

static guint count_lines(const char *text, size_t length)
{
    guint n = 0;

    for (size_t i = 0; i < length; i++)
        n += text[i] == '\n';
    return n;
}

/* Cut anywhere: what stands before counts, what is torn is told, and nothing is proven. */
START_TEST(half_a_journal_proves_nothing)
{
    g_autofree char *path = whole_journal();
    g_autofree char *text = scratch_read(path);

    for (size_t length = 0; length < strlen(text); length++) {
        g_autofree char *half = scratch_write("half", text, length);
        guint n_lines = count_lines(text, length);
        Proof proof = prove(half);

        ck_assert_uint_eq(proof.n_done, n_lines > 0 ? (n_lines - 1) / 2 : 0);
        ck_assert_uint_eq(proof.n_begun, n_lines > 1 ? (n_lines - 1) % 2 : 0);
        ck_assert_uint_eq(proof.n_problems, 0);
        ck_assert_uint_eq(proof.n_notes, length > 0 && text[length - 1] != '\n');
        ck_assert_msg(!proof.complete, "cut at %zu", length);
    }
}
END_TEST

/* Any byte changed to any other of some: it is seen. A new last newline tears the last record. */
START_TEST(another_byte_is_seen)
{
    static const char bytes[] = {'\0', '\n', '0', '1', '"', '{', '\x7f', '\xff', ' ', 'p'};
    g_autofree char *path = whole_journal();
    g_autofree char *text = scratch_read(path);
    size_t length = strlen(text);

    for (size_t i = (size_t)_i; i < length; i += 10) {
        const char kept = text[i];

        for (size_t j = 0; j < sizeof bytes; j++) {
            g_autofree char *changed = NULL;
            Proof proof;

            text[i] = bytes[j];
            changed = scratch_write("changed", text, length);
            proof = prove(changed);
            ck_assert_msg(bytes[j] == kept || !proof.complete, "%d at %zu", bytes[j], i);
        }
        text[i] = kept;
    }
}
END_TEST

static void *add_many(void *data)
{
    for (int i = 0; i < 100; i++) {
        g_autofree char *output = g_strnfill((gsize)i * 50, 'x');
        g_autoptr(TpsPartReport) report = part_report(i % N_PARTS, true);

        report->output = g_steal_pointer(&output);
        ck_assert(tps_journal_add_report(data, report, NULL));
        tps_journal_sync(data, NULL);
    }
    return NULL;
}

static bool count_whole(const TpsJournalLine *line, void *user)
{
    *(int *)user += line->record != NULL ? 1 : 100000;
    return true;
}

START_TEST(many_threads_add_whole_records)
{
    g_autofree char *path = scratch_path("many.jsonl");
    g_autoptr(TpsJournal) journal = tps_journal_open(path, NULL);
    GThread *threads[8];
    int n = 0;

    for (int i = 0; i < 8; i++)
        threads[i] = g_thread_new("adds", add_many, journal);
    for (int i = 0; i < 8; i++)
        g_thread_join(threads[i]);
    ck_assert(tps_journal_read(path, true, count_whole, &n, NULL));
    ck_assert_int_eq(n, 800);
}
END_TEST

/* Wherever the disk is full, only whole records stay, and the next one fits when there is room. */
START_TEST(a_full_disk_takes_whole_records)
{
    g_autofree char *path = scratch_path("full.jsonl");
    g_autoptr(TpsJournal) journal = tps_journal_open(path, NULL);
    g_autoptr(TpsPartReport) report = part_report(0, true);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    int n = 0;

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){1000 + (rlim_t)_i * 37, RLIM_INFINITY}), 0);
    while (tps_journal_add_report(journal, report, &error))
        n++;
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "full.jsonl': File too large");
    text = scratch_read(path);
    ck_assert_int_ge(n, 1);
    ck_assert_int_eq((int)count_lines(text, strlen(text)), n);
    ck_assert(g_str_has_suffix(text, "\n"));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}), 0);
    ck_assert(tps_journal_add_report(journal, report, NULL));
    n = -n - 1;
    ck_assert(tps_journal_read(path, true, count_whole, &n, NULL));
    ck_assert_int_eq(n, 0);
}
END_TEST

static bool is_end(const TpsRecord *record, void *user)
{
    (void)user;
    return record->kind == TPS_RECORD_END;
}

static bool is_any(const TpsRecord *record, void *user)
{
    (void)record;
    (void)user;
    return true;
}

START_TEST(what_is_kept_stays_as_it_is)
{
    g_autofree char *path = whole_journal();
    g_autofree char *before = scratch_read(path);
    g_autofree char *torn = g_strconcat(before, "{\"record\":\"run\"}\n{\"rec", NULL);
    g_autofree char *copy = scratch_text("torn", torn);
    g_autofree char *after = NULL;
    g_autofree char *ends = NULL;

    ck_assert(tps_journal_keep(copy, is_any, NULL, NULL));
    after = scratch_read(copy);
    ck_assert_str_eq(after, before);
    ck_assert(tps_journal_keep(copy, is_end, NULL, NULL));
    ends = scratch_read(copy);
    ck_assert_uint_eq(count_lines(ends, strlen(ends)), N_PARTS);
    for (char **line = g_strsplit(ends, "\n", -1), **first = line;; line++) {
        if (!*line) {
            g_strfreev(first);
            break;
        }
        ck_assert_ptr_nonnull(strstr(before, *line));
    }
}
END_TEST

START_TEST(what_has_no_end_is_left)
{
    g_autofree char *path = whole_journal();
    g_autofree char *named = scratch_path(TPS_JOURNAL_FILE);
    g_autofree char *text = scratch_read(path);
    g_autoptr(TpsPlan) plan = plan_new();

    for (size_t length = 0; length <= strlen(text); length++) {
        g_autofree char *half = scratch_write(TPS_JOURNAL_FILE, text, length);
        guint n_lines = count_lines(text, length);
        guint n_done = n_lines > 0 ? (n_lines - 1) / 2 : 0;
        g_autoptr(TpsResume) resume = tps_resume_read(scratch_dir, plan, 1, NULL);

        ck_assert_str_eq(half, named);
        ck_assert_ptr_nonnull(resume);
        ck_assert_uint_eq(resume->n_done, n_done);
        ck_assert_uint_eq(resume->todo->tasks->len, N_PARTS - n_done);
    }
}
END_TEST

START_TEST(cancelled_and_foreign_ends_are_none)
{
    g_autofree char *path = scratch_path(TPS_JOURNAL_FILE);
    g_autoptr(TpsJournal) journal = tps_journal_open(path, NULL);
    g_autoptr(TpsPartReport) cancelled = part_report(0, true);
    g_autoptr(TpsPartReport) foreign = part_report(1, true);
    g_autoptr(TpsPartReport) timeout = part_report(2, true);
    g_autoptr(TpsPlan) plan = plan_new();
    g_autoptr(TpsResume) resume = NULL;
    g_autoptr(GError) error = NULL;
    TpsRunRecord other = {.attempt = 1};

    cancelled->end = TPS_END_CANCELLED;
    timeout->end = TPS_END_TIMEOUT;
    g_free(foreign->plan_id);
    foreign->plan_id = g_strdup("other");
    tps_journal_add_report(journal, cancelled, NULL);
    tps_journal_add_report(journal, foreign, NULL);
    tps_journal_add_report(journal, timeout, NULL);
    resume = tps_resume_read(scratch_dir, plan, 4, NULL);
    ck_assert_uint_eq(resume->n_done, 0); /* nobody says that it was attempt 4 */
    ck_assert_int_eq(resume->attempt, 4);
    g_clear_pointer(&resume, tps_resume_free);
    resume = tps_resume_read(scratch_dir, plan, 1, NULL);
    ck_assert_uint_eq(resume->n_done, 1);
    other.plan_id = foreign->plan_id;
    other.host = foreign->host;
    tps_journal_add_run(journal, &other, TPS_RECORD_RUN, NULL);
    ck_assert_ptr_null(tps_resume_read(scratch_dir, plan, 1, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_USAGE, "a run of another plan (other, not plan)");
}
END_TEST

START_TEST(one_at_a_time)
{
    g_autoptr(TpsReportLock) lock = tps_report_lock(scratch_dir, NULL);
    g_autoptr(TpsReportLock) next = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *pid = g_strdup_printf("process %d on", (int)getpid());
    g_autofree char *file = scratch_path("lock");

    ck_assert_ptr_nonnull(lock);
    ck_assert_ptr_null(tps_report_lock(scratch_dir, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_USAGE, pid);
    g_clear_error(&error);
    ck_assert(!tps_report_is_free(scratch_dir, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_USAGE, pid);
    g_clear_pointer(&lock, tps_report_unlock);
    ck_assert(tps_report_is_free(scratch_dir, NULL));
    ck_assert(!g_file_test(file, G_FILE_TEST_EXISTS));
    next = tps_report_lock(scratch_dir, NULL);
    ck_assert_ptr_nonnull(next);
}
END_TEST

START_TEST(the_dead_hold_nothing)
{
    pid_t child = fork();
    g_autoptr(TpsReportLock) lock = NULL;
    int status;

    if (child == 0) {
        TpsReportLock *held = tps_report_lock(scratch_dir, NULL);

        kill(getpid(), SIGKILL);
        tps_report_unlock(held);
        _exit(1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status));
    lock = tps_report_lock(scratch_dir, NULL);
    ck_assert_ptr_nonnull(lock);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("journal");
    TCase *tcase = tcase_create("journal");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, what_is_added_is_read);
    tcase_add_test(tcase, half_a_journal_proves_nothing);
    tcase_add_loop_test(tcase, another_byte_is_seen, 0, 10);
    tcase_add_test(tcase, many_threads_add_whole_records);
    tcase_add_loop_test(tcase, a_full_disk_takes_whole_records, 0, 20);
    tcase_add_test(tcase, what_is_kept_stays_as_it_is);
    tcase_add_test(tcase, what_has_no_end_is_left);
    tcase_add_test(tcase, cancelled_and_foreign_ends_are_none);
    tcase_add_test(tcase, one_at_a_time);
    tcase_add_test(tcase, the_dead_hold_nothing);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
