/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/error.h"
#include "formats/plan_yaml.h"
#include "tests/scratch.h"
#include "tests/unit.h"

static TpsPlanFile *load(const char *text)
{
    g_autofree char *path = scratch_text("tpsched.yaml", text);
    g_autoptr(GError) error = NULL;
    TpsPlanFile *file = tps_plan_file_load(path, &error);

    ck_assert_msg(file != NULL, "%s", error ? error->message : "");
    return file;
}

static void assert_names(const TpsPlanFile *file, const char *joined)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < file->suites->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "|" : "",
                               ((TpsSuite *)g_ptr_array_index(file->suites, i))->name);
    ck_assert_str_eq(text->str, joined);
}

static void assert_words(char **words, const char *joined)
{
    g_autofree char *got = g_strjoinv("|", words);

    ck_assert_str_eq(got, joined);
}

#define SUITE "suites:\n  - name: s\n    command: x\n"

/* The keys of a suite and the names that come of them. */
static const char *const named[][2] = {
    {"parameters: [[1, a]]", "s(1, a)"},
    {"parameters: [[1], [2]]", "s(1)|s(2)"},
    {"parameters: [1, two]", "s(1)|s(two)"},
    {"parameters: [{db: mysql}]", "s(db=mysql)"},
    {"parameters: [{db: mysql, at: 3}]", "s(db=mysql, at=3)"},
    {"parameters: [{values: [1, a]}]", "s(1, a)"},
    {"parameters: [{parts: 2, values: [1, a], rerun: 1}]", "s(1, a)"},
    {"parameters: [{db: mysql, parts: 2}]", "s(db=mysql)"},
    {"parameters: [[''], [~]]", "s()|s(~)"},
    {"parameters: [['{0}']]", "s({0})"},
    {"parameters: [[$(touch x)], ['a\nb']]", "s($(touch x))|s(a b)"},
    {"parameters: [[1, 2], {a: 3}, x]", "s(1, 2)|s(a=3)|s(x)"},
};

START_TEST(names_tell_the_values)
{
    g_autofree char *text = g_strconcat(SUITE "    ", named[_i][0], "\n", NULL);
    g_autoptr(TpsPlanFile) file = load(text);

    assert_names(file, named[_i][1]);
}
END_TEST

START_TEST(values_go_where_they_are_named)
{
    g_autoptr(TpsPlanFile) file = load("suites:\n"
                                       "  - name: 'on {db} {{}}'\n"
                                       "    command: ./run --db={db} '{v} {v}' {{db}} {v}{db}\n"
                                       "    args: ['{v}', plain, '{{{v}}}']\n"
                                       "    path: tests/{db}\n"
                                       "    cwd: ../{db}/..\n"
                                       "    env: {A: '={db}', '{db}': '{{'}\n"
                                       "    setup: ./up {db}\n"
                                       "    teardown: [./down, '{db}']\n"
                                       "    group: 'x{2}'\n"
                                       "    tags: ['on-{p}', 'x{{']\n"
                                       "    parameters:\n"
                                       "      - {db: 'my sql', v: $(touch x), p: 1}\n"
                                       "      - {db: 'p;g', v: '{db}\"', p: b}\n");
    g_autofree char *above = g_path_get_dirname(scratch_dir);
    const TpsSuite *one = tps_plan_file_find(file, "on my sql {}");
    const TpsSuite *two = tps_plan_file_find(file, "on p;g {}");

    assert_words(one->command, "./run|--db=my sql|$(touch x) $(touch x)|{db}|$(touch x)my sql");
    assert_words(one->args, "$(touch x)|plain|{$(touch x)}");
    ck_assert_str_eq(one->path, "tests/my sql");
    ck_assert_str_eq(one->cwd, above);
    assert_words(one->env, "A==my sql|{db}={");
    assert_words(one->fixture.setup, "./up|my sql");
    assert_words(one->fixture.teardown, "./down|my sql");
    assert_words(one->group, "x{2}");
    assert_words(one->tags, "on-1|x{");
    assert_words(two->command, "./run|--db=p;g|{db}\" {db}\"|{db}|{db}\"p;g");
    ck_assert_str_eq(two->path, "tests/p;g");
}
END_TEST

