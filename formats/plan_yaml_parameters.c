/* SPDX-License-Identifier: MIT */
#include "formats/plan_yaml_internal.h"

#include <string.h>

/* Of all texts that parameters made: a long file must not become a machine full of them. */
#define FILLED_MAX_BYTES (256 * 1024 * 1024)

/* One entry of `parameters`, and the suite that it makes. */
typedef struct {
    TpsYaml *yaml;
    const yaml_node_t *suite_node;
    TpsPlanYaml *reader;
    TpsSuite *suite;
    GHashTable *values; /* char* -> const char* of the document */
    GString *label;     /* "1, a" or "db=mysql"                 */
} Entry;

/* The settings of an entry; no value can have such a name. */
static const TpsYamlKey *setting(const char *name)
{
    static const char *const settings[] = {"parts", "weight", "rerun", "timeout", NULL};

    return g_strv_contains(settings, name) ? tps_plan_yaml_suite_key(name) : NULL;
}

/* `name` is taken. */
static bool add_value(Entry *entry, const yaml_node_t *place, char *name, const char *value,
                      GError **error)
{
    g_autofree char *mine = name;

    if (!*name || strpbrk(name, "{}"))
        return tps_yaml_fail(entry->yaml, place, error, "'%s' can't be the name of a parameter",
                             name);
    if (g_hash_table_contains(entry->values, name))
        return tps_yaml_fail(entry->yaml, place, error, "'%s' is given twice", name);
    g_hash_table_insert(entry->values, g_steal_pointer(&mine), (void *)value);
    return true;
}

static bool add_positional(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    Entry *entry = target;
    const char *value = tps_yaml_scalar(yaml, node, "a value", error);

    if (!value)
        return false;
    g_string_append_printf(entry->label, "%s%s", entry->label->len > 0 ? ", " : "", value);
    return add_value(entry, node, g_strdup_printf("%u", g_hash_table_size(entry->values)), value,
                     error);
}

static bool add_named(Entry *entry, const yaml_node_t *key, const yaml_node_t *node, GError **error)
{
    const char *name = tps_yaml_scalar(entry->yaml, key, "a name", error);
    const char *value = name ? tps_yaml_scalar(entry->yaml, node, "a value", error) : NULL;

    if (!value)
        return false;
    g_string_append_printf(entry->label, "%s%s=%s", entry->label->len > 0 ? ", " : "", name, value);
    return add_value(entry, key, g_strdup(name), value, error);
}

static bool read_setting(Entry *entry, const yaml_node_t *key, const yaml_node_t *node,
                         GHashTable *seen, GError **error)
{
    const char *name = (const char *)key->data.scalar.value;

    if (!g_hash_table_add(seen, (void *)name))
        return tps_yaml_fail(entry->yaml, key, error, "'%s' is given twice", name);
    return setting(name)->read(entry->yaml, node, entry->suite, error);
}

/* `listed`: the values are a list behind `values`, so there are no named ones. */
static bool read_pair(Entry *entry, const yaml_node_pair_t *pair, bool listed, GHashTable *seen,
                      GError **error)
{
    const yaml_node_t *key = yaml_document_get_node(&entry->yaml->document, pair->key);
    const yaml_node_t *node = yaml_document_get_node(&entry->yaml->document, pair->value);
    const char *name = tps_yaml_scalar(entry->yaml, key, "a name", error);

    if (!name)
        return false;
    if (setting(name))
        return read_setting(entry, key, node, seen, error);
    if (!listed)
        return add_named(entry, key, node, error);
    if (strcmp(name, "values") != 0)
        return tps_yaml_fail(entry->yaml, key, error,
                             "unknown key '%s'; beside 'values' there can be parts, weight, "
                             "rerun, timeout",
                             name);
    if (g_hash_table_size(entry->values) > 0)
        return tps_yaml_fail(entry->yaml, key, error, "'values' is given twice");
    return tps_yaml_read_list(entry->yaml, node, add_positional, entry, error);
}

static bool read_values(Entry *entry, const yaml_node_t *node, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    bool listed;

    if (node->type == YAML_SCALAR_NODE)
        return add_positional(entry->yaml, node, entry, error);
    if (node->type == YAML_SEQUENCE_NODE)
        return tps_yaml_read_list(entry->yaml, node, add_positional, entry, error);
    listed = tps_plan_yaml_find(entry->yaml, node, "values") != NULL;
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++)
        if (!read_pair(entry, pair, listed, seen, error))
            return false;
    return true;
}

