/* SPDX-License-Identifier: MIT */
#include "scheduler/resources.h"

#include "core/saturate.h"

#include <string.h>

static const TpsClaim one_worker = {.slots = 1};

static const TpsClaim *whole(const TpsClaim *claim)
{
    return claim ? claim : &one_worker;
}

static void claim_free(TpsClaim *claim)
{
    g_free(claim->demands);
    g_free(claim);
}

static int capacity_of(const TpsStock *stock, size_t resource)
{
    return g_array_index(stock->capacity, int, resource);
}

/* Its number; it is added when it is not there. */
static size_t resource_named(TpsStock *stock, const char *name, int capacity)
{
    for (guint i = 0; i < stock->names->len; i++)
        if (strcmp(g_ptr_array_index(stock->names, i), name) == 0)
            return i;
    g_ptr_array_add(stock->names, g_strdup(name));
    g_array_append_val(stock->capacity, capacity);
    return stock->names->len - 1;
}

TpsStock *tps_stock_new(const GArray *resources, int64_t memory_bytes)
{
    TpsStock *stock = g_new0(TpsStock, 1);

    stock->memory_bytes = memory_bytes;
    stock->names = g_ptr_array_new_with_free_func(g_free);
    stock->capacity = g_array_new(FALSE, FALSE, sizeof(int));
    stock->claims = g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
    for (guint i = 0; resources && i < resources->len; i++) {
        const TpsResource *resource = &g_array_index(resources, TpsResource, i);

        resource_named(stock, resource->name, resource->count);
    }
    stock->n_devices = stock->names->len;
    return stock;
}

void tps_stock_free(TpsStock *stock)
{
    if (!stock)
        return;
    g_ptr_array_unref(stock->names);
    g_array_unref(stock->capacity);
    g_ptr_array_unref(stock->claims);
    g_free(stock);
}

static void add_demands(TpsStock *stock, TpsClaim *claim, const TpsNeeds *needs)
{
    claim->demands = g_new0(TpsDemand, g_strv_length(needs->locks) + needs->resources->len);
    for (char **lock = needs->locks; *lock; lock++)
        claim->demands[claim->n_demands++] = (TpsDemand){resource_named(stock, *lock, 1), 1};
    for (guint i = 0; i < needs->resources->len; i++) {
        const TpsResource *wanted = &g_array_index(needs->resources, TpsResource, i);

        claim->demands[claim->n_demands++] =
            (TpsDemand){resource_named(stock, wanted->name, wanted->count), wanted->count};
    }
}

const TpsClaim *tps_stock_claim(TpsStock *stock, const TpsNeeds *needs)
{
    TpsClaim *claim;

    if (tps_needs_are_trivial(needs))
        return NULL;
    claim = g_new0(TpsClaim, 1);
    claim->slots = needs->slots;
    claim->exclusive = needs->exclusive;
    claim->memory_bytes = stock->memory_bytes > 0 ? needs->memory_bytes : 0;
    if (claim->memory_bytes > stock->memory_bytes) { /* at least nobody else is in its way */
        claim->exclusive = true;
        claim->memory_bytes = stock->memory_bytes;
    }
    add_demands(stock, claim, needs);
    g_ptr_array_add(stock->claims, claim);
    return claim;
}

TpsUse tps_use_new(const TpsStock *stock, int n_workers)
{
    return (TpsUse){
        .stock = stock, .n_workers = n_workers, .count = g_new0(int, stock->names->len)};
}

TpsUse tps_use_copy(const TpsUse *use)
{
    TpsUse copy = *use;

    copy.count = g_memdup2(use->count, use->stock->names->len * sizeof *use->count);
    return copy;
}

void tps_use_clear(TpsUse *use)
{
    g_clear_pointer(&use->count, g_free);
}

static int workers_of(const TpsUse *use, const TpsClaim *claim)
{
    return MIN(claim->slots, use->n_workers);
}

bool tps_use_fits(const TpsUse *use, const TpsClaim *claim)
{
    claim = whole(claim);
    if (use->exclusive || (claim->exclusive && use->n_running > 0) ||
        use->n_taken + workers_of(use, claim) > use->n_workers ||
        (claim->memory_bytes > 0 &&
         claim->memory_bytes > use->stock->memory_bytes - use->memory_bytes))
        return false;
    for (size_t i = 0; i < claim->n_demands; i++) {
        const TpsDemand *demand = &claim->demands[i];

        if (use->count[demand->resource] + demand->count >
            capacity_of(use->stock, demand->resource))
            return false;
    }
    return true;
}

