/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/json.h"
#include "tests/adapters/samples.h"
#include "tests/scratch.h"
#include "tests/unit.h"

/* What a definition alone makes of a framework, from end to end; tests/adapters/fake_framework.sh.
 */

static const char *const names[] = {
    "plain", "with blank", "a\"b", "it's",  "[x]",        "(p)",
    "a,b",   "a:b",        "a\nb", "\n",    "$(touch x)", "`touch x`",
    "*",     "?",          "\\",   "a\\",   "\\n",        "-leading",
    "--",    "-",          " ",    "#",     "%41",        "%",
    "&amp;", "<x>",        "{id}", "{{",    "a|b",        "tab\there",
    "=",     "null",       "~",    "a;b&c", "a'b'\"c",    "\xC3\xBCn\xC3\xAF \xE2\x98\x83",
    "</t>",  "> x",        "]]>",  "!x",    "a\\:b",      "10 kB",
};

/* The last one is long. */
static char *name_at(guint i)
{
    return i + 1 == G_N_ELEMENTS(names) ? g_strnfill(10000, 'x') : g_strdup(names[i]);
}

/* How each way of selecting is defined; it is the first argument of the script. */
static const struct {
    const char *way;
    const char *run;
} ways[] = {
    {"arguments", "select: {into: arguments, arguments: ['--', '{selection}']}"},
    {"always", "select: {into: arguments, always: true, arguments: ['{selection}']}"},
    {"escaped", "select: {into: argument, escape: '\\:', between: ':', arguments: '{selection}'}"},
    {"option", "select: {into: argument, escape: percent, between: ',', "
               "arguments: '--only={selection}'}"},
    {"lines", "select: {into: file, escape: percent, between: \"\\n\", after: \"\\n\", "
              "arguments: ['{selection}']}"},
    {"xml", "select: {into: file, escape: xml, before: <t>, between: \"</t>\\n<t>\", "
            "after: \"</t>\\n\", arguments: ['{selection}']}"},
    {"input", "select: {into: input, escape: percent, between: \"\\n\", after: \"\\n\"}"},
    {"environment", "select: {into: environment, name: ONLY, escape: '\\|', between: '|'}"},
    {"json", "select: {into: json-lines, environment: {ONLY: '{selection}'}}"},
    {"alone", "select: {environment: {ONLY: '{selector}'}}"},
};

static const char *const processes[] = {"one", "class", "file", "where", "testcase"};

#define LIST                                                                                       \
    "list:\n"                                                                                      \
    "  command: [bash, '{support}/fake.sh', list]\n"                                               \
    "  reader: json-lines\n"

static void define(const char *name, const char *way, const char *run, const char *key)
{
    g_autofree char *file = g_strdup_printf("%s.yaml", name);
    g_autofree char *text =
        g_strdup_printf("summary: made up\nfiles: [fake.sh]\n" LIST "run:\n"
                        "  command: [bash, '{support}/fake.sh', %s]\n  processes: %s\n  %s\n"
                        "report: {reader: journal}\n",
                        way, key, run);
    g_autofree char *script = NULL;

    scratch_put(file, text);
    ck_assert(g_file_get_contents("tests/adapters/fake_framework.sh", &script, NULL, NULL));
    scratch_put("fake.sh", script);
    tps_frameworks_set_project(scratch_dir);
}

static void add_line(GString *listing, const char *id, guint i)
{
    g_autoptr(cJSON) object = cJSON_CreateObject();
    g_autofree char *file = g_strdup_printf("f%u", i % 7);
    g_autofree char *class = g_strdup_printf("c%u", i % 5);
    g_autofree char *where = g_strdup_printf("w%u", i % 2);
    char *line;

    cJSON_AddStringToObject(object, "id", id);
    cJSON_AddStringToObject(object, "file", file);
    cJSON_AddStringToObject(object, "class", class);
    cJSON_AddStringToObject(object, "where", where);
    line = cJSON_PrintUnformatted(object);
    g_string_append_printf(listing, "%s\n", line);
    cJSON_free(line);
}

