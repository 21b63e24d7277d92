/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/xml.h"
#include "tests/unit.h"

#include <glib/gstdio.h>
#include <string.h>

#define FFFD "\xEF\xBF\xBD"

typedef struct {
    const char *name;
    const char *input;
    size_t length;
    const char *events; /* NULL: not looked at */
    size_t repairs;
    const char *error; /* NULL: none */
} Sample;

#define BYTES(text) (text), sizeof(text) - 1

static const Sample samples[] = {
    {"plain", BYTES("<a x=\"1\" y='2'>t<b/>u</a>"), "<a x=1 y=2>{t}<b></b>{u}</a>", 0, NULL},
    {"declaration", BYTES("<?xml version=\"1.0\"?>\n<a/>\n"), "<a></a>", 0, NULL},
    {"blank before declaration", BYTES("\n <?xml version=\"1.0\"?><a/>"), "<a></a>", 1, NULL},
    {"odd declarations", BYTES("<?xml?><a/><?xml encoding='utf-8'?><a/>"), "<a></a><a></a>", 2,
     NULL},
    {"declarations of nothing",
     BYTES("<?xml version='1.0'?><?xml version='1.0'?><a/><?xml version='1.0'?>"), "<a></a>", 2,
     NULL},
    {"whole declaration",
     BYTES("\xEF\xBB\xBF<?xml  version = '1.0' encoding=\"UTF-8\" standalone='no' ?><a/>"),
     "<a></a>", 0, NULL},
    {"byte order mark", BYTES("\xEF\xBB\xBF<a/>"), "<a></a>", 0, NULL},
    {"prefixes", BYTES("<n:a xmlns:n='u' n:x='1'><n:b/></n:a>"), "<a xmlns:n=u n:x=1><b></b></a>",
     0, NULL},
    {"comments", BYTES("<!-- - - --><a>x<!---->y<!-- <b> & -->z</a><!-- > -->"), "<a>{xyz}</a>", 0,
     NULL},
    {"odd comments", BYTES("<!-- -- --><a>x<!--\x1B-->y<!--\xFF--->z</a>"), "<a>{xyz}</a>", 4,
     NULL},
    {"instructions", BYTES("<?s a?><a>x<?y ? > ?\?>y</a><?z?>"), "<a>{xy}</a>", 0, NULL},
    {"odd instructions", BYTES("<?c?d ?><?\?><? a?><?1?><?a=b?><a><?b \x1B?></a>"), "<a></a>", 6,
     NULL},
    {"references", BYTES("<a x='&lt;&#65;&#x1F600;'>&amp;&apos;&quot;&gt;</a>"),
     "<a x=<A\xF0\x9F\x98\x80>{&'\">}</a>", 0, NULL},
    {"cdata", BYTES("<a><![CDATA[<&]]]]><![CDATA[>]]></a>"), "<a>{<&]]>}</a>", 0, NULL},
    {"line breaks", BYTES("<a x='1\n2'>1\r\n2\r3\n</a>"), "<a x=1 2>{1\n2\n3\n}</a>", 0, NULL},

    {"control characters", BYTES("<a x='\x1B'>\x07\x01</a>"), "<a x=" FFFD ">{" FFFD FFFD "}</a>",
     3, NULL},
    {"colours", BYTES("<a x='\x1B[1;31mred&#27;[0m'>\x1B[K<![CDATA[&#x1b;[m\x1B[?25h]]></a>"),
     "<a x=red>{&#x1b;[m}</a>", 4, NULL},
    {"no colours", BYTES("<a x='\x1B[3'>\x1B\x1B[\xC3\xA9\x1B]0;&#27;[<![CDATA[\x1B[;]]></a>"),
     "<a x=" FFFD "[3>{" FFFD FFFD "[\xC3\xA9" FFFD "]0;" FFFD "[" FFFD "[;}</a>", 6, NULL},
    {"a colour inside of ]]>", BYTES("<a>]]\x1B[0m></a>"), "<a>{]]>}</a>", 2, NULL},
    {"NUL", BYTES("<a>x\0y</a>"), "<a>{x" FFFD "y}</a>", 1, NULL},
    {"control in CDATA", BYTES("<a><![CDATA[\x1B]]></a>"), "<a>{" FFFD "}</a>", 1, NULL},
    {"bad bytes", BYTES("<a x='\xFF'>\xC3(\xE2\x82(\xF0\x9F\x98</a>"),
     "<a x=" FFFD ">{" FFFD "(" FFFD FFFD "(" FFFD FFFD FFFD "}</a>", 7, NULL},
    {"overlong, surrogate, too big", BYTES("<a>\xC0\xAF\xED\xA0\x80\xF5</a>"),
     "<a>{" FFFD FFFD FFFD FFFD FFFD FFFD "}</a>", 6, NULL},
    {"not a character", BYTES("<a>\xEF\xBF\xBE</a>"), "<a>{" FFFD "}</a>", 1, NULL},
    {"bad references", BYTES("<a x='&#27;'>&#0;&#xFFFE;&#xD800;&#99999999999;</a>"),
     "<a x=" FFFD ">{" FFFD FFFD FFFD FFFD "}</a>", 5, NULL},
    {"bare ampersands", BYTES("<a x='a&b&'>R&D & &nbsp; &#; &#x; &#xg; &; &&lt;&<b/></a>"),
     "<a x=a&b&>{R&D & &nbsp; &#; &#x; &#xg; &; &<&}<b></b></a>", 11, NULL},
    {"endless reference", BYTES("<a>&aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee;</a>"),
     "<a>{&aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee;}</a>", 1, NULL},
    {"]]>", BYTES("<a>x]]>y]]]>]<b/>]>]]<!-- -->></a>"), "<a>{x]]>y]]]>]}<b></b>{]>]]>}</a>", 3,
     NULL},
    {"]]> in a value", BYTES("<a x=']]>'/>"), "<a x=]]>></a>", 0, NULL},

    {"two documents", BYTES("<a>1</a>\n<?xml version='1.0'?>\n<b>2</b>"), "<a>{1}</a><b>{2}</b>", 0,
     NULL},
    {"two documents, glued", BYTES("<a/>\xEF\xBB\xBF<b/><c></c>"), "<a></a><b></b><c></c>", 0,
     NULL},
    {"latin 1", BYTES("<?xml version='1.0' encoding=\"ISO-8859-1\"?><a>\xE9</a>"),
     "<a>{\xC3\xA9}</a>", 0, NULL},
    {"windows-1252", BYTES("<?xml version='1.0' encoding='Windows-1252'?><a>\x80\x81</a>"),
     "<a>{\xE2\x82\xAC" FFFD "}</a>", 1, NULL},
    {"UTF-16, little", BYTES("\xFF\xFE<\0a\0>\0\xE9\0<\0/\0a\0>\0"), "<a>{\xC3\xA9}</a>", 0, NULL},
    {"UTF-16, big", BYTES("\xFE\xFF\0<\0a\0/\0>"), "<a></a>", 0, NULL},
    {"UTF-16, no mark", BYTES("<\0a\0/\0>\0"), "<a></a>", 0, NULL},
    {"UTF-16 that says it is not",
     BYTES(
         "<\0?\0x\0m\0l\0 \0v\0e\0r\0s\0i\0o\0n\0=\0'\0001\0.\0000\0'\0 \0e\0n\0c\0o\0d\0i\0n\0g\0"
         "=\0'\0x\0'\0?\0>\0<\0a\0/\0>\0"),
     "<a></a>", 1, NULL},
    {"UTF-16, lone surrogate", BYTES("\xFF\xFE<\0a\0>\0\0\xD8x\0<\0/\0a\0>\0"),
     "<a>{" FFFD "x}</a>", 1, NULL},
    {"claims UTF-16", BYTES("<?xml version='1.0' encoding='utf-16'?><a>\xC3\xA9</a>"),
     "<a>{\xC3\xA9}</a>", 1, NULL},
    {"claims ASCII", BYTES("<?xml version='1.0' encoding='US-ASCII'?><a>\xC3\xA9</a>"),
     "<a>{\xC3\xA9}</a>", 1, NULL},
    {"unknown encoding", BYTES("<?xml version='1.0' encoding='UTF-7'?><a/>"), "", 0,
     "1:1: encoding 'UTF-7' is not supported"},

    {"nothing", BYTES(""), "", 0, "1:1: there is no element in it"},
    {"one byte", BYTES("<"), "", 0, "1:2: it ends too early"},
    {"blank", BYTES(" \n\n"), "", 0, "3:1: there is no element in it"},
    {"text only", BYTES("\nhello"), "", 0, "2:1: text outside of an element"},
    {"text behind", BYTES("<a/>\n x"), "<a></a>", 0, "2:2: text outside of an element"},
    {"control outside", BYTES("<a/>\x1B"), "<a></a>", 0, "1:5: text outside of an element"},
    {"DOCTYPE", BYTES("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"), "", 0,
     "2:1: DOCTYPE is refused"},
    {"DOCTYPE, later", BYTES("<a/><!DOCTYPE b><b/>"), "<a></a>", 0, "1:5: DOCTYPE is refused"},
    {"declaration inside", BYTES("<a>\n<?xml version='1.0'?><b/>"), "<a>{\n}", 0,
     "2:1: a document starts before the last one ended"},
    {"no such section", BYTES("<a><![cdata[x]]></a>"), "<a>", 0, "1:4: not well-formed"},
    {"mismatched", BYTES("<a>\n <b></c></a>"), "<a>{\n }<b>", 0, "2:7: mismatched tag"},
    {"duplicate attribute", BYTES("<a><b x='' x=''/></a>"), "<a>", 0, "1:12: duplicate attribute"},
    {"'<' in a tag", BYTES("<a><b <c></a>"), "<a>", 0, "1:7: not well-formed"},
    {"'<' in a value", BYTES("<a><b c='<'/></a>"), "<a>", 0, "1:10: not well-formed"},
    {"unfinished", BYTES("<a>\n<b>x</b>\n"), "<a>{\n}<b>{x}</b>{\n}", 0, "3:1: it ends too early"},
    {"unfinished comment", BYTES("<a/><!-- "), "<a></a>", 0, "1:10: it ends too early"},
    {"end without start", BYTES("</a>"), "", 0, "1:2: not well-formed"},

    {"place behind repairs", BYTES("<a>\x1B & &#27; ]]> \xFF <!-- \n -->&</b></a>"), NULL, 6,
     "2:8: mismatched tag"},
    {"place on the same line", BYTES("<a>& &#27;]]>\xFF<!-- -->\xC3\xA9</b>"), NULL, 4,
     "1:26: mismatched tag"},
    {"place in the second document", BYTES("<a/>\r\n\r\n  <b>\xFF\n</c>"), NULL, 1,
     "4:3: mismatched tag"},
};

