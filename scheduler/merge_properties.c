/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/saturate.h"
#include "core/status.h"
#include "scheduler/merge_internal.h"

#include <string.h>

static void add_part_property(TpsReportSuite *suite, const TpsPartReport *part, const char *what,
                              const char *value)
{
    g_autofree char *name = g_strdup_printf("tpsched.part.%d.%s", part->part.index, what);

    tps_properties_add(suite->properties, name, value);
}

void tps_merge_describe_part(TpsReportSuite *suite, const TpsPartReport *part)
{
    g_autofree char *wall = tps_seconds_text(part->wall_us);
    g_autofree char *cpu = tps_seconds_text(part->cpu_us);
    g_autofree char *memory =
        g_strdup_printf("%" G_GINT64_FORMAT, MAX(part->max_rss_bytes, part->peak_bytes));
    g_autofree char *attempt = g_strdup_printf("%d", part->attempt);
    g_autofree char *end = tps_status_describe_end(part);

    add_part_property(suite, part, "host", part->host);
    add_part_property(suite, part, "attempt", attempt);
    add_part_property(suite, part, "end", end);
    add_part_property(suite, part, "wall", wall);
    add_part_property(suite, part, "cpu", cpu);
    add_part_property(suite, part, "memory", memory);
    if (part->kept)
        add_part_property(suite, part, "sandbox", part->kept);
}

/* A property of one part. */
typedef struct {
    const char *name; /* borrowed from the part */
    const char *value;
    int part;
} Said;

static int compare_said(const void *a, const void *b)
{
    const Said *x = a;
    const Said *y = b;
    int order = strcmp(x->name, y->name);

    if (!order)
        order = (x->part > y->part) - (x->part < y->part);
    return order ? order : strcmp(x->value, y->value);
}

static GArray *all_said(const GPtrArray *slots, guint first, guint end)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Said));

    for (guint i = first; i < end; i++) {
        const TpsMergeSlot *slot = g_ptr_array_index(slots, i);
        const TpsPartReport *part = slot->attempts->len ? tps_merge_slot_latest(slot) : NULL;

        for (guint j = 0; part && j < part->properties->len; j++) {
            const TpsProperty *property = g_ptr_array_index(part->properties, j);
            Said said = {property->name, property->value, part->part.index};

            g_array_append_val(all, said);
        }
    }
    g_array_sort(all, compare_said);
    return all;
}

static bool is_same_said(const Said *a, const Said *b)
{
    return a->part == b->part && strcmp(a->value, b->value) == 0;
}

/* All of one name: once where they agree, else each with its part. */
static void add_said(TpsReportSuite *suite, const Said *said, guint n)
{
    bool agree = true;

    for (guint i = 1; i < n; i++)
        agree &= strcmp(said[i].value, said[0].value) == 0;
    for (guint i = 0; i < (agree ? 1 : n); i++) {
        g_autofree char *name = agree ? g_strdup(said[i].name)
                                      : g_strdup_printf("%s@part.%d", said[i].name, said[i].part);

        if (i == 0 || !is_same_said(&said[i - 1], &said[i]))
            tps_properties_add(suite->properties, name, said[i].value);
    }
}

void tps_merge_unite_properties(TpsReportSuite *suite, const GPtrArray *slots, guint first,
                                guint end)
{
    g_autoptr(GArray) all = all_said(slots, first, end);
    const Said *said = (const Said *)(void *)all->data;

    for (guint i = 0, next; i < all->len; i = next) {
        for (next = i + 1; next < all->len && strcmp(said[next].name, said[i].name) == 0;)
            next++;
        add_said(suite, said + i, next - i);
    }
}

void tps_merge_sum_times(TpsReportSuite *suite, const GPtrArray *slots, guint first, guint end)
{
    int64_t cpu_us = 0;

    for (guint i = first; i < end; i++) {
        const TpsMergeSlot *slot = g_ptr_array_index(slots, i);

        for (guint j = 0; j < slot->attempts->len; j++)
            cpu_us = tps_add_sat(
                cpu_us, ((const TpsPartReport *)g_ptr_array_index(slot->attempts, j))->cpu_us);
    }
    if (suite->started_us != TPS_TIME_UNKNOWN) {
        g_autofree char *wall = tps_seconds_text(suite->ended_us - suite->started_us);
        g_autofree char *cpu = tps_seconds_text(cpu_us);

        tps_properties_add(suite->properties, "tpsched.wall", wall);
        tps_properties_add(suite->properties, "tpsched.cpu", cpu);
    }
}