/* Its files are beside the definition; the variables that name them are the suite's. */
static TpsSuite *make_suite(const char *framework)
{
    TpsSuite *suite = sample_suite(framework, scratch_dir, NULL, NULL);
    g_autoptr(GString) listing = g_string_new(NULL);
    g_autoptr(GString) all = g_string_new(NULL);
    g_autoptr(GStrvBuilder) env = g_strv_builder_new();
    static const char *const files[] = {"NAMES", "LISTING", "RAN"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = name_at(i);

        add_line(listing, name, i);
        g_string_append_len(all, name, (gssize)strlen(name) + 1);
    }
    g_free(scratch_write("NAMES", all->str, all->len));
    g_free(scratch_write("LISTING", listing->str, listing->len));
    scratch_put("RAN", "");
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *entry = g_strdup_printf("%s=%s/%s", files[i], scratch_dir, files[i]);

        g_strv_builder_add(env, entry);
    }
    g_strfreev(suite->env);
    suite->env = g_strv_builder_end(env);
    return suite;
}

/* Exactly those, each once, whatever the order. */
static void assert_ran(const GPtrArray *testcases)
{
    g_autofree char *path = scratch_path("RAN");
    g_autofree char *ran = NULL;
    g_autoptr(GHashTable) left = g_hash_table_new(g_str_hash, g_str_equal);
    gsize length;

    ck_assert(g_file_get_contents(path, &ran, &length, NULL));
    for (guint i = 0; i < testcases->len; i++)
        g_hash_table_add(left, testcase_at(testcases, i)->id);
    for (const char *name = ran; name < ran + length; name += strlen(name) + 1)
        ck_assert_msg(g_hash_table_remove(left, name), "'%s' ran twice, or is not selected", name);
    ck_assert_uint_eq(g_hash_table_size(left), 0);
}

static void assert_all_passed(const TpsFrameworkReport *report, const GPtrArray *testcases)
{
    assert_no_problem(report);
    ck_assert_uint_eq(report->results->len, testcases->len);
    for (guint i = 0; i < testcases->len; i++)
        assert_outcome(report, testcase_at(testcases, i)->id, TPS_OUTCOME_PASSED);
}

static void run_one(const char *framework, bool all)
{
    g_autoptr(TpsSuite) suite = make_suite(framework);
    g_autoptr(GPtrArray) testcases = sample_list_ok(suite);
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    g_autoptr(TpsFrameworkReport) report = NULL;
    g_autofree char *touched = scratch_path("x");

    ck_assert_uint_eq(testcases->len, G_N_ELEMENTS(names));
    for (guint i = 0; i < testcases->len; i++) {
        g_autofree char *name = name_at(i);

        ck_assert_str_eq(testcase_at(testcases, i)->id, name);
        if (all || i % 3 != 1)
            g_ptr_array_add(chosen, g_ptr_array_index(testcases, i));
    }
    report = sample_run(suite, chosen, all, 0);
    assert_all_passed(report, chosen);
    assert_ran(chosen);
    ck_assert(!g_file_test(touched, G_FILE_TEST_EXISTS));
}

/* Without a filter, a process per key could only run everything: that is a way of its own. */
static bool says_keys(const char *way)
{
    return strcmp(way, "always") == 0;
}

START_TEST(runs_exactly_what_is_selected)
{
    guint way = (guint)_i / G_N_ELEMENTS(processes);
    const char *key = processes[(guint)_i % G_N_ELEMENTS(processes)];

    if (strcmp(ways[way].way, "alone") == 0)
        key = "testcase";
    define("made", ways[way].way, ways[way].run, key);
    run_one("made", false);
}
END_TEST

START_TEST(runs_everything)
{
    g_autofree char *run = g_strconcat(ways[_i].run, "\n  all_in_one: true", NULL);

    define("made", ways[_i].way, says_keys(ways[_i].way) ? ways[_i].run : run, "one");
    run_one("made", true);
}
END_TEST

START_TEST(most_are_cut)
{
    define("made", "lines",
           "select: {into: file, escape: percent, between: \"\\n\", after: \"\\n\", most: 4, "
           "arguments: ['{selection}']}",
           "one");
    run_one("made", false);
}
END_TEST

/* What processes leave in the place of a report. */

static const struct {
    const char *script; /* of $1, where the report is expected */
    const char *problem;
} reports[] = {
    {":", "no report was written (exit status 0)"},
    {"mkfifo \"$1\"", "it is not a regular file"},
    {"ln -s /dev/zero \"$1\"", "it is not a regular file"},
    {"ln -s \"$1\" \"$1\"", "no report was written"},
    {"mkdir \"$1\"", "no report was written"},
    {"mkdir \"$1\"; mkdir \"$1/a\"; : >\"$1/.hidden\"", "no report was written"},
    {"mkdir \"$1\"; mkfifo \"$1/a.xml\"", "it is not a regular file"},
    {"truncate -s 2G \"$1\"", "it is larger than 1 GiB"},
    {"truncate -s 8M \"$1\"", "the report is damaged: "},
    {"head -c 100000 /dev/urandom >\"$1\"", "the report is damaged: "},
    {"echo '<testsuites><testsuite><testcase name=\"a\"/>' >\"$1\"", "the report is damaged: "},
    {"ln -s /etc/passwd \"$1\"", "the report is damaged: "},
};

