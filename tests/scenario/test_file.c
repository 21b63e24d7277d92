/* SPDX-License-Identifier: MIT */
#include "scenario/file.h"

#include "core/error.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib/gstdio.h>

static GPtrArray *scenarios_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)tps_scenario_free);
}

static GPtrArray *load(const char *text)
{
    g_autofree char *path = scratch_text("a.yaml", text);
    g_autoptr(GError) error = NULL;
    GPtrArray *scenarios = scenarios_new();

    ck_assert_msg(tps_scenario_file_load(path, scenarios, &error), "%s",
                  error ? error->message : "");
    return scenarios;
}

static void assert_texts(char **texts, const char *joined)
{
    g_autofree char *got = texts ? g_strjoinv("|", texts) : g_strdup("(none)");

    ck_assert_str_eq(got, joined);
}

static void assert_files(const GArray *files, guint i, const char *path, const char *joined)
{
    ck_assert_uint_lt(i, files->len);
    ck_assert_str_eq(g_array_index(files, TpsExpectFile, i).path, path);
    assert_texts(g_array_index(files, TpsExpectFile, i).texts, joined);
}

static const char full[] = "# a comment\n"
                           "name: 'all $(keys)'\n"
                           "description: |\n"
                           "  two\n"
                           "  lines\n"
                           "env: {A: 1, B: ''}\n"
                           "steps:\n"
                           "  - name: first\n"
                           "    run: echo \"a  b\" | cat\n"
                           "    cwd: ./a//b/../c/\n"
                           "    expect:\n"
                           "      exit_code: 3\n"
                           "      output_contains: one\n"
                           "      output-not-contains: [one, two]\n"
                           "      output_matches: ['^a.*$', b]\n"
                           "      files_exist: ../x\n"
                           "      files_not_exist: [x, y/z]\n"
                           "      dirs_exist: .\n"
                           "      file_contains: {f: text, g: [a, b]}\n"
                           "      file_not_contains: {f: other}\n"
                           "  - {run: [prog, '', 'a b']}\n";

START_TEST(test_all_keys)
{
    g_autoptr(GPtrArray) scenarios = load(full);
    const TpsScenario *scenario = g_ptr_array_index(scenarios, 0);
    const TpsStep *step = g_ptr_array_index(scenario->steps, 0);

    ck_assert_uint_eq(scenarios->len, 1);
    ck_assert_str_eq(scenario->name, "all $(keys)");
    ck_assert_str_eq(scenario->description, "two\nlines\n");
    ck_assert_str_eq(scenario->directory, scratch_dir);
    ck_assert_uint_eq(scenario->line, 2);
    assert_texts(scenario->env, "A=1|B=");
    ck_assert_uint_eq(scenario->steps->len, 2);
    ck_assert_str_eq(step->name, "first");
    ck_assert_uint_eq(step->line, 8);
    ck_assert_int_eq(step->number, 1);
    assert_texts(step->run, "/bin/sh|-c|echo \"a  b\" | cat");
    ck_assert_str_eq(step->script, "echo \"a  b\" | cat");
    ck_assert_str_eq(step->cwd, "a/c");
    ck_assert_int_eq(step->expect.exit_code, 3);
    assert_texts(step->expect.output_contains, "one");
    assert_texts(step->expect.output_not_contains, "one|two");
    assert_texts(step->expect.output_matches, "^a.*$|b");
    assert_texts(step->expect.files_exist, "../x");
    assert_texts(step->expect.files_not_exist, "x|y/z");
    assert_texts(step->expect.dirs_exist, ".");
    assert_files(step->expect.file_contains, 0, "f", "text");
    assert_files(step->expect.file_contains, 1, "g", "a|b");
    assert_files(step->expect.file_not_contains, 0, "f", "other");
}
END_TEST

START_TEST(test_defaults)
{
    g_autoptr(GPtrArray) scenarios = load(full);
    const TpsScenario *scenario = g_ptr_array_index(scenarios, 0);
    const TpsStep *step = g_ptr_array_index(scenario->steps, 1);
    g_autofree char *label = tps_step_label(step);

    ck_assert_ptr_null(step->name);
    ck_assert_str_eq(label, "2");
    ck_assert_uint_eq(step->line, 21);
    assert_texts(step->run, "prog||a b");
    ck_assert_ptr_null(step->script);
    ck_assert_str_eq(step->cwd, ".");
    ck_assert_int_eq(step->expect.exit_code, 0);
    ck_assert_ptr_null(step->expect.output_contains);
    ck_assert_ptr_null(step->expect.file_contains);
}
END_TEST

