/* SPDX-License-Identifier: MIT */
#include "scheduler/environment.h"
#include "tests/unit.h"

#include <string.h>

static char *joined(char *const *before, char *const *after)
{
    g_autofree char *first = g_strjoinv("|", (char **)before);
    g_autofree char *second = g_strjoinv("|", (char **)after);

    return g_strjoin("||", first, second, NULL);
}

static const struct {
    TpsPart part;
    int attempt;
    int slot;
    const char *sandbox;
    bool home_is_sandbox;
    const char *text;
} cases[] = {
    {{0, 1},
     1,
     0,
     NULL,
     true,
     "||TPSCHED_TASK=a b|TPSCHED_SUITE=a b|TPSCHED_PART=0|TPSCHED_PARTS=1|TPSCHED_ATTEMPT=1|"
     "TPSCHED_RUN_ATTEMPT=7|TPSCHED_SLOT=0|TPSCHED_REPORT_DIR=/r"},
    {{0, 3},
     2,
     65535,
     "/t/x/0.0",
     false,
     "TMPDIR=/t/x/0.0||TPSCHED_TASK=a b 0,3|TPSCHED_SUITE=a b|TPSCHED_PART=0|TPSCHED_PARTS=3|"
     "TPSCHED_ATTEMPT=2|TPSCHED_RUN_ATTEMPT=7|TPSCHED_SLOT=65535|TPSCHED_REPORT_DIR=/r|"
     "TPSCHED_SANDBOX=/t/x/0.0"},
    {{G_MAXINT - 1, G_MAXINT},
     G_MAXINT,
     G_MAXINT,
     "/t",
     true,
     "TMPDIR=/t|HOME=/t||TPSCHED_TASK=a b 2147483646,2147483647|TPSCHED_SUITE=a b|"
     "TPSCHED_PART=2147483646|TPSCHED_PARTS=2147483647|TPSCHED_ATTEMPT=2147483647|"
     "TPSCHED_RUN_ATTEMPT=7|TPSCHED_SLOT=2147483647|TPSCHED_REPORT_DIR=/r|TPSCHED_SANDBOX=/t"},
};

START_TEST(test_variables)
{
    g_autoptr(TpsSuite) suite = tps_suite_new("a b", "command");
    g_auto(TpsTaskEnvironment) environment = {0};
    g_autofree char *text = NULL;

    suite->home_is_sandbox = cases[_i].home_is_sandbox;
    tps_task_environment_init(&environment, &(TpsTaskPlace){.suite = suite,
                                                            .part = cases[_i].part,
                                                            .attempt = cases[_i].attempt,
                                                            .run_attempt = 7,
                                                            .slot = cases[_i].slot,
                                                            .report_dir = "/r",
                                                            .sandbox = cases[_i].sandbox});
    text = joined(environment.before, environment.after);
    ck_assert_str_eq(text, cases[_i].text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("environment");
    TCase *tcase = tcase_create("environment");

    tcase_add_loop_test(tcase, test_variables, 0, G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
