/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "tests/formats/junit_summary.h"
#include "tests/unit.h"

#include <string.h>

#define DATA "tests/data/junit/"
#define FFFD "\xEF\xBF\xBD"

/* Tools */

static TpsJunit *read_text(const char *text)
{
    return tps_junit_parse(text, strlen(text));
}

static bool has_warning(const TpsJunit *junit, const char *part)
{
    for (guint i = 0; i < junit->warnings->len; i++)
        if (strstr(g_ptr_array_index(junit->warnings, i), part))
            return true;
    return false;
}

/* Reports of real frameworks: every testcase of each is recovered */

static const struct {
    const char *file;
    guint counted[TPS_OUTCOME_ERROR + 1]; /* skipped, passed, flaky, failed, error */
    const char *holds[3];                 /* in the summary */
    const char *warning;
} real[] = {
    {"pytest-odd-names.xml",
     {2, 10, 0, 2, 2},
     {"pytest{test_odd/test_name[plain] passed 1000;",
      "test_odd/test_fail_and_teardown_error error 0 message='failed on teardown",
      "test_odd/test_skipped skipped 0 type='pytest.skip' message='not now <&>'"},
     "the header says tests=15, but there are 16"},
    {"pytest-xunit1.xml",
     {2, 10, 0, 2, 2},
     {"output='--------------------------------- Captured Log", "test_odd.py:4",
      "test_odd.TestClass/test_method passed"},
     "the header says tests=15, but there are 16"},
    {"gtest-odd-names.xml",
     {2, 9, 0, 3, 0},
     {"Plain{Plain/Passes passed 0 odd.cc:6;", "Plain/DISABLED_Off skipped 0 odd.cc:10}",
      "bad " FFFD FFFD " esc "},
     "mended what is not XML, places:"},
    {"gtest-empty-shard.xml", {0}, {""}, NULL},
    {"node-odd-names.xml",
     {2, 7, 0, 2, 0},
     {"{test/plain passed 1924; test/esc  passed 198; test/bel " FFFD " passed 186;",
      "test/todo fails skipped 211 type='todo' message='true'",
      "outer{test/one passed 531}outer.inner{test/two passed 433; test/three failed 292"},
     "mended what is not XML, places: 8"},
    {"node-crashed-file.xml",
     {2, 7, 0, 3, 0},
     {"{test//project/crash.test.mjs failed 185457 type='testCodeFailure' message='test failed'"},
     "mended what is not XML, places:"},
    {"ctest-statuses.xml",
     {2, 3, 0, 1, 1},
     {"(empty){plain/plain passed 2778; with space/with space passed",
      "missing/missing error 0 message='Unable to find executable'",
      "off/off skipped 0 output='Disabled'"},
     "the header says skipped=3, but there are 2"},
    {"bats-odd-names.xml",
     {1, 2, 0, 2, 0},
     {"odd.bats/esc  bel " FFFD " failed 12000 type='failure'",
      "odd.bats/smile \xF0\x9F\x98\x80 ]]> & < passed",
      "odd.bats/skipped skipped 0 text='not now'"},
     "mended what is not XML, places:"},
    {"cargo-two-binaries.xml",
     {0, 3, 0, 1, 0},
     {"test{tests/plain passed 1; tests/fails failed 109982 type='assert' output='esc  bel " FFFD
      " ]]>\n",
      "}test{integration/another passed 0; integration/third passed 0}test{}"},
     "the header says tests=3, but there are 2"},
};

static void count_outcomes(const TpsJunit *junit, guint *counted)
{
    for (guint i = 0; i < junit->suites->len; i++) {
        const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, i);

        for (guint j = 0; j < suite->cases->len; j++)
            counted[((TpsJunitCase *)g_ptr_array_index(suite->cases, j))->result->outcome]++;
    }
}

