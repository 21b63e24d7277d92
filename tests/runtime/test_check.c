/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/testcase.h"
#include "runtime/check.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define DAY_S (INT64_C(24) * 3600)
#define SUMS "'execution_time':1,'setup_time':0"
#define NO_RUNS SUMS ",'runs':{}"

/* ' for "; D1 .. D9 stand for runs of the days of a month. */
typedef struct {
    const char *name;
    const char *data;
    const char *listed;   /* "SUITE: id id@file; SUITE: id", or NULL: no plan file */
    const char *findings; /* a line each */
} Case;

#define TEN(factor)                                                                                \
    "'a1':0.51" factor ",'a2':0.12" factor ",'a3':0.93" factor ",'a4':0.44" factor                 \
    ",'a5':0.25" factor ",'a6':0.76" factor ",'a7':0.17" factor ",'a8':0.58" factor                \
    ",'a9':0.39" factor ",'b':0.30" factor

static const Case cases[] = {
    {"nothing", "{}", NULL, ""},
    {"good data", "{'A':{" NO_RUNS ",'testcases':{" TEN("") "}}}", NULL, ""},
    {"sums of Testplan", "{'A':{'execution_time':100,'setup_time':5,'testcase_count':10}}", NULL,
     ""},
    {"milliseconds", "{'A':{" NO_RUNS ",'testcases':{" TEN("e3") "}}}", NULL,
     "A units: half of its 10 testcases take 6m30s or more, all in whole seconds: milliseconds "
     "taken for seconds?\n"},
    {"fractions of milliseconds", "{'A':{" NO_RUNS ",'testcases':{" TEN("0123e3") "}}}", NULL,
     "A units: half of its 10 testcases take 6m30s or more: milliseconds taken for seconds?\n"},
    {"a few milliseconds", "{'A':{" NO_RUNS ",'testcases':{" TEN("e2") "}}}", NULL,
     "A units: half of its 10 testcases take 39.0s or more, all in whole seconds: milliseconds "
     "taken for seconds?\n"},
    {"microseconds", "{'A':{" NO_RUNS ",'testcases':{" TEN("0123e6") "}}}", NULL,
     "A units: half of its 10 testcases take 108h22m or more, all in whole seconds: microseconds "
     "taken for seconds?\n"},
    {"few testcases may be long", "{'a::x':1000,'a::y':2000}", NULL, ""},
    {"whole seconds may be short",
     "{'a::1':1,'a::2':0,'a::3':1,'a::4':2,'a::5':1,'a::6':3,'a::7':1,'a::8':1,'a::9':2,'a::b':9}",
     NULL, ""},
    {"sums in another unit",
     "{'A':{'execution_time':4450,'setup_time':0,'testcases':{" TEN("") "}}}", NULL,
     "A units: its execution time is 1h14m, its testcases sum up to 4.5s: two units in one "
     "file?\n"},
    {"testcases in another unit",
     "{'A':{'execution_time':1,'setup_time':0,'testcase_count':2,"
     "'testcases':{'a':0.001,'b':0.0005}}}",
     NULL,
     "A units: its execution time is 1.0s, its testcases sum up to 1ms: two units in one "
     "file?\n"},
    {"too few are known to compare",
     "{'A':{'execution_time':400,'setup_time':0,"
     "'testcase_count':900,'testcases':{'a':1}}}",
     NULL, "A coverage: it had 900 testcases, and 1 of them are known\n"},
    {"a run in another unit",
     "{'A':{" SUMS ",'runs':{'D1':{'execution_time':2},'D2':{'execution_time':2200},"
     "'D3 0,2':{'execution_time':1},'D3 1,2':{'execution_time':1.1}}}}",
     NULL,
     "A units: its execution time is 36m40s in run D2, and 2.1s in most others: another "
     "unit?\n"},
    {"an outlier",
     "{'A':{" NO_RUNS ",'testcases':{'a':{'last':{'D1':1,'D2':30,'D3':1.5}},"
     "'b':{'last':{'D1':1,'D2':9,'D3':1.5}},'c':{'last':{'D1':0.01,'D2':0.9,'D3':0.01}},"
     "'d':{'last':{'D1':1,'D2':60}}}}}",
     NULL, "A outlier a: it took 30.0s once, and 1.0s in most of its other 2 measurements\n"},
    {"zeros", "{'a::1':0,'a::2':0,'a::3':0,'a::4':1,'a::5':1}", NULL,
     "pytest zero: 3 of 5 measured testcases take no time (60 %): 'a::1', 'a::2', 'a::3'\n"},
    {"few zeros", "{'a::1':0,'a::2':0,'a::3':1,'a::4':1,'a::5':1}", NULL, ""},
    {"what was skipped is no zero",
     "{'A':{" NO_RUNS ",'testcases':{'a':{'mean':0,'skipped':true},'b':{'mean':0,'skipped':true},"
     "'c':{'mean':0,'skipped':true}}}}",
     NULL, ""},
    {"a suite of no time", "{'A':{'execution_time':0,'setup_time':5}}", NULL,
     "A zero: its execution time is 0\n"},
    {"a suite without testcases", "{'A':{'execution_time':0,'setup_time':5,'testcase_count':0}}",
     NULL, ""},
    {"more were counted than are known",
     "{'A':{'execution_time':3,'setup_time':0,'testcase_count':3,'testcases':{'a':1,'b':1}}}", NULL,
     "A coverage: it had 3 testcases, and 2 of them are known\n"},
    {"an old suite", "{'A':{" SUMS ",'runs':{'D1':{}}},'B':{" SUMS ",'runs':{'D9':{}}}}", NULL,
     "A age: its newest run is 8 days old: D1\n"},
    {"old testcases",
     "{'A':{" NO_RUNS ",'testcases':{'a':{'last':{'D1':1},'seen':'D9'},'b':{'last':{'D9':1}},"
     "'c':1}}}",
     NULL, "A age: 1 of 3 testcases were last measured more than 5 days ago: 'a'\n"},
    {"two names",
     "{'shop/tests/test_a.py::x':1,'tests/test_a.py::x':1,'tests.test_b.T.y':2,"
     "'tests/test_b.py::T::y':2,'other/x.py::x':1}",
     NULL,
     "pytest double: 2 of 5 testcases are there under another name, too: "
     "'shop/tests/test_a.py::x' is 'tests/test_a.py::x'\n"},
    {"names of their own",
     "{'a/t.py::T::test_ok':1,'b/"
     "t.py::T::test_ok':1,'test_ok':2,'t.py::x[a.b]':1,'t.py::x[a:b]':1}",
     NULL, ""},
    {"all is matched", "{'t.py::a':1,'t.py::b':2}", "A: t.py::a t.py::b", ""},
    {"by files", "{'a.rb':1,'b.rb':2}", "A: x@a.rb y@a.rb z@b.rb", ""},
    {"one of two is missing", "{'t.py::a':1,'t.py::b':2}", "A: t.py::a t.py::c",
     "A coverage: 1 of 2 testcases have no time (50 %): 't.py::c'; nearest: 't.py::a', "
     "'t.py::b'\n"},
    {"none fits", "{'shop/t.py::a':1,'shop/t.py::b':2}", "A: t.py::a t.py::b",
     "A unmatched: none of its 2 testcases is in the data: 't.py::a', 't.py::b'; nearest: "
     "'shop/t.py::a', 'shop/t.py::b'\n"
     "pytest unmatched: 2 of 2 times fit no testcase of any suite: 'shop/t.py::a', "
     "'shop/t.py::b'\n"},
    {"the suite is called otherwise", "{'apii':{" SUMS "}}", "api: a",
     "api coverage: 1 of 1 testcases have no time (100 %): 'a'\n"
     "apii unmatched: the plan file has no such suite; nearest: 'api'\n"},
    {"only sums", "{'A':{" SUMS "}}", "A: a b c", ""},
    {"testcases that are gone",
     "{'A':{" NO_RUNS ",'testcases':{'a':3,'old1':1,'old2':{'mean':0,'skipped':true}}}}", "A: a",
     "A coverage: 1.0s of its time (25 %) is of 2 testcases that are gone: 'old1', 'old2'\n"},
    {"two suites share the times", "{'a::x':1,'b::y':1}", "A: a::x; B: b::y", ""},
};

