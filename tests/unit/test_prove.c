/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the search for a proven list: commands whose needs are known are what is tried. */
#include <leastcap/prove.h>

#include <leastcap/capset.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SUBJECTS 3
#define GROUPS   4

/* What a command needs of one container. */
struct need {
	uint64_t all;         /* each of these */
	uint64_t any[GROUPS]; /* one of each of these */
	uint64_t serves;      /* it is worse without these */
	uint64_t together[2]; /* of these it needs the second only as long as it has the first */
	bool tells;           /* what it is refused is seen */
};

/* A command, and what the search is told of it. */
struct world {
	struct lc_prove_subject subjects[SUBJECTS];
	struct need needs[SUBJECTS];
	size_t n;
	unsigned int flaps[8]; /* the numbers of the runs that fail by chance */
	size_t stop_at;        /* the run that the user ends; 0: none */
	uint64_t accepted;     /* of the first container: what it is no more compared by */
	uint64_t worse;        /* of the first container: what it was worse without in the last run */
	size_t runs, least, most, more;
	uint64_t last[SUBJECTS]; /* the lists of the last trial */
	bool last_passed;
	const struct lc_prove_result *earlier; /* a search that is gone on with, or NULL */
	size_t known;                          /* how many of its trials count */
};

/* What of NEED's is missing from LIST so that the command fails. */
static uint64_t missing(const struct need *need, uint64_t list)
{
	uint64_t lacks = need->all & ~list;

	for (size_t i = 0; i < GROUPS; i++) {
		if (need->any[i] && !(need->any[i] & list))
			lacks |= need->any[i];
	}
	if (list & need->together[0])
		lacks |= need->together[1] & ~list;
	return lacks;
}

static bool is_flap(const struct world *world, size_t number)
{
	for (size_t i = 0; i < sizeof(world->flaps) / sizeof(world->flaps[0]); i++) {
		if (world->flaps[i] == number)
			return true;
	}
	return false;
}

static int make(void *context, const struct lc_prove_trial *trial, struct lc_prove_answer *answer)
{
	struct world *world = context;

	world->runs++;
	assert_int_equal(trial->number, world->runs + world->known);
	if (world->stop_at == trial->number)
		return -EINTR;
	world->worse = 0;
	answer->wanted = trial->lists ? calloc(world->n, sizeof(uint64_t)) : NULL;
	if (is_flap(world, trial->number))
		answer->verdict = LC_TRIAL_FAILED;
	for (size_t i = 0; trial->lists && i < world->n; i++) {
		uint64_t lacks = missing(&world->needs[i], trial->lists[i]);

		assert_int_equal(trial->lists[i] & ~world->subjects[i].granted, 0);
		world->last[i] = trial->lists[i];
		if (lacks)
			answer->verdict = LC_TRIAL_FAILED;
		if (world->needs[i].tells)
			answer->wanted[i] = lacks;
		lacks = world->needs[i].serves & ~trial->lists[i] & ~(i ? 0 : world->accepted);
		if (lacks && answer->verdict == LC_TRIAL_PASSED)
			answer->verdict = LC_TRIAL_DEGRADED;
		world->worse |= i ? 0 : lacks;
	}
	world->last_passed = answer->verdict == LC_TRIAL_PASSED;
	if (answer->verdict != LC_TRIAL_PASSED)
		answer->why = strdup("it was so");
	return 0;
}

static int subjects(void *context, const struct lc_prove_subject **list, size_t *n)
{
	struct world *world = context;

	*list = world->subjects;
	*n = world->n;
	return 0;
}

/* The trials of the earlier search behind its two baselines. */
static int earlier(void *context, const struct lc_prove_run **runs, size_t *n)
{
	struct world *world = context;

	if (!world->earlier)
		return 0;
	*runs = world->earlier->runs + 2;
	*n = world->known = world->earlier->n_runs - 2;
	return 0;
}

static void announce(void *context, size_t least, size_t most)
{
	struct world *world = context;

	assert_int_equal(world->most, 0);
	world->least = world->runs + least;
	world->most = world->runs + most;
}

static void more(void *context)
{
	((struct world *)context)->more++;
}

static void adopt(void *context)
{
	struct world *world = context;

	world->accepted |= world->worse;
	world->last_passed = true;
}

