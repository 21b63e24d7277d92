/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/registry.h"
#include "adapters/detect.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/init_text.h"
#include "cli/option_values.h"
#include "cli/options.h"
#include "cli/plural.h"
#include "cli/terminal.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/json.h"
#include "formats/plan_yaml.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *directory;
    char *output;
    char *format;
    gboolean force;
    gboolean print;
} Options;

static void options_clear(Options *options)
{
    g_free(options->directory);
    g_free(options->output);
    g_free(options->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool wants_json(const Options *options)
{
    return options->format && strcmp(options->format, "json") == 0;
}

static bool check(const Options *options, GError **error)
{
    if (!tps_option_format(options->format, error))
        return false;
    if (options->print && wants_json(options))
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--print and --format json both want standard output");
    else if (options->print && options->output)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--print writes no file, and --output names one");
    else
        return true;
    return false;
}

static bool parse(Options *options, int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_cmd_init);
    GOptionEntry entries[] = {
        {"directory", 0, 0, G_OPTION_ARG_FILENAME, &options->directory,
         "The project to look at (default: .)", "DIR"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
         "Write it there (default: DIR/tpsched.yaml)", "FILE"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &options->force, "Overwrite it", NULL},
        {"print", 0, 0, G_OPTION_ARG_NONE, &options->print, "Write no file; print it", NULL},
        {"format", 0, 0, G_OPTION_ARG_STRING, &options->format, "What stdout gets", "text|json"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
    if (!tps_options_parse_all(context, argc, argv, error) || !check(options, error))
        return false;
    if (!options->directory)
        options->directory = g_strdup(".");
    if (!options->output)
        options->output = strcmp(options->directory, ".") == 0
                              ? g_strdup(TPS_DEFAULT_PLAN_FILE)
                              : g_build_filename(options->directory, TPS_DEFAULT_PLAN_FILE, NULL);
    return true;
}

static void say(const char *format, ...) G_GNUC_PRINTF(1, 2);

static void say(const char *format, ...)
{
    va_list arguments;
    g_autofree char *text = NULL;
    g_autofree char *printable = NULL;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    printable = tps_printable(text, 0);
    fprintf(stderr, "tpsched: %s\n", printable);
}

/* All that can be read; of const TpsFramework*. */
static GPtrArray *load_frameworks(void)
{
    g_auto(GStrv) names = tps_framework_names();
    GPtrArray *frameworks = g_ptr_array_new();

    for (char **name = names; *name; name++) {
        g_autoptr(GError) why = NULL;
        const TpsFramework *framework = tps_framework_load(*name, &why);

        if (framework)
            g_ptr_array_add(frameworks, (gpointer)framework);
        else
            say("framework '%s' is not looked for: %s", *name, why->message);
    }
    return frameworks;
}

/* A plan file is UTF-8, and names of directories need not be. */
static void drop_unwritable(GPtrArray *detected)
{
    for (guint i = detected->len; i > 0; i--) {
        const TpsDetected *suite = g_ptr_array_index(detected, i - 1);

        if (g_utf8_validate(suite->place, -1, NULL) && g_utf8_validate(suite->trace, -1, NULL))
            continue;
        say("%s in %s: left out, for its name is not UTF-8", suite->framework->name, suite->place);
        g_ptr_array_remove_index(detected, i - 1);
    }
}

static void make_valid(GPtrArray *notes)
{
    for (guint i = 0; i < notes->len; i++) {
        g_autofree char *text = notes->pdata[i];

        notes->pdata[i] = g_utf8_make_valid(text, -1);
    }
}

static void fail_nothing(const Options *options, const GPtrArray *frameworks, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < frameworks->len; i++) {
        const TpsFramework *framework = g_ptr_array_index(frameworks, i);

        if (framework->traces->len > 0)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", framework->name);
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                "no tests were found in '%s'; looked for %s. Any command can be a suite: see "
                "docs/plan-file.md",
                options->directory, names->str);
}

/* From the plan file's directory to what was looked at; "" when that is the same. */
static char *base_of(const Options *options)
{
    g_autofree char *whole = g_canonicalize_filename(options->output, NULL);
    g_autofree char *from = g_path_get_dirname(whole);
    g_autofree char *to = g_canonicalize_filename(options->directory, NULL);
    size_t length = strlen(from);

    if (options->print || strcmp(from, to) == 0)
        return g_strdup("");
    if (g_str_has_prefix(to, from) && to[length] == '/')
        return g_strdup(to + length + 1);
    return g_steal_pointer(&to);
}

static char *project_name(const Options *options)
{
    g_autofree char *whole = g_canonicalize_filename(options->directory, NULL);
    g_autofree char *name = g_path_get_basename(whole);

    return strcmp(name, "/") == 0 ? g_strdup("tpsched") : g_utf8_make_valid(name, -1);
}

/* What is written must load: found out before anything is overwritten. */
static bool prove(const char *text, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) why = NULL;
    int file = g_file_open_tmp("tpsched-init.XXXXXX", &path, &why);
    g_autoptr(TpsPlanFile) plan = NULL;

    if (file < 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot make a temporary file: %s",
                    why->message);
        return false;
    }
    close(file);
    if (tps_file_write(path, text, strlen(text), error))
        plan = tps_plan_file_load(path, error);
    unlink(path);
    return plan != NULL;
}

static bool may_write(const Options *options, GError **error)
{
    if (options->print || options->force || !g_file_test(options->output, G_FILE_TEST_EXISTS))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "'%s' is there already; --force overwrites it",
                options->output);
    return false;
}

static bool answer(const Options *options, const GPtrArray *detected, const GPtrArray *notes,
                   GError **error)
{
    g_autoptr(GPtrArray) names = tps_init_names(detected);
    g_autofree char *base = base_of(options);
    g_autofree char *project = project_name(options);
    g_autofree char *text = tps_init_text(project, base, detected, names, notes);
    g_autoptr(cJSON) root = NULL;
    g_autofree char *json = NULL;

    if (!prove(text, error) ||
        (!options->print && !tps_file_write(options->output, text, strlen(text), error)))
        return false;
    if (options->print) {
        fputs(text, stdout);
        return true;
    }
    if (!wants_json(options)) {
        printf("%s: %u suite%s; next: tpsched list\n", options->output, detected->len,
               tps_plural(detected->len));
        return true;
    }
    root = tps_init_json(options->output, detected, names, notes);
    json = tps_json_text(root);
    fputs(json, stdout);
    return true;
}

static void tell(const GPtrArray *detected, const GPtrArray *notes)
{
    for (guint i = 0; i < detected->len; i++) {
        g_autofree char *reason = tps_init_reason(g_ptr_array_index(detected, i));

        say("%s", reason);
    }
    for (guint i = 0; i < notes->len; i++)
        say("note: %s", (const char *)g_ptr_array_index(notes, i));
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    g_autoptr(GPtrArray) frameworks = NULL;
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) detected = NULL;

    if (!parse(&options, argc, argv, error) || !may_write(&options, error))
        return TPS_EXIT_USAGE;
    tps_options_set_project(options.output);
    frameworks = load_frameworks();
    detected = tps_detect(options.directory, frameworks, notes, error);
    if (!detected)
        return TPS_EXIT_USAGE;
    drop_unwritable(detected);
    make_valid(notes);
    tell(detected, notes);
    if (detected->len == 0)
        fail_nothing(&options, frameworks, error);
    else
        answer(&options, detected, notes, error);
    return TPS_EXIT_PASSED;
}

const TpsVerb tps_cmd_init = {
    .name = "init",
    .args = "",
    .summary = "look at a project, write its tpsched.yaml",
    .run = run,
};
