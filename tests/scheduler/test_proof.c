/* SPDX-License-Identifier: MIT */
#include "formats/journal.h"
#include "scheduler/collect.h"
#include "scheduler/reporting.h"
#include "tests/reports.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

/*
 * What can become of the journals of a run on their way to the merge. The run: suite "api" in two
 * parts, one of which was tried twice, and "one"; each with a record of its start and one of its
 * end. Whatever happens to the bytes, the merge is green only when all ends are there, as they were
 * written.
 */
typedef struct {
    const char *suite;
    TpsPart part;
    const char *testcases;
    const char *results;
} Ran;

static const Ran ran[] = {
    {"api", {0, 2}, "a1 a2", "a1:p:5 a2:k:7"},
    {"api", {1, 2}, "b1 b2 b3", "b1:p:5 b2:s:0 b3:p:1"},
    {"one", {0, 1}, "o1", "o1:p:9"},
};

#define N_PARTS G_N_ELEMENTS(ran)
#define N_LINES (1 + 2 * N_PARTS)
#define PLAN_ID "0123456789abcdef"
#define SECOND_US INT64_C(1000000)

static TpsPlan *plan;
static GPtrArray *lines_of_run; /* of char*, each with its newline; ends stand behind all starts */
static char *journal;           /* all of it */
static size_t length;

static TpsPlan *plan_new(void)
{
    TpsPlan *made = tps_plan_new();

    made->name = g_strdup("proof");
    made->id = g_strdup(PLAN_ID);
    for (size_t i = 0; i < N_PARTS; i++) {
        TpsTask *task = tps_task_new(ran[i].suite, ran[i].part);

        task->testcases = g_ptr_array_new_with_free_func(g_free);
        strings_add(task->testcases, ran[i].testcases);
        task->n_testcases = task->testcases->len;
        g_ptr_array_add(made->tasks, task);
    }
    return made;
}

static TpsPartReport *part_report(size_t i)
{
    TpsPartReport *report =
        report_new(ran[i].suite, ran[i].part, ran[i].testcases, ran[i].results, SECOND_US);

    g_free(report->plan_id);
    report->plan_id = g_strdup(PLAN_ID);
    report->run_id = g_strdup("ci-7");
    report->output = g_strdup("printed\n");
    if (i == 0) {
        TpsResult *flaky = g_ptr_array_index(report->results, 1);

        flaky->attempts = tps_results_new();
        g_ptr_array_add(flaky->attempts, tps_result_new(NULL, TPS_OUTCOME_FAILED, 3));
    }
    return report;
}

static char *line_of(TpsPartReport *report, bool done)
{
    report->done = done;
    return g_string_free(tps_record_format_report(report), FALSE);
}

static char *run_line(void)
{
    TpsRunRecord run = {.plan_id = (char *)PLAN_ID,
                        .run_id = (char *)"ci-7",
                        .host = (char *)"host",
                        .pid = 7,
                        .attempt = 1,
                        .size = 2,
                        .started_us = INT64_C(1700000000) * SECOND_US};

    return g_string_free(tps_record_format_run(&run, TPS_RECORD_RUN), FALSE);
}

static char *join(const GPtrArray *texts)
{
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < texts->len; i++)
        g_string_append(all, g_ptr_array_index(texts, i));
    return g_string_free(all, FALSE);
}

static void make_directory(const char *name)
{
    g_autofree char *path = scratch_path(name);

    ck_assert(tps_directory_make(path, NULL));
}

static void make_run(void)
{
    scratch_make();
    make_directory("one");
    make_directory("two");
    plan = plan_new();
    lines_of_run = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(lines_of_run, run_line());
    for (int done = 0; done < 2; done++) {
        for (size_t i = 0; i < N_PARTS; i++) {
            g_autoptr(TpsPartReport) report = part_report(i);

            g_ptr_array_add(lines_of_run, line_of(report, done));
        }
    }
    journal = join(lines_of_run);
    length = strlen(journal);
}

static void remove_run(void)
{
    g_free(journal);
    g_ptr_array_unref(lines_of_run);
    tps_plan_free(plan);
    scratch_remove();
}

static const char *end_line(size_t part)
{
    return g_ptr_array_index(lines_of_run, 1 + N_PARTS + part);
}

/* The merge of some directories of the scratch directory. */
static TpsReport *merge_here(const char *const *names)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TpsCollection) collection = NULL;
    TpsReport *report;

    for (; *names; names++)
        g_ptr_array_add(paths, scratch_path(*names));
    g_ptr_array_add(paths, NULL);
    collection = tps_collect((const char *const *)paths->pdata, NULL);
    ck_assert_ptr_nonnull(collection);
    report = tps_report_of(&(TpsReportWish){.plan = plan}, collection, NULL);
    ck_assert_ptr_nonnull(report);
    return report;
}