START_TEST(test_real)
{
    g_autofree char *path = g_strconcat(DATA, real[_i].file, NULL);
    GError *error = NULL;
    g_autoptr(TpsJunit) junit = tps_junit_read(path, &error);
    guint counted[TPS_OUTCOME_ERROR + 1] = {0};
    g_autofree char *text = NULL;

    ck_assert_ptr_null(error);
    ck_assert_ptr_null(junit->problem);
    count_outcomes(junit, counted);
    for (size_t i = 0; i < G_N_ELEMENTS(counted); i++)
        ck_assert_msg(counted[i] == real[_i].counted[i], "%s: %u are %s", path, counted[i],
                      tps_outcome_name((TpsOutcome)i));
    text = summary(junit);
    for (size_t i = 0; i < G_N_ELEMENTS(real[_i].holds) && real[_i].holds[i]; i++)
        ck_assert_msg(strstr(text, real[_i].holds[i]) != NULL, "'%s' is not in %.1000s",
                      real[_i].holds[i], text);
    if (real[_i].warning)
        ck_assert(has_warning(junit, real[_i].warning));
    else
        ck_assert_uint_eq(junit->warnings->len, 0);
}
END_TEST

/* Dialects, one thing at a time */

#define CASE(inside)                                                                               \
    "<testsuite name='s'><testcase classname='c' name='n' time='1'>" inside                        \
    "</testcase></testsuite>"

