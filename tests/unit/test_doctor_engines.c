/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests what the doctor says of container engines: one that answers, those that answer badly or not at all, and none. */
#include "doctor_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>

#define DOCKER "/var/run/docker.sock"
#define OK     "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"

/* Nobody waits longer for an engine of this test. */
#define LIMIT_SECONDS 20

/* An engine that gives everybody the same answer. */
struct listening {
	int listener;
	const char *answer;
	pthread_t thread;
};

static void *serve(void *owner)
{
	const struct listening *listening = owner;
	char request[2048];
	int connection;

	while ((connection = accept(listening->listener, NULL, NULL)) >= 0) {
		if (recv(connection, request, sizeof(request), 0) > 0)
			send(connection, listening->answer, strlen(listening->answer), MSG_NOSIGNAL);
		close(connection);
	}
	return NULL;
}

/* A socket at PATH of the host, on which somebody listens. */
static int listen_at(void **state, const char *path)
{
	const struct doctored *doctored = *state;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(listener >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s%s", doctored->root, path);
	make_parents(address.sun_path);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 8), 0);
	return listener;
}

static void start(void **state, struct listening *listening, const char *answer)
{
	*listening = (struct listening){.listener = listen_at(state, DOCKER), .answer = answer};
	assert_int_equal(pthread_create(&listening->thread, NULL, serve, listening), 0);
}

static void stop(struct listening *listening)
{
	shutdown(listening->listener, SHUT_RDWR);
	pthread_join(listening->thread, NULL);
	close(listening->listener);
}

/* What the doctor says of Docker when it gives ANSWER. */
static void assert_docker(void **state, const char *answer, enum lc_doctor_state expected, const char *part)
{
	struct listening listening;

	start(state, &listening, answer);
	assert_finding(state, "docker", expected, part);
	stop(&listening);
}

static void an_engine_that_answers_is_told_with_its_version(void **state)
{
	assert_docker(state, OK "{\"Version\":\"24.0.7\"}", LC_DOCTOR_OK, "24.0.7 answers at " DOCKER);
}

static void an_answer_without_a_version_degrades(void **state)
{
	assert_docker(state, OK "{\"Version\":[]}", LC_DOCTOR_DEGRADED, "makes no sense");
}

static void an_answer_that_is_no_json_degrades(void **state)
{
	assert_docker(state, OK "\033[2J<html>", LC_DOCTOR_DEGRADED, "makes no sense");
}

static void an_engine_that_fails_degrades(void **state)
{
	assert_docker(state, "HTTP/1.1 500 no\r\nConnection: close\r\n\r\n{}", LC_DOCTOR_DEGRADED, "makes no sense");
}

static void an_engine_that_does_not_answer_is_not_waited_for(void **state)
{
	int listener = listen_at(state, DOCKER);

	assert_finding(state, "docker", LC_DOCTOR_DEGRADED, "does not answer");
	close(listener);
}

static void a_version_as_long_as_a_book_is_cut(void **state)
{
	static char answer[100000];
	const struct lc_doctor_finding *finding;
	struct listening listening;

	memset(answer, '7', sizeof(answer));
	memcpy(answer, OK "{\"Version\":\"", strlen(OK "{\"Version\":\""));
	memcpy(answer + sizeof(answer) - 3, "\"}", 3);
	start(state, &listening, answer);
	finding = assert_finding(state, "docker", LC_DOCTOR_OK, "777");
	assert_true(finding->found.length < 200);
	stop(&listening);
}

static void an_engine_that_is_not_installed_is_no_fault(void **state)
{
	assert_finding(state, "docker", LC_DOCTOR_OK, "not installed");
	assert_finding(state, "podman", LC_DOCTOR_OK, "not installed");
	assert_finding(state, "containerd", LC_DOCTOR_OK, "not installed");
	assert_finding(state, "cri-o", LC_DOCTOR_OK, "not installed");
}

static void an_engine_that_does_not_run_is_no_fault(void **state)
{
	close(listen_at(state, DOCKER));
	put(state, "/usr/sbin/dockerd", "");
	assert_finding(state, "docker", LC_DOCTOR_OK, "installed, not running");
}

static void the_socket_that_docker_host_names_is_asked(void **state)
{
	struct doctored *doctored = *state;

	doctored->host.engine = "unix:///run/other.sock";
	assert_finding(state, "docker", LC_DOCTOR_OK, "nothing listens at /run/other.sock");
}

static void a_docker_host_on_the_network_is_not_asked(void **state)
{
	struct doctored *doctored = *state;

	doctored->host.engine = "tcp://192.0.2.1:2375";
	assert_finding(state, "docker", LC_DOCTOR_DEGRADED, "DOCKER_HOST=tcp://192.0.2.1:2375");
}

static void a_docker_host_that_is_no_possible_socket_keeps_recordings_from_beginning(void **state)
{
	struct doctored *doctored = *state;
	char host[256] = "unix:///";

	memset(host + strlen(host), 'x', 200);
	doctored->host.engine = host;
	assert_finding(state, "docker", LC_DOCTOR_MISSING, "longer than");
}

static void podmans_sockets_of_root_and_users_are_told_and_left_alone(void **state)
{
	const struct lc_doctor_finding *finding;
	int root = listen_at(state, "/run/podman/podman.sock");
	int user = listen_at(state, "/run/user/1000/podman/podman.sock");

	put(state, "/usr/bin/podman", "");
	finding = assert_finding(state, "podman", LC_DOCTOR_OK, "/usr/bin/podman, socket /run/podman/podman.sock");
	assert_tells(&finding->found, "socket /run/user/1000/podman/podman.sock");
	/* To connect would start its service. */
	assert_int_equal(fcntl(root, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(accept(root, NULL, NULL), -1);
	assert_int_equal(errno, EAGAIN);
	close(root);
	close(user);
}

static void containerd_is_told_whether_it_listens(void **state)
{
	int listener = listen_at(state, "/run/containerd/containerd.sock");

	assert_finding(state, "containerd", LC_DOCTOR_OK, "listens at /run/containerd/containerd.sock");
	close(listener);
	assert_finding(state, "containerd", LC_DOCTOR_OK, "nobody listens at /run/containerd/containerd.sock");
}

static void a_file_in_a_sockets_place_is_no_socket(void **state)
{
	put(state, "/run/crio/crio.sock", "");
	assert_finding(state, "cri-o", LC_DOCTOR_OK, "not installed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_on_host(an_engine_that_answers_is_told_with_its_version),
		test_on_host(an_answer_without_a_version_degrades),
		test_on_host(an_answer_that_is_no_json_degrades),
		test_on_host(an_engine_that_fails_degrades),
		test_on_host(an_engine_that_does_not_answer_is_not_waited_for),
		test_on_host(a_version_as_long_as_a_book_is_cut),
		test_on_host(an_engine_that_is_not_installed_is_no_fault),
		test_on_host(an_engine_that_does_not_run_is_no_fault),
		test_on_host(the_socket_that_docker_host_names_is_asked),
		test_on_host(a_docker_host_on_the_network_is_not_asked),
		test_on_host(a_docker_host_that_is_no_possible_socket_keeps_recordings_from_beginning),
		test_on_host(podmans_sockets_of_root_and_users_are_told_and_left_alone),
		test_on_host(containerd_is_told_whether_it_listens),
		test_on_host(a_file_in_a_sockets_place_is_no_socket),
	};

	/* Whatever blocks is a failure of its own. */
	alarm(LIMIT_SECONDS);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
