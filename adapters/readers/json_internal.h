/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/readers/readers_internal.h"

/*
 * Whether a line may be the first one of a JSON object or array: it begins with the bracket, and
 * what follows on it could be the first element. "[INFO] 3 tests" can't be, nor "[100%] Built".
 */
bool tps_json_line_may_begin(const TpsLine *line);
