/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of plans as a patch of a project's files: what goes into which, and what is said where it can't. */
#include "compose_text.h"

#include <leastcap/cleanup.h>
#include <leastcap/harden.h>

/* A service that needs what changes users, and gives /data away, at its start. */
static struct lc_profile profile;
static struct lc_harden_plan plans[2];

static void add_server(const char *service, bool ports)
{
	uint64_t users = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SETGID);
	uint64_t list = users | (ports ? LC_CAP_BIT(CAP_NET_BIND_SERVICE) : 0);
	struct lc_harden_plan *plan = &plans[profile.n_targets];

	add_container(&profile, service, service, service, list);
	*plan = (struct lc_harden_plan){
		.as_user = true,
		.has_gid = true,
		.uid = 33,
		.gid = 34,
		.open_ports = ports,
		.user_frees = users,
		.n_paths = 1,
		.paths = {{strdup("/data"), true}},
	};
}

/* The patch of COMPOSE and DOCKERFILE, each of which may be NULL. What is said goes to *SAID. Forgets the profile. Caller frees both. */
static char *patch(const char *compose, const char *dockerfile, char **said, size_t *left)
{
	struct lc_compose file = {0};
	struct lc_strbuf text = {0}, diff = {0};
	struct lc_harden_project project = {.profile = &profile, .plans = plans, .text = &text};
	size_t length;
	FILE *stream = open_memstream(said, &length);
	struct lc_log log = {.threshold = LC_LOG_NOTICE, .stream = stream};

	for (size_t i = 0; i < profile.n_targets; i++)
		plans[i].target = &profile.targets[i];
	if (compose)
		read_compose(&file, compose);
	lc_strbuf_adds(&text, dockerfile);
	project.compose = compose ? &file : NULL;
	project.dockerfile = dockerfile ? "Dockerfile" : NULL;
	assert_int_equal(lc_harden_patch(&project, &log, &diff, left), 0);
	fclose(stream);
	for (size_t i = 0; i < profile.n_targets; i++)
		lc_harden_plan_clear(&plans[i]);
	lc_compose_clear(&file);
	lc_profile_clear(&profile);
	lc_strbuf_free(&text);
	return lc_strbuf_steal(&diff);
}

/* Asserts that the patch is DIFF, that LEFT things were left, and that SAID is a part of what is said. */
static void assert_patched(const char *compose, const char *dockerfile, const char *diff, size_t left, const char *said)
{
	char *words = NULL;
	size_t found;
	char *got = patch(compose, dockerfile, &words, &found);

	assert_string_equal(got, diff);
	assert_int_equal(found, left);
	if (!strstr(words, said))
		fail_msg("\"%s\" is not in \"%s\"", said, words);
	free(got);
	free(words);
}

#define COMPOSE_HEAD "--- a/compose.yaml\n+++ b/compose.yaml\n"
#define DOCKER_DIFF                                                                                                    \
	"--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,2 +1,5 @@\n FROM debian\n+RUN [\"mkdir\", \"-p\", \"/data\"]\n"     \
	"+RUN [\"chown\", \"-R\", \"33:34\", \"/data\"]\n+USER 33:34\n CMD web\n"

static void with_both_files_the_image_has_the_user_and_the_service_the_list(void **state)
{
	(void)state;
	add_server("web", true);
	assert_patched("services:\n  web:\n    build: .\n", "FROM debian\nCMD web\n",
		COMPOSE_HEAD "@@ -1,3 +1,5 @@\n services:\n   web:\n     build: .\n+    cap_drop: [ALL]\n"
			     "+    sysctls: [net.ipv4.ip_unprivileged_port_start=0]\n" DOCKER_DIFF,
		0, "");
}

static void a_service_that_says_root_itself_says_the_user_then(void **state)
{
	(void)state;
	add_server("web", false);
	assert_patched("services:\n  web:\n    build: {context: ., target: one}\n    user: root # why\n",
		"FROM debian as one\nCMD web\nFROM debian\n",
		COMPOSE_HEAD
		"@@ -1,4 +1,5 @@\n services:\n   web:\n     build: {context: ., target: one}\n-    user: root # why\n"
		"+    user: \"33:34\" # why\n+    cap_drop: [ALL]\n"
		"--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,6 @@\n FROM debian as one\n+RUN [\"mkdir\", \"-p\", \"/data\"]\n"
		"+RUN [\"chown\", \"-R\", \"33:34\", \"/data\"]\n+USER 33:34\n CMD web\n FROM debian\n",
		0, "");
}

