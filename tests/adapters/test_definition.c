/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/definition.h"
#include "adapters/definitions/registry.h"
#include "core/error.h"
#include "tests/unit.h"

#include <string.h>

/* What every definition must have; a test adds lines behind it. */
#define HEAD "summary: s\n"
#define RUN "run: {command: [x, '{id}']}\n"
#define REPORT "report: {reader: journal}\n"
#define WHOLE HEAD RUN REPORT

static const struct {
    const char *text;
    const char *message;
} broken[] = {
    {"", "made.yaml:1:1: there is nothing in it"},
    {"[", "made.yaml:"},
    {"- a\n", "made.yaml:1:1: "},
    {HEAD "sumary: x\n", "made.yaml:2:1: unknown key 'sumary'; did you mean 'summary'?"},
    {HEAD HEAD, "made.yaml:2:1: "},
    {RUN REPORT, "made.yaml:1:1: 'summary' is missing"},
    {HEAD REPORT, "made.yaml:1:1: 'run' is missing"},
    {HEAD RUN, "made.yaml:1:1: 'report' is missing"},
    {HEAD "unit: module\n", "made.yaml:2:7: 'module' is not testcase, class or file"},
    {HEAD "start_up: soon\n", "made.yaml:2:11: "},
    {HEAD "journal: '{journal}'\n", "made.yaml:2:10: '{journal}' is not true or false"},
    {HEAD "program: []\n", "made.yaml:2:10: a command is expected here, and it is empty"},
    {HEAD "program: ['{program}']\n", "made.yaml:2:10: '{program}' is not the name of a program"},
    {HEAD "program: ['{report']\n", "made.yaml:2:10: '{' is not closed; '{{' is a brace"},
    {HEAD "program: ['{id}']\n", "made.yaml:2:10: unknown name '{id}'; known are {program}, "},
    {HEAD "environment: [A]\n", "made.yaml:2:14: a mapping of names to values is expected here"},
    {HEAD "environment: {A=B: x}\n", "made.yaml:2:15: not the name of an environment variable"},
    {HEAD "environment: {A: '{reprot}'}\n",
     "made.yaml:2:18: unknown name '{reprot}'; did you mean '{report}'?"},
    {HEAD "prepend: {P: null}\n", "made.yaml:2:10: there is nothing to put in front of 'P'"},
    {HEAD "prepend: {P: ''}\n", "made.yaml:2:10: there is nothing to put in front of 'P='"},
    {WHOLE "files: [../x]\n", "made.yaml:1:1: 'files' holds '../x', which is not a file's name"},
    {WHOLE "files: ['']\n", "made.yaml:1:1: 'files' holds '', which is not a file's name"},
    {HEAD "detect: [{contains: x}]\n", "made.yaml:2:10: either 'file' or 'program' is needed"},
    {HEAD "detect: [{file: a, contains: '('}]\n", "made.yaml:2:30: "},
    {HEAD "detect: [{flie: a}]\n", "made.yaml:2:11: unknown key 'flie'; did you mean 'file'?"},
    {HEAD "exit: {passed: 256}\n", "made.yaml:2:16: "},
    {HEAD "exit: {passed: []}\n", "made.yaml:2:16: a status or 'any' is expected here"},
    {HEAD "exit: {passd: 0}\n", "made.yaml:2:8: unknown key 'passd'; did you mean 'passed'?"},
    /* list */
    {HEAD "list: {reader: lines, id: '{id}'}\n",
     "made.yaml:2:7: either 'command' or 'files' must say where testcases are"},
    {HEAD "list: {command: x, files: y, reader: lines, id: '{id}'}\n",
     "made.yaml:2:7: either 'command' or 'files' must say where testcases are"},
    {HEAD "list: {command: x, reader: lines}\n",
     "made.yaml:2:7: 'id' is missing: which fields name a testcase?"},
    {HEAD "list: {command: x, id: '{id}'}\n",
     "made.yaml:2:7: 'reader' must say how the listing is read"},
    {HEAD "list: {command: x, reader: line, id: '{id}'}\n", "made.yaml:2:28: 'line' is not one of"},
    {HEAD "list: {command: x, reader: lines, records: '(', id: '{id}'}\n",
     "made.yaml:2:7: 'records': "},
    {HEAD "list: {command: x, reader: lines, id: '{id'}\n",
     "made.yaml:2:39: '{' is not closed; '{{' is a brace"},
    {HEAD "list: {command: x, reader: lines, id: '{}'}\n", "made.yaml:2:39: '{}' has no name"},
    {HEAD "list: {command: x, from: /tmp/x}\n",
     "made.yaml:2:26: '/tmp/x' is neither 'stdout' nor below the process's own '{dir}'"},
    {HEAD "list: {command: x, from: stderr}\n", "made.yaml:2:26: 'stderr' is neither"},
    {HEAD "list: {command: x, from: '{dir}/../x'}\n", "made.yaml:2:26: "},
    {HEAD "list: {command: '{args}x'}\n", "made.yaml:2:17: '{args}' must be a word of its own"},
    {HEAD "list: {command: '{selection}'}\n", "made.yaml:2:17: unknown name '{selection}'"},
    {HEAD "list: {skip: '[', command: x}\n", "made.yaml:2:14: "},
    {HEAD "list: {collide: wild}\n",
     "made.yaml:2:17: 'wild' is not one of casefold, wildcard, both"},
    {WHOLE "list: {command: x, reader: lines, records: '(?<name>.*)', id: '{nmae}'}\n",
     "made.yaml:1:1: '{nmae}' is no group of 'records', like (?<nmae>...)"},
    {WHOLE "list: {command: x, preload: y.so, reader: json-lines}\n",
     "made.yaml:1:1: 'preload' names 'y.so', which is not among the 'files'"},
    /* run */
    {HEAD "run: {}\n", "made.yaml:2:6: 'command' is missing: what runs the testcases?"},
    {HEAD "run: {command: ['{seconds}']}\n", "made.yaml:2:16: unknown name '{seconds}'"},
    {HEAD "run: {command: x, processes: two}\n", "made.yaml:2:30: 'two' is not one of"},
    {HEAD "run: {command: x, select: {into: flie}}\n", "made.yaml:2:34: 'flie' is not one of"},
    {HEAD "run: {command: x, select: {each: x}}\n",
     "made.yaml:2:34: a name of the testcase is expected, like '{id}'"},
    {HEAD "run: {command: x, select: {each: '{report}'}}\n",
     "made.yaml:2:34: unknown name '{report}'"},
    {HEAD "run: {command: x, select: {each: '{id}'}}\n",
     "made.yaml:2:27: 'into' is missing: where does the selection go?"},
    {HEAD "run: {command: x, select: {escape: xlm}}\n",
     "made.yaml:2:36: 'xlm' is neither xml, percent nor ASCII punctuation"},
    {HEAD "run: {command: x, select: {escape: '*x'}}\n",
     "made.yaml:2:36: '*x' is not ASCII punctuation"},
    {HEAD "run: {command: x, select: {refuse: '\xC3\xA4'}}\n", "made.yaml:2:36: "},
    {HEAD "run: {command: x, select: {into: environment}}\n",
     "made.yaml:2:27: 'into: environment' and the 'name' of a variable belong together"},
    {HEAD "run: {command: x, select: {into: file, name: A}}\n",
     "made.yaml:2:27: 'into: environment' and the 'name' of a variable belong together"},
    {HEAD "run: {command: x, select: {most: 0}}\n", "made.yaml:2:34: "},
    {HEAD REPORT "run: {command: x, select: {into: file}}\n",
     "made.yaml:1:1: nothing says '{selection}', so nobody reads it"},
    {HEAD REPORT "run: {command: x, select: {into: arguments, arguments: ['-t={selection}']}}\n",
     "made.yaml:1:1: 'into: arguments' needs an argument that is '{selection}' alone"},
    {HEAD REPORT "run: {command: [x, '{selection}'], select: {into: arguments}}\n",
     "made.yaml:1:1: '{selection}' is in a command that is run without one, too"},
    {HEAD REPORT "list: {command: x, reader: json-lines}\nrun: {command: x}\n",
     "made.yaml:1:1: nothing under 'run' says which testcases: 'select' is missing"},
    {HEAD RUN REPORT "list: {files: x, id: '{file}'}\nexit: {passed: x}\n", "made.yaml:5:16: "},
    {HEAD REPORT "run: {command: '{id}', gives_back: yes}\n", "made.yaml:3:36: "},
    {HEAD "report: {reader: exit}\nrun: {command: '{id}', gives_back: true}\n",
     "made.yaml:1:1: 'gives_back' needs 'journal: true'"},
    {HEAD "report: {reader: exit}\nlist: {files: x, id: '{file}'}\n" RUN,
     "made.yaml:1:1: one exit status is one testcase: 'processes: testcase' is needed"},
    /* report and progress */
    {HEAD RUN "report: {}\n", "made.yaml:3:9: 'reader' must say how the report is read"},
    {HEAD RUN "report: {reader: none}\n", "made.yaml:3:9: 'reader' must say"},
    {HEAD RUN "report: {reader: junit}\n", "made.yaml:3:9: 'id' is missing"},
    {HEAD RUN "report: {reader: json, id: '{id}'}\n", "made.yaml:3:9: 'outcome' is missing"},
    {HEAD RUN "report: {reader: junit, id: '{id}', words: {passd: x}}\n",
     "made.yaml:3:45: unknown key 'passd'; did you mean 'passed'?"},
    {HEAD RUN "report: {reader: junit, id: '{id}', from: '{cwd}/x.xml'}\n",
     "made.yaml:3:43: '{cwd}/x.xml' is neither"},
    {HEAD RUN "report: {reader: journal, deselected: skipped}\n",
     "made.yaml:3:9: 'deselected' is for reports of a framework"},
    {HEAD RUN "report: {reader: lines, records: '(?<id>.)', id: '{id}', outcome: '{word}'}\n",
     "made.yaml:1:1: '{word}' is no group of 'records', like (?<word>...)"},
    {WHOLE "progress: {start: '(?<id>x)'}\n", "made.yaml:4:11: 'start' and 'end' are needed"},
    {WHOLE "progress: {start: x, end: y}\n", "made.yaml:4:11: 'start' needs a group (?<id>...)"},
    {WHOLE "progress: {start: '(*UTF8)x', end: y}\n", "made.yaml:4:19: "},
};

