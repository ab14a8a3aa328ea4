/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of merging: laws that hold for every profile, tried on generated ones, and what becomes of each field. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>

#include "stacks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

/* How many triples of profiles the laws are tried on. */
#define ROUNDS 200

/* A generator of its own, so that the same profiles come on every machine (Numerical Recipes' LCG, upper bits). */
struct generator {
	uint64_t state;
};

static unsigned int below(struct generator *generator, unsigned int n)
{
	generator->state = generator->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned int)(generator->state >> 33) % n;
}

/* One of a few words, so that many agree; NULL now and then. */
static char *pick(struct generator *generator, const char *const *words, unsigned int n)
{
	unsigned int i = below(generator, n + 1);

	return i == n ? NULL : strdup(words[i]);
}

#define PICK(generator, ...)                                                                                           \
	pick(generator, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static char *always(struct generator *generator, const char *a, const char *b)
{
	return strdup(below(generator, 2) ? a : b);
}

/* One of a few stacks, or none. */
static struct lc_shared_stack *pick_stack(struct generator *generator)
{
	switch (below(generator, 5)) {
	case 0:
		return stack_of("bind", "main", NULL);
	case 1:
		return stack_of("bind", "serve", "main", NULL);
	case 2:
		return stack_of("chown", "main", NULL);
	default:
		return NULL;
	}
}

static struct lc_check generate_check(struct generator *generator)
{
	static const int caps[] = {
		CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_BPF, CAP_KILL, 63};
	struct lc_check check = {
		.cap = caps[below(generator, 8)],
		.class = (enum lc_class)below(generator, LC_CLASS_N),
		.source = below(generator, 4) ? LC_SOURCE_CHECK : (enum lc_source)below(generator, LC_SOURCE_N),
		.verdict = (enum lc_verdict)below(generator, LC_VERDICT_N),
		.authority = (enum lc_authority)below(generator, LC_AUTHORITY_N),
		.credential = below(generator, 5) ? LC_CREDENTIAL_OWN : LC_CREDENTIAL_OVERRIDDEN,
		.phase = below(generator, 5) ? LC_PHASE_WORKLOAD : LC_PHASE_SETUP,
		.userns = below(generator, 5) ? LC_USERNS_TARGET : LC_USERNS_OTHER,
		.audited = (enum lc_audited)below(generator, LC_AUDITED_N),
		.ordinary = !below(generator, 4),
		.chained = !below(generator, 4),
		.answered = !below(generator, 4),
		.survivable = !below(generator, 4),
		.at_start = below(generator, 2),
		.while_serving = below(generator, 2),
		.at_stop = !below(generator, 4),
		.count = below(generator, 8) ? below(generator, 1000) : UINT64_MAX - below(generator, 10),
		.first_ns = INT64_C(1000) * below(generator, 50),
		.last_ns = INT64_C(1000) * (50 + below(generator, 50)),
		.syscall = PICK(generator, "openat", "bpf"),
		.caller = PICK(generator, "generic_permission", "bpf_capable"),
		.exe = PICK(generator, "/bin/a", "/bin/b"),
		.comm = PICK(generator, "a", "b"),
		.about = PICK(generator, "/x", "/y", "pid 7", "SIGTERM to 8"),
		.user = PICK(generator, "0:0", "33:33"),
		.why = PICK(generator, "because"),
	};

	check.kernel_stack = pick_stack(generator);
	check.user_stack = pick_stack(generator);
	if (check.verdict == LC_VERDICT_DENIED)
		check.result = PICK(generator, "EPERM", "0");
	if (!below(generator, 3)) {
		check.object.path = always(generator, "/x", "/y");
		check.object.owner = PICK(generator, "root:root", "www-data:adm");
		check.object.mode = below(generator, 2) ? 0100644 : 040700;
	}
	return check;
}

static struct lc_failure generate_failure(struct generator *generator)
{
	struct lc_failure failure = {
		.syscall = PICK(generator, "openat", "mount", "unshare"),
		.result = PICK(generator, "EPERM", "EACCES"),
		.exe = PICK(generator, "/bin/a", "/bin/b"),
		.comm = PICK(generator, "a", "b"),
		.about = PICK(generator, "/x", "/y", "pid 7", "SIGTERM to 8"),
		.user = PICK(generator, "0:0", "33:33"),
		.argument = below(generator, 2) ? 0x10000000 : 0,
		.denied = !below(generator, 3),
		.asked = !below(generator, 2),
		.no_new_privs = !below(generator, 4),
		.filter = (enum lc_filter_answer)below(generator, LC_FILTER_ANSWERS_N),
		.count = below(generator, 8) ? below(generator, 1000) : UINT64_MAX - below(generator, 10),
		.first_ns = INT64_C(1000) * below(generator, 50),
		.last_ns = INT64_C(1000) * (50 + below(generator, 50)),
		.cause = (enum lc_cause)below(generator, LC_CAUSE_N),
		.why = PICK(generator, "because"),
	};

	if (!below(generator, 3)) {
		failure.object.path = always(generator, "/x", "/y");
		failure.object.owner = PICK(generator, "root:root", "www-data:adm");
		failure.object.mode = below(generator, 2) ? 0100644 : 040700;
	}
	return failure;
}

static void generate_target(struct generator *generator, struct lc_target *target)
{
	target->kind = (enum lc_target_kind)below(generator, 2);
	target->name = always(generator, "web", "db");
	target->id = PICK(generator, "1111", "2222");
	target->engine = PICK(generator, "docker", "podman");
	target->image = PICK(generator, "nginx:1", "nginx:2");
	target->project = PICK(generator, "shop");
	target->service = PICK(generator, "front");
	target->user = PICK(generator, "0:0", "33:33");
	target->cgroup = PICK(generator, "/a", "/b");
	target->pod = PICK(generator, "shop-1", "shop-2", "api-1");
	target->namespace = PICK(generator, "default", "other");
	target->sandbox = PICK(generator, "runsc", "kata");
	target->landlock = PICK(generator, "/bin/a", "/bin/b");
	target->init.pid = below(generator, 2);
	if (below(generator, 2))
		target->life = (struct lc_life){.began_ns = INT64_C(1000) * (1 + below(generator, 9)), .starts = 1};
	target->seen.from = (enum lc_seen_from)below(generator, LC_SEEN_FROM_N);
	target->seen.until = (enum lc_seen_until)below(generator, LC_SEEN_UNTIL_N);
	if (target->seen.from >= LC_SEEN_FROM_RUNNING) {
		target->seen.since_ns = INT64_C(1000) * (1 + below(generator, 9));
		target->seen.started_ns = INT64_C(1000) * below(generator, 9);
	}
	if (target->seen.until == LC_SEEN_UNTIL_CUT)
		target->seen.cut_ns = 1 + below(generator, 9);
	target->coverage.handled = below(generator, 2) << 1;
	target->coverage.sent = below(generator, 2) << 15;
	for (unsigned int n = below(generator, 3); n; n--)
		assert_int_equal(lc_coverage_add_port(&target->coverage, (uint16_t)(1 + below(generator, 3)), n), 0);
	lc_coverage_add_bound(&target->coverage, (uint16_t)below(generator, 3));
	for (unsigned int n = below(generator, 3); n; n--)
		assert_int_equal(lc_coverage_add_program(&target->coverage, below(generator, 2) ? "/bin/a" : "/bin/b",
					 below(generator, 2) ? "/etc/crontab" : "/etc/cron.d/x", below(generator, 2)),
			0);
	target->coverage.programs_unknown = below(generator, 3);
	target->rating.level = (enum lc_rating_level)below(generator, LC_RATING_N);
	target->rating.why = PICK(generator, "because");
	target->privileged = !below(generator, 4);
	target->configured_add = below(generator, 4);
	target->configured_drop = below(generator, 4);
	target->granted = below(generator, 2) ? below(generator, 1U << 20) : UINT64_MAX;
	target->cap_add = below(generator, 1U << 20);
	for (unsigned int n = below(generator, 12); n; n--) {
		struct lc_check check = generate_check(generator);

		assert_int_equal(lc_target_add_evidence(target, &check), 0);
	}
	for (unsigned int n = below(generator, 8); n; n--) {
		struct lc_failure failure = generate_failure(generator);

		assert_int_equal(lc_target_add_failure(target, &failure), 0);
	}
	target->engine_version = PICK(generator, "20.10.24", "27.0.1");
	target->label = PICK(generator, "docker-default (enforce)", "unconfined");
	if (!below(generator, 2))
		assert_int_equal(lc_target_add_advice(target, CAP_CHOWN, strdup("old advice")), 0);
}

/* The profile that SEED stands for. */
static struct lc_profile generate(uint64_t seed)
{
	struct generator generator = {.state = seed};
	struct lc_profile profile = {.tool = strdup("leastcap 0.1.0")};

	profile.kernel = PICK(&generator, "5.10.0", "6.1.0", "6.18.44", "6.1.0, 5.10.0");
	profile.machine = PICK(&generator, "x86_64", "aarch64");
	profile.hook = PICK(&generator, "fexit", "tp_btf");
	profile.cgroup = PICK(&generator, "v1", "v2");
	profile.started_ns = INT64_C(1000000000) * below(&generator, 10);
	profile.ended_ns = INT64_C(1000000000) * (10 + below(&generator, 10));
	profile.lost = below(&generator, 4) ? 0 : UINT64_MAX - below(&generator, 3);
	for (unsigned int n = below(&generator, 5); n; n--)
		generate_target(&generator, lc_profile_add_target(&profile));
	return profile;
}

/* Merges N profiles, which are empty afterwards, in their order. */
static struct lc_profile merge_all(struct lc_profile *profiles, size_t n, bool by_image)
{
	struct lc_merge merge = {.by_image = by_image};
	struct lc_profile merged = {0};

	for (size_t i = 0; i < n; i++)
		assert_int_equal(lc_merge_add(&merge, &profiles[i]), 0);
	assert_int_equal(lc_merge_finish(&merge, &merged), 0);
	lc_merge_clear(&merge);
	return merged;
}

static struct lc_profile merge_two(struct lc_profile a, struct lc_profile b, bool by_image)
{
	struct lc_profile both[] = {a, b};

	return merge_all(both, 2, by_image);
}

/* Asserts that A and B are the same, byte for byte, and clears them. */
static void assert_same(struct lc_profile a, struct lc_profile b)
{
	_cleanup_free_ char *left = lc_profile_to_json(&a);
	_cleanup_free_ char *right = lc_profile_to_json(&b);

	assert_non_null(left);
	assert_string_equal(left, right);
	lc_profile_clear(&a);
	lc_profile_clear(&b);
}

/* What a file would make of PROFILE, which is cleared. */
static struct lc_profile saved_and_loaded(struct lc_profile profile)
{
	_cleanup_free_ char *text = lc_profile_to_json(&profile);
	_cleanup_free_ char *message = NULL;
	struct lc_profile loaded;

	lc_profile_clear(&profile);
	assert_int_equal(lc_profile_from_json(&loaded, text, strlen(text), &message), 0);
	return loaded;
}

static void test_the_order_of_two_profiles_does_not_matter(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < ROUNDS; seed++)
		assert_same(merge_two(generate(seed), generate(~seed), false),
			merge_two(generate(~seed), generate(seed), false));
}

