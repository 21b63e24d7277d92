/* SPDX-License-Identifier: MIT */
#include "cli/list_output.h"

#include "cli/plural.h"
#include "cli/terminal.h"
#include "core/names.h"
#include "formats/json.h"
#include "scheduler/planner.h"
#include "scheduler/units.h"

#include <string.h>

static void append_name(GString *text, const char *name)
{
    g_autofree char *printable = tps_printable(name, 0);

    g_string_append(text, printable);
}

/* "  [slow, db]" */
static void append_tags(GString *text, char *const *tags)
{
    if (!tags || !*tags)
        return;
    for (char *const *tag = tags; *tag; tag++) {
        g_string_append(text, tag == tags ? "  [" : ", ");
        append_name(text, *tag);
    }
    g_string_append_c(text, ']');
}

static void append_line(GString *text, const char *indent, const char *name, char *const *tags)
{
    g_string_append(text, indent);
    append_name(text, name);
    append_tags(text, tags);
    g_string_append_c(text, '\n');
}

static void append_suite(GString *text, const TpsPlanInput *input)
{
    append_name(text, input->name);
    g_string_append_printf(text, " (%s, %u testcase%s, unit %s)", input->declared->framework,
                           input->testcases->len, tps_plural(input->testcases->len),
                           tps_unit_name(input->unit));
    append_tags(text, input->declared->tags);
    g_string_append_c(text, '\n');
}

/* What the unit of each testcase is called: as its first one is. [n_testcases], borrowed. */
static const char **unit_keys(const TpsPlanInput *input)
{
    const GPtrArray *testcases = input->testcases;
    g_autofree int *of = g_new(int, MAX(testcases->len, 1));
    size_t n_units = tps_units_number(testcases, input->unit, input->declared->group, of);
    g_autofree const char **of_unit = g_new0(const char *, MAX(n_units, 1));
    const char **keys = g_new0(const char *, MAX(testcases->len, 1));

    for (guint i = 0; i < testcases->len; i++) {
        if (!of_unit[of[i]])
            of_unit[of[i]] = tps_testcase_unit_key(g_ptr_array_index(testcases, i), input->unit);
        keys[i] = of_unit[of[i]];
    }
    return keys;
}

/* Lists of TpsTestcase that share a unit, in the order in which units appear. */
static GPtrArray *units_of(const TpsPlanInput *input)
{
    g_autofree const char **keys = unit_keys(input);
    g_autoptr(GHashTable) by_key = g_hash_table_new(g_direct_hash, g_direct_equal);
    GPtrArray *units = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    for (guint i = 0; i < input->testcases->len; i++) {
        GPtrArray *unit = g_hash_table_lookup(by_key, keys[i]);

        if (!unit) {
            unit = g_ptr_array_new();
            g_hash_table_insert(by_key, (gpointer)keys[i], unit);
            g_ptr_array_add(units, unit);
        }
        g_ptr_array_add(unit, g_ptr_array_index(input->testcases, i));
    }
    return units;
}

static void append_testcases(GString *text, const char *indent, const GPtrArray *testcases)
{
    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        append_line(text, indent, testcase->id, testcase->tags);
    }
}

/* A testcase that is a unit for itself has one line. */
static void append_unit(GString *text, const GPtrArray *testcases, TpsUnit unit)
{
    const TpsTestcase *first = g_ptr_array_index(testcases, 0);
    const char *key = tps_testcase_unit_key(first, unit);

    if (testcases->len == 1 && strcmp(key, first->id) == 0) {
        append_testcases(text, "  ", testcases);
        return;
    }
    append_line(text, "  ", key, NULL);
    append_testcases(text, "    ", testcases);
}

static void append_units(GString *text, const TpsPlanInput *input)
{
    g_autoptr(GPtrArray) units = NULL;

    if (tps_units_are_testcases(input->testcases, input->unit, input->declared->group)) {
        append_testcases(text, "  ", input->testcases);
        return;
    }
    units = units_of(input);
    for (guint i = 0; i < units->len; i++)
        append_unit(text, g_ptr_array_index(units, i), input->unit);
}

/* A tag, and how many testcases have it. */
typedef struct {
    const char *name; /* borrowed */
    guint count;
} Tag;

/* Its own and those of its suite, each once, sorted; borrowed. */
static GPtrArray *tags_of(const TpsTestcase *testcase, const TpsSuite *suite)
{
    GPtrArray *tags = g_ptr_array_new();
    char *const *const lists[] = {testcase->tags, suite->tags};
    guint n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        for (char *const *tag = lists[i]; tag && *tag; tag++)
            g_ptr_array_add(tags, *tag);
    tps_names_sort(tags);
    for (guint i = 0; i < tags->len; i++)
        if (n == 0 || strcmp(tags->pdata[n - 1], tags->pdata[i]) != 0)
            tags->pdata[n++] = tags->pdata[i];
    g_ptr_array_set_size(tags, (gint)n);
    return tags;
}

static void count_tags(const TpsPlanInput *input, GHashTable *counts)
{
    for (guint i = 0; i < input->testcases->len; i++) {
        g_autoptr(GPtrArray) tags =
            tags_of(g_ptr_array_index(input->testcases, i), input->declared);

        for (guint j = 0; j < tags->len; j++) {
            gpointer tag = g_ptr_array_index(tags, j);
            guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, tag));

            g_hash_table_insert(counts, tag, GUINT_TO_POINTER(count + 1));
        }
    }
}

