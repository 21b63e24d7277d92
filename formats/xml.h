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
 *   mended    byte that is not UTF-8, or a character or reference outside XML 1.0 Char -> U+FFFD;
 *             '&' that starts no reference -> "&amp;"; "]]>" outside CDATA -> "]]&gt;";
 *             a byte order mark is dropped
 *   refused   DOCTYPE (so: no entities, no external files), depth over 64, more than 256
 * attributes, a tag over 16 MiB several   documents in one stream are read one after the other
 *
 * Memory does not grow with the size of the input, except for one tag's attributes.
 */
typedef struct {
    void (*start)(const char *name, const char *const *attributes,
                  void *user); /* name, value, .., NULL */
    void (*end)(const char *name, void *user);
    void (*text)(const char *text, size_t length, void *user);
} TpsXmlHandler;

typedef struct TpsXml TpsXml;

/* `handler` must outlive the parser; any of its functions may be NULL. */
TpsXml *tps_xml_new(const TpsXmlHandler *handler, void *user);
void tps_xml_free(TpsXml *xml);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsXml, tps_xml_free)

/*
 * Feed any number of bytes. After an error nothing more is read.
 *   errors  TPS_ERROR_INPUT, "LINE:COLUMN: what"; line and column count the input's own bytes
 */
bool tps_xml_feed(TpsXml *xml, const char *bytes, size_t length, GError **error);

/* No more bytes: fails when a document is unfinished or there was none. */
bool tps_xml_finish(TpsXml *xml, GError **error);

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
