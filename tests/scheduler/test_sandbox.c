/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "scheduler/sandbox.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static TpsSandboxes *sandboxes;

static TpsSandboxes *new_sandboxes(int n_slots, GError **error)
{
    g_autoptr(TpsSandboxes) made = tps_sandboxes_new(n_slots, error);

    return made && tps_sandboxes_make(made, error) ? g_steal_pointer(&made) : NULL;
}

static void make(void)
{
    GError *error = NULL;

    scratch_make();
    g_setenv("TMPDIR", scratch_dir, TRUE);
    sandboxes = new_sandboxes(3, &error);
    ck_assert_msg(sandboxes != NULL, "%s", error ? error->message : "");
}

static void clean(void)
{
    g_clear_pointer(&sandboxes, tps_sandboxes_free);
    scratch_remove();
}

/* How many entries. */
static guint count(const char *path)
{
    g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
    guint n = 0;

    while (entries && g_dir_read_name(entries))
        n++;
    return n;
}

static char *enter(int slot)
{
    GError *error = NULL;
    const char *path = tps_sandbox_enter(sandboxes, slot, &error);
    struct stat status;

    ck_assert_msg(path != NULL, "%s", error ? error->message : "");
    ck_assert_int_eq(lstat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode, S_IFDIR | 0700);
    ck_assert_uint_eq(count(path), 0);
    return g_strdup(path);
}

static void write_in(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    ck_assert(g_file_set_contents(path, "x", 1, NULL));
}

START_TEST(test_serves_again_while_empty)
{
    g_autofree char *first = enter(1);
    g_autofree char *other = enter(2);
    g_autofree char *second = NULL;

    ck_assert(g_str_has_suffix(first, "/1.0"));
    ck_assert_str_ne(first, other);
    tps_sandbox_leave(sandboxes, 1);
    second = enter(1);
    ck_assert_str_eq(first, second);
}
END_TEST

static void leave_file(const char *path)
{
    write_in(path, ".hidden");
}

static void leave_mode(const char *path)
{
    ck_assert_int_eq(chmod(path, 0500), 0);
}

static void leave_nothing(const char *path)
{
    ck_assert_int_eq(g_rmdir(path), 0);
}

/* It would seem to be empty. */
static void leave_another(const char *path)
{
    g_autofree char *away = g_strconcat(path, ".away", NULL);

    ck_assert_int_eq(g_rename(path, away), 0);
    ck_assert_int_eq(g_mkdir(path, 0700), 0);
}

static void leave_link(const char *path)
{
    ck_assert_int_eq(g_rmdir(path), 0);
    ck_assert_int_eq(symlink("/", path), 0);
}

static void (*const leaves[])(const char *path) = {
    leave_file, leave_mode, leave_nothing, leave_another, leave_link,
};

START_TEST(test_another_after_what_is_left)
{
    g_autofree char *first = enter(0);
    g_autofree char *second = NULL;
    struct stat status;

    leaves[_i](first);
    tps_sandbox_leave(sandboxes, 0);
    ck_assert_int_lt(lstat(first, &status), 0);
    second = enter(0);
    ck_assert_str_ne(first, second);
    ck_assert_uint_eq(tps_sandboxes_problems(sandboxes)->len, 0);
}
END_TEST

START_TEST(test_a_taken_name_is_passed_over)
{
    g_autofree char *first = enter(0);
    g_autofree char *base = g_path_get_dirname(first);
    g_autofree char *second = NULL;

    write_in(base, "0.1");
    write_in(first, "file");
    tps_sandbox_leave(sandboxes, 0);
    second = enter(0);
    ck_assert(g_str_has_suffix(second, "/0.2"));
}
END_TEST

START_TEST(test_all_are_gone)
{
    g_autofree char *first = enter(0);
    g_autofree char *base = g_path_get_dirname(first);
    g_autofree char *idle = enter(1);
    g_autofree char *second = NULL;
    g_autofree char *third = NULL;

    tps_sandbox_leave(sandboxes, 1);
    ck_assert_int_eq(g_rmdir(idle), 0);
    ck_assert_int_eq(g_rmdir(first), 0);
    ck_assert_int_eq(g_rmdir(base), 0);
    second = enter(1);
    tps_sandbox_leave(sandboxes, 0);
    third = enter(0);
    ck_assert_str_ne(second, third);
    ck_assert_uint_eq(count(base), 2);
}
END_TEST

START_TEST(test_kept)
{
    g_autofree char *first = enter(0);
    g_autofree char *to = scratch_path("kept");
    g_autofree char *file = scratch_path("kept/file");
    g_autofree char *where = NULL;

    ck_assert_ptr_null(tps_sandbox_keep(sandboxes, 0, to));
    write_in(first, "file");
    where = tps_sandbox_keep(sandboxes, 0, to);
    ck_assert_str_eq(where, to);
    ck_assert(g_file_test(file, G_FILE_TEST_EXISTS));
    g_free(enter(0));
}
END_TEST

