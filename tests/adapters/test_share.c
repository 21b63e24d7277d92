/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/room_internal.h"
#include "adapters/frameworks/share_internal.h"
#include "core/error.h"
#include "tests/adapters/definitions.h"
#include "tests/unit.h"

#define ROUNDS 400
#define PLENTY ((size_t)1 << 40)

#define RUN(more) "summary: s\nreport: {reader: journal}\nrun: {command: [x, '{id}'], " more "}\n"

/* What the processes were told: "[text text] [text]", a text with the ids it stands for. */
static bool note(const TpsBatchOfShares *batch, void *user, GError **error)
{
    GString *told = user;

    (void)error;
    g_string_append(told, told->len > 0 ? " [" : "[");
    for (guint i = 0; i < batch->n; i++) {
        const TpsShare *share = &batch->shares[i];

        g_string_append_printf(told, "%s%s=", i > 0 ? " " : "", share->text);
        for (guint j = 0; j < share->testcases->len; j++)
            g_string_append_printf(told, "%s%s", j > 0 ? "," : "",
                                   ((TpsTestcase *)g_ptr_array_index(share->testcases, j))->id);
    }
    g_string_append(told, "]");
    return true;
}

static const char *const listing[] = {"a f1 c1 w1", "b f1 c2 w1", "c f2 c1 w2", "d - - -",
                                      "e f1 c1 w1"};

static GPtrArray *make_listing(void)
{
    GPtrArray *testcases = tps_testcases_new();

    for (size_t i = 0; i < G_N_ELEMENTS(listing); i++)
        g_ptr_array_add(testcases, made_testcase(listing[i]));
    return testcases;
}

#define INPUT "select: {into: input, each: '{file|none}'"

static const struct {
    const char *run;
    bool all;
    const char *told;
} deals[] = {
    {"processes: one", false, "[=a,b,c,d,e]"},
    {"processes: class", false, "[=a,c,e] [=b] [=d]"},
    {"processes: file", false, "[=a,b,e] [=c] [=d]"},
    {"processes: where", false, "[=a,b,e] [=c] [=d]"},
    {"processes: testcase", false, "[=a] [=b] [=c] [=d] [=e]"},
    {"processes: testcase, all_in_one: true", true, "[=a,b,c,d,e]"},
    {"processes: testcase, all_in_one: true", false, "[=a] [=b] [=c] [=d] [=e]"},
    {"select: {into: input}", false, "[a=a b=b c=c d=d e=e]"},
    {"select: {into: input}", true, "[=a,b,c,d,e]"},
    {"select: {into: input, always: true}", true, "[a=a b=b c=c d=d e=e]"},
    {INPUT "}", false, "[f1=a,b,e f2=c none=d]"},
    {INPUT ", most: 1}", false, "[f1=a,b,e] [f2=c] [none=d]"},
    {INPUT ", most: 4}", false, "[f1=a,b,e f2=c] [none=d]"},
    {INPUT "}, processes: class", false, "[f1=a,e f2=c] [f1=b] [none=d]"},
    {"select: {into: input, most: 2}", false, "[a=a b=b] [c=c d=d] [e=e]"},
    {"select: {into: input, most: 2}", true, "[=a,b,c,d,e]"},
};

START_TEST(deals_as_defined)
{
    g_autofree char *text = g_strdup_printf(RUN("%s"), deals[_i].run);
    g_autoptr(TpsFramework) framework = made_framework(text);
    g_autoptr(GPtrArray) testcases = make_listing();
    g_autoptr(GString) told = g_string_new(NULL);

    ck_assert(tps_shares_deal(framework, testcases, deals[_i].all, PLENTY, note, told, NULL));
    ck_assert_str_eq(told->str, deals[_i].told);
}
END_TEST

static const struct {
    const char *select;
    const char *id;
    const char *told; /* NULL = it can't be said */
} spellings[] = {
    {"escape: '\",[*'", "a\"b,[*]\\", "a\\\"b\\,\\[\\*]\\"},
    {"escape: xml", "<a&b>\"'\n", "&lt;a&amp;b&gt;&quot;'&#10;"},
    {"escape: xml", "a\x01", NULL},
    {"escape: xml", "a\xFF", NULL},
    {"escape: percent", "a b/%\n\xFF\xC3\xA4", "a%20b%2F%25%0A%FF%C3%A4"},
    {"escape: '*', each: '*{id}*'", "*", "*\\**"}, /* what stands around it stays what it is */
    {"refuse: \":\\n\"", "a:b", NULL},
    {"refuse: \":\\n\"", "a\nb", NULL},
    {"refuse: \":\\n\", each: ':{id}:'", "ab", ":ab:"},
    {"each: '{file}'", "a", NULL}, /* it has none: an empty text might select everything */
    {"each: '{line}'", "a", NULL},
    {"each: '{id}'", "$(touch x)`", "$(touch x)`"},
};

