/* SPDX-License-Identifier: MIT */
#include "core/needs.h"

#include "core/bytes.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX "TPSCHED_"

/* What other variables of ours are named. */
static const char *const taken[] = {
    "ATTEMPT",          "CHECK_MARK", "JOURNAL", "LIST",        "PART",          "PARTS",
    "PLAN_SANDBOX",     "REPORT_DIR", "REQUEST", "RUN_ATTEMPT", "RUN_ID",        "SANDBOX",
    "SELECT",           "SLOT",       "SLOTS",   "SUITE",       "SUITE_SANDBOX", "TASK",
    "TESTCASE_TIMEOUT", "UNIT",       "UNTIL",   "WORTH",
};

static void resource_clear(void *resource)
{
    g_free(((TpsResource *)resource)->name);
}

GArray *tps_resources_new(void)
{
    GArray *resources = g_array_new(FALSE, FALSE, sizeof(TpsResource));

    g_array_set_clear_func(resources, resource_clear);
    return resources;
}

static const TpsResource *at(const GArray *resources, guint i)
{
    return &g_array_index(resources, TpsResource, i);
}

GArray *tps_resources_copy(const GArray *resources)
{
    GArray *copy = tps_resources_new();

    for (guint i = 0; i < resources->len; i++)
        tps_resources_add(copy, at(resources, i)->name, at(resources, i)->count);
    return copy;
}

bool tps_resources_add(GArray *resources, const char *name, int count)
{
    TpsResource resource;
    guint i = 0;

    while (i < resources->len && strcmp(at(resources, i)->name, name) < 0)
        i++;
    if (i < resources->len && strcmp(at(resources, i)->name, name) == 0)
        return false;
    resource = (TpsResource){.name = g_strdup(name), .count = count};
    g_array_insert_val(resources, i, resource);
    return true;
}

int tps_resources_count(const GArray *resources, const char *name)
{
    for (guint i = 0; i < resources->len; i++)
        if (strcmp(at(resources, i)->name, name) == 0)
            return at(resources, i)->count;
    return 0;
}

TpsNeeds *tps_needs_new(void)
{
    TpsNeeds *needs = g_new0(TpsNeeds, 1);

    needs->slots = 1;
    needs->locks = g_new0(char *, 1);
    needs->resources = tps_resources_new();
    return needs;
}

TpsNeeds *tps_needs_copy(const TpsNeeds *needs)
{
    TpsNeeds *copy;

    if (!needs)
        return NULL;
    copy = g_memdup2(needs, sizeof *needs);
    copy->locks = g_strdupv(needs->locks);
    copy->resources = tps_resources_copy(needs->resources);
    return copy;
}

void tps_needs_free(TpsNeeds *needs)
{
    if (!needs)
        return;
    g_strfreev(needs->locks);
    g_array_unref(needs->resources);
    g_free(needs);
}

bool tps_needs_are_trivial(const TpsNeeds *needs)
{
    return !needs || (needs->slots <= 1 && !needs->exclusive && needs->memory_bytes == 0 &&
                      !*needs->locks && needs->resources->len == 0);
}

static bool same_resources(const GArray *a, const GArray *b)
{
    if (a->len != b->len)
        return false;
    for (guint i = 0; i < a->len; i++)
        if (strcmp(at(a, i)->name, at(b, i)->name) != 0 || at(a, i)->count != at(b, i)->count)
            return false;
    return true;
}

