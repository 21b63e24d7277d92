/* SPDX-License-Identifier: MIT */
#include "tests/formats/junit_summary.h"
#include "tests/unit.h"

#include <locale.h>
#include <string.h>

#define FFFD "\xEF\xBF\xBD"

static GString *format_results(const char *suite, const GPtrArray *results)
{
    const TpsJunitOutSuite out = {.name = suite, .started_us = UNKNOWN, .results = results};

    return tps_junit_format("run", UNKNOWN, &out, 1);
}

static TpsResult *add_result(GPtrArray *results, const char *id, TpsOutcome outcome, int64_t us)
{
    TpsResult *result = tps_result_new(id, outcome, us);

    g_ptr_array_add(results, result);
    return result;
}

static TpsResult *add_attempt(TpsResult *result, TpsOutcome outcome, const char *message)
{
    if (!result->attempts)
        result->attempts = tps_results_new();
    g_ptr_array_add(result->attempts, tps_result_new(NULL, outcome, 250000));
    result = g_ptr_array_index(result->attempts, result->attempts->len - 1);
    result->message = g_strdup(message);
    return result;
}

static const char golden[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<testsuites name=\"nightly\" tests=\"6\" failures=\"2\" errors=\"1\" skipped=\"1\""
    " time=\"2.000000\">\n"
    "<testsuite name=\"api\" tests=\"6\" failures=\"2\" errors=\"1\" skipped=\"1\""
    " time=\"3601.750002\" timestamp=\"2026-11-20T10:00:00\" hostname=\"h\">\n"
    "<properties>\n<property name=\"part\" value=\"0,2\"/>\n</properties>\n"
    "<testcase classname=\"api\" name=\"a::b[&lt;&amp;&quot;&gt;]\" file=\"a.py\" line=\"7\""
    " time=\"1.500000\"><failure message=\"1 != 2\" type=\"AssertionError\">line 1\nline 2"
    "</failure></testcase>\n"
    "<testcase classname=\"api\" name=\"esc" FFFD "\" time=\"0.000001\"><properties>"
    "<property name=\"tpsched.id\" value=\"esc%1B\"/></properties></testcase>\n"
    "<testcase classname=\"api\" name=\"skip\"><skipped message=\"why\" type=\"\">why</skipped>"
    "</testcase>\n"
    "<testcase classname=\"api\" name=\"flaky\" time=\"3600.000001\"><properties>"
    "<property name=\"tpsched.flaky\" value=\"1\"/></properties>"
    "<flakyFailure message=\"first\" type=\"\" time=\"0.250000\"><stackTrace>trace"
    "</stackTrace></flakyFailure></testcase>\n"
    "<testcase classname=\"api\" name=\"crash\" time=\"0.000000\"><properties>"
    "<property name=\"owner\" value=\"a &amp; b\"/></properties>"
    "<error message=\"\" type=\"\"></error></testcase>\n"
    "<testcase classname=\"api\" name=\"never\" time=\"0.250000\">"
    "<failure message=\"first\" type=\"\">first</failure>"
    "<rerunError message=\"second\" type=\"\" time=\"0.250000\"></rerunError>"
    "<rerunFailure message=\"last\" type=\"\" time=\"2.000000\"></rerunFailure></testcase>\n"
    "<system-out>noise\n</system-out>\n"
    "</testsuite>\n"
    "<testsuite name=\"empty\" tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\""
    " time=\"0.000000\">\n</testsuite>\n"
    "</testsuites>\n";

static GPtrArray *golden_results(void)
{
    GPtrArray *results = tps_results_new();
    TpsResult *result = add_result(results, "a::b[<&\">]", TPS_OUTCOME_FAILED, 1500000);

    result->type = g_strdup("AssertionError");
    result->message = g_strdup("1 != 2");
    result->text = g_strdup("line 1\nline 2");
    result->file = g_strdup("a.py");
    result->line = 7;
    add_result(results, "esc\x1B", TPS_OUTCOME_PASSED, 1);
    add_result(results, "skip", TPS_OUTCOME_SKIPPED, UNKNOWN)->message = g_strdup("why");
    result = add_result(results, "flaky", TPS_OUTCOME_FLAKY, INT64_C(3600000001));
    add_attempt(result, TPS_OUTCOME_FAILED, "first")->text = g_strdup("trace");
    result = add_result(results, "crash", TPS_OUTCOME_ERROR, 0);
    result->properties = tps_properties_new();
    tps_properties_add(result->properties, "owner", "a & b");
    tps_properties_add(result->properties, "tpsched.id", "somebody else's");
    result = add_result(results, "never", TPS_OUTCOME_FAILED, 2000000);
    add_attempt(result, TPS_OUTCOME_FAILED, "first");
    add_attempt(result, TPS_OUTCOME_ERROR, "second");
    result->message = g_strdup("last");
    return results;
}

START_TEST(test_golden)
{
    g_autoptr(GPtrArray) results = golden_results();
    g_autoptr(GPtrArray) none = tps_results_new();
    g_autoptr(GPtrArray) properties = tps_properties_new();
    const TpsJunitOutSuite suites[] = {
        {"api", "h", INT64_C(1795168800999999), properties, results, "noise\n"},
        {.name = "empty", .started_us = UNKNOWN, .results = none},
    };
    g_autoptr(GString) text = NULL;
    g_autoptr(GString) again = NULL;

    tps_properties_add(properties, "part", "0,2");
    text = tps_junit_format("nightly", 2000000, suites, 2);
    ck_assert_str_eq(text->str, golden);
    if (setlocale(LC_ALL, "de_DE.UTF-8") || setlocale(LC_ALL, "C.UTF-8")) {
        again = tps_junit_format("nightly", 2000000, suites, 2);
        ck_assert_str_eq(again->str, golden);
    }
}
END_TEST

static const char *const odd_ids[] = {
    "",
    " ",
    "plain",
    " leading and trailing ",
    "tab\tline\nreturn\r",
    "\n",
    "<>&\"'",
    "]]>",
    "%41",
    "100%",
    "%",
    "a [2]",
    "a",
    "a",
    "a",
    "\x1B[31m",
    "\x1C[31m",
    FFFD "[31m",
    FFFD "[31m [2]",
    "\xFF\xFE",
    "\xFE\xFF",
    "\xC3",
    "\xED\xA0\x80",
    "\xEF\xBF\xBE",
    "\xEF\xBB\xBF",
    "\xF0\x9F\x98\x80",
    "(no name)",
    "tests/a.py::test[x, y=1]",
    "$(reboot)`id`;../../etc",
};

static void assert_ids_come_back(const GPtrArray *results, const TpsJunit *junit)
{
    const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, 0);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    ck_assert_ptr_null(junit->problem);
    ck_assert_uint_eq(junit->warnings->len, 0);
    ck_assert_uint_eq(suite->cases->len, results->len);
    for (guint i = 0; i < results->len; i++) {
        const TpsResult *result = g_ptr_array_index(results, i);
        const TpsJunitCase *testcase = g_ptr_array_index(suite->cases, i);

        ck_assert_str_eq(testcase->result->id, result->id);
        ck_assert_str_eq(testcase->classname, "s");
        ck_assert_str_ne(testcase->name, "");
        ck_assert_msg(g_hash_table_add(names, testcase->name), "'%s' twice", testcase->name);
    }
}