static const struct {
    const char *input;
    const char *summary;
    const char *problem; /* NULL: none */
    const char *warning; /* NULL: none */
} dialects[] = {
    {"<testsuites/>", "", NULL, NULL},
    {"<testsuite name='s'/>", "s{}", NULL, NULL},
    {"<testsuite/>", "{}", NULL, NULL},
    {CASE(""), "s{c/n passed 1000000}", NULL, NULL},
    {"<testsuite><testcase time='0'/></testsuite>", "{/ passed 0}", NULL, NULL},
    {"<x:testsuites xmlns:x='u'>"
     "<x:testsuite><x:testcase name='n' time='0'/></x:testsuite>"
     "</x:testsuites>",
     "{/n passed 0}", NULL, NULL},

    /* where testcases stand */
    {"<testsuites name='r'><testcase name='a' time='0'/><testsuite name='s'/>"
     "<testcase name='b' time='0'/></testsuites>",
     "r{/a passed 0; /b passed 0}s{}", NULL, NULL},
    {"<testsuites name='r'><testsuite name='s'><testcase name='a' time='0'/><testsuite name='t'>"
     "<testsuite name='u'><testcase name='b' time='0'/></testsuite></testsuite>"
     "<testcase name='c' time='0'/></testsuite></testsuites>",
     "s{/a passed 0; /c passed 0}s.t{}s.t.u{/b passed 0}", NULL, NULL},
    {"<testsuite name='s'><testsuite><testsuite name='u'/></testsuite></testsuite>", "s{}s{}s.u{}",
     NULL, NULL},
    {CASE("") "\n" CASE(""), "s{c/n passed 1000000}s{c/n passed 1000000}", NULL, NULL},

    /* outcomes */
    {CASE("<failure/>"), "s{c/n failed 1000000}", NULL, NULL},
    {CASE("<failure message='m' type='t'>x</failure>"),
     "s{c/n failed 1000000 type='t' message='m' text='x'}", NULL, NULL},
    {CASE("<failure message='same'>same</failure>"), "s{c/n failed 1000000 message='same'}", NULL,
     NULL},
    {CASE("<failure message='1&#10;  2  &#13;&#10; 3&#10;'/>"),
     "s{c/n failed 1000000 message='1 2 3' text='1\n  2  \r\n 3\n'}", NULL, NULL},
    {CASE("<failure message='m1' type='t1'>x1</failure><failure message='m2'/><failure>x3\n"
          "</failure><failure>x4</failure>"),
     "s{c/n failed 1000000 type='t1' message='m1' text='x1\nm2\nx3\nx4'}", NULL, NULL},
    {CASE("<failure message='f'>x</failure><error message='e'>y</error><skipped/>"),
     "s{c/n error 1000000 message='e' text='x\ny'}", NULL, NULL},
    {CASE("<skipped message='why'/>"), "s{c/n skipped 1000000 message='why'}", NULL, NULL},
    {CASE("<skipped>why</skipped>"), "s{c/n skipped 1000000 text='why'}", NULL, NULL},
    {CASE("<skipped/><failure/>"), "s{c/n failed 1000000}", NULL, NULL},
    {CASE("<skipped type='todo' message='later'/><failure message='m'>x</failure>"),
     "s{c/n skipped 1000000 type='todo' message='later' text='x'}", NULL, NULL},
    {CASE("<disabled/>"), "s{c/n skipped 1000000}", NULL, NULL},
    {"<testsuite><testcase name='n' time='0' status='notrun'/></testsuite>", "{/n skipped 0}", NULL,
     NULL},
    {"<testsuite><testcase name='n' time='0' status='disabled'/></testsuite>", "{/n skipped 0}",
     NULL, NULL},
    {"<testsuite><testcase name='n' time='0' status='run' result='suppressed'/></testsuite>",
     "{/n skipped 0}", NULL, NULL},
    {"<testsuite><testcase name='n' time='0' status='failed'/></testsuite>", "{/n failed 0}", NULL,
     NULL},
    {"<testsuite><testcase name='n' time='0' status='run' result='error'/></testsuite>",
     "{/n failed 0}", NULL, NULL},
    {"<testsuite><testcase name='n' time='0' status='run' result='completed'/></testsuite>",
     "{/n passed 0}", NULL, NULL},
    {"<testsuite><testcase name='n' time='0' status='notrun'><failure/></testcase></testsuite>",
     "{/n failed 0}", NULL, NULL},
    {"<testsuite name='s'><error message='m'>x</error><testcase name='n' time='0'/><failure/>"
     "</testsuite>",
     "s{/n passed 0; s/<init> error message='m' text='x'}", NULL, NULL},
    {"<testsuites name='r'><error message='m'/></testsuites>", "r{r/<init> error message='m'}",
     NULL, NULL},

    /* attempts */
    {CASE("<flakyFailure message='m' type='t' time='0.5'>x</flakyFailure><flakyError/>"),
     "s{c/n flaky 1000000 (failed 500000 type='t' message='m' text='x') (error)}", NULL, NULL},
    {CASE("<failure message='m'/><rerunFailure message='r'>\n <stackTrace>x</stackTrace>\n"
          " <system-out>o</system-out>\n <system-err>e</system-err>\n</rerunFailure>"
          "<rerunError/>"),
     "s{c/n error (failed 1000000 message='m') (failed message='r' text='x' output='o\ne')}", NULL,
     NULL},
    {CASE("<error message='m'/><system-out>1</system-out>"
          "<rerunError message='r' time='2'><system-out>2</system-out></rerunError>"),
     "s{c/n error 2000000 message='r' output='2' (error 1000000 message='m' output='1')}", NULL,
     NULL},
    {CASE("<rerunFailure message='r'/><system-out>o</system-out>"),
     "s{c/n failed message='r' output='o'}", NULL, NULL},

    /* output and properties */
    {CASE("<system-out>1</system-out><system-err>2\n</system-err><system-out>3</system-out>"
          "<system-out>\n</system-out>"),
     "s{c/n passed 1000000 output='1\n2\n3'}", NULL, NULL},
    {"<testsuite name='s'><system-out>o</system-out><system-err>e</system-err></testsuite>",
     "s{} output='o\ne'", NULL, NULL},
    {CASE("<properties><property name='tpsched.id' value='a%1B%2fb'/></properties>"),
     "s{c/a\x1B/b passed 1000000}", NULL, NULL},
    {CASE("<properties><property name='tpsched.id'>a b</property></properties>"),
     "s{c/a b passed 1000000}", NULL, NULL},
    {CASE("<properties><property name='tpsched.id' value='50%'/></properties>"),
     "s{c/50% passed 1000000}", NULL, NULL},
    {CASE("<properties><property name='tpsched.id' value='a%00b'/></properties>"),
     "s{c/a%00b passed 1000000}", NULL, NULL},
    {CASE("<properties><property name='tpsched.id' value=''/></properties>"),
     "s{c/ passed 1000000}", NULL, NULL},
    {CASE("<properties><property value='x'/></properties><unknown><b>t</b></unknown>"),
     "s{c/n passed 1000000}", NULL, NULL},
    {"<testsuite><testcase name='n' time='0' file='f.c' line='12'/></testsuite>",
     "{/n passed 0 f.c:12}", NULL, NULL},
    {"<testsuite><testcase name='n' time='0' file='f.c' line='-3'/></testsuite>", "{/n passed 0}",
     NULL, NULL},

    /* Check's own XML */
    {"<testsuites xmlns='http://check.sourceforge.net/ns'><datetime>2026</datetime>"
     "<suite><title>S</title>"
     "<test result='success'><path>.</path><fn>f.c:12</fn><id>t</id><iteration>0</iteration>"
     "<duration>0.5</duration><description>core</description><message>Passed</message></test>"
     "<test result='success'><path>src</path><fn>f.c:12</fn><id>t</id><iteration>3</iteration>"
     "<duration>0.5</duration><description>core</description><message>Passed</message></test>"
     "</suite><suite><title>T</title>"
     "<test result='failure'><path>../x</path><fn>g.c:3</fn><id>u</id><iteration>0</iteration>"
     "<duration>1</duration><description/><message>a\n b</message></test>"
     "<test result='error'><fn>:</fn><duration>0</duration></test><title>again</title>"
     "</suite><duration>2</duration></testsuites>",
     "S{S/core:t passed 500000 f.c:12; S/core:t[3] passed 500000 src/f.c:12}"
     "T{T/:u failed 1000000 message='a b' text='a\n b' ../x/g.c:3; T/: error 0}",
     NULL, NULL},
    {"<testsuites xmlns='http://check.sourceforge.net/ns'><suite><title>S</title>"
     "<test result='failure'><id>t</id><duration>-1.000000</duration></test></suite></testsuites>"
     "<testsuite name='n'><testcase name='a' time='0'/></testsuite>",
     "S{S/:t failed}n{/a passed 0}", NULL, "testcases without a time: 1"},
    {"<testsuites xmlns='http://check.sourceforge.net/ns'><test><test><id>t</id></test>"
     "<title>x</title></test><suite><test result='success'><id>v</id>",
     "{/:t error; /: error}{}", "it ends too early", "testcases without a time: 2"},

    /* what is warned of */
    {"<testsuite><testcase name='n'/><testcase name='o'/></testsuite>", "{/n passed; /o passed}",
     NULL, "testcases without a time: 2"},
    {"<testsuite><testcase name='n' time='NaN'/></testsuite>", "{/n passed}", NULL,
     "time 'NaN' of 'n': it is not a time"},
    {"<testsuite name='s' time='soon'/>", "s{}", NULL, "time 'soon' of 's': it is not a time"},
    {"<testsuite name='s' timestamp='soon'/>", "s{}", NULL, "timestamp 'soon' of 's'"},
    {"<testsuite name='s' tests='2'><testcase name='n' time='0'/></testsuite>", "s{/n passed 0}",
     NULL, "'s': the header says tests=2, but there are 1"},
    {"<testsuite name='s' failures='1'/>", "s{}", "and no testcase failed",
     "failures=1, but there are 0"},
    {"<testsuite name='s' errors='1'/>", "s{}", "and no testcase failed",
     "errors=1, but there are 0"},
    {"<testsuite name='s' skipped='1'/>", "s{}", NULL, "skipped=1, but there are 0"},
    {"<testsuites name='r' tests='2'><testsuite><testcase time='0'/></testsuite></testsuites>",
     "{/ passed 0}", NULL, "'r': the header says tests=2, but there are 1"},
    {"<testsuite name='s' tests='1' skipped='0' disabled='1'>"
     "<testcase name='n' time='0' status='disabled'/></testsuite>",
     "s{/n skipped 0}", NULL, NULL},
    {"<testsuite><testcase name='\x1B&' time='0'/></testsuite>", "{/" FFFD "& passed 0}", NULL,
     "mended what is not XML, places: 2"},

    /* what ends it */
    {"", "", "1:1: there is no element in it", NULL},
    {"<html><body/></html>", "", "1:1: not a JUnit report: 'html' instead of 'testsuites'", NULL},
    {"<testcase name='n' time='0'/>", "", "not a JUnit report", NULL},
    {CASE("") "<html/>", "s{c/n passed 1000000}", "not a JUnit report: 'html'", NULL},
    {"<testsuite name='s'><testcase name='a' time='0'/><testcase name='b' time='0'>",
     "s{/a passed 0}", "1:78: it ends too early", NULL},
    {"<testsuite name='s'><testcase name='a' time='0'/>\n<testcase time='0'></testsuite>",
     "s{/a passed 0}", "2:22: mismatched tag", NULL},
    {"<testsuite name='s'><testcase name='a' time='0'/>\n<?xml version='1.0'?><testsuite/>",
     "s{/a passed 0}", "2:1: a document starts before the last one ended", NULL},

    /* attacks */
    {"<?xml version='1.0'?>\n<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
     "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><testsuite name='&c;'/>",
     "", "2:1: DOCTYPE is refused", NULL},
    {"<!DOCTYPE t [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><testsuite name='&x;'/>", "",
     "1:1: DOCTYPE is refused", NULL},
    {"<!DOCTYPE t SYSTEM 'http://localhost/x.dtd'><testsuite/>", "", "1:1: DOCTYPE is refused",
     NULL},
    {"<testsuite name='&x;'/>", "&x;{}", NULL, "mended what is not XML, places: 1"},
};

