/* SPDX-License-Identifier: MIT */
#include "cli/framework_table.h"

#include "adapters/definitions/registry.h"
#include "cli/terminal.h"
#include "formats/json.h"

#include <string.h>

/* What is left of 80 columns for the last one. */
#define WIDTH 80
#define VERSION_WIDTH 24

static int name_width(char *const *names)
{
    int width = (int)strlen("framework");

    for (; *names; names++)
        width = MAX(width, MIN((int)g_utf8_strlen(*names, -1), VERSION_WIDTH));
    return width;
}

/* The text, and blanks up to the next column. */
static void append_cell(GString *line, const char *text, int width)
{
    g_autofree char *printable = tps_printable(text, width);

    g_string_append(line, printable);
    for (long i = g_utf8_strlen(printable, -1); i < width + 2; i++)
        g_string_append_c(line, ' ');
}

static void print_line(GString *line, FILE *stream)
{
    while (line->len > 0 && line->str[line->len - 1] == ' ')
        g_string_truncate(line, line->len - 1);
    fprintf(stream, "%s\n", line->str);
}

/* False when the last cell has no room; it is left out then. */
static bool print_row(const char *const cells[4], int width, FILE *stream)
{
    const int widths[] = {width, (int)strlen("testcase"), VERSION_WIDTH};
    g_autoptr(GString) line = g_string_new(NULL);
    g_autofree char *last = tps_printable(cells[3], 0);
    bool fits;

    for (size_t i = 0; i < G_N_ELEMENTS(widths); i++)
        append_cell(line, cells[i], widths[i]);
    fits = g_utf8_strlen(line->str, -1) + g_utf8_strlen(last, -1) <= WIDTH;
    if (fits)
        g_string_append(line, last);
    print_line(line, stream);
    return fits;
}

/* On a line of its own. Paths and what is wrong in them are shown whole. */
static void print_remark(const char *text, int width, FILE *stream)
{
    g_autofree char *printable = tps_printable(text, width);

    fprintf(stream, "    %s\n", printable);
}

static const char *version_of(const TpsFramework *framework)
{
    return framework->tried ? framework->tried : "unverified";
}

static const char *origin_of(const TpsFramework *framework)
{
    return framework->origin ? framework->origin : "built in";
}

unsigned tps_framework_table_print(FILE *stream)
{
    static const char *const head[] = {"framework", "unit", "verified with", "from"};
    g_auto(GStrv) names = tps_framework_names();
    int width = name_width(names);
    unsigned broken = 0;

    print_row(head, width, stream);
    for (char **name = names; *name; name++) {
        g_autoptr(GError) why = NULL;
        const TpsFramework *framework = tps_framework_load(*name, &why);
        const char *cells[] = {*name, "broken", "", ""};

        if (framework) {
            cells[1] = tps_unit_name(framework->unit);
            cells[2] = version_of(framework);
            cells[3] = origin_of(framework);
        }
        if (!print_row(cells, width, stream))
            print_remark(cells[3], 0, stream);
        print_remark(framework ? framework->summary : why->message, framework ? WIDTH - 4 : 0,
                     stream);
        broken += !framework;
    }
    return broken;
}

/* From the finest that it can select; what has no listing is one testcase. */
static void add_units(cJSON *object, const TpsFramework *framework)
{
    static const TpsUnit units[] = {TPS_UNIT_TESTCASE, TPS_UNIT_CLASS, TPS_UNIT_FILE};
    cJSON *array = cJSON_AddArrayToObject(object, "units");
    bool is_fine = false;

    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        is_fine = is_fine || units[i] == framework->finest_unit;
        if (is_fine && (framework->list.is_known || units[i] == framework->unit))
            cJSON_AddItemToArray(array, cJSON_CreateString(tps_unit_name(units[i])));
    }
}

static void add_string(cJSON *object, const char *key, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    cJSON_AddStringToObject(object, key, valid);
}

static cJSON *framework_to_json(const TpsFramework *framework)
{
    cJSON *object = cJSON_CreateObject();

    add_string(object, "name", framework->name);
    add_string(object, "summary", framework->summary);
    cJSON_AddBoolToObject(object, "verified", framework->tried != NULL);
    if (framework->tried)
        add_string(object, "version", framework->tried);
    cJSON_AddBoolToObject(object, "built_in", framework->origin == NULL);
    if (framework->origin)
        add_string(object, "path", framework->origin);
    add_string(object, "unit", tps_unit_name(framework->unit));
    add_string(object, "finest_unit", tps_unit_name(framework->finest_unit));
    add_units(object, framework);
    if (framework->start_up_us > 0)
        tps_json_add_seconds(object, "start_up", framework->start_up_us);
    return object;
}

unsigned tps_framework_table_print_json(FILE *stream)
{
    g_auto(GStrv) names = tps_framework_names();
    g_autoptr(cJSON) root = cJSON_CreateObject();
    cJSON *array = cJSON_AddArrayToObject(root, "frameworks");
    g_autofree char *text = NULL;
    unsigned broken = 0;

    for (char **name = names; *name; name++) {
        g_autoptr(GError) why = NULL;
        const TpsFramework *framework = tps_framework_load(*name, &why);
        cJSON *object = framework ? framework_to_json(framework) : cJSON_CreateObject();

        if (!framework) {
            add_string(object, "name", *name);
            add_string(object, "error", why->message);
        }
        cJSON_AddItemToArray(array, object);
        broken += !framework;
    }
    text = tps_json_text(root);
    fputs(text, stream);
    return broken;
}