static TpsReport *merge_bytes(const char *bytes, size_t size)
{
    static const char *const names[] = {"one", NULL};

    g_free(scratch_write("one/journal.jsonl", bytes, size));
    return merge_here(names);
}

static bool is_green(const TpsReport *report)
{
    return tps_report_is_complete(report) && tps_report_n_bad(report) == 0;
}

/* Does a problem name it? */
static bool is_named(const TpsReport *report, const char *what)
{
    for (guint i = 0; i < report->problems->len; i++)
        if (strstr(g_ptr_array_index(report->problems, i), what))
            return true;
    return false;
}

static bool is_part_named(const TpsReport *report, size_t i)
{
    g_autofree char *label = tps_part_label(ran[i].suite, ran[i].part);
    g_autofree char *start = g_strconcat(label, ": ", NULL);

    return is_named(report, start);
}

static bool has_line(const char *bytes, size_t size, const char *line)
{
    size_t n = strlen(line);

    for (const char *at = bytes; (at = memmem(at, size - (size_t)(at - bytes), line, n)); at++)
        if (at == bytes || at[-1] == '\n')
            return true;
    return false;
}

/*
 * The law: a part whose end is not there, byte by byte, is named, and without one nothing is green.
 * What is damaged is named by its line.
 */
static void check_law(const char *bytes, size_t size, const char *what, size_t at)
{
    g_autoptr(TpsReport) report = merge_bytes(bytes, size);

    for (size_t i = 0; i < N_PARTS; i++) {
        bool there = has_line(bytes, size, end_line(i));

        ck_assert_msg(there || is_part_named(report, i), "%s %zu: part %zu is not named", what, at,
                      i);
        ck_assert_msg(there || !is_green(report), "%s %zu: green", what, at);
    }
}

/* And all that was damaged is said, also where it would not have mattered. */
static void check_damage(const char *bytes, size_t size, const char *what, size_t at)
{
    g_autoptr(TpsReport) report = merge_bytes(bytes, size);

    ck_assert_msg(!is_green(report), "%s %zu: green", what, at);
    ck_assert_msg(is_named(report, "journal.jsonl:") || report->notes->len > 0, "%s %zu", what, at);
    check_law(bytes, size, what, at);
}

START_TEST(the_run_itself_is_green)
{
    g_autoptr(TpsReport) report = merge_bytes(journal, length);

    ck_assert(is_green(report));
    ck_assert_uint_eq(report->n_results, 6);
    ck_assert_uint_eq(report->count[TPS_OUTCOME_FLAKY], 1);
    ck_assert_uint_eq(report->notes->len, 0);
}
END_TEST

START_TEST(cut_at_every_byte)
{
    for (size_t size = 0; size < length; size++) {
        g_autoptr(TpsReport) report = merge_bytes(journal, size);

        ck_assert_msg(!is_green(report), "cut at %zu", size);
        for (size_t i = 0; i < N_PARTS; i++)
            ck_assert_msg(is_part_named(report, i) != has_line(journal, size, end_line(i)),
                          "cut at %zu: part %zu", size, i);
    }
}
END_TEST

START_TEST(the_beginning_cut_off_at_every_byte)
{
    size_t first_end = (size_t)(strstr(journal, end_line(0)) - journal);

    for (size_t from = 1; from < length; from++) {
        bool whole = journal[from - 1] == '\n';
        g_autoptr(TpsReport) report = merge_bytes(journal + from, length - from);

        ck_assert_msg(is_green(report) == (whole && from <= first_end), "from %zu", from);
        check_law(journal + from, length - from, "from", from);
    }
}
END_TEST

START_TEST(every_bit_flipped)
{
    g_autofree char *bytes = g_memdup2(journal, length);

    for (size_t i = 0; i < length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] = (char)(journal[i] ^ (1 << bit));
            check_damage(bytes, length, "bit of byte", i);
        }
        bytes[i] = journal[i];
    }
}
END_TEST

START_TEST(every_byte_left_out)
{
    g_autofree char *bytes = g_malloc(length);

    for (size_t i = 0; i < length; i++) {
        memcpy(bytes, journal, i);
        memcpy(bytes + i, journal + i + 1, length - i - 1);
        check_damage(bytes, length - 1, "without byte", i);
    }
}
END_TEST

