/* SPDX-License-Identifier: MIT */
#include "formats/json_rows.h"

TpsJsonRows tps_json_rows_new(TpsSink *sink)
{
    return (TpsJsonRows){.sink = sink, .line = g_string_new(NULL), .first = true};
}

void tps_json_rows_clear(TpsJsonRows *rows)
{
    g_string_free(rows->line, TRUE);
}

static void drop_comma(GString *line)
{
    if (line->len > 0 && line->str[line->len - 1] == ',')
        g_string_truncate(line, line->len - 1);
}

static void separate(TpsJsonRows *rows)
{
    if (tps_sink_bytes(rows->sink) > 0)
        tps_sink_text(rows->sink, rows->first ? "\n" : ",\n");
}

static void write_line(TpsJsonRows *rows)
{
    tps_sink_write(rows->sink, rows->line->str, rows->line->len);
    g_string_truncate(rows->line, 0);
}

void tps_json_rows_put(TpsJsonRows *rows)
{
    drop_comma(rows->line);
    separate(rows);
    write_line(rows);
    rows->first = false;
}

void tps_json_rows_begin(TpsJsonRows *rows, const char *name, char bracket)
{
    tps_json_line_open(rows->line, name, bracket);
    separate(rows);
    write_line(rows);
    rows->first = true;
}

void tps_json_rows_end(TpsJsonRows *rows, const char *closing)
{
    drop_comma(rows->line);
    tps_sink_write(rows->sink, closing, 1);
    if (rows->line->len > 0)
        tps_sink_write(rows->sink, ",", 1);
    write_line(rows);
    tps_sink_text(rows->sink, closing + 1);
    rows->first = false;
}
