/* SPDX-License-Identifier: MIT */
#include "formats/xml.h"

#include "core/error.h"
#include "formats/chunks_internal.h"
#include "formats/xml_mend_internal.h"

#include <errno.h>
#include <expat.h>
#include <string.h>

#define PIECE_BYTES (64 * 1024) /* bounds what waits between sanitiser and parser */
#define NO_DECODER ((GIConv)-1)
#define DOCUMENTS_MAX 10000
#define NAMES_MAX 4096 /* honest documents have a few dozen */
#define NAME_BYTES_MAX (1024 * 1024)
#define NAME_BITS 16

struct TpsXml {
    const TpsXmlHandler *handler;
    void *user;
    XML_Parser parser;
    TpsXmlMend mend;
    guint n_documents;
    GIConv decoder;   /* NO_DECODER while the input is UTF-8                           */
    size_t unit;      /* bytes the decoder skips when it can't read them               */
    GString *encoded; /* what is to be decoded: the end may be half a character        */
    bool started;     /* the first two bytes were looked at                            */
    guint n_names;    /* different ones of elements and attributes, which the parser keeps */
    size_t name_bytes;
    guint8 names[(1 << NAME_BITS) / 8]; /* a bit for each hash: may miss a few, never invents one */
    GError *failure; /* owned or NULL: what ended it                                  */
};

/* FNV-1a, folded. */
static guint hash_name(const char *name)
{
    guint32 hash = 2166136261U;

    for (; *name; name++)
        hash = (hash ^ (guchar)*name) * 16777619U;
    return (hash >> NAME_BITS) ^ (hash & ((1U << NAME_BITS) - 1));
}

/* The parser never forgets a name: without a limit a document of names alone fills the memory. */
static void see_name(TpsXml *xml, const char *name)
{
    guint hash = hash_name(name);
    guint8 bit = (guint8)(1U << (hash % 8));

    if (xml->names[hash / 8] & bit)
        return;
    xml->names[hash / 8] |= bit;
    xml->name_bytes += strlen(name);
    if (++xml->n_names > NAMES_MAX)
        tps_xml_refuse(xml, "more than " G_STRINGIFY(NAMES_MAX) " different names");
    else if (xml->name_bytes > NAME_BYTES_MAX)
        tps_xml_refuse(xml, "names of more than 1 MiB");
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    TpsXml *xml = data;
    const char *colon = strrchr(name, ':');

    see_name(xml, name);
    for (const XML_Char **attribute = attributes; *attribute; attribute += 2)
        see_name(xml, *attribute);
    if (xml->handler->start && !xml->failure)
        xml->handler->start(colon ? colon + 1 : name, (const char *const *)attributes, xml->user);
}

static void on_end(void *data, const XML_Char *name)
{
    TpsXml *xml = data;
    const char *colon = strrchr(name, ':');

    if (xml->handler->end && !xml->failure)
        xml->handler->end(colon ? colon + 1 : name, xml->user);
}

static void on_text(void *data, const XML_Char *text, int length)
{
    TpsXml *xml = data;

    if (xml->handler->text && !xml->failure)
        xml->handler->text(text, (size_t)length, xml->user);
}

static void listen(TpsXml *xml)
{
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml->parser, on_text);
}

TpsXml *tps_xml_new(const TpsXmlHandler *handler, void *user)
{
    static const XML_Memory_Handling_Suite memory = {g_malloc, g_realloc, g_free};
    TpsXml *xml = g_new0(TpsXml, 1);

    xml->handler = handler;
    xml->user = user;
    xml->parser = XML_ParserCreate_MM("UTF-8", &memory, NULL);
    xml->decoder = NO_DECODER;
    xml->encoded = g_string_new(NULL);
    tps_xml_mend_init(&xml->mend);
    listen(xml);
    return xml;
}

void tps_xml_free(TpsXml *xml)
{
    if (!xml)
        return;
    XML_ParserFree(xml->parser);
    tps_xml_mend_clear(&xml->mend);
    if (xml->decoder != NO_DECODER)
        g_iconv_close(xml->decoder);
    g_string_free(xml->encoded, TRUE);
    g_clear_error(&xml->failure);
    g_free(xml);
}

size_t tps_xml_repairs(const TpsXml *xml)
{
    return xml->mend.repairs;
}

