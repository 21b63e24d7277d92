/* SPDX-License-Identifier: MIT */
#include "adapters/ci/ci.h"

#include "adapters/ci/systems.h"
#include "core/error.h"

#include <string.h>

#define SHARD_VARIABLE "TPSCHED_SHARD"
#define SHARDS_MAX 1000000
#define ATTEMPTS_MAX 1000

void tps_ci_here_clear(TpsCiHere *here)
{
    g_clear_pointer(&here->shard_from, g_free);
    g_clear_pointer(&here->attempt_from, g_free);
    g_clear_pointer(&here->run_id, g_free);
    g_clear_pointer(&here->run_id_from, g_free);
}

/* Set, and to something. */
static const char *value_of(char *const *environment, const char *name)
{
    const char *value = name ? g_environ_getenv((char **)environment, name) : NULL;

    return value && *value ? value : NULL;
}

static bool refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool refuse(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_propagate_error(error, g_error_new_valist(TPS_ERROR, TPS_ERROR_USAGE, format, arguments));
    va_end(arguments);
    return false;
}

bool tps_ci_parse_shard(const char *text, int *shard, int *shards)
{
    g_auto(GStrv) words = g_strsplit(text, "/", 3);
    guint64 k;
    guint64 n;

    if (g_strv_length(words) != 2 ||
        !g_ascii_string_to_unsigned(words[1], 10, 1, G_MAXINT, &n, NULL) ||
        !g_ascii_string_to_unsigned(words[0], 10, 1, n, &k, NULL))
        return false;
    *shard = (int)k;
    *shards = (int)n;
    return true;
}

/* A variable's number; `value` is left as it is where the variable is not set. */
static bool number_of(char *const *environment, const TpsCiSystem *system, const char *name,
                      int *value, GError **error)
{
    const char *text = value_of(environment, name);
    guint64 number;

    if (!text)
        return true;
    if (!g_ascii_string_to_unsigned(text, 10, 0, SHARDS_MAX, &number, NULL))
        return refuse(error, "%s='%.100s' (%s) is not a number from 0 to %d", name, text,
                      system->name, SHARDS_MAX);
    *value = (int)number;
    return true;
}

/* What one system says of its job. */
typedef struct {
    int index; /* -1 = it is not said */
    int total;
    int min;
    int max;
    int step;
} Said;

static bool ask(char *const *environment, const TpsCiSystem *system, Said *said, GError **error)
{
    *said = (Said){.index = -1, .total = -1, .min = system->first, .max = -1, .step = 1};
    return number_of(environment, system, system->index, &said->index, error) &&
           number_of(environment, system, system->total, &said->total, error) &&
           number_of(environment, system, system->min, &said->min, error) &&
           number_of(environment, system, system->max, &said->max, error) &&
           number_of(environment, system, system->step, &said->step, error);
}

/* An array of jobs with gaps: which one comes after which is not said. */
static bool check_gaps(const TpsCiSystem *system, const Said *said, GError **error)
{
    if (said->step > 0 && (said->max < 0 || (int64_t)said->max - said->min ==
                                                (int64_t)(said->total - 1) * said->step))
        return true;
    return refuse(
        error,
        "%s=%d to %s=%d are not %d indices that are %d apart (%s); set " SHARD_VARIABLE "=K/N",
        system->min, said->min, system->max, said->max, said->total, said->step, system->name);
}

/* Index and total to a shard, counted from 1. */
static bool take_shard(const TpsCiSystem *system, const Said *said, int *shard, GError **error)
{
    int place;

    if (said->index < 0)
        return refuse(error, "%s=%d is set, and %s is not (%s)", system->total, said->total,
                      system->index, system->name);
    if (said->total < 0)
        return refuse(error, "%s=%d is set, and %s is not (%s)", system->index, said->index,
                      system->total, system->name);
    if (system->min && !check_gaps(system, said, error))
        return false;
    place = said->index - said->min;
    if (said->total < 1 || place < 0 || place % said->step != 0 ||
        place / said->step >= said->total)
        return refuse(error, "%s=%d is none of %s=%d, counted from %d (%s)", system->index,
                      said->index, system->total, said->total, said->min, system->name);
    *shard = place / said->step + 1;
    return true;
}

/* It says that the job has no siblings; some count such a job 0 of 0. */
static bool is_alone(const TpsCiSystem *system, const Said *said)
{
    return said->total >= 0 && said->total <= system->alone && said->index <= said->min;
}

/* Somebody with a marker of his own has read that variable. */
static bool is_read(char *const *environment, const TpsCiSystem *system)
{
    for (const TpsCiSystem *other = tps_ci_systems; other < system; other++)
        if (g_strcmp0(other->index, system->index) == 0 && value_of(environment, other->marker))
            return true;
    return false;
}

static bool disagree(const TpsCiHere *here, const TpsCiSystem *system, int shard, int shards,
                     GError **error)
{
    return refuse(
        error, "%s says shard %d/%d, and %s, %s says shard %d/%d; " SHARD_VARIABLE "=K/N decides",
        here->shard_from, here->shard, here->shards, system->index, system->name, shard, shards);
}

