/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/sink.h"
#include "tests/unit.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *directory;

static void setup(void)
{
    directory = g_dir_make_tmp("tpsched-test-XXXXXX", NULL);
    ck_assert_ptr_nonnull(directory);
}

static void teardown(void)
{
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(directory, name, NULL);

        g_unlink(path);
    }
    g_rmdir(directory);
    g_free(directory);
}

static guint n_files(void)
{
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    guint n = 0;

    while (g_dir_read_name(dir))
        n++;
    return n;
}

/* Pieces of every size from nothing to more than the sink holds. */
START_TEST(bytes_come_out_as_they_went_in)
{
    g_autofree char *path = g_build_filename(directory, "file", NULL);
    g_autoptr(GString) wanted = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *got = NULL;
    TpsSink *sink = tps_sink_open(path, &error);
    gsize length;

    ck_assert_ptr_nonnull(sink);
    for (size_t size = 0; size < TPS_SINK_BYTES * 3; size = size * 3 + 1) {
        g_autofree char *piece = g_malloc0(size + 1);

        memset(piece, 'a' + (int)(size % 7), size);
        g_string_append_len(wanted, piece, (gssize)size);
        tps_sink_write(sink, piece, size);
    }
    tps_sink_printf(sink, "%d\n", 7);
    g_string_append(wanted, "7\n");
    ck_assert_uint_eq(tps_sink_bytes(sink), wanted->len);
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
    ck_assert(tps_sink_close(sink, &error));
    ck_assert(g_file_get_contents(path, &got, &length, NULL));
    ck_assert_uint_eq(length, wanted->len);
    ck_assert_mem_eq(got, wanted->str, length);
    ck_assert_uint_eq(n_files(), 1);
}
END_TEST

START_TEST(what_is_dropped_leaves_the_old_file)
{
    g_autofree char *path = g_build_filename(directory, "file", NULL);
    g_autofree char *got = NULL;
    TpsSink *sink;

    ck_assert(g_file_set_contents(path, "old", -1, NULL));
    sink = tps_sink_open(path, NULL);
    tps_sink_text(sink, "new");
    tps_sink_drop(sink);
    ck_assert(g_file_get_contents(path, &got, NULL, NULL));
    ck_assert_str_eq(got, "old");
    ck_assert_uint_eq(n_files(), 1);
}
END_TEST

START_TEST(a_full_disk_is_told_at_the_end)
{
    g_autoptr(GError) error = NULL;
    TpsSink *sink = tps_sink_open("/dev/full", &error);

    ck_assert_ptr_nonnull(sink);
    tps_sink_text(sink, "lost");
    ck_assert(!tps_sink_close(sink, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '/dev/full': No space left");
}
END_TEST

START_TEST(a_directory_that_is_not_there_is_told_at_once)
{
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(tps_sink_open("/nowhere/file", &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '/nowhere/file'");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sink");
    TCase *tcase = tcase_create("sink");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, bytes_come_out_as_they_went_in);
    tcase_add_test(tcase, what_is_dropped_leaves_the_old_file);
    tcase_add_test(tcase, a_full_disk_is_told_at_the_end);
    tcase_add_test(tcase, a_directory_that_is_not_there_is_told_at_once);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
