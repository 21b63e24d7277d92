/* SPDX-License-Identifier: MIT */
#include "scheduler/task_index.h"

#include <string.h>

struct TpsTaskIndex {
    GHashTable *tasks; /* TpsTask -> itself, equal by suite and part */
};

static guint hash_task(const void *task)
{
    const TpsTask *t = task;

    return g_str_hash(t->suite) * 31 + (guint)t->part.index;
}

static gboolean equal_tasks(const void *a, const void *b)
{
    const TpsTask *x = a;
    const TpsTask *y = b;

    return x->part.index == y->part.index && x->part.count == y->part.count &&
           strcmp(x->suite, y->suite) == 0;
}

TpsTaskIndex *tps_task_index_new(const TpsPlan *plan)
{
    TpsTaskIndex *index = g_new0(TpsTaskIndex, 1);

    index->tasks = g_hash_table_new(hash_task, equal_tasks);
    for (guint i = 0; i < plan->tasks->len; i++)
        g_hash_table_add(index->tasks, g_ptr_array_index(plan->tasks, i));
    return index;
}

void tps_task_index_free(TpsTaskIndex *index)
{
    if (!index)
        return;
    g_hash_table_unref(index->tasks);
    g_free(index);
}

TpsTask *tps_task_index_find(const TpsTaskIndex *index, const char *suite, TpsPart part)
{
    TpsTask wanted = {.suite = (char *)suite, .part = part};

    return g_hash_table_lookup(index->tasks, &wanted);
}
