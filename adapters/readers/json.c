/* SPDX-License-Identifier: MIT */
#include "adapters/readers/json_internal.h"
#include "adapters/readers/readers.h"
#include "core/error.h"

#include <string.h>

/* "../../file": two levels up, and "file". */
typedef struct {
    const char *whole;
    const char *name;
    guint levels;
} Field;

/* A value on the way to the records. Objects only are levels. */
typedef struct Level {
    struct Level *up;
    const cJSON *object;
    const char *key;     /* the name '*' stood for, or NULL                                   */
    GRefString **values; /* of the fields that ask for a level above; NULL = not yet looked up */
} Level;

typedef struct {
    Field *fields;
    guint n_fields;
    GPtrArray *records;
    GError **error;
} Walk;

static Field parse_field(const char *whole)
{
    Field field = {.whole = whole, .name = whole};

    for (; g_str_has_prefix(field.name, "../"); field.name += 3)
        field.levels++;
    return field;
}

static GRefString *look_up(const cJSON *node, const char *key, const char *name)
{
    if (key && strcmp(name, "key") == 0)
        return g_ref_string_new(key);
    if (cJSON_IsObject(node))
        return tps_json_value(tps_json_find(node, name));
    return strcmp(name, "value") == 0 ? tps_json_value(node) : NULL;
}

static void level_fill(Level *level, const Walk *walk)
{
    level->values = g_new0(GRefString *, walk->n_fields);
    for (guint i = 0; i < walk->n_fields; i++)
        if (walk->fields[i].levels > 0)
            level->values[i] = look_up(level->object, level->key, walk->fields[i].name);
}

static void level_clear(Level *level, const Walk *walk)
{
    for (guint i = 0; level->values && i < walk->n_fields; i++)
        if (level->values[i])
            g_ref_string_release(level->values[i]);
    g_free(level->values);
}

/* A value of an enclosing object is made once, however many records are in it. Borrowed. */
static GRefString *value_above(const Walk *walk, Level *level, guint field)
{
    for (guint n = walk->fields[field].levels; level && n > 1; n--)
        level = level->up;
    if (level && !level->values)
        level_fill(level, walk);
    return level ? level->values[field] : NULL;
}

static void add_record(Walk *walk, const cJSON *node, const char *key, Level *up)
{
    GHashTable *record = tps_record_new();

    for (guint i = 0; i < walk->n_fields; i++) {
        const Field *field = &walk->fields[i];
        GRefString *above = field->levels > 0 ? value_above(walk, up, i) : NULL;
        GRefString *own = field->levels > 0 ? NULL : look_up(node, key, field->name);

        if (above || own)
            tps_record_share(record, field->whole, above ? above : own);
        if (own)
            g_ref_string_release(own);
    }
    g_ptr_array_add(walk->records, record);
}

static bool fail(const Walk *walk, char *const *steps, const char *what)
{
    g_set_error(walk->error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "'%s' %s", *steps, what);
    return false;
}

static bool walk_to(Walk *walk, const cJSON *node, const char *key, Level *up, char *const *steps,
                    bool sure);

static bool walk_all(Walk *walk, const cJSON *node, Level *up, char *const *steps)
{
    const cJSON *child;

    if (cJSON_IsNull(node))
        return true;
    if (!cJSON_IsArray(node) && !cJSON_IsObject(node))
        return fail(walk, steps, "stands for the elements of what is no array and no object");
    cJSON_ArrayForEach(child, node)
    {
        if (!cJSON_IsNull(child) &&
            !walk_to(walk, child, cJSON_IsObject(node) ? child->string : NULL, up, steps + 1,
                     false))
            return false;
    }
    return true;
}

/*
 *   sure   no '*' was met: there is one such value, and it has to be there
 */
