/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/error.h"
#include "formats/plan_yaml.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

static const char full[] = "name: shop\n"
                           "plan_runtime_target: 10m\n"
                           "auto_part_runtime_limit: auto\n"
                           "pool: {type: local, size: 4, max_size: 9, elastic: true}\n"
                           "suites:\n"
                           "  - name: api\n"
                           "    framework: pytest\n"
                           "    path: tests/api\n"
                           "    args: -x --color 'a b'\n"
                           "    cwd: sub/dir\n"
                           "    parts: auto\n"
                           "    unit: class\n"
                           "    timeout: 1m30s\n"
                           "    env: {DB: test, EMPTY: '', NUMBER: 1}\n"
                           "  - name: smoke\n"
                           "    command: ./smoke.sh \"$(x)\" ../a\n"
                           "    weight: 100\n"
                           "    parts: 3\n"
                           "  - {name: list, command: [./prog, 'a b', '']}\n";

static TpsPlanFile *load(const char *text)
{
    g_autofree char *path = scratch_text("tpsched.yaml", text);
    g_autoptr(GError) error = NULL;
    TpsPlanFile *file = tps_plan_file_load(path, &error);

    ck_assert_msg(file != NULL, "%s", error ? error->message : "");
    ck_assert_str_eq(file->file, path);
    return file;
}

static void assert_words(char **words, const char *joined)
{
    g_autofree char *got = g_strjoinv("|", words);

    ck_assert_str_eq(got, joined);
}

START_TEST(tags_are_read)
{
    g_autoptr(TpsPlanFile) file = load("suites:\n"
                                       "  - {name: one, command: x, tags: slow}\n"
                                       "  - {name: more, command: x, tags: [db, 'a:b']}\n"
                                       "  - {name: none, command: x}\n");

    assert_words(tps_plan_file_find(file, "one")->tags, "slow");
    assert_words(tps_plan_file_find(file, "more")->tags, "db|a:b");
    assert_words(tps_plan_file_find(file, "none")->tags, "");
}
END_TEST

START_TEST(reruns_are_read)
{
    g_autoptr(TpsPlanFile) file = load("rerun_budget: 7\npool: {allow_task_rerun: false}\n"
                                       "suites:\n"
                                       "  - {name: none, command: x, rerun: 0}\n"
                                       "  - {name: two, command: x, rerun: 2}\n"
                                       "  - {name: silent, command: x}\n");
    g_autoptr(TpsPlanFile) silent = load("suites:\n  - {name: a, command: x}\n");

    ck_assert_int_eq(file->rerun_budget, 7);
    ck_assert(!file->pool_rerun);
    ck_assert_int_eq(tps_plan_file_find(file, "none")->rerun, 0);
    ck_assert_int_eq(tps_plan_file_find(file, "two")->rerun, 2);
    ck_assert_int_eq(tps_plan_file_find(file, "silent")->rerun, TPS_AUTO);
    ck_assert_int_eq(silent->rerun_budget, TPS_AUTO);
    ck_assert(silent->pool_rerun);
}
END_TEST

static const char around[] = "setup: ./up 'a b'\n"
                             "teardown_timeout: 5\n"
                             "suites:\n"
                             "  - name: api\n"
                             "    framework: pytest\n"
                             "    env_clear: true\n"
                             "    env_pass: [A, 'B_*', '*']\n"
                             "    home: sandbox\n"
                             "    setup: [./up]\n"
                             "    setup_timeout: 1m\n"
                             "    teardown: ./down\n"
                             "  - {name: plain, command: x, home: inherit}\n";

