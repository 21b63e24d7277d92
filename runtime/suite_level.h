/* SPDX-License-Identifier: MIT */
#pragma once

#include "runtime/data.h"

#include <stdbool.h>
#include <stdint.h>

/* What a suite takes; TPS_RUNTIME_UNKNOWN where nothing says it. */
typedef struct {
    int64_t execution_us; /* of all its testcases together, without setup and teardown */
    int64_t setup_us;     /* of one task                                               */
    int64_t teardown_us;
    int64_t testcase_count;
    int64_t cpu_ppm;    /* processor time of its tasks in millionths of their wall time */
    int64_t peak_bytes; /* of one task: the most that was seen                          */
} TpsSuiteLevel;

/*
 * The recent level of what the parts of a suite took: parts of one run add up, or are averaged
 * where each of them pays (setup, teardown); over the runs the newest weighs most (sample.h).
 *
 *   returns  false: there is no such suite
 */
bool tps_suite_level(const TpsRuntimeData *data, const char *suite, TpsSuiteLevel *level);