/* For messages: the first few names in braces. */
static char *known_names(const Entry *entry)
{
    g_autoptr(GList) names = g_hash_table_get_keys(entry->values);
    g_autoptr(GString) text = g_string_new(NULL);
    unsigned n = 0;

    names = g_list_sort(names, (GCompareFunc)strcmp);
    for (const GList *at = names; at && n < 10; at = at->next, n++)
        g_string_append_printf(text, "%s{%s}", n > 0 ? ", " : "", (const char *)at->data);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The value of a placeholder, whose '{' is at `*text`, which goes behind its '}'. NULL on errors.
 */
static const char *take_value(const Entry *entry, const yaml_node_t *place, const char **text,
                              GError **error)
{
    const char *end = strchr(*text, '}');
    g_autofree char *name = end ? g_strndup(*text + 1, (gsize)(end - *text - 1)) : NULL;
    g_autofree char *known = NULL;
    const char *value;

    if (!end) {
        tps_yaml_fail(entry->yaml, place, error, "'{' has no '}'; a brace itself is '{{'");
        return NULL;
    }
    value = g_hash_table_lookup(entry->values, name);
    if (!value) {
        known = known_names(entry);
        tps_yaml_fail(entry->yaml, place, error,
                      "there is no parameter '{%s}', but %s; a brace itself is '{{'", name, known);
    }
    *text = end + 1;
    return value;
}

/* A run of anything but braces, or one brace that is written twice; false at a placeholder. */
static bool take_plain(const char **text, GString *filled)
{
    size_t length = strcspn(*text, "{}");

    if (length == 0 && (*text)[0] == (*text)[1]) {
        g_string_append_c(filled, (*text)[0]);
        *text += 2;
        return true;
    }
    g_string_append_len(filled, *text, (gssize)length);
    *text += length;
    return length > 0;
}

/* The text with its values; NULL on errors. Caller frees. */
static char *fill(const Entry *entry, const yaml_node_t *place, const char *text, bool *any,
                  GError **error)
{
    g_autoptr(GString) filled = g_string_new(NULL);

    while (*text) {
        const char *value;

        if (take_plain(&text, filled))
            continue;
        if (*text == '}') {
            tps_yaml_fail(entry->yaml, place, error, "'}' has no '{'; a brace itself is '}}'");
            return NULL;
        }
        value = take_value(entry, place, &text, error);
        if (!value)
            return NULL;
        g_string_append(filled, value);
        *any = true;
        if (filled->len > FILLED_MAX_BYTES)
            break;
    }
    entry->reader->filled_bytes += filled->len;
    if (entry->reader->filled_bytes > FILLED_MAX_BYTES) {
        tps_yaml_fail(entry->yaml, place, error, "parameters make more than %d MiB of text",
                      FILLED_MAX_BYTES / 1024 / 1024);
        return NULL;
    }
    return g_string_free(g_steal_pointer(&filled), FALSE);
}

static const yaml_node_t *field(const Entry *entry, const char *key)
{
    return tps_plan_yaml_find(entry->yaml, entry->suite_node, key);
}

/* A text that was given and must not become empty. */
static bool fill_text(const Entry *entry, const char *key, char **text, bool *any, GError **error)
{
    const yaml_node_t *node = field(entry, key);
    char *filled;

    if (!node)
        return true;
    filled = fill(entry, node, (const char *)node->data.scalar.value, any, error);
    if (!filled)
        return false;
    g_free(*text);
    *text = filled;
    return *filled ||
           tps_yaml_fail(entry->yaml, node, error, "'%s' is empty with these parameters", key);
}

/* Where the text came from, as exactly as the document says. */
static const yaml_node_t *place_of(const Entry *entry, const yaml_node_t *node, size_t i)
{
    yaml_document_t *document = &entry->yaml->document;

    if (node->type == YAML_SEQUENCE_NODE)
        return yaml_document_get_node(document, node->data.sequence.items.start[i]);
    if (node->type == YAML_MAPPING_NODE)
        return yaml_document_get_node(document, node->data.mapping.pairs.start[i].value);
    return node;
}

/* Texts that were split into words before, so that a value never becomes several. */
static bool fill_texts(const Entry *entry, const char *key, char **texts, GError **error)
{
    const yaml_node_t *node = field(entry, key);
    bool any;

    for (size_t i = 0; node && texts[i]; i++) {
        char *filled = fill(entry, place_of(entry, node, i), texts[i], &any, error);

        if (!filled)
            return false;
        g_free(texts[i]);
        texts[i] = filled;
    }
    return true;
}

static bool fill_env(const Entry *entry, GError **error)
{
    const yaml_node_t *node = field(entry, "env");
    bool any;

    for (size_t i = 0; node && entry->suite->env[i]; i++) {
        char *variable = entry->suite->env[i];
        size_t length = (size_t)(strchr(variable, '=') - variable);
        g_autofree char *value =
            fill(entry, place_of(entry, node, i), variable + length + 1, &any, error);

        if (!value)
            return false;
        entry->suite->env[i] = g_strdup_printf("%.*s=%s", (int)length, variable, value);
        g_free(variable);
    }
    return true;
}

/* From its text: what was made of it was made with the braces. */
static bool fill_cwd(const Entry *entry, GError **error)
{
    g_autofree char *relative = NULL;
    bool any;

    if (!fill_text(entry, "cwd", &relative, &any, error))
        return false;
    if (relative) {
        g_free(entry->suite->cwd);
        entry->suite->cwd = g_canonicalize_filename(relative, entry->yaml->directory);
    }
    return true;
}

static bool fill_commands(const Entry *entry, GError **error)
{
    static const char *const keys[] = {"command", "setup", "teardown"};
    TpsSuite *suite = entry->suite;
    char **const commands[] = {suite->command, suite->fixture.setup, suite->fixture.teardown};

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (!fill_texts(entry, keys[i], commands[i], error))
            return false;
        if (commands[i] && !*commands[i][0])
            return tps_yaml_fail(entry->yaml, field(entry, keys[i]), error,
                                 "a program is expected here");
    }
    return true;
}

