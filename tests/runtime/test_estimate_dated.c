/* SPDX-License-Identifier: MIT */
#include "runtime/estimate.h"
#include "tests/scratch.h"
#include "tests/unit.h"

/* What dated runs add to an estimate: renames, ages, processors, memory. */

#define R1 "20261101T000000-00000001"
#define R2 "20261102T000000-00000002"
#define R3 "20261103T000000-00000003"
#define DAY_S (24 * 3600)

typedef struct {
    const char *name;
    const char *testcases; /* members of "testcases" */
    const char *runs;      /* members of "runs"      */
    const char *ids;       /* what is listed now     */
    const char
        *sources; /* what each rests on: a word of tps_predict_source_name, comma separated */
    int64_t age_s;
    int64_t cpu_ppm;
    int64_t peak_bytes;
} Case;

#define UNKNOWN TPS_RUNTIME_UNKNOWN

static const Case cases[] = {
    {"all of the newest run", "'x':{'last':{'" R1 "':3}},'y':{'last':{'" R1 "':5}}", "", "x y",
     "measured,measured", 0, UNKNOWN, UNKNOWN},
    {"one is a day older and counts by its time",
     "'x':{'last':{'" R1 "':3}},'y':{'last':{'" R2 "':3}}", "", "x y", "measured,measured",
     DAY_S / 2, UNKNOWN, UNKNOWN},
    {"what is not listed makes the rest older",
     "'x':{'last':{'" R1 "':3}},'y':{'last':{'" R3 "':3}}", "", "x", "measured", 2 * DAY_S, UNKNOWN,
     UNKNOWN},
    {"without a date there is no age", "'x':3,'y':4", "", "x y", "measured,measured", 0, UNKNOWN,
     UNKNOWN},
    {"only ever skipped", "'x':{'mean':0,'skipped':true,'seen':'" R2 "'},'y':{'last':{'" R2 "':3}}",
     "", "x y", "measured,measured", 0, UNKNOWN, UNKNOWN},
    {"renamed",
     "'tests/old_place.py::test_long_name':{'last':{'" R2 "':7}},'tests/b.py::y':{'last':{'" R2
     "':3}}",
     "", "tests/new_place.py::test_long_name tests/b.py::y", "renamed,measured", 0, UNKNOWN,
     UNKNOWN},
    {"other parameters", "'a.py::t[1]':{'last':{'" R2 "':7}},'a.py::t[2]':{'last':{'" R2 "':7}}",
     "", "a.py::t[1] a.py::t[2] a.py::t[3]",
     "measured,measured,like the same with other parameters", 0, UNKNOWN, UNKNOWN},
    {"half a processor", "'x':{'last':{'" R2 "':3}}", "'" R2 "':{'wall_time':10,'cpu_time':5}", "x",
     "measured", 0, 500000, UNKNOWN},
    {"two processors and memory", "'x':{'last':{'" R2 "':3}}",
     "'" R2 "':{'wall_time':10,'cpu_time':20,'peak_memory':4096}", "x", "measured", 0, 2000000,
     4096},
    {"the most that any part had", "'x':{'last':{'" R2 "':3}}",
     "'" R1 "':{'peak_memory':9000},'" R2 " 0,2':{'peak_memory':7},'" R2 " 1,2':{'peak_memory':80}",
     "x", "measured", 0, UNKNOWN, 9000},
};

static TpsRuntimeData *data_of(const Case *c)
{
    g_autofree char *quoted =
        g_strdup_printf("{'A':{'execution_time':0,'setup_time':0,'runs':{%s},'testcases':{%s}}}",
                        c->runs, c->testcases);
    g_autofree char *text = g_strdelimit(g_strdup(quoted), "'", '"');
    g_autofree char *path = scratch_text("data.json", text);
    g_autoptr(GError) error = NULL;
    TpsRuntimeData *data = tps_runtime_data_new();

    ck_assert_msg(tps_runtime_data_load(data, path, &error), "%s: %s", c->name,
                  error ? error->message : "");
    return data;
}

static GPtrArray *listing_of(const char *ids)
{
    GPtrArray *testcases = tps_testcases_new();
    g_auto(GStrv) words = g_strsplit(ids, " ", -1);

    for (char **word = words; *word; word++)
        g_ptr_array_add(testcases, tps_testcase_new(*word));
    return testcases;
}

START_TEST(estimates_from_dated_runs)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsRuntimeData) data = data_of(c);
    g_autoptr(GPtrArray) testcases = listing_of(c->ids);
    g_autoptr(TpsEstimate) estimate = tps_estimate_suite(data, "A", testcases, 1);
    g_autoptr(GString) sources = g_string_new(NULL);
    int64_t guessed_us = 0;

    for (guint i = 0; i < estimate->n_testcases; i++) {
        g_string_append_printf(sources, "%s%s", i ? "," : "",
                               tps_predict_source_name(estimate->source[i]));
        if (estimate->source[i] != TPS_PREDICT_MEASURED)
            guessed_us += estimate->expected_us[i];
    }
    ck_assert_msg(strcmp(sources->str, c->sources) == 0, "%s: %s", c->name, sources->str);
    ck_assert_int_eq(estimate->guessed_us, guessed_us);
    ck_assert_msg(estimate->age_s == c->age_s, "%s: %" G_GINT64_FORMAT " s old", c->name,
                  estimate->age_s);
    ck_assert_msg(estimate->cpu_ppm == c->cpu_ppm, "%s: %" G_GINT64_FORMAT " ppm", c->name,
                  estimate->cpu_ppm);
    ck_assert_msg(estimate->peak_bytes == c->peak_bytes, "%s: %" G_GINT64_FORMAT " bytes", c->name,
                  estimate->peak_bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("estimate_dated");
    TCase *tcase = tcase_create("estimate_dated");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, estimates_from_dated_runs, 0, G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
