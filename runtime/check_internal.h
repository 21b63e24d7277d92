/* SPDX-License-Identifier: MIT */
#pragma once

#include "runtime/check.h"

/* One suite of the data while it is judged. */
typedef struct {
    const TpsRuntimeData *data;
    const TpsCheckRequest *request;
    const char *suite;
    size_t n;                      /* testcases the data knows                          */
    TpsRuntimeTestcase *testcases; /* [n]                                               */
    int64_t *level_us;             /* [n]; TPS_RUNTIME_UNKNOWN: never measured          */
    size_t n_measured;
    int64_t sum_us; /* of the levels                                     */
    GPtrArray *findings;
} TpsCheck;

void tps_check_say(const TpsCheck *check, TpsFindingKind kind, const char *testcase,
                   const char *format, ...) G_GNUC_PRINTF(4, 5);

void tps_check_units(const TpsCheck *check);
void tps_check_zeros(const TpsCheck *check);
void tps_check_outliers(const TpsCheck *check);
void tps_check_doubles(const TpsCheck *check);
void tps_check_age(const TpsCheck *check);
void tps_check_count(const TpsCheck *check);

/* The data against what is declared. */
void tps_check_matching(const TpsRuntimeData *data, const TpsCheckRequest *request,
                        GPtrArray *findings);