START_TEST(test_dialect)
{
    g_autoptr(TpsJunit) junit = read_text(dialects[_i].input);
    g_autofree char *text = summary(junit);

    ck_assert_str_eq(text, dialects[_i].summary);
    if (dialects[_i].problem) {
        ck_assert_ptr_nonnull(junit->problem);
        ck_assert_msg(strstr(junit->problem, dialects[_i].problem) != NULL, "%s", junit->problem);
    } else {
        ck_assert_msg(!junit->problem, "%s", junit->problem);
    }
    if (dialects[_i].warning)
        ck_assert(has_warning(junit, dialects[_i].warning));
    else
        ck_assert_uint_eq(junit->warnings->len, 0);
}
END_TEST

/* Times */

static const struct {
    const char *text;
    int64_t us;
    const char *warning; /* NULL: none */
} times[] = {
    {"0", 0, NULL},
    {"1", 1000000, NULL},
    {"1.5", 1500000, NULL},
    {" 1.5\n", 1500000, NULL},
    {".5", 500000, NULL},
    {"5.", 5000000, NULL},
    {"+5", 5000000, NULL},
    {"0.0000005", 1, NULL},
    {"0.000000641", 1, NULL},
    {"1e3", 1000000000, NULL},
    {"1E-07", 0, NULL},
    {"-0.000000", 0, NULL},
    {"1,234.567", INT64_C(1234567000), NULL},
    {"1,234.5", INT64_C(1234500000), NULL},
    {"1,234,567.5", INT64_C(1234567500000), NULL},
    {"1,234,567", INT64_C(1234567000000), NULL},
    {"1.234,567", INT64_C(1234567000), NULL},
    {"0,123", 123000, NULL},
    {"0,160", 160000, NULL},
    {"12,5", 12500000, NULL},
    {"1,234", 1234000, "its comma was read as a decimal point"},
    {"80.8us", 81, NULL},
    {"80.803us", 81, NULL},
    {"12ms", 12000, NULL},
    {"1m30s", 90000000, NULL},
    {"315360000", INT64_C(315360000000000), NULL},
    {"315360001", UNKNOWN, "it is not a time"},
    {"1e300", UNKNOWN, "it is not a time"},
    {"NaN", UNKNOWN, "it is not a time"},
    {"nan", UNKNOWN, "it is not a time"},
    {"inf", UNKNOWN, "it is not a time"},
    {"-Infinity", UNKNOWN, "it is not a time"},
    {"-1", UNKNOWN, "it is not a time"},
    {"-0.001", UNKNOWN, "it is not a time"},
    {"0x10", UNKNOWN, "it is not a time"},
    {"", UNKNOWN, "it is not a time"},
    {"  ", UNKNOWN, "it is not a time"},
    {"1 2", UNKNOWN, "it is not a time"},
    {"1e", UNKNOWN, "it is not a time"},
    {"1.2.3", UNKNOWN, "it is not a time"},
    {"1,2,3", UNKNOWN, "it is not a time"},
    {"1,23.4", UNKNOWN, "it is not a time"},
    {"5 apples", UNKNOWN, "it is not a time"},
};

