/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/journal.h"
#include "scheduler/collect.h"
#include "scheduler/merge.h"
#include "tests/reports.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define JUNIT "<testsuite name='s'><testcase classname='s' name='x' time='1'/></testsuite>"

static void make_directory(const char *name)
{
    g_autofree char *path = scratch_path(name);

    ck_assert(tps_directory_make(path, NULL));
}

/* A journal of the reports of some suites, "a b". */
static void make_journal(const char *name, const char *suites)
{
    g_auto(GStrv) words = g_strsplit(suites, " ", -1);
    g_autoptr(GString) text = g_string_new(NULL);

    for (char **suite = words; *suite; suite++) {
        g_autoptr(TpsPartReport) report = report_new(*suite, (TpsPart){0, 1}, "x", "x:p:1", 1);
        g_autoptr(GString) line = tps_record_format_report(report);

        g_string_append(text, line->str);
    }
    scratch_put(name, text->str);
}

/*
 * run/ has the journal of a and b, with a raw report of a; run/report.xml is the merged one;
 * raw/ has two foreign reports and other files; links point out of raw/link.
 */
static void make_tree(void)
{
    g_autofree char *target = NULL;
    g_autofree char *link = NULL;

    make_directory("run/parts/a");
    make_directory("elsewhere/c");
    make_journal("run/journal.jsonl", "a b");
    make_journal("elsewhere/c/journal.jsonl", "c");
    make_journal("copy.jsonl", "b");
    scratch_put("run/parts/a/raw.xml", JUNIT);
    scratch_put("run/report.xml", JUNIT);
    make_directory("raw/sub");
    make_directory("links");
    make_directory("empty");
    scratch_put("raw/1.xml", JUNIT);
    scratch_put("raw/sub/2.xml", "<testsuite name='t'/>");
    scratch_put("raw/notes.txt", "no report");
    target = scratch_path("elsewhere");
    link = scratch_path("links/to");
    ck_assert_int_eq(symlink(target, link), 0);
}

/* Paths from words, collected; names of what was found. */
typedef struct {
    const char *name;
    const char *paths;
    const char *parts;
    const char *loose;
} Case;

static const Case cases[] = {
    {"no path", "", "", ""},
    {"a run", "run", "a b ", ""},
    {"a journal", "run/journal.jsonl", "a b ", ""},
    {"a journal with another name", "copy.jsonl", "b ", ""},
    {"the frameworks' reports alone", "run/parts", "", "raw.xml:s "},
    {"a merged report by its name", "run/report.xml", "", "report.xml:s "},
    {"a raw report by its name", "run/parts/a/raw.xml", "", "raw.xml:s "},
    {"foreign reports", "raw", "", "1.xml:s 2.xml:t "},
    {"a foreign file", "raw/1.xml", "", "1.xml:s "},
    {"the same file twice", "raw/1.xml raw/1.xml raw/sub/../1.xml raw", "", "1.xml:s 2.xml:t "},
    {"the same journal twice", "run run/journal.jsonl run/parts/../journal.jsonl", "a b ", ""},
    {"a copy of it", "run copy.jsonl", "b a b ", ""},
    {"both kinds", "raw run", "a b ", "1.xml:s 2.xml:t "},
    {"links are not followed", "links", "", ""},
    {"a link that is named is", "links/to", "c ", ""},
    {"an empty directory", "empty", "", ""},
    {"everything", ".", "b c a b ", ""},
};

static char *describe_parts(const TpsCollection *collection)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < collection->parts->len; i++)
        g_string_append_printf(text, "%s ",
                               ((TpsPartReport *)g_ptr_array_index(collection->parts, i))->suite);
    return g_string_free(text, FALSE);
}

static char *describe_loose(const TpsCollection *collection)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < collection->loose->len; i++) {
        const TpsLooseReport *report = g_ptr_array_index(collection->loose, i);
        g_autofree char *name = g_path_get_basename(report->origin);

        g_string_append_printf(text, "%s:%s ", name, report->suite);
    }
    return g_string_free(text, FALSE);
}

static TpsCollection *collect(const char *words, GError **error)
{
    g_auto(GStrv) names = g_strsplit(words, " ", -1);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

    for (char **name = names; *name; name++)
        if (**name)
            g_ptr_array_add(paths, scratch_path(*name));
    g_ptr_array_add(paths, NULL);
    return tps_collect((const char *const *)paths->pdata, error);
}

START_TEST(finds)
{
    const Case *c = &cases[_i];
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsCollection) collection = NULL;
    g_autofree char *parts = NULL;
    g_autofree char *loose = NULL;

    make_tree();
    collection = collect(c->paths, &error);
    ck_assert_msg(collection != NULL, "%s: %s", c->name, error ? error->message : "");
    parts = describe_parts(collection);
    loose = describe_loose(collection);
    ck_assert_msg(strcmp(parts, c->parts) == 0, "%s: %s", c->name, parts);
    ck_assert_msg(strcmp(loose, c->loose) == 0, "%s: %s", c->name, loose);
    ck_assert_uint_eq(collection->problems->len, 0);
}
END_TEST

START_TEST(a_missing_path_is_an_error)
{
    g_autoptr(GError) error = NULL;

    make_tree();
    ck_assert_ptr_null(collect("run none", &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "none': No such file or directory");
}
END_TEST

START_TEST(what_is_damaged_is_a_problem)
{
    g_autoptr(TpsCollection) collection = NULL;

    make_tree();
    scratch_put("run/journal.jsonl", "{}\n");
    scratch_put("raw/1.xml", "<testsuite name='s'><testcase");
    collection = collect("run raw", NULL);
    ck_assert_uint_eq(collection->problems->len, 2);
    ck_assert_ptr_nonnull(
        strstr(g_ptr_array_index(collection->problems, 0), "run/journal.jsonl:1: it is not what"));
    ck_assert_ptr_nonnull(strstr(g_ptr_array_index(collection->problems, 1), "raw/1.xml:1:"));
    ck_assert_uint_eq(collection->parts->len, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("collect");
    TCase *tcase = tcase_create("collect");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, finds, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, a_missing_path_is_an_error);
    tcase_add_test(tcase, what_is_damaged_is_a_problem);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
