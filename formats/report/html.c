/* SPDX-License-Identifier: MIT */
#include "report-viewer.h"

#include "core/error.h"
#include "formats/report/html_internal.h"
#include "formats/report/html_text.h"
#include "formats/report/writers_internal.h"

#include <string.h>

/* Generated from data/report/. */
#define STYLE ((const char *)embedded_style)
#define SCRIPT ((const char *)embedded_script)

/* The browser is told to run this script and no other, and to load nothing. */
static char *policy_hash(const char *text, size_t length)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize size = sizeof digest;

    g_checksum_update(checksum, (const guchar *)text, (gssize)length);
    g_checksum_get_digest(checksum, digest, &size);
    return g_base64_encode(digest, size);
}

static void write_start(const TpsReport *report, TpsSink *sink)
{
    g_autofree char *style = policy_hash(STYLE, sizeof embedded_style);
    g_autofree char *script = policy_hash(SCRIPT, sizeof embedded_script);
    GString *title = g_string_new(NULL);

    tps_html_append(title, report->name ? report->name : "");
    tps_sink_printf(sink,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "script-src 'sha256-%s'; style-src 'sha256-%s'; img-src data:; "
                    "base-uri 'none'; form-action 'none'\">\n",
                    script, style);
    tps_sink_printf(sink,
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n"
                    "<meta name=\"referrer\" content=\"no-referrer\">\n"
                    "<title>%s \xc2\xb7 %s</title>\n<style>",
                    tps_report_verdict(report), title->str);
    tps_sink_write(sink, STYLE, sizeof embedded_style);
    tps_sink_text(sink, "</style>\n</head>\n<body>\n<div id=\"page\">\n");
    g_string_free(title, TRUE);
}

/* What is there when the script isn't run, as in places that show artifacts without it. */
static void write_plain(const TpsReport *report, const GString *bad, TpsSink *sink)
{
    guint n = tps_report_n_bad(report);

    tps_sink_text(sink, "<main id=\"plain\">\n");
    if (bad->len > 0) {
        tps_sink_text(sink, "<h2>Failures</h2>\n<ul>\n");
        tps_sink_write(sink, bad->str, bad->len);
        tps_sink_text(sink, "</ul>\n");
        if (n > TPS_HTML_PLAIN_BAD)
            tps_sink_printf(sink, "<p>The first %d of %u.</p>\n", TPS_HTML_PLAIN_BAD, n);
    }
    tps_sink_text(sink, "<p>The timeline, the search and all testcases need the script of this "
                        "page: open the file in a browser.</p>\n</main>\n</div>\n");
}

static void add_suites(cJSON *meta, const TpsReport *report)
{
    cJSON *suites = cJSON_AddArrayToObject(meta, "suites");

    for (guint i = 0; i < report->suites->len; i++) {
        const TpsReportSuite *suite = g_ptr_array_index(report->suites, i);
        g_autofree char *name = g_utf8_make_valid(suite->name, -1);
        g_autofree char *host = suite->hostname ? g_utf8_make_valid(suite->hostname, -1) : NULL;
        cJSON *one = cJSON_CreateObject();
        cJSON *count = cJSON_AddArrayToObject(one, "count");

        cJSON_AddStringToObject(one, "name", name);
        if (host)
            cJSON_AddStringToObject(one, "host", host);
        cJSON_AddNumberToObject(one, "time", (double)suite->time_us);
        for (guint k = 0; k < G_N_ELEMENTS(suite->count); k++)
            cJSON_AddItemToArray(count, cJSON_CreateNumber(suite->count[k]));
        if (suite->output->len > 0) {
            g_autofree char *output = tps_html_cut(suite->output->str, 4000, 12000);

            cJSON_AddStringToObject(one, "output", output);
        }
        cJSON_AddItemToArray(suites, one);
    }
}

static cJSON *meta_of(const TpsReport *report, const TpsHtmlFacts *facts)
{
    cJSON *meta = cJSON_CreateObject();
    cJSON *count = cJSON_AddArrayToObject(meta, "count");
    cJSON *advice = cJSON_AddArrayToObject(meta, "advice");
    g_autoptr(GPtrArray) sentences = tps_html_advice(report, facts);

    for (guint k = 0; k < G_N_ELEMENTS(report->count); k++)
        cJSON_AddItemToArray(count, cJSON_CreateNumber(report->count[k]));
    cJSON_AddItemToArray(count, cJSON_CreateNumber(report->n_not_run));
    for (guint i = 0; i < sentences->len; i++) {
        g_autofree char *valid = g_utf8_make_valid(g_ptr_array_index(sentences, i), -1);

        cJSON_AddItemToArray(advice, cJSON_CreateString(valid));
    }
    cJSON_AddStringToObject(meta, "verdict", tps_report_verdict(report));
    cJSON_AddNumberToObject(meta, "makespan", (double)report->makespan_us);
    cJSON_AddNumberToObject(meta, "lower_bound", (double)report->lower_bound_us);
    cJSON_AddBoolToObject(meta, "flaky_fails", report->flaky_fails);
    cJSON_AddBoolToObject(meta, "whole", report->n_asked == report->n_planned);
    add_suites(meta, report);
    return meta;
}

static void write_meta(const cJSON *meta, TpsSink *sink)
{
    g_autoptr(TpsHtmlColumn) column = tps_html_column_new();
    char *text = cJSON_PrintUnformatted(meta);

    tps_html_column_bytes(column, text, strlen(text));
    cJSON_free(text);
    tps_html_column_write(column, "meta", sink);
}

static bool write_html(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                       GError **error)
{
    TpsHtmlFacts facts = tps_html_facts(report);
    g_autoptr(TpsHtmlIndex) index = tps_html_index_new(report->timeline);
    g_autoptr(TpsHtmlResults) results = tps_html_results_new(look, index);
    GString *head;
    cJSON *meta;

    if (!tps_html_results_visit(results, report, error))
        return false;
    head = tps_html_head(report, &facts);
    meta = meta_of(report, &facts);
    write_start(report, sink);
    tps_sink_write(sink, head->str, head->len);
    write_plain(report, tps_html_results_plain(results), sink);
    tps_html_results_write(results, meta, sink);
    tps_html_write_timeline(index, meta, sink);
    write_meta(meta, sink);
    tps_sink_text(sink, "<script>");
    tps_sink_write(sink, SCRIPT, sizeof embedded_script);
    tps_sink_text(sink, "</script>\n</body>\n</html>\n");
    g_string_free(head, TRUE);
    cJSON_Delete(meta);
    return true;
}

const TpsReportWriter tps_report_writer_html = {
    .name = "html",
    .suffix = ".html",
    .about = "one page for people, with a timeline",
    .write = write_html,
};
