/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "tests/formats/loose_words.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <string.h>

#define DATA "tests/reports/other/"

/* Reports, what they say, and what is wrong with them. */
static const struct {
    const char *name;
    const char *text;
    const char *kind;
    const char *words;
    const char *problem; /* or NULL */
} reports[] = {
    {"JUnit", "<testsuite name='a'><testcase classname='c' name='x' time='1'/></testsuite>",
     "JUnit", "a/c.x passed 1000000; [a] ", NULL},
    {"JUnit, a word for a failure",
     "<testsuite name='a'><testcase name='x' result='timeout' time='1'/></testsuite>", "JUnit",
     "a/x failed 1000000; [a] ", NULL},
    {"JUnit that ends", "<testsuite name='a'><testcase name='x'/>", "JUnit", "a/x passed; [a] ",
     "1:41: it ends too early"},
    /* TAP */
    {"TAP", "1..2\nok 1 - a # time=2s\nnot ok 2 - b\n# why\n", "TAP",
     "s/a passed 2000000; s/b failed text='# why\n'; [s] ", NULL},
    {"TAP behind other words", "making all\n[100%] done\nok 1\n1..1\n", "TAP",
     "s/test 1 passed; [s] ", NULL},
    {"TAP cut off", "1..3\nok 1\n", "TAP", "s/test 1 passed; [s] ",
     "3 were planned, number 2 is missing"},
    {"TAP without a plan", "ok 1 - a\n", "TAP", "s/a passed; [s] ", "there is no plan"},
    {"TAP's directives",
     "1..4\nok 1 a # Skip: no\nnot ok 2 b # ToDo later\nok 3 c # TODO\n"
     "not ok 4 d # SKIP no\n",
     "TAP", "s/a skipped 'no'; s/b skipped 'later'; s/c passed; s/d failed 'no'; [s] ", NULL},
    {"TAP points are apart", "1..4\nok 1 a\nnot ok 2 a\nok 3 a\nok 4\n", "TAP",
     "s/a passed; s/a [2] failed; s/a [3] passed; s/test 4 passed; [s] ", NULL},
    {"TAP, nothing to do", "1..0 # SKIP no net\n", "TAP", "s/<all> skipped 'no net'; [s] ", NULL},
    {"TAP bail-out", "1..2\nok 1\nBail out! no disk\n", "TAP", "s/test 1 passed; [s] ",
     "3: Bail out! no disk"},
    {"TAP's YAML", "1..1\nok 1 - a\n  ---\n  duration_ms: 1.5\n  ...\n", "TAP",
     "s/a passed 1500; [s] ", NULL},
    {"subtests",
     "1..1\n    ok 1 - x\n      ---\n      duration_ms: 3\n      ...\n        not ok 1 - deep\n"
     "        1..1\n    not ok 2 - y\n    1..2\nnot ok 1 - p # TODO\n",
     "TAP", "s/p skipped {x passed 3000, y > deep failed}; [s] ", NULL},
    {"a group that is worse than what it holds",
     "1..1\n        ok 1 - deep\n    not ok 1 - y\nok 1 - p\n", "TAP",
     "s/p passed {y > deep passed, y failed}; [s] ", NULL},
    {"a subtest that is not whole", "1..1\n    1..2\n    ok 1 - x\nok 1 - p\n", "TAP",
     "s/p passed {x passed}; [s] ",
     "4: the subtest before this: 2 were planned, number 2 is missing"},
    {"and whose test says so", "1..1\n    1..2\n    ok 1 - x\nnot ok 1 - p # TODO\n", "TAP",
     "s/p skipped {x passed}; [s] ", NULL},
    {"a test that never ended", "1..1\n# Subtest: p\n    ok 1 - x\n", "TAP",
     "s/p error 'its subtests began, and it never ended' text='# Subtest: p\n    ok 1 - x\n' "
     "{x passed}; [s] ",
     "the test 'p' has subtests and never ended"},
    {"TAP of any bytes", "1..1\nnot ok 1 - a\xFF \033[31m\n", "TAP",
     "s/a\xEF\xBF\xBD \033[31m failed; [s] ", NULL},
    /* go test -json */
    {"go",
     "{\"Time\":\"2026-11-20T10:00:00Z\",\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"A\"}\n"
     "{\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"A\",\"Output\":\"=== RUN   A\\n\"}\n"
     "{\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"A\",\"Output\":\"  hi\\n\"}\n"
     "{\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"A\",\"Output\":\"--- FAIL: A "
     "(0.2s)\\n\"}\n"
     "{\"Action\":\"fail\",\"Package\":\"p\",\"Test\":\"A\",\"Elapsed\":0.25}\n"
     "{\"Time\":\"2026-11-20T10:00:01Z\",\"Action\":\"fail\",\"Package\":\"p\",\"Elapsed\":1}\n",
     "go test -json", "p/A failed 250000 'hi' text='  hi\n'; [p 1795168800000000+1000000] ", NULL},
    {"a Go test that never ended",
     "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"A\"}\n"
     "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"B\"}\n"
     "{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"exit status 2\\n\"}\n"
     "{\"Action\":\"fail\",\"Package\":\"p\"}\n",
     "go test -json",
     "p/A error 'it began and never ended' text='exit status 2\n'; "
     "p/B error 'it began and never ended'; [p] ",
     NULL},
    {"a Go package that failed",
     "{\"Action\":\"start\",\"Package\":\"p\"}\n"
     "{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"no server\\n\"}\n"
     "{\"Action\":\"fail\",\"Package\":\"p\"}\n",
     "go test -json",
     "p/<package> error 'the package failed, and none of its tests did' text='no server\n'; [p] ",
     NULL},
    {"a Go package that could not be built",
     "# p\nx.go:1: no\nFAIL\tp [build failed]\n{\"Action\":\"skip\",\"Package\":\"q\"}\n",
     "go test -json",
     "p/<package> error 'the package could not be built' text='# p\nx.go:1: no\n"
     "FAIL\tp [build failed]\n'; [q] ",
     NULL},
    {"the same since Go 1.24",
     "{\"ImportPath\":\"p\",\"Action\":\"build-output\",\"Output\":\"x.go:1: no\\n\"}\n"
     "{\"ImportPath\":\"p\",\"Action\":\"build-fail\"}\n"
     "{\"Action\":\"fail\",\"Package\":\"p\",\"FailedBuild\":\"p\"}\n",
     "go test -json",
     "p/<package> error 'the package failed, and none of its tests did' text='x.go:1: no\n'; [p] ",
     NULL},
    {"go, cut off between events", "{\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"A\"}\n",
     "go test -json", "p/A passed; [p] ", "nothing says how the package 'p' ended"},
    {"go, cut off in an event",
     "{\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"A\"}\n{\"Action\":\"pa", "go test -json",
     "p/A passed; [p] ", "2: the last event was cut short"},
    {"go, damaged", "{\"Action\":\"pass\",\"Test\":\"A\"}\n{\"Action\":x}\n{\"Action\":\"pass\"}\n",
     "go test -json", "s/A passed; [s] ", "2:12: not JSON"},
    {"go, a failure that comes late",
     "{\"Action\":\"pass\",\"Test\":\"A\"}\n{\"Action\":\"fail\",\"Test\":\"A\"}\n"
     "{\"Action\":\"fail\"}\n",
     "go test -json", "s/A passed; s/A failed; [s] ", NULL},
    /* CTRF */
    {"CTRF",
     "{\"reportFormat\":\"CTRF\",\"results\":{\"tool\":{\"name\":\"jest\"},\"summary\":{\"tests\":"
     "3,"
     "\"start\":1000,\"stop\":3000},\"tests\":[{\"name\":\"a\",\"status\":\"passed\",\"duration\":"
     "1.5},"
     "{\"name\":\"b\",\"status\":\"failed\",\"suite\":\"x\",\"message\":\"m\",\"trace\":\"t\","
     "\"filePath\":\"f.js\",\"line\":7,\"stdout\":[\"o\",\"p\"],\"stderr\":[\"e\"]},"
     "{\"name\":\"c\",\"status\":\"pending\",\"suite\":[\"x\",\"y\"]}]}}",
     "CTRF",
     "jest/a passed 1500; x/b failed 'm' text='t' output='o\np\ne' at f.js:7; x > y/c skipped; "
     "[jest 1000000+2000000] [x 1000000+2000000] [x > y 1000000+2000000] ",
     NULL},
    {"CTRF, flaky",
     "{\"results\":{\"tests\":[{\"name\":\"a\",\"status\":\"passed\",\"flaky\":true},{\"name\":"
     "\"b\","
     "\"status\":\"passed\",\"retryAttempts\":[{\"attempt\":1,\"status\":\"failed\"}]}]}}",
     "CTRF", "s/a flaky; s/b flaky after 1; [s] ", NULL},
    {"CTRF, a failure that only the summary knows",
     "{\"results\":{\"summary\":{\"tests\":1,\"failed\":1},\"tests\":[{\"name\":\"a\","
     "\"status\":\"passed\"}]}}",
     "CTRF", "s/a passed; [s] ", "the summary tells of 1 failures, and no testcase failed"},
    {"CTRF, other statuses",
     "{\"results\":{\"tests\":[{\"name\":\"a\",\"status\":\"other\",\"rawStatus\":\"todo\"},"
     "{\"name\":\"b\",\"status\":\"other\",\"rawStatus\":\"interrupted\"},{\"status\":7},{}]}}",
     "CTRF",
     "s/a skipped; s/b error 'its status is 'other' (interrupted)'; s/test 3 error 'its status is "
     "'7''; s/test 4 error 'its status is '''; [s] ",
     NULL},
    {"CTRF, cut off",
     "{\"results\":{\"tests\":[{\"name\":\"a\",\"status\":\"passed\"},{\"name\":\"b\",\"sta",
     "CTRF", "s/a passed; [s] ", "1:69: not JSON: it ends too early"},
    {"CTRF without tests", "{\"reportFormat\":\"CTRF\",\"results\":{\"tests\":[]}}", "CTRF", "",
     NULL},
    /* Testplan */
    {"Testplan",
     "{\"entries\":[{\"entries\":[{\"name\":\"S\",\"category\":\"testsuite\",\"entries\":[{"
     "\"name\":"
     "\"c\",\"category\":\"testcase\",\"status\":\"failed\",\"timer\":{\"run\":{\"start\":"
     "\"2026-11-20T10:00:00+00:00\",\"end\":\"2026-11-20T10:00:01.5+00:00\"}},\"entries\":[{"
     "\"type\":"
     "\"Group\",\"passed\":false,\"entries\":[{\"type\":\"Equal\",\"passed\":false,\"description\":"
     "\"d\"}]}]}]}],\"part\":[1,2],\"name\":\"m - part(1/2)\",\"category\":\"multitest\","
     "\"status\":\"failed\"}],\"category\":\"testplan\"}",
     "Testplan", "m/S:c failed 1500000 'Equal: d' text='Equal: d\n'; [m 1,2] ", NULL},
    {"Testplan's statuses",
     "{\"category\":\"testplan\",\"entries\":[{\"name\":\"m\",\"category\":\"multitest\","
     "\"entries\":["
     "{\"name\":\"a\",\"category\":\"testcase\",\"status\":\"xfail\"},"
     "{\"name\":\"b\",\"category\":\"testcase\",\"status\":\"passed\",\"status_override\":"
     "\"error\"},"
     "{\"name\":\"c\",\"category\":\"testcase\",\"status\":\"xpass-strict\"},"
     "{\"name\":\"d\",\"category\":\"testcase\"},"
     "{\"name\":\"e\",\"category\":\"synthesized\",\"status\":\"passed\"},"
     "{\"name\":\"f\",\"category\":\"synthesized\",\"status\":\"error\"}]}]}",
     "Testplan",
     "m/a skipped; m/b error 'its status is 'passed''; m/c failed; m/d error 'its status is '''; "
     "m/f error 'its status is 'error''; [m] ",
     NULL},
    {"a multitest that failed itself",
     "{\"category\":\"testplan\",\"entries\":[{\"name\":\"m\",\"category\":\"multitest\","
     "\"status\":"
     "\"error\",\"entries\":[{\"name\":\"a\",\"category\":\"testcase\",\"status\":\"passed\"}]}]}",
     "Testplan", "m/a passed; m/<multitest> error 'its status is 'error''; [m] ", NULL},
    {"Testplan, cut off",
     "{\"category\":\"testplan\",\"entries\":[{\"name\":\"m\",\"category\":\"multitest\","
     "\"entries\":["
     "{\"name\":\"a\",\"category\":\"testcase\",\"status\":\"passed\"},{\"na",
     "Testplan", "m/a passed; m/<multitest> error 'its status is '''; [m] ",
     "1:138: not JSON: it ends too early"},
    {"a part that is none",
     "{\"category\":\"testplan\",\"entries\":[{\"name\":\"m\",\"category\":\"multitest\","
     "\"status\":"
     "\"passed\",\"part\":[2,2]}]}",
     "Testplan", "[m] ", "m: its part is no part"},
};

