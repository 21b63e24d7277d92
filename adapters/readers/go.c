/* SPDX-License-Identifier: MIT */
#include "adapters/readers/readers.h"
#include "adapters/readers/readers_internal.h"

#include <string.h>

/* A test while its events come. */
typedef struct {
    GHashTable *record; /* borrowed */
    GString *output;
    char *package; /* or NULL                                                  */
    bool marked;   /* its marks are not left out                   */
    bool said;     /* a mark in some output says what became of it */
    bool ended;
} Test;

typedef struct {
    GHashTable *tests;    /* name with its package -> Test, borrowed: the last one of that name */
    GPtrArray *in_order;  /* of Test, owned                                                     */
    GHashTable *packages; /* name -> GString, what it printed beside its tests                  */
    GPtrArray *records;
} Go;

typedef struct {
    const char *action;
    const char *package; /* or NULL */
    const char *test;    /* or NULL */
    const char *output;  /* or NULL */
    const cJSON *elapsed;
} Event;

static void test_free(gpointer data)
{
    Test *test = data;

    g_string_free(test->output, TRUE);
    g_free(test->package);
    g_free(test);
}

static void text_free(gpointer text)
{
    g_string_free(text, TRUE);
}

static void go_clear(Go *go)
{
    g_hash_table_unref(go->tests);
    g_ptr_array_unref(go->in_order);
    g_hash_table_unref(go->packages);
    g_ptr_array_unref(go->records);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Go, go_clear)

static const char *string_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* "TestA/b/c" is case "b/c" of TestA. */
static GHashTable *new_record(const Event *event)
{
    GHashTable *record = tps_record_new();
    const char *slash = strchrnul(event->test, '/');

    tps_record_set(record, "test", event->test);
    tps_record_set_bytes(record, "parent", event->test, (size_t)(slash - event->test));
    if (*slash)
        tps_record_set(record, "case", slash + 1);
    if (event->package)
        tps_record_set(record, "package", event->package);
    return record;
}

static Test *add_test(Go *go, const Event *event, char *key)
{
    Test *test = g_new0(Test, 1);

    test->record = new_record(event);
    test->output = g_string_new(NULL);
    test->package = g_strdup(event->package);
    g_ptr_array_add(go->in_order, test);
    g_ptr_array_add(go->records, test->record);
    g_hash_table_replace(go->tests, key, test);
    return test;
}

/* With -count a test runs again under its name. No package's name holds a line feed. */
static Test *test_of(Go *go, const Event *event)
{
    g_autofree char *key =
        g_strconcat(event->package ? event->package : "", "\n", event->test, NULL);
    Test *test = g_hash_table_lookup(go->tests, key);

    if (!test || (test->ended && strcmp(event->action, "run") == 0))
        test = add_test(go, event, g_steal_pointer(&key));
    return test;
}

static GString *output_of_package(Go *go, const char *package)
{
    const char *name = package ? package : "";
    GString *output = g_hash_table_lookup(go->packages, name);

    if (!output) {
        output = g_string_new(NULL);
        g_hash_table_insert(go->packages, g_strdup(name), output);
    }
    return output;
}

/* "=== RUN   TestA", "    --- FAIL: TestA/b (0.00s)" */
static bool is_mark(const char *line)
{
    static const char *const marks[] = {"=== RUN ",   "=== PAUSE ", "=== CONT ",  "=== NAME ",
                                        "--- PASS: ", "--- FAIL: ", "--- SKIP: ", "--- BENCH: "};

    line += strspn(line, " ");
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        if (g_str_has_prefix(line, marks[i]))
            return true;
    return false;
}

static const char *outcome_of(const char *action)
{
    static const char *const outcomes[][2] = {
        {"pass", "passed"}, {"bench", "passed"}, {"fail", "failed"}, {"skip", "skipped"}};

    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++)
        if (strcmp(action, outcomes[i][0]) == 0)
            return outcomes[i][1];
    return NULL;
}

static void end_test(Test *test, const Event *event, const char *outcome)
{
    GRefString *seconds = tps_json_value(event->elapsed);

    test->ended = true;
    tps_record_set(test->record, "outcome", outcome);
    if (!seconds)
        return;
    tps_record_share(test->record, "seconds", seconds);
    g_ref_string_release(seconds);
}

