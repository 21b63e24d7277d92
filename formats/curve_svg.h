/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/curve.h"

/*
 * The curve as a picture: one self-contained SVG file, in light and dark colours. Above, how long
 * each size takes, with target, floor, recommended size and saturation; below, what it costs, or
 * its machine time where no price is known. Both axes are logarithmic, piecewise linear between
 * powers of two, so that no machine's libm decides about a pixel.
 *
 *   curve    at least one row
 *   name     of the plan, shown in the title; any bytes
 *   returns  well-formed XML, ended by a newline; caller frees
 */
char *tps_curve_svg(const TpsCurve *curve, const char *name);
