/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/junit.h"

#define UNKNOWN TPS_TIME_UNKNOWN

/* What the tests of both directions say of reports. */

static inline void put_field(GString *out, const char *name, const char *value)
{
    if (value)
        g_string_append_printf(out, " %s='%s'", name, value);
}

static inline void put_result(GString *out, const TpsResult *result)
{
    g_string_append_printf(out, "%s", tps_outcome_name(result->outcome));
    if (result->time_us != TPS_TIME_UNKNOWN)
        g_string_append_printf(out, " %" G_GINT64_FORMAT, result->time_us);
    put_field(out, "type", result->type);
    put_field(out, "message", result->message);
    put_field(out, "text", result->text);
    put_field(out, "output", result->output);
    if (result->line > 0)
        g_string_append_printf(out, " %s:%" G_GINT64_FORMAT, result->file, result->line);
    for (guint i = 0; result->attempts && i < result->attempts->len; i++) {
        g_string_append(out, " (");
        put_result(out, g_ptr_array_index(result->attempts, i));
        g_string_append_c(out, ')');
    }
    for (guint i = 0; result->cases && i < result->cases->len; i++) {
        const TpsResult *inner = g_ptr_array_index(result->cases, i);

        g_string_append_printf(out, " [%s ", inner->id);
        put_result(out, inner);
        g_string_append_c(out, ']');
    }
}

/* The whole report on one line: "suite{class/id outcome time ...; ...}". */
static inline char *summary(const TpsJunit *junit)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < junit->suites->len; i++) {
        const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, i);

        g_string_append_printf(out, "%s{", suite->name);
        for (guint j = 0; j < suite->cases->len; j++) {
            const TpsJunitCase *testcase = g_ptr_array_index(suite->cases, j);

            g_string_append_printf(out, "%s%s/%s ", j ? "; " : "", testcase->classname,
                                   testcase->result->id);
            put_result(out, testcase->result);
        }
        g_string_append_c(out, '}');
        put_field(out, "output", suite->output);
    }
    return g_string_free(out, FALSE);
}

static inline GString *repeat(const char *before, const char *each, size_t n, const char *after)
{
    GString *text = g_string_new(before);

    for (size_t i = 0; i < n; i++)
        g_string_append(text, each);
    return g_string_append(text, after);
}
