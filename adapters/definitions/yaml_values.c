/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/template.h"
#include "adapters/definitions/yaml_internal.h"
#include "adapters/readers/readers.h"
#include "core/error.h"

#include <string.h>

/* What each place can name; docs/framework-definition.md says what each is. */
#define OF_SUITE "program", "args", "path", "cwd", "suite", "unit", "parts", "tpsched"
#define OF_FILES "dir", "support", "cache", "listing", "report", "journal"
#define OF_TESTCASE "id", "selector", "file", "class", "where", "line"

static const char *const any_names[] = {OF_SUITE, OF_FILES, NULL};
static const char *const run_names[] = {OF_SUITE, OF_FILES, OF_TESTCASE, "selection", NULL};
static const char *const each_names[] = {OF_TESTCASE, NULL};
static const char *const timeout_names[] = {OF_SUITE, "seconds", "exact_seconds", NULL};

static bool check_names(TpsYaml *yaml, const yaml_node_t *node, const char *text,
                        const char *const *known, GError **error)
{
    g_autofree char *problem = NULL;

    if (!tps_template_check(text, known, &problem))
        return tps_yaml_fail(yaml, node, error, "%s", problem);
    /* It is any number of arguments. */
    return !known || !tps_template_has(text, "args") || strcmp(text, "{args}") == 0 ||
           tps_yaml_fail(yaml, node, error, "'{args}' must be a word of its own");
}

static bool read_command(TpsYaml *yaml, const yaml_node_t *node, char ***words,
                         const char *const *known, GError **error)
{
    if (!tps_yaml_read_words(yaml, node, words, error))
        return false;
    if (!**words)
        return tps_yaml_fail(yaml, node, error, "a command is expected here, and it is empty");
    for (char **word = *words; *word; word++)
        if (!check_names(yaml, node, *word, known, error))
            return false;
    return true;
}

bool tps_definition_field(TpsYaml *yaml, const yaml_node_t *node, char **text, GError **error)
{
    return tps_yaml_read_text(yaml, node, text, error) &&
           check_names(yaml, node, *text, NULL, error);
}

static bool check_value(TpsYaml *yaml, const yaml_node_t *node, const char *text, const void *known,
                        GError **error)
{
    return check_names(yaml, node, text, known, error);
}

static bool read_environment(TpsYaml *yaml, const yaml_node_t *node, char ***env,
                             const char *const *known, GError **error)
{
    return tps_yaml_read_env_checked(yaml, node, check_value, known, env, error);
}

