/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/walk.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file, and the directories above it. */
static void put(const char *path, const char *text)
{
    g_autofree char *whole = scratch_path(path);
    g_autofree char *directory = g_path_get_dirname(whole);

    ck_assert_int_eq(g_mkdir_with_parents(directory, 0700), 0);
    scratch_put(path, text);
}

static void put_link(const char *target, const char *path)
{
    g_autofree char *whole = scratch_path(path);

    ck_assert_int_eq(symlink(target, whole), 0);
}

static char *walked(TpsWalkFlags flags)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) paths = tps_walk_list(scratch_dir, flags, &error);

    ck_assert_msg(paths != NULL, "%s", error ? error->message : "");
    g_ptr_array_add(paths, NULL);
    return g_strjoinv("|", (char **)paths->pdata);
}

static void assert_walked(TpsWalkFlags flags, const char *joined)
{
    g_autofree char *got = walked(flags);

    ck_assert_str_eq(got, joined);
}

START_TEST(nothing_is_found_in_nothing)
{
    assert_walked(TPS_WALK_ALL, "");
}
END_TEST

START_TEST(names_come_in_the_order_of_their_bytes)
{
    put("b", "");
    put("a.x", "");
    put("a/z", "");
    put("a/Z", "");
    put("a/\xc3\xa4", "");
    put("a/\xff\xfe", "");
    put("a/new\nline", "");
    put("a/$(touch x) [y] 'z'", "");
    put("B", "");
    assert_walked(TPS_WALK_ALL, "B|a/$(touch x) [y] 'z'|a/Z|a/new\nline|a/z|a/\xc3\xa4|"
                                "a/\xff\xfe|a.x|b");
}
END_TEST

START_TEST(what_is_usual_is_skipped_where_asked)
{
    static const char journal[] = "{\"record\":\"run\",\"schema\":\"tpsched.journal/1\"}\n";

    put(".git/config", "");
    put(".hidden", "");
    put("node_modules/a/b", "");
    put("__pycache__/c", "");
    put("reports/journal.jsonl", journal);
    put("reports/parts/a/x", "");
    put("other/journal.jsonl", "{}\n");
    put("empty/journal.jsonl", "");
    put("deep/er/.venv/x", "");
    put("deep/er/file", "");
    assert_walked(TPS_WALK_SKIP_USUAL,
                  ".hidden|deep/er/file|empty/journal.jsonl|other/journal.jsonl");
    assert_walked(TPS_WALK_ALL, ".git/config|.hidden|__pycache__/c|deep/er/.venv/x|deep/er/file|"
                                "empty/journal.jsonl|node_modules/a/b|other/journal.jsonl|"
                                "reports/journal.jsonl|reports/parts/a/x");
    put("journal.jsonl", journal); /* the root was asked for */
    assert_walked(TPS_WALK_SKIP_USUAL,
                  ".hidden|deep/er/file|empty/journal.jsonl|journal.jsonl|other/journal.jsonl");
}
END_TEST

START_TEST(links_to_files_are_files)
{
    g_autofree char *pipe = scratch_path("pipe");

    put("real/file", "");
    put_link("real/file", "file-link");
    put_link("file-link", "link-of-link");
    put_link("real", "directory-link");
    put_link(".", "real/loop");
    put_link("..", "real/up");
    put_link("nowhere", "dangling");
    put_link("self", "self");
    put_link("file-link/x", "through-a-file");
    put_link("/dev/null", "device");
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    assert_walked(TPS_WALK_ALL, "file-link|link-of-link|real/file");
}
END_TEST

START_TEST(the_root_may_be_a_link)
{
    g_autofree char *link = scratch_path("link");
    g_autoptr(GPtrArray) paths = NULL;

    put("real/file", "");
    put_link("real", "link");
    paths = tps_walk_list(link, TPS_WALK_ALL, NULL);
    ck_assert_ptr_nonnull(paths);
    ck_assert_uint_eq(paths->len, 1);
    ck_assert_str_eq(g_ptr_array_index(paths, 0), "file");
}
END_TEST

START_TEST(what_is_no_directory_is_named)
{
    g_autofree char *none = scratch_path("none");
    g_autofree char *file = scratch_text("file", "");
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(tps_walk_list(none, TPS_WALK_ALL, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "none': No such file or directory");
    ck_assert_ptr_null(tps_walk_list(file, TPS_WALK_ALL, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "file': Not a directory");
}
END_TEST

START_TEST(unreadable_directories_are_named)
{
    g_autofree char *locked = scratch_path("a/locked");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) paths = NULL;

    put("a/locked/file", "");
    ck_assert_int_eq(g_chmod(locked, 0), 0);
    paths = tps_walk_list(scratch_dir, TPS_WALK_ALL, &error);
    ck_assert_int_eq(g_chmod(locked, 0700), 0);
    if (geteuid() == 0) {
        ck_assert_ptr_nonnull(paths); /* to root nothing is locked */
        return;
    }
    ck_assert_ptr_null(paths);
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "a/locked': Permission denied");
}
END_TEST

