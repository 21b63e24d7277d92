/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/saturate.h"
#include "formats/report/markdown_internal.h"
#include "formats/report/reproduce.h"
#include "formats/report/texts_internal.h"
#include "formats/report/writers_internal.h"

#include <string.h>

/*
 * A page for GitHub's step summaries and for notes at merge requests. It is never longer than
 * TPS_MARKDOWN_BYTES, and always whole. The results are visited twice: first to learn how much all
 * failures have to say, then to write what there is room for. Held are the sizes of the texts of as
 * many failures as a page can list, and the few results that are shown otherwise.
 */
#define NAME_LIMIT 200
#define SENTENCE_LIMIT 400
#define PROBLEMS_SHOWN 50
#define NOTES_SHOWN 20
#define SUITES_SHOWN 50
#define FLAKY_SHOWN 30
#define CASES_SHOWN 10
#define SLOWEST_SHOWN 10
#define TEXT_MAX ((size_t)64 << 10)
/* What the lines of what was flaky and slow take at most; a character takes six bytes at most. */
#define LINES_BYTES ((size_t)6 * NAME_LIMIT * (3 * FLAKY_SHOWN + 2 * SLOWEST_SHOWN) + 10000)

typedef struct {
    int64_t time_us;
    char *suite;
    char *id;
} Slow;

typedef struct {
    const TpsReport *report;
    const TpsReportLook *look;
    TpsSink *sink;
    GString *block;   /* of the failure under way                               */
    GString *flaky;   /* their lines                                            */
    guint n_flaky;    /* lines                                                  */
    guint n_missing;  /* that the problems tell of                              */
    guint n_failures; /* all others                                             */
    GArray *lengths;  /* of guint32: of the texts of those that are shown       */
    size_t room;      /* for failures                                           */
    size_t fixed;     /* of it, what they take beside their texts               */
    size_t texts;     /* and what all of their texts would take */
    size_t limit;     /* of each text                                           */
    guint n_written;
    guint n_cut;
    Slow slowest[SLOWEST_SHOWN + 1];
    guint n_slowest;
} Page;

/* What has no result at all is told once for its part, under the problems. */
static bool is_missing(const TpsResult *result)
{
    return g_strcmp0(result->type, "tpsched.missing-part") == 0 ||
           g_strcmp0(result->type, "tpsched.lost-part") == 0 || tps_result_is_left_out(result);
}

static void append_cases(GString *text, const TpsResult *result)
{
    guint n = 0;

    for (guint i = 0; result->cases && i < result->cases->len; i++) {
        const TpsResult *inner = g_ptr_array_index(result->cases, i);
        g_autofree char *name = tps_text_name(inner->id, NAME_LIMIT);

        if (!tps_outcome_is_bad(inner->outcome) || ++n > CASES_SHOWN)
            continue;
        g_string_append_printf(text, "%s > %s: %s\n%s\n", tps_outcome_name(inner->outcome), name,
                               inner->message ? inner->message : "",
                               inner->text ? inner->text : "");
    }
    if (n > CASES_SHOWN)
        g_string_append_printf(text, "... and %u more of its cases\n", n - CASES_SHOWN);
}

/* All that a failure says, as one text. Caller frees. */
static char *body_of(const TpsResult *result)
{
    GString *text = g_string_new(result->text);
    char *body;

    append_cases(text, result);
    if (result->output && *result->output)
        g_string_append_printf(text, "%s%s", text->len > 0 ? "\n--- it printed ---\n" : "",
                               result->output);
    if (text->len == 0 && result->message && strchr(result->message, '\n'))
        g_string_append(text, result->message);
    body = tps_markdown_body(text->str);
    g_string_free(text, TRUE);
    return body;
}

/* A command that can be copied; none that a fence could not hold as it is. */
static void append_reproduce(Page *page, const char *suite, const TpsResult *result)
{
    g_autofree char *command = tps_reproduce_testcase(page->look->reproduce, suite, result->id);
    g_autofree char *body = command ? tps_markdown_body(command) : NULL;

    if (!command || g_strcmp0(result->type, "tpsched.process") == 0 || strcmp(body, command) != 0 ||
        strlen(command) > 2000)
        return;
    g_string_append(page->block, "Again:\n\n");
    tps_markdown_fence(page->block, body, SIZE_MAX);
}

