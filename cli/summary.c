/* SPDX-License-Identifier: MIT */
#include "cli/summary.h"

#include "cli/plural.h"
#include "cli/terminal.h"
#include "core/status.h"
#include "formats/json.h"
#include "formats/report/reproduce.h"

#include <string.h>

/* Beyond this many failures nobody reads on; the report has them all. */
#define FAILURES_SHOWN 20
/* Programs get more, but not what no memory holds. */
#define FAILURES_LISTED 10000
#define CASES_SHOWN 10
#define PROBLEMS_SHOWN 50
/* Of a failure's text the end tells most. */
#define TEXT_LINES 30

/* The last lines of a text, indented, made harmless for a terminal. */
static void print_text(const char *text, FILE *stream)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = g_strv_length(lines);

    while (n > 0 && !*lines[n - 1])
        n--;
    if (n > TEXT_LINES)
        fprintf(stream, "    [... %u line%s more in the report ...]\n", n - TEXT_LINES,
                tps_plural(n - TEXT_LINES));
    for (guint i = n > TEXT_LINES ? n - TEXT_LINES : 0; i < n; i++) {
        g_autofree char *line = tps_printable(lines[i], 0);

        fprintf(stream, "    %s\n", line);
    }
}

static void print_reproduce(const char *reproduce, const char *suite, const char *id, FILE *stream)
{
    g_autofree char *command = tps_reproduce_testcase(reproduce, suite, id);

    fprintf(stream, "    again: %s\n", command);
}

static bool is_planned(const TpsResult *result)
{
    return !result->type || strcmp(result->type, "tpsched.process") != 0;
}

/* Which of its cases failed. */
static void print_cases(const TpsResult *result, FILE *stream)
{
    guint n = 0;

    for (guint i = 0; result->cases && i < result->cases->len; i++) {
        const TpsResult *inner = g_ptr_array_index(result->cases, i);
        g_autofree char *name = tps_printable(inner->id, 0);
        g_autofree char *message = tps_printable(inner->message ? inner->message : "", 200);

        if (!tps_outcome_is_bad(inner->outcome) || ++n > CASES_SHOWN)
            continue;
        fprintf(stream, "  %s > %s%s%s\n", tps_outcome_name(inner->outcome), name,
                *message ? ": " : "", message);
        if (inner->text && *inner->text)
            print_text(inner->text, stream);
    }
    if (n > CASES_SHOWN)
        fprintf(stream, "  ... and %u more of its cases\n", n - CASES_SHOWN);
}

static void print_failure(const char *suite, const TpsResult *result, const char *reproduce,
                          FILE *stream)
{
    g_autofree char *id = tps_printable(result->id, 0);
    g_autofree char *shown_suite = tps_printable(suite, 0);
    g_autofree char *message = tps_printable(result->message ? result->message : "", 200);

    fprintf(stream, "%s%s%s %s: %s%s%s\n", tps_red(stream), tps_outcome_name(result->outcome),
            tps_plain(stream), shown_suite, id, *message ? ": " : "", message);
    /* Some frameworks have no text but what the testcase printed. */
    if (result->text && *result->text)
        print_text(result->text, stream);
    else if (result->output && *result->output)
        print_text(result->output, stream);
    print_cases(result, stream);
    if (reproduce && is_planned(result))
        print_reproduce(reproduce, suite, result->id, stream);
}

/* What has no result at all is told once for its part, under the problems. */
static bool is_missing(const TpsResult *result)
{
    return result->type && (strcmp(result->type, "tpsched.missing-part") == 0 ||
                            strcmp(result->type, "tpsched.lost-part") == 0 ||
                            strcmp(result->type, "tpsched.not-run") == 0);
}

/* What is told of a report's results, one after the other. */
typedef struct {
    const char *reproduce;
    FILE *stream;
    cJSON *array;
    guint n;
} Telling;

/* No more than a person reads; the others are only counted. */
static bool tell_failure(const TpsReportSuite *suite, const TpsResult *result, void *user,
                         GError **error)
{
    Telling *telling = user;

    (void)error;
    if (tps_outcome_is_bad(result->outcome) && !is_missing(result) && telling->n++ < FAILURES_SHOWN)
        print_failure(suite->name, result, telling->reproduce, telling->stream);
    return true;
}

/* Only suites that have such a result are visited. */
static bool visit_outcomes(const TpsReport *merge, TpsOutcome least, TpsOutcome most,
                           TpsResultVisitor visit, Telling *telling)
{
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < merge->suites->len && !error; i++) {
        const TpsReportSuite *suite = g_ptr_array_index(merge->suites, i);
        bool any = false;

        for (int outcome = (int)least; outcome <= (int)most; outcome++)
            any |= suite->count[outcome] > 0;
        if (any)
            tps_report_visit(merge, suite, visit, telling, &error);
    }
    if (error && telling->stream)
        fprintf(telling->stream, "... the rest can't be read: %s\n", error->message);
    return !error;
}

