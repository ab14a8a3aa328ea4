/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of which recorded container is of which service. */
#include "compose_text.h"
#include "src/compose/match.h"

#define NONE LC_COMPOSE_NO_SERVICE

static const char two[] = "services:\n"
			  "  web: {image: nginx, container_name: front}\n"
			  "  db: {image: \"docker.io/library/redis:latest\"}\n";

/* Asserts that PROFILE's targets, N of them, are of SERVICES in TEXT, and that SAID is in what is said. Frees PROFILE. */
static void assert_matches(
	const char *text, struct lc_profile *profile, const size_t *services, size_t n, const char *said)
{
	struct lc_compose file = {0};
	char *lines = NULL;
	size_t length;
	FILE *stream = open_memstream(&lines, &length);
	const struct lc_log log = {.threshold = LC_LOG_NOTICE, .stream = stream};
	size_t *got;

	read_compose(&file, text);
	got = lc_compose_match(&file, profile, &log);
	fclose(stream);
	assert_non_null(got);
	assert_int_equal(profile->n_targets, n);
	for (size_t i = 0; i < n; i++) {
		if (got[i] != services[i])
			fail_msg("%s is of %zd, not %zd:\n%s", profile->targets[i].name, (ssize_t)got[i],
				(ssize_t)services[i], lines);
	}
	if (!strstr(lines, said) || (!*said && *lines))
		fail_msg("'%s' is not in '%s'", said, lines);
	free(got);
	free(lines);
	lc_compose_clear(&file);
	lc_profile_clear(profile);
}

static void the_label_of_compose_tells(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "shop-db-1", "other", "db", 0);
	add_container(&profile, "shop-db-2", "other", "db", 0);
	add_container(&profile, "shop-web-1", "redis", "web", 0);
	assert_matches(two, &profile, (const size_t[]){1, 1, 0}, 3,
		"db: its image is docker.io/library/redis:latest, and what was recorded (shop-db-1) ran other");
}

static void a_container_name_tells_where_there_is_no_label(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "front", "nginx", NULL, 0);
	assert_matches(two, &profile, (const size_t[]){0}, 1, "");
}

static void an_image_tells_where_one_service_has_it_in_any_spelling(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "a", "redis", NULL, 0);
	add_container(&profile, "b", "library/redis:latest", NULL, 0);
	add_container(&profile, "c", "redis:7", NULL, 0);
	assert_matches(
		two, &profile, (const size_t[]){1, 1, NONE}, 3, "c (redis:7) is no service of the file: left out");
}

static void an_image_of_two_services_tells_nothing(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "a", "app", NULL, 0);
	assert_matches("services: {web: {image: app}, cron: {image: app}}", &profile, (const size_t[]){NONE}, 1,
		"a (app): 2 services have its image");
}

static void an_image_does_not_count_where_a_label_tells(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "shop-db-1", "redis", "db", 0);
	add_container(&profile, "scratch", "redis", NULL, 0);
	assert_matches(two, &profile, (const size_t[]){1, NONE}, 2, "scratch (redis) has the image of service db");
}

static void containers_of_another_project_are_left_out(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "shop-web-1", NULL, "web", 0);
	free(add_container(&profile, "blog-web-1", NULL, "web", 0)->project);
	profile.targets[1].project = strdup("blog");
	assert_matches("name: shop\nservices: {web: {}}", &profile, (const size_t[]){0, NONE}, 2,
		"blog-web-1 is of another compose project, blog: left out");
}

static void where_the_project_cannot_be_told_nothing_is_matched(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "shop-web-1", NULL, "web", 0);
	free(add_container(&profile, "blog-web-1", NULL, "web", 0)->project);
	profile.targets[1].project = strdup("blog");
	assert_matches("services: {web: {}}", &profile, (const size_t[]){NONE, NONE}, 2, "give the file a 'name:'");
}

static void a_project_under_another_name_is_taken_and_said(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "shop-web-1", NULL, "web", 0);
	assert_matches("name: store\nservices: {web: {}}", &profile, (const size_t[]){0}, 1,
		"the file is of project store and the recording of shop: taken for the same");
}

static void what_is_no_container_is_left_out(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "front", NULL, NULL, 0)->kind = LC_TARGET_COMMAND;
	assert_matches(two, &profile, (const size_t[]){NONE}, 1, "front is no container: left out");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_label_of_compose_tells),
		cmocka_unit_test(a_container_name_tells_where_there_is_no_label),
		cmocka_unit_test(an_image_tells_where_one_service_has_it_in_any_spelling),
		cmocka_unit_test(an_image_of_two_services_tells_nothing),
		cmocka_unit_test(an_image_does_not_count_where_a_label_tells),
		cmocka_unit_test(containers_of_another_project_are_left_out),
		cmocka_unit_test(where_the_project_cannot_be_told_nothing_is_matched),
		cmocka_unit_test(a_project_under_another_name_is_taken_and_said),
		cmocka_unit_test(what_is_no_container_is_left_out),
	};

	return cmocka_run_group_tests_name("compose_match", tests, NULL, NULL);
}
