/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests lc_cgroup_name_parse: every engine's way to name a cgroup, and names that only look like one. */
#include <leastcap/identity.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID       "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER_ID "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

/* TARGET is the beginning of PATH that names the target. */
static void assert_name(
	const char *path, enum lc_target_kind kind, const char *engine, const char *id, const char *target)
{
	struct lc_cgroup_name name;

	lc_cgroup_name_parse(path, &name);
	assert_int_equal(name.kind, kind);
	if (engine)
		assert_string_equal(name.engine, engine);
	else
		assert_null(name.engine);
	assert_string_equal(name.id, id);
	assert_int_equal(name.target_length, strlen(target));
	assert_memory_equal(path, target, strlen(target));
}

static void assert_container(const char *path, const char *engine, const char *id)
{
	assert_name(path, LC_TARGET_CONTAINER, engine, id, path);
}

static void assert_cgroup(const char *path)
{
	assert_name(path, LC_TARGET_CGROUP, NULL, "", path);
}

static void docker_on_cgroupfs(void **state)
{
	(void)state;
	assert_container("/docker/" ID, "docker", ID);
}

static void docker_on_systemd(void **state)
{
	(void)state;
	assert_container("/system.slice/docker-" ID ".scope", "docker", ID);
}

static void docker_by_a_slice_name_taken_literally(void **state)
{
	(void)state;
	assert_container("/system.slice:docker:" ID, "docker", ID);
}

static void docker_below_a_parent_of_the_users_own_has_an_unknown_engine(void **state)
{
	(void)state;
	assert_container("/tests/" ID, NULL, ID);
}

static void containerd_under_kubernetes_on_systemd(void **state)
{
	(void)state;
	assert_container("/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope", "containerd", ID);
}

static void containerd_under_kubernetes_on_cgroupfs(void **state)
{
	(void)state;
	assert_container("/kubepods/burstable/pod1/" ID, "containerd", ID);
}

static void containerd_by_a_slice_name_taken_literally(void **state)
{
	(void)state;
	assert_container("/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" ID, "containerd", ID);
}

static void nerdctl_is_containerd(void **state)
{
	(void)state;
	assert_container("/system.slice/nerdctl-" ID ".scope", "containerd", ID);
}

static void crio_on_systemd(void **state)
{
	(void)state;
	assert_container("/kubepods.slice/crio-" ID ".scope", "cri-o", ID);
}

static void crio_on_cgroupfs(void **state)
{
	(void)state;
	assert_container("/kubepods/pod1/crio-" ID, "cri-o", ID);
}

static void the_monitor_of_crio_is_no_container(void **state)
{
	(void)state;
	assert_cgroup("/kubepods.slice/crio-conmon-" ID ".scope");
}

static void podman_on_systemd(void **state)
{
	(void)state;
	assert_name("/machine.slice/libpod-" ID ".scope/container", LC_TARGET_CONTAINER, "podman", ID,
		"/machine.slice/libpod-" ID ".scope");
}

static void podman_on_cgroupfs(void **state)
{
	(void)state;
	assert_container("/libpod_parent/libpod-" ID, "podman", ID);
}

static void podman_with_split_cgroups(void **state)
{
	(void)state;
	assert_container("/system.slice/web.service/libpod-payload-" ID, "podman", ID);
}

static void the_monitor_of_podman_is_no_container(void **state)
{
	(void)state;
	assert_cgroup("/machine.slice/libpod-conmon-" ID ".scope");
}

static void lxc_payload(void **state)
{
	(void)state;
	assert_name("/lxc.payload.web/system.slice/ssh.service", LC_TARGET_CONTAINER, "lxc", "web", "/lxc.payload.web");
}

static void lxc_of_old(void **state)
{
	(void)state;
	assert_name("/lxc/web/init.scope", LC_TARGET_CONTAINER, "lxc", "web", "/lxc/web");
}

static void the_monitor_of_lxc_is_no_container(void **state)
{
	(void)state;
	assert_cgroup("/lxc.monitor.web");
}

static void nspawn_scope(void **state)
{
	(void)state;
	assert_container("/machine.slice/machine-web.scope", "nspawn", "web");
}

static void nspawn_service(void **state)
{
	(void)state;
	assert_name("/machine.slice/systemd-nspawn@web.service/payload/x.service", LC_TARGET_CONTAINER, "nspawn", "web",
		"/machine.slice/systemd-nspawn@web.service");
}

static void a_virtual_machine_is_no_container(void **state)
{
	(void)state;
	assert_cgroup("/machine.slice/machine-qemu\\x2d1\\x2dvm.scope");
}

static void the_innermost_container_wins(void **state)
{
	(void)state;
	assert_container("/docker/" ID "/docker/" OTHER_ID, "docker", OTHER_ID);
}

static void what_lies_inside_a_container_belongs_to_it(void **state)
{
	(void)state;
	assert_name("/docker/" ID "/system.slice/nginx.service", LC_TARGET_CONTAINER, "docker", ID, "/docker/" ID);
}