/* Directories in directories with a file in the last one, however long the path gets. */
static void make_deep(const char *name, int depth)
{
    int directory = open(scratch_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int file;

    for (int i = 0; i < depth; i++) {
        int below;

        ck_assert_int_eq(mkdirat(directory, name, 0700), 0);
        below = openat(directory, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        ck_assert_int_ge(below, 0);
        close(directory);
        directory = below;
    }
    file = openat(directory, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ck_assert_int_ge(file, 0);
    close(file);
    close(directory);
}

static bool count(const char *path, void *n, GError **error)
{
    (void)path;
    (void)error;
    ++*(unsigned *)n;
    return true;
}

START_TEST(what_cannot_be_read_may_be_passed_by)
{
    g_autofree char *none = scratch_path("none");
    g_autoptr(GPtrArray) unread = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    unsigned n = 0;

    make_deep("d", TPS_WALK_DEPTH_MAX + 1);
    put("e", "");
    ck_assert(tps_walk_readable(scratch_dir, TPS_WALK_ALL, count, &n, unread, &error));
    ck_assert_ptr_null(error);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(unread->len, 1);
    ck_assert_ptr_nonnull(strstr(g_ptr_array_index(unread, 0), "d/d/d': nested too deeply"));
    ck_assert(!tps_walk_readable(none, TPS_WALK_ALL, count, &n, unread, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "none': No such file or directory");
    ck_assert_uint_eq(unread->len, 1);
}
END_TEST

START_TEST(depth_is_bounded)
{
    g_autofree char *first = scratch_path("d");
    g_autofree char *long_name = g_strnfill(250, 'x');
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) paths = NULL;

    make_deep("d", TPS_WALK_DEPTH_MAX);
    paths = tps_walk_list(scratch_dir, TPS_WALK_ALL, &error);
    ck_assert_ptr_nonnull(paths);
    ck_assert_uint_eq(paths->len, 1);
    ck_assert(tps_directory_remove(first, NULL));
    make_deep("d", TPS_WALK_DEPTH_MAX + 1);
    ck_assert_ptr_null(tps_walk_list(scratch_dir, TPS_WALK_ALL, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "d/d/d': nested too deeply");
    ck_assert(tps_directory_remove(first, NULL));
    make_deep(long_name, 20);
    ck_assert_ptr_null(tps_walk_list(scratch_dir, TPS_WALK_ALL, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "File name too long");
}
END_TEST

static bool stop_at_third(const char *path, void *user, GError **error)
{
    (void)path;
    if (++*(int *)user < 3)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "enough");
    return false;
}

START_TEST(a_visitor_ends_the_walk)
{
    g_autoptr(GError) error = NULL;
    int n = 0;

    put("a/1", "");
    put("a/2", "");
    put("a/3", "");
    put("b", "");
    ck_assert(!tps_walk(scratch_dir, TPS_WALK_ALL, stop_at_third, &n, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_USAGE, "enough");
    ck_assert_int_eq(n, 3);
}
END_TEST

/* Names of one file: a disk makes them sooner than files. */
static void make_many(int directory, int i)
{
    char first[40];
    char name[40];

    g_snprintf(first, sizeof first, "%03d", i);
    ck_assert_int_eq(mkdirat(directory, first, 0700), 0);
    g_snprintf(first, sizeof first, "%03d/000", i);
    ck_assert_int_eq(mknodat(directory, first, S_IFREG | 0600, 0), 0);
    for (int j = 1; j < 1000; j++) {
        g_snprintf(name, sizeof name, "%03d/%03d", i, j);
        ck_assert_int_eq(linkat(directory, first, directory, name, 0), 0);
    }
}

START_TEST(a_hundred_thousand_files)
{
    g_autoptr(GPtrArray) paths = NULL;
    int directory = open(scratch_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

    for (int i = 0; i < 100; i++)
        make_many(directory, i);
    close(directory);
    paths = tps_walk_list(scratch_dir, TPS_WALK_SKIP_USUAL, NULL);
    ck_assert_ptr_nonnull(paths);
    ck_assert_uint_eq(paths->len, 100000);
    for (guint i = 1; i < paths->len; i++)
        ck_assert_int_lt(strcmp(g_ptr_array_index(paths, i - 1), g_ptr_array_index(paths, i)), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("walk");
    TCase *tcase = tcase_create("walk");

    tcase_set_timeout(tcase, 280);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, nothing_is_found_in_nothing);
    tcase_add_test(tcase, names_come_in_the_order_of_their_bytes);
    tcase_add_test(tcase, what_is_usual_is_skipped_where_asked);
    tcase_add_test(tcase, links_to_files_are_files);
    tcase_add_test(tcase, the_root_may_be_a_link);
    tcase_add_test(tcase, what_is_no_directory_is_named);
    tcase_add_test(tcase, unreadable_directories_are_named);
    tcase_add_test(tcase, what_cannot_be_read_may_be_passed_by);
    tcase_add_test(tcase, depth_is_bounded);
    tcase_add_test(tcase, a_visitor_ends_the_walk);
    tcase_add_test(tcase, a_hundred_thousand_files);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
