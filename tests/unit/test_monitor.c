/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests what the command lines of monitors tell, and what containers/storage says of a container. */
#include "src/identity/monitor.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ID "5d72406a5dbd3092fbb111cc968e5afbee1d6d714dfddc1e95b7ddd08034ec0d"

/* As podman 4.3.1 starts it, shortened behind what counts. */
#define PODMAN                                                                                                         \
	"/usr/bin/conmon\0--api-version\0001\0-c\0" ID "\0-u\0" ID "\0-r\0/usr/sbin/runc\0-b\0"                        \
	"/var/lib/containers/storage/overlay-containers/" ID "/userdata\0-p\0"                                         \
	"/run/containers/storage/overlay-containers/" ID "/userdata/pidfile\0-n\0shop_db_1\0--exit-dir\0"              \
	"/run/libpod/exits\0--full-attach\0-l\0k8s-file:/var/lib/ctr.log\0--log-level\0warning"

/* As cri-o starts it: internal/oci/runtime_oci.go. */
#define CRIO                                                                                                           \
	"/usr/bin/conmon\0-b\0/run/containers/storage/overlay-containers/" ID "/userdata\0-c\0" ID                     \
	"\0--exit-dir\0/var/run/crio/exits\0-l\0/var/log/pods/web.log\0--log-level\0info\0-n\0"                        \
	"k8s_nginx_web-0_shop_88c00a72-09fa-4f0b-b2e7-185fcaff3b0d_0\0-P\0/run/conmon-pidfile\0-r\0/usr/bin/runc"

/* As containerd 1.6.20 starts it. */
#define SHIM                                                                                                           \
	"/usr/bin/containerd-shim-runc-v2\0-namespace\0k8s.io\0-id\0" ID "\0-address\0/run/containerd/containerd.sock"

/* As podman 4.3.1 writes it. */
#define STORAGE                                                                                                        \
	"[{\"id\":\"" ID "\",\"names\":[\"audit-p1\"],\"image\":\"a93d9ea66c64\",\"layer\":\"12fd5a4ddeec\","          \
	"\"metadata\":\"{\\\"image-name\\\":\\\"localhost/lt:latest\\\",\\\"image-id\\\":\\\"a93d9ea66c64\\\","        \
	"\\\"name\\\":\\\"audit-p1\\\",\\\"created-at\\\":1795341292}\",\"created\":\"2026-11-22T09:54:52Z\"}]"

#define READ(comm, line, words) lc_monitor_read(comm, line, sizeof(line), words)

static void podmans_monitor_tells_id_name_and_bundle(void **state)
{
	struct lc_monitor_words words;

	(void)state;
	assert_int_equal(READ("conmon", PODMAN, &words), 0);
	assert_string_equal(words.id, ID);
	assert_string_equal(words.name, "shop_db_1");
	assert_string_equal(words.bundle, "/var/lib/containers/storage/overlay-containers/" ID "/userdata");
}

static void cri_os_monitor_tells_its_bundle(void **state)
{
	struct lc_monitor_words words;

	(void)state;
	assert_int_equal(READ("conmon", CRIO, &words), 0);
	assert_string_equal(words.id, ID);
	assert_string_equal(words.bundle, "/run/containers/storage/overlay-containers/" ID "/userdata");
}

static void containerds_shim_tells_its_namespace_and_no_name(void **state)
{
	struct lc_monitor_words words;

	(void)state;
	assert_int_equal(READ("containerd-shim", SHIM, &words), 0);
	assert_string_equal(words.namespace, "k8s.io");
	assert_null(words.name);
	assert_null(words.bundle);
}

static void a_monitor_tells_its_runtime(void **state)
{
	struct lc_monitor_words words;

	(void)state;
	assert_int_equal(READ("conmon", PODMAN, &words), 0);
	assert_string_equal(words.runtime, "/usr/sbin/runc");
	assert_int_equal(READ("conmon", "conmon\0--runtime\0/usr/bin/krun", &words), 0);
	assert_string_equal(words.runtime, "/usr/bin/krun");
	assert_int_equal(
		READ("conmon",
			"conmon\0-r\0/usr/bin/runsc\0--exit-command\0podman\0--exit-command-arg\0--runtime\0--exit-command-arg\0runsc",
			&words),
		0);
	assert_string_equal(words.runtime, "/usr/bin/runsc");
}

static void a_shim_is_named_after_its_runtime(void **state)
{
	struct lc_monitor_words words;

	(void)state;
	assert_int_equal(READ("containerd-shim", SHIM, &words), 0);
	assert_string_equal(words.runtime, "/usr/bin/containerd-shim-runc-v2");
}