START_TEST(reads)
{
    g_auto(LooseWords) words = loose_words_parse(reports[_i].text, strlen(reports[_i].text));
    const TpsLoose *loose = words.loose;
    const char *name = reports[_i].name;

    ck_assert_msg(g_strcmp0(loose->kind, reports[_i].kind) == 0, "%s: %s", name, loose->kind);
    ck_assert_msg(strcmp(words.text->str, reports[_i].words) == 0, "%s: %s", name, words.text->str);
    if (reports[_i].problem)
        ck_assert_msg(loose->problem && g_str_has_prefix(loose->problem, reports[_i].problem),
                      "%s: %s", name, loose->problem);
    else
        ck_assert_msg(!loose->problem, "%s: %s", name, loose->problem);
}
END_TEST

/* What is none. */
static const struct {
    const char *text;
    const char *looks_like;
    bool is_cut;
    bool is_whole;
    bool is_ours;
} others[] = {
    {"", "an empty file", true, false, false},
    {" \r\n\t", "an empty file", true, false, false},
    {"\xEF\xBB\xBF", "an empty file", true, false, false},
    {"<html><body/></html>", "XML whose root is 'html'", false, true, false},
    {"<?xml version='1.0'?><!-- x --><a:coverage b='c'>", "XML whose root is 'coverage'", false,
     true, false},
    {"hello\nok\n", "text", false, false, false},
    {"{}", "JSON of some other kind", false, true, false},
    {"{\"schema\":\"tpsched.plan/1\",\"tasks\":[]}", "JSON of some other kind", false, true, true},
    {"{\"results\":{\"tests\":3},\"entries\":[{\"a\":[1]},2]}", "JSON of some other kind", false,
     true, false},
    {"[{\"name\":\"a\"}]", "a JSON array", false, true, false},
    {"{\"a\":1}\n{\"a\":2}\n", "several JSON documents of some other kind", false, true, false},
    {"{\"a\": // comment\n1}", "damaged JSON", false, false, false},
    {"{\"a\":", "JSON that ends too early", true, false, false},
    {"{", "JSON that ends too early", true, false, false},
};

