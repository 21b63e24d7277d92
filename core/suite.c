/* SPDX-License-Identifier: MIT */
#include "core/suite.h"

#include <string.h>

static void pin_clear(void *pin)
{
    g_free(((TpsPin *)pin)->pattern);
}

static void fixture_init(TpsFixture *fixture)
{
    fixture->setup_timeout_us = TPS_SETUP_TIMEOUT_US;
    fixture->teardown_timeout_us = TPS_TEARDOWN_TIMEOUT_US;
}

static void fixture_clear(TpsFixture *fixture)
{
    g_strfreev(fixture->setup);
    g_strfreev(fixture->teardown);
}

bool tps_fixture_is_any(const TpsFixture *fixture)
{
    return fixture->setup || fixture->teardown;
}

bool tps_leak_parse(const char *text, TpsLeak *leak)
{
    if (strcmp(text, "pass") == 0)
        *leak = TPS_LEAK_PASSES;
    else if (strcmp(text, "fail") == 0)
        *leak = TPS_LEAK_FAILS;
    else
        return false;
    return true;
}

TpsSuite *tps_suite_new(const char *name, const char *framework)
{
    TpsSuite *suite = g_new0(TpsSuite, 1);

    suite->name = g_strdup(name);
    suite->framework = g_strdup(framework);
    suite->args = g_new0(char *, 1);
    suite->env = g_new0(char *, 1);
    suite->env_pass = g_new0(char *, 1);
    suite->group = g_new0(char *, 1);
    suite->tags = g_new0(char *, 1);
    suite->apart = g_new0(char *, 1);
    suite->pins = g_array_new(FALSE, FALSE, sizeof(TpsPin));
    g_array_set_clear_func(suite->pins, pin_clear);
    suite->artifacts = tps_artifact_rules_new();
    suite->cwd = g_strdup(".");
    suite->weight_us = TPS_AUTO;
    suite->parts = 1;
    suite->rerun = TPS_AUTO;
    fixture_init(&suite->fixture);
    return suite;
}

void tps_suite_free(TpsSuite *suite)
{
    if (!suite)
        return;
    g_free(suite->name);
    g_free(suite->origin);
    g_free(suite->framework);
    g_strfreev(suite->command);
    g_strfreev(suite->args);
    g_free(suite->path);
    g_free(suite->cwd);
    g_strfreev(suite->env);
    g_strfreev(suite->env_pass);
    g_strfreev(suite->group);
    g_strfreev(suite->tags);
    g_strfreev(suite->apart);
    g_array_unref(suite->pins);
    g_ptr_array_unref(suite->artifacts);
    tps_needs_free(suite->needs);
    fixture_clear(&suite->fixture);
    g_free(suite);
}

static bool is_meant(const char *pattern, const char *name, size_t length)
{
    size_t n = strlen(pattern);

    if (n > 0 && pattern[n - 1] == '*')
        return length >= n - 1 && strncmp(pattern, name, n - 1) == 0;
    return length == n && strncmp(pattern, name, n) == 0;
}

bool tps_suite_inherits(const TpsSuite *suite, const char *name, size_t length)
{
    static const char *const harmless[] = {"PATH", "LANG", "LANGUAGE", "LC_*",
                                           "TZ",   "USER", "LOGNAME"};

    if (!suite->env_clear)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++)
        if (is_meant(harmless[i], name, length))
            return true;
    for (char **pattern = suite->env_pass; *pattern; pattern++)
        if (is_meant(*pattern, name, length))
            return true;
    return false;
}

TpsPlanFile *tps_plan_file_new(void)
{
    TpsPlanFile *file = g_new0(TpsPlanFile, 1);

    file->resources = tps_resources_new();
    fixture_init(&file->fixture);
    file->suites = g_ptr_array_new_with_free_func((GDestroyNotify)tps_suite_free);
    file->found = g_hash_table_new(g_str_hash, g_str_equal);
    file->pool_rerun = true;
    file->rerun_budget = TPS_AUTO;
    return file;
}

void tps_plan_file_free(TpsPlanFile *file)
{
    if (!file)
        return;
    g_free(file->name);
    g_free(file->file);
    g_array_unref(file->resources);
    g_hash_table_unref(file->found); /* its names are the suites' */
    g_ptr_array_unref(file->suites);
    fixture_clear(&file->fixture);
    g_free(file);
}

const TpsSuite *tps_plan_file_find(const TpsPlanFile *file, const char *name)
{
    for (guint i = g_hash_table_size(file->found); i < file->suites->len; i++) {
        TpsSuite *suite = g_ptr_array_index(file->suites, i);

        g_hash_table_insert(file->found, suite->name, suite);
    }
    return g_hash_table_lookup(file->found, name);
}
