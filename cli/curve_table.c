/* SPDX-License-Identifier: MIT */
#include "cli/curve_table.h"

#include "cli/terminal.h"
#include "core/duration.h"
#include "formats/json.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

#define BAR_MIN 8
#define EIGHTHS 8

/* Which columns there is something to say in, and how wide the bars are. */
typedef struct {
    bool elapsed;
    bool cost;
    bool probability;
    bool blocks; /* the locale can show U+2588 and its parts */
    int bar;
} Layout;

/* Of the environment: the program itself stays in the C locale. */
static bool is_utf8_locale(void)
{
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    bool utf8;

    if (!locale)
        return false;
    utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return utf8;
}

static Layout layout_of(const TpsCurve *curve, const TpsCurveTerms *terms, FILE *stream)
{
    Layout layout = {.elapsed = terms->startup_us > 0 || terms->n_slots > 0,
                     .cost = terms->price != TPS_MONEY_UNKNOWN,
                     .blocks = is_utf8_locale()};
    int used = 41;

    for (guint i = 0; i < curve->rows->len; i++)
        layout.probability |= g_array_index(curve->rows, TpsCurveRow, i).probability_ppm >= 0;
    used += (layout.elapsed ? 10 : 0) + (layout.cost ? 11 : 0) + (layout.probability ? 7 : 0);
    layout.bar = MAX(tps_terminal_width(stream) - used, BAR_MIN);
    return layout;
}

static void print_head(const Layout *layout, FILE *stream)
{
    fprintf(stream, "%s  %6s %9s", tps_bold(stream), "size", "makespan");
    if (layout->elapsed)
        fprintf(stream, " %9s", "elapsed");
    fprintf(stream, " %9s", "machine");
    if (layout->cost)
        fprintf(stream, " %10s", "cost");
    fprintf(stream, " %5s", "idle");
    if (layout->probability)
        fprintf(stream, " %6s", "chance");
    fprintf(stream, "%s\n", tps_plain(stream));
}

static void print_blocks(int64_t eighths, FILE *stream)
{
    static const char *const parts[] = {"",
                                        "\342\226\217",
                                        "\342\226\216",
                                        "\342\226\215",
                                        "\342\226\214",
                                        "\342\226\213",
                                        "\342\226\212",
                                        "\342\226\211"};

    for (int64_t i = 0; i < eighths / EIGHTHS; i++)
        fputs("\342\226\210", stream);
    fputs(parts[eighths % EIGHTHS], stream);
}

/* us / longest_us of the width; never nothing, for nothing looks like nothing measured. */
static void print_bar(const Layout *layout, int64_t us, int64_t longest_us, FILE *stream)
{
    int64_t steps = layout->bar * EIGHTHS;

    while (longest_us > INT64_MAX / steps) {
        longest_us /= 2;
        us /= 2;
    }
    steps = longest_us > 0 ? MAX(us * steps / longest_us, 1) : 1;
    if (layout->blocks)
        print_blocks(steps, stream);
    else
        for (int64_t i = 0; i < (steps + EIGHTHS - 1) / EIGHTHS; i++)
            fputc('#', stream);
}

static char mark_of(const TpsCurve *curve, int size)
{
    if (size == curve->recommended)
        return '*';
    return size == curve->saturation ? '=' : size == curve->asked ? '>' : ' ';
}

static int64_t longest_of(const TpsCurve *curve)
{
    int64_t longest = 0;

    for (guint i = 0; i < curve->rows->len; i++)
        longest = MAX(longest, g_array_index(curve->rows, TpsCurveRow, i).elapsed_us);
    return longest;
}

static void print_time(int64_t us, FILE *stream)
{
    g_autofree char *text = tps_duration_format(us);

    fprintf(stream, " %9s", text);
}

static void print_row(const TpsCurve *curve, const TpsCurveRow *row, const Layout *layout,
                      int64_t longest_us, FILE *stream)
{
    g_autofree char *cost = tps_money_format(MAX(row->cost, 0));

    fprintf(stream, "%c %6d", mark_of(curve, row->size), row->size);
    print_time(row->makespan_us, stream);
    if (layout->elapsed)
        print_time(row->elapsed_us, stream);
    print_time(row->machine_us, stream);
    if (layout->cost)
        fprintf(stream, " %10s", cost);
    fprintf(stream, " %4d%%", row->idle_ppm / (TPS_PPM / 100));
    if (layout->probability && row->probability_ppm >= 0)
        fprintf(stream, " %5d%%", row->probability_ppm / (TPS_PPM / 100));
    else if (layout->probability)
        fprintf(stream, " %6s", "");
    fputs("  ", stream);
    print_bar(layout, row->elapsed_us, longest_us, stream);
    fputc('\n', stream);
}