START_TEST(tells_what_is_none)
{
    g_auto(LooseWords) words = loose_words_parse(others[_i].text, strlen(others[_i].text));
    const TpsLoose *loose = words.loose;

    ck_assert_ptr_null(loose->kind);
    ck_assert_str_eq(loose->looks_like, others[_i].looks_like);
    ck_assert_int_eq(loose->is_cut, others[_i].is_cut);
    ck_assert_int_eq(loose->is_whole, others[_i].is_whole);
    ck_assert_int_eq(loose->is_ours, others[_i].is_ours);
    ck_assert_str_eq(words.text->str, "");
}
END_TEST

/* "file kind skipped passed flaky failed error problem" */
static void check_sample(const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 8);
    g_autofree char *path = g_build_filename(DATA, words[0], NULL);
    g_auto(LooseWords) said = {.text = g_string_new(NULL)};

    said.loose = tps_loose_read(path, &loose_words_handler, &said, NULL);
    ck_assert_msg(said.loose && said.loose->kind && g_str_has_prefix(said.loose->kind, words[1]),
                  "%s is not %s", words[0], words[1]);
    for (guint i = 0; i < G_N_ELEMENTS(said.count); i++)
        ck_assert_msg(said.count[i] == (guint)atoi(words[2 + i]), "%s: %u %s", words[0],
                      said.count[i], tps_outcome_name((TpsOutcome)i));
    ck_assert_msg(g_strcmp0(said.loose->problem, words[7]) == 0, "%s: %s", words[0],
                  said.loose->problem);
}

