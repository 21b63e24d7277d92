/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/files.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(bytes_go_both_ways)
{
    static const char bytes[] = "a\0b\n\xff";
    g_autofree char *path = scratch_path("f");
    g_autofree char *text = NULL;
    g_autofree char *digest = NULL;
    gsize length;

    ck_assert(tps_file_write(path, "longer before", 13, NULL));
    ck_assert(tps_file_write(path, bytes, sizeof bytes - 1, NULL));
    ck_assert(tps_file_read(path, &text, &length, NULL));
    ck_assert_uint_eq(length, sizeof bytes - 1);
    ck_assert_mem_eq(text, bytes, sizeof bytes);
    digest = tps_file_digest(path, NULL);
    ck_assert_uint_eq(strlen(digest), 64);
}
END_TEST

START_TEST(the_digest_is_sha256)
{
    g_autofree char *path = scratch_text("f", "abc");
    g_autofree char *digest = tps_file_digest(path, NULL);

    ck_assert_str_eq(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

/* Readers see the old or the new bytes, so no temporary file is left either. */
START_TEST(writing_leaves_one_file)
{
    g_autofree char *path = scratch_path("f");
    g_autoptr(GDir) dir = NULL;

    ck_assert(tps_file_write(path, "x", 1, NULL));
    ck_assert(tps_file_write(path, "y", 1, NULL));
    dir = g_dir_open(scratch_dir, 0, NULL);
    ck_assert_str_eq(g_dir_read_name(dir), "f");
    ck_assert_ptr_null(g_dir_read_name(dir));
}
END_TEST

START_TEST(a_pipe_is_written_to_and_stays)
{
    g_autofree char *path = scratch_path("pipe");
    char got[8] = "";
    GStatBuf info;
    int fd;

    ck_assert_int_eq(mkfifo(path, 0600), 0);
    fd = g_open(path, O_RDWR | O_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert(tps_file_write(path, "text", 4, NULL));
    ck_assert_int_eq(read(fd, got, sizeof got), 4);
    ck_assert_str_eq(got, "text");
    ck_assert_int_eq(g_stat(path, &info), 0);
    ck_assert(S_ISFIFO(info.st_mode));
    close(fd);
}
END_TEST

START_TEST(errors_name_the_file)
{
    g_autofree char *none = scratch_path("none/f");
    g_autofree char *below = scratch_path("file/below");
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize length;

    scratch_put("file", "x");
    ck_assert(!tps_file_read(none, &text, &length, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "none/f");
    ck_assert_ptr_null(tps_file_digest(none, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "none/f");
    ck_assert(!tps_file_write(none, "x", 1, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '");
    ck_assert(!tps_directory_make(below, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot make directory '");
    ck_assert(!tps_directory_remove(below, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot remove '");
}
END_TEST

START_TEST(links_are_removed_not_followed)
{
    g_autofree char *tree = scratch_path("tree/a/b");
    g_autofree char *top = scratch_path("tree");
    g_autofree char *link = scratch_path("tree/a/link");
    g_autofree char *outside = scratch_path("outside");
    g_autofree char *kept = NULL;

    ck_assert(tps_directory_make(tree, NULL));
    ck_assert(tps_directory_make(tree, NULL));
    ck_assert(tps_directory_make(outside, NULL));
    kept = scratch_text("outside/kept", "x");
    scratch_put("tree/a/b/f", "x");
    ck_assert_int_eq(symlink(outside, link), 0);
    ck_assert(tps_directory_remove(top, NULL));
    ck_assert(!g_file_test(top, G_FILE_TEST_EXISTS));
    ck_assert(g_file_test(kept, G_FILE_TEST_EXISTS));
    ck_assert(tps_directory_remove(top, NULL));
}
END_TEST

/* Each would hang or fill the memory if it were read like a file. */
static const struct {
    const char *kind;
    const char *message;
} odd_files[] = {
    {"missing", "No such file or directory"}, {"directory", "Is a directory"},
    {"pipe", "it is not a regular file"},     {"link to a device", "it is not a regular file"},
    {"huge", "it is larger than 1 GiB"},      {"link to itself", "symbolic links"},
};

static void make_odd(const char *path, const char *kind)
{
    if (strcmp(kind, "directory") == 0) {
        ck_assert_int_eq(g_mkdir(path, 0700), 0);
    } else if (strcmp(kind, "pipe") == 0) {
        ck_assert_int_eq(mkfifo(path, 0600), 0);
    } else if (strcmp(kind, "link to a device") == 0) {
        ck_assert_int_eq(symlink("/dev/zero", path), 0);
    } else if (strcmp(kind, "link to itself") == 0) {
        ck_assert_int_eq(symlink(path, path), 0);
    } else if (strcmp(kind, "huge") == 0) {
        ck_assert(g_file_set_contents(path, "x", 1, NULL));
        ck_assert_int_eq(truncate(path, (off_t)TPS_FILE_REGULAR_BYTES + 1), 0);
    }
}

START_TEST(only_regular_files_are_read_of_strangers)
{
    g_autofree char *path = scratch_path("odd");
    g_autofree char *text = NULL;
    gsize length = 7;
    GError *error = NULL;

    make_odd(path, odd_files[_i].kind);
    ck_assert(!tps_file_read_regular(path, &text, &length, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, odd_files[_i].message);
    ck_assert_ptr_null(text);
}
END_TEST

START_TEST(regular_files_are_read_through_links)
{
    g_autofree char *path = scratch_path("file");
    g_autofree char *link = scratch_path("link");
    g_autofree char *text = NULL;
    gsize length;

    ck_assert(g_file_set_contents(path, "a\0b", 3, NULL));
    ck_assert_int_eq(symlink(path, link), 0);
    ck_assert(tps_file_read_regular(link, &text, &length, NULL));
    ck_assert_uint_eq(length, 3);
    ck_assert_mem_eq(text, "a\0b", 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("files");
    TCase *tcase = tcase_create("files");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, bytes_go_both_ways);
    tcase_add_test(tcase, the_digest_is_sha256);
    tcase_add_test(tcase, writing_leaves_one_file);
    tcase_add_test(tcase, a_pipe_is_written_to_and_stays);
    tcase_add_test(tcase, errors_name_the_file);
    tcase_add_test(tcase, links_are_removed_not_followed);
    tcase_add_loop_test(tcase, only_regular_files_are_read_of_strangers, 0,
                        G_N_ELEMENTS(odd_files));
    tcase_add_test(tcase, regular_files_are_read_through_links);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
