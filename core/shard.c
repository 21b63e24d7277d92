/* SPDX-License-Identifier: MIT */
#include "core/shard.h"

#include <stdbool.h>

static void shard_clear(void *data)
{
    g_ptr_array_unref(((TpsShard *)data)->parts);
}

/* What is none of the allowed characters separates words, once. */
static char *word_of(const char *name)
{
    GString *word = g_string_new(NULL);

    for (; *name && word->len < TPS_SHARDS_NAME_MAX; name++) {
        const bool is_taken =
            g_ascii_isalpha(*name) || (word->len > 0 && (g_ascii_isdigit(*name) || *name == '_'));

        if (is_taken)
            g_string_append_c(word, *name);
        else if (word->len > 0 && word->str[word->len - 1] != '-')
            g_string_append_c(word, '-');
    }
    while (word->len > 0 && word->str[word->len - 1] == '-')
        g_string_truncate(word, word->len - 1);
    if (word->len == 0)
        g_string_append(word, "tpsched");
    return g_string_free(word, FALSE);
}

TpsShards *tps_shards_new(const char *name)
{
    TpsShards *shards = g_new0(TpsShards, 1);

    shards->plan_id = g_strdup("");
    shards->name = word_of(name);
    shards->shards = g_array_new(FALSE, TRUE, sizeof(TpsShard));
    g_array_set_clear_func(shards->shards, shard_clear);
    return shards;
}

void tps_shards_free(TpsShards *shards)
{
    if (!shards)
        return;
    g_free(shards->plan_id);
    g_free(shards->name);
    g_array_unref(shards->shards);
    g_free(shards);
}

TpsShard *tps_shards_add(TpsShards *shards, int number)
{
    TpsShard shard = {.number = number, .parts = g_ptr_array_new_with_free_func(g_free)};

    g_array_append_val(shards->shards, shard);
    return &g_array_index(shards->shards, TpsShard, shards->shards->len - 1);
}
