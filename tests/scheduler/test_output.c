/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "scheduler/output.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define HELD ((size_t)TPS_CAPTURE_HELD_BYTES)
static const TpsPart whole_suite = {.index = 0, .count = 1};

#define LONG_FILE "parts/api.0-of-1.attempt-1/output.log"

static char *make_output(size_t length, unsigned seed)
{
    char *bytes = g_malloc(length + 1);

    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)((i * i / 7 + i + seed) % 251); /* control bytes, NUL, no UTF-8 */
    bytes[length] = '\0';
    return bytes;
}

/* One process prints that; as a capture hands it on. */
static void print(TpsOutputSink *sink, const char *bytes, size_t length)
{
    while (length >= HELD) {
        sink->base.keep(&sink->base, bytes, HELD, true);
        bytes += HELD;
        length -= HELD;
        if (length == 0)
            sink->base.keep(&sink->base, bytes, 0, false);
    }
    if (length > 0)
        sink->base.keep(&sink->base, bytes, length, false);
}

static void expect_kept(const TpsPartReport *report, const char *bytes, size_t length)
{
    g_autofree char *kept = g_malloc(length + 1);
    int file = tps_output_open(scratch_dir, report);

    ck_assert_uint_eq(report->output_bytes, length);
    if (length == 0) {
        ck_assert_ptr_null(report->output_file);
        return;
    }
    ck_assert_int_ge(file, 0);
    for (size_t at = 0; at < length;) {
        ssize_t n = read(file, kept + at, length - at);

        ck_assert_int_gt(n, 0);
        at += (size_t)n;
    }
    close(file);
    ck_assert(memcmp(kept, bytes, length) == 0);
}

/* What the processes of one task print, up to the first 0 behind the first one. */
static const struct {
    size_t length[4];
    bool is_long;
} cases[] = {
    {{0}, false},
    {{1}, false},
    {{HELD - 1}, false},
    {{HELD}, true}, /* it might have gone on */
    {{HELD + 1}, true},
    {{3 * HELD + 5}, true},
    {{10, 20, 30}, false},
    {{HELD - 10, 10}, false},
    {{HELD - 10, 11}, true},
    {{10, 2 * HELD}, true},
    {{2 * HELD, 10}, true},
    {{2 * HELD, 3 * HELD + 1, 10}, true},
    {{100, HELD - 1, HELD - 1, 7}, true},
};

static size_t total_of(int i)
{
    size_t total = 0;

    for (size_t n = 0; n < G_N_ELEMENTS(cases[i].length); n++)
        total += cases[i].length[n];
    return total;
}

static void expect_case(int i, const TpsPartReport *report, const char *bytes)
{
    g_autofree char *spill = scratch_path(LONG_FILE);

    expect_kept(report, bytes, total_of(i));
    ck_assert(g_file_test(spill, G_FILE_TEST_EXISTS) == cases[i].is_long);
    if (total_of(i) > 0)
        ck_assert_str_eq(report->output_file, cases[i].is_long ? LONG_FILE : TPS_OUTPUT_FILE);
}

START_TEST(processes_follow_each_other)
{
    g_autofree char *bytes = make_output(total_of(_i), 1);
    g_autoptr(TpsOutput) output = tps_output_new(scratch_dir);
    g_autoptr(TpsPartReport) report = tps_part_report_new("api", whole_suite);
    g_autoptr(GError) error = NULL;
    g_auto(TpsOutputSink) sink;
    size_t at = 0;

    tps_output_sink_init(&sink, output, "api", LONG_FILE);
    for (size_t n = 0; n < G_N_ELEMENTS(cases[_i].length); n++) {
        print(&sink, bytes + at, cases[_i].length[n]);
        at += cases[_i].length[n];
    }
    tps_output_sink_place(&sink, report);
    expect_case(_i, report, bytes);
    ck_assert(tps_output_check(output, &error));
}
END_TEST

static void run_piece(TpsOutput *output, int number, const char *bytes, size_t length,
                      GPtrArray *pieces)
{
    g_autofree char *path =
        number == 0 ? g_strdup(LONG_FILE) : g_strdup_printf("parts/x/output.%d.log", number);
    TpsPartReport *report = tps_part_report_new("api", whole_suite);
    g_auto(TpsOutputSink) sink;

    tps_output_sink_init(&sink, output, "api", path);
    print(&sink, bytes, length);
    tps_output_sink_place(&sink, report);
    g_ptr_array_add(pieces, report);
}

