/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/go_events.h"
#include "formats/json_stream.h"
#include "formats/junit_internal.h"
#include "formats/lines.h"
#include "formats/loose/loose_internal.h"

#include <string.h>

/* The testcase that stands for a package itself. */
#define PACKAGE_CASE "<package>"

#define MESSAGE_MAX 500

/* Of the lines beside events, which Go's builder printed. */
#define BESIDE_MAX ((size_t)256 * 1024)

/* What of an event is read. */
enum {
    MEMBER_ACTION,
    MEMBER_PACKAGE,
    MEMBER_TEST,
    MEMBER_OUTPUT,
    MEMBER_SECONDS,
    MEMBER_TIME,
    MEMBER_IMPORT_PATH,
    N_MEMBERS,
};

static const char *const members[N_MEMBERS] = {
    [MEMBER_ACTION] = "Action",          [MEMBER_PACKAGE] = "Package", [MEMBER_TEST] = "Test",
    [MEMBER_OUTPUT] = "Output",          [MEMBER_SECONDS] = "Elapsed", [MEMBER_TIME] = "Time",
    [MEMBER_IMPORT_PATH] = "ImportPath",
};

typedef struct {
    TpsLooseOut *out;
    TpsLines lines;
    TpsJsonStream *json;
    guint depth; /* in the event at hand                               */
    int member;  /* of which the value comes next, or -1               */
    GString *values[N_MEMBERS];
    bool has[N_MEMBERS];
    TpsGo *go;
    GString *beside;     /* lines that are no events, and output of builds    */
    bool words_are_said; /* the output of the package that ends is with a test */
} Go;

static const char *suite_name(const Go *go, const char *package)
{
    return package && *package ? package : go->out->name;
}

static int64_t seconds_of(const char *text)
{
    int64_t us;

    return text && tps_us_from_seconds(g_ascii_strtod(text, NULL), &us) ? us : TPS_TIME_UNKNOWN;
}

static char *nonempty(const GString *text)
{
    return text->len > 0 ? g_utf8_make_valid(text->str, (gssize)text->len) : NULL;
}

/* What people look at first: the first line of what it printed. */
static char *message_of(const GString *output)
{
    const char *start = output->str + strspn(output->str, " \t\r\n");
    g_autofree char *line = g_strndup(start, MIN(strcspn(start, "\r\n"), MESSAGE_MAX));
    char *message = *line ? g_utf8_make_valid(line, -1) : NULL;

    return message;
}

/* A test that died takes its package's last words; there is one copy of them. */
static void explain_death(Go *go, TpsResult *result, const TpsGoTest *test)
{
    result->type = g_strdup("tpsched.never-ended");
    result->message = g_strdup("it began and never ended");
    if (!go->words_are_said)
        result->text = nonempty(test->last_words);
    go->words_are_said = true;
}

static bool take_test(const TpsGoTest *test, gpointer begun, void *user, GError **error)
{
    static const TpsOutcome outcomes[] = {
        [TPS_GO_PASSED] = TPS_OUTCOME_PASSED,
        [TPS_GO_FAILED] = TPS_OUTCOME_FAILED,
        [TPS_GO_SKIPPED] = TPS_OUTCOME_SKIPPED,
        [TPS_GO_NEVER_ENDED] = TPS_OUTCOME_ERROR,
    };
    Go *go = user;
    g_autofree char *id = g_utf8_make_valid(test->name, -1);
    TpsResult *result = tps_result_new(id, outcomes[test->outcome], seconds_of(test->seconds));

    (void)begun;
    if (test->outcome == TPS_GO_NEVER_ENDED)
        explain_death(go, result, test);
    if (test->outcome == TPS_GO_FAILED) {
        result->message = message_of(test->output);
        result->text = nonempty(test->output);
    } else {
        result->output = nonempty(test->output);
    }
    return tps_loose_say(go->out, suite_name(go, test->package), result, error);
}

static int64_t instant(const char *text)
{
    int64_t us = TPS_TIME_UNKNOWN;

    if (text)
        tps_junit_timestamp_parse(text, &us);
    return us;
}

