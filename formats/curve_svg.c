/* SPDX-License-Identifier: MIT */
#include "formats/curve_svg.h"

#include "core/duration.h"
#include "formats/xml.h"

#include <string.h>

#define WIDTH 760
#define HEIGHT 580
#define LEFT 92
#define RIGHT 728
#define UPPER_TOP 108
#define UPPER_BOTTOM 350
#define LOWER_TOP 396
#define LOWER_BOTTOM 526
/* Closer than this, labels would touch. */
#define TICK_GAP_X 34
#define TICK_GAP_Y 24
/* Fewer labels than these don't show how an axis goes. */
#define TICKS_ENOUGH 3
/* Steps of the logarithm between two powers of two. */
#define LOG_BITS 10

static const char style[] = "<style>\n"
                            "svg{background:#ffffff}\n"
                            "text{font:13px system-ui,sans-serif;fill:#1f2937}\n"
                            ".title{font-size:17px;font-weight:600}\n"
                            ".small{font-size:12px;fill:#6b7280}\n"
                            ".back{fill:#ffffff}\n"
                            ".grid{stroke:#e5e7eb;fill:none}\n"
                            ".curve{stroke:#2563eb;stroke-width:2;fill:none}\n"
                            ".dot{fill:#2563eb}\n"
                            ".target{stroke:#b91c1c;stroke-dasharray:6 4}\n"
                            ".floor{stroke:#6b7280;stroke-dasharray:2 4}\n"
                            ".mark{stroke:#1f2937;stroke-dasharray:1 3}\n"
                            "text.target{fill:#b91c1c;stroke:none}\n"
                            "text.floor{fill:#6b7280;stroke:none}\n"
                            "@media (prefers-color-scheme:dark){\n"
                            "svg{background:#111827}\n"
                            "text{fill:#e5e7eb}\n"
                            ".small,text.floor{fill:#9ca3af}\n"
                            ".back{fill:#111827}\n"
                            ".grid{stroke:#374151}\n"
                            ".curve{stroke:#60a5fa}\n"
                            ".dot{fill:#60a5fa}\n"
                            ".target{stroke:#f87171}\n"
                            "text.target{fill:#f87171}\n"
                            ".floor{stroke:#9ca3af}\n"
                            ".mark{stroke:#e5e7eb}\n"
                            "}\n"
                            "</style>\n";

typedef struct {
    int64_t value;
    const char *label;
    bool fine; /* only where the others would be too few */
} Tick;

#define DAY_US (24 * 60 * TPS_MINUTE_US)
static const Tick time_ticks[] = {
    {1, "1 \302\265s", false},
    {10, "10 \302\265s", false},
    {100, "100 \302\265s", false},
    {1000, "1 ms", false},
    {10000, "10 ms", false},
    {100000, "100 ms", false},
    {TPS_SECOND_US, "1 s", false},
    {2 * TPS_SECOND_US, "2 s", false},
    {3 * TPS_SECOND_US, "3 s", true},
    {5 * TPS_SECOND_US, "5 s", false},
    {7 * TPS_SECOND_US, "7 s", true},
    {10 * TPS_SECOND_US, "10 s", false},
    {15 * TPS_SECOND_US, "15 s", true},
    {20 * TPS_SECOND_US, "20 s", true},
    {30 * TPS_SECOND_US, "30 s", false},
    {45 * TPS_SECOND_US, "45 s", true},
    {TPS_MINUTE_US, "1 min", false},
    {2 * TPS_MINUTE_US, "2 min", false},
    {3 * TPS_MINUTE_US, "3 min", true},
    {4 * TPS_MINUTE_US, "4 min", true},
    {5 * TPS_MINUTE_US, "5 min", false},
    {7 * TPS_MINUTE_US, "7 min", true},
    {10 * TPS_MINUTE_US, "10 min", false},
    {15 * TPS_MINUTE_US, "15 min", true},
    {20 * TPS_MINUTE_US, "20 min", true},
    {30 * TPS_MINUTE_US, "30 min", false},
    {45 * TPS_MINUTE_US, "45 min", true},
    {60 * TPS_MINUTE_US, "1 h", false},
    {120 * TPS_MINUTE_US, "2 h", false},
    {180 * TPS_MINUTE_US, "3 h", true},
    {300 * TPS_MINUTE_US, "5 h", false},
    {480 * TPS_MINUTE_US, "8 h", true},
    {720 * TPS_MINUTE_US, "12 h", false},
    {1080 * TPS_MINUTE_US, "18 h", true},
    {DAY_US, "1 day", false},
    {2 * DAY_US, "2 days", false},
    {3 * DAY_US, "3 days", true},
    {5 * DAY_US, "5 days", false},
    {7 * DAY_US, "7 days", true},
    {10 * DAY_US, "10 days", false},
    {15 * DAY_US, "15 days", true},
    {30 * DAY_US, "30 days", false},
    {60 * DAY_US, "60 days", true},
    {100 * DAY_US, "100 days", false},
    {200 * DAY_US, "200 days", true},
    {365 * DAY_US, "1 year", false},
    {730 * DAY_US, "2 years", true},
    {1825 * DAY_US, "5 years", true},
    {3650 * DAY_US, "10 years", false},
};

