/* SPDX-License-Identifier: MIT */
#include "adapters/machine.h"
#include "tests/scratch.h"
#include "tests/unit.h"

/* What a container's kernel says, in a directory of ours. */

#define MIB (INT64_C(1) << 20)
#define MEMINFO "MemTotal:  65536000 kB\nMemFree: 1 kB\nMemAvailable:   1048576 kB\nBuffers: 7 kB\n"
#define CGROUP "/sys/fs/cgroup"
#define N_FILES 5

typedef struct {
    const char *name;
    const char *files[N_FILES][2]; /* path, text */
    int64_t cpu_ppm;               /* 0 = all there are */
    int64_t memory_bytes;
} Case;

static const Case cases[] = {
    {"nothing to be read", {{NULL}}, 0, 0},
    {"no container", {{"/proc/meminfo", MEMINFO}}, 0, 1024 * MIB},
    {"a kernel without MemAvailable", {{"/proc/meminfo", "MemTotal: 5 kB\nMemFree: 1 kB\n"}}, 0, 0},

    {"v2: half a processor", {{CGROUP "/cpu.max", "50000 100000\n"}}, 500000, 0},
    {"v2: no quota", {{CGROUP "/cpu.max", "max 100000\n"}}, 0, 0},
    {"v2: more than there are", {{CGROUP "/cpu.max", "900000000 100000\n"}}, 0, 0},
    {"v2: the largest quota there is", {{CGROUP "/cpu.max", "17592186044415 1000\n"}}, 0, 0},
    {"v2: a hundredth", {{CGROUP "/cpu.max", "1000 100000"}}, 10000, 0},
    {"v2: rubbish", {{CGROUP "/cpu.max", "\n"}}, 0, 0},
    {"v2: empty", {{CGROUP "/cpu.max", ""}}, 0, 0},
    {"v2: one number", {{CGROUP "/cpu.max", "50000"}}, 0, 0},
    {"v2: a period of none", {{CGROUP "/cpu.max", "50000 0"}}, 0, 0},
    {"v2: negative", {{CGROUP "/cpu.max", "-1 100000"}}, 0, 0},
    {"v1: half a processor",
     {{CGROUP "/cpu/cpu.cfs_quota_us", "50000\n"}, {CGROUP "/cpu/cpu.cfs_period_us", "100000\n"}},
     500000,
     0},
    {"v1: no quota",
     {{CGROUP "/cpu/cpu.cfs_quota_us", "-1\n"}, {CGROUP "/cpu/cpu.cfs_period_us", "100000\n"}},
     0,
     0},
    {"v1: no period", {{CGROUP "/cpu/cpu.cfs_quota_us", "50000\n"}}, 0, 0},
    {"v1: the largest quota there is",
     {{CGROUP "/cpu/cpu.cfs_quota_us", "17592186044415\n"},
      {CGROUP "/cpu/cpu.cfs_period_us", "1000\n"}},
     0,
     0},

    {"v2: memory",
     {{"/proc/meminfo", MEMINFO},
      {CGROUP "/memory.max", "536870912\n"},
      {CGROUP "/memory.current", "104857600\n"}},
     0,
     412 * MIB},
    {"v2: no limit of memory",
     {{"/proc/meminfo", MEMINFO},
      {CGROUP "/memory.max", "max\n"},
      {CGROUP "/memory.current", "104857600\n"}},
     0,
     1024 * MIB},
    {"v2: a limit above what is free",
     {{"/proc/meminfo", MEMINFO}, {CGROUP "/memory.max", "53687091200\n"}},
     0,
     1024 * MIB},
    {"v2: the cache of files can be had",
     {{"/proc/meminfo", MEMINFO},
      {CGROUP "/memory.max", "536870912\n"},
      {CGROUP "/memory.current", "525336576\n"},
      {CGROUP "/memory.stat", "anon 1000\nfile 9\nactive_file 5\ninactive_file 419430400\n"}},
     0,
     411 * MIB},
    {"v2: a cache larger than all",
     {{CGROUP "/memory.max", "536870912\n"},
      {CGROUP "/memory.current", "4096\n"},
      {CGROUP "/memory.stat", "inactive_file 419430400\n"}},
     0,
     512 * MIB},
    {"v2: all is used, which is not the same as not known",
     {{"/proc/meminfo", MEMINFO},
      {CGROUP "/memory.max", "536870912\n"},
      {CGROUP "/memory.current", "536870912\n"}},
     0,
     1},
    {"v1: memory",
     {{"/proc/meminfo", MEMINFO},
      {CGROUP "/memory/memory.limit_in_bytes", "536870912\n"},
      {CGROUP "/memory/memory.usage_in_bytes", "525336576\n"},
      {CGROUP "/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 419430400\n"}},
     0,
     411 * MIB},
    {"v1: no limit of memory",
     {{"/proc/meminfo", MEMINFO},
      {CGROUP "/memory/memory.limit_in_bytes", "9223372036854771712\n"},
      {CGROUP "/memory/memory.usage_in_bytes", "104857600\n"}},
     0,
     1024 * MIB},
    {"all is used up", {{"/proc/meminfo", "MemAvailable: 0 kB\n"}}, 0, 1},
};

static void put(const char *path, const char *text)
{
    g_autofree char *whole = scratch_path(path);
    g_autofree char *directory = g_path_get_dirname(whole);

    ck_assert_int_eq(g_mkdir_with_parents(directory, 0700), 0);
    ck_assert(g_file_set_contents(whole, text, -1, NULL));
}

START_TEST(asks_the_kernel)
{
    const Case *c = &cases[_i];
    TpsMachine machine;

    for (size_t i = 0; i < N_FILES && c->files[i][0]; i++)
        put(c->files[i][0], c->files[i][1]);
    machine = tps_machine_here(scratch_dir);
    ck_assert_msg(machine.cpu_ppm ==
                      (c->cpu_ppm ? c->cpu_ppm : (int64_t)g_get_num_processors() * 1000000),
                  "%s: %" G_GINT64_FORMAT " ppm", c->name, machine.cpu_ppm);
    ck_assert_msg(machine.memory_bytes == c->memory_bytes, "%s: %" G_GINT64_FORMAT " bytes",
                  c->name, machine.memory_bytes);
}
END_TEST

START_TEST(knows_this_machine)
{
    TpsMachine machine = tps_machine_here("");

    ck_assert(machine.cpu_ppm > 0);
    ck_assert(machine.memory_bytes > 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("machine");
    TCase *tcase = tcase_create("machine");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, asks_the_kernel, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, knows_this_machine);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