static bool walk_to(Walk *walk, const cJSON *node, const char *key, Level *up, char *const *steps,
                    bool sure)
{
    Level level = {.up = up, .object = node, .key = key};
    Level *inner = cJSON_IsObject(node) ? &level : up;
    const cJSON *member;
    bool ok = true;

    if (!*steps) {
        add_record(walk, node, key, up);
        return true;
    }
    if (strcmp(*steps, "*") == 0) {
        ok = walk_all(walk, node, inner, steps);
    } else {
        member = cJSON_IsObject(node) ? cJSON_GetObjectItemCaseSensitive(node, *steps) : NULL;
        if (member)
            ok = walk_to(walk, member, NULL, inner, steps + 1, sure);
        else if (sure)
            ok = fail(walk, steps, "is missing");
    }
    level_clear(&level, walk);
    return ok;
}

/*
 * Banners before the document become blank, so that places are those of the input. False when there
 * is nothing else.
 */
static bool blank_banners(char *text, size_t length)
{
    TpsLine line = {.next = text};

    while (tps_line_read(line.next, text + length, &line)) {
        if (tps_json_line_may_begin(&line))
            return true;
        memset(text + (line.start - text), ' ', line.length);
    }
    return false;
}

/* Nothing but white space on the document's last line, and no other document behind it. */
static bool is_last(const char *at, const char *end)
{
    TpsLine line = {.next = at};

    if (!tps_line_read(at, end, &line))
        return true;
    for (size_t i = 0; i < line.length; i++)
        if (!g_ascii_isspace(line.start[i]))
            return false;
    while (tps_line_read(line.next, end, &line))
        if (tps_json_line_may_begin(&line))
            return false;
    return true;
}

static cJSON *parse(const char *bytes, size_t length, GError **error)
{
    g_autofree char *text = g_memdup2(bytes, length);
    g_autoptr(GError) why = NULL;
    g_autoptr(cJSON) root = NULL;
    const char *end;

    if (!blank_banners(text, length)) {
        g_set_error_literal(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "there is no JSON document");
        return NULL;
    }
    tps_json_mend(text, length);
    root = tps_json_parse_start(text, length, &end, &why);
    if (!root) {
        g_set_error_literal(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, why->message);
        return NULL;
    }
    if (!is_last(end, text + length)) {
        g_set_error_literal(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                            "something stands behind the JSON document");
        return NULL;
    }
    return g_steal_pointer(&root);
}

static Field *parse_fields(const char *const *names, guint *n_fields)
{
    Field *fields;

    *n_fields = g_strv_length((char **)names);
    fields = g_new0(Field, *n_fields + 1);
    for (guint i = 0; i < *n_fields; i++)
        fields[i] = parse_field(names[i]);
    return fields;
}

GPtrArray *tps_records_from_json(const char *text, size_t length, const char *path,
                                 const char *const *fields, GError **error)
{
    g_autoptr(GPtrArray) records = tps_records_new();
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    guint n_fields;
    g_autofree Field *parsed = parse_fields(fields, &n_fields);
    Walk walk = {parsed, n_fields, records, error};
    g_autoptr(cJSON) root = parse(text, length, error);

    if (!root || !walk_to(&walk, root, NULL, NULL, steps, true))
        return NULL;
    return g_steal_pointer(&records);
}

typedef struct {
    const char *const *fields;
    GPtrArray *records;
} Lines;

static void add_line(const cJSON *object, void *user)
{
    const Lines *lines = user;
    GHashTable *record = tps_record_new();

    for (const char *const *field = lines->fields; *field; field++) {
        GRefString *value = look_up(object, NULL, *field);

        if (value) {
            tps_record_share(record, *field, value);
            g_ref_string_release(value);
        }
    }
    g_ptr_array_add(lines->records, record);
}

GPtrArray *tps_records_from_json_lines(const char *text, size_t length, const char *const *fields,
                                       bool *torn, GError **error)
{
    g_autoptr(GPtrArray) records = tps_records_new();
    Lines lines = {fields, records};

    if (!tps_json_read_lines(text, length, add_line, &lines, torn, error))
        return NULL;
    return g_steal_pointer(&records);
}
