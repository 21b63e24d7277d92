/* SPDX-License-Identifier: MIT */
#include "scheduler/curve.h"

#include "core/duration.h"
#include "core/saturate.h"
#include "scheduler/pool_size.h"

#define HOUR_US (60 * TPS_MINUTE_US)
#define SIZE_MAX_ASKED 65536
/* A makespan within this part of the floor is at the floor. */
#define SATURATED_PART 1000

static int64_t multiply(int64_t a, int64_t b)
{
    int64_t product;

    return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

/* In whole hours and a rest, and the price in whole units and a rest, so that nothing overflows. */
int64_t tps_curve_cost(int64_t billed_us, int64_t price)
{
    const int64_t units = price / TPS_MONEY_UNIT, millionths = price % TPS_MONEY_UNIT;
    const int64_t rest_us = billed_us % HOUR_US;
    const int64_t coarse = rest_us * units;
    const int64_t fine = coarse % HOUR_US * TPS_MONEY_UNIT + rest_us * millionths;
    const int64_t of_rest = coarse / HOUR_US * TPS_MONEY_UNIT + (fine + HOUR_US / 2) / HOUR_US;

    return tps_add_sat(multiply(billed_us / HOUR_US, price), of_rest);
}

/* When each worker ends, startup included. Caller frees. */
static int64_t *worker_times(const TpsPlan *plan, int64_t startup_us)
{
    int64_t *time_us = g_new(int64_t, (gsize)plan->size);

    for (int i = 0; i < plan->size; i++)
        time_us[i] = startup_us;
    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);
        int64_t end_us = tps_add_sat(tps_add_sat(task->start_us, task->weight_us), startup_us);

        time_us[task->worker] = MAX(time_us[task->worker], end_us);
    }
    return time_us;
}

static int64_t round_up(int64_t us, int64_t granularity_us)
{
    int64_t over = us % granularity_us;

    return over ? tps_add_sat(us, granularity_us - over) : us;
}

static int64_t bill(const int64_t *time_us, int n, int64_t granularity_us)
{
    int64_t sum = 0;

    for (int i = 0; i < n; i++)
        sum = tps_add_sat(sum, round_up(time_us[i], granularity_us));
    return sum;
}

static int64_t sum_of_weights(const TpsPlan *plan)
{
    int64_t sum = 0;

    for (guint i = 0; i < plan->tasks->len; i++)
        sum = tps_add_sat(sum, ((const TpsTask *)g_ptr_array_index(plan->tasks, i))->weight_us);
    return sum;
}

/* part / whole in millionths, rounded down; 0 <= part <= whole. */
static int ppm(int64_t part, int64_t whole)
{
    while (part > INT64_MAX / TPS_PPM) {
        part /= 2;
        whole /= 2;
    }
    return whole > 0 ? (int)(part * TPS_PPM / whole) : 0;
}

TpsCurveRow tps_curve_row(const TpsPlan *plan, const TpsCurveTerms *terms)
{
    g_autofree int64_t *time_us = worker_times(plan, terms->startup_us);
    int n_slots = terms->n_slots ? MIN(terms->n_slots, plan->size) : plan->size;
    TpsCurveRow row = {
        .size = plan->size,
        .n_tasks = plan->tasks->len,
        .makespan_us = plan->makespan_us,
        .elapsed_us = tps_pool_simulate(time_us, (size_t)plan->size, n_slots, NULL, NULL, NULL),
        .work_us = sum_of_weights(plan),
        .machine_us = multiply(plan->size, plan->makespan_us),
        .billed_us = bill(time_us, plan->size, terms->granularity_us),
        .cost = TPS_MONEY_UNKNOWN,
        .probability_ppm = plan->within_target_ppm,
    };

    if (terms->price != TPS_MONEY_UNKNOWN)
        row.cost = tps_curve_cost(row.billed_us, terms->price);
    row.idle_ppm = ppm(row.machine_us - MIN(row.work_us, row.machine_us), row.machine_us);
    return row;
}

int tps_curve_next_size(int size)
{
    int power = 1;

    while (power <= size / 2)
        power *= 2;
    return size < power + power / 2 ? power + power / 2 : 2 * power;
}

/* A curve while it is drawn. */
typedef struct {
    const TpsPlanRequest *request;
    const TpsCurveTerms *terms;
    GArray *known; /* of TpsCurveRow: every size that was asked for so far */
    TpsCurve *curve;
    int max_size;
} Drawing;

static TpsPlan *plan_of_size(const Drawing *drawing, int size, GError **error)
{
    TpsPlanRequest request = *drawing->request;

    request.size = size;
    return tps_plan_make(&request, error);
}

