/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "formats/report/gitlab_internal.h"
#include "formats/report/places_internal.h"
#include "formats/report/texts_internal.h"
#include "formats/report/writers_internal.h"

#include <string.h>

/*
 * Sections for a job's log at GitLab: the verdict and the problems, then a folded section for each
 * failure with what it says. A section is held at a time; of a timeline the places of all
 * testcases.
 */
#define NAME_LIMIT 200
#define SLUG_BYTES 60
#define TEXT_BYTES ((size_t)64 << 10)
#define CLEAR "\x1b[0K"

typedef struct {
    const TpsReport *report;
    TpsPlaces *places;
    TpsSink *sink;
    GString *text; /* of the section under way */
    guint n;
} Writing;

/* Seconds since the epoch; 0 where nobody knows. */
static int64_t unix_time(int64_t us)
{
    return us > 0 ? us / 1000000 : 0;
}

char *tps_gitlab_section_name(const char *name)
{
    GString *slug = g_string_new(NULL);

    for (; *name && slug->len < SLUG_BYTES; name++) {
        bool plain = g_ascii_isalnum(*name) || *name == '.' || *name == '-' || *name == '_';

        g_string_append_c(slug, plain ? *name : '_');
    }
    return g_string_free(slug, FALSE);
}

/*
 * The markers of a folded section are terminal sequences with "\r" in a line: what a test prints
 * can't be one when it went through append_text().
 */
static void begin_section(GString *out, const char *name, int64_t us, const char *title)
{
    g_autofree char *slug = tps_gitlab_section_name(name);
    g_autofree char *shown = tps_text_name(title, 2 * NAME_LIMIT);

    g_string_append_printf(
        out, CLEAR "section_start:%" G_GINT64_FORMAT ":%s[collapsed=true]\r" CLEAR "%s\n",
        unix_time(us), slug, shown);
}

static void end_section(GString *out, const char *name, int64_t us)
{
    g_autofree char *slug = tps_gitlab_section_name(name);

    g_string_append_printf(out, CLEAR "section_end:%" G_GINT64_FORMAT ":%s\r" CLEAR "\n",
                           unix_time(us), slug);
}

/* Whole lines; nothing for an empty text. */
static void append_text(GString *out, const char *text)
{
    g_autofree char *plain = tps_text_plain(text);

    if (!*plain)
        return;
    tps_text_cut(out, plain, TEXT_BYTES);
    if (out->str[out->len - 1] != '\n')
        g_string_append_c(out, '\n');
}

static void append_cases(GString *out, const TpsReport *report, const TpsResult *result)
{
    for (guint i = 0; result->cases && i < result->cases->len; i++) {
        const TpsResult *inner = g_ptr_array_index(result->cases, i);
        g_autofree char *name = tps_text_name(inner->id, NAME_LIMIT);

        if (!tps_report_is_bad(report, inner))
            continue;
        g_string_append_printf(out, "%s > %s\n", tps_outcome_name(inner->outcome), name);
        append_text(out, inner->message ? inner->message : "");
        append_text(out, inner->text ? inner->text : "");
    }
}

static void append_body(GString *out, const TpsReport *report, const TpsResult *result)
{
    if (result->file) {
        g_autofree char *file = tps_text_name(result->file, NAME_LIMIT);

        g_string_append_printf(out, "%s:%" G_GINT64_FORMAT "\n", file, MAX(result->line, 0));
    }
    append_text(out, result->message ? result->message : "");
    append_text(out, result->text ? result->text : "");
    append_cases(out, report, result);
    append_text(out, result->output ? result->output : "");
}

/* When it began; of what nobody timed, when its suite did. */
static int64_t start_of(const Writing *writing, const TpsReportSuite *suite,
                        const TpsResult *result)
{
    TpsPlace place;

    if (!tps_places_find(writing->places, suite->name, result->id, &place))
        return suite->started_us;
    return tps_places_start(writing->report->timeline, &place);
}

static void flush(Writing *writing)
{
    tps_sink_write(writing->sink, writing->text->str, writing->text->len);
    g_string_truncate(writing->text, 0);
}

static bool write_section(const TpsReportSuite *suite, const TpsResult *result, void *user,
                          GError **error)
{
    Writing *writing = user;
    g_autofree char *name = NULL;
    g_autofree char *title = NULL;
    int64_t start;

    (void)error;
    if (!tps_report_is_bad(writing->report, result))
        return true;
    /* The number keeps apart what has the same name after the cut. */
    name = g_strdup_printf("tpsched_%u_%s_%s", ++writing->n, suite->name, result->id);
    title =
        g_strdup_printf("%s %s: %s", tps_outcome_name(result->outcome), suite->name, result->id);
    start = start_of(writing, suite, result);
    begin_section(writing->text, name, start, title);
    append_body(writing->text, writing->report, result);
    end_section(writing->text, name, tps_add_sat(MAX(start, 0), MAX(result->time_us, 0)));
    flush(writing);
    return true;
}

static void write_head(Writing *writing)
{
    g_autofree char *headline = tps_report_headline(writing->report);

    g_string_append_printf(writing->text, "%s\n", headline);
    for (guint i = 0; i < tps_report_n_problems(writing->report); i++) {
        g_autofree char *problem = tps_report_problem_text(writing->report, i);
        g_autofree char *shown = tps_text_name(problem, 2 * NAME_LIMIT);

        g_string_append_printf(writing->text, "incomplete: %s\n", shown);
        flush(writing);
    }
    flush(writing);
}

static bool write_gitlab(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                         GError **error)
{
    g_autoptr(TpsPlaces) places = tps_places_new(report->timeline);
    g_autoptr(GString) text = g_string_new(NULL);
    Writing writing = {report, places, sink, text, 0};

    (void)look;
    write_head(&writing);
    return tps_report_each(report, write_section, &writing, error);
}

const TpsReportWriter tps_report_writer_gitlab = {
    .name = "gitlab",
    .suffix = ".log",
    .about = "folded sections for GitLab's job log",
    .write = write_gitlab,
};
