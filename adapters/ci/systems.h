/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#define TPS_CI_RUN_IDS 2

/* What is known of one CI system. Names of environment variables; NULL = it has none. */
typedef struct {
    const char *name;
    const char *marker; /* it is this system if that is set                          */
    const char *index;
    const char *total;
    int first;                           /* the lowest index                         */
    const char *min;                     /* or the variable that says it             */
    const char *max;                     /* and the highest one                      */
    const char *step;                    /* and how far apart they are               */
    int alone;                           /* a total up to this, with no index or the lowest
                                            ones, says that the job is not parallel; -1 = none */
    const char *attempts[2];             /* the larger one counts                    */
    int first_attempt;                   /* of the first attempt                     */
    const char *run_ids[TPS_CI_RUN_IDS]; /* the first one that is set counts         */
    char run_id_end;                     /* what follows that character is the job's */
    const char *hint;                    /* what to do where it says no index        */
} TpsCiSystem;

extern const TpsCiSystem tps_ci_systems[];
extern const size_t tps_ci_n_systems;
