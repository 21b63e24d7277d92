/* SPDX-License-Identifier: MIT */
#include "formats/pieces_json.h"

#include "core/error.h"
#include "core/result.h"
#include "formats/json.h"
#include "formats/json_line.h"

#define NUMBER_MAX 1000000000

void tps_pieces_json_append(GString *line, const GArray *pieces)
{
    tps_json_line_open(line, "ran", '[');
    for (guint i = 0; i < pieces->len; i++) {
        const TpsPartPiece *piece = &g_array_index(pieces, TpsPartPiece, i);

        tps_json_line_open(line, NULL, '{');
        tps_json_line_int(line, "worker", piece->worker);
        tps_json_line_seconds(line, "started", piece->started_us);
        tps_json_line_seconds(line, "wall_time", piece->wall_us);
        tps_json_line_maybe_seconds(line, "setup_time", piece->setup_us);
        tps_json_line_maybe_seconds(line, "teardown_time", piece->teardown_us);
        tps_json_line_close(line, '}');
    }
    tps_json_line_close(line, ']');
}

static bool read_piece(const cJSON *object, TpsPartPiece *piece, GError **error)
{
    int64_t worker;

    if (!tps_json_get_int(object, "worker", 0, NUMBER_MAX, &worker, error) ||
        !tps_json_get_instant(object, "started", &piece->started_us, error) ||
        !tps_json_get_seconds(object, "wall_time", &piece->wall_us, error) ||
        !tps_json_maybe_seconds(object, "setup_time", TPS_TIME_UNKNOWN, &piece->setup_us, error) ||
        !tps_json_maybe_seconds(object, "teardown_time", TPS_TIME_UNKNOWN, &piece->teardown_us,
                                error))
        return false;
    piece->worker = (int)worker;
    return true;
}

bool tps_pieces_json_read(const cJSON *object, GArray **pieces, GError **error)
{
    g_autoptr(GArray) read = NULL;
    const cJSON *array;
    const cJSON *element;

    if (!cJSON_GetObjectItemCaseSensitive(object, "ran"))
        return true;
    if (!tps_json_get_array(object, "ran", &array, error))
        return false;
    read = g_array_new(FALSE, TRUE, sizeof(TpsPartPiece));
    cJSON_ArrayForEach(element, array)
    {
        TpsPartPiece piece = {0};

        if (!read_piece(element, &piece, error))
            return false;
        g_array_append_val(read, piece);
    }
    *pieces = g_steal_pointer(&read);
    return true;
}

bool tps_pieces_json_number(const cJSON *object, int *piece, GError **error)
{
    int64_t number;

    if (!tps_json_maybe_int(object, "piece", 0, NUMBER_MAX, 0, &number, error))
        return false;
    *piece = (int)number;
    return true;
}
