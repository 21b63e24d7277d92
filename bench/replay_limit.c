/* SPDX-License-Identifier: MIT */
#include "bench/replay_limit.h"

#include <glib.h>

/* How much longer than expected a testcase may take before its part was ended too late. */
#define DOUBT 1.25

/* One part, while it runs. */
typedef struct {
    int64_t real_us, expected_us; /* of its testcases so far */
    bool is_empty, has_giant;
} Part;

static void end_part(const Part *part, const ReplayLimit *limit, ReplayTally *tally)
{
    const int64_t us = limit->setup_us + part->real_us;

    tally->parts++;
    if (us <= limit->limit_us)
        return;
    tally->over++;
    if (part->has_giant)
        return;
    tally->avoidable++;
    tally->overshoot += (double)us / (double)limit->limit_us - 1;
}

static bool will_be_over(const Part *part, int64_t next_us, const ReplayLimit *limit)
{
    const double pace =
        part->expected_us > 0 ? (double)part->real_us / (double)part->expected_us : 1;

    return (double)(limit->setup_us + part->real_us) + (double)next_us * MAX(pace, 1) * DOUBT >
           (double)limit->limit_us;
}

void replay_run_part(const ReplayContent *content, const int *part_of, int number,
                     const ReplayLimit *limit, bool gives_back, ReplayTally *tally)
{
    Part part = {.is_empty = true};

    for (size_t i = 0; i < content->n; i++) {
        if (part_of[i] != number)
            continue;
        if (gives_back && !part.is_empty && will_be_over(&part, content->expected_us[i], limit)) {
            end_part(&part, limit, tally);
            part = (Part){0};
        }
        part.is_empty = false;
        part.real_us += content->real_us[i];
        part.expected_us += content->expected_us[i];
        part.has_giant |= content->real_us[i] > limit->limit_us - limit->setup_us;
    }
    end_part(&part, limit, tally);
}
