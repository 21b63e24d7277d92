/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"

/*
 * Collects what a framework says of its testcases, in the order in which each is met first: a
 * result, several of the same, or of the inner cases it consists of.
 */
typedef struct TpsGather TpsGather;

TpsGather *tps_gather_new(void);
void tps_gather_free(TpsGather *gather);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsGather, tps_gather_free)

/*
 * A result of the testcase result->id; taken. With an earlier one of that id it becomes one: the
 * worse outcome, all texts, times added up. A framework that fails in a test and again when it
 * tears it down says so twice.
 */
void tps_gather_result(TpsGather *gather, TpsResult *result);

/* An inner case of testcase `id`; taken. */
void tps_gather_case(TpsGather *gather, const char *id, TpsResult *inner);

/* Is something known of it? Of itself, and not only of a case of it? */
bool tps_gather_has(const TpsGather *gather, const char *id);
bool tps_gather_is_said(const TpsGather *gather, const char *id);

/* What `other` knows of testcases of which `gather` has no result of their own; it is empty then.
 */
void tps_gather_merge(TpsGather *gather, TpsGather *other);

/*
 * Append all to `results`; the gather is empty then. A testcase is as bad as its worst case; of
 * which there are only cases has the sum of their times.
 */
void tps_gather_end(TpsGather *gather, GPtrArray *results);
