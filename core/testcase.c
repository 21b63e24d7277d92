/* SPDX-License-Identifier: MIT */
#include "core/testcase.h"

#include <string.h>

static const char *const unit_names[] = {
    [TPS_UNIT_DEFAULT] = "default",
    [TPS_UNIT_TESTCASE] = "testcase",
    [TPS_UNIT_CLASS] = "class",
    [TPS_UNIT_FILE] = "file",
};

TpsTestcase *tps_testcase_new(const char *id)
{
    TpsTestcase *testcase = g_new0(TpsTestcase, 1);

    testcase->id = g_strdup(id);
    return testcase;
}

void tps_testcase_free(TpsTestcase *testcase)
{
    if (!testcase)
        return;
    g_free(testcase->id);
    g_free(testcase->selector);
    g_free(testcase->file);
    g_free(testcase->group);
    g_strfreev(testcase->tags);
    g_free(testcase->where);
    g_free(testcase->glue);
    g_free(testcase);
}

GPtrArray *tps_testcases_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)tps_testcase_free);
}

const char *tps_testcase_unit_key(const TpsTestcase *testcase, TpsUnit unit)
{
    const char *key = NULL;

    if (unit == TPS_UNIT_FILE)
        key = testcase->file;
    else if (unit == TPS_UNIT_CLASS)
        key = testcase->group;
    if (!key)
        key = testcase->glue;
    return key ? key : testcase->id;
}

gboolean tps_unit_parse(const char *name, TpsUnit *unit)
{
    for (size_t i = TPS_UNIT_TESTCASE; i < G_N_ELEMENTS(unit_names); i++) {
        if (strcmp(unit_names[i], name) == 0) {
            *unit = (TpsUnit)i;
            return TRUE;
        }
    }
    return FALSE;
}

const char *tps_unit_name(TpsUnit unit)
{
    return unit_names[unit];
}
