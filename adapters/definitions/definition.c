/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/definition.h"

static void trace_free(TpsTrace *trace)
{
    g_free(trace->file);
    g_clear_pointer(&trace->contains, g_regex_unref);
    g_free(trace->program);
    g_free(trace);
}

TpsFramework *tps_framework_new(const char *name)
{
    TpsFramework *framework = g_new0(TpsFramework, 1);

    framework->name = g_strdup(name);
    framework->traces = g_ptr_array_new_with_free_func((GDestroyNotify)trace_free);
    framework->unit = TPS_UNIT_DEFAULT;
    framework->finest_unit = TPS_UNIT_TESTCASE;
    framework->report.time_unit_ns = 1000000000;
    return framework;
}

static void source_clear(TpsSource *source)
{
    g_free(source->from);
    g_free(source->records);
    g_clear_pointer(&source->pattern, g_regex_unref);
    g_strfreev(source->fields);
}

static void words_clear(TpsWords *words)
{
    g_strfreev(words->passed);
    g_strfreev(words->skipped);
    g_strfreev(words->failed);
    g_strfreev(words->error);
}

static void listing_clear(TpsListing *list)
{
    g_strfreev(list->files);
    g_strfreev(list->command);
    g_strfreev(list->environment);
    g_free(list->preload);
    g_free(list->proof);
    source_clear(&list->source);
    g_free(list->id);
    g_free(list->class);
    g_free(list->file);
    g_free(list->line);
    g_free(list->tags);
    g_free(list->selector);
    g_free(list->where);
    g_clear_pointer(&list->skip, g_regex_unref);
    g_clear_pointer(&list->exit, g_array_unref);
    g_clear_pointer(&list->no_tests, g_array_unref);
}

static void selecting_clear(TpsSelecting *select)
{
    g_free(select->each);
    g_free(select->escape);
    g_free(select->before);
    g_free(select->between);
    g_free(select->after);
    g_free(select->refuse);
    g_strfreev(select->arguments);
    g_strfreev(select->environment);
    g_free(select->variable);
}

static void running_clear(TpsRunning *run)
{
    g_strfreev(run->command);
    g_strfreev(run->environment);
    g_free(run->directory);
    g_free(run->preload);
    selecting_clear(&run->select);
    g_strfreev(run->timeout_arguments);
    g_strfreev(run->timeout_environment);
}

static void reporting_clear(TpsReporting *report)
{
    source_clear(&report->source);
    g_free(report->id);
    g_free(report->inner);
    g_free(report->outcome);
    words_clear(&report->words);
    g_free(report->time);
    g_free(report->message);
    g_free(report->text);
    g_free(report->output);
    g_free(report->file);
    g_free(report->line);
    g_free(report->proof);
    g_strfreev(report->remove);
}

static void statuses_clear(TpsStatuses *statuses)
{
    g_clear_pointer(&statuses->passed, g_array_unref);
    g_clear_pointer(&statuses->failed, g_array_unref);
    g_clear_pointer(&statuses->no_tests, g_array_unref);
    g_clear_pointer(&statuses->skipped, g_array_unref);
    g_strfreev(statuses->other);
}

void tps_framework_free(TpsFramework *framework)
{
    if (!framework)
        return;
    g_free(framework->name);
    g_free(framework->summary);
    g_free(framework->tried);
    g_free(framework->origin);
    g_strfreev(framework->program);
    g_strfreev(framework->environment);
    g_strfreev(framework->program_in);
    g_strfreev(framework->prepend);
    g_strfreev(framework->files);
    g_ptr_array_unref(framework->traces);
    g_strfreev(framework->init.covers);
    g_strfreev(framework->init.args);
    g_strfreev(framework->init.deep);
    g_free(framework->init.package);
    g_free(framework->init.hint);
    listing_clear(&framework->list);
    running_clear(&framework->run);
    reporting_clear(&framework->report);
    g_clear_pointer(&framework->progress.start, g_regex_unref);
    g_clear_pointer(&framework->progress.end, g_regex_unref);
    words_clear(&framework->progress.words);
    statuses_clear(&framework->exit);
    g_free(framework);
}

bool tps_statuses_have(const GArray *codes, int code)
{
    if (!codes)
        return false;
    for (guint i = 0; i < codes->len; i++)
        if (g_array_index(codes, int, i) == code)
            return true;
    return codes->len == 0;
}
