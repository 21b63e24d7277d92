/* SPDX-License-Identifier: MIT */
#include "scenario/expect.h"

#include "scenario/search.h"

#include "core/result.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Longer texts are cut in messages. */
#define SHOWN_BYTES 300

/* Exit codes from here on are what shells say of signals. */
#define CODE_OF_SIGNALS 128

static void add(GPtrArray *problems, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add(GPtrArray *problems, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(problems, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* On one line, and not too long. Caller frees. */
static char *shown(const char *text)
{
    GString *line = g_string_new("'");
    const char *at = text;

    for (; *at && (at - text < SHOWN_BYTES || ((unsigned char)*at & 0xC0) == 0x80); at++) {
        if (*at == '\n')
            g_string_append(line, "\\n");
        else
            g_string_append_c(line, *at);
    }
    g_string_append(line, *at ? "...'" : "'");
    return g_string_free(line, FALSE);
}

static void check_exit(const TpsExpect *expect, int status, GPtrArray *problems)
{
    int code = WIFSIGNALED(status) ? CODE_OF_SIGNALS + WTERMSIG(status) : WEXITSTATUS(status);
    g_autofree char *how = NULL;

    if (code == expect->exit_code)
        return;
    if (code > CODE_OF_SIGNALS && code < CODE_OF_SIGNALS + NSIG)
        how = tps_end_describe(TPS_END_SIGNALED, code - CODE_OF_SIGNALS, 0);
    if (WIFSIGNALED(status))
        add(problems, "expected exit code %d, got %d: %s", expect->exit_code, code, how);
    else if (how)
        add(problems, "expected exit code %d, got %d, which a shell says of what was %s",
            expect->exit_code, code, how);
    else
        add(problems, "expected exit code %d, got %d", expect->exit_code, code);
}

static void check_output(char **texts, bool wanted, const char *output, GPtrArray *problems)
{
    for (; texts && *texts; texts++) {
        g_autofree char *text = shown(*texts);
        int found = tps_search_file(output, *texts);

        if (found < 0)
            add(problems, "its output can't be read: %s", g_strerror(errno));
        else if (found && !wanted)
            add(problems, "the output contains %s", text);
        else if (!found && wanted)
            add(problems, "the output does not contain %s", text);
    }
}

GRegex *tps_expect_regex(const char *pattern, GError **error)
{
    return g_regex_new(pattern, G_REGEX_RAW | G_REGEX_MULTILINE | G_REGEX_NEWLINE_ANYCRLF, 0,
                       error);
}

/* PCRE wants all of it at once; as a mapped file it costs no memory of ours. */
static void check_pattern(const char *pattern, GMappedFile *output, GPtrArray *problems)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GRegex) regex = tps_expect_regex(pattern, &why);
    g_autofree char *text = shown(pattern);
    const char *bytes = g_mapped_file_get_contents(output);

    if (regex && g_regex_match_full(regex, bytes ? bytes : "",
                                    (gssize)g_mapped_file_get_length(output), 0, 0, NULL, &why))
        return;
    if (why)
        add(problems, "whether the output matches %s can't be told: %s", text, why->message);
    else
        add(problems, "the output does not match %s", text);
}

static void check_patterns(char **patterns, const char *path, GPtrArray *problems)
{
    g_autoptr(GError) why = NULL;
    GMappedFile *output;

    if (!patterns)
        return;
    output = g_mapped_file_new(path, FALSE, &why);
    if (!output) {
        add(problems, "its output can't be read: %s", why->message);
        return;
    }
    for (; *patterns; patterns++)
        check_pattern(*patterns, output, problems);
    g_mapped_file_unref(output);
}

static char *path_of(const char *directory, const char *path)
{
    return g_build_filename(directory, path, NULL);
}

static void check_there(char **paths, bool directories, const TpsStepEnd *end, GPtrArray *problems)
{
    for (; paths && *paths; paths++) {
        g_autofree char *path = path_of(end->directory, *paths);
        GStatBuf info;

        if (g_stat(path, &info) != 0)
            add(problems, "%s '%s' is not there%s%s", directories ? "directory" : "file", *paths,
                errno == ENOENT ? "" : ": ", errno == ENOENT ? "" : g_strerror(errno));
        else if (S_ISDIR(info.st_mode) && !directories)
            add(problems, "'%s' is a directory, not a file", *paths);
        else if (!S_ISDIR(info.st_mode) && directories)
            add(problems, "'%s' is not a directory", *paths);
    }
}

static void check_gone(char **paths, const TpsStepEnd *end, GPtrArray *problems)
{
    for (; paths && *paths; paths++) {
        g_autofree char *path = path_of(end->directory, *paths);
        GStatBuf info;

        if (g_lstat(path, &info) == 0)
            add(problems, "'%s' is there", *paths);
        else if (errno != ENOENT && errno != ENOTDIR)
            add(problems, "whether '%s' is there can't be told: %s", *paths, g_strerror(errno));
    }
}

static void check_file(const TpsExpectFile *file, bool wanted, const TpsStepEnd *end,
                       GPtrArray *problems)
{
    g_autofree char *path = path_of(end->directory, file->path);

    for (char **text = file->texts; *text; text++) {
        g_autofree char *what = shown(*text);
        int found = tps_search_file(path, *text);

        if (found < 0) {
            const char *why = errno == EINVAL ? "it is no regular file" : g_strerror(errno);

            add(problems, "file '%s' can't be read: %s", file->path, why);
            return;
        }
        if (found != (int)wanted)
            add(problems, "file '%s' %s %s", file->path, found ? "contains" : "does not contain",
                what);
    }
}

static void check_files(const GArray *files, bool wanted, const TpsStepEnd *end,
                        GPtrArray *problems)
{
    for (guint i = 0; files && i < files->len; i++)
        check_file(&g_array_index(files, TpsExpectFile, i), wanted, end, problems);
}

GPtrArray *tps_expect_check(const TpsExpect *expect, const TpsStepEnd *end)
{
    GPtrArray *problems = g_ptr_array_new_with_free_func(g_free);

    check_exit(expect, end->wait_status, problems);
    check_output(expect->output_contains, true, end->output, problems);
    check_output(expect->output_not_contains, false, end->output, problems);
    check_patterns(expect->output_matches, end->output, problems);
    check_there(expect->files_exist, false, end, problems);
    check_gone(expect->files_not_exist, end, problems);
    check_there(expect->dirs_exist, true, end, problems);
    check_files(expect->file_contains, true, end, problems);
    check_files(expect->file_not_contains, false, end, problems);
    return problems;
}
