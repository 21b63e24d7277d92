/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "runtime/data.h"
#include "runtime/suite_level.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

static void dump_number(GString *text, int64_t value)
{
    if (value == TPS_RUNTIME_UNKNOWN)
        g_string_append(text, " -");
    else
        g_string_append_printf(text, " %" G_GINT64_FORMAT, value);
}

static void dump_level(GString *text, const TpsRuntimeData *data, const char *suite)
{
    TpsSuiteLevel level;

    if (!tps_suite_level(data, suite, &level))
        return;
    dump_number(text, level.execution_us);
    dump_number(text, level.setup_us);
    dump_number(text, level.teardown_us);
    dump_number(text, level.testcase_count);
}

static void dump_testcases(GString *text, const TpsRuntimeData *data, const char *suite)
{
    for (size_t i = 0; i < tps_runtime_data_n_testcases(data, suite); i++) {
        TpsRuntimeTestcase testcase = tps_runtime_data_testcase(data, suite, i);

        g_string_append_printf(text, " %s=%" G_GINT64_FORMAT, testcase.id,
                               tps_samples_level(testcase.samples, testcase.n_samples));
    }
}

/* "SUITE execution setup teardown count: id=us id=us", one line a suite; caller frees. */
static char *dump(const TpsRuntimeData *data)
{
    g_autoptr(GPtrArray) suites = tps_runtime_data_suites(data);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < suites->len; i++) {
        const char *name = g_ptr_array_index(suites, i);

        g_string_append(text, name);
        dump_level(text, data, name);
        g_string_append_c(text, ':');
        dump_testcases(text, data, name);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *name;
    const char *text;
    const char *source;
    const char *dump;
} Form;

static const Form forms[] = {
    {"Testplan",
     "{\"MTest\": {\"execution_time\": 199.99, \"setup_time\": 39.99, \"teardown_time\": 0, "
     "\"testcase_count\": 10}}",
     "f.json: Testplan runtime data, 1 suites, 0 testcases", "MTest 199990000 39990000 0 10:\n"},
    {"Testplan before teardown times",
     "{\"B\": {\"execution_time\": 1, \"setup_time\": 2}, \"A\": {\"execution_time\": 0, "
     "\"setup_time\": 0, \"teardown_time\": 0.5}}",
     "f.json: Testplan runtime data, 2 suites, 0 testcases",
     "A 0 0 500000 -:\nB 1000000 2000000 0 "
     "-:\n"},
    {"testcases as numbers and as objects",
     "{\"A\": {\"execution_time\": 3, \"setup_time\": 0, \"testcases\": {\"z\": 2.5, \"a b\": "
     "{\"mean\": 0.25, \"count\": 4}}}}",
     "f.json: Testplan runtime data, 1 suites, 2 testcases",
     "A 3000000 0 0 -: a b=250000 "
     "z=2500000\n"},
    {"null is missing",
     "{\"A\": {\"execution_time\": 3, \"setup_time\": 0, \"teardown_time\": null, "
     "\"testcase_count\": null, \"testcases\": null}}",
     "f.json: Testplan runtime data, 1 suites, 0 testcases", "A 3000000 0 0 -:\n"},
    {"unknown keys of a suite and of the file",
     "{\"version\": 2, \"A\": {\"execution_time\": 1, \"setup_time\": 0, \"spread\": [1, {}]}, "
     "\"comment\": \"x\"}",
     "f.json: Testplan runtime data, 1 suites, 0 testcases", "A 1000000 0 0 -:\n"},
    {"pytest-split", "{\"t/test_b.py::test_y\": 0.5, \"t/test_a.py::T::test_x\": 1.25}",
     "f.json: pytest-split durations, 2 testcases",
     "pytest: t/test_a.py::T::test_x=1250000 t/test_b.py::test_y=500000\n"},
    {"pytest-split's first form", "[[\"a.py::x\", 1], [\"a.py::y\", 0.000001]]",
     "f.json: pytest-split durations, 2 testcases", "pytest: a.py::x=1000000 a.py::y=1\n"},
    {"knapsack", "{\"spec/b_spec.rb\": 12.5, \"spec/a_spec.rb\": 3}",
     "f.json: knapsack report, 2 files",
     "knapsack: spec/a_spec.rb=3000000 "
     "spec/b_spec.rb=12500000\n"},
    {"nothing", "{}", "f.json: Testplan runtime data, 0 suites, 0 testcases", ""},
    {"no durations yet", "[]", "f.json: Testplan runtime data, 0 suites, 0 testcases", ""},
    {"odd names", "{\"a::\\\"\\n\\u001b$(x)\": 1}", "f.json: pytest-split durations, 1 testcases",
     "pytest: a::\"\n\033$(x)=1000000\n"},
    {"half a microsecond is rounded up", "{\"a::b\": 0.0000005, \"a::c\": 0.00000049}",
     "f.json: pytest-split durations, 2 testcases", "pytest: a::b=1 a::c=0\n"},
    {"ten years", "{\"a::b\": 315360000}", "f.json: pytest-split durations, 1 testcases",
     "pytest: a::b=315360000000000\n"},
};

