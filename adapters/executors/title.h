/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * What ps and pkill see of this process: its name and its command line become `title`, as far as it
 * fits. A forked nanny has our command line, and would die with us when somebody types
 * `pkill -9 -f tpsched`; but then nobody is left to kill the tests.
 */
void tps_title_set(const char *title);
