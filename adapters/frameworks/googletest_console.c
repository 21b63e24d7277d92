/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/googletest_internal.h"
#include "adapters/frameworks/support_internal.h"

#include <string.h>

#define RUN "[ RUN      ] "

typedef struct {
    const char *mark;
    TpsOutcome outcome;
} Mark;

static const Mark marks[] = {
    {"[       OK ] ", TPS_OUTCOME_PASSED},
    {"[  FAILED  ] ", TPS_OUTCOME_FAILED},
    {"[  SKIPPED ] ", TPS_OUTCOME_SKIPPED},
};

typedef struct {
    GHashTable *wanted; /* ids that may be reported, borrowed          */
    const TpsExit *exit;
    TpsFrameworkReport *report;
    const char *running; /* borrowed from `wanted`, or NULL             */
    const char *output;  /* where the running one's output begins       */
} Console;

/* "Name (12 ms)" or "Name, where GetParam() = 3 (12 ms)"; the summary at the end has no time. */
static bool parse_end(const char *text, const char *end, const char *name, int64_t *time_us)
{
    size_t length = strlen(name);
    const char *number = end;

    if ((size_t)(end - text) <= length || strncmp(text, name, length) != 0 ||
        !strchr(" ,", text[length]) || !g_str_has_suffix(text, " ms)"))
        return false;
    while (number > text && *number != '(')
        number--;
    *time_us = g_ascii_strtoll(number + 1, NULL, 10) * 1000;
    return *time_us >= 0;
}

static void finish(Console *console, TpsOutcome outcome, int64_t time_us, const char *output_end)
{
    TpsResult *result = tps_result_new(console->running, outcome, time_us);

    if (tps_outcome_is_bad(outcome))
        result->text = g_strndup(console->output, (gsize)(output_end - console->output));
    g_ptr_array_add(console->report->results, result);
    g_hash_table_remove(console->wanted, console->running);
    console->running = NULL;
}

static void start(Console *console, const char *name, const char *next)
{
    if (g_hash_table_lookup_extended(console->wanted, name, (gpointer *)&console->running, NULL))
        console->output = next;
    else
        console->running = NULL;
}

/* A test that prints no line end has its closing mark behind its own text. */
static void read_line(Console *console, const char *line, const char *raw, const char *next)
{
    const char *end = line + strlen(line);
    int64_t time_us;

    if (g_str_has_prefix(line, RUN)) {
        start(console, line + strlen(RUN), next);
        return;
    }
    for (size_t i = 0; console->running && i < G_N_ELEMENTS(marks); i++) {
        const char *mark = g_strrstr(line, marks[i].mark);

        if (mark && parse_end(mark + strlen(marks[i].mark), end, console->running, &time_us))
            finish(console, marks[i].outcome, time_us, raw + (mark - line));
    }
}

static void read_output(Console *console)
{
    const char *text = console->exit->output ? console->exit->output : "";

    for (const char *line = text; *line;) {
        const char *end = strchrnul(line, '\n');
        const char *next = *end ? end + 1 : end;
        g_autofree char *copy = g_strndup(line, (gsize)(end - line));

        read_line(console, copy, line, next);
        line = next;
    }
}

/* Names that may still be reported; the first result of an id is the better one. */
static GHashTable *open_names(const GPtrArray *testcases, const TpsFrameworkReport *report)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < testcases->len; i++)
        g_hash_table_add(names, ((TpsTestcase *)g_ptr_array_index(testcases, i))->id);
    for (guint i = 0; i < report->results->len; i++)
        g_hash_table_remove(names, ((TpsResult *)g_ptr_array_index(report->results, i))->id);
    return names;
}

void tps_googletest_read_console(const GPtrArray *testcases, const TpsExit *exit,
                                 TpsFrameworkReport *report)
{
    g_autoptr(GHashTable) wanted = open_names(testcases, report);
    Console console = {.wanted = wanted, .exit = exit, .report = report};

    read_output(&console);
    if (console.running)
        g_ptr_array_add(report->results,
                        tps_result_crashed(console.running, TPS_TIME_UNKNOWN, exit));
}