START_TEST(pieces_are_joined)
{
    g_autofree char *bytes = make_output(total_of(_i), 2);
    g_autoptr(TpsOutput) output = tps_output_new(scratch_dir);
    g_autoptr(TpsPartReport) report = tps_part_report_new("api", whole_suite);
    g_autoptr(GPtrArray) pieces =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);
    g_autofree char *others = g_build_filename(scratch_dir, "parts/x", NULL);
    size_t at = 0;

    for (int n = 0; n < (int)G_N_ELEMENTS(cases[_i].length); n++) {
        run_piece(output, n, bytes + at, cases[_i].length[n], pieces);
        at += cases[_i].length[n];
    }
    tps_output_join(output, "api", LONG_FILE, report, pieces);
    expect_case(_i, report, bytes);
    ck_assert_int_eq(g_rmdir(others) == 0 || errno == ENOENT, 1); /* no file is left there */
}
END_TEST

#define N_THREADS 8
#define N_TASKS 200

typedef struct {
    TpsOutput *output;
    unsigned seed;
    TpsPartReport *reports[N_TASKS];
} Printer;

static void *print_tasks(void *data)
{
    Printer *printer = data;

    for (unsigned i = 0; i < N_TASKS; i++) {
        unsigned seed = printer->seed * N_TASKS + i;
        size_t length = (size_t)seed * 7919 % 20000;
        g_autofree char *bytes = make_output(length, seed);
        g_auto(TpsOutputSink) sink;

        tps_output_sink_init(&sink, printer->output, "api", LONG_FILE);
        print(&sink, bytes, length);
        printer->reports[i] = tps_part_report_new("api", whole_suite);
        tps_output_sink_place(&sink, printer->reports[i]);
    }
    return NULL;
}

START_TEST(threads_do_not_mix)
{
    g_autoptr(TpsOutput) output = tps_output_new(scratch_dir);
    Printer printers[N_THREADS];
    pthread_t threads[N_THREADS];

    for (unsigned t = 0; t < N_THREADS; t++) {
        printers[t] = (Printer){.output = output, .seed = t};
        ck_assert_int_eq(pthread_create(&threads[t], NULL, print_tasks, &printers[t]), 0);
    }
    for (unsigned t = 0; t < N_THREADS; t++) {
        pthread_join(threads[t], NULL);
        for (unsigned i = 0; i < N_TASKS; i++) {
            unsigned seed = t * N_TASKS + i;
            size_t length = (size_t)seed * 7919 % 20000;
            g_autofree char *bytes = make_output(length, seed);

            expect_kept(printers[t].reports[i], bytes, length);
            tps_part_report_free(printers[t].reports[i]);
        }
    }
}
END_TEST

START_TEST(what_stands_there_stays)
{
    g_autoptr(TpsPartReport) first = tps_part_report_new("api", whole_suite);
    g_autoptr(TpsPartReport) second = tps_part_report_new("api", whole_suite);
    TpsPartReport *reports[] = {first, second};

    for (int i = 0; i < 2; i++) {
        g_autoptr(TpsOutput) output = tps_output_new(scratch_dir);
        g_auto(TpsOutputSink) sink;

        tps_output_sink_init(&sink, output, "api", LONG_FILE);
        print(&sink, i == 0 ? "one" : "another", i == 0 ? 3 : 7);
        tps_output_sink_place(&sink, reports[i]);
    }
    expect_kept(first, "one", 3);
    expect_kept(second, "another", 7);
}
END_TEST

/* A full disk in the place of one of the files. */
START_TEST(a_full_disk_is_told)
{
    static const char *const places[] = {TPS_OUTPUT_FILE, LONG_FILE};
    g_autofree char *full = g_build_filename(scratch_dir, places[_i], NULL);
    g_autofree char *folder = g_path_get_dirname(full);
    g_autofree char *bytes = make_output(2 * HELD, 3);
    g_autoptr(TpsOutput) output = tps_output_new(scratch_dir);
    g_autoptr(TpsPartReport) report = tps_part_report_new("api", whole_suite);
    g_autoptr(GError) error = NULL;
    g_auto(TpsOutputSink) sink;

    g_mkdir_with_parents(folder, 0777);
    ck_assert_int_eq(symlink("/dev/full", full), 0);
    tps_output_sink_init(&sink, output, "api", LONG_FILE);
    print(&sink, bytes, _i == 0 ? 10 : 2 * HELD);
    print(&sink, bytes, 5);
    tps_output_sink_place(&sink, report);
    ck_assert_ptr_null(report->output_file);
    ck_assert_uint_eq(report->output_bytes, _i == 0 ? 15 : 2 * HELD + 5);
    ck_assert(!tps_output_check(output, &error));
    ck_assert(g_error_matches(error, TPS_ERROR, TPS_ERROR_EXECUTOR));
    ck_assert_ptr_nonnull(strstr(error->message, "api: cannot keep all of its output in '"));
    ck_assert_ptr_nonnull(strstr(error->message, places[_i]));
    ck_assert_ptr_nonnull(strstr(error->message, "No space left on device"));
    ck_assert_int_eq(tps_output_open(scratch_dir, report), -1);
}
END_TEST