static void print_failures(const TpsReport *merge, const char *reproduce, FILE *stream)
{
    Telling telling = {.reproduce = reproduce, .stream = stream};

    visit_outcomes(merge, TPS_OUTCOME_FAILED, TPS_OUTCOME_ERROR, tell_failure, &telling);
    if (telling.n > FAILURES_SHOWN)
        fprintf(stream, "... and %u more failure%s; the report has them all\n",
                telling.n - FAILURES_SHOWN, tps_plural(telling.n - FAILURES_SHOWN));
}

/* How often it failed, and what it said first. */
static void print_flaky_case(const char *suite, const TpsResult *result, FILE *stream)
{
    const TpsResult *first = result->attempts && result->attempts->len > 0
                                 ? g_ptr_array_index(result->attempts, 0)
                                 : NULL;
    g_autofree char *id = tps_printable(result->id, 0);
    g_autofree char *shown_suite = tps_printable(suite, 0);
    g_autofree char *message = tps_printable(first && first->message ? first->message : "", 200);

    fprintf(stream, "flaky %s: %s: passed at attempt %u%s%s\n", shown_suite, id,
            result->attempts ? result->attempts->len + 1 : 2, *message ? ", first: " : "", message);
}

static bool tell_flaky(const TpsReportSuite *suite, const TpsResult *result, void *user,
                       GError **error)
{
    Telling *telling = user;

    (void)error;
    if (result->outcome == TPS_OUTCOME_FLAKY && telling->n++ < FAILURES_SHOWN)
        print_flaky_case(suite->name, result, telling->stream);
    return true;
}

static void print_flaky(const TpsReport *merge, FILE *stream)
{
    Telling telling = {.stream = stream};

    visit_outcomes(merge, TPS_OUTCOME_FLAKY, TPS_OUTCOME_FLAKY, tell_flaky, &telling);
    if (telling.n > FAILURES_SHOWN)
        fprintf(stream, "... and %u more were flaky; the report has them all\n",
                telling.n - FAILURES_SHOWN);
}

static void print_lines(const GPtrArray *lines, const char *what, FILE *stream)
{
    for (guint i = 0; i < lines->len && i < PROBLEMS_SHOWN; i++) {
        g_autofree char *line = tps_printable(g_ptr_array_index(lines, i), 0);

        fprintf(stream, "%s: %s\n", what, line);
    }
    if (lines->len > PROBLEMS_SHOWN)
        fprintf(stream, "... and %u more\n", lines->len - PROBLEMS_SHOWN);
}

static void print_count(const TpsReport *merge, TpsOutcome outcome, const char *name, FILE *stream)
{
    if (merge->count[outcome] > 0)
        fprintf(stream, ", %u %s", merge->count[outcome], name);
}

static void print_verdict(const TpsReport *merge, FILE *stream)
{
    const char *word = tps_report_verdict(merge);
    const char *colour = strcmp(word, "PASSED") == 0 ? tps_green(stream) : tps_red(stream);

    fprintf(stream, "%s%s%s: %u testcase%s", colour, word, tps_plain(stream), merge->n_results,
            tps_plural(merge->n_results));
    print_count(merge, TPS_OUTCOME_PASSED, "passed", stream);
    print_count(merge, TPS_OUTCOME_FLAKY, "flaky", stream);
    print_count(merge, TPS_OUTCOME_SKIPPED, "skipped", stream);
    print_count(merge, TPS_OUTCOME_FAILED, "failed", stream);
    print_count(merge, TPS_OUTCOME_ERROR, merge->count[TPS_OUTCOME_ERROR] == 1 ? "error" : "errors",
                stream);
    if (merge->n_not_run > 0)
        fprintf(stream, "; %u testcase%s not run, because enough had failed\n", merge->n_not_run,
                merge->n_not_run == 1 ? " was" : "s were");
    else if (!merge->checked)
        fprintf(stream, "; completeness was not checked (no plan)\n");
    else if (!tps_report_is_complete(merge))
        fprintf(stream, "; the report is incomplete\n");
    else if (merge->n_asked < merge->n_planned)
        fprintf(stream, "; all %u of %u planned testcase%s that were asked for are accounted for\n",
                merge->n_asked, merge->n_planned, tps_plural(merge->n_planned));
    else
        fprintf(stream, "; every planned testcase is accounted for exactly once\n");
}

void tps_summary_print(const TpsReport *merge, const char *reproduce, FILE *stream)
{
    print_flaky(merge, stream);
    print_failures(merge, reproduce, stream);
    print_lines(merge->notes, "note", stream);
    print_lines(merge->problems, "incomplete", stream);
    print_verdict(merge, stream);
}

