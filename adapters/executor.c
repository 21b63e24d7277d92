/* SPDX-License-Identifier: MIT */
#include "adapters/executor.h"

void tps_exit_clear(TpsExit *exit)
{
    g_free(exit->output);
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

void tps_executor_free(TpsExecutor *executor)
{
    if (executor)
        executor->free(executor);
}
