/* SPDX-License-Identifier: MIT */
#include "adapters/framework.h"

#include <string.h>
#include <unistd.h>

/* A program that asks what it may print must not believe that it has our terminal. */
#define DUMB_TERMINAL "TERM=dumb"

static size_t name_length(const char *variable)
{
    return (size_t)(strchrnul(variable, '=') - variable);
}

/* What it inherits although nothing is inherited by itself. */
static void add_passed(GPtrArray *env, const TpsSuite *suite)
{
    g_ptr_array_add(env, (char *)DUMB_TERMINAL);
    for (char **entry = environ; *entry; entry++)
        if (tps_suite_inherits(suite, *entry, name_length(*entry)))
            g_ptr_array_add(env, *entry);
}

static void add_all(GPtrArray *env, char *const *strings)
{
    for (; strings && *strings; strings++)
        g_ptr_array_add(env, *strings);
}

char **tps_invocation_environment(const TpsInvocation *invocation, const TpsSuite *suite,
                                  char *const *before, char *const *after)
{
    GPtrArray *env = g_ptr_array_sized_new(invocation->env->len + 16);

    if (suite->env_clear)
        add_passed(env, suite);
    add_all(env, before);
    add_all(env, suite->env);
    add_all(env, after);
    g_ptr_array_extend(env, invocation->env, NULL, NULL);
    g_ptr_array_add(env, NULL);
    return (char **)g_ptr_array_free(env, FALSE);
}