START_TEST(what_surrounds_tasks_is_read)
{
    g_autoptr(TpsPlanFile) file = load(around);
    const TpsSuite *api = tps_plan_file_find(file, "api");
    const TpsSuite *plain = tps_plan_file_find(file, "plain");

    assert_words(file->fixture.setup, "./up|a b");
    ck_assert_ptr_null(file->fixture.teardown);
    ck_assert_int_eq(file->fixture.setup_timeout_us, TPS_SETUP_TIMEOUT_US);
    ck_assert_int_eq(file->fixture.teardown_timeout_us, 5 * TPS_SECOND_US);
    ck_assert(api->env_clear && api->home_is_sandbox);
    assert_words(api->env_pass, "A|B_*|*");
    assert_words(api->fixture.setup, "./up");
    assert_words(api->fixture.teardown, "./down");
    ck_assert_int_eq(api->fixture.setup_timeout_us, TPS_MINUTE_US);
    ck_assert_int_eq(api->fixture.teardown_timeout_us, TPS_TEARDOWN_TIMEOUT_US);
    ck_assert(!plain->env_clear && !plain->home_is_sandbox);
    ck_assert(!tps_fixture_is_any(&plain->fixture));
}
END_TEST

START_TEST(every_key_is_read)
{
    g_autoptr(TpsPlanFile) file = load(full);
    g_autofree char *cwd = scratch_path("sub/dir");
    const TpsSuite *api = tps_plan_file_find(file, "api");
    const TpsSuite *smoke = tps_plan_file_find(file, "smoke");
    const TpsSuite *list = tps_plan_file_find(file, "list");

    ck_assert_str_eq(file->name, "shop");
    ck_assert_int_eq(file->target_us, 10 * TPS_MINUTE_US);
    ck_assert_int_eq(file->limit_us, TPS_AUTO);
    ck_assert_int_eq(file->pool_size, 4);
    ck_assert_int_eq(file->pool_max_size, 9);
    ck_assert(file->pool_elastic);
    ck_assert_uint_eq(file->suites->len, 3);
    ck_assert_str_eq(api->framework, "pytest");
    ck_assert_str_eq(api->path, "tests/api");
    assert_words(api->args, "-x|--color|a b");
    ck_assert_str_eq(api->cwd, cwd);
    ck_assert_int_eq(api->parts, TPS_AUTO);
    ck_assert_int_eq(api->unit, TPS_UNIT_CLASS);
    ck_assert_int_eq(api->timeout_us, 90 * TPS_SECOND_US);
    ck_assert_int_eq(api->weight_us, TPS_AUTO);
    assert_words(api->env, "DB=test|EMPTY=|NUMBER=1");
    ck_assert_ptr_null(api->command);
    ck_assert_str_eq(smoke->framework, "command");
    assert_words(smoke->command, "./smoke.sh|$(x)|../a");
    ck_assert_str_eq(smoke->cwd, scratch_dir);
    ck_assert_int_eq(smoke->weight_us, 100 * TPS_SECOND_US);
    ck_assert_int_eq(smoke->parts, 3);
    assert_words(list->command, "./prog|a b|");
}
END_TEST

START_TEST(what_is_not_given)
{
    g_autoptr(TpsPlanFile) file = load("suites: [{name: a, framework: pytest}]\n");
    const TpsSuite *suite = g_ptr_array_index(file->suites, 0);

    ck_assert_str_eq(file->name, "tpsched");
    ck_assert_int_eq(file->target_us, 0);
    ck_assert_int_eq(file->limit_us, 0);
    ck_assert_int_eq(file->pool_size, 0);
    ck_assert_int_eq(file->pool_max_size, 0);
    ck_assert(!file->pool_elastic);
    ck_assert_int_eq(suite->parts, 1);
    ck_assert_int_eq(suite->timeout_us, 0);
    ck_assert_int_eq(suite->weight_us, TPS_AUTO);
    ck_assert_int_eq(suite->unit, TPS_UNIT_DEFAULT);
    ck_assert_ptr_null(suite->path);
    ck_assert_uint_eq(g_strv_length(suite->args), 0);
    ck_assert_uint_eq(g_strv_length(suite->env), 0);
}
END_TEST

