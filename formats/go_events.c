/* SPDX-License-Identifier: MIT */
#include "formats/go_events.h"

#include <string.h>

/* Of what a test or package prints; the rest is only counted. */
#define OUTPUT_MAX ((size_t)1024 * 1024)

typedef struct {
    GString *bytes;
    size_t n_cut;
} Output;

typedef struct Package Package;

/* A test while its events come. */
typedef struct {
    char *name;
    Output output;
    gpointer begun;
    char *seconds;        /* of a mark in some output, or NULL           */
    TpsGoOutcome outcome; /* likewise                                    */
    bool marked;          /* its marks are not left out                  */
    bool said;            /* a mark in some output says what became of it */
    GList link;           /* in the package's list of those that run      */
} Test;

struct Package {
    char *name;        /* or NULL                                         */
    GHashTable *tests; /* name, borrowed -> Test: those that run; or NULL */
    GQueue running;    /* of Test, in the order they began                */
    GHashTable *over;  /* a set of the names of those that ended, or NULL  */
    Output output;
    char *started;
    char *ended;
    guint n_bad;
    GList link;
};

struct TpsGo {
    const TpsGoHandler *handler;
    void *user;
    GHashTable *packages; /* name, "" for none, borrowed -> Package: those that run */
    GQueue running;       /* of Package, in the order they began                     */
};

/* Output */

static void output_add(Output *output, const char *text)
{
    size_t length = strlen(text);
    size_t room;

    if (!output->bytes)
        output->bytes = g_string_new(NULL);
    room = OUTPUT_MAX - MIN(OUTPUT_MAX, output->bytes->len);
    g_string_append_len(output->bytes, text, (gssize)MIN(length, room));
    output->n_cut += length - MIN(length, room);
}

static const GString *output_of(Output *output)
{
    output_add(output, "");
    if (output->n_cut > 0)
        g_string_append_printf(output->bytes, "\n[... %zu bytes cut ...]\n", output->n_cut);
    output->n_cut = 0;
    return output->bytes;
}

static void output_clear(Output *output)
{
    if (output->bytes)
        g_string_free(output->bytes, TRUE);
}

/* Tests and packages */

static void test_free(gpointer data)
{
    Test *test = data;

    g_free(test->name);
    g_free(test->seconds);
    output_clear(&test->output);
    g_free(test);
}

static void package_free(gpointer data)
{
    Package *package = data;

    g_clear_pointer(&package->tests, g_hash_table_unref);
    g_clear_pointer(&package->over, g_hash_table_unref);
    g_free(package->name);
    output_clear(&package->output);
    g_free(package->started);
    g_free(package->ended);
    g_free(package);
}

TpsGo *tps_go_new(const TpsGoHandler *handler, void *user)
{
    TpsGo *go = g_new0(TpsGo, 1);

    go->handler = handler;
    go->user = user;
    go->packages = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, package_free);
    return go;
}

void tps_go_free(TpsGo *go)
{
    if (!go)
        return;
    g_hash_table_unref(go->packages);
    g_free(go);
}

static const char *key_of(const Package *package)
{
    return package->name ? package->name : "";
}

static Package *package_of(TpsGo *go, const char *name)
{
    Package *package = g_hash_table_lookup(go->packages, name ? name : "");

    if (package)
        return package;
    package = g_new0(Package, 1);
    package->name = g_strdup(name);
    package->link.data = package;
    g_queue_push_tail_link(&go->running, &package->link);
    g_hash_table_insert(go->packages, (gpointer)key_of(package), package);
    return package;
}

static Test *find_test(const Package *package, const char *name)
{
    return package->tests ? g_hash_table_lookup(package->tests, name) : NULL;
}

static bool is_over(const Package *package, const char *name)
{
    return package->over && g_hash_table_contains(package->over, name);
}

static Test *test_begin(TpsGo *go, Package *package, const char *name)
{
    Test *test = g_new0(Test, 1);

    test->name = g_strdup(name);
    test->link.data = test;
    g_queue_push_tail_link(&package->running, &test->link);
    if (!package->tests)
        package->tests = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, test_free);
    g_hash_table_insert(package->tests, test->name, test);
    if (go->handler->began)
        test->begun = go->handler->began(package->name, name, go->user);
    return test;
}

static bool test_end(TpsGo *go, Package *package, Test *test, TpsGoOutcome outcome,
                     const char *seconds, GError **error)
{
    const TpsGoTest said = {.package = package->name,
                            .name = test->name,
                            .outcome = outcome,
                            .seconds = seconds,
                            .output = output_of(&test->output),
                            .last_words = output_of(&package->output)};
    bool ok = go->handler->ended(&said, test->begun, go->user, error);

    package->n_bad += outcome == TPS_GO_FAILED || outcome == TPS_GO_NEVER_ENDED;
    if (!package->over)
        package->over = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(package->over, g_strdup(test->name));
    g_queue_unlink(&package->running, &test->link);
    g_hash_table_remove(package->tests, test->name);
    return ok;
}

/* Its own last word counts where a mark says it; else it died with its package. */
static bool end_running(TpsGo *go, Package *package, GError **error)
{
    while (package->running.head) {
        Test *test = package->running.head->data;

        if (!test_end(go, package, test, test->said ? test->outcome : TPS_GO_NEVER_ENDED,
                      test->seconds, error))
            return false;
    }
    return true;
}

