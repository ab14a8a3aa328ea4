/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests what is taken from answers of the engine: good ones, and others that make no sense. */
#include "src/identity/docker.h"

#include <leastcap/capset.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include <cmocka.h>

#define ID     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define CALLED "{\"Id\":\"" ID "\",\"Name\":\"/web\""
#define WEB                                                                                                            \
	CALLED ",\"Config\":{\"Image\":\"nginx:1.22\",\"Labels\":"                                                     \
	       "{\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"front\","                    \
	       "\"com.docker.compose.config-hash\":\"a1b2\"}},"                                                        \
	       "\"HostConfig\":{\"Privileged\":false,\"CapAdd\":[\"NET_ADMIN\",\"CAP_SYS_TIME\"],\"CapDrop\":["        \
	       "\"ALL\"]}}"

static int set_up(void **state)
{
	struct lc_target *target = calloc(1, sizeof(*target));

	if (!target)
		return -1;
	target->kind = LC_TARGET_CONTAINER;
	target->id = strdup(ID);
	*state = target;
	return 0;
}

static int tear_down(void **state)
{
	struct lc_target *target = *state;

	lc_target_clear(target);
	free(target);
	return 0;
}

/* The answer of the engine about an image without labels. */
#define PLAIN_IMAGE "{\"Config\":{\"Labels\":null}}"

/* Takes ANSWER about TARGET's container and IMAGE about its image into TARGET. 0 or -EPROTO. */
static int read_both(struct lc_target *target, const char *answer, const char *image)
{
	struct lc_docker_container container;
	int r = lc_docker_read(&container, target->id, answer, strlen(answer));

	if (r)
		return r;
	r = lc_docker_discount(&container, image, image ? strlen(image) : 0);
	assert_int_equal(lc_docker_fill(target, &container), 0);
	lc_docker_clear(&container);
	return r;
}

/* Lets TARGET take in ANSWER, which makes sense. */
static void take(struct lc_target *target, const char *answer)
{
	assert_int_equal(read_both(target, answer, PLAIN_IMAGE), 0);
}

/* ANSWER must be refused as a whole. */
static void assert_nonsense(void **state, const char *answer)
{
	struct lc_target *target = *state;

	assert_int_equal(read_both(target, answer, PLAIN_IMAGE), -EPROTO);
	assert_null(target->name);
	assert_null(target->engine);
	assert_null(target->image);
	assert_null(target->project);
	assert_true(target->configured_add == 0 && target->configured_drop == 0 && !target->privileged);
}

static void the_answer_names_the_container_and_its_image(void **state)
{
	struct lc_target *target = *state;

	take(target, WEB);
	assert_string_equal(target->name, "web");
	assert_string_equal(target->image, "nginx:1.22");
}

/* Whether the container of ANSWER has health checks. */
static bool is_checked(const struct lc_target *target, const char *answer)
{
	struct lc_docker_container container;
	bool checked;

	assert_int_equal(lc_docker_read(&container, target->id, answer, strlen(answer)), 0);
	checked = container.checked;
	lc_docker_clear(&container);
	return checked;
}

static void the_answer_says_whether_there_are_health_checks(void **state)
{
	assert_true(is_checked(*state, CALLED ",\"Config\":{\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\"true\"]}}}"));
	assert_false(is_checked(*state, CALLED ",\"Config\":{\"Healthcheck\":{\"Test\":[\"NONE\"]}}}"));
	assert_false(is_checked(*state, CALLED ",\"Config\":{\"Healthcheck\":{\"Test\":[]}}}"));
	assert_false(is_checked(*state, CALLED ",\"Config\":{\"Healthcheck\":7}}"));
	assert_false(is_checked(*state, WEB));
}

static void the_labels_of_the_kubelet_name_pod_and_namespace(void **state)
{
	struct lc_target *target = *state;

	take(target, CALLED
		",\"Config\":{\"Labels\":{\"io.kubernetes.pod.name\":\"web-0\",\"io.kubernetes.pod.namespace\":\"shop\"}}}");
	assert_string_equal(target->pod, "web-0");
	assert_string_equal(target->namespace, "shop");
}

static void the_answer_names_the_compose_project_and_service(void **state)
{
	struct lc_target *target = *state;

	take(target, WEB);
	assert_string_equal(target->project, "shop");
	assert_string_equal(target->service, "front");
}

/* Nothing may be known of project and service when the image has LABELS. */
static void assert_no_service(struct lc_target *target, const char *labels)
{
	char image[512];

	snprintf(image, sizeof(image), "{\"Config\":{\"Labels\":%s}}", labels);
	assert_int_equal(read_both(target, WEB, image), 0);
	assert_null(target->project);
	assert_null(target->service);
	assert_string_equal(target->image, "nginx:1.22");
}

static void compose_labels_that_the_image_carries_do_not_count(void **state)
{
	assert_no_service(*state,
		"{\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"front\",\"com.docker.compose.config-hash\":\"a1b2\"}");
}