static bool ask(Drawing *drawing, int size, TpsCurveRow *row, GError **error)
{
    g_autoptr(TpsPlan) plan = NULL;

    for (guint i = 0; i < drawing->known->len; i++) {
        *row = g_array_index(drawing->known, TpsCurveRow, i);
        if (row->size == size)
            return true;
    }
    plan = plan_of_size(drawing, size, error);
    if (!plan)
        return false;
    *row = tps_curve_row(plan, drawing->terms);
    g_array_append_val(drawing->known, *row);
    return true;
}

static void show(TpsCurve *curve, const TpsCurveRow *row)
{
    guint i = 0;

    if (tps_curve_find(curve, row->size))
        return;
    while (i < curve->rows->len && g_array_index(curve->rows, TpsCurveRow, i).size < row->size)
        i++;
    g_array_insert_vals(curve->rows, i, row, 1);
}

static bool ask_and_show(Drawing *drawing, int size, TpsCurveRow *row, GError **error)
{
    if (!ask(drawing, size, row, error))
        return false;
    show(drawing->curve, row);
    return true;
}

static bool is_enough(const Drawing *drawing, const TpsCurveRow *row)
{
    int64_t floor_us = drawing->curve->floor_us;

    return row->makespan_us <= tps_add_sat(floor_us, floor_us / SATURATED_PART);
}

static int sizes_at_most(const TpsPlanRequest *request)
{
    guint64 n = 0;

    for (size_t i = 0; i < request->n_suites; i++) {
        const TpsSuite *declared = request->suites[i].declared;

        n += (guint64)request->suites[i].testcases->len *
             (guint64)(declared && declared->needs ? declared->needs->slots : 1);
    }
    n = CLAMP(n, 1, SIZE_MAX_ASKED);
    return request->max_size ? MIN((int)n, request->max_size) : (int)n;
}

static bool ask_recommended(Drawing *drawing, GError **error)
{
    g_autoptr(TpsPlan) plan = plan_of_size(drawing, TPS_AUTO, error);
    TpsCurveRow row;

    if (!plan)
        return false;
    row = tps_curve_row(plan, drawing->terms);
    g_array_append_val(drawing->known, row);
    show(drawing->curve, &row);
    drawing->curve->recommended = plan->size;
    drawing->curve->target_us = plan->target_us;
    return true;
}

static bool ask_floor(Drawing *drawing, GError **error)
{
    TpsCurveRow row;

    if (!ask(drawing, drawing->max_size, &row, error))
        return false;
    drawing->curve->floor_us = row.makespan_us;
    return true;
}

static bool ask_wished(Drawing *drawing, GError **error)
{
    TpsCurveRow row;

    if (drawing->request->size == TPS_AUTO)
        return true;
    drawing->curve->asked = drawing->request->size;
    return ask_and_show(drawing, drawing->request->size, &row, error);
}

/* Up to the first size that is enough; `low` and `high`: the fewest that are lies between. */
static bool climb(Drawing *drawing, int *low, int *high, GError **error)
{
    TpsCurveRow row;

    *low = 0;
    for (int size = 1; size < drawing->max_size; size = tps_curve_next_size(size)) {
        *high = size;
        if (!ask_and_show(drawing, size, &row, error))
            return false;
        if (is_enough(drawing, &row))
            return true;
        *low = size;
    }
    *high = drawing->max_size;
    return ask_and_show(drawing, drawing->max_size, &row, error);
}

static bool bisect(Drawing *drawing, int low, int high, GError **error)
{
    TpsCurveRow row;

    while (high - low > 1) {
        int middle = low + (high - low) / 2;

        if (!ask(drawing, middle, &row, error))
            return false;
        if (is_enough(drawing, &row))
            high = middle;
        else
            low = middle;
    }
    drawing->curve->saturation = high;
    return ask_and_show(drawing, high, &row, error);
}

/* One size behind the saturation, to see that nothing comes. */
static bool go_beyond(Drawing *drawing, GError **error)
{
    int size = tps_curve_next_size(drawing->curve->saturation);
    TpsCurveRow row;

    return ask_and_show(drawing, MIN(size, drawing->max_size), &row, error);
}

static bool draw(Drawing *drawing, GError **error)
{
    int low;
    int high;

    return ask_recommended(drawing, error) && ask_floor(drawing, error) &&
           ask_wished(drawing, error) && climb(drawing, &low, &high, error) &&
           bisect(drawing, low, high, error) && go_beyond(drawing, error);
}

TpsCurve *tps_curve_make(const TpsPlanRequest *request, const TpsCurveTerms *terms, GError **error)
{
    g_autoptr(TpsCurve) curve = tps_curve_new();
    g_autoptr(GArray) known = g_array_new(FALSE, FALSE, sizeof(TpsCurveRow));
    Drawing drawing = {.request = request,
                       .terms = terms,
                       .known = known,
                       .curve = curve,
                       .max_size = sizes_at_most(request)};

    curve->max_size = request->max_size;
    return draw(&drawing, error) ? g_steal_pointer(&curve) : NULL;
}