static void append_place(GString *out, const TpsResult *result)
{
    if (!result->file)
        return;
    tps_markdown_code(out, result->file, NAME_LIMIT);
    if (result->line > 0)
        g_string_append_printf(out, ", line %" G_GINT64_FORMAT, result->line);
    g_string_append(out, "\n\n");
}

static void render_failure(Page *page, const char *suite, const TpsResult *result, const char *body,
                           size_t limit)
{
    GString *out = page->block;

    g_string_truncate(out, 0);
    g_string_append_printf(out, "<details><summary>%s ", tps_outcome_name(result->outcome));
    tps_markdown_code(out, suite, NAME_LIMIT);
    g_string_append(out, " ");
    tps_markdown_code(out, result->id, NAME_LIMIT);
    if (result->message && *result->message) {
        g_string_append(out, ": ");
        tps_markdown_code(out, result->message, NAME_LIMIT);
    }
    g_string_append(out, "</summary>\n\n");
    append_place(out, result);
    if (*body) {
        tps_markdown_fence(out, body, limit);
        g_string_append_c(out, '\n');
    }
    append_reproduce(page, suite, result);
    g_string_append(out, "\n</details>\n\n");
}

static void measure_failure(Page *page, const char *suite, const TpsResult *result)
{
    g_autofree char *body = NULL;
    guint32 length;
    size_t fixed;

    if (page->n_failures++ != page->lengths->len)
        return; /* the list is full */
    body = body_of(result);
    length = (guint32)MIN(strlen(body), TEXT_MAX);
    render_failure(page, suite, result, "", 0);
    fixed = page->block->len + TPS_MARKDOWN_FENCE_BYTES;
    if (page->fixed + fixed + MIN(page->texts + length, page->room / 2) > page->room)
        return;
    page->fixed += fixed;
    page->texts += length;
    g_array_append_val(page->lengths, length);
}

static void note_flaky(Page *page, const char *suite, const TpsResult *result)
{
    guint n = result->attempts ? result->attempts->len : 0;
    const TpsResult *first = n > 0 ? g_ptr_array_index(result->attempts, 0) : NULL;

    if (page->n_flaky++ >= FLAKY_SHOWN)
        return;
    g_string_append(page->flaky, "- ");
    tps_markdown_code(page->flaky, suite, NAME_LIMIT);
    g_string_append(page->flaky, " ");
    tps_markdown_code(page->flaky, result->id, NAME_LIMIT);
    g_string_append_printf(page->flaky, " passed at attempt %u", n > 0 ? n + 1 : 2);
    if (first && first->message && *first->message) {
        g_string_append(page->flaky, ", first: ");
        tps_markdown_code(page->flaky, first->message, NAME_LIMIT);
    }
    g_string_append_c(page->flaky, '\n');
}

static void forget(Slow *slow)
{
    g_free(slow->suite);
    g_free(slow->id);
}

/* Insert it among the slowest, behind those of the same time. */
static void note_time(Page *page, const char *suite, const TpsResult *result)
{
    guint at = page->n_slowest;

    if (result->time_us <= 0)
        return;
    while (at > 0 && page->slowest[at - 1].time_us < result->time_us)
        at--;
    if (at == SLOWEST_SHOWN)
        return;
    memmove(&page->slowest[at + 1], &page->slowest[at],
            (page->n_slowest - at) * sizeof *page->slowest);
    page->slowest[at] = (Slow){result->time_us, g_strdup(suite), g_strdup(result->id)};
    if (++page->n_slowest > SLOWEST_SHOWN)
        forget(&page->slowest[--page->n_slowest]);
}

static bool measure(const TpsReportSuite *suite, const TpsResult *result, void *user,
                    GError **error)
{
    Page *page = user;

    (void)error;
    note_time(page, suite->name, result);
    if (tps_outcome_is_bad(result->outcome) && is_missing(result))
        page->n_missing++;
    else if (tps_outcome_is_bad(result->outcome))
        measure_failure(page, suite->name, result);
    else if (result->outcome == TPS_OUTCOME_FLAKY)
        note_flaky(page, suite->name, result);
    return true;
}

static bool write_failure(const TpsReportSuite *suite, const TpsResult *result, void *user,
                          GError **error)
{
    Page *page = user;
    g_autofree char *body = NULL;

    (void)error;
    if (!tps_outcome_is_bad(result->outcome) || is_missing(result) ||
        page->n_written == page->lengths->len)
        return true;
    body = body_of(result);
    page->n_written++;
    page->n_cut += strlen(body) > page->limit;
    render_failure(page, suite->name, result, body, page->limit);
    tps_sink_write(page->sink, page->block->str, page->block->len);
    return true;
}

