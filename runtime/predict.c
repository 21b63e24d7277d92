/* SPDX-License-Identifier: MIT */
#include "runtime/predict.h"

#include "core/log2.h"
#include "runtime/level.h"
#include "runtime/similar.h"
#include "runtime/twins.h"

#include <glib.h>
#include <string.h>

/* The file in front of the id, unless it is there already. Owned by `made` when it is put there. */
static const char *name_of(const TpsPredictCase *testcase, GPtrArray *made)
{
    char *name;

    if (!testcase->file || g_str_has_prefix(testcase->id, testcase->file))
        return testcase->id;
    name = g_strconcat(testcase->file, "::", testcase->id, NULL);
    g_ptr_array_add(made, name);
    return name;
}

static void guess_new(const TpsPredictCase *const *cases, size_t n, size_t n_gone,
                      const TpsLevel *level, int64_t default_us, TpsPrediction *prediction)
{
    g_autofree TpsNamedLevel *named = g_new(TpsNamedLevel, n + n_gone);
    g_autofree TpsPrediction *guess = g_new0(TpsPrediction, n + n_gone);
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; i < n + n_gone; i++) {
        named[i].name = name_of(cases[i], made);
        named[i].level = cases[i]->n_samples > 0 ? &level[i] : NULL;
        named[i].gone = i >= n;
    }
    tps_guess_similar(named, n + n_gone, default_us, guess);
    tps_take_twins(named, n + n_gone, guess);
    for (size_t i = 0; i < n; i++)
        if (cases[i]->n_samples == 0)
            prediction[i] = guess[i];
}

static TpsPrediction measured(const TpsLevel *level)
{
    return (TpsPrediction){
        .point_us = level->point_us,
        .expected_us = level->mean_us,
        .spread = level->spread,
        .source = TPS_PREDICT_MEASURED,
        .run = level->run,
    };
}

void tps_predict(const TpsPredictCase *now, size_t n, const TpsPredictCase *gone, size_t n_gone,
                 uint32_t n_runs, int64_t default_us, TpsPrediction *prediction)
{
    g_autofree const TpsPredictCase **cases = g_new(const TpsPredictCase *, n + n_gone);
    g_autofree TpsLevel *level = g_new(TpsLevel, n + n_gone);
    bool all_known = true;

    for (size_t i = 0; i < n + n_gone; i++)
        cases[i] = i < n ? &now[i] : &gone[i - n];
    tps_levels(cases, n + n_gone, n_runs, level);
    for (size_t i = 0; i < n; i++) {
        if (now[i].n_samples > 0)
            prediction[i] = measured(&level[i]);
        else
            all_known = false;
    }
    if (!all_known)
        guess_new(cases, n, n_gone, level, default_us, prediction);
    for (size_t i = 0; i < n; i++)
        prediction[i].late_us =
            tps_times_exp2(prediction[i].point_us, INT64_C(2) * prediction[i].spread);
}
