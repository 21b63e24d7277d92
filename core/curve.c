/* SPDX-License-Identifier: MIT */
#include "core/curve.h"

/* From here on two digits say enough. */
#define MONEY_COARSE (10 * TPS_MONEY_UNIT)

TpsCurve *tps_curve_new(void)
{
    TpsCurve *curve = g_new0(TpsCurve, 1);

    curve->rows = g_array_new(FALSE, FALSE, sizeof(TpsCurveRow));
    return curve;
}

void tps_curve_free(TpsCurve *curve)
{
    if (!curve)
        return;
    g_array_unref(curve->rows);
    g_free(curve);
}

const TpsCurveRow *tps_curve_find(const TpsCurve *curve, int size)
{
    for (guint i = 0; i < curve->rows->len; i++) {
        const TpsCurveRow *row = &g_array_index(curve->rows, TpsCurveRow, i);

        if (row->size == size)
            return row;
    }
    return NULL;
}

char *tps_money_format(int64_t money)
{
    int64_t whole = money / TPS_MONEY_UNIT;
    int64_t rest = money % TPS_MONEY_UNIT;
    int64_t digits = money < MONEY_COARSE ? 100 : 10000; /* what is cut off behind the last digit */

    rest = (rest + digits / 2) / digits;
    if (rest == TPS_MONEY_UNIT / digits) {
        whole++;
        rest = 0;
    }
    return g_strdup_printf("%" G_GINT64_FORMAT ".%0*d", whole, money < MONEY_COARSE ? 4 : 2,
                           (int)rest);
}