START_TEST(test_odd_ids)
{
    g_autoptr(GPtrArray) results = tps_results_new();
    g_autoptr(GString) long_id = repeat("", "long\x01\xFF ", 1500, "");
    g_autoptr(GString) text = NULL;
    g_autoptr(TpsJunit) junit = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(odd_ids); i++)
        add_result(results, odd_ids[i], TPS_OUTCOME_PASSED, (int64_t)i);
    add_result(results, long_id->str, TPS_OUTCOME_PASSED, 0);
    text = format_results("s", results);
    junit = tps_junit_parse(text->str, text->len);
    assert_ids_come_back(results, junit);
}
END_TEST

/* Few different characters, so that safe spellings collide. */
START_TEST(test_random_ids)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autoptr(GPtrArray) results = tps_results_new();
    g_autoptr(GString) text = NULL;
    g_autoptr(TpsJunit) junit = NULL;

    for (int i = 0; i < 300; i++) {
        char id[16] = "";

        for (int j = g_rand_int_range(rand, 0, 6); j > 0; j--)
            id[j - 1] = (char)g_rand_int_range(rand, 1, _i % 2 ? 5 : 256);
        id[strlen(id)] = (char)g_rand_int_range(rand, 1, 256);
        add_result(results, id, TPS_OUTCOME_PASSED, 0);
    }
    text = format_results("s", results);
    junit = tps_junit_parse(text->str, text->len);
    assert_ids_come_back(results, junit);
}
END_TEST

