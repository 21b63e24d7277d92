/* SPDX-License-Identifier: MIT */
#include "runtime/suite_level.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* "R1" .. "R3" stand for runs from old to new; times in microseconds, "-" is unknown. */
typedef struct {
    const char *name;
    const char *suite; /* ' for "; the members of suite A */
    const char *level; /* execution setup teardown count cpu_ppm peak */
} Case;

#define SUMS "'execution_time':9,'setup_time':9,"

static const Case cases[] = {
    {"the sums of a file that knows no runs",
     "'execution_time':3,'setup_time':2,'testcase_count':4", "3000000 2000000 0 4 - -"},
    {"one run", SUMS "'runs':{'R1':{'execution_time':3,'setup_time':2,'testcase_count':4}}",
     "3000000 2000000 - 4 - -"},
    {"no run", SUMS "'runs':{}", "- - - - - -"},
    {"over runs the newest weighs most",
     SUMS "'runs':{'R1':{'execution_time':100,'setup_time':1,'teardown_time':0,'testcase_count':4},"
          "'R2':{'execution_time':200,'setup_time':2,'teardown_time':1,'testcase_count':5}}",
     "170000000 1700000 700000 5 - -"},
    {"in whatever order they stand",
     SUMS "'runs':{'R2':{'execution_time':200},'R1':{'execution_time':100}}",
     "170000000 - - - - -"},
    {"parts add up, setup is paid by each",
     SUMS "'runs':{'R1 0,2':{'execution_time':3,'setup_time':2,'testcase_count':4},"
          "'R1 1,2':{'execution_time':5,'setup_time':4,'testcase_count':6}}",
     "8000000 3000000 - 10 - -"},
    {"parts that began at another second",
     SUMS "'runs':{'R1 0,2':{'execution_time':3,'setup_time':2},"
          "'r1 1,2':{'execution_time':5,'setup_time':4}}",
     "8000000 3000000 - - - -"},
    {"an incomplete run says nothing about sums",
     SUMS "'runs':{'R1':{'execution_time':8,'testcase_count':4},"
          "'R2 0,2':{'execution_time':3,'setup_time':2,'testcase_count':1}}",
     "8000000 2000000 - 4 - -"},
    {"nor one of which a part does not know",
     SUMS "'runs':{'R1':{'execution_time':8},'R2 0,2':{'execution_time':3},'R2 1,2':{}}",
     "8000000 - - - - -"},
    {"nor one that is not one",
     SUMS "'runs':{'R1 0,2':{'execution_time':8},'R1 0,3':"
          "{'execution_time':8}}",
     "- - - - - -"},
    {"processor time against wall time",
     SUMS "'runs':{'R1':{'wall_time':4,'cpu_time':1,'peak_memory':7},"
          "'R2':{'wall_time':4,'cpu_time':2,'peak_memory':5}}",
     "- - - - 425000 7"},
    {"processor time of no time", SUMS "'runs':{'R1':{'wall_time':0,'cpu_time':1}}", "- - - - - -"},
    {"of several files without dates the mean",
     SUMS "'undated':[{'execution_time':1,'setup_time':1,'testcase_count':3},"
          "{'execution_time':3,'setup_time':0}]",
     "2000000 500000 0 3 - -"},
};

static void add(GString *text, int64_t value)
{
    if (value == TPS_RUNTIME_UNKNOWN)
        g_string_append(text, text->len ? " -" : "-");
    else
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, text->len ? " " : "", value);
}

static TpsRuntimeData *data_of(const char *suite)
{
    g_autoptr(GString) text = g_string_new(NULL);
    TpsRuntimeData *data = tps_runtime_data_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;

    g_string_printf(text, "{'A':{%s}}", suite);
    g_string_replace(text, "'R1", "'20261121T100000-0000000a", 0);
    g_string_replace(text, "'r1", "'20261121T100030-0000000a", 0);
    g_string_replace(text, "'R2", "'20261122T100000-0000000b", 0);
    g_strdelimit(text->str, "'", '"');
    path = scratch_text("f.json", text->str);
    ck_assert_msg(tps_runtime_data_load(data, path, &error), "%s", error ? error->message : "");
    return data;
}

START_TEST(levels)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsRuntimeData) data = data_of(c->suite);
    g_autoptr(GString) text = g_string_new(NULL);
    TpsSuiteLevel level;

    ck_assert(tps_suite_level(data, "A", &level));
    add(text, level.execution_us);
    add(text, level.setup_us);
    add(text, level.teardown_us);
    add(text, level.testcase_count);
    add(text, level.cpu_ppm);
    add(text, level.peak_bytes);
    ck_assert_msg(strcmp(text->str, c->level) == 0, "%s: %s", c->name, text->str);
    ck_assert(!tps_suite_level(data, "B", &level));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("suite_level");
    TCase *tcase = tcase_create("suite_level");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, levels, 0, G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
