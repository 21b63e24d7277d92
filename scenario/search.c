/* SPDX-License-Identifier: MIT */
#include "scenario/search.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES ((size_t)64 * 1024)

static int open_file(const char *path, size_t *bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat info;

    if (fd < 0)
        return -1;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        *bytes = (size_t)info.st_size;
        return fd;
    }
    close(fd);
    errno = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
    return -1;
}

static ssize_t read_some(int fd, char *bytes, size_t length)
{
    ssize_t n;

    do
        n = read(fd, bytes, length);
    while (n < 0 && errno == EINTR);
    return n;
}

/* What may be the beginning of the text stays in front of what is read next. */
static int search(int fd, const char *text, size_t length, char *buffer, size_t size)
{
    size_t kept = 0;
    ssize_t n;

    while ((n = read_some(fd, buffer + kept, size - kept)) > 0) {
        size_t filled = kept + (size_t)n;

        if (memmem(buffer, filled, text, length))
            return 1;
        kept = MIN(filled, length - 1);
        memmove(buffer, buffer + filled - kept, kept);
    }
    return n < 0 ? -1 : 0;
}

int tps_search_file(const char *path, const char *text)
{
    size_t bytes;
    int fd = open_file(path, &bytes);
    size_t length = strlen(text);
    size_t size = MAX(CHUNK_BYTES, 2 * length);
    g_autofree char *buffer = fd >= 0 ? g_malloc(size) : NULL;
    int found = fd >= 0 ? search(fd, text, length, buffer, size) : -1;

    if (fd >= 0)
        close(fd);
    return found;
}

/* From there on, at most so many bytes. */
static GString *read_range(int fd, size_t from, size_t length)
{
    GString *text = g_string_sized_new(length);
    size_t filled = 0;
    ssize_t n = 1;

    g_string_set_size(text, length);
    if (lseek(fd, (off_t)from, SEEK_SET) < 0)
        n = 0;
    while (n > 0 && filled < length) {
        n = read_some(fd, text->str + filled, length - filled);
        filled += n > 0 ? (size_t)n : 0;
    }
    g_string_set_size(text, filled);
    return text;
}

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Cut at the end of a line, or at least not within a character. */
static void cut_end(GString *text)
{
    const char *line_end = memrchr(text->str, '\n', text->len);
    size_t length = line_end ? (size_t)(line_end - text->str) + 1 : text->len;

    if (!line_end) {
        while (length > 0 && continues(text->str[length - 1]))
            length--;
        length -= length > 0 && (unsigned char)text->str[length - 1] >= 0xC0;
    }
    g_string_truncate(text, length);
}

static void cut_beginning(GString *text)
{
    const char *line_end = memchr(text->str, '\n', text->len);
    size_t from =
        line_end && line_end + 1 < text->str + text->len ? (size_t)(line_end - text->str) + 1 : 0;

    while (from < text->len && continues(text->str[from]))
        from++;
    g_string_erase(text, 0, (gssize)from);
}

static char *without_nul(GString *text)
{
    GString *shown = g_string_sized_new(text->len);

    for (size_t i = 0; i < text->len; i++) {
        if (text->str[i])
            g_string_append_c(shown, text->str[i]);
        else
            g_string_append(shown, "^@");
    }
    g_string_free(text, TRUE);
    return g_string_free(shown, FALSE);
}

static GString *read_ends(int fd, size_t bytes, size_t most)
{
    GString *text = read_range(fd, 0, most / 4);
    GString *end = read_range(fd, bytes - (most - most / 4), most - most / 4);

    cut_end(text);
    cut_beginning(end);
    g_string_append_printf(text, "%s[... %zu bytes are left out ...]\n",
                           text->len == 0 || text->str[text->len - 1] == '\n' ? "" : "\n",
                           bytes - text->len - end->len);
    g_string_append_len(text, end->str, (gssize)end->len);
    g_string_free(end, TRUE);
    return text;
}

char *tps_search_excerpt(const char *path, size_t most, size_t *bytes)
{
    size_t size = 0;
    int fd = open_file(path, &size);
    GString *text;

    if (fd < 0)
        return NULL;
    text = size <= most ? read_range(fd, 0, size) : read_ends(fd, size, most);
    close(fd);
    *bytes = size;
    return without_nul(text);
}
