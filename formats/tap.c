/* SPDX-License-Identifier: MIT */
#include "formats/tap.h"

#include "formats/tap_internal.h"

#include <string.h>

/* Deeper subtests are text, as anything a program prints. */
#define DEPTH_MAX 32
#define INDENT 4

/* Of a test's text; the rest is only counted. */
#define TEXT_MAX ((size_t)1024 * 1024)

typedef struct {
    GString *bytes;
    size_t n_cut;
} Text;

/* The stream, or a subtest in it. */
typedef struct {
    TpsTapNumbers numbers;
    TpsTapTest test; /* the last point; its texts are those below */
    GString *name;
    GString *reason;
    GString *time;
    bool has_test; /* it was not visited yet                             */
    bool at_point; /* the line before was a point, so that YAML may follow */
    bool in_yaml;
    bool is_open; /* something of it came since the point around it      */
} Level;

struct TpsTap {
    TpsTapVisit visit;
    void *user;
    TpsLines lines;
    Level levels[DEPTH_MAX + 1];
    guint deepest;
    Text before;   /* what came since the last test, and is no comment on it */
    Text text;     /* of the last test, if it failed                         */
    char *subtest; /* what "# Subtest" last said, or NULL                    */
    char *inner;   /* what is wrong with the subtests of the next test, or NULL */
    char *problem; /* the first one, or NULL                                 */
};

TpsTap *tps_tap_new(TpsTapVisit visit, void *user)
{
    TpsTap *tap = g_new0(TpsTap, 1);

    tap->visit = visit;
    tap->user = user;
    tap->before.bytes = g_string_new(NULL);
    tap->text.bytes = g_string_new(NULL);
    for (guint i = 0; i <= DEPTH_MAX; i++)
        tap->levels[i].numbers.planned = -1;
    return tap;
}

static void level_clear(Level *level)
{
    tps_tap_numbers_clear(&level->numbers);
    if (level->name) {
        g_string_free(level->name, TRUE);
        g_string_free(level->reason, TRUE);
        g_string_free(level->time, TRUE);
    }
    *level = (Level){.numbers = {.planned = -1}};
}

void tps_tap_free(TpsTap *tap)
{
    if (!tap)
        return;
    for (guint i = 0; i <= DEPTH_MAX; i++)
        level_clear(&tap->levels[i]);
    tps_lines_clear(&tap->lines);
    g_string_free(tap->before.bytes, TRUE);
    g_string_free(tap->text.bytes, TRUE);
    g_free(tap->subtest);
    g_free(tap->inner);
    g_free(tap->problem);
    g_free(tap);
}

static void complain(TpsTap *tap, char *problem)
{
    if (tap->problem)
        g_free(problem);
    else
        tap->problem = problem;
}

/* Texts */

static void text_add(Text *text, const char *bytes, size_t length)
{
    size_t room = TEXT_MAX - MIN(TEXT_MAX, text->bytes->len);

    g_string_append_len(text->bytes, bytes, (gssize)MIN(length, room));
    text->n_cut += length - MIN(length, room);
}

static void text_add_line(Text *text, const TpsLine *line)
{
    text_add(text, line->start, line->length);
    text_add(text, "\n", 1);
}

static void text_clear(Text *text)
{
    g_string_truncate(text->bytes, 0);
    text->n_cut = 0;
}

static void text_end(Text *text)
{
    if (text->n_cut > 0)
        g_string_append_printf(text->bytes, "\n[... %zu bytes cut ...]\n", text->n_cut);
    text->n_cut = 0;
}

/* Points */

/* Its text is whole. */
static bool flush(TpsTap *tap, guint depth, GError **error)
{
    Level *level = &tap->levels[depth];
    bool ok;

    if (!level->has_test)
        return true;
    level->has_test = false;
    level->in_yaml = false;
    level->at_point = false;
    if (depth == 0)
        text_end(&tap->text);
    ok = tap->visit(&level->test, tap->user, error);
    if (depth == 0)
        text_clear(&tap->text);
    return ok;
}

