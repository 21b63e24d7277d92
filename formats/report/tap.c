/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/json_line.h"
#include "formats/report/texts_internal.h"
#include "formats/report/writers_internal.h"

#include <string.h>

/*
 * TAP: a point for each testcase, with its inner cases as a subtest before it, and details as YAML
 * behind it. The plan is the first line; one point is held at a time. No text of a testcase is ever
 * at the beginning of a line, and what TAP or YAML would take for its own is escaped.
 *
 * What is written is TAP 14, but says 13, as node does: prove refuses a 14, and a reader of 14
 * takes both. prove's reader of YAML (TAP::Parser::YAMLish 3.44) knows little of it: no empty lines
 * in a block, no ':' in an element of a list.
 */
#define STEP "    "
#define NAME_LIMIT 500

typedef struct {
    const TpsReport *report;
    TpsSink *sink;
    GString *text; /* of the point under way */
    guint n;
} Writing;

/* In a description '#' begins a directive, and '\' escapes it. */
static void append_description(GString *out, const char *name)
{
    g_autofree char *shown = tps_text_name(name, NAME_LIMIT);

    for (const char *at = shown; *at; at++) {
        if (*at == '#' || *at == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
}

/* May it stand in a block of YAML as it is? U+2028 and U+2029 end a line there, too. */
static bool is_block(const char *text)
{
    return strchr(text, '\n') && *text != ' ' && *text != '\t' && *text != '\n' &&
           !strstr(text, "\xEF\xBF\xBD") && !strstr(text, "\xE2\x80\xA8") &&
           !strstr(text, "\xE2\x80\xA9");
}

static void append_block(GString *out, const char *indent, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = g_strv_length(lines);

    while (n > 0 && !*lines[n - 1])
        n--;
    g_string_append(out, "|\n");
    for (guint i = 0; i < n; i++)
        g_string_append_printf(out, "%s    %s\n", indent, lines[i]); /* prove minds an empty one */
}

/* A string of JSON is one of YAML, too. */
static void append_quoted(GString *out, const char *text)
{
    tps_json_line_string(out, NULL, text);
    out->str[out->len - 1] = '\n';
}

static void append_text(GString *out, const char *indent, const char *key, const char *text)
{
    g_autofree char *plain = text && *text ? tps_text_plain(text) : NULL;

    if (!plain)
        return;
    g_string_append_printf(out, "%s  %s: ", indent, key);
    if (is_block(plain))
        append_block(out, indent, plain);
    else
        append_quoted(out, plain);
}

static void append_attempts(GString *out, const char *indent, const GPtrArray *attempts)
{
    if (!attempts || attempts->len == 0)
        return;
    g_string_append_printf(out, "%s  attempts:\n", indent);
    for (guint i = 0; i < attempts->len; i++) {
        const TpsResult *attempt = g_ptr_array_index(attempts, i);
        g_autofree char *said = tps_text_plain(attempt->message ? attempt->message : "");

        g_string_append_printf(out, "%s    - outcome: %s\n", indent,
                               tps_outcome_name(attempt->outcome));
        g_string_append_printf(out, "%s      message: ", indent);
        append_quoted(out, said);
    }
}

/* Milliseconds, as node's reporter has them. */
static void append_duration(GString *out, const char *indent, int64_t us)
{
    if (us < 0)
        return;
    g_string_append_printf(out, "%s  duration_ms: %" G_GINT64_FORMAT ".%03d\n", indent, us / 1000,
                           (int)(us % 1000));
}

/* What passed says no more than how long that took. */
static void append_details(GString *out, const char *indent, const TpsResult *result)
{
    bool quiet = result->outcome == TPS_OUTCOME_PASSED || result->outcome == TPS_OUTCOME_SKIPPED;

    if (quiet && result->time_us < 0)
        return;
    g_string_append_printf(out, "%s  ---\n", indent);
    append_duration(out, indent, result->time_us);
    if (!quiet) {
        g_string_append_printf(out, "%s  outcome: %s\n", indent, tps_outcome_name(result->outcome));
        append_text(out, indent, "type", result->type);
        append_text(out, indent, "message", result->message);
        append_text(out, indent, "file", result->file);
        if (result->line > 0)
            g_string_append_printf(out, "%s  line: %" G_GINT64_FORMAT "\n", indent, result->line);
        append_text(out, indent, "text", result->text);
        append_text(out, indent, "output", result->output);
        append_attempts(out, indent, result->attempts);
    }
    g_string_append_printf(out, "%s  ...\n", indent);
}

static void append_point(GString *out, const char *indent, bool bad, guint n, const char *name)
{
    g_string_append_printf(out, "%s%sok %u - ", indent, bad ? "not " : "", n);
    append_description(out, name);
}

static void append_skip(GString *out, const TpsResult *result)
{
    if (result->outcome != TPS_OUTCOME_SKIPPED)
        return;
    g_string_append(out, " # SKIP ");
    append_description(out, tps_result_is_left_out(result) ? "not run, because enough had failed"
                            : result->message              ? result->message
                                                           : "");
}

static void append_cases(GString *out, const TpsReport *report, const char *name,
                         const GPtrArray *cases)
{
    g_string_append(out, "# Subtest: ");
    append_description(out, name);
    g_string_append_printf(out, "\n" STEP "1..%u\n", cases->len);
    for (guint i = 0; i < cases->len; i++) {
        const TpsResult *inner = g_ptr_array_index(cases, i);

        append_point(out, STEP, tps_report_is_bad(report, inner), i + 1, inner->id);
        append_skip(out, inner);
        g_string_append_c(out, '\n');
        append_details(out, STEP, inner);
    }
}

static void flush(Writing *writing)
{
    tps_sink_write(writing->sink, writing->text->str, writing->text->len);
    g_string_truncate(writing->text, 0);
}

static bool write_result(const TpsReportSuite *suite, const TpsResult *result, void *user,
                         GError **error)
{
    Writing *writing = user;
    g_autofree char *name = g_strconcat(suite->name, ": ", result->id, NULL);

    (void)error;
    if (result->cases && result->cases->len > 0)
        append_cases(writing->text, writing->report, name, result->cases);
    append_point(writing->text, "", tps_report_is_bad(writing->report, result), ++writing->n, name);
    append_skip(writing->text, result);
    g_string_append_c(writing->text, '\n');
    append_details(writing->text, "", result);
    flush(writing);
    return true;
}

static void write_problems(Writing *writing)
{
    for (guint i = 0; i < tps_report_n_problems(writing->report); i++) {
        g_autofree char *problem = tps_report_problem_text(writing->report, i);
        g_autofree char *name = g_strconcat("incomplete: ", problem, NULL);

        append_point(writing->text, "", true, ++writing->n, name);
        g_string_append_c(writing->text, '\n');
        flush(writing);
    }
}

static bool write_tap(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                      GError **error)
{
    guint64 n = (guint64)tps_report_n_problems(report) + report->n_results + report->n_not_run;
    g_autofree char *headline = tps_report_headline(report);
    g_autoptr(GString) text = g_string_new(NULL);
    Writing writing = {report, sink, text, 0};

    (void)look;
    tps_sink_printf(sink, "TAP version 13\n1..%" G_GUINT64_FORMAT "%s\n", n,
                    n == 0 ? " # SKIP no testcases" : "");
    write_problems(&writing);
    if (!tps_report_each(report, write_result, &writing, error))
        return false;
    tps_sink_printf(sink, "# %s\n", headline);
    return true;
}

const TpsReportWriter tps_report_writer_tap = {
    .name = "tap",
    .suffix = ".tap",
    .about = "TAP, which prove and others read",
    .write = write_tap,
};
