/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "runtime/estimate.h"
#include "scheduler/cut.h"
#include "scheduler/planner.h"

/* The units of a suite: what may not be cut. */
typedef struct {
    size_t n;
    int *of;          /* [n_testcases] the unit of each testcase; NULL = each is its own */
    int64_t *cost_us; /* [n] */
    int *count;       /* [n] testcases in each */
} TpsUnits;

/* The unit of a testcase. */
static inline int tps_unit_of(const TpsUnits *units, guint testcase)
{
    return units->of ? units->of[testcase] : (int)testcase;
}

/* What the plan file says of where units go; see rules_internal.h. */
typedef struct {
    uint64_t *apart; /* [units.n] no two units that share a bit share a part; NULL = no rule */
    int *pin;        /* [units.n] the part a unit must be in, or -1; NULL likewise           */
    bool keep_order;
} TpsRules;

/* One way to deal the units of a suite to parts. */
typedef struct {
    int n_parts;
    int *part;        /* [units.n] */
    int64_t *load_us; /* [n_parts] the sum of their costs */
} TpsSplit;

/* A suite while it is planned. */
typedef struct {
    const TpsPlanInput *input;
    TpsEstimate *estimate;
    TpsPlanSuite *summary; /* borrowed from the plan */
    TpsUnits units;
    TpsRules rules;
    bool whole;      /* setup and teardown alone reach the target: it is not split */
    int64_t fill_us; /* what its automatic parts are filled to */
    size_t n_alone;  /* units longer than the limit: each a part of its own */
    bool movable;    /* its parts are ours to choose, by time */
    TpsSplit deal;   /* what holds */
} TpsDraft;

void tps_draft_clear(void *draft);

/* The plan file says how long one of its tasks takes. */
bool tps_draft_is_weighted(const TpsDraft *draft);

/* Setup and teardown, which every part pays; 0 where the plan file gives the weight. */
int64_t tps_draft_overhead(const TpsDraft *draft);

/* Number the units, add up their times, apply the rules to them; the estimate is there. */
bool tps_draft_number_units(TpsDraft *draft, GError **error);

/*
 * Where the plan file gives the number of parts, or the weight: as many parts as it says.
 *   errors  TPS_ERROR_INPUT: its rules leave no way to do so
 */
bool tps_draft_split_declared(TpsDraft *draft, GError **error);

/* What its automatic parts are filled to: less than the limit where the times come from runs. */
int64_t tps_draft_fill(const TpsDraft *draft, int64_t limit_us);

/*
 * Else the fewest parts that keep the limit; notes say what did not work.
 *   fill_us  what parts are filled to, <= limit_us: times are expectations, and some will be longer
 */
bool tps_draft_split_auto(TpsDraft *draft, int64_t fill_us, int64_t limit_us, GError **error);

/* The same of one that is movable, for its present fill_us, and nothing is said. False: no way. */
bool tps_draft_split_again(TpsDraft *draft);

/*
 * Where setup and teardown alone reach the limit, and its parts are ours to choose: say so, and
 * keep the suite whole, whatever the target is raised to.
 */
void tps_draft_check_setup(TpsDraft *draft, int64_t limit_us);

/*
 * What no way to split makes shorter: the longest unit with its overhead, or all of it where setup
 * and teardown alone reach the limit.
 */
int64_t tps_draft_floor(const TpsDraft *draft, int64_t limit_us);

/*
 * Deal the units to parts of these lengths (execution only).
 *   room_us  [n_parts]  in any order; in sum at least the suite's execution time
 * The answer has no empty part, so it may have fewer; none where the rules leave no way. Where
 * rules hold, only the number of lengths counts.
 */
TpsSplit tps_draft_deal(const TpsDraft *draft, const int64_t *room_us, int n_parts);

/* The load of each part, from the units in it. */
void tps_split_add_up(const TpsDraft *draft, TpsSplit *split);

/* No part but one of a single unit is longer than it may be filled, or than what rules keep
 * together. */
bool tps_draft_keeps_limit(const TpsDraft *draft, const TpsSplit *split);

void tps_split_clear(TpsSplit *deal);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsSplit, tps_split_clear)

/* The weight of one part of a deal. */
int64_t tps_draft_weight(const TpsDraft *draft, const TpsSplit *deal, int part);

/* Append the tasks of what holds to the plan. */
void tps_draft_add_tasks(const TpsDraft *draft, TpsPlan *plan);
