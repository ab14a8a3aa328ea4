/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the store: it is what a merge of the recordings is, it keeps days apart, and it never harms a file that it does not know. */
#include "src/store/store_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <linux/capability.h>

#define DAY LC_STORE_DAY_NS

static const char *const recorded[] = {"chown_container", "nginx_container", "denied", "netlink_container",
	"ping_refused_container", "secret_container", "forks"};

#define RECORDED (sizeof(recorded) / sizeof(recorded[0]))

struct fixture {
	char directory[32];
	char file[64];
	struct lc_store *store;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	char *message = NULL;

	strcpy(fixture->directory, "/tmp/store.XXXXXX");
	if (!mkdtemp(fixture->directory))
		return -1;
	snprintf(fixture->file, sizeof(fixture->file), "%s/" LC_STORE_FILE, fixture->directory);
	if (lc_store_open(&fixture->store, fixture->directory, LC_STORE_WRITE, &message))
		return -1;
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	char command[64];
	int r;

	lc_store_close(fixture->store);
	snprintf(command, sizeof(command), "rm -r %s", fixture->directory);
	r = system(command);
	free(fixture);
	return r;
}

/* Closes the fixture's store and opens it again. */
static void reopen(struct fixture *fixture)
{
	char *message = NULL;

	lc_store_close(fixture->store);
	fixture->store = NULL;
	assert_int_equal(lc_store_open(&fixture->store, fixture->directory, LC_STORE_READ, &message), 0);
}

static void load(struct lc_profile *profile, const char *name)
{
	char path[96];
	char *message = NULL;

	snprintf(path, sizeof(path), "tests/unit/fixtures/%s.json", name);
	assert_int_equal(lc_profile_load(profile, path, &message), 0);
}

static void add(struct fixture *fixture, const struct lc_profile *profile, const char *name, int expected)
{
	_cleanup_free_ char *message = NULL;

	assert_int_equal(lc_store_add(fixture->store, profile, name, &message), expected);
	assert_null(message);
}

static void read_since(struct fixture *fixture, int64_t since, struct lc_profile *profile)
{
	_cleanup_free_ char *message = NULL;
	int r = lc_store_read(fixture->store, since, profile, &message);

	if (r)
		fail_msg("%d: %s", r, message ? message : "(no message)");
}

/* A profile of one container that was allowed CHOWN COUNT times at NS. */
static void make_profile(struct lc_profile *profile, const char *name, uint64_t count, int64_t ns)
{
	struct lc_target *target = lc_profile_add_target(profile);
	struct lc_check check = {.cap = CAP_CHOWN,
		.phase = LC_PHASE_WORKLOAD,
		.count = count,
		.first_ns = ns,
		.last_ns = ns,
		.syscall = strdup("chown"),
		.comm = strdup("sh"),
		.about = strdup("/data")};

	profile->kernel = strdup("6.1.0");
	profile->started_ns = profile->ended_ns = ns;
	target->name = strdup(name);
	target->image = strdup("web:1");
	target->granted = UINT64_C(1) << CAP_CHOWN;
	assert_int_equal(lc_target_add_evidence(target, &check), 0);
}

static void add_made(struct fixture *fixture, const char *name, uint64_t count, int64_t ns)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};

	make_profile(&profile, name, count, ns);
	add(fixture, &profile, NULL, 1);
}

/* Takes the stacks out of PROFILE, which a store does not keep. */
static void drop_stacks(struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		for (size_t j = 0; j < profile->targets[i].n_evidence; j++) {
			struct lc_check *check = &profile->targets[i].evidence[j];

			lc_shared_stack_drop(check->kernel_stack);
			lc_shared_stack_drop(check->user_stack);
			check->kernel_stack = check->user_stack = NULL;
		}
	}
}

static void what_is_read_is_what_a_merge_of_the_recordings_makes(void **state)
{
	_cleanup_(lc_merge_clear) struct lc_merge merge = {0};
	_cleanup_(lc_profile_clear) struct lc_profile merged = {0}, read = {0};
	_cleanup_free_ char *expected = NULL, *text = NULL;

	/* Each twice, so that counts add up. */
	for (size_t i = 0; i < 2 * RECORDED; i++) {
		_cleanup_(lc_profile_clear) struct lc_profile profile = {0};

		load(&profile, recorded[i % RECORDED]);
		add(*state, &profile, NULL, 1);
		assert_int_equal(lc_merge_add(&merge, &profile), 0);
	}
	assert_int_equal(lc_merge_finish(&merge, &merged), 0);
	drop_stacks(&merged);
	reopen(*state);
	read_since(*state, 0, &read);
	expected = lc_profile_to_json(&merged);
	text = lc_profile_to_json(&read);
	assert_string_equal(text, expected);
}