/* From values to pixels; `low` may be the larger pixel. */
typedef struct {
    int64_t min;
    int64_t max;
    int low;
    int high;
} Axis;

/* log2 in steps of 1 / 2^LOG_BITS, linear between powers of two; value >= 1. */
static int64_t log_steps(int64_t value)
{
    int power = 63 - __builtin_clzll((unsigned long long)value);
    int64_t rest = value - (INT64_C(1) << power);

    rest = power >= LOG_BITS ? rest >> (power - LOG_BITS) : rest << (LOG_BITS - power);
    return ((int64_t)power << LOG_BITS) + rest;
}

static int pixel(const Axis *axis, int64_t value)
{
    int64_t first = log_steps(axis->min), last = log_steps(axis->max);
    int64_t here = log_steps(CLAMP(value, axis->min, axis->max));

    return axis->low + (int)((here - first) * (axis->high - axis->low) / (last - first));
}

/* An axis that holds both values and is never empty. */
static Axis axis_over(int64_t min, int64_t max, int low, int high)
{
    min = MAX(min, 1);
    max = MAX(max, min);
    if (log_steps(max) - log_steps(min) < (1 << LOG_BITS)) {
        max = max > INT64_MAX / 2 ? INT64_MAX : 2 * max;
        min = MAX(min / 2, 1);
    }
    return (Axis){.min = min, .max = max, .low = low, .high = high};
}

static void line(GString *svg, const char *class, int x1, int y1, int x2, int y2)
{
    g_string_append_printf(svg, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
                           class, x1, y1, x2, y2);
}

static void label(GString *svg, const char *class, const char *anchor, int x, int y,
                  const char *text)
{
    g_string_append_printf(svg, "<text class=\"%s\" text-anchor=\"%s\" x=\"%d\" y=\"%d\">", class,
                           anchor, x, y);
    tps_xml_escape(svg, text, strlen(text), false);
    g_string_append(svg, "</text>\n");
}

/* A line across the panel and what it means, unless that would touch the last one at *before. */
static void tick_across(GString *svg, const Axis *axis, int64_t value, const char *text,
                        int *before)
{
    int y = pixel(axis, value);

    if (value < axis->min || value > axis->max || *before - y < TICK_GAP_Y)
        return;
    line(svg, "grid", LEFT, y, RIGHT, y);
    label(svg, "small", "end", LEFT - 8, y + 4, text);
    *before = y;
}

/* All that fit, coarse ones first; fine ones too where those are too few to read a value off. */
static void draw_ticks(GString *svg, const Axis *axis, const Tick *ticks, size_t n)
{
    int before = G_MAXINT / 2;
    int n_coarse = 0;

    for (size_t i = 0; i < n; i++)
        n_coarse += !ticks[i].fine && ticks[i].value >= axis->min && ticks[i].value <= axis->max;
    for (size_t i = 0; i < n; i++)
        if (!ticks[i].fine || n_coarse < TICKS_ENOUGH)
            tick_across(svg, axis, ticks[i].value, ticks[i].label, &before);
}

static void draw_time_ticks(GString *svg, const Axis *axis)
{
    draw_ticks(svg, axis, time_ticks, G_N_ELEMENTS(time_ticks));
}

