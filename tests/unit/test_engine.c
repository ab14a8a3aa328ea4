/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what the engines grant. What an engine that can be had here grants, the end-to-end tests compare with it. */
#include <leastcap/capset.h>
#include <leastcap/engine.h>

#include <errno.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DOCKER_DEFAULTS UINT64_C(0xa80425fb)
#define PODMAN_DEFAULTS UINT64_C(0x800405fb)
#define CRIO_DEFAULTS   UINT64_C(0x000005fb)

static const enum lc_engine engines[] = {LC_ENGINE_DOCKER, LC_ENGINE_PODMAN, LC_ENGINE_CONTAINERD, LC_ENGINE_CRIO};

/* A request with at most two names on either side, the rest NULL. */
struct lists {
	const char *add[2];
	const char *drop[2];
};

static size_t count(const char *const names[2])
{
	return names[0] ? names[1] ? 2 : 1 : 0;
}

static struct lc_engine_grant grant_of(struct lc_engine_request request, const struct lists *lists)
{
	struct lc_engine_grant grant;
	char *message = NULL;
	int r;

	request.add = lists->add;
	request.n_add = count(lists->add);
	request.drop = lists->drop;
	request.n_drop = count(lists->drop);
	r = lc_engine_grant(&request, &grant, &message);
	if (r)
		fail_msg("%s: %s", lc_engine_name(request.engine), message);
	return grant;
}

/* The bounding set of a current ENGINE's container for root. */
static uint64_t bounding(enum lc_engine engine, const struct lists *lists)
{
	return grant_of((struct lc_engine_request){.engine = engine}, lists).bounding;
}

static uint64_t inheritable(enum lc_engine engine, const char *version)
{
	static const struct lists nothing = {0};

	return grant_of((struct lc_engine_request){.engine = engine, .version = version}, &nothing).inheritable;
}

/* Asserts that REQUEST is refused with a message that has PART in it, and that no grant is made. */
static void assert_refused(struct lc_engine_request request, const struct lists *lists, const char *part)
{
	struct lc_engine_grant grant = {.bounding = 1, .ignored = 2, .contradicted = 3}, before = grant;
	char *message = NULL;

	request.add = lists->add;
	request.n_add = count(lists->add);
	request.drop = lists->drop;
	request.n_drop = count(lists->drop);
	assert_int_equal(lc_engine_grant(&request, &grant, &message), -EINVAL);
	assert_memory_equal(&grant, &before, sizeof(grant));
	assert_non_null(message);
	if (!strstr(message, part))
		fail_msg("no '%s' in: %s", part, message);
	free(message);
}

static bool has_note(const struct lc_engine_grant *grant, const char *part)
{
	for (size_t i = 0; i < LC_ENGINE_NOTES && grant->notes[i]; i++) {
		if (strstr(grant->notes[i], part))
			return true;
	}
	return false;
}

static void each_engine_has_its_own_defaults(void **state)
{
	static const struct lists nothing = {0};

	(void)state;
	assert_int_equal(bounding(LC_ENGINE_DOCKER, &nothing), DOCKER_DEFAULTS);
	assert_int_equal(bounding(LC_ENGINE_PODMAN, &nothing), PODMAN_DEFAULTS);
	assert_int_equal(bounding(LC_ENGINE_CONTAINERD, &nothing), DOCKER_DEFAULTS);
	assert_int_equal(bounding(LC_ENGINE_CRIO, &nothing), CRIO_DEFAULTS);
}

static void podman_before_4_4_has_dockers_defaults(void **state)
{
	(void)state;
	assert_int_equal(lc_engine_defaults(LC_ENGINE_PODMAN, "4.3.1"), DOCKER_DEFAULTS);
	assert_int_equal(lc_engine_defaults(LC_ENGINE_PODMAN, "4.4.0"), PODMAN_DEFAULTS);
}

