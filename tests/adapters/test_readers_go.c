/* SPDX-License-Identifier: MIT */
#include "tests/adapters/records.h"

#define EVENT(action, test, more)                                                                  \
    "{\"Action\":\"" action "\",\"Package\":\"p\",\"Test\":\"" test "\"" more "}\n"
#define OUTPUT(test, text) EVENT("output", test, ",\"Output\":\"" text "\"")

static const struct {
    const char *text;
    const char *expected;
} logs[] = {
    {"", ""},
    {EVENT("run", "TestA", "") OUTPUT("TestA", "=== RUN   TestA\\n") OUTPUT("TestA", "hello\\n")
         OUTPUT("TestA", "--- PASS: TestA (0.25s)\\n") EVENT("pass", "TestA", ",\"Elapsed\":0.25"),
     "outcome=passed output=hello\\n package=p parent=TestA seconds=0.25 test=TestA\n"},
    /* subtests; the order is that of their beginnings */
    {EVENT("run", "TestA", "") EVENT("run", "TestA/x/y", "") OUTPUT("TestA/x/y", "    --- FAIL: ")
         OUTPUT("TestA/x/y", "    why\\u0000\\n") EVENT("fail", "TestA/x/y", ",\"Elapsed\":0")
             EVENT("fail", "TestA", ",\"Elapsed\":1e-3"),
     "outcome=failed package=p parent=TestA seconds=0.001 test=TestA\n"
     "case=x/y outcome=failed output=    why\\357\\277\\275\\n package=p parent=TestA seconds=0 "
     "test=TestA/x/y\n"},
    {EVENT("run", "TestA", "") EVENT("skip", "TestA", "") EVENT("run", "BenchmarkB", "")
         EVENT("bench", "BenchmarkB", ""),
     "outcome=skipped package=p parent=TestA test=TestA\n"
     "outcome=passed package=p parent=BenchmarkB test=BenchmarkB\n"},
    /* what never ended; a torn line; what isn't Go's */
    {"# building\n" EVENT("run", "TestA", "") EVENT("run", "TestB", "") OUTPUT("TestB", "b\\n")
         EVENT("pass", "TestA",
               "") "{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"signal: segv\\n\"}\n"
                   "{\"Action\":\"fail\",\"Package\":\"p\"}\n{\"Action\":\"pass\",\"Te",
     "outcome=passed package=p parent=TestA test=TestA\n"
     "outcome=error output=b\\n package=p parent=TestB test=TestB text=signal: segv\\n\n"},
    /* two packages, or none */
    {"{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"T\"}\n"
     "{\"Action\":\"run\",\"Package\":\"q\",\"Test\":\"T\"}\n"
     "{\"Action\":\"pass\",\"Package\":\"q\",\"Test\":\"T\"}\n"
     "{\"Action\":\"fail\",\"Package\":\"p\",\"Test\":\"T\"}\n",
     "outcome=failed package=p parent=T test=T\noutcome=passed package=q parent=T test=T\n"},
    {"{\"Action\":\"run\",\"Test\":\"T\"}\n{\"Action\":\"pass\",\"Test\":\"T\"}\n",
     "outcome=passed parent=T test=T\n"},
    /* -count=2 */
    {EVENT("run", "T", "") EVENT("pass", "T", "") EVENT("run", "T", "") EVENT("fail", "T", ""),
     "outcome=passed package=p parent=T test=T\noutcome=failed package=p parent=T test=T\n"},
    /* before Go 1.20 a mark behind text is no event, and later ones are taken for its output */
    {EVENT("run", "T", "") OUTPUT("T", "hi--- PASS: T (0.25s)\\n"),
     "outcome=passed output=hi--- PASS: T (0.25s)\\n package=p parent=T seconds=0.25 test=T\n"},
    {EVENT("run", "T", "") EVENT("run", "T/a", "") OUTPUT("T/a", "x=== RUN   T/b\\n")
         OUTPUT("T/a", "y--- FAIL: T (0.00s)\\n") OUTPUT("T/a", "    --- PASS: T/a (0.00s)\\n")
             OUTPUT("T/a", "    --- FAIL: T/b (0.00s)\\n"),
     "outcome=failed package=p parent=T seconds=0.00 test=T\n"
     "case=a outcome=passed output=x=== RUN   T/b\\ny--- FAIL: T (0.00s)\\n package=p parent=T "
     "seconds=0.00 test=T/a\n"
     "case=b outcome=failed package=p parent=T seconds=0.00 test=T/b\n"},
    /* the process died in it: what failed has a mark */
    {EVENT("run", "T", "") OUTPUT("T", "=== RUN   T\\n") EVENT("fail", "T", ",\"Elapsed\":1"),
     "outcome=error package=p parent=T test=T text=\n"},
    /* an event knows better; no mark; the mark of a test that never began */
    {EVENT("run", "T", "") OUTPUT("T", "--- PASS: T (0.25s)\\n")
         EVENT("fail", "T", ",\"Elapsed\":1"),
     "outcome=failed package=p parent=T seconds=1 test=T\n"},
    {EVENT("run", "T", "") OUTPUT("T", "x--- PASS: U (0.00s)\\n") OUTPUT("T", "--- PASS: T (0s\\n")
         OUTPUT("T", "--- ") OUTPUT("T", "--- PASS: (0s)\\n") OUTPUT("T", " (0s)\\n"),
     "outcome=error output=x--- PASS: U (0.00s)\\n---  (0s)\\n package=p parent=T "
     "test=T text=\n"},
    /* events that say nothing, or not what they should */
    {"{}\n{\"Action\":3,\"Test\":\"T\"}\n{\"Test\":\"T\"}\n{\"Action\":\"output\",\"Output\":7}\n",
     ""},
};

START_TEST(folds_events)
{
    GError *error = NULL;

    assert_records(tps_records_from_go(logs[_i].text, strlen(logs[_i].text), &error),
                   logs[_i].expected);
}
END_TEST

START_TEST(refuses_broken_lines)
{
    GError *error = NULL;

    ck_assert_ptr_null(tps_records_from_go(BYTES("{}\n{\"Action\":\n{}\n"), &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "2:11: not JSON");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("readers_go");
    TCase *tcase = tcase_create("readers_go");

    tcase_add_loop_test(tcase, folds_events, 0, G_N_ELEMENTS(logs));
    tcase_add_test(tcase, refuses_broken_lines);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