typedef struct {
    GString *events;
    bool in_text;
} Recorder;

static void end_text(Recorder *recorder)
{
    if (recorder->in_text)
        g_string_append_c(recorder->events, '}');
    recorder->in_text = false;
}

static void record_start(const char *name, const char *const *attributes, void *user)
{
    Recorder *recorder = user;

    end_text(recorder);
    g_string_append_printf(recorder->events, "<%s", name);
    for (; *attributes; attributes += 2)
        g_string_append_printf(recorder->events, " %s=%s", attributes[0], attributes[1]);
    g_string_append_c(recorder->events, '>');
}

static void record_end(const char *name, void *user)
{
    Recorder *recorder = user;

    end_text(recorder);
    g_string_append_printf(recorder->events, "</%s>", name);
}

static void record_text(const char *text, size_t length, void *user)
{
    Recorder *recorder = user;

    if (!recorder->in_text)
        g_string_append_c(recorder->events, '{');
    recorder->in_text = true;
    g_string_append_len(recorder->events, text, (gssize)length);
}

static const TpsXmlHandler record = {record_start, record_end, record_text};

/* Feed in pieces of that size; the events as text. */
static char *parse(const char *input, size_t length, size_t piece, size_t *repairs, GError **error)
{
    Recorder recorder = {.events = g_string_new(NULL)};
    g_autoptr(TpsXml) xml = tps_xml_new(&record, &recorder);
    bool ok = true;

    for (size_t i = 0; ok && i < length; i += piece)
        ok = tps_xml_feed(xml, input + i, MIN(piece, length - i), error);
    if (ok)
        tps_xml_finish(xml, error);
    end_text(&recorder);
    *repairs = tps_xml_repairs(xml);
    return g_string_free(recorder.events, FALSE);
}

