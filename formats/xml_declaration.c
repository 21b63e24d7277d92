/* SPDX-License-Identifier: MIT */
#include "formats/xml_mend_internal.h"

#include <string.h>

#define SPACES " \t\r\n"
#define DIGITS "0123456789"
#define NAME_BYTES "-._abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS

char *tps_xml_mend_encoding(const TpsXmlMend *mend)
{
    const char *value = strstr(mend->held, "encoding");
    size_t length;

    if (!value)
        return NULL;
    value += strlen("encoding");
    value += strspn(value, SPACES "=");
    if (*value != '"' && *value != '\'')
        return NULL;
    length = strspn(value + 1, NAME_BYTES);
    return value[length + 1] == *value ? g_strndup(value + 1, length) : NULL;
}

/*
 * Take ` name = "value"` with the blanks before it from `*rest`.
 *   returns  the value, not terminated; NULL, and `*rest` untouched, when it is something else
 */
static const char *take_pair(const char **rest, const char *name, size_t *length)
{
    size_t blanks = strspn(*rest, SPACES);
    const char *at = *rest + blanks;
    const char *value;

    if (blanks == 0 || !g_str_has_prefix(at, name))
        return NULL;
    at += strlen(name);
    at += strspn(at, SPACES);
    if (*at != '=')
        return NULL;
    at += 1 + strspn(at + 1, SPACES);
    if (*at != '"' && *at != '\'')
        return NULL;
    value = at + 1;
    *length = strcspn(value, *at == '"' ? "\"" : "'");
    if (!value[*length])
        return NULL;
    *rest = value + *length + 1;
    return value;
}

static bool is_version(const char *value, size_t length)
{
    return length > 2 && strncmp(value, "1.", 2) == 0 && strspn(value + 2, DIGITS) == length - 2;
}

static bool is_encoding(const char *value, size_t length)
{
    return g_ascii_isalpha(*value) && strspn(value, NAME_BYTES) == length;
}

static bool is_yes_or_no(const char *value, size_t length)
{
    return (length == 3 && strncmp(value, "yes", 3) == 0) ||
           (length == 2 && strncmp(value, "no", 2) == 0);
}

/* XML 1.0, production [23] */
bool tps_xml_declaration_is_sound(const char *declaration)
{
    const char *rest = declaration + strlen("<?xml");
    size_t length = 0;
    const char *value = take_pair(&rest, "version", &length);

    if (!value || !is_version(value, length))
        return false;
    value = take_pair(&rest, "encoding", &length);
    if (value && !is_encoding(value, length))
        return false;
    value = take_pair(&rest, "standalone", &length);
    if (value && !is_yes_or_no(value, length))
        return false;
    rest += strspn(rest, SPACES);
    return strcmp(rest, "?>") == 0;
}

/* Production [16], as far as a name is ASCII: others are nobody's. */
bool tps_xml_instruction_is_sound(const char *instruction)
{
    const char *name = instruction + strlen("<?");
    size_t length = strspn(name, NAME_BYTES ":");

    if (!g_ascii_isalpha(*name) && *name != '_' && *name != ':')
        return false;
    if (length == 3 && g_ascii_strncasecmp(name, "xml", 3) == 0)
        return false;
    return strcmp(name + length, "?>") == 0 || (name[length] && strchr(SPACES, name[length]));
}