static void test_the_grouping_of_three_profiles_does_not_matter(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < ROUNDS; seed++) {
		struct lc_profile left = merge_two(generate(seed), generate(seed + 1000), false);
		struct lc_profile right = merge_two(generate(seed + 1000), generate(seed + 2000), false);

		assert_same(merge_two(left, generate(seed + 2000), false), merge_two(generate(seed), right, false));
	}
}

static void test_the_grouping_does_not_matter_by_image_either(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < ROUNDS; seed++) {
		struct lc_profile left = merge_two(generate(seed), generate(seed + 1000), true);
		struct lc_profile right = merge_two(generate(seed + 2000), generate(seed + 1000), true);

		assert_same(merge_two(left, generate(seed + 2000), true), merge_two(right, generate(seed), true));
	}
}

static void test_a_file_in_between_does_not_matter(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < ROUNDS; seed++) {
		struct lc_profile all[] = {generate(seed), generate(seed + 1000), generate(seed + 2000)};
		struct lc_profile two = merge_two(generate(seed), generate(seed + 1000), false);

		assert_same(merge_two(saved_and_loaded(two), generate(seed + 2000), false), merge_all(all, 3, false));
	}
}

static void test_many_that_have_to_be_united_on_the_way_come_out_the_same(void **state)
{
	struct lc_profile ways[2];

	(void)state;
	for (int way = 0; way < 2; way++) {
		struct lc_merge merge = {0};

		for (uint64_t i = 0; i < 4000; i++) {
			struct lc_profile one = generate(way ? i : 3999 - i);

			assert_int_equal(lc_merge_add(&merge, &one), 0);
		}
		/* Had nothing been united, they would all be waiting. */
		assert_in_range(merge.settled, 1, 60000);
		assert_int_equal(lc_merge_finish(&merge, &ways[way]), 0);
	}
	assert_same(ways[0], ways[1]);
}

