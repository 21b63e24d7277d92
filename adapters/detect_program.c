/* SPDX-License-Identifier: MIT */
#include "adapters/detect_internal.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM_MAX (200L * 1024 * 1024)

/* A shared library holds what its programs will be recognised by, and is none. */
static bool has_interpreter(const unsigned char *bytes, size_t size)
{
    Elf64_Ehdr head;
    Elf64_Phdr segment;

    memcpy(&head, bytes, sizeof head);
    for (size_t i = 0; i < head.e_phnum; i++) {
        if (head.e_phoff > size || size - head.e_phoff < (i + 1) * sizeof segment)
            return false;
        memcpy(&segment, bytes + head.e_phoff + i * sizeof segment, sizeof segment);
        if (segment.p_type == PT_INTERP)
            return true;
    }
    return false;
}

static bool is_program(const unsigned char *bytes, size_t size)
{
    uint16_t type;

    if (size < sizeof(Elf64_Ehdr) || memcmp(bytes, ELFMAG, SELFMAG) != 0)
        return false;
    memcpy(&type, bytes + offsetof(Elf64_Ehdr, e_type), sizeof type);
    if (type == ET_EXEC)
        return true;
    /* Of another word size it would be read wrongly, and could not be run here. */
    return type == ET_DYN && bytes[EI_CLASS] == ELFCLASS64 && has_interpreter(bytes, size);
}

static bool has_text(const TpsFramework *framework, const unsigned char *bytes, size_t size)
{
    for (guint i = 0; i < framework->traces->len; i++) {
        const TpsTrace *trace = g_ptr_array_index(framework->traces, i);

        if (trace->program && memmem(bytes, size, trace->program, strlen(trace->program)))
            return true;
    }
    return false;
}

static void look(const unsigned char *bytes, size_t size, const GPtrArray *frameworks,
                 GPtrArray *found)
{
    if (!is_program(bytes, size))
        return;
    for (guint i = 0; i < frameworks->len; i++)
        if (has_text(g_ptr_array_index(frameworks, i), bytes, size))
            g_ptr_array_add(found, g_ptr_array_index(frameworks, i));
}

/* Most executables are scripts: they are not worth a mapping. */
static bool begins_as_elf(int file)
{
    char magic[SELFMAG];

    return pread(file, magic, SELFMAG, 0) == SELFMAG && memcmp(magic, ELFMAG, SELFMAG) == 0;
}

void tps_detect_program(const char *path, const GPtrArray *frameworks, GPtrArray *found)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    void *bytes;

    if (file < 0)
        return;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= PROGRAM_MAX &&
        begins_as_elf(file)) {
        size_t size = (size_t)status.st_size;

        bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
        if (bytes != MAP_FAILED) {
            look(bytes, size, frameworks, found);
            munmap(bytes, size);
        }
    }
    close(file);
}
