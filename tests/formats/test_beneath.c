/* SPDX-License-Identifier: MIT */
#include "core/artifact.h"
#include "formats/beneath.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *path;
    bool stays;
} places[] = {
    {"a", true},     {"a/b.c/..d", true}, {"...", true},     {"", false},
    {"/", false},    {"/a", false},       {"a/", false},     {"a//b", false},
    {".", false},    {"./a", false},      {"a/./b", false},  {"..", false},
    {"../a", false}, {"a/..", false},     {"a/../b", false}, {"a/../../b", false},
};

START_TEST(stays_below)
{
    ck_assert_msg(tps_path_is_inner(places[_i].path) == places[_i].stays, "%s", places[_i].path);
}
END_TEST

START_TEST(opens_below)
{
    g_autofree char *dir = scratch_path("dir");
    g_autofree char *out = scratch_path("dir/out");
    g_autofree char *to_file = scratch_path("dir/link");
    int directory;
    int file;

    ck_assert_int_eq(mkdir(dir, 0777), 0);
    g_free(scratch_text("dir/file", "x"));
    g_free(scratch_text("secret", "x"));
    ck_assert_int_eq(symlink("../secret", to_file), 0);
    ck_assert_int_eq(symlink("..", out), 0);
    directory = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    file = tps_beneath_open(directory, "file", NULL);
    ck_assert_int_ge(file, 0);
    close(file);
    ck_assert_int_eq(tps_beneath_open(directory, "link", NULL), -1);
    ck_assert_int_eq(tps_beneath_open(directory, "out/secret", NULL), -1);
    ck_assert_int_eq(tps_beneath_open(directory, "../secret", NULL), -1);
    ck_assert_int_eq(tps_beneath_open(directory, "nothing", NULL), -1);
    close(directory);
}
END_TEST

/* A file that grows by what is read of it has no end of its own. */
START_TEST(copies_what_was_there)
{
    g_autofree char *path = scratch_text("log", "abc");
    g_autofree char *abc = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "abc", -1);
    g_autofree char *bc = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "bc", -1);
    g_autofree char *whole = NULL;
    g_autofree char *rest = NULL;
    int from = open(path, O_RDONLY | O_CLOEXEC);
    int to = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    int64_t size;

    whole = tps_copy_digest(from, to, &size);
    ck_assert_str_eq(whole, abc);
    ck_assert_int_eq(size, 3);
    ck_assert_int_eq(ftruncate(to, 3), 0);
    ck_assert_int_eq(lseek(from, 1, SEEK_SET), 1);
    rest = tps_copy_digest(from, to, &size);
    ck_assert_str_eq(rest, bc);
    ck_assert_int_eq(size, 2);
    close(from);
    close(to);
}
END_TEST

static Suite *beneath_suite(void)
{
    Suite *suite = suite_create("beneath");
    TCase *tcase = tcase_create("beneath");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, stays_below, 0, G_N_ELEMENTS(places));
    tcase_add_test(tcase, opens_below);
    tcase_add_test(tcase, copies_what_was_there);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return unit_main(beneath_suite());
}