static bool take_system(char *const *environment, const TpsCiSystem *system, TpsCiHere *here,
                        TpsCiHere *alone, GError **error)
{
    Said said;
    int shard = 0;

    if (!value_of(environment, system->marker) || !system->index || is_read(environment, system))
        return true;
    if (!ask(environment, system, &said, error))
        return false;
    if (said.index < 0 && said.total < 0)
        return true;
    if (is_alone(system, &said)) {
        if (!alone->shard_from)
            alone->shard_from =
                g_strdup_printf("%s, %s: the job is not parallel", system->total, system->name);
        return true;
    }
    if (!take_shard(system, &said, &shard, error))
        return false;
    if (here->shards > 0)
        return (here->shard == shard && here->shards == said.total) ||
               disagree(here, system, shard, said.total, error);
    here->shard = shard;
    here->shards = said.total;
    here->shard_from = g_strdup_printf("%s, %s", system->index, system->name);
    return true;
}

static bool find_shard(char *const *environment, TpsCiHere *here, GError **error)
{
    const char *said = value_of(environment, SHARD_VARIABLE);
    g_auto(TpsCiHere) alone = {0};

    if (said) {
        here->is_explicit = true;
        here->shard_from = g_strdup(SHARD_VARIABLE);
        return tps_ci_parse_shard(said, &here->shard, &here->shards) ||
               refuse(error, SHARD_VARIABLE "='%.100s' is not K/N with 1 <= K <= N", said);
    }
    for (size_t i = 0; i < tps_ci_n_systems; i++)
        if (!take_system(environment, &tps_ci_systems[i], here, &alone, error))
            return false;
    if (here->shards > 0 || !alone.shard_from)
        return true;
    here->shard = here->shards = 1;
    here->shard_from = g_steal_pointer(&alone.shard_from);
    return true;
}

/* Where several count, the larger one: who counts more coarsely begins anew. */
static bool take_attempt(char *const *environment, const TpsCiSystem *system, TpsCiHere *here,
                         GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(system->attempts); i++) {
        const char *name = system->attempts[i];
        int attempt = -1;

        if (!number_of(environment, system, name, &attempt, error))
            return false;
        if (attempt < 0)
            continue;
        attempt += 1 - system->first_attempt;
        if (attempt < 1 || attempt > ATTEMPTS_MAX)
            return refuse(error, "%s='%s' (%s) is no attempt", name, value_of(environment, name),
                          system->name);
        if (attempt <= here->attempt)
            continue;
        here->attempt = attempt;
        g_free(here->attempt_from);
        here->attempt_from = g_strdup_printf("%s, %s", name, system->name);
    }
    return true;
}

static void take_run_id(char *const *environment, const TpsCiSystem *system, TpsCiHere *here)
{
    for (size_t i = 0; i < TPS_CI_RUN_IDS && !here->run_id; i++) {
        const char *id = value_of(environment, system->run_ids[i]);
        size_t length = id ? strlen(id) : 0;

        if (id && system->run_id_end)
            length = (size_t)(strchrnul(id, system->run_id_end) - id);
        if (length == 0)
            continue;
        here->run_id = g_strndup(id, length);
        here->run_id_from = g_strdup_printf("%s, %s", system->run_ids[i], system->name);
    }
}

static bool find_run(char *const *environment, TpsCiHere *here, GError **error)
{
    for (size_t i = 0; i < tps_ci_n_systems; i++) {
        const TpsCiSystem *system = &tps_ci_systems[i];

        if (!value_of(environment, system->marker))
            continue;
        if (here->attempt == 0 && !take_attempt(environment, system, here, error))
            return false;
        take_run_id(environment, system, here);
    }
    return true;
}

bool tps_ci_here(char *const *environment, unsigned wanted, TpsCiHere *here, GError **error)
{
    g_auto(TpsCiHere) found = {0};

    if ((wanted & TPS_CI_SHARD) && !find_shard(environment, &found, error))
        return false;
    if ((wanted & TPS_CI_RUN) && !find_run(environment, &found, error))
        return false;
    *here = found;
    found = (TpsCiHere){0};
    return true;
}

char *tps_ci_looked_for(char *const *environment)
{
    GString *text = g_string_new(SHARD_VARIABLE " is not set, ");
    bool found = false;

    for (size_t i = 0; i < tps_ci_n_systems; i++) {
        const TpsCiSystem *system = &tps_ci_systems[i];

        if (!value_of(environment, system->marker))
            continue;
        g_string_append_printf(text, "%sthis is %s", found ? ", and " : "", system->name);
        if (system->index)
            g_string_append_printf(text, " and %s is not set", system->index);
        if (system->hint)
            g_string_append_printf(text, " (%s)", system->hint);
        found = true;
    }
    if (found)
        return g_string_free(text, FALSE);
    g_string_append(text, "and nothing says that this is ");
    for (size_t i = 0; i < tps_ci_n_systems; i++)
        g_string_append_printf(text, "%s%s (%s)",
                               i == 0                     ? ""
                               : i + 1 < tps_ci_n_systems ? ", "
                                                          : " or ",
                               tps_ci_systems[i].name, tps_ci_systems[i].marker);
    return g_string_free(text, FALSE);
}
