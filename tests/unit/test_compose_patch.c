/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the patch of a compose file: what it changes, and what is said about the file. */
#include "compose_text.h"

#define WEB "services:\n  web:\n    image: nginx\n"

/* A profile of one container of service web that needs CAP_ADD. */
static struct lc_profile *web(struct lc_profile *profile, uint64_t cap_add)
{
	*profile = (struct lc_profile){0};
	add_container(profile, "shop-web-1", "nginx", "web", cap_add);
	return profile;
}

static void a_service_without_lists_gets_both(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch(WEB "    # the end\n", web(&profile, LC_CAP_BIT(CAP_CHOWN)),
		"@@ -1,4 +1,6 @@\n services:\n   web:\n     image: nginx\n"
		"+    cap_drop: [ALL]\n+    cap_add: [CHOWN]\n"
		"     # the end\n");
}

static void a_service_that_needs_nothing_gets_no_cap_add(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch(WEB, web(&profile, 0),
		"@@ -1,3 +1,4 @@\n services:\n   web:\n     image: nginx\n+    cap_drop: [ALL]\n");
}

static void lists_below_their_keys_stay_so(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch(WEB "    cap_add:\n"
			 "      # users\n"
			 "      - CAP_SETUID # one\n"
			 "      - NET_ADMIN # two\n",
		web(&profile, LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_CHOWN)),
		"@@ -4,4 +4,6 @@\n     cap_add:\n       # users\n       - CAP_SETUID # one\n"
		"-      - NET_ADMIN # two\n+      - CAP_CHOWN\n+    cap_drop:\n+      - ALL\n");
}

static void lists_in_brackets_keep_their_comment_and_quotes(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch("services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [ 'NET_ADMIN','CHOWN' ] # why\n",
		web(&profile, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL)),
		"@@ -1,4 +1,4 @@\n services:\n   web:\n     cap_drop: [ALL]\n"
		"-    cap_add: [ 'NET_ADMIN','CHOWN' ] # why\n+    cap_add: [ 'CHOWN','KILL' ] # why\n");
}

static void a_service_in_brackets_is_edited_there(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch("services: {\"web\": {\"privileged\": true, \"image\": \"nginx\"}}\n",
		web(&profile, LC_CAP_BIT(CAP_CHOWN)),
		"@@ -1 +1 @@\n"
		"-services: {\"web\": {\"privileged\": true, \"image\": \"nginx\"}}\n"
		"+services: {\"web\": {\"privileged\": false, \"image\": \"nginx\", \"cap_drop\": [\"ALL\"], \"cap_add\": [\"CHOWN\"]}}\n");
}

static void a_list_over_lines_without_its_last_entry_ends_in_no_comma(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch(
		"services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [\n      CHOWN, # files\n      KILL\n    ]\n",
		web(&profile, LC_CAP_BIT(CAP_CHOWN)),
		"@@ -2,6 +2,5 @@\n   web:\n     cap_drop: [ALL]\n     cap_add: [\n"
		"-      CHOWN, # files\n-      KILL\n+      CHOWN # files\n     ]\n");
}

static void privileged_makes_way_for_the_lists(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch("services:\n  web:\n    privileged: true # tun\n    image: nginx\n",
		web(&profile, LC_CAP_BIT(CAP_NET_ADMIN)),
		"@@ -1,4 +1,5 @@\n services:\n   web:\n"
		"-    privileged: true # tun\n+    cap_drop: [ALL]\n+    cap_add: [NET_ADMIN]\n"
		"     image: nginx\n");
}

static void what_containers_of_one_service_need_is_united(void **state)
{
	struct lc_profile profile;

	(void)state;
	web(&profile, LC_CAP_BIT(CAP_CHOWN));
	add_container(&profile, "shop-web-2", "nginx", "web", LC_CAP_BIT(CAP_KILL));
	assert_patch(WEB, &profile,
		"@@ -1,3 +1,5 @@\n services:\n   web:\n     image: nginx\n"
		"+    cap_drop: [ALL]\n+    cap_add: [CHOWN, KILL]\n");
}

static void an_alias_becomes_a_merge_key(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch("x-a: &a {image: nginx}\nservices:\n  web: *a # front\n  other: *a\n",
		web(&profile, LC_CAP_BIT(CAP_CHOWN)),
		"@@ -1,4 +1,7 @@\n x-a: &a {image: nginx}\n services:\n-  web: *a # front\n"
		"+  web: # front\n+    <<: *a\n+    cap_drop: [ALL]\n+    cap_add: [CHOWN]\n   other: *a\n");
}

