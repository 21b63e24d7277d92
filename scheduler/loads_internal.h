/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/loads.h"

/* For loads_order.c and loads_bound.c. A sum of demands times weights stays below 2^127. */
__extension__ typedef __int128 Wide;

/* What a load wants of a resource of the stock; the one behind the last is memory. */
int64_t tps_loads_demand(const TpsLoads *loads, size_t load, size_t resource);

/* What there is of it; 0 = memory without a limit, of which nobody wants anything. */
int64_t tps_loads_capacity(const TpsLoads *loads, size_t resource);

/* Rounded up; at most INT64_MAX. */
int64_t tps_divide_up(Wide a, int64_t b);