static void a_recording_is_added_once(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0}, read = {0};

	make_profile(&profile, "web", 3, 20 * DAY);
	add(*state, &profile, "sha256:12", 1);
	add(*state, &profile, "sha256:12", 0);
	read_since(*state, 0, &read);
	assert_int_equal(read.targets[0].evidence[0].count, 3);
	add(*state, &profile, "sha256:13", 1);
	lc_profile_clear(&read);
	read_since(*state, 0, &read);
	assert_int_equal(read.targets[0].evidence[0].count, 6);
}

static void what_is_older_than_asked_for_does_not_count(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile all = {0}, young = {0};

	add_made(*state, "web", 3, 20 * DAY + 5);
	add_made(*state, "web", 4, 30 * DAY + 5);
	add_made(*state, "old", 1, 20 * DAY + 5);
	read_since(*state, 0, &all);
	assert_int_equal(all.n_targets, 2);
	read_since(*state, 30 * DAY, &young);
	assert_int_equal(young.n_targets, 1);
	assert_int_equal(young.targets[0].evidence[0].count, 4);
	assert_true(young.targets[0].evidence[0].first_ns >= 30 * DAY);
}

static void what_is_missing_is_missing_from_what_is_read(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0}, read = {0};

	make_profile(&profile, "web", 1, 20 * DAY);
	profile.targets[0].losses.of[LC_LOSS_OUTCOMES] = 2;
	profile.elsewhere.of[LC_LOSS_UNPLACED] = 3;
	/* Older profiles know only the sum. */
	profile.lost = 9;
	add(*state, &profile, NULL, 1);
	read_since(*state, 0, &read);
	assert_int_equal(read.lost, 9);
	assert_int_equal(read.targets[0].losses.of[LC_LOSS_OUTCOMES], 2);
	assert_int_equal(read.elsewhere.of[LC_LOSS_UNPLACED], 3);
	assert_int_equal(read.elsewhere.of[LC_LOSS_CHECKS], 4);
	lc_profile_clear(&read);
	read_since(*state, 21 * DAY, &read);
	assert_int_equal(read.lost, 0);
}

static void names_are_kept_as_they_are(void **state)
{
	static const char name[] = "a'b\"c\\d\ne;--%s%lld";
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0}, read = {0};
	struct lc_check *check;

	make_profile(&profile, name, 1, 20 * DAY);
	check = &profile.targets[0].evidence[0];
	free(check->about);
	check->about = strdup("/x\"},{\"cap\":\"SYS_ADMIN\"");
	add(*state, &profile, name, 1);
	read_since(*state, 0, &read);
	assert_int_equal(read.n_targets, 1);
	assert_string_equal(read.targets[0].name, name);
	assert_int_equal(read.targets[0].n_evidence, 1);
	assert_string_equal(read.targets[0].evidence[0].about, "/x\"},{\"cap\":\"SYS_ADMIN\"");
}

static void a_process_s_number_makes_no_new_piece(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile read = {0};

	for (int i = 0; i < 50; i++) {
		_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
		struct lc_check *check;

		make_profile(&profile, "web", 1, 20 * DAY + i);
		check = &profile.targets[0].evidence[0];
		free(check->about);
		check->about = malloc(16);
		snprintf(check->about, 16, "pid %d", 100 + i);
		add(*state, &profile, NULL, 1);
	}
	read_since(*state, 0, &read);
	assert_int_equal(read.targets[0].n_evidence, 1);
	assert_int_equal(read.targets[0].evidence[0].count, 50);
}

static void two_versions_of_an_image_are_two_workloads_of_one_list(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile read = {0};
	struct fixture *fixture = *state;
	_cleanup_statement_ sqlite3_stmt *statement = NULL;

	for (int i = 0; i < 2; i++) {
		_cleanup_(lc_profile_clear) struct lc_profile profile = {0};

		make_profile(&profile, "web", 1, 20 * DAY);
		profile.targets[0].image_id = strdup(i ? "sha256:b" : "sha256:a");
		add(fixture, &profile, NULL, 1);
	}
	assert_int_equal(
		lc_store_ask(fixture->store, "SELECT count(*) FROM workload", NULL, 0, &statement), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(statement, 0), 2);
	read_since(fixture, 0, &read);
	assert_int_equal(read.n_targets, 1);
	assert_string_equal(read.targets[0].image_id, "sha256:a, sha256:b");
}