START_TEST(test_time)
{
    g_autofree char *input =
        g_strdup_printf("<testsuite><testcase name='n' time='%s'/></testsuite>", times[_i].text);
    g_autoptr(TpsJunit) junit = read_text(input);
    const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, 0);
    const TpsJunitCase *testcase = g_ptr_array_index(suite->cases, 0);

    ck_assert_msg(testcase->result->time_us == times[_i].us, "'%s' is %" G_GINT64_FORMAT,
                  times[_i].text, testcase->result->time_us);
    if (times[_i].warning)
        ck_assert(has_warning(junit, times[_i].warning));
    else
        ck_assert_uint_eq(junit->warnings->len, 0);
}
END_TEST

static const struct {
    const char *text;
    int64_t us;
    bool warned;
} timestamps[] = {
    {"2026-11-20T10:00:00", INT64_C(1795168800000000), false},
    {"2026-11-20T10:00:00Z", INT64_C(1795168800000000), false},
    {"2026-11-20T10:00:00.25", INT64_C(1795168800250000), false},
    {"2026-11-20T10:00:00+02:00", INT64_C(1795161600000000), false},
    {"2026-11-20T10:00:00.123456-0130", INT64_C(1795174200123456), false},
    {"2026-11-20 10:00:00", INT64_C(1795168800000000), false},
    {"Fri, 20 Nov 2026 10:00:00 GMT", INT64_C(1795168800000000), false},
    {"1970-01-01T00:00:00.000", UNKNOWN, false},
    {"1970-01-01T01:00:00", UNKNOWN, false},
    {"", UNKNOWN, false},
    {"Fri, 20 Nov 2026 10:00:00 +0200", UNKNOWN, true},
    {"Fri, 20 Foo 2026 10:00:00 GMT", UNKNOWN, true},
    {"Fri, 99 Nov 2026 10:00:00 GMT", UNKNOWN, true},
    {"2026-13-01T00:00:00", UNKNOWN, true},
    {"yesterday", UNKNOWN, true},
    {"1795168800", UNKNOWN, true},
};

