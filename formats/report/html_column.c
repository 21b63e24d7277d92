/* SPDX-License-Identifier: MIT */
#include "formats/report/html_column.h"

#include <string.h>
#include <zlib.h>

/* So much is collected before it is packed. */
#define COLLECT_BYTES 8192

struct TpsHtmlColumn {
    z_stream packer;
    bool ended;
    GByteArray *packed;
    size_t n_collected;
    guint8 collected[COLLECT_BYTES];
};

TpsHtmlColumn *tps_html_column_new(void)
{
    TpsHtmlColumn *column = g_new0(TpsHtmlColumn, 1);

    /* It can only fail for want of memory, which is the end, as everywhere else. */
    if (deflateInit(&column->packer, Z_DEFAULT_COMPRESSION) != Z_OK)
        g_error("no memory to pack a report");
    column->packed = g_byte_array_new();
    return column;
}

void tps_html_column_free(TpsHtmlColumn *column)
{
    if (!column)
        return;
    if (!column->ended)
        deflateEnd(&column->packer);
    g_byte_array_unref(column->packed);
    g_free(column);
}

static void pack(TpsHtmlColumn *column, int flush)
{
    guint8 out[COLLECT_BYTES];

    column->packer.next_in = column->collected;
    column->packer.avail_in = (uInt)column->n_collected;
    do {
        column->packer.next_out = out;
        column->packer.avail_out = sizeof out;
        deflate(&column->packer, flush);
        g_byte_array_append(column->packed, out, (guint)sizeof out - column->packer.avail_out);
    } while (column->packer.avail_out == 0);
    column->n_collected = 0;
}

void tps_html_column_bytes(TpsHtmlColumn *column, const void *bytes, size_t length)
{
    const guint8 *from = bytes;

    while (length > 0) {
        size_t n = MIN(length, COLLECT_BYTES - column->n_collected);

        memcpy(column->collected + column->n_collected, from, n);
        column->n_collected += n;
        from += n;
        length -= n;
        if (column->n_collected == COLLECT_BYTES)
            pack(column, Z_NO_FLUSH);
    }
}

void tps_html_column_number(TpsHtmlColumn *column, uint64_t value)
{
    guint8 bytes[10];
    size_t n = 0;

    while (value > 127) {
        bytes[n++] = (guint8)(value | 128);
        value >>= 7;
    }
    bytes[n++] = (guint8)value;
    tps_html_column_bytes(column, bytes, n);
}

void tps_html_column_signed(TpsHtmlColumn *column, int64_t value)
{
    const int64_t most = (INT64_C(1) << 52) - 1;
    int64_t kept = CLAMP(value, -most, most);

    tps_html_column_number(column, kept < 0 ? 2 * (uint64_t)-kept - 1 : 2 * (uint64_t)kept);
}

void tps_html_column_end(TpsHtmlColumn *column)
{
    if (column->ended)
        return;
    pack(column, Z_FINISH);
    deflateEnd(&column->packer);
    column->ended = true;
}

size_t tps_html_column_size(const TpsHtmlColumn *column)
{
    return column->packed->len;
}

void tps_html_column_write(TpsHtmlColumn *column, const char *id, TpsSink *sink)
{
    char text[COLLECT_BYTES * 2];
    gint state = 0;
    gint save = 0;
    gsize n;

    tps_html_column_end(column);
    tps_sink_printf(sink, "<script type=\"application/octet-stream\" id=\"d-%s\">", id);
    for (guint at = 0; at < column->packed->len; at += COLLECT_BYTES) {
        gsize length = MIN(COLLECT_BYTES, column->packed->len - at);

        n = g_base64_encode_step(column->packed->data + at, length, FALSE, text, &state, &save);
        tps_sink_write(sink, text, n);
    }
    n = g_base64_encode_close(FALSE, text, &state, &save);
    tps_sink_write(sink, text, n);
    tps_sink_text(sink, "</script>\n");
}