/* Two suites of one name must not share a (classname, name) either. */
START_TEST(test_suites_of_one_name)
{
    g_autoptr(GPtrArray) results = tps_results_new();
    g_autoptr(GString) text = NULL;
    TpsJunitOutSuite suites[2];

    add_result(results, "a", TPS_OUTCOME_PASSED, 0);
    for (size_t i = 0; i < 2; i++)
        suites[i] = (TpsJunitOutSuite){.name = "", .started_us = UNKNOWN, .results = results};
    text = tps_junit_format("", UNKNOWN, suites, 2);
    ck_assert_ptr_nonnull(strstr(text->str, "classname=\"(no name)\" name=\"a\""));
    ck_assert_ptr_nonnull(strstr(text->str, "classname=\"(no name)\" name=\"a [2]\""));
}
END_TEST

static char *maybe(GRand *rand, const char *text)
{
    return g_rand_boolean(rand) ? g_strdup(text) : NULL;
}

static void fill_randomly(GRand *rand, TpsResult *result)
{
    if (tps_outcome_is_bad(result->outcome) || result->outcome == TPS_OUTCOME_SKIPPED) {
        result->type = maybe(rand, "type \xC3\xA9 <");
        result->message = maybe(rand, "message ]]> \" ' & \t x");
        result->text = maybe(rand, "text\n  ]]> & < \r\n\ttrace\n");
    }
    result->output = maybe(rand, "output ]]> & <\n\n");
    if (g_rand_boolean(rand))
        result->time_us = UNKNOWN;
}

/* Whatever XML can hold comes back: outcome, time, kind, message, text, output and attempts. */
START_TEST(test_round_trip)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autoptr(GPtrArray) results = tps_results_new();
    g_autoptr(GString) expected = g_string_new("s{");
    g_autoptr(GString) text = NULL;
    g_autoptr(TpsJunit) junit = NULL;
    g_autofree char *found = NULL;

    for (int i = 0; i < 50; i++) {
        g_autofree char *id = g_strdup_printf("test %d", i);
        TpsOutcome outcome = (TpsOutcome)g_rand_int_range(rand, 0, TPS_OUTCOME_ERROR + 1);
        TpsResult *result = add_result(results, id, outcome, g_rand_int_range(rand, 0, 1 << 30));
        int n_attempts = outcome >= TPS_OUTCOME_FLAKY ? g_rand_int_range(rand, 0, 3) : 0;

        fill_randomly(rand, result);
        for (int j = 0; j < n_attempts; j++)
            fill_randomly(
                rand, add_attempt(result, j % 2 ? TPS_OUTCOME_FAILED : TPS_OUTCOME_ERROR, NULL));
        g_string_append_printf(expected, "%ss/%s ", i ? "; " : "", id);
        put_result(expected, result);
    }
    g_string_append_c(expected, '}');
    text = format_results("s", results);
    junit = tps_junit_parse(text->str, text->len);
    found = summary(junit);
    ck_assert_str_eq(found, expected->str);
}
END_TEST

static TpsResult *add_inner(TpsResult *result, const char *name, TpsOutcome outcome, int64_t us)
{
    TpsResult *inner = tps_result_new(name, outcome, us);

    tps_result_add_case(result, inner);
    return inner;
}