START_TEST(spells_names)
{
    g_autofree char *text = g_strdup_printf(RUN("select: {into: input, %s}"), spellings[_i].select);
    g_autoptr(TpsFramework) framework = made_framework(text);
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    g_autofree char *told = g_strdup_printf("[%s=%s]", spellings[_i].told, spellings[_i].id);
    g_autoptr(GString) batches = g_string_new(NULL);
    GError *error = NULL;

    g_ptr_array_add(testcases, tps_testcase_new(spellings[_i].id));
    if (tps_shares_deal(framework, testcases, false, PLENTY, note, batches, &error))
        ck_assert_str_eq(batches->str, told);
    else
        assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "can't be selected: ");
    ck_assert((batches->len > 0) == (spellings[_i].told != NULL));
}
END_TEST

static bool refuse(const TpsBatchOfShares *batch, void *user, GError **error)
{
    (void)batch;
    ++*(int *)user;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "the disk is full");
    return false;
}

START_TEST(ends_with_the_first_error)
{
    g_autoptr(TpsFramework) framework = made_framework(RUN("processes: testcase"));
    g_autoptr(GPtrArray) testcases = make_listing();
    GError *error = NULL;
    int calls = 0;

    ck_assert(!tps_shares_deal(framework, testcases, false, PLENTY, refuse, &calls, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "the disk is full");
    ck_assert_int_eq(calls, 1);
}
END_TEST

/* A name of so many bytes. */
static TpsTestcase *long_testcase(size_t length)
{
    g_autofree char *id = g_strnfill(length, 'x');

    return tps_testcase_new(id);
}

static const struct {
    const char *into;
    size_t length;
    bool fits;
} lengths[] = {
    {"arguments, arguments: '{selection}'", TPS_STRING_MAX_BYTES - 1, true},
    {"arguments, arguments: '{selection}'", TPS_STRING_MAX_BYTES, false},
    {"argument, arguments: '-t={selection}'", TPS_STRING_MAX_BYTES - 16384, true},
    {"argument, arguments: '-t={selection}'", TPS_STRING_MAX_BYTES - 1, false},
    {"environment, name: T", TPS_STRING_MAX_BYTES - 16384, true},
    {"environment, name: T", TPS_STRING_MAX_BYTES - 1, false},
    {"input", TPS_STRING_MAX_BYTES * 4, true},
};

START_TEST(says_when_a_name_is_too_long)
{
    g_autofree char *text = g_strdup_printf(RUN("select: {into: %s}"), lengths[_i].into);
    g_autoptr(TpsFramework) framework = made_framework(text);
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    g_autoptr(GString) told = g_string_new(NULL);
    GError *error = NULL;

    g_ptr_array_add(testcases, long_testcase(lengths[_i].length));
    if (!tps_shares_deal(framework, testcases, false, PLENTY, note, told, &error))
        assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "longer than an argument may be");
    ck_assert((told->len > 0) == lengths[_i].fits);
}
END_TEST

/* The property: whatever is dealt, every testcase is told once, and nobody is told too much. */

typedef struct {
    const TpsFramework *framework;
    bool whole;
    size_t limit;
    GHashTable *seen;  /* testcases                       */
    GHashTable *texts; /* "key\n text" told to somebody    */
} Dealt;

/* What testcases of one process have in common; by the definition, not by the code. */
static char *common_key(const Dealt *dealt, const TpsTestcase *testcase)
{
    const char *key = NULL;

    if (dealt->whole || dealt->framework->run.processes == TPS_PROCESSES_ONE)
        return g_strdup("one");
    if (dealt->framework->run.processes == TPS_PROCESSES_CLASS)
        key = testcase->group;
    if (dealt->framework->run.processes == TPS_PROCESSES_FILE)
        key = testcase->file;
    if (dealt->framework->run.processes == TPS_PROCESSES_WHERE)
        key = testcase->where;
    return g_strdup(key ? key : testcase->id);
}

