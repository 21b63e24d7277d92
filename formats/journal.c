/* SPDX-License-Identifier: MIT */
#include "formats/journal.h"

#include "core/crc32.h"
#include "core/error.h"
#include "formats/chunks_internal.h"
#include "formats/files.h"
#include "formats/json.h"
#include "formats/json_line.h"
#include "formats/lines.h"
#include "formats/part_json.h"

#include <string.h>

/* How a line ends: ,"crc32":"01234567"} */
#define SEAL ",\"crc32\":\""
#define SEAL_LENGTH (sizeof SEAL - 1)
#define CRC_DIGITS 8
#define TAIL_LENGTH (SEAL_LENGTH + CRC_DIGITS + 2)

#define COUNT_MAX 1000000000
#define PID_MAX (INT64_C(1) << 32)
#define LINE_GUESS 1024

static const char *const kind_names[] = {
    [TPS_RECORD_RUN] = "run",
    [TPS_RECORD_RESUME] = "resume",
    [TPS_RECORD_START] = "start",
    [TPS_RECORD_END] = "end",
};

void tps_run_record_free(TpsRunRecord *run)
{
    if (!run)
        return;
    g_free(run->plan_id);
    g_free(run->run_id);
    g_free(run->host);
    g_free(run->supervision);
    g_free(run);
}

void tps_record_clear(TpsRecord *record)
{
    g_clear_pointer(&record->run, tps_run_record_free);
    g_clear_pointer(&record->report, tps_part_report_free);
}

static GString *begin_line(TpsRecordKind kind)
{
    GString *line = g_string_sized_new(LINE_GUESS);

    tps_json_line_open(line, NULL, '{');
    tps_json_line_string(line, "record", kind_names[kind]);
    return line;
}

static void append_crc(GString *line, uint32_t crc)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        g_string_append_c(line, "0123456789abcdef"[crc >> shift & 15]);
}

/* The comma behind the last member is where the seal begins. */
static void end_line(GString *line)
{
    uint32_t crc;

    g_string_truncate(line, line->len - 1);
    crc = tps_crc32(0, line->str, line->len);
    g_string_append_len(line, SEAL, SEAL_LENGTH);
    append_crc(line, crc);
    g_string_append_len(line, "\"}\n", 3);
}

GString *tps_record_format_run(const TpsRunRecord *run, TpsRecordKind kind)
{
    GString *line = begin_line(kind);

    tps_json_line_string(line, "schema", TPS_JOURNAL_SCHEMA);
    tps_json_line_string(line, "plan", run->plan_id);
    if (run->run_id)
        tps_json_line_string(line, "run", run->run_id);
    tps_json_line_int(line, "attempt", run->attempt);
    tps_json_line_string(line, "host", run->host);
    tps_json_line_int(line, "pid", run->pid);
    tps_json_line_int(line, "size", run->size);
    if (run->supervision)
        tps_json_line_string(line, "supervision", run->supervision);
    tps_json_line_seconds(line, "started", run->started_us);
    end_line(line);
    return line;
}

GString *tps_record_format_report(const TpsPartReport *report)
{
    GString *line = begin_line(report->done ? TPS_RECORD_END : TPS_RECORD_START);

    tps_part_json_append(line, report);
    end_line(line);
    return line;
}

static bool fail(GError **error, const char *message)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_INPUT, message);
    return false;
}

/* Byte by byte as it was written? */
static bool is_sealed(const char *line, size_t length)
{
    g_autoptr(GString) expected = g_string_new(SEAL);
    const char *tail = line + length - TAIL_LENGTH;

    if (length < TAIL_LENGTH)
        return false;
    append_crc(expected, tps_crc32(0, line, length - TAIL_LENGTH));
    g_string_append(expected, "\"}");
    return memcmp(tail, expected->str, TAIL_LENGTH) == 0;
}

static bool check_schema(const cJSON *object, GError **error)
{
    const char *schema;

    if (!tps_json_get_string(object, "schema", &schema, error))
        return false;
    if (strcmp(schema, TPS_JOURNAL_SCHEMA) == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "schema '%s' is not '" TPS_JOURNAL_SCHEMA "'",
                schema);
    return false;
}

