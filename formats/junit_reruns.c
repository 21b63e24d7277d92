/* SPDX-License-Identifier: MIT */
#include "formats/junit_internal.h"

/* What one attempt has to itself; id, place, properties and history are those of the testcase. */
static void swap_attempt(TpsResult *a, TpsResult *b)
{
    TpsResult kept = *a;

    a->outcome = b->outcome;
    a->time_us = b->time_us;
    a->type = b->type;
    a->message = b->message;
    a->text = b->text;
    a->output = b->output;
    b->outcome = kept.outcome;
    b->time_us = kept.time_us;
    b->type = kept.type;
    b->message = kept.message;
    b->text = kept.text;
    b->output = kept.output;
}

void tps_junit_settle_reruns(TpsResult *result)
{
    GPtrArray *attempts = result->attempts;
    TpsResult *first = g_ptr_array_steal_index(attempts, attempts->len - 1);
    GString *output = NULL;

    swap_attempt(result, first); /* now it is the first, and `result` the last */
    if (tps_outcome_is_bad(first->outcome)) {
        g_ptr_array_insert(attempts, 0, first);
    } else {
        /* the failure itself got lost, but what was printed has no other place */
        tps_junit_text_append(&output, result->output);
        tps_junit_text_append(&output, first->output);
        g_free(result->output);
        result->output = tps_junit_text_take(&output);
        tps_result_free(first);
    }
    if (attempts->len == 0)
        g_clear_pointer(&result->attempts, g_ptr_array_unref);
}