START_TEST(recognises)
{
    const Form *form = &forms[_i];
    g_autofree char *path = scratch_text("f.json", form->text);
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *got = NULL;
    const GPtrArray *sources;

    ck_assert_msg(tps_runtime_data_load(data, path, &error), "%s: %s", form->name,
                  error ? error->message : "");
    sources = tps_runtime_data_sources(data);
    got = dump(data);
    ck_assert_uint_eq(sources->len, 1);
    ck_assert_str_eq(g_ptr_array_index(sources, 0), form->source);
    ck_assert_str_eq(got, form->dump);
}
END_TEST

static void assert_nothing(const TpsRuntimeData *data)
{
    g_autoptr(GPtrArray) suites = tps_runtime_data_suites(data);

    ck_assert_uint_eq(suites->len, 0);
    ck_assert_uint_eq(tps_runtime_data_sources(data)->len, 0);
}

START_TEST(half_a_file_is_refused)
{
    const char *text = forms[_i].text;
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();

    for (size_t length = 0; length < strlen(text); length++) {
        g_autofree char *path = scratch_write("f.json", text, length);
        g_autoptr(GError) error = NULL;

        ck_assert_msg(!tps_runtime_data_load(data, path, &error), "%.*s", (int)length, text);
        assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "f.json': 1:");
    }
    assert_nothing(data);
}
END_TEST

#define SUITE(more) "{\"A\": {\"execution_time\": 1, \"setup_time\": 0" more "}}"

#define CASE(members) SUITE(", \"testcases\": {\"x\": {" members "}}")
#define RUN "20261121T113243-3f2a9c1b"

