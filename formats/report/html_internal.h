/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/report.h"
#include "formats/report/html_column.h"
#include "formats/report/writers.h"

#include <cJSON.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A result that wasn't run because enough had failed; the page counts it beside the outcomes. */
#define TPS_HTML_NOT_RUN (TPS_OUTCOME_ERROR + 1)

/* Bad results that are told without the script, too. */
#define TPS_HTML_PLAIN_BAD 50

/* What one can say of a run in numbers. */
typedef struct {
    int64_t wall_us;  /* TPS_TIME_UNKNOWN without times */
    int64_t busy_us;  /* the sum of the tasks' times    */
    int64_t setup_us; /* of that, as far as it is known */
    int64_t teardown_us;
    int64_t again_us; /* of that, attempts after the first */
    int64_t idle_us;  /* of all workers until the end      */
    int64_t tail_us;  /* of that, after a worker's last task */
    guint n_workers;  /* 0 without a timeline                */
    guint n_hosts;
} TpsHtmlFacts;

TpsHtmlFacts tps_html_facts(const TpsReport *report);

/* The share of a whole in percent, rounded; 0 of nothing. */
int tps_html_percent(int64_t part, int64_t whole);

/*
 * What the next plan would do better, a sentence each, the weightiest first: only what report and
 * timeline show. Owned strings; empty without a timeline.
 */
GPtrArray *tps_html_advice(const TpsReport *report, const TpsHtmlFacts *facts);

/* Where the results of testcases are, by suite and id: what its bars' spans are told of. */
typedef struct TpsHtmlIndex TpsHtmlIndex;

TpsHtmlIndex *tps_html_index_new(const TpsTimeline *timeline);
void tps_html_index_free(TpsHtmlIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsHtmlIndex, tps_html_index_free)

/* The testcase is the result of that number. */
void tps_html_index_add(TpsHtmlIndex *index, const char *suite, const char *id, guint number,
                        int64_t time_us);

/* The columns of bars and spans, and what of them is text. */
void tps_html_write_timeline(const TpsHtmlIndex *index, cJSON *meta, TpsSink *sink);

/* The columns of results; visited once, held packed. */
typedef struct TpsHtmlResults TpsHtmlResults;

TpsHtmlResults *tps_html_results_new(const TpsReportLook *look, TpsHtmlIndex *index);
void tps_html_results_free(TpsHtmlResults *results);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsHtmlResults, tps_html_results_free)

bool tps_html_results_visit(TpsHtmlResults *results, const TpsReport *report, GError **error);

/* What stands in the page as HTML of the first bad ones. */
const GString *tps_html_results_plain(const TpsHtmlResults *results);

void tps_html_results_write(TpsHtmlResults *results, cJSON *meta, TpsSink *sink);

/* The upper part of the page: verdict, problems, numbers. Caller frees. */
GString *tps_html_head(const TpsReport *report, const TpsHtmlFacts *facts);