static TpsFrameworkReport *run_script(const char *script)
{
    const char *argv[] = {"sh", "-c", script, "sh", NULL};
    g_autoptr(TpsSuite) suite = sample_suite("made", scratch_dir, NULL, argv);
    g_autoptr(GPtrArray) testcases = tps_testcases_new();

    scratch_put("made.yaml", "summary: s\nrun: {command: ['{program}', '{report}', '{id}']}\n"
                             "report: {from: '{report}', reader: junit, id: '{name}'}\n");
    tps_frameworks_set_project(scratch_dir);
    g_ptr_array_add(testcases, tps_testcase_new("a"));
    return sample_run(suite, testcases, true, 20 * TPS_SECOND_US);
}

START_TEST(odd_reports_are_problems)
{
    g_autoptr(TpsFrameworkReport) report = run_script(reports[_i].script);

    ck_assert_uint_ge(report->problems->len, 1);
    ck_assert_msg(strstr(g_ptr_array_index(report->problems, 0), reports[_i].problem) != NULL, "%s",
                  (char *)g_ptr_array_index(report->problems, 0));
}
END_TEST

START_TEST(a_directory_is_read_by_name)
{
    g_autoptr(TpsFrameworkReport) report =
        run_script("mkdir \"$1\"; for i in b a; do echo '<testsuite><testcase name=\"a\" "
                   "time=\"1\"/></testsuite>' >\"$1/$i.xml\"; done; mkdir \"$1/sub\"");

    assert_no_problem(report);
    ck_assert_uint_eq(report->results->len, 1);
    assert_outcome(report, "a", TPS_OUTCOME_PASSED);
}
END_TEST

/* What a process prints as its report, of the one testcase "a", which has no file. */
static const struct {
    const char *report;
    const char *printed;
    const char *said; /* ids, then problems */
} prints[] = {
    {"id: '{id}'", "{\"id\":\"a\",\"outcome\":\"passed\"}", "a"},
    /* Not selected: as skipped it is no news. What ran all the same is for the planner to judge. */
    {"id: '{id}', deselected: skipped",
     "{\"id\":\"b\",\"outcome\":\"skipped\"} {\"id\":\"a\",\"outcome\":\"skipped\"}", "a"},
    {"id: '{id}', deselected: skipped",
     "{\"id\":\"b\",\"outcome\":\"passed\"} {\"id\":\"c\",\"outcome\":\"failed\"}", "b c"},
    {"id: '{id}', case: '{case}', deselected: skipped",
     "{\"id\":\"b\",\"case\":\"x\",\"outcome\":\"skipped\"} "
     "{\"id\":\"a\",\"case\":\"x\",\"outcome\":\"skipped\"}",
     "a"},
    {"id: '{id}'", "{\"id\":\"b\",\"outcome\":\"skipped\"}", "b"},
    {"id: '{process.id}'", "{\"process\":{\"id\":\"b\"},\"outcome\":\"passed\"}", "a"},
    {"id: '{process.file}'", "{\"process\":{\"file\":\"b\"},\"outcome\":\"passed\"}",
     "it reports '', which is no testcase: no reason"},
    {"id: '{id}'", "{\"id\":\"a\",\"outcome\":\"passed\"} {\"id\":\"b",
     "a the report is damaged: its last line is torn"},
};

START_TEST(what_is_printed_is_judged)
{
    g_autofree char *script =
        g_strdup_printf("printf '%%s\\n' '%s' | tr ' ' '\\n' | head -c -1", prints[_i].printed);
    g_autofree char *text =
        g_strdup_printf("summary: s\nrun: {command: ['{program}', '{id}']}\n"
                        "report: {reader: json-lines, outcome: '{outcome}', %s}\n",
                        prints[_i].report);
    const char *argv[] = {"sh", "-c", script, "sh", NULL};
    g_autoptr(TpsSuite) suite = sample_suite("made", scratch_dir, NULL, argv);
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    g_autoptr(TpsFrameworkReport) report = NULL;
    g_autoptr(GString) said = g_string_new(NULL);

    scratch_put("made.yaml", text);
    tps_frameworks_set_project(scratch_dir);
    g_ptr_array_add(testcases, tps_testcase_new("a"));
    report = sample_run(suite, testcases, false, 0);
    for (guint i = 0; i < report->results->len; i++)
        g_string_append_printf(said, "%s%s", said->len ? " " : "",
                               ((TpsResult *)report->results->pdata[i])->id);
    for (guint i = 0; i < report->problems->len; i++)
        g_string_append_printf(said, "%s%s", said->len ? " " : "",
                               (char *)report->problems->pdata[i]);
    ck_assert_str_eq(said->str, prints[_i].said);
}
END_TEST

