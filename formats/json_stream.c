/* SPDX-License-Identifier: MIT */
#include "formats/json_stream.h"

#include "core/error.h"

#include <string.h>

#define REPLACEMENT 0xFFFD
#define LITERAL_MAX 64 /* longer numbers are none */

typedef enum {
    STATE_VALUE,
    STATE_VALUE_OR_END, /* behind '['                     */
    STATE_KEY,          /* behind a comma in an object    */
    STATE_KEY_OR_END,   /* behind '{'                     */
    STATE_COLON,
    STATE_NEXT, /* behind a value: a comma, or the end    */
    STATE_STRING,
    STATE_ESCAPE,
    STATE_HEX,
    STATE_LITERAL,
    STATE_DONE,
} State;

struct TpsJsonStream {
    TpsJsonVisit visit;
    void *user;
    State state;
    bool is_key;   /* the string at hand                    */
    GString *text; /* the string or literal at hand         */
    bool is_cut;   /* some of it is not kept                */
    guint unit;    /* of "\uXXXX"                           */
    int n_hex;     /* how many X there were                 */
    guint high;    /* a high surrogate before it, or 0      */
    guint depth;
    guint8 is_object[TPS_JSON_DEPTH / 8 + 1]; /* of each open bracket, a bit */
    guint64 line;
    guint64 column; /* of the byte at hand                        */
    guint64 n_cut;
};

TpsJsonStream *tps_json_stream_new(TpsJsonVisit visit, void *user)
{
    TpsJsonStream *stream = g_new0(TpsJsonStream, 1);

    stream->visit = visit;
    stream->user = user;
    stream->text = g_string_new(NULL);
    tps_json_stream_reset(stream, 1);
    return stream;
}

void tps_json_stream_free(TpsJsonStream *stream)
{
    if (!stream)
        return;
    g_string_free(stream->text, TRUE);
    g_free(stream);
}

void tps_json_stream_reset(TpsJsonStream *stream, guint64 line)
{
    stream->state = STATE_VALUE;
    stream->depth = 0;
    stream->high = 0;
    stream->line = line;
    stream->column = 1;
    g_string_truncate(stream->text, 0);
}

bool tps_json_stream_is_done(const TpsJsonStream *stream)
{
    return stream->state == STATE_DONE;
}

guint64 tps_json_stream_cut(const TpsJsonStream *stream)
{
    return stream->n_cut;
}

static bool fail(const TpsJsonStream *stream, const char *what, GError **error)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                "%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT ": %s", stream->line, stream->column,
                what);
    return false;
}

static bool in_object(const TpsJsonStream *stream)
{
    guint i = stream->depth - 1;

    return stream->depth > 0 && (stream->is_object[i / 8] >> i % 8 & 1);
}

static bool say(TpsJsonStream *stream, TpsJsonToken token, GError **error)
{
    bool ok = stream->visit(token, stream->text->str, stream->text->len, stream->user, error);

    g_string_truncate(stream->text, 0);
    return ok;
}

static void end_value(TpsJsonStream *stream)
{
    stream->state = stream->depth > 0 ? STATE_NEXT : STATE_DONE;
}

static bool open_bracket(TpsJsonStream *stream, bool is_object, GError **error)
{
    guint i = stream->depth;

    if (stream->depth == TPS_JSON_DEPTH)
        return fail(stream, "it is nested too deeply", error);
    stream->is_object[i / 8] &= (guint8) ~(1U << i % 8);
    stream->is_object[i / 8] |= (guint8)((guint)is_object << i % 8);
    stream->depth++;
    stream->state = is_object ? STATE_KEY_OR_END : STATE_VALUE_OR_END;
    return say(stream, is_object ? TPS_JSON_OBJECT : TPS_JSON_ARRAY, error);
}

static bool close_bracket(TpsJsonStream *stream, bool is_object, GError **error)
{
    if (stream->depth == 0 || in_object(stream) != is_object)
        return fail(stream, "not JSON", error);
    stream->depth--;
    end_value(stream);
    return say(stream, is_object ? TPS_JSON_OBJECT_END : TPS_JSON_ARRAY_END, error);
}

