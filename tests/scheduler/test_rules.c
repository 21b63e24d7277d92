/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "tests/scheduler/project.h"
#include "tests/unit.h"

/* Suite "A". Every testcase takes as many seconds as the data says. */
typedef struct {
    const char *name;
    const char *times; /* "NAME:SECONDS ..." */
    int parts;         /* 0 = auto */
    int64_t limit_s;
    TpsUnit unit;
    const char *group;
    const char *apart;
    const char *pins;
    bool keep_order;
    const char *answer; /* parts as "a b|c", or with "!" a part of the error */
} Case;

#define TESTCASE TPS_UNIT_TESTCASE

static const Case cases[] = {
    {"no rules", "a:3 b:2 c:1", 2, 99, TESTCASE, NULL, NULL, NULL, false, "a|b c"},

    {"a group", "a:3 b:2 c:1", 2, 99, TESTCASE, "[ab]", NULL, NULL, false, "a b|c"},
    {"two groups are two", "a1:9 b1:1 a2:1 b2:9", 2, 99, TESTCASE, "a b", NULL, NULL, false,
     "a1 a2|b1 b2"},
    {"what two groups share joins them", "a:1 ab:1 b:1 c:1", 2, 99, TESTCASE, "a b", NULL, NULL,
     false, "a ab b|c"},
    {"what the parentheses hold", "a1:5 b1:1 a2:5 b2:1", 2, 99, TESTCASE, "(\\d)$", NULL, NULL,
     false, "a1 b1|a2 b2"},
    {"two parentheses", "ab:5 ac:4 bb:3 ab2:2", 3, 99, TESTCASE, "^(.)(.)", NULL, NULL, false,
     "ab ab2|ac|bb"},
    {"with the files they are of", "f::a:1 f::b:1 g::a:1 g::c:1 h::d:4", 2, 99, TPS_UNIT_FILE,
     "::a$", NULL, NULL, false, "f::a f::b g::a g::c|h::d"},
    {"classes", "f::C::a:1 f::D::a:1 f::C::b:1", 2, 99, TPS_UNIT_CLASS, NULL, NULL, NULL, false,
     "f::C::a f::C::b|f::D::a"},
    {"a group that nothing matches", "a:3 b:2 c:1", 2, 99, TESTCASE, "zzz", NULL, NULL, false,
     "a|b c"},
    {"a group of all", "a:3 b:2 c:1", 2, 99, TESTCASE, ".", NULL, NULL, false, "a b c"},

    {"apart", "a1:1 a2:1 b:8", 2, 99, TESTCASE, NULL, "a", NULL, false, "a1 b|a2"},
    {"more apart than parts", "a1:1 a2:1 a3:1", 2, 99, TESTCASE, NULL, "a", NULL, false,
     "!suite 'A': 3 units match 'keep_apart' a, and there are 2 parts"},
    {"apart needs more parts than the limit", "a1:1 a2:1 a3:1", 0, 99, TESTCASE, NULL, "a", NULL,
     false, "a1|a2|a3"},
    {"one unit is not apart from itself", "f::a1:1 f::a2:1 g::b:1", 2, 99, TPS_UNIT_FILE, NULL, "a",
     NULL, false, "f::a1 f::a2|g::b"},
    {"three that no two parts hold", "a:1 ab:1 b:1 bc:1 c:1 ca:1", 2, 99, TESTCASE, NULL,
     "ab|bc|ca", NULL, false, "!suite 'A': 3 units match 'keep_apart' ab|bc|ca"},
    {"pairs that no two parts hold", "ab:1 bc:1 ca:1", 2, 99, TESTCASE, NULL, "a b c", NULL, false,
     "!suite 'A': no part of 2 is left for"},

    {"a pin", "a:1 b:2 c:3", 2, 99, TESTCASE, NULL, NULL, "a=1", false, "c|a b"},
    {"all pinned", "a:1 b:2 c:3", 3, 99, TESTCASE, NULL, NULL, "a=2 b=0 c=1", false, "b|c|a"},
    {"pinned beyond the parts", "a:1 b:2", 2, 99, TESTCASE, NULL, NULL, "a=2", false,
     "!suite 'A': 'a' is pinned to part 2, and there are 2 parts, from 0"},
    {"a unit pinned twice", "f::a:1 f::b:2 g::c:1", 2, 99, TPS_UNIT_FILE, NULL, NULL, "a=0 b=1",
     false, "!suite 'A': the unit of 'f::b' is pinned to part 0 and to part 1"},
    {"twice to the same part", "a:1 b:2", 2, 99, TESTCASE, NULL, NULL, "a=1 .*a=1", false, "b|a"},
    {"pinned together and apart", "a:1 b:2 c:2", 2, 99, TESTCASE, NULL, "a|b", "a=1 b=1", false,
     "!suite 'A': 'a' and 'b' are pinned to one part and must be kept apart"},
    {"pinned to the last of automatic parts", "a:1 b:1 c:1", 0, 99, TESTCASE, NULL, NULL, "c=1",
     false, "a b|c"},
    {"a pin that nothing matches", "a:1 b:2", 2, 99, TESTCASE, NULL, NULL, "zzz=1", false, "b|a"},
    {"pinned together beyond the limit, the others within it", "a:9 b:9 c:5 d:5 e:5 f:5", 0, 10,
     TESTCASE, NULL, NULL, "[ab]=0", false, "a b|c e|d f"},
    {"a unit beyond the limit, the others within it", "a:30 b:9 c:9 d:9", 0, 20, TESTCASE, NULL,
     "[bc]", NULL, false, "b d|c|a"},
    {"all in one of two", "a:1 b:2", 2, 99, TESTCASE, NULL, NULL, ".=1", false,
     "!suite 'A': 'pin' leaves nothing for part 0 of 2"},
    {"all in the last of automatic parts", "a:1 b:2 c:3", 0, 99, TESTCASE, NULL, NULL, ".=2", false,
     "!suite 'A': 'pin' leaves nothing for part 0 of 3"},

    {"kept in order", "a:1 b:9 c:1 d:1", 2, 99, TESTCASE, NULL, NULL, NULL, true, "a b|c d"},
    {"in order by the limit", "a:5 b:1 c:5 d:1", 0, 6, TESTCASE, NULL, NULL, NULL, true, "a b|c d"},
    {"in order, a unit too long", "a:1 b:9 c:1", 0, 6, TESTCASE, NULL, NULL, NULL, true, "a|b|c"},
    {"in order and apart", "a:1 b:2", 2, 99, TESTCASE, NULL, "a", NULL, true,
     "!suite 'A': 'keep_order' leaves no choice for 'keep_apart' and 'pin'"},
    {"in order and pinned", "a:1 b:2", 2, 99, TESTCASE, NULL, NULL, "a=0", true,
     "!suite 'A': 'keep_order' leaves no choice for 'keep_apart' and 'pin'"},
    {"more parts than units", "a:1 b:2", 5, 99, TESTCASE, "a|b", NULL, NULL, false, "a b"},
};