static void cri_o_dropped_net_raw_and_sys_chroot_in_1_18(void **state)
{
	(void)state;
	assert_int_equal(lc_engine_defaults(LC_ENGINE_CRIO, "1.17.5"),
		CRIO_DEFAULTS | LC_CAP_BIT(CAP_NET_RAW) | LC_CAP_BIT(CAP_SYS_CHROOT));
	assert_int_equal(lc_engine_defaults(LC_ENGINE_CRIO, "1.18"), CRIO_DEFAULTS);
}

static void root_holds_the_bounding_set(void **state)
{
	static const struct lists lists = {.add = {"NET_ADMIN"}};

	(void)state;
	for (size_t i = 0; i < LC_ENGINE_N; i++) {
		struct lc_engine_grant grant = grant_of((struct lc_engine_request){.engine = engines[i]}, &lists);

		assert_true(grant.bounding & LC_CAP_BIT(CAP_NET_ADMIN));
		assert_int_equal(grant.permitted, grant.bounding);
		assert_int_equal(grant.effective, grant.bounding);
		assert_int_equal(grant.inheritable, 0);
		assert_int_equal(grant.ambient, 0);
	}
}

static void drop_all_leaves_what_is_added(void **state)
{
	static const struct lists lists = {.add = {"CHOWN"}, .drop = {"ALL"}};

	(void)state;
	for (size_t i = 0; i < LC_ENGINE_N; i++)
		assert_int_equal(bounding(engines[i], &lists), LC_CAP_BIT(CAP_CHOWN));
}

static void add_all_leaves_out_what_is_dropped(void **state)
{
	static const struct lists lists = {.add = {"all"}, .drop = {"NET_RAW"}};

	(void)state;
	for (size_t i = 0; i < LC_ENGINE_N; i++)
		assert_int_equal(bounding(engines[i], &lists), lc_cap_all() & ~LC_CAP_BIT(CAP_NET_RAW));
}

static void what_is_added_and_dropped_is_added_by_docker(void **state)
{
	static const struct lists lists = {.add = {"NET_ADMIN"}, .drop = {"cap_net_admin"}};
	struct lc_engine_grant grant;

	(void)state;
	grant = grant_of((struct lc_engine_request){.engine = LC_ENGINE_DOCKER}, &lists);
	assert_int_equal(grant.bounding, DOCKER_DEFAULTS | LC_CAP_BIT(CAP_NET_ADMIN));
	assert_int_equal(grant.contradicted, LC_CAP_BIT(CAP_NET_ADMIN));
	assert_true(has_note(&grant, "adds last"));
}

static void what_is_added_and_dropped_is_dropped_by_kubernetes_runtimes(void **state)
{
	static const struct lists lists = {.add = {"CHOWN"}, .drop = {"CHOWN"}};

	(void)state;
	assert_int_equal(bounding(LC_ENGINE_CONTAINERD, &lists), DOCKER_DEFAULTS & ~LC_CAP_BIT(CAP_CHOWN));
	assert_int_equal(bounding(LC_ENGINE_CRIO, &lists), CRIO_DEFAULTS & ~LC_CAP_BIT(CAP_CHOWN));
}

static void what_is_added_and_dropped_is_refused_by_podman(void **state)
{
	static const struct lists names = {.add = {"NET_RAW"}, .drop = {"CAP_NET_RAW"}};
	static const struct lists all = {.add = {"ALL"}, .drop = {"ALL"}};

	(void)state;
	assert_refused((struct lc_engine_request){.engine = LC_ENGINE_PODMAN}, &names, "NET_RAW");
	assert_refused((struct lc_engine_request){.engine = LC_ENGINE_PODMAN}, &all, "ALL");
}