static void append_lines(GString *out, const char *title, const GPtrArray *lines, guint shown)
{
    if (lines->len == 0)
        return;
    g_string_append_printf(out, "\n### %s\n\n", title);
    for (guint i = 0; i < lines->len && i < shown; i++) {
        g_string_append(out, "- ");
        tps_markdown_code(out, g_ptr_array_index(lines, i), SENTENCE_LIMIT);
        g_string_append_c(out, '\n');
    }
    if (lines->len > shown)
        g_string_append_printf(out, "- ... and %u more\n", lines->len - shown);
}

static void append_times(GString *out, const TpsReport *report)
{
    g_autofree char *wall = report->started_us >= 0
                                ? tps_duration_format(MAX(report->ended_us - report->started_us, 0))
                                : NULL;
    g_autofree char *expected =
        report->makespan_us >= 0 ? tps_duration_format(report->makespan_us) : NULL;
    g_autofree char *bound =
        report->lower_bound_us >= 0 ? tps_duration_format(report->lower_bound_us) : NULL;

    if (wall)
        g_string_append_printf(out, "Took %s. ", wall);
    if (expected)
        g_string_append_printf(out, "The plan expected %s", expected);
    if (expected && bound && report->lower_bound_us > 0 && report->size > 0)
        g_string_append_printf(out, "; %d worker%s can't take less than %s", report->size,
                               report->size == 1 ? "" : "s", bound);
    g_string_append(out, expected ? ".\n" : wall ? "\n" : "");
}

static void append_verdict(GString *out, const TpsReport *report)
{
    g_autofree char *headline = tps_report_headline(report);
    bool passed = strcmp(tps_report_verdict(report), "PASSED") == 0;

    g_string_append_printf(out, "## %s %s\n\n", passed ? "\xE2\x9C\x85" : "\xE2\x9D\x8C", headline);
    tps_markdown_code(out, report->name, NAME_LIMIT);
    g_string_append(out, "\n\n");
    if (report->checked && report->problems->len + report->n_not_run == 0) {
        if (report->n_asked < report->n_planned)
            g_string_append_printf(out,
                                   "All %u of %u planned testcases that were asked for are "
                                   "accounted for. ",
                                   report->n_asked, report->n_planned);
        else
            g_string_append(out, "Every planned testcase is accounted for exactly once. ");
    }
    append_times(out, report);
    append_lines(out, "Problems", report->problems, PROBLEMS_SHOWN);
}

static void append_counts(GString *out, guint n, const guint *count, int64_t time_us)
{
    g_autofree char *time = tps_duration_format(time_us);

    g_string_append_printf(out, " | %u | %u | %u | %u | %u | %u | %s |\n", n,
                           count[TPS_OUTCOME_PASSED], count[TPS_OUTCOME_FLAKY],
                           count[TPS_OUTCOME_SKIPPED], count[TPS_OUTCOME_FAILED],
                           count[TPS_OUTCOME_ERROR], time);
}

static bool is_bad_suite(const TpsReport *report, const TpsReportSuite *suite)
{
    return suite->count[TPS_OUTCOME_FAILED] + suite->count[TPS_OUTCOME_ERROR] > 0 ||
           (report->flaky_fails && suite->count[TPS_OUTCOME_FLAKY] > 0);
}

/* Those with failures first, all else in the report's order. */
static void append_suites(GString *out, const TpsReport *report, bool bad, guint *shown)
{
    for (guint i = 0; i < report->suites->len; i++) {
        const TpsReportSuite *suite = g_ptr_array_index(report->suites, i);

        if (is_bad_suite(report, suite) != bad || ++*shown > SUITES_SHOWN)
            continue;
        g_string_append(out, "| ");
        tps_markdown_code(out, suite->name, NAME_LIMIT);
        append_counts(out, suite->n_results, suite->count, suite->time_us);
    }
}