/* "a:3 b:2" as runtime data, and "a b". */
static char *data_of(const char *times, GString *ids)
{
    g_auto(GStrv) words = g_strsplit(times, " ", -1);
    GString *text =
        g_string_new("{'A':{'execution_time':0,'setup_time':0,'teardown_time':0,'testcases':{");

    for (char **word = words; *word; word++) {
        char *colon = strrchr(*word, ':');

        *colon = '\0';
        g_string_append_printf(text, "%s'%s':%s", word == words ? "" : ",", *word, colon + 1);
        g_string_append_printf(ids, "%s%s", ids->len ? " " : "", *word);
    }
    g_string_append(text, "}}}");
    return g_string_free(text, FALSE);
}

static void project_of(Project *project, const Case *c)
{
    g_autoptr(GString) ids = g_string_new(NULL);
    g_autofree char *data = data_of(c->times, ids);
    TpsSuite *declared =
        project_declare("A", c->parts ? c->parts : TPS_AUTO, c->group, c->apart, c->pins);

    declared->keep_order = c->keep_order;
    project_init(project, data);
    project->request.limit_us = c->limit_s * TPS_SECOND_US;
    project_add(project, "A", ids->str, c->unit, declared);
}

START_TEST(rules_hold)
{
    const Case *c = &cases[_i];
    g_auto(Project) project;
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsPlan) plan = NULL;
    g_autofree char *parts = NULL;

    project_of(&project, c);
    plan = tps_plan_make(&project.request, &error);
    if (c->answer[0] == '!') {
        ck_assert_msg(plan == NULL, "%s: there is a plan", c->name);
        assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, c->answer + 1);
        return;
    }
    ck_assert_msg(plan != NULL, "%s: %s", c->name, error ? error->message : "");
    parts = project_parts(plan, "A");
    ck_assert_msg(strcmp(parts, c->answer) == 0, "%s: %s", c->name, parts);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rules");
    TCase *tcase = tcase_create("rules");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, rules_hold, 0, G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
