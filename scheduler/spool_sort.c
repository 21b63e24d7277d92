/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "scheduler/spool_internal.h"

#include <string.h>

/* One result of that size is a mistake, or never ends. */
#define RECORD_MAX ((size_t)1 << 30)

/* A record in the buffer. */
typedef struct {
    uint64_t sign; /* the bytes of the id behind what all of its suite here begin with */
    uint32_t suite;
    uint32_t offset;
} Entry;

/* What the ids of a suite begin with. */
typedef struct {
    const char *id;
    size_t length;
} Common;

struct TpsSpoolSorter {
    TpsSpoolTape *tape;
    size_t buffer_bytes;
    GByteArray *buffer; /* records, as they came */
    GArray *entries;    /* of Entry              */
    void (*add_run)(TpsSpoolRun run, void *user);
    void *user;
};

TpsSpoolSorter *tps_spool_sorter_new(TpsSpoolTape *tape, size_t buffer_bytes,
                                     void (*add_run)(TpsSpoolRun run, void *user), void *user)
{
    TpsSpoolSorter *sorter = g_new0(TpsSpoolSorter, 1);

    sorter->tape = tape;
    sorter->buffer_bytes = buffer_bytes;
    sorter->buffer = g_byte_array_new();
    sorter->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    sorter->add_run = add_run;
    sorter->user = user;
    return sorter;
}

void tps_spool_sorter_free(TpsSpoolSorter *sorter)
{
    if (!sorter)
        return;
    g_byte_array_unref(sorter->buffer);
    g_array_unref(sorter->entries);
    g_free(sorter);
}

static const char *record_at(const TpsSpoolSorter *sorter, const Entry *entry)
{
    return (const char *)sorter->buffer->data + entry->offset;
}

static size_t common_length(const char *a, const char *b, size_t length)
{
    size_t n = strncmp(a, b, length) == 0 ? length : 0;

    while (n < length && a[n] == b[n] && a[n])
        n++;
    return n;
}

/* suite + 1 -> Common: ids of a suite are long, and begin alike. */
static GHashTable *find_common(const TpsSpoolSorter *sorter)
{
    GHashTable *by_suite = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    uint32_t suite = G_MAXUINT32;
    Common *common = NULL;

    for (guint i = 0; i < sorter->entries->len; i++) {
        const Entry *entry = &g_array_index(sorter->entries, Entry, i);
        const char *id = tps_spool_id(record_at(sorter, entry));

        if (entry->suite != suite) {
            suite = entry->suite;
            common = g_hash_table_lookup(by_suite, GUINT_TO_POINTER(suite));
        }
        if (!common) {
            common = g_new(Common, 1);
            *common = (Common){.id = id, .length = strlen(id)};
            g_hash_table_insert(by_suite, GUINT_TO_POINTER(suite), common);
        }
        common->length = common_length(id, common->id, common->length);
    }
    return by_suite;
}

/* Eight bytes as a number that sorts as they do. */
static uint64_t sign_of(const char *text)
{
    uint64_t sign = 0;

    for (int shift = 56; shift >= 0 && *text; shift -= 8)
        sign |= (uint64_t)(guchar)*text++ << shift;
    return sign;
}

static void set_signs(const TpsSpoolSorter *sorter)
{
    g_autoptr(GHashTable) by_suite = find_common(sorter);
    uint32_t suite = G_MAXUINT32;
    const Common *common = NULL;

    for (guint i = 0; i < sorter->entries->len; i++) {
        Entry *entry = &g_array_index(sorter->entries, Entry, i);

        if (entry->suite != suite || !common) {
            suite = entry->suite;
            common = g_hash_table_lookup(by_suite, GUINT_TO_POINTER(suite));
        }
        entry->sign = sign_of(tps_spool_id(record_at(sorter, entry)) + common->length);
    }
}

static int compare_entries(const void *a, const void *b, void *user)
{
    const Entry *x = a;
    const Entry *y = b;

    if (x->suite != y->suite)
        return x->suite < y->suite ? -1 : 1;
    if (x->sign != y->sign)
        return x->sign < y->sign ? -1 : 1;
    return tps_spool_record_compare(record_at(user, x), record_at(user, y));
}

static void forget(TpsSpoolSorter *sorter)
{
    g_array_set_size(sorter->entries, 0);
    g_byte_array_set_size(sorter->buffer, 0);
    g_byte_array_unref(sorter->buffer); /* else one long result would keep its room */
    sorter->buffer = g_byte_array_new();
}

bool tps_spool_sorter_flush(TpsSpoolSorter *sorter, GError **error)
{
    TpsSpoolRun run = {.tape = sorter->tape, .length = sorter->buffer->len};
    TpsSpoolPen pen = {0};
    bool ok;

    if (sorter->entries->len == 0)
        return true;
    if (!tps_spool_tape_reserve(sorter->tape, run.length, &run.offset, error))
        return false;
    set_signs(sorter);
    g_qsort_with_data(sorter->entries->data, (gint)sorter->entries->len, sizeof(Entry),
                      compare_entries, sorter);
    tps_spool_pen_init(&pen, sorter->tape, run.offset);
    ok = true;
    for (guint i = 0; ok && i < sorter->entries->len; i++) {
        const char *record = record_at(sorter, &g_array_index(sorter->entries, Entry, i));

        ok = tps_spool_pen_write(&pen, record, (size_t)tps_spool_head(record).length, error);
    }
    ok = tps_spool_pen_close(&pen, ok ? error : NULL) && ok;
    forget(sorter);
    if (ok)
        sorter->add_run(run, sorter->user);
    return ok;
}

static size_t text_size(const char *text)
{
    return text ? strlen(text) : 0;
}

static size_t list_size(const GPtrArray *results);

/* At most what its record will take, without the numbers. */
static size_t size_of(const TpsResult *result)
{
    size_t size = text_size(result->id) + text_size(result->file) + text_size(result->type) +
                  text_size(result->message) + text_size(result->text) + text_size(result->output) +
                  128;

    for (guint i = 0; result->properties && i < result->properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(result->properties, i);

        size += text_size(property->name) + text_size(property->value) + 2;
    }
    return size + list_size(result->attempts) + list_size(result->cases);
}

static size_t list_size(const GPtrArray *results)
{
    size_t size = 0;

    for (guint i = 0; results && i < results->len; i++)
        size += size_of(g_ptr_array_index(results, i));
    return size;
}

bool tps_spool_sorter_add(TpsSpoolSorter *sorter, TpsSpoolHead head, const char *id,
                          const TpsResult *result, GError **error)
{
    size_t size = size_of(result);
    Entry entry = {.suite = head.suite};

    if (size > RECORD_MAX) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "a testcase has more than 1 GiB");
        return false;
    }
    if (sorter->buffer->len + size > sorter->buffer_bytes && !tps_spool_sorter_flush(sorter, error))
        return false;
    if (sorter->buffer->len == 0) {
        g_byte_array_unref(sorter->buffer);
        sorter->buffer = g_byte_array_sized_new((guint)MAX(size, sorter->buffer_bytes));
    }
    entry.offset = sorter->buffer->len;
    tps_spool_record_append(sorter->buffer, head, id, result);
    g_array_append_val(sorter->entries, entry);
    return true;
}