/* 1, 2 and 5 times the powers of ten, and what lies between them. */
static void draw_money_ticks(GString *svg, const Axis *axis)
{
    static const int64_t tenths[] = {10, 12, 15, 20, 25, 30, 40, 50, 60, 80};
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) ticks = g_array_new(FALSE, FALSE, sizeof(Tick));

    for (int64_t power = 10; power <= INT64_MAX / 100; power *= 10) {
        for (size_t i = 0; i < G_N_ELEMENTS(tenths); i++) {
            Tick tick = {.value = tenths[i] * power,
                         .label = tps_money_format(tenths[i] * power),
                         .fine = tenths[i] != 10 && tenths[i] != 20 && tenths[i] != 50};

            g_ptr_array_add(labels, (char *)tick.label);
            g_array_append_val(ticks, tick);
        }
    }
    draw_ticks(svg, axis, (const Tick *)(void *)ticks->data, ticks->len);
}

static void draw_size_ticks(GString *svg, const Axis *sizes)
{
    int before = -WIDTH;

    for (int size = 1; size <= sizes->max && size > 0; size *= 2) {
        g_autofree char *text = g_strdup_printf("%d", size);
        int x = pixel(sizes, size);

        if (x - before < TICK_GAP_X)
            continue;
        line(svg, "grid", x, UPPER_TOP, x, UPPER_BOTTOM);
        line(svg, "grid", x, LOWER_TOP, x, LOWER_BOTTOM);
        label(svg, "small", "middle", x, LOWER_BOTTOM + 18, text);
        before = x;
    }
    label(svg, "small", "middle", (LEFT + RIGHT) / 2, LOWER_BOTTOM + 40, "workers");
}

static bool has_costs(const TpsCurve *curve)
{
    return g_array_index(curve->rows, TpsCurveRow, 0).cost != TPS_MONEY_UNKNOWN;
}

static int64_t elapsed_of(const TpsCurveRow *row)
{
    return row->elapsed_us;
}

static int64_t cost_of(const TpsCurveRow *row)
{
    return row->cost;
}

static int64_t machine_of(const TpsCurveRow *row)
{
    return row->machine_us;
}

typedef int64_t (*ValueOf)(const TpsCurveRow *row);

static Axis values_axis(const TpsCurve *curve, ValueOf value_of, int low, int high)
{
    int64_t min = INT64_MAX;
    int64_t max = 0;

    for (guint i = 0; i < curve->rows->len; i++) {
        int64_t value = value_of(&g_array_index(curve->rows, TpsCurveRow, i));

        min = MIN(min, value);
        max = MAX(max, value);
    }
    return axis_over(min, max, low, high);
}

/* What a pointer over a point reads. */
static void tooltip(GString *svg, const TpsCurveRow *row)
{
    g_autofree char *elapsed = tps_duration_format(row->elapsed_us);
    g_autofree char *machine = tps_duration_format(row->machine_us);
    g_autofree char *cost =
        row->cost == TPS_MONEY_UNKNOWN ? g_strdup("") : tps_money_format(row->cost);

    g_string_append_printf(svg, "<title>%d worker%s: %s, machine time %s, idle %d%%%s%s</title>",
                           row->size, row->size == 1 ? "" : "s", elapsed, machine,
                           row->idle_ppm / 10000, *cost ? ", cost " : "", cost);
}

static void draw_series(GString *svg, const TpsCurve *curve, ValueOf value_of, const Axis *sizes,
                        const Axis *values)
{
    g_string_append(svg, "<polyline class=\"curve\" points=\"");
    for (guint i = 0; i < curve->rows->len; i++) {
        const TpsCurveRow *row = &g_array_index(curve->rows, TpsCurveRow, i);

        g_string_append_printf(svg, "%s%d,%d", i ? " " : "", pixel(sizes, row->size),
                               pixel(values, value_of(row)));
    }
    g_string_append(svg, "\"/>\n");
    for (guint i = 0; i < curve->rows->len; i++) {
        const TpsCurveRow *row = &g_array_index(curve->rows, TpsCurveRow, i);

        g_string_append_printf(svg, "<circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"%d\">",
                               pixel(sizes, row->size), pixel(values, value_of(row)),
                               row->size == curve->recommended ? 6 : 3);
        tooltip(svg, row);
        g_string_append(svg, "</circle>\n");
    }
}

/* A size that matters: a line through both panels, and its name above, away from the edges. */
static void draw_mark(GString *svg, const Axis *sizes, int size, int y, const char *what)
{
    g_autofree char *text = g_strdup_printf("%s: %d worker%s", what, size, size == 1 ? "" : "s");
    int x = pixel(sizes, size);
    const char *anchor = x < LEFT + 100 ? "start" : x > RIGHT - 100 ? "end" : "middle";

    line(svg, "mark", x, UPPER_TOP, x, LOWER_BOTTOM);
    label(svg, "small", anchor, x, y, text);
}

