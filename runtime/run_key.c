/* SPDX-License-Identifier: MIT */
#include "runtime/run_key.h"

#include <glib.h>
#include <string.h>

#define HASH_DIGITS 8
#define LAST_SECOND INT64_C(253402300799) /* of the year 9999 */

/* Digits where a digit is, a letter or sign where it stands for itself, x for hexadecimal. */
static const char pattern[] = "00000000T000000-xxxxxxxx";

char *tps_run_key_new(int64_t started_us, const char *plan_id, const char *run_id)
{
    g_autoptr(GDateTime) began =
        g_date_time_new_from_unix_utc(CLAMP(started_us / G_USEC_PER_SEC, 0, LAST_SECOND));
    g_autofree char *time = g_date_time_format(began, "%Y%m%dT%H%M%S");
    g_autofree char *alone = g_strdup_printf("%" G_GINT64_FORMAT, started_us);
    g_autofree char *identity =
        g_strjoin("\n", plan_id, run_id ? "shared" : "alone", run_id ? run_id : alone, NULL);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, identity, -1);

    return g_strdup_printf("%s-%.*s", time, HASH_DIGITS, hash);
}

bool tps_run_key_is(const char *text)
{
    if (strlen(text) != TPS_RUN_KEY_LENGTH)
        return false;
    for (int i = 0; i < TPS_RUN_KEY_LENGTH; i++) {
        if (pattern[i] == '0'
                ? !g_ascii_isdigit(text[i])
                : (pattern[i] == 'x' ? !g_ascii_isxdigit(text[i]) || g_ascii_isupper(text[i])
                                     : text[i] != pattern[i]))
            return false;
    }
    return tps_run_key_time(text) >= 0;
}

static int number(const char *digits, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

int64_t tps_run_key_time(const char *key)
{
    g_autoptr(GDateTime) began =
        g_date_time_new_utc(number(key, 4), number(key + 4, 2), number(key + 6, 2),
                            number(key + 9, 2), number(key + 11, 2), number(key + 13, 2));

    return began ? g_date_time_to_unix(began) : -1;
}
