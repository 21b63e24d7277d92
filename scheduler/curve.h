/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/curve.h"
#include "scheduler/planner.h"

/* What workers cost, and how they come. */
typedef struct {
    int64_t price;          /* of one worker for one hour, in millionths; TPS_MONEY_UNKNOWN */
    int64_t granularity_us; /* started ones are paid; >= 1                                  */
    int64_t startup_us;     /* from asking for a worker to its first task                   */
    int n_slots;            /* so many workers at a time, the others wait; 0 = all at once  */
} TpsCurveTerms;

/* The most that a price can be, so that arithmetic on it stays exact: a million for an hour. */
#define TPS_PRICE_MAX (1000000 * TPS_MONEY_UNIT)

/*
 * The price of some worker time, rounded half up to a millionth; at most INT64_MAX.
 *
 *   billed_us  >= 0
 *   price      0 .. TPS_PRICE_MAX, of an hour, in millionths
 */
int64_t tps_curve_cost(int64_t billed_us, int64_t price);

/*
 * The numbers of one plan. Waves are those of a plan whose workers are fixed, such as CI nodes: a
 * slot that becomes free takes the next worker with all its tasks.
 */
TpsCurveRow tps_curve_row(const TpsPlan *plan, const TpsCurveTerms *terms);

/* The size after `size` that is looked at: 1, 2, 3, 4, 6, 8, 12, 16 and so on. */
int tps_curve_next_size(int size);

/*
 * Ask the planner for one size after the other until more workers do not help, for the size it
 * would choose, and for the size the request asks for. Parts may differ from size to size, and no
 * size exceeds the number of testcases or the request's max_size.
 *
 *   returns  the curve; caller frees. Its rows: the sizes named above up to the one behind the
 *            saturation, the saturation (bisected, so exact where the makespan never grows with
 *            the size), the recommended and the asked size
 *   errors   as tps_plan_make
 */
TpsCurve *tps_curve_make(const TpsPlanRequest *request, const TpsCurveTerms *terms, GError **error);
