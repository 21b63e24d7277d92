/* SPDX-License-Identifier: MIT */
#include "fuzz/fuzz.h"

#include "formats/tap.h"

static void put(GString *said, const GString *text)
{
    g_string_append_printf(said, " %" G_GSIZE_FORMAT ":", text->len);
    g_string_append_len(said, text->str, (gssize)text->len);
}

static bool visit(const TpsTapTest *test, void *user, GError **error)
{
    (void)error;
    g_string_append_printf(user, "%u %" G_GINT64_FORMAT " %d%d%d%d%d %d", test->depth, test->number,
                           test->ok, test->is_skip, test->is_todo, test->all_skipped,
                           test->never_ended, test->unit);
    put(user, test->name);
    put(user, test->reason);
    put(user, test->time);
    if (test->text)
        put(user, test->text);
    return true;
}

static char *read_tap(const char *bytes, size_t length, size_t piece)
{
    GString *said = g_string_new(NULL);
    g_autoptr(TpsTap) tap = tps_tap_new(visit, said);

    for (size_t i = 0; i < length; i += piece)
        g_assert_true(tps_tap_feed(tap, bytes + i, MIN(piece, length - i), NULL));
    g_assert_true(tps_tap_finish(tap, NULL));
    g_string_append_printf(said, "%s", tps_tap_problem(tap));
    return g_string_free(said, FALSE);
}

/* How the bytes arrive changes nothing. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    g_autofree char *at_once = read_tap(bytes, size, size + 1);
    g_autofree char *by_byte = read_tap(bytes, size, 1);
    g_autofree char *by_some = read_tap(bytes, size, 7);

    g_assert_cmpstr(at_once, ==, by_byte);
    g_assert_cmpstr(at_once, ==, by_some);
    return 0;
}
