/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "core/notes.h"
#include "scheduler/rules_internal.h"

static bool fail(const TpsPlanInput *input, GError **error, const char *what)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "suite '%s': %s", input->name, what);
    return false;
}

static const char *id_of(const TpsPlanInput *input, guint i)
{
    return ((const TpsTestcase *)g_ptr_array_index(input->testcases, i))->id;
}

static void mark_apart(TpsRules *rules, const TpsPlanInput *input, const TpsUnits *units)
{
    char **patterns = input->declared->apart;

    for (int bit = 0; patterns[bit]; bit++) {
        g_autoptr(GRegex) regex = g_regex_new(patterns[bit], G_REGEX_RAW, 0, NULL);

        for (guint i = 0; regex && i < input->testcases->len; i++)
            if (g_regex_match(regex, id_of(input, i), 0, NULL))
                rules->apart[tps_unit_of(units, i)] |= UINT64_C(1) << bit;
    }
}

static bool pin(TpsRules *rules, const TpsPlanInput *input, const TpsUnits *units,
                const TpsPin *wanted, GError **error)
{
    g_autoptr(GRegex) regex = g_regex_new(wanted->pattern, G_REGEX_RAW, 0, NULL);

    for (guint i = 0; regex && i < input->testcases->len; i++) {
        int *part = &rules->pin[tps_unit_of(units, i)];

        if (!g_regex_match(regex, id_of(input, i), 0, NULL))
            continue;
        if (*part >= 0 && *part != wanted->part) {
            g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                        "suite '%s': the unit of '%s' is pinned to part %d and to part %d",
                        input->name, id_of(input, i), *part, wanted->part);
            return false;
        }
        *part = wanted->part;
    }
    return true;
}

bool tps_rules_init(TpsRules *rules, const TpsPlanInput *input, const TpsUnits *units,
                    GError **error)
{
    const TpsSuite *declared = input->declared;

    *rules = (TpsRules){.keep_order = declared && declared->keep_order};
    if (!declared || (!*declared->apart && declared->pins->len == 0))
        return true;
    if (rules->keep_order)
        return fail(input, error, "'keep_order' leaves no choice for 'keep_apart' and 'pin'");
    rules->apart = g_new0(uint64_t, units->n);
    rules->pin = g_new(int, units->n);
    for (size_t i = 0; i < units->n; i++)
        rules->pin[i] = -1;
    mark_apart(rules, input, units);
    for (guint i = 0; !input->is_cut && i < declared->pins->len; i++)
        if (!pin(rules, input, units, &g_array_index(declared->pins, TpsPin, i), error))
            return false;
    return true;
}

static void say_unmatched(const TpsPlanInput *input, const char *key, const char *pattern,
                          GPtrArray *notes)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_RAW, 0, NULL);

    for (guint i = 0; regex && i < input->testcases->len; i++)
        if (g_regex_match(regex, id_of(input, i), 0, NULL))
            return;
    tps_note(notes, "no testcase matches '%s' of '%s'", pattern, key);
}

void tps_rules_say_unmatched(const TpsPlanInput *input, GPtrArray *notes)
{
    const TpsSuite *declared = input->declared;

    if (!declared || !input->ids_known)
        return;
    if (input->is_cut) { /* the pattern may be of what is left out */
        if (declared->pins->len > 0)
            tps_note(notes, "only some of its testcases are chosen: 'pin' does not hold");
        return;
    }
    for (char **pattern = declared->group; *pattern; pattern++)
        say_unmatched(input, "group", *pattern, notes);
    for (char **pattern = declared->apart; *pattern; pattern++)
        say_unmatched(input, "keep_apart", *pattern, notes);
    for (guint i = 0; i < declared->pins->len; i++)
        say_unmatched(input, "pin", g_array_index(declared->pins, TpsPin, i).pattern, notes);
}

void tps_rules_clear(TpsRules *rules)
{
    g_free(rules->apart);
    g_free(rules->pin);
}

bool tps_rules_hold(const TpsRules *rules)
{
    return rules->apart != NULL;
}

TpsConstrained tps_rules_problem(const TpsDraft *draft, int n_parts)
{
    return (TpsConstrained){.cost_us = draft->units.cost_us,
                            .n = draft->units.n,
                            .n_parts = n_parts,
                            .apart = draft->rules.apart,
                            .pin = draft->rules.pin};
}

/* A testcase of a unit, to name it by. */
static const char *name_of(const TpsDraft *draft, size_t unit)
{
    for (guint i = 0; i < draft->input->testcases->len; i++)
        if ((size_t)tps_unit_of(&draft->units, i) == unit)
            return id_of(draft->input, i);
    return "";
}

bool tps_rules_fail(const TpsDraft *draft, const TpsDeal *deal, int n_parts, GError **error)
{
    const char *item = name_of(draft, deal->item);
    g_autofree char *what = NULL;

    if (deal->outcome == TPS_DEAL_PIN_OUTSIDE)
        what = g_strdup_printf("'%s' is pinned to part %d, and there are %d parts, from 0", item,
                               draft->rules.pin[deal->item], n_parts);
    else if (deal->outcome == TPS_DEAL_PINNED_TOGETHER)
        what = g_strdup_printf("'%s' and '%s' are pinned to one part and must be kept apart", item,
                               name_of(draft, deal->other));
    else if (deal->outcome == TPS_DEAL_SET_TOO_LARGE)
        what = g_strdup_printf("%zu units match 'keep_apart' %s, and there are %d parts",
                               deal->n_set, draft->input->declared->apart[deal->set], n_parts);
    else
        what = g_strdup_printf("no part of %d is left for '%s' by 'keep_apart' and 'pin'", n_parts,
                               item);
    return fail(draft->input, error, what);
}

bool tps_rules_fail_empty(const TpsDraft *draft, int part, int n_parts, GError **error)
{
    g_autofree char *what =
        g_strdup_printf("'pin' leaves nothing for part %d of %d", part, n_parts);

    return fail(draft->input, error, what);
}