static const char *plural(int n)
{
    return n == 1 ? "" : "s";
}

static void print_target(const TpsCurve *curve, const TpsCurveRow *row, FILE *stream)
{
    g_autofree char *target = tps_duration_format(curve->target_us);
    g_autofree char *elapsed = tps_duration_format(row->elapsed_us);

    if (row->makespan_us > curve->target_us)
        fprintf(stream, "* %d worker%s: recommended, though %s misses the target of %s\n",
                row->size, plural(row->size), elapsed, target);
    else if (row->elapsed_us > curve->target_us)
        fprintf(stream, "* %d worker%s: recommended; %s with startup and waves, target %s\n",
                row->size, plural(row->size), elapsed, target);
    else
        fprintf(stream, "* %d worker%s: recommended, the fewest that meet the target of %s\n",
                row->size, plural(row->size), target);
}

static void print_saturation(const TpsCurve *curve, FILE *stream)
{
    g_autofree char *floor = tps_duration_format(curve->floor_us);

    fprintf(stream, "= %d worker%s: more do not help, %s is the floor", curve->saturation,
            plural(curve->saturation), floor);
    if (curve->max_size > 0)
        fprintf(stream, " of at most %d", curve->max_size);
    fputc('\n', stream);
}

void tps_curve_table_print(const TpsCurve *curve, const TpsCurveTerms *terms, FILE *stream)
{
    Layout layout = layout_of(curve, terms, stream);
    int64_t longest_us = longest_of(curve);

    print_head(&layout, stream);
    for (guint i = 0; i < curve->rows->len; i++)
        print_row(curve, &g_array_index(curve->rows, TpsCurveRow, i), &layout, longest_us, stream);
    fputc('\n', stream);
    print_target(curve, tps_curve_find(curve, curve->recommended), stream);
    print_saturation(curve, stream);
    if (curve->asked > 0)
        fprintf(stream, "> %d worker%s: as asked\n", curve->asked, plural(curve->asked));
}

static void add_money(cJSON *object, const char *key, int64_t money)
{
    if (money == TPS_MONEY_UNKNOWN)
        cJSON_AddNullToObject(object, key);
    else
        cJSON_AddNumberToObject(object, key, (double)money / (double)TPS_MONEY_UNIT);
}

static void add_ppm(cJSON *object, const char *key, int ppm)
{
    if (ppm < 0)
        cJSON_AddNullToObject(object, key);
    else
        cJSON_AddNumberToObject(object, key, (double)ppm / TPS_PPM);
}

static void add_count(cJSON *object, const char *key, int n)
{
    if (n == 0)
        cJSON_AddNullToObject(object, key);
    else
        cJSON_AddNumberToObject(object, key, n);
}

static cJSON *row_to_json(const TpsCurveRow *row)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddNumberToObject(object, "size", row->size);
    cJSON_AddNumberToObject(object, "tasks", row->n_tasks);
    tps_json_add_seconds(object, "makespan", row->makespan_us);
    tps_json_add_seconds(object, "elapsed", row->elapsed_us);
    tps_json_add_seconds(object, "work", row->work_us);
    tps_json_add_seconds(object, "machine_time", row->machine_us);
    tps_json_add_seconds(object, "billed_time", row->billed_us);
    add_money(object, "cost", row->cost);
    add_ppm(object, "idle", row->idle_ppm);
    add_ppm(object, "probability", row->probability_ppm);
    return object;
}

char *tps_curve_text(const TpsCurve *curve, const TpsCurveTerms *terms)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    cJSON *array;

    cJSON_AddStringToObject(root, "schema", "tpsched.curve/1");
    tps_json_add_seconds(root, "plan_runtime_target", curve->target_us);
    tps_json_add_seconds(root, "floor", curve->floor_us);
    add_count(root, "max_size", curve->max_size);
    add_money(root, "price_per_hour", terms->price);
    tps_json_add_seconds(root, "billing_granularity", terms->granularity_us);
    tps_json_add_seconds(root, "startup", terms->startup_us);
    add_count(root, "slots", terms->n_slots);
    cJSON_AddNumberToObject(root, "recommended", curve->recommended);
    cJSON_AddNumberToObject(root, "saturation", curve->saturation);
    add_count(root, "asked", curve->asked);
    array = cJSON_AddArrayToObject(root, "sizes");
    for (guint i = 0; i < curve->rows->len; i++)
        cJSON_AddItemToArray(array, row_to_json(&g_array_index(curve->rows, TpsCurveRow, i)));
    return tps_json_text(root);
}
