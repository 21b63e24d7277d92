/* SPDX-License-Identifier: MIT */
#include "formats/report/html_internal.h"
#include "formats/report/html_text.h"
#include "formats/report/reproduce.h"

#include <string.h>

/* Each name of that many is whole; the others share their beginning with the one before. */
#define BLOCK 128

/* Details are read by the page in pieces of about this size. */
#define PIECE_BYTES ((size_t)256 << 10)

/*
 * Details in full; then only messages; then none, so that no output makes the page unusable: by
 * what they are, and by what they are packed. Of what did not go wrong a quarter of that.
 */
#define FULL_BYTES ((size_t)32 << 20)
#define FULL_PACKED ((size_t)3 << 20)
#define BRIEF_BYTES ((size_t)48 << 20)
#define BRIEF_PACKED ((size_t)4 << 20)

/* Has details: a bit above the outcome's three. */
#define TOLD 8

#define CASES_MOST 200

struct TpsHtmlResults {
    const TpsReportLook *look;
    TpsHtmlIndex *index;
    TpsHtmlColumn *outcomes;
    TpsHtmlColumn *times;
    TpsHtmlColumn *shared; /* bytes a name shares with the one before */
    TpsHtmlColumn *rest;   /* bytes it has beyond them ...            */
    TpsHtmlColumn *text;   /* ... and which                           */
    GString *before;       /* the name before                         */
    GPtrArray *pieces;     /* of TpsHtmlColumn: details               */
    GArray *firsts;        /* of guint: the first result of each      */
    size_t piece_bytes;    /* of the last piece                       */
    size_t told_bytes;
    size_t told_packed; /* of all pieces but the last */
    guint n_untold;     /* of which not all that is known is in the page */
    guint n;
    guint n_plain;
    GString *plain;
    GArray *suite_counts; /* of guint: results of each suite, not-run ones too */
};

TpsHtmlResults *tps_html_results_new(const TpsReportLook *look, TpsHtmlIndex *index)
{
    TpsHtmlResults *results = g_new0(TpsHtmlResults, 1);

    results->look = look;
    results->index = index;
    results->outcomes = tps_html_column_new();
    results->times = tps_html_column_new();
    results->shared = tps_html_column_new();
    results->rest = tps_html_column_new();
    results->text = tps_html_column_new();
    results->before = g_string_new(NULL);
    results->plain = g_string_new(NULL);
    results->pieces = g_ptr_array_new_with_free_func((GDestroyNotify)tps_html_column_free);
    results->firsts = g_array_new(FALSE, FALSE, sizeof(guint));
    results->suite_counts = g_array_new(FALSE, FALSE, sizeof(guint));
    return results;
}

void tps_html_results_free(TpsHtmlResults *results)
{
    if (!results)
        return;
    tps_html_column_free(results->outcomes);
    tps_html_column_free(results->times);
    tps_html_column_free(results->shared);
    tps_html_column_free(results->rest);
    tps_html_column_free(results->text);
    g_string_free(results->before, TRUE);
    g_string_free(results->plain, TRUE);
    g_ptr_array_unref(results->pieces);
    g_array_unref(results->firsts);
    g_array_unref(results->suite_counts);
    g_free(results);
}

static void add_name(TpsHtmlResults *results, const char *id)
{
    size_t length = strlen(id);
    size_t shared = 0;

    if (results->n % BLOCK != 0)
        while (shared < length && shared < results->before->len &&
               id[shared] == results->before->str[shared])
            shared++;
    tps_html_column_number(results->shared, shared);
    tps_html_column_number(results->rest, length - shared);
    tps_html_column_bytes(results->text, id + shared, length - shared);
    g_string_assign(results->before, id);
}

static void add_text(cJSON *object, const char *key, const char *text, gsize head, gsize tail)
{
    g_autofree char *cut = text && *text ? tps_html_cut(text, head, tail) : NULL;

    if (cut)
        cJSON_AddStringToObject(object, key, cut);
}

static void add_texts(cJSON *object, const TpsResult *result, bool brief)
{
    add_text(object, "m", result->message, brief ? 300 : 2000, 0);
    add_text(object, "y", result->type, 200, 0);
    if (brief)
        return;
    add_text(object, "t", result->text, 8000, 16000);
    add_text(object, "o", result->output, 8000, 24000);
}

