/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>

/* What an earlier run in a report directory left to do. */
typedef struct {
    TpsPlan *todo; /* owned: of the scope, the tasks that have no end; maybe none */
    char *run_id;  /* owned or NULL: what the shards of that run share            */
    int attempt;   /* which attempt it was                                        */
    guint n_done;  /* tasks of the scope that have one                            */
} TpsResume;

void tps_resume_free(TpsResume *resume);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsResume, tps_resume_free)

/*
 * Read its journal. A task has ended when the journal holds its whole report and it was not
 * cancelled; one that failed, timed out or was lost has.
 *
 *   attempt  to be taken where the journal does not say
 *   errors   TPS_ERROR_USAGE: there is no journal, or it is of another plan
 *            TPS_ERROR_INPUT: it can't be read
 */
TpsResume *tps_resume_read(const char *report_dir, const TpsPlan *scope, int attempt,
                           GError **error);
