/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/template.h"
#include "adapters/frameworks/room_internal.h"
#include "adapters/frameworks/share_internal.h"
#include "core/error.h"
#include "formats/xml.h"

#include <stdio.h>
#include <string.h>

const char *tps_testcase_field(const TpsTestcase *testcase, const char *name,
                               TpsFieldNumber *number)
{
    if (strcmp(name, "id") == 0)
        return testcase->id;
    if (strcmp(name, "selector") == 0)
        return testcase->selector ? testcase->selector : testcase->id;
    if (strcmp(name, "file") == 0)
        return testcase->file;
    if (strcmp(name, "class") == 0)
        return testcase->group;
    if (strcmp(name, "where") == 0)
        return testcase->where;
    if (strcmp(name, "line") != 0 || testcase->line == 0)
        return NULL;
    snprintf(number->text, sizeof number->text, "%" G_GINT64_FORMAT, testcase->line);
    return number->text;
}

static char *backslash(const char *text, const char *special)
{
    GString *escaped = g_string_new(NULL);

    for (; *text; text++) {
        if (strchr(special, *text))
            g_string_append_c(escaped, '\\');
        g_string_append_c(escaped, *text);
    }
    return g_string_free(escaped, FALSE);
}

static char *escape(const char *text, const char *how)
{
    GString *escaped;

    if (!how)
        return g_strdup(text);
    if (strcmp(how, "percent") == 0)
        return g_uri_escape_string(text, NULL, FALSE);
    if (strcmp(how, "xml") != 0)
        return backslash(text, how);
    escaped = g_string_new(NULL);
    tps_xml_escape(escaped, text, strlen(text), true);
    return g_string_free(escaped, FALSE);
}

/*
 * The template is filled with escaped values, so that what stands around them stays what it is.
 * NULL when a value holds what can't be said.
 */
typedef struct {
    const TpsTestcase *testcase;
    TpsFieldNumber number;
    const TpsSelecting *select;
    GPtrArray *owned;
    bool is_refused;
} Render;

static bool can_say(const TpsSelecting *select, const char *value)
{
    if (g_strcmp0(select->escape, "xml") == 0 && !tps_xml_is_faithful(value))
        return false;
    return !select->refuse || !strpbrk(value, select->refuse);
}

static const char *escaped_field(const char *name, void *user)
{
    Render *render = user;
    const char *value = tps_testcase_field(render->testcase, name, &render->number);
    char *text = value ? escape(value, render->select->escape) : NULL;

    if (value && !can_say(render->select, value))
        render->is_refused = true;
    if (text)
        g_ptr_array_add(render->owned, text);
    return text;
}

static char *render_testcase(const TpsSelecting *select, const TpsTestcase *testcase,
                             GError **error)
{
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
    Render render = {.testcase = testcase, .select = select, .owned = owned};
    g_autofree char *text =
        tps_template_expand(select->each ? select->each : "{id}", escaped_field, &render);

    if (!render.is_refused && *text)
        return g_steal_pointer(&text);
    g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "testcase '%.200s' can't be selected: %s",
                testcase->id,
                render.is_refused ? "its name holds a character that can't be said there"
                                  : "there is nothing to call it by");
    return NULL;
}

static void share_clear(TpsShare *share)
{
    g_free(share->text);
    g_ptr_array_unref(share->testcases);
}

static void add_to_share(GArray *shares, GHashTable *places, char *text, TpsTestcase *testcase)
{
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, text));

    if (place == 0) {
        TpsShare share = {text, g_ptr_array_new()};

        g_array_append_val(shares, share);
        place = shares->len;
        g_hash_table_insert(places, text, GUINT_TO_POINTER(place));
    } else {
        g_free(text);
    }
    g_ptr_array_add(g_array_index(shares, TpsShare, place - 1).testcases, testcase);
}

/* TpsShare in the order of their first testcases. When nothing is told, all are in one. */
static GArray *shares_of(const TpsFramework *framework, const GPtrArray *testcases, bool told,
                         GError **error)
{
    g_autoptr(GArray) shares = g_array_new(FALSE, FALSE, sizeof(TpsShare));
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);

    g_array_set_clear_func(shares, (GDestroyNotify)share_clear);
    for (guint i = 0; i < testcases->len; i++) {
        TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        char *text = told ? render_testcase(&framework->run.select, testcase, error) : g_strdup("");

        if (!text)
            return NULL;
        add_to_share(shares, places, text, testcase);
    }
    return g_steal_pointer(&shares);
}

