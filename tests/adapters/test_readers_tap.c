/* SPDX-License-Identifier: MIT */
#include "tests/adapters/records.h"

static const struct {
    const char *text;
    size_t length;
    const char *expected;
    const char *problem; /* or NULL */
} streams[] = {
    {BYTES("1..1\nok 1 - a\n"), "name=a number=1 outcome=passed\n", NULL},
    {BYTES("TAP version 14\r\npragma +strict\r\nok 1 a\r\nnot ok 2 - b\r\n1..2\r\n"),
     "name=a number=1 outcome=passed\nname=b number=2 outcome=failed\n", NULL},
    /* names */
    {BYTES("1..6\nok\nok - x\nok 3\nok y - z\nok 5 - \\# \\\\ # not a word\nok 6 -n\n"),
     "name= number=1 outcome=passed\nname=x number=2 outcome=passed\n"
     "name= number=3 outcome=passed\nname=y - z number=4 outcome=passed\n"
     "name=# \\\\ # not a word number=5 outcome=passed\nname=-n number=6 outcome=passed\n",
     NULL},
    {BYTES("1..2\nok 1 - a\0b\nok 2 - \xFF \\# skip\n"),
     "name=a\\357\\277\\275b number=1 outcome=passed\nname=\\377 # skip number=2 outcome=passed\n",
     NULL},
    {BYTES("1..1\nokay\nnot okay\nok: x\nok\t1\tx\n"), "name=x number=1 outcome=passed\n", NULL},
    {BYTES("1..1\nok 12cm is enough\n"), "name=12cm is enough number=1 outcome=passed\n", NULL},
    /* directives */
    {BYTES("1..6\nok 1 - a # SKIP no net\nok 2 # skipped: x\nnot ok 3 - c # TODO later\n"
           "ok 4 - d # todo\nnot ok 5 - e # SKIP\nok 6 # SKIP\n"),
     "directive=skip name=a number=1 outcome=skipped reason=no net\n"
     "directive=skip name= number=2 outcome=skipped reason=x\n"
     "directive=todo name=c number=3 outcome=skipped reason=later\n"
     "directive=todo name=d number=4 outcome=passed reason=\n"
     "directive=skip name=e number=5 outcome=failed reason=\n"
     "directive=skip name= number=6 outcome=skipped reason=\n",
     NULL},
    {BYTES("1..3\nok 1 - a # time=12.5ms\nok 2 - b # time=1.5s\nok 3 - c # time=x\n"),
     "milliseconds=12.5 name=a number=1 outcome=passed\n"
     "name=b number=2 outcome=passed seconds=1.5\nname=c number=3 outcome=passed\n",
     NULL},
    /* texts */
    {BYTES("1..3\nout\nnot ok 1 - a\n  ---\n  duration_ms: 1.25\n  at: x\n  ...\n# why\n#\nout\n"
           "ok 2 - b\n  ---\n  duration_ms: '7'\n  ...\n# note\n# Subtest: c\nnot ok 3 - c\n"),
     "milliseconds=1.25 name=a number=1 outcome=failed "
     "text=out\\n  ---\\n  duration_ms: 1.25\\n  at: x\\n  ...\\n# why\\n#\\n\n"
     "milliseconds=7 name=b number=2 outcome=passed\n"
     "name=c number=3 outcome=failed text=# note\\n# Subtest: c\\n\n",
     NULL},
    /* subtests are no points of their own; whose plan and bail-out are not ours */
    {BYTES("1..2\n# Subtest: p\n    not ok 1 - a\n      ---\n      x\n      ...\n    1..1\n"
           "    Bail out!\nnot ok 1 - p\n    ok 1 - b\n    1..1\nok 2 - q\n"),
     "name=p number=1 outcome=failed text=# Subtest: p\\n    not ok 1 - a\\n      ---\\n      "
     "x\\n      ...\\n    1..1\\n    Bail out!\\n\n"
     "name=q number=2 outcome=passed\n",
     NULL},
    /* YAML without an end */
    {BYTES("1..2\nnot ok 1 - a\n  ---\n  x\nok 2 - b\n"),
     "name=a number=1 outcome=failed text=  ---\\n  x\\n\nname=b number=2 outcome=passed\n", NULL},
    {BYTES("1..1\nok 1\n  ---\n  ok 2\n  1..7\nnot"), "name= number=1 outcome=passed\n", NULL},
    /* plans */
    {BYTES("1..0 # SKIP no net\n"), "directive=skip outcome=skipped reason=no net\n", NULL},
    {BYTES("1..0\n"), "directive=skip outcome=skipped\n", NULL},
    {BYTES("1..2 # a comment\nok\nok\n"),
     "name= number=1 outcome=passed\nname= number=2 outcome=passed\n", NULL},
    {BYTES("1..2\nok 2\nok 1\n"), "name= number=2 outcome=passed\nname= number=1 outcome=passed\n",
     NULL},
    /* what is unsound */
    {BYTES(""), "", "there is no plan"},
    {BYTES("hello\n"), "", "there is no plan"},
    {BYTES("ok 1 - a\n"), "name=a number=1 outcome=passed\n", "there is no plan"},
    {BYTES("1..2 tests\nok\n"), "name= number=1 outcome=passed\n", "there is no plan"},
    {BYTES("1..\nok\n"), "name= number=1 outcome=passed\n", "there is no plan"},
    {BYTES("1..2\nok 1\n"), "name= number=1 outcome=passed\n",
     "2 were planned, number 2 is missing"},
    {BYTES("1..999999999999999\n"), "", "999999999999999 were planned, number 1 is missing"},
    {BYTES("1..9999999999999999\n"), "", "there is no plan"},
    {BYTES("1..3\nok 1\nok 3\n"), "name= number=1 outcome=passed\nname= number=3 outcome=passed\n",
     "number 2 is missing"},
    {BYTES("1..1\nok 1\nok 2\n"), "name= number=1 outcome=passed\nname= number=2 outcome=passed\n",
     "number 2 was never planned"},
    {BYTES("1..1\nok 0\nok 1\n"), "name= number=0 outcome=passed\nname= number=1 outcome=passed\n",
     "number 0 was never planned"},
    {BYTES("1..1\nok 1\nok 1\n"), "name= number=1 outcome=passed\nname= number=1 outcome=passed\n",
     "number 1 comes twice"},
    {BYTES("1..1\nok 1\n1..1\n"), "name= number=1 outcome=passed\n", "3: a second plan"},
    {BYTES("1..2\nok 1\nBail out! no disk\n"), "name= number=1 outcome=passed\n",
     "3: Bail out! no disk"},
    {BYTES("1..0\nok 1\n"), "directive=skip outcome=skipped\nname= number=1 outcome=passed\n",
     "number 1 was never planned"},
};

START_TEST(reads_streams)
{
    g_autofree char *problem = NULL;

    assert_records(tps_records_from_tap(streams[_i].text, streams[_i].length, &problem),
                   streams[_i].expected);
    ck_assert_pstr_eq(problem, streams[_i].problem);
}
END_TEST

/* Wherever a stream is cut off before its last point, that is told. */
START_TEST(tells_what_was_cut_off)
{
    static const char whole[] = "1..3\nok 1 - a\nnot ok 2 - b\n  ---\n  x: y\n  ...\nok 3 - c\n";

    for (size_t length = 0; length < sizeof whole - strlen("ok 3 - c\n") + 1; length++) {
        g_autofree char *problem = NULL;
        g_autoptr(GPtrArray) records = tps_records_from_tap(whole, length, &problem);

        ck_assert_msg(problem != NULL, "%zu bytes are sound", length);
        ck_assert_uint_lt(records->len, 3);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("readers_tap");
    TCase *tcase = tcase_create("readers_tap");

    tcase_add_loop_test(tcase, reads_streams, 0, G_N_ELEMENTS(streams));
    tcase_add_test(tcase, tells_what_was_cut_off);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