START_TEST(test_a_list)
{
    g_autoptr(GPtrArray) scenarios = load("- {name: a, steps: [{run: x}]}\n"
                                          "- name: b\n"
                                          "  steps: [{run: x}]\n");

    ck_assert_uint_eq(scenarios->len, 2);
    ck_assert_str_eq(tps_scenarios_find(scenarios, "b")->name, "b");
    ck_assert_uint_eq(tps_scenarios_find(scenarios, "b")->line, 2);
    ck_assert_ptr_null(tps_scenarios_find(scenarios, "c"));
}
END_TEST

#define STEP "name: n\nsteps:\n  - run: x\n    "
#define EXPECT STEP "expect: "

static const struct {
    const char *text;
    const char *error;
} bad[] = {
    {"", ":1:1: there is no scenario"},
    {"[]", ":1:1: there is no scenario"},
    {"a", ":1:1: a mapping of keys"},
    {"name: x\nstep: []\n", ":2:1: unknown key 'step'; did you mean 'steps'?"},
    {"name: x\ntimeout: 3\n", ":2:1: unknown key 'timeout'"},
    {"name: x\n", ":1:1: scenario 'x' has no 'steps'"},
    {"name: x\nsteps: []\n", ":2:8: there are no steps"},
    {"name: x\nsteps: {run: x}\n", ":2:8: a list is expected here"},
    {"name: ''\n", ":1:7: a text is expected here, and it must not be empty"},
    {"steps: [{run: x}]\n", ":1:1: this scenario has no 'name'"},
    {"name: x\nname: y\n", ":2:1: 'name' is given twice"},
    {"name: x\nenv: [a]\n", ":2:6: a mapping of names to values"},
    {"name: x\nsteps: [{name: x}]\n", ":2:9: this step has no 'run'"},
    {"name: x\nsteps: [{run: ''}]\n", ":2:15: a text is expected"},
    {"name: x\nsteps: [{run: []}]\n", ":2:15: a program is expected here"},
    {"name: x\nsteps: [{run: ['', x]}]\n", ":2:16: a text is expected"},
    {"name: x\nsteps: [{run: {a: b}}]\n", ":2:15: a command for the shell"},
    {"- {name: a, steps: [{run: x}]}\n- {name: b}\n", ":2:3: scenario 'b' has no 'steps'"},
    {STEP "cwd: ..\n", ":4:10: '..' is not below the sandbox"},
    {STEP "cwd: a/../../b\n", ":4:10: 'a/../../b' is not below"},
    {STEP "cwd: /tmp\n", ":4:10: '/tmp' is not below"},
    {STEP "exit_code: 1\n", ":4:5: unknown key 'exit_code'"},
    {EXPECT "{exit_code: -1}", ":4:25: '-1' is not a whole number from 0 to 255"},
    {EXPECT "{exit_code: 256}", ":4:25: '256' is not"},
    {EXPECT "{exitcode: 0}", ":4:14: unknown key 'exitcode'; did you mean 'exit_code'?"},
    {EXPECT "{output_contain: x}", "did you mean 'output_contains'?"},
    {EXPECT "{output_contains: ''}", ":4:31: a text is expected here, and it must not be empty"},
    {EXPECT "{output_contains: []}", ":4:31: this list is empty"},
    {EXPECT "{output_contains: {a: b}}", ":4:31: a list is expected here"},
    {EXPECT "{output_contains: [a, [b]]}", ":4:35: a text is expected here"},
    {EXPECT "{output_matches: [a, '(b']}", ":4:34: '(b' is not a pattern: "},
    {EXPECT "{output_matches: '*'}", ":4:30: '*' is not a pattern: "},
    {EXPECT "{file_contains: x}", ":4:29: a mapping of paths to texts is expected here"},
    {EXPECT "{file_contains: {}}", ":4:29: this mapping is empty"},
    {EXPECT "{file_contains: {f: []}}", ":4:33: this list is empty"},
    {EXPECT "{file_contains: {'': x}}", ":4:30: a text is expected here"},
    {EXPECT "{files_exist: /etc/passwd}", ":3:5: '/etc/passwd' is not below the sandbox"},
    {EXPECT "{files_not_exist: [a, ../b]}", ":3:5: '../b' is not below"},
    {EXPECT "{dirs_exist: ..}", ":3:5: '..' is not below"},
    {EXPECT "{file_contains: {../f: x}}", ":3:5: '../f' is not below"},
    {EXPECT "{file_not_contains: {../f: x}}", ":3:5: '../f' is not below"},
    {"name: [", "not YAML"},
};

START_TEST(test_bad_files)
{
    g_autofree char *path = scratch_text("bad.yaml", bad[_i].text);
    g_autofree char *place = g_strconcat(path, ":", NULL);
    g_autoptr(GPtrArray) scenarios = scenarios_new();
    GError *error = NULL;

    ck_assert(!tps_scenario_file_load(path, scenarios, &error));
    ck_assert_msg(g_str_has_prefix(error->message, place), "%s", error->message);
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, bad[_i].error);
}
END_TEST

