/* SPDX-License-Identifier: MIT */
#include "core/isolation.h"

#include <glib.h>
#include <string.h>

bool tps_isolation_parse(const char *text, TpsIsolation *isolation)
{
    static const char *const words[] = {
        [TPS_ISOLATION_AUTO] = "auto",
        [TPS_ISOLATION_NONE] = "none",
        [TPS_ISOLATION_PID] = "pid",
        [TPS_ISOLATION_CGROUP] = "cgroup",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(text, words[i]) == 0) {
            *isolation = (TpsIsolation)i;
            return true;
        }
    }
    return false;
}
