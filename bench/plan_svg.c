/* SPDX-License-Identifier: MIT */
#include "bench/plan_svg.h"

#include <glib.h>
#include <math.h>

#define WIDTH 900
#define HEIGHT 430
#define TOP 84
#define BOTTOM 350

/* From values to pixels, by their logarithms. */
typedef struct {
    double min, max;
    double low, high;
} Axis;

static const Axis workers = {2, 64, 60, 400};
static const Axis makespans = {0.98, 3.2, BOTTOM, TOP};
static const Axis costs = {0.7, 8, 520, 870};

static const char *const light[PLAN_N_TOOLS] = {"#2563eb", "#0891b2", "#7c3aed", "#b45309",
                                                "#be185d", "#4d7c0f", "#6b7280", "#b91c1c"};
static const char *const dark[PLAN_N_TOOLS] = {"#60a5fa", "#22d3ee", "#a78bfa", "#fbbf24",
                                               "#f472b6", "#a3e635", "#9ca3af", "#f87171"};

static void append_colours(GString *svg, const char *const colours[PLAN_N_TOOLS])
{
    for (int t = 0; t < PLAN_N_TOOLS; t++)
        g_string_append_printf(svg, ".line.t%d{stroke:%s}.dot.t%d{fill:%s}\n", t, colours[t], t,
                               colours[t]);
}

static void append_style(GString *svg)
{
    g_string_append(svg, "<style>\n"
                         "text{font:13px system-ui,sans-serif;fill:#1f2937}\n"
                         ".title{font-size:15px;font-weight:600}\n"
                         ".small{font-size:12px;fill:#6b7280}\n"
                         ".back{fill:#ffffff}\n"
                         ".grid{stroke:#e5e7eb;fill:none}\n"
                         ".line{stroke-width:2;fill:none}\n");
    append_colours(svg, light);
    g_string_append(svg, "@media (prefers-color-scheme:dark){\n"
                         "text{fill:#e5e7eb}.small{fill:#9ca3af}\n"
                         ".back{fill:#111827}.grid{stroke:#374151}\n");
    append_colours(svg, dark);
    g_string_append(svg, "}\n</style>\n");
}

static double pixel(const Axis *axis, double value)
{
    const double part = log(CLAMP(value, axis->min, axis->max) / axis->min);

    return axis->low + (axis->high - axis->low) * part / log(axis->max / axis->min);
}

static double kept_pixel(double kept)
{
    return BOTTOM - (BOTTOM - TOP) * kept;
}

static void line(GString *svg, double x1, double y1, double x2, double y2)
{
    g_string_append_printf(
        svg, "<line class=\"grid\" x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\"/>\n", x1, y1, x2,
        y2);
}

G_GNUC_PRINTF(6, 7)
static void label(GString *svg, const char *class, const char *anchor, double x, double y,
                  const char *format, ...)
{
    va_list args;

    g_string_append_printf(svg, "<text class=\"%s\" text-anchor=\"%s\" x=\"%.0f\" y=\"%.0f\">",
                           class, anchor, x, y);
    va_start(args, format);
    g_string_append_vprintf(svg, format, args);
    va_end(args);
    g_string_append(svg, "</text>\n");
}

/* Testplan cuts one suite as round robin does: it has no line of its own. */
static bool has_line(int tool)
{
    return tool != 0 && plan_tools[tool].size != PLAN_SIZE_TESTPLAN;
}

static void draw_line(GString *svg, const PlanScore *score, int tool)
{
    g_string_append_printf(svg, "<polyline class=\"line t%d\" points=\"", tool);
    for (int pool = 0; pool < PLAN_N_POOLS; pool++)
        if (score->n_real[pool] > 0)
            g_string_append_printf(svg, "%.1f,%.1f ", pixel(&workers, 2 << pool),
                                   pixel(&makespans, exp(score->real[pool] / score->n_real[pool])));
    g_string_append_printf(svg, "\"><title>%s</title></polyline>\n", plan_tools[tool].name);
}

static void draw_makespans(GString *svg, const PlanScore score[PLAN_N_TOOLS])
{
    static const double ticks[] = {1, 1.1, 1.25, 1.5, 2, 3};

    label(svg, "title", "start", workers.low, 30, "How long runs take");
    label(svg, "small", "start", workers.low, 50,
          "time / lower bound, by workers; lower is better");
    for (size_t i = 0; i < G_N_ELEMENTS(ticks); i++) {
        const double y = pixel(&makespans, ticks[i]);

        line(svg, workers.low, y, workers.high, y);
        label(svg, "small", "end", workers.low - 8, y + 4, "%g", ticks[i]);
    }
    for (int pool = 0; pool < PLAN_N_POOLS; pool++)
        label(svg, "small", "middle", pixel(&workers, 2 << pool), BOTTOM + 20, "%d", 2 << pool);
    for (int t = 0; t < PLAN_N_TOOLS; t++)
        if (has_line(t))
            draw_line(svg, &score[t], t);
}

static void draw_dot(GString *svg, const PlanScore *score, int tool)
{
    if (score->n_pools > 0)
        g_string_append_printf(svg,
                               "<circle class=\"dot t%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\">"
                               "<title>%s</title></circle>\n",
                               tool, pixel(&costs, exp(score->size / score->n_pools)),
                               kept_pixel(score->kept / score->n_pools), plan_tools[tool].name);
}

static void draw_pools(GString *svg, const PlanScore score[PLAN_N_TOOLS])
{
    static const double ticks[] = {0.7, 1, 1.5, 2, 3, 5, 8};

    label(svg, "title", "start", costs.low, 30, "What a kept target costs");
    label(svg, "small", "start", costs.low, 50,
          "targets kept, by workers / fewest possible; top left is best");
    for (int percent = 0; percent <= 100; percent += 20) {
        const double y = kept_pixel(percent / 100.0);

        line(svg, costs.low, y, costs.high, y);
        label(svg, "small", "end", costs.low - 8, y + 4, "%d %%", percent);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(ticks); i++) {
        const double x = pixel(&costs, ticks[i]);

        line(svg, x, TOP, x, BOTTOM);
        label(svg, "small", "middle", x, BOTTOM + 20, "%g", ticks[i]);
    }
    for (int t = 0; t < PLAN_N_TOOLS; t++)
        draw_dot(svg, &score[t], t);
}

static void draw_keys(GString *svg)
{
    for (int t = 0; t < PLAN_N_TOOLS; t++) {
        const double x = workers.low - 20 + 218.0 * (t % 4), y = BOTTOM + 50 + 22.0 * (t / 4);

        g_string_append_printf(svg, "<circle class=\"dot t%d\" cx=\"%.0f\" cy=\"%.0f\" r=\"5\"/>\n",
                               t, x, y - 4);
        label(svg, "key", "start", x + 12, y, "%s", plan_tools[t].name);
    }
}

char *plan_svg(const PlanScore score[PLAN_N_TOOLS])
{
    GString *svg = g_string_new(NULL);

    g_string_append_printf(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
        "height=\"%d\" role=\"img\" aria-label=\"How long runs take, and what a kept target "
        "costs, by tool\">\n",
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    append_style(svg);
    g_string_append_printf(svg, "<rect class=\"back\" width=\"%d\" height=\"%d\"/>\n", WIDTH,
                           HEIGHT);
    draw_makespans(svg, score);
    draw_pools(svg, score);
    draw_keys(svg);
    g_string_append(svg, "</svg>\n");
    return g_string_free(svg, FALSE);
}
