/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "formats/report/html_internal.h"

#include <string.h>

static void add_bar(TpsHtmlFacts *facts, const TpsTimelineBar *bar)
{
    int64_t length_us = MAX(bar->end_us - bar->start_us, 0);

    facts->busy_us = tps_add_sat(facts->busy_us, length_us);
    facts->setup_us = tps_add_sat(facts->setup_us, CLAMP(bar->setup_us, 0, length_us));
    facts->teardown_us = tps_add_sat(facts->teardown_us, CLAMP(bar->teardown_us, 0, length_us));
    if (bar->attempt > 1)
        facts->again_us = tps_add_sat(facts->again_us, length_us);
}

/* Bars are by row and start, so that of each row the last end is known where the row ends. */
static void add_idle(TpsHtmlFacts *facts, const TpsTimeline *timeline)
{
    guint bar = 0;

    for (guint row = 0; row < timeline->rows->len; row++) {
        int64_t at = 0;

        for (; bar < timeline->bars->len; bar++) {
            const TpsTimelineBar *one = &g_array_index(timeline->bars, TpsTimelineBar, bar);

            if (one->row != row)
                break;
            facts->idle_us = tps_add_sat(facts->idle_us, MAX(one->start_us - at, 0));
            at = MAX(at, one->end_us);
        }
        facts->idle_us = tps_add_sat(facts->idle_us, MAX(timeline->length_us - at, 0));
        facts->tail_us = tps_add_sat(facts->tail_us, MAX(timeline->length_us - at, 0));
    }
}

TpsHtmlFacts tps_html_facts(const TpsReport *report)
{
    const TpsTimeline *timeline = report->timeline;
    TpsHtmlFacts facts = {.wall_us = TPS_TIME_UNKNOWN};

    if (report->started_us != TPS_TIME_UNKNOWN && report->ended_us >= report->started_us)
        facts.wall_us = report->ended_us - report->started_us;
    if (!timeline || timeline->bars->len == 0)
        return facts;
    facts.wall_us = timeline->length_us;
    facts.n_workers = timeline->rows->len;
    for (guint i = 0; i < timeline->rows->len; i++)
        if (i == 0 || strcmp(g_array_index(timeline->rows, TpsTimelineRow, i).host,
                             g_array_index(timeline->rows, TpsTimelineRow, i - 1).host) != 0)
            facts.n_hosts++;
    for (guint i = 0; i < timeline->bars->len; i++)
        add_bar(&facts, &g_array_index(timeline->bars, TpsTimelineBar, i));
    add_idle(&facts, timeline);
    return facts;
}

int tps_html_percent(int64_t part, int64_t whole)
{
    if (part <= 0 || whole <= 0)
        return 0;
    /* Of what is too large to be multiplied the last digits don't count. */
    while (part > INT64_MAX / 1000) {
        part /= 1024;
        whole /= 1024;
    }
    return whole > 0 ? (int)MIN((part * 100 + whole / 2) / whole, 100000) : 0;
}
