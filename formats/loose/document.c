/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/loose/document_internal.h"

#include <string.h>

/* Of one text that is put together from many. */
#define TEXT_MAX ((size_t)256 * 1024)

static const char *const fields[N_FIELDS] = {
    [FIELD_CATEGORY] = "category",
    [FIELD_DEFINITION] = "definition_name",
    [FIELD_DESCRIPTION] = "description",
    [FIELD_DURATION] = "duration",
    [FIELD_END] = "end",
    [FIELD_ENTRIES] = "entries",
    [FIELD_FAILED] = "failed",
    [FIELD_FILE] = "filePath",
    [FIELD_FLAKY] = "flaky",
    [FIELD_LINE] = "line",
    [FIELD_MESSAGE] = "message",
    [FIELD_NAME] = "name",
    [FIELD_PART] = "part",
    [FIELD_PASSED] = "passed",
    [FIELD_RAW_STATUS] = "rawStatus",
    [FIELD_FORMAT] = "reportFormat",
    [FIELD_RESULTS] = "results",
    [FIELD_ATTEMPTS] = "retryAttempts",
    [FIELD_RUN] = "run",
    [FIELD_SCHEMA] = "schema",
    [FIELD_START] = "start",
    [FIELD_STATUS] = "status",
    [FIELD_OVERRIDE] = "status_override",
    [FIELD_STDERR] = "stderr",
    [FIELD_STDOUT] = "stdout",
    [FIELD_STOP] = "stop",
    [FIELD_SUITE] = "suite",
    [FIELD_SUMMARY] = "summary",
    [FIELD_TESTS] = "tests",
    [FIELD_TIMER] = "timer",
    [FIELD_TOOL] = "tool",
    [FIELD_TRACE] = "trace",
    [FIELD_TYPE] = "type",
};

/* Which bracket in which member of which bracket means something. */
static const struct {
    TpsDocumentRole around;
    TpsDocumentField field; /* FIELD_NONE: an element of an array */
    bool is_array;
    TpsDocumentRole role;
} roles[] = {
    {ROLE_ROOT, FIELD_RESULTS, false, ROLE_RESULTS},
    {ROLE_ROOT, FIELD_ENTRIES, true, ROLE_NODES},
    {ROLE_RESULTS, FIELD_TOOL, false, ROLE_TOOL},
    {ROLE_RESULTS, FIELD_SUMMARY, false, ROLE_SUMMARY},
    {ROLE_RESULTS, FIELD_TESTS, true, ROLE_TESTS},
    {ROLE_TESTS, FIELD_NONE, false, ROLE_TEST},
    {ROLE_TEST, FIELD_ATTEMPTS, true, ROLE_ATTEMPTS},
    {ROLE_TEST, FIELD_STDOUT, true, ROLE_OUTPUTS},
    {ROLE_TEST, FIELD_STDERR, true, ROLE_OUTPUTS},
    {ROLE_TEST, FIELD_SUITE, true, ROLE_SUITES},
    {ROLE_ATTEMPTS, FIELD_NONE, false, ROLE_ATTEMPT},
    {ROLE_NODES, FIELD_NONE, false, ROLE_NODE},
    {ROLE_NODE, FIELD_ENTRIES, true, ROLE_NODES},
    {ROLE_NODE, FIELD_TIMER, false, ROLE_TIMER},
    {ROLE_NODE, FIELD_PART, true, ROLE_PART},
    {ROLE_TIMER, FIELD_RUN, false, ROLE_INTERVAL},
    {ROLE_TIMER, FIELD_RUN, true, ROLE_INTERVALS},
    {ROLE_INTERVALS, FIELD_NONE, false, ROLE_INTERVAL},
};

int64_t tps_document_milliseconds(const char *text)
{
    int64_t us;

    return text && tps_us_from_seconds(g_ascii_strtod(text, NULL) / 1000, &us) ? us
                                                                               : TPS_TIME_UNKNOWN;
}

char *tps_document_text(const char *text)
{
    return text && *text ? g_utf8_make_valid(text, -1) : NULL;
}

void tps_document_group_free(gpointer data)
{
    TpsDocumentGroup *group = data;

    g_free(group->name);
    g_clear_pointer(&group->results, g_ptr_array_unref);
    g_clear_pointer(&group->groups, g_ptr_array_unref);
    g_free(group);
}

/* Frames */

static void frame_free(gpointer data)
{
    TpsDocumentFrame *frame = data;

    for (int i = 0; i < N_FIELDS; i++)
        g_free(frame->values[i]);
    if (frame->text)
        g_string_free(frame->text, TRUE);
    g_clear_pointer(&frame->results, g_ptr_array_unref);
    g_clear_pointer(&frame->groups, g_ptr_array_unref);
    g_free(frame);
}