START_TEST(settings_are_of_one_suite)
{
    g_autoptr(TpsPlanFile) file =
        load("suites:\n"
             "  - {name: 's{0}', command: x, parts: 3, weight: 9, parameters: [\n"
             "       [1],\n"
             "       {values: [2], parts: auto, weight: 3s, rerun: 4, timeout: 1m}]}\n");
    const TpsSuite *one = tps_plan_file_find(file, "s1");
    const TpsSuite *two = tps_plan_file_find(file, "s2");
    g_autofree char *origin = scratch_path("tpsched.yaml:4");

    ck_assert_int_eq(one->parts, 3);
    ck_assert_int_eq(one->weight_us, 9 * TPS_SECOND_US);
    ck_assert_int_eq(one->rerun, TPS_AUTO);
    ck_assert_int_eq(one->timeout_us, 0);
    ck_assert_int_eq(two->parts, TPS_AUTO);
    ck_assert_int_eq(two->weight_us, 3 * TPS_SECOND_US);
    ck_assert_int_eq(two->rerun, 4);
    ck_assert_int_eq(two->timeout_us, TPS_MINUTE_US);
    ck_assert_str_eq(two->origin, origin);
}
END_TEST

/* Without parameters a brace is a brace. */
START_TEST(others_keep_their_braces)
{
    g_autoptr(TpsPlanFile) file =
        load("suites:\n"
             "  - {name: '{0}', command: 'awk \"{{print}}\" {', cwd: '{'}\n");
    const TpsSuite *suite = tps_plan_file_find(file, "{0}");
    g_autofree char *cwd = scratch_path("{");

    assert_words(suite->command, "awk|{{print}}|{");
    ck_assert_str_eq(suite->cwd, cwd);
}
END_TEST

START_TEST(braces_in_the_directory_are_no_placeholders)
{
    g_autofree char *directory = scratch_path("{0}");
    g_autofree char *sub = scratch_path("{0}/1");
    g_autoptr(TpsPlanFile) file = NULL;
    g_autofree char *path = NULL;

    ck_assert(tps_directory_make(directory, NULL));
    path = scratch_text("{0}/tpsched.yaml", "suites:\n"
                                            "  - {name: a, command: x, parameters: [1]}\n"
                                            "  - {name: b, command: x, cwd: '{0}', "
                                            "parameters: [1]}\n");
    file = tps_plan_file_load(path, NULL);
    ck_assert_ptr_nonnull(file);
    ck_assert_str_eq(tps_plan_file_find(file, "a(1)")->cwd, directory);
    ck_assert_str_eq(tps_plan_file_find(file, "b(1)")->cwd, sub);
}
END_TEST

/* Keys of a suite from line 4 on, and what is wrong with them. */
static const char *const refused[][2] = {
    {"parameters: []", "4:17: there are no parameters in it, so there would be no suite"},
    {"parameters: {a: b}", "4:17: a list is expected here"},
    {"parameters: x", "4:17: a list is expected here"},
    {"parameters: [[]]", "4:18: there is no value in it"},
    {"parameters: [{}]", "4:18: there is no value in it"},
    {"parameters: [{parts: 2}]", "4:18: there is no value in it"},
    {"parameters: [{values: []}]", "4:18: there is no value in it"},
    {"parameters: [[[1]]]", "4:19: a value is expected here"},
    {"parameters: [{a: [1]}]", "4:22: a value is expected here"},
    {"parameters: [{values: 1}]", "4:27: a list is expected here"},
    {"parameters: [{values: [1], db: x}]", "4:32: unknown key 'db'; beside 'values' there can be "},
    {"parameters: [{values: [1], values: [2]}]", "4:32: 'values' is given twice"},
    {"parameters: [{[a]: 1}]", "4:19: a name is expected here"},
    {"parameters: [{'': 1}]", "4:19: '' can't be the name of a parameter"},
    {"parameters: [{'a}': 1}]", "4:19: 'a}' can't be the name of a parameter"},
    {"parameters: [{a: 1, a: 2}]", "4:25: 'a' is given twice"},
    {"parameters: [{a: 1, parts: 2, parts: 2}]", "4:35: 'parts' is given twice"},
    {"parameters: [{a: 1, parts: 0}]", "4:32: '0' is not a whole number from 1"},
    {"parameters: [{a: 1, weight: x}]", "4:33: 'x' is not a duration"},
    {"parameters: [[1], [2], [1]]", "4:28: there are two suites named 's(1)'; the other one is at"},
    {"parameters: [[1], [2]]\n    args: a {1}",
     "5:11: there is no parameter '{1}', but {0}; a brace itself is '{{'"},
    {"parameters: [{a: 1, b: 2}]\n    args: [a, '{0}']",
     "5:15: there is no parameter '{0}', but {a}, {b}; a brace itself is '{{'"},
    {"parameters: [1]\n    env: {A: b, C: '{}'}", "5:20: there is no parameter '{}', but {0}"},
    {"parameters: [1]\n    path: a{", "5:11: '{' has no '}'; a brace itself is '{{'"},
    {"parameters: [1]\n    path: a}", "5:11: '}' has no '{'; a brace itself is '}}'"},
    {"parameters: [1]\n    path: '{0}}'", "5:11: '}' has no '{'"},
    {"parameters: ['']\n    path: '{0}'", "5:11: 'path' is empty with these parameters"},
    {"parameters: ['']\n    cwd: '{0}'", "5:10: 'cwd' is empty with these parameters"},
    {"parameters: ['']\n    setup: '{0}'", "5:12: a program is expected here"},
    {"parameters: [a b]\n    tags: [x, 'on-{0}']", "5:15: 'on-a b' is not a tag: one word"},
    {"parameters: ['']\n    tags: '{0}'", "5:11: '' is not a tag: one word"},
    {"parameters: [1]\n    resources: {gpu: 1}", "5:16: suite 's(1)' wants resource 'gpu'"},
    {"parameters: [1]\n    parameters: [1]", "5:5: 'parameters' is given twice"},
};

