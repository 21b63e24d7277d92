/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * The one place that knows an XML parser: expat behind a byte sanitiser. Test reporters write
 * ill-formed XML as soon as a name has an ESC or a bad byte; the sanitiser mends exactly that,
 * counts what it mended, and everything else is parsed strictly.
 *
 *   mended    a byte that is not UTF-8, a character or reference outside XML 1.0 Char -> U+FFFD;
 *             "ESC [ ... letter", which colours a terminal, goes as a whole;
 *             '&' that starts no reference -> "&amp;"; "]]>" outside CDATA -> "]]&gt;";
 *             a declaration that is odd, not at the start, or says UTF-16 and is not; a comment
 *             with "--" or an instruction without a name, which are dropped in any case
 *   refused   DOCTYPE (so: no entities, no external files), more than 64 elements inside each
 *             other, more than 256 attributes, a tag of more than 8 MiB, more than 4096 different
 *             names or names of more than 1 MiB together, more than 10000 documents
 *   dropped   comments, processing instructions, a byte order mark, white space around documents
 *   several   documents in one stream are read one after the other
 *   encoding  UTF-8; UTF-16 by its first two bytes; a declared ISO-8859-x, windows-125x or KOI8-x,
 *             which then holds for the rest of the stream
 *
 * Memory does not grow with the size of the input, except for one tag's attributes; time is linear
 * in it.
 */
typedef struct {
    /* name without its prefix; attributes: name, value, .., NULL */
    void (*start)(const char *name, const char *const *attributes, void *user);
    void (*end)(const char *name, void *user);
    void (*text)(const char *text, size_t length, void *user); /* in pieces, not terminated */
} TpsXmlHandler;

typedef struct TpsXml TpsXml;

/* `handler` must outlive the parser; any of its functions may be NULL. */
TpsXml *tps_xml_new(const TpsXmlHandler *handler, void *user);
void tps_xml_free(TpsXml *xml);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsXml, tps_xml_free)

/*
 * Feed any number of bytes. After an error nothing more is read, and the error comes again.
 *   errors  TPS_ERROR_INPUT, "LINE:COLUMN: what"; both count from 1, columns in characters, in the
 *           input as it was before it was mended
 */
bool tps_xml_feed(TpsXml *xml, const char *bytes, size_t length, GError **error);

/* No more bytes: fails when a document is unfinished or there was none. */
bool tps_xml_finish(TpsXml *xml, GError **error);

/* For handlers: what was just met is not wanted; the feed under way fails with this message. */
void tps_xml_refuse(TpsXml *xml, const char *why);

/* How many places were mended so far. */
size_t tps_xml_repairs(const TpsXml *xml);

/* Read a whole file; errors are prefixed with its path. `repairs` may be NULL. */
bool tps_xml_parse_file(const char *path, const TpsXmlHandler *handler, void *user, size_t *repairs,
                        GError **error);

/*
 * Append `bytes` as XML text or attribute value: markup and quotes escaped, white space other than
 * a blank written as a reference where `attribute`, whatever XML 1.0 can't hold as U+FFFD.
 */
void tps_xml_escape(GString *out, const char *bytes, size_t length, bool attribute);

/* True when `bytes` come back unchanged from XML, so that no other spelling of them is needed. */
bool tps_xml_is_faithful(const char *bytes);
