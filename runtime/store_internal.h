/* SPDX-License-Identifier: MIT */
#pragma once

#include "runtime/data.h"
#include "runtime/run_key.h"

#include <cJSON.h>

/* A testcase of a table. */
typedef struct {
    const char *id; /* in the pool of the data                                          */
    uint32_t first; /* its samples are samples[first .. first + n_samples) of the table */
    uint32_t n_samples;
    uint32_t seen;
    bool skipped;
} TpsRecord;

/* What is known of one suite. */
typedef struct {
    const char *name;  /* in the pool of the data                                       */
    GArray *records;   /* of TpsRecord, by id (bytes), none twice, once it is settled    */
    GArray *samples;   /* of TpsSample, of a record oldest first                         */
    GArray *parts;     /* of TpsRuntimePart, oldest run first, by part, none twice       */
    cJSON *unknown;    /* an object: keys that we do not know, kept as they are          */
    GHashTable *notes; /* id -> cJSON object: the same of a testcase; NULL until there is one */
} TpsTable;

/* One run, or a shard of it that wrote what it measured itself: when it began, and which it is. */
typedef struct {
    char key[TPS_RUN_KEY_LENGTH +
             1]; /* "20261121T113243-3f2a9c1b": its order by bytes is its order in time */
} TpsRunKey;

#define TPS_RUN_KEY_HASH 16 /* where in the key the part begins that tells runs apart */

struct TpsRuntimeData {
    TpsStringPool *names;
    GPtrArray *tables;        /* of TpsTable, by name (bytes) once it is settled */
    TpsTable *unowned;        /* testcases or files that no suite claims        */
    const char *unowned_name; /* "pytest", "knapsack" or NULL                   */
    GArray *runs;             /* of TpsRunKey, [0] is the run nobody can date   */
    cJSON *unknown;
    GPtrArray *probes;  /* of TpsRuntimeSource, owned */
    GPtrArray *sources; /* of char*, owned */
};

TpsTable *tps_table_new(const char *name);
void tps_table_free(TpsTable *table);
TpsTable *tps_runtime_data_table(const TpsRuntimeData *data, const char *suite);
/* Remember some names of what was loaded from there. */
void tps_runtime_data_probe(TpsRuntimeData *data, const char *path);

TpsTable *tps_runtime_data_add_table(TpsRuntimeData *data, const char *suite);

/* Append a testcase; its samples, if any, were appended to table->samples just before. */
void tps_table_add(TpsTable *table, const char *id, uint32_t n_samples, uint32_t seen,
                   bool skipped);

/*
 * Put records in the order of their ids, each id once.
 *   returns  the id of a testcase that was there twice, or NULL
 */
const char *tps_table_sort(TpsTable *table, const GArray *runs);

/*
 * The normal form: sorted, and the samples of each record united and bounded; parts likewise.
 *
 *   runs     of TpsRunKey; the numbers of records and parts are places in it, old before new
 */
void tps_table_settle(TpsTable *table, const GArray *runs);

/* Two settled tables, united. Takes from both. */
TpsTable *tps_table_unite(TpsTable *a, TpsTable *b, const GArray *runs);

/* Parts in the order of their runs, each part of a run once, and no more than TPS_RUNS_MAX runs. */
void tps_parts_settle(GArray *parts, const GArray *runs);

/* Is it one run? Its shards do not begin at the same second: only the hashes must be the same. */
bool tps_runs_are_same(const GArray *runs, uint32_t a, uint32_t b);

/*
 * Two objects of unknown keys become one, sorted; of two values of one key the one whose text comes
 * first is kept. Takes both, either may be NULL.
 */
cJSON *tps_unknown_unite(cJSON *a, cJSON *b);
