/* SPDX-License-Identifier: MIT */
#include "formats/xml_mend_internal.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"     /* U+FFFD */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF" /* U+FEFF */

/* Bytes that mean something besides controls and what is not ASCII; those stop every state. */
static const char *const stop_bytes[TPS_XML_N_STATES] = {
    [TPS_XML_TEXT] = "<&]>", [TPS_XML_TAG] = "<>\"'=/", [TPS_XML_VALUE] = "<&\"'",
    [TPS_XML_CDATA] = "]>",  [TPS_XML_COMMENT] = "->",  [TPS_XML_INSTRUCTION] = NULL,
};

bool tps_xml_is_char(gunichar c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void init_stops(TpsXmlMend *mend)
{
    for (int state = 0; state < TPS_XML_N_STATES; state++) {
        const char *bytes = stop_bytes[state];

        for (int byte = 0; byte < 256; byte++)
            mend->stops[state][byte] = !bytes || byte >= 0x80 || (byte < 0x20 && byte != '\t');
        for (; bytes && *bytes; bytes++)
            mend->stops[state][(guchar)*bytes] = true;
    }
}

void tps_xml_mend_init(TpsXmlMend *mend)
{
    *mend = (TpsXmlMend){.in = {.line = 1}, .out = {.line = 1}, .moved = true};
    mend->output = g_string_new(NULL);
    mend->anchors = g_array_new(FALSE, FALSE, sizeof(TpsXmlAnchor));
    init_stops(mend);
}

void tps_xml_mend_clear(TpsXmlMend *mend)
{
    g_string_free(mend->output, TRUE);
    g_array_unref(mend->anchors);
}

static TpsXmlEvent refuse(TpsXmlMend *mend, const TpsXmlPlace *at, const char *why)
{
    mend->refusal = why;
    mend->refused_at = *at;
    return TPS_XML_REFUSED;
}

static TpsXmlEvent emit_byte(TpsXmlMend *mend, char byte)
{
    tps_xml_mend_emit(mend, &mend->in, &byte, 1);
    return TPS_XML_MORE;
}

/* A '<' or '&' was met: what it starts is decided later. */
static TpsXmlEvent start_markup(TpsXmlMend *mend, char byte, TpsXmlState state)
{
    mend->before = mend->state;
    mend->state = state;
    mend->markup_at = mend->in;
    mend->n_held = 0;
    mend->run = 0;
    tps_xml_mend_hold(mend, byte);
    return TPS_XML_MORE;
}

static TpsXmlState state_of_content(const TpsXmlMend *mend)
{
    return mend->depth > 0 ? TPS_XML_TEXT : TPS_XML_OUTSIDE;
}

/* States: each takes one byte that is a stop in it */

static TpsXmlEvent take_outside(TpsXmlMend *mend, char byte)
{
    if (byte == '<')
        return start_markup(mend, byte, TPS_XML_OPEN);
    if (!is_space(byte))
        return refuse(mend, &mend->in, "text outside of an element");
    mend->moved = true;
    return TPS_XML_MORE;
}

static TpsXmlEvent take_text(TpsXmlMend *mend, char byte)
{
    int n_brackets = mend->n_brackets;

    if (byte == '<')
        return start_markup(mend, byte, TPS_XML_OPEN);
    if (byte == '&')
        return start_markup(mend, byte, TPS_XML_REFERENCE);
    if (byte == '>' && n_brackets >= 2)
        tps_xml_mend_emit_instead(mend, "&gt;");
    else
        emit_byte(mend, byte);
    if (byte == ']')
        mend->n_brackets = n_brackets + 1;
    return TPS_XML_MORE;
}

static TpsXmlEvent start_tag(TpsXmlMend *mend, char first)
{
    mend->state = TPS_XML_TAG;
    mend->in_tag = true;
    mend->tag_start = mend->output->len;
    mend->closing = first == '/';
    mend->slash = false;
    mend->n_attributes = 0;
    tps_xml_mend_emit(mend, &mend->markup_at, "<", 1);
    return TPS_XML_AGAIN;
}

/* Behind "<!": a comment, a CDATA section, or what is refused. */
static TpsXmlEvent start_section(TpsXmlMend *mend)
{
    if (strcmp(mend->held, "<!--") == 0) {
        mend->state = TPS_XML_COMMENT;
    } else if (strcmp(mend->held, "<![CDATA[") == 0 && mend->depth > 0) {
        mend->state = TPS_XML_CDATA;
        tps_xml_mend_emit(mend, &mend->markup_at, mend->held, mend->n_held);
    } else if (strcmp(mend->held, "<!DOCTYPE") == 0) {
        return refuse(mend, &mend->markup_at, "DOCTYPE is refused");
    } else if (!g_str_has_prefix("<!--", mend->held) &&
               !g_str_has_prefix("<![CDATA[", mend->held) &&
               !g_str_has_prefix("<!DOCTYPE", mend->held)) {
        return refuse(mend, &mend->markup_at, "not well-formed");
    }
    return TPS_XML_MORE;
}

static TpsXmlEvent take_open(TpsXmlMend *mend, char byte)
{
    if (mend->n_held == 1 && byte != '!' && byte != '?')
        return start_tag(mend, byte);
    tps_xml_mend_hold(mend, byte);
    if (mend->held[1] == '!')
        return start_section(mend);
    mend->state = TPS_XML_INSTRUCTION;
    return TPS_XML_MORE;
}

/* The rest could be swallowed up to the next quote: let the parser complain about this one now. */
static TpsXmlEvent give_up(TpsXmlMend *mend)
{
    mend->in_tag = false;
    return TPS_XML_BROKEN;
}

static TpsXmlEvent end_tag(TpsXmlMend *mend)
{
    int depth = mend->depth;

    if (mend->closing)
        depth = MAX(depth - 1, 0);
    else if (!mend->slash)
        depth++;
    if (depth > TPS_XML_DEPTH_MAX)
        return refuse(mend, &mend->markup_at,
                      "more than " G_STRINGIFY(TPS_XML_DEPTH_MAX) " elements inside each other");
    mend->depth = depth;
    mend->in_tag = false;
    mend->state = state_of_content(mend);
    return depth == 0 ? TPS_XML_DOCUMENT_END : TPS_XML_MORE;
}

static TpsXmlEvent take_tag(TpsXmlMend *mend, char byte)
{
    emit_byte(mend, byte);
    if (byte == '>')
        return end_tag(mend);
    if (byte == '<')
        return give_up(mend);
    mend->slash = byte == '/';
    if (byte == '"' || byte == '\'') {
        mend->state = TPS_XML_VALUE;
        mend->quote = byte;
    }
    if (byte == '=' && ++mend->n_attributes > TPS_XML_ATTRIBUTES_MAX)
        return refuse(mend, &mend->markup_at,
                      "more than " G_STRINGIFY(TPS_XML_ATTRIBUTES_MAX) " attributes");
    return TPS_XML_MORE;
}

static TpsXmlEvent take_value(TpsXmlMend *mend, char byte)
{
    if (byte == '&')
        return start_markup(mend, byte, TPS_XML_REFERENCE);
    emit_byte(mend, byte);
    if (byte == '<')
        return give_up(mend);
    if (byte == mend->quote)
        mend->state = TPS_XML_TAG;
    return TPS_XML_MORE;
}

static TpsXmlEvent take_cdata(TpsXmlMend *mend, char byte)
{
    int n_brackets = mend->n_brackets;

    emit_byte(mend, byte);
    if (byte == ']')
        mend->n_brackets = n_brackets + 1;
    else if (byte == '>' && n_brackets >= 2)
        mend->state = TPS_XML_TEXT;
    return TPS_XML_MORE;
}

/* "--" is only allowed at the end of a comment. */
static TpsXmlEvent take_comment(TpsXmlMend *mend, char byte)
{
    mend->moved = true;
    if (byte == '>' && mend->run >= 2)
        mend->state = state_of_content(mend);
    mend->repairs += byte == '>' ? mend->run > 2 : byte != '-' && mend->run >= 2;
    mend->run = byte == '-' ? mend->run + 1 : 0;
    return TPS_XML_MORE;
}

/* A declaration is the very first thing, but for a byte order mark. */
static bool is_at_start(const TpsXmlMend *mend)
{
    return mend->document > 0 || (mend->markup_at.line == 1 && mend->markup_at.column <= mend->bom);
}

static TpsXmlEvent end_instruction(TpsXmlMend *mend)
{
    bool declaration =
        g_str_has_prefix(mend->held, "<?xml") && (is_space(mend->held[5]) || mend->held[5] == '?');

    mend->state = state_of_content(mend);
    if (!declaration) {
        mend->repairs += !tps_xml_instruction_is_sound(mend->held);
        return TPS_XML_MORE;
    }
    if (mend->depth > 0)
        return refuse(mend, &mend->markup_at, "a document starts before the last one ended");
    mend->repairs +=
        mend->declared || !is_at_start(mend) || !tps_xml_declaration_is_sound(mend->held);
    mend->declared = true;
    return TPS_XML_ENCODING;
}

static TpsXmlEvent take_instruction(TpsXmlMend *mend, char byte)
{
    mend->moved = true;
    tps_xml_mend_hold(mend, byte);
    if (byte == '>' && mend->run)
        return end_instruction(mend);
    mend->run = byte == '?';
    return TPS_XML_MORE;
}

static TpsXmlEvent (*const takers[TPS_XML_N_STATES])(TpsXmlMend *mend, char byte) = {
    [TPS_XML_OUTSIDE] = take_outside,
    [TPS_XML_TEXT] = take_text,
    [TPS_XML_OPEN] = take_open,
    [TPS_XML_TAG] = take_tag,
    [TPS_XML_VALUE] = take_value,
    [TPS_XML_CDATA] = take_cdata,
    [TPS_XML_COMMENT] = take_comment,
    [TPS_XML_INSTRUCTION] = take_instruction,
    [TPS_XML_REFERENCE] = tps_xml_mend_take_reference,
    [TPS_XML_ESCAPE] = tps_xml_mend_take_escape,
};

/* Characters */

static size_t length_from_lead(guchar lead)
{
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if ((lead & 0xF0) == 0xE0)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

static bool is_byte_order_mark(const char *bytes, size_t length)
{
    return length == strlen(BYTE_ORDER_MARK) && memcmp(bytes, BYTE_ORDER_MARK, length) == 0;
}

static TpsXmlEvent take_outside_character(TpsXmlMend *mend, const char *bytes, size_t length)
{
    if (!is_byte_order_mark(bytes, length))
        return refuse(mend, &mend->char_at, "text outside of an element");
    if (mend->char_at.line == 1 && mend->char_at.column == 0)
        mend->bom = 1;
    mend->moved = true;
    return TPS_XML_MORE;
}

static bool state_drops_characters(TpsXmlState state)
{
    return state == TPS_XML_COMMENT || state == TPS_XML_INSTRUCTION;
}

/* The bytes of one character, or what could have become one. */
static TpsXmlEvent take_character(TpsXmlMend *mend, const char *bytes, size_t length)
{
    bool whole = g_utf8_validate_len(bytes, length, NULL);
    bool valid = whole && tps_xml_is_char(g_utf8_get_char(bytes));

    if (mend->state == TPS_XML_OUTSIDE)
        return take_outside_character(mend, bytes, length);
    mend->repairs += valid && mend->ascii_only;
    if (state_drops_characters(mend->state)) {
        mend->repairs += !valid;
        mend->moved = true;
        mend->run = 0;
        tps_xml_mend_hold(mend, '\x7F');
    } else if (valid) {
        tps_xml_mend_emit(mend, &mend->char_at, bytes, length);
    } else {
        for (size_t i = 0; i < (whole ? 1 : length); i++)
            tps_xml_mend_emit_instead(mend, REPLACEMENT);
    }
    return TPS_XML_MORE;
}

/* One byte of a character of several; a byte that doesn't fit is shown again, alone. */
static TpsXmlEvent take_multibyte(TpsXmlMend *mend, char byte)
{
    size_t length = mend->n_utf8;

    if (length == 0) {
        mend->char_at = mend->in;
        mend->utf8_length = length_from_lead((guchar)byte);
        if (mend->utf8_length == 0)
            return take_character(mend, &byte, 1);
    } else if ((byte & 0xC0) != 0x80) {
        TpsXmlEvent event = take_character(mend, mend->utf8, length);

        mend->n_utf8 = 0;
        return event == TPS_XML_MORE ? TPS_XML_AGAIN : event;
    }
    mend->utf8[mend->n_utf8++] = byte;
    if (mend->n_utf8 < mend->utf8_length)
        return TPS_XML_MORE;
    mend->n_utf8 = 0;
    return take_character(mend, mend->utf8, length + 1);
}

/* What is not yet decided is not looked at as characters. */
static bool state_has_characters(TpsXmlState state)
{
    return state != TPS_XML_OPEN && state != TPS_XML_REFERENCE && state != TPS_XML_ESCAPE;
}

static bool state_has_text(TpsXmlState state)
{
    return state == TPS_XML_TEXT || state == TPS_XML_VALUE || state == TPS_XML_CDATA;
}

/* An ASCII character that XML can't hold. */
static TpsXmlEvent take_control(TpsXmlMend *mend, char byte)
{
    mend->char_at = mend->in;
    if (byte != TPS_XML_ESC || !state_has_text(mend->state))
        return take_character(mend, &byte, 1);
    mend->before = mend->state;
    return tps_xml_mend_start_escape(mend);
}

static TpsXmlEvent take(TpsXmlMend *mend, char byte)
{
    if (state_has_characters(mend->state)) {
        if (mend->n_utf8 > 0 || (byte & 0x80))
            return take_multibyte(mend, byte);
        if (!tps_xml_is_char((guchar)byte))
            return take_control(mend, byte);
    }
    return takers[mend->state](mend, byte);
}

/* Most bytes mean nothing: they are passed on in runs. */
static size_t plain_length(const TpsXmlMend *mend, const char *bytes, const char *end)
{
    const bool *stops = mend->stops[mend->state];
    const char *byte = bytes;

    while (byte < end && !stops[(guchar)*byte])
        byte++;
    return (size_t)(byte - bytes);
}

/* The same inside a tag, from attribute to attribute; the state is that behind them. */
static size_t attributes_length(TpsXmlMend *mend, const char *bytes, const char *end)
{
    const bool *in_tag = mend->stops[TPS_XML_TAG];
    const bool *in_value = mend->stops[TPS_XML_VALUE];
    const char *byte = bytes;

    for (; byte < end; byte++) {
        guchar c = (guchar)*byte;
        bool quote = c == '"' || c == '\'';

        if (mend->state == TPS_XML_VALUE) {
            if (*byte == mend->quote)
                mend->state = TPS_XML_TAG;
            else if (in_value[c] && !quote)
                break;
        } else if (quote) {
            mend->state = TPS_XML_VALUE;
            mend->quote = *byte;
        } else if (c == '=' && mend->n_attributes < TPS_XML_ATTRIBUTES_MAX) {
            mend->n_attributes++;
        } else if (in_tag[c]) {
            break;
        }
    }
    return (size_t)(byte - bytes);
}

/* And in a text, from line to line; the first of them may be the second half of a line break. */
static size_t lines_length(TpsXmlMend *mend, const char *bytes, const char *end)
{
    const bool *stops = mend->stops[mend->state];
    const char *byte = bytes;

    while (byte < end && (!stops[(guchar)*byte] || (*byte == '\n' && byte > bytes)))
        byte++;
    return (size_t)(byte - bytes);
}

static size_t run_length(TpsXmlMend *mend, const char *bytes, const char *end)
{
    if (mend->n_utf8 > 0)
        return 0;
    if (mend->state == TPS_XML_TAG || mend->state == TPS_XML_VALUE)
        return attributes_length(mend, bytes, end);
    if (mend->state == TPS_XML_TEXT || mend->state == TPS_XML_CDATA)
        return lines_length(mend, bytes, end);
    return plain_length(mend, bytes, end);
}

static void take_plain(TpsXmlMend *mend, const char *bytes, size_t length)
{
    if (mend->state == TPS_XML_COMMENT) {
        mend->repairs += mend->run >= 2;
        mend->run = 0;
    } else {
        tps_xml_mend_emit_plain(mend, bytes, length);
    }
    tps_xml_place_advance_run(&mend->in, bytes, length);
}

TpsXmlEvent tps_xml_mend_take(TpsXmlMend *mend, const char **bytes, const char *end)
{
    TpsXmlEvent event = TPS_XML_MORE;

    while (*bytes < end && event <= TPS_XML_AGAIN) {
        size_t length = run_length(mend, *bytes, end);

        if (length > 0) {
            take_plain(mend, *bytes, length);
            *bytes += length;
        } else {
            event = take(mend, **bytes);
            if (event != TPS_XML_AGAIN)
                tps_xml_place_advance(&mend->in, *(*bytes)++);
        }
        if (mend->in_tag && mend->output->len - mend->tag_start > TPS_XML_TAG_BYTES_MAX)
            return refuse(mend, &mend->markup_at, "a tag of more than 8 MiB");
    }
    return event == TPS_XML_AGAIN ? TPS_XML_MORE : event;
}
