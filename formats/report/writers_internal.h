/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/report/writers.h"

/* One for each file of this folder. */
extern const TpsReportWriter tps_report_writer_junit;
extern const TpsReportWriter tps_report_writer_json;
extern const TpsReportWriter tps_report_writer_ctrf;
extern const TpsReportWriter tps_report_writer_tap;
extern const TpsReportWriter tps_report_writer_testplan;
extern const TpsReportWriter tps_report_writer_trace;
extern const TpsReportWriter tps_report_writer_html;
extern const TpsReportWriter tps_report_writer_markdown;
extern const TpsReportWriter tps_report_writer_annotations;
extern const TpsReportWriter tps_report_writer_gitlab;
