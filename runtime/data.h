/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What past runs say: per suite its execution, setup and teardown time and testcase count, per
 * testcase a time. Several files are averaged, so their order does not matter.
 */
typedef struct TpsRuntimeData TpsRuntimeData;

/* A value in microseconds or testcases that some file did not have. */
#define TPS_RUNTIME_UNKNOWN INT64_C(-1)

typedef struct {
    const char *name;
    int64_t execution_us; /* of all its testcases, without setup and teardown */
    int64_t setup_us;
    int64_t teardown_us;
    int64_t testcase_count; /* TPS_RUNTIME_UNKNOWN when no file says it */
} TpsRuntimeSuite;

TpsRuntimeData *tps_runtime_data_new(void);
void tps_runtime_data_free(TpsRuntimeData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsRuntimeData, tps_runtime_data_free)

/*
 * Add a file, recognised by its content:
 *
 *   Testplan       {"SUITE": {"execution_time": s, "setup_time": s, ...}}, also with our extension
 *                  "testcases": {"ID": s or {"mean": s, ...}}
 *   pytest-split   {"NODE::ID": s}, or the older [["NODE::ID", s], ...]
 *   knapsack       {"FILE": s}
 *
 *   errors  TPS_ERROR_INPUT with the file and the place: not JSON, none of these, a name twice, a
 * time that is negative, not finite or longer than ten years. Nothing is added then
 */
bool tps_runtime_data_load(TpsRuntimeData *data, const char *path, GError **error);

/* One line a file, sorted: what it was recognised as and how much is in it. Borrowed, of char*. */
const GPtrArray *tps_runtime_data_sources(const TpsRuntimeData *data);

/*
 * The names of all suites, sorted by bytes. Times of testcases that no suite claims (pytest-split,
 * knapsack) are a suite of their own, "pytest" or "knapsack". Caller unrefs; borrows the names.
 */
GPtrArray *tps_runtime_data_suites(const TpsRuntimeData *data);

/* What is known of a suite; false when there is no entry of that name. */
bool tps_runtime_data_find(const TpsRuntimeData *data, const char *suite, TpsRuntimeSuite *found);

/* The names of the testcases the data has for a suite of that list, sorted by bytes; may be empty.
 */
GPtrArray *tps_runtime_data_testcases(const TpsRuntimeData *data, const char *suite);

/*
 * The time of one testcase: the suite's own, else that of a testcase or file no suite claims.
 * TPS_RUNTIME_UNKNOWN when there is none.
 */
int64_t tps_runtime_data_time(const TpsRuntimeData *data, const char *suite, const char *id);
