/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>
#include <stdint.h>

/*
 * Keep the parts of an earlier plan, as far as that costs no worker and little time. The drafts
 * hold the best parts that were found; where the earlier ones are kept, they replace them.
 *
 *   drafts         of TpsDraft
 *   previous       the earlier plan
 *   tolerance_ppm  so much longer than the best plan it may take
 *   target_us      when the plan has to end
 *   size           of the pool for the drafts as they are
 *   returns        true: the parts of the earlier plan are kept; false: they would cost more
 */
bool tps_sticky(GArray *drafts, const TpsPlan *previous, int64_t tolerance_ppm, int64_t target_us,
                int size);
