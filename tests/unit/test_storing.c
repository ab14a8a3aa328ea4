/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what a service stores while its disk is full, and afterwards. */
#include <leastcap/serve.h>

#include "render.h"

#include <leastcap/cleanup.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* More pieces than may wait for room. */
#define TOO_MANY 50001

struct fixture {
	char directory[32];
	struct lc_log log;
	struct lc_storing_options options;
	struct lc_storing *storing;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	strcpy(fixture->directory, "/tmp/storing.XXXXXX");
	if (!mkdtemp(fixture->directory))
		return -1;
	signal(SIGXFSZ, SIG_IGN);
	fixture->log = (struct lc_log){.threshold = LC_LOG_ERROR, .stream = fopen("/dev/null", "we")};
	fixture->options = (struct lc_storing_options){fixture->directory, LC_SERVE_KEEP_NS, 0, &fixture->log};
	if (!fixture->log.stream || lc_storing_open(&fixture->storing, &fixture->options))
		return -1;
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	char command[64];
	int r;

	lc_storing_free(fixture->storing);
	fclose(fixture->log.stream);
	snprintf(command, sizeof(command), "rm -r %s", fixture->directory);
	r = system(command);
	free(fixture);
	return r;
}

/* Has the system call that makes a file longer fail (FULL), as on a full disk, or work again. */
static void fill_disk(bool full)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = full ? 1 : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Stores an increment in which a container asked N times, each from elsewhere. */
static void store(struct fixture *fixture, size_t n)
{
	struct lc_profile increment = {0};
	struct lc_target *web = add_container(&increment, "web", "nginx", NULL, 0);
	char about[32];
	bool is_new;

	increment.ended_ns = INT64_C(1795348800000000000);
	for (size_t i = 0; i < n; i++) {
		snprintf(about, sizeof(about), "/%zu", i);
		add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 1, "/bin/chown", "fchownat", about)->last_ns =
			increment.ended_ns;
	}
	lc_storing_add(fixture->storing, &increment, &is_new);
	assert_int_equal(increment.n_targets, 0);
}

/* How many checks the store says are lost, and (COUNTED) how many it has. */
static uint64_t lost(struct fixture *fixture, uint64_t *counted)
{
	_cleanup_(lc_profile_clear) struct lc_profile whole = {0};
	_cleanup_free_ char *message = NULL;

	*counted = 0;
	assert_int_equal(lc_store_read(lc_storing_store(fixture->storing), 0, &whole, &message), 0);
	for (size_t i = 0; i < whole.n_targets; i++) {
		for (size_t j = 0; j < whole.targets[i].n_evidence; j++)
			*counted += whole.targets[i].evidence[j].count;
	}
	return whole.lost;
}

static void what_waited_for_room_is_stored_when_there_is_some(void **state)
{
	struct fixture *fixture = *state;
	uint64_t counted;

	fill_disk(true);
	store(fixture, 3);
	assert_false(lc_storing_state(fixture->storing).storing);
	assert_int_equal(lc_storing_state(fixture->storing).waiting, 1);
	fill_disk(false);
	store(fixture, 2);
	assert_true(lc_storing_state(fixture->storing).storing);
	assert_int_equal(lost(fixture, &counted), 0);
	assert_int_equal(counted, 5);
}

static void what_found_no_room_to_wait_is_lost_and_the_store_says_so(void **state)
{
	struct fixture *fixture = *state;
	uint64_t counted;

	fill_disk(true);
	store(fixture, TOO_MANY);
	assert_int_equal(lc_storing_state(fixture->storing).waiting, 0);
	fill_disk(false);
	store(fixture, 2);
	assert_int_equal(lost(fixture, &counted), TOO_MANY);
	assert_int_equal(counted, 2);
}

#define STORING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORING(what_waited_for_room_is_stored_when_there_is_some),
		STORING(what_found_no_room_to_wait_is_lost_and_the_store_says_so),
	};

	return cmocka_run_group_tests_name("storing", tests, NULL, NULL);
}
