/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Show a file in the browser of the user: $BROWSER, else what the desktop opens such a file with.
 * Where there is none the file is there all the same, and stderr says so.
 */
void tps_report_open(const char *path);
