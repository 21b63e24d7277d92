/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/plan_yaml.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <unistd.h>

/* A file, and the directories above it. */
static void put(const char *path, const char *text)
{
    g_autofree char *whole = scratch_path(path);
    g_autofree char *directory = g_path_get_dirname(whole);

    ck_assert_int_eq(g_mkdir_with_parents(directory, 0700), 0);
    scratch_put(path, text);
}

/* The plan file stands in the current directory, as it does for users. */
static TpsPlanFile *load_in(const char *directory, const char *plan, GError **error)
{
    g_autofree char *there = scratch_path(directory);

    put("tpsched.yaml", plan);
    ck_assert_int_eq(chdir(there), 0);
    return tps_plan_file_load(g_str_equal(directory, ".") ? "tpsched.yaml" : "../tpsched.yaml",
                              error);
}

static char *suites_of(const TpsPlanFile *file)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < file->suites->len; i++) {
        const TpsSuite *suite = g_ptr_array_index(file->suites, i);

        g_string_append_printf(text, "%s%s=%s", i > 0 ? "|" : "", suite->name, suite->origin);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void assert_suites(const char *plan, const char *joined)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlanFile) file = load_in(".", plan, &error);
    g_autofree char *got = NULL;

    ck_assert_msg(file != NULL, "%s", error ? error->message : "");
    got = suites_of(file);
    ck_assert_str_eq(got, joined);
}

static void assert_refused(const char *plan, const char *what)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlanFile) file = load_in(".", plan, &error);

    ck_assert_msg(!file, "%s", what);
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, what);
}

#define DISCOVER "discover: [{pattern: '\\.suite\\.yaml$'}]\n"

START_TEST(fragments_follow_in_the_order_of_their_paths)
{
    put("b.suite.yaml", "name: b\ncommand: x\n");
    put("a/z.suite.yaml", "# a comment\nsuites:\n  - {name: z1, command: x}\n"
                          "  - name: z2\n    command: x\n");
    put("a/Z.suite.yaml", "{command: x, name: Z}\n");
    put("a/other.yaml", "nonsense: true\n");
    put(".git/c.suite.yaml", "nonsense: true\n");
    assert_suites(DISCOVER "suites:\n  - {name: own, command: x}\n",
                  "own=tpsched.yaml:3|Z=a/Z.suite.yaml:1|z1=a/z.suite.yaml:3|"
                  "z2=a/z.suite.yaml:4|b=b.suite.yaml:1");
}
END_TEST

START_TEST(entries_have_paths)
{
    put("a/x.yaml", "name: a\ncommand: x\n");
    put("b/x.yaml", "name: b\ncommand: x\n");
    put("c/x.yaml", "name: c\ncommand: x\n");
    assert_suites("discover:\n  - {path: c, pattern: x}\n  - {path: ./a/../a/, pattern: '^x'}\n",
                  "c=c/x.yaml:1|a=a/x.yaml:1");
}
END_TEST

START_TEST(relative_things_start_at_the_fragment)
{
    g_autoptr(TpsPlanFile) file = NULL;
    g_autofree char *directory = scratch_path("a/b");
    g_autofree char *sub = scratch_path("a/c");
    g_autofree char *origin = scratch_path("a/b/x.suite.yaml:2");

    put("a/b/x.suite.yaml",
        "suites:\n- {name: x, command: x}\n- {name: y, command: x, cwd: ../c}\n");
    file = load_in(".", DISCOVER, NULL);
    ck_assert_ptr_nonnull(file);
    ck_assert_str_eq(tps_plan_file_find(file, "x")->cwd, directory);
    ck_assert_str_eq(tps_plan_file_find(file, "y")->cwd, sub);
    ck_assert_str_eq(tps_plan_file_find(file, "x")->origin, "a/b/x.suite.yaml:2");
    tps_plan_file_free(file);
    file = load_in("a", DISCOVER, NULL);
    ck_assert_str_eq(tps_plan_file_find(file, "x")->origin, "b/x.suite.yaml:2");
    tps_plan_file_free(file);
    put("other/file", "");
    file = load_in("other", DISCOVER, NULL);
    ck_assert_ptr_nonnull(file);
    ck_assert_str_eq(tps_plan_file_find(file, "x")->origin, origin);
}
END_TEST

START_TEST(fragments_find_fragments)
{
    put("a/x.suite.yaml", "suites: [{name: a, command: x}]\n"
                          "discover: [{path: ../far, pattern: yaml}, {pattern: none, "
                          "optional: true}]\n");
    put("far/y.yaml", "{name: far, command: x}\n");
    assert_suites("discover: [{path: a, pattern: suite}]\n", "a=a/x.suite.yaml:1|far=far/y.yaml:1");
}
END_TEST

