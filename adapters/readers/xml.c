/* SPDX-License-Identifier: MIT */
#include "formats/xml.h"

#include "adapters/readers/readers.h"
#include "adapters/readers/readers_internal.h"

#include <string.h>

/* "E/a", or "a" of the record itself; "text" is no attribute, but what stands in the element. */
typedef struct {
    const char *whole;
    char *element; /* owned or NULL */
    const char *attribute;
    bool is_text;
} Field;

/* An element that is open. */
typedef struct {
    GRefString **around; /* [n_fields] what the nearest elements say, this one or around it */
    GHashTable *record;  /* borrowed or NULL: this element is one                           */
    GString *text;       /* or NULL: of what is in it, for this field                        */
    const char *text_field;
} Level;

typedef struct {
    const char *element;
    GArray *fields;      /* of Field                                          */
    GArray *levels;      /* of Level, from outside to inside                  */
    GPtrArray *records;  /* in the order they began                           */
    GHashTable *current; /* borrowed or NULL: the innermost one that is open  */
} Reader;

static void field_clear(gpointer data)
{
    g_free(((Field *)data)->element);
}

static GArray *parse_fields(const char *const *names)
{
    GArray *fields = g_array_new(FALSE, FALSE, sizeof(Field));

    g_array_set_clear_func(fields, field_clear);
    for (; *names; names++) {
        const char *slash = strchr(*names, '/');
        Field field = {.whole = *names,
                       .element = slash ? g_strndup(*names, (gsize)(slash - *names)) : NULL,
                       .attribute = slash ? slash + 1 : *names};

        field.is_text = strcmp(field.attribute, "text") == 0;
        g_array_append_val(fields, field);
    }
    return fields;
}

static const Field *field_at(const Reader *reader, guint i)
{
    return &g_array_index(reader->fields, Field, i);
}

static const char *find_attribute(const char *const *attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

/* What the element says of a field that names elements like it; NULL = nothing. */
static const char *find_of(const Field *field, const char *name, const char *const *attributes)
{
    return field->element && strcmp(field->element, name) == 0
               ? find_attribute(attributes, field->attribute)
               : NULL;
}

/* A value is made once, however many records are inside. */
static GRefString **look_around(const Reader *reader, const char *name,
                                const char *const *attributes)
{
    guint n = reader->levels->len;
    GRefString **outer = n > 0 ? g_array_index(reader->levels, Level, n - 1).around : NULL;
    GRefString **around = g_new0(GRefString *, reader->fields->len + 1);

    for (guint i = 0; i < reader->fields->len; i++) {
        const char *value = find_of(field_at(reader, i), name, attributes);

        if (value)
            around[i] = g_ref_string_new(value);
        else if (outer && outer[i])
            around[i] = g_ref_string_acquire(outer[i]);
    }
    return around;
}

static void collect(Level *level, const char *field)
{
    level->text = g_string_new(NULL);
    level->text_field = field;
}

static void begin_record(Reader *reader, Level *level, const char *const *attributes)
{
    level->record = reader->current = tps_record_new();
    g_ptr_array_add(reader->records, level->record);
    for (guint i = 0; i < reader->fields->len; i++) {
        const Field *field = field_at(reader, i);
        const char *own = field->element ? NULL : find_attribute(attributes, field->attribute);

        if (level->around[i])
            tps_record_share(level->record, field->whole, level->around[i]);
        else if (own)
            tps_record_set(level->record, field->whole, own);
        if (!field->element && field->is_text && !level->text)
            collect(level, field->whole);
    }
}

/* The first element of a name says it; a text is set when it ends, but taken now. */
static void add_inner(Reader *reader, Level *level, const char *name, const char *const *attributes)
{
    for (guint i = 0; i < reader->fields->len; i++) {
        const Field *field = field_at(reader, i);
        const char *value = find_of(field, name, attributes);

        if (tps_record_get(reader->current, field->whole))
            continue;
        if (value) {
            tps_record_set(reader->current, field->whole, value);
        } else if (field->is_text && field->element && strcmp(field->element, name) == 0) {
            tps_record_set(reader->current, field->whole, "");
            collect(level, field->whole);
        }
    }
}

static void on_start(const char *name, const char *const *attributes, void *user)
{
    Reader *reader = user;
    Level level = {.around = look_around(reader, name, attributes)};

    if (strcmp(name, reader->element) == 0)
        begin_record(reader, &level, attributes);
    else if (reader->current)
        add_inner(reader, &level, name, attributes);
    g_array_append_val(reader->levels, level);
}

static GHashTable *innermost(const Reader *reader)
{
    for (guint i = reader->levels->len; i-- > 0;) {
        GHashTable *record = g_array_index(reader->levels, Level, i).record;

        if (record)
            return record;
    }
    return NULL;
}

/* Close the innermost element. */
static void pop(Reader *reader)
{
    Level *level = &g_array_index(reader->levels, Level, reader->levels->len - 1);

    for (guint i = 0; i < reader->fields->len; i++)
        if (level->around[i])
            g_ref_string_release(level->around[i]);
    g_free(level->around);
    if (level->text)
        g_string_free(level->text, TRUE);
    g_array_set_size(reader->levels, reader->levels->len - 1);
    reader->current = innermost(reader);
}

static void on_end(const char *name, void *user)
{
    Reader *reader = user;
    const Level *level = &g_array_index(reader->levels, Level, reader->levels->len - 1);

    (void)name;
    if (level->text)
        tps_record_set_bytes(reader->current, level->text_field, level->text->str,
                             level->text->len);
    pop(reader);
}

/* Everything from the innermost element to the innermost record has it. */
static void on_text(const char *text, size_t length, void *user)
{
    Reader *reader = user;

    if (!reader->current)
        return;
    for (guint i = reader->levels->len; i-- > 0;) {
        const Level *level = &g_array_index(reader->levels, Level, i);

        if (level->text)
            g_string_append_len(level->text, text, (gssize)length);
        if (level->record)
            return;
    }
}

/* What is still open after damage is no record. */
static void drop_open(Reader *reader)
{
    while (reader->levels->len > 0) {
        GHashTable *open = g_array_index(reader->levels, Level, reader->levels->len - 1).record;

        if (open)
            g_ptr_array_remove(reader->records, open);
        pop(reader);
    }
}

GPtrArray *tps_records_from_xml(const char *text, size_t length, const char *element,
                                const char *const *fields, char **problem)
{
    static const TpsXmlHandler handler = {on_start, on_end, on_text};
    g_autoptr(GArray) parsed = parse_fields(fields);
    g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(Level));
    Reader reader = {.element = element, .fields = parsed, .levels = levels};
    g_autoptr(TpsXml) xml = tps_xml_new(&handler, &reader);
    g_autoptr(GError) why = NULL;

    reader.records = tps_records_new();
    if (tps_xml_feed(xml, text, length, &why))
        tps_xml_finish(xml, &why);
    drop_open(&reader);
    *problem = why ? g_strdup(why->message) : NULL;
    return reader.records;
}
