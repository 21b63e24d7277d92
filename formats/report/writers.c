/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "core/names.h"
#include "formats/report/writers_internal.h"

#include <string.h>

const TpsReportWriter *const tps_report_writers[] = {
    &tps_report_writer_json,
    &tps_report_writer_junit,
    &tps_report_writer_ctrf,
    &tps_report_writer_tap,
    &tps_report_writer_testplan,
    &tps_report_writer_trace,
    &tps_report_writer_markdown,
    &tps_report_writer_annotations,
    &tps_report_writer_gitlab,
    &tps_report_writer_html,
    NULL,
};

const TpsReportWriter *tps_report_writer_find(const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *list = NULL;

    for (const TpsReportWriter *const *writer = tps_report_writers; *writer; writer++) {
        if (strcmp((*writer)->name, name) == 0)
            return *writer;
        g_ptr_array_add(names, (gpointer)(*writer)->name);
    }
    g_ptr_array_add(names, NULL);
    list = g_strjoinv(", ", (char **)names->pdata);
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "no reports are written as '%s'; there are: %s",
                name, list);
    return NULL;
}

const TpsReportWriter *tps_report_writer_by_suffix(const char *path)
{
    const TpsReportWriter *found = NULL;

    for (const TpsReportWriter *const *writer = tps_report_writers; *writer; writer++)
        if (g_str_has_suffix(path, (*writer)->suffix) &&
            (!found || strlen((*writer)->suffix) > strlen(found->suffix)))
            found = *writer;
    return found;
}

bool tps_report_write_file(const TpsReport *report, const TpsReportWriter *writer,
                           const TpsReportLook *look, const char *path, GError **error)
{
    g_autoptr(TpsSink) sink = tps_sink_open(path, error);

    return sink && writer->write(report, look, sink, error) &&
           tps_sink_close(g_steal_pointer(&sink), error);
}