START_TEST(reads_what_programs_wrote)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    guint n = 0;

    ck_assert(g_file_get_contents(DATA "EXPECTED", &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line && **line != '#') {
            check_sample(*line);
            n++;
        }
    ck_assert_uint_eq(n, 17);
}
END_TEST

/* Wherever the bytes stop, it is no sound report with the same testcases. */
START_TEST(tells_what_was_cut_off)
{
    static const char *const wholes[] = {
        "TAP version 14\n1..2\nok 1 - a\n    ok 1 - x\n    1..1\nok 2 - b",
        "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"A\"}\n"
        "{\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"A\"}\n"
        "{\"Action\":\"pass\",\"Package\":\"p\"}",
        "{\"reportFormat\":\"CTRF\",\"results\":{\"tests\":[{\"name\":\"a\",\"status\":\"passed\"}]"
        "}}",
        "{\"category\":\"testplan\",\"entries\":[{\"name\":\"m\",\"category\":\"multitest\","
        "\"status\":"
        "\"passed\",\"entries\":[{\"name\":\"a\",\"category\":\"testcase\",\"status\":\"passed\"}]}"
        "]}",
    };
    const char *whole = wholes[_i];
    size_t end = strlen(whole);

    if (_i == 0)
        end -= strlen(" - b"); /* a name that is cut is a name */
    for (size_t length = 0; length < end; length++) {
        g_auto(LooseWords) words = loose_words_parse(whole, length);
        const TpsLoose *loose = words.loose;

        ck_assert_msg(loose->kind ? loose->problem != NULL : !loose->is_whole,
                      "%zu bytes are sound: %s", length, words.text->str);
    }
}
END_TEST

