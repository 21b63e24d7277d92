/* SPDX-License-Identifier: MIT */
#include "formats/plan_json.h"
#include "tests/scheduler/random_project.h"
#include "tests/unit.h"

#include <cJSON.h>

/* The order in which things come in does not change a byte of the plan. */

#define PROJECTS 10
#define SHUFFLES 100 /* of each */
#define FILES 3

static const char *const file_names[FILES] = {"a.json", "b.json", "c.json"};

static void shuffle_inputs(GRand *rand, Project *project)
{
    for (size_t i = project->request.n_suites; i > 1; i--) {
        size_t other = (size_t)g_rand_int_range(rand, 0, (gint32)i);
        TpsPlanInput kept = project->inputs[i - 1];

        project->inputs[i - 1] = project->inputs[other];
        project->inputs[other] = kept;
    }
}

/* The members of all objects in another order; takes the tree. */
static cJSON *shuffled(GRand *rand, cJSON *object)
{
    cJSON *answer;

    if (!cJSON_IsObject(object))
        return object;
    answer = cJSON_CreateObject();
    for (int n = cJSON_GetArraySize(object); n > 0; n--) {
        cJSON *item = cJSON_DetachItemFromArray(object, g_rand_int_range(rand, 0, n));
        g_autofree char *name = g_strdup(item->string);

        cJSON_AddItemToObject(answer, name, shuffled(rand, item));
    }
    cJSON_Delete(object);
    return answer;
}

/* Every third suite, from `file` on. */
static cJSON *share_of(const cJSON *root, int file)
{
    cJSON *share = cJSON_CreateObject();
    int i = 0;

    for (const cJSON *entry = root->child; entry; entry = entry->next)
        if (i++ % FILES == file)
            cJSON_AddItemToObject(share, entry->string, cJSON_Duplicate(entry, true));
    return share;
}

static void load(GRand *rand, TpsRuntimeData *data, const cJSON *root, int file)
{
    cJSON *share = shuffled(rand, share_of(root, file));
    char *text = cJSON_Print(share);
    g_autofree char *path = scratch_text(file_names[file], text);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(!share->child || tps_runtime_data_load(data, path, &error), "%s",
                  error ? error->message : "");
    cJSON_free(text);
    cJSON_Delete(share);
}

/* The same data, its files and their members in an order of their own. */
static TpsRuntimeData *read_again(GRand *rand, const char *text)
{
    g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
    cJSON *root = cJSON_Parse(json);
    TpsRuntimeData *data = tps_runtime_data_new();
    int first = g_rand_int_range(rand, 0, FILES);
    int step = g_rand_int_range(rand, 1, FILES);

    ck_assert_ptr_nonnull(root);
    for (int i = 0; i < FILES; i++)
        load(rand, data, root, (first + i * step) % FILES);
    cJSON_Delete(root);
    return data;
}

static char *plan_text(GRand *rand, Project *project, const char *text)
{
    g_autoptr(TpsRuntimeData) data = read_again(rand, text);
    g_autoptr(TpsPlan) plan = NULL;

    project->request.data = data;
    plan = tps_plan_make(&project->request, NULL);
    project->request.data = project->data;
    return plan ? tps_plan_text(plan) : NULL;
}

/* A project that can be planned, of several suites. */
static char *draw_planned(GRand *rand, Project *project, GString *data)
{
    for (;;) {
        char *text;

        draw_project(rand, project, data);
        text = project->request.n_suites > 2 ? plan_text(rand, project, data->str) : NULL;
        if (text)
            return text;
        project_clear(project);
    }
}

START_TEST(order_does_not_matter)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(9900 + (guint32)_i);
    g_autoptr(GString) data = g_string_new(NULL);
    g_auto(Project) project = {0};
    g_autofree char *text = draw_planned(rand, &project, data);

    for (int round = 0; round < SHUFFLES; round++) {
        g_autofree char *again = NULL;

        shuffle_inputs(rand, &project);
        again = plan_text(rand, &project, data->str);
        ck_assert_msg(again && strcmp(again, text) == 0, "%.1500s\nis not\n%.1500s", again, text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("canonical");
    TCase *tcase = tcase_create("canonical");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, order_does_not_matter, 0, PROJECTS);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
