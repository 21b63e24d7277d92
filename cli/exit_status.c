/* SPDX-License-Identifier: MIT */
#include "cli/exit_status.h"

#include "core/error.h"

int tps_exit_status_of_error(const GError *error)
{
    if (error->domain != TPS_ERROR)
        return TPS_EXIT_USAGE; /* GOption's: the command line */
    switch ((TpsError)error->code) {
    case TPS_ERROR_USAGE:
    case TPS_ERROR_INPUT:
    case TPS_ERROR_FRAMEWORK:
    case TPS_ERROR_EMPTY:
        return TPS_EXIT_USAGE;
    case TPS_ERROR_INCOMPLETE:
        return TPS_EXIT_INCOMPLETE;
    case TPS_ERROR_EXECUTOR:
        return TPS_EXIT_INFRASTRUCTURE;
    case TPS_ERROR_INTERRUPTED:
        return TPS_EXIT_INTERRUPTED;
    }
    return TPS_EXIT_INFRASTRUCTURE;
}

int tps_exit_status_of_merge(const TpsReport *merge)
{
    return tps_report_exit_status(merge);
}

int tps_exit_status_of_run(const TpsRun *run)
{
    if (run->interrupted)
        return TPS_EXIT_INTERRUPTED;
    if (run->trouble || run->n_lost > 0)
        return TPS_EXIT_INFRASTRUCTURE; /* it was executed: whatever went wrong then is no usage */
    return tps_exit_status_of_merge(run->merge);
}