/* The point that a subtest belongs to has come, or will not come any more. */
static bool close_below(TpsTap *tap, guint depth, GError **error)
{
    for (; tap->deepest > depth; tap->deepest--) {
        Level *level = &tap->levels[tap->deepest];
        g_autofree char *why = NULL;

        if (!flush(tap, tap->deepest, error))
            return false;
        why = level->is_open && level->numbers.planned >= 0 ? tps_tap_numbers_check(&level->numbers)
                                                            : NULL;
        if (why && !tap->inner)
            tap->inner = g_strdup_printf("%" G_GUINT64_FORMAT ": the subtest before this: %s",
                                         tap->lines.n_lines, why);
        level_clear(level);
    }
    return true;
}

static bool open_level(TpsTap *tap, guint depth, GError **error)
{
    for (guint i = 0; i < depth; i++)
        if (!flush(tap, i, error))
            return false;
    if (!close_below(tap, depth, error))
        return false;
    tap->deepest = depth;
    tap->levels[depth].is_open = true;
    return true;
}

/* Escaped are '#' and the backslash. */
static void set_name(GString *name, const TpsTapPoint *point)
{
    g_string_truncate(name, 0);
    for (size_t i = 0; i < point->name_length; i++) {
        if (point->name[i] == '\\' && i + 1 < point->name_length &&
            strchr("#\\", point->name[i + 1]) && point->name[i + 1])
            i++;
        g_string_append_c(name, point->name[i]);
    }
}

/* "12.5ms" or "1.5s" */
static TpsTapUnit set_time(GString *time, const char *text, size_t length)
{
    size_t n = 0;
    bool is_ms;

    while (n < length && (g_ascii_isdigit(text[n]) || text[n] == '.'))
        n++;
    is_ms = length == n + 2 && memcmp(text + n, "ms", 2) == 0;
    if (n == 0 || !(is_ms || (length == n + 1 && text[n] == 's')))
        return TPS_TAP_NO_TIME;
    g_string_append_len(time, text, (gssize)n);
    return is_ms ? TPS_TAP_MILLISECONDS : TPS_TAP_SECONDS;
}

static void level_prepare(Level *level)
{
    if (!level->name) {
        level->name = g_string_new(NULL);
        level->reason = g_string_new(NULL);
        level->time = g_string_new(NULL);
    }
    g_string_truncate(level->name, 0);
    g_string_truncate(level->reason, 0);
    g_string_truncate(level->time, 0);
}

static void set_test(TpsTap *tap, Level *level, guint depth, const TpsTapPoint *point)
{
    level_prepare(level);
    level->test = (TpsTapTest){.depth = depth,
                               .number = level->numbers.last,
                               .ok = point->ok,
                               .is_skip = point->is_skip,
                               .is_todo = point->is_todo,
                               .name = level->name,
                               .reason = level->reason,
                               .time = level->time,
                               .text = depth == 0 ? tap->text.bytes : NULL};
    set_name(level->name, point);
    if (point->is_time)
        level->test.unit = set_time(level->time, point->reason, point->reason_length);
    else if (point->is_skip || point->is_todo)
        g_string_append_len(level->reason, point->reason, (gssize)point->reason_length);
    level->has_test = true;
    level->at_point = true;
}

static bool has_failed(const Level *level)
{
    return level->has_test && !level->test.ok && !level->test.is_todo;
}

/* A subtest may be unsound where its test says that it failed: then nothing is hidden. */
static void judge_inner(TpsTap *tap, const TpsTapPoint *point)
{
    char *inner = g_steal_pointer(&tap->inner);

    if (inner && point->ok)
        complain(tap, inner);
    else
        g_free(inner);
}

