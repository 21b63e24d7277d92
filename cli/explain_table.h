/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/explain.h"
#include "scheduler/locate.h"

#include <cJSON.h>
#include <stdio.h>

/* For people. */
void tps_explanation_print(const TpsPlan *plan, const TpsExplanation *explanation, FILE *stream);
void tps_place_print(const TpsPlace *place, FILE *stream);
void tps_suite_view_print(const TpsSuiteView *view, FILE *stream);

/* For programs; caller deletes. */
cJSON *tps_explanation_to_json(const TpsPlan *plan, const TpsExplanation *explanation);
cJSON *tps_place_to_json(const TpsPlace *place);
cJSON *tps_suite_view_to_json(const TpsSuiteView *view);
