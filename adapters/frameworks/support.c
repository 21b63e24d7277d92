/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/support_internal.h"
#include "core/duration.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/json.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Enough of a process's output to see why it failed, little enough for one message. */
#define SHOWN_BYTES 2000

const char *tps_suite_getenv(const TpsSuite *suite, const char *name)
{
    size_t length = strlen(name);
    const char *value = tps_suite_inherits(suite, name, length) ? g_getenv(name) : NULL;

    for (char **entry = suite->env; *entry; entry++) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            value = *entry + length + 1;
    }
    return value;
}

void tps_invocation_add_all(TpsInvocation *invocation, char *const *strings)
{
    for (; strings && *strings; strings++)
        tps_invocation_add(invocation, *strings, NULL);
}

char *tps_dir_file(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);

    return g_canonicalize_filename(path, NULL);
}

char *tps_dir_output(const char *dir, const char *name)
{
    char *path = tps_dir_file(dir, name);

    tps_directory_remove(path, NULL);
    return path;
}

bool tps_support_unpack(const TpsFramework *framework, const char *name, const char *dir,
                        GError **error)
{
    g_autofree char *path = tps_dir_file(dir, name);
    g_autofree char *owned = NULL;
    size_t size = 0;
    const char *bytes = tps_framework_file(framework, name, &size, &owned, error);

    if (!bytes || !tps_file_write(path, bytes, size, error))
        return false;
    if (chmod(path, 0700) == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot set the mode of '%s'", path);
    return false;
}

static void add_text(cJSON *object, const char *name, const char *text)
{
    if (text)
        cJSON_AddStringToObject(object, name, text);
}

bool tps_testcases_write(const GPtrArray *testcases, const char *path, GError **error)
{
    g_autoptr(GString) lines = g_string_new(NULL);

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        g_autoptr(cJSON) object = cJSON_CreateObject();
        char *text;

        cJSON_AddStringToObject(object, "id", testcase->id);
        add_text(object, "file", testcase->file);
        add_text(object, "class", testcase->group);
        add_text(object, "selector", testcase->selector);
        add_text(object, "where", testcase->where);
        text = cJSON_PrintUnformatted(object);
        g_string_append(lines, text);
        g_string_append_c(lines, '\n');
        cJSON_free(text);
    }
    return tps_file_write(path, lines->str, lines->len, error);
}

char *tps_exit_describe(const TpsExit *exit)
{
    return tps_end_explain(exit->end, exit->code, tps_exit_time(exit), exit->core_dumped,
                           exit->oom_killed);
}

char *tps_output_end(const TpsExit *exit)
{
    g_autofree char *text = g_utf8_make_valid(exit->output ? exit->output : "", -1);
    size_t length = strlen(g_strchomp(text));
    const char *start = text;

    if (length > SHOWN_BYTES) {
        const char *line = strchr(text + length - SHOWN_BYTES, '\n');

        start = line ? line + 1 : g_utf8_find_next_char(text + length - SHOWN_BYTES, NULL);
    }
    return g_strdup(start);
}

void tps_listing_fail(const TpsExit *exit, const char *what, GError **error)
{
    g_autofree char *how = tps_exit_describe(exit);
    g_autofree char *output = tps_output_end(exit);

    g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "%s (%s)%s%s", what, how,
                *output ? ":\n" : "", output);
}

char *tps_whole_seconds(int64_t us)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, (us + TPS_SECOND_US - 1) / TPS_SECOND_US);
}

char *tps_exact_seconds(int64_t us)
{
    return g_strdup_printf("%" G_GINT64_FORMAT ".%06d", us / TPS_SECOND_US,
                           (int)(us % TPS_SECOND_US));
}

const char *tps_own_program(void)
{
    static char *path;
    static gsize ready;

    if (g_once_init_enter(&ready)) {
        path = g_file_read_link("/proc/self/exe", NULL);
        g_once_init_leave(&ready, 1);
    }
    return path;
}