START_TEST(test_timestamp)
{
    g_autofree char *input =
        g_strdup_printf("<testsuite name='s' timestamp='%s'/>", timestamps[_i].text);
    g_autoptr(TpsJunit) junit = read_text(input);
    const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, 0);

    ck_assert_msg(suite->started_us == timestamps[_i].us, "'%s' is %" G_GINT64_FORMAT,
                  timestamps[_i].text, suite->started_us);
    ck_assert_int_eq(has_warning(junit, "is not a date"), timestamps[_i].warned);
}
END_TEST

/* Suites */

START_TEST(test_suite_header)
{
    g_autoptr(TpsJunit) junit =
        read_text("<testsuite name='s' hostname='h' time='2.5'>"
                  "<properties><property name='a' value='1'/><property name='b'>2</property>"
                  "</properties><testcase classname='c' name='n' status='run' time='0'>"
                  "<properties><property name='a' value='3'/></properties></testcase>"
                  "</testsuite>");
    const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, 0);
    const TpsJunitCase *testcase = g_ptr_array_index(suite->cases, 0);

    ck_assert_str_eq(suite->hostname, "h");
    ck_assert_int_eq(suite->time_us, 2500000);
    ck_assert_int_eq(suite->started_us, UNKNOWN);
    ck_assert_str_eq(tps_properties_find(suite->properties, "a"), "1");
    ck_assert_str_eq(tps_properties_find(suite->properties, "b"), "2");
    ck_assert_ptr_null(tps_properties_find(suite->properties, "c"));
    ck_assert_str_eq(tps_properties_find(testcase->properties, "a"), "3");
    ck_assert_str_eq(tps_properties_find(testcase->result->properties, "a"), "3");
    ck_assert_str_eq(testcase->status, "run");
    ck_assert_str_eq(testcase->name, "n");
}
END_TEST

