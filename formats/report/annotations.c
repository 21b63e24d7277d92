/* SPDX-License-Identifier: MIT */
#include "formats/report/annotations_internal.h"
#include "formats/report/texts_internal.h"
#include "formats/report/writers_internal.h"

#include <string.h>

/*
 * Workflow commands of GitHub: what went wrong, at the lines where it did. Of each step ten errors
 * and ten warnings are shown and the rest is dropped without a word: so there are never more, and
 * the last one says how many there would be. Held are the best so far.
 */
#define SHOWN 10
/* So many of the errors are for problems, as long as there are failures, too. */
#define PROBLEMS_SHOWN 4
#define TITLE_LIMIT 200
#define MESSAGE_BYTES 4000

typedef struct {
    const TpsReport *report;
    const TpsReportLook *look;
    GPtrArray *placed; /* of char*, owned: commands with a file, at most SHOWN */
    GPtrArray *others; /* likewise of those without one                        */
    guint n_failures;
    GPtrArray *flaky; /* of char*, owned: at most SHOWN */
    guint n_flaky;
} Annotations;

/* In a property ':' and ',' end something, in a message they don't. */
static void append_escaped(GString *out, const char *text, bool property)
{
    for (const char *at = text; *at; at++) {
        if (*at == '%' || *at == '\r' || *at == '\n' || (property && (*at == ':' || *at == ',')))
            g_string_append_printf(out, "%%%02X", *at);
        else
            g_string_append_c(out, *at);
    }
}

/* Of texts that may hold anything; `file` may be NULL, `line` 0 = unknown. */
static void append_command(GString *out, const char *level, const char *file, gint64 line,
                           const char *title, const char *message)
{
    g_autofree char *shown_title = tps_text_name(title, TITLE_LIMIT);
    g_autofree char *plain = tps_text_plain(message);
    g_autoptr(GString) cut = g_string_new(NULL);

    tps_text_cut(cut, *plain ? plain : "(no message)", MESSAGE_BYTES);
    g_string_append_printf(out, "::%s ", level);
    if (file) {
        g_string_append(out, "file=");
        append_escaped(out, file, true);
        if (line > 0)
            g_string_append_printf(out, ",line=%" G_GINT64_FORMAT, line);
        g_string_append_c(out, ',');
    }
    g_string_append(out, "title=");
    append_escaped(out, shown_title, true);
    g_string_append(out, "::");
    append_escaped(out, cut->str, false);
    g_string_append_c(out, '\n');
}

char *tps_annotations_path(const char *file, const char *root)
{
    g_autofree char *top = root ? g_canonicalize_filename(root, "/") : NULL;
    g_autofree char *shown = tps_text_name(file, SIZE_MAX);
    g_autofree char *path = NULL;
    size_t length;

    if (!*file || strcmp(shown, file) != 0 || (!top && g_path_is_absolute(file)))
        return NULL;
    path = g_canonicalize_filename(file, top ? top : "/");
    if (!top) {
        g_auto(GStrv) names = g_strsplit(file, "/", -1);

        return g_strv_contains((const char *const *)names, "..") ? NULL : g_strdup(path + 1);
    }
    length = strcmp(top, "/") == 0 ? 0 : strlen(top);
    if (strncmp(path, top, length) != 0 || path[length] != '/' || !path[length + 1])
        return NULL;
    return g_strdup(path + length + 1);
}

/* What it says; of what has no text but what it printed, that. Caller frees. */
static char *message_of(const TpsResult *result)
{
    const char *message = result->message ? result->message : "";
    const char *text = result->text && *result->text ? result->text
                       : result->output              ? result->output
                                                     : "";

    return g_strconcat(message, *message && *text ? "\n\n" : "", text, NULL);
}