static bool add_point(TpsTap *tap, guint depth, const TpsTapPoint *point, GError **error)
{
    Level *level = &tap->levels[depth];

    if (!open_level(tap, depth, error) || !flush(tap, depth, error))
        return false;
    judge_inner(tap, point);
    tps_tap_numbers_add(&level->numbers,
                        point->has_number ? point->number : level->numbers.last + 1);
    set_test(tap, level, depth, point);
    if (depth > 0)
        return true;
    if (has_failed(level)) {
        text_add(&tap->text, tap->before.bytes->str, tap->before.bytes->len);
        tap->text.n_cut += tap->before.n_cut;
    }
    text_clear(&tap->before);
    g_clear_pointer(&tap->subtest, g_free);
    return true;
}

static bool add_plan(TpsTap *tap, guint depth, const TpsTapPlan *plan, GError **error)
{
    Level *level = &tap->levels[depth];
    bool first = level->numbers.last == 0 && !level->has_test;

    if (depth > tap->deepest && !open_level(tap, depth, error))
        return false;
    if (level->numbers.planned >= 0 && depth == 0)
        complain(tap, g_strdup_printf("%" G_GUINT64_FORMAT ": a second plan", tap->lines.n_lines));
    level->numbers.planned = plan->count;
    if (plan->count > 0 || depth > 0 || !first)
        return true;
    level_prepare(level);
    g_string_append_len(level->reason, plan->reason, (gssize)plan->reason_length);
    level->test = (TpsTapTest){.ok = true,
                               .is_skip = true,
                               .all_skipped = true,
                               .name = level->name,
                               .reason = level->reason,
                               .time = level->time,
                               .text = tap->text.bytes};
    return tap->visit(&level->test, tap->user, error);
}

/* Lines */

static size_t indentation(const TpsLine *line)
{
    size_t n = 0;

    while (n < line->length && line->start[n] == ' ')
        n++;
    return n;
}

static TpsLine indented_by(const TpsLine *line, size_t n)
{
    n = MIN(n, line->length);
    return (TpsLine){.start = line->start + n, .length = line->length - n, .ended = line->ended};
}

static void read_duration(Level *level, const TpsLine *line)
{
    static const char key[] = "  duration_ms:";
    g_autofree char *value = NULL;

    if (!tps_line_starts_with(line, key))
        return;
    value = g_strndup(line->start + strlen(key), line->length - strlen(key));
    g_strstrip(g_strdelimit(value, "'\"", ' '));
    if (!*value || value[strspn(value, G_CSET_DIGITS ".")] != '\0')
        return;
    g_string_assign(level->time, value);
    level->test.unit = TPS_TAP_MILLISECONDS;
}

/* False when the line is none of the last point's YAML. */
static bool read_yaml(TpsTap *tap, const TpsLine *whole)
{
    Level *level = &tap->levels[tap->deepest];
    size_t blanks = indentation(whole);
    TpsLine line = indented_by(whole, MIN(blanks, (size_t)tap->deepest * INDENT));

    if (!level->in_yaml) {
        if (!level->has_test || !level->at_point || blanks != (size_t)tap->deepest * INDENT + 2 ||
            !tps_line_starts_with(&line, "  ---"))
            return false;
        level->in_yaml = true;
    } else if (whole->length > 0 && blanks <= (size_t)tap->deepest * INDENT) {
        level->in_yaml = false; /* it has no end */
        return false;
    }
    if (tps_line_starts_with(&line, "  ..."))
        level->in_yaml = false;
    level->at_point = false;
    read_duration(level, &line);
    if (tap->deepest > 0)
        text_add_line(&tap->before, whole);
    else if (has_failed(level))
        text_add_line(&tap->text, whole);
    return true;
}

static void read_subtest(TpsTap *tap, const TpsLine *line)
{
    static const char mark[] = "# Subtest: ";
    TpsLine bare = indented_by(line, indentation(line));

    if (tap->subtest || !tps_line_starts_with(&bare, mark))
        return;
    bare = indented_by(&bare, strlen(mark));
    tap->subtest = g_strndup(bare.start, bare.length);
}