static void begin_string(TpsJsonStream *stream, bool is_key)
{
    stream->is_key = is_key;
    stream->is_cut = false;
    stream->state = STATE_STRING;
}

static void add_bytes(TpsJsonStream *stream, const char *bytes, size_t length)
{
    size_t room = TPS_JSON_STRING_BYTES - MIN(TPS_JSON_STRING_BYTES, stream->text->len);

    g_string_append_len(stream->text, bytes, (gssize)MIN(length, room));
    stream->is_cut |= length > room;
}

static void add_character(TpsJsonStream *stream, gunichar character)
{
    char bytes[6];

    add_bytes(stream, bytes, (size_t)g_unichar_to_utf8(character, bytes));
}

/* A high half that no low one follows. */
static void end_pair(TpsJsonStream *stream)
{
    if (stream->high)
        add_character(stream, REPLACEMENT);
    stream->high = 0;
}

static bool end_string(TpsJsonStream *stream, GError **error)
{
    end_pair(stream);
    stream->n_cut += stream->is_cut;
    if (stream->is_key)
        stream->state = STATE_COLON;
    else
        end_value(stream);
    return say(stream, stream->is_key ? TPS_JSON_KEY : TPS_JSON_STRING, error);
}

static void end_hex(TpsJsonStream *stream)
{
    guint unit = stream->unit;

    stream->state = STATE_STRING;
    if (unit >= 0xDC00 && unit <= 0xDFFF && stream->high) {
        add_character(stream, 0x10000 + ((stream->high - 0xD800) << 10) + (unit - 0xDC00));
        stream->high = 0;
        return;
    }
    end_pair(stream);
    if (unit >= 0xD800 && unit <= 0xDBFF)
        stream->high = unit;
    else
        add_character(stream, unit == 0 || (unit >= 0xDC00 && unit <= 0xDFFF) ? REPLACEMENT : unit);
}

static bool take_hex(TpsJsonStream *stream, char c, GError **error)
{
    int digit = g_ascii_xdigit_value(c);

    if (digit < 0)
        return fail(stream, "not JSON: no hexadecimal digit", error);
    stream->unit = stream->unit * 16 + (guint)digit;
    if (++stream->n_hex == 4)
        end_hex(stream);
    return true;
}

static bool take_escape(TpsJsonStream *stream, char c, GError **error)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    const char *found = c ? strchr(names, c) : NULL;

    if (c == 'u') {
        stream->unit = 0;
        stream->n_hex = 0;
        stream->state = STATE_HEX;
        return true;
    }
    if (!found)
        return fail(stream, "not JSON: an unknown escape", error);
    end_pair(stream);
    add_bytes(stream, &meanings[found - names], 1);
    stream->state = STATE_STRING;
    return true;
}

static bool is_number(const char *text)
{
    const char *at = text + (*text == '-');
    char *end;

    if (!g_ascii_isdigit(*at) ||
        (*at == '0' && g_ascii_isalnum(at[1]) && at[1] != 'e' && at[1] != 'E'))
        return false;
    g_ascii_strtod(text, &end);
    return *end == '\0' && end[-1] != '.';
}

static bool end_literal(TpsJsonStream *stream, GError **error)
{
    static const struct {
        const char *word;
        TpsJsonToken token;
    } words[] = {{"true", TPS_JSON_TRUE},     {"false", TPS_JSON_FALSE},
                 {"null", TPS_JSON_NULL},     {"NaN", TPS_JSON_NULL},
                 {"Infinity", TPS_JSON_NULL}, {"-Infinity", TPS_JSON_NULL}};

    end_value(stream);
    if (is_number(stream->text->str))
        return say(stream, TPS_JSON_NUMBER, error);
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(stream->text->str, words[i].word) == 0) {
            g_string_truncate(stream->text, 0);
            return say(stream, words[i].token, error);
        }
    return fail(stream, "not JSON", error);
}

static bool may_be_literal(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '+' || c == '.';
}

static bool begin_value(TpsJsonStream *stream, char c, GError **error)
{
    if (c == '{' || c == '[')
        return open_bracket(stream, c == '{', error);
    if (c == '"') {
        begin_string(stream, false);
        return true;
    }
    if (!may_be_literal(c))
        return fail(stream, "not JSON", error);
    g_string_append_c(stream->text, c);
    stream->state = STATE_LITERAL;
    return true;
}

