/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/queue.h"

/* What a queue (scheduler/queue.h) runs once more, and when it has seen enough. */

/* What of a task is to be run once more. */
typedef struct {
    size_t *units; /* [n_units] owned, ascending                         */
    size_t n_units;
    GHashTable *only; /* owned or NULL: of them only the testcases of these ids */
    guint n_failed;   /* what it takes from the budget: testcases that failed   */
    int avoid;        /* the worker on which they failed                        */
} TpsAgain;

void tps_again_clear(TpsAgain *again);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsAgain, tps_again_clear)

/* A task has ended, and its attempts or repetitions are not used up: tps_queue_rerun may be asked.
 */
bool tps_queue_may_rerun(const TpsQueue *queue, const TpsTask *task);
bool tps_queue_may_repeat(const TpsQueue *queue, const TpsTask *task);

/*
 * Run again what failed of a task that has ended, as its next attempt. All of it or nothing: where
 * more testcases failed than the budget has left, they are not flaky. What `again` holds is taken
 * if true is returned; then the task has not ended.
 */
bool tps_queue_rerun(TpsQueue *queue, const TpsTask *task, TpsAgain *again);

/* Run all of a task that has ended once more, behind all that waits. */
void tps_queue_repeat(TpsQueue *queue, const TpsTask *task);

/* A task has failed for good. True when it was the last that is borne: nothing starts any more. */
bool tps_queue_fail(TpsQueue *queue);

/* Was that so? */
bool tps_queue_failed_fast(const TpsQueue *queue);

/* Testcases that were run again, and those for which the budget did not suffice. */
guint tps_queue_n_rerun(const TpsQueue *queue);
guint tps_queue_n_refused(const TpsQueue *queue);