static void an_image_that_compose_built_is_labelled_without_a_hash_and_its_service_counts(void **state)
{
	struct lc_target *target = *state;

	assert_int_equal(
		read_both(target, WEB,
			"{\"Config\":{\"Labels\":{\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"front\"}}}"),
		0);
	assert_string_equal(target->project, "shop");
	assert_string_equal(target->service, "front");
}

static void labels_without_composes_hash_do_not_count(void **state)
{
	struct lc_target *target = *state;

	take(target, CALLED
		",\"Config\":{\"Labels\":{\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"front\"}}}");
	assert_null(target->project);
	assert_null(target->service);
}

static void labels_do_not_count_where_the_image_is_not_known(void **state)
{
	struct lc_target *target = *state;

	assert_int_equal(read_both(target, WEB, NULL), 0);
	assert_null(target->service);
	assert_int_equal(read_both(target, WEB, "[]"), -EPROTO);
	assert_null(target->service);
	assert_string_equal(target->name, "web");
}

static void pod_labels_that_the_image_carries_do_not_count(void **state)
{
	struct lc_target *target = *state;

	assert_int_equal(
		read_both(target,
			CALLED
			",\"Config\":{\"Labels\":{\"io.kubernetes.pod.name\":\"web-0\",\"io.kubernetes.pod.namespace\":\"shop\"}}}",
			"{\"Config\":{\"Labels\":{\"io.kubernetes.pod.name\":\"web-0\"}}}"),
		0);
	assert_null(target->pod);
	assert_string_equal(target->namespace, "shop");
}

static void capabilities_are_read_in_both_spellings(void **state)
{
	struct lc_target *target = *state;

	take(target, WEB);
	assert_true(target->configured_add == (LC_CAP_BIT(CAP_NET_ADMIN) | LC_CAP_BIT(CAP_SYS_TIME)));
}

static void all_means_every_capability(void **state)
{
	struct lc_target *target = *state;

	take(target, WEB);
	assert_true(target->configured_drop == lc_cap_all());
}

static void a_capability_of_the_future_is_left_out(void **state)
{
	struct lc_target *target = *state;

	take(target, CALLED ",\"HostConfig\":{\"CapAdd\":[\"CAP_OF_THE_FUTURE\",\"CAP_SYS_TIME\"]}}");
	assert_true(target->configured_add == LC_CAP_BIT(CAP_SYS_TIME));
}

static void missing_and_null_members_are_unknown(void **state)
{
	struct lc_target *target = *state;

	take(target, CALLED ",\"Config\":{\"Labels\":null},\"HostConfig\":{\"CapAdd\":null}}");
	assert_string_equal(target->name, "web");
	assert_null(target->image);
	assert_null(target->service);
	assert_true(target->configured_add == 0);
}

static void an_empty_name_is_unknown(void **state)
{
	struct lc_target *target = *state;

	take(target, "{\"Id\":\"" ID "\",\"Name\":\"/\"}");
	assert_null(target->name);
}

static void a_privileged_container_is_said_so(void **state)
{
	struct lc_target *target = *state;

	take(target, CALLED ",\"HostConfig\":{\"Privileged\":true}}");
	assert_true(target->privileged);
}

static void a_runtime_with_a_kernel_of_its_own_is_a_sandbox(void **state)
{
	struct lc_target *target = *state;

	take(target, CALLED ",\"HostConfig\":{\"Runtime\":\"io.containerd.runsc.v1\"}}");
	assert_string_equal(target->sandbox, "io.containerd.runsc.v1");
}

static void a_seccomp_profile_of_the_users_own_is_told_from_the_engines(void **state)
{
	struct lc_target *target = *state;

	take(target, CALLED
		",\"HostConfig\":{\"SecurityOpt\":[\"label=disable\",\"seccomp={\\\"defaultAction\\\":\\\"SCMP_ACT_ALLOW\\\"}\"]}}");
	assert_true(target->own_filter);
	assert_string_equal(target->own_profile, "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}");
	take(target, CALLED ",\"HostConfig\":{\"SecurityOpt\":[\"seccomp=unconfined\",\"no-new-privileges\"]}}");
	assert_false(target->own_filter);
	take(target, CALLED ",\"HostConfig\":{\"SecurityOpt\":[\"seccomp=builtin\"]}}");
	assert_false(target->own_filter);
	take(target, CALLED ",\"HostConfig\":{\"SecurityOpt\":null}}");
	assert_false(target->own_filter);
}

static void the_usual_runtime_is_no_sandbox(void **state)
{
	struct lc_target *target = *state;

	take(target, CALLED ",\"HostConfig\":{\"Runtime\":\"runc\"}}");
	assert_null(target->sandbox);
}

static void a_runtime_that_is_no_string_makes_no_sense(void **state)
{
	assert_nonsense(state, CALLED ",\"HostConfig\":{\"Runtime\":{}}}");
}