static void test_merged_with_itself_a_profile_keeps_its_lists(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < ROUNDS; seed++) {
		struct lc_profile one[] = {generate(seed)};
		struct lc_profile once = merge_all(one, 1, false);
		struct lc_profile twice = merge_two(generate(seed), generate(seed), false);

		assert_int_equal(once.n_targets, twice.n_targets);
		for (size_t i = 0; i < once.n_targets; i++) {
			assert_int_equal(once.targets[i].cap_add, twice.targets[i].cap_add);
			assert_int_equal(once.targets[i].wanted, twice.targets[i].wanted);
			assert_int_equal(once.targets[i].unused, twice.targets[i].unused);
			assert_int_equal(once.targets[i].n_evidence, twice.targets[i].n_evidence);
			assert_int_equal(once.targets[i].n_failures, twice.targets[i].n_failures);
		}
		lc_profile_clear(&once);
		lc_profile_clear(&twice);
	}
}

/* A profile with one container, which chowned /x COUNT times. */
static struct lc_profile profile_of(const char *name, const char *image, const char *service, uint64_t count)
{
	struct lc_profile profile = {0};
	struct lc_target *target = lc_profile_add_target(&profile);
	struct lc_check check = {
		.cap = CAP_CHOWN,
		.authority = LC_AUTHORITY_EFFECTIVE,
		.phase = LC_PHASE_WORKLOAD,
		.count = count,
		.first_ns = 1000 * (int64_t)count,
		.last_ns = 2000 * (int64_t)count,
		.syscall = strdup("chown"),
		.caller = strdup("setattr_prepare"),
		.exe = strdup("/bin/chown"),
		.about = strdup("/x"),
	};