static int compare_tags(const void *a, const void *b)
{
    return strcmp(((const Tag *)a)->name, ((const Tag *)b)->name);
}

/* Of Tag, sorted by bytes. */
static GArray *all_tags(const GArray *inputs)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    GArray *tags = g_array_new(FALSE, FALSE, sizeof(Tag));
    GHashTableIter iter;
    gpointer name;
    gpointer count;

    for (guint i = 0; i < inputs->len; i++)
        count_tags(&g_array_index(inputs, TpsPlanInput, i), counts);
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &name, &count)) {
        Tag tag = {name, GPOINTER_TO_UINT(count)};

        g_array_append_val(tags, tag);
    }
    g_array_sort(tags, compare_tags);
    return tags;
}

static void append_all_tags(GString *text, const GArray *inputs)
{
    g_autoptr(GArray) tags = all_tags(inputs);

    for (guint i = 0; i < tags->len; i++) {
        const Tag *tag = &g_array_index(tags, Tag, i);

        append_name(text, tag->name);
        g_string_append_printf(text, " (%u testcase%s)\n", tag->count, tps_plural(tag->count));
    }
}

/* In one go: a hundred thousand lines are no reason to wait for a terminal as often. */
void tps_list_print(const GArray *inputs, TpsListDepth depth, FILE *stream)
{
    GString *text = g_string_new(NULL);

    if (depth == TPS_LIST_TAGS)
        append_all_tags(text, inputs);
    for (guint i = 0; depth != TPS_LIST_TAGS && i < inputs->len; i++) {
        const TpsPlanInput *input = &g_array_index(inputs, TpsPlanInput, i);

        append_suite(text, input);
        if (depth != TPS_LIST_TESTCASES)
            continue;
        append_line(text, "  from ", input->declared->origin, NULL);
        append_units(text, input);
    }
    fwrite(text->str, 1, text->len, stream);
    g_string_free(text, TRUE);
}

static cJSON *testcase_to_json(const TpsTestcase *testcase, const char *unit, const TpsSuite *suite)
{
    g_autoptr(GPtrArray) tags = tags_of(testcase, suite);
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", testcase->id);
    cJSON_AddStringToObject(object, "unit", unit);
    if (testcase->group)
        cJSON_AddStringToObject(object, "class", testcase->group);
    if (testcase->file)
        cJSON_AddStringToObject(object, "file", testcase->file);
    if (testcase->line)
        cJSON_AddNumberToObject(object, "line", (double)testcase->line);
    if (tags->len > 0)
        tps_json_add_strings(object, "tags", tags);
    return object;
}

static void add_testcases(cJSON *object, const TpsPlanInput *input)
{
    g_autofree const char **units = unit_keys(input);
    cJSON *array = cJSON_AddArrayToObject(object, "testcases");

    for (guint i = 0; i < input->testcases->len; i++)
        cJSON_AddItemToArray(array, testcase_to_json(g_ptr_array_index(input->testcases, i),
                                                     units[i], input->declared));
}

static cJSON *suite_to_json(const TpsPlanInput *input, TpsListDepth depth)
{
    g_autofree char *origin = g_utf8_make_valid(input->declared->origin, -1);
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "name", input->name);
    cJSON_AddStringToObject(object, "from", origin);
    cJSON_AddStringToObject(object, "framework", input->declared->framework);
    cJSON_AddStringToObject(object, "unit", tps_unit_name(input->unit));
    if (*input->declared->tags)
        tps_json_add_strv(object, "tags", input->declared->tags);
    cJSON_AddNumberToObject(object, "testcase_count", input->testcases->len);
    if (depth != TPS_LIST_TESTCASES)
        return object;
    add_testcases(object, input);
    return object;
}

static void add_suites(cJSON *root, const GArray *inputs, TpsListDepth depth)
{
    cJSON *suites = cJSON_AddArrayToObject(root, "suites");

    for (guint i = 0; i < inputs->len; i++)
        cJSON_AddItemToArray(suites, suite_to_json(&g_array_index(inputs, TpsPlanInput, i), depth));
}

static void add_all_tags(cJSON *root, const GArray *inputs)
{
    g_autoptr(GArray) tags = all_tags(inputs);
    cJSON *array = cJSON_AddArrayToObject(root, "tags");

    for (guint i = 0; i < tags->len; i++) {
        const Tag *tag = &g_array_index(tags, Tag, i);
        cJSON *object = cJSON_CreateObject();

        cJSON_AddStringToObject(object, "name", tag->name);
        cJSON_AddNumberToObject(object, "testcase_count", tag->count);
        cJSON_AddItemToArray(array, object);
    }
}

void tps_list_print_json(const GArray *inputs, TpsListDepth depth, FILE *stream)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    g_autofree char *text = NULL;

    if (depth == TPS_LIST_TAGS)
        add_all_tags(root, inputs);
    else
        add_suites(root, inputs, depth);
    text = tps_json_text(root);
    fputs(text, stream);
}