static bool read_run(const cJSON *object, TpsRunRecord *run, GError **error)
{
    const cJSON *started = cJSON_GetObjectItemCaseSensitive(object, "started");
    int64_t attempt;
    int64_t size;

    if (!check_schema(object, error) ||
        !tps_json_line_get_bytes(object, "plan", &run->plan_id, error) ||
        !tps_json_line_maybe_bytes(object, "run", &run->run_id, error) ||
        !tps_json_line_maybe_bytes(object, "supervision", &run->supervision, error) ||
        !tps_json_line_get_bytes(object, "host", &run->host, error) ||
        !tps_json_get_int(object, "pid", 0, PID_MAX, &run->pid, error) ||
        !tps_json_get_int(object, "attempt", 1, COUNT_MAX, &attempt, error) ||
        !tps_json_get_int(object, "size", 0, COUNT_MAX, &size, error))
        return false;
    run->attempt = (int)attempt;
    run->size = (int)size;
    if (cJSON_IsNumber(started) && started->valuedouble >= 0 && started->valuedouble < 1e11)
        run->started_us = (int64_t)(started->valuedouble * 1e6 + 0.5);
    return true;
}

static TpsRecordKind kind_of(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kind_names); i++)
        if (strcmp(kind_names[i], name) == 0)
            return (TpsRecordKind)i;
    return TPS_RECORD_OTHER;
}

static bool read_record(const cJSON *object, bool whole, TpsRecord *record, GError **error)
{
    switch (record->kind) {
    case TPS_RECORD_RUN:
    case TPS_RECORD_RESUME:
        record->run = g_new0(TpsRunRecord, 1);
        return read_run(object, record->run, error);
    case TPS_RECORD_START:
    case TPS_RECORD_END:
        record->report = tps_part_json_read(object, record->kind == TPS_RECORD_END, whole, error);
        return record->report != NULL;
    case TPS_RECORD_OTHER:
        return true;
    }
    return false;
}

bool tps_record_parse(const char *line, size_t length, bool whole, TpsRecord *record,
                      GError **error)
{
    g_autoptr(cJSON) object = NULL;
    g_auto(TpsRecord) found = {0};
    const char *name;

    if (!is_sealed(line, length))
        return fail(error, "it is not what was written (CRC-32 differs)");
    object = tps_json_parse(line, length, error);
    if (!object || !tps_json_get_string(object, "record", &name, error))
        return false;
    found.kind = kind_of(name);
    if (!read_record(object, whole, &found, error))
        return false;
    *record = found;
    found = (TpsRecord){0};
    return true;
}

/* A journal while it is read. */
typedef struct {
    TpsLines lines;
    bool whole;
    TpsJournalVisitor visit;
    void *user;
    bool told; /* to stop */
} Reading;

static void reading_clear(Reading *reading)
{
    tps_lines_clear(&reading->lines);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

/* A carriage return is none of a record's bytes, and a change as any other. */
static size_t true_length(const TpsLine *line)
{
    return line->length + (line->ended && line->start[line->length] == '\r');
}

static bool visit_line(const TpsLine *line, void *user, GError **error)
{
    Reading *reading = user;
    g_autoptr(GError) why = NULL;
    g_auto(TpsRecord) record = {0};
    TpsJournalLine said = {.text = line->start,
                           .length = true_length(line),
                           .number = (int64_t)reading->lines.n_lines,
                           .torn = !line->ended && reading->lines.n_cut == 0,
                           .why = "its writing was cut short"};

    (void)error;
    if (reading->lines.n_cut > 0)
        said.why = "it is longer than any record";
    else if (line->ended) {
        if (tps_record_parse(said.text, said.length, reading->whole, &record, &why))
            said.record = &record;
        said.why = why ? why->message : NULL;
    }
    reading->told = !reading->visit(&said, reading->user);
    return !reading->told;
}

static bool take_chunk(const char *bytes, size_t length, void *user, GError **error)
{
    Reading *reading = user;

    return tps_lines_feed(&reading->lines, bytes, length, visit_line, reading, error);
}

bool tps_journal_read(const char *path, bool whole, TpsJournalVisitor visit, void *user,
                      GError **error)
{
    g_auto(Reading) reading = {.lines = {.limit = TPS_JOURNAL_RECORD_BYTES, .first = '{'},
                               .whole = whole,
                               .visit = visit,
                               .user = user};

    if (!tps_file_check(path, error))
        return false;
    if (tps_file_read_chunks(path, take_chunk, &reading, error))
        tps_lines_finish(&reading.lines, visit_line, &reading, error);
    else if (!reading.told)
        return false;
    return true;
}