static void all_added_and_dropped_is_all_for_docker_and_the_names_for_kubernetes(void **state)
{
	static const struct lists lists = {.add = {"ALL", "NET_RAW"}, .drop = {"ALL"}};

	(void)state;
	assert_int_equal(bounding(LC_ENGINE_DOCKER, &lists), lc_cap_all());
	assert_int_equal(bounding(LC_ENGINE_CONTAINERD, &lists), LC_CAP_BIT(CAP_NET_RAW));
	assert_int_equal(bounding(LC_ENGINE_CRIO, &lists), LC_CAP_BIT(CAP_NET_RAW));
}

static void all_added_and_dropped_leaves_the_names_in_docker_before_19_03(void **state)
{
	static const struct lists lists = {.add = {"ALL", "NET_RAW"}, .drop = {"ALL"}};
	struct lc_engine_grant grant;

	(void)state;
	grant = grant_of((struct lc_engine_request){.version = "18.09"}, &lists);
	assert_int_equal(grant.bounding, LC_CAP_BIT(CAP_NET_RAW));
	assert_true(has_note(&grant, "before 19.03"));
	grant = grant_of((struct lc_engine_request){.version = NULL}, &lists);
	assert_true(has_note(&grant, "grants all"));
}

static void an_ordinary_user_holds_nothing_but_the_bounding_set(void **state)
{
	static const struct lists lists = {.add = {"NET_ADMIN"}};
	static const enum lc_engine these[] = {LC_ENGINE_DOCKER, LC_ENGINE_CONTAINERD, LC_ENGINE_CRIO};

	(void)state;
	for (size_t i = 0; i < sizeof(these) / sizeof(these[0]); i++) {
		struct lc_engine_grant grant =
			grant_of((struct lc_engine_request){.engine = these[i], .ordinary_user = true}, &lists);

		assert_true(grant.bounding & LC_CAP_BIT(CAP_NET_ADMIN));
		assert_int_equal(grant.permitted | grant.effective | grant.inheritable | grant.ambient, 0);
		assert_true(has_note(&grant, "set-user-ID root"));
	}
}

static void no_new_privileges_leaves_an_ordinary_user_nothing_to_gain(void **state)
{
	static const struct lists nothing = {0};
	struct lc_engine_grant grant;

	(void)state;
	grant = grant_of((struct lc_engine_request){.ordinary_user = true, .no_new_privileges = true}, &nothing);
	assert_true(has_note(&grant, "no program that it starts gets any"));
	assert_false(has_note(&grant, "set-user-ID root"));
}

static void podman_gives_an_ordinary_user_what_is_added_as_ambient(void **state)
{
	static const struct lists lists = {.add = {"NET_ADMIN"}, .drop = {"CHOWN"}};
	struct lc_engine_grant grant;

	(void)state;
	grant = grant_of((struct lc_engine_request){.engine = LC_ENGINE_PODMAN, .ordinary_user = true}, &lists);
	assert_int_equal(grant.bounding, (PODMAN_DEFAULTS | LC_CAP_BIT(CAP_NET_ADMIN)) & ~LC_CAP_BIT(CAP_CHOWN));
	assert_int_equal(grant.ambient, LC_CAP_BIT(CAP_NET_ADMIN));
	assert_int_equal(grant.inheritable, LC_CAP_BIT(CAP_NET_ADMIN));
	assert_int_equal(grant.permitted, LC_CAP_BIT(CAP_NET_ADMIN));
	assert_int_equal(grant.effective, LC_CAP_BIT(CAP_NET_ADMIN));
}

static void podman_can_not_start_an_ordinary_user_with_all_but_some(void **state)
{
	static const struct lists lists = {.add = {"ALL"}, .drop = {"NET_RAW"}};

	(void)state;
	assert_refused((struct lc_engine_request){.engine = LC_ENGINE_PODMAN, .ordinary_user = true}, &lists,
		"NET_RAW to a user other than root");
}

static void privileged_is_everything_whatever_the_lists_say(void **state)
{
	static const struct lists lists = {.drop = {"ALL"}};

	(void)state;
	for (size_t i = 0; i < LC_ENGINE_N; i++) {
		struct lc_engine_grant grant =
			grant_of((struct lc_engine_request){.engine = engines[i], .privileged = true}, &lists);

		assert_int_equal(grant.bounding, lc_cap_all());
		assert_int_equal(grant.effective, lc_cap_all());
		assert_true(has_note(&grant, "whatever is added or dropped"));
	}
}

