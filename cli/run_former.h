/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/options.h"
#include "cli/run_options.h"

#include <glib.h>
#include <stdbool.h>

/* What is run, after a look at what ran before. */
typedef struct {
    TpsPlan *scope;      /* owned: what is asked for                              */
    TpsPlan *left;       /* owned or NULL: what --resume leaves of it to be run   */
    char *former_run_id; /* owned or NULL: of the run that is resumed             */
    const char *run_id;  /* or NULL; borrowed from here or from the options       */
    int attempt;
} TpsRunWork;

void tps_run_work_clear(TpsRunWork *work);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsRunWork, tps_run_work_clear)

/* --resume, --failed and --not-run execute the plan of the run that they go on with. USAGE. */
bool tps_run_former_plan(TpsRunOptions *options, const char *report_dir, GError **error);

/*
 * What of the plan is to be run.
 *
 *   report_dir  absolute
 *   errors      TPS_ERROR_USAGE, TPS_ERROR_INPUT
 */
bool tps_run_former_work(const TpsRunOptions *options, const TpsRunSettings *settings,
                         const TpsPlanned *planned, const char *report_dir, TpsRunWork *work,
                         GError **error);

/* Of --failed and --not-run: what there is none of, for people. */
const char *tps_run_former_word(const TpsRunOptions *options);
