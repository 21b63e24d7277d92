/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/registry.h"
#include "adapters/definitions/template.h"
#include "adapters/frameworks/expansion_internal.h"
#include "adapters/frameworks/share_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/error.h"
#include "formats/files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One for each suite: what they build differs. NULL = there is no place for it. */
static char *make_cache(const TpsSuite *suite, const TpsFramework *framework, GError **error)
{
    g_autofree char *cwd = g_canonicalize_filename(suite->cwd, NULL);
    g_autofree char *key =
        g_strjoin("\n", framework->name, cwd, suite->path ? suite->path : "", suite->name, NULL);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
    g_autofree char *home = g_canonicalize_filename(g_get_user_cache_dir(), NULL);
    g_autofree char *path = NULL;

    digest[16] = '\0';
    path = g_build_filename(home, "tpsched", framework->name, digest, NULL);
    if (g_mkdir_with_parents(path, 0777) == 0 && access(path, W_OK) == 0)
        return g_steal_pointer(&path);
    g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                "%s needs a cache, and '%s' can't be written: %s; XDG_CACHE_HOME names another "
                "place",
                framework->name, path, g_strerror(errno));
    return NULL;
}

/* Beside each other in one directory, and executable: what they are for is their framework's. */
static bool unpack(TpsExpansion *expansion, GError **error)
{
    char **files = expansion->framework->files;

    if (!tps_directory_make(expansion->support, error))
        return false;
    for (; *files; files++)
        if (!tps_support_unpack(expansion->framework, *files, expansion->support, error))
            return false;
    return true;
}

bool tps_expansion_init(TpsExpansion *expansion, const TpsSuite *suite,
                        const TpsFramework *framework, const char *dir, GError **error)
{
    expansion->suite = suite;
    expansion->framework = framework;
    g_snprintf(expansion->parts, sizeof expansion->parts, "%d", suite->parts);
    if (framework->uses_cache && !(expansion->cache = make_cache(suite, framework, error)))
        return false;
    if (!dir)
        return true;
    expansion->dir = g_canonicalize_filename(dir, NULL);
    if (!expansion->support)
        expansion->support = tps_dir_file(dir, "support");
    expansion->report = tps_dir_output(dir, "report");
    expansion->journal = tps_dir_output(dir, "journal");
    expansion->listing = tps_dir_output(dir, "listing");
    expansion->selection = tps_dir_output(dir, "selection");
    return !framework->files || g_file_test(expansion->support, G_FILE_TEST_IS_DIR) ||
           unpack(expansion, error);
}

void tps_expansion_clear(TpsExpansion *expansion)
{
    g_free(expansion->dir);
    g_free(expansion->support);
    g_free(expansion->cache);
    g_free(expansion->program);
    g_free(expansion->report);
    g_free(expansion->journal);
    g_free(expansion->listing);
    g_free(expansion->selection);
    g_strfreev(expansion->selected);
    g_free(expansion->seconds);
    g_free(expansion->exact_seconds);
}

static const char *program_of(TpsExpansion *expansion)
{
    const TpsSuite *suite = expansion->suite;

    if (suite->command)
        return suite->command[0];
    if (!expansion->framework->program)
        return suite->path;
    if (!expansion->program)
        expansion->program = tps_expansion_text(expansion, expansion->framework->program[0]);
    return expansion->program;
}