static bool fill_name(const Entry *entry, GError **error)
{
    TpsSuite *suite = entry->suite;
    bool any = false;

    if (!fill_text(entry, "name", &suite->name, &any, error))
        return false;
    if (!any && suite->name) {
        g_autofree char *name = g_steal_pointer(&suite->name);

        suite->name = g_strdup_printf("%s(%s)", name, entry->label->str);
        entry->reader->filled_bytes += strlen(suite->name);
    }
    return true;
}

static bool fill_tags(const Entry *entry, GError **error)
{
    const yaml_node_t *node = field(entry, "tags");
    char **tags = entry->suite->tags;

    if (!fill_texts(entry, "tags", tags, error))
        return false;
    for (size_t i = 0; node && tags[i]; i++)
        if (!tps_plan_yaml_check_tag(entry->yaml, place_of(entry, node, i), tags[i], error))
            return false;
    return true;
}

static bool fill_suite(const Entry *entry, GError **error)
{
    bool any;

    return fill_name(entry, error) && fill_commands(entry, error) &&
           fill_texts(entry, "args", entry->suite->args, error) &&
           fill_text(entry, "path", &entry->suite->path, &any, error) && fill_cwd(entry, error) &&
           fill_env(entry, error) && fill_tags(entry, error);
}

static bool add_entry(Entry *entry, const yaml_node_t *node, GError **error)
{
    if (!read_values(entry, node, error))
        return false;
    if (g_hash_table_size(entry->values) == 0)
        return tps_yaml_fail(entry->yaml, node, error, "there is no value in it");
    return fill_suite(entry, error);
}

typedef struct {
    const yaml_node_t *suite_node;
    TpsPlanYaml *reader;
} Context;

static bool read_entry(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    const Context *context = target;
    g_autoptr(TpsSuite) suite = tps_plan_yaml_make_suite(yaml, context->suite_node, error);
    g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) label = g_string_new(NULL);
    Entry entry = {yaml, context->suite_node, context->reader, suite, values, label};

    if (!suite || !add_entry(&entry, node, error))
        return false;
    return tps_plan_yaml_add_suite(yaml, context->suite_node, node, g_steal_pointer(&suite),
                                   context->reader->file, error);
}

bool tps_plan_yaml_read_parameters(TpsYaml *yaml, const yaml_node_t *node,
                                   const yaml_node_t *parameters, TpsPlanYaml *reader,
                                   GError **error)
{
    Context context = {node, reader};

    if (parameters->data.sequence.items.start == parameters->data.sequence.items.top)
        return tps_yaml_fail(yaml, parameters, error,
                             "there are no parameters in it, so there would be no suite");
    return tps_yaml_read_list(yaml, parameters, read_entry, &context, error);
}