static const char *const refused[][2] = {
    {"5", "neither Testplan's, pytest-split's nor knapsack's"},
    {"null", "neither Testplan's, pytest-split's nor knapsack's"},
    {"\"text\"", "neither Testplan's, pytest-split's nor knapsack's"},
    {"{\"a::b\": -1}", "'a::b': not a time"},
    {"{\"a::b\": -0.0000006}", "'a::b': not a time"},
    {"{\"a::b\": NaN}", "1:10: not JSON"},
    {"{\"a::b\": Infinity}", "1:10: not JSON"},
    {"{\"a::b\": 1e999}", "'a::b': not a time"},
    {"{\"a::b\": 315360001}", "'a::b': not a time"},
    {"{\"a::b\": \"1\"}", "'a::b': not a time"},
    {"{\"a::b\": true}", "'a::b': not a time"},
    {"{\"a::b\": [1]}", "'a::b': not a time"},
    {"{\"a::b\": null}", "'a::b': not a time"},
    {"{\"a::b\": 1, \"c\": 1, \"a::b\": 2}", "'a::b' is in it twice"},
    {"{\"a\\u0000b\": 1}", "1:4: a NUL character is not allowed"},
    {"{\"a::b\": 1}\n{\"a::c\": 1}", "2:1: not JSON"},
    {"[[\"a::b\", 1], [\"a::b\", 1]]", "'a::b' is in it twice"},
    {"[[\"a::b\", 1, 2]]", "pairs of a name and seconds"},
    {"[[1, \"a::b\"]]", "pairs of a name and seconds"},
    {"[[\"a::b\"]]", "pairs of a name and seconds"},
    {"[1]", "pairs of a name and seconds"},
    {"[[\"a::b\", -1]]", "'a::b': not a time"},
    {"{\"A\": {}}", "'A': 'execution_time': not a time"},
    {"{\"A\": {\"execution_time\": 1}}", "'A': 'setup_time': not a time"},
    {"{\"A\": {\"execution_time\": -1, \"setup_time\": 0}}", "'A': 'execution_time': not a time"},
    {"{\"A\": {\"execution_time\": 1, \"setup_time\": \"0\"}}", "'A': 'setup_time': not a time"},
    {SUITE(", \"teardown_time\": -1"), "'A': 'teardown_time': not a time"},
    {SUITE(", \"testcase_count\": -1"), "'A': 'testcase_count' must be a whole number"},
    {SUITE(", \"testcase_count\": 1.5"), "'A': 'testcase_count' must be a whole number"},
    {SUITE(", \"testcase_count\": 1e10"), "'A': 'testcase_count' must be a whole number"},
    {SUITE(", \"testcases\": [1]"), "'A': 'testcases' must be an object"},
    {SUITE(", \"testcases\": {\"x\": \"1\"}"), "'A': 'x': not a time"},
    {SUITE(", \"testcases\": {\"x\": {}}"), "'A': 'x': 'mean': not a time"},
    {SUITE(", \"testcases\": {\"x\": 1, \"x\": 1}"), "'A': 'x' is in it twice"},
    {CASE("\"last\": []"), "'A': 'x': 'last' must be an object"},
    {CASE("\"last\": 5"), "'A': 'x': 'last' must be an object"},
    {CASE("\"last\": {\"yesterday\": 1}"), "'A': 'x': 'yesterday' does not name a run"},
    {CASE("\"last\": {\"" RUN " 0,2\": 1}"), "does not name a run"},
    {CASE("\"last\": {\"" RUN "\": -1}"), "'A': 'x': not a time"},
    {CASE("\"last\": {\"" RUN "\": \"1\"}"), "'A': 'x': not a time"},
    {CASE("\"last\": {\"" RUN "\": 1, \"" RUN "\": 1}"), "'" RUN "' is in it twice"},
    {CASE("\"undated\": {}"), "'A': 'x': 'undated' must be a list"},
    {CASE("\"undated\": [1, null]"), "'A': 'x': not a time"},
    {CASE("\"mean\": 1, \"seen\": 5"), "'A': 'x': 'seen'"},
    {CASE("\"mean\": 1, \"seen\": \"\""), "'A': 'x': '' does not name a run"},
    {SUITE(", \"runs\": []"), "'A': 'runs' must be an object"},
    {SUITE(", \"runs\": {\"" RUN "\": 5}"), "'" RUN "': must be an object"},
    {SUITE(", \"runs\": {\"" RUN "\": {\"setup_time\": -1}}"), "'setup_time': not a time"},
    {SUITE(", \"runs\": {\"" RUN "\": {\"peak_memory\": 0.5}}"), "'peak_memory' must be"},
    {SUITE(", \"runs\": {\"" RUN "\": {}, \"" RUN "\": {}}"), "'" RUN "': it is in it twice"},
    {SUITE(", \"runs\": {\"" RUN " 2,2\": {}}"), "'" RUN " 2,2': the part of a run is named"},
    {SUITE(", \"runs\": {\"" RUN " \": {}}"), "the part of a run is named"},
    {SUITE(", \"runs\": {\" 0,2\": {}}"), "' 0,2': '' does not name a run"},
    {SUITE(", \"undated\": {}"), "'A': 'undated' must be a list"},
    {SUITE(", \"undated\": [5]"), "'A': 'execution_time'"},
    {"{\"A\": {\"execution_time\": 1, \"setup_time\": 0}, \"A\": {\"execution_time\": 1, "
     "\"setup_time\": 0}}",
     "'A' is in it twice"},
};

START_TEST(refuses)
{
    g_autofree char *path = scratch_text("f.json", refused[_i][0]);
    g_autofree char *place = g_strdup_printf("cannot read '%s': ", path);
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GError) error = NULL;

    ck_assert_msg(!tps_runtime_data_load(data, path, &error), "%s", refused[_i][0]);
    ck_assert(g_str_has_prefix(error->message, place));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, refused[_i][1]);
    assert_nothing(data);
}
END_TEST

START_TEST(a_missing_file_is_refused)
{
    g_autofree char *path = scratch_path("none.json");
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GError) error = NULL;

    ck_assert(!tps_runtime_data_load(data, path, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "none.json");
}
END_TEST

