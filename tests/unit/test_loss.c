/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what a recording lacks: how a profile keeps it, whose it is, and how it is said. */
#include "src/probe/rooms.h"

#include <leastcap/cleanup.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>
#include <leastcap/report.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct lc_target *add_target(struct lc_profile *profile, const char *name)
{
	struct lc_target *target = lc_profile_add_target(profile);

	assert_non_null(target);
	target->name = strdup(name);
	return target;
}

/* A profile of which db lost 3 checks and 4 outcomes, web 20 names (which are no checks), and 5 checks are nobody's. */
static void make_profile(struct lc_profile *profile)
{
	struct lc_target *db = add_target(profile, "db");

	db->losses.of[LC_LOSS_CHECKS] = 3;
	db->losses.of[LC_LOSS_OUTCOMES] = 4;
	add_target(profile, "web")->losses.of[LC_LOSS_NAMES] = 20;
	profile->elsewhere.of[LC_LOSS_UNPLACED] = 5;
	profile->lost = 12;
}

static void read_text(struct lc_profile *profile, const char *text)
{
	_cleanup_free_ char *message = NULL;

	assert_int_equal(lc_profile_from_json(profile, text, strlen(text), &message), 0);
}

static void assert_said(const struct lc_profile *profile, const bool *meant, const char *which, const char *expected)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf said = {0};

	lc_report_add_lost_of(&said, profile, meant, which);
	assert_string_equal(said.text ? said.text : "", expected);
}

static void what_runs_in_a_kernel_of_its_own_is_no_lost_check(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *web = add_target(&profile, "web");

	(void)state;
	web->sandbox = strdup("runsc");
	lc_target_set_aside(web);
	profile.lost = 1;
	assert_said(&profile, NULL, NULL,
		"INCOMPLETE: the checks of 1 container in a sandbox of its own kernel are not seen: a list may lack a capability");
	web->losses.of[LC_LOSS_CHECKS] = 2;
	profile.lost = 3;
	assert_said(&profile, NULL, NULL,
		"INCOMPLETE: 2 checks were lost, the checks of 1 container in a sandbox of its own kernel are not seen: a list may lack a capability (web: 2 checks). Record again with more room: --keys=131072");
}

static void every_loss_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < LC_LOSS_N; i++) {
		assert_non_null(lc_loss_name((enum lc_loss)i));
		assert_int_equal(lc_loss_from_name(lc_loss_name((enum lc_loss)i)), i);
	}
	assert_null(lc_loss_name(LC_LOSS_N));
}

static void what_was_lost_is_read_as_it_was_written(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0}, read = {0};
	_cleanup_free_ char *text = NULL;

	(void)state;
	add_target(&profile, "web");
	for (int i = 0; i < LC_LOSS_N; i++) {
		profile.targets[0].losses.of[i] = 100 + (uint64_t)i;
		profile.elsewhere.of[i] = 200 + (uint64_t)i;
	}
	profile.lost = 7;
	text = lc_profile_to_json(&profile);
	assert_non_null(text);
	read_text(&read, text);
	assert_int_equal(read.lost, 7);
	assert_memory_equal(&read.elsewhere, &profile.elsewhere, sizeof(read.elsewhere));
	assert_memory_equal(&read.targets[0].losses, &profile.targets[0].losses, sizeof(struct lc_losses));
}

static void profiles_without_it_are_read_and_newer_words_are_passed_over(void **state)
{
	static const char format[] =
		"{\"schema\": \"leastcap-profile/1\", \"lost\": 9%s, \"targets\": [{\"kind\": \"container\", \"name\": \"web\",%s \"configured\": {\"cap_add\": [], \"cap_drop\": []}, \"granted\": [], \"cap_add\": [], \"unused\": [], \"wanted\": [], \"evidence\": []}]}";
	static const struct lc_losses nothing;
	_cleanup_(lc_profile_clear) struct lc_profile older = {0}, newer = {0};
	char text[1024];

	(void)state;
	snprintf(text, sizeof(text), format, "", "");
	read_text(&older, text);
	assert_memory_equal(&older.elsewhere, &nothing, sizeof(nothing));
	assert_memory_equal(&older.targets[0].losses, &nothing, sizeof(nothing));
	assert_said(&older, NULL, NULL, "INCOMPLETE: 9 checks were lost: a list may lack a capability");
	snprintf(text, sizeof(text), format, ", \"lost_elsewhere\": {\"comets\": 1}",
		"\"lost\": {\"checks\": 2, \"x\": 1},");
	read_text(&newer, text);
	assert_int_equal(newer.targets[0].losses.of[LC_LOSS_CHECKS], 2);
}