static void assert_parses(const Sample *sample, size_t piece)
{
    g_autoptr(GError) error = NULL;
    size_t repairs;
    g_autofree char *events = parse(sample->input, sample->length, piece, &repairs, &error);

    if (sample->events)
        ck_assert_msg(strcmp(events, sample->events) == 0, "%s, by %zu: %s", sample->name, piece,
                      events);
    if (sample->error)
        assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, sample->error);
    ck_assert_msg(!error, "%s: %s", sample->name, error ? error->message : "");
    ck_assert_msg(repairs == sample->repairs, "%s: %zu repairs", sample->name, repairs);
}

START_TEST(test_sample)
{
    static const size_t pieces[] = {1, 2, 3, 7, 1 << 20};

    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++)
        assert_parses(&samples[_i], pieces[i]);
}
END_TEST

/* What is read up to the end of any prefix is the same whether it came at once or byte by byte. */
START_TEST(test_every_prefix)
{
    const Sample *sample = &samples[_i];

    for (size_t length = 0; length < sample->length; length++) {
        g_autoptr(GError) error_at_once = NULL;
        g_autoptr(GError) error_by_byte = NULL;
        size_t repairs;
        g_autofree char *at_once =
            parse(sample->input, length, length + 1, &repairs, &error_at_once);
        g_autofree char *by_byte = parse(sample->input, length, 1, &repairs, &error_by_byte);

        ck_assert_str_eq(at_once, by_byte);
        ck_assert_str_eq(error_at_once ? error_at_once->message : "",
                         error_by_byte ? error_by_byte->message : "");
    }
}
END_TEST

