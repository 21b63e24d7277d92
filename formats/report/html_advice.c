/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/report/html_internal.h"

#include <string.h>

/* Below these nobody would change a plan for it. */
#define WORTH_US TPS_SECOND_US
#define WORTH_IDLE_PERCENT 10
#define WORTH_SETUP_PERCENT 10
#define WORTH_LONGEST_PERCENT 60
#define WORTH_OFF_PERCENT 20
#define OFF_MOST 3
#define CHAIN_MOST 6

static char *title(const TpsTimelineBar *bar)
{
    if (bar->part.count > 1)
        return g_strdup_printf("%s %d,%d", bar->suite, bar->part.index, bar->part.count);
    return g_strdup(bar->suite);
}

static int64_t length_of(const TpsTimelineBar *bar)
{
    return MAX(bar->end_us - bar->start_us, 0);
}

static void add_pace(GPtrArray *advice, const TpsReport *report, const TpsHtmlFacts *facts)
{
    g_autofree char *took = tps_duration_format(facts->wall_us);
    g_autofree char *planned = tps_duration_format(report->makespan_us);
    g_autofree char *bound = tps_duration_format(report->lower_bound_us);
    int64_t late_us = facts->wall_us - report->makespan_us;
    GString *text;

    if (report->makespan_us <= 0 || report->n_asked < report->n_planned)
        return;
    text = g_string_new(NULL);
    if (ABS(late_us) < report->makespan_us / 20)
        g_string_append_printf(text, "It took %s, as planned (%s).", took, planned);
    else
        g_string_append_printf(text, "It took %s, %d %% %s than the planned %s.", took,
                               tps_html_percent(ABS(late_us), report->makespan_us),
                               late_us > 0 ? "longer" : "shorter", planned);
    if (report->lower_bound_us > 0)
        g_string_append_printf(text,
                               " With the times that were expected, no plan on these "
                               "workers ends before %s.",
                               bound);
    g_ptr_array_add(advice, g_string_free(text, FALSE));
}

static int compare_starts(const void *a, const void *b)
{
    const TpsTimelineBar *x = *(const TpsTimelineBar *const *)a;
    const TpsTimelineBar *y = *(const TpsTimelineBar *const *)b;

    if (x->start_us != y->start_us)
        return x->start_us < y->start_us ? -1 : 1;
    return (x > y) - (x < y);
}

/* The titles on the critical path, by start; pieces of a task that follow each other are one. */
static GPtrArray *chain_of(const TpsTimeline *timeline)
{
    g_autoptr(GPtrArray) bars = g_ptr_array_new();
    GPtrArray *chain = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < timeline->bars->len; i++)
        if (g_array_index(timeline->bars, TpsTimelineBar, i).is_critical)
            g_ptr_array_add(bars, &g_array_index(timeline->bars, TpsTimelineBar, i));
    g_ptr_array_sort(bars, compare_starts);
    for (guint i = 0; i < bars->len; i++) {
        g_autofree char *name = title(g_ptr_array_index(bars, i));

        if (chain->len == 0 || strcmp(g_ptr_array_index(chain, chain->len - 1), name) != 0)
            g_ptr_array_add(chain, g_steal_pointer(&name));
    }
    return chain;
}

static void add_chain(GPtrArray *advice, const TpsTimeline *timeline)
{
    g_autoptr(GPtrArray) chain = chain_of(timeline);
    GString *text;

    if (chain->len < 2)
        return;
    text = g_string_new("What the end hung on, one after the other: ");
    for (guint i = 0; i < MIN(chain->len, CHAIN_MOST); i++)
        g_string_append_printf(text, "%s'%s'", i > 0 ? ", " : "",
                               (const char *)g_ptr_array_index(chain, i));
    g_string_append(text, chain->len > CHAIN_MOST ? " and so on." : ".");
    g_ptr_array_add(advice, g_string_free(text, FALSE));
}