static void draw_level(GString *svg, const Axis *values, int64_t us, const char *class, int shift)
{
    g_autofree char *duration = tps_duration_format(us);
    g_autofree char *text = g_strdup_printf("%s %s", class, duration);
    int y = pixel(values, us);

    if (us < values->min || us > values->max)
        return;
    line(svg, class, LEFT, y, RIGHT, y);
    label(svg, class, "start", LEFT + 6, y + shift, text);
}

static void describe(GString *svg, const TpsCurve *curve, const char *name)
{
    g_autofree char *target = tps_duration_format(curve->target_us);
    g_autofree char *floor = tps_duration_format(curve->floor_us);
    const TpsCurveRow *row = tps_curve_find(curve, curve->recommended);
    g_autofree char *elapsed = tps_duration_format(row ? row->elapsed_us : -1);

    g_string_append(svg, "<title id=\"title\">Workers and time of ");
    tps_xml_escape(svg, name, strlen(name), false);
    g_string_append_printf(svg,
                           "</title>\n<desc id=\"desc\">How long the plan takes with 1 to %d "
                           "workers. Recommended: %d, which take %s; the "
                           "target is %s. More than %d do not help: the floor is %s.</desc>\n",
                           g_array_index(curve->rows, TpsCurveRow, curve->rows->len - 1).size,
                           curve->recommended, elapsed, target, curve->saturation, floor);
}

static void begin(GString *svg, const TpsCurve *curve, const char *name)
{
    g_autofree char *title = g_strdup_printf("%s: workers and time", name);

    g_string_append_printf(svg,
                           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                           "width=\"%d\" height=\"%d\" role=\"img\" "
                           "aria-labelledby=\"title desc\">\n",
                           WIDTH, HEIGHT, WIDTH, HEIGHT);
    describe(svg, curve, name);
    g_string_append(svg, style);
    g_string_append_printf(svg, "<rect class=\"back\" width=\"%d\" height=\"%d\"/>\n", WIDTH,
                           HEIGHT);
    label(svg, "title", "start", LEFT, 30, title);
}

static void draw_upper(GString *svg, const TpsCurve *curve, const Axis *sizes)
{
    Axis values = values_axis(curve, elapsed_of, UPPER_BOTTOM, UPPER_TOP);

    values.min = MAX(MIN(values.min, curve->floor_us), 1);
    /* A target that is far away would press the curve flat. */
    if (curve->target_us / 4 <= values.max && curve->target_us >= values.min / 4) {
        values.min = MAX(MIN(values.min, curve->target_us), 1);
        values.max = MAX(values.max, curve->target_us);
    }
    label(svg, "small", "start", LEFT, UPPER_TOP - 48, "time to finish");
    draw_time_ticks(svg, &values);
    draw_level(svg, &values, curve->target_us, "target", -5);
    draw_level(svg, &values, curve->floor_us, "floor", 14);
    draw_series(svg, curve, elapsed_of, sizes, &values);
}

static void draw_lower(GString *svg, const TpsCurve *curve, const Axis *sizes)
{
    bool costs = has_costs(curve);
    ValueOf value_of = costs ? cost_of : machine_of;
    Axis values = values_axis(curve, value_of, LOWER_BOTTOM, LOWER_TOP);

    label(svg, "small", "start", LEFT, LOWER_TOP - 12, costs ? "cost" : "machine time");
    if (costs)
        draw_money_ticks(svg, &values);
    else
        draw_time_ticks(svg, &values);
    draw_series(svg, curve, value_of, sizes, &values);
}

char *tps_curve_svg(const TpsCurve *curve, const char *name)
{
    GString *svg = g_string_new(NULL);
    const TpsCurveRow *last = &g_array_index(curve->rows, TpsCurveRow, curve->rows->len - 1);
    Axis sizes = axis_over(1, last->size, LEFT, RIGHT);

    begin(svg, curve, name);
    draw_size_ticks(svg, &sizes);
    draw_mark(svg, &sizes, curve->recommended, UPPER_TOP - 26, "recommended");
    draw_mark(svg, &sizes, curve->saturation, UPPER_TOP - 8, "more do not help");
    draw_upper(svg, curve, &sizes);
    draw_lower(svg, curve, &sizes);
    g_string_append(svg, "</svg>\n");
    return g_string_free(svg, FALSE);
}
