/* SPDX-License-Identifier: MIT */
#include "scenario/report.h"

#include "scenario/file.h"

#include "core/error.h"
#include "core/nearest.h"
#include "formats/files.h"
#include "formats/json.h"
#include "formats/json_line.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void tps_scenario_list(const GPtrArray *scenarios, GString *text)
{
    for (guint i = 0; i < scenarios->len; i++) {
        const TpsScenario *scenario = g_ptr_array_index(scenarios, i);

        tps_json_line_open(text, NULL, '{');
        tps_json_line_string(text, "id", scenario->name);
        tps_json_line_string(text, "file", scenario->file);
        tps_json_line_int(text, "line", (int64_t)scenario->line);
        tps_json_line_close(text, '}');
        g_string_truncate(text, text->len - 1);
        g_string_append_c(text, '\n');
    }
}

static bool fail_unknown(const GPtrArray *scenarios, const char *place, const char *name,
                         GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GPtrArray) near = NULL;
    g_autofree char *meant = NULL;

    for (guint i = 0; i < scenarios->len; i++)
        g_ptr_array_add(names, ((TpsScenario *)g_ptr_array_index(scenarios, i))->name);
    near = tps_nearest_names(name, (const char *const *)names->pdata, names->len, 1);
    if (near->len > 0)
        meant = g_strdup_printf("; did you mean '%s'?", (const char *)g_ptr_array_index(near, 0));
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s: there is no scenario '%s'%s", place, name,
                meant ? meant : "");
    return false;
}

/* The names of a selection: for each where it stands. */
static bool add_name(GHashTable *names, const char *place, const char *text, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(cJSON) record = tps_json_parse(text, strlen(text), &why);
    char *id = NULL;

    if (!record || !tps_json_line_get_bytes(record, "id", &id, &why)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s: %s", place, why->message);
        return false;
    }
    g_hash_table_replace(names, id, g_strdup(place));
    return true;
}

static bool read_names(GHashTable *names, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    gsize length;

    if (!tps_file_read(path, &text, &length, error))
        return false;
    lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i]; i++) {
        g_autofree char *place = g_strdup_printf("%s:%d", path, i + 1);

        if (*g_strstrip(lines[i]) && !add_name(names, place, lines[i], error))
            return false;
    }
    return true;
}

GPtrArray *tps_scenario_select(const GPtrArray *scenarios, const char *path, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GPtrArray) selected = g_ptr_array_new();
    GHashTableIter iter;
    void *name;
    void *place;

    if (!read_names(names, path, error))
        return NULL;
    for (guint i = 0; i < scenarios->len; i++) {
        TpsScenario *scenario = g_ptr_array_index(scenarios, i);

        if (g_hash_table_remove(names, scenario->name))
            g_ptr_array_add(selected, scenario);
    }
    g_hash_table_iter_init(&iter, names);
    if (!g_hash_table_iter_next(&iter, &name, &place))
        return g_steal_pointer(&selected);
    fail_unknown(scenarios, place, name, error);
    return NULL;
}

/* Ends the record that is open in `line`, and frees it. */
static bool write_line(int journal, GString *line, GError **error)
{
    bool ok;

    tps_json_line_seconds(line, "at", g_get_monotonic_time());
    tps_json_line_close(line, '}');
    line->str[line->len - 1] = '\n';
    ok = tps_write_all(journal, line->str, line->len);
    if (!ok)
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write the journal: %s",
                    g_strerror(errno));
    g_string_free(line, TRUE);
    return ok;
}

bool tps_scenario_report_start(int journal, const TpsScenario *scenario, GError **error)
{
    GString *line = g_string_new(NULL);

    tps_json_line_open(line, NULL, '{');
    tps_json_line_string(line, "start", scenario->name);
    return write_line(journal, line, error);
}

/* As a string of JSON, whatever bytes were printed: they are for people. */
static void add_shown(GString *line, const char *name, const char *bytes)
{
    g_autofree char *text = g_utf8_make_valid(bytes, -1);

    tps_json_line_string(line, name, text);
}

/* What it printed, and below it what is wrong: where a text is cut, its end is shown. */
static void add_failure(GString *line, const TpsPlayResult *result)
{
    g_autofree char *problems = tps_play_describe(result->scenario, result->failed);
    g_autofree char *message = g_strndup(problems, strcspn(problems, "\n"));
    const char *output = result->failed->output ? result->failed->output : "";
    bool open = *output && !g_str_has_suffix(output, "\n");
    g_autofree char *text = g_strconcat(output, open ? "\n" : "", problems, NULL);

    add_shown(line, "message", message);
    add_shown(line, "text", text);
}

bool tps_scenario_report_end(int journal, const TpsPlayResult *result, GError **error)
{
    GString *line = g_string_new(NULL);

    tps_json_line_open(line, NULL, '{');
    tps_json_line_string(line, "end", result->scenario->name);
    tps_json_line_string(line, "outcome", tps_outcome_name(result->outcome));
    tps_json_line_seconds(line, "seconds", result->wall_us);
    if (result->failed)
        add_failure(line, result);
    return write_line(journal, line, error);
}
