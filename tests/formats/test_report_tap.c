/* SPDX-License-Identifier: MIT */
#include "tests/report_sample.h"
#include "tests/report_text.h"
#include "tests/unit.h"

#include <string.h>

static const char golden[] =
    "TAP version 13\n"
    "1..7\n"
    "not ok 1 - incomplete: api 1,2: no report\\\\n::error::x <b>| `y`\n"
    "ok 2 - api: tests/test_a.py::test_one\n"
    "  ---\n"
    "  duration_ms: 1500.000\n"
    "  ...\n"
    "not ok 3 - api: tests/test_a.py::test_two[1-x]\n"
    "  ---\n"
    "  duration_ms: 250.001\n"
    "  outcome: failed\n"
    "  type: \"AssertionError\"\n"
    "  message: \"1 != 2\"\n"
    "  file: \"tests/test_a.py\"\n"
    "  line: 17\n"
    "  text: |\n"
    "    def test_two(x):\n"
    "    >   assert 1 == x\n"
    "    E   1 != 2\n"
    "  output: |\n"
    "    printed\n"
    "  ...\n"
    "ok 4 - api: tests/test_a.py::test_three\n"
    "  ---\n"
    "  duration_ms: 100.000\n"
    "  outcome: flaky\n"
    "  attempts:\n"
    "    - outcome: failed\n"
    "      message: \"refused\"\n"
    "    - outcome: failed\n"
    "      message: \"refused again\"\n"
    "  ...\n"
    "ok 5 - api: tests/test_b.py::test_four # SKIP not here\n"
    "not ok 6 - api: tests/test_b.py::test_five\n"
    "  ---\n"
    "  duration_ms: 0.000\n"
    "  outcome: error\n"
    "  type: \"tpsched.process\"\n"
    "  message: \"killed by SIGSEGV\"\n"
    "  attempts:\n"
    "    - outcome: failed\n"
    "      message: \"killed by SIGSEGV\"\n"
    "  ...\n"
    "# Subtest: unit: test_points\n"
    "    1..3\n"
    "    ok 1 - first\n"
    "      ---\n"
    "      duration_ms: 1.000\n"
    "      ...\n"
    "    not ok 2 - second\n"
    "      ---\n"
    "      duration_ms: 1.000\n"
    "      outcome: failed\n"
    "      type: \"kind\"\n"
    "      message: \"message of a case\"\n"
    "      text: \"text of a case\"\n"
    "      ...\n"
    "    ok 3 - third # SKIP message of a case\n"
    "      ---\n"
    "      duration_ms: 1.000\n"
    "      ...\n"
    "not ok 7 - unit: test_points\n"
    "  ---\n"
    "  duration_ms: 3000.000\n"
    "  outcome: failed\n"
    "  ...\n"
    "# INCOMPLETE: 6 testcases, 1 error, 2 failed, 1 flaky, 1 passed, 1 skipped; 1 problem\n";

START_TEST(the_bytes)
{
    g_autoptr(TpsReport) report = sample_report("incomplete", false);
    g_autofree char *text = report_text(report, "tap");

    ck_assert_str_eq(text, golden);
}
END_TEST

static const struct {
    const char *sample;
    const char *line;
} lines[] = {
    {"flaky", "\nnot ok 3 - api: tests/test_a.py::test_three\n"},
    {"plain", "\nok 3 - api: tests/test_a.py::test_three\n"},
    {"empty", "\n1..0 # SKIP no testcases\n"},
    {"not-run", "\nnot ok 1 - incomplete: 3 testcases were not run, because enough had failed\n"},
    {"not-run", "\nok 10 - left out: later_2 # SKIP not run, because enough had failed\n"},
    {"nasty", ": Bail out!"},
    {"nasty", "\\# TODO not done"},
};

START_TEST(a_line)
{
    g_autoptr(TpsReport) report = sample_report(lines[_i].sample, false);
    g_autofree char *text = report_text(report, "tap");

    ck_assert_ptr_nonnull(strstr(text, lines[_i].line));
    ck_assert_ptr_null(strstr(text, "\nBail out!"));
    ck_assert_ptr_null(strstr(text, "\nok 1 - not a point"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/report_tap");
    TCase *cases = tcase_create("tap");

    tcase_add_test(cases, the_bytes);
    tcase_add_loop_test(cases, a_line, 0, G_N_ELEMENTS(lines));
    suite_add_tcase(suite, cases);
    return unit_main(suite);
}