static void a_full_disk_keeps_all_of_a_recording_or_nothing(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0}, read = {0};
	_cleanup_free_ char *message = NULL;
	struct fixture *fixture = *state;

	add_made(fixture, "web", 1, 20 * DAY);
	assert_int_equal(
		sqlite3_exec(fixture->store->database, "PRAGMA max_page_count = 1", NULL, NULL, NULL), SQLITE_OK);
	make_profile(&profile, "db", 1, 20 * DAY);
	for (int i = 0; i < 2000; i++) {
		struct lc_check check;

		assert_int_equal(lc_check_copy(&check, &profile.targets[0].evidence[0]), 0);
		free(check.about);
		check.about = malloc(16);
		snprintf(check.about, 16, "/%d", i);
		assert_int_equal(lc_target_add_evidence(&profile.targets[0], &check), 0);
	}
	assert_int_equal(lc_store_add(fixture->store, &profile, NULL, &message), -ENOSPC);
	assert_non_null(strstr(message, fixture->file));
	assert_non_null(strstr(message, "full"));
	read_since(fixture, 0, &read);
	assert_int_equal(read.n_targets, 1);
	assert_string_equal(read.targets[0].name, "web");
}

/* Begins a session in the fixture's store, which is opened anew for it. What it knows of others. */
static struct lc_store_broken begin_session(struct fixture *fixture)
{
	_cleanup_free_ char *message = NULL;
	struct lc_store_broken broken;

	lc_store_close(fixture->store);
	fixture->store = NULL;
	assert_int_equal(lc_store_open(&fixture->store, fixture->directory, LC_STORE_WRITE, &message), 0);
	assert_int_equal(lc_store_begin_session(fixture->store, &broken, &message), 0);
	return broken;
}

/* Adds what MAKE_PROFILE makes of the rest as an increment. Whether something was new. */
static bool add_increment(struct fixture *fixture, const char *name, uint64_t count, int64_t last)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;
	bool is_new = false;

	make_profile(&profile, name, count, last);
	assert_int_equal(lc_store_add_increment(fixture->store, &profile, &is_new, &message), 0);
	return is_new;
}

static void a_session_that_was_not_ended_is_told(void **state)
{
	_cleanup_free_ char *message = NULL;
	struct fixture *fixture = *state;
	struct lc_store_broken broken;

	assert_int_equal(begin_session(fixture).n, 0);
	add_increment(fixture, "web", 1, 20 * DAY);
	broken = begin_session(fixture);
	assert_int_equal(broken.n, 1);
	assert_int_equal(broken.last_ns, 20 * DAY);
	/* It is told to the next one once, and to readers for ever. */
	assert_int_equal(lc_store_end_session(fixture->store, &message), 0);
	assert_int_equal(begin_session(fixture).n, 0);
	assert_int_equal(lc_store_broken(fixture->store, 0, &broken, &message), 0);
	assert_int_equal(broken.n, 1);
	assert_int_equal(lc_store_broken(fixture->store, 21 * DAY, &broken, &message), 0);
	assert_int_equal(broken.n, 0);
}

static void a_session_that_goes_on_has_not_broken(void **state)
{
	_cleanup_(lc_store_release) struct lc_store *other = NULL;
	_cleanup_free_ char *message = NULL;
	struct fixture *fixture = *state;
	struct lc_store_broken broken;

	begin_session(fixture);
	assert_int_equal(lc_store_open(&other, fixture->directory, LC_STORE_WRITE, &message), 0);
	assert_int_equal(lc_store_broken(other, 0, &broken, &message), 0);
	assert_int_equal(broken.n, 0);
	assert_int_equal(lc_store_begin_session(other, &broken, &message), -EBUSY);
	assert_non_null(strstr(message, "another"));
	lc_store_close(fixture->store);
	fixture->store = NULL;
	free(message);
	assert_int_equal(lc_store_broken(other, 0, &broken, &message), 0);
	assert_int_equal(broken.n, 1);
}

static void an_increment_says_whether_anything_in_it_is_new(void **state)
{
	struct fixture *fixture = *state;

	assert_true(add_increment(fixture, "web", 1, 20 * DAY));
	assert_false(add_increment(fixture, "web", 7, 21 * DAY));
	assert_true(add_increment(fixture, "db", 7, 21 * DAY));
}

/* What opening the fixture's file says. The store is closed before. */
static void assert_refused(struct fixture *fixture, int expected, const char *why)
{
	for (enum lc_store_mode mode = LC_STORE_READ; mode <= LC_STORE_WRITE; mode++) {
		_cleanup_free_ char *message = NULL;
		struct lc_store *store = NULL;

		assert_int_equal(lc_store_open(&store, fixture->directory, mode, &message), expected);
		assert_null(store);
		if (!strstr(message, why) || !strstr(message, fixture->directory) || strchr(message, '\n'))
			fail_msg("%s", message);
	}
}

