/* SPDX-License-Identifier: MIT */
#include "scheduler/journal_reports.h"

#include "core/names.h"
#include "core/status.h"
#include "formats/journal.h"

/* A journal while it is read. */
typedef struct {
    const char *path;
    GPtrArray *reports;
    GPtrArray *problems;
    GPtrArray *notes;
    GHashTable *begun; /* char* -> TpsPartReport, both owned: tasks that have not ended yet */
} Reading;

static char *key_of(const TpsPartReport *report)
{
    return g_strdup_printf("%d,%d,%d,%s", report->attempt, report->part.index, report->part.count,
                           report->suite);
}

/* One that was begun twice, in two runs, and did not end in either stays two. */
static void take_start(Reading *reading, TpsPartReport *report)
{
    g_autofree char *key = key_of(report);
    g_autofree char *its_key = NULL;
    gpointer before;

    if (g_hash_table_steal_extended(reading->begun, key, (gpointer *)(void *)&its_key, &before))
        g_ptr_array_add(reading->reports, before);
    g_hash_table_replace(reading->begun, g_steal_pointer(&key), report);
}

/*
 * Who killed a process, stopped or lost it says so in a result or a problem. A report that has
 * neither is of somebody else, and its results alone are no proof. Exit statuses mean what their
 * framework says.
 */
static void check_end(TpsPartReport *report)
{
    g_autofree char *end = NULL;

    if (report->end == TPS_END_EXITED || report->problems->len > 0)
        return;
    for (guint i = 0; i < report->results->len; i++)
        if (tps_outcome_is_bad(((const TpsResult *)g_ptr_array_index(report->results, i))->outcome))
            return;
    end = tps_status_describe_end(report);
    g_ptr_array_add(report->problems,
                    g_strdup_printf("its process did not end by itself: %s", end));
}

static void take_end(Reading *reading, TpsPartReport *report)
{
    g_autofree char *key = key_of(report);
    const TpsPartReport *start = g_hash_table_lookup(reading->begun, key);

    if (start && start->started_us == report->started_us)
        g_hash_table_remove(reading->begun, key);
    check_end(report);
    g_ptr_array_add(reading->reports, report);
}

static void say_damage(Reading *reading, const TpsJournalLine *line)
{
    char *text =
        g_strdup_printf("%s:%" G_GINT64_FORMAT ": %s", reading->path, line->number,
                        line->torn ? "the writing of the last record was cut short" : line->why);

    g_ptr_array_add(line->torn ? reading->notes : reading->problems, text);
}

static bool take_line(const TpsJournalLine *line, void *user)
{
    Reading *reading = user;
    TpsPartReport *report;

    if (!line->record) {
        say_damage(reading, line);
        return true;
    }
    report = g_steal_pointer(&line->record->report);
    if (!report)
        return true;
    report->origin = g_strdup(reading->path);
    if (report->done)
        take_end(reading, report);
    else
        take_start(reading, report);
    return true;
}

/* In an order that no hash decides. */
static void take_rest(Reading *reading)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, reading->begun);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(keys, key);
    tps_names_sort(keys);
    for (guint i = 0; i < keys->len; i++)
        g_ptr_array_add(reading->reports,
                        g_hash_table_lookup(reading->begun, g_ptr_array_index(keys, i)));
    g_hash_table_steal_all(reading->begun);
    g_ptr_array_set_free_func(keys, g_free);
}

bool tps_journal_reports(const char *path, GPtrArray *reports, GPtrArray *problems,
                         GPtrArray *notes, GError **error)
{
    g_autoptr(GHashTable) begun = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                        (GDestroyNotify)tps_part_report_free);
    Reading reading = {path, reports, problems, notes, begun};

    if (!tps_journal_read(path, false, take_line, &reading, error))
        return false;
    take_rest(&reading);
    return true;
}

static char *content_digest(const TpsPartReport *report)
{
    GString *line = tps_record_format_report(report);
    char *digest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)line->str, line->len);

    g_string_free(line, TRUE);
    return digest;
}

static void set_digest(TpsPartReport *report)
{
    if (!report->digest)
        report->digest = content_digest(report);
}

/* Most reports are the only one of their kind, and then there is nothing to tell apart. */
void tps_reports_set_digests(GPtrArray *reports)
{
    g_autoptr(GHashTable) first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer key;
    gpointer report;

    for (guint i = 0; i < reports->len; i++) {
        TpsPartReport *each = g_ptr_array_index(reports, i);
        g_autofree char *kind = key_of(each);
        TpsPartReport *other = g_hash_table_lookup(first, kind);

        if (other) {
            set_digest(other);
            set_digest(each);
        } else {
            g_hash_table_insert(first, g_steal_pointer(&kind), each);
        }
    }
    g_hash_table_iter_init(&iter, first);
    while (g_hash_table_iter_next(&iter, &key, &report))
        if (!((TpsPartReport *)report)->digest)
            ((TpsPartReport *)report)->digest = g_strdup(key);
}
