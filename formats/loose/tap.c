/* SPDX-License-Identifier: MIT */
#include "formats/tap.h"

#include "core/duration.h"
#include "formats/loose/loose_internal.h"
#include "formats/loose/tally.h"

#include <string.h>

/* Of one test's subtests so many are kept, and of their names so much. */
#define CASES_MAX 50000
#define CASE_NAME_MAX 512

/* A subtest that waits for the test it is in. */
typedef struct {
    guint depth;
    TpsResult *result;
} Inner;

typedef struct {
    TpsLooseOut *out;
    TpsTap *tap;
    TpsTally names;
    GArray *inner; /* of Inner */
    guint64 n_lost;
} Tap;

/* NUL and what is no UTF-8 become U+FFFD, as in every text that is read. */
static char *text_of(const GString *bytes)
{
    return g_utf8_make_valid(bytes->str, (gssize)bytes->len);
}

static char *nonempty(const GString *bytes)
{
    return bytes->len > 0 ? text_of(bytes) : NULL;
}

static int64_t time_of(const TpsTapTest *test)
{
    double number = g_ascii_strtod(test->time->str, NULL);
    int64_t us;

    if (test->unit == TPS_TAP_NO_TIME)
        return TPS_TIME_UNKNOWN;
    if (test->unit == TPS_TAP_MILLISECONDS)
        number /= 1000;
    return tps_us_from_seconds(number, &us) ? us : TPS_TIME_UNKNOWN;
}

/* "not ok" with a SKIP is a contradiction: a failure is not hidden. */
static TpsOutcome outcome_of(const TpsTapTest *test)
{
    if (test->never_ended)
        return TPS_OUTCOME_ERROR;
    if (test->ok)
        return test->is_skip ? TPS_OUTCOME_SKIPPED : TPS_OUTCOME_PASSED;
    return test->is_todo ? TPS_OUTCOME_SKIPPED : TPS_OUTCOME_FAILED;
}

static char *name_of(const TpsTapTest *test)
{
    if (test->all_skipped)
        return g_strdup("<all>");
    if (test->name->len > 0)
        return text_of(test->name);
    return test->never_ended ? g_strdup("<subtest>")
                             : g_strdup_printf("test %" G_GINT64_FORMAT, test->number);
}

static TpsResult *result_of(const TpsTapTest *test)
{
    g_autofree char *name = name_of(test);
    TpsResult *result = tps_result_new(name, outcome_of(test), time_of(test));

    if (test->never_ended)
        result->message = g_strdup("its subtests began, and it never ended");
    else if (test->is_skip || test->is_todo)
        result->message = nonempty(test->reason);
    if (!test->ok && test->is_todo)
        result->type = g_strdup("todo");
    return result;
}

static void rename_to(TpsResult *result, char *id)
{
    g_free(result->id);
    result->id = id;
}

/* "group > case"; a group says itself when it is worse than what is in it. */
static void put_into(GArray *inner, guint first, const TpsResult *group)
{
    size_t length = strlen(group->id);

    for (guint i = first; i < inner->len; i++) {
        TpsResult *result = g_array_index(inner, Inner, i).result;

        if (length + strlen(result->id) > CASE_NAME_MAX)
            continue;
        rename_to(result, g_strconcat(group->id, " > ", result->id, NULL));
    }
}

static TpsOutcome worst(const GArray *inner, guint first)
{
    TpsOutcome outcome = TPS_OUTCOME_SKIPPED;

    for (guint i = first; i < inner->len; i++)
        outcome = MAX(outcome, g_array_index(inner, Inner, i).result->outcome);
    return outcome;
}

/* Where what belongs to a point of that depth begins. */
static guint first_inner(const GArray *inner, guint depth)
{
    guint first = inner->len;

    while (first > 0 && g_array_index(inner, Inner, first - 1).depth > depth)
        first--;
    return first;
}

static void add_inner(Tap *tap, guint depth, TpsResult *result)
{
    const Inner inner = {depth, result};
    guint first = first_inner(tap->inner, depth);
    bool is_group = first < tap->inner->len;

    put_into(tap->inner, first, result);
    for (guint i = first; i < tap->inner->len; i++)
        g_array_index(tap->inner, Inner, i).depth = depth;
    if ((is_group && result->outcome <= worst(tap->inner, first)) || tap->inner->len >= CASES_MAX) {
        tap->n_lost += !is_group;
        tps_result_free(result);
        return;
    }
    g_array_append_val(tap->inner, inner);
}

static void take_inner(Tap *tap, TpsResult *result)
{
    for (guint i = 0; i < tap->inner->len; i++)
        tps_result_add_case(result, g_array_index(tap->inner, Inner, i).result);
    g_array_set_size(tap->inner, 0);
}

/* Each point is a testcase of its own, whatever its name and whatever became of it. */
static void set_apart(Tap *tap, TpsResult *result)
{
    uint32_t n = tps_tally_add(&tap->names, result->id, strlen(result->id));

    if (n > 1)
        rename_to(result, g_strdup_printf("%s [%u]", result->id, n));
}

static bool take_test(const TpsTapTest *test, void *user, GError **error)
{
    Tap *tap = user;
    TpsResult *result = result_of(test);

    if (test->depth > 0) {
        add_inner(tap, test->depth, result);
        return true;
    }
    if (test->name->len > 0)
        set_apart(tap, result);
    if (tps_outcome_is_bad(result->outcome))
        result->text = nonempty(test->text);
    take_inner(tap, result);
    return tps_loose_say(tap->out, tap->out->name, result, error);
}

static void *open_tap(TpsLooseOut *out)
{
    Tap *tap = g_new0(Tap, 1);

    out->loose->kind = "TAP";
    tap->out = out;
    tap->tap = tps_tap_new(take_test, tap);
    tap->inner = g_array_new(FALSE, FALSE, sizeof(Inner));
    return tap;
}

static bool feed(void *reader, const char *bytes, size_t length, GError **error)
{
    return tps_tap_feed(((Tap *)reader)->tap, bytes, length, error);
}

static bool finish(void *reader, GError **error)
{
    Tap *tap = reader;
    const TpsLooseSuite suite = {
        .name = tap->out->name, .started_us = TPS_TIME_UNKNOWN, .ended_us = TPS_TIME_UNKNOWN};
    guint64 n_cut;

    if (!tps_tap_finish(tap->tap, error))
        return false;
    if (tps_tap_problem(tap->tap))
        tps_loose_complain(tap->out, "%s", tps_tap_problem(tap->tap));
    n_cut = tps_tap_cut_lines(tap->tap);
    if (n_cut > 0)
        tps_loose_warn(
            tap->out, "lines that were too long and are not kept whole: %" G_GUINT64_FORMAT, n_cut);
    if (tap->n_lost > 0)
        tps_loose_warn(tap->out, "subtests that were too many to keep: %" G_GUINT64_FORMAT,
                       tap->n_lost);
    return tps_loose_say_suite(tap->out, &suite, error);
}

static void close_tap(void *reader)
{
    Tap *tap = reader;

    for (guint i = 0; i < tap->inner->len; i++)
        tps_result_free(g_array_index(tap->inner, Inner, i).result);
    g_array_unref(tap->inner);
    tps_tally_clear(&tap->names);
    tps_tap_free(tap->tap);
    g_free(tap);
}

const TpsLooseReader tps_loose_tap = {open_tap, feed, finish, close_tap};
