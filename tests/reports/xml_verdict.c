/* SPDX-License-Identifier: MIT */
/*
 * What our reader makes of XML files, a line each, for a comparison with somebody else's:
 * "documents repairs elements attributes SHA-256-of-all-text", or "error WHY".
 */
#include "formats/xml.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    guint depth;
    guint documents;
    guint elements;
    guint attributes;
    GChecksum *text;
} Counts;

static void on_start(const char *name, const char *const *attributes, void *user)
{
    Counts *counts = user;

    (void)name;
    counts->documents += counts->depth++ == 0;
    counts->elements++;
    for (; *attributes; attributes += 2)
        counts->attributes +=
            strcmp(attributes[0], "xmlns") != 0 && !g_str_has_prefix(attributes[0], "xmlns:");
}

static void on_end(const char *name, void *user)
{
    (void)name;
    ((Counts *)user)->depth--;
}

static void on_text(const char *text, size_t length, void *user)
{
    g_checksum_update(((Counts *)user)->text, (const guchar *)text, (gssize)length);
}

static void judge(const char *path)
{
    static const TpsXmlHandler handler = {on_start, on_end, on_text};
    g_autoptr(GError) error = NULL;
    Counts counts = {.text = g_checksum_new(G_CHECKSUM_SHA256)};
    size_t repairs = 0;

    if (tps_xml_parse_file(path, &handler, &counts, &repairs, &error))
        g_print("%u %zu %u %u %s\n", counts.documents, repairs, counts.elements, counts.attributes,
                g_checksum_get_string(counts.text));
    else
        g_print("error %s\n", error->message);
    g_checksum_free(counts.text);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        judge(argv[i]);
    return EXIT_SUCCESS;
}
