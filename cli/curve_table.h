/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/curve.h"

#include <stdio.h>

/* For people: a row for each size, with a bar where there is room, and what the marks mean. */
void tps_curve_table_print(const TpsCurve *curve, const TpsCurveTerms *terms, FILE *stream);

/* For programs: JSON ended by a newline. Caller frees. */
char *tps_curve_text(const TpsCurve *curve, const TpsCurveTerms *terms);
