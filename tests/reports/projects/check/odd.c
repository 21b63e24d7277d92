/* Outcomes of each kind, and messages that XML can't hold. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

START_TEST(test_pass)
{
}
END_TEST

START_TEST(test_loop)
{
    ck_assert_int_ne(_i, 1);
}
END_TEST

START_TEST(test_fail)
{
    ck_abort_msg("\x1B[31mred\x1B[0m \x07 ]]> <&\"'> \xF0\x9F\x98\x80 \xFF");
}
END_TEST

START_TEST(test_signal)
{
    raise(SIGSEGV);
}
END_TEST

START_TEST(test_exits)
{
    exit(0); /* and so it passes */
}
END_TEST

static Suite *make_suite(const char *title)
{
    Suite *suite = suite_create(title);
    TCase *core = tcase_create("core");
    TCase *bad = tcase_create("bad & worse");

    tcase_add_test(core, test_pass);
    tcase_add_test(core, test_pass);
    tcase_add_loop_test(core, test_loop, 0, 3);
    suite_add_tcase(suite, core);
    tcase_add_test(bad, test_fail);
    tcase_add_test(bad, test_signal);
    tcase_add_test(bad, test_exits);
    suite_add_tcase(suite, bad);
    return suite;
}

int main(int argc, char **argv)
{
    SRunner *runner = srunner_create(make_suite("First"));

    srunner_add_suite(runner, make_suite("Second <\xC3\xA9>"));
    srunner_set_xml(runner, argc > 1 ? argv[1] : "check.xml");
    srunner_run_all(runner, CK_NORMAL);
    srunner_free(runner);
    return 0;
}