/* A piece whose output was lost costs the others theirs: half an output is none. */
START_TEST(a_lost_piece_is_a_lost_output)
{
    g_autoptr(TpsOutput) output = tps_output_new(scratch_dir);
    g_autoptr(TpsPartReport) report = tps_part_report_new("api", whole_suite);
    g_autoptr(GPtrArray) pieces =
        g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);

    run_piece(output, 0, "abc", 3, pieces);
    run_piece(NULL, 1, "defg", 4, pieces);
    run_piece(output, 2, "hi", 2, pieces);
    tps_output_join(output, "api", LONG_FILE, report, pieces);
    ck_assert_ptr_null(report->output_file);
    ck_assert_uint_eq(report->output_bytes, 9);
}
END_TEST

/* [head 'h'] [middle 'm'] [tail 't'] of that many bytes each, in a part that passed or not. */
static TpsPartReport *report_with(bool bad, size_t head, size_t middle, size_t tail)
{
    TpsPartReport *report = tps_part_report_new("api", whole_suite);
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < head + middle + tail; i++)
        g_string_append_c(text, i < head ? 'h' : i < head + middle ? 'm' : 't');
    report->done = true;
    report->end = bad ? TPS_END_TIMEOUT : TPS_END_EXITED;
    report->output_bytes = text->len;
    report->output_file = g_strdup(TPS_OUTPUT_FILE);
    report->output = g_string_free(text, FALSE);
    return report;
}

START_TEST(reports_hold_head_and_tail)
{
    bool bad = _i == 1;
    size_t head = bad ? 16384 : 1024;
    size_t tail = bad ? 49152 : 3072;
    g_autoptr(TpsPartReport) report = report_with(bad, head, 12345, tail);
    g_autoptr(TpsPartReport) fits = report_with(bad, head, 0, tail);
    g_autoptr(TpsPartReport) expected = report_with(bad, head, 0, 0);
    g_autofree char *text =
        g_strdup_printf("%s\n[... 12345 bytes cut ...]\n%s", expected->output, fits->output + head);

    tps_output_trim(report);
    ck_assert_str_eq(report->output, text);
    tps_output_trim(report); /* again changes nothing */
    ck_assert_str_eq(report->output, text);
    text[0] = '\0';
    tps_output_trim(fits);
    ck_assert_uint_eq(strlen(fits->output), head + tail);
}
END_TEST

/* Of a command the testcase has what its task has; another one's own text stays. */
START_TEST(repeated_text_is_cut_alike)
{
    g_autoptr(TpsPartReport) report = report_with(false, 1024, 12345, 3072);
    TpsResult *same = tps_result_new("api", TPS_OUTCOME_PASSED, 1);
    TpsResult *other = tps_result_new("other", TPS_OUTCOME_PASSED, 1);

    same->output = g_strdup(report->output);
    other->output = g_strdup("its own");
    g_ptr_array_add(report->results, same);
    g_ptr_array_add(report->results, other);
    tps_output_trim(report);
    ck_assert_uint_lt(strlen(report->output), 5000);
    ck_assert_str_eq(same->output, report->output);
    ck_assert_str_eq(other->output, "its own");
}
END_TEST

/* The count is that of the whole output, also when its middle was never in memory. */
START_TEST(counts_all_that_is_cut)
{
    g_autoptr(TpsPartReport) report = report_with(false, 16384, 10, 49152);

    report->output_bytes = 1000000;
    g_clear_pointer(&report->output_file, g_free);
    tps_output_trim(report);
    ck_assert_ptr_nonnull(strstr(report->output, "\n[... 995904 bytes cut and not kept ...]\n"));
}
END_TEST

START_TEST(characters_are_not_torn_apart)
{
    g_autofree char *text = tps_output_cut("aä--\n-öb", 2, 2, 9, true);

    ck_assert_str_eq(text, "a\n[... 5 bytes cut ...]\nöb");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("output");
    TCase *tests = tcase_create("output");
    const int n = (int)G_N_ELEMENTS(cases);

    tcase_add_checked_fixture(tests, scratch_make, scratch_remove);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, processes_follow_each_other, 0, n);
    tcase_add_loop_test(tests, pieces_are_joined, 0, n);
    tcase_add_test(tests, threads_do_not_mix);
    tcase_add_test(tests, what_stands_there_stays);
    tcase_add_loop_test(tests, a_full_disk_is_told, 0, 2);
    tcase_add_test(tests, a_lost_piece_is_a_lost_output);
    tcase_add_loop_test(tests, reports_hold_head_and_tail, 0, 2);
    tcase_add_test(tests, repeated_text_is_cut_alike);
    tcase_add_test(tests, counts_all_that_is_cut);
    tcase_add_test(tests, characters_are_not_torn_apart);
    suite_add_tcase(suite, tests);
    return unit_main(suite);
}
