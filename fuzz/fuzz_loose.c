/* SPDX-License-Identifier: MIT */
#include "fuzz/fuzz.h"

#include "formats/loose/loose.h"

#include <string.h>

static void check_text(const char *text)
{
    g_assert_true(!text || g_utf8_validate(text, -1, NULL));
}

/* What is handed out can be counted, compared and written. */
static void check_result(const TpsResult *result)
{
    g_assert_nonnull(result->id);
    check_text(result->id);
    check_text(result->message);
    check_text(result->text);
    check_text(result->output);
    check_text(result->file);
    g_assert_cmpint(result->outcome, <=, TPS_OUTCOME_ERROR);
    g_assert_true(result->time_us >= 0 || result->time_us == TPS_TIME_UNKNOWN);
    g_assert_cmpint(result->line, >=, 0);
    for (guint i = 0; result->cases && i < result->cases->len; i++)
        check_result(g_ptr_array_index(result->cases, i));
}

static void say_result(GString *said, const TpsResult *result)
{
    g_string_append_printf(said, "%s=%d %" G_GINT64_FORMAT " %s|%s|%s\n", result->id,
                           result->outcome, result->time_us, result->message, result->text,
                           result->output);
    for (guint i = 0; result->cases && i < result->cases->len; i++)
        say_result(said, g_ptr_array_index(result->cases, i));
}

static bool take_result(const char *suite, TpsResult *result, void *user, GError **error)
{
    (void)error;
    check_text(suite);
    check_result(result);
    g_string_append_printf(user, "%s: ", suite);
    say_result(user, result);
    tps_result_free(result);
    return true;
}

static bool take_suite(const TpsLooseSuite *suite, void *user, GError **error)
{
    (void)error;
    g_assert_true(suite->part.count == 0 ||
                  (suite->part.index >= 0 && suite->part.index < suite->part.count));
    check_text(suite->name);
    g_string_append_printf(user, "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", suite->name,
                           suite->started_us, suite->ended_us);
    return true;
}

/* What a report says, in one string; NULL when it is none. */
static char *read_report(const char *bytes, size_t length)
{
    static const TpsLooseHandler handler = {take_result, take_suite};
    g_autoptr(GString) said = g_string_new(NULL);
    g_autoptr(TpsLoose) loose = tps_loose_parse("fuzz", bytes, length, &handler, said, NULL);

    g_assert_nonnull(loose);
    g_assert_cmpuint(strlen(loose->digest), ==, 64);
    g_assert_true(loose->kind || loose->looks_like);
    if (!loose->kind)
        return NULL;
    g_string_append_printf(said, "%s: %s", loose->kind, loose->problem);
    return g_string_free(g_steal_pointer(&said), FALSE);
}

/* The same bytes say the same, whatever was read before. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *once = read_report((const char *)data, size);
    g_autofree char *twice = read_report((const char *)data, size);

    g_assert_cmpstr(once, ==, twice);
    return 0;
}
