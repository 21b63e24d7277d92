/* SPDX-License-Identifier: MIT */
#include "scheduler/units.h"

size_t tps_units_number(const GPtrArray *testcases, TpsUnit unit, int *of)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    int n = 0;

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        gpointer key = (gpointer)tps_testcase_unit_key(testcase, unit);
        gpointer number;

        if (!g_hash_table_lookup_extended(known, key, NULL, &number)) {
            number = GINT_TO_POINTER(n++);
            g_hash_table_insert(known, key, number);
        }
        of[i] = GPOINTER_TO_INT(number);
    }
    return (size_t)n;
}