/* What was loaded before stays when the next file is bad. */
START_TEST(a_bad_file_changes_nothing)
{
    g_autofree char *good = scratch_text("good.json", SUITE(", \"testcases\": {\"x\": 1}"));
    g_autofree char *bad =
        scratch_text("bad.json", "{\"A\": {\"execution_time\": 9, \"setup_time\": 9}, \"B\": {}}");
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autofree char *text = NULL;

    ck_assert(tps_runtime_data_load(data, good, NULL));
    ck_assert(!tps_runtime_data_load(data, bad, NULL));
    text = dump(data);
    ck_assert_str_eq(text, "A 1000000 0 0 -: x=1000000\n");
    ck_assert_uint_eq(tps_runtime_data_sources(data)->len, 1);
}
END_TEST

static const char *const several[] = {
    "{\"A\": {\"execution_time\": 1, \"setup_time\": 3, \"testcase_count\": 4, \"testcases\": "
    "{\"x\": 1, \"y\": 2}}}",
    "{\"A\": {\"execution_time\": 2, \"setup_time\": 3, \"testcases\": {\"x\": 2, \"z\": 5}}, "
    "\"B\": {\"execution_time\": 7, \"setup_time\": 0}}",
    "{\"A\": {\"execution_time\": 2.000001, \"setup_time\": 0, \"testcase_count\": 7, "
    "\"testcases\": {\"x\": 2}}}",
    "{\"t.py::x\": 1, \"t.py::y\": 4}",
    "{\"t.py::x\": 2, \"x\": 9}",
    "{\"spec/a.rb\": 8}",
};

#define N_SEVERAL G_N_ELEMENTS(several)

static void load_in_order(TpsRuntimeData *data, const size_t *order)
{
    for (size_t i = 0; i < N_SEVERAL; i++) {
        g_autofree char *name = g_strdup_printf("%zu.json", order[i]);
        g_autofree char *path = scratch_text(name, several[order[i]]);

        ck_assert(tps_runtime_data_load(data, path, NULL));
    }
}

START_TEST(files_are_united_in_any_order)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(6);
    size_t order[N_SEVERAL];

    for (size_t i = 0; i < N_SEVERAL; i++)
        order[i] = i;
    for (int round = 0; round < 50; round++) {
        g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
        g_autofree char *text = NULL;

        load_in_order(data, order);
        text = dump(data);
        /* 5.000001 s over three files; 4 and 7 testcases; x took 1 and 2 s. */
        ck_assert_str_eq(text, "A 1666667 2000000 0 6: x=1500000 y=2000000 z=5000000\n"
                               "B 7000000 0 0 -:\n"
                               "pytest: spec/a.rb=8000000 t.py::x=1500000 t.py::y=4000000 "
                               "x=9000000\n");
        ck_assert_str_eq(g_ptr_array_index(tps_runtime_data_sources(data), 0),
                         "0.json: Testplan runtime data, 1 suites, 2 testcases");
        ck_assert_str_eq(g_ptr_array_index(tps_runtime_data_sources(data), N_SEVERAL - 1),
                         "5.json: knapsack report, 1 files");
        for (size_t i = N_SEVERAL - 1; i > 0; i--) {
            size_t j = (size_t)g_rand_int_range(rand, 0, (int)i + 1);
            size_t swap = order[i];

            order[i] = order[j];
            order[j] = swap;
        }
    }
}
END_TEST

static int64_t time_of(const TpsRuntimeData *data, const char *suite, const char *id)
{
    TpsRuntimeTestcase found;

    tps_runtime_data_match(data, suite, &id, 1, &found);
    return found.n_samples ? tps_samples_level(found.samples, found.n_samples)
                           : TPS_RUNTIME_UNKNOWN;
}

START_TEST(a_suite_owns_its_times_before_the_others)
{
    g_autofree char *mine = scratch_text("mine.json", SUITE(", \"testcases\": {\"x::y\": 1}"));
    g_autofree char *all = scratch_text("all.json", "{\"x::y\": 5, \"x::z\": 6}");
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();

    ck_assert(tps_runtime_data_load(data, mine, NULL));
    ck_assert(tps_runtime_data_load(data, all, NULL));
    ck_assert_int_eq(time_of(data, "A", "x::y"), 1000000);
    ck_assert_int_eq(time_of(data, "A", "x::z"), 6000000);
    ck_assert_int_eq(time_of(data, "other", "x::y"), 5000000);
    ck_assert_int_eq(time_of(data, "A", "none"), TPS_RUNTIME_UNKNOWN);
    ck_assert(!tps_runtime_data_has(data, "other"));
    ck_assert(!tps_runtime_data_has(data, "pytest"));
}
END_TEST