static void add_idle(GPtrArray *advice, const TpsHtmlFacts *facts)
{
    int64_t whole_us = facts->busy_us + facts->idle_us;
    int percent = tps_html_percent(facts->idle_us, whole_us);
    g_autofree char *idle = tps_duration_format(facts->idle_us);
    g_autofree char *tail = tps_duration_format(facts->tail_us);
    g_autofree char *between = tps_duration_format(facts->idle_us - facts->tail_us);
    g_autofree char *even = tps_duration_format(whole_us / MAX(facts->n_workers, 1) -
                                                facts->idle_us / MAX(facts->n_workers, 1));

    if (facts->n_workers < 2 || percent < WORTH_IDLE_PERCENT || facts->idle_us < WORTH_US)
        return;
    g_ptr_array_add(
        advice,
        g_strdup_printf("Workers stood idle for %s, %d %% of their time: %s after their last task, "
                        "%s before and between tasks. Dealt out evenly, the same work takes %s.",
                        idle, percent, tail, between, even));
}

/* The longest task is a floor below which more workers do not help. */
static void add_longest(GPtrArray *advice, const TpsTimeline *timeline, const TpsHtmlFacts *facts)
{
    const TpsTimelineBar *longest = NULL;
    g_autofree char *name = NULL;
    g_autofree char *length = NULL;
    int percent;

    for (guint i = 0; i < timeline->bars->len; i++) {
        const TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);

        if (!longest || length_of(bar) > length_of(longest))
            longest = bar;
    }
    percent = longest ? tps_html_percent(length_of(longest), facts->wall_us) : 0;
    if (!longest || facts->n_workers < 2 || percent < WORTH_LONGEST_PERCENT ||
        length_of(longest) < WORTH_US)
        return;
    name = title(longest);
    length = tps_duration_format(length_of(longest));
    g_ptr_array_add(advice,
                    g_strdup_printf("'%s' alone took %s, %d %% of the whole: no number of workers "
                                    "gets below that unless it is split%s.",
                                    name, length, percent,
                                    longest->part.count > 1 ? " into more parts" : ""));
}

static void add_longest_testcase(GPtrArray *advice, const TpsTimeline *timeline,
                                 const TpsHtmlFacts *facts)
{
    const TpsTimelineSpan *longest = NULL;
    g_autofree char *length = NULL;
    int percent;

    for (guint i = 0; i < timeline->spans->len; i++) {
        const TpsTimelineSpan *span = &g_array_index(timeline->spans, TpsTimelineSpan, i);

        if (!longest || span->length_us > longest->length_us)
            longest = span;
    }
    percent = longest ? tps_html_percent(longest->length_us, facts->wall_us) : 0;
    if (percent < WORTH_LONGEST_PERCENT / 2 || longest->length_us < WORTH_US ||
        timeline->spans->len < 2)
        return;
    length = tps_duration_format(longest->length_us);
    g_ptr_array_add(advice, g_strdup_printf("The testcase '%s' took %s, %d %% of the whole: it "
                                            "can't be split, and bounds every plan.",
                                            longest->id, length, percent));
}

typedef struct {
    const TpsTimelineBar *bar;
    int64_t off_us;
} Off;

static int compare_off(const void *a, const void *b)
{
    const Off *x = a;
    const Off *y = b;

    if (x->off_us != y->off_us)
        return x->off_us > y->off_us ? -1 : 1;
    return (x->bar > y->bar) - (x->bar < y->bar);
}

/* Tasks that were cut at run time, by their title: their pieces have no expected time. */
static GHashTable *cut_tasks(const TpsTimeline *timeline)
{
    GHashTable *cut = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < timeline->bars->len; i++) {
        const TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);

        if (bar->piece > 0)
            g_hash_table_add(cut, title(bar));
    }
    return cut;
}

static bool is_off(const TpsTimelineBar *bar, int64_t off_us, GHashTable *cut)
{
    g_autofree char *name = title(bar);

    return bar->expected_us > 0 && bar->attempt <= 1 && off_us >= WORTH_US / 2 &&
           tps_html_percent(off_us, bar->expected_us) >= WORTH_OFF_PERCENT &&
           !g_hash_table_contains(cut, name);
}

