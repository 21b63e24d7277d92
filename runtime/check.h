/* SPDX-License-Identifier: MIT */
#pragma once

#include "runtime/data.h"

#include <glib.h>
#include <stdint.h>

/* What may be wrong with runtime data; docs/runtime-data.md says of each what to do. */
typedef enum {
    TPS_FINDING_UNMATCHED, /* it fits no suite of the plan file, or none of its testcases */
    TPS_FINDING_UNITS,     /* milliseconds or microseconds taken for seconds              */
    TPS_FINDING_COVERAGE,  /* testcases without a time, or times of testcases that are gone */
    TPS_FINDING_ZERO,      /* measured as nothing                                         */
    TPS_FINDING_DOUBLE,    /* one testcase under two names                                */
    TPS_FINDING_AGE,       /* last measured long ago                                      */
    TPS_FINDING_OUTLIER,   /* one measurement many times the others                       */
} TpsFindingKind;

/* "units", "coverage", ... */
const char *tps_finding_name(TpsFindingKind kind);

typedef struct {
    TpsFindingKind kind;
    char *suite;    /* owned                                    */
    char *testcase; /* owned; NULL when it is about the suite   */
    char *text;     /* owned: what is wrong, in words           */
} TpsFinding;

/* What a plan file declares, and what its framework lists for it. */
typedef struct {
    const char *suite;
    const GPtrArray *testcases; /* of TpsTestcase */
} TpsCheckSuite;

typedef struct {
    int64_t now_s;     /* since the epoch; -1: the newest run of the data */
    int64_t max_age_s; /* older than that is old                          */
    const TpsCheckSuite *declared;
    size_t n_declared; /* 0: there is no plan file */
} TpsCheckRequest;

/*
 * Look for what makes plans bad without anybody noticing.
 *
 *   returns  of TpsFinding, by suite, kind, testcase; caller unrefs
 *   time     O(size of the data * log)
 */
GPtrArray *tps_runtime_data_check(const TpsRuntimeData *data, const TpsCheckRequest *request);
