/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/* What is known of a task, or of the piece of it that is run in one go. */
typedef struct {
    int64_t suite_us;    /* what its suite says; 0 = nothing                                  */
    int64_t option_us;   /* what --timeout says; 0 = nothing                                  */
    int64_t weight_us;   /* what it is expected to take, >= 0                                 */
    int64_t guessed_us;  /* how much of that was never measured, >= 0                         */
    int64_t deadline_us; /* when the whole run has to end, on the clock of `now`; 0 = never   */
} TpsTimeLimits;

/* By the rule below: never less, and where nothing was measured not even that. */
#define TPS_TIMEOUT_MEASURED_MIN_US (INT64_C(10) * 60 * 1000000)
#define TPS_TIMEOUT_GUESSED_MIN_US (INT64_C(60) * 60 * 1000000)
/* And never more, but for a task that is expected to take longer than a third of it. */
#define TPS_TIMEOUT_MAX_US (INT64_C(24) * 60 * 60 * 1000000)

/*
 * How long it may run before it is killed: the suite's word, else the option's, else a rule from
 * history; and no longer than to the deadline.
 *
 * The rule: five times an upper estimate, which is the expected time twice where it was measured
 * and ten times where it was guessed; at least ten minutes, or an hour where more than half was
 * guessed; at most a day, or three times the expected time if that is longer. It is there for what
 * hangs: a test that merely got slow has to end, so that somebody learns how slow.
 *
 *   returns   >= 1
 */
int64_t tps_time_limit(const TpsTimeLimits *limits, int64_t now_us);