START_TEST(says_what_is_wrong_and_where)
{
    GError *error = NULL;
    TpsFramework *framework =
        tps_framework_parse("made", broken[_i].text, strlen(broken[_i].text), NULL, &error);

    ck_assert_msg(framework == NULL, "it is taken: %s", broken[_i].text);
    ck_assert_msg(g_str_has_prefix(error->message, broken[_i].message), "%s", error->message);
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "made.yaml:");
}
END_TEST

START_TEST(names_the_users_file)
{
    GError *error = NULL;

    ck_assert_ptr_null(tps_framework_parse("made", "x: 1\n", 5, "/project/made.yaml", &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "/project/made.yaml:1:1: unknown key 'x'");
}
END_TEST

static TpsFramework *parse(const char *text)
{
    GError *error = NULL;
    TpsFramework *framework = tps_framework_parse("made", text, strlen(text), NULL, &error);

    ck_assert_msg(framework != NULL, "%s", error ? error->message : "");
    return framework;
}

START_TEST(has_defaults)
{
    g_autoptr(TpsFramework) framework = parse(WHOLE);

    ck_assert_str_eq(framework->name, "made");
    ck_assert_int_eq(framework->unit, TPS_UNIT_TESTCASE);
    ck_assert_int_eq(framework->finest_unit, TPS_UNIT_TESTCASE);
    ck_assert(!framework->list.is_known);
    ck_assert(framework->journal); /* which is the report */
    ck_assert(framework->uses_files);
    ck_assert(!framework->uses_cache);
}
END_TEST

static const struct {
    const char *text;
    bool files;
    bool cache;
} uses[] = {
    {HEAD "report: {reader: exit}\nrun: {command: x}\n", false, false},
    {HEAD "report: {reader: exit}\nrun: {command: x, environment: {T: '{dir}'}}\n", true, false},
    {HEAD "report: {reader: exit}\nrun: {command: [x, '{cache}/b']}\n", false, true},
    {HEAD "report: {reader: exit}\nrun: {command: [x, '{{dir}}']}\n", false, false},
    {HEAD "report: {reader: exit}\nrun: {command: x}\nfiles: a\n", true, false},
    {HEAD "report: {reader: exit}\nrun: {command: x}\nenvironment: {B: '{cache}'}\n", false, true},
    {HEAD "report: {reader: exit}\nrun: {command: '{id}', select: {into: input}}\n", true, false},
};

START_TEST(knows_what_it_needs)
{
    g_autoptr(TpsFramework) framework = parse(uses[_i].text);

    ck_assert(framework->uses_files == uses[_i].files);
    ck_assert(framework->uses_cache == uses[_i].cache);
}
END_TEST

START_TEST(built_in_definitions_are_sound)
{
    g_auto(GStrv) names = tps_framework_names();
    int n = 0;

    for (char **name = names; *name; name++, n++) {
        GError *error = NULL;
        const TpsFramework *framework = tps_framework_load(*name, &error);

        ck_assert_msg(framework != NULL, "%s", error ? error->message : "");
        for (char **file = framework->files; file && *file; file++) {
            g_autofree char *owned = NULL;
            size_t size = 0;

            ck_assert_msg(g_str_has_suffix(*file, ".so") ||
                              tps_framework_file(framework, *file, &size, &owned, &error) != NULL,
                          "%s", error ? error->message : "");
        }
    }
    ck_assert_int_ge(n, 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("definition");
    TCase *tcase = tcase_create("definition");

    tcase_add_loop_test(tcase, says_what_is_wrong_and_where, 0, G_N_ELEMENTS(broken));
    tcase_add_test(tcase, names_the_users_file);
    tcase_add_test(tcase, has_defaults);
    tcase_add_loop_test(tcase, knows_what_it_needs, 0, G_N_ELEMENTS(uses));
    tcase_add_test(tcase, built_in_definitions_are_sound);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
