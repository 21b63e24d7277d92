/* SPDX-License-Identifier: MIT */
#include "scheduler/resources.h"
#include "tests/scheduler/random_needs.h"
#include "tests/unit.h"

#include <string.h>

#define N_WORKERS 4
#define N_ROUNDS 300

/* What runs, what is to start, what wants to stay able to start; as in names[]. */
typedef struct {
    const char *name;
    const char *running;
    const char *starts;
    const char *other; /* NULL = not asked */
    bool fits;
    bool leaves;
} Case;

/* "s2 m30 x gpu1 La": slots, memory, exclusive, a resource of three, a lock; "-": a worker. */
static TpsNeeds *needs_of(const char *text)
{
    TpsNeeds *needs = tps_needs_new();
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_autoptr(GStrvBuilder) locks = g_strv_builder_new();

    for (char **word = words; *word; word++) {
        if (g_str_has_prefix(*word, "gpu"))
            tps_resources_add(needs->resources, "gpu", atoi(*word + 3));
        else if (**word == 's')
            needs->slots = atoi(*word + 1);
        else if (**word == 'm')
            needs->memory_bytes = atoi(*word + 1);
        else if (**word == 'x')
            needs->exclusive = true;
        else if (**word == 'L')
            g_strv_builder_add(locks, *word);
    }
    tps_needs_set_locks(needs, g_strv_builder_end(locks));
    return needs;
}

static const Case cases[] = {
    {"nothing beside nothing", "", "-", "-", true, true},
    {"the last worker", "-;-;-", "-", "-", true, false},
    {"no worker", "-;-;-;-", "-", "-", false, false},
    {"two of four", "s2", "s2", "-", true, false},
    {"three of two", "s2", "s3", "-", false, false},
    {"more than all is all", "", "s9", "-", true, false},
    {"more than all beside one", "-", "s9", NULL, false, false},
    {"one beside more than all", "s9", "-", NULL, false, false},
    {"more than all is left for", "", "-", "s9", true, false},
    {"a lock that is free", "La", "Lb", "La", true, true},
    {"a lock that is taken", "La", "La", NULL, false, false},
    {"a lock that is wanted, too", "", "La", "La", true, false},
    {"a device beside two", "gpu2", "gpu1", "gpu1", true, false},
    {"two devices beside two", "gpu2", "gpu2", NULL, false, false},
    {"what it does not touch", "gpu3", "La", "gpu3", true, true},
    {"memory to the last byte", "m60", "m40", NULL, true, false},
    {"a byte more", "m60", "m41", NULL, false, false},
    {"memory is left", "m20", "m40", "m40", true, true},
    {"memory is not left", "m20", "m40", "m41", true, false},
    {"no memory beside much", "m100", "-", "m100", true, true},
    {"more memory than there is, alone", "", "m101", "-", true, false},
    {"more memory than there is, not alone", "-", "m101", NULL, false, false},
    {"beside more memory than there is", "m101", "-", NULL, false, false},
    {"exclusive, alone", "", "x", "-", true, false},
    {"exclusive, not alone", "-", "x", NULL, false, false},
    {"beside an exclusive one", "x", "-", NULL, false, false},
    {"nothing is left for exclusive", "", "-", "x", true, false},
};

static GArray *three_gpus(void)
{
    GArray *resources = tps_resources_new();

    tps_resources_add(resources, "gpu", 3);
    return resources;
}

static const TpsClaim *claim_of(TpsStock *stock, const char *text)
{
    g_autoptr(TpsNeeds) needs = needs_of(text);

    return tps_stock_claim(stock, needs);
}

START_TEST(what_fits_fits)
{
    const Case *c = &cases[_i];
    g_autoptr(GArray) resources = three_gpus();
    g_autoptr(TpsStock) stock = tps_stock_new(resources, 100);
    g_auto(GStrv) running = g_strsplit(c->running, ";", -1);
    const TpsClaim *starts = claim_of(stock, c->starts);
    const TpsClaim *other = claim_of(stock, c->other ? c->other : "-");
    const TpsClaim *claims[N_WORKERS] = {NULL};
    guint n = g_strv_length(running);
    g_auto(TpsUse) use = {0};

    for (guint i = 0; i < n; i++)
        claims[i] = claim_of(stock, running[i]);
    use = tps_use_new(stock, N_WORKERS);
    for (guint i = 0; i < n && *c->running; i++) {
        ck_assert_msg(tps_use_fits(&use, claims[i]), "%s: %u", c->name, i);
        tps_use_take(&use, claims[i]);
    }
    ck_assert_msg(tps_use_fits(&use, starts) == c->fits, "%s", c->name);
    if (c->other)
        ck_assert_msg(tps_use_leaves(&use, starts, other) == c->leaves, "%s", c->name);
    for (guint i = 0; i < n && *c->running; i++)
        tps_use_give(&use, claims[i]);
    ck_assert_int_eq(tps_use_idle(&use), N_WORKERS);
    ck_assert(tps_use_fits(&use, starts));
}
END_TEST