static void prove(struct world *world, bool exhaustive, struct lc_prove_result *result)
{
	const struct lc_prove_trials trials = {
		.context = world,
		.make = make,
		.subjects = subjects,
		.earlier = earlier,
		.announce = announce,
		.more = more,
		.accept = adopt,
	};

	memset(result, 0, sizeof(*result));
	assert_int_equal(lc_prove(&trials, exhaustive, result), 0);
}

/* Whether the command passes as well as before with LISTS. */
static bool passes(const struct world *world, const uint64_t *lists)
{
	for (size_t i = 0; i < world->n; i++) {
		if (missing(&world->needs[i], lists[i]))
			return false;
		if (world->needs[i].serves & ~lists[i] & ~(i ? 0 : world->subjects[0].accepted))
			return false;
	}
	return true;
}

/* That RESULT's lists pass, were tried last, and that none of what was tried can be missing alone. */
static void assert_minimal(const struct world *world, bool exhaustive, const struct lc_prove_result *result)
{
	assert_int_equal(result->end, LC_PROVE_PROVEN);
	assert_true(passes(world, result->lists));
	assert_true(world->last_passed);
	assert_memory_equal(world->last, result->lists, world->n * sizeof(uint64_t));
	for (size_t i = 0; i < world->n; i++) {
		uint64_t left = result->lists[i];

		if (!exhaustive)
			left &= world->subjects[i].doubtful | world->subjects[i].open | result->added[i];
		left &= ~world->subjects[i].fixed;
		while (left) {
			uint64_t lists[SUBJECTS];
			int cap = lc_cap_take(&left);

			memcpy(lists, result->lists, world->n * sizeof(*lists));
			lists[i] &= ~LC_CAP_BIT(cap);
			assert_false(passes(world, lists));
			assert_non_null(lc_prove_reason(result, i, cap));
		}
	}
}

/* A row: one container, its needs, and how many runs its proof takes. */
struct row {
	const char *what;
	struct lc_prove_subject subject;
	struct need need;
	bool exhaustive;
	uint64_t expected;
	size_t runs;
};

static const struct row rows[] = {
	{"nothing is doubtful", {0xff, 0x0f, 0, 0, 0, 0}, {.all = 0x0f}, false, 0x0f, 4},
	{"the one that is doubtful can go", {0xff, 0x0f, 0x01, 0, 0, 0}, {.all = 0x0e}, false, 0x0e, 5},
	{"all that are doubtful can go", {0xff, 0xff, 0xf8, 0, 0, 0}, {.all = 0x07}, false, 0x07, 5},
	{"the one that is doubtful is needed", {0xff, 0x0f, 0x01, 0, 0, 0}, {.all = 0x0f}, false, 0x0f, 6},
	{"what a trial was refused tells which of many is needed", {0xffff, 0xffff, 0xff00, 0, 0, 0},
		{.all = 0x10ff, .tells = true}, false, 0x10ff, 7},
	{"what nobody doubts is tried only when asked", {0xff, 0x0f, 0, 0, 0, 0}, {.all = 0x03}, false, 0x0f, 4},
	{"an open entry is tried alone", {0xff, 0x0f, 0, 0, 0, 0x03}, {.all = 0x0d}, false, 0x0d, 7},
	{"every entry is tried when asked", {0xff, 0x0f, 0, 0, 0, 0}, {.all = 0x03}, true, 0x03, 10},
	{"either of two is enough", {0xff, 0x07, 0x07, 0, 0, 0}, {.any = {0x06}}, false, 0x04, 8},
	{"one that makes the service worse stays", {0xff, 0x03, 0x03, 0, 0, 0}, {.serves = 0x01}, false, 0x01, 7},
	{"unless that is accepted", {0xff, 0x03, 0x02, 0x01, 0, 0}, {.serves = 0x01}, false, 0, 6},
	{"of what trials can't tell nothing goes, also when every entry is tried", {0xff, 0x0f, 0x07, 0, 0x05, 0},
		{.all = 0x08}, true, 0x0d, 7},
	{"an accepted one stays where it is needed", {0xff, 0x03, 0x02, 0x01, 0, 0}, {.all = 0x01}, false, 0x01, 7},
	{"what the recorded list lacks is added as it is refused", {0xff, 0x03, 0, 0, 0, 0},
		{.all = 0x13, .tells = true}, false, 0x13, 6},
	{"and searched where nothing tells of it", {0xff, 0x03, 0, 0, 0, 0}, {.all = 0x13}, false, 0x13, 10},
	{"what is needed only beside another goes with it", {0xff, 0x03, 0x03, 0, 0, 0}, {.together = {0x01, 0x02}},
		false, 0, 5},
};