/* Where it can't be moved it stays, and no later run takes it for left over. */
START_TEST(test_kept_in_place)
{
    g_autofree char *first = enter(0);
    g_autofree char *base = g_path_get_dirname(first);
    g_autofree char *to = scratch_path("nowhere/kept");
    g_autofree char *where = NULL;

    write_in(first, "file");
    where = tps_sandbox_keep(sandboxes, 0, to);
    ck_assert_str_eq(where, first);
    g_free(enter(0));
    tps_sandboxes_free(sandboxes);
    sandboxes = new_sandboxes(1, NULL);
    ck_assert_ptr_nonnull(sandboxes);
    ck_assert_uint_eq(count(first), 1);
    ck_assert_uint_eq(count(scratch_dir), 2);
    ck_assert(g_str_has_prefix(base, scratch_dir));
}
END_TEST

/* The slot has another one while processes may use the former. */
START_TEST(test_detached)
{
    g_autofree char *first = enter(0);
    TpsSandbox *detached = tps_sandbox_detach(sandboxes, 0);
    g_autofree char *second = enter(0);
    g_autofree char *kept = g_build_filename(scratch_dir, "kept", NULL);
    g_autofree char *where = NULL;

    ck_assert_str_ne(first, second);
    write_in(first, "late");
    tps_sandbox_leave(sandboxes, 0);
    ck_assert_uint_eq(count(first), 1);
    tps_sandbox_leave_detached(sandboxes, detached);
    ck_assert(!g_file_test(first, G_FILE_TEST_EXISTS));
    ck_assert(g_file_test(second, G_FILE_TEST_IS_DIR));
    write_in(second, "it");
    detached = tps_sandbox_detach(sandboxes, 0);
    where = tps_sandbox_keep_detached(sandboxes, detached, kept);
    ck_assert_str_eq(where, kept);
    ck_assert_uint_eq(count(kept), 1);
    ck_assert_ptr_null(tps_sandbox_detach(sandboxes, 0));
}
END_TEST

START_TEST(test_nothing_is_left)
{
    g_autofree char *first = enter(0);

    g_free(enter(1));
    write_in(first, "file");
    ck_assert_uint_eq(count(scratch_dir), 1);
    g_clear_pointer(&sandboxes, tps_sandboxes_free);
    ck_assert_uint_eq(count(scratch_dir), 0);
}
END_TEST

/* A base as a run leaves it that was killed with everything it had. */
static char *make_leftover(const char *name, mode_t mode, const char *file)
{
    char *path = scratch_path(name);
    g_autofree char *slot = g_build_filename(path, "3.14", NULL);

    ck_assert_int_eq(g_mkdir(path, 0700), 0);
    ck_assert_int_eq(g_mkdir(slot, 0700), 0);
    write_in(slot, "file");
    if (file)
        write_in(path, file);
    ck_assert_int_eq(chmod(path, mode), 0);
    return path;
}

static const struct {
    const char *name;
    mode_t mode;
    const char *file;
    bool swept;
} leftovers[] = {
    {"tpsched-dead00", 0700, NULL, true},
    {"tpsched-open00", 0755, NULL, false},
    {"tpsched-report", 0700, "plan.json", false},
    {"tpsched-report", 0700, "1.", false},
    {"tpsched-report", 0700, ".1", false},
    {"tpsched-report", 0700, "1.2.3", false},
    {"tpsched-kept00", 0700, "kept", false},
    {"tpsched-longer0", 0700, NULL, false},
    {"other", 0700, NULL, false},
};

START_TEST(test_left_over_bases_are_swept)
{
    g_autofree char *path =
        make_leftover(leftovers[_i].name, leftovers[_i].mode, leftovers[_i].file);
    TpsSandboxes *second = new_sandboxes(1, NULL); /* the first one is alive as well */

    ck_assert_ptr_nonnull(second);
    ck_assert_int_eq(g_file_test(path, G_FILE_TEST_EXISTS), !leftovers[_i].swept);
    g_free(enter(0));
    tps_sandboxes_free(second);
}
END_TEST

START_TEST(test_living_bases_are_not)
{
    g_autofree char *path = make_leftover("tpsched-alive0", 0700, NULL);
    int file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    TpsSandboxes *second;

    ck_assert_int_eq(flock(file, LOCK_EX), 0);
    second = new_sandboxes(1, NULL);
    ck_assert_ptr_nonnull(second);
    ck_assert(g_file_test(path, G_FILE_TEST_EXISTS));
    tps_sandboxes_free(second);
    close(file);
}
END_TEST

START_TEST(test_no_place)
{
    GError *error = NULL;
    g_autofree char *nowhere = scratch_path("nowhere");

    g_setenv("TMPDIR", nowhere, TRUE);
    ck_assert_ptr_null(new_sandboxes(1, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "nowhere");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sandbox");
    TCase *tcase = tcase_create("sandbox");

    tcase_add_checked_fixture(tcase, make, clean);
    tcase_add_test(tcase, test_serves_again_while_empty);
    tcase_add_loop_test(tcase, test_another_after_what_is_left, 0, G_N_ELEMENTS(leaves));
    tcase_add_test(tcase, test_a_taken_name_is_passed_over);
    tcase_add_test(tcase, test_all_are_gone);
    tcase_add_test(tcase, test_kept);
    tcase_add_test(tcase, test_detached);
    tcase_add_test(tcase, test_kept_in_place);
    tcase_add_test(tcase, test_nothing_is_left);
    tcase_add_loop_test(tcase, test_left_over_bases_are_swept, 0, G_N_ELEMENTS(leftovers));
    tcase_add_test(tcase, test_living_bases_are_not);
    tcase_add_test(tcase, test_no_place);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
