/* SPDX-License-Identifier: MIT */
#include "formats/tap.h"

#include "adapters/readers/readers.h"

#include <string.h>

static void set(GHashTable *record, const char *name, const GString *value)
{
    tps_record_set_bytes(record, name, value->str, value->len);
}

/* "not ok" with a SKIP is a contradiction: a failure is not hidden. */
static const char *outcome_of(const TpsTapTest *test)
{
    if (test->ok)
        return test->is_skip ? "skipped" : "passed";
    return test->is_todo ? "skipped" : "failed";
}

static void set_point(GHashTable *record, const TpsTapTest *test)
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, test->number);

    tps_record_set(record, "number", number);
    set(record, "name", test->name);
    if (test->unit != TPS_TAP_NO_TIME)
        set(record, test->unit == TPS_TAP_SECONDS ? "seconds" : "milliseconds", test->time);
    if (test->text->len > 0)
        set(record, "text", test->text);
}

static bool add_record(const TpsTapTest *test, void *records, GError **error)
{
    GHashTable *record;

    (void)error;
    if (test->depth > 0 || test->never_ended)
        return true;
    record = tps_record_new();
    tps_record_set(record, "outcome", outcome_of(test));
    if (test->is_skip || test->is_todo) {
        tps_record_set(record, "directive", test->is_skip ? "skip" : "todo");
        if (!test->all_skipped || test->reason->len > 0)
            set(record, "reason", test->reason);
    }
    if (!test->all_skipped)
        set_point(record, test);
    g_ptr_array_add(records, record);
    return true;
}

GPtrArray *tps_records_from_tap(const char *text, size_t length, char **problem)
{
    GPtrArray *records = tps_records_new();
    g_autoptr(TpsTap) tap = tps_tap_new(add_record, records);

    tps_tap_feed(tap, text, length, NULL);
    tps_tap_finish(tap, NULL);
    *problem = g_strdup(tps_tap_problem(tap));
    return records;
}
