/* SPDX-License-Identifier: MIT */
#include "runtime/case_name.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* `cuts`: the id with a letter behind each group's end, d f c s; `pieces`: with "|" between them.
 */
static const struct {
    const char *id, *cuts, *pieces;
} names[] = {
    {"tests/a.py::Class::test_x[1-2]", "tests/<d>a.<c>py::<f>Class::<c>test_x[<s>1-2]",
     "tests/|a.py|::Class::|test_x[1-2]"},
    {"a.py::test_x", "a.<c>py::<f>test_x", "|a.py|::|test_x"},
    {"a.py::test_x[a::b/c.d]", "a.<c>py::<f>test_x[<s>a::b/c.d]", "|a.py|::|test_x[a::b/c.d]"},
    {"app/[id]/t.js::x[0]", "app/<d>[id]/<d>t.<c>js::<f>x[<s>0]", "app/[id]/|t.js|::|x[0]"},
    {"spec/models/user_spec.rb", "spec/<d>models/<d>user_spec.<c>rb",
     "spec/models/|||user_spec.rb"},
    {"user_spec.rb", "user_spec.<c>rb", "|||user_spec.rb"},
    {"features/shop.feature", "features/<d>shop.<c>feature", "features/|||shop.feature"},
    {"Suite.Walks", "Suite.<c>Walks", "|Suite.||Walks"},
    {"Prefix/Suite.Case/0", "Prefix/<d>Suite.<c>Case/<s>0", "Prefix/|Suite.||Case/0"},
    {"Suite.Case/0", "Suite.<c>Case/<s>0", "|Suite.||Case/0"},
    {"org.shop.CartTest.adds", "org.<c>shop.<c>CartTest.<c>adds", "|||org.shop.CartTest.adds"},
    {"org.shop.CartTest.addsAll", "org.<c>shop.<c>CartTest.<c>addsAll",
     "|org.shop.CartTest.||addsAll"},
    {"crate::module::test", "crate::<f>module::<c>test", "|crate|::module::|test"},
    {"plain", "plain", "|||plain"},
    {"", "", "|||"},
    {"[", "[", "|||["},
    {"]", "]", "|||]"},
    {"[]", "[<s>]", "|||[]"},
    {"::", "::<f>", "||::|"},
    {":::", "::<f>:", "||:::|"},
    {"/", "/<d>", "/|||"},
    {"./a", ".<c>/<d>a", "./|||a"},
};

START_TEST(names_are_taken_apart)
{
    const char *id = names[_i].id;
    TpsCaseCut cut[TPS_CASE_MAX_CUTS];
    const int n = tps_case_cuts(id, cut);
    const TpsCasePieces pieces = tps_case_pieces(id);
    g_autoptr(GString) cuts = g_string_new(NULL);
    g_autofree char *text = NULL;
    size_t from = 0;

    for (int i = 0; i < n; i++) {
        g_string_append_len(cuts, id + from, (gssize)(cut[i].end - from));
        g_string_append(cuts, cut[i].kind == TPS_PREDICT_SIBLINGS ? "<s>"
                              : cut[i].kind == TPS_PREDICT_CLASS  ? "<c>"
                              : cut[i].kind == TPS_PREDICT_FILE   ? "<f>"
                                                                  : "<d>");
        from = cut[i].end;
    }
    g_string_append(cuts, id + from);
    ck_assert_str_eq(cuts->str, names[_i].cuts);
    ck_assert(pieces.base <= pieces.rest && pieces.rest <= pieces.leaf);
    text = g_strdup_printf("%.*s|%.*s|%.*s|%s", (int)pieces.base, id,
                           (int)(pieces.rest - pieces.base), id + pieces.base,
                           (int)(pieces.leaf - pieces.rest), id + pieces.rest, id + pieces.leaf);
    ck_assert_str_eq(text, names[_i].pieces);
}
END_TEST

START_TEST(any_bytes_are_a_name)
{
    static const char signs[] = "a:./[]-";
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);

    for (int i = 0; i < 100000; i++) {
        TpsCaseCut cut[TPS_CASE_MAX_CUTS];
        char id[64] = "";
        const int length = g_rand_int_range(rand, 0, 60);
        TpsCasePieces pieces;
        size_t before = 0;
        int n;

        for (int j = 0; j < length; j++)
            id[j] = signs[g_rand_int_range(rand, 0, (int)strlen(signs))];
        n = tps_case_cuts(id, cut);
        ck_assert_int_le(n, TPS_CASE_MAX_CUTS);
        for (int j = 0; j < n; before = cut[j++].end)
            ck_assert(cut[j].end > before && cut[j].end <= strlen(id));
        pieces = tps_case_pieces(id);
        ck_assert(pieces.base <= pieces.rest && pieces.rest <= pieces.leaf);
        ck_assert(pieces.leaf <= strlen(id));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("case_name");
    TCase *tcase = tcase_create("case_name");

    tcase_add_loop_test(tcase, names_are_taken_apart, 0, (int)G_N_ELEMENTS(names));
    tcase_add_test(tcase, any_bytes_are_a_name);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