static void the_list_is_what_the_command_needs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world world = {.subjects = {rows[i].subject}, .needs = {rows[i].need}, .n = 1};
		struct lc_prove_result result;

		prove(&world, rows[i].exhaustive, &result);
		assert_minimal(&world, rows[i].exhaustive, &result);
		if (result.lists[0] != rows[i].expected || world.runs != rows[i].runs)
			fail_msg("%s: %llx in %zu runs", rows[i].what, (unsigned long long)result.lists[0], world.runs);
		lc_prove_result_clear(&result);
	}
}

static uint64_t random_mask(unsigned int *seed, unsigned int bits, unsigned int one_in)
{
	uint64_t mask = 0;

	for (unsigned int i = 0; i < bits; i++)
		mask |= (uint64_t)(rand_r(seed) % (int)one_in == 0) << i;
	return mask;
}

/* A command with needs at random, of which the recording has found most. */
static void make_up(struct world *world, unsigned int *seed)
{
	*world = (struct world){.n = 1 + (size_t)(rand_r(seed) % SUBJECTS)};
	for (size_t i = 0; i < world->n; i++) {
		struct lc_prove_subject *subject = &world->subjects[i];
		struct need *need = &world->needs[i];

		subject->granted = 0x3fff;
		need->all = random_mask(seed, 14, 6);
		for (size_t j = 0; j < GROUPS; j++) {
			need->any[j] = rand_r(seed) % 4 ? 0 : random_mask(seed, 14, 5);
		}
		need->serves = random_mask(seed, 14, 12);
		need->tells = rand_r(seed) % 2;
		subject->recorded = (random_mask(seed, 14, 3) | need->all | need->serves) &
				    ~(rand_r(seed) % 4 ? 0 : random_mask(seed, 14, 6));
		for (size_t j = 0; j < GROUPS; j++)
			subject->recorded |= need->any[j] & random_mask(seed, 14, 2);
		subject->doubtful = subject->recorded & random_mask(seed, 14, 2);
		subject->open = subject->recorded & random_mask(seed, 14, 2);
	}
}

/* How many entries a search may have to try in WORLD. */
static size_t count_entries(const struct world *world, const struct lc_prove_result *result, bool exhaustive)
{
	size_t n = 0;

	for (size_t i = 0; i < world->n; i++) {
		const struct lc_prove_subject *subject = &world->subjects[i];
		uint64_t tried =
			(exhaustive ? subject->recorded : subject->doubtful | subject->open) | result->added[i];

		n += (size_t)__builtin_popcountll(tried);
	}
	return n;
}

static void no_list_ends_failing_or_with_too_much(void **state)
{
	unsigned int seed = 20261130;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		bool exhaustive = i % 2;
		struct lc_prove_result result;
		struct world world;
		bool enough = true;
		size_t n;

		make_up(&world, &seed);
		for (size_t j = 0; j < world.n; j++)
			enough &= !((missing(&world.needs[j], world.subjects[j].recorded) | world.needs[j].serves) &
				    ~world.subjects[j].recorded);
		prove(&world, exhaustive, &result);
		assert_minimal(&world, exhaustive, &result);
		n = count_entries(&world, &result, exhaustive);
		if (enough) {
			assert_true(world.runs >= world.least);
			assert_true(world.runs <= world.most);
			assert_int_equal(world.more, 0);
			assert_true(world.runs <= 4 * n + 4);
		} else {
			/* All that was granted is halved, and each of it that is found is tried twice. */
			assert_true(world.runs <= 4 * n + 12 + 2 * 14 * world.n);
		}
		lc_prove_result_clear(&result);
	}
}

