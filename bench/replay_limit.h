/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one suite holds of a run, in the order of the run: heaviest expected first. */
typedef struct {
    size_t n;
    int64_t *expected_us, *real_us; /* [n] */
    uint32_t *listed;               /* [n] */
} ReplayContent;

/* Of a part; each pays the setup. */
typedef struct {
    int64_t setup_us, limit_us;
} ReplayLimit;

typedef struct {
    double suites, parts, over, avoidable;
    double overshoot; /* sum over avoidable parts of (time / limit - 1) */
} ReplayTally;

/*
 * Run the testcases of part `number`, one after the other, and count it: is it over its limit, and
 * could that have been avoided, no single testcase being too long?
 *
 *   part_of     [content->n]
 *   gives_back  the part ends before a testcase that would bring it over the limit, at the pace so
 *               far and with some doubt; the rest is one more part
 */
void replay_run_part(const ReplayContent *content, const int *part_of, int number,
                     const ReplayLimit *limit, bool gives_back, ReplayTally *tally);
