/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the audit's rules: what a target holds, and what is made of it. */
#include <leastcap/audit.h>
#include <leastcap/capset.h>
#include <leastcap/engine.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

#define HOST    ((LC_CAP_BIT(41) - 1) & ~LC_CAP_BIT(CAP_SYS_RESOURCE))
#define CHOWN   LC_CAP_BIT(CAP_CHOWN)
#define SETUID  LC_CAP_BIT(CAP_SETUID)
#define DEFAULT lc_engine_defaults(LC_ENGINE_DOCKER, NULL)

static const struct lc_audit_view looked = {.watched = false, .host = HOST};
static const struct lc_audit_view watched = {.watched = true, .host = HOST};

/* A container of Docker's as root that holds MASK in the sets that root's are. */
static struct lc_target container(uint64_t mask)
{
	return (struct lc_target){
		.kind = LC_TARGET_CONTAINER,
		.name = (char *)"web",
		.engine = (char *)"docker",
		.user = (char *)"0:0",
		.init = {.pid = 4711, .sets = {.bounding = mask, .permitted = mask, .effective = mask}},
	};
}

static struct lc_target of_user(uint64_t bounding, bool no_new_privs)
{
	struct lc_target target = container(bounding);

	target.user = (char *)"33:33";
	target.init.sets.permitted = 0;
	target.init.sets.effective = 0;
	target.init.no_new_privs = no_new_privs;
	return target;
}

static struct lc_target service(uint64_t mask)
{
	struct lc_target target = container(mask);

	target.kind = LC_TARGET_SERVICE;
	target.engine = NULL;
	return target;
}

static void assert_rating(
	struct lc_target target, const struct lc_audit_view *view, enum lc_rating_level level, const char *why)
{
	assert_int_equal(lc_audit_rate(&target, view), 0);
	assert_string_equal(lc_rating_name(target.rating.level), lc_rating_name(level));
	assert_string_equal(target.rating.why, why);
	target.init.unread = NULL;
	lc_target_clear_audit(&target);
}

static void assert_advice(struct lc_target target, const struct lc_audit_view *view, const char *advice)
{
	assert_int_equal(lc_audit_rate(&target, view), 0);
	assert_string_equal(target.rating.advice, advice);
	lc_target_clear_audit(&target);
}

static void privileged_is_the_worst(void **state)
{
	struct lc_target target = container(HOST);

	(void)state;
	target.privileged = true;
	assert_rating(target, &looked, LC_RATING_PRIVILEGED,
		"Privileged: all capabilities, all devices, no seccomp: its root is the host's.");
}

static void of_what_runs_in_a_kernel_of_its_own_nothing_is_known(void **state)
{
	struct lc_target target = {.kind = LC_TARGET_CONTAINER,
		.privileged = true,
		.sandbox = (char *)"runsc",
		.init.unread = (char *)"it runs in a kernel of its own"};

	(void)state;
	assert_rating(target, &watched, LC_RATING_UNKNOWN,
		"It runs in a sandbox of its own kernel (runsc): what it holds and uses there is not seen here.");
}

static void privileged_counts_even_where_nothing_else_is_known(void **state)
{
	struct lc_target target = {
		.kind = LC_TARGET_CONTAINER, .privileged = true, .init.unread = (char *)"it has ended"};

	(void)state;
	assert_rating(target, &looked, LC_RATING_PRIVILEGED,
		"Privileged: all capabilities, all devices, no seccomp: its root is the host's.");
}

static void all_that_the_host_has_is_all(void **state)
{
	(void)state;
	assert_rating(container(HOST), &looked, LC_RATING_ALL, "It holds every capability that the host has.");
}

static void a_service_that_nobody_limits_is_said_so(void **state)
{
	(void)state;
	assert_rating(service(HOST), &looked, LC_RATING_ALL, "Nothing is taken from it: it holds every capability.");
}