static int wants_of(const TpsClaim *claim, size_t resource)
{
    for (size_t i = 0; i < claim->n_demands; i++)
        if (claim->demands[i].resource == resource)
            return claim->demands[i].count;
    return 0;
}

bool tps_use_leaves(const TpsUse *use, const TpsClaim *claim, const TpsClaim *other)
{
    claim = whole(claim);
    other = whole(other);
    if (!tps_use_fits(use, claim) || claim->exclusive || other->exclusive ||
        use->n_taken + workers_of(use, claim) + workers_of(use, other) > use->n_workers ||
        (claim->memory_bytes > 0 &&
         claim->memory_bytes + other->memory_bytes > use->stock->memory_bytes - use->memory_bytes))
        return false;
    for (size_t i = 0; i < claim->n_demands; i++) {
        const TpsDemand *demand = &claim->demands[i];

        if (use->count[demand->resource] + demand->count + wants_of(other, demand->resource) >
            capacity_of(use->stock, demand->resource))
            return false;
    }
    return true;
}

/* `sign` is 1 to take and -1 to give. */
static void change(TpsUse *use, const TpsClaim *claim, int sign)
{
    use->n_running += sign;
    use->n_taken += sign * claim->slots;
    use->memory_bytes += sign * claim->memory_bytes;
    if (claim->exclusive)
        use->exclusive = sign > 0;
    for (size_t i = 0; i < claim->n_demands; i++)
        use->count[claim->demands[i].resource] += sign * claim->demands[i].count;
}

void tps_use_take(TpsUse *use, const TpsClaim *claim)
{
    change(use, whole(claim), 1);
}

void tps_use_give(TpsUse *use, const TpsClaim *claim)
{
    change(use, whole(claim), -1);
}

int tps_use_idle(const TpsUse *use)
{
    return use->exclusive ? 0 : MAX(use->n_workers - use->n_taken, 0);
}

struct TpsDevices {
    const TpsStock *stock;
    bool **busy; /* [n_devices][capacity] */
};

TpsDevices *tps_devices_new(const TpsStock *stock)
{
    TpsDevices *devices = g_new0(TpsDevices, 1);

    devices->stock = stock;
    devices->busy = g_new0(bool *, stock->n_devices);
    for (size_t i = 0; i < stock->n_devices; i++)
        devices->busy[i] = g_new0(bool, (gsize)capacity_of(stock, i));
    return devices;
}

void tps_devices_free(TpsDevices *devices)
{
    if (!devices)
        return;
    for (size_t i = 0; i < devices->stock->n_devices; i++)
        g_free(devices->busy[i]);
    g_free(devices->busy);
    g_free(devices);
}

int *tps_devices_take(TpsDevices *devices, const TpsClaim *claim)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int));

    for (size_t i = 0; claim && i < claim->n_demands; i++) {
        const TpsDemand *demand = &claim->demands[i];
        int left = demand->resource < devices->stock->n_devices ? demand->count : 0;

        for (int id = 0; left > 0; id++) {
            bool *busy = &devices->busy[demand->resource][id];

            if (*busy)
                continue;
            *busy = true;
            g_array_append_val(ids, id);
            left--;
        }
    }
    return (int *)(void *)g_array_steal(ids, NULL);
}

void tps_devices_give(TpsDevices *devices, const TpsClaim *claim, const int *ids)
{
    for (size_t i = 0; claim && i < claim->n_demands; i++) {
        const TpsDemand *demand = &claim->demands[i];

        if (demand->resource >= devices->stock->n_devices)
            continue;
        for (int j = 0; j < demand->count; j++)
            devices->busy[demand->resource][*ids++] = false;
    }
}

char **tps_devices_environment(const TpsStock *stock, const TpsClaim *claim, const int *ids)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (size_t i = 0; claim && i < claim->n_demands; i++) {
        const TpsDemand *demand = &claim->demands[i];
        g_autofree char *name = NULL;
        g_autoptr(GString) entry = NULL;

        if (demand->resource >= stock->n_devices)
            continue;
        name = tps_resource_variable(g_ptr_array_index(stock->names, demand->resource));
        entry = g_string_new(name);
        for (int j = 0; j < demand->count; j++)
            g_string_append_printf(entry, "%c%d", j ? ',' : '=', *ids++);
        g_strv_builder_add(builder, entry->str);
    }
    return g_strv_builder_end(builder);
}

void tps_grant_clear(TpsGrant *grant)
{
    g_clear_pointer(&grant->ids, g_free);
    g_clear_pointer(&grant->variables, g_strfreev);
}
