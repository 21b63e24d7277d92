/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * The command that runs one testcase again. It can be shown anywhere, and be copied from there: its
 * names have nothing that can't be seen.
 *
 *   command  as TpsReportLook has it; NULL: there is none, and none is returned
 *   returns  caller frees
 */
char *tps_reproduce_testcase(const char *command, const char *suite, const char *id);

/*
 * One word for a shell, as people would type it: bare where it may be, in single quotes else, and
 * as $'...' when it has bytes that can't be seen or are no UTF-8.
 */
void tps_shell_append_word(GString *command, const char *word);