static void a_privileged_ordinary_user_holds_everything_in_cri_o_only(void **state)
{
	static const struct lists nothing = {0};

	(void)state;
	for (size_t i = 0; i < LC_ENGINE_N; i++) {
		struct lc_engine_grant grant = grant_of(
			(struct lc_engine_request){.engine = engines[i], .privileged = true, .ordinary_user = true},
			&nothing);

		assert_int_equal(grant.bounding, lc_cap_all());
		assert_int_equal(grant.permitted, engines[i] == LC_ENGINE_CRIO ? lc_cap_all() : 0);
	}
}

static void versions_before_cve_2022_24769_fill_the_inheritable_set(void **state)
{
	(void)state;
	assert_int_equal(inheritable(LC_ENGINE_DOCKER, "20.10.13"), DOCKER_DEFAULTS);
	assert_int_equal(inheritable(LC_ENGINE_DOCKER, "20.10.14"), 0);
	assert_int_equal(inheritable(LC_ENGINE_PODMAN, "4.0.2"), DOCKER_DEFAULTS);
	assert_int_equal(inheritable(LC_ENGINE_PODMAN, "4.0.3"), 0);
	assert_int_equal(inheritable(LC_ENGINE_CONTAINERD, "1.5.10"), DOCKER_DEFAULTS);
	assert_int_equal(inheritable(LC_ENGINE_CONTAINERD, "1.5.11"), 0);
	assert_int_equal(inheritable(LC_ENGINE_CONTAINERD, "1.6.1"), DOCKER_DEFAULTS);
	assert_int_equal(inheritable(LC_ENGINE_CONTAINERD, "1.6.2"), 0);
	assert_int_equal(inheritable(LC_ENGINE_CRIO, "1.23.1"), CRIO_DEFAULTS);
	assert_int_equal(inheritable(LC_ENGINE_CRIO, "1.24.0"), 0);
}

static void docker_before_23_knows_capabilities_up_to_audit_read(void **state)
{
	static const struct lists all = {.add = {"ALL"}};
	static const struct lists bpf = {.add = {"BPF"}};
	struct lc_engine_grant grant;

	(void)state;
	grant = grant_of((struct lc_engine_request){.version = "20.10.24+dfsg1"}, &all);
	assert_int_equal(grant.bounding, UINT64_C(0x3fffffffff));
	assert_int_equal(lc_engine_known(LC_ENGINE_DOCKER, "20.10.24") & LC_CAP_BIT(CAP_BPF), 0);
	assert_int_equal(
		lc_engine_known(LC_ENGINE_DOCKER, "20.10.24") & LC_CAP_BIT(CAP_AUDIT_READ), LC_CAP_BIT(CAP_AUDIT_READ));
	assert_int_equal(lc_engine_known(LC_ENGINE_DOCKER, "23.0"), UINT64_MAX);
	assert_int_equal(lc_engine_known(LC_ENGINE_PODMAN, NULL), UINT64_MAX);
	assert_refused((struct lc_engine_request){.version = "20.10.24"}, &bpf, "BPF");
	assert_int_equal(grant_of((struct lc_engine_request){.version = "23.0"}, &all).bounding, lc_cap_all());
}

static void docker_before_19_03_takes_no_prefix(void **state)
{
	static const struct lists prefixed = {.drop = {"CAP_NET_RAW"}};
	static const struct lists plain = {.drop = {"net_raw"}};

	(void)state;
	assert_refused((struct lc_engine_request){.version = "18.09.1"}, &prefixed, "write NET_RAW");
	assert_int_equal(grant_of((struct lc_engine_request){.version = "18.09.1"}, &plain).bounding,
		DOCKER_DEFAULTS & ~LC_CAP_BIT(CAP_NET_RAW));
	assert_int_equal(grant_of((struct lc_engine_request){.version = "19.03"}, &prefixed).bounding,
		DOCKER_DEFAULTS & ~LC_CAP_BIT(CAP_NET_RAW));
}