static void what_a_merge_key_grants_is_overridden_in_the_service(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch("x-a: &a\n  cap_add: [KILL]\n  privileged: true\nservices:\n  web:\n    <<: *a\n",
		web(&profile, 0),
		"@@ -4,3 +4,6 @@\n services:\n   web:\n     <<: *a\n"
		"+    cap_drop: [ALL]\n+    cap_add: []\n+    privileged: false\n");
}

static void what_it_extends_is_overridden_by_tag(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch("services:\n  base:\n    cap_add: [KILL]\n  web:\n    extends: base\n    cap_add: [CHOWN]\n",
		web(&profile, LC_CAP_BIT(CAP_CHOWN)),
		"@@ -3,4 +3,5 @@\n     cap_add: [KILL]\n   web:\n     extends: base\n"
		"-    cap_add: [CHOWN]\n+    cap_add: !override [CHOWN]\n+    cap_drop: [ALL]\n");
}

static void crlf_and_a_missing_last_line_break_are_kept(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch("services:\r\n  web:\r\n    image: nginx", web(&profile, 0),
		"@@ -1,3 +1,4 @@\n services:\r\n   web:\r\n-    image: nginx\n\\ No newline at end of file\n"
		"+    image: nginx\r\n+    cap_drop: [ALL]\n\\ No newline at end of file\n");
}

static void half_a_line_break_at_the_end_is_kept(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch("services:\r\n  web:\r\n    image: nginx\r", web(&profile, 0),
		"@@ -1,3 +1,4 @@\n services:\r\n   web:\r\n-    image: nginx\r\n\\ No newline at end of file\n"
		"+    image: nginx\r\n+    cap_drop: [ALL]\r\n\\ No newline at end of file\n");
}

static void a_file_that_is_as_it_should_be_has_no_patch(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_patch("services:\n  web:\n    cap_drop: [all]\n    cap_add: [cap_kill, CHOWN]\n",
		web(&profile, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL)), "");
	assert_said("services:\n  web:\n    cap_drop: [all]\n    cap_add: [cap_kill, CHOWN]\n",
		web(&profile, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL)), "");
}

static void an_anchor_that_an_unrecorded_service_uses_is_not_touched(void **state)
{
	static const char text[] = "services:\n"
				   "  web: &web\n"
				   "    cap_add: [KILL]\n"
				   "  cron:\n"
				   "    <<: *web\n";
	struct lc_profile profile;
	size_t left;
	char *said;
	char *diff = patch_text(text, web(&profile, 0), &said, &left);

	(void)state;
	assert_string_equal(diff, "");
	assert_int_equal(left, 1);
	assert_non_null(strstr(said,
		"compose.yaml:2: web is left as it is: an edit would also change a service that was not recorded: cron\n"));
	free(diff);
	free(said);
}

/* Both were recorded: what one takes over from the other is said by itself where it differs. */
static void an_anchor_that_only_recorded_services_use_is_edited(void **state)
{
	struct lc_profile profile;

	(void)state;
	web(&profile, LC_CAP_BIT(CAP_CHOWN));
	add_container(&profile, "shop-cron-1", "nginx", "cron", 0);
	assert_patch("services:\n  web: &web\n    cap_drop: [ALL]\n    cap_add: [KILL]\n  cron:\n    <<: *web\n",
		&profile,
		"@@ -1,6 +1,7 @@\n services:\n   web: &web\n     cap_drop: [ALL]\n"
		"-    cap_add: [KILL]\n+    cap_add: [CHOWN]\n   cron:\n     <<: *web\n"
		"+    cap_add: []\n");
}

static void a_service_written_in_an_unknown_way_is_left(void **state)
{
	struct lc_profile profile;
	size_t left;
	char *said;
	char *diff = patch_text(
		"services:\n  ? web\n  : image: nginx\n", web(&profile, LC_CAP_BIT(CAP_CHOWN)), &said, &left);

	(void)state;
	assert_string_equal(diff, "");
	assert_int_equal(left, 1);
	assert_non_null(strstr(said, "web is left as it is"));
	free(diff);
	free(said);
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_said("services:\n"
		    "  web:\n"
		    "    privileged: true\n"
		    "    cap_drop: [KILL]\n"
		    "    cap_add:\n"
		    "      - NET_ADMN\n"
		    "      - CAP_NET_RAW\n"
		    "      - CHOWN\n"
		    "      - cap_chown\n"
		    "      - ${CAP}\n",
		web(&profile, LC_CAP_BIT(CAP_CHOWN)),
		"compose.yaml:3: web: privileged: true also gives every device of the host: without it, name those that it uses under 'devices:'\n"
		"compose.yaml:4: web: cap_drop has no ALL: it keeps the rest of the engine's default capabilities\n"
		"compose.yaml:6: web: cap_add: no capability is called 'NET_ADMN'; did you mean NET_ADMIN?\n"
		"compose.yaml:7: web: cap_add: CAP_NET_RAW is not needed\n"
		"compose.yaml:9: web: cap_add has cap_chown twice\n"
		"compose.yaml:10: web: cap_add: what '${CAP}' stands for is not known here\n");
}