static void long_options_are_read_as_well(void **state)
{
	struct lc_monitor_words words;

	(void)state;
	assert_int_equal(READ("conmon", "conmon\0--cid\0" ID "\0--name\0db\0--bundle\0/b", &words), 0);
	assert_string_equal(words.id, ID);
	assert_string_equal(words.name, "db");
	assert_string_equal(words.bundle, "/b");
}

static void another_program_is_no_monitor(void **state)
{
	struct lc_monitor_words words = {.id = "unchanged"};

	(void)state;
	assert_int_equal(READ("systemd", PODMAN, &words), -ENOENT);
	assert_string_equal(words.id, "unchanged");
}

static void a_command_line_that_is_cut_off_ends_there(void **state)
{
	static const char line[] = {'c', '\0', '-', 'n', '\0', 'd', 'b'};
	struct lc_monitor_words words;

	(void)state;
	assert_int_equal(lc_monitor_read("conmon", line, sizeof(line), &words), 0);
	assert_null(words.name);
}

static void an_option_without_a_value_tells_nothing(void **state)
{
	struct lc_monitor_words words;

	(void)state;
	assert_int_equal(READ("conmon", "conmon\0-n", &words), 0);
	assert_null(words.name);
}

/* A directory with a containers.json of TEXT. */
static void put_storage(char directory[32], const char *text)
{
	char path[64];
	FILE *stream;

	strcpy(directory, "/tmp/test-monitor-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/containers.json", directory);
	stream = fopen(path, "w");
	assert_non_null(stream);
	assert_true(fputs(text, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
}

static void remove_storage(const char *directory)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/containers.json", directory);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(directory), 0);
}

/* Fills TARGET, called ID, from a storage of TEXT that is to belong to OWNER. */
static void fill(struct lc_target *target, const char *text, uid_t owner)
{
	char directory[32];

	put_storage(directory, text);
	*target = (struct lc_target){.id = strdup(ID)};
	assert_int_equal(lc_monitor_fill_from_storage(target, directory, owner, NULL), 0);
	remove_storage(directory);
}

static void storage_tells_name_and_image(void **state)
{
	struct lc_target target;

	(void)state;
	fill(&target, STORAGE, geteuid());
	assert_string_equal(target.name, "audit-p1");
	assert_string_equal(target.image, "localhost/lt:latest");
	lc_target_clear(&target);
}

static void storage_of_somebody_else_tells_nothing(void **state)
{
	struct lc_target target;

	(void)state;
	fill(&target, STORAGE, geteuid() + 1000);
	assert_null(target.name);
	assert_null(target.image);
	lc_target_clear(&target);
}

static void storage_without_the_container_tells_nothing(void **state)
{
	struct lc_target target;

	(void)state;
	fill(&target, "[{\"id\":\"0\",\"names\":[\"other\"]}]", geteuid());
	assert_null(target.name);
	lc_target_clear(&target);
}

static void storage_that_makes_no_sense_tells_nothing(void **state)
{
	static const char *const texts[] = {"", "7", "{}", "[7, null]", "[{\"id\":7}]",
		"[{\"id\":\"" ID "\",\"names\":7,\"metadata\":\"{\"}]", "[{\"id\":\"" ID "\",\"metadata\":7}]"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct lc_target target;

		fill(&target, texts[i], geteuid());
		assert_null(target.name);
		assert_null(target.image);
		lc_target_clear(&target);
	}
}

static void a_process_that_is_no_monitor_fills_nothing(void **state)
{
	struct lc_bundle_home home = {0};
	struct lc_target target = {.id = strdup(ID)};

	(void)state;
	assert_int_equal(lc_monitor_fill(&target, getpid(), geteuid(), NULL, &home), -ENOENT);
	assert_int_equal(home.directory[0], 0);
	assert_null(target.engine);
	assert_null(target.name);
	lc_target_clear(&target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(podmans_monitor_tells_id_name_and_bundle),
		cmocka_unit_test(cri_os_monitor_tells_its_bundle),
		cmocka_unit_test(containerds_shim_tells_its_namespace_and_no_name),
		cmocka_unit_test(a_monitor_tells_its_runtime),
		cmocka_unit_test(a_shim_is_named_after_its_runtime),
		cmocka_unit_test(long_options_are_read_as_well),
		cmocka_unit_test(another_program_is_no_monitor),
		cmocka_unit_test(a_command_line_that_is_cut_off_ends_there),
		cmocka_unit_test(an_option_without_a_value_tells_nothing),
		cmocka_unit_test(storage_tells_name_and_image),
		cmocka_unit_test(storage_of_somebody_else_tells_nothing),
		cmocka_unit_test(storage_without_the_container_tells_nothing),
		cmocka_unit_test(storage_that_makes_no_sense_tells_nothing),
		cmocka_unit_test(a_process_that_is_no_monitor_fills_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