static void the_engine_corrects_what_was_guessed(void **state)
{
	struct lc_target *target = *state;

	target->name = strdup("guess");
	take(target, WEB);
	assert_string_equal(target->name, "web");
}

static void a_container_of_an_unknown_engine_turns_out_to_be_dockers(void **state)
{
	struct lc_target *target = *state;

	take(target, WEB);
	assert_string_equal(target->engine, "docker");
}

static void an_answer_that_is_not_json_makes_no_sense(void **state)
{
	assert_nonsense(state, "<html>404</html>");
}

static void an_answer_that_is_no_object_makes_no_sense(void **state)
{
	assert_nonsense(state, "[" WEB "]");
}

static void an_answer_about_another_container_makes_no_sense(void **state)
{
	assert_nonsense(state, "{\"Id\":\"f" ID "\",\"Name\":\"/web\"}");
}

static void a_name_that_is_no_string_makes_no_sense(void **state)
{
	assert_nonsense(state, "{\"Id\":\"" ID "\",\"Name\":7}");
}

static void labels_that_are_no_object_make_no_sense(void **state)
{
	assert_nonsense(state, CALLED ",\"Config\":{\"Image\":\"x\",\"Labels\":[]}}");
}

static void a_label_that_is_no_string_makes_no_sense(void **state)
{
	assert_nonsense(state, CALLED ",\"Config\":{\"Labels\":{\"com.docker.compose.project\":{}}}}");
}

static void capabilities_that_are_no_list_make_no_sense(void **state)
{
	assert_nonsense(state, CALLED ",\"HostConfig\":{\"CapAdd\":\"ALL\"}}");
}

static void capabilities_that_are_no_strings_make_no_sense(void **state)
{
	assert_nonsense(state, CALLED ",\"HostConfig\":{\"CapDrop\":[12]}}");
}

static void privileged_that_is_no_boolean_makes_no_sense(void **state)
{
	assert_nonsense(state, CALLED ",\"HostConfig\":{\"Privileged\":\"yes\"}}");
}

/* What an answer of a server that calls itself SERVER says of the engine's version; "" when nothing. */
static void assert_version(const char *server, const char *version)
{
	struct lc_docker_container container = {0};

	lc_docker_read_server(&container, server);
	assert_string_equal(container.version, version);
}

static void the_servers_name_has_the_engines_version(void **state)
{
	(void)state;
	assert_version("Docker/20.10.24+dfsg1 (linux)\r\n", "20.10.24+dfsg1");
	assert_version("Docker/29.0.0\r\n", "29.0.0");
	assert_version("Docker/ (linux)", "");
	assert_version("Libpod/4.3.1 (linux)", "");
	assert_version("", "");
	assert_version("Docker/0123456789012345678901234567890123456789012345678901234567890123 (linux)", "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_answer_names_the_container_and_its_image),
		TEST(the_answer_says_whether_there_are_health_checks),
		TEST(the_labels_of_the_kubelet_name_pod_and_namespace),
		TEST(the_answer_names_the_compose_project_and_service),
		TEST(compose_labels_that_the_image_carries_do_not_count),
		TEST(an_image_that_compose_built_is_labelled_without_a_hash_and_its_service_counts),
		TEST(labels_without_composes_hash_do_not_count),
		TEST(labels_do_not_count_where_the_image_is_not_known),
		TEST(pod_labels_that_the_image_carries_do_not_count),
		TEST(capabilities_are_read_in_both_spellings),
		TEST(all_means_every_capability),
		TEST(a_capability_of_the_future_is_left_out),
		TEST(missing_and_null_members_are_unknown),
		TEST(an_empty_name_is_unknown),
		TEST(a_privileged_container_is_said_so),
		TEST(a_runtime_with_a_kernel_of_its_own_is_a_sandbox),
		TEST(a_seccomp_profile_of_the_users_own_is_told_from_the_engines),
		TEST(the_usual_runtime_is_no_sandbox),
		TEST(a_runtime_that_is_no_string_makes_no_sense),
		TEST(the_engine_corrects_what_was_guessed),
		TEST(a_container_of_an_unknown_engine_turns_out_to_be_dockers),
		TEST(an_answer_that_is_not_json_makes_no_sense),
		TEST(an_answer_that_is_no_object_makes_no_sense),
		TEST(an_answer_about_another_container_makes_no_sense),
		TEST(a_name_that_is_no_string_makes_no_sense),
		TEST(labels_that_are_no_object_make_no_sense),
		TEST(a_label_that_is_no_string_makes_no_sense),
		TEST(capabilities_that_are_no_list_make_no_sense),
		TEST(capabilities_that_are_no_strings_make_no_sense),
		TEST(privileged_that_is_no_boolean_makes_no_sense),
		TEST(the_servers_name_has_the_engines_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
