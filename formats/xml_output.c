/* SPDX-License-Identifier: MIT */
#include "formats/xml_mend_internal.h"

#include <string.h>

#define ANCHORS_MAX 4096 /* behind that many repairs in one piece a column may be off */

void tps_xml_place_advance(TpsXmlPlace *place, char byte)
{
    bool second_half = byte == '\n' && place->after_cr;

    place->after_cr = byte == '\r';
    if (second_half)
        return;
    if (byte == '\n' || byte == '\r') {
        place->line++;
        place->column = 0;
    } else if ((byte & 0xC0) != 0x80) {
        place->column++;
    }
}

void tps_xml_place_advance_run(TpsXmlPlace *place, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    const char *line;

    place->after_cr = false;
    while ((line = memchr(bytes, '\n', (size_t)(end - bytes)))) {
        place->line++;
        place->column = 0;
        bytes = line + 1;
    }
    place->column += end - bytes;
}

static void set_anchor(TpsXmlMend *mend, const TpsXmlPlace *input)
{
    TpsXmlAnchor anchor = {.output = mend->out, .input = *input};

    if (mend->anchors->len < ANCHORS_MAX)
        g_array_append_val(mend->anchors, anchor);
    mend->moved = false;
}

static bool is_before(const TpsXmlPlace *place, int64_t line, int64_t column)
{
    return place->line < line || (place->line == line && place->column <= column);
}

TpsXmlPlace tps_xml_mend_locate(const TpsXmlMend *mend, int64_t line, int64_t column)
{
    const TpsXmlAnchor *anchor = NULL;
    TpsXmlPlace place = mend->in;

    for (guint i = mend->anchors->len; i > 0 && !anchor; i--) {
        const TpsXmlAnchor *candidate = &g_array_index(mend->anchors, TpsXmlAnchor, i - 1);

        if (is_before(&candidate->output, line, column))
            anchor = candidate;
    }
    if (!anchor)
        return place;
    place.line = anchor->input.line + line - anchor->output.line;
    place.column = column;
    if (anchor->output.line == line)
        place.column += anchor->input.column - anchor->output.column;
    return place;
}

void tps_xml_mend_emit(TpsXmlMend *mend, const TpsXmlPlace *at, const char *bytes, size_t length)
{
    if (mend->moved)
        set_anchor(mend, at);
    for (size_t i = 0; i < length; i++)
        tps_xml_place_advance(&mend->out, bytes[i]);
    g_string_append_len(mend->output, bytes, (gssize)length);
    mend->n_brackets = 0;
}

void tps_xml_mend_emit_plain(TpsXmlMend *mend, const char *bytes, size_t length)
{
    if (mend->moved)
        set_anchor(mend, &mend->in);
    tps_xml_place_advance_run(&mend->out, bytes, length);
    g_string_append_len(mend->output, bytes, (gssize)length);
    mend->n_brackets = 0;
    mend->slash = false;
}

void tps_xml_mend_emit_instead(TpsXmlMend *mend, const char *bytes)
{
    tps_xml_mend_emit(mend, &mend->in, bytes, strlen(bytes));
    mend->moved = true;
    mend->repairs++;
}

size_t tps_xml_mend_ready(const TpsXmlMend *mend)
{
    return mend->in_tag ? mend->tag_start : mend->output->len;
}

void tps_xml_mend_drop(TpsXmlMend *mend, size_t length)
{
    g_string_erase(mend->output, 0, (gssize)length);
    mend->tag_start = 0;
    if (!mend->in_tag && mend->anchors->len > 1)
        g_array_remove_range(mend->anchors, 0, mend->anchors->len - 1);
}

void tps_xml_mend_next_document(TpsXmlMend *mend)
{
    mend->out = (TpsXmlPlace){.line = 1};
    mend->document++;
    mend->declared = false;
    mend->ascii_only = false;
    g_array_set_size(mend->anchors, 0);
    mend->moved = true;
}
