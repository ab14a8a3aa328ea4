/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the words by which targets are called, and of the choice among many. */
#include "render.h"

#include <leastcap/choice.h>

#include <errno.h>

static struct lc_target web = {
	.kind = LC_TARGET_CONTAINER,
	.name = (char *)"shop-web-1",
	.id = (char *)"595472074dab0000",
	.project = (char *)"shop",
	.service = (char *)"web",
};

static struct lc_target nginx = {
	.kind = LC_TARGET_CONTAINER,
	.name = (char *)"nginx",
	.pod = (char *)"front-1",
	.namespace = (char *)"default",
};

static struct lc_target unit = {.kind = LC_TARGET_SERVICE, .name = (char *)"cron.service"};

static void assert_answers(const struct lc_target *target, const char *word, enum lc_answer answer)
{
	if (lc_target_answers(target, word) != answer)
		fail_msg("%s answers to %s otherwise", target->name, word);
}

static void a_container_is_called_by_its_name_or_the_beginning_of_its_id(void **state)
{
	(void)state;
	assert_answers(&web, "shop-web-1", LC_ANSWER_OWN);
	assert_answers(&web, "595", LC_ANSWER_OWN);
	assert_answers(&web, "59", LC_ANSWER_NONE);
	assert_answers(&web, "shop-web", LC_ANSWER_NONE);
	assert_answers(&web, "", LC_ANSWER_NONE);
}

static void with_others_it_is_called_by_its_service(void **state)
{
	(void)state;
	assert_answers(&web, "web", LC_ANSWER_GROUP);
	assert_answers(&web, "shop/web", LC_ANSWER_GROUP);
	assert_answers(&web, "other/web", LC_ANSWER_NONE);
	assert_answers(&web, "shop", LC_ANSWER_NONE);
}

static void a_container_of_a_pod_is_called_by_that_too(void **state)
{
	(void)state;
	assert_answers(&nginx, "default/front-1/nginx", LC_ANSWER_OWN);
	assert_answers(&nginx, "front-1/nginx", LC_ANSWER_OWN);
	assert_answers(&nginx, "nginx", LC_ANSWER_OWN);
	assert_answers(&nginx, "front-1", LC_ANSWER_GROUP);
	assert_answers(&nginx, "default/front-1", LC_ANSWER_GROUP);
	assert_answers(&nginx, "kube-system/front-1", LC_ANSWER_NONE);
	assert_answers(&nginx, "default/nginx", LC_ANSWER_NONE);
}

static void a_unit_is_called_with_and_without_its_kind(void **state)
{
	(void)state;
	assert_answers(&unit, "cron.service", LC_ANSWER_OWN);
	assert_answers(&unit, "cron", LC_ANSWER_OWN);
	assert_answers(&unit, "cro", LC_ANSWER_NONE);
}

/* "db", a container of no project, and service db of the projects shop and blog. The second has lost two checks, and one is not known of whom. */
static void fill(struct lc_profile *profile)
{
	struct lc_target *target = add_container(profile, "db", "postgres:15", NULL, 0);

	target = add_container(profile, "shop-db-1", "mariadb", "db", 0);
	target->losses.of[LC_LOSS_CHECKS] = 2;
	target = add_container(profile, "blog-db-1", "docker.io/library/postgres:15", "db", 0);
	free(target->project);
	target->project = copy("blog");
	profile->elsewhere.of[LC_LOSS_CHECKS] = 1;
	profile->lost = 3;
}

/* Chooses from those, and asserts which are left. */
static void assert_chosen(const struct lc_choice *choice, const char *names, uint64_t lost)
{
	struct lc_profile profile = {0};
	struct lc_strbuf left = {0};
	const char *missing;

	fill(&profile);
	assert_int_equal(lc_choice_apply(choice, &profile, &missing), 0);
	for (size_t i = 0; i < profile.n_targets; i++) {
		lc_strbuf_separate(&left, " ");
		lc_strbuf_adds(&left, profile.targets[i].name);
	}
	assert_string_equal(left.text, names);
	assert_int_equal(profile.lost, lost);
	lc_strbuf_free(&left);
	lc_profile_clear(&profile);
}

static void who_is_called_so_himself_goes_before_those_who_are_so_together(void **state)
{
	char *names[] = {(char *)"db"};

	(void)state;
	assert_chosen(&(struct lc_choice){.names = names, .n_names = 1}, "db", 1);
	assert_chosen(&(struct lc_choice){.names = names, .n_names = 1, .project = "shop"}, "shop-db-1", 3);
}

static void project_and_image_choose_and_nothing_chooses_all(void **state)
{
	(void)state;
	assert_chosen(&(struct lc_choice){.project = "blog"}, "blog-db-1", 1);
	assert_chosen(&(struct lc_choice){.image = "postgres:15"}, "db blog-db-1", 1);
	assert_chosen(&(struct lc_choice){0}, "db shop-db-1 blog-db-1", 3);
}

static void a_name_that_nobody_has_is_told_and_changes_nothing(void **state)
{
	char *names[] = {(char *)"shop-db-1", (char *)"proxy"};
	struct lc_profile profile = {0};
	const char *missing;

	(void)state;
	fill(&profile);
	assert_int_equal(
		lc_choice_apply(&(struct lc_choice){.names = names, .n_names = 2}, &profile, &missing), -ENOENT);
	assert_string_equal(missing, "proxy");
	assert_int_equal(profile.n_targets, 3);
	assert_int_equal(lc_choice_apply(&(struct lc_choice){.image = "nginx"}, &profile, &missing), -ENOENT);
	assert_null(missing);
	lc_profile_clear(&profile);
}

static void the_nearest_name_of_many_is_found_one_after_the_other(void **state)
{
	(void)state;
	assert_null(lc_target_suggest(&web, "postgres", NULL));
	assert_string_equal(lc_target_suggest(&web, "shop-wbe-1", NULL), "shop-web-1");
	assert_string_equal(lc_target_suggest(&web, "wbe", NULL), "web");
	assert_string_equal(lc_target_suggest(&nginx, "frnot-1", NULL), "front-1");
	/* What is nearer stays. */
	assert_string_equal(lc_target_suggest(&nginx, "ngin", "engine"), "nginx");
	assert_string_equal(lc_target_suggest(&nginx, "engin", "engine"), "engine");
	assert_string_equal(lc_target_suggest(&web, "engin", "engine"), "engine");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_container_is_called_by_its_name_or_the_beginning_of_its_id),
		cmocka_unit_test(with_others_it_is_called_by_its_service),
		cmocka_unit_test(a_container_of_a_pod_is_called_by_that_too),
		cmocka_unit_test(a_unit_is_called_with_and_without_its_kind),
		cmocka_unit_test(who_is_called_so_himself_goes_before_those_who_are_so_together),
		cmocka_unit_test(project_and_image_choose_and_nothing_chooses_all),
		cmocka_unit_test(a_name_that_nobody_has_is_told_and_changes_nothing),
		cmocka_unit_test(the_nearest_name_of_many_is_found_one_after_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
