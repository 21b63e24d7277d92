/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>
#include <stdbool.h>

/*
 * One run of a pipeline has one plan, in all its attempts: where only the shards that failed are
 * run again, and the plan is made anew meanwhile, what failed may be in a shard that is not.
 */
typedef struct {
    char *attempt;   /* "N", "auto", or NULL: as the CI system says, if it does */
    char *plan_id;   /* the only one that will do, or a beginning of it; or NULL */
    gboolean replan; /* make a new plan all the same */
} TpsPinOptions;

void tps_pin_options_clear(TpsPinOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsPinOptions, tps_pin_options_clear)

/* --plan-id alone, for a verb that makes no plan. */
void tps_pin_id_add(TpsPinOptions *options, GOptionContext *context);

/* --plan-id and --replan; a verb that has no --attempt of its own gets that, too. */
void tps_pin_options_add(TpsPinOptions *options, GOptionContext *context);
void tps_pin_attempt_add(TpsPinOptions *options, GOptionContext *context);

/* TPSCHED_PLAN_ID in place of an option that is not given; our children don't see it. */
void tps_pin_options_settle(TpsPinOptions *options);

/* Is this the plan of --plan-id, if that is given? TPS_ERROR_USAGE. */
bool tps_pin_check(const TpsPinOptions *options, const TpsPlan *plan, GError **error);

/*
 * May a plan be made now?
 *
 *   attempt  as an option said it: "N", "auto", or NULL
 *   advice   how the first attempt's plan is given here, for the message
 *   errors   TPS_ERROR_USAGE: this is a later attempt; or its number is none
 */
bool tps_pin_allow_new(const TpsPinOptions *options, const char *attempt, const char *advice,
                       GError **error);

/*
 * For who writes plans: the plan of the first attempt, where this is a later one, --attempt says
 * so, and `output` holds it.
 *
 *   output  or NULL: nothing is written
 *   key     to check it with, or NULL
 *   plan    out: NULL: make one, none is to be kept
 *   errors  TPS_ERROR_USAGE; TPS_ERROR_INPUT: it is there and no plan
 */
bool tps_pin_keep(const TpsPinOptions *options, const char *output, const char *key, TpsPlan **plan,
                  GError **error);
