/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executors/order.h"

#include <sys/types.h>

/*
 * Start a command as a child of the calling nanny, in a session of its own: no terminal, so it can
 * neither be stopped by one nor take it away. Standard input is the nanny's own, /dev/null.
 *
 *   returns   its pid, or -1 and errno. When it could not execute its program it exits at once and
 *             order->failure holds its errno
 */
pid_t tps_birth(TpsOrder *order, int directory, int out, int err);
