/* SPDX-License-Identifier: MIT */
#include "adapters/framework.h"
#include "tests/unit.h"

#include <string.h>
#include <unistd.h>

static const struct {
    bool clear;
    const char *pass; /* words */
    const char *text; /* the variables that HAVE gives, as a program sees them */
} cases[] = {
    {false, "",
     "A=1 AB=2 B=suite CI=1 HOME=before LANG=C LC_ALL=C NEW=after PATH=/bin TERM=xterm X="},
    {true, "", "B=suite HOME=before LANG=C LC_ALL=C NEW=after PATH=/bin TERM=dumb"},
    {true, "A", "A=1 B=suite HOME=before LANG=C LC_ALL=C NEW=after PATH=/bin TERM=dumb"},
    {true, "A* X", "A=1 AB=2 B=suite HOME=before LANG=C LC_ALL=C NEW=after PATH=/bin TERM=dumb X="},
    {true, "TERM", "B=suite HOME=before LANG=C LC_ALL=C NEW=after PATH=/bin TERM=xterm"},
    {true, "*",
     "A=1 AB=2 B=suite CI=1 HOME=before LANG=C LC_ALL=C NEW=after PATH=/bin TERM=xterm X="},
};

#define HAVE "PATH=/bin LANG=C LC_ALL=C A=1 AB=2 B=ours CI=1 TERM=xterm HOME=/root X="

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What the executor makes of the changes: see TpsCommand.env. */
static char *apply(char **changes, bool clear)
{
    g_auto(GStrv) variables = clear ? g_new0(char *, 1) : g_get_environ();

    for (; *changes; changes++) {
        g_auto(GStrv) halves = g_strsplit(*changes, "=", 2);

        variables = halves[1] ? g_environ_setenv(variables, halves[0], halves[1], TRUE)
                              : g_environ_unsetenv(variables, halves[0]);
    }
    qsort(variables, g_strv_length(variables), sizeof *variables, compare);
    return g_strjoinv(" ", variables);
}

START_TEST(test_what_a_process_gets)
{
    g_auto(GStrv) have = g_strsplit(HAVE, " ", -1);
    g_autoptr(TpsSuite) suite = tps_suite_new("s", "command");
    g_autoptr(TpsInvocation) invocation = tps_invocation_new();
    char *before[] = {(char *)"HOME=before", (char *)"B=before", NULL};
    char *after[] = {(char *)"NEW=after", NULL};
    g_autofree char **env = NULL;
    g_autofree char *text = NULL;

    clearenv();
    for (char **variable = have; *variable; variable++)
        putenv(*variable);
    g_strfreev(suite->env);
    suite->env = g_strsplit("B=suite NEW=suite", " ", -1);
    suite->env_clear = cases[_i].clear;
    g_strfreev(suite->env_pass);
    suite->env_pass = g_strsplit(cases[_i].pass, " ", -1);
    env = tps_invocation_environment(invocation, suite, before, after);
    text = apply(env, suite->env_clear);
    ck_assert_str_eq(text, cases[_i].text);
    clearenv();
}
END_TEST

START_TEST(test_the_invocation_wins)
{
    g_autoptr(TpsSuite) suite = tps_suite_new("s", "command");
    g_autoptr(TpsInvocation) invocation = tps_invocation_new();
    char *after[] = {(char *)"A=after", NULL};
    g_autofree char **env = NULL;

    tps_invocation_add_env(invocation, "A", "invocation");
    tps_invocation_add_env(invocation, "B", NULL);
    env = tps_invocation_environment(invocation, suite, NULL, after);
    ck_assert_str_eq(env[0], "A=after");
    ck_assert_str_eq(env[1], "A=invocation");
    ck_assert_str_eq(env[2], "B");
    ck_assert_ptr_null(env[3]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("environment");
    TCase *tcase = tcase_create("environment");

    tcase_add_loop_test(tcase, test_what_a_process_gets, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, test_the_invocation_wins);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
