/* SPDX-License-Identifier: MIT */
#include "cli/pin_options.h"

#include "adapters/ci/ci.h"
#include "cli/key_options.h"
#include "cli/option_values.h"
#include "core/error.h"
#include "formats/plan_json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As much of an id as is shown to people. */
#define ID_LENGTH_MIN 12

void tps_pin_options_clear(TpsPinOptions *options)
{
    g_free(options->attempt);
    g_free(options->plan_id);
}

void tps_pin_id_add(TpsPinOptions *options, GOptionContext *context)
{
    GOptionEntry entries[] = {
        {"plan-id", 0, 0, G_OPTION_ARG_STRING, &options->plan_id, "No other plan will do", "ID"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
}

void tps_pin_options_add(TpsPinOptions *options, GOptionContext *context)
{
    GOptionEntry entries[] = {
        {"replan", 0, 0, G_OPTION_ARG_NONE, &options->replan, "A new plan on a later attempt",
         NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    tps_pin_id_add(options, context);
    g_option_context_add_main_entries(context, entries, NULL);
}

void tps_pin_attempt_add(TpsPinOptions *options, GOptionContext *context)
{
    GOptionEntry entries[] = {
        {"attempt", 0, 0, G_OPTION_ARG_STRING, &options->attempt, "Keep the plan of attempt 1",
         "N|auto"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
}

static bool is_id(const char *text)
{
    return strlen(text) >= ID_LENGTH_MIN && strspn(text, "0123456789abcdef") == strlen(text);
}

void tps_pin_options_settle(TpsPinOptions *options)
{
    const char *id = g_getenv("TPSCHED_PLAN_ID");

    if (!options->plan_id && id && *id)
        options->plan_id = g_strdup(id);
    g_unsetenv("TPSCHED_PLAN_ID");
}

bool tps_pin_check(const TpsPinOptions *options, const TpsPlan *plan, GError **error)
{
    const char *id = options->plan_id;

    if (!id || (is_id(id) && g_str_has_prefix(plan->id, id)))
        return true;
    if (!is_id(id))
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--plan-id: '%.100s' is no id of a plan; give %d of its digits at least", id,
                    ID_LENGTH_MIN);
    else
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--plan-id: this is plan %.12s, and %.12s is asked for", plan->id, id);
    return false;
}

/* 1 where nobody says. */
static bool attempt_here(const char *said, int *attempt, char **from, GError **error)
{
    g_auto(TpsCiHere) here = {0};

    *attempt = 1;
    if (said && strcmp(said, "auto") != 0) {
        *from = g_strdup("--attempt");
        return tps_option_count("--attempt", said, false, attempt, error);
    }
    if (!tps_ci_here(environ, TPS_CI_RUN, &here, error))
        return false;
    *from = g_steal_pointer(&here.attempt_from);
    if (*from)
        *attempt = here.attempt;
    if (*from || !said)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "--attempt auto: nothing here says which attempt this is; give its number");
    return false;
}

bool tps_pin_allow_new(const TpsPinOptions *options, const char *attempt, const char *advice,
                       GError **error)
{
    g_autofree char *from = NULL;
    int number;

    if (!attempt_here(attempt, &number, &from, error))
        return false;
    if (number == 1)
        return true;
    if (options->replan) {
        fprintf(stderr, "planned anew on attempt %d: what earlier attempts ran is no part of it\n",
                number);
        return true;
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "this is attempt %d (%s), and a new plan could leave out what failed before: %s; "
                "--replan makes a new one all the same",
                number, from, advice);
    return false;
}

bool tps_pin_keep(const TpsPinOptions *options, const char *output, const char *key, TpsPlan **plan,
                  GError **error)
{
    g_autofree char *from = NULL;
    g_autoptr(TpsPlan) kept = NULL;
    int number;

    *plan = NULL;
    if (!options->attempt || !output || options->replan)
        return tps_pin_allow_new(options, options->attempt,
                                 "'plan --attempt N -o FILE' keeps the plan that is in FILE",
                                 error);
    if (!attempt_here(options->attempt, &number, &from, error))
        return false;
    if (number == 1)
        return true;
    if (!g_file_test(output, G_FILE_TEST_EXISTS)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "this is attempt %d (%s), and the plan of the first one is not in '%s'; "
                    "--replan makes a new one all the same",
                    number, from, output);
        return false;
    }
    if (!tps_key_check(key, output, error))
        return false;
    kept = tps_plan_load(output, error);
    if (!kept || !tps_pin_check(options, kept, error))
        return false;
    fprintf(stderr, "attempt %d (%s): '%s' is kept, plan %.12s\n", number, from, output, kept->id);
    *plan = g_steal_pointer(&kept);
    return true;
}