	target->name = strdup(name);
	target->image = image ? strdup(image) : NULL;
	target->service = service ? strdup(service) : NULL;
	target->project = service ? strdup("shop") : NULL;
	assert_int_equal(lc_target_add_evidence(target, &check), 0);
	return profile;
}

static void test_containers_of_a_name_and_image_are_one(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged =
		merge_two(profile_of("web", "nginx", NULL, 1), profile_of("web", "nginx", NULL, 2), false);

	(void)state;
	assert_int_equal(merged.n_targets, 1);
}

/* A container called web of POD in NAMESPACE. */
static struct lc_profile profile_of_pod(const char *pod, const char *namespace)
{
	struct lc_profile profile = profile_of("web", "nginx", NULL, 1);

	profile.targets[0].pod = strdup(pod);
	profile.targets[0].namespace = strdup(namespace);
	return profile;
}

static void test_containers_of_replicas_are_one_and_known_by_one_of_their_pods(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged = merge_two(
		profile_of_pod("shop-6d4cf56db6-x7k2p", "a"), profile_of_pod("shop-7f9c5d8b44-bcdfg", "a"), false);

	(void)state;
	assert_int_equal(merged.n_targets, 1);
	assert_string_equal(merged.targets[0].pod, "shop-6d4cf56db6-x7k2p");
	assert_string_equal(merged.targets[0].namespace, "a");
}