/* A comment belongs to the failed point before it; "# Subtest" begins what comes. */
static void read_other(TpsTap *tap, const TpsLine *line)
{
    bool comments = tps_line_starts_with(line, "#") && !tps_line_starts_with(line, "# Subtest");

    tap->levels[tap->deepest].at_point = false;
    if (tps_line_starts_with(line, "TAP version") || tps_line_starts_with(line, "pragma "))
        return;
    read_subtest(tap, line);
    text_add_line(comments && has_failed(&tap->levels[0]) ? &tap->text : &tap->before, line);
}

/* "ok" alone, with no line end behind it, may be the beginning of anything. */
static bool may_be_cut(const TpsLine *line, const TpsTapPoint *point)
{
    return !line->ended && !point->has_number && point->name_length == 0;
}

/* A point or a plan, of the stream or of a subtest; what is of a subtest is text of its test, too.
 */
static bool read_element(TpsTap *tap, const TpsLine *line, bool *taken, GError **error)
{
    size_t blanks = indentation(line);
    guint depth = (guint)MIN(blanks / INDENT, DEPTH_MAX + 1);
    TpsLine bare = indented_by(line, blanks);
    TpsTapPoint point;
    TpsTapPlan plan;
    bool ok = true;

    *taken = false;
    if (blanks % INDENT != 0 || depth > DEPTH_MAX)
        return true;
    *taken = true;
    if (tps_tap_read_point(&bare, &point) && !may_be_cut(&bare, &point))
        ok = add_point(tap, depth, &point, error);
    else if (tps_tap_read_plan(&bare, &plan))
        ok = add_plan(tap, depth, &plan, error);
    else
        *taken = false;
    if (*taken && depth > 0)
        text_add_line(&tap->before, line);
    return ok;
}

static bool read_line(const TpsLine *line, void *user, GError **error)
{
    TpsTap *tap = user;
    bool taken;

    if (read_yaml(tap, line))
        return true;
    if (!read_element(tap, line, &taken, error))
        return false;
    if (taken)
        return true;
    if (tps_line_starts_with(line, "Bail out!"))
        complain(tap, g_strdup_printf("%" G_GUINT64_FORMAT ": %.*s", tap->lines.n_lines,
                                      (int)MIN(line->length, 1000), line->start));
    else
        read_other(tap, line);
    return true;
}

bool tps_tap_feed(TpsTap *tap, const char *bytes, size_t length, GError **error)
{
    return tps_lines_feed(&tap->lines, bytes, length, read_line, tap, error);
}

/* The test around points that did come. */
static bool visit_never_ended(TpsTap *tap, GError **error)
{
    Level *level = &tap->levels[0];

    if (!flush(tap, 0, error))
        return false;
    level_prepare(level);
    g_string_assign(level->name, tap->subtest ? tap->subtest : "");
    text_end(&tap->before);
    level->test = (TpsTapTest){.never_ended = true,
                               .name = level->name,
                               .reason = level->reason,
                               .time = level->time,
                               .text = tap->before.bytes};
    complain(tap, g_strdup_printf("the test '%s' has subtests and never ended", level->name->str));
    return tap->visit(&level->test, tap->user, error);
}

bool tps_tap_finish(TpsTap *tap, GError **error)
{
    bool is_open;

    if (!tps_lines_finish(&tap->lines, read_line, tap, error))
        return false;
    is_open = tap->deepest > 0;
    if (!close_below(tap, 0, error) || !flush(tap, 0, error) ||
        (is_open && !visit_never_ended(tap, error)))
        return false;
    complain(tap, tps_tap_numbers_check(&tap->levels[0].numbers));
    return true;
}

const char *tps_tap_problem(const TpsTap *tap)
{
    return tap->problem;
}

guint64 tps_tap_cut_lines(const TpsTap *tap)
{
    return tap->lines.n_too_long;
}

bool tps_tap_recognise(const char *bytes, size_t length)
{
    TpsLine line = {.next = bytes};
    TpsTapPoint point;
    TpsTapPlan plan;

    while (tps_line_read(line.next, bytes + length, &line))
        if (tps_line_starts_with(&line, "TAP version ") || tps_tap_read_plan(&line, &plan) ||
            (tps_tap_read_point(&line, &point) && point.has_number))
            return true;
    return false;
}
