/* SPDX-License-Identifier: MIT */
#include "formats/signature.h"

#include "core/error.h"
#include "formats/files.h"

#include <string.h>

#define ALGORITHM "hmac-sha256 "
#define HEX_LENGTH 64

GBytes *tps_key_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;

    if (!tps_file_read_regular(path, &text, &length, error))
        return NULL;
    if (length > 0 && text[length - 1] == '\n')
        length--;
    if (length > 0 && text[length - 1] == '\r')
        length--;
    if (length < TPS_KEY_BYTES_MIN) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "'%s' is no key: it has %" G_GSIZE_FORMAT " bytes, and %d are the least", path,
                    length, TPS_KEY_BYTES_MIN);
        return NULL;
    }
    return g_bytes_new_take(g_steal_pointer(&text), length);
}

/* The line that FILE.hmac holds. Caller frees. */
static char *sign(const char *path, GBytes *key, GError **error)
{
    g_autofree char *text = NULL;
    g_autofree char *digest = NULL;
    gsize length;
    gsize key_length;
    const void *key_bytes = g_bytes_get_data(key, &key_length);

    if (!tps_file_read(path, &text, &length, error))
        return NULL;
    digest = g_compute_hmac_for_data(G_CHECKSUM_SHA256, key_bytes, key_length, (const guchar *)text,
                                     length);
    return g_strconcat(ALGORITHM, digest, "\n", NULL);
}

static char *signature_path(const char *path)
{
    return g_strconcat(path, TPS_SIGNATURE_SUFFIX, NULL);
}

bool tps_signature_write(const char *path, GBytes *key, GError **error)
{
    g_autofree char *line = sign(path, key, error);
    g_autofree char *to = signature_path(path);

    return line && tps_file_write(to, line, strlen(line), error);
}

/* In a time that says nothing of where they differ. */
static bool are_equal(const char *a, const char *b, size_t length)
{
    volatile unsigned char difference = 0;

    for (size_t i = 0; i < length; i++)
        difference = (unsigned char)(difference | (a[i] ^ b[i]));
    return difference == 0;
}

bool tps_signature_check(const char *path, GBytes *key, GError **error)
{
    const size_t line_length = strlen(ALGORITHM) + HEX_LENGTH;
    g_autofree char *from = signature_path(path);
    g_autofree char *found = NULL;
    g_autofree char *line = NULL;
    gsize length;

    if (!tps_file_read_regular(from, &found, &length, NULL)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "'%s' is not signed: there is no signature '%s'", path, from);
        return false;
    }
    line = sign(path, key, error);
    if (!line)
        return false;
    if (length > line_length && found[length - 1] == '\n')
        length--;
    if (length == line_length && are_equal(found, line, length))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                "'%s' is not what was signed, or with another key: '%s' does not fit", path, from);
    return false;
}
