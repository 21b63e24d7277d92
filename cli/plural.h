/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/* Behind a noun that is counted: "1 testcase", "2 testcases", "0 testcases". */
static inline const char *tps_plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}