START_TEST(a_fragment_wants_what_the_plan_file_has)
{
    put("a/x.suite.yaml", "name: a\ncommand: x\nresources: {gpu: 2}\n");
    assert_suites(DISCOVER "resources: {gpu: 2}\n", "a=a/x.suite.yaml:1");
    assert_refused(DISCOVER "resources: {gpu: 1}\n",
                   "a/x.suite.yaml:3:12: suite 'a' wants 2 of resource 'gpu', and there is 1");
    put("b/x.suite.yaml", "name: b\ncommand: x\n");
    assert_refused(DISCOVER, "a/x.suite.yaml:3:12: suite 'a' wants resource 'gpu', which");
}
END_TEST

START_TEST(odd_names_are_names)
{
    static const char *const names[] = {"$(touch x)", "[a]",      "a b",
                                        "new\nline",  "\xc3\xa4", "\xff"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_strconcat(names[i], "/", names[i], ".suite.yaml", NULL);
        g_autofree char *text = g_strdup_printf("name: n%zu\ncommand: x\n", i);

        put(path, text);
    }
    put("trap.suite.yaml\n", "nonsense: true\n"); /* which does not end in .yaml */
    assert_suites(DISCOVER, "n0=$(touch x)/$(touch x).suite.yaml:1|n1=[a]/[a].suite.yaml:1|"
                            "n2=a b/a b.suite.yaml:1|n3=new\nline/new\nline.suite.yaml:1|"
                            "n4=\xc3\xa4/\xc3\xa4.suite.yaml:1|n5=\xff/\xff.suite.yaml:1");
}
END_TEST

/* Fragments, as "a.suite.yaml" and "b.suite.yaml"; the plan file; what is wrong with them. */
static const struct {
    const char *a;
    const char *b;
    const char *plan;
    const char *what;
} refused[] = {
    {"name: a\ncommand: x\n", "name: a\ncommand: y\n", DISCOVER,
     "b.suite.yaml:1:1: there are two suites named 'a'; the other one is at a.suite.yaml:1"},
    {"name: a\ncommand: x\n", NULL, "suites:\n - {name: a, command: x}\n" DISCOVER,
     "a.suite.yaml:1:1: there are two suites named 'a'; the other one is at tpsched.yaml:2"},
    {NULL, NULL, DISCOVER,
     "tpsched.yaml:1:12: no file below '.' matches '\\.suite\\.yaml$'; where there may be none, "
     "say 'optional: true'"},
    {NULL, NULL, "discover: [{path: nowhere, pattern: x}]\n",
     "tpsched.yaml:1:12: cannot read directory 'nowhere': No such file"},
    {"", NULL, "discover: [{path: a.suite.yaml, pattern: x}]\n",
     "tpsched.yaml:1:12: cannot read directory 'a.suite.yaml': Not a directory"},
    {NULL, NULL, "discover: [{path: nowhere, pattern: x, optional: true}]\n",
     "tpsched.yaml:1:1: there is no suite in it"},
    {"", NULL, DISCOVER, "a.suite.yaml:1:1: there is no suite in it"},
    {"# name: a\n", NULL, DISCOVER, "a.suite.yaml:1:1: there is no suite in it"},
    {"suites: []\n", NULL, DISCOVER, "a.suite.yaml:1:1: there is no suite in it"},
    {"{}\n", NULL, DISCOVER, "a.suite.yaml:1:1: there is no suite in it"},
    {"- name: a\n", NULL, DISCOVER, "a.suite.yaml:1:1: a mapping of keys to values is expected"},
    {"text\n", NULL, DISCOVER, "a.suite.yaml:1:1: a mapping of keys to values is expected"},
    {"a: b: c\n", NULL, DISCOVER, "a.suite.yaml:1:5: not YAML: "},
    {"suites:\n  - name: a\n", NULL, DISCOVER, "a.suite.yaml:2:5: suite 'a' has neither"},
    {"command: x\n", NULL, DISCOVER, "a.suite.yaml:1:1: this suite has no 'name'"},
    {"name: a\ncomand: x\n", NULL, DISCOVER, "a.suite.yaml:2:1: unknown key 'comand'; did you"},
    {"suites: []\npool: {}\n", NULL, DISCOVER,
     "a.suite.yaml:2:1: 'pool' belongs into the plan file"},
    {"plan_runtime_target: 3\n", NULL, DISCOVER,
     "a.suite.yaml:1:1: 'plan_runtime_target' belongs into the plan file"},
    {"name: a\nsuites: []\n", NULL, DISCOVER,
     "a.suite.yaml:1:1: 'name' belongs into the plan file"},
    {"suites: []\nsuits: []\n", NULL, DISCOVER, "a.suite.yaml:2:1: unknown key 'suits'; did you"},
    {"suites: {}\n", NULL, DISCOVER, "a.suite.yaml:1:9: a list is expected here"},
    {DISCOVER, NULL, DISCOVER, "a.suite.yaml:1:12: a cycle: a.suite.yaml -> a.suite.yaml"},
    {"discover: [{pattern: 'b.s'}]\n", "discover: [{pattern: 'ched'}]\n",
     "discover: [{pattern: a.suite}]\n",
     "b.suite.yaml:1:12: a cycle: tpsched.yaml -> a.suite.yaml -> b.suite.yaml -> tpsched.yaml"},
    {NULL, NULL, "discover: [{pattern: yaml}]\n",
     "tpsched.yaml:1:12: a cycle: tpsched.yaml -> tpsched.yaml"},
    {"name: a\ncommand: x\n", NULL, "discover:\n- {pattern: a.suite}\n- {pattern: suite}\n",
     "tpsched.yaml:3:3: 'a.suite.yaml' is found twice; tpsched.yaml:2:3 finds it, too"},
    {"discover: [{pattern: b.suite}]\n", "name: b\ncommand: x\n", DISCOVER,
     "tpsched.yaml:1:12: 'b.suite.yaml' is found twice; a.suite.yaml:1:12 finds it, too"},
    {NULL, NULL, "discover: [x]\n", "tpsched.yaml:1:12: a mapping of keys to values"},
    {NULL, NULL, "discover: [{path: .}]\n", "tpsched.yaml:1:12: this entry has no 'pattern'"},
    {NULL, NULL, "discover: [{pattern: '['}]\n", "tpsched.yaml:1:22: '[' is not a pattern: "},
    {NULL, NULL, "discover: [{pattern: ''}]\n", "tpsched.yaml:1:22: a text is expected here, and"},
    {NULL, NULL, "discover: [{patern: a}]\n", "tpsched.yaml:1:13: unknown key 'patern'; did you"},
    {NULL, NULL, "discover: [{pattern: a, optional: 1}]\n", "tpsched.yaml:1:35: '1' is not true"},
};

