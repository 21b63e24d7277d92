/* SPDX-License-Identifier: MIT */
#include "adapters/readers/readers.h"
#include "adapters/readers/tap_internal.h"

#include <string.h>

typedef struct {
    GPtrArray *records;
    GHashTable *last; /* borrowed or NULL: the last point                              */
    bool last_failed;
    bool in_yaml;
    bool at_point;   /* the line before was a point, so that YAML may follow           */
    GString *before; /* what came since the last point, and is no comment on it        */
    GString *text;   /* of the last point, if it failed                                */
    GArray *numbers; /* of int64_t: of the points                                      */
    int64_t number;  /* the last one                                                   */
    int64_t planned; /* -1 = no plan yet                                               */
    char *problem;   /* or NULL: the first one                                         */
    guint line;
} Tap;

static void G_GNUC_PRINTF(2, 3) complain(Tap *tap, const char *format, ...)
{
    va_list arguments;

    if (tap->problem)
        return;
    va_start(arguments, format);
    tap->problem = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

static void append_line(GString *text, const TpsLine *line)
{
    g_string_append_len(text, line->start, (gssize)line->length);
    g_string_append_c(text, '\n');
}

/* Its text is whole. */
static void end_point(Tap *tap)
{
    if (tap->last && tap->last_failed && tap->text->len > 0)
        tps_record_set_bytes(tap->last, "text", tap->text->str, tap->text->len);
    tap->last = NULL;
    g_string_truncate(tap->text, 0);
}

/* Escaped are '#' and the backslash. */
static void set_name(GHashTable *record, const TpsTapPoint *point)
{
    g_autoptr(GString) name = g_string_sized_new(point->name_length);

    for (size_t i = 0; i < point->name_length; i++) {
        if (point->name[i] == '\\' && i + 1 < point->name_length &&
            strchr("#\\", point->name[i + 1]) && point->name[i + 1])
            i++;
        g_string_append_c(name, point->name[i]);
    }
    tps_record_set_bytes(record, "name", name->str, name->len);
}

/* "12.5ms" or "1.5s" */
static void set_time(GHashTable *record, const char *time, size_t length)
{
    g_autofree char *text = g_strndup(time, length);
    size_t n = strspn(text, G_CSET_DIGITS ".");
    const char *unit = text + n;

    if (n > 0 && (g_str_equal(unit, "ms") || g_str_equal(unit, "s")))
        tps_record_set_bytes(record, g_str_equal(unit, "s") ? "seconds" : "milliseconds", text, n);
}

static void set_directive(GHashTable *record, const TpsTapPoint *point)
{
    if (point->is_time)
        set_time(record, point->reason, point->reason_length);
    if (!point->is_skip && !point->is_todo)
        return;
    tps_record_set(record, "directive", point->is_skip ? "skip" : "todo");
    tps_record_set_bytes(record, "reason", point->reason, point->reason_length);
}

/* "not ok" with a SKIP is a contradiction: a failure is not hidden. */
static const char *outcome_of(const TpsTapPoint *point)
{
    if (point->ok)
        return point->is_skip ? "skipped" : "passed";
    return point->is_todo ? "skipped" : "failed";
}

static void add_point(Tap *tap, const TpsTapPoint *point)
{
    GHashTable *record = tps_record_new();
    g_autofree char *number = NULL;

    end_point(tap);
    tap->number = point->has_number ? point->number : tap->number + 1;
    g_array_append_val(tap->numbers, tap->number);
    number = g_strdup_printf("%" G_GINT64_FORMAT, tap->number);
    tps_record_set(record, "number", number);
    tps_record_set(record, "outcome", outcome_of(point));
    set_name(record, point);
    set_directive(record, point);
    g_ptr_array_add(tap->records, record);
    tap->last = record;
    tap->last_failed = !point->ok && !point->is_todo;
    if (tap->last_failed)
        g_string_append_len(tap->text, tap->before->str, (gssize)tap->before->len);
    g_string_truncate(tap->before, 0);
}

static void add_plan(Tap *tap, const TpsTapPlan *plan)
{
    GHashTable *record;

    if (tap->planned >= 0)
        complain(tap, "%u: a second plan", tap->line);
    tap->planned = plan->count;
    if (plan->count > 0 || tap->records->len > 0)
        return;
    record = tps_record_new();
    tps_record_set(record, "outcome", "skipped");
    tps_record_set(record, "directive", "skip");
    if (plan->reason)
        tps_record_set_bytes(record, "reason", plan->reason, plan->reason_length);
    g_ptr_array_add(tap->records, record);
}

static void read_duration(Tap *tap, const TpsLine *line)
{
    static const char key[] = "  duration_ms:";
    g_autofree char *value = NULL;

    if (!tps_line_starts_with(line, key))
        return;
    value = g_strndup(line->start + strlen(key), line->length - strlen(key));
    g_strstrip(g_strdelimit(value, "'\"", ' '));
    if (*value && value[strspn(value, G_CSET_DIGITS ".")] == '\0')
        tps_record_set(tap->last, "milliseconds", value);
}

/* False when the line is none of the point's YAML. */
static bool read_yaml(Tap *tap, const TpsLine *line)
{
    if (!tap->in_yaml) {
        if (!tap->last || !tap->at_point || !tps_line_starts_with(line, "  ---"))
            return false;
        tap->in_yaml = true;
    } else if (line->length > 0 && line->start[0] != ' ') {
        tap->in_yaml = false; /* it has no end */
        return false;
    }
    if (tps_line_starts_with(line, "  ..."))
        tap->in_yaml = false;
    read_duration(tap, line);
    if (tap->last_failed)
        append_line(tap->text, line);
    return true;
}

/* A comment belongs to the failed point before it; "# Subtest" begins what comes. */
static void read_other(Tap *tap, const TpsLine *line)
{
    bool comments = tps_line_starts_with(line, "#") && !tps_line_starts_with(line, "# Subtest");

    if (tps_line_starts_with(line, "TAP version") || tps_line_starts_with(line, "pragma "))
        return;
    append_line(comments && tap->last && tap->last_failed ? tap->text : tap->before, line);
}

static void read_line(Tap *tap, const TpsLine *line)
{
    TpsTapPoint point;
    TpsTapPlan plan;

    if (read_yaml(tap, line))
        return;
    tap->at_point = tps_tap_read_point(line, &point);
    if (tap->at_point)
        add_point(tap, &point);
    else if (tps_tap_read_plan(line, &plan))
        add_plan(tap, &plan);
    else if (tps_line_starts_with(line, "Bail out!"))
        complain(tap, "%u: %.*s", tap->line, (int)MIN(line->length, 1000), line->start);
    else
        read_other(tap, line);
}

static gint compare(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

/* Each number from 1 to the planned one, once. */
static void check_plan(Tap *tap)
{
    int64_t due = 1;

    if (tap->planned < 0)
        complain(tap, "there is no plan");
    g_array_sort(tap->numbers, compare);
    for (guint i = 0; i < tap->numbers->len; i++) {
        int64_t number = g_array_index(tap->numbers, int64_t, i);

        if (number < due)
            complain(tap, "number %" G_GINT64_FORMAT " %s", number,
                     number < 1 ? "was never planned" : "comes twice");
        else if (number > tap->planned)
            complain(tap, "number %" G_GINT64_FORMAT " was never planned", number);
        else if (number > due)
            complain(tap, "number %" G_GINT64_FORMAT " is missing", due);
        due = number + 1;
    }
    if (due <= tap->planned)
        complain(tap, "%" G_GINT64_FORMAT " were planned, number %" G_GINT64_FORMAT " is missing",
                 tap->planned, due);
}

GPtrArray *tps_records_from_tap(const char *text, size_t length, char **problem)
{
    g_autoptr(GString) before = g_string_new(NULL);
    g_autoptr(GString) of_point = g_string_new(NULL);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    Tap tap = {.records = tps_records_new(),
               .before = before,
               .text = of_point,
               .numbers = numbers,
               .planned = -1};
    TpsLine line = {.next = text};

    while (tps_line_read(line.next, text + length, &line)) {
        tap.line++;
        read_line(&tap, &line);
    }
    end_point(&tap);
    check_plan(&tap);
    *problem = tap.problem;
    return tap.records;
}