START_TEST(needs_are_read)
{
    g_autoptr(TpsPlanFile) file =
        load("suites:\n"
             "  - {name: a, command: x, slots: 2, exclusive: true, memory: 2G, locks: [z, b, z],\n"
             "     resources: {gpu: 1}}\n"
             "  - {name: b, command: x, slots: 1, exclusive: false, locks: [], resources: {}}\n"
             "  - {name: c, command: x, locks: port 80}\n"
             "resources: {port: 3, gpu: 2}\n");
    const TpsNeeds *needs = tps_plan_file_find(file, "a")->needs;
    g_autofree char *text = tps_needs_describe(needs);

    ck_assert_str_eq(text, "exclusive, slots 2, lock b, lock z, gpu 1, memory 2G");
    ck_assert_ptr_null(tps_plan_file_find(file, "b")->needs);
    assert_words(tps_plan_file_find(file, "c")->needs->locks, "port 80");
    ck_assert_uint_eq(file->resources->len, 2);
    ck_assert_int_eq(tps_resources_count(file->resources, "gpu"), 2);
}
END_TEST

#define SUITES "suites: [{name: a, framework: b}]\n"
#define SUITE "suites:\n  - name: a\n    framework: b\n"

/* The place and text of each error. */
static const char *const refused[][2] = {
    {"suites:\n  - {name: a, command: x, tags: 'a b'}", "tpsched.yaml:2:33: 'a b' is not a tag"},
    {"suites:\n  - {name: a, command: x, tags: [a, 'b,c']}",
     "tpsched.yaml:2:37: 'b,c' is not a tag"},
    {"suites:\n  - {name: a, command: x, tags: ''}", "tpsched.yaml:2:33: '' is not a tag"},
    {"suites:\n  - {name: a, command: x, tags: {a: b}}", "tpsched.yaml:2:33: "},
    {SUITE "    env_clear: 1\n", "'1' is not true or false"},
    {SUITE "    env_pass: A\n", "suite 'a' has 'env_pass', and without 'env_clear' all is passed"},
    {SUITE "    env_clear: true\n    env_pass: ['']\n", "'' is not the name of a variable"},
    {SUITE "    env_clear: true\n    env_pass: [A, B=C]\n",
     "5:15: 'B=C' is not the name of a variable; write NAME or PREFIX_*"},
    {SUITE "    env_clear: true\n    env_pass: 'A*B'\n", "'A*B' is not the name of a variable"},
    {SUITE "    home: none\n", "4:11: 'none' is no home; it is sandbox or inherit"},
    {SUITE "    setup: []\n", "4:12: a program is expected here"},
    {SUITE "    teardown: ''\n", "4:15: cannot split into words"},
    {SUITE "    teardown_timeout: 0\n", "4:23: "},
    {"setup: ['']\n" SUITES, "1:8: a program is expected here"},
    {"", "1:1: there is no suite in it"},
    {"# nothing\n", "1:1: there is no suite in it"},
    {"name: x\n", "1:1: there is no suite in it"},
    {"suites: []\n", "1:1: there is no suite in it"},
    {"just a text\n", "1:1: a mapping of keys to values is expected here"},
    {"- a\n- b\n", "1:1: a mapping of keys to values is expected here"},
    {"name: [x\n", "2:1: not YAML: did not find expected ',' or ']'"},
    {"name: 'x\n", "not YAML: found unexpected end of stream"},
    {"a: b: c\n", "1:5: not YAML: mapping values are not allowed in this context"},
    {"\tname: x\n", "1:1: not YAML: found character that cannot start any token"},
    {"name: *nowhere\n", "1:7: not YAML: found undefined alias"},
    {"name: \x01\n", "not YAML: control characters are not allowed"},
    {"name: \xff\n", "not YAML: invalid leading UTF-8 octet"},
    {"name: \"a\\0b\"\n", "1:7: a NUL character is not allowed"},
    {"name: x\nname: y\n" SUITES, "2:1: 'name' is given twice"},
    {"nme: x\n" SUITES, "1:1: unknown key 'nme'; did you mean 'name'?"},
    {"suite: x\n", "1:1: unknown key 'suite'; did you mean 'suites'?"},
    {"elephants: 3\n", "1:1: unknown key 'elephants'; known are name, plan_runtime_target, "},
    {"[a]: x\n", "1:1: a key is expected here"},
    {"name: [x]\n" SUITES, "1:7: a text is expected here"},
    {"name: ''\n" SUITES, "1:7: a text is expected here, and it must not be empty"},
    {"name:\n" SUITES, "a text is expected here, and it must not be empty"},
    {"plan_runtime_target: soon\n", "1:22: 'soon' is not a duration"},
    {"plan_runtime_target: 0\n", "1:22: a duration longer than zero is expected here"},
    {"plan_runtime_target: -5\n", "1:22: '-5' is not a duration"},
    {"plan_runtime_target: 11y\n", "1:22: '11y' is not a duration"},
    {"plan_runtime_target: 99999d\n", "1:22: '99999d' is longer than ten years"},
    {"plan_runtime_target: 1e999\n", "1:22: '1e999' is longer than ten years"},
    {"plan_runtime_target: nan\n", "1:22: 'nan' is not a duration"},
    {"plan_runtime_target: [1]\n", "1:22: 'auto' or a duration is expected here"},
    {"auto_part_runtime_limit: 0s\n", "1:26: a duration longer than zero is expected here"},
    {"pool: local\n", "1:7: a mapping of keys to values is expected here"},
    {"pool: {type: ssh}\n", "1:14: pool type 'ssh' is not supported by this version; 'local' is"},
    {"pool: {size: 0}\n", "1:14: '0' is not a whole number from 1 to 65536"},
    {"pool: {size: 65537}\n", "1:14: '65537' is not a whole number from 1 to 65536"},
    {"pool: {size: 1.5}\n", "1:14: '1.5' is not a whole number from 1 to 65536"},
    {"pool: {size: [1]}\n", "1:14: 'auto' or a whole number is expected here"},
    {"pool: {elastic: yes}\n", "1:17: 'yes' is not true or false"},
    {"pool: {max_size: auto}\n", "1:18: 'auto' is not a whole number from 1 to 65536"},
    {"pool: {siz: 3}\n", "1:8: unknown key 'siz'; did you mean 'size'?"},
    {"discover: []\n", "1:1: there is no suite in it"},
    {"discover: {}\n" SUITES, "1:11: a list is expected here"},
    {"suites: {name: a}\n", "1:9: a list is expected here"},
    {"suites: [a]\n", "1:10: a mapping of keys to values is expected here"},
    {"suites:\n  - framework: b\n", "2:5: this suite has no 'name'"},
    {"suites:\n  - name: a\n", "2:5: suite 'a' has neither 'framework' nor 'command'"},
    {SUITE "  - name: a\n    command: x\n", "4:5: there are two suites named 'a'"},
    {SUITE "    framework: c\n", "4:5: 'framework' is given twice"},
    {SUITE "    framwork: c\n", "4:5: unknown key 'framwork'; did you mean 'framework'?"},
    {SUITE "    slots: 0\n", "4:12: '0' is not a whole number from 1 to 65536"},
    {SUITE "    exclusive: yes\n", "4:16: 'yes' is not true or false"},
    {SUITE "    memory: 2GB\n", "4:13: '2GB' is not a size; write 512M or 2G"},
    {SUITE "    locks: {a: 1}\n", "4:12: a text or a list of texts is expected here"},
    {SUITE "    locks: [a, '']\n", "4:12: a lock has a name"},
    {SUITE "    resources: [gpu]\n", "4:16: a mapping of resources to numbers is expected here"},
    {SUITE "    resources: {gpu: 0}\n", "4:22: '0' is not a whole number from 1 to 65536"},
    {SUITE "    resources: {gpu: 1}\n",
     "4:16: suite 'a' wants resource 'gpu', which the plan file does not declare"},
    {SUITE "    resources: {gpu: 3}\nresources: {gpu: 2}\n",
     "4:16: suite 'a' wants 3 of resource 'gpu', and there are 2"},
    {SUITE "    locks: [gpu]\nresources: {gpu: 2}\n", "4:12: suite 'a': 'gpu' is a resource, not"},
    {"resources: {gpu: 1, gpu: 2}\n" SUITES, "1:21: 'gpu' is given twice"},
    {"resources: {gpu-a: 1, gpu_a: 2}\n" SUITES,
     "1:23: resources 'gpu-a' and 'gpu_a' would share the variable TPSCHED_GPU_A"},
    {"resources: {slot: 1}\n" SUITES, "1:13: a resource can't be named 'slot'"},
    {"resources: {[]: 1}\n" SUITES, "1:13: the name of a resource is expected here"},
    {SUITE "    rerun: -1\n", "4:12: '-1' is not a whole number from 0 to 100"},
    {SUITE "    rerun: 101\n", "4:12: '101' is not a whole number from 0 to 100"},
    {"rerun_budget: all\n", "1:15: 'all' is not a whole number from 0"},
    {"pool: {allow_task_rerun: no}\n", "1:26: 'no' is not true or false"},
    {SUITE "    parts: 0\n", "4:12: '0' is not a whole number from 1 to 1000000"},
    {SUITE "    parts: -1\n", "4:12: '-1' is not a whole number from 1 to 1000000"},
    {SUITE "    parts: 99999999999999999999\n", "4:12: '99999999999999999999' is not a whole"},
    {SUITE "    weight: 0\n", "4:13: a duration longer than zero is expected here"},
    {SUITE "    weight: auto\n", "4:13: 'auto' is not a duration"},
    {SUITE "    timeout: 1 week\n", "4:14: '1 week' is not a duration"},
    {SUITE "    unit: module\n", "4:11: 'module' is not a unit; it is testcase, class or file"},
    {SUITE "    unit: default\n", "4:11: 'default' is not a unit"},
    {SUITE "    command: ''\n", "4:14: cannot split into words: "},
    {SUITE "    command: \"'\"\n", "4:14: cannot split into words: "},
    {SUITE "    command: []\n", "4:14: a program is expected here"},
    {SUITE "    command: ['']\n", "4:14: a program is expected here"},
    {SUITE "    command: {a: b}\n", "4:14: a text or a list of texts is expected here"},
    {SUITE "    command: [[a]]\n", "4:15: a text is expected here"},
    {SUITE "    args: [{}]\n", "4:12: a text is expected here"},
    {SUITE "    env: [A=b]\n", "4:10: a mapping of names to values is expected here"},
    {SUITE "    env: {A=B: c}\n", "4:11: not the name of an environment variable"},
    {SUITE "    env: {'': c}\n", "4:11: not the name of an environment variable"},
    {SUITE "    env: {A: [b]}\n", "4:14: a text is expected here"},
    {SUITE "    env: {A: \"a\\0b\"}\n", "4:14: a NUL character is not allowed"},
};

