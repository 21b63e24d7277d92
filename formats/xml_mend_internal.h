/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The byte sanitiser in front of the XML parser: a state machine that knows just enough XML to
 * mend what reporters break, to see where a document ends, and to refuse what no report needs
 * before the parser sees it. It stops anywhere between two bytes and goes on there.
 *
 * What comes out is UTF-8 with neither declaration, comments nor processing instructions, and a tag
 * is handed on only when it is whole: a parser that looks at an unfinished tag again and again as
 * more of it arrives needs quadratic time.
 */
#define TPS_XML_DEPTH_MAX 64
#define TPS_XML_ATTRIBUTES_MAX 256
#define TPS_XML_TAG_BYTES_MAX (8 * 1024 * 1024)
#define TPS_XML_ESC '\x1B'

/* A place in a text: line from 1, column from 0, in characters; a byte that is no UTF-8 is one. */
typedef struct {
    int64_t line;
    int64_t column;
    bool after_cr; /* so that CR LF is one line break */
} TpsXmlPlace;

/* Here the output stands where the input stands there; behind it both move alike. */
typedef struct {
    TpsXmlPlace output;
    TpsXmlPlace input;
} TpsXmlAnchor;

typedef enum {
    TPS_XML_OUTSIDE, /* before, between and behind documents */
    TPS_XML_TEXT,
    TPS_XML_OPEN, /* behind a '<', not yet decided */
    TPS_XML_TAG,
    TPS_XML_VALUE, /* of an attribute */
    TPS_XML_CDATA,
    TPS_XML_COMMENT,
    TPS_XML_INSTRUCTION, /* <?...?>, the declaration too */
    TPS_XML_REFERENCE,   /* behind a '&' */
    TPS_XML_ESCAPE,      /* behind an ESC: a colour, perhaps */
    TPS_XML_N_STATES,
} TpsXmlState;

typedef enum {
    TPS_XML_MORE,         /* all bytes taken */
    TPS_XML_AGAIN,        /* internal: show me that byte again */
    TPS_XML_DOCUMENT_END, /* the root element has ended in `output` */
    TPS_XML_ENCODING,     /* `declaration` names an encoding; the bytes behind it are in it */
    TPS_XML_BROKEN,       /* the parser will say what is wrong at the end of `output` */
    TPS_XML_REFUSED,      /* see `refusal`, `refused_at` */
} TpsXmlEvent;

typedef struct {
    TpsXmlState state;
    TpsXmlState before;                /* REFERENCE, ESCAPE: where it stands                    */
    bool stops[TPS_XML_N_STATES][256]; /* bytes that mean something in that state               */
    GString *output;
    GArray *anchors; /* of TpsXmlAnchor, rising; the first is at or before output[0] */
    bool moved;      /* output and input moved differently since the last anchor     */
    TpsXmlPlace in;
    TpsXmlPlace out;
    TpsXmlPlace markup_at; /* where the last '<' or '&' stands                             */
    size_t repairs;
    int document;    /* how many have ended                                          */
    int bom;         /* columns that the byte order mark before the first one takes  */
    bool declared;   /* a declaration, and no element behind it                      */
    bool ascii_only; /* by its declaration: what is not ASCII is to be mended        */
    int depth;
    size_t tag_start; /* TAG, VALUE: where it begins in output                        */
    bool in_tag;
    bool closing; /* </tag                                                        */
    bool slash;   /* the last byte of the tag is '/'                              */
    int n_attributes;
    char quote;
    int n_brackets; /* ']' at the end of the output                                 */
    int run;        /* '-' or '?' just before                                       */
    char held[256]; /* what is not yet decided; NUL-terminated                      */
    size_t n_held;
    char utf8[4]; /* a character not yet whole                                    */
    size_t n_utf8;
    size_t utf8_length;
    TpsXmlPlace char_at; /* where it starts */
    const char *refusal;
    TpsXmlPlace refused_at;
} TpsXmlMend;

void tps_xml_mend_init(TpsXmlMend *mend);
void tps_xml_mend_clear(TpsXmlMend *mend);

/* Take bytes up to `end` or to the first event; *bytes is moved behind what was taken. */
TpsXmlEvent tps_xml_mend_take(TpsXmlMend *mend, const char **bytes, const char *end);

/* How much of `output` may go to the parser now; and: that much is gone. */
size_t tps_xml_mend_ready(const TpsXmlMend *mend);
void tps_xml_mend_drop(TpsXmlMend *mend, size_t length);

/* The next document begins: the parser counts its lines from 1 again. */
void tps_xml_mend_next_document(TpsXmlMend *mend);

/* Where the parser's place (line from 1, column from 0) is in the input. */
TpsXmlPlace tps_xml_mend_locate(const TpsXmlMend *mend, int64_t line, int64_t column);

/* For the state machine: `bytes` stand in the input at `at`, and the same in the output. */
void tps_xml_mend_emit(TpsXmlMend *mend, const TpsXmlPlace *at, const char *bytes, size_t length);

/* The same at `in` for ASCII without controls but tabs and line feeds: most of any report. */
void tps_xml_mend_emit_plain(TpsXmlMend *mend, const char *bytes, size_t length);

/* `bytes` in place of what stands in the input: one repair. */
void tps_xml_mend_emit_instead(TpsXmlMend *mend, const char *bytes);

/* One more byte of what is not yet decided. */
void tps_xml_mend_hold(TpsXmlMend *mend, char byte);

/* States of their own: behind a '&' or an ESC, which is met in the state that `before` holds. */
TpsXmlEvent tps_xml_mend_take_reference(TpsXmlMend *mend, char byte);
TpsXmlEvent tps_xml_mend_start_escape(TpsXmlMend *mend);
TpsXmlEvent tps_xml_mend_take_escape(TpsXmlMend *mend, char byte);

void tps_xml_place_advance(TpsXmlPlace *place, char byte);
void tps_xml_place_advance_run(TpsXmlPlace *place, const char *bytes, size_t length);

/* The value of encoding= in the declaration just read, or NULL. Caller frees. */
char *tps_xml_mend_encoding(const TpsXmlMend *mend);

/* Is `<?xml ...?>` what XML 1.0 allows; and so the beginning of another `<?...?>`? */
bool tps_xml_declaration_is_sound(const char *declaration);
bool tps_xml_instruction_is_sound(const char *instruction);

/* XML 1.0, production [2] */
bool tps_xml_is_char(gunichar c);