static cJSON *attempt(const TpsResult *result)
{
    cJSON *one = cJSON_CreateObject();

    cJSON_AddNumberToObject(one, "r", result->outcome);
    cJSON_AddNumberToObject(one, "d", (double)result->time_us);
    add_texts(one, result, false);
    return one;
}

static void add_lists(cJSON *object, const TpsResult *result)
{
    cJSON *list;

    if (result->attempts && result->attempts->len > 0) {
        list = cJSON_AddArrayToObject(object, "a");
        for (guint i = 0; i < MIN(result->attempts->len, 20); i++)
            cJSON_AddItemToArray(list, attempt(g_ptr_array_index(result->attempts, i)));
    }
    if (result->cases && result->cases->len > 0) {
        list = cJSON_AddArrayToObject(object, "k");
        cJSON_AddNumberToObject(object, "n", result->cases->len);
        for (guint i = 0; i < MIN(result->cases->len, CASES_MOST); i++) {
            const TpsResult *inner = g_ptr_array_index(result->cases, i);
            cJSON *one = cJSON_CreateObject();

            add_text(one, "i", inner->id, 300, 0);
            cJSON_AddNumberToObject(one, "r", inner->outcome);
            cJSON_AddNumberToObject(one, "d", (double)inner->time_us);
            add_text(one, "m", inner->message, 300, 0);
            cJSON_AddItemToArray(list, one);
        }
    }
}

static void add_properties(cJSON *object, const GPtrArray *properties)
{
    cJSON *list;

    if (!properties || properties->len == 0)
        return;
    list = cJSON_AddArrayToObject(object, "p");
    for (guint i = 0; i < MIN(properties->len, 50); i++) {
        const TpsProperty *property = g_ptr_array_index(properties, i);
        cJSON *one = cJSON_CreateArray();
        g_autofree char *name = tps_html_cut(property->name, 200, 0);
        g_autofree char *value = tps_html_cut(property->value, 1000, 0);

        cJSON_AddItemToArray(one, cJSON_CreateString(name));
        cJSON_AddItemToArray(one, cJSON_CreateString(value));
        cJSON_AddItemToArray(list, one);
    }
}

static char *details(const TpsHtmlResults *results, const char *suite, const TpsResult *result,
                     bool brief)
{
    cJSON *object = cJSON_CreateObject();
    const char *reproduce = results->look ? results->look->reproduce : NULL;
    g_autofree char *command = result->outcome >= TPS_OUTCOME_FLAKY
                                   ? tps_reproduce_testcase(reproduce, suite, result->id)
                                   : NULL;
    g_autofree char *file = result->file ? g_utf8_make_valid(result->file, -1) : NULL;
    char *text;

    cJSON_AddNumberToObject(object, "i", results->n);
    add_texts(object, result, brief);
    if (command && g_utf8_validate(command, -1, NULL) && strlen(command) < 20000)
        cJSON_AddStringToObject(object, "c", command);
    if (file)
        cJSON_AddStringToObject(object, "f", file);
    if (file && result->line > 0)
        cJSON_AddNumberToObject(object, "l", (double)result->line);
    if (!brief) {
        add_lists(object, result);
        add_properties(object, result->properties);
    }
    text = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    return text;
}

static TpsHtmlColumn *piece(TpsHtmlResults *results)
{
    TpsHtmlColumn *last;

    if (results->pieces->len > 0) {
        last = g_ptr_array_index(results->pieces, results->pieces->len - 1);
        if (results->piece_bytes < PIECE_BYTES) {
            tps_html_column_bytes(last, ",", 1);
            return last;
        }
        tps_html_column_bytes(last, "]", 1);
        tps_html_column_end(last);
        results->told_packed += tps_html_column_size(last);
    }
    last = tps_html_column_new();
    g_ptr_array_add(results->pieces, last);
    g_array_append_val(results->firsts, results->n);
    results->piece_bytes = 0;
    tps_html_column_bytes(last, "[", 1);
    return last;
}

static bool is_worth_telling(const TpsResult *result)
{
    return result->outcome != TPS_OUTCOME_PASSED || result->message || result->cases ||
           result->properties;
}

