/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/definitions/definition.h"

/* What a process is told for one or more testcases: a name; a file, for all that is in it. */
typedef struct {
    char *text;           /* owned: escaped                  */
    GPtrArray *testcases; /* of TpsTestcase, borrowed; never empty */
} TpsShare;

/* Those of one process. */
typedef struct {
    const TpsShare *shares; /* [n] */
    guint n;                /* >= 1 */
} TpsBatchOfShares;

/* A place for a number that is a field. */
typedef struct {
    char text[24];
} TpsFieldNumber;

/*
 * A field of a testcase by the name that templates have for it: id, selector, file, class, where,
 * line. Borrowed from the testcase or from `number`; NULL = it has none.
 */
const char *tps_testcase_field(const TpsTestcase *testcase, const char *name,
                               TpsFieldNumber *number);

typedef bool (*TpsBatchTake)(const TpsBatchOfShares *batch, void *user, GError **error);

/*
 * Deal testcases to processes: those that must not share one to different ones, and no more to one
 * than it can be told. Whatever is told the same way goes to the same process, and is told once.
 *
 *   all      everything is selected: without a need to tell, there is no limit
 *   budget   how many bytes all arguments of a selection may have (room_internal.h)
 *   take     is called for each process, in the order of their first testcases
 *   errors   TPS_ERROR_FRAMEWORK: a testcase can't be named to this framework; what `take` says
 */
bool tps_shares_deal(const TpsFramework *framework, const GPtrArray *testcases, bool all,
                     size_t budget, TpsBatchTake take, void *user, GError **error);
