/* SPDX-License-Identifier: MIT */
#include "cli/key_options.h"

#include "formats/signature.h"

#define KEY_VARIABLE "TPSCHED_KEY_FILE"

void tps_key_option_add(char **key, GOptionContext *context)
{
    GOptionEntry entries[] = {
        {"key", 0, 0, G_OPTION_ARG_FILENAME, key, "Sign and check plans and data", "FILE"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
}

bool tps_key_option_settle(char **key, GError **error)
{
    const char *path = g_getenv(KEY_VARIABLE);
    g_autoptr(GBytes) bytes = NULL;

    if (!*key && path && *path)
        *key = g_canonicalize_filename(path, NULL);
    g_unsetenv(KEY_VARIABLE);
    if (!*key)
        return true;
    bytes = tps_key_load(*key, error);
    return bytes != NULL;
}

bool tps_key_check(const char *key, const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = key ? tps_key_load(key, error) : NULL;

    return !key || (bytes && tps_signature_check(path, bytes, error));
}

bool tps_key_check_old(const char *key, const char *path, GError **error)
{
    return !g_file_test(path, G_FILE_TEST_EXISTS) || tps_key_check(key, path, error);
}

bool tps_key_sign(const char *key, const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = key ? tps_key_load(key, error) : NULL;

    return !key || (bytes && tps_signature_write(path, bytes, error));
}
