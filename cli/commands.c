/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <string.h>

const TpsVerb *const tps_verbs[] = {
    &tps_cmd_init,  &tps_cmd_list,   &tps_cmd_plan,    &tps_cmd_run,     &tps_cmd_replay,
    &tps_cmd_merge, &tps_cmd_report, &tps_cmd_history, &tps_cmd_explain, &tps_cmd_scenario,
    NULL,
};

const TpsVerb *tps_verb_find(const char *name)
{
    for (size_t i = 0; tps_verbs[i]; i++)
        if (strcmp(tps_verbs[i]->name, name) == 0)
            return tps_verbs[i];
    return NULL;
}
