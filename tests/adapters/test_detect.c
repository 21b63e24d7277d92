/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/registry.h"
#include "adapters/detect.h"
#include "core/error.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#define PYTEST "import pytest\n"
#define UNITTEST "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n"
#define GTEST                                                                                      \
    "\x7f"                                                                                         \
    "ELF:This program contains tests written using Google Test"
#define CATCH                                                                                      \
    "\x7f"                                                                                         \
    "ELF:is a Catch v"
#define FILES_MAX 8

/* What is in a project, and which suites that makes: "FRAMEWORK CWD PATH", in order. */
static const struct {
    struct {
        const char *path;
        const char *text;
    } files[FILES_MAX];
    const char *suites;
} projects[] = {
    {{{"README", "pytest"}}, ""},
    /* A project starts in its directory; its tests are its own business. */
    {{{"pytest.ini", ""}, {"tests/test_a.py", PYTEST}}, "pytest  -"},
    {{{"back/pyproject.toml", "[tool.pytest.ini_options]\n"}, {"back/tests/test_a.py", PYTEST}},
     "pytest back -"},
    {{{"pyproject.toml", "[tool.ruff]\n"}}, ""},
    {{{"setup.cfg", "[metadata]\n[tool:pytest]\n"}}, "pytest  -"},
    /* Test files without one: the nearest directory that holds them all. */
    {{{"a/b/test_x.py", PYTEST}, {"a/c/d/test_y.py", PYTEST}}, "pytest  a"},
    {{{"a/test_x.py", PYTEST}, {"b/test_y.py", PYTEST}}, "pytest  ."},
    {{{"ab/x.bats", ""}, {"a/y.bats", ""}}, "bats  ."},
    {{{"x.bats", ""}}, "bats  ."},
    /* ... and no file of another project. */
    {{{"a/pytest.ini", ""},
      {"a/test_a.py", PYTEST},
      {"b/test_b.py", PYTEST},
      {"test_c.py", PYTEST}},
     "pytest a -|pytest  b|pytest  test_c.py"},
    /* Several projects: the outer one keeps what is its own. */
    {{{"pytest.ini", ""},
      {"tests/test_a.py", PYTEST},
      {"sub/pytest.ini", ""},
      {"sub/test_b.py", PYTEST}},
     "pytest sub -|pytest  tests"},
    {{{"pytest.ini", ""}, {"a/pytest.ini", ""}, {"b/pytest.ini", ""}}, "pytest a -|pytest b -"},
    {{{"package.json", "{\"devDependencies\": {\"vitest\": \"3\"}}"},
      {"packages/a/package.json", "{\"devDependencies\": {\"vitest\": \"3\"}}"},
      {"packages/a/a.test.ts", ""},
      {"packages/b/b.test.ts", ""}},
     "vitest packages/a -|vitest  packages/b"},
    /* Modules of Go and crates are apart, and are projects only with tests. */
    {{{"go.mod", ""},
      {"a_test.go", ""},
      {"in/go.mod", ""},
      {"in/x/b_test.go", ""},
      {"no/go.mod", ""}},
     "go  -|go in -"},
    {{{"Cargo.toml", "[workspace]\n"},
      {"a/Cargo.toml", "[package]\n"},
      {"a/src/lib.rs", "#[test]\nfn a() {}\n"}},
     "cargo a -"},
    /* unittest is what pytest does not run. */
    {{{"test/test_a.py", UNITTEST}}, "unittest  test"},
    {{{"pytest.ini", ""}, {"test/test_a.py", UNITTEST}}, "pytest  -"},
    {{{"a/pytest.ini", ""}, {"a/test_a.py", UNITTEST}, {"b/test_b.py", UNITTEST}},
     "pytest a -|unittest  b"},
    {{{"test_a.py", UNITTEST}, {"test_b.py", PYTEST}}, "pytest  ."},
    {{{"package.json",
       "{\"jest\": {}, \"scripts\": {\"test\": \"node --test\", \"v\": \"vitest\"}}"},
      {"vitest.config.ts", ""}},
     "vitest  -"},
    /* Built trees, and programs that nobody else runs. */
    {{{"CMakeLists.txt", "enable_testing()\n"},
      {"build/CTestTestfile.cmake", ""},
      {"build/sub/CTestTestfile.cmake", ""},
      {"build/sub/prog", GTEST},
      {"prog", GTEST}},
     "ctest  build|googletest  prog"},
    {{{"b/meson-info/intro-tests.json", "[{}]"}, {"b/t", CATCH}}, "meson  b"},
    {{{"b/meson-info/intro-tests.json", "[]"}, {"b/t", CATCH}}, "catch2  b/t"},
    {{{"lib", "\x7f"
              "ELS:This program contains tests written using Google Test"}},
     ""},
    /* Other people's files. */
    {{{"vendor/x/go.mod", ""},
      {"vendor/x/x_test.go", ""},
      {"node_modules/pytest.ini", ""},
      {"target/test_a.py", PYTEST},
      {".venv/test_b.py", PYTEST},
      {"lib/site-packages/x/conftest.py", ""}},
     ""},
    /* A trace with a directory in it marks the one above that. */
    {{{"p/t/a.t", ""}, {"p/t/deep/b.t", ""}, {"q/a.t", ""}}, "prove p -"},
    {{{"g/spec/spec_helper.rb", ""}, {"g/spec/a_spec.rb", ""}}, "rspec g -"},
    /* Several frameworks, and names that are no words. */
    {{{"a b/x.bats", ""}, {"$(x)\n'\"/.rspec", ""}, {"\xc3\xa4/pytest.ini", ""}},
     "rspec $(x)\n'\" -|bats  a b|pytest \xc3\xa4 -"},
};

