/* SPDX-License-Identifier: MIT */
#include "fuzz/fuzz.h"

#include <glib.h>
#include <stdlib.h>

/* Show a fuzz target every file of a folder, as an ordinary test. */
static void replay(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize length;

    if (!g_file_get_contents(path, &bytes, &length, &error))
        g_error("%s", error->message);
    LLVMFuzzerTestOneInput((const uint8_t *)bytes, length);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) corpus = argc == 2 ? g_dir_open(argv[1], 0, &error) : NULL;
    const char *name;

    if (!corpus)
        g_error("%s", error ? error->message : "usage: replay FOLDER");
    while ((name = g_dir_read_name(corpus)) != NULL) {
        g_autofree char *path = g_build_filename(argv[1], name, NULL);

        replay(path);
    }
    return EXIT_SUCCESS;
}
