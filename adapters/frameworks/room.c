/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/room_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/error.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define TOTAL_MIN_BYTES ((size_t)128 * 1024)
#define TOTAL_MAX_BYTES ((size_t)6 * 1024 * 1024)

/* Names of files, what the executor adds, and what the kernel has beside them. */
#define OTHERS_BYTES ((size_t)32 * 1024)
#define TEMPLATE_BYTES ((size_t)8 * 1024)

size_t tps_argument_bytes(const char *argument)
{
    return strlen(argument) + 1 + sizeof(char *);
}

static size_t all_bytes(char *const *strings)
{
    size_t bytes = 0;

    for (; strings && *strings; strings++)
        bytes += tps_argument_bytes(*strings);
    return bytes;
}

static size_t total_bytes(void)
{
    struct rlimit stack;
    size_t total = TOTAL_MAX_BYTES;

    if (getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur / 4 < total)
        total = (size_t)(stack.rlim_cur / 4);
    return MAX(total, TOTAL_MIN_BYTES);
}

static size_t length_of(const char *text)
{
    return text ? strlen(text) : 0;
}

size_t tps_selection_string_bytes(const TpsSelecting *select)
{
    size_t around = length_of(select->before) + length_of(select->after) +
                    length_of(select->variable) + TEMPLATE_BYTES;

    for (char **word = select->arguments; word && *word; word++)
        around += strlen(*word);
    return around < TPS_STRING_MAX_BYTES ? TPS_STRING_MAX_BYTES - around : 1;
}

/* Inherited or set by the suite; what it replaces is counted twice. */
static size_t environment_bytes(const TpsSuite *suite)
{
    size_t bytes = all_bytes(suite->env);

    for (char **entry = environ; *entry; entry++)
        if (tps_suite_inherits(suite, *entry, strcspn(*entry, "=")))
            bytes += tps_argument_bytes(*entry);
    return bytes;
}

size_t tps_selection_budget(const TpsSuite *suite, const TpsFramework *framework)
{
    size_t total = total_bytes();
    size_t others = OTHERS_BYTES + environment_bytes(suite) + all_bytes(suite->args) +
                    all_bytes(suite->command) + all_bytes(framework->run.command) +
                    all_bytes(framework->environment) + all_bytes(framework->run.environment);

    for (char **entry = framework->prepend; entry && *entry; entry++) {
        g_autofree char *name = g_strndup(*entry, strcspn(*entry, "="));

        others += length_of(tps_suite_getenv(suite, name));
    }
    return total > others ? total - others : 1;
}

static const char *too_long(const GPtrArray *strings, size_t *total)
{
    for (guint i = 0; i < strings->len; i++) {
        const char *string = g_ptr_array_index(strings, i);

        if (strlen(string) >= TPS_STRING_MAX_BYTES)
            return string;
        *total += tps_argument_bytes(string);
    }
    return NULL;
}

bool tps_invocation_check_room(const TpsSuite *suite, const TpsInvocation *invocation,
                               GError **error)
{
    size_t total = environment_bytes(suite) + TEMPLATE_BYTES;
    const char *string = too_long(invocation->argv, &total);

    if (!string)
        string = too_long(invocation->env, &total);
    if (string)
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "an argument or variable of 128 KiB or more can't be handed over: '%.100s...'",
                    string);
    else if (total > total_bytes())
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "arguments and environment have %zu bytes, and with this stack limit there is "
                    "room for %zu",
                    total, total_bytes());
    return !string && total <= total_bytes();
}
