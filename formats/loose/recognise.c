/* SPDX-License-Identifier: MIT */
#include "formats/loose/loose_internal.h"
#include "formats/tap.h"

#include <string.h>

/* Longer names of XML elements mean nothing to us. */
#define NAME_SHOWN 60

#define JOURNAL_START "{\"record\":\""

/* The first bytes of a file. */
typedef struct {
    const char *at;
    const char *end;
    bool whole; /* there are no others */
} Head;

static bool begins_with(const Head *head, const char *text)
{
    size_t length = strlen(text);

    return (size_t)(head->end - head->at) >= length && memcmp(head->at, text, length) == 0;
}

static void skip_space(Head *head)
{
    if (begins_with(head, "\xEF\xBB\xBF"))
        head->at += 3;
    while (head->at < head->end && g_ascii_isspace(*head->at))
        head->at++;
}

/* Behind the next `text`; false when there is none in the head. */
static bool skip_past(Head *head, const char *text)
{
    const char *found = g_strstr_len(head->at, head->end - head->at, text);

    if (found)
        head->at = found + strlen(text);
    return found != NULL;
}

/* From the '<' on to the root element's name; false when it isn't in the head. */
static bool find_root(Head *head)
{
    while (begins_with(head, "<")) {
        bool skipped;

        if (begins_with(head, "<!--"))
            skipped = skip_past(head, "-->");
        else if (begins_with(head, "<?"))
            skipped = skip_past(head, "?>");
        else if (begins_with(head, "<!"))
            return false; /* the reader refuses a DOCTYPE, and says so */
        else
            return true;
        if (!skipped)
            return false;
        skip_space(head);
    }
    return false;
}

/* Without its prefix; caller frees. */
static char *root_name(const Head *head)
{
    const char *start = head->at + 1;
    const char *end = start;

    for (; end < head->end && !g_ascii_isspace(*end) && !strchr("/>", *end); end++)
        if (*end == ':')
            start = end + 1;
    return end < head->end ? g_strndup(start, (gsize)(end - start)) : NULL;
}

/* Whatever the head does not tell is left to the reader, which says what is wrong. */
static const TpsLooseReader *recognise_xml(Head head, TpsLoose *loose)
{
    g_autofree char *name = find_root(&head) ? root_name(&head) : NULL;

    if (!name || strcmp(name, "testsuites") == 0 || strcmp(name, "testsuite") == 0)
        return &tps_loose_junit;
    loose->is_whole = true;
    loose->looks_like = g_strdup_printf("XML whose root is '%.*s'", NAME_SHOWN, name);
    return NULL;
}

bool tps_loose_is_journal(const char *bytes, size_t length)
{
    Head head = {bytes, bytes + length, false};

    do
        if (begins_with(&head, JOURNAL_START))
            return true;
    while (skip_past(&head, "\n"));
    return false;
}

const TpsLooseReader *tps_loose_recognise(const char *bytes, size_t length, bool whole,
                                          TpsLoose *loose)
{
    Head head = {bytes, bytes + length, whole};

    if (begins_with(&head, "\xFE\xFF") || begins_with(&head, "\xFF\xFE"))
        return &tps_loose_junit; /* UTF-16: of all kinds only XML is written so */
    skip_space(&head);
    if (head.at == head.end && whole) {
        loose->looks_like = g_strdup("an empty file");
        loose->is_cut = true;
        return NULL;
    }
    if (begins_with(&head, "<"))
        return recognise_xml(head, loose);
    if (tps_loose_is_go(head.at, (size_t)(head.end - head.at)))
        return &tps_loose_go;
    if (begins_with(&head, "{"))
        return &tps_loose_document;
    if (tps_tap_recognise(head.at, (size_t)(head.end - head.at)))
        return &tps_loose_tap;
    if (begins_with(&head, "["))
        return &tps_loose_document;
    loose->looks_like = g_strdup("text");
    return NULL;
}
