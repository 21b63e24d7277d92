/* SPDX-License-Identifier: MIT */
#include "bench/plan_svg.h"

#include "bench/svg.h"

#include <math.h>

#define WIDTH 900
#define HEIGHT 430
#define TOP 84
#define BOTTOM 350

static const SvgAxis workers = {2, 64, 60, 400};
static const SvgAxis makespans = {0.98, 3.2, BOTTOM, TOP};
static const SvgAxis costs = {0.7, 8, 520, 870};

static const char *const light[PLAN_N_TOOLS] = {"#2563eb", "#0891b2", "#7c3aed", "#b45309",
                                                "#be185d", "#4d7c0f", "#6b7280", "#b91c1c"};
static const char *const dark[PLAN_N_TOOLS] = {"#60a5fa", "#22d3ee", "#a78bfa", "#fbbf24",
                                               "#f472b6", "#a3e635", "#9ca3af", "#f87171"};

static double kept_pixel(double kept)
{
    return BOTTOM - (BOTTOM - TOP) * kept;
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
            g_string_append_printf(
                svg, "%.1f,%.1f ", svg_pixel(&workers, 2 << pool),
                svg_pixel(&makespans, exp(score->real[pool] / score->n_real[pool])));
    g_string_append_printf(svg, "\"><title>%s</title></polyline>\n", plan_tools[tool].name);
}

static void draw_makespans(GString *svg, const PlanScore score[PLAN_N_TOOLS])
{
    static const double ticks[] = {1, 1.1, 1.25, 1.5, 2, 3};

    svg_label(svg, "title", "start", workers.low, 30, "How long runs take");
    svg_label(svg, "small", "start", workers.low, 50,
              "time / lower bound, by workers; lower is better");
    for (size_t i = 0; i < G_N_ELEMENTS(ticks); i++) {
        const double y = svg_pixel(&makespans, ticks[i]);

        svg_line(svg, workers.low, y, workers.high, y);
        svg_label(svg, "small", "end", workers.low - 8, y + 4, "%g", ticks[i]);
    }
    for (int pool = 0; pool < PLAN_N_POOLS; pool++)
        svg_label(svg, "small", "middle", svg_pixel(&workers, 2 << pool), BOTTOM + 20, "%d",
                  2 << pool);
    for (int t = 0; t < PLAN_N_TOOLS; t++)
        if (has_line(t))
            draw_line(svg, &score[t], t);
}

static void draw_dot(GString *svg, const PlanScore *score, int tool)
{
    if (score->n_pools > 0)
        svg_dot(svg, tool, svg_pixel(&costs, exp(score->size / score->n_pools)),
                kept_pixel(score->kept / score->n_pools), 6, plan_tools[tool].name);
}

static void draw_pools(GString *svg, const PlanScore score[PLAN_N_TOOLS])
{
    static const double ticks[] = {0.7, 1, 1.5, 2, 3, 5, 8};

    svg_label(svg, "title", "start", costs.low, 30, "What a kept target costs");
    svg_label(svg, "small", "start", costs.low, 50,
              "targets kept, by workers / fewest possible; top left is best");
    for (int percent = 0; percent <= 100; percent += 20) {
        const double y = kept_pixel(percent / 100.0);

        svg_line(svg, costs.low, y, costs.high, y);
        svg_label(svg, "small", "end", costs.low - 8, y + 4, "%d %%", percent);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(ticks); i++) {
        const double x = svg_pixel(&costs, ticks[i]);

        svg_line(svg, x, TOP, x, BOTTOM);
        svg_label(svg, "small", "middle", x, BOTTOM + 20, "%g", ticks[i]);
    }
    for (int t = 0; t < PLAN_N_TOOLS; t++)
        draw_dot(svg, &score[t], t);
}

static void draw_keys(GString *svg)
{
    for (int t = 0; t < PLAN_N_TOOLS; t++) {
        const double x = workers.low - 20 + 218.0 * (t % 4), y = BOTTOM + 50 + 22.0 * (t / 4);

        svg_dot(svg, t, x, y - 4, 5, NULL);
        svg_label(svg, "key", "start", x + 12, y, "%s", plan_tools[t].name);
    }
}

char *plan_svg(const PlanScore score[PLAN_N_TOOLS])
{
    GString *svg = g_string_new(NULL);

    svg_begin(svg, WIDTH, HEIGHT, "How long runs take, and what a kept target costs, by tool",
              light, dark, PLAN_N_TOOLS);
    draw_makespans(svg, score);
    draw_pools(svg, score);
    draw_keys(svg);
    svg_end(svg);
    return g_string_free(svg, FALSE);
}
