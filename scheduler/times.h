/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/planner.h"

/*
 * The times of single testcases and units, as the planner sees them. A plan holds only sums; who
 * has the request it was made from can look behind them.
 */
typedef struct TpsTimes TpsTimes;

/* One testcase. Borrows from the request. */
typedef struct {
    const TpsTestcase *testcase;
    int64_t expected_us;
    const char *source;   /* why it is believed: "measured", "renamed", ... */
    TpsUnit unit;         /* what stays together in its suite */
    const char *unit_key; /* which unit it is in              */
    int64_t unit_us;      /* what that takes                  */
    guint unit_size;      /* testcases in it, itself included */
    const char *mates[3]; /* the first others of them         */
    guint n_mates;        /* how many of these there are      */
} TpsTestcaseTime;

/* `request` and `plan`, which was made from it, must outlive it. Suites are looked at when asked.
 */
TpsTimes *tps_times_new(const TpsPlanRequest *request, const TpsPlan *plan);
void tps_times_free(TpsTimes *times);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsTimes, tps_times_free)

/* False when the request does not know a testcase of that name. */
bool tps_times_find(TpsTimes *times, const char *suite, const char *id, TpsTestcaseTime *found);

/* What a testcase is expected to take, or 0 when the request does not know it. */
int64_t tps_times_expected(TpsTimes *times, const char *suite, const char *id);

/* What the request has of a suite, borrowed, or NULL. */
const TpsPlanInput *tps_times_input(TpsTimes *times, const char *suite);

/* How many units a suite has, and the longest of them; 0 where nothing is known of it. */
size_t tps_times_units(TpsTimes *times, const char *suite, int64_t *longest_us);
