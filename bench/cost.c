/* SPDX-License-Identifier: MIT */

/*
 * What does planning cost, beside reading the data? For files of more and more testcases: cJSON
 * alone, which reads and parses the file and does nothing more, against whole commands that read
 * the same file and plan. Each runs in a process of its own, in turns; the median of several
 * rounds counts.
 *
 *   cost TPSCHED [LARGEST]       up to that many testcases, 1,000,000 when it is left out
 *   cost --parse FILE            what is measured of cJSON
 */
#include <cJSON.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 7
#define MAX_ARGS 12

/* Of each round, and after settle() the median in place 0. */
typedef struct {
    double wall_s[ROUNDS], cpu_s[ROUNDS], peak_mb[ROUNDS];
} Cost;

/* One thing that is measured; FILE and PLAN stand for paths. */
typedef struct {
    const char *name;
    const char *args[MAX_ARGS];
    bool large_pages; /* glibc asks for them */
} Command;

static const Command commands[] = {
    {"cJSON alone", {"--parse", "FILE"}, false},
    {"plan", {"plan", "-d", "FILE"}, false},
    {"plan -o FILE", {"plan", "-d", "FILE", "-o", "PLAN"}, false},
    {"plan --format json", {"plan", "-d", "FILE", "--format", "json"}, false},
    {"cJSON, large pages", {"--parse", "FILE"}, true},
    {"plan, large pages", {"plan", "-d", "FILE"}, true},
};

/* How long names are on average, and how many testcases there are. */
static const struct {
    int name_bytes;
    size_t n;
} shapes[] = {{110, 10000}, {110, 100000}, {110, 1000000}, {300, 100000}};

static int parse(const char *path)
{
    g_autofree char *text = NULL;
    gsize length;

    if (!g_file_get_contents(path, &text, &length, NULL))
        return EXIT_FAILURE;
    return cJSON_ParseWithLength(text, length) ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The product of four factors: many short, few long; milliseconds. */
static int draw_ms(GRand *rand)
{
    int64_t product = 100;

    for (int factor = 0; factor < 4; factor++)
        product = product * g_rand_int_range(rand, 10, 300) / 100;
    return (int)product;
}

/* As pytest-split writes it: one line a testcase, sorted. */
static bool write_durations(const char *path, size_t n, int name_bytes)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    FILE *file = fopen(path, "w");

    if (!file)
        return false;
    for (size_t i = 0; i < n; i++) {
        const int ms = draw_ms(rand);
        char name[512];
        int length = g_snprintf(name, sizeof name,
                                "tests/unit/package_%03zu/test_module_%03zu.py::TestSubject%02zu::",
                                i / 10000, i / 100 % 100, i / 10 % 10);

        while (length < name_bytes - 6)
            length += g_snprintf(name + length, sizeof name - (size_t)length, "%s",
                                 length + 24 < name_bytes ? "test_some_behaviour_" : "x");
        fprintf(file, "%s\n    \"%s%06zu\": %d.%03d", i ? "," : "{", name, i, ms / 1000, ms % 1000);
    }
    fputs("\n}\n", file);
    return fclose(file) == 0;
}