START_TEST(every_byte_twice)
{
    g_autofree char *bytes = g_malloc(length + 1);

    for (size_t i = 0; i < length; i++) {
        memcpy(bytes, journal, i + 1);
        memcpy(bytes + i + 1, journal + i, length - i);
        /* An empty line is none that was written. */
        check_damage(bytes, length + 1, "twice byte", i);
    }
}
END_TEST

/* Any set of records, in any order, some of them twice: green when all ends are among them. */
START_TEST(any_records_in_any_order)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);

    for (int round = 0; round < 2000; round++) {
        g_autoptr(GPtrArray) some = g_ptr_array_new();
        g_autofree char *bytes = NULL;
        g_autoptr(TpsReport) report = NULL;
        bool all = true;

        for (size_t n = draw(rand, 3 * N_LINES); n > 0; n--)
            g_ptr_array_add(some, g_ptr_array_index(lines_of_run, draw(rand, N_LINES)));
        bytes = join(some);
        report = merge_bytes(bytes, strlen(bytes));
        for (size_t i = 0; i < N_PARTS; i++) {
            bool there = has_line(bytes, strlen(bytes), end_line(i));

            all &= there;
            ck_assert(is_part_named(report, i) == !there);
        }
        ck_assert(is_green(report) == all);
    }
}
END_TEST

/* Pieces of the journal, cut anywhere, put together anyhow. */
START_TEST(any_splice)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);

    for (int round = 0; round < 5000; round++) {
        g_autoptr(GString) bytes = g_string_new(NULL);

        for (size_t n = 1 + draw(rand, 4); n > 0; n--) {
            size_t from = draw(rand, length);

            g_string_append_len(bytes, journal + from, (gssize)(1 + draw(rand, length - from)));
        }
        check_law(bytes->str, bytes->len, "splice", (size_t)round);
    }
}
END_TEST

/* What a record says is changed, and it is sealed as if it had been written so. */
typedef struct {
    const char *name;
    void (*change)(TpsPartReport *a, TpsPartReport *b);
} Change;

#define SWAP(member)                                                                               \
    do {                                                                                           \
        gpointer kept = a->member;                                                                 \
        a->member = b->member;                                                                     \
        b->member = kept;                                                                          \
    } while (0)

static void swap_results(TpsPartReport *a, TpsPartReport *b)
{
    SWAP(results);
}

static void swap_all_but_identity(TpsPartReport *a, TpsPartReport *b)
{
    SWAP(results);
    SWAP(planned);
}

static void swap_suites(TpsPartReport *a, TpsPartReport *b)
{
    SWAP(suite);
    if (strcmp(a->suite, b->suite) == 0) /* of one suite: then the parts */
        swap_results(a, b);
}

static void swap_parts(TpsPartReport *a, TpsPartReport *b)
{
    TpsPart part = a->part;

    a->part = b->part;
    b->part = part;
}

static void same_part(TpsPartReport *a, TpsPartReport *b)
{
    g_free(a->suite);
    a->suite = g_strdup(b->suite);
    a->part = b->part;
}

static void other_plan(TpsPartReport *a, TpsPartReport *b)
{
    (void)b;
    a->plan_id[3] = 'x';
}

static void other_run(TpsPartReport *a, TpsPartReport *b)
{
    (void)b;
    a->run_id[3] = '8';
}

static void other_number(TpsPartReport *a, TpsPartReport *b)
{
    (void)b;
    a->part.count++;
}

static void one_result_less(TpsPartReport *a, TpsPartReport *b)
{
    (void)b;
    g_ptr_array_remove_index(a->results, a->results->len - 1);
}

static void one_result_of_another(TpsPartReport *a, TpsPartReport *b)
{
    TpsResult *result = g_ptr_array_index(b->results, 0);

    g_ptr_array_add(a->results, tps_result_new(result->id, TPS_OUTCOME_PASSED, 1));
}

static void a_result_renamed(TpsPartReport *a, TpsPartReport *b)
{
    TpsResult *result = g_ptr_array_index(a->results, 0);

    (void)b;
    result->id[0] = 'x';
}

static void killed(TpsPartReport *a, TpsPartReport *b)
{
    (void)b;
    one_result_less(a, b);
    a->end = TPS_END_SIGNALED;
    a->code = 9;
}

static void never_ended(TpsPartReport *a, TpsPartReport *b)
{
    (void)b;
    a->done = false;
}

static const Change changes[] = {
    {"the results of another", swap_results},
    {"all but its identity of another", swap_all_but_identity},
    {"the suite of another", swap_suites},
    {"the part of another", swap_parts},
    {"both of one part", same_part},
    {"of another plan", other_plan},
    {"of another run", other_run},
    {"of more parts", other_number},
    {"a result less", one_result_less},
    {"a result more", one_result_of_another},
    {"a result renamed", a_result_renamed},
    {"killed", killed},
    {"never ended", never_ended},
};

