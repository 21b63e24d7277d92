/* SPDX-License-Identifier: MIT */
#include "formats/remove.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static bool exists(const char *path)
{
    GStatBuf status;

    return g_lstat(path, &status) == 0;
}

static void put(int directory, const char *name)
{
    int file = openat(directory, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    ck_assert_int_ge(file, 0);
    close(file);
}

START_TEST(test_what_is_not_there)
{
    g_autofree char *path = scratch_path("nothing");
    g_autofree char *below = scratch_path("nothing/below");

    ck_assert_int_eq(tps_remove(AT_FDCWD, path), 0);
    ck_assert_int_eq(tps_remove(AT_FDCWD, below), 0);
}
END_TEST

START_TEST(test_links_are_not_followed)
{
    g_autofree char *outside = scratch_path("outside");
    g_autofree char *kept = scratch_text("outside-file", "kept");
    g_autofree char *tree = scratch_path("tree");
    g_autofree char *link = scratch_path("tree/link");
    g_autofree char *file_link = scratch_path("tree/file-link");
    g_autofree char *top_link = scratch_path("top-link");

    ck_assert_int_eq(g_mkdir(outside, 0700), 0);
    ck_assert_int_eq(g_mkdir(tree, 0700), 0);
    ck_assert_int_eq(symlink(outside, link), 0);
    ck_assert_int_eq(symlink(kept, file_link), 0);
    ck_assert_int_eq(symlink(outside, top_link), 0);
    ck_assert_int_eq(tps_remove(AT_FDCWD, tree), 0);
    ck_assert_int_eq(tps_remove(AT_FDCWD, top_link), 0);
    ck_assert(!exists(tree) && !exists(top_link));
    ck_assert(exists(outside) && exists(kept));
}
END_TEST

/* As root permissions say nothing, so the child that runs the test becomes somebody else. */
START_TEST(test_without_permissions)
{
    g_autofree char *tree = scratch_path("tree");
    g_autofree char *none = scratch_path("tree/none");
    g_autofree char *inner = scratch_path("tree/none/inner");
    g_autofree char *read_only = scratch_path("tree/read-only");
    g_autofree char *file = scratch_path("tree/read-only/file");

    ck_assert_int_eq(chmod(scratch_dir, 0777), 0);
    if (geteuid() == 0)
        ck_assert_int_eq(seteuid(65534), 0);
    ck_assert_int_eq(g_mkdir(tree, 0700), 0);
    ck_assert_int_eq(g_mkdir(none, 0700), 0);
    ck_assert_int_eq(g_mkdir(inner, 0), 0);
    ck_assert_int_eq(g_mkdir(read_only, 0700), 0);
    put(AT_FDCWD, file);
    ck_assert_int_eq(chmod(read_only, 0500), 0);
    ck_assert_int_eq(chmod(none, 0), 0);
    ck_assert_int_eq(chmod(tree, 0), 0);
    ck_assert_int_eq(tps_remove(AT_FDCWD, tree), 0);
    ck_assert(!exists(tree));
    if (getuid() == 0)
        ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

static void make_deep(const char *path, int depth, bool locked)
{
    int here = -1;

    ck_assert_int_eq(g_mkdir(path, 0700), 0);
    here = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < depth; i++) {
        int below;

        put(here, "file");
        ck_assert_int_eq(mkdirat(here, "below", 0700), 0);
        below = openat(here, "below", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ck_assert_int_ge(below, 0);
        if (locked)
            ck_assert_int_eq(fchmod(here, 0500), 0);
        close(here);
        here = below;
    }
    close(here);
}

/* Deeper than PATH_MAX, and than descriptors last. */
START_TEST(test_deep)
{
    g_autofree char *tree = scratch_path("tree");
    struct rlimit files = {.rlim_cur = 64, .rlim_max = 64};

    make_deep(tree, 3000, _i == 1);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
    ck_assert_int_eq(tps_remove(AT_FDCWD, tree), 0);
    ck_assert(!exists(tree));
}
END_TEST

START_TEST(test_many)
{
    g_autofree char *tree = scratch_path("tree");
    int directory;

    ck_assert_int_eq(g_mkdir(tree, 0700), 0);
    directory = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < 3000; i++) {
        g_autofree char *name = g_strdup_printf("%0200d", i);

        put(directory, name);
    }
    ck_assert_int_eq(tps_directory_is_empty(directory), 0);
    close(directory);
    ck_assert_int_eq(tps_remove(AT_FDCWD, tree), 0);
    ck_assert(!exists(tree));
}
END_TEST

START_TEST(test_is_empty)
{
    int directory = open(scratch_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    ck_assert_int_eq(tps_directory_is_empty(directory), 1);
    put(directory, ".hidden");
    ck_assert_int_eq(tps_directory_is_empty(directory), 0);
    ck_assert_int_eq(tps_directory_is_empty(directory), 0);
    ck_assert_int_eq(unlinkat(directory, ".hidden", 0), 0);
    ck_assert_int_eq(tps_directory_is_empty(directory), 1);
    close(directory);
    ck_assert_int_eq(tps_directory_is_empty(-1), -1);
}
END_TEST

typedef struct {
    const char *tree;
    const char *outside;
    atomic_bool over;
} Swapper;

/* A directory turns into a link to the outside and back, as fast as it can. */
static void *swap(void *data)
{
    Swapper *swapper = data;
    g_autofree char *name = g_build_filename(swapper->tree, "name", NULL);

    while (!atomic_load(&swapper->over)) {
        if (g_mkdir(name, 0700) == 0)
            g_rmdir(name);
        if (symlink(swapper->outside, name) == 0)
            unlink(name);
    }
    return NULL;
}

START_TEST(test_swapped_meanwhile)
{
    g_autofree char *tree = scratch_path("tree");
    g_autofree char *outside = scratch_path("outside");
    g_autofree char *kept = scratch_path("outside/kept");
    Swapper swapper = {.tree = tree, .outside = outside};
    pthread_t thread;

    ck_assert_int_eq(g_mkdir(outside, 0700), 0);
    put(AT_FDCWD, kept);
    ck_assert_int_eq(pthread_create(&thread, NULL, swap, &swapper), 0);
    for (int i = 0; i < 2000; i++) {
        ck_assert(g_mkdir(tree, 0700) == 0 || errno == EEXIST);
        tps_remove(AT_FDCWD, tree);
    }
    atomic_store(&swapper.over, true);
    pthread_join(thread, NULL);
    ck_assert(exists(kept));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("remove");
    TCase *tcase = tcase_create("remove");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, test_what_is_not_there);
    tcase_add_test(tcase, test_links_are_not_followed);
    tcase_add_test(tcase, test_without_permissions);
    tcase_add_loop_test(tcase, test_deep, 0, 2);
    tcase_add_test(tcase, test_many);
    tcase_add_test(tcase, test_is_empty);
    tcase_add_test(tcase, test_swapped_meanwhile);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