static void a_newer_store_is_left_alone(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
		sqlite3_exec(fixture->store->database, "PRAGMA user_version = 2", NULL, NULL, NULL), SQLITE_OK);
	lc_store_close(fixture->store);
	fixture->store = NULL;
	assert_refused(fixture, -EPROTO, "a newer leastcap has written it");
}

static void another_program_s_file_is_left_alone(void **state)
{
	struct fixture *fixture = *state;
	struct stat before, after;
	FILE *file;

	assert_int_equal(
		sqlite3_exec(fixture->store->database, "PRAGMA application_id = 7", NULL, NULL, NULL), SQLITE_OK);
	lc_store_close(fixture->store);
	fixture->store = NULL;
	assert_refused(fixture, -EBADMSG, "another program's");
	file = fopen(fixture->file, "w");
	assert_non_null(file);
	for (int line = 0; line < 1000; line++)
		fputs("this is no store\n", file);
	fclose(file);
	assert_int_equal(stat(fixture->file, &before), 0);
	assert_refused(fixture, -EBADMSG, "damaged; move it away");
	assert_int_equal(stat(fixture->file, &after), 0);
	assert_int_equal(after.st_size, before.st_size);
	assert_int_equal(after.st_mtime, before.st_mtime);
}

static void where_there_is_none_nothing_is_made_to_read(void **state)
{
	struct fixture *fixture = *state;
	_cleanup_free_ char *message = NULL;
	struct lc_store *store = NULL;

	lc_store_close(fixture->store);
	fixture->store = NULL;
	assert_int_equal(unlink(fixture->file), 0);
	assert_int_equal(lc_store_open(&store, fixture->directory, LC_STORE_READ, &message), -ENOENT);
	assert_non_null(strstr(message, "there is no store"));
	assert_int_equal(access(fixture->file, F_OK), -1);
}

static void what_is_too_old_is_forgotten(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile read = {0};
	_cleanup_free_ char *message = NULL;
	uint64_t forgotten = 0;
	struct fixture *fixture = *state;

	add_made(fixture, "old", 1, 20 * DAY);
	add_made(fixture, "web", 1, 20 * DAY);
	add_made(fixture, "web", 2, 40 * DAY);
	assert_int_equal(lc_store_forget(fixture->store, 30 * DAY, 0, &forgotten, &message), 0);
	assert_int_equal(forgotten, 2);
	read_since(fixture, 0, &read);
	assert_int_equal(read.n_targets, 1);
	assert_int_equal(read.targets[0].evidence[0].count, 2);
}

static void the_oldest_days_go_where_there_is_no_room(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile read = {0};
	_cleanup_free_ char *message = NULL;
	struct fixture *fixture = *state;
	uint64_t forgotten = 0;
	struct stat status;

	for (int day = 0; day < 40; day++) {
		_cleanup_(lc_profile_clear) struct lc_profile profile = {0};

		make_profile(&profile, "web", 1, (100 + day) * DAY);
		for (int i = 0; i < 100; i++) {
			struct lc_check check;

			assert_int_equal(lc_check_copy(&check, &profile.targets[0].evidence[0]), 0);
			free(check.about);
			check.about = malloc(64);
			snprintf(check.about, 64, "/data/of/day/%d/and/of/number/%d", day, i);
			assert_int_equal(lc_target_add_evidence(&profile.targets[0], &check), 0);
		}
		add(fixture, &profile, NULL, 1);
	}
	assert_int_equal(lc_store_forget(fixture->store, 0, 400000, &forgotten, &message), 0);
	assert_true(forgotten > 100);
	assert_int_equal(stat(fixture->file, &status), 0);
	assert_true(status.st_size <= 400000);
	read_since(fixture, 0, &read);
	assert_int_equal(read.n_targets, 1);
	/* The newest day is there as it was. */
	assert_true(read.targets[0].n_evidence >= 101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_read_is_what_a_merge_of_the_recordings_makes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_recording_is_added_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_older_than_asked_for_does_not_count, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_missing_is_missing_from_what_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_are_kept_as_they_are, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_process_s_number_makes_no_new_piece, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			two_versions_of_an_image_are_two_workloads_of_one_list, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_full_disk_keeps_all_of_a_recording_or_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_session_that_was_not_ended_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_session_that_goes_on_has_not_broken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_increment_says_whether_anything_in_it_is_new, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_newer_store_is_left_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_program_s_file_is_left_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(where_there_is_none_nothing_is_made_to_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_too_old_is_forgotten, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_oldest_days_go_where_there_is_no_room, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