START_TEST(refuses)
{
    if (refused[_i].a)
        put("a.suite.yaml", refused[_i].a);
    if (refused[_i].b)
        put("b.suite.yaml", refused[_i].b);
    assert_refused(refused[_i].plan, refused[_i].what);
}
END_TEST

static void put_link(const char *target, const char *path)
{
    g_autofree char *whole = scratch_path(path);

    ck_assert_int_eq(symlink(target, whole), 0);
}

START_TEST(links_end)
{
    put("a/x.suite.yaml", "name: a\ncommand: x\n");
    put_link(".", "a/loop");
    put_link("..", "a/up");
    put_link("nowhere", "a/dangling.suite.yaml");
    assert_suites(DISCOVER, "a=a/x.suite.yaml:1");
    put_link("a/x.suite.yaml", "same.suite.yaml");
    assert_refused(DISCOVER, "'same.suite.yaml' is found twice; tpsched.yaml:1:12 finds it, too");
    /* Through a link that the entry names, a fragment meets itself by ever longer names. */
    put("b/y.yaml", "discover: [{path: loop, pattern: y}]\n");
    put_link(".", "b/loop");
    assert_refused("discover: [{path: b, pattern: y}]\n",
                   "b/y.yaml:1:12: a cycle: b/y.yaml -> b/y.yaml");
}
END_TEST

START_TEST(long_chains_end)
{
    for (int i = 0; i < 100; i++) {
        g_autofree char *path = g_strdup_printf("%d.yaml", i);
        g_autofree char *text = g_strdup_printf("discover: [{pattern: '^%d.yaml'}]\n", i + 1);

        put(path, text);
    }
    assert_refused("discover: [{pattern: '^0.yaml'}]\n",
                   "62.yaml:1:12: more than 64 files, each found by another");
}
END_TEST

START_TEST(a_pattern_may_take_too_long)
{
    g_autofree char *name = g_strnfill(200, 'a');

    put(name, "");
    assert_refused("discover: [{pattern: '^(a+)+$x'}]\n", "tpsched.yaml:1:12: ");
}
END_TEST

static void leave(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    scratch_remove();
}

int main(void)
{
    Suite *suite = suite_create("discover");
    TCase *tcase = tcase_create("discover");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, scratch_make, leave);
    tcase_add_test(tcase, fragments_follow_in_the_order_of_their_paths);
    tcase_add_test(tcase, entries_have_paths);
    tcase_add_test(tcase, relative_things_start_at_the_fragment);
    tcase_add_test(tcase, fragments_find_fragments);
    tcase_add_test(tcase, a_fragment_wants_what_the_plan_file_has);
    tcase_add_test(tcase, odd_names_are_names);
    tcase_add_loop_test(tcase, refuses, 0, G_N_ELEMENTS(refused));
    tcase_add_test(tcase, links_end);
    tcase_add_test(tcase, long_chains_end);
    tcase_add_test(tcase, a_pattern_may_take_too_long);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