START_TEST(test_unreadable)
{
    GError *error = NULL;

    ck_assert_ptr_null(tps_junit_read("tests/no-such-file.xml", &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                 "cannot read 'tests/no-such-file.xml': No such");
    ck_assert_ptr_null(tps_junit_read("tests", &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "cannot read 'tests': Is a directory");
}
END_TEST

/* The digest is of the bytes, also of those behind a problem. */
START_TEST(test_digest)
{
    static const char *const inputs[] = {"", "<testsuite/>", "</a>more", "<html/>"};

    for (size_t i = 0; i < G_N_ELEMENTS(inputs); i++) {
        g_autoptr(TpsJunit) junit = read_text(inputs[i]);
        g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, inputs[i], -1);

        ck_assert_str_eq(junit->digest, digest);
    }
}
END_TEST

/* A report is either whole or says that it is not; and never has more than it had. */
START_TEST(test_truncated)
{
    static const char whole[] =
        "<?xml version='1.0'?>\n<testsuites><!-- a --><testsuite name='s' tests='2'>"
        "<testcase name='a' time='0'/><testcase name='b' time='0'><failure message='m'>"
        "<![CDATA[x]]></failure></testcase></testsuite></testsuites>\n";
    const size_t complete = sizeof(whole) - 2;

    for (size_t length = 0; length < sizeof(whole); length++) {
        g_autoptr(TpsJunit) junit = tps_junit_parse(whole, length);
        guint counted[TPS_OUTCOME_ERROR + 1] = {0};

        count_outcomes(junit, counted);
        ck_assert_msg((junit->problem == NULL) == (length >= complete), "%zu bytes", length);
        ck_assert_uint_eq(counted[TPS_OUTCOME_PASSED],
                          length > (size_t)(strstr(whole, "/><testcase") + 1 - whole));
        ck_assert_uint_eq(counted[TPS_OUTCOME_FAILED],
                          length > (size_t)(strstr(whole, "</testcase>") + 10 - whole));
    }
}
END_TEST

/* Big and nasty, made here; each is answered at once and in proportion */

static const struct {
    const char *name;
    const char *before;
    const char *each;
    size_t n;
    const char *after;
    const char *problem;
} hostile[] = {
    {"deep suites", "", "<testsuite name='a'>", 1000000, "", "more than 64 elements"},
    {"suites under a long name", "<testsuite name='LONG'>", "<testsuite/>", 100000, "</testsuite>",
     NULL},
    {"errors under a long name", "<testsuite name='LONG'>", "<error/>", 10000, "</testsuite>",
     NULL},
    {"outputs of one testcase", "<testsuite><testcase time='0'>",
     "<system-out>0123456789</system-out>", 100000, "</testcase></testsuite>", NULL},
    {"failures of one testcase", "<testsuite><testcase time='0'>", "<failure>0123456789</failure>",
     10000, "</testcase></testsuite>", NULL},
    {"more failures", "<testsuite><testcase time='0'>", "<failure/>", 10001,
     "</testcase></testsuite>", "more than 10000 failures"},
    {"attempts", "<testsuite><testcase time='0'>", "<rerunError/>", 10001,
     "</testcase></testsuite>", "more than 10000 failures, attempts"},
    {"properties", "<testsuite><properties>", "<property name='a' value='b'/>", 10000,
     "</properties></testsuite>", NULL},
    {"more properties", "<testsuite><properties>", "<property name='a' value='b'/>", 10001,
     "</properties></testsuite>", "attempts or properties in one element"},
    {"odd times", "<testsuite>", "<testcase name='LONG' time='x'/>", 1000, "</testsuite>", NULL},
    {"line breaks in a message", "<testsuite><testcase time='0'><failure message='", "&#10; ",
     1000000, "'/></testcase></testsuite>", NULL},
    {"long time", "<testsuite time='", "1,", 1000000, "'/>", NULL},
    {"text nobody wants", "<testsuite>", "0123456789", 1000000, "</testsuite>", NULL},
};

START_TEST(test_hostile)
{
    g_autoptr(GString) input =
        repeat(hostile[_i].before, hostile[_i].each, hostile[_i].n, hostile[_i].after);
    g_autoptr(GString) name = repeat("", "long name ", 100000, "");
    g_autoptr(TpsJunit) junit = NULL;

    g_string_replace(input, "LONG", name->str, hostile[_i].n > 1000 ? 1 : 10);
    junit = tps_junit_parse(input->str, input->len);
    ck_assert_uint_le(junit->warnings->len, 60);
    if (hostile[_i].problem)
        ck_assert_msg(strstr(junit->problem, hostile[_i].problem) != NULL, "%s", junit->problem);
    else
        ck_assert_msg(!junit->problem, "%s: %s", hostile[_i].name, junit->problem);
}
END_TEST

static GString *rewrite(const TpsJunit *junit)
{
    g_autoptr(GArray) suites = g_array_new(FALSE, TRUE, sizeof(TpsJunitOutSuite));
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    for (guint i = 0; i < junit->suites->len; i++) {
        const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, i);
        GPtrArray *results = g_ptr_array_new();
        TpsJunitOutSuite out = {.name = suite->name,
                                .hostname = suite->hostname,
                                .started_us = suite->started_us,
                                .properties = suite->properties,
                                .results = results,
                                .output = suite->output};

        for (guint j = 0; j < suite->cases->len; j++)
            g_ptr_array_add(results, ((TpsJunitCase *)g_ptr_array_index(suite->cases, j))->result);
        g_ptr_array_add(lists, results);
        g_array_append_val(suites, out);
    }
    return tps_junit_format("run", UNKNOWN, (const TpsJunitOutSuite *)(void *)suites->data,
                            suites->len);
}