static bool fail(TpsXml *xml, TpsXmlPlace at, const char *what)
{
    if (!xml->failure)
        g_set_error(&xml->failure, TPS_ERROR, TPS_ERROR_INPUT,
                    "%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ": %s", at.line, at.column + 1, what);
    return false;
}

/* What the parser is at, in the input. */
static TpsXmlPlace parser_place(const TpsXml *xml)
{
    return tps_xml_mend_locate(&xml->mend, (int64_t)XML_GetCurrentLineNumber(xml->parser),
                               (int64_t)XML_GetCurrentColumnNumber(xml->parser));
}

void tps_xml_refuse(TpsXml *xml, const char *why)
{
    fail(xml, parser_place(xml), why);
    XML_StopParser(xml->parser, XML_FALSE);
}

/* Show the parser what the sanitiser has ready. */
static bool parse(TpsXml *xml, bool document_ends)
{
    size_t length = tps_xml_mend_ready(&xml->mend);

    if (xml->failure)
        return false;
    if (XML_Parse(xml->parser, xml->mend.output->str, (int)length, document_ends) != XML_STATUS_OK)
        return fail(xml, parser_place(xml), XML_ErrorString(XML_GetErrorCode(xml->parser)));
    tps_xml_mend_drop(&xml->mend, length);
    return true;
}

static bool end_document(TpsXml *xml)
{
    if (!parse(xml, true))
        return false;
    if (++xml->n_documents > DOCUMENTS_MAX)
        return fail(xml, xml->mend.in, "more than " G_STRINGIFY(DOCUMENTS_MAX) " documents");
    XML_ParserReset(xml->parser, "UTF-8");
    listen(xml);
    tps_xml_mend_next_document(&xml->mend);
    return true;
}

static bool name_starts_with(const char *name, const char *const *prefixes)
{
    for (; *prefixes; prefixes++)
        if (g_ascii_strncasecmp(name, *prefixes, strlen(*prefixes)) == 0)
            return true;
    return false;
}

static bool name_is_in(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (g_ascii_strcasecmp(name, *names) == 0)
            return true;
    return false;
}

static bool set_decoder(TpsXml *xml, const char *encoding, size_t unit)
{
    xml->decoder = g_iconv_open("UTF-8", encoding);
    xml->unit = unit;
    return xml->decoder != NO_DECODER;
}

/*
 * A declaration we could read can't be in UTF-16, whatever it says: .NET writes such files when it
 * formats to a string and saves that as UTF-8.
 */
static bool follow_declaration(TpsXml *xml)
{
    static const char *const eight[] = {"utf-8", "utf8", NULL};
    static const char *const sixteen[] = {"utf-16", "utf-16le", "utf-16be", "utf16", NULL};
    static const char *const ascii[] = {"us-ascii", "ascii", NULL};
    static const char *const single_byte[] = {"iso-8859-", "iso8859-", "latin", "windows-125",
                                              "cp125",     "koi8-",    NULL};
    g_autofree char *encoding = tps_xml_mend_encoding(&xml->mend);
    g_autofree char *what = NULL;

    if (xml->decoder != NO_DECODER)
        xml->mend.repairs += xml->unit == 2 && encoding && !name_is_in(encoding, sixteen);
    if (xml->decoder != NO_DECODER || !encoding)
        return true;
    if (name_is_in(encoding, eight))
        return true;
    if (name_is_in(encoding, sixteen) || name_is_in(encoding, ascii)) {
        xml->mend.ascii_only = name_is_in(encoding, ascii);
        xml->mend.repairs += !xml->mend.ascii_only;
        return true;
    }
    if (name_starts_with(encoding, single_byte) && set_decoder(xml, encoding, 1))
        return true;
    what = g_strdup_printf("encoding '%s' is not supported", encoding);
    return fail(xml, xml->mend.markup_at, what);
}

/* What the sanitiser met; it goes on when this returns true. */
static bool follow(TpsXml *xml, TpsXmlEvent event)
{
    switch (event) {
    case TPS_XML_DOCUMENT_END:
        return end_document(xml);
    case TPS_XML_ENCODING:
        return follow_declaration(xml);
    case TPS_XML_BROKEN:
        return parse(xml, false) && fail(xml, xml->mend.in, "not well-formed");
    case TPS_XML_REFUSED:
        return parse(xml, false) && fail(xml, xml->mend.refused_at, xml->mend.refusal);
    case TPS_XML_MORE:
    case TPS_XML_AGAIN:
        break;
    }
    return true;
}

static bool take_utf8(TpsXml *xml, const char *bytes, size_t length)
{
    const char *end = bytes + length;

    while (bytes < end)
        if (!follow(xml, tps_xml_mend_take(&xml->mend, &bytes, end)))
            return false;
    return tps_xml_mend_ready(&xml->mend) == 0 || parse(xml, false);
}

/* Bytes the decoder can't read become a byte that is no UTF-8, for the sanitiser to count. */
static bool take_encoded(TpsXml *xml, const char *bytes, size_t length)
{
    char *rest = g_string_append_len(xml->encoded, bytes, (gssize)length)->str;
    gsize n_rest = xml->encoded->len;
    bool ok = true;

    while (ok && n_rest > 0) {
        char utf8[4096];
        char *next = utf8;
        gsize room = sizeof(utf8);
        int why = g_iconv(xml->decoder, &rest, &n_rest, &next, &room) == (gsize)-1 ? errno : 0;

        ok = take_utf8(xml, utf8, sizeof(utf8) - room);
        if (ok && why == EILSEQ) {
            gsize skipped = MIN(xml->unit, n_rest);

            ok = take_utf8(xml, "\xFF", 1);
            rest += skipped;
            n_rest -= skipped;
        } else if (why != E2BIG) {
            break;
        }
    }
    g_string_erase(xml->encoded, 0, (gssize)(xml->encoded->len - n_rest));
    return ok;
}

/* A declaration in the midst of the bytes can change how the rest is to be read. */
static bool take_bytes(TpsXml *xml, const char *bytes, size_t length)
{
    const char *end = bytes + length;

    while (bytes < end && xml->decoder == NO_DECODER)
        if (!follow(xml, tps_xml_mend_take(&xml->mend, &bytes, end)))
            return false;
    if (xml->decoder != NO_DECODER)
        return take_encoded(xml, bytes, (size_t)(end - bytes));
    return tps_xml_mend_ready(&xml->mend) == 0 || parse(xml, false);
}

/* UTF-16 shows in the first two bytes: a byte order mark, or a '<' and half of nothing. */
static bool take_first_bytes(TpsXml *xml)
{
    static const struct {
        const char bytes[2];
        const char *encoding;
    } marks[] = {
        {{'\xFF', '\xFE'}, "UTF-16LE"},
        {{'<', '\0'}, "UTF-16LE"},
        {{'\xFE', '\xFF'}, "UTF-16BE"},
        {{'\0', '<'}, "UTF-16BE"},
    };
    g_autoptr(GString) first = xml->encoded;

    xml->started = true;
    xml->encoded = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(marks) && first->len == 2; i++)
        if (memcmp(first->str, marks[i].bytes, 2) == 0 && !set_decoder(xml, marks[i].encoding, 2))
            return fail(xml, xml->mend.in, "UTF-16 is not supported here");
    return take_bytes(xml, first->str, first->len);
}