static GString *repeat(const char *before, const char *each, size_t n, const char *after)
{
    GString *text = g_string_new(before);

    for (size_t i = 0; i < n; i++)
        g_string_append(text, each);
    return g_string_append(text, after);
}

static GString *depth_of(size_t n)
{
    GString *text = repeat("", "<a>", n, "");

    for (size_t i = 0; i < n; i++)
        g_string_append(text, "</a>");
    return text;
}

static GString *attributes_of(size_t n)
{
    GString *text = g_string_new("<a");

    for (size_t i = 0; i < n; i++)
        g_string_append_printf(text, " a%zu=''", i);
    return g_string_append(text, "/>");
}

static GString *value_of(size_t n)
{
    g_autoptr(GString) value = repeat("", "0123456789abcdef", n / 16, "");

    return repeat("<a x='", value->str, 1, "'/>");
}

static GString *bad_value_of(size_t n)
{
    return repeat("<a x='", "\x1B", n, "'/>");
}

static GString *comment_of(size_t n)
{
    return repeat("<a><!--", "- ", n, "--></a>");
}

static GString *cdata_of(size_t n)
{
    return repeat("<a><![CDATA[", "]]]]]]]]", n, "]]></a>");
}

static GString *documents_of(size_t n)
{
    return repeat("", "<?xml version='1.0'?><a/>", n, "");
}

static GString *ampersands_of(size_t n)
{
    return repeat("<a>", "&", n, "</a>");
}

static GString *names_of(size_t n)
{
    GString *text = g_string_new("<a>");

    for (size_t i = 1; i < n / 2; i++)
        g_string_append_printf(text, "<b%zu c%zu=''/>", i, i);
    return g_string_append(text, "</a>");
}

static GString *long_names_of(size_t n)
{
    g_autofree char *name = g_strnfill(n, 'n');
    GString *text = g_string_new("<a>");

    for (int i = 0; i < 100; i++)
        g_string_append_printf(text, "<%s%d/>", name, i);
    return g_string_append(text, "</a>");
}

static GString *open_tag_of(size_t n)
{
    return repeat("<a ", "b", n, "");
}