static const char *value(const char *name, void *user)
{
    TpsExpansion *expansion = user;
    const struct {
        const char *name;
        const char *value;
    } values[] = {
        {"report", expansion->report},
        {"selection", expansion->selection},
        {"support", expansion->support},
        {"listing", expansion->listing},
        {"dir", expansion->dir},
        {"journal", expansion->journal},
        {"path", expansion->suite->path},
        {"cwd", expansion->suite->cwd},
        {"suite", expansion->suite->name},
        {"seconds", expansion->seconds},
        {"unit", tps_unit_name(tps_framework_unit(expansion->suite))},
        {"exact_seconds", expansion->exact_seconds},
        {"cache", expansion->cache},
        {"parts", expansion->suite->parts > 0 ? expansion->parts : NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        if (strcmp(values[i].name, name) == 0)
            return values[i].value;
    if (strcmp(name, "program") == 0)
        return program_of(expansion);
    if (strcmp(name, "tpsched") == 0)
        return tps_own_program();
    return expansion->first ? tps_testcase_field(expansion->first, name, &expansion->number) : NULL;
}

char *tps_expansion_text(TpsExpansion *expansion, const char *template)
{
    return tps_template_expand(template, value, expansion);
}

/* In the directories that the definition names: in cwd, then in each directory above it. */
static char *find_local(const TpsExpansion *expansion, const char *word)
{
    g_autofree char *directory = g_canonicalize_filename(expansion->suite->cwd, NULL);

    while (true) {
        char *above;

        for (char **in = expansion->framework->program_in; *in; in++) {
            g_autofree char *path = g_build_filename(directory, *in, word, NULL);

            if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
                return g_steal_pointer(&path);
        }
        above = g_path_get_dirname(directory);
        if (strcmp(above, directory) == 0) {
            g_free(above);
            return NULL;
        }
        g_free(directory);
        directory = above;
    }
}

static void add_own_program(TpsExpansion *expansion, TpsInvocation *invocation)
{
    const TpsFramework *framework = expansion->framework;

    for (char **word = framework->program; *word; word++) {
        g_autofree char *text = tps_expansion_text(expansion, *word);
        g_autofree char *local =
            word == framework->program && framework->program_in && !strchr(text, '/')
                ? find_local(expansion, text)
                : NULL;

        tps_invocation_add(invocation, local ? local : text, NULL);
    }
}

char *tps_expansion_output(TpsExpansion *expansion, const char *template)
{
    char *path = tps_expansion_text(expansion, template);

    tps_directory_remove(path, NULL);
    return path;
}

/* The suite's own program is looked up from its cwd and never in PATH. */
static bool add_program(TpsExpansion *expansion, TpsInvocation *invocation, GError **error)
{
    const TpsSuite *suite = expansion->suite;
    g_autofree char *here = suite->path ? g_build_filename(".", suite->path, NULL) : NULL;

    if (suite->command) {
        tps_invocation_add_all(invocation, suite->command);
    } else if (expansion->framework->program) {
        add_own_program(expansion, invocation);
    } else if (suite->path) {
        tps_invocation_add(invocation, strchr(suite->path, '/') ? suite->path : here, NULL);
    } else {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "'path' or 'command' must name the test program");
        return false;
    }
    return true;
}

bool tps_expansion_add(TpsExpansion *expansion, TpsInvocation *invocation, char *const *words,
                       GError **error)
{
    for (; words && *words; words++) {
        g_autofree char *text = NULL;

        if (strcmp(*words, "{program}") == 0) {
            if (!add_program(expansion, invocation, error))
                return false;
        } else if (strcmp(*words, "{args}") == 0) {
            tps_invocation_add_all(invocation, expansion->suite->args);
        } else if (strcmp(*words, "{selection}") == 0 && expansion->selected) {
            tps_invocation_add_all(invocation, expansion->selected);
        } else if (strcmp(*words, "{path}") != 0 || expansion->suite->path) {
            text = tps_expansion_text(expansion, *words);
            tps_invocation_add(invocation, text, NULL);
        }
    }
    return true;
}

void tps_expansion_add_env(TpsExpansion *expansion, TpsInvocation *invocation,
                           char *const *environment)
{
    for (; environment && *environment; environment++) {
        const char *equals = strchr(*environment, '=');
        g_autofree char *name = equals ? g_strndup(*environment, (gsize)(equals - *environment))
                                       : g_strdup(*environment);
        g_autofree char *text = equals ? tps_expansion_text(expansion, equals + 1) : NULL;

        tps_invocation_add_env(invocation, name, text);
    }
}

/* In front of what the suite has there already. A colon separates and can't be escaped. */
static bool prepend(TpsExpansion *expansion, TpsInvocation *invocation, const char *entry,
                    GError **error)
{
    const char *equals = strchr(entry, '=');
    g_autofree char *name = g_strndup(entry, equals ? (gsize)(equals - entry) : strlen(entry));
    g_autofree char *text = tps_expansion_text(expansion, equals ? equals + 1 : "");
    const char *old = tps_suite_getenv(expansion->suite, name);
    g_autofree char *all = g_strjoin(old && *old ? ":" : "", text, old, NULL);

    if (strchr(text, ':')) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "'%s' has a colon in its name and can't be in %s", text, name);
        return false;
    }
    tps_invocation_add_env(invocation, name, all);
    return true;
}

TpsInvocation *tps_expansion_invoke(TpsExpansion *expansion, char *const *command,
                                    char *const *environment, const char *preload, GError **error)
{
    const TpsFramework *framework = expansion->framework;
    g_autoptr(TpsInvocation) invocation = tps_invocation_new();
    g_autofree char *library = NULL;

    if (!tps_expansion_add(expansion, invocation, command, error))
        return NULL;
    if (invocation->argv->len == 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "there is nothing to run: 'path' or 'command' must say what");
        return NULL;
    }
    tps_expansion_add_env(expansion, invocation, framework->environment);
    for (char **entry = framework->prepend; entry && *entry; entry++)
        if (!prepend(expansion, invocation, *entry, error))
            return NULL;
    tps_expansion_add_env(expansion, invocation, environment);
    library = preload ? g_build_filename(expansion->support, preload, NULL) : NULL;
    if (library && !tps_preload_add(expansion->suite, invocation, library, error))
        return NULL;
    return g_steal_pointer(&invocation);
}