/* Needs that grow when something is missing no more, and go when something is: no list of theirs is found by halves alone. */
static void what_is_needed_only_beside_others_is_found_all_the_same(void **state)
{
	unsigned int seed = 7;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct lc_prove_result result;
		struct world world;

		make_up(&world, &seed);
		world.n = 1;
		world.subjects[0].recorded = 0x3fff;
		world.subjects[0].doubtful = 0x3fff;
		world.needs[0].together[0] = random_mask(&seed, 14, 8);
		world.needs[0].together[1] = random_mask(&seed, 14, 4);
		prove(&world, false, &result);
		assert_minimal(&world, false, &result);
		/* Each entry that goes may make all others be tried again. */
		assert_true(world.runs <= 4 + 2 * 14 + 14 * 14);
		lc_prove_result_clear(&result);
	}
}

static void containers_are_narrowed_in_the_same_runs(void **state)
{
	struct world world = {
		.subjects = {{0xff, 0x0f, 0x03, 0}, {0xff, 0x0f, 0x0c, 0}, {0xff, 0xf0, 0xf0, 0}},
		.needs = {{.all = 0x0c}, {.all = 0x03}, {.all = 0}},
		.n = 3,
	};
	struct lc_prove_result result;

	(void)state;
	prove(&world, false, &result);
	assert_minimal(&world, false, &result);
	assert_int_equal(world.runs, 5);
	lc_prove_result_clear(&result);
}

static void a_command_that_fails_by_itself_proves_nothing(void **state)
{
	struct world world = {.subjects = {{0xff, 0x0f, 0x0f, 0}}, .n = 1, .flaps = {1}};
	struct lc_prove_result result;

	(void)state;
	prove(&world, false, &result);
	assert_int_equal(result.end, LC_PROVE_UNFIT);
	assert_string_equal(result.why, "it was so");
	assert_null(result.lists);
	assert_int_equal(world.runs, 1);
	lc_prove_result_clear(&result);
}

static void a_command_that_flaps_is_refused(void **state)
{
	struct world world = {.subjects = {{0xff, 0x0f, 0x0f, 0}}, .n = 1, .flaps = {2}};
	struct lc_prove_result result;

	(void)state;
	prove(&world, false, &result);
	assert_int_equal(result.end, LC_PROVE_FLAPS);
	assert_string_equal(result.why, "it was so");
	assert_null(result.lists);
	assert_int_equal(world.runs, 2);
	lc_prove_result_clear(&result);
}

/* Proves a command of which the runs FIRST and SECOND fail by chance. */
static void prove_with_chance(unsigned int first, unsigned int second)
{
	struct world world = {
		.subjects = {{0xff, 0x3f, 0x3c, 0}},
		.needs = {{.all = 0x13}},
		.n = 1,
		.flaps = {first, second},
	};
	struct lc_prove_result result;

	prove(&world, false, &result);
	assert_int_equal(result.end, LC_PROVE_PROVEN);
	assert_true(passes(&world, result.lists));
	assert_true(world.last_passed);
	/* Two may have been about the same entry. */
	if (!second)
		assert_minimal(&world, false, &result);
	lc_prove_result_clear(&result);
}

static void one_failure_by_chance_keeps_nothing(void **state)
{
	(void)state;
	for (unsigned int first = 3; first < 20; first++) {
		prove_with_chance(first, 0);
		for (unsigned int second = first + 3; second < 24; second++)
			prove_with_chance(first, second);
	}
}

static void a_list_that_fails_in_the_end_is_not_the_end(void **state)
{
	/* The run that tries the list for the first time passes, and the last two fail. */
	struct world world = {.subjects = {{0xff, 0x0f, 0x01, 0}}, .needs = {{.all = 0x0e}}, .n = 1, .flaps = {5, 6}};
	struct lc_prove_result result;

	(void)state;
	prove(&world, false, &result);
	assert_int_equal(result.end, LC_PROVE_PROVEN);
	assert_int_equal(result.lists[0], 0x0f);
	assert_int_equal(world.last[0], 0x0f);
	assert_true(world.last_passed);
	lc_prove_result_clear(&result);

	world = (struct world){
		.subjects = {{0xff, 0x0f, 0x01, 0}}, .needs = {{.all = 0x0e}}, .n = 1, .flaps = {5, 6, 7, 8}};
	prove(&world, false, &result);
	assert_int_equal(result.end, LC_PROVE_FLAPS);
	assert_null(result.lists);
	lc_prove_result_clear(&result);
}