static void containerd_passes_over_names_with_a_prefix(void **state)
{
	static const struct lists lists = {.add = {"CAP_NET_ADMIN"}, .drop = {"CAP_CHOWN"}};
	struct lc_engine_grant grant;

	(void)state;
	grant = grant_of((struct lc_engine_request){.engine = LC_ENGINE_CONTAINERD}, &lists);
	assert_int_equal(grant.bounding, DOCKER_DEFAULTS);
	assert_int_equal(grant.ignored, LC_CAP_BIT(CAP_NET_ADMIN) | LC_CAP_BIT(CAP_CHOWN));
	assert_true(has_note(&grant, "CAP_"));
}

static void what_the_engine_does_not_have_podman_leaves_out_and_others_fail_on(void **state)
{
	static const struct lists lists = {.add = {"SYS_ADMIN"}};
	const uint64_t available = DOCKER_DEFAULTS;

	(void)state;
	assert_int_equal(
		grant_of((struct lc_engine_request){.engine = LC_ENGINE_PODMAN, .available = available}, &lists)
			.bounding,
		PODMAN_DEFAULTS);
	assert_refused((struct lc_engine_request){.available = available}, &lists, "SYS_ADMIN");
	assert_int_equal(
		grant_of((struct lc_engine_request){.available = available, .privileged = true}, &lists).bounding,
		available);
}

static void a_mistyped_capability_names_the_nearest(void **state)
{
	static const struct lists added = {.add = {"NET_AMIN"}};
	static const struct lists dropped = {.drop = {"CHOWN", "cap_sys_admim"}};
	static const struct lists far = {.add = {"frobnicate"}};
	static const struct lists prefixed_all = {.add = {"CAP_ALL"}};

	(void)state;
	assert_refused((struct lc_engine_request){0}, &added, "'NET_AMIN'; did you mean NET_ADMIN?");
	assert_refused((struct lc_engine_request){0}, &dropped, "'cap_sys_admim'; did you mean SYS_ADMIN?");
	assert_refused((struct lc_engine_request){0}, &far, "'frobnicate'; 'leastcap caps' lists them");
	assert_refused((struct lc_engine_request){0}, &prefixed_all, "did you mean ALL?");
}

static void what_is_no_version_is_refused(void **state)
{
	static const struct lists nothing = {0};
	static const char *const versions[] = {"", "x.y", "latest", "20.x", "99999999999999999999", "20.10.", "-1"};

	(void)state;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		assert_refused((struct lc_engine_request){.version = versions[i]}, &nothing, "is no version of docker");
}

static void a_version_may_have_a_v_and_lack_its_end(void **state)
{
	(void)state;
	assert_int_equal(inheritable(LC_ENGINE_CRIO, "v1.23"), CRIO_DEFAULTS);
	assert_int_equal(inheritable(LC_ENGINE_CRIO, "1.24"), 0);
	assert_int_equal(inheritable(LC_ENGINE_DOCKER, "20.10"), 0);
	assert_int_equal(inheritable(LC_ENGINE_DOCKER, "19"), DOCKER_DEFAULTS);
}

static void engines_are_found_by_name(void **state)
{
	(void)state;
	for (int i = 0; i < LC_ENGINE_N; i++) {
		assert_int_equal(lc_engine_from_name(lc_engine_name(i)), i);
		assert_string_equal(lc_engine_names()[i], lc_engine_name(i));
	}
	assert_int_equal(lc_engine_from_name("CRIO"), LC_ENGINE_CRIO);
	assert_int_equal(lc_engine_from_name("Docker"), LC_ENGINE_DOCKER);
	assert_int_equal(lc_engine_from_name("rkt"), -EINVAL);
	assert_null(lc_engine_name(LC_ENGINE_N));
}

