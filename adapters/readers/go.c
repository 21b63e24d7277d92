/* SPDX-License-Identifier: MIT */
#include "adapters/readers/readers.h"
#include "adapters/readers/readers_internal.h"
#include "formats/go_events.h"

#include <string.h>

typedef struct {
    GPtrArray *records;
    GHashTable *values; /* package -> what it printed, made a value once for all of its tests */
    TpsGo *go;
} Go;

static void go_clear(Go *go)
{
    tps_go_free(go->go);
    g_hash_table_unref(go->values);
    g_ptr_array_unref(go->records);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Go, go_clear)

/* "TestA/b/c" is case "b/c" of TestA. */
static gpointer began(const char *package, const char *name, void *user)
{
    const Go *go = user;
    GHashTable *record = tps_record_new();
    const char *slash = strchrnul(name, '/');

    tps_record_set(record, "test", name);
    tps_record_set_bytes(record, "parent", name, (size_t)(slash - name));
    if (*slash)
        tps_record_set(record, "case", slash + 1);
    if (package)
        tps_record_set(record, "package", package);
    g_ptr_array_add(go->records, record);
    return record;
}

static GRefString *last_words(const Go *go, const TpsGoTest *test)
{
    const char *name = test->package ? test->package : "";
    GRefString *value = g_hash_table_lookup(go->values, name);

    if (!value) {
        value = g_ref_string_new(test->last_words->str);
        g_hash_table_insert(go->values, g_strdup(name), value);
    }
    return value;
}

static bool ended(const TpsGoTest *test, gpointer record, void *user, GError **error)
{
    static const char *const outcomes[] = {
        [TPS_GO_PASSED] = "passed",
        [TPS_GO_FAILED] = "failed",
        [TPS_GO_SKIPPED] = "skipped",
        [TPS_GO_NEVER_ENDED] = "error",
    };

    (void)error;
    tps_record_set(record, "outcome", outcomes[test->outcome]);
    if (test->seconds)
        tps_record_set(record, "seconds", test->seconds);
    if (test->output->len > 0)
        tps_record_set(record, "output", test->output->str);
    if (test->outcome == TPS_GO_NEVER_ENDED)
        tps_record_share(record, "text", last_words(user, test));
    return true;
}

static const char *string_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static void take_line(const cJSON *object, void *user)
{
    const Go *go = user;
    GRefString *seconds = tps_json_value(cJSON_GetObjectItemCaseSensitive(object, "Elapsed"));
    const TpsGoEvent event = {.action = string_of(object, "Action"),
                              .package = string_of(object, "Package"),
                              .test = string_of(object, "Test"),
                              .output = string_of(object, "Output"),
                              .seconds = seconds};

    tps_go_take(go->go, &event, NULL);
    if (seconds)
        g_ref_string_release(seconds);
}

static void release(gpointer value)
{
    g_ref_string_release(value);
}

GPtrArray *tps_records_from_go(const char *text, size_t length, GError **error)
{
    static const TpsGoHandler handler = {.began = began, .ended = ended};
    g_auto(Go) go = {
        .records = tps_records_new(),
        .values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, release),
    };
    bool torn; /* by a process that was killed: its test never ended */

    go.go = tps_go_new(&handler, &go);
    if (!tps_json_read_lines(text, length, take_line, &go, &torn, error))
        return NULL;
    tps_go_finish(go.go, NULL);
    return g_ptr_array_ref(go.records);
}
