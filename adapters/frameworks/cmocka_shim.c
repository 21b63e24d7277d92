/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a program that uses cmocka, which can neither name its tests nor run some of them.
 *
 *   TPSCHED_LIST=FILE     each test becomes a line of JSON there, and none is run
 *   TPSCHED_SELECT=FILE   only these tests are run: an id on each line, bytes as %XX where needed
 *   TPSCHED_JOURNAL=FILE  when each test started, and what became of it
 *
 * A test is `group:test`, and `group:test#2` when another one was called so before. Groups of which
 * nothing is selected are left out with their fixtures.
 *
 * cmocka says at the end of a group only what became of its tests, and in XML that its names and
 * messages can break. So it is watched: it runs its tests in their order, each function of a test
 * is called through one of ours, and a test that doesn't return has failed or was skipped. What
 * cmocka finds out later (memory that leaked, calls that never came) it tells cm_print_error().
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* As cmocka.h has them. */
typedef void (*TestFunction)(void **state);
typedef int (*Fixture)(void **state);
typedef struct {
    const char *name;
    TestFunction test;
    Fixture setup;
    Fixture teardown;
    void *initial_state;
} UnitTest;
typedef int (*RunGroup)(const char *group, const UnitTest *tests, size_t n, Fixture setup,
                        Fixture teardown);

int _cmocka_run_group_tests(const char *group, const UnitTest *tests, size_t n, Fixture setup,
                            Fixture teardown);
int _run_tests(const void *tests, size_t n);
int _run_group_tests(const void *tests, size_t n);
void cmocka_set_test_filter(const char *pattern);
void cmocka_set_skip_filter(const char *pattern);
void cm_print_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void _skip(const char *file, int line);

/* A growing list of texts, with their hashes so that most comparisons are short. */
typedef struct {
    char **texts;
    uint64_t *hashes;
    size_t n;
} Texts;

/* The test that runs. */
typedef struct {
    const UnitTest *test;
    const char *id;
    struct timespec started;
    bool prepared; /* its setup is done, if it has one            */
    bool reached;
    bool returned;
    bool cleaned; /* its teardown is done, if it has one          */
    bool skipped;
    char text[4096]; /* what cmocka told of it                       */
} Running;

/* The group that runs. */
static const UnitTest *group_tests;
static char **group_ids;
static size_t group_next;
static int group_failures;
static Running running;

static Texts seen;
static Texts selection;
static const char *test_filter;
static const char *skip_filter;

/* Programs that it starts itself have nothing to do with this. */
__attribute__((constructor)) static void loaded(void)
{
    unsetenv("LD_PRELOAD");
}

static void *allocated(void *memory)
{
    if (!memory) {
        fputs("tpsched: out of memory\n", stderr);
        _exit(EXIT_FAILURE);
    }
    return memory;
}

/* FNV-1a */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037ULL;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211ULL;
    return hash;
}

static void texts_add(Texts *texts, const char *text)
{
    if ((texts->n & (texts->n - 1)) == 0) { /* full: there is room for a power of two */
        size_t size = texts->n ? 2 * texts->n : 1;

        texts->texts = allocated(realloc(texts->texts, size * sizeof *texts->texts));
        texts->hashes = allocated(realloc(texts->hashes, size * sizeof *texts->hashes));
    }
    texts->texts[texts->n] = allocated(strdup(text));
    texts->hashes[texts->n++] = hash_of(text);
}

static bool texts_have(const Texts *texts, const char *text)
{
    uint64_t hash = hash_of(text);

    for (size_t i = 0; i < texts->n; i++)
        if (texts->hashes[i] == hash && strcmp(texts->texts[i], text) == 0)
            return true;
    return false;
}

/* Caller frees. */
static char *make_id(const char *group, const char *name)
{
    size_t size = strlen(group) + strlen(name) + 32;
    char *id = allocated(malloc(size));

    snprintf(id, size, "%s:%s", group, name);
    for (unsigned number = 2; texts_have(&seen, id); number++)
        snprintf(id, size, "%s:%s#%u", group, name, number);
    texts_add(&seen, id);
    return id;
}

/* JSON, a record at a time, in one write: whoever dies next leaves it whole. */
static FILE *record_open(char **text, size_t *size)
{
    return allocated(open_memstream(text, size));
}