static void test_containers_of_another_workload_or_namespace_are_others(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile workloads =
		merge_two(profile_of_pod("shop-0", "a"), profile_of_pod("api-0", "a"), false);
	_cleanup_(lc_profile_clear) struct lc_profile namespaces =
		merge_two(profile_of_pod("shop-0", "a"), profile_of_pod("shop-0", "b"), false);

	(void)state;
	assert_int_equal(workloads.n_targets, 2);
	assert_int_equal(namespaces.n_targets, 2);
}

static void test_by_image_workloads_are_one_and_none_of_them(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged =
		merge_two(profile_of_pod("shop-0", "a"), profile_of_pod("api-0", "a"), true);

	(void)state;
	assert_int_equal(merged.n_targets, 1);
	assert_null(merged.targets[0].pod);
}

static void test_containers_of_another_image_are_others(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged =
		merge_two(profile_of("web", "nginx:1", NULL, 1), profile_of("web", "nginx:2", NULL, 2), false);

	(void)state;
	assert_int_equal(merged.n_targets, 2);
}

static void test_containers_of_a_service_are_one_and_their_images_listed(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged = merge_two(
		profile_of("shop-web-2", "nginx:2", "web", 1), profile_of("shop-web-1", "nginx:1", "web", 2), false);

	(void)state;
	assert_int_equal(merged.n_targets, 1);
	assert_string_equal(merged.targets[0].name, "shop-web-1");
	assert_string_equal(merged.targets[0].image, "nginx:1, nginx:2");
}

static void test_by_image_names_do_not_count(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged = merge_two(
		profile_of("brave_noether", "nginx", NULL, 1), profile_of("angry_hopper", "nginx", NULL, 2), true);

	(void)state;
	assert_int_equal(merged.n_targets, 1);
	assert_string_equal(merged.targets[0].name, "angry_hopper");
}

static void test_evidence_that_agrees_is_summed(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged =
		merge_two(profile_of("web", "nginx", NULL, 3), profile_of("web", "nginx", NULL, 2), false);
	const struct lc_check *check = &merged.targets[0].evidence[0];

	(void)state;
	assert_int_equal(merged.targets[0].n_evidence, 1);
	assert_int_equal(check->count, 5);
	assert_int_equal(check->first_ns, 2000);
	assert_int_equal(check->last_ns, 6000);
}

/* A profile with one container whose MOUNTS on ABOUT were refused. */
static struct lc_profile refused_profile(uint64_t mounts, const char *about, int64_t first_ns)
{
	struct lc_profile profile = profile_of("web", "nginx", NULL, 1);
	struct lc_failure failure = {
		.syscall = strdup("mount"),
		.result = strdup("EPERM"),
		.about = strdup(about),
		.count = mounts,
		.first_ns = first_ns,
		.last_ns = 2 * first_ns,
	};

	profile.targets[0].engine_version = strdup(mounts == 1 ? "20.10" : "27.0");
	assert_int_equal(lc_target_add_failure(&profile.targets[0], &failure), 0);
	return profile;
}