static void the_innermost_service_wins(void **state)
{
	(void)state;
	assert_name("/user.slice/user@0.service/app.slice/web.service/sub", LC_TARGET_SERVICE, NULL, "",
		"/user.slice/user@0.service/app.slice/web.service");
}

static void a_scope_is_a_plain_cgroup(void **state)
{
	(void)state;
	assert_cgroup("/user.slice/session-1.scope");
}

static void the_root_is_a_plain_cgroup(void **state)
{
	(void)state;
	assert_cgroup("/");
}

static void an_empty_path_is_a_plain_cgroup(void **state)
{
	(void)state;
	assert_cgroup("");
}

static void a_bare_suffix_is_no_service(void **state)
{
	(void)state;
	assert_cgroup("/x/.service");
}

static void an_id_of_63_or_65_digits_is_none(void **state)
{
	(void)state;
	assert_cgroup("/docker/" ID "0");
	assert_cgroup("/docker-" ID "0.scope");
	assert_cgroup("/docker/123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
}

static void an_id_with_other_characters_is_none(void **state)
{
	(void)state;
	assert_cgroup("/docker/g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	assert_cgroup("/docker/A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
}

static void a_machine_without_a_name_is_none(void **state)
{
	(void)state;
	assert_cgroup("/machine.slice/machine-.scope");
	assert_cgroup("/lxc.payload.");
}

static void repeated_slashes_change_nothing(void **state)
{
	(void)state;
	assert_name("//docker//" ID "//", LC_TARGET_CONTAINER, "docker", ID, "//docker//" ID);
}

static void a_long_machine_name_keeps_what_fits(void **state)
{
	char path[4096] = "/lxc.payload.";
	struct lc_cgroup_name name;

	(void)state;
	memset(path + strlen(path), 'x', sizeof(path) - strlen(path) - 1);
	lc_cgroup_name_parse(path, &name);
	assert_int_equal(name.kind, LC_TARGET_CONTAINER);
	assert_int_equal(strlen(name.id), sizeof(name.id) - 1);
	assert_int_equal(name.target_length, sizeof(path) - 1);
}

static void a_machine_name_is_kept_as_it_is(void **state)
{
	(void)state;
	assert_container("/machine.slice/machine-a\\x2db\033[2J\xff.scope", "nspawn", "a\\x2db\033[2J\xff");
}

static void a_deep_path_is_read_to_its_end(void **state)
{
	char path[4096] = "";
	struct lc_cgroup_name name;
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		strcat(path, "/a");
	strcat(path, "/docker/" ID);
	lc_cgroup_name_parse(path, &name);
	assert_string_equal(name.engine, "docker");
	assert_int_equal(name.target_length, strlen(path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker_on_cgroupfs),
		cmocka_unit_test(docker_on_systemd),
		cmocka_unit_test(docker_by_a_slice_name_taken_literally),
		cmocka_unit_test(docker_below_a_parent_of_the_users_own_has_an_unknown_engine),
		cmocka_unit_test(containerd_under_kubernetes_on_systemd),
		cmocka_unit_test(containerd_under_kubernetes_on_cgroupfs),
		cmocka_unit_test(containerd_by_a_slice_name_taken_literally),
		cmocka_unit_test(nerdctl_is_containerd),
		cmocka_unit_test(crio_on_systemd),
		cmocka_unit_test(crio_on_cgroupfs),
		cmocka_unit_test(the_monitor_of_crio_is_no_container),
		cmocka_unit_test(podman_on_systemd),
		cmocka_unit_test(podman_on_cgroupfs),
		cmocka_unit_test(podman_with_split_cgroups),
		cmocka_unit_test(the_monitor_of_podman_is_no_container),
		cmocka_unit_test(lxc_payload),
		cmocka_unit_test(lxc_of_old),
		cmocka_unit_test(the_monitor_of_lxc_is_no_container),
		cmocka_unit_test(nspawn_scope),
		cmocka_unit_test(nspawn_service),
		cmocka_unit_test(a_virtual_machine_is_no_container),
		cmocka_unit_test(the_innermost_container_wins),
		cmocka_unit_test(what_lies_inside_a_container_belongs_to_it),
		cmocka_unit_test(the_innermost_service_wins),
		cmocka_unit_test(a_scope_is_a_plain_cgroup),
		cmocka_unit_test(the_root_is_a_plain_cgroup),
		cmocka_unit_test(an_empty_path_is_a_plain_cgroup),
		cmocka_unit_test(a_bare_suffix_is_no_service),
		cmocka_unit_test(an_id_of_63_or_65_digits_is_none),
		cmocka_unit_test(an_id_with_other_characters_is_none),
		cmocka_unit_test(a_machine_without_a_name_is_none),
		cmocka_unit_test(repeated_slashes_change_nothing),
		cmocka_unit_test(a_long_machine_name_keeps_what_fits),
		cmocka_unit_test(a_machine_name_is_kept_as_it_is),
		cmocka_unit_test(a_deep_path_is_read_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
