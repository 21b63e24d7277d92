/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/yaml_internal.h"

KEY(list_files, tps_yaml_read_texts, list.files)
KEY(list_command, tps_definition_any_command, list.command)
KEY(list_environment, tps_definition_any_environment, list.environment)
KEY(list_preload, tps_yaml_read_text, list.preload)
KEY(list_proof, tps_definition_any_text, list.proof)
KEY(list_from, tps_definition_output, list.source.from)
KEY(list_reader, tps_definition_reader, list.source.reader)
KEY(list_records, tps_yaml_read_text, list.source.records)
KEY(list_id, tps_definition_field, list.id)
KEY(list_class, tps_definition_field, list.class)
KEY(list_file, tps_definition_field, list.file)
KEY(list_line, tps_definition_field, list.line)
KEY(list_tags, tps_definition_field, list.tags)
KEY(list_selector, tps_definition_field, list.selector)
KEY(list_where, tps_definition_field, list.where)
KEY(list_skip, tps_definition_pattern, list.skip)
KEY(list_exit, tps_definition_statuses, list.exit)
KEY(list_no_tests, tps_definition_statuses, list.no_tests)

static bool list_collide(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    static const char *const words[] = {"casefold", "wildcard", "both", NULL};
    static const unsigned values[] = {TPS_COLLIDE_CASE, TPS_COLLIDE_WILDCARD,
                                      TPS_COLLIDE_CASE | TPS_COLLIDE_WILDCARD};
    int choice;

    if (!tps_definition_choice(yaml, node, words, &choice, error))
        return false;
    ((TpsFramework *)target)->list.collide = values[choice];
    return true;
}

static const TpsYamlKey keys[] = {
    {"files", list_files, NULL},
    {"command", list_command, NULL},
    {"environment", list_environment, NULL},
    {"preload", list_preload, NULL},
    {"proof", list_proof, NULL},
    {"from", list_from, NULL},
    {"reader", list_reader, NULL},
    {"records", list_records, NULL},
    {"id", list_id, NULL},
    {"class", list_class, NULL},
    {"file", list_file, NULL},
    {"line", list_line, NULL},
    {"tags", list_tags, NULL},
    {"selector", list_selector, NULL},
    {"where", list_where, NULL},
    {"skip", list_skip, NULL},
    {"exit", list_exit, NULL},
    {"no_tests", list_no_tests, NULL},
    {"collide", list_collide, NULL},
};

/* A reader whose records have an id of their own needs no template for it. */
static bool names_ids(TpsReader reader)
{
    return reader == TPS_READER_CHECK || reader == TPS_READER_CTEST ||
           reader == TPS_READER_JSON_LINES || reader == TPS_READER_NONE;
}

bool tps_definition_list(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    TpsListing *list = &((TpsFramework *)target)->list;

    if (!tps_yaml_read_mapping(yaml, node, keys, G_N_ELEMENTS(keys), target, error))
        return false;
    list->is_known = true;
    if (!list->command == !list->files)
        return tps_yaml_fail(yaml, node, error,
                             "either 'command' or 'files' must say where testcases are");
    if (!list->id && !names_ids(list->source.reader))
        return tps_yaml_fail(yaml, node, error, "'id' is missing: which fields name a testcase?");
    if (list->command && list->source.reader == TPS_READER_NONE)
        return tps_yaml_fail(yaml, node, error, "'reader' must say how the listing is read");
    return tps_definition_finish_source(yaml, node, &list->source, error);
}
