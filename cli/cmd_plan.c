/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/options.h"
#include "cli/plan_table.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/plan_json.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

static bool check_format(const char *format, GError **error)
{
    if (!format || strcmp(format, "table") == 0 || strcmp(format, "json") == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--format: '%s' is not table or json", format);
    return false;
}

static bool answer(const TpsPlan *plan, const char *format, const char *output, GError **error)
{
    g_autofree char *text = tps_plan_text(plan);

    if (output && !tps_file_write(output, text, strlen(text), error))
        return false;
    if (format && strcmp(format, "json") == 0)
        fputs(text, stdout);
    else
        tps_plan_table_print(plan, stdout);
    return true;
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(TpsPlanOptions) options = {0};
    g_auto(TpsPlanned) planned = {0};
    g_autofree char *format = NULL;
    g_autofree char *output = NULL;
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_cmd_plan);
    GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_STRING, &format, "What stdout gets", "table|json"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Write the plan there", "FILE"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    tps_plan_options_add(&options, context);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!tps_options_parse_all(context, argc, argv, error) || !check_format(format, error))
        return TPS_EXIT_USAGE;
    tps_stop_install();
    if (!tps_options_plan(&options, NULL, &planned, error) ||
        !answer(planned.plan, format, output, error))
        return TPS_EXIT_USAGE;
    return TPS_EXIT_PASSED;
}

const TpsVerb tps_cmd_plan = {
    .name = "plan",
    .args = "",
    .summary = "split, weigh and size: runtime data in, plan out",
    .run = run,
};
