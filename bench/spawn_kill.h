/* SPDX-License-Identifier: MIT */
#pragma once

/* Measure how fast trees of processes are killed; prints a table, returns an exit status. */
int bench_kill(void);