/* What is written for one result with cases, and what is read again. */
static char *elements_of(const TpsResult *result, char **read)
{
    g_autoptr(GPtrArray) results = g_ptr_array_new();
    g_autoptr(GString) text = NULL;
    g_autoptr(TpsJunit) junit = NULL;
    const char *begin;

    g_ptr_array_add(results, (gpointer)result);
    text = format_results("s", results);
    junit = tps_junit_parse(text->str, text->len);
    ck_assert_ptr_null(junit->problem);
    for (guint i = 0; i < junit->warnings->len; i++) /* no header counts wrong */
        ck_assert_ptr_nonnull(strstr(g_ptr_array_index(junit->warnings, i), "without a time"));
    *read = summary(junit);
    begin = strstr(text->str, "<testsuite ");
    return g_strndup(begin, (gsize)(strstr(begin, "</testsuite>") - begin));
}

START_TEST(test_cases)
{
    g_autoptr(TpsResult) result = tps_result_new("a.js", TPS_OUTCOME_FAILED, 5000000);
    g_autofree char *text = NULL;
    g_autofree char *read = NULL;

    result->file = g_strdup("a.js");
    result->output = g_strdup("log");
    add_inner(result, "adds", TPS_OUTCOME_PASSED, 1000000);
    add_inner(result, "<\x1B>", TPS_OUTCOME_FAILED, UNKNOWN)->message = g_strdup("1 != 2");
    text = elements_of(result, &read);
    ck_assert_str_eq(
        text, "<testsuite name=\"s\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""
              " time=\"5.000000\">\n"
              "<testcase classname=\"s\" name=\"a.js &gt; adds\" file=\"a.js\" time=\"1.000000\">"
              "<properties><property name=\"tpsched.id\" value=\"a.js\"/>"
              "<property name=\"tpsched.case\" value=\"adds\"/>"
              "<property name=\"tpsched.cases\" value=\"2\"/>"
              "<property name=\"tpsched.time\" value=\"5.000000\"/></properties></testcase>\n"
              "<testcase classname=\"s\" name=\"a.js &gt; &lt;" FFFD "&gt;\" file=\"a.js\">"
              "<properties><property name=\"tpsched.id\" value=\"a.js\"/>"
              "<property name=\"tpsched.case\" value=\"%3C%1B%3E\"/></properties>"
              "<failure message=\"1 != 2\" type=\"\">1 != 2</failure>"
              "<system-out>log</system-out></testcase>\n");
    ck_assert_str_eq(read, "s{s/a.js failed 5000000 [adds passed 1000000]"
                           " [<\x1B> failed message='1 != 2' output='log']}");
}
END_TEST

/* The file failed to load: no case says so. */
START_TEST(test_worse_than_its_cases)
{
    g_autoptr(TpsResult) result = tps_result_new("a.js", TPS_OUTCOME_ERROR, 5);
    g_autofree char *text = NULL;
    g_autofree char *read = NULL;

    result->message = g_strdup("boom");
    add_inner(result, "one", TPS_OUTCOME_FAILED, 1);
    add_inner(result, "two", TPS_OUTCOME_SKIPPED, 1);
    text = elements_of(result, &read);
    ck_assert_ptr_nonnull(strstr(text, "tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"1\""));
    ck_assert_ptr_nonnull(strstr(text, "name=\"a.js\" time=\"0.000005\">"));
    ck_assert_str_eq(read, "s{s/a.js error 5 message='boom' [one failed 1] [two skipped 1]}");
}
END_TEST

