/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/options.h"
#include "cli/progress.h"
#include "scheduler/scope.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What the command line says, as text. */
typedef struct {
    TpsPlanOptions plan;
    char *plan_path;
    char **shard;
    char **suite;
    char **part;
    char **testcases;
    char *report_dir;
    char *learn_path;
    char *timeout;
    char *attempt;
    char *run_id;
    char *output;
    char *format;
    char *failed;
    char *not_run;
    gboolean resume;
    gboolean allow_new;
    gboolean allow_missing;
    gboolean no_tail_splitting;
    gboolean elastic;
} TpsRunOptions;

void tps_run_options_clear(TpsRunOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsRunOptions, tps_run_options_clear)

/* The same, understood. */
typedef struct {
    TpsScope scope;
    TpsPart part;
    char **testcases; /* owned: scope.testcases, once it is known what runs together */
    int shards;
    int64_t timeout_us;
    int attempt;
    TpsOutputMode output;
    bool json;
} TpsRunSettings;

void tps_run_settings_clear(TpsRunSettings *settings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsRunSettings, tps_run_settings_clear)

/* The option context of `run`, which fills `options`. */
GOptionContext *tps_run_options_context(TpsRunOptions *options);

/* Understand them; what is understood may borrow from `options`. TPS_ERROR_USAGE. */
bool tps_run_options_understand(const TpsRunOptions *options, TpsRunSettings *settings,
                                GError **error);