static void without_the_image_a_service_stays_root_unless_its_files_are_in_a_volume(void **state)
{
	(void)state;
	add_server("web", false);
	assert_patched("services:\n  web:\n    image: web\n    cap_drop: [ALL]\n    cap_add: [CHOWN, SETGID, SETUID]\n",
		NULL, "", 1,
		"web stays root: its image has to give /data to 33:34 when it is built, for which its Dockerfile is needed");
	add_server("web", false);
	assert_patched("services:\n  web: {image: web, volumes: ['data:/data/'], cap_drop: [ALL]}\n", NULL,
		COMPOSE_HEAD
		"@@ -1,2 +1,2 @@\n services:\n-  web: {image: web, volumes: ['data:/data/'], cap_drop: [ALL]}\n"
		"+  web: {image: web, volumes: ['data:/data/'], cap_drop: [ALL], user: \"33:34\"}\n",
		0, "--entrypoint chown web -R 33:34 /data");
}

static void a_service_that_can_not_change_keeps_its_list_and_its_image(void **state)
{
	static const struct {
		const char *key;
		bool ports;
		const char *why;
	} rows[] = {
		{"user: '7'", false, "it has another user already"},
		{"user: $WHO", false, "its user has a variable"},
		{"userns_mode: host", false, "it has a user namespace mode of its own"},
		{"network_mode: host", true, "it has no network of its own"},
		{"sysctls: {net.core.somaxconn: 1}", true, "it has sysctls already"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

		add_server("web", rows[i].ports);
		lc_strbuf_addf(&text,
			"services:\n  web:\n    build: .\n    %s\n    cap_drop: [ALL]\n    cap_add: [CHOWN, SETGID, SETUID%s]\n",
			rows[i].key, rows[i].ports ? ", NET_BIND_SERVICE" : "");
		assert_patched(text.text, "FROM debian\nCMD web\n", "", 2, rows[i].why);
	}
}

static void a_dockerfile_that_is_not_understood_changes_no_service(void **state)
{
	(void)state;
	add_server("web", false);
	assert_patched("services:\n  web:\n    build: .\n    cap_drop: [ALL]\n    cap_add: [CHOWN, SETGID, SETUID]\n",
		"FROM debian\nONBUILD USER app\n", "", 2, "Dockerfile:2: what ONBUILD does");
}

static void of_several_images_none_is_guessed(void **state)
{
	(void)state;
	add_server("web", false);
	add_server("db", false);
	assert_patched(NULL, "FROM debian\nCMD web\n", "", 1,
		"which of several containers it makes the image of is not known");
	add_server("web", false);
	add_server("db", false);
	assert_patched(
		"services:\n  web: {build: ., cap_drop: [ALL]}\n  db: {image: db, volumes: [/data], cap_drop: [ALL], user: '33:34'}\n",
		"FROM debian\nCMD web\n", DOCKER_DIFF, 0, "db: /data is in a volume");
}

static void without_a_compose_file_the_options_are_said(void **state)
{
	(void)state;
	add_server("web", true);
	assert_patched(NULL, "FROM debian\nCMD web\n", DOCKER_DIFF, 0,
		"web then takes --cap-drop ALL --sysctl net.ipv4.ip_unprivileged_port_start=0\n");
}

static void containers_of_one_service_that_start_as_several_users_keep_their_lists(void **state)
{
	(void)state;
	add_server("web", false);
	add_server("web", false);
	plans[1].uid = 44;
	assert_patched(
		"services:\n  web:\n    image: web\n    volumes: [/data]\n    cap_drop: [ALL]\n    cap_add: [CHOWN, SETGID, SETUID]\n",
		NULL, "", 0, "web keeps the list that was recorded: its containers start as several users");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_both_files_the_image_has_the_user_and_the_service_the_list),
		cmocka_unit_test(a_service_that_says_root_itself_says_the_user_then),
		cmocka_unit_test(without_the_image_a_service_stays_root_unless_its_files_are_in_a_volume),
		cmocka_unit_test(a_service_that_can_not_change_keeps_its_list_and_its_image),
		cmocka_unit_test(a_dockerfile_that_is_not_understood_changes_no_service),
		cmocka_unit_test(of_several_images_none_is_guessed),
		cmocka_unit_test(without_a_compose_file_the_options_are_said),
		cmocka_unit_test(containers_of_one_service_that_start_as_several_users_keep_their_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