G_NORETURN static void become(char **argv, bool large_pages)
{
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    g_setenv("GLIBC_TUNABLES", large_pages ? "glibc.malloc.hugetlb=1" : "", TRUE);
    execv(argv[0], argv);
    _exit(127);
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static bool measure(char **argv, bool large_pages, int round, Cost *cost)
{
    const int64_t start = g_get_monotonic_time();
    const pid_t child = fork();
    struct rusage usage;
    int status;

    if (child == 0)
        become(argv, large_pages);
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
        return false;
    cost->wall_s[round] = (double)(g_get_monotonic_time() - start) / 1e6;
    cost->cpu_s[round] = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    cost->peak_mb[round] = (double)usage.ru_maxrss / 1024;
    return true;
}

static bool measure_command(const Command *command, const char *self, const char *tpsched,
                            const char *dir, int round, Cost *cost)
{
    g_autofree char *data = g_build_filename(dir, "data.json", NULL);
    g_autofree char *plan = g_build_filename(dir, "plan.json", NULL);
    const char *argv[MAX_ARGS + 2] = {command->args[0][0] == '-' ? self : tpsched};

    for (int i = 0; command->args[i]; i++) {
        const char *arg = command->args[i];

        argv[i + 1] = strcmp(arg, "FILE") == 0 ? data : strcmp(arg, "PLAN") == 0 ? plan : arg;
    }
    return measure((char **)argv, command->large_pages, round, cost);
}

static int compare(const void *a, const void *b)
{
    const double one = *(const double *)a, two = *(const double *)b;

    return (one > two) - (one < two);
}

static double median(double *value)
{
    qsort(value, ROUNDS, sizeof *value, compare);
    return value[ROUNDS / 2];
}

static void settle(Cost *cost)
{
    cost->wall_s[0] = median(cost->wall_s);
    cost->cpu_s[0] = median(cost->cpu_s);
    cost->peak_mb[0] = median(cost->peak_mb);
}

static void print_rows(size_t n, int name_bytes, const Cost *cost)
{
    for (size_t c = 0; c < G_N_ELEMENTS(commands); c++)
        printf("%9zu %5d  %-20s %8.3f %8.3f %8.1f %7.2f %7.2f %7.2f\n", n, name_bytes,
               commands[c].name, cost[c].wall_s[0], cost[c].cpu_s[0], cost[c].peak_mb[0],
               cost[c].wall_s[0] / cost[0].wall_s[0], cost[c].cpu_s[0] / cost[0].cpu_s[0],
               cost[c].peak_mb[0] / cost[0].peak_mb[0]);
    fflush(stdout);
}

static bool bench(const char *self, const char *tpsched, const char *dir, size_t n, int name_bytes)
{
    g_autofree char *data = g_build_filename(dir, "data.json", NULL);
    Cost cost[G_N_ELEMENTS(commands)] = {0};

    if (!write_durations(data, n, name_bytes))
        return false;
    for (int round = 0; round < ROUNDS; round++)
        for (size_t c = 0; c < G_N_ELEMENTS(commands); c++)
            if (!measure_command(&commands[c], self, tpsched, dir, round, &cost[c])) {
                fprintf(stderr, "cost: '%s' failed\n", commands[c].name);
                return false;
            }
    for (size_t c = 0; c < G_N_ELEMENTS(commands); c++)
        settle(&cost[c]);
    print_rows(n, name_bytes, cost);
    return true;
}

static bool bench_all(const char *self, const char *tpsched, const char *dir, size_t n_max)
{
    printf("%9s %5s  %-20s %8s %8s %8s %7s %7s %7s\n", "testcases", "bytes", "", "wall s", "cpu s",
           "peak MB", "x wall", "x cpu", "x peak");
    for (size_t s = 0; s < G_N_ELEMENTS(shapes); s++)
        if (shapes[s].n <= n_max && !bench(self, tpsched, dir, shapes[s].n, shapes[s].name_bytes))
            return false;
    return true;
}

static void remove_all(const char *dir)
{
    const char *const names[] = {"data.json", "plan.json"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);

        g_unlink(path);
    }
    g_rmdir(dir);
}

int main(int argc, char **argv)
{
    g_autofree char *dir = NULL;
    size_t n_max = 1000000;
    bool done;

    if (argc == 3 && strcmp(argv[1], "--parse") == 0)
        return parse(argv[2]);
    if (argc < 2 || argc > 3) {
        fputs("usage: cost TPSCHED [LARGEST]\n", stderr);
        return EXIT_FAILURE;
    }
    if (argc == 3)
        n_max = (size_t)g_ascii_strtoull(argv[2], NULL, 10);
    dir = g_dir_make_tmp("cost-XXXXXX", NULL);
    if (!dir)
        return EXIT_FAILURE;
    done = bench_all("/proc/self/exe", argv[1], dir, n_max);
    remove_all(dir);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
