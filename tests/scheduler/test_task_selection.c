/* SPDX-License-Identifier: MIT */
#include "scheduler/task_internal.h"
#include "tests/reports.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* "a b c" as testcases. */
static GPtrArray *testcases_new(const char *words)
{
    GPtrArray *testcases = tps_testcases_new();
    g_auto(GStrv) split = g_strsplit(words, " ", -1);

    for (char **word = split; *word; word++)
        if (**word)
            g_ptr_array_add(testcases, tps_testcase_new(*word));
    return testcases;
}

/* One batch with nothing but what the comparison looks at. */
typedef struct {
    TpsSuite *suite;
    GPtrArray *listing;
    TpsWork work;
    TpsLingeringBatch run;
} Fake;

static void fake_init(Fake *fake, const char *listing, const char *selected)
{
    *fake = (Fake){.suite = tps_suite_new("s", "gt"), .listing = testcases_new(listing)};
    fake->work = (TpsWork){.suite = fake->suite, .listing = fake->listing};
    fake->run = (TpsLingeringBatch){
        .work = &fake->work,
        .testcases = testcases_new(selected),
        .report = tps_part_report_new("s", (TpsPart){0, 1}),
        .invocations = g_ptr_array_new_with_free_func((GDestroyNotify)tps_invocation_free),
    };
}

static void fake_clear(Fake *fake)
{
    g_ptr_array_unref(fake->run.testcases);
    g_ptr_array_unref(fake->run.invocations);
    tps_part_report_free(fake->run.report);
    g_clear_pointer(&fake->run.ran, g_hash_table_unref);
    g_clear_pointer(&fake->run.twice, g_ptr_array_unref);
    g_ptr_array_unref(fake->listing);
    tps_suite_free(fake->suite);
}

/* What each process of the batch reports, up to the first NULL. */
static void run_processes(TpsLingeringBatch *run, const char *const *processes)
{
    for (int i = 0; processes[i]; i++)
        g_ptr_array_add(run->invocations, tps_invocation_new());
    for (int i = 0; processes[i]; i++) {
        g_autoptr(GPtrArray) results = tps_results_new();

        results_add(results, processes[i]);
        run->invocation = g_ptr_array_index(run->invocations, i);
        tps_batch_note_results(run, results);
        while (results->len > 0)
            g_ptr_array_add(run->report->results, g_ptr_array_steal_index(results, 0));
    }
}

#define TWENTY "a b c d e f g h i j k l m n o p q r s t"
#define NINETEEN                                                                                   \
    "a:p:1 b:p:1 c:p:1 d:p:1 e:p:1 f:p:1 g:p:1 h:p:1 i:p:1 j:p:1 k:p:1 l:p:1 m:p:1 n:p:1 o:p:1 "   \
    "p:p:1 q:p:1 r:p:1 s:p:1"

