/* SPDX-License-Identifier: MIT */
#include "partition/bounds.h"

#include "core/saturate.h"
#include "partition/partition_internal.h"

#include <glib.h>
#include <limits.h>

static int64_t sum_of(const int64_t *cost_us, size_t n)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum = tps_add_sat(sum, cost_us[i]);
    return sum;
}

static int64_t divide_up(int64_t a, int64_t b)
{
    return a / b + (a % b != 0);
}

/*
 * Of the k*m+1 longest items the k+1 shortest are k*(m-1) .. k*m. The window for k = 0 is the
 * longest item; from k to k+1 it takes m items in at the end and lets m-1 out at the front.
 * A sum over all items that fits an int64_t makes every window fit.
 */
static int64_t pigeonhole_bound(const int64_t *cost_us, size_t n, size_t m)
{
    int64_t window = cost_us[0];
    int64_t best = window;
    size_t first = 0;

    for (size_t last = m; last < n; last += m) {
        for (size_t i = last - m + 1; i <= last; i++)
            window += cost_us[i];
        for (size_t end = first + m - 1; first < end; first++)
            window -= cost_us[first];
        best = MAX(best, window);
    }
    return best;
}

int64_t tps_makespan_lower_bound(const int64_t *cost_us, size_t n, int n_parts)
{
    const int64_t sum = sum_of(cost_us, n);
    int64_t best;

    if (n == 0)
        return 0;
    best = MAX(cost_us[0], divide_up(sum, n_parts));
    if (sum < INT64_MAX)
        best = MAX(best, pigeonhole_bound(cost_us, n, (size_t)n_parts));
    return best;
}

/*
 * L2. For a threshold t the items longer than limit - t share a part with nothing that is >= t;
 * the n_large in (limit/2, limit] have a part each; what of the volume of the small items >= t
 * does not fit beside the large ones that leave room for t needs parts of its own.
 * Every threshold that matters is the length of a small item. A large item leaves less room than
 * it takes, so the room fits an int64_t when the sum does.
 */
int64_t tps_parts_l2(const int64_t *cost_us, size_t n, int64_t limit_us)
{
    size_t n_large = 0, lonely;
    int64_t room = 0, small = 0, extra = 0;

    while (n_large < n && cost_us[n_large] > limit_us - cost_us[n_large])
        n_large++;
    lonely = n_large; /* large items before it leave no room for t */
    for (size_t i = n_large; i < n; i++) {
        small += cost_us[i];
        for (; lonely > 0 && cost_us[lonely - 1] <= limit_us - cost_us[i]; lonely--)
            room += limit_us - cost_us[lonely - 1];
        if (small > room)
            extra = MAX(extra, divide_up(small - room, limit_us));
    }
    return (int64_t)n_large + extra;
}

/* The first number of parts from `low` on whose bound keeps the limit: mostly `low` itself. */
static int fewest_by_makespan(const int64_t *cost_us, size_t n, int64_t limit_us, int low, int high)
{
    int step = 1;

    for (int tried = low; tried < high; step = MIN(step, INT_MAX / 2) * 2) {
        if (tps_makespan_lower_bound(cost_us, n, tried) <= limit_us) {
            high = tried;
            break;
        }
        low = tried + 1;
        tried = high - tried > step ? tried + step : high;
    }
    while (low < high) {
        const int middle = low + (high - low) / 2;

        if (tps_makespan_lower_bound(cost_us, n, middle) <= limit_us)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

int tps_parts_lower_bound(const int64_t *cost_us, size_t n, int64_t limit_us)
{
    const int64_t sum = sum_of(cost_us, n);
    const int high = (int)MIN(n, INT_MAX);
    int low;

    if (n == 0 || limit_us <= 0)
        return high > 0;
    low = (int)CLAMP(divide_up(sum, limit_us), 1, high);
    if (sum < INT64_MAX)
        low = (int)CLAMP(tps_parts_l2(cost_us, n, limit_us), low, high);
    return fewest_by_makespan(cost_us, n, limit_us, low, high);
}
