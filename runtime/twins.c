/* SPDX-License-Identifier: MIT */
#include "runtime/twins.h"

#include "runtime/case_name.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TWINS 4

/* How far twins were from the truth: mean |log2(real / point)|. */
#define SPREAD_TWINS TPS_LOG2_ONE

/* Part of a name: two stretches of it. */
typedef struct {
    const char *front, *back;
    size_t n_front, n_back;
    size_t item;
} Key;

typedef enum {
    BY_FILE_NAME,
    BY_FILE,
    BY_CLASS,
    BY_FUNCTION,
    N_WAYS,
} Way;

static Key key_of(const char *name, Way way, size_t item)
{
    const TpsCasePieces pieces = tps_case_pieces(name);
    size_t back = pieces.leaf;
    Key key = {.front = name, .item = item};

    if (way == BY_FILE_NAME)
        back = pieces.base;
    else if (way == BY_CLASS)
        back = pieces.rest;
    else if (way == BY_FILE)
        key.n_front = pieces.rest;
    key.back = name + back;
    key.n_back = strlen(key.back);
    return key;
}

static int compare_bytes(const char *a, size_t n_a, const char *b, size_t n_b)
{
    const int order = memcmp(a, b, MIN(n_a, n_b));

    return order != 0 ? order : (n_a > n_b) - (n_a < n_b);
}

static int compare_keys(const void *a, const void *b)
{
    const Key *one = a, *two = b;
    const int order = compare_bytes(one->back, one->n_back, two->back, two->n_back);

    return order != 0 ? order : compare_bytes(one->front, one->n_front, two->front, two->n_front);
}

/* The cases of one key, and what those that vanished say. */
typedef struct {
    size_t n_new, n_old;
    int64_t sum_log, sum_us;
    uint32_t run;
} Family;

static uint32_t newest_run(const TpsNamedLevel *cases, const Key *key, size_t n)
{
    uint32_t run = 0;

    for (size_t i = 0; i < n; i++)
        if (cases[key[i].item].gone)
            run = MAX(run, cases[key[i].item].level->run);
    return run;
}

static Family meet(const TpsNamedLevel *cases, const Key *key, size_t n)
{
    Family family = {.run = newest_run(cases, key, n)};

    for (size_t i = 0; i < n; i++) {
        const TpsNamedLevel *member = &cases[key[i].item];

        if (!member->gone) {
            family.n_new++;
        } else if (member->level->run == family.run) {
            family.n_old++;
            family.sum_log += tps_level_log(member->level->point_us);
            family.sum_us = tps_add_sat(family.sum_us, member->level->mean_us);
        }
    }
    return family;
}

static TpsPrediction prediction_of(const Family *family)
{
    const int64_t n = (int64_t)family->n_old;

    return (TpsPrediction){
        .point_us = MAX(tps_level_time(family->sum_log / n), 1),
        .expected_us = MAX(family->sum_us / n, 1),
        .spread = SPREAD_TWINS,
        .source = TPS_PREDICT_RENAMED,
        .run = family->run,
    };
}

static void take(const TpsNamedLevel *cases, const Key *key, size_t n, TpsPrediction *prediction)
{
    const Family family = meet(cases, key, n);

    if (family.n_old == 0 || family.n_old > MAX_TWINS || family.n_new > MAX_TWINS * family.n_old)
        return;
    for (size_t i = 0; i < n; i++)
        if (!cases[key[i].item].gone)
            prediction[key[i].item] = prediction_of(&family);
}

static void match(const TpsNamedLevel *cases, size_t n, Way way, TpsPrediction *prediction)
{
    g_autofree Key *key = g_new(Key, n);
    size_t n_keys = 0;

    for (size_t i = 0; i < n; i++)
        if (cases[i].gone ? cases[i].level != NULL
                          : !cases[i].level && prediction[i].source != TPS_PREDICT_RENAMED)
            key[n_keys++] = key_of(cases[i].name, way, i);
    qsort(key, n_keys, sizeof *key, compare_keys);
    for (size_t begin = 0, end; begin < n_keys; begin = end) {
        for (end = begin + 1; end < n_keys && compare_keys(&key[begin], &key[end]) == 0; end++)
            ;
        take(cases, key + begin, end - begin, prediction);
    }
}

static bool has_gone(const TpsNamedLevel *cases, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cases[i].gone && cases[i].level)
            return true;
    return false;
}

void tps_take_twins(const TpsNamedLevel *cases, size_t n, TpsPrediction *prediction)
{
    if (!has_gone(cases, n))
        return;
    for (Way way = 0; way < N_WAYS; way++)
        match(cases, n, way, prediction);
}
