/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/string_pool.h"
#include "runtime/sample.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What past runs say: of each suite what its parts took, of each testcase the last few
 * measurements. A set of samples, each known by its run: to put two sets together is to unite them,
 * so that it does not matter in which order, how often, or in how many pieces they come (a
 * join-semilattice; Shapiro et al. 2011, Conflict-free replicated data types).
 */
typedef struct TpsRuntimeData TpsRuntimeData;

/* A value in microseconds, bytes or testcases that nothing says. */
#define TPS_RUNTIME_UNKNOWN INT64_C(-1)

/* So many measurements of one testcase are kept, the newest ones. */
#define TPS_SAMPLES_MAX 5
/* And the parts of so many runs of a suite. */
#define TPS_RUNS_MAX 30

TpsRuntimeData *tps_runtime_data_new(void);
void tps_runtime_data_free(TpsRuntimeData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsRuntimeData, tps_runtime_data_free)

/*
 * Unite with a file, recognised by its content:
 *
 *   Testplan       {"SUITE": {"execution_time": s, "setup_time": s, ...}}, also with our extension
 *                  (docs/runtime-data.md)
 *   pytest-split   {"NODE::ID": s}, or the older [["NODE::ID", s], ...]
 *   knapsack       {"FILE": s}
 *
 *   errors  TPS_ERROR_INPUT with the file and the place: not JSON, none of these, a name twice, a
 *           time that is negative, not finite or longer than ten years. Nothing is added then
 */
bool tps_runtime_data_load(TpsRuntimeData *data, const char *path, GError **error);

/* Unite with other data; takes what it needs from it. */
void tps_runtime_data_merge(TpsRuntimeData *data, TpsRuntimeData *other);

/* The times that no suite claims (pytest-split, knapsack) become those of this one. */
void tps_runtime_data_claim(TpsRuntimeData *data, const char *suite);

/* A testcase that was not seen for so long, 90 days, is gone. */
#define TPS_GONE_AFTER_S (INT64_C(90) * 24 * 3600)

/*
 * Drop testcases that have long been gone: not seen in any run of their suite for `max_age_s`
 * seconds before its newest run. Without dated runs nothing is old.
 *   returns  how many were dropped
 */
size_t tps_runtime_data_prune(TpsRuntimeData *data, int64_t max_age_s);

/*
 * The data in our own form: Testplan's with testcases and samples. The same data is the same text:
 * sorted by bytes, one line for each testcase and each part of a run. Times without a suite are
 * left out. Caller frees.
 */
char *tps_runtime_data_text(const TpsRuntimeData *data);

/* One line a file, sorted: what it was recognised as and how much is in it. Borrowed, of char*. */
const GPtrArray *tps_runtime_data_sources(const TpsRuntimeData *data);

/* A file that was loaded, and some of the names in it: all suites, and testcases spread over it. */
typedef struct {
    char *file;       /* owned: without its directory           */
    GPtrArray *names; /* of char*, in the pool of the data       */
} TpsRuntimeSource;

/* So many testcases of a file are looked at to see whether it fits a plan. */
#define TPS_PROBES 256

/* Of TpsRuntimeSource, by file; borrowed. */
const GPtrArray *tps_runtime_data_probes(const TpsRuntimeData *data);

/*
 * The names of all suites, sorted by bytes. Times of testcases that no suite claims (pytest-split,
 * knapsack) are a suite of their own, "pytest" or "knapsack". Caller unrefs; borrows the names.
 */
GPtrArray *tps_runtime_data_suites(const TpsRuntimeData *data);

/* Does any file claim it as a suite? Not true of "pytest" and "knapsack" above. */
bool tps_runtime_data_has(const TpsRuntimeData *data, const char *suite);

/* A testcase as past runs know it; borrowed from the data. */
typedef struct {
    const char *id;
    const TpsSample *samples; /* [n_samples], oldest first */
    uint32_t n_samples;       /* 0: it was seen and never measured */
    uint32_t seen;            /* the newest run that had it        */
    bool skipped;             /* it was only ever skipped          */
} TpsRuntimeTestcase;

/* The testcases of a suite of that list; number `i` in the order of their ids (bytes). */
size_t tps_runtime_data_n_testcases(const TpsRuntimeData *data, const char *suite);
TpsRuntimeTestcase tps_runtime_data_testcase(const TpsRuntimeData *data, const char *suite,
                                             size_t i);

/*
 * Match names with the data: the suite's own testcases, else those that no suite claims.
 *
 *   ids    [n]
 *   found  [n]  out; `id` is NULL for what is not in the data
 *   time        O((n + size of the data) log n)
 */
void tps_runtime_data_match(const TpsRuntimeData *data, const char *suite, const char *const *ids,
                            size_t n, TpsRuntimeTestcase *found);

/* The pool that holds the ids, for who borrows them beyond the data's life. */
TpsStringPool *tps_runtime_data_names(const TpsRuntimeData *data);

/* What one part of a run took. TPS_RUNTIME_UNKNOWN where nothing says it. */
typedef struct {
    uint32_t run;
    int index; /* of count: the part tuple; 0 of 1 for an unsplit suite */
    int count;
    int64_t execution_us; /* of its testcases */
    int64_t setup_us;
    int64_t teardown_us;
    int64_t testcase_count;
    int64_t wall_us;    /* of the whole task */
    int64_t planned_us; /* what its plan expected of the whole task */
    int64_t guessed_us; /* the share of that which was a guess      */
    int64_t cpu_us;
    int64_t peak_bytes;
} TpsRuntimePart;

/* The parts of a suite, oldest run first; NULL and 0 when there is none. Borrowed. */
const TpsRuntimePart *tps_runtime_data_parts(const TpsRuntimeData *data, const char *suite,
                                             size_t *n);

/*
 * Empty data to which one run adds what it measured, `key` as tps_run_key_new gives it. All that is
 * added belongs to that run; names are copied. A testcase without a time (TPS_RUNTIME_UNKNOWN) was
 * there all the same. To be merged into other data.
 */
TpsRuntimeData *tps_runtime_data_new_run(const char *key);
void tps_runtime_data_add_testcase(TpsRuntimeData *data, const char *suite, const char *id,
                                   int64_t us, bool skipped);
void tps_runtime_data_add_part(TpsRuntimeData *data, const char *suite, const TpsRuntimePart *part);

/*
 * How many runs are known, with run 0; and the key of one: "20261121T113243-3f2a9c1b". Shards that
 * wrote for themselves have a key each: testcases of one run may name several. The parts of one run
 * all name the one that began last.
 */
uint32_t tps_runtime_data_n_runs(const TpsRuntimeData *data);
const char *tps_runtime_data_run_key(const TpsRuntimeData *data, uint32_t run);