START_TEST(refuses)
{
    g_autofree char *text = g_strconcat(SUITE "    ", refused[_i][0], "\n", NULL);
    g_autofree char *path = scratch_text("tpsched.yaml", text);
    g_autofree char *what = g_strconcat("tpsched.yaml:", refused[_i][1], NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlanFile) file = tps_plan_file_load(path, &error);

    ck_assert_msg(!file, "%s", refused[_i][0]);
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, what);
}
END_TEST

/* A short file must not fill the memory. */
START_TEST(much_text_is_refused)
{
    g_autoptr(GString) text =
        g_string_new("suites:\n  - name: '{0}'\n    command: x\n    args: ['");
    g_autofree char *value = g_strnfill(1000, 'v');
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 1000; i++)
        g_string_append(text, "{1}");
    g_string_append(text, "']\n    parameters:\n");
    for (int i = 0; i < 1000; i++)
        g_string_append_printf(text, "      - [%d, %s]\n", i, value);
    path = scratch_write("tpsched.yaml", text->str, text->len);
    ck_assert_ptr_null(tps_plan_file_load(path, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "4:12: parameters make more than 256 MiB");
}
END_TEST

START_TEST(ten_thousand_suites)
{
    g_autoptr(GString) text = g_string_new("suites:\n  - name: s\n    command: x {0}\n"
                                           "    parameters:\n");
    g_autoptr(TpsPlanFile) file = NULL;

    for (int i = 0; i < 10000; i++)
        g_string_append_printf(text, "      - [%d]\n", i);
    file = load(text->str);
    ck_assert_uint_eq(file->suites->len, 10000);
    assert_words(tps_plan_file_find(file, "s(9999)")->command, "x|9999");
}
END_TEST

START_TEST(damage_never_crashes)
{
    static const char whole[] = "suites:\n  - name: a {0}\n    command: [x, '{1}', '{{']\n"
                                "    env: {A: '{0}'}\n    cwd: '{1}'\n"
                                "    parameters: [[1, a], {values: [2, b], parts: 2}]\n"
                                "  - {name: b, command: x {db}, parameters: [{db: 1, rerun: 2}]}\n";
    g_autoptr(GRand) rand = g_rand_new_with_seed(29);

    for (int round = 0; round < 3000; round++) {
        g_autofree char *text = g_strdup(whole);
        g_autofree char *path = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(TpsPlanFile) file = NULL;

        for (int n = g_rand_int_range(rand, 1, 4); n > 0; n--)
            text[g_rand_int_range(rand, 0, (int)strlen(whole))] =
                "[]{}:,-?&*!|>'\"%@`# \n\tax0\xff\x01"[g_rand_int_range(rand, 0, 28)];
        path = scratch_write("tpsched.yaml", text, strlen(whole));
        file = tps_plan_file_load(path, &error);
        ck_assert_int_eq(file == NULL, error != NULL);
        if (error)
            assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "tpsched.yaml:");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("parameters");
    TCase *tcase = tcase_create("parameters");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, names_tell_the_values, 0, G_N_ELEMENTS(named));
    tcase_add_test(tcase, values_go_where_they_are_named);
    tcase_add_test(tcase, settings_are_of_one_suite);
    tcase_add_test(tcase, others_keep_their_braces);
    tcase_add_test(tcase, braces_in_the_directory_are_no_placeholders);
    tcase_add_loop_test(tcase, refuses, 0, G_N_ELEMENTS(refused));
    tcase_add_test(tcase, much_text_is_refused);
    tcase_add_test(tcase, ten_thousand_suites);
    tcase_add_test(tcase, damage_never_crashes);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