static void load(TpsRuntimeData *data, const char *text)
{
    g_autofree char *path = scratch_text("f.json", text);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_runtime_data_load(data, path, &error), "%s", error ? error->message : "");
}

static TpsRuntimeData *data_of(const char *text)
{
    TpsRuntimeData *data = tps_runtime_data_new();

    load(data, text);
    return data;
}

/* The newest ones, old before new, wherever they stand. */
START_TEST(few_samples_are_kept)
{
    g_autoptr(GString) text = g_string_new("\"last\": {");
    g_autoptr(TpsRuntimeData) data = NULL;
    g_autofree char *file = NULL;
    TpsRuntimeTestcase found;

    for (guint i = 0; i < 70000; i++) {
        guint second = i * 7 % 86400; /* unsorted, and each once */

        g_string_append_printf(text, "%s\"20261121T%02u%02u%02u-%08x\": %u", i ? ", " : "",
                               second / 3600, second / 60 % 60, second % 60, i, second);
    }
    file = g_strdup_printf(CASE("%s}"), text->str);
    data = data_of(file);
    found = tps_runtime_data_testcase(data, "A", 0);
    ck_assert_uint_eq(found.n_samples, TPS_SAMPLES_MAX);
    for (guint i = 0; i < TPS_SAMPLES_MAX; i++)
        ck_assert_int_gt(found.samples[i].us, INT64_C(86380) * 1000000);
    for (guint i = 1; i < TPS_SAMPLES_MAX; i++)
        ck_assert_int_gt(found.samples[i].us, found.samples[i - 1].us);
    ck_assert_uint_eq(found.seen, found.samples[TPS_SAMPLES_MAX - 1].run);
}
END_TEST

START_TEST(few_undated_samples_are_kept)
{
    g_autoptr(GString) text = g_string_new("\"undated\": [0");
    g_autoptr(TpsRuntimeData) data = NULL;
    g_autofree char *file = NULL;

    for (guint i = 1; i < 70000; i++)
        g_string_append_printf(text, ", %u", i * 7 % 50000);
    file = g_strdup_printf(CASE("%s]"), text->str);
    data = data_of(file);
    ck_assert_uint_eq(tps_runtime_data_testcase(data, "A", 0).n_samples, TPS_SAMPLES_MAX);
}
END_TEST

/* Runs are forgotten as a whole. */
START_TEST(few_runs_are_kept)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(TpsRuntimeData) data = NULL;
    g_autofree char *file = NULL;
    const TpsRuntimePart *parts;
    size_t n;

    for (guint i = 0; i < 40; i++)
        for (guint part = 0; part < 3; part++)
            g_string_append_printf(text, "%s\"20261121T11%02u%02u-%08x %u,3\": {}",
                                   text->len ? ", " : "", i * 7 % 40, part, i * 7 % 40, part);
    file = g_strdup_printf(SUITE(", \"runs\": {%s}"), text->str);
    data = data_of(file);
    parts = tps_runtime_data_parts(data, "A", &n);
    ck_assert_uint_eq(n, TPS_RUNS_MAX * 3);
    for (size_t i = 0; i < n; i++) {
        ck_assert_int_eq(parts[i].index, (int)(i % 3));
        ck_assert_uint_eq(parts[i].run, parts[i - i % 3].run);
    }
    ck_assert(g_str_has_prefix(tps_runtime_data_run_key(data, parts[0].run), "20261121T1110"));
}
END_TEST

START_TEST(few_undated_parts_are_kept)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(TpsRuntimeData) data = NULL;
    g_autofree char *file = NULL;
    size_t n;

    for (guint i = 0; i < 1000; i++)
        g_string_append_printf(text, "%s{\"execution_time\": %u, \"setup_time\": 0}", i ? ", " : "",
                               i);
    file = g_strdup_printf(SUITE(", \"undated\": [%s]"), text->str);
    data = data_of(file);
    tps_runtime_data_parts(data, "A", &n);
    ck_assert_uint_eq(n, TPS_RUNS_MAX);
}
END_TEST

