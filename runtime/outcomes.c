/* SPDX-License-Identifier: MIT */
#include "runtime/outcomes.h"

#include "core/saturate.h"

static void add_part(TpsRunOutcome *outcomes, const TpsRuntimePart *part)
{
    TpsRunOutcome *outcome = &outcomes[part->run];

    if (part->run == 0 || part->planned_us <= 0 || part->wall_us < 0)
        return;
    outcome->planned_us = tps_add_sat(outcome->planned_us, part->planned_us);
    outcome->wall_us = tps_add_sat(outcome->wall_us, part->wall_us);
    outcome->guessed_us = tps_add_sat(outcome->guessed_us, MAX(part->guessed_us, 0));
}

GArray *tps_runtime_outcomes(const TpsRuntimeData *data)
{
    const uint32_t n_runs = tps_runtime_data_n_runs(data);
    g_autofree TpsRunOutcome *by_run = g_new0(TpsRunOutcome, n_runs);
    g_autoptr(GPtrArray) suites = tps_runtime_data_suites(data);
    GArray *outcomes = g_array_new(FALSE, FALSE, sizeof(TpsRunOutcome));

    for (guint i = 0; i < suites->len; i++) {
        size_t n;
        const TpsRuntimePart *parts =
            tps_runtime_data_parts(data, g_ptr_array_index(suites, i), &n);

        for (size_t part = 0; part < n; part++)
            add_part(by_run, &parts[part]);
    }
    for (uint32_t run = 1; run < n_runs; run++) {
        by_run[run].run = run;
        if (by_run[run].planned_us > 0)
            g_array_append_val(outcomes, by_run[run]);
    }
    return outcomes;
}