/* The same from a file, in pieces that end anywhere. */
START_TEST(reads_pieces)
{
    g_autoptr(GString) text = g_string_new("1..20000\n");
    g_autofree char *path = scratch_path("many.tap");
    LooseWords words = {.text = g_string_new(NULL)};

    for (int i = 0; i < 20000; i++)
        g_string_append_printf(text, "ok %d - testcase number %d\n", i + 1, i);
    scratch_put("many.tap", text->str);
    words.loose = tps_loose_read(path, &loose_words_handler, &words, NULL);
    ck_assert_pstr_eq(words.loose->problem, NULL);
    ck_assert_uint_eq(words.count[TPS_OUTCOME_PASSED], 20000);
    ck_assert_ptr_nonnull(strstr(words.text->str, "many/testcase number 19999 passed; [many] "));
    loose_words_clear(&words);
}
END_TEST

static bool refuse(const char *suite, TpsResult *result, void *user, GError **error)
{
    (void)suite;
    (void)user;
    tps_result_free(result);
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "the disk is full");
    return false;
}

/* What the callee says ends the reading, and is no damage of the report. */
START_TEST(ends_when_told)
{
    static const TpsLooseHandler handler = {.result = refuse};
    const char *text = reports[_i].text;
    g_autoptr(GError) error = NULL;

    if (!strchr(reports[_i].words, '/'))
        return;
    ck_assert_ptr_null(tps_loose_parse("s", text, strlen(text), &handler, NULL, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "the disk is full");
}
END_TEST

START_TEST(names_files)
{
    static const char *const names[][2] = {
        {"t/api.tap", "api"}, {"a.b.json", "a.b"}, {".tap", ".tap"}, {"x", "x"}, {"/", "/"}};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = tps_loose_name(names[i][0]);

        ck_assert_str_eq(name, names[i][1]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loose");
    TCase *tcase = tcase_create("loose");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, reads, 0, G_N_ELEMENTS(reports));
    tcase_add_loop_test(tcase, tells_what_is_none, 0, G_N_ELEMENTS(others));
    tcase_add_test(tcase, reads_what_programs_wrote);
    tcase_add_loop_test(tcase, tells_what_was_cut_off, 0, 4);
    tcase_add_test(tcase, reads_pieces);
    tcase_add_loop_test(tcase, ends_when_told, 0, G_N_ELEMENTS(reports));
    tcase_add_test(tcase, names_files);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