static TpsDocumentFrame *innermost(const TpsDocument *document)
{
    const GPtrArray *frames = document->frames;

    return frames->len > 0 ? g_ptr_array_index(frames, frames->len - 1) : NULL;
}

TpsDocumentFrame *tps_document_parent(const TpsDocument *document)
{
    return g_ptr_array_index(document->frames, document->frames->len - 2);
}

static TpsDocumentRole role_of(const TpsDocumentFrame *around, bool is_array)
{
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        if (roles[i].around == around->role && roles[i].field == around->field &&
            roles[i].is_array == is_array)
            return roles[i].role;
    return ROLE_NONE;
}

static void push(TpsDocument *document, TpsDocumentRole role)
{
    TpsDocumentFrame *frame = g_new0(TpsDocumentFrame, 1);

    frame->role = role;
    frame->field = FIELD_NONE;
    frame->started_us = TPS_TIME_UNKNOWN;
    frame->ended_us = TPS_TIME_UNKNOWN;
    frame->time_us = TPS_TIME_UNKNOWN;
    g_ptr_array_add(document->frames, frame);
    if (role == ROLE_TESTS)
        document->out->loose->kind = "CTRF";
}

static void open_bracket(TpsDocument *document, bool is_array)
{
    const TpsDocumentFrame *around = innermost(document);
    TpsDocumentRole role = ROLE_NONE;

    if (!around && !is_array)
        role = ROLE_ROOT;
    else if (around && document->skipped == 0)
        role = role_of(around, is_array);
    document->is_array |= !around && is_array;
    if (role == ROLE_NONE)
        document->skipped++;
    else
        push(document, role);
}

static void look_at_root(TpsDocument *document, const TpsDocumentFrame *root)
{
    const char *category = root->values[FIELD_CATEGORY];
    const char *format = root->values[FIELD_FORMAT];
    const char *schema = root->values[FIELD_SCHEMA];

    if (g_strcmp0(format, "CTRF") == 0)
        document->out->loose->kind = "CTRF";
    else if (g_strcmp0(category, "testplan") == 0)
        document->out->loose->kind = "Testplan";
    document->is_ours = schema && g_str_has_prefix(schema, "tpsched.");
}

static bool close_bracket(TpsDocument *document, GError **error)
{
    TpsDocumentFrame *frame = innermost(document);
    bool ok;

    if (document->skipped > 0) {
        document->skipped--;
        return true;
    }
    if (frame->role == ROLE_ROOT)
        look_at_root(document, frame);
    ok = tps_ctrf_end(document, frame, error) && tps_testplan_end(document, frame, error);
    g_ptr_array_set_size(document->frames, (int)document->frames->len - 1);
    return ok;
}

/* Values */

static TpsDocumentField field_of(const char *key)
{
    size_t low = 0;
    size_t high = N_FIELDS;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(key, fields[middle]);

        if (order == 0)
            return (TpsDocumentField)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return FIELD_NONE;
}

static void append(TpsDocumentFrame *frame, const char *separator, const char *text)
{
    if (!frame->text)
        frame->text = g_string_new(NULL);
    if (frame->text->len > 0 && frame->text->len < TEXT_MAX)
        g_string_append(frame->text, separator);
    if (frame->text->len < TEXT_MAX)
        g_string_append_len(frame->text, text,
                            (gssize)MIN(strlen(text), TEXT_MAX - frame->text->len));
}

static void take_element(TpsDocumentFrame *frame, TpsJsonToken token, const char *text)
{
    if (frame->role == ROLE_OUTPUTS && token == TPS_JSON_STRING)
        append(frame, "\n", text);
    else if (frame->role == ROLE_SUITES && token == TPS_JSON_STRING)
        append(frame, " > ", text);
    else if (frame->role == ROLE_PART && token == TPS_JSON_NUMBER && frame->n_numbers++ < 2)
        frame->numbers[frame->n_numbers - 1] = g_ascii_strtoll(text, NULL, 10);
}

static void take_scalar(TpsDocument *document, TpsJsonToken token, const char *text, size_t length)
{
    TpsDocumentFrame *frame = innermost(document);

    if (!frame || document->skipped > 0)
        return;
    if (frame->field == FIELD_NONE) {
        take_element(frame, token, text);
        return;
    }
    if (token == TPS_JSON_TRUE || token == TPS_JSON_FALSE)
        text = token == TPS_JSON_TRUE ? "true" : "false";
    g_free(frame->values[frame->field]);
    frame->values[frame->field] =
        token == TPS_JSON_NULL ? NULL : g_strndup(text, MAX(length, strlen(text)));
    if (frame->role == ROLE_ROOT)
        look_at_root(document, frame);
    frame->field = FIELD_NONE;
}

