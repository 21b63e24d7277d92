/* SPDX-License-Identifier: MIT */
#pragma once

#include "runtime/sample.h"

#include <stddef.h>
#include <stdint.h>

/* What a prediction rests on, the best first. */
typedef enum {
    TPS_PREDICT_MEASURED,  /* samples of its own */
    TPS_PREDICT_RENAMED,   /* a testcase that vanished and is called the same */
    TPS_PREDICT_SIBLINGS,  /* the same function with other parameters */
    TPS_PREDICT_CLASS,     /* others of its class */
    TPS_PREDICT_FILE,      /* others of its file */
    TPS_PREDICT_DIRECTORY, /* others of its directory, or one above */
    TPS_PREDICT_PLAN,      /* all others */
    TPS_PREDICT_DEFAULT,   /* nothing */
} TpsPredictSource;

typedef struct {
    int64_t point_us;    /* >= 1: what is typical */
    int64_t expected_us; /* >= 1: the mean; for sums */
    int64_t late_us;     /* >= point_us: point_us and twice the spread; for the order. What may take
                            long has to begin early, or the others wait for it */
    int32_t spread;      /* mean |log2(real / point_us)|, 16 bits behind the point (core/log2.h) */
    TpsPredictSource source;
    uint32_t run; /* the newest run it rests on; 0 for TPS_PREDICT_DEFAULT */
} TpsPrediction;

/*
 * What each testcase will take in a run of ordinary speed. The order of the testcases changes
 * nothing, neither does the machine: whole numbers only.
 *
 *   now         [n]       the listing
 *   gone        [n_gone]  measured in the past, in the listing no longer; each with samples
 *   n_runs                every sample's run is below it; runs without a sample cost a word each
 *   default_us            >= 1: what a testcase takes of which nothing is known
 *   prediction  [n]       out
 *   errors                none (pure)
 *   time                  O(samples), and O(length of all ids) when a testcase is new
 *
 * Known testcases take their recent level (runtime/level.h). New ones take the level of the
 * testcase they seem to be a new name of (runtime/twins.h), else what the known ones around them
 * suggest (runtime/similar.h).
 */
void tps_predict(const TpsPredictCase *now, size_t n, const TpsPredictCase *gone, size_t n_gone,
                 uint32_t n_runs, int64_t default_us, TpsPrediction *prediction);