/* Each is answered at once: the time limit of a test is four seconds. */
static const struct {
    const char *name;
    GString *(*make)(size_t n);
    size_t n;
    const char *error; /* NULL: it is read */
} hostile[] = {
    {"depth 64", depth_of, 64, NULL},
    {"depth 65", depth_of, 65, "more than 64 elements inside each other"},
    {"depth 1000000", depth_of, 1000000, "more than 64 elements inside each other"},
    {"256 attributes", attributes_of, 256, NULL},
    {"257 attributes", attributes_of, 257, "more than 256 attributes"},
    {"200000 attributes", attributes_of, 200000, "more than 256 attributes"},
    {"4000 names", names_of, 4000, NULL},
    {"1000000 names", names_of, 1000000, "more than 4096 different names"},
    {"long names", long_names_of, 10000, NULL},
    {"names of 100 kB", long_names_of, 100000, "names of more than 1 MiB"},
    {"8 MB value", value_of, 8000000, NULL},
    {"9 MB value", value_of, 9000000, "a tag of more than 8 MiB"},
    {"mended to over 8 MB", bad_value_of, 3000000, "a tag of more than 8 MiB"},
    {"10 MB comment", comment_of, 5000000, NULL},
    {"8 MB of brackets", cdata_of, 1000000, NULL},
    {"10000 documents", documents_of, 10000, NULL},
    {"10001 documents", documents_of, 10001, "more than 10000 documents"},
    {"1000000 ampersands", ampersands_of, 1000000, NULL},
    {"unfinished 7 MB tag", open_tag_of, 7000000, "it ends too early"},
};

START_TEST(test_hostile)
{
    static const TpsXmlHandler nobody = {NULL, NULL, NULL};
    g_autoptr(GString) input = hostile[_i].make(hostile[_i].n);
    g_autoptr(TpsXml) xml = tps_xml_new(&nobody, NULL);
    g_autoptr(GError) error = NULL;
    bool ok = true;

    for (size_t i = 0; ok && i < input->len; i += 1000)
        ok = tps_xml_feed(xml, input->str + i, MIN(1000, input->len - i), &error);
    if (ok)
        tps_xml_finish(xml, &error);
    if (hostile[_i].error)
        assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, hostile[_i].error);
    ck_assert_msg(!error, "%s: %s", hostile[_i].name, error ? error->message : "");
}
END_TEST