static const char *const status_words[] = {
    [TPS_STATUS_PASSED] = "passed",
    [TPS_STATUS_SKIPPED] = "skipped",
    [TPS_STATUS_FLAKY] = "flaky",
    [TPS_STATUS_LEAK] = "leaked",
    [TPS_STATUS_FAILED] = "failed",
    [TPS_STATUS_TIMEOUT] = "timed out",
    [TPS_STATUS_SIGNALED] = "killed by a signal",
    [TPS_STATUS_NOT_STARTED] = "could not start",
    [TPS_STATUS_LOST] = "lost",
    [TPS_STATUS_CANCELLED] = "cancelled",
    [TPS_STATUS_NOT_RUN] = "not run",
};

static bool is_ordinary(TpsStatus status)
{
    return status == TPS_STATUS_PASSED || status == TPS_STATUS_FAILED ||
           status == TPS_STATUS_SKIPPED;
}

void tps_summary_print_tasks(const guint *counts, FILE *stream)
{
    bool worth_telling = false;
    const char *between = "tasks: ";

    for (int i = 0; i <= TPS_STATUS_NOT_RUN; i++)
        worth_telling |= counts[i] > 0 && !is_ordinary((TpsStatus)i);
    if (!worth_telling)
        return;
    for (int i = 0; i <= TPS_STATUS_NOT_RUN; i++) {
        if (counts[i] == 0)
            continue;
        fprintf(stream, "%s%u %s", between, counts[i], status_words[i]);
        between = ", ";
    }
    fputc('\n', stream);
}

static void add_tasks(cJSON *root, const guint *counts)
{
    cJSON *tasks = cJSON_AddObjectToObject(root, "tasks");

    for (int i = 0; i <= TPS_STATUS_NOT_RUN; i++)
        if (counts[i] > 0)
            cJSON_AddNumberToObject(tasks, tps_status_name((TpsStatus)i), counts[i]);
}

static void add_cases(cJSON *object, const TpsResult *result)
{
    cJSON *array = result->cases ? cJSON_AddArrayToObject(object, "cases") : NULL;

    for (guint i = 0; array && i < result->cases->len; i++) {
        const TpsResult *inner = g_ptr_array_index(result->cases, i);
        cJSON *element = tps_outcome_is_bad(inner->outcome) ? cJSON_CreateObject() : NULL;

        if (!element)
            continue;
        cJSON_AddStringToObject(element, "case", inner->id);
        cJSON_AddStringToObject(element, "outcome", tps_outcome_name(inner->outcome));
        cJSON_AddStringToObject(element, "message", inner->message ? inner->message : "");
        cJSON_AddItemToArray(array, element);
    }
}

static bool add_failure(const TpsReportSuite *suite, const TpsResult *result, void *user,
                        GError **error)
{
    Telling *telling = user;
    cJSON *object;

    (void)error;
    if (!tps_outcome_is_bad(result->outcome) || telling->n++ >= FAILURES_LISTED)
        return true;
    object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "suite", suite->name);
    cJSON_AddStringToObject(object, "testcase", result->id);
    cJSON_AddStringToObject(object, "outcome", tps_outcome_name(result->outcome));
    cJSON_AddStringToObject(object, "message", result->message ? result->message : "");
    add_cases(object, result);
    cJSON_AddItemToArray(telling->array, object);
    return true;
}

static void add_failures(cJSON *root, const TpsReport *merge)
{
    Telling telling = {.array = cJSON_AddArrayToObject(root, "failures")};

    visit_outcomes(merge, TPS_OUTCOME_FAILED, TPS_OUTCOME_ERROR, add_failure, &telling);
    if (telling.n > FAILURES_LISTED)
        cJSON_AddNumberToObject(root, "failures_left_out", telling.n - FAILURES_LISTED);
}

void tps_summary_print_json(const TpsReport *merge, const guint *counts, int status, FILE *stream)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    g_autofree char *text = NULL;

    cJSON_AddStringToObject(root, "name", merge->name);
    cJSON_AddNumberToObject(root, "exit_status", status);
    cJSON_AddStringToObject(root, "verdict", tps_report_verdict(merge));
    cJSON_AddBoolToObject(root, "checked", merge->checked);
    cJSON_AddNumberToObject(root, "testcases", merge->n_results);
    cJSON_AddNumberToObject(root, "not_run", merge->n_not_run);
    for (int i = 0; i <= TPS_OUTCOME_ERROR; i++)
        cJSON_AddNumberToObject(root, tps_outcome_name((TpsOutcome)i), merge->count[i]);
    if (merge->started_us != TPS_TIME_UNKNOWN)
        tps_json_add_seconds(root, "wall_time", merge->ended_us - merge->started_us);
    if (counts)
        add_tasks(root, counts);
    tps_json_add_strings(root, "problems", merge->problems);
    tps_json_add_strings(root, "notes", merge->notes);
    add_failures(root, merge);
    text = tps_json_text(root);
    fputs(text, stream);
}
