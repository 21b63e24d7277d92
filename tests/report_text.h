/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/report/writers.h"

#include <check.h>

/* A report as one of the formats writes it. Caller frees. */
static inline char *report_text(const TpsReport *report, const char *format)
{
    const TpsReportWriter *writer = tps_report_writer_find(format, NULL);
    const TpsReportLook look = {.reproduce = "tpsched run -p plan.json"};
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    TpsSink *sink = tps_sink_of(stream);

    ck_assert_ptr_nonnull(writer);
    ck_assert(writer->write(report, &look, sink, NULL));
    ck_assert(tps_sink_close(sink, NULL));
    fclose(stream);
    return text;
}