/* Of a case that failed and then passed, and of a first attempt that did not come that far. */
START_TEST(test_attempts_of_cases)
{
    g_autoptr(TpsResult) result = tps_result_new("f", TPS_OUTCOME_FLAKY, 9);
    TpsResult *crashed = add_attempt(result, TPS_OUTCOME_ERROR, "crash");
    TpsResult *failed = add_attempt(result, TPS_OUTCOME_FAILED, "1 of 2 failed");
    g_autofree char *text = NULL;
    g_autofree char *read = NULL;

    (void)crashed;
    add_inner(failed, "one", TPS_OUTCOME_PASSED, 1);
    add_inner(failed, "two", TPS_OUTCOME_FAILED, 1)->message = g_strdup("no");
    add_inner(result, "one", TPS_OUTCOME_PASSED, 1);
    add_inner(result, "two", TPS_OUTCOME_PASSED, 1);
    text = elements_of(result, &read);
    ck_assert_ptr_nonnull(strstr(text, "tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"0\""));
    ck_assert_str_eq(read, "s{s/f flaky 9 [one passed 1] [two flaky 1 (failed 1 message='no')"
                           " (error 250000 message='crash')]}");
}
END_TEST

/* A program passed though a point of it failed, as with TAP's todo: the program's word counts. */
START_TEST(test_better_than_its_cases)
{
    g_autoptr(TpsResult) result = tps_result_new("t", TPS_OUTCOME_PASSED, UNKNOWN);
    g_autofree char *text = NULL;
    g_autofree char *read = NULL;

    add_inner(result, "1 - x", TPS_OUTCOME_FAILED, 3);
    text = elements_of(result, &read);
    ck_assert_ptr_nonnull(strstr(text, "time=\"0.000003\">"));
    ck_assert_str_eq(read, "s{s/t passed [1 - x failed 3]}");
}
END_TEST

static void add_random_cases(GRand *rand, TpsResult *result)
{
    static const char *const names[] = {"", "a", "a > b", "<\x01>", " x ", "a"};

    for (int n = g_rand_int_range(rand, 0, 5); n > 0; n--)
        fill_randomly(rand,
                      add_inner(result, names[g_rand_int_range(rand, 0, G_N_ELEMENTS(names))],
                                (TpsOutcome)g_rand_int_range(rand, 0, TPS_OUTCOME_ERROR + 1), 7));
}

static void draw_result(GRand *rand, GPtrArray *results, int i)
{
    g_autofree char *id = g_strdup_printf("test %d", i);
    TpsResult *result =
        add_result(results, id, (TpsOutcome)g_rand_int_range(rand, 0, TPS_OUTCOME_ERROR + 1), 100);

    fill_randomly(rand, result);
    add_random_cases(rand, result);
    for (int n = g_rand_int_range(rand, 0, 3); result->outcome >= TPS_OUTCOME_FLAKY && n > 0; n--) {
        TpsResult *attempt = add_attempt(result, TPS_OUTCOME_FAILED, NULL);

        fill_randomly(rand, attempt);
        add_random_cases(rand, attempt);
    }
}

/* Each planned testcase comes back with its outcome, time and cases; written again, the same. */
START_TEST(test_random_cases)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autoptr(GPtrArray) results = tps_results_new();
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    g_autoptr(GString) text = NULL;
    g_autoptr(GString) again = NULL;
    g_autoptr(TpsJunit) junit = NULL;
    const TpsJunitSuite *suite;

    for (int i = 0; i < 20; i++)
        draw_result(rand, results, i);
    text = format_results("s", results);
    junit = tps_junit_parse(text->str, text->len);
    suite = g_ptr_array_index(junit->suites, 0);
    ck_assert_uint_eq(suite->cases->len, results->len);
    for (guint i = 0; i < results->len; i++) {
        const TpsResult *a = g_ptr_array_index(results, i);
        const TpsResult *b = ((TpsJunitCase *)g_ptr_array_index(suite->cases, i))->result;

        ck_assert_str_eq(b->id, a->id);
        ck_assert_int_eq(b->outcome, a->outcome);
        ck_assert_int_eq(b->time_us, a->time_us);
        ck_assert_uint_eq(a->cases ? a->cases->len : 0, b->cases ? b->cases->len : 0);
        for (guint j = 0; a->cases && j < a->cases->len; j++)
            ck_assert_str_eq(((TpsResult *)g_ptr_array_index(a->cases, j))->id,
                             ((TpsResult *)g_ptr_array_index(b->cases, j))->id);
        g_ptr_array_add(found, (gpointer)b);
    }
    again = format_results("s", found);
    ck_assert_str_eq(again->str, text->str);
}
END_TEST

