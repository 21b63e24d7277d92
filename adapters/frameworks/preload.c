/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/support_internal.h"
#include "core/error.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file that execvp() would find from the suite's directory. Caller frees; may not exist. */
static char *find_program(const TpsSuite *suite, const char *program)
{
    g_autofree char *cwd = g_canonicalize_filename(suite->cwd, NULL);
    const char *path = tps_suite_getenv(suite, "PATH");
    g_auto(GStrv) dirs = NULL;

    if (strchr(program, '/'))
        return g_canonicalize_filename(program, cwd);
    dirs = g_strsplit(path ? path : "/bin:/usr/bin", ":", -1);
    for (char **dir = dirs; *dir; dir++) {
        g_autofree char *base = g_canonicalize_filename(**dir ? *dir : ".", cwd);
        char *file = g_build_filename(base, program, NULL);

        if (g_file_test(file, G_FILE_TEST_IS_EXECUTABLE))
            return file;
        g_free(file);
    }
    return g_strdup(program);
}

static bool read_header(int fd, ElfW(Ehdr) * header)
{
    return pread(fd, header, sizeof *header, 0) == (ssize_t)sizeof *header &&
           memcmp(header->e_ident, ELFMAG, SELFMAG) == 0;
}

/* Built for what we run on: another loader would ignore our library, and run the program. */
static bool is_native(const ElfW(Ehdr) * header)
{
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    ElfW(Ehdr) own;
    bool native = fd >= 0 && read_header(fd, &own) && own.e_machine == header->e_machine &&
                  own.e_ident[EI_CLASS] == header->e_ident[EI_CLASS];

    if (fd >= 0)
        close(fd);
    return native;
}

/* A dynamic loader is asked for, so that somebody reads LD_PRELOAD. */
static bool has_interpreter(int fd, const ElfW(Ehdr) * header)
{
    for (unsigned i = 0; i < header->e_phnum; i++) {
        ElfW(Phdr) segment;
        off_t offset = (off_t)(header->e_phoff + (size_t)i * sizeof segment);

        if (pread(fd, &segment, sizeof segment, offset) != (ssize_t)sizeof segment)
            return false;
        if (segment.p_type == PT_INTERP)
            return true;
    }
    return false;
}

static const char *problem_of(int fd)
{
    ElfW(Ehdr) header;
    struct stat status;

    if (!read_header(fd, &header))
        return "it is a script; 'path' or 'command' must name the test program itself";
    if (fstat(fd, &status) != 0 || (status.st_mode & (S_ISUID | S_ISGID)))
        return "it is a setuid program";
    if (!is_native(&header))
        return "it is built for another processor";
    if (!has_interpreter(fd, &header))
        return "it is statically linked";
    return NULL;
}

/* Why a library can't be preloaded into the program; NULL when it can. Static text. */
static const char *preload_problem(const TpsSuite *suite, const char *program)
{
    g_autofree char *path = find_program(suite, program);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const char *problem;

    if (fd < 0)
        return "it can't be read";
    problem = problem_of(fd);
    close(fd);
    return problem;
}

static bool fail(GError **error, const char *what, const char *problem)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "nothing can be preloaded into '%s': %s",
                what, problem);
    return false;
}

bool tps_preload_add(const TpsSuite *suite, TpsInvocation *invocation, const char *library,
                     GError **error)
{
    const char *program = g_ptr_array_index(invocation->argv, 0);
    const char *problem = preload_problem(suite, program);
    const char *old = tps_suite_getenv(suite, "LD_PRELOAD");
    const char *asan = tps_suite_getenv(suite, "ASAN_OPTIONS");
    g_autofree char *preload = g_strjoin(old && *old ? ":" : "", library, old, NULL);
    /* Else a program built with a shared AddressSanitizer refuses to start behind our library. */
    g_autofree char *options =
        g_strconcat(asan ? asan : "", asan && *asan ? ":" : "", "verify_asan_link_order=0", NULL);

    if (problem)
        return fail(error, program, problem);
    if (strpbrk(library, ": "))
        return fail(error, library, "it has a blank or a colon and can't be in LD_PRELOAD");
    tps_invocation_add_env(invocation, "LD_PRELOAD", preload);
    tps_invocation_add_env(invocation, "ASAN_OPTIONS", options);
    return true;
}