static void record_text(FILE *record, const char *key, const char *text)
{
    fprintf(record, "\"%s\":\"", key);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(record, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            fprintf(record, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, record);
    }
    fputc('"', record);
}

/* Frees `text`. */
static void record_write(FILE *record, char **text, const size_t *size, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    fputs("}\n", record);
    fclose(record);
    if (fd < 0 || write(fd, *text, *size) != (ssize_t)*size) {
        perror("tpsched");
        _exit(EXIT_FAILURE);
    }
    close(fd);
    free(*text);
}

static void list_test(const char *path, const char *group, const char *id)
{
    char *text = NULL;
    size_t size = 0;
    FILE *record = record_open(&text, &size);

    fputc('{', record);
    record_text(record, "id", id);
    fputc(',', record);
    record_text(record, "class", group);
    record_write(record, &text, &size, path);
}

static void tell_start(const char *id)
{
    const char *path = getenv("TPSCHED_JOURNAL");
    char *text = NULL;
    size_t size = 0;
    FILE *record = path ? record_open(&text, &size) : NULL;

    if (!record)
        return;
    fputc('{', record);
    record_text(record, "start", id);
    record_write(record, &text, &size, path);
}

static void tell_end(const char *id, const char *outcome, int64_t microseconds, const char *why)
{
    const char *path = getenv("TPSCHED_JOURNAL");
    char *text = NULL;
    size_t size = 0;
    FILE *record = path ? record_open(&text, &size) : NULL;

    if (!record)
        return;
    fputc('{', record);
    record_text(record, "end", id);
    fputc(',', record);
    record_text(record, "outcome", outcome);
    if (microseconds >= 0)
        fprintf(record, ",\"seconds\":%lld.%06lld", (long long)(microseconds / 1000000),
                (long long)(microseconds % 1000000));
    if (*why) {
        fputc(',', record);
        record_text(record, "text", why);
    }
    record_write(record, &text, &size, path);
}

static int64_t microseconds_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)(now.tv_sec - start->tv_sec) * 1000000 + (now.tv_nsec - start->tv_nsec) / 1000;
}

static const char *outcome_of(const Running *run)
{
    bool crashed = strstr(run->text, "Test failed with exception") != NULL;

    if (!run->reached || (run->test->teardown && !run->cleaned) || crashed)
        return "error";
    if (run->skipped)
        return "skipped";
    return run->returned && !*run->text ? "passed" : "failed";
}

static void end_running(void)
{
    const char *outcome;

    if (!running.id)
        return;
    outcome = outcome_of(&running);
    group_failures += *outcome == 'f' || *outcome == 'e';
    tell_end(running.id, outcome, microseconds_since(&running.started), running.text);
    running.id = NULL;
}

/* The next test of the group begins: with its setup, or itself where it has none. */
static void begin(void)
{
    end_running();
    memset(&running, 0, sizeof running);
    running.test = &group_tests[group_next];
    running.id = group_ids[group_next++];
    clock_gettime(CLOCK_MONOTONIC, &running.started);
    tell_start(running.id);
}

static int watch_setup(void **state)
{
    int result;

    begin();
    result = running.test->setup(state);
    running.prepared = result == 0;
    return result;
}

static void watch_test(void **state)
{
    if (!running.prepared || running.reached)
        begin();
    running.reached = true;
    running.test->test(state);
    running.returned = true;
}

static int watch_teardown(void **state)
{
    int result = running.test->teardown(state);

    running.cleaned = result == 0;
    return result;
}

void cm_print_error(const char *format, ...)
{
    void (*real)(const char *, ...);
    size_t length = strlen(running.text);
    char text[sizeof running.text];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (running.id)
        snprintf(running.text + length, sizeof running.text - length, "%s", text);
    *(void **)&real = dlsym(RTLD_NEXT, "cm_print_error");
    if (real)
        real("%s", text);
}

void _skip(const char *file, int line)
{
    void (*real)(const char *, int);

    running.skipped = true;
    *(void **)&real = dlsym(RTLD_NEXT, "_skip");
    real(file, line);
}

/* As cmocka's own: `*` is any text, `?` any byte. */
static bool matches(const char *pattern, const char *text)
{
    if (*pattern == '*')
        return matches(pattern + 1, text) || (*text && matches(pattern, text + 1));
    if (!*text || (*pattern != '?' && *pattern != *text))
        return !*text && !*pattern;
    return matches(pattern + 1, text + 1);
}