static char *with_runs(const char *text)
{
    GString *data = g_string_new(text);

    for (int day = 1; day <= 9; day++) {
        g_autofree char *name = g_strdup_printf("'D%d", day);
        g_autofree char *key = g_strdup_printf("'2026110%dT120000-0000000%d", day, day);

        g_string_replace(data, name, key, 0);
    }
    g_strdelimit(data->str, "'", '"');
    return g_string_free(data, FALSE);
}

static TpsRuntimeData *data_of(const char *text)
{
    g_autofree char *file = with_runs(text);
    g_autofree char *path = scratch_text("f.json", file);
    TpsRuntimeData *data = tps_runtime_data_new();
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_runtime_data_load(data, path, &error), "%s", error ? error->message : "");
    return data;
}

static GPtrArray *testcases_of(const char *words)
{
    g_auto(GStrv) split = g_strsplit(words, " ", -1);
    GPtrArray *testcases = tps_testcases_new();

    for (char **word = split; *word; word++) {
        g_auto(GStrv) fields = g_strsplit(*word, "@", 2);
        TpsTestcase *testcase;

        if (!**word)
            continue;
        testcase = tps_testcase_new(fields[0]);
        testcase->file = g_strdup(fields[1]);
        g_ptr_array_add(testcases, testcase);
    }
    return testcases;
}

