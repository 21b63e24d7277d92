/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/json.h"
#include "formats/matrix/matrix.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* What may stand in the name of a suite, all at once. */
#define HOSTILE                                                                                    \
    "a\nmatrix={}\r\t\x1b[31m ${{ secrets.X }} $(id) `id` $HOME \"'\\ \xf0\x9f\x92\xa5 : {x}"

static TpsShards *shards_of(int n, int size, const char *suite)
{
    TpsShards *shards = tps_shards_new("shop");

    g_free(shards->plan_id);
    shards->plan_id = g_strnfill(64, 'a');
    shards->size = size;
    for (int i = 1; i <= n; i++) {
        TpsShard *shard = tps_shards_add(shards, i);

        shard->expected_us = 1500000 * (int64_t)i;
        shard->n_testcases = 3;
        g_ptr_array_add(shard->parts, g_strdup_printf("%s %d,%d", suite, i - 1, n));
        shards->expected_us = shard->expected_us;
    }
    return shards;
}

static char *text_of(const char *format, const TpsShards *shards, GPtrArray *notes, GError **error)
{
    const TpsMatrixLook look = {.plan = "ci/plan.json", .plan_command = "tpsched plan -d 'x y'"};
    const TpsMatrix *matrix = tps_matrix_find(format);

    ck_assert_ptr_nonnull(matrix);
    return tps_matrix_text(matrix, shards, &look, notes, error);
}

static char *must(const char *format, const TpsShards *shards)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    char *text = text_of(format, shards, notes, &error);

    ck_assert_msg(text != NULL, "%s", error ? error->message : "");
    ck_assert(g_str_has_suffix(text, "\n") && g_utf8_validate(text, -1, NULL));
    return text;
}

/* Bytes, where a line or two say it all. */
static const struct {
    const char *format;
    int n, size;
    const char *text;
} exact[] = {
    {"circleci", 2, 3, "{\"shards\":3,\"plan_id\":\"@\",\"expected\":3}\n"},
    {"circleci", 1, 1, "{\"shards\":1,\"plan_id\":\"@\",\"expected\":2}\n"},
    {"circleci", 0, 0, "{\"shards\":0,\"plan_id\":\"@\",\"expected\":0}\n"},
    {"azure", 0, 0, "{}\n"},
    {"azure", 1, 4,
     "{\"shard_1\":{\"SHARD\":\"1/4\",\"NUMBER\":\"1\",\"EXPECTED\":\"1.500000\",\"PLAN_ID\":"
     "\"@\"}}\n"},
    {"jenkins", 0, 0, "[]\n"},
    {"jenkins", 1, 4,
     "[{\"shard\":\"1/4\",\"number\":1,\"name\":\"shop shard 1\",\"expected\":1.500000,"
     "\"testcases\":3,\"parts\":[\"api 0,1\"]}]\n"},
    {"github", 0, 0,
     "matrix={\"include\":[]}\ncount=0\nshards=0\nlevels=1\nplan_id=@\nexpected=0\n"},
    {"github", 1, 4,
     "matrix={\"include\":[{\"shard\":\"1/4\",\"number\":1,\"name\":\"shop shard 1\",\"expected\":"
     "1.500000,\"testcases\":3,\"parts\":[\"api 0,1\"]}]}\ncount=1\nshards=4\nlevels=1\n"
     "plan_id=@\nexpected=1.500000\n"},
};

START_TEST(writes_lines)
{
    g_autoptr(TpsShards) shards = shards_of(exact[_i].n, exact[_i].size, "api");
    g_autofree char *text = must(exact[_i].format, shards);
    GString *wished = g_string_new(exact[_i].text);

    g_string_replace(wished, "@", shards->plan_id, 0);
    ck_assert_str_eq(text, wished->str);
    g_string_free(wished, TRUE);
}
END_TEST