/* Whether the page has details of it now. */
static bool tell(TpsHtmlResults *results, const char *suite, const TpsResult *result)
{
    size_t scale = result->outcome >= TPS_OUTCOME_FLAKY ? 1 : 4;
    bool brief =
        results->told_bytes >= FULL_BYTES / scale || results->told_packed >= FULL_PACKED / scale;
    char *text;
    size_t length;

    if (!is_worth_telling(result))
        return false;
    if (brief)
        results->n_untold++;
    if (results->told_bytes >= BRIEF_BYTES / scale || results->told_packed >= BRIEF_PACKED / scale)
        return false;
    text = details(results, suite, result, brief);
    length = strlen(text);
    tps_html_column_bytes(piece(results), text, length);
    results->piece_bytes += length;
    results->told_bytes += length;
    cJSON_free(text);
    return true;
}

static void tell_plainly(TpsHtmlResults *results, const char *suite, const TpsResult *result)
{
    g_autofree char *id = tps_html_cut(result->id, 300, 0);
    g_autofree char *message = tps_html_cut(result->message, 500, 0);

    if (!tps_outcome_is_bad(result->outcome) || results->n_plain++ >= TPS_HTML_PLAIN_BAD)
        return;
    g_string_append_printf(results->plain, "<li><b>%s</b> ", tps_outcome_name(result->outcome));
    tps_html_append(results->plain, suite);
    g_string_append(results->plain, " <code>");
    tps_html_append(results->plain, id);
    g_string_append(results->plain, "</code>");
    if (message) {
        g_string_append(results->plain, "<br>");
        tps_html_append(results->plain, message);
    }
    g_string_append(results->plain, "</li>\n");
}

static bool add_result(const TpsReportSuite *suite, const TpsResult *result, void *user,
                       GError **error)
{
    TpsHtmlResults *results = user;
    bool left_out = tps_result_is_left_out(result) && result->outcome == TPS_OUTCOME_SKIPPED;
    guint8 outcome = left_out ? TPS_HTML_NOT_RUN : (guint8)result->outcome;

    (void)error;
    if (tell(results, suite->name, result))
        outcome |= TOLD;
    tell_plainly(results, suite->name, result);
    tps_html_column_bytes(results->outcomes, &outcome, 1);
    tps_html_column_number(results->times, (uint64_t)(MAX(result->time_us, -1) + 1));
    add_name(results, result->id);
    tps_html_index_add(results->index, suite->name, result->id, results->n, result->time_us);
    results->n++;
    return true;
}

bool tps_html_results_visit(TpsHtmlResults *results, const TpsReport *report, GError **error)
{
    for (guint i = 0; i < report->suites->len; i++) {
        guint before = results->n;
        guint n;

        if (!tps_report_visit(report, g_ptr_array_index(report->suites, i), add_result, results,
                              error))
            return false;
        n = results->n - before;
        g_array_append_val(results->suite_counts, n);
    }
    return true;
}

const GString *tps_html_results_plain(const TpsHtmlResults *results)
{
    return results->plain;
}

static void write_pieces(TpsHtmlResults *results, cJSON *meta, TpsSink *sink)
{
    cJSON *firsts = cJSON_AddArrayToObject(meta, "details");

    for (guint i = 0; i < results->pieces->len; i++) {
        TpsHtmlColumn *column = g_ptr_array_index(results->pieces, i);
        g_autofree char *id = g_strdup_printf("details-%u", i);

        if (i + 1 == results->pieces->len)
            tps_html_column_bytes(column, "]", 1);
        cJSON_AddItemToArray(firsts, cJSON_CreateNumber(g_array_index(results->firsts, guint, i)));
        tps_html_column_write(column, id, sink);
    }
}

void tps_html_results_write(TpsHtmlResults *results, cJSON *meta, TpsSink *sink)
{
    cJSON *counts = cJSON_AddArrayToObject(meta, "suite_results");

    for (guint i = 0; i < results->suite_counts->len; i++)
        cJSON_AddItemToArray(counts,
                             cJSON_CreateNumber(g_array_index(results->suite_counts, guint, i)));
    cJSON_AddNumberToObject(meta, "untold", results->n_untold);
    tps_html_column_write(results->outcomes, "outcomes", sink);
    tps_html_column_write(results->times, "times", sink);
    tps_html_column_write(results->shared, "shared", sink);
    tps_html_column_write(results->rest, "rest", sink);
    tps_html_column_write(results->text, "text", sink);
    write_pieces(results, meta, sink);
}
