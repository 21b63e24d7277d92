/* SPDX-License-Identifier: MIT */
#include "cli/what_if.h"

#include "cli/curve_table.h"
#include "cli/option_values.h"
#include "core/duration.h"
#include "core/error.h"
#include "formats/curve_svg.h"
#include "formats/files.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

#define MONEY_DIGITS 6

void tps_what_if_clear(TpsWhatIf *what_if)
{
    g_free(what_if->price);
    g_free(what_if->granularity);
    g_free(what_if->startup);
    g_free(what_if->slots);
}

void tps_what_if_add(TpsWhatIf *what_if, GOptionContext *context)
{
    GOptionEntry entries[] = {
        {"what-if", 0, 0, G_OPTION_ARG_NONE, &what_if->wanted, "What each size would give", NULL},
        {"price", 0, 0, G_OPTION_ARG_STRING, &what_if->price, "... of a worker", "PER_HOUR"},
        {"billing-granularity", 0, 0, G_OPTION_ARG_STRING, &what_if->granularity,
         "... that is paid when started", "TIME"},
        {"startup", 0, 0, G_OPTION_ARG_STRING, &what_if->startup, "... until a worker is ready",
         "TIME"},
        {"slots", 0, 0, G_OPTION_ARG_STRING, &what_if->slots, "... workers at a time", "N"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
}

/* Decimal digits with at most six behind the point, exactly; no sign, no exponent. */
static bool parse_money(const char *text, int64_t *money)
{
    const char *point = strchr(text, '.');
    g_autofree char *whole = point ? g_strndup(text, (gsize)(point - text)) : g_strdup(text);
    g_autofree char *rest = g_strdup(point ? point + 1 : "0");
    gsize n_digits = strlen(rest);
    guint64 units;
    guint64 millionths;

    if (n_digits > MONEY_DIGITS ||
        !g_ascii_string_to_unsigned(whole, 10, 0, TPS_PRICE_MAX / TPS_MONEY_UNIT, &units, NULL) ||
        !g_ascii_string_to_unsigned(rest, 10, 0, TPS_MONEY_UNIT, &millionths, NULL))
        return false;
    for (; n_digits < MONEY_DIGITS; n_digits++)
        millionths *= 10;
    *money = (int64_t)units * TPS_MONEY_UNIT + (int64_t)millionths;
    return *money <= TPS_PRICE_MAX;
}

static bool option_price(const char *text, int64_t *price, GError **error)
{
    if (!text || parse_money(text, price))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "--price: '%s' is not a price of an hour from 0 to 1000000, such as 0.48", text);
    return false;
}

static bool option_time(const char *option, const char *text, int64_t min_us, int64_t *us,
                        GError **error)
{
    g_autoptr(GError) why = NULL;
    int64_t value;

    if (!text)
        return true;
    if (tps_duration_parse(text, &value, &why) && value >= min_us) {
        *us = value;
        return true;
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s: %s", option,
                why ? why->message : "it must be longer than zero");
    return false;
}

bool tps_what_if_nodes(const TpsWhatIf *what_if, int64_t *startup_us, int *n_slots, GError **error)
{
    return option_time("--startup", what_if->startup, 0, startup_us, error) &&
           tps_option_count("--slots", what_if->slots, false, n_slots, error);
}

static bool read_terms(const TpsWhatIf *what_if, TpsCurveTerms *terms, GError **error)
{
    *terms = (TpsCurveTerms){.price = TPS_MONEY_UNKNOWN, .granularity_us = 1};
    return option_price(what_if->price, &terms->price, error) &&
           option_time("--billing-granularity", what_if->granularity, 1, &terms->granularity_us,
                       error) &&
           tps_what_if_nodes(what_if, &terms->startup_us, &terms->n_slots, error);
}

bool tps_what_if_check(const TpsWhatIf *what_if, const char *output, bool sizes_shards,
                       GError **error)
{
    const char *asked = what_if->price         ? "--price"
                        : what_if->granularity ? "--billing-granularity"
                                               : NULL;
    const char *nodes = what_if->startup ? "--startup" : what_if->slots ? "--slots" : NULL;
    TpsCurveTerms terms;

    if (!what_if->wanted && (asked || (nodes && !sizes_shards))) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s is an option of --what-if%s; give both",
                    asked ? asked : nodes, asked ? "" : " and of --shards auto");
        return false;
    }
    if (what_if->wanted && output && !g_str_has_suffix(output, ".svg")) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--what-if draws its curve into '%s': name it .svg", output);
        return false;
    }
    return read_terms(what_if, &terms, error);
}

/* What the planner is asked in between, and what became of it. */
typedef struct {
    TpsCurveTerms terms;
    TpsCurve *curve; /* owned */
} Question;

static void question_clear(Question *question)
{
    tps_curve_free(question->curve);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, question_clear)

static TpsPlan *make(const TpsPlanRequest *request, void *user, GError **error)
{
    Question *question = user;

    question->curve = tps_curve_make(request, &question->terms, error);
    return question->curve ? tps_plan_make(request, error) : NULL;
}

static bool draw(const Question *question, const char *name, const char *output, GError **error)
{
    g_autofree char *svg = output ? tps_curve_svg(question->curve, name) : NULL;

    return !svg || tps_file_write(output, svg, strlen(svg), error);
}

bool tps_what_if_show(const TpsWhatIf *what_if, const TpsPlanOptions *plan, bool json,
                      const char *output, GError **error)
{
    g_auto(Question) question = {0};
    g_auto(TpsPlanned) planned = {0};
    g_autofree char *text = NULL;

    tps_stop_install();
    if (!read_terms(what_if, &question.terms, error) ||
        !tps_options_plan_by(plan, NULL, make, &question, &planned, error) ||
        !draw(&question, planned.plan->name, output, error))
        return false;
    if (!json) {
        tps_curve_table_print(question.curve, &question.terms, stdout);
        return true;
    }
    text = tps_curve_text(question.curve, &question.terms);
    fputs(text, stdout);
    return true;
}