/* What stands in a pipeline, and what must not. */
static const struct {
    const char *format;
    int n, size;
    const char *has, *lacks;
} parts[] = {
    {"gitlab", 2, 2,
     "\"shop shard 2\": {extends: .tpsched-shard, variables: {TPSCHED_SHARD: \"2/2\"",
     "shop shard 3"},
    {"gitlab", 2, 9, "tpsched run --plan ci/plan.json --shard \"$TPSCHED_SHARD\"", "api"},
    {"gitlab", 2, 9, "paths: [\"ci/plan.json\", report/]", "shop shard 3"},
    {"gitlab", 2, 2, "\"shop merge\":\n  stage: merge\n  when: always\n", NULL},
    {"gitlab", 2, 2, "  cache: {key: tpsched, paths: [runtime-data.json], when: always}\n", NULL},
    {"gitlab", 0, 0, "\"shop nothing to run\":\n  script: [", "merge"},
    {"buildkite", 2, 2, "key: \"shop-shard-2\"", "shop-shard-3"},
    {"buildkite", 2, 2, "--run-id \"$BUILDKITE_BUILD_ID\"", "api"},
    {"buildkite", 2, 7, "--attempt \"$$((BUILDKITE_RETRY_COUNT + 1))\"", " $BUILD"},
    {"buildkite", 2, 2, "--report-dir \"report/2-$$BUILDKITE_RETRY_COUNT\"", NULL},
    {"buildkite", 2, 2, "artifact download --include-retried-jobs \"report/**/*\"", NULL},
    {"buildkite", 2, 2, "  - wait: ~\n    continue_on_failure: true\n", NULL},
    {"buildkite", 0, 0, "nothing to run", "merge"},
    {"bitbucket", 1, 3, "name: \"shop shard 3\"", "shop shard 4"},
    {"bitbucket", 1, 3, "tpsched plan -d 'x y' $(test ! -f past/runtime-data.json", "api"},
    {"bitbucket", 1, 3, ") --replan --shards 3 -o ci/plan.json", "steps:"},
    {"bitbucket", 1, 3, "--shard 3/3 ", NULL},
};

START_TEST(writes_pipelines)
{
    g_autoptr(TpsShards) shards = shards_of(parts[_i].n, parts[_i].size, "api");
    g_autofree char *text = must(parts[_i].format, shards);

    ck_assert_msg(strstr(text, parts[_i].has) != NULL, "no '%s' in %s", parts[_i].has, text);
    if (parts[_i].lacks)
        ck_assert_msg(!strstr(text, parts[_i].lacks), "'%s' in %s", parts[_i].lacks, text);
}
END_TEST

/* How many each takes, and what it says of one more. */
static const struct {
    const char *format;
    int n;
    const char *said; /* or NULL: taken */
} limits[] = {
    {"azure", 256, NULL},
    {"azure", 257, "azure takes at most 256 shards, not 257"},
    {"bitbucket", 98, NULL},
    {"bitbucket", 99, "bitbucket takes at most 98 shards, not 99"},
    {"bitbucket", 0, "there is nothing to run, and bitbucket can't be told so"},
    {"buildkite", 498, NULL},
    {"buildkite", 499, "buildkite takes at most 498 shards, not 499"},
    {"circleci", 70000, NULL},
    {"github", 256, NULL},
    {"github", 257, NULL},
    {"github", 65536, NULL},
    {"github", 65537, "github takes at most 65536 shards, not 65537"},
    {"gitlab", 300, NULL},
    {"gitlab", 7000, NULL},
    {"gitlab", 70000, "70000 shards are more than the megabyte of YAML that gitlab takes"},
    {"jenkins", 70000, NULL},
};

START_TEST(keeps_limits)
{
    g_autoptr(TpsShards) shards = shards_of(limits[_i].n, limits[_i].n, "api");
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = text_of(limits[_i].format, shards, notes, &error);

    if (limits[_i].said)
        assert_error(error, TPS_ERROR, TPS_ERROR_USAGE, limits[_i].said);
    else
        ck_assert_msg(text && !error, "%s", error ? error->message : "");
    if (text && strcmp(limits[_i].format, "github") == 0)
        ck_assert_uint_le(2 * strlen(text), 1000000); /* ASCII here */
}
END_TEST

/* The line of an output without its name, parsed; the others, as they are, in `rest`. */
static cJSON *matrix_of(const char *text, char ***lines)
{
    *lines = g_strsplit(text, "\n", -1);
    ck_assert_uint_eq(g_strv_length(*lines), 7); /* six, and nothing behind the last */
    ck_assert(g_str_has_prefix((*lines)[0], "matrix="));
    return cJSON_Parse((*lines)[0] + strlen("matrix="));
}

