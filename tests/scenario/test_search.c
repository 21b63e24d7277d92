/* SPDX-License-Identifier: MIT */
#include "scenario/search.h"

#include "tests/scratch.h"
#include "tests/unit.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#define CHUNK ((size_t)64 * 1024)

START_TEST(test_what_is_no_file)
{
    g_autofree char *missing = scratch_path("missing");
    g_autofree char *fifo = scratch_path("fifo");

    ck_assert_int_eq(tps_search_file(missing, "x"), -1);
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_int_eq(tps_search_file(scratch_dir, "x"), -1);
    ck_assert_int_eq(errno, EISDIR);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    ck_assert_int_eq(tps_search_file(fifo, "x"), -1);
    ck_assert_int_eq(errno, EINVAL);
}
END_TEST

/* Wherever a text lies across the pieces that are read. */
START_TEST(test_across_chunks)
{
    static const char needle[] = "a needle";

    for (size_t at = CHUNK - sizeof needle; at <= CHUNK + 1; at++) {
        g_autofree char *bytes = g_malloc0(3 * CHUNK);
        g_autofree char *path = NULL;

        memcpy(bytes + at, needle, strlen(needle));
        path = scratch_write("hay", bytes, 3 * CHUNK);
        ck_assert_int_eq(tps_search_file(path, needle), 1);
        ck_assert_int_eq(tps_search_file(path, "a noodle"), 0);
    }
}
END_TEST

START_TEST(test_long_text)
{
    g_autofree char *text = g_strnfill(3 * CHUNK, 'x');
    g_autofree char *path = scratch_write("hay", text, 3 * CHUNK);
    g_autofree char *longer = g_strconcat(text, "x", NULL);

    ck_assert_int_eq(tps_search_file(path, text), 1);
    ck_assert_int_eq(tps_search_file(path, longer), 0);
    ck_assert_int_eq(tps_search_file(path, text + 1), 1);
}
END_TEST

START_TEST(test_small_excerpt)
{
    g_autofree char *path = scratch_write("small", "a\0b\n\xff", 5);
    size_t bytes = 0;
    g_autofree char *text = tps_search_excerpt(path, 64, &bytes);

    ck_assert_str_eq(text, "a^@b\n\xff");
    ck_assert_uint_eq(bytes, 5);
}
END_TEST

/* Both ends are whole lines, and the number of bytes between them is right. */
START_TEST(test_ends_of_lines)
{
    GString *all = g_string_new(NULL);
    g_autofree char *path = NULL;
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    size_t bytes = 0;

    for (int i = 0; i < 1000; i++)
        g_string_append_printf(all, "line %d\n", i);
    path = scratch_write("large", all->str, all->len);
    text = tps_search_excerpt(path, 100, &bytes);
    ck_assert_uint_eq(bytes, all->len);
    lines = g_strsplit(text, "\n", -1);
    ck_assert_str_eq(lines[0], "line 0");
    ck_assert_str_eq(lines[2], "line 2");
    ck_assert_str_eq(lines[3], "[... 8797 bytes are left out ...]");
    ck_assert_str_eq(lines[4], "line 992");
    ck_assert_str_eq(lines[11], "line 999");
    ck_assert_uint_eq(all->len, 8797 + 3 * strlen("line 0\n") + 8 * strlen("line 999\n"));
    g_string_free(all, TRUE);
}
END_TEST

/* A line without an end is cut between characters. */
START_TEST(test_ends_of_characters)
{
    GString *all = g_string_new(NULL);

    for (int i = 0; i < 1000; i++)
        g_string_append(all, "\xe2\x82\xac");
    for (size_t most = 64; most < 80; most++) {
        g_autofree char *path = scratch_write("large", all->str, all->len);
        size_t bytes = 0;
        g_autofree char *text = tps_search_excerpt(path, most, &bytes);

        ck_assert(g_utf8_validate(text, -1, NULL));
        ck_assert_ptr_nonnull(strstr(text, "bytes are left out"));
    }
    g_string_free(all, TRUE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario/search");
    TCase *tcase = tcase_create("search");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, test_what_is_no_file);
    tcase_add_test(tcase, test_across_chunks);
    tcase_add_test(tcase, test_long_text);
    tcase_add_test(tcase, test_small_excerpt);
    tcase_add_test(tcase, test_ends_of_lines);
    tcase_add_test(tcase, test_ends_of_characters);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