/* Some changes of "one" and a part of "api" change nothing: then nothing is proven by them. */
static bool is_any_change(const TpsPartReport *a, const TpsPartReport *b, size_t i, size_t j)
{
    g_autoptr(TpsPartReport) x = part_report(i);
    g_autoptr(TpsPartReport) y = part_report(j);
    g_autofree char *old_first = line_of(x, true);
    g_autofree char *old_second = line_of(y, true);
    g_autofree char *old = g_strconcat(old_first, old_second, NULL);
    g_autoptr(GString) first = tps_record_format_report(a);
    g_autoptr(GString) second = tps_record_format_report(b);
    g_autofree char *now = g_strconcat(first->str, second->str, NULL);

    return strcmp(old, now) != 0;
}

START_TEST(sealed_and_wrong)
{
    const Change *c = &changes[_i];

    for (size_t pair = 0; pair < N_PARTS * N_PARTS; pair++) {
        size_t i = pair / N_PARTS;
        size_t j = pair % N_PARTS;
        g_autoptr(TpsPartReport) a = part_report(i);
        g_autoptr(TpsPartReport) b = part_report(j);
        g_autoptr(GString) bytes = g_string_new(NULL);
        g_autoptr(TpsReport) report = NULL;

        if (i == j)
            continue;
        c->change(a, b);
        if (!is_any_change(a, b, i, j))
            continue;
        for (size_t k = 0; k < N_PARTS; k++) {
            g_autoptr(GString) changed = k == i   ? tps_record_format_report(a)
                                         : k == j ? tps_record_format_report(b)
                                                  : NULL;

            g_string_append(bytes, changed ? changed->str : end_line(k));
        }
        report = merge_bytes(bytes->str, bytes->len);
        ck_assert_msg(!tps_report_is_complete(report), "%s: %zu and %zu", c->name, i, j);
        ck_assert_msg(is_part_named(report, i) || is_part_named(report, j), "%s: %zu and %zu",
                      c->name, i, j);
    }
}
END_TEST

/* The same attempt with another content beside the true one, in another journal. */
START_TEST(contradictions_are_named)
{
    static const char *const names[] = {"one", "two", NULL};

    for (size_t i = 0; i < N_PARTS; i++) {
        g_autoptr(TpsPartReport) other = part_report(i);
        g_autoptr(TpsReport) report = NULL;
        g_autofree char *line = NULL;

        other->wall_us++;
        line = line_of(other, true);
        scratch_put("one/journal.jsonl", journal);
        scratch_put("two/journal.jsonl", line);
        report = merge_here(names);
        ck_assert(!tps_report_is_complete(report));
        ck_assert(is_part_named(report, i));
        ck_assert(is_named(report, "two different reports of attempt 1 contradict each other"));
    }
}
END_TEST

/* Damaged beside whole: whatever is green is in one of the two. */
START_TEST(two_journals)
{
    static const char *const names[] = {"one", "two", NULL};

    g_free(scratch_write("two/journal.jsonl", journal, length));
    for (size_t size = 0; size <= length; size += 7) {
        g_autoptr(TpsReport) report = NULL;

        g_free(scratch_write("one/journal.jsonl", journal, size));
        report = merge_here(names);
        ck_assert_msg(is_green(report), "a cut copy at %zu beside a whole one", size);
    }
    for (size_t cut = 0; cut <= length; cut += 7) {
        bool at_line = cut == 0 || journal[cut - 1] == '\n';
        g_autoptr(TpsReport) report = NULL;

        g_free(scratch_write("one/journal.jsonl", journal, cut));
        g_free(scratch_write("two/journal.jsonl", journal + cut, length - cut));
        report = merge_here(names);
        ck_assert_msg(is_green(report) == at_line, "cut in two at %zu", cut);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scheduler/proof");
    TCase *tcase = tcase_create("proof");

    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, make_run, remove_run);
    tcase_add_test(tcase, the_run_itself_is_green);
    tcase_add_test(tcase, cut_at_every_byte);
    tcase_add_test(tcase, the_beginning_cut_off_at_every_byte);
    tcase_add_test(tcase, every_bit_flipped);
    tcase_add_test(tcase, every_byte_left_out);
    tcase_add_test(tcase, every_byte_twice);
    tcase_add_test(tcase, any_records_in_any_order);
    tcase_add_test(tcase, any_splice);
    tcase_add_loop_test(tcase, sealed_and_wrong, 0, G_N_ELEMENTS(changes));
    tcase_add_test(tcase, contradictions_are_named);
    tcase_add_test(tcase, two_journals);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
