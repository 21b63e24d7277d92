/* SPDX-License-Identifier: MIT */
/* What reading some files costs with the XML parser alone: elements, attributes and text are seen,
 * and counted so that nothing is left out. */
#include <expat.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES (64 * 1024)

typedef struct {
    unsigned long elements;
    unsigned long attributes;
    unsigned long text_bytes;
} Seen;

static void on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    Seen *seen = user;

    (void)name;
    seen->elements++;
    for (; *attributes; attributes += 2)
        seen->attributes++;
}

static void on_end(void *user, const XML_Char *name)
{
    (void)user;
    (void)name;
}

static void on_text(void *user, const XML_Char *text, int length)
{
    Seen *seen = user;

    (void)text;
    seen->text_bytes += (unsigned long)length;
}

static int parse(XML_Parser parser, const char *path, Seen *seen)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = 1;
    int ok = fd >= 0;

    XML_ParserReset(parser, NULL);
    XML_SetUserData(parser, seen);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    while (ok && length > 0) {
        void *buffer = XML_GetBuffer(parser, BUFFER_BYTES);

        length = buffer ? read(fd, buffer, BUFFER_BYTES) : -1;
        ok = length >= 0 && XML_ParseBuffer(parser, (int)length, length == 0) == XML_STATUS_OK;
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

int main(int argc, char **argv)
{
    XML_Parser parser = XML_ParserCreate(NULL);
    Seen seen = {0};

    for (int i = 1; i < argc; i++) {
        if (!parse(parser, argv[i], &seen)) {
            fprintf(stderr, "%s: %s\n", argv[i], XML_ErrorString(XML_GetErrorCode(parser)));
            return 1;
        }
    }
    printf("%lu elements, %lu attributes, %lu bytes of text\n", seen.elements, seen.attributes,
           seen.text_bytes);
    XML_ParserFree(parser);
    return 0;
}