/* A process that writes nothing must not be credited with what one before it wrote. */
START_TEST(nothing_of_an_earlier_process_is_read)
{
    static const char *const left[] = {"report", "journal", "listing", "selection"};
    g_autoptr(TpsSuite) suite = sample_suite("made", scratch_dir, "x", NULL);
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    g_autoptr(GPtrArray) invocations = NULL;

    scratch_put("made.yaml", "summary: s\nrun: {command: ['true', '{id}']}\n"
                             "report: {from: '{dir}/own/out.xml', reader: junit, id: '{name}'}\n");
    tps_frameworks_set_project(scratch_dir);
    for (size_t i = 0; i < G_N_ELEMENTS(left); i++) {
        g_autofree char *path = scratch_path(left[i]);

        if (i % 2)
            ck_assert_int_eq(g_mkdir(path, 0700), 0);
        else
            scratch_put(left[i], "old");
    }
    {
        g_autofree char *own = scratch_path("own");

        ck_assert_int_eq(g_mkdir(own, 0700), 0);
        scratch_put("own/out.xml", "<testsuite><testcase name='a'/></testsuite>");
    }
    g_ptr_array_add(testcases, tps_testcase_new("a"));
    invocations = tps_framework_select(suite, testcases, false, scratch_dir, NULL);
    ck_assert_ptr_nonnull(invocations);
    for (size_t i = 0; i < G_N_ELEMENTS(left); i++) {
        g_autofree char *path = scratch_path(left[i]);

        ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
    }
    ck_assert(
        !g_file_test(((TpsInvocation *)invocations->pdata[0])->report_path, G_FILE_TEST_EXISTS));
}
END_TEST

static const struct {
    const char *run;
    const char *message;
} places[] = {
    {"run: {command: x, directory: 'none/{id}'}\n", "there is no directory '"},
    {"run: {command: '{path}'}\n", "there is nothing to run: 'path' or 'command' must say what"},
    {"run: {command: [x, '{cache}']}\n", "can't be written: "},
    {"files: [missing.sh]\nrun: {command: x}\n", "missing.sh"},
};

START_TEST(what_is_missing_is_said)
{
    g_autofree char *text =
        g_strconcat("summary: s\nreport: {reader: journal}\n", places[_i].run, NULL);
    g_autoptr(TpsSuite) suite = sample_suite("made", scratch_dir, NULL, NULL);
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    g_autofree char *dir = scratch_path("files");
    GError *error = NULL;

    g_setenv("XDG_CACHE_HOME", "/dev/null/x", true);
    scratch_put("made.yaml", text);
    tps_frameworks_set_project(scratch_dir);
    g_ptr_array_add(testcases, tps_testcase_new("a"));
    ck_assert_ptr_null(tps_framework_select(suite, testcases, false, dir, &error));
    ck_assert_msg(strstr(error->message, places[_i].message) != NULL, "%s", error->message);
    g_clear_error(&error);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("framework data");
    TCase *tcase = tcase_create("framework data");
    const int n_ways = G_N_ELEMENTS(ways);

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, runs_exactly_what_is_selected, 0,
                        n_ways * (int)G_N_ELEMENTS(processes));
    tcase_add_loop_test(tcase, runs_everything, 0, n_ways);
    tcase_add_test(tcase, most_are_cut);
    tcase_add_loop_test(tcase, odd_reports_are_problems, 0, G_N_ELEMENTS(reports));
    tcase_add_test(tcase, a_directory_is_read_by_name);
    tcase_add_loop_test(tcase, what_is_printed_is_judged, 0, G_N_ELEMENTS(prints));
    tcase_add_test(tcase, nothing_of_an_earlier_process_is_read);
    tcase_add_loop_test(tcase, what_is_missing_is_said, 0, G_N_ELEMENTS(places));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
