/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* A verb describes itself in its own cli/cmd_*.c; commands.c only lists them. */
typedef struct {
    const char *name;
    const char *args;    /* what stands behind it in a usage line */
    const char *summary; /* one line                              */
    /* argv[0] is the verb. Returns an exit status; on `error` that of the error counts. */
    int (*run)(int argc, char **argv, GError **error);
} TpsVerb;

extern const TpsVerb tps_cmd_explain;
extern const TpsVerb tps_cmd_history;
extern const TpsVerb tps_cmd_init;
extern const TpsVerb tps_cmd_list;
extern const TpsVerb tps_cmd_merge;
extern const TpsVerb tps_cmd_plan;
extern const TpsVerb tps_cmd_replay;
extern const TpsVerb tps_cmd_report;
extern const TpsVerb tps_cmd_run;
extern const TpsVerb tps_cmd_scenario;

/* All verbs, NULL-terminated, in the order of the help. */
extern const TpsVerb *const tps_verbs[];

const TpsVerb *tps_verb_find(const char *name);