static void what_passes_only_without_a_list_is_said(void **state)
{
	struct world world = {.subjects = {{0xff, 0x0f, 0x01, 0}}, .needs = {{.all = 0x100}}, .n = 1};
	struct lc_prove_result result;

	(void)state;
	prove(&world, false, &result);
	assert_int_equal(result.end, LC_PROVE_IMPOSSIBLE);
	assert_null(result.lists);
	lc_prove_result_clear(&result);
}

static void without_a_container_there_is_nothing_to_prove(void **state)
{
	struct world world = {0};
	struct lc_prove_result result;

	(void)state;
	prove(&world, false, &result);
	assert_int_equal(result.end, LC_PROVE_NOTHING);
	lc_prove_result_clear(&result);
}

static void who_stops_it_has_the_best_that_has_passed(void **state)
{
	(void)state;
	for (size_t stop_at = 1; stop_at < 14; stop_at++) {
		struct world world = {.subjects = {{0xff, 0x3f, 0x3f, 0}}, .needs = {{.all = 0x12}}, .n = 1};
		struct lc_prove_result result;

		world.stop_at = stop_at;
		prove(&world, false, &result);
		assert_int_equal(result.end, stop_at <= world.runs ? LC_PROVE_STOPPED : LC_PROVE_PROVEN);
		assert_true(stop_at > 3 || !result.lists);
		assert_true(stop_at <= 3 || passes(&world, result.lists));
		lc_prove_result_clear(&result);
	}
}

static void a_reason_is_a_run_that_lacked_it_alone(void **state)
{
	struct world world = {.subjects = {{0xff, 0x07, 0x07, 0}}, .needs = {{.all = 0x02}}, .n = 1};
	const struct lc_prove_run *reason;
	struct lc_prove_result result;

	(void)state;
	prove(&world, false, &result);
	reason = lc_prove_reason(&result, 0, 1);
	assert_non_null(reason);
	assert_int_equal(reason->verdict, LC_TRIAL_FAILED);
	assert_int_equal(reason->lists[0] & 0x02, 0);
	lc_prove_result_clear(&result);
}

static void no_trial_of_a_search_that_is_gone_on_with_is_made_again(void **state)
{
	const struct world fresh = {
		.subjects = {{0xffff, 0xff, 0xff, 0}, {0xffff, 0x0f, 0x0f, 0}},
		.needs = {{.all = 0x81}, {.all = 0x02, .serves = 0x04}},
		.n = 2,
	};
	struct world whole = fresh;
	struct lc_prove_result result;

	(void)state;
	prove(&whole, false, &result);
	assert_minimal(&whole, false, &result);
	lc_prove_result_clear(&result);
	/* Wherever it was stopped, both parts have as many runs as the whole, and two baselines more. */
	for (size_t at = 4; at <= whole.runs; at++) {
		struct world first = fresh, second = fresh;
		struct lc_prove_result stopped;

		first.stop_at = at;
		prove(&first, false, &stopped);
		assert_int_equal(stopped.end, LC_PROVE_STOPPED);
		second.earlier = &stopped;
		prove(&second, false, &result);
		assert_minimal(&second, false, &result);
		assert_int_equal(result.n_runs, whole.runs);
		assert_int_equal(stopped.n_runs + second.runs, whole.runs + 2);
		lc_prove_result_clear(&result);
		lc_prove_result_clear(&stopped);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_is_what_the_command_needs),
		cmocka_unit_test(no_list_ends_failing_or_with_too_much),
		cmocka_unit_test(what_is_needed_only_beside_others_is_found_all_the_same),
		cmocka_unit_test(containers_are_narrowed_in_the_same_runs),
		cmocka_unit_test(a_command_that_fails_by_itself_proves_nothing),
		cmocka_unit_test(a_command_that_flaps_is_refused),
		cmocka_unit_test(one_failure_by_chance_keeps_nothing),
		cmocka_unit_test(a_list_that_fails_in_the_end_is_not_the_end),
		cmocka_unit_test(what_passes_only_without_a_list_is_said),
		cmocka_unit_test(without_a_container_there_is_nothing_to_prove),
		cmocka_unit_test(who_stops_it_has_the_best_that_has_passed),
		cmocka_unit_test(a_reason_is_a_run_that_lacked_it_alone),
		cmocka_unit_test(no_trial_of_a_search_that_is_gone_on_with_is_made_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