static void lists_that_are_masks_are_granted_as_names_are(void **state)
{
	static const struct {
		struct lists names;
		struct lc_engine_lists lists;
	} cases[] = {
		{{.add = {NULL}}, {0}},
		{{.add = {"CHOWN"}, .drop = {"ALL"}}, {.add = LC_CAP_BIT(CAP_CHOWN), .drop_all = true}},
		{{.add = {"KILL"}, .drop = {"KILL", "CHOWN"}},
			{.add = LC_CAP_BIT(CAP_KILL), .drop = LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_CHOWN)}},
		{{.add = {"ALL"}, .drop = {"CHOWN"}}, {.drop = LC_CAP_BIT(CAP_CHOWN), .add_all = true}},
		{{.add = {"ALL"}, .drop = {"ALL", "CHOWN"}},
			{.drop = LC_CAP_BIT(CAP_CHOWN), .add_all = true, .drop_all = true}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(lc_engine_granted(LC_ENGINE_DOCKER, false, &cases[i].lists) & lc_cap_all(),
			bounding(LC_ENGINE_DOCKER, &cases[i].names));
		assert_int_equal(lc_engine_granted(LC_ENGINE_CONTAINERD, false, &cases[i].lists) & lc_cap_all(),
			bounding(LC_ENGINE_CONTAINERD, &cases[i].names));
		assert_int_equal(lc_engine_granted(LC_ENGINE_DOCKER, true, &cases[i].lists), UINT64_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_engine_has_its_own_defaults),
		cmocka_unit_test(podman_before_4_4_has_dockers_defaults),
		cmocka_unit_test(cri_o_dropped_net_raw_and_sys_chroot_in_1_18),
		cmocka_unit_test(root_holds_the_bounding_set),
		cmocka_unit_test(drop_all_leaves_what_is_added),
		cmocka_unit_test(add_all_leaves_out_what_is_dropped),
		cmocka_unit_test(what_is_added_and_dropped_is_added_by_docker),
		cmocka_unit_test(what_is_added_and_dropped_is_dropped_by_kubernetes_runtimes),
		cmocka_unit_test(what_is_added_and_dropped_is_refused_by_podman),
		cmocka_unit_test(all_added_and_dropped_is_all_for_docker_and_the_names_for_kubernetes),
		cmocka_unit_test(all_added_and_dropped_leaves_the_names_in_docker_before_19_03),
		cmocka_unit_test(an_ordinary_user_holds_nothing_but_the_bounding_set),
		cmocka_unit_test(no_new_privileges_leaves_an_ordinary_user_nothing_to_gain),
		cmocka_unit_test(podman_gives_an_ordinary_user_what_is_added_as_ambient),
		cmocka_unit_test(podman_can_not_start_an_ordinary_user_with_all_but_some),
		cmocka_unit_test(privileged_is_everything_whatever_the_lists_say),
		cmocka_unit_test(a_privileged_ordinary_user_holds_everything_in_cri_o_only),
		cmocka_unit_test(versions_before_cve_2022_24769_fill_the_inheritable_set),
		cmocka_unit_test(docker_before_23_knows_capabilities_up_to_audit_read),
		cmocka_unit_test(docker_before_19_03_takes_no_prefix),
		cmocka_unit_test(containerd_passes_over_names_with_a_prefix),
		cmocka_unit_test(what_the_engine_does_not_have_podman_leaves_out_and_others_fail_on),
		cmocka_unit_test(a_mistyped_capability_names_the_nearest),
		cmocka_unit_test(what_is_no_version_is_refused),
		cmocka_unit_test(a_version_may_have_a_v_and_lack_its_end),
		cmocka_unit_test(engines_are_found_by_name),
		cmocka_unit_test(lists_that_are_masks_are_granted_as_names_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
