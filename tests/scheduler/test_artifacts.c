/* SPDX-License-Identifier: MIT */
#include "core/names.h"
#include "formats/beneath.h"
#include "scheduler/artifacts.h"
#include "tests/reports.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below the scratch directory: what a task left there. */
static void make_tree(void)
{
    static const char *const directories[] = {"d", "d/e", ".hidden", "[x]"};
    static const char *const files[] = {"a.xml",   "b.xml",         "d/a.xml",   "d/e/a.xml",
                                        "d/e/log", ".hidden/a.xml", "[x]/a*.xml"};

    for (size_t i = 0; i < G_N_ELEMENTS(directories); i++) {
        g_autofree char *path = scratch_path(directories[i]);

        ck_assert_int_eq(mkdir(path, 0700), 0);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        scratch_put(files[i], files[i]);
}

static void link_to(const char *target, const char *name)
{
    g_autofree char *path = scratch_path(name);

    ck_assert_int_eq(symlink(target, path), 0);
}

typedef struct {
    const char *pattern;
    const char *found; /* in the order of their bytes */
} Find;

static const Find finds[] = {
    {"a.xml", "a.xml "},
    {"none.xml", ""},
    {"*.xml", "a.xml b.xml "},
    {"d/*", "d/a.xml "},
    {"?/a.xml", "d/a.xml "},
    {"*/e/*", "d/e/a.xml d/e/log "},
    {"**/a.xml", "a.xml d/a.xml d/e/a.xml "},
    {"d/**", "d/a.xml d/e/a.xml d/e/log "},
    {"d/**/a.xml", "d/a.xml d/e/a.xml "},
    {".hidden/*.xml", ".hidden/a.xml "},
    {"\\[x]/a\\*.xml", "[x]/a*.xml "},
    {"d", ""},     /* a directory                       */
    {"l.xml", ""}, /* a link to a file                  */
    {"out/*", ""}, /* a directory behind a link         */
    {"out/passwd", ""},
    {"fifo", ""},
    {"[a", ""},
};

START_TEST(finds_regular_files)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *fifo = scratch_path("fifo");

    make_tree();
    link_to("a.xml", "l.xml");
    link_to("/etc", "out");
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    tps_artifacts_find(scratch_dir, finds[_i].pattern, found);
    for (guint i = 0; i < found->len; i++)
        g_string_append_printf(text, "%s ", (const char *)g_ptr_array_index(found, i));
    ck_assert_msg(strcmp(text->str, finds[_i].found) == 0, "%s: %s", finds[_i].pattern, text->str);
}
END_TEST

static TpsSuite *suite_new(const char *pattern, bool required)
{
    TpsSuite *suite = tps_suite_new("s", "command");

    g_free(suite->cwd);
    suite->cwd = g_strdup(scratch_dir);
    tps_artifact_rules_add(suite->artifacts, pattern, required);
    return suite;
}

static char *describe(const TpsPartReport *report)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < report->artifacts->len; i++) {
        const TpsArtifact *artifact = g_ptr_array_index(report->artifacts, i);

        g_string_append_printf(text, "%s %d%s\n", artifact->path, (int)artifact->size,
                               artifact->required ? " required" : "");
    }
    for (guint i = 0; i < report->problems->len; i++)
        g_string_append_printf(text, "! %s\n",
                               (const char *)g_ptr_array_index(report->problems, i));
    return g_string_free(text, FALSE);
}

/* What a task did between the two looks. */
typedef struct {
    const char *name;
    const char *pattern;
    bool required;
    void (*act)(void);
    const char *told;
} Take;

static void nothing(void)
{
}

static void write_new(void)
{
    scratch_put("new.xml", "12345");
}

static void write_old(void)
{
    scratch_put("a.xml", "a.xml"); /* the same bytes again */
}

static void write_own(void)
{
    scratch_put("kept/a.xml", "own");
    scratch_put("kept/other", "");
}

