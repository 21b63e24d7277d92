/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/curve_svg.h"
#include "formats/xml.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

/* What a reader finds in the picture. */
typedef struct {
    GString *text; /* all character data */
    int n_elements;
    int n_dots;
    int n_large;   /* of them */
    int n_outside; /* coordinates that are not in the picture */
} Seen;

static void check_coordinate(Seen *seen, const char *name, const char *value)
{
    static const char *const names[] = {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i], name) == 0)
            seen->n_outside += atoi(value) < 0 || atoi(value) > 760;
}

static void on_start(const char *name, const char *const *attributes, void *user)
{
    Seen *seen = user;

    seen->n_elements++;
    seen->n_dots += strcmp(name, "circle") == 0;
    for (; *attributes; attributes += 2) {
        seen->n_large += strcmp(attributes[0], "r") == 0 && strcmp(attributes[1], "6") == 0;
        check_coordinate(seen, attributes[0], attributes[1]);
    }
}

static void on_text(const char *text, size_t length, void *user)
{
    g_string_append_len(((Seen *)user)->text, text, (gssize)length);
}

static const TpsXmlHandler handler = {.start = on_start, .text = on_text};

/* The picture must be read as it is, with nothing to mend. */
static void read_back(const char *svg, Seen *seen)
{
    g_autoptr(TpsXml) xml = tps_xml_new(&handler, seen);
    g_autoptr(GError) error = NULL;
    bool read = tps_xml_feed(xml, svg, strlen(svg), &error) && tps_xml_finish(xml, &error);

    ck_assert_msg(read, "%s", error ? error->message : "");
    ck_assert_uint_eq(tps_xml_repairs(xml), 0);
    ck_assert_int_eq(seen->n_outside, 0);
}

static TpsCurve *curve_of(const TpsCurveRow *rows, guint n)
{
    TpsCurve *curve = tps_curve_new();

    g_array_append_vals(curve->rows, rows, n);
    curve->recommended = rows[0].size;
    curve->saturation = rows[n - 1].size;
    curve->floor_us = rows[n - 1].makespan_us;
    curve->target_us = 30 * TPS_MINUTE_US;
    return curve;
}

typedef struct {
    const char *name;
    TpsCurveRow rows[3];
    guint n_rows;
    int64_t target_us; /* 0 = half an hour */
    const char *texts[4];
    const char *lacks;
} Case;

#define ROW(size_, time_us, cost_)                                                                 \
    {                                                                                              \
        .size = (size_), .makespan_us = (time_us), .elapsed_us = (time_us),                        \
        .machine_us = (size_) * (time_us), .cost = (cost_)                                         \
    }

static const Case cases[] = {
    {"one size",
     {ROW(1, 10 * TPS_SECOND_US, -1)},
     1,
     0,
     {"10 s", "machine time", "recommended: 1 worker"},
     "cost"},
    {"no time", {ROW(1, 0, -1), ROW(2, 0, -1)}, 2, 0, {"machine time"}, "cost"},
    {"time that is out of reason",
     {ROW(1, INT64_MAX / 4, -1), ROW(65536, 1, -1)},
     2,
     0,
     {"16384"},
     NULL},
    {"costs",
     {ROW(1, 90 * TPS_MINUTE_US, 720000), ROW(4, 25 * TPS_MINUTE_US, 800000),
      ROW(8, 12 * TPS_MINUTE_US, 900000)},
     3,
     0,
     {"cost", "0.8000", "target 30m00s", "4 workers: 25m00s, machine time 1h40m"},
     "machine time8"},
    {"costs nothing", {ROW(1, 90, 0), ROW(4, 25, 0)}, 2, 0, {"cost"}, NULL},
    {"a target far away",
     {ROW(1, 9 * TPS_SECOND_US, -1)},
     1,
     100 * TPS_MINUTE_US,
     {"the target is 1h40m"},
     "target 1h40m"},
    {"the greatest time",
     {ROW(1, INT64_MAX, INT64_MAX), ROW(2, INT64_MAX / 2, INT64_MAX)},
     2,
     0,
     {"cost"},
     NULL},
};

START_TEST(draws)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsCurve) curve = curve_of(c->rows, c->n_rows);
    g_autofree char *svg = NULL;
    Seen seen = {.text = g_string_new(NULL)};

    if (c->target_us)
        curve->target_us = c->target_us;
    svg = tps_curve_svg(curve, "shop");
    read_back(svg, &seen);
    ck_assert_int_eq(seen.n_dots, 2 * (int)c->n_rows);
    ck_assert_int_eq(seen.n_large, 2); /* the recommended size, in both halves */
    for (size_t i = 0; i < G_N_ELEMENTS(c->texts) && c->texts[i]; i++)
        ck_assert_msg(strstr(seen.text->str, c->texts[i]) != NULL, "%s: no '%s' in %s", c->name,
                      c->texts[i], seen.text->str);
    ck_assert_msg(!c->lacks || !strstr(seen.text->str, c->lacks), "%s: has '%s'", c->name,
                  c->lacks);
    g_string_free(seen.text, TRUE);
}
END_TEST

START_TEST(any_name_is_well_formed)
{
    static const char *const names[] = {"</svg><script>", "a & b \"c\" 'd'", "\001\033[31m\n",
                                        "\377\376", "]]>"};
    const TpsCurveRow row = ROW(1, TPS_SECOND_US, -1);
    g_autoptr(TpsCurve) curve = curve_of(&row, 1);

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *svg = tps_curve_svg(curve, names[i]);
        Seen seen = {.text = g_string_new(NULL)};
        int n_elements = seen.n_elements;

        read_back(svg, &seen);
        ck_assert_int_gt(seen.n_elements, n_elements);
        ck_assert_ptr_null(strstr(svg, "<script"));
        g_string_free(seen.text, TRUE);
    }
}
END_TEST

START_TEST(holds_all_it_needs)
{
    const TpsCurveRow row = ROW(1, TPS_SECOND_US, -1);
    g_autoptr(TpsCurve) curve = curve_of(&row, 1);
    g_autofree char *svg = tps_curve_svg(curve, "shop");
    g_autofree char *again = tps_curve_svg(curve, "shop");

    ck_assert_str_eq(svg, again);
    ck_assert_ptr_nonnull(strstr(svg, "prefers-color-scheme:dark"));
    ck_assert_ptr_nonnull(strstr(svg, "role=\"img\" aria-labelledby=\"title desc\""));
    ck_assert_ptr_nonnull(strstr(svg, "<title id=\"title\">Workers and time of shop</title>"));
    ck_assert_ptr_nonnull(strstr(svg, "<desc id=\"desc\">"));
    ck_assert_ptr_null(strstr(svg, "href"));
    ck_assert_ptr_null(strstr(svg, "url("));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("curve_svg");
    TCase *tcase = tcase_create("curve_svg");

    tcase_add_loop_test(tcase, draws, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tcase, any_name_is_well_formed);
    tcase_add_test(tcase, holds_all_it_needs);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