static void put(const char *path, const char *text)
{
    g_autofree char *whole = scratch_path(path);
    g_autofree char *directory = g_path_get_dirname(whole);
    Elf64_Ehdr head = {.e_ident = ELFMAG, .e_type = ET_EXEC};
    g_autoptr(GString) program = g_string_new_len((const char *)&head, sizeof head);

    ck_assert_int_eq(g_mkdir_with_parents(directory, 0700), 0);
    if (g_str_has_prefix(text, ELFMAG)) {
        g_string_append(program, text);
        g_free(scratch_write(path, program->str, program->len));
    } else {
        scratch_put(path, text);
    }
    ck_assert_int_eq(chmod(whole, *text == ELFMAG[0] ? 0700 : 0600), 0);
}

/* Those that are built in and not broken. */
static GPtrArray *all_frameworks(void)
{
    g_auto(GStrv) names = tps_framework_names();
    GPtrArray *frameworks = g_ptr_array_new();

    for (char **name = names; *name; name++)
        if (tps_framework_find(*name))
            g_ptr_array_add(frameworks, (gpointer)tps_framework_find(*name));
    return frameworks;
}

static GPtrArray *detect(GPtrArray *notes)
{
    g_autoptr(GPtrArray) frameworks = all_frameworks();
    GError *error = NULL;
    GPtrArray *found = tps_detect(scratch_dir, frameworks, notes, &error);

    ck_assert_msg(found != NULL, "%s", error ? error->message : "");
    return found;
}

static char *describe(const GPtrArray *found)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < found->len; i++) {
        const TpsDetected *suite = g_ptr_array_index(found, i);

        g_string_append_printf(text, "%s%s %s %s", i > 0 ? "|" : "", suite->framework->name,
                               suite->cwd, suite->path ? suite->path : "-");
    }
    return g_string_free(text, FALSE);
}

START_TEST(a_project_has_these_suites)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) found = NULL;
    g_autofree char *got = NULL;

    for (size_t i = 0; i < FILES_MAX && projects[_i].files[i].path; i++)
        put(projects[_i].files[i].path, projects[_i].files[i].text);
    found = detect(notes);
    got = describe(found);
    ck_assert_str_eq(got, projects[_i].suites);
}
END_TEST

START_TEST(what_is_left_out_is_said)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) found = NULL;
    g_autofree char *said = NULL;

    put("CMakeLists.txt", "enable_testing()\n");
    put("x/CMakeLists.txt", "enable_testing()\n");
    put("x/b/CTestTestfile.cmake", "");
    put("x/b/prog", GTEST);
    put("pytest.ini", "");
    put("a/pytest.ini", "");
    found = detect(notes);
    g_ptr_array_add(notes, NULL);
    said = g_strjoinv("|", (char **)notes->pdata);
    ck_assert_str_eq(said, "googletest in x/b/prog: left to ctest, which is in x/b|"
                           "pytest in .: pytest.ini is there, and no tests but those of projects "
                           "below it");
}
END_TEST

START_TEST(a_source_that_was_not_built_is_said)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) found = NULL;

    put("c/meson.build", "project('x', 'c')\ntest('a', find_program('true'))\n");
    found = detect(notes);
    ck_assert_uint_eq(found->len, 0);
    ck_assert_uint_eq(notes->len, 1);
    ck_assert_str_eq(g_ptr_array_index(notes, 0),
                     "meson in c: no build of c/meson.build is there; configure and build it "
                     "first: meson setup build && meson compile -C build");
}
END_TEST

START_TEST(deep_test_files_and_links_are_known)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) found = NULL;
    g_autofree char *other = scratch_path("z");
    const TpsDetected *suite;

    put("a/t/x.t", "");
    put("b/t/x.t", "");
    put("b/t/in/y.t", "");
    put("prog", GTEST);
    ck_assert_int_eq(symlink("prog", other), 0);
    found = detect(notes);
    ck_assert_uint_eq(found->len, 3);
    suite = g_ptr_array_index(found, 0);
    ck_assert(!suite->is_deep && suite->n_files == 1);
    suite = g_ptr_array_index(found, 1);
    ck_assert(suite->is_deep && suite->n_files == 2);
    suite = g_ptr_array_index(found, 2);
    ck_assert_str_eq(suite->trace, "prog");
}
END_TEST

START_TEST(what_is_not_there_is_an_error)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) frameworks = all_frameworks();
    g_autofree char *nowhere = scratch_path("nowhere");
    GError *error = NULL;

    ck_assert_ptr_null(tps_detect(nowhere, frameworks, notes, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "nowhere");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("detect");
    TCase *tcase = tcase_create("detect");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, a_project_has_these_suites, 0, G_N_ELEMENTS(projects));
    tcase_add_test(tcase, what_is_left_out_is_said);
    tcase_add_test(tcase, a_source_that_was_not_built_is_said);
    tcase_add_test(tcase, deep_test_files_and_links_are_known);
    tcase_add_test(tcase, what_is_not_there_is_an_error);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