/* A package that failed and no test of it says why: it could not be built, or its TestMain failed.
 */
static bool say_failed(Go *go, const char *suite, const char *message, const GString *output,
                       GError **error)
{
    TpsResult *result = tps_result_new(PACKAGE_CASE, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_len(text, go->beside->str, (gssize)go->beside->len);
    g_string_append_len(text, output->str, (gssize)output->len);
    g_string_truncate(go->beside, 0);
    result->type = g_strdup("tpsched.package");
    result->message = g_strdup(message);
    result->text = nonempty(text);
    return tps_loose_say(go->out, suite, result, error);
}

static bool take_package(const TpsGoPackage *package, void *user, GError **error)
{
    Go *go = user;
    const char *name = suite_name(go, package->name);
    const TpsLooseSuite suite = {
        .name = name, .started_us = instant(package->started), .ended_us = instant(package->ended)};

    go->words_are_said = false;
    if (package->outcome == TPS_GO_NEVER_ENDED)
        tps_loose_complain(go->out, "nothing says how the package '%s' ended", name);
    if (package->outcome == TPS_GO_FAILED && package->n_bad == 0 &&
        !say_failed(go, name, "the package failed, and none of its tests did", package->output,
                    error))
        return false;
    return tps_loose_say_suite(go->out, &suite, error);
}

/* Events */

static bool take_token(TpsJsonToken token, const char *text, size_t length, void *user,
                       GError **error)
{
    Go *go = user;
    int member = go->member;

    (void)error;
    if (token == TPS_JSON_OBJECT || token == TPS_JSON_ARRAY)
        go->depth++;
    if (token == TPS_JSON_OBJECT_END || token == TPS_JSON_ARRAY_END)
        go->depth--;
    if (go->depth != 1)
        return true;
    go->member = -1;
    if (token == TPS_JSON_KEY)
        for (int i = 0; i < N_MEMBERS; i++)
            if (strcmp(text, members[i]) == 0)
                go->member = i;
    if (member >= 0 && token == (member == MEMBER_SECONDS ? TPS_JSON_NUMBER : TPS_JSON_STRING)) {
        g_string_truncate(go->values[member], 0);
        g_string_append_len(go->values[member], text, (gssize)length);
        go->has[member] = true;
    }
    return true;
}

static const char *value(const Go *go, int member)
{
    return go->has[member] ? go->values[member]->str : NULL;
}

static void add_beside(Go *go, const char *bytes, size_t length)
{
    size_t room = BESIDE_MAX - MIN(BESIDE_MAX, go->beside->len);

    g_string_append_len(go->beside, bytes, (gssize)MIN(length, room));
}

static bool take_event(Go *go, GError **error)
{
    const TpsGoEvent event = {.action = value(go, MEMBER_ACTION),
                              .package = value(go, MEMBER_PACKAGE),
                              .test = value(go, MEMBER_TEST),
                              .output = value(go, MEMBER_OUTPUT),
                              .seconds = value(go, MEMBER_SECONDS),
                              .time = value(go, MEMBER_TIME)};

    if (!event.action || !g_str_has_prefix(event.action, "build-"))
        return tps_go_take(go->go, &event, error);
    if (event.output) /* since Go 1.24; whose package that is, its failure says */
        add_beside(go, event.output, strlen(event.output));
    return true;
}

static bool read_event(Go *go, const TpsLine *line, GError **error)
{
    g_autoptr(GError) why = NULL;

    memset(go->has, 0, sizeof go->has);
    go->depth = 0;
    go->member = -1;
    tps_json_stream_reset(go->json, go->lines.n_lines);
    if (tps_json_stream_feed(go->json, line->start, line->length, &why) &&
        tps_json_stream_finish(go->json, &why))
        return take_event(go, error);
    if (line->ended)
        tps_loose_complain(go->out, "%s", why->message);
    else
        tps_loose_complain(go->out, "%" G_GUINT64_FORMAT ": the last event was cut short",
                           go->lines.n_lines);
    return true;
}

/* "FAIL\texample.org/a [build failed]": what Go printed of it stands before. */
static char *package_of_failure(const TpsLine *line)
{
    static const char *const ends[] = {" [build failed]", " [setup failed]"};
    g_autofree char *text = NULL;

    if (!tps_line_starts_with(line, "FAIL\t"))
        return NULL;
    text = g_strndup(line->start + 5, line->length - 5);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        if (g_str_has_suffix(text, ends[i]))
            return g_strndup(text, strlen(text) - strlen(ends[i]));
    return NULL;
}

static bool read_line(const TpsLine *line, void *user, GError **error)
{
    Go *go = user;
    g_autofree char *package = NULL;
    g_autoptr(GString) nothing = NULL;

    if (tps_line_starts_with(line, "{"))
        return read_event(go, line, error);
    add_beside(go, line->start, line->length);
    add_beside(go, "\n", 1);
    package = package_of_failure(line);
    if (!package)
        return true;
    nothing = g_string_new(NULL);
    return say_failed(go, package, "the package could not be built", nothing, error);
}

/* The reader */

static void *open_go(TpsLooseOut *out)
{
    static const TpsGoHandler handler = {.ended = take_test, .package = take_package};
    Go *go = g_new0(Go, 1);

    out->loose->kind = "go test -json";
    go->out = out;
    go->json = tps_json_stream_new(take_token, go);
    go->go = tps_go_new(&handler, go);
    go->beside = g_string_new(NULL);
    for (int i = 0; i < N_MEMBERS; i++)
        go->values[i] = g_string_new(NULL);
    return go;
}

static bool feed(void *reader, const char *bytes, size_t length, GError **error)
{
    Go *go = reader;

    return tps_lines_feed(&go->lines, bytes, length, read_line, go, error);
}

static bool finish(void *reader, GError **error)
{
    Go *go = reader;

    return tps_lines_finish(&go->lines, read_line, go, error) && tps_go_finish(go->go, error);
}

static void close_go(void *reader)
{
    Go *go = reader;

    for (int i = 0; i < N_MEMBERS; i++)
        g_string_free(go->values[i], TRUE);
    g_string_free(go->beside, TRUE);
    tps_go_free(go->go);
    tps_json_stream_free(go->json);
    tps_lines_clear(&go->lines);
    g_free(go);
}

const TpsLooseReader tps_loose_go = {open_go, feed, finish, close_go};

/* Recognising */

static bool is_action(const char *text)
{
    static const char *const actions[] = {"start",  "run",          "pause",     "cont",
                                          "pass",   "bench",        "fail",      "skip",
                                          "output", "build-output", "build-fail"};

    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++)
        if (strcmp(text, actions[i]) == 0)
            return true;
    return false;
}