/* Writing what was read and reading it again changes nothing, whoever wrote it first. */
START_TEST(test_rewrite)
{
    g_autofree char *path = g_strconcat(DATA, real[_i].file, NULL);
    g_autoptr(TpsJunit) junit = tps_junit_read(path, NULL);
    g_autoptr(GString) once = rewrite(junit);
    g_autoptr(TpsJunit) again = tps_junit_parse(once->str, once->len);
    g_autoptr(GString) twice = rewrite(again);

    ck_assert_ptr_null(again->problem);
    ck_assert(!has_warning(again, "mended"));
    ck_assert(!has_warning(again, "header"));
    ck_assert_str_eq(once->str, twice->str);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/junit");
    TCase *tcase = tcase_create("junit");

    tcase_add_loop_test(tcase, test_real, 0, G_N_ELEMENTS(real));
    tcase_add_loop_test(tcase, test_dialect, 0, G_N_ELEMENTS(dialects));
    tcase_add_loop_test(tcase, test_time, 0, G_N_ELEMENTS(times));
    tcase_add_loop_test(tcase, test_timestamp, 0, G_N_ELEMENTS(timestamps));
    tcase_add_test(tcase, test_suite_header);
    tcase_add_test(tcase, test_unreadable);
    tcase_add_test(tcase, test_digest);
    tcase_add_test(tcase, test_truncated);
    tcase_add_loop_test(tcase, test_hostile, 0, G_N_ELEMENTS(hostile));
    tcase_add_loop_test(tcase, test_rewrite, 0, G_N_ELEMENTS(real));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