START_TEST(without_a_limit_memory_is_no_matter)
{
    g_autoptr(GArray) resources = three_gpus();
    g_autoptr(TpsStock) stock = tps_stock_new(resources, 0);
    const TpsClaim *claim = claim_of(stock, "m100000");
    g_auto(TpsUse) use = tps_use_new(stock, 2);

    ck_assert(!claim->exclusive);
    tps_use_take(&use, claim);
    ck_assert(tps_use_fits(&use, claim));
}
END_TEST

/* A pool that grows gives back what was taken while it was smaller. */
START_TEST(a_pool_may_grow_meanwhile)
{
    g_autoptr(GArray) resources = three_gpus();
    g_autoptr(TpsStock) stock = tps_stock_new(resources, 0);
    const TpsClaim *wide = claim_of(stock, "s3");
    g_auto(TpsUse) use = tps_use_new(stock, 2);

    tps_use_take(&use, wide);
    ck_assert_int_eq(tps_use_idle(&use), 0);
    use.n_workers = 4;
    ck_assert_int_eq(tps_use_idle(&use), 1);
    ck_assert(tps_use_fits(&use, NULL) && !tps_use_fits(&use, wide));
    tps_use_give(&use, wide);
    ck_assert_int_eq(tps_use_idle(&use), 4);
}
END_TEST

START_TEST(devices_are_the_lowest_that_are_free)
{
    g_autoptr(GArray) resources = three_gpus();
    g_autoptr(TpsStock) stock = NULL;
    g_autoptr(TpsDevices) devices = NULL;
    const TpsClaim *one, *two;
    g_autofree int *first = NULL, *second = NULL, *third = NULL;
    g_auto(GStrv) env = NULL;

    tps_resources_add(resources, "x", 2);
    stock = tps_stock_new(resources, 0);
    one = claim_of(stock, "gpu1 La");
    two = claim_of(stock, "gpu2");
    devices = tps_devices_new(stock);
    first = tps_devices_take(devices, one);
    second = tps_devices_take(devices, one);
    tps_devices_give(devices, one, first);
    third = tps_devices_take(devices, two);
    ck_assert_int_eq(first[0], 0);
    ck_assert_int_eq(second[0], 1);
    env = tps_devices_environment(stock, two, third);
    ck_assert_uint_eq(g_strv_length(env), 1);
    ck_assert_str_eq(env[0], "TPSCHED_GPU=0,2");
}
END_TEST

/* Whoever runs at the same time has devices of its own, and only those that there are. */
static void assert_own_devices(const Needy *needy, const bool *runs, int *const *ids)
{
    static const int capacity[] = {3, 2};
    bool taken[2][3] = {{false}};

    for (size_t i = 0; i < needy->n; i++) {
        const TpsClaim *claim = needy->loads[i].claim;
        const int *id = ids[i];

        for (size_t d = 0; runs[i] && claim && d < claim->n_demands; d++) {
            const TpsDemand *demand = &claim->demands[d];

            for (int j = 0; demand->resource < 2 && j < demand->count; j++, id++) {
                ck_assert_int_lt(*id, capacity[demand->resource]);
                ck_assert(!taken[demand->resource][*id]);
                taken[demand->resource][*id] = true;
            }
        }
    }
}

START_TEST(no_device_is_given_twice)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(77);

    for (int round = 0; round < N_ROUNDS; round++) {
        g_auto(Needy) needy = {0};
        g_autoptr(TpsDevices) devices = NULL;
        g_auto(TpsUse) use = {0};
        bool runs[NEEDY_MAX] = {false};
        int *ids[NEEDY_MAX] = {NULL};

        needy_init(&needy, rand, NEEDY_MAX);
        devices = tps_devices_new(needy.stock);
        use = tps_use_new(needy.stock, 8);
        for (int step = 0; step < 400; step++) {
            const int i = g_rand_int_range(rand, 0, NEEDY_MAX);
            const TpsClaim *claim = needy.loads[i].claim;

            if (runs[i]) {
                tps_devices_give(devices, claim, ids[i]);
                tps_use_give(&use, claim);
                g_clear_pointer(&ids[i], g_free);
                runs[i] = false;
            } else if (tps_use_fits(&use, claim)) {
                tps_use_take(&use, claim);
                ids[i] = tps_devices_take(devices, claim);
                runs[i] = true;
            }
            assert_own_devices(&needy, runs, ids);
        }
        for (size_t i = 0; i < NEEDY_MAX; i++)
            g_free(ids[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resources");
    TCase *tcase = tcase_create("resources");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, what_fits_fits, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, without_a_limit_memory_is_no_matter);
    tcase_add_test(tcase, a_pool_may_grow_meanwhile);
    tcase_add_test(tcase, devices_are_the_lowest_that_are_free);
    tcase_add_test(tcase, no_device_is_given_twice);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
