/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/options.h"
#include "cli/pin_options.h"
#include "cli/progress.h"
#include "cli/run_policy.h"
#include "scheduler/scope.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What the command line says, as text. */
typedef struct {
    TpsPlanOptions plan;
    TpsPolicyOptions policy;
    TpsPinOptions pin;
    char *plan_path;
    char **shard;
    char **suite;
    char **part;
    char **testcases;
    char *report_dir;
    char *learn_path;
    char *timeout;
    char *plan_timeout;
    char *attempt;
    char *run_id;
    char *output;
    char *output_order;
    char *leak;
    char *isolate;
    char *format;
    char *failed;
    char *not_run;
    char **writes;
    gboolean resume;
    gboolean keep;
    gboolean allow_new;
    gboolean allow_missing;
    gboolean no_tail_splitting;
    gboolean elastic;
    gboolean interactive;
} TpsRunOptions;

void tps_run_options_clear(TpsRunOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsRunOptions, tps_run_options_clear)

/* The same, understood. */
typedef struct {
    TpsScope scope;
    TpsPart part;
    char **testcases; /* owned: scope.testcases, once it is known what runs together */
    int shards;
    GPtrArray *writes; /* owned, or NULL: reports in other formats */
    int64_t timeout_us;
    int64_t plan_timeout_us; /* 0 = not given */
    int attempt;
    bool leak_fails;
    TpsIsolation isolation; /* where it is given */
    bool interactive;
    TpsOutputMode output;
    TpsOutputOrder output_order;
    bool json;
    TpsRunPolicy policy; /* what the command line says of it; the plan file is not known yet */
} TpsRunSettings;

void tps_run_settings_clear(TpsRunSettings *settings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsRunSettings, tps_run_settings_clear)

/* The option context of `run`, which fills `options`. */
GOptionContext *tps_run_options_context(TpsRunOptions *options);

/* Understand them; what is understood may borrow from `options`. TPS_ERROR_USAGE. */
bool tps_run_options_understand(const TpsRunOptions *options, TpsRunSettings *settings,
                                GError **error);

/* Do they suit so many workers? TPS_ERROR_USAGE. */
bool tps_run_options_suit(const TpsRunSettings *settings, int max_size, GError **error);
