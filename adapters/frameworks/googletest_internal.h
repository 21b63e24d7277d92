/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/framework.h"

/*
 * googletest writes its report at the very end; a crash leaves only what it printed. Add a result
 * for each of `testcases` that provably ended and is not in the report yet, and an error for the
 * one that was running.
 */
void tps_googletest_read_console(const GPtrArray *testcases, const TpsExit *exit,
                                 TpsFrameworkReport *report);
