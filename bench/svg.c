/* SPDX-License-Identifier: MIT */
#include "bench/svg.h"

#include <math.h>

double svg_pixel(const SvgAxis *axis, double value)
{
    const double part = log(CLAMP(value, axis->min, axis->max) / axis->min);

    return axis->low + (axis->high - axis->low) * part / log(axis->max / axis->min);
}

static void append_colours(GString *svg, const char *const *colours, int n_colours)
{
    for (int c = 0; c < n_colours; c++)
        g_string_append_printf(svg, ".line.t%d{stroke:%s}.dot.t%d{fill:%s}\n", c, colours[c], c,
                               colours[c]);
}

void svg_begin(GString *svg, int width, int height, const char *about, const char *const *light,
               const char *const *dark, int n_colours)
{
    g_string_append_printf(svg,
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                           "width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">\n",
                           width, height, width, height, about);
    g_string_append(svg, "<style>\n"
                         "text{font:13px system-ui,sans-serif;fill:#1f2937}\n"
                         ".title{font-size:15px;font-weight:600}\n"
                         ".small{font-size:12px;fill:#6b7280}\n"
                         ".back{fill:#ffffff}\n"
                         ".grid{stroke:#e5e7eb;fill:none}\n"
                         ".line{stroke-width:2;fill:none}\n");
    append_colours(svg, light, n_colours);
    g_string_append(svg, "@media (prefers-color-scheme:dark){\n"
                         "text{fill:#e5e7eb}.small{fill:#9ca3af}\n"
                         ".back{fill:#111827}.grid{stroke:#374151}\n");
    append_colours(svg, dark, n_colours);
    g_string_append(svg, "}\n</style>\n");
    g_string_append_printf(svg, "<rect class=\"back\" width=\"%d\" height=\"%d\"/>\n", width,
                           height);
}

void svg_end(GString *svg)
{
    g_string_append(svg, "</svg>\n");
}

void svg_line(GString *svg, double x1, double y1, double x2, double y2)
{
    g_string_append_printf(
        svg, "<line class=\"grid\" x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\"/>\n", x1, y1, x2,
        y2);
}

void svg_label(GString *svg, const char *class, const char *anchor, double x, double y,
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

void svg_dot(GString *svg, int colour, double x, double y, double radius, const char *title)
{
    g_string_append_printf(svg, "<circle class=\"dot t%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%g\"",
                           colour, x, y, radius);
    if (title)
        g_string_append_printf(svg, "><title>%s</title></circle>\n", title);
    else
        g_string_append(svg, "/>\n");
}