static void a_dangerous_one_is_named_with_what_it_does(void **state)
{
	(void)state;
	assert_rating(container(CHOWN | LC_CAP_BIT(CAP_NET_ADMIN)), &looked, LC_RATING_DANGEROUS,
		"It holds NET_ADMIN, which changes the whole of its network namespace, with the host's network the host's.");
}

static void of_several_dangerous_ones_the_worst_is_explained(void **state)
{
	const uint64_t mask = LC_CAP_BIT(CAP_NET_ADMIN) | LC_CAP_BIT(CAP_SYS_MODULE) | LC_CAP_BIT(CAP_SYS_PTRACE);

	(void)state;
	assert_rating(container(mask), &looked, LC_RATING_DANGEROUS,
		"It holds SYS_MODULE, which loads code into the host's kernel: as good as root on the host; also NET_ADMIN, SYS_PTRACE.");
}

static void each_that_the_rating_is_to_know_is_dangerous(void **state)
{
	static const int caps[] = {CAP_SYS_ADMIN, CAP_SYS_MODULE, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_NET_ADMIN,
		CAP_SYS_RAWIO, CAP_BPF};

	(void)state;
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		struct lc_target target = container(LC_CAP_BIT(caps[i]));

		assert_int_equal(lc_audit_rate(&target, &looked), 0);
		assert_int_equal(target.rating.level, LC_RATING_DANGEROUS);
		lc_target_clear_audit(&target);
	}
}

static void a_dangerous_one_stays_so_when_it_was_used(void **state)
{
	struct lc_target target = container(LC_CAP_BIT(CAP_NET_ADMIN));

	(void)state;
	target.cap_add = LC_CAP_BIT(CAP_NET_ADMIN);
	assert_rating(target, &watched, LC_RATING_DANGEROUS,
		"It holds NET_ADMIN, which changes the whole of its network namespace, with the host's network the host's.");
}

static void what_could_not_be_read_is_unknown_and_why(void **state)
{
	struct lc_target target = {.kind = LC_TARGET_CONTAINER, .init.unread = (char *)"Permission denied"};

	(void)state;
	assert_rating(target, &looked, LC_RATING_UNKNOWN, "Its first process could not be read: Permission denied.");
}

static void the_engines_defaults_are_recognised(void **state)
{
	(void)state;
	assert_rating(container(DEFAULT), &looked, LC_RATING_DEFAULTS,
		"It holds all that docker grants by default: nothing was dropped.");
}

static void each_engine_has_its_own_defaults(void **state)
{
	struct lc_target target = container(lc_engine_defaults(LC_ENGINE_PODMAN, NULL));

	(void)state;
	target.engine = (char *)"podman";
	assert_rating(target, &looked, LC_RATING_DEFAULTS,
		"It holds all that podman grants by default: nothing was dropped.");
}

static void defaults_and_more_are_worse(void **state)
{
	(void)state;
	assert_rating(container(DEFAULT | LC_CAP_BIT(CAP_IPC_LOCK)), &looked, LC_RATING_WIDE,
		"It holds all that docker grants by default, and IPC_LOCK.");
}

static void a_user_namespace_of_its_own_confines_what_is_held(void **state)
{
	struct lc_target target = container(LC_CAP_BIT(CAP_SYS_ADMIN));

	(void)state;
	target.init.own_userns = true;
	target.privileged = true;
	assert_rating(target, &looked, LC_RATING_CONFINED, "It holds SYS_ADMIN, but only in its own user namespace.");
}

static void an_ordinary_user_can_reach_the_bounding_set(void **state)
{
	(void)state;
	assert_rating(of_user(CHOWN | SETUID, false), &looked, LC_RATING_REACHABLE,
		"It runs as user 33:33 and holds none, but its set-user-ID programs get the bounding set.");
}

static void no_new_privileges_keep_the_bounding_set_out_of_reach(void **state)
{
	(void)state;
	assert_rating(of_user(DEFAULT, true), &looked, LC_RATING_NOTHING, "It holds no capability.");
}

