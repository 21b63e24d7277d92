/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdint.h>

/* Money is counted in millionths, of whatever currency the price is in. */
#define TPS_MONEY_UNIT INT64_C(1000000)
#define TPS_MONEY_UNKNOWN INT64_C(-1)
#define TPS_PPM 1000000

/* A plan for one size of pool, as numbers. */
typedef struct {
    int size;
    guint n_tasks;
    int64_t makespan_us; /* when the last worker ends                                         */
    int64_t elapsed_us;  /* the same with startup, and in waves where there are fewer slots   */
    int64_t work_us;     /* the weights of all tasks                                          */
    int64_t machine_us;  /* size * makespan: what a pool that is kept together takes          */
    int64_t billed_us;   /* each worker from its start to its own end, startup included,
                            rounded up to the billing granularity                             */
    int64_t cost;        /* of that, in millionths; TPS_MONEY_UNKNOWN without a price         */
    int idle_ppm;        /* share of machine_us in which a worker has no task                 */
    int probability_ppm; /* of ending within the target; -1 = unknown                         */
} TpsCurveRow;

/* What each size of pool would give. */
typedef struct {
    GArray *rows;      /* of TpsCurveRow, smallest first                                  */
    int64_t target_us; /* the one that holds                                              */
    int64_t floor_us;  /* the makespan of as many workers as there could be               */
    int recommended;   /* what the planner chooses by itself                              */
    int saturation;    /* the fewest workers within a thousandth of the floor             */
    int asked;         /* the size that was wished, or 0                                  */
    int max_size;      /* the cap that was given, or 0                                    */
} TpsCurve;

TpsCurve *tps_curve_new(void);
void tps_curve_free(TpsCurve *curve);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsCurve, tps_curve_free)

/* The row of that size, borrowed, or NULL. */
const TpsCurveRow *tps_curve_find(const TpsCurve *curve, int size);

/* "12.34", "0.0057": two digits behind the point, or as many as a small sum needs. Caller frees. */
char *tps_money_format(int64_t money);