static const struct {
    const char *name;
    const char *listing;
    const char *selected;
    const char *processes[4];
    const char *kept;
    const char *said; /* a line each */
    guint n;
    bool others_failed;
} cases[] = {
    {"as selected", "a b c", "a b", {"a:p:1 b:f:1"}, "a b", "", 0, false},
    {"in another order, one missing", "a b c d", "a b c", {"c:p:1 a:p:1"}, "c a", "", 0, false},
    {"said twice by one process", "a b c", "a b", {"a:p:1 a:f:1"}, "a a", "", 0, false},
    {"one extra",
     "a b c d",
     "a b",
     {"a:p:1 c:p:1 b:p:1"},
     "a b",
     "ran 1 testcase that was not selected: 'c'\n",
     1,
     false},
    {"two, and one of them twice",
     "a b c d e",
     "a b",
     {"d:p:1 c:f:1 a:p:1 b:p:1 d:f:1"},
     "a b",
     "ran 2 testcases that were not selected: 'd', 'c'\n",
     2,
     true},
    {"the others as skipped", "a b c d", "a b", {"a:p:1 b:p:1 c:s:0 d:s:0"}, "a b", "", 0, false},
    {"selected and skipped", "a b c", "a b", {"b:s:0 a:p:1"}, "b a", "", 0, false},
    {"in no listing", "a b c", "a", {"a:p:1 x:f:1"}, "a x", "", 0, false},
    {"all of it",
     "a b c",
     "b",
     {"a:p:1 b:p:1 c:p:1"},
     "b",
     "gt ignored the selection: it reported all 3 testcases of suite 's', 1 was selected\n",
     2,
     false},
    {"all of it, and a stranger",
     "a b c d",
     "a b",
     {"a:p:1 b:p:1 c:p:1 x:p:1 d:p:1"},
     "a b x",
     "gt ignored the selection: it reported all 4 testcases of suite 's', 2 were selected\n",
     2,
     false},
    {"one came along, and that was all there is",
     "a b c",
     "a b",
     {"a:p:1 b:p:1 c:p:1"},
     "a b",
     "ran 1 testcase that was not selected: 'c'\n",
     1,
     false},
    {"the other one of two",
     "a b",
     "a",
     {"a:p:1 b:p:1"},
     "a",
     "gt ignored the selection: it reported all 2 testcases of suite 's', 1 was selected\n",
     1,
     false},
    {"nearly all of it: one has crashed",
     TWENTY,
     "a b",
     {NINETEEN},
     "a b",
     "gt ignored the selection: it reported 19 of the 20 testcases of suite 's', 2 were selected\n",
     17,
     false},
    {"many, yet not all",
     TWENTY,
     "a b",
     {"a:p:1 b:p:1 c:p:1 d:p:1 e:p:1 f:p:1 g:p:1 h:p:1"},
     "a b",
     "ran 6 testcases that were not selected: 'c', 'd', 'e' and 3 more\n",
     6,
     false},
    {"nothing", "a b", "a", {""}, "", "", 0, false},
    {"its share each", "a b c", "a b c", {"a:p:1", "b:p:1", "c:p:1"}, "a b c", "", 0, false},
    {"a process ran what another one did",
     "a b c",
     "a b c",
     {"a:p:1", "b:p:1 a:f:1", "c:p:1 a:p:1"},
     "a b a c a",
     "1 testcase ran in more than one of its processes: 'a'\n",
     1,
     false},
    {"listed by both, run by one",
     "a b",
     "a b",
     {"a:p:1 b:s:0", "b:p:1 a:s:0"},
     "a b b a",
     "",
     0,
     false},
    {"each ran everything, and more",
     "a b c d",
     "a b",
     {"a:p:1 b:p:1 c:p:1", "a:p:1 b:p:1 c:p:1"},
     "a b a b",
     "ran 1 testcase that was not selected: 'c'\n"
     "2 testcases ran in more than one of its processes: 'a', 'b'\n",
     3,
     false},
};

START_TEST(extra_testcases_are_named)
{
    Fake fake;
    g_autoptr(GString) kept = g_string_new(NULL);
    g_autofree char *said = NULL;

    fake_init(&fake, cases[_i].listing, cases[_i].selected);
    run_processes(&fake.run, cases[_i].processes);
    tps_batch_check_selection(&fake.run);
    for (guint i = 0; i < fake.run.report->results->len; i++)
        g_string_append_printf(kept, "%s%s", i ? " " : "",
                               ((TpsResult *)g_ptr_array_index(fake.run.report->results, i))->id);
    said = lines(fake.run.report->unselected);
    ck_assert_msg(strcmp(said, cases[_i].said) == 0, "%s: %s", cases[_i].name, said);
    ck_assert_msg(strcmp(kept->str, cases[_i].kept) == 0, "%s: %s", cases[_i].name, kept->str);
    ck_assert_uint_eq(fake.run.report->n_unselected, cases[_i].n);
    ck_assert_int_eq(fake.run.others_failed, cases[_i].others_failed);
    ck_assert_uint_eq(fake.run.report->problems->len, 0);
    fake_clear(&fake);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("task_selection");
    TCase *tcase = tcase_create("task_selection");

    tcase_add_loop_test(tcase, extra_testcases_are_named, 0, G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
