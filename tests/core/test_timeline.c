/* SPDX-License-Identifier: MIT */
#include "core/timeline.h"
#include "tests/unit.h"

#define SECOND INT64_C(1000000)

/* Three workers; what is critical by hand. */
static const struct {
    guint row;
    int start;
    int end;
    bool critical;
} bars[] = {
    /* row 1 waits from 4 to 6 for what ends on row 0 */
    {0, 0, 6, true}, {1, 0, 4, false}, {1, 6, 11, true}, {2, 0, 5, false}, {2, 5, 10, false},
};

static TpsTimeline *timeline_new(const guint *order)
{
    TpsTimeline *timeline = tps_timeline_new(0);

    for (int row = 2; row >= 0; row--) {
        TpsTimelineRow one = {.host = "h", .worker = row};

        g_array_append_val(timeline->rows, one);
    }
    for (guint k = 0; k < G_N_ELEMENTS(bars); k++) {
        guint i = order[k];
        TpsTimelineBar bar = {.suite = "s",
                              .part = {(int)i, 5},
                              .row = 2 - bars[i].row,
                              .start_us = bars[i].start * SECOND,
                              .end_us = bars[i].end * SECOND,
                              .first_span = timeline->spans->len,
                              .n_spans = 1};
        TpsTimelineSpan span = {.id = "t", .length_us = (int64_t)i};

        g_array_append_val(timeline->bars, bar);
        g_array_append_val(timeline->spans, span);
    }
    tps_timeline_settle(timeline);
    return timeline;
}

static const guint orders[][G_N_ELEMENTS(bars)] = {
    {0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 4, 1, 3}};

START_TEST(order_of_input_does_not_matter)
{
    g_autoptr(TpsTimeline) timeline = timeline_new(orders[_i]);

    ck_assert_int_eq(timeline->length_us, 11 * SECOND);
    for (guint i = 0; i < timeline->rows->len; i++)
        ck_assert_int_eq(g_array_index(timeline->rows, TpsTimelineRow, i).worker, (int)i);
    for (guint i = 0; i < timeline->bars->len; i++) {
        const TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);

        ck_assert_int_eq(bar->part.index, (int)i);
        ck_assert_uint_eq(bar->row, bars[i].row);
        ck_assert_msg(bar->is_critical == bars[i].critical, "bar %u", i);
        ck_assert_uint_eq(bar->first_span, i);
        ck_assert_int_eq(g_array_index(timeline->spans, TpsTimelineSpan, i).length_us, i);
    }
}
END_TEST

START_TEST(an_empty_one_is_fine)
{
    g_autoptr(TpsTimeline) timeline = tps_timeline_new(5);

    tps_timeline_settle(timeline);
    ck_assert_int_eq(timeline->length_us, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("timeline");
    TCase *tcase = tcase_create("settle");

    tcase_add_loop_test(tcase, order_of_input_does_not_matter, 0, G_N_ELEMENTS(orders));
    tcase_add_test(tcase, an_empty_one_is_fine);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