static void root_reaches_the_bounding_set_by_its_next_execve(void **state)
{
	struct lc_target target = container(CHOWN);

	(void)state;
	target.init.sets.permitted = 0;
	target.init.sets.effective = 0;
	assert_rating(target, &looked, LC_RATING_REDUCED, "It holds CHOWN.");
}

static void what_was_not_used_is_named(void **state)
{
	struct lc_target target = container(CHOWN | SETUID);

	(void)state;
	target.cap_add = SETUID;
	assert_rating(target, &watched, LC_RATING_UNUSED, "It holds CHOWN, not used in the time watched.");
}

static void without_watching_nothing_is_said_about_use(void **state)
{
	(void)state;
	assert_rating(container(CHOWN | SETUID), &looked, LC_RATING_REDUCED, "It holds CHOWN, SETUID.");
}

static void exactly_what_it_used_is_well(void **state)
{
	struct lc_target target = container(CHOWN);

	(void)state;
	target.cap_add = CHOWN;
	assert_rating(target, &watched, LC_RATING_EXACT, "It holds what it used and nothing else: CHOWN.");
}

static void defaults_that_were_all_used_are_exact(void **state)
{
	struct lc_target target = container(DEFAULT);

	(void)state;
	target.cap_add = DEFAULT;
	assert_int_equal(lc_audit_rate(&target, &watched), 0);
	assert_int_equal(target.rating.level, LC_RATING_EXACT);
	lc_target_clear_audit(&target);
}

static void nothing_held_is_the_best(void **state)
{
	(void)state;
	assert_rating(container(0), &looked, LC_RATING_NOTHING, "It holds no capability.");
}

static void the_advice_is_what_was_enough(void **state)
{
	struct lc_target target = container(DEFAULT);

	(void)state;
	target.cap_add = CHOWN | SETUID;
	assert_advice(target, &watched, "Enough in the time watched: --cap-drop=ALL --cap-add=CHOWN --cap-add=SETUID");
}

static void a_service_is_advised_in_its_own_words(void **state)
{
	struct lc_target target = service(HOST);

	(void)state;
	target.cap_add = CHOWN | SETUID;
	assert_advice(target, &watched, "Enough in the time watched: CapabilityBoundingSet=CAP_CHOWN CAP_SETUID");
}

static void a_pods_container_is_advised_in_its_own_words(void **state)
{
	struct lc_target target = container(DEFAULT);

	(void)state;
	target.pod = (char *)"web-0";
	target.cap_add = CHOWN | SETUID;
	assert_advice(target, &watched, "Enough in the time watched: drop [ALL], add [CHOWN, SETUID]");
}

static void advice_without_watching_names_the_option(void **state)
{
	(void)state;
	assert_advice(container(DEFAULT), &looked, "Drop all and add what it needs; --for tells what it uses.");
}

static void rating_again_replaces_the_first(void **state)
{
	struct lc_target target = container(DEFAULT);

	(void)state;
	assert_int_equal(lc_audit_rate(&target, &looked), 0);
	assert_rating(target, &watched, LC_RATING_DEFAULTS,
		"It holds all that docker grants by default: nothing was dropped.");
}

static void what_any_of_its_processes_holds_counts(void **state)
{
	struct lc_target target = container(CHOWN);

	(void)state;
	target.members = (struct lc_members){
		.n = 2, .held = CHOWN | LC_CAP_BIT(CAP_SYS_TIME), .reached = CHOWN | LC_CAP_BIT(CAP_SYS_TIME)};
	assert_rating(target, &looked, LC_RATING_DANGEROUS,
		"It holds SYS_TIME, which sets the host's clock: a container has none of its own.");
}

