/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define RUN_N_TOOLS 10

/* Many times the same command. */
typedef struct {
    const char *name;
    const char *command[4]; /* CHILD stands for the program that sleeps and prints */
    int n;
    int workers;
} RunWork;

/* Where the programs and the files are. */
typedef struct {
    const char *tpsched;
    const char *bare;
    const char *child;
    const char *dir; /* of the tool, empty before it is prepared */
} RunPlace;

/* One that runs many commands at once, and how it is told. */
typedef struct {
    const char *name;
    const char *program; /* NULL = ours */
    const char
        *argv[9]; /* WORKERS, TASKS, NAMES, COMMAND, TPSCHED and BARE stand for what they say */
    const char *setup[4]; /* to be run once before, not measured */
    const char *file;     /* what `write` writes; NULL = none */
    void (*write)(GString *text, const RunWork *work, const RunPlace *place);
    bool slow;     /* is measured in every second round only */
    bool wide;     /* takes part with hundreds of workers */
    bool captures; /* keeps what the commands print apart */
} RunTool;

/* tpsched first, then the bare loop. */
extern const RunTool run_tools[RUN_N_TOOLS];

bool run_tool_is_there(const RunTool *tool);

/* Write its files into place->dir and run its setup. */
bool run_tool_prepare(const RunTool *tool, const RunWork *work, const RunPlace *place);

/* How it is called. Free with g_strfreev(). */
char **run_tool_argv(const RunTool *tool, const RunWork *work, const RunPlace *place);
