/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/report.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What is worth telling of a testcase of two runs. */
typedef enum {
    TPS_CHANGE_NEW_FAILURE,   /* bad now; it was not, or was not there */
    TPS_CHANGE_STILL_FAILING, /* bad then and now                      */
    TPS_CHANGE_FIXED,         /* bad then, and passes now              */
    TPS_CHANGE_FLAKY,         /* passes only on a later attempt now    */
    TPS_CHANGE_SLOWER,        /* passes in both and takes much longer  */
    TPS_CHANGE_FASTER,
    TPS_CHANGE_ADDED,   /* was not there, and is not bad  */
    TPS_CHANGE_REMOVED, /* is not there any more          */
    TPS_CHANGE_LAST,
} TpsChangeKind;

/* "new_failures", "still_failing", ... Static. */
const char *tps_change_name(TpsChangeKind kind);

typedef struct {
    char *suite;       /* owned */
    char *id;          /* owned */
    char *message;     /* owned or NULL: of what is bad now     */
    int64_t before_us; /* or TPS_TIME_UNKNOWN                   */
    int64_t after_us;
} TpsChange;

/* Two runs side by side. */
typedef struct {
    GPtrArray *changes[TPS_CHANGE_LAST]; /* of TpsChange; by suite and id (bytes); slower and
                                            faster: by how much, the most first */
    guint n_before;                      /* results of either */
    guint n_after;
    int64_t before_us; /* the sum of the times of what passed in both */
    int64_t after_us;
} TpsComparison;

/* When a time counts as another: by this share, and by this much. */
typedef struct {
    int64_t ratio_ppm;
    int64_t least_us;
} TpsSlowness;

/*
 * Compare two reports testcase by testcase. What takes long is judged by single runs, so a small
 * change says nothing.
 *   errors  what reading the results gives; NULL then
 *   memory  one small record for each testcase of `before`
 */
TpsComparison *tps_compare(const TpsReport *before, const TpsReport *after,
                           const TpsSlowness *slowness, GError **error);

void tps_comparison_free(TpsComparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsComparison, tps_comparison_free)
