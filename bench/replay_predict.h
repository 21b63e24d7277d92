/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/replay_history.h"

#include "runtime/predict.h"

/*
 * What tps_predict says of the version that is executed next, from the past of the walk. What has a
 * past but is not in the listing is passed on as gone.
 *
 *   returns  [walk->n_listing], in the order of walk->listing; caller frees
 */
TpsPrediction *replay_predict(const ReplayWalk *walk);