static bool package_end(TpsGo *go, Package *package, TpsGoOutcome outcome, GError **error)
{
    TpsGoPackage said = {.name = package->name, .outcome = outcome, .started = package->started};
    bool ok = end_running(go, package, error);

    said.ended = package->ended;
    said.output = output_of(&package->output);
    said.n_bad = package->n_bad;
    ok = ok && (!go->handler->package || go->handler->package(&said, go->user, error));
    g_queue_unlink(&go->running, &package->link);
    g_hash_table_remove(go->packages, key_of(package));
    return ok;
}

/* Marks */

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

static bool outcome_parse(const char *action, TpsGoOutcome *outcome)
{
    static const struct {
        const char *action;
        TpsGoOutcome outcome;
    } outcomes[] = {{"pass", TPS_GO_PASSED},
                    {"bench", TPS_GO_PASSED},
                    {"fail", TPS_GO_FAILED},
                    {"skip", TPS_GO_SKIPPED}};

    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++)
        if (strcmp(action, outcomes[i].action) == 0) {
            *outcome = outcomes[i].outcome;
            return true;
        }
    return false;
}

/* The test a mark is about; a subtest may be unknown where the mark of its beginning was lost. */
static Test *test_of_mark(TpsGo *go, Package *package, const char *name)
{
    g_autofree char *parent = g_strndup(name, strcspn(name, "/"));
    Test *test = find_test(package, name);

    if (test || is_over(package, name))
        return test;
    if (!find_test(package, parent) && !is_over(package, parent))
        return NULL;
    return test_begin(go, package, name);
}

/*
 * "hello--- PASS: TestA (0.25s)": before Go 1.20 a test that prints no line end has its mark behind
 * its own text. test2json makes no event of it, and takes later marks for that test's output.
 */
static void take_mark(TpsGo *go, Package *package, const char *output)
{
    const char *mark = g_strrstr(output, "--- ");
    const char *time = mark ? g_strrstr(mark, " (") : NULL;
    g_autofree char *action = mark ? g_ascii_strdown(mark + 4, 4) : NULL;
    g_autofree char *name = NULL;
    TpsGoOutcome outcome;
    Test *test;

    if (!action || !outcome_parse(action, &outcome) || !g_str_has_prefix(mark + 8, ": ") || !time ||
        time < mark + 10 || !g_str_has_suffix(time, "s)\n"))
        return;
    name = g_strndup(mark + 10, (gsize)(time - mark - 10));
    test = test_of_mark(go, package, name);
    if (!test)
        return;
    test->said = true;
    test->outcome = outcome;
    g_free(test->seconds);
    test->seconds = g_strndup(time + 2, strcspn(time + 2, "s"));
}

static void take_output(TpsGo *go, Package *package, Test *test, const char *output)
{
    take_mark(go, package, output);
    test->marked |= g_str_has_prefix(output, "=== RUN ");
    if (!is_mark(output))
        output_add(&test->output, output);
}

/*
 * Before Go 1.20 test2json takes the end of a process that died for that of the test that was
 * running. A test that failed says so itself.
 */
static bool is_made_up(const Test *test, TpsGoOutcome outcome)
{
    return test->marked && !test->said && outcome == TPS_GO_FAILED;
}

/*
 * With -count a test runs again under its name. What comes late of one that ended is the package's;
 * but that it failed is not left out.
 */
static Test *test_of(TpsGo *go, Package *package, const TpsGoEvent *event)
{
    Test *test = find_test(package, event->test);
    TpsGoOutcome outcome;

    if (test)
        return test;
    if (!is_over(package, event->test) || strcmp(event->action, "run") == 0 ||
        (outcome_parse(event->action, &outcome) && outcome == TPS_GO_FAILED))
        return test_begin(go, package, event->test);
    return NULL;
}

static void take_time(Package *package, const TpsGoEvent *event)
{
    if (!event->time)
        return;
    if (!package->started)
        package->started = g_strdup(event->time);
    g_free(package->ended);
    package->ended = g_strdup(event->time);
}

bool tps_go_take(TpsGo *go, const TpsGoEvent *event, GError **error)
{
    Package *package;
    TpsGoOutcome outcome;
    Test *test;
    bool ends;

    if (!event->action)
        return true;
    package = package_of(go, event->package);
    take_time(package, event);
    test = event->test ? test_of(go, package, event) : NULL;
    if (event->output && test)
        take_output(go, package, test, event->output);
    else if (event->output)
        output_add(&package->output, event->output);
    ends = outcome_parse(event->action, &outcome);
    if (!event->test)
        return !ends || package_end(go, package, outcome, error);
    if (!test || !ends || is_made_up(test, outcome))
        return true;
    return test_end(go, package, test, outcome, event->seconds ? event->seconds : test->seconds,
                    error);
}

bool tps_go_finish(TpsGo *go, GError **error)
{
    while (go->running.head)
        if (!package_end(go, go->running.head->data, TPS_GO_NEVER_ENDED, error))
            return false;
    return true;
}