static void write_both(void)
{
    scratch_put("new.xml", "12345");
    scratch_put("kept/new.xml", "own");
}

static void make_links(void)
{
    link_to("/etc/passwd", "new.xml");
    link_to("/etc/passwd", "kept/link.xml");
    link_to("/etc", "kept/etc");
}

static void lock_up(void)
{
    g_autofree char *path = scratch_text("new.xml", "12345");

    ck_assert_int_eq(chmod(path, 0), 0);
}

static const Take takes[] = {
    {"nothing", "*.xml", false, nothing, ""},
    {"nothing, and it is required", "*.xml", true, nothing, "! its artifact '*.xml' is missing\n"},
    {"a new file", "*.xml", true, write_new, "new.xml 5 required\n"},
    {"an old one, written anew", "*.xml", false, write_old, "a.xml 5\n"},
    {"into its own directory", "a.xml", true, write_own, "a.xml 3 required\nother 0\n"},
    {"here and there", "*.xml", false, write_both, "new.xml 3\n"},
    {"links", "new.xml", true, make_links, "! its artifact 'new.xml' is missing\n"},
    {"what can't be read", "new.xml", false, lock_up,
     "! its artifact 'new.xml' can't be kept: Permission denied\n"},
};

START_TEST(takes_what_is_new)
{
    const Take *c = &takes[_i];
    g_autoptr(TpsSuite) suite = NULL;
    g_autoptr(TpsArtifactWatch) watch = NULL;
    g_autoptr(TpsPartReport) report = tps_part_report_new("s", (TpsPart){0, 1});
    g_autofree char *kept = scratch_path("kept");
    g_autofree char *told = NULL;

    if (c->act == lock_up && geteuid() == 0)
        return;
    make_tree();
    suite = suite_new(c->pattern, c->required);
    watch = tps_artifact_watch_new(suite, kept, NULL);
    ck_assert_ptr_nonnull(watch);
    c->act();
    tps_artifact_watch_take(watch, 0, report);
    told = describe(report);
    ck_assert_msg(strcmp(told, c->told) == 0, "%s: %s", c->name, told);
    ck_assert(report->artifacts->len > 0 || c->act == make_links ||
              !g_file_test(kept, G_FILE_TEST_EXISTS));
}
END_TEST

static const char *const outer_paths[] = {"",     "/a", "../a", "a/../b", "a/..", ".",
                                          "a//b", "a/", "./a",  "..",     "a/./b"};

START_TEST(outer_paths_are_refused)
{
    int directory = open(scratch_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    ck_assert(!tps_path_is_inner(outer_paths[_i]));
    ck_assert_int_lt(tps_beneath_open(directory, outer_paths[_i], NULL), 0);
    ck_assert_int_eq(errno, EINVAL);
    ck_assert_int_lt(tps_beneath_create(directory, outer_paths[_i]), 0);
    ck_assert_int_eq(errno, EINVAL);
    close(directory);
}
END_TEST

START_TEST(inner_paths_are_taken)
{
    int directory = open(scratch_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int file = tps_beneath_create(directory, "a/..b/c.d");

    ck_assert_int_ge(file, 0);
    close(file);
    ck_assert_int_lt(tps_beneath_create(directory, "a/..b/c.d"), 0);
    ck_assert_int_eq(errno, EEXIST);
    file = tps_beneath_open(directory, "a/..b/c.d", NULL);
    ck_assert_int_ge(file, 0);
    close(file);
    close(directory);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scheduler/artifacts");
    TCase *tcase = tcase_create("artifacts");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, finds_regular_files, 0, G_N_ELEMENTS(finds));
    tcase_add_loop_test(tcase, takes_what_is_new, 0, G_N_ELEMENTS(takes));
    tcase_add_loop_test(tcase, outer_paths_are_refused, 0, G_N_ELEMENTS(outer_paths));
    tcase_add_test(tcase, inner_paths_are_taken);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