START_TEST(test_error_comes_again)
{
    static const TpsXmlHandler nobody = {NULL, NULL, NULL};
    g_autoptr(TpsXml) xml = tps_xml_new(&nobody, NULL);
    GError *error = NULL;

    ck_assert(!tps_xml_feed(xml, "<a></b>", 7, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "1:6: mismatched tag");
    ck_assert(!tps_xml_feed(xml, "<a/>", 4, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "1:6: mismatched tag");
    ck_assert(!tps_xml_finish(xml, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "1:6: mismatched tag");
}
END_TEST

typedef struct {
    TpsXml *xml;
    int starts;
} Refuser;

static void refuse_b(const char *name, const char *const *attributes, void *user)
{
    Refuser *refuser = user;

    (void)attributes;
    refuser->starts++;
    if (strcmp(name, "b") == 0)
        tps_xml_refuse(refuser->xml, "no 'b' here");
}

START_TEST(test_refuse)
{
    static const TpsXmlHandler handler = {refuse_b, NULL, NULL};
    Refuser refuser = {.starts = 0};
    g_autoptr(TpsXml) xml = tps_xml_new(&handler, &refuser);
    GError *error = NULL;

    refuser.xml = xml;
    ck_assert(!tps_xml_feed(xml, BYTES("<a>\n & <b/><c/></a>"), &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "2:4: no 'b' here");
    ck_assert_int_eq(refuser.starts, 2);
}
END_TEST

START_TEST(test_file)
{
    Recorder recorder = {.events = g_string_new(NULL)};
    g_autofree char *path = NULL;
    g_autofree char *expected = NULL;
    GError *error = NULL;
    size_t repairs = 7;
    int fd = g_file_open_tmp("tps-xml-XXXXXX", &path, NULL);

    ck_assert(g_close(fd, NULL));
    ck_assert(g_file_set_contents(path, "<a>\x1B</a>", -1, NULL));
    ck_assert(tps_xml_parse_file(path, &record, &recorder, &repairs, &error));
    ck_assert_uint_eq(repairs, 1);
    ck_assert(tps_xml_parse_file(path, &record, &recorder, NULL, &error));
    ck_assert_str_eq(recorder.events->str, "<a>{" FFFD "}</a><a>{" FFFD "}</a>");

    ck_assert(g_file_set_contents(path, "<a>", -1, NULL));
    ck_assert(!tps_xml_parse_file(path, &record, &recorder, &repairs, &error));
    expected = g_strconcat(path, ":1:4: it ends too early", NULL);
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, expected);
    g_unlink(path);
    ck_assert(!tps_xml_parse_file(path, &record, &recorder, &repairs, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "cannot read '");
    ck_assert(!tps_xml_parse_file(g_get_tmp_dir(), &record, &recorder, &repairs, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "cannot read '");
    g_string_free(recorder.events, TRUE);
}
END_TEST

static const struct {
    const char *bytes;
    const char *text;
    const char *attribute;
    bool faithful;
} escapes[] = {
    {"", "", "", true},
    {"a b", "a b", "a b", true},
    {"<a & 'b' \"c\">", "&lt;a &amp; 'b' \"c\"&gt;", "&lt;a &amp; 'b' &quot;c&quot;&gt;", true},
    {"]]>", "]]&gt;", "]]&gt;", true},
    {" \t\n\r", " \t\n&#13;", " &#9;&#10;&#13;", true},
    {"\xC3\xA9\xF0\x9F\x98\x80", "\xC3\xA9\xF0\x9F\x98\x80", "\xC3\xA9\xF0\x9F\x98\x80", true},
    {"\x1B[31m", FFFD "[31m", FFFD "[31m", false},
    {"\xFF\xC3", FFFD FFFD, FFFD FFFD, false},
    {"\xED\xA0\x80", FFFD FFFD FFFD, FFFD FFFD FFFD, false},
    {"\xEF\xBF\xBE", FFFD, FFFD, false},
    {FFFD, FFFD, FFFD, true},
};

START_TEST(test_escape)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) attribute = g_string_new(NULL);
    const char *bytes = escapes[_i].bytes;

    tps_xml_escape(text, bytes, strlen(bytes), false);
    tps_xml_escape(attribute, bytes, strlen(bytes), true);
    ck_assert_str_eq(text->str, escapes[_i].text);
    ck_assert_str_eq(attribute->str, escapes[_i].attribute);
    ck_assert_int_eq(tps_xml_is_faithful(bytes), escapes[_i].faithful);
}
END_TEST

/* Whatever is escaped needs no mending, and comes back as it was when that was promised. */
START_TEST(test_escape_round_trip)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autofree char *bytes = g_malloc0(64);
    g_autoptr(GString) document = g_string_new("<a x=\"");
    g_autofree char *expected = NULL;
    g_autofree char *events = NULL;
    size_t repairs;
    GError *error = NULL;

    for (int i = 0; i < 40; i++)
        bytes[i] = (char)(_i % 2 ? g_rand_int_range(rand, 1, 256) : g_rand_int_range(rand, 9, 127));
    tps_xml_escape(document, bytes, strlen(bytes), true);
    g_string_append(document, "\">");
    tps_xml_escape(document, bytes, strlen(bytes), false);
    g_string_append(document, "</a>");
    events = parse(document->str, document->len, 5, &repairs, &error);
    ck_assert_ptr_null(error);
    ck_assert_uint_eq(repairs, 0);
    expected = g_strdup_printf("<a x=%s>{%s}</a>", bytes, bytes);
    if (tps_xml_is_faithful(bytes))
        ck_assert_str_eq(events, expected);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/xml");
    TCase *tcase = tcase_create("xml");

    tcase_add_loop_test(tcase, test_sample, 0, G_N_ELEMENTS(samples));
    tcase_add_loop_test(tcase, test_every_prefix, 0, G_N_ELEMENTS(samples));
    tcase_add_loop_test(tcase, test_hostile, 0, G_N_ELEMENTS(hostile));
    tcase_add_test(tcase, test_error_comes_again);
    tcase_add_test(tcase, test_refuse);
    tcase_add_test(tcase, test_file);
    tcase_add_loop_test(tcase, test_escape, 0, G_N_ELEMENTS(escapes));
    tcase_add_loop_test(tcase, test_escape_round_trip, 0, 200);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