static void test_refused_calls_that_agree_are_summed(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged =
		merge_two(refused_profile(1, "pid 7", 1000), refused_profile(2, "pid 8", 3000), false);
	_cleanup_(lc_profile_clear) struct lc_profile apart =
		merge_two(refused_profile(1, "/a", 1000), refused_profile(2, "/b", 3000), false);

	(void)state;
	assert_int_equal(merged.targets[0].n_failures, 1);
	assert_int_equal(merged.targets[0].failures[0].count, 3);
	assert_int_equal(merged.targets[0].failures[0].first_ns, 1000);
	assert_int_equal(merged.targets[0].failures[0].last_ns, 6000);
	assert_string_equal(merged.targets[0].failures[0].about, "pid 7");
	assert_string_equal(merged.targets[0].engine_version, "20.10, 27.0");
	assert_int_equal(apart.targets[0].n_failures, 2);
}

static void test_counts_saturate(void **state)
{
	struct lc_profile a = profile_of("web", "nginx", NULL, 1);
	struct lc_profile b = profile_of("web", "nginx", NULL, 1);
	struct lc_profile merged;

	(void)state;
	a.targets[0].evidence[0].count = UINT64_MAX;
	a.lost = UINT64_MAX;
	b.lost = 1;
	merged = merge_two(a, b, false);
	/* What a file can hold. */
	assert_int_equal(merged.targets[0].evidence[0].count, INT64_MAX);
	assert_int_equal(merged.lost, INT64_MAX);
	lc_profile_clear(&merged);
}

/* Merges profiles with these user stacks (NULL: none), whose references it takes over, in this order. */
static struct lc_profile merge_stacks(struct lc_shared_stack *a, struct lc_shared_stack *b, struct lc_shared_stack *c)
{
	struct lc_profile three[] = {profile_of("web", "nginx", NULL, 1), profile_of("web", "nginx", NULL, 2),
		profile_of("web", "nginx", NULL, 3)};
	struct lc_profile merged;

	three[0].targets[0].evidence[0].user_stack = a;
	three[1].targets[0].evidence[0].user_stack = b;
	three[2].targets[0].evidence[0].user_stack = c;
	merged = merge_all(three, 3, false);
	assert_int_equal(merged.targets[0].n_evidence, 1);
	return merged;
}

static void test_a_stack_is_kept_whichever_profile_has_it(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		_cleanup_(lc_profile_clear) struct lc_profile merged = merge_stacks(i == 0 ? stack_of("a", NULL) : NULL,
			i == 1 ? stack_of("a", NULL) : NULL, i == 2 ? stack_of("a", NULL) : NULL);

		assert_non_null(merged.targets[0].evidence[0].user_stack);
		assert_string_equal(merged.targets[0].evidence[0].user_stack->stack.frames[0].function, "a");
		assert_int_equal(merged.targets[0].evidence[0].user_stack->references, 1);
		assert_null(merged.targets[0].evidence[0].kernel_stack);
	}
}

static void test_of_several_stacks_the_same_is_kept_in_every_order(void **state)
{
	static const char *const orders[][3] = {
		{"a", "b", "c"}, {"a", "c", "b"}, {"b", "a", "c"}, {"b", "c", "a"}, {"c", "a", "b"}, {"c", "b", "a"}};

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		_cleanup_(lc_profile_clear) struct lc_profile merged = merge_stacks(
			stack_of(orders[i][0], NULL), stack_of(orders[i][1], NULL), stack_of(orders[i][2], NULL));

		assert_string_equal(merged.targets[0].evidence[0].user_stack->stack.frames[0].function, "a");
	}
}

static void test_evidence_about_another_file_stays_apart(void **state)
{
	struct lc_profile a = profile_of("web", "nginx", NULL, 1);
	struct lc_profile merged;

	(void)state;
	free(a.targets[0].evidence[0].about);
	a.targets[0].evidence[0].about = strdup("/y");
	merged = merge_two(a, profile_of("web", "nginx", NULL, 1), false);
	assert_int_equal(merged.targets[0].n_evidence, 2);
	lc_profile_clear(&merged);
}