/* Each of a list of lists names its shards, and all of them each shard once. */
START_TEST(groups_for_github)
{
    const int n = limits[_i].n;
    g_autoptr(TpsShards) shards = shards_of(n, n, "api");
    g_autofree char *text = must("github", shards);
    g_auto(GStrv) lines = NULL;
    cJSON *matrix = matrix_of(text, &lines);
    const cJSON *include = cJSON_GetObjectItem(matrix, "include");
    const cJSON *group;
    int next = 1;

    ck_assert_str_eq(lines[3], "levels=2");
    ck_assert_int_le(cJSON_GetArraySize(include), 256);
    cJSON_ArrayForEach(group, include)
    {
        cJSON *numbers = cJSON_Parse(cJSON_GetObjectItem(group, "numbers")->valuestring);
        const cJSON *number;

        ck_assert_int_ge(cJSON_GetArraySize(numbers), 1);
        ck_assert_int_le(cJSON_GetArraySize(numbers), 256);
        cJSON_ArrayForEach(number, numbers) ck_assert_int_eq(number->valueint, next++);
        cJSON_Delete(numbers);
    }
    ck_assert_int_eq(next, n + 1);
    cJSON_Delete(matrix);
}
END_TEST

/* A name is data: one line remains one line, and is the same when it is read. */
START_TEST(keeps_names_as_data)
{
    g_autoptr(TpsShards) shards = shards_of(2, 2, HOSTILE);
    g_autofree char *text = must("github", shards);
    g_autofree char *list = must("jenkins", shards);
    g_auto(GStrv) lines = NULL;
    cJSON *matrix = matrix_of(text, &lines);
    cJSON *jobs = cJSON_Parse(list);
    const cJSON *job = cJSON_GetArrayItem(cJSON_GetObjectItem(matrix, "include"), 0);

    ck_assert_str_eq(cJSON_GetArrayItem(cJSON_GetObjectItem(job, "parts"), 0)->valuestring,
                     HOSTILE " 0,2");
    ck_assert_str_eq(lines[1], "count=2");
    ck_assert_int_eq(cJSON_GetArraySize(jobs), 2);
    ck_assert(strchr(list, '\n') == list + strlen(list) - 1);
    cJSON_Delete(matrix);
    cJSON_Delete(jobs);
}
END_TEST

/* No other format has a byte of a suite's name. */
START_TEST(keeps_names_out)
{
    static const char *const formats[] = {"azure", "bitbucket", "buildkite", "circleci", "gitlab"};
    g_autoptr(TpsShards) plain = shards_of(3, 3, "api");
    g_autoptr(TpsShards) hostile = shards_of(3, 3, HOSTILE);
    g_autofree char *one = must(formats[_i], plain);
    g_autofree char *other = must(formats[_i], hostile);

    ck_assert_str_eq(one, other);
}
END_TEST

/* 256 jobs whose parts are a little less, and a little more, than a megabyte of UTF-16. */
static const struct {
    gsize name_bytes;
    const char *letter;
    bool has_parts;
} sizes[] = {
    {1600, "x", true},
    {2000, "x", false},
    {3 * 1600, "\xe5\xba\x97", true},
    {3 * 2000, "\xe5\xba\x97", false},
    {4 * 800, "\xf0\x9f\x92\xa5", true},
    {4 * 1000, "\xf0\x9f\x92\xa5", false},
};

START_TEST(leaves_parts_out_of_what_is_too_long)
{
    GString *name = g_string_new(NULL);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TpsShards) shards = NULL;
    g_autofree char *text = NULL;
    g_autofree gunichar2 *wide = NULL;
    glong n_units;

    while (name->len < sizes[_i].name_bytes)
        g_string_append(name, sizes[_i].letter);
    shards = shards_of(256, 256, name->str);
    g_string_free(name, TRUE);
    text = text_of("github", shards, notes, NULL);
    ck_assert_ptr_nonnull(text);
    ck_assert_int_eq(strstr(text, "\"parts\"") != NULL, sizes[_i].has_parts);
    ck_assert_int_eq(notes->len == 0, sizes[_i].has_parts);
    wide = g_utf8_to_utf16(text, -1, NULL, &n_units, NULL);
    ck_assert_int_le(2 * n_units, 1000000);
}
END_TEST

/* What is copied into each job. */
static const struct {
    const char *yaml, *said; /* in the pipeline, or of the file */
    bool is_taken;
} templates[] = {
    {"image: python:3.12", "  image: \"python:3.12\"\n", true},
    {"tags: [docker, \"true\", true, 3, 1.5]", "  tags: [docker, \"true\", true, 3, 1.5]\n", true},
    {"before_script:\n  - pip install 'a, b'\n  - |\n    x: y\n    z\n",
     "  before_script: [\"pip install 'a, b'\", \"x: y\\nz\\n\"]\n", true},
    {"variables: {A: \"${{ x }}\", B: null, C: '', D: yes}",
     "  variables: {A: \"${{ x }}\", B: null, C: \"\", D: \"yes\"}\n", true},
    {"cache:\n  - &a {key: k}\n  - *a\n", "  cache: [{key: k}, {key: k}]\n  stage: shards\n", true},
    {"", NULL, true},
    {"[a]", "1:1: a mapping is expected here", false},
    {"image", "1:1: a mapping is expected here", false},
    {"script: x", "'script' of a job is what tpsched writes", false},
    {"image: a\nimage: b", "2:1: 'image' is there twice", false},
    {"\"a: b\": 1", "'a: b' is no key of a job", false},
    {"? [x]\n: 1", "a key is expected here", false},
    {"a: {[x]: 1}", "a key is expected here", false},
    {"a: [", "yaml:", false},
};