static void a_first_process_in_its_own_user_namespace_confines_nobody_else(void **state)
{
	struct lc_target target = container(HOST);

	(void)state;
	target.init.own_userns = true;
	target.members = (struct lc_members){.n = 2, .held = LC_CAP_BIT(CAP_AUDIT_CONTROL)};
	assert_rating(
		target, &looked, LC_RATING_DANGEROUS, "It holds AUDIT_CONTROL, which changes what the host audits.");
}

/* What is said of the container that holds HELD and that Docker was told to give ADD. */
static void assert_told(uint64_t add, uint64_t held, const char *expected)
{
	struct lc_target target = container(DEFAULT);

	target.image = (char *)"nginx";
	target.configured_add = add;
	target.members = (struct lc_members){.n = 2, .held = held, .reached = held, .sets.bounding = held};
	assert_int_equal(lc_audit_rate(&target, &looked), 0);
	if (expected)
		assert_string_equal(target.rating.told, expected);
	else
		assert_null(target.rating.told);
	lc_target_clear_audit(&target);
}

static void it_is_told_where_it_differs_from_what_the_engine_was_told(void **state)
{
	(void)state;
	assert_told(0, DEFAULT, NULL);
	assert_told(0, DEFAULT | LC_CAP_BIT(CAP_SYS_ADMIN), "It holds more than docker was told to grant: SYS_ADMIN.");
	assert_told(LC_CAP_BIT(CAP_SYS_NICE), DEFAULT,
		"docker was told to add what none of its processes can have any more: SYS_NICE.");
}

/* Adds a hazard that a scan would have found to TARGET. */
static void add_hazard(
	struct lc_target *target, enum lc_hazard_kind kind, const char *about, bool read_only, bool barred)
{
	struct lc_hazard hazard = {.kind = kind, .read_only = read_only, .barred = barred};

	hazard.about = about ? strdup(about) : NULL;
	hazard.where = about ? strdup("/there") : NULL;
	assert_int_equal(lc_target_add_hazard(target, &hazard), 0);
}

/* The score of TARGET, and in *FIRST (may be NULL) the worst of what it is made of; frees what the audit found. */
static uint64_t score(struct lc_target target, struct lc_hazard *first)
{
	uint64_t sum = 0;

	assert_int_equal(lc_audit_rate(&target, &looked), 0);
	for (size_t i = 0; i < target.n_hazards; i++) {
		assert_non_null(target.hazards[i].why);
		assert_true(i == 0 || target.hazards[i - 1].points >= target.hazards[i].points);
		sum += target.hazards[i].points;
	}
	assert_int_equal(target.rating.score, sum);
	if (first && target.n_hazards)
		*first = (struct lc_hazard){.kind = target.hazards[0].kind, .points = target.hazards[0].points};
	lc_target_clear_audit(&target);
	return sum;
}

/* A container of Docker's with its defaults and its filter. */
static struct lc_target plain(void)
{
	struct lc_target target = container(DEFAULT);

	target.init.seccomp = LC_SECCOMP_FILTER;
	return target;
}

static struct lc_target with(enum lc_hazard_kind kind, const char *about, bool read_only, bool barred)
{
	struct lc_target target = plain();

	add_hazard(&target, kind, about, read_only, barred);
	return target;
}

static void what_stands_in_for_capabilities_is_worse_than_none(void **state)
{
	struct lc_hazard first = {0};

	(void)state;
	assert_true(score(with(LC_HAZARD_SOCKET, "/run/docker.sock", false, false), &first) > 100);
	assert_int_equal(first.kind, LC_HAZARD_SOCKET);
	assert_true(score(with(LC_HAZARD_FILES, "/", false, false), NULL) > 100);
	assert_true(score(with(LC_HAZARD_PID, NULL, false, false), &first) > score(plain(), NULL) + 40);
	assert_int_equal(first.kind, LC_HAZARD_PID);
	for (int kind = 0; kind < LC_HAZARD_PRIVILEGED; kind++) {
		struct lc_target target =
			with((enum lc_hazard_kind)kind, kind == LC_HAZARD_FILES ? "/etc" : NULL, false, false);

		/* The points of a device are found with it. */
		target.hazards[0].points = kind == LC_HAZARD_DEVICE ? 10 : 0;
		target.hazards[0].why = kind == LC_HAZARD_DEVICE ? strdup("A disk.") : NULL;
		assert_true(score(target, NULL) > score(plain(), NULL));
	}
}