/* Merges two that differ in what the check was about: A's was earlier. */
static struct lc_profile merge_about(const char *about_a, const char *about_b, enum lc_phase phase)
{
	struct lc_profile a = profile_of("web", "nginx", NULL, 1);
	struct lc_profile b = profile_of("web", "nginx", NULL, 2);

	free(a.targets[0].evidence[0].about);
	free(b.targets[0].evidence[0].about);
	a.targets[0].evidence[0].about = strdup(about_a);
	b.targets[0].evidence[0].about = strdup(about_b);
	a.targets[0].evidence[0].phase = b.targets[0].evidence[0].phase = phase;
	return merge_two(b, a, false);
}

static void test_a_process_of_another_number_makes_no_other_evidence(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged =
		merge_about("SIGTERM to 71", "SIGTERM to 12", LC_PHASE_WORKLOAD);

	(void)state;
	assert_int_equal(merged.targets[0].n_evidence, 1);
	assert_string_equal(merged.targets[0].evidence[0].about, "SIGTERM to 71");
}

static void test_the_set_up_is_one_whatever_it_was_about(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged =
		merge_about("/overlay2/f00", "/overlay2/bar", LC_PHASE_SETUP);

	(void)state;
	assert_int_equal(merged.targets[0].n_evidence, 1);
	assert_string_equal(merged.targets[0].evidence[0].about, "/overlay2/f00");
}

static void test_what_is_granted_is_united_and_the_unused_found_anew(void **state)
{
	struct lc_profile a = profile_of("web", "nginx", NULL, 1);
	struct lc_profile b = profile_of("web", "nginx", NULL, 1);
	struct lc_profile merged;

	(void)state;
	a.targets[0].granted = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL);
	b.targets[0].granted = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID);
	b.targets[0].unused = LC_CAP_BIT(CAP_CHOWN);
	b.targets[0].privileged = true;
	merged = merge_two(a, b, false);
	assert_int_equal(merged.targets[0].unused, LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_SETUID));
	assert_true(merged.targets[0].privileged);
	lc_profile_clear(&merged);
}

static void test_a_user_is_kept_where_all_have_the_same(void **state)
{
	struct lc_profile three[] = {profile_of("web", "nginx", NULL, 1), profile_of("web", "nginx", NULL, 1),
		profile_of("db", "pg", NULL, 1)};
	struct lc_profile merged;

	(void)state;
	three[0].targets[0].user = strdup("33:33");
	three[1].targets[0].user = strdup("0:0");
	three[2].targets[0].user = strdup("70:70");
	merged = merge_all(three, 3, false);
	assert_string_equal(merged.targets[0].user, "70:70");
	assert_null(merged.targets[1].user);
	lc_profile_clear(&merged);
}

static void test_what_an_audit_found_at_one_moment_is_left_out(void **state)
{
	struct lc_profile one[] = {profile_of("web", "nginx", NULL, 1)};
	struct lc_profile merged;

	(void)state;
	one[0].targets[0].init.pid = 7;
	one[0].targets[0].rating.level = LC_RATING_EXACT;
	merged = merge_all(one, 1, false);
	assert_int_equal(merged.targets[0].init.pid, 0);
	assert_int_equal(merged.targets[0].rating.level, LC_RATING_UNRATED);
	lc_profile_clear(&merged);
}

static void test_a_recording_in_a_sandbox_is_a_loss_beside_one_that_was_seen(void **state)
{
	struct lc_profile sandboxed = profile_of("web", "nginx", NULL, 3);
	struct lc_profile merged;

	(void)state;
	sandboxed.targets[0].sandbox = strdup("runsc");
	sandboxed.targets[0].evidence[0].cap = CAP_SYS_ADMIN;
	lc_target_set_aside(&sandboxed.targets[0]);
	merged = merge_two(profile_of("web", "nginx", NULL, 1), sandboxed, false);
	assert_int_equal(merged.n_targets, 1);
	assert_string_equal(merged.targets[0].sandbox, "runsc");
	assert_true(merged.targets[0].cap_add == LC_CAP_BIT(CAP_CHOWN));
	assert_true(merged.targets[0].losses.of[LC_LOSS_SANDBOX] == 1);
	lc_profile_clear(&merged);
}