static void check_share(const Dealt *dealt, const TpsShare *share, const char *key)
{
    for (guint i = 0; i < share->testcases->len; i++) {
        TpsTestcase *testcase = g_ptr_array_index(share->testcases, i);
        g_autofree char *own = common_key(dealt, testcase);

        ck_assert_str_eq(own, key);
        ck_assert(g_hash_table_add(dealt->seen, testcase));
    }
    ck_assert_uint_gt(share->testcases->len, 0);
    ck_assert(g_hash_table_add(dealt->texts, g_strconcat(key, "\n", share->text, NULL)));
}

static bool check_batch(const TpsBatchOfShares *batch, void *user, GError **error)
{
    const Dealt *dealt = user;
    g_autofree char *key = common_key(dealt, g_ptr_array_index(batch->shares[0].testcases, 0));
    int most = dealt->framework->run.select.most;
    size_t bytes = 0;
    guint n = 0;

    (void)error;
    for (guint i = 0; i < batch->n; i++) {
        check_share(dealt, &batch->shares[i], key);
        bytes += tps_argument_bytes(batch->shares[i].text);
        n += batch->shares[i].testcases->len;
    }
    ck_assert_uint_gt(batch->n, 0);
    ck_assert(batch->n == 1 || bytes <= dealt->limit);
    ck_assert(batch->n == 1 || most == 0 || n <= (guint)most);
    return true;
}

static char *draw_name(GRand *rand, char letter, int n)
{
    return g_rand_int_range(rand, 0, 8) == 0
               ? NULL
               : g_strdup_printf("%c%d", letter, g_rand_int_range(rand, 0, n));
}

static GPtrArray *draw_testcases(GRand *rand)
{
    GPtrArray *testcases = tps_testcases_new();
    int n = g_rand_int_range(rand, 1, 60);

    for (int i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("t%d", i);
        TpsTestcase *testcase = tps_testcase_new(id);

        testcase->file = draw_name(rand, 'f', 5);
        testcase->group = draw_name(rand, 'c', 9);
        testcase->where = draw_name(rand, 'w', 3);
        g_ptr_array_add(testcases, testcase);
    }
    return testcases;
}

static TpsFramework *draw_framework(GRand *rand)
{
    static const char *const processes[] = {"one", "class", "file", "where", "testcase"};
    static const char *const each[] = {"{id}", "{file|none}", "{class|none}", "{file}{id}"};
    g_autofree char *most = g_rand_boolean(rand)
                                ? g_strdup_printf(", most: %d", g_rand_int_range(rand, 1, 9))
                                : g_strdup("");
    g_autofree char *text = g_strdup_printf(
        RUN("processes: %s, all_in_one: %s, select: {into: arguments, arguments: "
            "['{selection}'], always: %s, each: '%s'%s}"),
        processes[g_rand_int_range(rand, 0, 5)], g_rand_boolean(rand) ? "true" : "false",
        g_rand_boolean(rand) ? "true" : "false", each[g_rand_int_range(rand, 0, 4)], most);

    return made_framework(text);
}

START_TEST(tells_every_testcase_once)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20260);

    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(TpsFramework) framework = draw_framework(rand);
        g_autoptr(GPtrArray) testcases = draw_testcases(rand);
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        g_autoptr(GHashTable) texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        bool all = g_rand_boolean(rand);
        Dealt dealt = {framework, all && framework->run.all_in_one,
                       (size_t)g_rand_int_range(rand, 1, 200), seen, texts};

        ck_assert(
            tps_shares_deal(framework, testcases, all, dealt.limit, check_batch, &dealt, NULL));
        ck_assert_uint_eq(g_hash_table_size(seen), testcases->len);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("share");
    TCase *tcase = tcase_create("share");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, deals_as_defined, 0, G_N_ELEMENTS(deals));
    tcase_add_loop_test(tcase, spells_names, 0, G_N_ELEMENTS(spellings));
    tcase_add_test(tcase, ends_with_the_first_error);
    tcase_add_loop_test(tcase, says_when_a_name_is_too_long, 0, G_N_ELEMENTS(lengths));
    tcase_add_test(tcase, tells_every_testcase_once);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
