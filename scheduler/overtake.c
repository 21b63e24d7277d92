/* SPDX-License-Identifier: MIT */
#include "scheduler/overtake.h"

#include "core/saturate.h"

#include <stdlib.h>

static int compare_ends(const void *a, const void *b)
{
    const TpsRunning *one = a, *two = b;

    return (one->end_us > two->end_us) - (one->end_us < two->end_us);
}

/* Let them end, one after the other, until the first in line fits, and all that end with that one.
 */
static void find_shadow(TpsOvertaking *overtaking, const TpsRunning *running, size_t n)
{
    g_autofree TpsRunning *sorted = g_memdup2(running, n * sizeof *running);
    bool fits = false;

    qsort(sorted, n, sizeof *sorted, compare_ends);
    overtaking->shadow_us = overtaking->now_us;
    for (size_t i = 0; i < n; i++) {
        int64_t end_us = MAX(sorted[i].end_us, overtaking->now_us);

        if (fits && end_us > overtaking->shadow_us)
            break;
        overtaking->shadow_us = end_us;
        tps_use_give(&overtaking->then, sorted[i].claim);
        fits = fits || tps_use_fits(&overtaking->then, overtaking->first);
    }
    tps_use_take(&overtaking->then, overtaking->first);
}

static int64_t patience(int64_t now_us, int64_t wait_us)
{
    return wait_us > INT64_MAX / TPS_PATIENCE ? INT64_MAX
                                              : tps_add_sat(now_us, TPS_PATIENCE * wait_us);
}

TpsOvertaking tps_overtaking_new(const TpsUse *use, const TpsClaim *first,
                                 const TpsRunning *running, size_t n, int64_t now_us,
                                 int64_t *until_us)
{
    TpsOvertaking overtaking = {
        .use = use, .first = first, .now_us = now_us, .then = tps_use_copy(use)};

    find_shadow(&overtaking, running, n);
    if (*until_us == 0)
        *until_us = MAX(patience(now_us, overtaking.shadow_us - now_us), 1);
    overtaking.patient = now_us <= *until_us;
    return overtaking;
}

void tps_overtaking_clear(TpsOvertaking *overtaking)
{
    tps_use_clear(&overtaking->then);
}

bool tps_overtaking_may(const TpsOvertaking *overtaking, const TpsClaim *claim, int64_t expected_us)
{
    if (!tps_use_fits(overtaking->use, claim))
        return false;
    if (tps_use_leaves(overtaking->use, claim, overtaking->first))
        return true;
    return overtaking->patient &&
           (tps_add_sat(overtaking->now_us, expected_us) <= overtaking->shadow_us ||
            tps_use_fits(&overtaking->then, claim));
}
