/* SPDX-License-Identifier: MIT */
#include "adapters/ci/protocol.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two names for one thing: Bazel's own, and those that googletest reads. */
typedef struct {
    const char *index;
    const char *total;
    const char *status_file;
} Sharding;

static const Sharding shardings[] = {
    {"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", "TEST_SHARD_STATUS_FILE"},
    {"GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", "GTEST_SHARD_STATUS_FILE"},
};

void tps_ci_protocol_clear(TpsCiProtocol *protocol)
{
    g_clear_pointer(&protocol->status_files, g_ptr_array_unref);
    g_clear_pointer(&protocol->report_path, g_free);
    g_clear_pointer(&protocol->premature_path, g_free);
    g_clear_pointer(&protocol->filter, g_free);
}

/* Absolute, for we may start something elsewhere; NULL for none. */
static char *take_path(const char *name)
{
    const char *value = g_getenv(name);
    char *path = value && *value ? g_canonicalize_filename(value, NULL) : NULL;

    g_unsetenv(name);
    return path;
}

static bool is_number(const char *name, int expected)
{
    const char *text = g_getenv(name);
    guint64 number;

    return text && g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT, &number, NULL) &&
           number == (guint64)expected;
}

/* One shard may be called none. */
static bool is_ours(const Sharding *sharding, int shard, int shards)
{
    return (is_number(sharding->total, shards) || (shards == 1 && is_number(sharding->total, 0))) &&
           is_number(sharding->index, shard - 1);
}

static void take_sharding(TpsCiProtocol *protocol, const Sharding *sharding, int shard, int shards)
{
    char *path;

    if (!is_ours(sharding, shard, shards))
        return;
    path = take_path(sharding->status_file);
    if (path)
        g_ptr_array_add(protocol->status_files, path);
    g_unsetenv(sharding->index);
    g_unsetenv(sharding->total);
}

void tps_ci_protocol_take(TpsCiProtocol *protocol, int shard, int shards)
{
    bool is_bazel = g_getenv("BAZEL_TEST") || g_getenv("TEST_TOTAL_SHARDS");

    *protocol = (TpsCiProtocol){.status_files = g_ptr_array_new_with_free_func(g_free)};
    for (size_t i = 0; i < G_N_ELEMENTS(shardings); i++)
        take_sharding(protocol, &shardings[i], shard, shards);
    if (!is_bazel)
        return;
    protocol->report_path = take_path("XML_OUTPUT_FILE");
    protocol->premature_path = take_path("TEST_PREMATURE_EXIT_FILE");
    protocol->filter = g_strdup(g_getenv("TESTBRIDGE_TEST_ONLY"));
    if (protocol->filter && !*protocol->filter)
        g_clear_pointer(&protocol->filter, g_free);
    g_unsetenv("TESTBRIDGE_TEST_ONLY");
}

/* There, and of now. */
static bool touch(const char *path, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);

    if (fd >= 0 && futimens(fd, NULL) == 0 && close(fd) == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot touch '%s': %s", path,
                g_strerror(errno));
    return false;
}

bool tps_ci_protocol_honour(const TpsCiProtocol *protocol, GError **error)
{
    for (guint i = 0; i < protocol->status_files->len; i++)
        if (!touch(g_ptr_array_index(protocol->status_files, i), error))
            return false;
    return true;
}

bool tps_ci_protocol_begin(const TpsCiProtocol *protocol, GError **error)
{
    return !protocol->premature_path || touch(protocol->premature_path, error);
}

void tps_ci_protocol_end(const TpsCiProtocol *protocol)
{
    if (protocol->premature_path)
        g_unlink(protocol->premature_path);
}