static bool take(TpsXml *xml, const char *bytes, size_t length)
{
    while (length > 0 && !xml->started) {
        g_string_append_c(xml->encoded, *bytes++);
        length--;
        if (xml->encoded->len == 2 && !take_first_bytes(xml))
            return false;
    }
    return length == 0 || take_bytes(xml, bytes, length);
}

static bool end_feed(const TpsXml *xml, GError **error)
{
    if (xml->failure)
        g_propagate_error(error, g_error_copy(xml->failure));
    return !xml->failure;
}

bool tps_xml_feed(TpsXml *xml, const char *bytes, size_t length, GError **error)
{
    while (length > 0 && !xml->failure) {
        size_t piece = MIN(length, PIECE_BYTES);

        take(xml, bytes, piece);
        bytes += piece;
        length -= piece;
    }
    return end_feed(xml, error);
}

bool tps_xml_finish(TpsXml *xml, GError **error)
{
    bool whole;

    if (!xml->started && !xml->failure)
        take_first_bytes(xml);
    whole = xml->mend.state == TPS_XML_OUTSIDE && xml->mend.n_utf8 == 0 && xml->encoded->len == 0;
    if (!whole && !xml->failure) {
        XML_Parse(xml->parser, "", 0, XML_TRUE); /* it may hold back a last ']' */
        fail(xml, xml->mend.in, "it ends too early");
    } else if (xml->n_documents == 0) {
        fail(xml, xml->mend.in, "there is no element in it");
    } else if (xml->mend.declared) {
        xml->mend.repairs++;
        xml->mend.declared = false; /* once */
    }
    return end_feed(xml, error);
}

static bool feed_chunk(const char *bytes, size_t length, void *user, GError **error)
{
    return tps_xml_feed(user, bytes, length, error);
}

bool tps_xml_parse_file(const char *path, const TpsXmlHandler *handler, void *user, size_t *repairs,
                        GError **error)
{
    g_autoptr(TpsXml) xml = tps_xml_new(handler, user);
    bool ok = tps_file_read_chunks(path, feed_chunk, xml, error);

    if (!ok && !xml->failure)
        return false; /* the file, not its content */
    ok = ok && tps_xml_finish(xml, error);
    if (!ok)
        g_prefix_error(error, "%s:", path);
    else if (repairs)
        *repairs = tps_xml_repairs(xml);
    return ok;
}