static bool begin_key(TpsJsonStream *stream, char c, GError **error)
{
    if (c != '"')
        return fail(stream, "not JSON", error);
    begin_string(stream, true);
    return true;
}

static bool take_next(TpsJsonStream *stream, char c, GError **error)
{
    if (c == '}' || c == ']')
        return close_bracket(stream, c == '}', error);
    if (c != ',')
        return fail(stream, "not JSON", error);
    stream->state = in_object(stream) ? STATE_KEY : STATE_VALUE;
    return true;
}

/* Between tokens. */
static bool take_structure(TpsJsonStream *stream, char c, GError **error)
{
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        return true;
    switch (stream->state) {
    case STATE_VALUE_OR_END:
        return c == ']' ? close_bracket(stream, false, error) : begin_value(stream, c, error);
    case STATE_KEY_OR_END:
        return c == '}' ? close_bracket(stream, true, error) : begin_key(stream, c, error);
    case STATE_KEY:
        return begin_key(stream, c, error);
    case STATE_COLON:
        stream->state = STATE_VALUE;
        return c == ':' || fail(stream, "not JSON", error);
    case STATE_NEXT:
        return take_next(stream, c, error);
    case STATE_DONE:
        return fail(stream, "not JSON: something stands behind the document", error);
    case STATE_VALUE:
    case STATE_STRING:
    case STATE_ESCAPE:
    case STATE_HEX:
    case STATE_LITERAL:
        break;
    }
    return begin_value(stream, c, error);
}

/* How many bytes from `at` on are plain parts of the string at hand. */
static size_t plain_length(const char *at, const char *end)
{
    const char *p = at;

    while (p < end && *p != '"' && *p != '\\' && *p != '\n' && *p != '\0')
        p++;
    return (size_t)(p - at);
}

static bool take_in_string(TpsJsonStream *stream, char c, GError **error)
{
    if (c == '"')
        return end_string(stream, error);
    if (c == '\\') {
        stream->state = STATE_ESCAPE;
        return true;
    }
    end_pair(stream);
    if (c == '\0')
        add_character(stream, REPLACEMENT);
    else
        add_bytes(stream, &c, 1);
    return true;
}

static bool take_in_literal(TpsJsonStream *stream, char c, GError **error)
{
    if (!may_be_literal(c))
        return end_literal(stream, error) && take_structure(stream, c, error);
    if (stream->text->len == LITERAL_MAX)
        return fail(stream, "not JSON", error);
    g_string_append_c(stream->text, c);
    return true;
}

static bool take(TpsJsonStream *stream, char c, GError **error)
{
    if (stream->state == STATE_STRING)
        return take_in_string(stream, c, error);
    if (stream->state == STATE_ESCAPE)
        return take_escape(stream, c, error);
    if (stream->state == STATE_HEX)
        return take_hex(stream, c, error);
    if (stream->state == STATE_LITERAL)
        return take_in_literal(stream, c, error);
    return take_structure(stream, c, error);
}

static void step(TpsJsonStream *stream, char c)
{
    stream->column++;
    if (c == '\n') {
        stream->line++;
        stream->column = 1;
    }
}

bool tps_json_stream_feed(TpsJsonStream *stream, const char *bytes, size_t length, GError **error)
{
    const char *end = bytes + length;

    while (bytes < end) {
        size_t plain = stream->state == STATE_STRING ? plain_length(bytes, end) : 0;

        if (plain > 0) {
            end_pair(stream);
            add_bytes(stream, bytes, plain);
            stream->column += plain;
            bytes += plain;
            continue;
        }
        if (!take(stream, *bytes, error))
            return false;
        step(stream, *bytes++);
    }
    return true;
}

bool tps_json_stream_finish(TpsJsonStream *stream, GError **error)
{
    if (stream->state == STATE_LITERAL && stream->depth == 0 && !end_literal(stream, error))
        return false;
    return stream->state == STATE_DONE || fail(stream, "not JSON: it ends too early", error);
}