/* They would make it leave tests out behind our back. */
void cmocka_set_test_filter(const char *pattern)
{
    test_filter = pattern;
}

void cmocka_set_skip_filter(const char *pattern)
{
    skip_filter = pattern;
}

static int hexadecimal(char digit)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *found = digit ? strchr(digits, digit) : NULL;

    return found ? (int)(found - digits) % 16 : -1;
}

/* %XX is a byte; in place. */
static void decode(char *line)
{
    char *out = line;

    for (; *line; line++) {
        if (*line == '%' && hexadecimal(line[1]) >= 0 && hexadecimal(line[2]) >= 0) {
            *out++ = (char)(16 * hexadecimal(line[1]) + hexadecimal(line[2]));
            line += 2;
        } else {
            *out++ = *line;
        }
    }
    *out = '\0';
}

static void read_selection(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    ssize_t length;

    if (!file) {
        perror(path);
        _exit(EXIT_FAILURE);
    }
    while ((length = getline(&line, &size, file)) > 0) {
        line[strcspn(line, "\n")] = '\0';
        decode(line);
        texts_add(&selection, line);
    }
    free(line);
    fclose(file);
}

static bool is_selected(const char *id)
{
    const char *path = getenv("TPSCHED_SELECT");

    if (path && selection.n == 0)
        read_selection(path);
    return !path || texts_have(&selection, id);
}

/* What is left of the group, with the functions that watch it. */
static size_t keep_selected(const char *group, const UnitTest *tests, size_t n, UnitTest *kept,
                            UnitTest *watched)
{
    const char *list = getenv("TPSCHED_LIST");
    size_t n_kept = 0;

    for (size_t i = 0; i < n; i++) {
        char *id = NULL;

        if (test_filter && !matches(test_filter, tests[i].name))
            continue;
        id = make_id(group, tests[i].name);
        if (list) {
            list_test(list, group, id);
        } else if (is_selected(id) && skip_filter && matches(skip_filter, tests[i].name)) {
            tell_end(id, "skipped", 0, "");
        } else if (is_selected(id)) {
            watched[n_kept] = tests[i];
            watched[n_kept].setup = tests[i].setup ? watch_setup : NULL;
            watched[n_kept].test = watch_test;
            watched[n_kept].teardown = tests[i].teardown ? watch_teardown : NULL;
            kept[n_kept] = tests[i];
            group_ids[n_kept++] = id;
            continue;
        }
        free(id);
    }
    return n_kept;
}

/* When the group's setup fails, no test begins. */
static void end_group(size_t n, int result)
{
    end_running();
    for (; group_next < n; group_next++)
        tell_end(group_ids[group_next], "error", -1, "the setup of its group failed");
    /* A cmocka that keeps its findings to itself: none of these passes can be trusted. */
    for (size_t i = 0; result > group_failures && i < n; i++)
        tell_end(group_ids[i], "error", -1, "cmocka counts more failures than it told");
}

int _cmocka_run_group_tests(const char *group, const UnitTest *tests, size_t n, Fixture setup,
                            Fixture teardown)
{
    UnitTest *kept = allocated(calloc(n + 1, sizeof *kept));
    UnitTest *watched = allocated(calloc(n + 1, sizeof *watched));
    RunGroup real;
    int result = 0;

    group_ids = allocated(calloc(n + 1, sizeof *group_ids));
    group_tests = kept;
    group_next = 0;
    group_failures = 0;
    *(void **)&real = dlsym(RTLD_NEXT, "_cmocka_run_group_tests");
    n = keep_selected(group, tests, n, kept, watched);
    if (n > 0 && real) {
        result = real(group, watched, n, setup, teardown);
        end_group(n, group_next > 0 ? result : 0);
    }
    for (size_t i = 0; i < n; i++)
        free(group_ids[i]);
    free(group_ids);
    free(kept);
    free(watched);
    return result;
}

/* Before cmocka 1.0 tests came in another way, that some programs still use. */
static int refuse_old_tests(void)
{
    fputs("tpsched: tests of run_tests() can't be listed; use cmocka_run_group_tests()\n", stderr);
    exit(EXIT_FAILURE);
}

int _run_tests(const void *tests, size_t n)
{
    (void)tests;
    (void)n;
    return refuse_old_tests();
}

int _run_group_tests(const void *tests, size_t n)
{
    (void)tests;
    (void)n;
    return refuse_old_tests();
}
