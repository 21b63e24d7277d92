/* SPDX-License-Identifier: MIT */
#include "formats/tap_internal.h"

void tps_tap_numbers_add(TpsTapNumbers *numbers, int64_t number)
{
    numbers->last = number;
    if (number == numbers->in_order + 1 && !numbers->others) {
        numbers->in_order = number;
        return;
    }
    if (!numbers->others)
        numbers->others = g_array_new(FALSE, FALSE, sizeof number);
    g_array_append_val(numbers->others, number);
}

void tps_tap_numbers_clear(TpsTapNumbers *numbers)
{
    g_clear_pointer(&numbers->others, g_array_unref);
}

static gint compare(gconstpointer a, gconstpointer b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

static char *say(int64_t number, const char *what)
{
    return g_strdup_printf("number %" G_GINT64_FORMAT " %s", number, what);
}

/* Of what came out of order, ascending; `due` is the number that has to come next. */
static char *check_other(const TpsTapNumbers *numbers, int64_t number, int64_t due)
{
    if (number < 1)
        return say(number, "was never planned");
    if (number > numbers->planned)
        return say(numbers->in_order > numbers->planned ? numbers->planned + 1 : number,
                   "was never planned");
    if (number < due)
        return say(number, "comes twice");
    return number > due ? say(due, "is missing") : NULL;
}

char *tps_tap_numbers_check(TpsTapNumbers *numbers)
{
    int64_t due = numbers->in_order + 1;
    char *problem = NULL;

    if (numbers->planned < 0)
        return g_strdup("there is no plan");
    if (numbers->others)
        g_array_sort(numbers->others, compare);
    for (guint i = 0; numbers->others && !problem && i < numbers->others->len; i++) {
        int64_t number = g_array_index(numbers->others, int64_t, i);

        problem = check_other(numbers, number, due);
        due = number + 1;
    }
    if (!problem && due - 1 > numbers->planned)
        return say(numbers->planned + 1, "was never planned");
    if (!problem && due <= numbers->planned)
        return g_strdup_printf("%" G_GINT64_FORMAT " were planned, number %" G_GINT64_FORMAT
                               " is missing",
                               numbers->planned, due);
    return problem;
}
