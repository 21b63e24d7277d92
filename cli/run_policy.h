/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/suite.h"
#include "scheduler/run.h"

#include <glib.h>
#include <stdbool.h>

/* What the command line says of how often tasks run, and of what is borne, as text. */
typedef struct {
    char *rerun;
    char *rerun_budget;
    char *flaky;
    char *repeat;
    char *order;
    int fail_fast;     /* 0 = not given */
    int fail_fast_now; /* likewise      */
    gboolean until_failure;
    gboolean shuffles;
    guint32 seed;
    gboolean replays; /* the verb `replay` ...             */
    gboolean waits;   /* ... without --no-wait             */
} TpsPolicyOptions;

void tps_policy_options_clear(TpsPolicyOptions *options);

/* The first to add options to a context. */
void tps_policy_options_add(TpsPolicyOptions *options, GOptionContext *context);

/* The same, understood; the plan file is not known yet. TPS_ERROR_USAGE. */
bool tps_policy_options_understand(const TpsPolicyOptions *options, TpsRunPolicy *policy,
                                   GError **error);

/* "fail" or "pass"; NULL is a pass. TPS_ERROR_USAGE. */
bool tps_option_flaky(const char *text, bool *fails, GError **error);

/* What the plan file says of reruns, where the command line is silent. */
void tps_run_policy_complete(TpsRunPolicy *policy, const TpsPlanFile *file);
