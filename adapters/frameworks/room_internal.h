/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/framework.h"

/*
 * How much can be said in arguments and environment; execve(2) of Linux. All of them together end
 * at a quarter of the stack limit, at least 128 KiB and at most 6 MiB, pointers included.
 */

/* One argument, one variable: 128 KiB with its NUL. */
#define TPS_STRING_MAX_BYTES ((size_t)131072)

/* What an argument takes of all that there is. */
size_t tps_argument_bytes(const char *argument);

/* How long a selection that is one text may be, beside what is around it. */
size_t tps_selection_string_bytes(const TpsSelecting *select);

/* What is left for a selection beside what processes of the suite are given anyway; at least 1. */
size_t tps_selection_budget(const TpsSuite *suite, const TpsFramework *framework);

/* TPS_ERROR_FRAMEWORK when a process can't be started with so much. */
bool tps_invocation_check_room(const TpsSuite *suite, const TpsInvocation *invocation,
                               GError **error);
