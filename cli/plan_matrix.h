/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/options.h"
#include "formats/matrix/matrix.h"

/* The options of `plan` for CI systems. Zero-initialised is "none given". */
typedef struct {
    char *job_template;
    gboolean allow_empty;
} TpsMatrixOptions;

void tps_matrix_options_clear(TpsMatrixOptions *options);

/* Add them to a verb's options, under a headline of their own. */
void tps_matrix_options_add(TpsMatrixOptions *options, GOptionContext *context);

/*
 * Do they fit the format and the file that the plan is written to? `matrix` is NULL where the
 * format is not a CI system's, `output` where no file was named. TPS_ERROR_USAGE.
 */
bool tps_matrix_options_check(const TpsMatrixOptions *options, const TpsMatrix *matrix,
                              const char *output, GError **error);

/*
 * What the CI system takes for that plan, and on stderr what was left out.
 *
 *   plan     NULL: there is nothing to run
 *   made_by  the options that make such a plan again
 *   output   where the plan is; NULL = plan.json
 *   returns  caller frees; NULL with an error of tps_matrix_text or tps_job_template_load
 */
char *tps_plan_matrix_text(const TpsMatrixOptions *options, const TpsMatrix *matrix,
                           const TpsPlan *plan, const TpsPlanOptions *made_by, const char *output,
                           GError **error);
