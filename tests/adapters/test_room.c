/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/room_internal.h"
#include "core/error.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* That no process is told more than the kernel takes is tried with the kernel itself. */

static TpsSuite *make_suite(const char *into)
{
    TpsSuite *suite = tps_suite_new("s", "made");
    g_autofree char *text = g_strdup_printf("summary: s\nprogram: ['true']\n"
                                            "run: {command: ['{program}', '{args}'], select: {%s}}"
                                            "\nreport: {reader: journal}\n",
                                            into);

    scratch_put("made.yaml", text);
    tps_frameworks_set_project(scratch_dir);
    g_free(suite->cwd);
    suite->cwd = g_strdup(scratch_dir);
    return suite;
}

static void assert_starts(const TpsSuite *suite, TpsInvocation *invocation)
{
    g_autofree char **env = tps_invocation_environment(invocation, suite, NULL, NULL);
    g_auto(GStrv) all = suite->env_clear ? g_new0(char *, 1) : g_get_environ();
    int status;
    pid_t pid;
    int why;

    for (char **entry = env; *entry; entry++) {
        g_autofree char *name = g_strndup(*entry, strcspn(*entry, "="));

        all = strchr(*entry, '=') ? g_environ_setenv(all, name, strchr(*entry, '=') + 1, true)
                                  : g_environ_unsetenv(all, name);
    }
    g_ptr_array_add(invocation->argv, NULL);
    why = posix_spawn(&pid, "/bin/true", NULL, NULL, (char **)invocation->argv->pdata, all);
    ck_assert_msg(why == 0, "%s", g_strerror(why));
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
}

/* All are told and each process starts; how many there were. */
static guint run_all(const TpsSuite *suite, const GPtrArray *testcases)
{
    g_autofree char *dir = scratch_path("files");
    GError *error = NULL;
    g_autoptr(GPtrArray) invocations = NULL;
    guint n = 0;

    ck_assert(g_mkdir_with_parents(dir, 0700) == 0);
    invocations = tps_framework_select(suite, testcases, false, dir, &error);
    ck_assert_msg(invocations != NULL, "%s", error ? error->message : "");
    for (guint i = 0; i < invocations->len; i++) {
        TpsInvocation *invocation = g_ptr_array_index(invocations, i);

        n += invocation->testcases->len;
        assert_starts(suite, invocation);
    }
    ck_assert_uint_eq(n, testcases->len);
    return invocations->len;
}

static GPtrArray *make_testcases(guint n, size_t length)
{
    GPtrArray *testcases = tps_testcases_new();

    for (guint i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("%0*u", (int)length, i);

        g_ptr_array_add(testcases, tps_testcase_new(id));
    }
    return testcases;
}

#define ARGUMENTS "into: arguments, arguments: '{selection}'"
#define ARGUMENT "into: argument, between: ',', arguments: '--only={selection}'"
#define VARIABLE "into: environment, name: ONLY, between: ','"

static const struct {
    const char *into;
    guint n;
    size_t length;
    guint environment; /* so many variables of 100 kB */
    guint own;         /* and of the suite            */
    rlim_t stack;      /* 0 = as it is                */
    guint least, most; /* processes                   */
} loads[] = {
    {ARGUMENTS, 100000, 30, 0, 0, 8 << 20, 2, 4},   {ARGUMENTS, 100000, 30, 10, 0, 8 << 20, 4, 10},
    {ARGUMENTS, 100000, 30, 5, 5, 8 << 20, 4, 10},  {ARGUMENTS, 1000, 10000, 0, 0, 8 << 20, 5, 10},
    {ARGUMENTS, 10, 131071, 0, 0, 8 << 20, 1, 2},   {ARGUMENTS, 5000, 30, 0, 0, 256 << 10, 2, 20},
    {ARGUMENTS, 20, 20000, 0, 0, 256 << 10, 4, 20}, {ARGUMENT, 100000, 30, 0, 0, 8 << 20, 20, 30},
    {ARGUMENT, 100, 10000, 10, 0, 8 << 20, 8, 12},  {VARIABLE, 100000, 30, 0, 0, 8 << 20, 20, 30},
    {VARIABLE, 1000, 30, 0, 0, 256 << 10, 1, 5},
};

static char **long_variables(const char *prefix, guint n)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autofree char *value = g_strnfill(100000, 'e');

    for (guint i = 0; i < n; i++) {
        g_autofree char *entry = g_strdup_printf("%s%u=%s", prefix, i, value);

        g_strv_builder_add(builder, entry);
    }
    return g_strv_builder_end(builder);
}

static void set_stack(rlim_t bytes)
{
    struct rlimit stack;

    ck_assert_int_eq(getrlimit(RLIMIT_STACK, &stack), 0);
    stack.rlim_cur = bytes;
    ck_assert_int_eq(setrlimit(RLIMIT_STACK, &stack), 0);
}

START_TEST(every_process_starts)
{
    g_autoptr(TpsSuite) suite = make_suite(loads[_i].into);
    g_autoptr(GPtrArray) testcases = make_testcases(loads[_i].n, loads[_i].length);
    g_auto(GStrv) environment = long_variables("OURS", loads[_i].environment);
    guint n;

    for (char **entry = environment; *entry; entry++)
        ck_assert_int_eq(putenv(g_strdup(*entry)), 0);
    g_strfreev(suite->env);
    suite->env = long_variables("SUITES", loads[_i].own);
    set_stack(loads[_i].stack);
    n = run_all(suite, testcases);
    ck_assert_msg(n >= loads[_i].least && n <= loads[_i].most, "%u processes", n);
}
END_TEST

static const struct {
    const char *into;
    size_t length;
    guint environment;
    const char *message;
} refused[] = {
    {ARGUMENTS, 131072, 0, "longer than an argument may be"},
    {ARGUMENT, 131060, 0, "longer than an argument may be"},
    {"environment: {ONLY: '{id}'}", 131072, 0, "of 128 KiB or more can't be handed over"},
    {ARGUMENTS, 30, 25, "and with this stack limit there is room for 2097152"},
};

START_TEST(what_cannot_start_is_an_error)
{
    g_autoptr(TpsSuite) suite = make_suite(refused[_i].into);
    g_autoptr(GPtrArray) testcases = make_testcases(1, refused[_i].length);
    g_autofree char *dir = scratch_path("files");
    GError *error = NULL;

    g_strfreev(suite->env);
    suite->env = long_variables("SUITES", refused[_i].environment);
    set_stack(8 << 20);
    ck_assert(g_mkdir_with_parents(dir, 0700) == 0);
    ck_assert_ptr_null(tps_framework_select(suite, testcases, false, dir, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, refused[_i].message);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("room");
    TCase *tcase = tcase_create("room");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, every_process_starts, 0, G_N_ELEMENTS(loads));
    tcase_add_loop_test(tcase, what_cannot_start_is_an_error, 0, G_N_ELEMENTS(refused));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
