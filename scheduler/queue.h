/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/result.h"
#include "scheduler/resources.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More pieces of one task would only pay setup. */
#define TPS_PIECES_MAX 64

/* A task as the queue sees it: units that stay together, and what each is expected to take. */
typedef struct {
    const TpsTask *task;   /* borrowed                                                          */
    int64_t *unit_us;      /* [n_units] owned: expected execution, each >= 0                    */
    size_t n_units;        /* >= 1; 0 for a task that has nothing left to run                   */
    bool divisible;        /* its units may run in several processes at a time                  */
    bool gives_back;       /* its process stops between units when it is late                   */
    bool is_first;         /* it has testcases that the plan does not know: before all others   */
    int64_t overhead_us;   /* what every process of it pays: setup plus teardown, or a guess    */
    const TpsClaim *claim; /* borrowed or NULL: what each of its pieces holds while it runs    */
    int reruns;            /* how often what failed of it may be run again, >= 0                */
    int repeats;           /* how often all of it is run; 0 = 1                                 */
    bool bound;            /* only `worker` takes it, and not before `start_us`: a replay         */
    int worker;
    int64_t start_us; /* since the run began */
} TpsQueueTask;

void tps_queue_task_clear(TpsQueueTask *task);

/*
 * A batch of a task's units, executed by a process of its own. A task that is not cut is one piece.
 * Its part tuple and its part report stay one, whatever the number of pieces.
 */
typedef struct {
    const TpsTask *task; /* borrowed                                                       */
    int number;          /* within its task: 0, 1, ... in the order in which they were cut */
    size_t *units;       /* [n_units] owned: indices into the task's units, ascending      */
    size_t n_units;
    int64_t expected_us; /* overhead and units                                             */
    int64_t worth_us;    /* a rest shorter than that is not given back                     */
    int64_t until_us;    /* monotonic: no unit is begun that ends later; INT64_MAX = gives back
                            only when asked to; 0 = never                                  */
    bool asked;          /* to give back, because somebody idles                           */
    int attempt;         /* 1, 2, ...: at its testcases                                    */
    int deaths;          /* how many workers died of it before                             */
    GHashTable *only;    /* owned or NULL: of its units only the testcases of these ids    */
    int avoid;           /* better not by this worker; -1 = whoever                        */
    bool replaced;       /* its worker died; another piece runs all of it                  */
    bool may_linger;     /* its worker may go on while descendants of it linger            */
    bool lingers;        /* and does                                                       */
    int worker;
    int64_t started_us; /* monotonic; 0 = it never started                                */
    int64_t ended_us;
    TpsPartReport *report; /* owned or NULL: what it did                                  */
    const TpsClaim *claim; /* borrowed or NULL: what it needs beside a worker              */
    TpsGrant grant;        /* what it has of that while it runs                            */
    bool settled;          /* its report is gone, and this is what is left of it:         */
    GPtrArray *planned;    /* of char*, owned: what it was to run; NULL = the task's own  */
    int64_t wall_us;
    int64_t setup_us;
    int64_t teardown_us;
} TpsPiece;

/*
 * Keep of a piece's report only what its plan as executed needs, when its task is over and joined:
 * reports of all tasks would fill the memory. Nothing where there is none.
 */
void tps_piece_settle(TpsPiece *piece);

/* What holds for a whole run. */
typedef struct {
    int size;          /* workers in the beginning, >= 1                                        */
    int max_size;      /* >= size; an elastic pool may grow that far                            */
    bool splits;       /* tail splitting and giving back                                        */
    int64_t limit_us;  /* part runtime limit                                                    */
    int64_t target_us; /* for the whole run                                                     */
    int64_t rerun_budget;  /* testcases that may be run again, all attempts of all tasks together */
    const TpsStock *stock; /* borrowed: what claims are of; NULL where no task has one      */
    int fail_fast;         /* after so many failed tasks nothing is started any more; 0 = never  */
} TpsQueueRules;

/* A worker that dies takes its task with it; a task that killed as many is not tried again. */
#define TPS_DEATHS_MAX 2

/*
 * What comes next, for all workers of a local pool: a list in the plan's starting order, tasks with
 * new testcases in front. It decides at run time what a plan can't know: whether the task that is
 * taken is cut so that nobody idles (scheduler/tail.h), where what was given back goes, and whether
 * an elastic pool grows. Pure: the clock comes in, nothing is locked; the pool does both.
 */
typedef struct TpsQueue TpsQueue;

/* Takes the elements of `tasks` (TpsQueueTask, in starting order). `now_us` > 0: the run begins. */
TpsQueue *tps_queue_new(GArray *tasks, const TpsQueueRules *rules, int64_t now_us);
void tps_queue_free(TpsQueue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsQueue, tps_queue_free)

/*
 * The next piece for a worker, started now; borrowed. NULL when nothing waits for this one: what is
 * run again is left to another worker as long as one idles, and what needs more than a worker waits
 * until it is free (scheduler/gate.h).
 */
TpsPiece *tps_queue_take(TpsQueue *queue, int worker, int64_t now_us);

/*
 * When, after now, something that waits for this worker alone may be taken: monotonic; INT64_MAX =
 * nothing waits for its time.
 */
int64_t tps_queue_next_us(const TpsQueue *queue, int worker, int64_t now_us);

/* From now on pieces are taken without a start: each is only answered for. */
void tps_queue_close(TpsQueue *queue);

/*
 * The own process of a piece that may linger has ended, and descendants of it are left: its worker
 * may take another one. The piece ends later.
 */
void tps_queue_linger(TpsQueue *queue, TpsPiece *piece, int64_t now_us);

/*
 * A piece that was taken has ended. If its worker died of it (TPS_END_LOST), all of it is put back
 * for another one, TPS_DEATHS_MAX times at most.
 *
 *   report  its report, taken; NULL when there is none
 *   rest    units of it (size_t, ascending) that were not begun and go back into the queue; or NULL
 *   returns true when all of its task has ended: no piece of it runs or waits
 */
bool tps_queue_end(TpsQueue *queue, TpsPiece *piece, TpsPartReport *report, const GArray *rest,
                   int64_t now_us);

/*
 * Who is to be asked to give back now, marked as asked; borrowed. When workers idle and nothing
 * waits, it is the running piece with the longest rest, by its weight and the pace of this run; one
 * that is overdue comes last, for its rest is not known. As many at a time as idle. NULL: nobody.
 * Only the process itself knows what is left; it refuses when that is not worth it.
 */
TpsPiece *tps_queue_ask(TpsQueue *queue, int64_t now_us);

/* Nothing waits, runs or lingers: nothing will ever come. */
bool tps_queue_is_over(const TpsQueue *queue);

/*
 * Should an elastic pool have one more worker? When the rest of the work, by its weights and by how
 * finished pieces compared with theirs, would end after the target, and would end sooner with one
 * more. If so the queue counts it from now on.
 */
bool tps_queue_grow(TpsQueue *queue, int64_t now_us);

/* The workers so far. */
int tps_queue_size(const TpsQueue *queue);

/* Was any of that task started? */
bool tps_queue_has_started(const TpsQueue *queue, const TpsTask *task);

/* Of TpsPiece, borrowed: all pieces of a task by number; all that started in that order. */
const GPtrArray *tps_queue_pieces(const TpsQueue *queue, const TpsTask *task);
const GPtrArray *tps_queue_started(const TpsQueue *queue);
