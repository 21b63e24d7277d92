/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/run.h"

#include <glib.h>

/* What the shell is told. When several apply, the order is 130, 4, 3, 1. */
enum {
    TPS_EXIT_PASSED = 0,
    TPS_EXIT_FAILED = 1,
    TPS_EXIT_USAGE = 2,
    TPS_EXIT_INCOMPLETE = 3,
    TPS_EXIT_INFRASTRUCTURE = 4,
    TPS_EXIT_INTERRUPTED = 130,
};

int tps_exit_status_of_error(const GError *error);
int tps_exit_status_of_merge(const TpsReport *merge);
int tps_exit_status_of_run(const TpsRun *run);