static GArray *off_bars(const TpsTimeline *timeline)
{
    g_autoptr(GHashTable) cut = cut_tasks(timeline);
    GArray *off = g_array_new(FALSE, FALSE, sizeof(Off));

    for (guint i = 0; i < timeline->bars->len; i++) {
        const TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);
        Off one = {.bar = bar, .off_us = ABS(length_of(bar) - bar->expected_us)};

        if (is_off(bar, one.off_us, cut))
            g_array_append_val(off, one);
    }
    g_array_sort(off, compare_off);
    return off;
}

static void add_off(GPtrArray *advice, const TpsTimeline *timeline)
{
    g_autoptr(GArray) off = off_bars(timeline);
    GString *text;

    if (off->len == 0)
        return;
    text = g_string_new("Furthest from what was expected: ");
    for (guint i = 0; i < MIN(off->len, OFF_MOST); i++) {
        const TpsTimelineBar *bar = g_array_index(off, Off, i).bar;
        g_autofree char *name = title(bar);
        g_autofree char *took = tps_duration_format(length_of(bar));
        g_autofree char *expected = tps_duration_format(bar->expected_us);

        g_string_append_printf(text, "%s'%s' took %s instead of %s", i > 0 ? ", " : "", name, took,
                               expected);
    }
    if (off->len > OFF_MOST)
        g_string_append_printf(text, "; %u more %s off by a fifth or more", off->len - OFF_MOST,
                               off->len - OFF_MOST == 1 ? "is" : "are");
    g_string_append(text, ". A plan made with the runtime data of this run expects what it took.");
    g_ptr_array_add(advice, g_string_free(text, FALSE));
}

static void add_setup(GPtrArray *advice, const TpsHtmlFacts *facts)
{
    int64_t around_us = facts->setup_us + facts->teardown_us;
    int percent = tps_html_percent(around_us, facts->busy_us);
    g_autofree char *around = tps_duration_format(around_us);

    if (percent < WORTH_SETUP_PERCENT || around_us < WORTH_US)
        return;
    g_ptr_array_add(advice, g_strdup_printf("Setup and teardown took %s, %d %% of the time of all "
                                            "tasks. Each part pays them: fewer parts cost less, "
                                            "faster setups help all of them.",
                                            around, percent));
}

static void add_again(GPtrArray *advice, const TpsReport *report, const TpsHtmlFacts *facts)
{
    g_autofree char *again = tps_duration_format(facts->again_us);
    guint n_flaky = report->count[TPS_OUTCOME_FLAKY];

    if (facts->again_us >= WORTH_US)
        g_ptr_array_add(advice,
                        g_strdup_printf("Running tasks again took %s, %d %% of the time of all "
                                        "tasks; %u testcase%s then passed.",
                                        again, tps_html_percent(facts->again_us, facts->busy_us),
                                        n_flaky, n_flaky == 1 ? "" : "s"));
}

static void add_unexpected(GPtrArray *advice, const TpsTimeline *timeline)
{
    guint n = 0;
    guint n_tasks = 0;

    for (guint i = 0; i < timeline->bars->len; i++) {
        const TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);

        if (bar->piece > 0)
            continue;
        n_tasks++;
        if (bar->expected_us <= 0)
            n++;
    }
    if (n > 0 && n < n_tasks)
        g_ptr_array_add(advice, g_strdup_printf("%u of %u tasks were started without an expected "
                                                "time.",
                                                n, n_tasks));
}

GPtrArray *tps_html_advice(const TpsReport *report, const TpsHtmlFacts *facts)
{
    GPtrArray *advice = g_ptr_array_new_with_free_func(g_free);
    const TpsTimeline *timeline = report->timeline;

    if (!timeline || timeline->bars->len == 0)
        return advice;
    add_pace(advice, report, facts);
    add_chain(advice, timeline);
    add_longest(advice, timeline, facts);
    add_longest_testcase(advice, timeline, facts);
    add_idle(advice, facts);
    add_off(advice, timeline);
    add_setup(advice, facts);
    add_again(advice, report, facts);
    add_unexpected(advice, timeline);
    return advice;
}
