/* SPDX-License-Identifier: MIT */
#include "fuzz/fuzz.h"

#include "core/crc32.h"
#include "formats/journal.h"

#include <string.h>

/* What was read is written as a line that is read as the same. */
static void check_round_trip(const TpsPartReport *report)
{
    g_autoptr(GString) once = tps_record_format_report(report);
    g_autoptr(GString) twice = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(TpsRecord) record = {0};

    g_assert_true(tps_record_parse(once->str, once->len - 1, true, &record, &error));
    twice = tps_record_format_report(record.report);
    g_assert_cmpstr(once->str, ==, twice->str);
}

static void check_line(const char *line, size_t length)
{
    g_auto(TpsRecord) record = {0};
    g_auto(TpsRecord) less = {0};
    g_autoptr(GError) error = NULL;
    bool read = tps_record_parse(line, length, true, &record, &error);

    g_assert_true(read == (error == NULL));
    g_assert_true(read == tps_record_parse(line, length, false, &less, NULL));
    if (record.report)
        check_round_trip(record.report);
    g_assert_true(!record.report || record.report->done == (record.kind == TPS_RECORD_END));
}

/* Few inputs are sealed by chance: each line is looked at as it is, and as if it were. */
static void check_sealed(const char *line, size_t length)
{
    g_autoptr(GString) sealed = g_string_new_len(line, (gssize)length);

    g_string_append_printf(sealed, ",\"crc32\":\"%08x\"}", tps_crc32(0, line, length));
    check_line(sealed->str, sealed->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *at = (const char *)data;
    const char *end = at + size;

    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((newline ? newline : end) - at);

        check_line(at, length);
        check_sealed(at, length);
        at += length + 1;
    }
    return 0;
}