/* Ten thousand times a step of ten kilobytes, in a file of half of that. */
START_TEST(test_aliases_are_bounded)
{
    g_autoptr(GPtrArray) scenarios = scenarios_new();
    g_autofree char *path = NULL;
    GString *text = g_string_new("name: n\nsteps:\n  - &s {run: '");
    GError *error = NULL;

    for (int i = 0; i < 1000; i++)
        g_string_append(text, "0123456789");
    g_string_append(text, "'}\n");
    for (int i = 0; i < 10000; i++)
        g_string_append(text, "  - *s\n");
    path = scratch_write("alias.yaml", text->str, text->len);
    g_string_free(text, TRUE);
    ck_assert(!tps_scenario_file_load(path, scenarios, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "this is too much");
}
END_TEST

static const struct {
    const char *cwd;
    const char *path;
    const char *inside;
} paths[] = {
    {".", ".", "."},      {".", "a", "a"},    {".", "./a/./b//", "a/b"}, {"a/b", "..", "a"},
    {"a", "..", "."},     {"a", "../..", ""}, {".", "..", ""},           {".", "/a", ""},
    {".", "a/../b", "b"}, {".", "a/..", "."}, {".", "a/../../b", ""},    {".", "...", "..."},
};

START_TEST(test_paths)
{
    g_autofree char *inside = tps_scenario_path(paths[_i].cwd, paths[_i].path);

    ck_assert_str_eq(inside, paths[_i].inside);
}
END_TEST

static void put_scenario(const char *file, const char *name)
{
    g_autofree char *text = g_strdup_printf("name: %s\nsteps: [{run: x}]\n", name);

    scratch_put(file, text);
}

static char *names_of(const GPtrArray *scenarios)
{
    GString *names = g_string_new(NULL);

    for (guint i = 0; i < scenarios->len; i++)
        g_string_append_printf(names, "%s ",
                               ((TpsScenario *)g_ptr_array_index(scenarios, i))->name);
    return g_string_free(names, FALSE);
}

START_TEST(test_directories)
{
    g_autofree char *deep = scratch_path("deep");
    g_autofree char *hidden = scratch_path(".git");
    g_autofree char *link = scratch_path("link");
    g_autofree char *other = scratch_path("other.yaml");
    g_autofree char *again = scratch_path("deep/../B.scenario.yaml");
    g_autoptr(GPtrArray) scenarios = NULL;
    g_autofree char *names = NULL;
    g_autoptr(GError) error = NULL;

    g_mkdir(deep, 0700);
    g_mkdir(hidden, 0700);
    ck_assert_int_eq(symlink(".", link), 0);
    put_scenario("a.scenario.yml", "a");
    put_scenario("B.scenario.yaml", "B");
    put_scenario("deep/c.scenario.yaml", "c");
    put_scenario(".git/d.scenario.yaml", "d");
    put_scenario("other.yaml", "e");
    scenarios = tps_scenarios_load((char *[]){other, scratch_dir, again, NULL}, &error);
    ck_assert_msg(scenarios != NULL, "%s", error ? error->message : "");
    names = names_of(scenarios);
    ck_assert_str_eq(names, "e B a c ");
}
END_TEST

START_TEST(test_two_of_a_name)
{
    GError *error = NULL;
    g_autofree char *message = NULL;

    put_scenario("a.scenario.yaml", "same");
    put_scenario("b.scenario.yaml", "same");
    message = g_strdup_printf("%s/b.scenario.yaml:1: there is a scenario named 'same' already, at "
                              "%s/a.scenario.yaml:1",
                              scratch_dir, scratch_dir);
    ck_assert_ptr_null(tps_scenarios_load((char *[]){scratch_dir, NULL}, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, message);
}
END_TEST

START_TEST(test_nothing_there)
{
    g_autofree char *missing = scratch_path("missing");
    GError *error = NULL;

    ck_assert_ptr_null(tps_scenarios_load((char *[]){scratch_dir, NULL}, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "there is no *.scenario.yaml below");
    ck_assert_ptr_null(tps_scenarios_load((char *[]){missing, NULL}, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "missing': No such file");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario/file");
    TCase *tcase = tcase_create("file");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, test_all_keys);
    tcase_add_test(tcase, test_defaults);
    tcase_add_test(tcase, test_a_list);
    tcase_add_loop_test(tcase, test_bad_files, 0, G_N_ELEMENTS(bad));
    tcase_add_test(tcase, test_aliases_are_bounded);
    tcase_add_loop_test(tcase, test_paths, 0, G_N_ELEMENTS(paths));
    tcase_add_test(tcase, test_directories);
    tcase_add_test(tcase, test_two_of_a_name);
    tcase_add_test(tcase, test_nothing_there);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
