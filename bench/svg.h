/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* From values to pixels, by their logarithms. */
typedef struct {
    double min, max;
    double low, high;
} SvgAxis;

double svg_pixel(const SvgAxis *axis, double value);

/* The head of a picture, and what the benchmarks' pictures look like; one colour for each thing. */
void svg_begin(GString *svg, int width, int height, const char *about, const char *const *light,
               const char *const *dark, int n_colours);

void svg_end(GString *svg);

/* A line of the grid. */
void svg_line(GString *svg, double x1, double y1, double x2, double y2);

/* `anchor` is start, middle or end; `class` title, small or key. */
G_GNUC_PRINTF(6, 7)
void svg_label(GString *svg, const char *class, const char *anchor, double x, double y,
               const char *format, ...);

/* A dot of that colour, with what is shown when it is pointed at. */
void svg_dot(GString *svg, int colour, double x, double y, double radius, const char *title);
