/* SPDX-License-Identifier: MIT */
#include "formats/junit_stream.h"
#include "tests/formats/junit_summary.h"
#include "tests/unit.h"

#include <string.h>

#define SAMPLES "tests/reports/samples/"

/* By suite what is told of it. */
typedef GHashTable Told; /* char* -> GString */

static void string_free(GString *text)
{
    g_string_free(text, TRUE);
}

static Told *told_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)string_free);
}

static GString *told_of(Told *told, const char *suite)
{
    GString *text = g_hash_table_lookup(told, suite);

    if (!text) {
        text = g_string_new(NULL);
        g_hash_table_insert(told, g_strdup(suite), text);
    }
    return text;
}

static void take_testcase(const TpsJunitSuite *suite, TpsJunitCase *testcase, void *user)
{
    GString *text = told_of(user, suite->name);

    g_string_append_printf(text, "%s/%s ", testcase->classname, testcase->result->id);
    put_result(text, testcase->result);
    g_string_append(text, "; ");
}

static void take_suite(const TpsJunitSuite *suite, void *user)
{
    ck_assert_uint_eq(suite->cases->len, 0);
    told_of(user, suite->name);
}

static Told *read_whole(const TpsJunit *junit)
{
    Told *told = told_new();

    for (guint i = 0; i < junit->suites->len; i++) {
        const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, i);

        told_of(told, suite->name);
        for (guint j = 0; j < suite->cases->len; j++)
            take_testcase(suite, g_ptr_array_index(suite->cases, j), told);
    }
    return told;
}

static void assert_told(Told *got, Told *expected)
{
    GHashTableIter iter;
    gpointer name;
    gpointer text;

    ck_assert_uint_eq(g_hash_table_size(got), g_hash_table_size(expected));
    g_hash_table_iter_init(&iter, expected);
    while (g_hash_table_iter_next(&iter, &name, &text))
        ck_assert_str_eq(told_of(got, name)->str, ((GString *)text)->str);
}

/* The same testcases, warnings and problem as all at once. */
static void assert_streams(const char *bytes, size_t length, size_t piece)
{
    static const TpsJunitVisitor visitor = {take_testcase, take_suite};
    g_autoptr(TpsJunit) junit = tps_junit_parse(bytes, length);
    g_autoptr(GHashTable) whole = read_whole(junit);
    g_autoptr(GHashTable) streamed = told_new();
    g_autoptr(TpsJunitStream) stream = tps_junit_stream_new(&visitor, streamed);
    const TpsJunit *said;

    for (size_t i = 0; i < length; i += piece)
        tps_junit_stream_feed(stream, bytes + i, MIN(piece, length - i));
    said = tps_junit_stream_finish(stream);
    assert_told(streamed, whole);
    ck_assert_int_eq(g_strcmp0(said->problem, junit->problem), 0);
    ck_assert_uint_eq(said->repairs, junit->repairs);
    ck_assert_uint_eq(said->warnings->len, junit->warnings->len);
}

/* Every recorded report, whole and cut anywhere. */
START_TEST(test_samples)
{
    g_autoptr(GDir) dir = g_dir_open(SAMPLES, 0, NULL);
    const char *name;
    guint n = 0;

    ck_assert_ptr_nonnull(dir);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_strconcat(SAMPLES, name, NULL);
        g_autofree char *bytes = NULL;
        gsize length;

        if (!g_str_has_suffix(name, ".xml"))
            continue;
        ck_assert(g_file_get_contents(path, &bytes, &length, NULL));
        for (gsize cut = 0; cut < length; cut += 211)
            assert_streams(bytes, cut, 1000);
        assert_streams(bytes, length, 1);
        n++;
    }
    ck_assert_uint_ge(n, 30);
}
END_TEST

/* Elements of one testcase, as our writer puts them, are told together. */
START_TEST(test_cases)
{
    static const char text[] =
        "<testsuite name='s'><testcase name='a' time='0'/>"
        "<testcase name='x > 1' time='0'><properties><property name='tpsched.id' value='x'/>"
        "<property name='tpsched.case' value='1'/><property name='tpsched.cases' value='2'/>"
        "</properties></testcase>"
        "<testcase name='x > 2' time='0'><properties><property name='tpsched.id' value='x'/>"
        "<property name='tpsched.case' value='2'/></properties></testcase>"
        "<testcase name='b' time='0'/></testsuite>";

    for (size_t length = 0; length < sizeof(text); length++)
        assert_streams(text, length, 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/junit_stream");
    TCase *tcase = tcase_create("junit_stream");

    tcase_add_test(tcase, test_samples);
    tcase_add_test(tcase, test_cases);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