#define PLACE(place)                                                                               \
    bool tps_definition_##place##_command(TpsYaml *yaml, const yaml_node_t *node, char ***words,   \
                                          GError **error)                                          \
    {                                                                                              \
        return read_command(yaml, node, words, place##_names, error);                              \
    }                                                                                              \
    bool tps_definition_##place##_text(TpsYaml *yaml, const yaml_node_t *node, char **text,        \
                                       GError **error)                                             \
    {                                                                                              \
        return tps_yaml_read_text(yaml, node, text, error) &&                                      \
               check_names(yaml, node, *text, place##_names, error);                               \
    }                                                                                              \
    bool tps_definition_##place##_environment(TpsYaml *yaml, const yaml_node_t *node, char ***env, \
                                              GError **error)                                      \
    {                                                                                              \
        return read_environment(yaml, node, env, place##_names, error);                            \
    }
PLACE(any)
PLACE(run)
PLACE(timeout)

bool tps_definition_each(TpsYaml *yaml, const yaml_node_t *node, char **text, GError **error)
{
    if (!tps_yaml_read_text(yaml, node, text, error) ||
        !check_names(yaml, node, *text, each_names, error))
        return false;
    for (const char *const *name = each_names; *name; name++)
        if (tps_template_has(*text, *name))
            return true;
    return tps_yaml_fail(yaml, node, error, "a name of the testcase is expected, like '{id}'");
}

bool tps_definition_output(TpsYaml *yaml, const yaml_node_t *node, char **text, GError **error)
{
    static const char *const places[] = {"{report}", "{listing}", "{journal}", "{dir}/"};
    static const char *const names[] = {"report", "listing", "journal", "dir", NULL};

    if (!tps_yaml_read_text(yaml, node, text, error))
        return false;
    if (strcmp(*text, "stdout") == 0)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        if (g_str_has_prefix(*text, places[i]) && !strstr(*text, ".."))
            return check_names(yaml, node, *text, names, error);
    return tps_yaml_fail(yaml, node, error,
                         "'%s' is neither 'stdout' nor below the process's own '{dir}'", *text);
}

bool tps_definition_punctuation(TpsYaml *yaml, const yaml_node_t *node, char **text, GError **error)
{
    if (!tps_yaml_read_text(yaml, node, text, error))
        return false;
    for (const char *c = *text; *c; c++)
        if (g_ascii_isalnum(*c) || (unsigned char)*c >= 0x80)
            return tps_yaml_fail(yaml, node, error, "'%s' is not ASCII punctuation", *text);
    return **text || tps_yaml_fail(yaml, node, error, "there is no character in it");
}

bool tps_definition_pattern(TpsYaml *yaml, const yaml_node_t *node, GRegex **pattern,
                            GError **error)
{
    const char *text = tps_yaml_scalar(yaml, node, "a regular expression", error);
    g_autoptr(GError) why = NULL;

    if (!text)
        return false;
    g_clear_pointer(pattern, g_regex_unref);
    *pattern = tps_pattern_compile(text, &why);
    return *pattern || tps_yaml_fail(yaml, node, error, "%s", why->message);
}

static bool add_status(TpsYaml *yaml, const yaml_node_t *node, void *codes, GError **error)
{
    int code;

    if (!tps_yaml_read_index(yaml, node, 255, &code, error))
        return false;
    g_array_append_val((GArray *)codes, code);
    return true;
}

bool tps_definition_statuses(TpsYaml *yaml, const yaml_node_t *node, GArray **codes, GError **error)
{
    g_autoptr(GArray) read = g_array_new(FALSE, FALSE, sizeof(int));
    bool one = node->type == YAML_SCALAR_NODE;
    bool any = one && strcmp((const char *)node->data.scalar.value, "any") == 0;

    if (!any && !(one ? add_status(yaml, node, read, error)
                      : tps_yaml_read_list(yaml, node, add_status, read, error)))
        return false;
    if (!any && read->len == 0)
        return tps_yaml_fail(yaml, node, error, "a status or 'any' is expected here");
    g_clear_pointer(codes, g_array_unref);
    *codes = g_steal_pointer(&read);
    return true;
}

bool tps_definition_choice(TpsYaml *yaml, const yaml_node_t *node, const char *const *words,
                           int *choice, GError **error)
{
    const char *text = tps_yaml_scalar(yaml, node, "a word", error);
    g_autofree char *all = NULL;

    if (!text)
        return false;
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0) {
            *choice = i;
            return true;
        }
    }
    all = g_strjoinv(", ", (char **)words);
    return tps_yaml_fail(yaml, node, error, "'%s' is not one of %s", text, all);
}

static const char *const reader_words[] = {
    [TPS_READER_NONE] = "none",      [TPS_READER_LINES] = "lines",
    [TPS_READER_JSON] = "json",      [TPS_READER_JSON_LINES] = "json-lines",
    [TPS_READER_XML] = "xml",        [TPS_READER_JUNIT] = "junit",
    [TPS_READER_CTEST] = "ctest",    [TPS_READER_CHECK] = "check",
    [TPS_READER_TAP] = "tap",        [TPS_READER_GO_TEST] = "go-test",
    [TPS_READER_EXIT] = "exit",      [TPS_READER_JOURNAL] = "journal",
    [TPS_READER_JOURNAL + 1] = NULL,
};

bool tps_definition_reader(TpsYaml *yaml, const yaml_node_t *node, TpsReader *reader,
                           GError **error)
{
    int choice;

    if (!tps_definition_choice(yaml, node, reader_words, &choice, error))
        return false;
    *reader = (TpsReader)choice;
    return true;
}

bool tps_definition_finish_source(TpsYaml *yaml, const yaml_node_t *node, TpsSource *source,
                                  GError **error)
{
    g_autoptr(GError) why = NULL;

    if (source->reader != TPS_READER_LINES || !source->records)
        return true;
    source->pattern = tps_pattern_compile(source->records, &why);
    return source->pattern || tps_yaml_fail(yaml, node, error, "'records': %s", why->message);
}

#define WORDS(outcome)                                                                             \
    static bool words_##outcome(TpsYaml *yaml, const yaml_node_t *node, void *target,              \
                                GError **error)                                                    \
    {                                                                                              \
        return tps_yaml_read_texts(yaml, node, &((TpsWords *)target)->outcome, error);             \
    }
WORDS(passed)
WORDS(skipped)
WORDS(failed)
WORDS(error)

static const TpsYamlKey words_keys[] = {
    {"passed", words_passed, NULL},
    {"skipped", words_skipped, NULL},
    {"failed", words_failed, NULL},
    {"error", words_error, NULL},
};

bool tps_definition_words(TpsYaml *yaml, const yaml_node_t *node, TpsWords *words, GError **error)
{
    return tps_yaml_read_mapping(yaml, node, words_keys, G_N_ELEMENTS(words_keys), words, error);
}
