/* SPDX-License-Identifier: MIT */
#include "tests/adapters/records.h"

#define MAX_FIELDS 8

static const struct {
    const char *text;
    size_t length;
    const char *element;
    const char *fields[MAX_FIELDS];
    const char *expected;
    const char *problem; /* or NULL */
} documents[] = {
    {BYTES("<a/>"), "t", {"n"}, "", NULL},
    {BYTES("<a><t n='1'/><t/><t n='' m='2'/></a>"), "t", {"n", "m"}, "n=1\n\nm=2 n=\n", NULL},
    {BYTES("<t n='1'/>"), "t", {"t/n"}, "t/n=1\n", NULL},
    /* around: the nearest that says it */
    {BYTES("<s n='1' f='x'><s n='2'><t/></s><t/><u n='3'/></s>"),
     "t",
     {"s/n", "s/f", "u/n"},
     "s/f=x s/n=2\ns/f=x s/n=1\n",
     NULL},
    /* inside: the first that says it, unless it is around */
    {BYTES("<r d='0'><t><r d='1'/><f m='a'/><f m='b' l='2'/></t><t><g><f m='c'/></g></t></r>"),
     "t",
     {"r/d", "f/m", "f/l"},
     "f/l=2 f/m=a r/d=0\nf/m=c r/d=0\n",
     NULL},
    {BYTES("<a><t>x<b>y</b>z</t>w<t/></a>"), "t", {"text"}, "text=xyz\ntext=\n", NULL},
    {BYTES("<a><t>x<f>1<b>2</b></f><f>3</f></t><t/></a>"),
     "t",
     {"text", "f/text", "b/text"},
     "b/text=2 f/text=12 text=x123\ntext=\n",
     NULL},
    {BYTES("<t><f>1<f>2</f></f></t>"), "t", {"f/text"}, "f/text=12\n", NULL},
    /* a record inside a record */
    {BYTES("<t n='1'>a<t n='2'>b<f m='x'>c</f></t>d<f m='y'/></t>"),
     "t",
     {"n", "text", "f/m"},
     "f/m=y n=1 text=ad\nf/m=x n=2 text=bc\n",
     NULL},
    /* an attribute with the name of the text; a name with a prefix */
    {BYTES("<t text='x'>y</t>"), "t", {"text"}, "text=y\n", NULL},
    {BYTES("<x:t xmlns:x='u' n='1'/>"), "t", {"n"}, "n=1\n", NULL},
    {BYTES("<t n='&#65;&amp;&#10;'>&lt;<![CDATA[<]]></t>"),
     "t",
     {"n", "text"},
     "n=A&\\n text=<<\n",
     NULL},
    {BYTES("<t n='\x1B\xFF'/>"), "t", {"n"}, "n=\\357\\277\\275\\357\\277\\275\n", NULL},
    {BYTES("<t n='1'/><t n='2'/>"), "t", {"n"}, "n=1\nn=2\n", NULL}, /* two documents */
    /* damage */
    {BYTES(""), "t", {"n"}, "", "1:1: "},
    {BYTES("<a>\n<t n='1'/><t n='2'>"), "t", {"n"}, "n=1\n", "2:"},
    {BYTES("<a><t n='1'><t n='2'/><f"), "t", {"n"}, "n=2\n", "1:"},
    {BYTES("<a><t n='1'/></b>"), "t", {"n"}, "n=1\n", "mismatched tag"},
    {BYTES("<!DOCTYPE a [<!ENTITY e 'x'>]><a><t n='&e;'/></a>"), "t", {"n"}, "", "DOCTYPE"},
    {BYTES("<a><t n='1'/>\0"), "t", {"n"}, "n=1\n", "1:"},
};

START_TEST(reads_documents)
{
    g_autofree char *problem = NULL;

    assert_records(tps_records_from_xml(documents[_i].text, documents[_i].length,
                                        documents[_i].element, documents[_i].fields, &problem),
                   documents[_i].expected);
    if (!documents[_i].problem)
        ck_assert_ptr_null(problem);
    else
        ck_assert_msg(problem && strstr(problem, documents[_i].problem), "%s", problem);
}
END_TEST

START_TEST(shares_values_of_enclosing_elements)
{
    static const char *const fields[] = {"s/x", NULL};
    g_autofree char *million = repeat("x", 1000000);
    g_autofree char *many = repeat("<t/>", 10000);
    g_autofree char *text = g_strdup_printf("<s x='%s'>%s</s>", million, many);
    g_autofree char *problem = NULL;
    g_autoptr(GPtrArray) records = tps_records_from_xml(text, strlen(text), "t", fields, &problem);

    ck_assert_ptr_null(problem);
    ck_assert_uint_eq(records->len, 10000);
    ck_assert_ptr_eq(tps_record_get(g_ptr_array_index(records, 0), "s/x"),
                     tps_record_get(g_ptr_array_index(records, 9999), "s/x"));
}
END_TEST

START_TEST(refuses_depth)
{
    static const char *const fields[] = {"text", NULL};
    g_autofree char *text = repeat("<t>", 100000);
    g_autofree char *problem = NULL;

    assert_records(tps_records_from_xml(text, strlen(text), "t", fields, &problem), "");
    ck_assert_ptr_nonnull(problem);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("readers_xml");
    TCase *tcase = tcase_create("readers_xml");

    tcase_add_loop_test(tcase, reads_documents, 0, G_N_ELEMENTS(documents));
    tcase_add_test(tcase, shares_values_of_enclosing_elements);
    tcase_add_test(tcase, refuses_depth);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