START_TEST(copies_a_template)
{
    g_autofree char *path = scratch_text("jobs.yaml", templates[_i].yaml);
    g_autoptr(TpsShards) shards = shards_of(1, 1, "api");
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsJobTemplate) jobs = tps_job_template_load(path, &error);
    const TpsMatrixLook look = {.plan = "plan.json", .plan_command = "tpsched plan", .jobs = jobs};
    g_autofree char *text =
        jobs ? tps_matrix_text(tps_matrix_find("gitlab"), shards, &look, NULL, &error) : NULL;

    if (!templates[_i].is_taken) {
        assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, templates[_i].said);
        return;
    }
    ck_assert_msg(text != NULL, "%s", error ? error->message : "");
    if (templates[_i].said)
        ck_assert_msg(strstr(text, templates[_i].said) != NULL, "%s", text);
}
END_TEST

/* Ten aliases of ten aliases and so on would be ten billion. */
START_TEST(stops_templates_that_grow)
{
    GString *yaml = g_string_new("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;

    for (int i = 1; i < 10; i++) {
        g_string_append_printf(yaml, "a%c: &a%d [", 'a' + i, i);
        for (int j = 0; j < 10; j++)
            g_string_append_printf(yaml, "%s*a%d", j ? ", " : "", i - 1);
        g_string_append(yaml, "]\n");
    }
    g_string_erase(yaml, 0, 2);
    g_string_prepend(yaml, "aa");
    path = scratch_text("jobs.yaml", yaml->str);
    g_string_free(yaml, TRUE);
    ck_assert_ptr_null(tps_job_template_load(path, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "this is too long for each job to have it");
}
END_TEST

static const struct {
    const char *path;
    bool is_plain;
} paths[] = {
    {"plan.json", true},
    {"ci/a_b-1/plan.json", true},
    {"", false},
    {"-x", false},
    {"a b", false},
    {"$x", false},
    {"a'b", false},
    {"a\nb", false},
    {"\xe5\xba\x97", false},
    {"a;b", false},
    {"a*", false},
    {"~/x", false},
};

START_TEST(knows_plain_paths)
{
    ck_assert_int_eq(tps_matrix_path_is_plain(paths[_i].path), paths[_i].is_plain);
}
END_TEST

START_TEST(finds_by_name)
{
    ck_assert_ptr_null(tps_matrix_find("travis"));
    for (const TpsMatrix *const *matrix = tps_matrices; *matrix; matrix++) {
        ck_assert_ptr_eq(tps_matrix_find((*matrix)->name), *matrix);
        ck_assert(!matrix[1] || strcmp((*matrix)->name, matrix[1]->name) < 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("matrix");
    TCase *tests = tcase_create("matrix");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, scratch_make, scratch_remove);
    tcase_add_loop_test(tests, writes_lines, 0, (int)G_N_ELEMENTS(exact));
    tcase_add_loop_test(tests, writes_pipelines, 0, (int)G_N_ELEMENTS(parts));
    tcase_add_loop_test(tests, keeps_limits, 0, (int)G_N_ELEMENTS(limits));
    tcase_add_loop_test(tests, groups_for_github, 9, 11);
    tcase_add_test(tests, keeps_names_as_data);
    tcase_add_loop_test(tests, keeps_names_out, 0, 5);
    tcase_add_loop_test(tests, leaves_parts_out_of_what_is_too_long, 0, (int)G_N_ELEMENTS(sizes));
    tcase_add_loop_test(tests, copies_a_template, 0, (int)G_N_ELEMENTS(templates));
    tcase_add_test(tests, stops_templates_that_grow);
    tcase_add_loop_test(tests, knows_plain_paths, 0, (int)G_N_ELEMENTS(paths));
    tcase_add_test(tests, finds_by_name);
    suite_add_tcase(suite, tests);
    return unit_main(suite);
}