/* Where the action stands in a line that may be cut off. */
typedef struct {
    guint depth;
    bool at_action;
    bool found;
} Search;

static bool look_at_token(TpsJsonToken token, const char *text, size_t length, void *user,
                          GError **error)
{
    Search *search = user;

    (void)length;
    (void)error;
    if (token == TPS_JSON_STRING && search->at_action && search->depth == 1)
        search->found |= is_action(text);
    search->at_action = token == TPS_JSON_KEY && strcmp(text, members[MEMBER_ACTION]) == 0;
    search->depth += token == TPS_JSON_OBJECT || token == TPS_JSON_ARRAY;
    search->depth -= token == TPS_JSON_OBJECT_END || token == TPS_JSON_ARRAY_END;
    return true;
}

bool tps_loose_is_go(const char *bytes, size_t length)
{
    Search search = {0};
    g_autoptr(TpsJsonStream) json = tps_json_stream_new(look_at_token, &search);
    TpsLine line = {.next = bytes};

    while (!search.found && tps_line_read(line.next, bytes + length, &line)) {
        if (!tps_line_starts_with(&line, "{"))
            continue;
        search = (Search){0};
        tps_json_stream_reset(json, 1);
        tps_json_stream_feed(json, line.start, line.length, NULL);
    }
    return search.found;
}
