/* SPDX-License-Identifier: MIT */
#include "formats/loose/loose.h"

#include "formats/chunks_internal.h"
#include "formats/files.h"
#include "formats/loose/loose_internal.h"

#include <string.h>

#define WARNINGS_MAX 50 /* the rest is only counted */

/*
 * The name of a suite is told, and written, with each of its results: a long one with many of them
 * would make of 10 MB a report of terabytes.
 */
#define NAME_BYTES ((size_t)1024)
#define LONG_NAMES_BYTES ((size_t)64 << 20) /* of all that are longer, each time they are told */

/* A report while it is read: its head until it is known what it is, then its reader. */
typedef struct {
    TpsLooseOut out;
    const TpsLooseReader *kind; /* NULL: not known yet, or nothing we know */
    void *reader;
    bool decided;
    GString *head;
    GChecksum *checksum;
} Reading;

void tps_loose_free(TpsLoose *loose)
{
    if (!loose)
        return;
    g_free(loose->looks_like);
    g_ptr_array_unref(loose->warnings);
    g_free(loose->problem);
    g_free(loose->digest);
    g_free(loose);
}

void tps_loose_warn(TpsLooseOut *out, const char *format, ...)
{
    va_list arguments;

    if (++out->n_warnings > WARNINGS_MAX)
        return;
    va_start(arguments, format);
    g_ptr_array_add(out->loose->warnings, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

void tps_loose_complain(TpsLooseOut *out, const char *format, ...)
{
    va_list arguments;

    if (out->loose->problem)
        return;
    va_start(arguments, format);
    out->loose->problem = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

/* As UTF-8, and cut where it is too much. Caller frees; NULL: it may stay as it is. */
static char *name_told(TpsLooseOut *out, const char *suite)
{
    bool is_long = strnlen(suite, NAME_BYTES + 1) > NAME_BYTES;

    if (is_long && out->long_names_bytes <= LONG_NAMES_BYTES)
        out->long_names_bytes += strlen(suite);
    if (!is_long || out->long_names_bytes <= LONG_NAMES_BYTES)
        return g_utf8_validate(suite, -1, NULL) ? NULL : g_utf8_make_valid(suite, -1);
    return g_utf8_make_valid(suite, NAME_BYTES);
}

bool tps_loose_say(TpsLooseOut *out, const char *suite, TpsResult *result, GError **error)
{
    g_autofree char *told = name_told(out, suite);

    return out->handler->result(told ? told : suite, result, out->user, error);
}

bool tps_loose_say_suite(TpsLooseOut *out, const TpsLooseSuite *suite, GError **error)
{
    g_autofree char *told = name_told(out, suite->name);
    TpsLooseSuite said = *suite;

    if (told)
        said.name = told;
    return !out->handler->suite || out->handler->suite(&said, out->user, error);
}

char *tps_loose_name(const char *path)
{
    char *name = g_path_get_basename(path);
    char *dot = strrchr(name, '.');

    if (dot && dot > name)
        *dot = '\0';
    return name;
}

static void reading_init(Reading *reading, const char *name, const TpsLooseHandler *handler,
                         void *user)
{
    TpsLoose *loose = g_new0(TpsLoose, 1);

    loose->warnings = g_ptr_array_new_with_free_func(g_free);
    *reading = (Reading){
        .out = {.name = name, .handler = handler, .user = user, .loose = loose},
        .head = g_string_new(NULL),
        .checksum = handler->no_digest ? NULL : g_checksum_new(G_CHECKSUM_SHA256),
    };
}

static void reading_clear(Reading *reading)
{
    if (reading->reader)
        reading->kind->close(reading->reader);
    tps_loose_free(reading->out.loose);
    g_string_free(reading->head, TRUE);
    g_clear_pointer(&reading->checksum, g_checksum_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

/* The head is enough, or all there is. */
static bool decide(Reading *reading, bool whole, GError **error)
{
    GString *head = reading->head;

    reading->decided = true;
    reading->kind = tps_loose_recognise(head->str, head->len, whole, reading->out.loose);
    if (!reading->kind)
        return true;
    reading->reader = reading->kind->open(&reading->out);
    return reading->kind->feed(reading->reader, head->str, head->len, error);
}

/* The digest is of all bytes, whatever they are. */
static bool take_chunk(const char *bytes, size_t length, void *user, GError **error)
{
    Reading *reading = user;
    size_t n = 0;

    if (reading->checksum)
        g_checksum_update(reading->checksum, (const guchar *)bytes, (gssize)length);
    if (!reading->decided) {
        n = MIN(length, TPS_LOOSE_HEAD_BYTES - reading->head->len);
        g_string_append_len(reading->head, bytes, (gssize)n);
        if (reading->head->len < TPS_LOOSE_HEAD_BYTES)
            return true;
        if (!decide(reading, false, error))
            return false;
    }
    return !reading->reader || n == length ||
           reading->kind->feed(reading->reader, bytes + n, length - n, error);
}

static TpsLoose *reading_finish(Reading *reading, GError **error)
{
    TpsLoose *loose = reading->out.loose;
    guint n_more = 0;

    if (!reading->decided && !decide(reading, true, error))
        return NULL;
    if (reading->reader && !reading->kind->finish(reading->reader, error))
        return NULL;
    if (reading->out.long_names_bytes > LONG_NAMES_BYTES) /* not before: some end at a problem */
        tps_loose_complain(&reading->out,
                           "names of suites are too long for so many testcases: cut to %zu bytes",
                           NAME_BYTES);
    if (reading->out.n_warnings > WARNINGS_MAX)
        n_more = reading->out.n_warnings - WARNINGS_MAX;
    if (n_more > 0)
        g_ptr_array_add(loose->warnings, g_strdup_printf("more warnings like these: %u", n_more));
    if (!loose->kind && !loose->looks_like)
        loose->looks_like = g_strdup("nothing that is known here");
    if (reading->checksum)
        loose->digest = g_strdup(g_checksum_get_string(reading->checksum));
    return g_steal_pointer(&reading->out.loose);
}

TpsLoose *tps_loose_parse(const char *name, const char *bytes, size_t length,
                          const TpsLooseHandler *handler, void *user, GError **error)
{
    g_auto(Reading) reading = {0};

    reading_init(&reading, name, handler, user);
    return take_chunk(bytes, length, &reading, error) ? reading_finish(&reading, error) : NULL;
}

TpsLoose *tps_loose_read(const char *path, const TpsLooseHandler *handler, void *user,
                         GError **error)
{
    g_autofree char *name = tps_loose_name(path);
    g_auto(Reading) reading = {0};

    reading_init(&reading, name, handler, user);
    if (!tps_file_check(path, error) || !tps_file_read_chunks(path, take_chunk, &reading, error))
        return NULL;
    return reading_finish(&reading, error);
}
