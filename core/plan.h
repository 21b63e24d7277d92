/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/filter.h"
#include "core/needs.h"
#include "core/string_pool.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Part M of N of a suite, 0 <= M < N, written "M,N". An unsplit suite is part 0 of 1 and has no
 * part tuple.
 */
typedef struct {
    int index;
    int count;
} TpsPart;

/* "M,N" with N > 1 -> part; TPS_ERROR_USAGE otherwise. */
bool tps_part_parse(const char *text, TpsPart *part, GError **error);

/* "api" or "api 0,3", for messages. Caller frees. */
char *tps_part_label(const char *suite, TpsPart part);

/* What one worker executes: one part, or one unsplit suite. */
typedef struct {
    char *suite; /* owned                                                     */
    TpsPart part;
    int64_t weight_us; /* setup + execution + teardown, unless the plan file set it */
    int64_t setup_us;
    int64_t execution_us;
    int64_t teardown_us;
    int64_t guessed_us; /* the share of execution_us of testcases that were never measured */
    guint n_testcases;
    GPtrArray *testcases; /* of char*, in running order; NULL = only the count is known   */
    int64_t *expected_us; /* [n_testcases] of each of `testcases`, owned; NULL = only their sum is
                             known, as in a plan that was read                                 */
    int worker;           /* who takes it if every task takes its weight               */
    int64_t start_us;     /* and when                                                  */
} TpsTask;

TpsTask *tps_task_new(const char *suite, TpsPart part);
void tps_task_free(TpsTask *task);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsTask, tps_task_free)

/*
 * The order in which a pool starts tasks: heaviest first, ties by suite (bytes), then by part.
 * A GCompareFunc over TpsTask*.
 */
int tps_task_compare(const TpsTask *a, const TpsTask *b);

/* Where a suite's times come from. */
typedef enum {
    TPS_EVIDENCE_MEASURED, /* runtime data, as recorded                            */
    TPS_EVIDENCE_SCALED,   /* runtime data, scaled to a changed number of testcases */
    TPS_EVIDENCE_WEIGHT,   /* the plan file says so                                */
    TPS_EVIDENCE_GUESSED,  /* nothing is known: the documented default             */
} TpsEvidence;

const char *tps_evidence_name(TpsEvidence evidence);
bool tps_evidence_parse(const char *name, TpsEvidence *evidence);

/* One suite of a plan: what was known about it and what was decided. */
typedef struct {
    char *name; /* owned */
    int parts;
    TpsEvidence evidence;
    guint n_testcases;
    guint n_measured; /* testcases with a time, or a share of a time, of their own */
    guint n_guessed;
    int64_t measured_us; /* what its testcases take, as far as it was measured */
    int64_t guessed_us;
    int64_t age_s;    /* by how much that is older than the newest run, on average */
    TpsNeeds *needs;  /* owned, of each of its tasks; NULL = a worker and nothing else */
    GPtrArray *notes; /* of char*, owned: what a person should know */
} TpsPlanSuite;

TpsPlanSuite *tps_plan_suite_new(const char *name);
void tps_plan_suite_free(TpsPlanSuite *suite);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsPlanSuite, tps_plan_suite_free)

/* Why a pool has the size it has. */
typedef enum {
    TPS_SIZE_TARGET,   /* the fewest workers that meet the target                    */
    TPS_SIZE_GIVEN,    /* it was asked for                                           */
    TPS_SIZE_MAX_SIZE, /* the target wants more, and no more are allowed             */
    TPS_SIZE_CPU,      /* more would share processors                                */
    TPS_SIZE_MEMORY,   /* more would not fit into memory                             */
    TPS_SIZE_NEEDS,    /* more would wait for what tasks need: locks, devices        */
} TpsSizeReason;

const char *tps_size_reason_name(TpsSizeReason reason);
bool tps_size_reason_parse(const char *name, TpsSizeReason *reason);

/* A probability that nobody asked for, or nobody can tell. */
#define TPS_PPM_UNKNOWN (-1)

/* The pinned result of planning. */
typedef struct {
    char *id;          /* owned; SHA-256 of the content, or NULL before it is sealed */
    char *name;        /* owned                                                      */
    char *executed;    /* owned or NULL: the id of the plan whose execution this is  */
    TpsFilter *filter; /* owned or NULL: what of the suites it is of                 */
    int64_t target_us; /* the target that holds, after raising                       */
    int64_t limit_us;
    int size;
    int size_lower_bound;
    TpsSizeReason size_reason;
    int64_t makespan_us; /* expected, by simulation of the pool's own order            */
    int64_t makespan_lower_bound_us;
    int confidence_ppm;    /* the promise that was asked for, or TPS_PPM_UNKNOWN        */
    int within_target_ppm; /* probability of ending within the target, or TPS_PPM_UNKNOWN */
    GPtrArray *suites;     /* of TpsPlanSuite, in the order of their names (bytes), none twice */
    GPtrArray *tasks;      /* of TpsTask, in starting order                              */
    GPtrArray *sources;    /* of char*, owned: where the times come from                 */
    GPtrArray *notes;      /* of char*, owned                                            */
    GArray *resources;     /* of TpsResource: what a machine has                         */
    int64_t memory_bytes;  /* what it can give to tasks that say what they need; 0 = any */
    bool is_sharded;       /* its workers are machines of their own: needs of tasks of
                              different workers have nothing to do with each other       */
    TpsStringPool *names;  /* what the ids of its testcases are borrowed from, if they are */
} TpsPlan;

TpsPlan *tps_plan_new(void);
void tps_plan_free(TpsPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsPlan, tps_plan_free)

/* The task of that suite and part, borrowed, or NULL. */
TpsTask *tps_plan_find(const TpsPlan *plan, const char *suite, TpsPart part);
TpsPlanSuite *tps_plan_find_suite(const TpsPlan *plan, const char *name);