static void what_is_read_only_or_not_for_its_user_counts_less(void **state)
{
	uint64_t writable, read_only, barred;

	(void)state;
	writable = score(with(LC_HAZARD_FILES, "/etc", false, false), NULL);
	read_only = score(with(LC_HAZARD_FILES, "/etc", true, false), NULL);
	barred = score(with(LC_HAZARD_FILES, "/etc", false, true), NULL);
	assert_true(writable > read_only && read_only > barred);
	assert_true(barred > score(plain(), NULL));
}

static void a_user_namespace_takes_points_away(void **state)
{
	struct lc_target outside = container(HOST), inside = container(HOST);

	(void)state;
	inside.init.own_userns = true;
	add_hazard(&outside, LC_HAZARD_SOCKET, "/run/docker.sock", false, false);
	add_hazard(&inside, LC_HAZARD_SOCKET, "/run/docker.sock", false, false);
	assert_true(score(inside, NULL) * 4 < score(outside, NULL));
}

static void a_capability_is_worse_with_what_it_needs(void **state)
{
	struct lc_target alone = container(LC_CAP_BIT(CAP_SYS_PTRACE)),
			 together = container(LC_CAP_BIT(CAP_SYS_PTRACE));
	struct lc_hazard first = {0};

	(void)state;
	add_hazard(&together, LC_HAZARD_PID, NULL, false, false);
	assert_true(score(alone, NULL) < 100);
	assert_true(score(together, &first) > 100);
	assert_int_equal(first.kind, LC_HAZARD_CAPABILITY);
}

/* SYS_MODULE with the host's processes and network comes before NET_ADMIN in a network of the container's own. */
static void the_worst_is_not_sorted_by_name(void **state)
{
	struct lc_target module = container(DEFAULT | LC_CAP_BIT(CAP_SYS_MODULE));
	struct lc_target network = container(LC_CAP_BIT(CAP_NET_ADMIN));

	(void)state;
	add_hazard(&module, LC_HAZARD_PID, NULL, false, false);
	add_hazard(&module, LC_HAZARD_NETWORK, NULL, false, false);
	assert_true(score(module, NULL) > 4 * score(network, NULL));
}

static void root_seccomp_and_each_capability_count(void **state)
{
	struct lc_target of_root = container(CHOWN), of_other = container(CHOWN), open = container(CHOWN | SETUID);

	(void)state;
	of_other.user = (char *)"33:33";
	assert_true(score(of_root, NULL) > score(of_other, NULL));
	assert_int_equal(score(open, NULL), score(of_root, NULL) + 1);
	of_root.init.seccomp = LC_SECCOMP_FILTER;
	assert_true(score(of_root, NULL) < score(container(CHOWN), NULL));
}

static void a_socket_makes_a_container_of_defaults_dangerous(void **state)
{
	struct lc_target target = with(LC_HAZARD_SOCKET, "/run/docker.sock", false, false);

	(void)state;
	assert_int_equal(lc_audit_rate(&target, &looked), 0);
	assert_string_equal(target.rating.advice,
		"Take the socket out, or let the target have a proxy of it that refuses what it does not need.");
	assert_rating(target, &looked, LC_RATING_DANGEROUS,
		"/run/docker.sock of the host is mounted at /there. Whoever may write to an engine's socket has it start a container that is root on the host.");
}

