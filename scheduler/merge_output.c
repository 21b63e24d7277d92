/* SPDX-License-Identifier: MIT */
#include "scheduler/merge_internal.h"
#include "scheduler/output.h"

#include <string.h>

/* Of all bad parts of a suite together, head and tail. */
#define SUITE_BYTES ((size_t)1024 * 1024)

/* Of a part whose process failed: how it came to that stands at its end. */
#define LAST_BYTES ((size_t)4096)

void tps_merge_take_output(TpsReportSuite *suite, const TpsMergeSlot *slot,
                           const TpsPartReport *part)
{
    if (!part->output || !*part->output || !tps_part_report_is_bad(part))
        return;
    g_string_append_printf(suite->output, "--- %s ---\n%s", slot->label, part->output);
    if (suite->output->str[suite->output->len - 1] != '\n')
        g_string_append_c(suite->output, '\n');
}

void tps_merge_cap_output(TpsReportSuite *suite)
{
    g_autofree char *cut = NULL;

    if (suite->output->len <= SUITE_BYTES)
        return;
    cut = tps_output_cut(suite->output->str, SUITE_BYTES / 2, SUITE_BYTES / 2, suite->output->len,
                         true);
    g_string_assign(suite->output, cut);
}

char *tps_merge_last_output(const TpsPartReport *part)
{
    size_t length = part->output ? strlen(part->output) : 0;
    const char *last = part->output;

    if (length > LAST_BYTES) {
        last += length - LAST_BYTES;
        while ((*last & 0xc0) == 0x80) /* not in the middle of a character */
            last++;
    }
    return length > 0 ? g_strdup_printf("the last it printed:\n%s", last) : NULL;
}

void tps_merge_explain_process(const GPtrArray *results, const char *last_output)
{
    for (guint i = 0; i < results->len; i++) {
        TpsResult *result = g_ptr_array_index(results, i);

        if (tps_merge_is_process(result) && !result->text)
            result->text = g_strdup(last_output);
    }
}