static void merged_losses_add_up_by_target(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged = {0};
	_cleanup_(lc_merge_clear) struct lc_merge merge = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct lc_profile profile = {0};

		make_profile(&profile);
		assert_int_equal(lc_merge_add(&merge, &profile), 0);
	}
	assert_int_equal(lc_merge_finish(&merge, &merged), 0);
	assert_int_equal(merged.lost, 24);
	assert_said(&merged, NULL, NULL,
		"INCOMPLETE: 24 checks were lost: a list may lack a capability (db: 6 checks, 8 outcomes; web: 40 names; elsewhere: 10 unplaced). Record again while the host has less to do");
}

static void of_targets_that_nobody_asked_for_nothing_is_missing(void **state)
{
	static const bool only_web[] = {false, true}, only_db[] = {true, false};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};

	(void)state;
	make_profile(&profile);
	assert_int_equal(lc_profile_lost(&profile, NULL), 12);
	assert_int_equal(lc_profile_lost(&profile, only_db), 12);
	/* What is nobody's may be its own. */
	assert_int_equal(lc_profile_lost(&profile, only_web), 5);
	assert_said(&profile, only_web, "old",
		"INCOMPLETE: 5 checks were lost in the old profile: a list may lack a capability (web: 20 names; elsewhere: 5 unplaced). Record again while the host has less to do");
	profile.elsewhere = (struct lc_losses){0};
	profile.lost = 7;
	assert_int_equal(lc_profile_lost(&profile, only_web), 0);
	assert_said(&profile, only_web, NULL, "");
}

static void what_to_do_is_said_of_what_most_were_lost_by(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};

	(void)state;
	add_target(&profile, "web")->losses.of[LC_LOSS_SETUP] = 2;
	profile.elsewhere.of[LC_LOSS_SKIPPED] = 1;
	profile.lost = 3;
	assert_said(&profile, NULL, NULL,
		"INCOMPLETE: 3 checks were lost: a list may lack a capability (web: 2 setup; elsewhere: 1 skipped). Record it alone, by its name");
	profile.targets[0].losses.of[LC_LOSS_OUTCOMES] = 3;
	profile.lost = 6;
	assert_said(&profile, NULL, NULL,
		"INCOMPLETE: 6 checks were lost: a list may lack a capability (web: 3 outcomes, 2 setup; elsewhere: 1 skipped). Record shorter parts, and merge them");
}

static void what_is_only_told_in_less_detail_is_not_lost(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};

	(void)state;
	add_target(&profile, "web")->losses.of[LC_LOSS_DETAIL] = 8;
	assert_int_equal(lc_losses_total(&profile.targets[0].losses), 0);
	assert_said(&profile, NULL, NULL, "CUT: detail is left out: web: 8");
	assert_said(&profile, NULL, "new", "CUT: detail is left out in the new profile: web: 8");
}

static void what_found_no_room_is_told_by_the_place_that_was_full(void **state)
{
	static const struct {
		enum lc_room room;
		const char *name;
	} places[] = {
		{LC_ROOM_CHECKS, "checks"},
		{LC_ROOM_COARSE, "kinds"},
		{LC_ROOM_OUTCOMES, "outcomes"},
		{LC_ROOM_PENDING, "pending"},
		{LC_ROOM_REQUESTS, "requests"},
		{LC_ROOM_NAMES, "names"},
		{LC_ROOM_READERS, "readers"},
		{LC_ROOM_CGROUPS, "cgroups"},
		{LC_ROOM_SETUP, "setup"},
		{LC_ROOM_ARRIVALS, "setup"},
		{LC_ROOM_HOMES, "homes"},
		{LC_ROOM_FOLLOWED, "followed"},
		{LC_ROOM_LIVES, "lives"},
		{LC_ROOM_EVENTS, "events"},
		{LC_ROOM_CALLS, "calls"},
		{LC_ROOM_KINDS, "uncounted"},
		{LC_ROOM_FILTERS, "filters"},
	};

	(void)state;
	assert_int_equal(sizeof(places) / sizeof(places[0]), LC_ROOMS);
	for (size_t i = 0; i < LC_ROOMS; i++) {
		struct lc_cgroup entry = {0};
		struct lc_losses losses = {0}, expected = {0};

		entry.lost[places[i].room] = 6;
		expected.of[lc_loss_from_name(places[i].name)] = 6;
		lc_rooms_add_lost(&entry, &losses);
		assert_memory_equal(&losses, &expected, sizeof(losses));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_runs_in_a_kernel_of_its_own_is_no_lost_check),
		cmocka_unit_test(every_loss_has_a_name_of_its_own),
		cmocka_unit_test(what_was_lost_is_read_as_it_was_written),
		cmocka_unit_test(profiles_without_it_are_read_and_newer_words_are_passed_over),
		cmocka_unit_test(merged_losses_add_up_by_target),
		cmocka_unit_test(of_targets_that_nobody_asked_for_nothing_is_missing),
		cmocka_unit_test(what_to_do_is_said_of_what_most_were_lost_by),
		cmocka_unit_test(what_is_only_told_in_less_detail_is_not_lost),
		cmocka_unit_test(what_found_no_room_is_told_by_the_place_that_was_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
