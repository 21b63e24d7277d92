/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/string_pool.h"
#include "core/suite.h"
#include "runtime/data.h"
#include "scheduler/capacity.h"

#include <glib.h>
#include <stdint.h>

/* Testplan's defaults. */
#define TPS_DEFAULT_TARGET_US (30 * INT64_C(60000000))
#define TPS_DEFAULT_LIMIT_US (30 * INT64_C(60000000))

/*
 * What automatic parts are filled to, of the part runtime limit, where their times come from runs:
 * the next one will differ. docs/planning.md has the replays.
 */
#define TPS_LIMIT_FILL_PERCENT 90

/* The largest pool that auto makes. */
#define TPS_POOL_MAX 65536

/* One suite to be planned. */
typedef struct {
    const char *name;
    const TpsSuite *declared;   /* NULL when only the runtime data knows it          */
    const GPtrArray *testcases; /* of TpsTestcase: what it holds now                 */
    bool ids_known;             /* false: `testcases` are as many as the data counts,
                                   their ids mean nothing                            */
    bool is_cut;                /* a filter left some of them out                    */
    TpsUnit unit;               /* never TPS_UNIT_DEFAULT                            */
    int64_t start_up_us;        /* what starting its framework takes, until its setup is
                                   measured; 0 = not known                           */
    TpsStringPool *names;       /* holds the ids: the plan borrows them; NULL = it copies */
} TpsPlanInput;

typedef struct {
    const char *name;        /* of the plan                                       */
    const TpsFilter *filter; /* what made `suites` what they are; NULL = nothing  */
    const TpsRuntimeData *data;
    const TpsPlanInput *suites; /* [n_suites], in any order                          */
    size_t n_suites;
    int64_t target_us;       /* > 0, or TPS_AUTO: as soon as possible             */
    int64_t limit_us;        /* > 0, or TPS_AUTO: from setup and teardown         */
    int size;                /* >= 1, or TPS_AUTO: the smallest pool that meets the target */
    int max_size;            /* cap for auto; 0 = none                            */
    int confidence_ppm;      /* the target is to be met with this probability; 0 = it is enough that
                                the expected makespan meets it                                */
    const TpsPlan *previous; /* keep its parts where that costs little; NULL = none              */
    int64_t tolerance_ppm;   /* how much longer the plan may take for that                       */
    TpsCapacity capacity;    /* of the machine, for auto; 0 = no matter                           */
    const GArray *resources; /* of TpsResource: what the machine has; NULL = nothing             */
    bool is_sharded;         /* each worker will be a machine of its own                         */
} TpsPlanRequest;

/*
 * Estimate, split, weigh, order and size: everything between runtime data and the plan. Pure: the
 * same request gives the same plan on every machine, whatever the order of the suites.
 *
 *   returns  the sealed plan; caller frees
 *   errors   TPS_ERROR_INPUT: nothing to plan, a suite without testcases, or times that sum up
 *            to more than ten years
 */
TpsPlan *tps_plan_make(const TpsPlanRequest *request, GError **error);