START_TEST(refuses)
{
    g_autofree char *path = scratch_text("tpsched.yaml", refused[_i][0]);
    g_autofree char *place = g_strconcat(path, ":", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlanFile) file = tps_plan_file_load(path, &error);

    ck_assert_msg(!file, "%s", refused[_i][0]);
    ck_assert_ptr_nonnull(error);
    ck_assert_msg(g_str_has_prefix(error->message, place), "%s", error->message);
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, refused[_i][1]);
}
END_TEST

static void assert_refused(const char *text, size_t length, const char *what)
{
    g_autofree char *path = scratch_write("tpsched.yaml", text, length);
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlanFile) file = tps_plan_file_load(path, &error);

    ck_assert_ptr_null(file);
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, what);
}

START_TEST(deep_nesting_is_refused)
{
    static const char *const openings[] = {"[", "{a: ", "- ", "? "};
    g_autoptr(GString) text = g_string_new("name: ");

    if (_i >= 2)
        g_string_truncate(text, 0);
    for (int i = 0; i < 100000; i++)
        g_string_append(text, openings[_i]);
    assert_refused(text->str, text->len, "tpsched.yaml:1:");
    assert_refused(text->str, text->len, "nested too deeply");
}
END_TEST

START_TEST(nesting_that_is_closed_is_read)
{
    g_autoptr(GString) text = g_string_new("suites:\n");

    for (int i = 0; i < 200; i++)
        g_string_append_printf(text, "  - {name: a%d, command: [x], env: {A: b}}\n", i);
    tps_plan_file_free(load(text->str));
}
END_TEST

