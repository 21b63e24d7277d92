/* SPDX-License-Identifier: MIT */
#include "bench/run_svg.h"

#include "bench/svg.h"

#define WIDTH 900
#define TOP 84
#define ROW 26
#define BOTTOM (TOP + ROW * RUN_N_TOOLS)
#define HEIGHT (BOTTOM + 70)
#define N_COLOURS 4

static const SvgAxis walls = {0.7, 80, 150, 500};
static const SvgAxis cpus = {0.7, 80, 530, 880};

static const char *const light[N_COLOURS] = {"#2563eb", "#b45309", "#4d7c0f", "#be185d"};
static const char *const dark[N_COLOURS] = {"#60a5fa", "#fbbf24", "#a3e635", "#f472b6"};

static double row(int tool)
{
    return TOP + ROW * (tool + 0.5);
}

static void draw_grid(GString *svg, const SvgAxis *axis, const char *title)
{
    static const double ticks[] = {1, 2, 5, 10, 20, 50};

    svg_label(svg, "title", "start", axis->low, 30, "%s", title);
    svg_label(svg, "small", "start", axis->low, 50, "in times of a bare loop; left is better");
    for (size_t i = 0; i < G_N_ELEMENTS(ticks); i++) {
        const double x = svg_pixel(axis, ticks[i]);

        svg_line(svg, x, TOP, x, BOTTOM);
        svg_label(svg, "small", "middle", x, BOTTOM + 20, "%g", ticks[i]);
    }
    for (int t = 0; t < RUN_N_TOOLS; t++)
        svg_line(svg, axis->low, row(t), axis->high, row(t));
}

static void draw_tool(GString *svg, const RunWork *works, const RunScore *score, int n_works,
                      int tool)
{
    svg_label(svg, "key", "end", walls.low - 10, row(tool) + 4, "%s", run_tools[tool].name);
    for (int w = 0; w < n_works; w++) {
        const RunScore *of = &score[w * RUN_N_TOOLS + tool];
        g_autofree char *title =
            g_strdup_printf("%s, %s: wall %.2f, CPU %.2f", run_tools[tool].name, works[w].name,
                            of->wall_ratio, of->cpu_ratio);

        if (of->state != RUN_MEASURED)
            continue;
        svg_dot(svg, w % N_COLOURS, svg_pixel(&walls, of->wall_ratio), row(tool), 5, title);
        svg_dot(svg, w % N_COLOURS, svg_pixel(&cpus, of->cpu_ratio), row(tool), 5, title);
    }
}

char *run_svg(const RunWork *works, const RunScore *score, int n_works)
{
    GString *svg = g_string_new(NULL);

    svg_begin(svg, WIDTH, HEIGHT, "What runs of many commands take, by tool", light, dark,
              N_COLOURS);
    draw_grid(svg, &walls, "Time");
    draw_grid(svg, &cpus, "CPU of everything that ran");
    for (int t = 0; t < RUN_N_TOOLS; t++)
        draw_tool(svg, works, score, n_works, t);
    for (int w = 0; w < n_works; w++) {
        const double x = 30 + 218.0 * w;

        svg_dot(svg, w % N_COLOURS, x, BOTTOM + 46, 5, NULL);
        svg_label(svg, "key", "start", x + 12, BOTTOM + 50, "%s, %d workers", works[w].name,
                  works[w].workers);
    }
    svg_end(svg);
    return g_string_free(svg, FALSE);
}
