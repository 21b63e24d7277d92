/* SPDX-License-Identifier: MIT */
#include "scheduler/merge_heads.h"

#include "core/names.h"
#include "scheduler/output.h"

#include <string.h>

#define TEXT_BYTES ((size_t)64 << 10)
#define SUITE_BYTES ((size_t)1 << 20)

/* Between two texts; what is read again is taken apart there. */
#define BETWEEN "\n--- another report ---\n"
#define BETWEEN_HOSTS ", "

/* What every merge says anew. */
static const char *const ours[] = {"tpsched.scope",
                                   "tpsched.complete",
                                   "tpsched.started",
                                   "tpsched.ended",
                                   "tpsched.wall",
                                   "tpsched.cpu",
                                   NULL};

struct TpsSuiteHead {
    GHashTable *properties; /* of TpsProperty, a set; NULL = none yet */
    GHashTable *hosts;      /* of char*, likewise                     */
    GTree *outputs;         /* of char*, likewise                     */
    size_t output_bytes;
    char *output_limit; /* owned or NULL: texts from this on are too many */
};

TpsSuiteHead *tps_suite_head_new(void)
{
    return g_new0(TpsSuiteHead, 1);
}

void tps_suite_head_free(TpsSuiteHead *head)
{
    if (!head)
        return;
    g_clear_pointer(&head->properties, g_hash_table_unref);
    g_clear_pointer(&head->hosts, g_hash_table_unref);
    g_clear_pointer(&head->outputs, g_tree_unref);
    g_free(head->output_limit);
    g_free(head);
}

static guint property_hash(const void *key)
{
    const TpsProperty *property = key;

    return g_str_hash(property->name) * 31 + g_str_hash(property->value);
}

static gboolean property_equal(const void *a, const void *b)
{
    const TpsProperty *x = a;
    const TpsProperty *y = b;

    return strcmp(x->name, y->name) == 0 && strcmp(x->value, y->value) == 0;
}

static void property_free(gpointer data)
{
    TpsProperty *property = data;

    g_free(property->name);
    g_free(property->value);
    g_free(property);
}

static void add_properties(TpsSuiteHead *head, const GPtrArray *properties)
{
    for (guint i = 0; properties && i < properties->len; i++) {
        const TpsProperty *said = g_ptr_array_index(properties, i);
        TpsProperty *own;

        if (g_strv_contains(ours, said->name))
            continue;
        if (!head->properties)
            head->properties =
                g_hash_table_new_full(property_hash, property_equal, property_free, NULL);
        if (g_hash_table_contains(head->properties, said))
            continue;
        own = g_new0(TpsProperty, 1);
        own->name = g_strdup(said->name);
        own->value = g_strdup(said->value);
        g_hash_table_add(head->properties, own);
    }
}

static void add_hosts(TpsSuiteHead *head, const char *hostname)
{
    g_auto(GStrv) hosts = g_strsplit(hostname ? hostname : "", BETWEEN_HOSTS, -1);

    if (!head->hosts)
        head->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (char **host = hosts; *host; host++)
        if (**host)
            g_hash_table_add(head->hosts, g_strdup(*host));
}

static int compare_texts(const void *a, const void *b, void *user)
{
    (void)user;
    return strcmp(a, b);
}

/*
 * Too much: the last one by bytes goes, and whatever is behind it will not be taken, so that what
 * stays does not depend on who came first.
 */
static void drop_last(TpsSuiteHead *head)
{
    const char *last = g_tree_node_key(g_tree_node_last(head->outputs));

    g_free(head->output_limit);
    head->output_limit = g_strdup(last);
    head->output_bytes -= strlen(last);
    g_tree_remove(head->outputs, last);
}

static void add_output(TpsSuiteHead *head, const char *text)
{
    size_t length = strlen(text);
    g_autofree char *kept =
        length <= TEXT_BYTES ? g_strdup(text)
                             : tps_output_cut(text, TEXT_BYTES / 4, TEXT_BYTES / 2, length, true);

    if (!head->outputs)
        head->outputs = g_tree_new_full(compare_texts, NULL, g_free, NULL);
    if (!*kept || (head->output_limit && strcmp(kept, head->output_limit) >= 0) ||
        g_tree_lookup_node(head->outputs, kept))
        return;
    head->output_bytes += strlen(kept);
    g_tree_insert(head->outputs, g_steal_pointer(&kept), NULL);
    while (head->output_bytes > SUITE_BYTES)
        drop_last(head);
}

static void add_outputs(TpsSuiteHead *head, const char *output)
{
    g_auto(GStrv) texts = output && *output ? g_strsplit(output, BETWEEN, -1) : NULL;

    for (char **text = texts; text && *text; text++)
        add_output(head, *text);
}

void tps_suite_head_add(TpsSuiteHead *head, const TpsLooseSuite *said)
{
    add_properties(head, said->properties);
    add_hosts(head, said->hostname);
    add_outputs(head, said->output);
}

static char *joined_hosts(GHashTable *hosts)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name;

    if (!hosts || g_hash_table_size(hosts) == 0)
        return NULL;
    g_hash_table_iter_init(&iter, hosts);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_ptr_array_add(names, name);
    tps_names_sort(names);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(BETWEEN_HOSTS, (char **)names->pdata);
}

static gboolean append_output(gpointer text, gpointer value, gpointer output)
{
    (void)value;
    if (((GString *)output)->len > 0)
        g_string_append(output, BETWEEN);
    g_string_append(output, text);
    return FALSE;
}

void tps_suite_head_settle(const TpsSuiteHead *head, TpsReportSuite *suite)
{
    GHashTableIter iter;
    gpointer key;

    suite->hostname = joined_hosts(head->hosts);
    if (head->outputs)
        g_tree_foreach(head->outputs, append_output, suite->output);
    if (!head->properties)
        return;
    g_hash_table_iter_init(&iter, head->properties);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        tps_properties_add(suite->properties, ((const TpsProperty *)key)->name,
                           ((const TpsProperty *)key)->value);
    tps_properties_settle(suite->properties);
}
