/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/definitions/definition.h"

#include <check.h>
#include <string.h>

/* A definition of that text; its errors end the test. */
static inline TpsFramework *made_framework(const char *text)
{
    GError *error = NULL;
    TpsFramework *framework = tps_framework_parse("made", text, strlen(text), NULL, &error);

    ck_assert_msg(framework != NULL, "%s", error ? error->message : "");
    return framework;
}

/* "id", or "id file class where", '-' for none. */
static inline TpsTestcase *made_testcase(const char *words)
{
    g_auto(GStrv) word = g_strsplit(words, " ", 4);
    TpsTestcase *testcase = tps_testcase_new(word[0]);
    char **fields[] = {&testcase->file, &testcase->group, &testcase->where};

    for (guint i = 0; i < G_N_ELEMENTS(fields) && word[i + 1]; i++)
        if (strcmp(word[i + 1], "-") != 0)
            *fields[i] = g_strdup(word[i + 1]);
    return testcase;
}