/* Elements as they may stand in a report, in the order of the letters; see below. */
static const struct {
    char letter;
    const char *element;
} bricks[] = {
    {'x', "<testcase name='x' classname='s'/>"},
    {'f', "<testcase name='x' classname='s'><failure message='m'/></testcase>"},
    {'o', "<testcase name='x' classname='s'><properties><property name='tpsched.cases' value='1'/>"
          "</properties><failure message='m'/><system-out>o</system-out></testcase>"},
    {'c', "<testcase name='n' classname='s'><properties><property name='tpsched.id' value='x'/>"
          "<property name='tpsched.case' value='c'/></properties></testcase>"},
    {'e', "<testcase name='n' classname='s'><properties><property name='tpsched.id' value='x'/>"
          "<property name='tpsched.case' value='e'/></properties><error message='e'/></testcase>"},
    {'b', "<testcase name='n' classname='s'><properties><property name='tpsched.id' value='x'/>"
          "<property name='tpsched.case' value='b'/><property name='tpsched.cases' value='9'/>"
          "<property name='tpsched.time' value='2'/>"
          "<property name='tpsched.outcome' value='error'/></properties></testcase>"},
};

/* Whatever stands beside what: once read and written it stays as it is, and nothing gets better. */
START_TEST(test_odd_cases)
{
    g_autoptr(GString) input = g_string_new("<testsuite name='s'>");
    g_autoptr(GPtrArray) first = g_ptr_array_new();
    g_autoptr(GPtrArray) second = g_ptr_array_new();
    g_autoptr(TpsJunit) junit = NULL;
    g_autoptr(TpsJunit) again = NULL;
    g_autoptr(GString) once = NULL;
    g_autoptr(GString) twice = NULL;
    bool bad = false;
    bool found = false;

    for (int i = _i; i > 0; i /= (int)G_N_ELEMENTS(bricks)) {
        size_t brick = (size_t)i % G_N_ELEMENTS(bricks);

        g_string_append(input, bricks[brick].element);
        bad |= strchr("foe", bricks[brick].letter) != NULL;
    }
    g_string_append(input, "</testsuite>");
    junit = tps_junit_parse(input->str, input->len);
    for (guint i = 0; i < ((TpsJunitSuite *)junit->suites->pdata[0])->cases->len; i++) {
        TpsResult *result =
            ((TpsJunitCase *)((TpsJunitSuite *)junit->suites->pdata[0])->cases->pdata[i])->result;

        found |= tps_outcome_is_bad(result->outcome);
        g_ptr_array_add(first, result);
    }
    ck_assert_msg(found == bad, "%s", input->str);
    once = format_results("s", first);
    again = tps_junit_parse(once->str, once->len);
    for (guint i = 0; i < ((TpsJunitSuite *)again->suites->pdata[0])->cases->len; i++)
        g_ptr_array_add(
            second,
            ((TpsJunitCase *)((TpsJunitSuite *)again->suites->pdata[0])->cases->pdata[i])->result);
    twice = format_results("s", second);
    ck_assert_str_eq(twice->str, once->str);
    ck_assert_uint_eq(second->len, first->len);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/junit_write");
    TCase *tcase = tcase_create("junit_write");

    tcase_add_test(tcase, test_golden);
    tcase_add_test(tcase, test_odd_ids);
    tcase_add_loop_test(tcase, test_random_ids, 0, 20);
    tcase_add_test(tcase, test_suites_of_one_name);
    tcase_add_loop_test(tcase, test_round_trip, 0, 50);
    tcase_add_test(tcase, test_cases);
    tcase_add_test(tcase, test_worse_than_its_cases);
    tcase_add_test(tcase, test_attempts_of_cases);
    tcase_add_test(tcase, test_better_than_its_cases);
    tcase_add_loop_test(tcase, test_random_cases, 0, 100);
    tcase_add_loop_test(tcase, test_odd_cases, 1, 1296); /* up to four bricks */
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