static void test_hosts_that_differ_are_listed(void **state)
{
	struct lc_profile a = {.kernel = strdup("6.1.0"), .started_ns = 5, .ended_ns = 6, .lost = 1};
	struct lc_profile b = {.kernel = strdup("5.10.0"), .started_ns = 3, .ended_ns = 4, .lost = 2};
	_cleanup_(lc_profile_clear) struct lc_profile merged = merge_two(a, b, false);

	(void)state;
	assert_string_equal(merged.kernel, "5.10.0, 6.1.0");
	assert_int_equal(merged.started_ns, 3);
	assert_int_equal(merged.ended_ns, 6);
	assert_int_equal(merged.lost, 3);
}

static void test_more_than_eight_hosts_are_several(void **state)
{
	struct lc_profile hosts[9] = {0};
	struct lc_profile merged;
	char kernel[16];

	(void)state;
	for (int i = 0; i < 9; i++) {
		snprintf(kernel, sizeof(kernel), "6.%d", i);
		hosts[i].kernel = strdup(kernel);
	}
	merged = merge_all(hosts, 9, false);
	assert_string_equal(merged.kernel, "several");
	lc_profile_clear(&merged);
}

static void test_nothing_merged_is_an_empty_profile(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged = merge_all(NULL, 0, false);

	(void)state;
	assert_int_equal(merged.n_targets, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_order_of_two_profiles_does_not_matter),
		cmocka_unit_test(test_the_grouping_of_three_profiles_does_not_matter),
		cmocka_unit_test(test_the_grouping_does_not_matter_by_image_either),
		cmocka_unit_test(test_a_file_in_between_does_not_matter),
		cmocka_unit_test(test_many_that_have_to_be_united_on_the_way_come_out_the_same),
		cmocka_unit_test(test_merged_with_itself_a_profile_keeps_its_lists),
		cmocka_unit_test(test_containers_of_a_name_and_image_are_one),
		cmocka_unit_test(test_containers_of_replicas_are_one_and_known_by_one_of_their_pods),
		cmocka_unit_test(test_containers_of_another_workload_or_namespace_are_others),
		cmocka_unit_test(test_by_image_workloads_are_one_and_none_of_them),
		cmocka_unit_test(test_containers_of_another_image_are_others),
		cmocka_unit_test(test_containers_of_a_service_are_one_and_their_images_listed),
		cmocka_unit_test(test_by_image_names_do_not_count),
		cmocka_unit_test(test_evidence_that_agrees_is_summed),
		cmocka_unit_test(test_refused_calls_that_agree_are_summed),
		cmocka_unit_test(test_counts_saturate),
		cmocka_unit_test(test_a_stack_is_kept_whichever_profile_has_it),
		cmocka_unit_test(test_of_several_stacks_the_same_is_kept_in_every_order),
		cmocka_unit_test(test_evidence_about_another_file_stays_apart),
		cmocka_unit_test(test_a_process_of_another_number_makes_no_other_evidence),
		cmocka_unit_test(test_the_set_up_is_one_whatever_it_was_about),
		cmocka_unit_test(test_what_is_granted_is_united_and_the_unused_found_anew),
		cmocka_unit_test(test_a_user_is_kept_where_all_have_the_same),
		cmocka_unit_test(test_what_an_audit_found_at_one_moment_is_left_out),
		cmocka_unit_test(test_a_recording_in_a_sandbox_is_a_loss_beside_one_that_was_seen),
		cmocka_unit_test(test_hosts_that_differ_are_listed),
		cmocka_unit_test(test_more_than_eight_hosts_are_several),
		cmocka_unit_test(test_nothing_merged_is_an_empty_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
