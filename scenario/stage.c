/* SPDX-License-Identifier: MIT */
#include "scenario/stage.h"

#include "core/error.h"
#include "formats/files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* The runner's word to those who report to it: a tpsched in a step must not report there. */
static const char *const not_for_steps[] = {"TPSCHED_JOURNAL"};

static char *base_directory(void)
{
    const char *given = g_getenv("TPSCHED_SANDBOX");

    return g_canonicalize_filename(given && *given ? given : g_get_tmp_dir(), NULL);
}

static void add_own(GStrvBuilder *own, const char *name, const char *value)
{
    g_autofree char *entry = g_strconcat(name, "=", value, NULL);

    g_strv_builder_add(own, entry);
}

/* Two words that only we know; everything else in a value stays as it is. */
static void add_given(GStrvBuilder *own, const char *entry, const char *sandbox,
                      const char *directory)
{
    GString *text = g_string_new(entry);

    g_string_replace(text, "${SANDBOX}", sandbox, 0);
    g_string_replace(text, "${SCENARIO_DIR}", directory, 0);
    g_strv_builder_add(own, text->str);
    g_string_free(text, TRUE);
}

static char **make_own(const TpsScenario *scenario, const TpsStage *stage)
{
    g_autoptr(GStrvBuilder) own = g_strv_builder_new();
    g_autofree char *tmp = g_build_filename(stage->area, "tmp", NULL);

    add_own(own, "TMPDIR", tmp);
    for (char **entry = scenario->env; entry && *entry; entry++)
        add_given(own, *entry, stage->sandbox, scenario->directory);
    add_own(own, "SANDBOX", stage->sandbox);
    add_own(own, "SCENARIO_DIR", scenario->directory);
    return g_strv_builder_end(own);
}

static char **make_env(char **own)
{
    char **env = g_get_environ();

    for (size_t i = 0; i < G_N_ELEMENTS(not_for_steps); i++)
        env = g_environ_unsetenv(env, not_for_steps[i]);
    for (; *own; own++) {
        char *value = strchr(*own, '=') + 1;
        g_autofree char *name = g_strndup(*own, (gsize)(value - *own - 1));

        env = g_environ_setenv(env, name, value, TRUE);
    }
    return env;
}

/* All three, or none. `area` is a template first. */
static bool make_directories(TpsStage *stage)
{
    g_autofree char *tmp = NULL;
    int why;

    if (!g_mkdtemp_full(stage->area, 0700))
        return false;
    stage->sandbox = g_build_filename(stage->area, "sandbox", NULL);
    tmp = g_build_filename(stage->area, "tmp", NULL);
    if (g_mkdir(stage->sandbox, 0700) == 0 && g_mkdir(tmp, 0700) == 0)
        return true;
    why = errno;
    tps_directory_remove(stage->area, NULL);
    errno = why;
    return false;
}

TpsStage *tps_stage_new(const TpsScenario *scenario, GError **error)
{
    g_autoptr(TpsStage) stage = g_new0(TpsStage, 1);
    g_autofree char *base = base_directory();

    stage->area = g_build_filename(base, "tpsched-scenario-XXXXXX", NULL);
    if (!make_directories(stage)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot make a sandbox in '%s': %s", base,
                    g_strerror(errno));
        return NULL;
    }
    stage->own = make_own(scenario, stage);
    stage->env = make_env(stage->own);
    return g_steal_pointer(&stage);
}

void tps_stage_free(TpsStage *stage)
{
    if (!stage)
        return;
    g_free(stage->area);
    g_free(stage->sandbox);
    g_strfreev(stage->env);
    g_strfreev(stage->own);
    g_free(stage);
}

bool tps_stage_remove(TpsStage *stage, GError **error)
{
    return tps_directory_remove(stage->area, error);
}

char *tps_stage_output(const TpsStage *stage, int number)
{
    return g_strdup_printf("%s/output.%d", stage->area, number);
}
