/* SPDX-License-Identifier: MIT */
#include "adapters/executor.h"

#include "adapters/executors/rubble.h"

int64_t tps_exit_time(const TpsExit *exit)
{
    return MAX(exit->ended_us - exit->started_us - exit->paused_us, 0);
}

void tps_exit_clear(TpsExit *exit)
{
    tps_executor_settle(exit, true);
    g_free(exit->output);
    g_free(exit->leaked);
    *exit = (TpsExit){0};
}

bool tps_executor_run(TpsExecutor *executor, int slot, const TpsCommand *command, TpsExit *exit,
                      GError **error)
{
    g_assert(slot >= 0 && slot < executor->n_slots);
    return executor->run(executor, slot, command, exit, error);
}

void tps_executor_stop(TpsExecutor *executor, TpsStop how)
{
    executor->stop(executor, how);
}

void tps_executor_pause(TpsExecutor *executor)
{
    executor->pause(executor, true);
}

void tps_executor_continue(TpsExecutor *executor)
{
    executor->pause(executor, false);
}

const char *tps_executor_describe(const TpsExecutor *executor)
{
    return executor->describe(executor);
}

void tps_executor_free(TpsExecutor *executor)
{
    if (executor)
        executor->free(executor);
}

void tps_executor_set_base(const char *path)
{
    tps_rubble_set_base(path);
}