static bool take_token(TpsJsonToken token, const char *text, size_t length, void *user,
                       GError **error)
{
    TpsDocument *document = user;

    document->n_tokens++;
    switch (token) {
    case TPS_JSON_OBJECT:
    case TPS_JSON_ARRAY:
        open_bracket(document, token == TPS_JSON_ARRAY);
        return true;
    case TPS_JSON_OBJECT_END:
    case TPS_JSON_ARRAY_END:
        document->has_failed = !close_bracket(document, error);
        return !document->has_failed;
    case TPS_JSON_KEY:
        if (document->skipped == 0)
            innermost(document)->field = field_of(text);
        return true;
    case TPS_JSON_STRING:
    case TPS_JSON_NUMBER:
    case TPS_JSON_TRUE:
    case TPS_JSON_FALSE:
    case TPS_JSON_NULL:
        take_scalar(document, token, text, length);
        return true;
    }
    return true;
}

/* The reader */

static void *open_document(TpsLooseOut *out)
{
    TpsDocument *document = g_new0(TpsDocument, 1);

    document->out = out;
    document->json = tps_json_stream_new(take_token, document);
    document->frames = g_ptr_array_new_with_free_func(frame_free);
    document->suites = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    document->n_claimed = -1;
    document->claims_bad = -1;
    document->started_us = TPS_TIME_UNKNOWN;
    document->ended_us = TPS_TIME_UNKNOWN;
    return document;
}

/* What is open holds results: they are handed out, and what it is called may be unknown. */
static bool close_all(TpsDocument *document, GError **error)
{
    document->skipped = 0;
    while (document->frames->len > 0) {
        const TpsDocumentFrame *frame = innermost(document);

        if (frame->role == ROLE_TEST || frame->role == ROLE_ATTEMPT ||
            (frame->role == ROLE_NODE && !frame->groups && !frame->results))
            g_ptr_array_set_size(document->frames, (int)document->frames->len - 1);
        else if (!close_bracket(document, error))
            return false;
    }
    return true;
}

/* Where it is no JSON any more. */
static bool take_damage(TpsDocument *document, GError *why, GError **error)
{
    TpsLoose *loose = document->out->loose;
    bool is_cut = g_str_has_suffix(why->message, "ends too early");

    if (document->has_failed) {
        g_propagate_error(error, g_error_copy(why));
        return false;
    }
    if (loose->problem || document->is_array)
        return true;
    if (!close_all(document, error))
        return false;
    tps_loose_complain(document->out, "%s", why->message);
    loose->is_cut = is_cut;
    return true;
}

static bool feed(void *reader, const char *bytes, size_t length, GError **error)
{
    TpsDocument *document = reader;
    g_autoptr(GError) why = NULL;

    if (document->n_tokens == 0 && length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    if (document->out->loose->problem || document->is_array ||
        tps_json_stream_feed(document->json, bytes, length, &why))
        return true;
    return take_damage(document, why, error);
}

/* It is no report, or nothing said that it is one. */
static void say_other(const TpsDocument *document)
{
    TpsLoose *loose = document->out->loose;
    bool is_lines = loose->problem && tps_json_stream_is_done(document->json);

    loose->is_whole = !loose->problem || is_lines;
    loose->is_ours = document->is_ours;
    g_free(loose->looks_like);
    loose->looks_like = g_strdup(is_lines             ? "several JSON documents of some other kind"
                                 : document->is_array ? "a JSON array"
                                 : loose->problem     ? "damaged JSON"
                                                      : "JSON of some other kind");
    if (!loose->is_cut)
        return;
    g_free(loose->looks_like);
    loose->looks_like = g_strdup("JSON that ends too early");
}

static bool finish(void *reader, GError **error)
{
    TpsDocument *document = reader;
    g_autoptr(GError) why = NULL;
    guint64 n_cut = tps_json_stream_cut(document->json);

    if (!document->out->loose->problem && !tps_json_stream_finish(document->json, &why) &&
        !take_damage(document, why, error))
        return false;
    if (n_cut > 0)
        tps_loose_warn(document->out,
                       "texts that were too long and are not kept whole: %" G_GUINT64_FORMAT,
                       n_cut);
    if (!document->out->loose->kind) {
        say_other(document);
        return true;
    }
    return tps_ctrf_finish(document, error);
}

static void close_document(void *reader)
{
    TpsDocument *document = reader;

    g_ptr_array_unref(document->frames);
    g_hash_table_unref(document->suites);
    g_free(document->tool);
    tps_json_stream_free(document->json);
    g_free(document);
}

const TpsLooseReader tps_loose_document = {open_document, feed, finish, close_document};
