/* SPDX-License-Identifier: MIT */
#include "runtime/outcomes.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#define R1 "20261101T101500-00000001"
#define R2 "20261102T101500-00000002"
#define R3 "20261103T101500-00000003"

/* Outcomes as "RUN planned wall guessed, ...", in seconds; RUN is the last digit of its key. */
typedef struct {
    const char *name;
    const char *data;
    const char *outcomes;
} Case;

#define PART(key, more) "'" key "':{'execution_time':1" more "}"
#define SUITE(name, parts) "'" name "':{'execution_time':1,'setup_time':0,'runs':{" parts "}}"

static const Case cases[] = {
    {"nothing", "{}", ""},
    {"nobody planned it", "{" SUITE("a", PART(R1, ",'wall_time':5")) "}", ""},
    {"nobody knows what it took", "{" SUITE("a", PART(R1, ",'planned_time':5")) "}", ""},
    {"one", "{" SUITE("a", PART(R1, ",'planned_time':4,'wall_time':5,'guessed_time':2")) "}",
     "1 4 5 2"},
    {"nothing was guessed", "{" SUITE("a", PART(R1, ",'planned_time':4,'wall_time':5")) "}",
     "1 4 5 0"},
    {"planned to take no time", "{" SUITE("a", PART(R1, ",'planned_time':0,'wall_time':5")) "}",
     ""},
    {"took no time", "{" SUITE("a", PART(R1, ",'planned_time':4,'wall_time':0")) "}", "1 4 0 0"},
    {"parts add up, but for one of which half is known",
     "{" SUITE(
         "a",
         PART(R1 " 0,3", ",'planned_time':4,'wall_time':5") "," PART(
             R1 " 1,3",
             ",'planned_time':3,'wall_time':1,'guessed_time':3") "," PART(R1 " 2,3",
                                                                          ",'planned_time':9")) "}",
     "1 7 6 3"},
    {"suites add up, runs do not",
     "{" SUITE(
         "b",
         PART(R2, ",'planned_time':4,'wall_time':5") "," PART(
             R1, ",'planned_time':1,'wall_time':2")) "," SUITE("a",
                                                               PART(R2,
                                                                    ",'planned_time':10,'wall_time'"
                                                                    ":20,'guessed_time':1")) "}",
     "1 1 2 0, 2 14 25 1"},
    {"oldest first, and one of them unknown",
     "{" SUITE("a", PART(R3, ",'planned_time':3,'wall_time':3") "," PART(R2, "") "," PART(
                        R1, ",'planned_time':1,'wall_time':1")) "}",
     "1 1 1 0, 3 3 3 0"},
};

START_TEST(what_became_of_what_was_planned)
{
    const Case *c = &cases[_i];
    g_autofree char *text = g_strdelimit(g_strdup(c->data), "'", '"');
    g_autofree char *path = scratch_text("data.json", text);
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GArray) outcomes = NULL;
    g_autoptr(GString) found = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_runtime_data_load(data, path, &error), "%s: %s", c->name,
                  error ? error->message : "");
    outcomes = tps_runtime_outcomes(data);
    for (guint i = 0; i < outcomes->len; i++) {
        const TpsRunOutcome *outcome = &g_array_index(outcomes, TpsRunOutcome, i);
        const char *key = tps_runtime_data_run_key(data, outcome->run);

        g_string_append_printf(found, "%s%c %d %d %d", i ? ", " : "", key[strlen(key) - 1],
                               (int)(outcome->planned_us / 1000000),
                               (int)(outcome->wall_us / 1000000),
                               (int)(outcome->guessed_us / 1000000));
    }
    ck_assert_msg(strcmp(found->str, c->outcomes) == 0, "%s: %s", c->name, found->str);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outcomes");
    TCase *tcase = tcase_create("outcomes");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, what_became_of_what_was_planned, 0, G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