bool tps_needs_equal(const TpsNeeds *a, const TpsNeeds *b)
{
    if (tps_needs_are_trivial(a) || tps_needs_are_trivial(b))
        return tps_needs_are_trivial(a) && tps_needs_are_trivial(b);
    return a->slots == b->slots && a->exclusive == b->exclusive &&
           a->memory_bytes == b->memory_bytes &&
           g_strv_equal((const char *const *)a->locks, (const char *const *)b->locks) &&
           same_resources(a->resources, b->resources);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void tps_needs_set_locks(TpsNeeds *needs, char **locks)
{
    guint n = g_strv_length(locks);
    guint kept = 0;

    qsort(locks, n, sizeof *locks, compare_names);
    for (guint i = 0; i < n; i++) {
        if (kept > 0 && strcmp(locks[kept - 1], locks[i]) == 0)
            g_free(locks[i]);
        else
            locks[kept++] = locks[i];
    }
    locks[kept] = NULL;
    g_strfreev(needs->locks);
    needs->locks = locks;
}

char *tps_needs_trouble(const TpsNeeds *needs, const char *suite, const GArray *available)
{
    for (char **lock = needs ? needs->locks : NULL; lock && *lock; lock++)
        if (tps_resources_count(available, *lock) > 0)
            return g_strdup_printf("suite '%s': '%s' is a resource, not a lock; write "
                                   "'resources: {%s: 1}'",
                                   suite, *lock, *lock);
    for (guint i = 0; needs && i < needs->resources->len; i++) {
        const TpsResource *wanted = at(needs->resources, i);
        int count = tps_resources_count(available, wanted->name);

        if (count == 0)
            return g_strdup_printf("suite '%s' wants resource '%s', which the plan file does not "
                                   "declare; write 'resources: {%s: N}' beside 'suites'",
                                   suite, wanted->name, wanted->name);
        if (count < wanted->count)
            return g_strdup_printf("suite '%s' wants %d of resource '%s', and there %s %d", suite,
                                   wanted->count, wanted->name, count == 1 ? "is" : "are", count);
    }
    return NULL;
}

static void append(GString *text, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void append(GString *text, const char *format, ...)
{
    va_list arguments;

    if (text->len > 0)
        g_string_append(text, ", ");
    va_start(arguments, format);
    g_string_append_vprintf(text, format, arguments);
    va_end(arguments);
}

char *tps_needs_describe(const TpsNeeds *needs)
{
    GString *text = g_string_new(NULL);
    g_autofree char *memory = needs ? tps_bytes_format(needs->memory_bytes) : NULL;

    if (needs && needs->exclusive)
        append(text, "exclusive");
    if (needs && needs->slots > 1)
        append(text, "slots %d", needs->slots);
    for (char **lock = needs ? needs->locks : NULL; lock && *lock; lock++)
        append(text, "lock %s", *lock);
    for (guint i = 0; needs && i < needs->resources->len; i++)
        append(text, "%s %d", at(needs->resources, i)->name, at(needs->resources, i)->count);
    if (needs && needs->memory_bytes > 0)
        append(text, "memory %s", memory);
    return g_string_free(text, FALSE);
}

/* What stands behind the prefix. */
static char *variable_part(const char *name)
{
    char *part = g_ascii_strup(name, -1);

    for (char *c = part; *c; c++)
        if (!g_ascii_isalnum(*c))
            *c = '_';
    return part;
}

char *tps_resource_variable(const char *name)
{
    g_autofree char *part = variable_part(name);

    return g_strconcat(PREFIX, part, NULL);
}

static bool is_word(const char *name)
{
    bool word = g_ascii_isalpha(*name);

    for (const char *c = name; *c; c++)
        word &= g_ascii_isalnum(*c) || strchr("_-.", *c);
    return word;
}

char *tps_resource_name_trouble(const char *name, const GArray *others)
{
    g_autofree char *part = variable_part(name);

    if (!is_word(name))
        return g_strdup_printf("'%s' is not the name of a resource: letters, digits, '_', '-' and "
                               "'.', a letter first",
                               name);
    for (size_t i = 0; i < G_N_ELEMENTS(taken); i++)
        if (strcmp(part, taken[i]) == 0)
            return g_strdup_printf("a resource can't be named '%s': " PREFIX "%s is another "
                                   "variable",
                                   name, part);
    for (guint i = 0; i < others->len; i++) {
        g_autofree char *other = variable_part(at(others, i)->name);

        if (strcmp(part, other) == 0 && strcmp(name, at(others, i)->name) != 0)
            return g_strdup_printf("resources '%s' and '%s' would share the variable " PREFIX "%s",
                                   at(others, i)->name, name, part);
    }
    return NULL;
}
