/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/resources.h"

/*
 * Who may start when the first task in line can't, because what it needs is in use. It waits, with
 * what it needs reserved; a task behind it may overtake it if that does not delay it:
 *
 *   - as much as the first one wants stays free of all that the other takes, or
 *   - by the expected times, the first one could start at some time, the *shadow time*, and the
 *     other ends before it, or takes only what is left over even then.
 *
 * Expected times can be wrong. So a reservation is patient for TPS_PATIENCE times the wait that was
 * expected first; after that only the first of these rules holds, which knows no times: what the
 * first in line wants becomes free and stays free, so that it starts when what ran then has ended.
 * A task that needs nothing but a worker never waits, unless all are taken.
 *
 *   source   the reservation is EASY backfilling: D. A. Lifka, The ANL/IBM SP scheduling system,
 *            JSSPP 1995, LNCS 949; A. W. Mu'alem, D. G. Feitelson, IEEE Trans. Parallel Distrib.
 *            Syst. 12(6), 2001: 529-543
 */
#define TPS_PATIENCE 3

/* A task that runs, and when it is expected to end. */
typedef struct {
    const TpsClaim *claim;
    int64_t end_us;
    int worker;
} TpsRunning;

/* One decision, at one moment. */
typedef struct {
    const TpsUse *use;     /* borrowed: what is in use now              */
    const TpsClaim *first; /* borrowed: who is first in line            */
    int64_t now_us;
    int64_t shadow_us; /* when it is expected to start              */
    bool patient;
    TpsUse then; /* what is in use when it has started        */
} TpsOvertaking;

/*
 * The first in line does not fit.
 *
 *   running   [n] all tasks that run; one that is overdue is taken to end now
 *   until_us  in and out: how long its reservation is patient; 0 = it was made just now
 *   returns   the decision; clear it. Time O(n log n)
 */
TpsOvertaking tps_overtaking_new(const TpsUse *use, const TpsClaim *first,
                                 const TpsRunning *running, size_t n, int64_t now_us,
                                 int64_t *until_us);
void tps_overtaking_clear(TpsOvertaking *overtaking);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsOvertaking, tps_overtaking_clear)

/* May a task with that claim, which is expected to take that long, start now? */
bool tps_overtaking_may(const TpsOvertaking *overtaking, const TpsClaim *claim,
                        int64_t expected_us);