/* The test a mark is about; a subtest may be unknown where the mark of its beginning was lost. */
static Test *test_of_mark(Go *go, const char *package, const char *name)
{
    g_autofree char *parent = g_strndup(name, strcspn(name, "/"));
    const Event event = {.action = "", .package = package, .test = name};
    g_autofree char *key = g_strconcat(package ? package : "", "\n", parent, NULL);

    return g_hash_table_contains(go->tests, key) ? test_of(go, &event) : NULL;
}

/*
 * "hello--- PASS: TestA (0.25s)": before Go 1.20 a test that prints no line end has its mark behind
 * its own text. test2json makes no event of it, and takes later marks for that test's output.
 */
static void take_mark(Go *go, const Event *event)
{
    const char *mark = g_strrstr(event->output, "--- ");
    const char *time = mark ? g_strrstr(mark, " (") : NULL;
    g_autofree char *action = mark ? g_ascii_strdown(mark + 4, 4) : NULL;
    const char *outcome = action ? outcome_of(action) : NULL;
    g_autofree char *name = NULL;
    Test *test;

    if (!outcome || !g_str_has_prefix(mark + 8, ": ") || !time || time < mark + 10 ||
        !g_str_has_suffix(time, "s)\n"))
        return;
    name = g_strndup(mark + 10, (gsize)(time - mark - 10));
    test = test_of_mark(go, event->package, name);
    if (!test || test->ended)
        return;
    test->said = true;
    tps_record_set(test->record, "outcome", outcome);
    tps_record_set_bytes(test->record, "seconds", time + 2, strcspn(time + 2, "s"));
}

static void take_output(Go *go, Test *test, const Event *event)
{
    take_mark(go, event);
    test->marked |= g_str_has_prefix(event->output, "=== RUN ");
    if (!is_mark(event->output))
        g_string_append(test->output, event->output);
}

/*
 * Before Go 1.20 test2json takes the end of a process that died for that of the test that was
 * running. A test that failed says so itself.
 */
static bool is_made_up(const Test *test, const char *outcome)
{
    return test->marked && !test->said && strcmp(outcome, "failed") == 0;
}

static void take_package_output(Go *go, const Event *event)
{
    GString *output = output_of_package(go, event->package);

    g_string_append(output, event->output);
}

static void take_event(Go *go, const Event *event)
{
    const char *outcome = event->action ? outcome_of(event->action) : NULL;
    Test *test = event->action && event->test ? test_of(go, event) : NULL;

    if (event->output && !test)
        take_package_output(go, event);
    else if (event->output)
        take_output(go, test, event);
    if (test && outcome && !is_made_up(test, outcome))
        end_test(test, event, outcome);
}

static void take_line(const cJSON *object, void *go)
{
    const Event event = {.action = string_of(object, "Action"),
                         .package = string_of(object, "Package"),
                         .test = string_of(object, "Test"),
                         .output = string_of(object, "Output"),
                         .elapsed = cJSON_GetObjectItemCaseSensitive(object, "Elapsed")};

    take_event(go, &event);
}

/* What a package printed is made a value once, for all of its tests that never ended. */
static GRefString *last_words(Go *go, GHashTable *values, const char *package)
{
    const char *name = package ? package : "";
    GRefString *value = g_hash_table_lookup(values, name);

    if (!value) {
        value = g_ref_string_new(output_of_package(go, package)->str);
        g_hash_table_insert(values, g_strdup(name), value);
    }
    return value;
}

static void release(gpointer value)
{
    g_ref_string_release(value);
}

static void finish(Go *go)
{
    g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, release);

    for (guint i = 0; i < go->in_order->len; i++) {
        Test *test = g_ptr_array_index(go->in_order, i);

        if (test->output->len > 0)
            tps_record_set(test->record, "output", test->output->str);
        if (test->ended || test->said)
            continue;
        tps_record_set(test->record, "outcome", "error");
        tps_record_share(test->record, "text", last_words(go, values, test->package));
    }
}

GPtrArray *tps_records_from_go(const char *text, size_t length, GError **error)
{
    g_auto(Go) go = {
        .tests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .in_order = g_ptr_array_new_with_free_func(test_free),
        .packages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, text_free),
        .records = tps_records_new(),
    };
    bool torn; /* by a process that was killed: its test never ended */

    if (!tps_json_read_lines(text, length, take_line, &go, &torn, error))
        return NULL;
    finish(&go);
    return g_ptr_array_ref(go.records);
}
