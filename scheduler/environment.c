/* SPDX-License-Identifier: MIT */
#include "scheduler/environment.h"

#include <string.h>

/* "NAME=", a number and a NUL: so much is enough for each of those variables. */
#define NUMBER_BYTES 40

typedef struct {
    char *text;
    char **variable; /* the next one */
} Writer;

static char *put(char *text, const char *string)
{
    size_t length = strlen(string);

    memcpy(text, string, length);
    return text + length;
}

static char *put_number(char *text, int number)
{
    char digits[12];
    size_t n = 0;

    do
        digits[n++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (n > 0)
        *text++ = digits[--n];
    return text;
}

static void add_text(Writer *writer, const char *name, const char *value)
{
    *writer->variable++ = writer->text;
    writer->text = put(put(writer->text, name), value);
    *writer->text++ = '\0';
}

static void add_number(Writer *writer, const char *name, int value)
{
    *writer->variable++ = writer->text;
    writer->text = put_number(put(writer->text, name), value);
    *writer->text++ = '\0';
}

/* "api 0,3", as everywhere */
static void add_task(Writer *writer, const char *suite, TpsPart part)
{
    *writer->variable++ = writer->text;
    writer->text = put(put(writer->text, "TPSCHED_TASK="), suite);
    if (part.count > 1) {
        *writer->text++ = ' ';
        writer->text = put_number(writer->text, part.index);
        *writer->text++ = ',';
        writer->text = put_number(writer->text, part.count);
    }
    *writer->text++ = '\0';
}

static size_t length_of(const char *string)
{
    return string ? strlen(string) : 0;
}

static size_t measure(const TpsTaskPlace *place)
{
    return (TPS_TASK_VARIABLES + 2) * NUMBER_BYTES + 2 * strlen(place->suite->name) +
           strlen(place->report_dir) + length_of(place->jobs) + 3 * length_of(place->sandbox) +
           length_of(place->suite_sandbox) + length_of(place->plan_sandbox) +
           length_of(place->artifacts);
}

void tps_task_environment_init(TpsTaskEnvironment *environment, const TpsTaskPlace *place)
{
    Writer writer;

    *environment = (TpsTaskEnvironment){.text = g_malloc(measure(place))};
    writer = (Writer){.text = environment->text, .variable = environment->before};
    if (place->sandbox)
        add_text(&writer, "TMPDIR=", place->sandbox);
    if (place->sandbox && place->suite->home_is_sandbox)
        add_text(&writer, "HOME=", place->sandbox);
    if (place->jobs)
        add_text(&writer, place->jobs, "");
    writer.variable = environment->after;
    add_task(&writer, place->suite->name, place->part);
    add_text(&writer, "TPSCHED_SUITE=", place->suite->name);
    add_number(&writer, "TPSCHED_PART=", place->part.index);
    add_number(&writer, "TPSCHED_PARTS=", place->part.count);
    add_number(&writer, "TPSCHED_ATTEMPT=", place->attempt);
    add_number(&writer, "TPSCHED_RUN_ATTEMPT=", place->run_attempt);
    add_number(&writer, "TPSCHED_SLOT=", place->slot);
    add_text(&writer, "TPSCHED_REPORT_DIR=", place->report_dir);
    if (place->artifacts)
        add_text(&writer, "TPSCHED_ARTIFACTS_DIR=", place->artifacts);
    if (place->sandbox)
        add_text(&writer, "TPSCHED_SANDBOX=", place->sandbox);
    if (place->suite_sandbox)
        add_text(&writer, "TPSCHED_SUITE_SANDBOX=", place->suite_sandbox);
    if (place->plan_sandbox)
        add_text(&writer, "TPSCHED_PLAN_SANDBOX=", place->plan_sandbox);
}

void tps_task_environment_clear(TpsTaskEnvironment *environment)
{
    g_clear_pointer(&environment->text, g_free);
}
