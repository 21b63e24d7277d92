/* SPDX-License-Identifier: MIT */
#include "cli/report_writes.h"

#include "core/error.h"

#include <string.h>

typedef struct {
    const TpsReportWriter *writer;
    char *path; /* owned */
} Write;

static void write_free(Write *write)
{
    g_free(write->path);
    g_free(write);
}

static bool understand(const char *text, GPtrArray *writes, GError **error)
{
    const char *equals = strchr(text, '=');
    g_autofree char *name = equals ? g_strndup(text, (gsize)(equals - text)) : NULL;
    const TpsReportWriter *writer;
    Write *write;

    if (!equals || !equals[1]) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--write: '%s' is not FORMAT=FILE", text);
        return false;
    }
    writer = tps_report_writer_find(name, error);
    if (!writer) {
        g_prefix_error(error, "--write: ");
        return false;
    }
    write = g_new0(Write, 1);
    write->writer = writer;
    write->path = g_strdup(equals + 1);
    g_ptr_array_add(writes, write);
    return true;
}

bool tps_report_writes_understand(char *const *texts, GPtrArray **writes, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)write_free);

    for (; texts && *texts; texts++)
        if (!understand(*texts, list, error))
            return false;
    *writes = list->len > 0 ? g_steal_pointer(&list) : NULL;
    return true;
}

bool tps_report_writes_claim(const GPtrArray *writes, TpsOutputs *outputs, GError **error)
{
    for (guint i = 0; writes && i < writes->len; i++) {
        const Write *write = g_ptr_array_index(writes, i);

        if (!tps_outputs_add(outputs, write->path, error)) {
            g_prefix_error(error, "--write: ");
            return false;
        }
    }
    return true;
}

bool tps_report_writes_do(const GPtrArray *writes, const TpsReport *report,
                          const TpsReportLook *look, GError **error)
{
    GError *first = NULL;

    for (guint i = 0; writes && i < writes->len; i++) {
        const Write *write = g_ptr_array_index(writes, i);
        g_autoptr(GError) why = NULL;

        if (!tps_report_write_file(report, write->writer, look, write->path, &why) && !first)
            first = g_steal_pointer(&why);
    }
    if (!first)
        return true;
    g_propagate_error(error, first);
    return false;
}

char *tps_reproduce_command(const char *plan, const char *report_dir, const char *plan_file)
{
    g_autofree char *again = g_strconcat(report_dir, "-again", NULL);
    g_autofree char *quoted_plan = g_shell_quote(plan);
    g_autofree char *quoted_again = g_shell_quote(again);
    g_autofree char *quoted_file = plan_file ? g_shell_quote(plan_file) : NULL;

    return g_strdup_printf("tpsched run -p %s%s%s -r %s", quoted_plan, quoted_file ? " -f " : "",
                           quoted_file ? quoted_file : "", quoted_again);
}