static void what_ended_is_said_to_have_ended(void **state)
{
	struct lc_target target = {
		.kind = LC_TARGET_CONTAINER, .init = {.ended = true, .unread = (char *)"it has ended just now"}};

	(void)state;
	assert_int_equal(lc_audit_rate(&target, &looked), 0);
	assert_string_equal(target.rating.advice, "Nothing to do.");
	assert_int_equal(target.rating.score, 0);
	assert_rating(target, &looked, LC_RATING_UNKNOWN, "It ended while the audit looked.");
}

static void rating_again_does_not_count_twice(void **state)
{
	struct lc_target target = with(LC_HAZARD_SOCKET, "/run/docker.sock", false, false);
	uint64_t before;
	size_t n;

	(void)state;
	assert_int_equal(lc_audit_rate(&target, &looked), 0);
	before = target.rating.score;
	n = target.n_hazards;
	assert_int_equal(lc_audit_rate(&target, &looked), 0);
	assert_int_equal(target.rating.score, before);
	assert_int_equal(target.n_hazards, n);
	lc_target_clear_audit(&target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(privileged_is_the_worst),
		cmocka_unit_test(of_what_runs_in_a_kernel_of_its_own_nothing_is_known),
		cmocka_unit_test(privileged_counts_even_where_nothing_else_is_known),
		cmocka_unit_test(all_that_the_host_has_is_all),
		cmocka_unit_test(a_service_that_nobody_limits_is_said_so),
		cmocka_unit_test(a_dangerous_one_is_named_with_what_it_does),
		cmocka_unit_test(of_several_dangerous_ones_the_worst_is_explained),
		cmocka_unit_test(each_that_the_rating_is_to_know_is_dangerous),
		cmocka_unit_test(a_dangerous_one_stays_so_when_it_was_used),
		cmocka_unit_test(what_could_not_be_read_is_unknown_and_why),
		cmocka_unit_test(the_engines_defaults_are_recognised),
		cmocka_unit_test(each_engine_has_its_own_defaults),
		cmocka_unit_test(defaults_and_more_are_worse),
		cmocka_unit_test(a_user_namespace_of_its_own_confines_what_is_held),
		cmocka_unit_test(an_ordinary_user_can_reach_the_bounding_set),
		cmocka_unit_test(no_new_privileges_keep_the_bounding_set_out_of_reach),
		cmocka_unit_test(root_reaches_the_bounding_set_by_its_next_execve),
		cmocka_unit_test(what_was_not_used_is_named),
		cmocka_unit_test(without_watching_nothing_is_said_about_use),
		cmocka_unit_test(exactly_what_it_used_is_well),
		cmocka_unit_test(defaults_that_were_all_used_are_exact),
		cmocka_unit_test(nothing_held_is_the_best),
		cmocka_unit_test(the_advice_is_what_was_enough),
		cmocka_unit_test(a_service_is_advised_in_its_own_words),
		cmocka_unit_test(a_pods_container_is_advised_in_its_own_words),
		cmocka_unit_test(advice_without_watching_names_the_option),
		cmocka_unit_test(rating_again_replaces_the_first),
		cmocka_unit_test(what_any_of_its_processes_holds_counts),
		cmocka_unit_test(a_first_process_in_its_own_user_namespace_confines_nobody_else),
		cmocka_unit_test(it_is_told_where_it_differs_from_what_the_engine_was_told),
		cmocka_unit_test(what_stands_in_for_capabilities_is_worse_than_none),
		cmocka_unit_test(what_is_read_only_or_not_for_its_user_counts_less),
		cmocka_unit_test(a_user_namespace_takes_points_away),
		cmocka_unit_test(a_capability_is_worse_with_what_it_needs),
		cmocka_unit_test(the_worst_is_not_sorted_by_name),
		cmocka_unit_test(root_seccomp_and_each_capability_count),
		cmocka_unit_test(a_socket_makes_a_container_of_defaults_dangerous),
		cmocka_unit_test(what_ended_is_said_to_have_ended),
		cmocka_unit_test(rating_again_does_not_count_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