/* "KIND testcase: text", with D1 for the key of a run again. */
static char *lines_of(const GPtrArray *findings)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < findings->len; i++) {
        const TpsFinding *finding = g_ptr_array_index(findings, i);

        g_string_append_printf(text, "%s %s%s%s: %s\n", finding->suite,
                               tps_finding_name(finding->kind), finding->testcase ? " " : "",
                               finding->testcase ? finding->testcase : "", finding->text);
    }
    for (int day = 1; day <= 9; day++) {
        g_autofree char *name = g_strdup_printf("D%d", day);
        g_autofree char *key = g_strdup_printf("2026110%dT120000-0000000%d", day, day);

        g_string_replace(text, key, name, 0);
    }
    return g_string_free(text, FALSE);
}

static char *check(const TpsRuntimeData *data, const char *listed, int64_t now_s)
{
    g_auto(GStrv) suites = g_strsplit(listed ? listed : "", "; ", -1);
    g_autoptr(GPtrArray) testcases =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    TpsCheckSuite declared[4];
    TpsCheckRequest request = {.now_s = now_s, .max_age_s = 5 * DAY_S, .declared = declared};
    g_autoptr(GPtrArray) findings = NULL;

    for (char **suite = suites; listed && *suite; suite++) {
        char *colon = strchr(*suite, ':');

        *colon = '\0';
        g_ptr_array_add(testcases, testcases_of(colon + 1));
        declared[request.n_declared++] =
            (TpsCheckSuite){*suite, g_ptr_array_index(testcases, testcases->len - 1)};
    }
    findings = tps_runtime_data_check(data, &request);
    return lines_of(findings);
}

START_TEST(finds)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsRuntimeData) data = data_of(c->data);
    g_autofree char *got = check(data, c->listed, -1);

    ck_assert_msg(strcmp(got, c->findings) == 0, "%s:\n%s\nnot\n%s", c->name, got, c->findings);
}
END_TEST

START_TEST(age_until_now)
{
    g_autoptr(TpsRuntimeData) data = data_of("{'A':{" SUMS ",'runs':{'D9':{}}}}");
    const int64_t d9 = INT64_C(1794225600); /* 2026-11-09 12:00:00 UTC */
    g_autofree char *young = check(data, NULL, d9 + 5 * DAY_S);
    g_autofree char *old = check(data, NULL, d9 + 6 * DAY_S);

    ck_assert_str_eq(young, "");
    ck_assert_str_eq(old, "A age: its newest run is 6 days old: D9\n");
}
END_TEST

/* All names alike, long and full of folders. */
START_TEST(many_are_checked_in_time)
{
    g_autoptr(GString) text = g_string_new("{");
    g_autoptr(TpsRuntimeData) data = NULL;
    g_autofree char *folders = g_strnfill(4000, '/');
    g_autofree char *got = NULL;

    for (size_t i = 0; i < 4000; i += 2)
        folders[i] = 'd';
    for (guint i = 0; i < 100000; i++)
        g_string_append_printf(text, "%s'src/a/b/c/d/test.py::Class::test_%u':1", i ? "," : "", i);
    for (guint i = 0; i < 1000; i++)
        g_string_append_printf(text, ",'%s%u':1", folders, i);
    g_string_append_c(text, '}');
    data = data_of(text->str);
    got = check(data, "A: b/c/d/test.py::Class::test_7777", -1);
    ck_assert_ptr_nonnull(strstr(got, "nearest: 'src/a/b/c/d/test.py::Class::test_7777'"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check");
    TCase *tcase = tcase_create("check");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, finds, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, age_until_now);
    tcase_add_test(tcase, many_are_checked_in_time);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
