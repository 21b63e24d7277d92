/* SPDX-License-Identifier: MIT */
#include "adapters/framework.h"

#include "adapters/frameworks/expansion_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/duration.h"

TpsUnit tps_framework_unit(const TpsSuite *suite)
{
    const TpsFramework *framework = tps_framework_find(suite->framework);

    if (!framework)
        return suite->unit == TPS_UNIT_DEFAULT ? TPS_UNIT_TESTCASE : suite->unit;
    /* Where only whole classes can be selected, a file could still cut one in two. */
    if (framework->finest_unit != TPS_UNIT_TESTCASE)
        return framework->finest_unit;
    return suite->unit == TPS_UNIT_DEFAULT ? framework->unit : suite->unit;
}

bool tps_framework_selects_testcases(const TpsSuite *suite)
{
    const TpsFramework *framework = tps_framework_find(suite->framework);

    return framework && framework->finest_unit == TPS_UNIT_TESTCASE;
}

bool tps_framework_is_exit_status(const TpsSuite *suite)
{
    const TpsFramework *framework = tps_framework_find(suite->framework);

    return framework && framework->report.source.reader == TPS_READER_EXIT;
}

int64_t tps_framework_start_up_us(const TpsSuite *suite)
{
    const TpsFramework *framework = tps_framework_find(suite->framework);

    return framework ? framework->start_up_us : 0;
}

static void add_seconds(TpsInvocation *invocation, const char *name, int64_t us)
{
    g_autofree char *text = tps_exact_seconds(us);

    tps_invocation_add_env(invocation, name, text);
}

/* Python's time.monotonic() and Ruby's CLOCK_MONOTONIC are the clock that GLib calls monotonic. */
void tps_framework_let_give_back(const TpsSuite *suite, TpsInvocation *invocation,
                                 const char *request, int64_t until_us, int64_t worth_us)
{
    tps_invocation_add_env(invocation, "TPSCHED_REQUEST", request);
    add_seconds(invocation, "TPSCHED_UNTIL", until_us);
    add_seconds(invocation, "TPSCHED_WORTH", worth_us);
    tps_invocation_add_env(invocation, "TPSCHED_UNIT", tps_unit_name(tps_framework_unit(suite)));
}

void tps_framework_limit_testcases(const TpsSuite *suite, TpsInvocation *invocation)
{
    const TpsFramework *framework = tps_framework_find(suite->framework);
    g_auto(TpsExpansion) expansion = {.suite = suite, .framework = framework};

    if (!framework || !framework->run.limits_testcases || suite->testcase_timeout_us == 0)
        return;
    expansion.seconds = tps_whole_seconds(suite->testcase_timeout_us);
    expansion.exact_seconds = tps_exact_seconds(suite->testcase_timeout_us);
    tps_expansion_add(&expansion, invocation, framework->run.timeout_arguments, NULL);
    tps_expansion_add_env(&expansion, invocation, framework->run.timeout_environment);
}
