/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/*
 * Where the testsuite ends in an id, and how long the separator behind it is: at the last "::",
 * else the last " > ", ":", "#", "/" or ".", before the first bracket. 0 when there is none.
 */
size_t tps_testplan_split(const char *id, size_t *separator);

/* What no two ids share, as UTF-8: bytes that are none, and '%', as "%FF". Caller frees. */
char *tps_testplan_uid(const char *id);