static void keep(Annotations *annotations, GPtrArray *list, const char *level,
                 const TpsReportSuite *suite, const TpsResult *result, const char *message)
{
    g_autofree char *path =
        result->file ? tps_annotations_path(result->file, annotations->look->root) : NULL;
    g_autofree char *title = g_strconcat(suite->name, ": ", result->id, NULL);
    GPtrArray *place = list ? list : path ? annotations->placed : annotations->others;
    GString *line;

    if (place->len == SHOWN)
        return;
    line = g_string_new(NULL);
    append_command(line, level, path, result->line, title, message);
    g_ptr_array_add(place, g_string_free(line, FALSE));
}

static void keep_flaky(Annotations *annotations, const TpsReportSuite *suite,
                       const TpsResult *result)
{
    guint n = result->attempts ? result->attempts->len : 0;
    const TpsResult *first = n > 0 ? g_ptr_array_index(result->attempts, 0) : NULL;
    g_autofree char *said = first ? message_of(first) : g_strdup("");
    g_autofree char *message =
        g_strdup_printf("flaky: passed at attempt %u\n%s", n > 0 ? n + 1 : 2, said);

    annotations->n_flaky++;
    keep(annotations, annotations->flaky, "warning", suite, result, message);
}

static bool annotate(const TpsReportSuite *suite, const TpsResult *result, void *user,
                     GError **error)
{
    Annotations *annotations = user;
    g_autofree char *message = NULL;

    (void)error;
    if (result->outcome == TPS_OUTCOME_FLAKY && !annotations->report->flaky_fails) {
        keep_flaky(annotations, suite, result);
    } else if (tps_report_is_bad(annotations->report, result)) {
        message = message_of(result);
        annotations->n_failures++;
        keep(annotations, NULL, "error", suite, result, message);
    }
    return true;
}

static void add_problems(GPtrArray *lines, const TpsReport *report, guint n)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *problem = tps_report_problem_text(report, i);
        GString *line = g_string_new(NULL);

        append_command(line, "error", NULL, 0, TPS_REPORT_PROBLEMS, problem);
        g_ptr_array_add(lines, g_string_free(line, FALSE));
    }
}

static void take(GPtrArray *lines, GPtrArray *from)
{
    for (guint i = 0; i < from->len && lines->len < SHOWN; i++)
        g_ptr_array_add(lines, g_strdup(g_ptr_array_index(from, i)));
}

/* Write them; the last says how many there are beside them, of `n`. */
static void write_lines(TpsSink *sink, const GPtrArray *lines, guint n, const char *more)
{
    for (guint i = 0; i < lines->len; i++) {
        const char *line = g_ptr_array_index(lines, i);

        tps_sink_write(sink, line, strlen(line) - 1);
        if (i + 1 == lines->len && n > lines->len)
            tps_sink_printf(sink, "%%0A%%0A... and %u more %s", n - lines->len, more);
        tps_sink_text(sink, "\n");
    }
}

static void write_all(const Annotations *annotations, TpsSink *sink)
{
    const TpsReport *report = annotations->report;
    guint n_problems = tps_report_n_problems(report);
    guint room = SHOWN - MIN(annotations->n_failures, SHOWN - PROBLEMS_SHOWN);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    add_problems(lines, report, MIN(n_problems, room));
    take(lines, annotations->placed);
    take(lines, annotations->others);
    write_lines(sink, lines, n_problems + annotations->n_failures, "errors");
    write_lines(sink, annotations->flaky, annotations->n_flaky, "flaky testcases");
}

static bool write_annotations(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                              GError **error)
{
    g_autoptr(GPtrArray) placed = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) flaky = g_ptr_array_new_with_free_func(g_free);
    Annotations annotations = {report, look, placed, others, 0, flaky, 0};

    if (!tps_report_each(report, annotate, &annotations, error))
        return false;
    write_all(&annotations, sink);
    return true;
}

const TpsReportWriter tps_report_writer_annotations = {
    .name = "annotations",
    .suffix = ".txt",
    .about = "GitHub's ::error commands, at most ten",
    .write = write_annotations,
};