static void what_the_file_does_not_grant_is_said(void **state)
{
	struct lc_profile profile;

	(void)state;
	assert_said("services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [KILL]\n",
		web(&profile, LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SYS_ADMIN)),
		"compose.yaml:4: web: cap_add lacks CHOWN, SYS_ADMIN\n");
	assert_said(WEB, web(&profile, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SYS_ADMIN)),
		"compose.yaml:2: web: no cap_drop: [ALL]: it keeps the engine's default capabilities\n"
		"compose.yaml:2: web: cap_add lacks SYS_ADMIN\n");
}

static void services_that_were_not_recorded_and_those_that_are_not_there_are_said(void **state)
{
	struct lc_profile profile;

	(void)state;
	web(&profile, 0);
	add_container(&profile, "shop-db-1", "redis", "db", 0);
	assert_said("services:\n  web: {cap_drop: [ALL]}\n  cron: {cap_drop: [ALL]}\n", &profile,
		"compose.yaml:1: service db was recorded (shop-db-1) and is not in the file\n"
		"compose.yaml:3: cron: was not recorded: left as it is\n");
}

static void a_list_that_does_not_reach_an_ordinary_user_is_said(void **state)
{
	struct lc_profile profile;

	(void)state;
	web(&profile, LC_CAP_BIT(CAP_KILL));
	profile.targets[0].user = strdup("33:33");
	profile.targets[0].verify = LC_CAP_BIT(CAP_KILL);
	assert_said("services:\n  web: {cap_drop: [ALL], cap_add: [KILL]}\n", &profile,
		"compose.yaml:2: web: It runs as user 33:33, not root: --cap-add reaches only its bounding set. The program also needs file capabilities (setcap) or ambient ones.\n"
		"compose.yaml:2: web: KILL may be survivable: verify by a run without it\n");
}

static void hostile_names_cannot_leave_their_line(void **state)
{
	struct lc_profile profile;

	(void)state;
	web(&profile, 0);
	add_container(&profile, "x\033[2J\ny", "z\n", "no\nsuch", 0);
	assert_said("services:\n  web: {cap_drop: [ALL]}\n  \"a\\nb\\e\": {cap_drop: [ALL]}\n", &profile,
		"compose.yaml:1: service no\\nsuch was recorded (x\\033[2J\\ny) and is not in the file\n"
		"compose.yaml:3: a\\nb\\033: was not recorded: left as it is\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_without_lists_gets_both),
		cmocka_unit_test(a_service_that_needs_nothing_gets_no_cap_add),
		cmocka_unit_test(lists_below_their_keys_stay_so),
		cmocka_unit_test(lists_in_brackets_keep_their_comment_and_quotes),
		cmocka_unit_test(a_service_in_brackets_is_edited_there),
		cmocka_unit_test(a_list_over_lines_without_its_last_entry_ends_in_no_comma),
		cmocka_unit_test(privileged_makes_way_for_the_lists),
		cmocka_unit_test(what_containers_of_one_service_need_is_united),
		cmocka_unit_test(an_alias_becomes_a_merge_key),
		cmocka_unit_test(what_a_merge_key_grants_is_overridden_in_the_service),
		cmocka_unit_test(what_it_extends_is_overridden_by_tag),
		cmocka_unit_test(crlf_and_a_missing_last_line_break_are_kept),
		cmocka_unit_test(half_a_line_break_at_the_end_is_kept),
		cmocka_unit_test(a_file_that_is_as_it_should_be_has_no_patch),
		cmocka_unit_test(an_anchor_that_an_unrecorded_service_uses_is_not_touched),
		cmocka_unit_test(an_anchor_that_only_recorded_services_use_is_edited),
		cmocka_unit_test(a_service_written_in_an_unknown_way_is_left),
		cmocka_unit_test(what_is_wrong_is_said_with_its_line),
		cmocka_unit_test(what_the_file_does_not_grant_is_said),
		cmocka_unit_test(services_that_were_not_recorded_and_those_that_are_not_there_are_said),
		cmocka_unit_test(a_list_that_does_not_reach_an_ordinary_user_is_said),
		cmocka_unit_test(hostile_names_cannot_leave_their_line),
	};

	return cmocka_run_group_tests_name("compose_patch", tests, NULL, NULL);
}
