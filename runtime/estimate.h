/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/testcase.h"
#include "runtime/data.h"
#include "runtime/predict.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What is assumed where nothing is known: a testcase of a framework takes as long as the mean of
 * the measured ones of that framework, else a second; a plain command takes ten seconds.
 */
#define TPS_GUESS_TESTCASE_US INT64_C(1000000)
#define TPS_GUESS_COMMAND_US INT64_C(10000000)

/* How long a suite will take, and from which evidence. */
typedef struct {
    TpsEvidence evidence;
    bool setup_known; /* false: nothing says it, and it stands as 0 */
    int64_t setup_us;
    int64_t teardown_us;
    int64_t execution_us; /* the sum of expected_us                                      */
    int64_t guessed_us;   /* the share of it that has no measurement of its own          */
    guint n_testcases;
    int64_t *expected_us; /* [n_testcases], owned: the mean, to be summed up              */
    uint8_t *source;      /* [n_testcases], owned: what each rests on, a TpsPredictSource */
    guint n_measured;     /* testcases with a measured time or a share of a measured sum */
    guint n_guessed;
    bool dated;         /* its times were measured in runs that are known: the next one differs */
    bool times_known;   /* single testcases have times of their own: balance by time  */
    int64_t age_s;      /* how much older than the newest run of the data the measured time is,
                           on average; 0 where nothing is dated                        */
    int64_t cpu_ppm;    /* processor time of a task in millionths of its time, or
                           TPS_RUNTIME_UNKNOWN                                          */
    int64_t peak_bytes; /* memory of a task, or TPS_RUNTIME_UNKNOWN                     */
    GPtrArray *notes;   /* of char*, owned                                             */
} TpsEstimate;

/* "measured", "renamed", "like others of their class", ... */
const char *tps_predict_source_name(TpsPredictSource source);

void tps_estimate_free(TpsEstimate *estimate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsEstimate, tps_estimate_free)

/*
 * Estimate one suite.
 *
 *   testcases    of TpsTestcase: what the suite holds now
 *   guess_us     time of one testcase about which nothing is known
 *   returns      the estimate; caller frees. Never an error, never silently zero
 *
 * Testcases take what runtime/predict.h makes of their measurements, a file's time (knapsack) being
 * shared by its testcases; those that were only ever skipped take none. Where only a sum is known
 * it is scaled with the number of testcases, by max(now / recorded, 0.25), as Testplan does, and
 * shared equally.
 */
TpsEstimate *tps_estimate_suite(const TpsRuntimeData *data, const char *suite,
                                const GPtrArray *testcases, int64_t guess_us);