/* Unknown keys are kept as they are, and cost what they weigh. */
START_TEST(strange_keys_are_kept)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(TpsRuntimeData) data = NULL;
    g_autofree char *file = NULL;
    g_autofree char *got = NULL;

    for (guint i = 0; i < 70000; i++)
        g_string_append_printf(text, ", \"%08x\": {}", i * 7919 % 70000);
    for (guint i = 0; i < 900; i++)
        g_string_append(text, i ? "[" : ", \"deep\": ");
    for (guint i = 1; i < 900; i++)
        g_string_append_c(text, ']');
    file = g_strdup_printf(SUITE("%s"), text->str);
    data = data_of(file);
    load(data, file);
    got = tps_runtime_data_text(data);
    ck_assert_ptr_nonnull(strstr(got, "\"0001116f\": {}"));
    ck_assert_ptr_nonnull(strstr(got, "\"deep\": [[["));
}
END_TEST

/* What is too deep is refused by the parser. */
START_TEST(an_abyss_is_refused)
{
    g_autoptr(GString) text = g_string_new("{\"A\": ");
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;

    for (guint i = 0; i < 70000; i++)
        g_string_append(text, "{\"a\": ");
    path = scratch_text("f.json", text->str);
    ck_assert(!tps_runtime_data_load(data, path, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "not JSON");
}
END_TEST

static char *many(guint n, guint step, double seconds)
{
    GString *text = g_string_new("{\"A\": {\"execution_time\": 1, \"setup_time\": 0, "
                                 "\"testcases\": {");

    for (guint i = 0; i < n; i++)
        g_string_append_printf(text,
                               "%s\"tests/test_some_module.py::TestClass::test_%08u\": "
                               "{\"last\": {\"" RUN "\": %g}, \"note\": 1}",
                               i ? ", " : "", (guint)((guint64)i * step % n), seconds);
    g_string_append(text, "}}}");
    return g_string_free(text, FALSE);
}

/* Where a testcase is looked for among all others, this takes minutes. */
START_TEST(a_hundred_thousand_testcases)
{
    const guint n = 100000;
    g_autofree char *one = many(n, 1, 1);
    g_autofree char *two = many(n, 60013, 2);
    g_autoptr(TpsRuntimeData) data = data_of(one);
    g_autofree char *text = NULL;

    load(data, two);
    ck_assert_uint_eq(tps_runtime_data_n_testcases(data, "A"), n);
    for (guint i = 0; i < n; i++)
        ck_assert_int_eq(tps_runtime_data_testcase(data, "A", i).samples[0].us, 2000000);
    text = tps_runtime_data_text(data);
    ck_assert_ptr_nonnull(strstr(text, "test_00099999\": {\"mean\":2,\"count\":1,"));
}
END_TEST

START_TEST(a_hundred_thousand_suites)
{
    g_autoptr(GString) text = g_string_new("{");
    g_autoptr(TpsRuntimeData) data = NULL;
    g_autoptr(GPtrArray) suites = NULL;

    for (guint i = 100000; i > 0; i--)
        g_string_append_printf(text, "%s\"%06u\": {\"execution_time\": 1, \"setup_time\": 0}",
                               i < 100000 ? ", " : "", i);
    g_string_append_c(text, '}');
    data = data_of(text->str);
    load(data, text->str);
    suites = tps_runtime_data_suites(data);
    ck_assert_uint_eq(suites->len, 100000);
}
END_TEST

/* One run in two halves adds up, two runs are a level. */
START_TEST(halves_add_up_and_runs_do_not)
{
    static const char *const halves[] = {
        SUITE(", \"runs\": {\"20261121T100000-0000000a 0,2\": {\"execution_time\": 3, "
              "\"setup_time\": 1, \"testcase_count\": 1}}, \"testcases\": {\"x\": {\"last\": "
              "{\"20261121T100000-0000000a\": 3}}}"),
        SUITE(", \"runs\": {\"20261121T100009-0000000a 1,2\": {\"execution_time\": 5, "
              "\"setup_time\": 2, \"testcase_count\": 2}}, \"testcases\": {\"y\": {\"last\": "
              "{\"20261121T100009-0000000a\": 5}}}"),
        SUITE(", \"runs\": {\"20261122T100000-0000000b\": {\"execution_time\": 18, "
              "\"setup_time\": 1.5, \"testcase_count\": 2}}, \"testcases\": {\"x\": {\"last\": "
              "{\"20261122T100000-0000000b\": 13}}}"),
    };
    g_autoptr(TpsRuntimeData) data = data_of(halves[0]);
    g_autofree char *one_run = NULL;
    g_autofree char *two_runs = NULL;

    load(data, halves[1]);
    one_run = dump(data);
    ck_assert_str_eq(one_run, "A 8000000 1500000 - 3: x=3000000 y=5000000\n");
    load(data, halves[2]);
    two_runs = dump(data);
    ck_assert_str_eq(two_runs, "A 15000000 1500000 - 2: x=10000000 y=5000000\n");
}
END_TEST

/* A run that adds what it measured is known by its key. */
START_TEST(a_run_adds_what_it_measured)
{
    g_autoptr(TpsRuntimeData) data = data_of("{}");
    TpsRuntimePart part = {.count = 1, .execution_us = INT64_MAX, .setup_us = 5};
    TpsRuntimeTestcase found;

    for (int i = 0; i < 2; i++) {
        g_autoptr(TpsRuntimeData) run = tps_runtime_data_new_run(RUN);

        tps_runtime_data_add_testcase(run, "A", "z", 7, false);
        tps_runtime_data_add_testcase(run, "A", "a", TPS_RUNTIME_UNKNOWN, true);
        tps_runtime_data_add_part(run, "A", &part);
        tps_runtime_data_merge(data, run);
    }
    ck_assert_uint_eq(tps_runtime_data_n_runs(data), 2);
    ck_assert_str_eq(tps_runtime_data_run_key(data, 1), RUN);
    ck_assert_uint_eq(tps_runtime_data_n_testcases(data, "A"), 2);
    found = tps_runtime_data_testcase(data, "A", 0);
    ck_assert(found.skipped && found.n_samples == 0 && found.seen == 1);
    found = tps_runtime_data_testcase(data, "A", 1);
    ck_assert(!found.skipped && found.n_samples == 1 && found.samples[0].us == 7);
}
END_TEST

/* Only ever skipped: what was measured once, or once failed, is not. */
START_TEST(skipped_is_only_ever_skipped)
{
    g_autoptr(TpsRuntimeData) measured =
        data_of(CASE("\"last\": {\"" RUN "\": 1}, \"skipped\": true"));
    g_autoptr(TpsRuntimeData) failed = tps_runtime_data_new_run(RUN);
    g_autoptr(TpsRuntimeData) skipped = tps_runtime_data_new_run("20261122T113243-3f2a9c1c");

    ck_assert(!tps_runtime_data_testcase(measured, "A", 0).skipped);
    tps_runtime_data_add_testcase(failed, "A", "x", TPS_RUNTIME_UNKNOWN, false);
    tps_runtime_data_add_testcase(skipped, "A", "x", TPS_RUNTIME_UNKNOWN, true);
    tps_runtime_data_merge(failed, skipped);
    ck_assert(!tps_runtime_data_testcase(failed, "A", 0).skipped);
    ck_assert_uint_eq(tps_runtime_data_testcase(failed, "A", 0).seen, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("data");
    TCase *tcase = tcase_create("data");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, recognises, 0, G_N_ELEMENTS(forms));
    tcase_add_loop_test(tcase, half_a_file_is_refused, 0, G_N_ELEMENTS(forms));
    tcase_add_loop_test(tcase, refuses, 0, G_N_ELEMENTS(refused));
    tcase_add_test(tcase, a_missing_file_is_refused);
    tcase_add_test(tcase, a_bad_file_changes_nothing);
    tcase_add_test(tcase, files_are_united_in_any_order);
    tcase_add_test(tcase, a_suite_owns_its_times_before_the_others);
    tcase_add_test(tcase, few_samples_are_kept);
    tcase_add_test(tcase, few_undated_samples_are_kept);
    tcase_add_test(tcase, few_runs_are_kept);
    tcase_add_test(tcase, few_undated_parts_are_kept);
    tcase_add_test(tcase, strange_keys_are_kept);
    tcase_add_test(tcase, an_abyss_is_refused);
    tcase_add_test(tcase, a_hundred_thousand_testcases);
    tcase_add_test(tcase, a_hundred_thousand_suites);
    tcase_add_test(tcase, halves_add_up_and_runs_do_not);
    tcase_add_test(tcase, a_run_adds_what_it_measured);
    tcase_add_test(tcase, skipped_is_only_ever_skipped);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