START_TEST(odd_bytes_are_refused)
{
    g_autofree char *large = g_strnfill(17 * 1024 * 1024, '#');

    assert_refused("name: \0x\n" SUITES, sizeof "name: \0x\n" SUITES - 1,
                   "1:1: not YAML: control characters are not allowed");
    assert_refused(large, strlen(large), "is too large");
}
END_TEST

START_TEST(a_missing_file_is_refused)
{
    g_autofree char *path = scratch_path("none.yaml");
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(tps_plan_file_load(path, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "none.yaml");
    ck_assert_ptr_null(tps_plan_file_load(scratch_dir, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, scratch_dir);
}
END_TEST

/* Half a file is refused, or is a plan file of fewer things; nothing else. */
START_TEST(half_a_file_never_crashes)
{
    for (size_t length = 0; length < strlen(full); length++) {
        g_autofree char *path = scratch_write("tpsched.yaml", full, length);
        g_autoptr(GError) error = NULL;
        g_autoptr(TpsPlanFile) file = tps_plan_file_load(path, &error);

        ck_assert_int_eq(file == NULL, error != NULL);
        if (error)
            assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "tpsched.yaml:");
        else
            ck_assert_uint_ge(file->suites->len, 1);
    }
}
END_TEST

START_TEST(damage_never_crashes)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(23);

    for (int round = 0; round < 3000; round++) {
        g_autofree char *text = g_strdup(full);
        g_autofree char *path = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(TpsPlanFile) file = NULL;

        for (int n = g_rand_int_range(rand, 1, 4); n > 0; n--)
            text[g_rand_int_range(rand, 0, (int)strlen(full))] =
                "[]{}:,-?&*!|>'\"%@`# \n\tax0\xff\x01"[g_rand_int_range(rand, 0, 28)];
        path = scratch_write("tpsched.yaml", text, strlen(full));
        file = tps_plan_file_load(path, &error);
        ck_assert_int_eq(file == NULL, error != NULL);
        if (error)
            assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "tpsched.yaml:");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan_yaml");
    TCase *tcase = tcase_create("plan_yaml");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, every_key_is_read);
    tcase_add_test(tcase, tags_are_read);
    tcase_add_test(tcase, reruns_are_read);
    tcase_add_test(tcase, what_is_not_given);
    tcase_add_test(tcase, needs_are_read);
    tcase_add_test(tcase, what_surrounds_tasks_is_read);
    tcase_add_loop_test(tcase, refuses, 0, G_N_ELEMENTS(refused));
    tcase_add_loop_test(tcase, deep_nesting_is_refused, 0, 4);
    tcase_add_test(tcase, nesting_that_is_closed_is_read);
    tcase_add_test(tcase, odd_bytes_are_refused);
    tcase_add_test(tcase, a_missing_file_is_refused);
    tcase_add_test(tcase, half_a_file_never_crashes);
    tcase_add_test(tcase, damage_never_crashes);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