static void append_table(GString *out, const TpsReport *report)
{
    int64_t time_us = 0;
    guint shown = 0;

    for (guint i = 0; i < report->suites->len; i++)
        time_us = tps_add_sat(
            time_us, ((const TpsReportSuite *)g_ptr_array_index(report->suites, i))->time_us);
    g_string_append(out,
                    "\n| suite | testcases | passed | flaky | skipped | failed | error | time |\n"
                    "|---|---:|---:|---:|---:|---:|---:|---:|\n");
    append_suites(out, report, true, &shown);
    append_suites(out, report, false, &shown);
    g_string_append(out, "| **all**");
    append_counts(out, report->n_results, report->count, time_us);
    if (shown > SUITES_SHOWN)
        g_string_append_printf(out, "\n%u suites more are not listed.\n", shown - SUITES_SHOWN);
}

static void append_slowest(GString *out, const Page *page)
{
    if (page->n_slowest == 0)
        return;
    g_string_append(out, "\n### Slowest\n\n| testcase | suite | time |\n|---|---|---:|\n");
    for (guint i = 0; i < page->n_slowest; i++) {
        g_autofree char *time = tps_duration_format(page->slowest[i].time_us);

        g_string_append(out, "| ");
        tps_markdown_code(out, page->slowest[i].id, NAME_LIMIT);
        g_string_append(out, " | ");
        tps_markdown_code(out, page->slowest[i].suite, NAME_LIMIT);
        g_string_append_printf(out, " | %s |\n", time);
    }
}

static void append_rest(GString *out, const Page *page)
{
    if (page->n_flaky > 0)
        g_string_append_printf(out, "\n### Flaky\n\n%s", page->flaky->str);
    if (page->n_flaky > FLAKY_SHOWN)
        g_string_append_printf(out, "- ... and %u more\n", page->n_flaky - FLAKY_SHOWN);
    append_slowest(out, page);
    tps_markdown_timeline(out, page->report);
    append_lines(out, "Notes", page->report->notes, NOTES_SHOWN);
}

/* What stands behind the failures: that not all is shown. */
static void write_left_out(Page *page)
{
    if (page->n_failures > page->n_written)
        tps_sink_printf(page->sink,
                        "... and %u more failures, for which there is no room here.\n\n",
                        page->n_failures - page->n_written);
    if (page->n_cut > 0)
        tps_sink_printf(page->sink, "The texts of %u failures are cut to %zu bytes.\n\n",
                        page->n_cut, page->limit);
    if (page->n_missing > 0)
        tps_sink_printf(page->sink, "%u testcases have no result; the problems say why.\n\n",
                        page->n_missing);
}

static bool write_page(Page *page, GError **error)
{
    g_autoptr(GString) head = g_string_new(NULL);
    g_autoptr(GString) rest = g_string_new(NULL);
    size_t spare = 1000; /* for write_left_out() and the title */

    append_verdict(head, page->report);
    append_table(head, page->report);
    append_rest(rest, page); /* without what only the results say */
    page->room = TPS_MARKDOWN_BYTES - head->len - rest->len - LINES_BYTES - spare;
    if (!tps_report_each(page->report, measure, page, error))
        return false;
    g_string_truncate(rest, 0);
    append_rest(rest, page);
    page->room = TPS_MARKDOWN_BYTES - head->len - rest->len - spare;
    page->limit =
        MIN(TEXT_MAX, tps_markdown_fair_limit((const guint32 *)(void *)page->lengths->data,
                                              page->lengths->len, page->room - page->fixed));
    tps_sink_write(page->sink, head->str, head->len);
    if (page->n_failures + page->n_missing > 0)
        tps_sink_text(page->sink, "\n### Failures\n\n");
    if (!tps_report_each(page->report, write_failure, page, error))
        return false;
    write_left_out(page);
    tps_sink_write(page->sink, rest->str, rest->len);
    return true;
}

static bool write_markdown(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                           GError **error)
{
    Page page = {
        .report = report,
        .look = look,
        .sink = sink,
        .block = g_string_new(NULL),
        .flaky = g_string_new(NULL),
        .lengths = g_array_new(FALSE, FALSE, sizeof(guint32)),
    };
    bool written = write_page(&page, error);

    g_string_free(page.block, TRUE);
    g_string_free(page.flaky, TRUE);
    g_array_unref(page.lengths);
    for (guint i = 0; i < page.n_slowest; i++)
        forget(&page.slowest[i]);
    return written;
}

const TpsReportWriter tps_report_writer_markdown = {
    .name = "markdown",
    .suffix = ".md",
    .about = "a page for summaries of jobs and merge requests",
    .write = write_markdown,
};