/* How many bytes more it takes to tell it; 0 where there is no limit. */
static size_t cost_of(const TpsSelecting *select, const TpsShare *share)
{
    switch (select->into) {
    case TPS_SELECT_ARGUMENTS:
        return tps_argument_bytes(share->text);
    case TPS_SELECT_ARGUMENT:
    case TPS_SELECT_ENVIRONMENT:
        return strlen(share->text) + (select->between ? strlen(select->between) : 0);
    case TPS_SELECT_NOTHING:
    case TPS_SELECT_FILE:
    case TPS_SELECT_INPUT:
    case TPS_SELECT_JSON_LINES:
        break;
    }
    return 0;
}

static size_t limit_of(const TpsSelecting *select, size_t budget)
{
    return select->into == TPS_SELECT_ARGUMENTS ? budget
                                                : MIN(budget, tps_selection_string_bytes(select));
}

static bool fits_alone(const TpsSelecting *select, const TpsShare *share, GError **error)
{
    size_t longest = select->into == TPS_SELECT_ARGUMENTS ? TPS_STRING_MAX_BYTES
                                                          : tps_selection_string_bytes(select);

    if (cost_of(select, share) == 0 || strlen(share->text) < longest)
        return true;
    g_set_error(
        error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
        "testcase '%.100s...' can't be selected: its name is longer than an argument may be",
        ((TpsTestcase *)g_ptr_array_index(share->testcases, 0))->id);
    return false;
}

/* How many of the shares from `first` on one process can be told. */
static guint batch_length(const TpsSelecting *select, const GArray *shares, guint first,
                          size_t limit)
{
    size_t bytes = 0;
    guint n_testcases = 0;
    guint n = 0;

    for (guint i = first; i < shares->len; i++, n++) {
        const TpsShare *share = &g_array_index(shares, TpsShare, i);

        bytes += cost_of(select, share);
        n_testcases += share->testcases->len;
        if (n > 0 && (bytes > limit || (select->most > 0 && n_testcases > (guint)select->most)))
            break;
    }
    return n;
}

static bool deal_group(const TpsFramework *framework, const GPtrArray *testcases, bool told,
                       size_t budget, TpsBatchTake take, void *user, GError **error)
{
    const TpsSelecting *select = &framework->run.select;
    size_t limit = limit_of(select, budget);
    g_autoptr(GArray) shares = shares_of(framework, testcases, told, error);

    for (guint first = 0; shares && first < shares->len;) {
        TpsBatchOfShares batch = {&g_array_index(shares, TpsShare, first),
                                  batch_length(select, shares, first, limit)};

        if (!fits_alone(select, batch.shares, error) || !take(&batch, user, error))
            return false;
        first += batch.n;
    }
    return shares != NULL;
}

static const char *process_key(const TpsFramework *framework, const TpsTestcase *testcase)
{
    const char *key = NULL;

    switch (framework->run.processes) {
    case TPS_PROCESSES_ONE:
        return "";
    case TPS_PROCESSES_CLASS:
        key = testcase->group;
        break;
    case TPS_PROCESSES_FILE:
        key = testcase->file;
        break;
    case TPS_PROCESSES_WHERE:
        key = testcase->where;
        break;
    case TPS_PROCESSES_TESTCASE:
        break;
    }
    return key ? key : testcase->id;
}

/* GPtrArray of TpsTestcase, in the order of their first ones. */
static GPtrArray *groups_of(const TpsFramework *framework, const GPtrArray *testcases, bool whole)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) by_key = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < testcases->len; i++) {
        TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        const char *key = whole ? "" : process_key(framework, testcase);
        GPtrArray *group = g_hash_table_lookup(by_key, key);

        if (!group) {
            group = g_ptr_array_new();
            g_ptr_array_add(groups, group);
            g_hash_table_insert(by_key, (char *)key, group);
        }
        g_ptr_array_add(group, testcase);
    }
    return groups;
}

bool tps_shares_deal(const TpsFramework *framework, const GPtrArray *testcases, bool all,
                     size_t budget, TpsBatchTake take, void *user, GError **error)
{
    g_autoptr(GPtrArray) groups = groups_of(framework, testcases, all && framework->run.all_in_one);
    bool told =
        (!all || framework->run.select.always) && framework->run.select.into != TPS_SELECT_NOTHING;

    for (guint i = 0; i < groups->len; i++)
        if (!deal_group(framework, g_ptr_array_index(groups, i), told, budget, take, user, error))
            return false;
    return true;
}
