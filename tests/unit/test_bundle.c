/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests lc_bundle_fill on bundles made in a directory that stands for the root. */
#include "src/identity/bundle.h"

#include <leastcap/capset.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ID     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define MOBY   "/run/containerd/io.containerd.runtime.v2.task/moby/" ID "/config.json"
#define PODMAN "/var/lib/containers/storage/overlay-containers/" ID "/userdata/config.json"

#define PROCESS                                                                                                        \
	"{\"process\":{\"user\":{\"uid\":33,\"gid\":44},"                                                              \
	"\"capabilities\":{\"bounding\":[\"CAP_CHOWN\",\"CAP_NET_RAW\",\"CAP_OF_THE_FUTURE\"]}}}"

#define MOUNTS                                                                                                         \
	"{\"mounts\":[{\"destination\":\"/proc\",\"type\":\"proc\"},{\"destination\":\"/tmp\",\"type\":\"tmpfs\"},"    \
	"{\"destination\":\"/etc/hosts\",\"type\":\"bind\"},{\"destination\":\"/data\",\"type\":\"bind\"},"            \
	"{\"destination\":\"relative\",\"type\":\"bind\"},{\"destination\":\"/conf\",\"type\":\"bind\"},7]}"

struct fixture {
	char root[32];
	struct lc_target target;
};

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	strcpy(f->root, "/tmp/test-bundle-XXXXXX");
	if (!mkdtemp(f->root))
		return -1;
	f->target.kind = LC_TARGET_CONTAINER;
	f->target.id = strdup(ID);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	nftw(f->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	lc_target_clear(&f->target);
	free(f);
	return 0;
}

/* The path of PLACE below the root of F, its directories made. */
static const char *place_path(struct fixture *f, const char *place, char path[512])
{
	char *slash;

	snprintf(path, 512, "%s%s", f->root, place);
	for (slash = strchr(path + strlen(f->root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) < 0)
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
	return path;
}

static void put_config(struct fixture *f, const char *place, const char *text)
{
	char path[512];
	FILE *stream;

	stream = fopen(place_path(f, place, path), "w");
	assert_non_null(stream);
	assert_true(fputs(text, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
}

static void assert_nothing_known(const struct fixture *f)
{
	assert_null(f->target.name);
	assert_null(f->target.image);
	assert_null(f->target.user);
	assert_true(f->target.granted == 0);
	assert_false(f->target.privileged);
}

/* The bundle must be passed over as if it were not there. */
static void assert_passed_over(struct fixture *f)
{
	assert_int_equal(lc_bundle_fill(&f->target, f->root), -ENOENT);
	assert_nothing_known(f);
}

static void user_and_bounding_set_are_read(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY, PROCESS);
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.user, "33:44");
	assert_true(f->target.granted == (LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_NET_RAW)));
}

static void volumes_are_read_and_what_engines_mount_by_themselves_is_none(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY, MOUNTS);
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_int_equal(f->target.volumes.n, 2);
	assert_string_equal(f->target.volumes.paths[0], "/conf");
	assert_string_equal(f->target.volumes.paths[1], "/data");
}

static void a_podman_bundle_is_found(void **state)
{
	struct fixture *f = *state;

	put_config(f, PODMAN, PROCESS);
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.user, "33:44");
}

static void a_bundle_of_an_engine_with_its_own_containerd_is_found(void **state)
{
	struct fixture *f = *state;

	put_config(
		f, "/var/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/" ID "/config.json", PROCESS);
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.user, "33:44");
}

static void kubernetes_annotations_name_the_container_and_its_image(void **state)
{
	struct fixture *f = *state;

	put_config(f, "/run/containerd/io.containerd.runtime.v2.task/k8s.io/" ID "/config.json",
		"{\"annotations\":{\"io.kubernetes.cri.sandbox-name\":\"pod-1\",\"io.kubernetes.cri.container-name\":\"web\",\"io.kubernetes.cri.image-name\":\"nginx:1.22\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.name, "web");
	assert_string_equal(f->target.image, "nginx:1.22");
}

static void crio_annotations_name_the_container_and_its_image(void **state)
{
	struct fixture *f = *state;

	put_config(f, "/run/containers/storage/overlay-containers/" ID "/userdata/config.json",
		"{\"annotations\":{\"io.kubernetes.container.name\":\"web\",\"io.kubernetes.cri-o.ImageName\":\"nginx\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.name, "web");
	assert_string_equal(f->target.image, "nginx");
}

/* As kind's containerd 1.6 writes them. */
#define OF_POD                                                                                                         \
	"{\"annotations\":{\"io.kubernetes.cri.container-name\":\"bpfman-agent\","                                     \
	"\"io.kubernetes.cri.container-type\":\"container\","                                                          \
	"\"io.kubernetes.cri.image-name\":\"quay.io/bpfman/bpfman-agent:latest\","                                     \
	"\"io.kubernetes.cri.sandbox-id\":\"ffde0b824a13e5c81699b3059dc0bfe39ca8d8e6b7c6966c8d2562d00741ce99\","       \
	"\"io.kubernetes.cri.sandbox-name\":\"bpfman-daemon-hf5gv\",\"io.kubernetes.cri.sandbox-namespace\":"          \
	"\"bpfman\",\"io.kubernetes.cri.sandbox-uid\":\"88c00a72-09fa-4f0b-b2e7-185fcaff3b0d\"}}"

#define OF_SANDBOX                                                                                                     \
	"{\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\","                                          \
	"\"io.kubernetes.cri.sandbox-cpu-period\":\"100000\",\"io.kubernetes.cri.sandbox-cpu-quota\":\"0\","           \
	"\"io.kubernetes.cri.sandbox-id\":\"fce6f52914c45673e3b34d9ede950fc24951c31380818f3e256e93eb0fe1f410\","       \
	"\"io.kubernetes.cri.sandbox-log-directory\":\"/var/log/pods/red\",\"io.kubernetes.cri.sandbox-memory\":"      \
	"\"0\",\"io.kubernetes.cri.sandbox-name\":\"red-deployment-5bc7b56845-cgt7w\","                                \
	"\"io.kubernetes.cri.sandbox-namespace\":\"test-ns-fc5ef8f4\","                                                \
	"\"io.kubernetes.cri.sandbox-uid\":\"0e760759-7576-4c0b-89d0-bf5c9539026e\"}}"

/* cri-o's own, with the kubelet's labels among them. */
#define OF_CRIO                                                                                                        \
	"{\"annotations\":{\"io.container.manager\":\"cri-o\",\"io.kubernetes.container.name\":\"counter\","           \
	"\"io.kubernetes.cri-o.ContainerType\":\"container\",\"io.kubernetes.cri-o.ImageName\":"                       \
	"\"quay.io/image:1\",\"io.kubernetes.cri-o.Metadata\":\"{\\\"name\\\":\\\"counter\\\"}\","                     \
	"\"io.kubernetes.cri-o.PrivilegedRuntime\":\"true\",\"io.kubernetes.pod.name\":\"counter-pod\","               \
	"\"io.kubernetes.pod.namespace\":\"default\",\"io.kubernetes.pod.uid\":\"88c00a72\"}}"

/* Fills F's target from CONFIG of containerd's. */
static const struct lc_target *fill(struct fixture *f, const char *config)
{
	put_config(f, "/run/containerd/io.containerd.runtime.v2.task/k8s.io/" ID "/config.json", config);
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	return &f->target;
}

static void kubernetes_annotations_name_pod_and_namespace(void **state)
{
	const struct lc_target *target = fill(*state, OF_POD);

	assert_string_equal(target->name, "bpfman-agent");
	assert_string_equal(target->pod, "bpfman-daemon-hf5gv");
	assert_string_equal(target->namespace, "bpfman");
	assert_string_equal(target->image, "quay.io/bpfman/bpfman-agent:latest");
}

static void a_sandbox_is_called_after_its_pod(void **state)
{
	const struct lc_target *target = fill(*state, OF_SANDBOX);

	assert_string_equal(target->name, "red-deployment-5bc7b56845-cgt7w");
	assert_string_equal(target->pod, "red-deployment-5bc7b56845-cgt7w");
	assert_string_equal(target->namespace, "test-ns-fc5ef8f4");
}

static void crio_annotations_name_pod_and_namespace(void **state)
{
	const struct lc_target *target = fill(*state, OF_CRIO);

	assert_string_equal(target->name, "counter");
	assert_string_equal(target->pod, "counter-pod");
	assert_string_equal(target->namespace, "default");
	assert_string_equal(target->image, "quay.io/image:1");
	assert_true(target->privileged);
}

/* F's bundle with PROCESS in it, in a place that nobody knows but the monitor; its directory goes to PATH. */
static const char *put_elsewhere(struct fixture *f, char path[512])
{
	put_config(f, "/home/user/" ID "/userdata/config.json", PROCESS);
	place_path(f, "/home/user/" ID "/userdata", path);
	return path;
}

static void a_bundle_is_read_where_the_monitor_says_that_it_is(void **state)
{
	struct fixture *f = *state;
	char path[512];

	assert_int_equal(lc_bundle_fill_from(&f->target, put_elsewhere(f, path), geteuid(), NULL), 0);
	assert_string_equal(f->target.user, "33:44");
}

static void a_bundle_that_is_not_the_monitors_users_is_not_trusted(void **state)
{
	struct fixture *f = *state;
	char path[512];

	assert_int_equal(lc_bundle_fill_from(&f->target, put_elsewhere(f, path), geteuid() + 1000, NULL), -ENOENT);
	assert_nothing_known(f);
}

static void nerdctl_annotations_name_the_container(void **state)
{
	struct fixture *f = *state;

	put_config(f, "/run/containerd/io.containerd.runtime.v2.task/default/" ID "/config.json",
		"{\"annotations\":{\"nerdctl/name\":\"web\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.name, "web");
}

static void podmans_privileged_annotation_is_read(void **state)
{
	struct fixture *f = *state;

	put_config(f, PODMAN, "{\"annotations\":{\"io.podman.annotations.privileged\":\"TRUE\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_true(f->target.privileged);
}

static void the_security_modules_label_is_read(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY, "{\"process\":{\"apparmorProfile\":\"docker-default\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.label, "docker-default (enforce)");
}

static void selinuxs_label_is_read(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY,
		"{\"process\":{\"apparmorProfile\":\"\",\"selinuxLabel\":\"system_u:system_r:container_t:s0:c1,c2\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.label, "system_u:system_r:container_t:s0:c1,c2");
}

static void who_is_unconfined_has_no_label(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY, "{\"process\":{\"apparmorProfile\":\"unconfined\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_null(f->target.label);
}

#define TASK "/run/containerd/io.containerd.runtime.v2.task/moby/" ID

static void containerd_names_the_shim_beside_the_bundle(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY, PROCESS);
	put_config(f, TASK "/shim-binary-path", "/usr/bin/containerd-shim-kata-v2");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.sandbox, "containerd-shim-kata-v2");
}

static void runcs_shim_names_another_runtime_beside_the_bundle(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY, PROCESS);
	put_config(f, TASK "/shim-binary-path", "/usr/bin/containerd-shim-runc-v2");
	put_config(f, TASK "/runtime", "/usr/local/bin/runsc\n");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.sandbox, "runsc");
}

static void the_usual_runtime_is_no_sandbox(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY, PROCESS);
	put_config(f, TASK "/shim-binary-path", "/usr/bin/containerd-shim-runc-v2");
	put_config(f, TASK "/runtime", "runc");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_null(f->target.sandbox);
}

static void runtime_classes_name_the_sandbox(void **state)
{
	struct fixture *f = *state;

	put_config(f, "/run/containerd/io.containerd.runtime.v2.task/k8s.io/" ID "/config.json",
		"{\"annotations\":{\"io.containerd.cri.runtime-handler\":\"kata-qemu\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.sandbox, "kata-qemu");
}

static void an_image_of_podmans_names_no_sandbox(void **state)
{
	struct fixture *f = *state;

	put_config(f, PODMAN,
		"{\"annotations\":{\"io.container.manager\":\"libpod\",\"io.kubernetes.cri-o.RuntimeHandler\":\"runsc\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_null(f->target.sandbox);
}

static void a_bundle_of_another_cgroup_names_no_sandbox(void **state)
{
	struct fixture *f = *state;

	f->target.cgroup = strdup("/elsewhere");
	put_config(f, MOBY, PROCESS);
	put_config(f, TASK "/runtime", "runsc");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), -EXDEV);
	assert_null(f->target.sandbox);
}

static void what_is_known_already_is_kept(void **state)
{
	struct fixture *f = *state;

	f->target.name = strdup("known");
	f->target.user = strdup("1:1");
	f->target.granted = LC_CAP_BIT(CAP_KILL);
	put_config(f, MOBY,
		"{\"process\":{\"user\":{\"uid\":33,\"gid\":44},\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"]}},\"annotations\":{\"nerdctl/name\":\"other\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.name, "known");
	assert_string_equal(f->target.user, "1:1");
	assert_true(f->target.granted == LC_CAP_BIT(CAP_KILL));
}

static void no_bundle_tells_nothing(void **state)
{
	assert_passed_over(*state);
}

static void a_file_cut_off_in_the_middle_tells_nothing(void **state)
{
	char half[sizeof(PROCESS)] = PROCESS;

	half[sizeof(half) / 2] = '\0';
	put_config(*state, MOBY, half);
	assert_passed_over(*state);
}

static void a_damaged_bundle_does_not_hide_a_whole_one(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY, "{");
	put_config(f, PODMAN, PROCESS);
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.user, "33:44");
}

static void fields_of_a_wrong_type_are_passed_over(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY,
		"{\"process\":{\"user\":{\"uid\":\"0\",\"gid\":[]},\"capabilities\":{\"bounding\":[7,null,{}]}},\"annotations\":{\"nerdctl/name\":{},\"io.kubernetes.cri.image-name\":1}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_nothing_known(f);
}

static void a_document_that_is_no_object_tells_nothing(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY, "[[[[]]]]");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_nothing_known(f);
}

static void user_ids_out_of_range_are_passed_over(void **state)
{
	struct fixture *f = *state;

	put_config(f, MOBY, "{\"process\":{\"user\":{\"uid\":-1,\"gid\":4294967296}}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_nothing_known(f);
}

static void a_symbolic_link_is_not_followed(void **state)
{
	struct fixture *f = *state;
	char path[512], link_path[512];

	put_config(f, "/elsewhere.json", PROCESS);
	place_path(f, "/elsewhere.json", path);
	assert_int_equal(symlink(path, place_path(f, MOBY, link_path)), 0);
	assert_passed_over(f);
}

static void a_fifo_is_not_waited_for(void **state)
{
	struct fixture *f = *state;
	char path[512];

	assert_int_equal(mkfifo(place_path(f, MOBY, path), 0600), 0);
	assert_passed_over(f);
}

static void a_file_of_another_user_is_not_trusted(void **state)
{
	struct fixture *f = *state;
	char path[512];

	if (geteuid() != 0)
		skip();
	put_config(f, MOBY, PROCESS);
	assert_int_equal(chown(place_path(f, MOBY, path), 12345, 12345), 0);
	assert_passed_over(f);
}

static void a_file_larger_than_4_mib_is_not_read(void **state)
{
	struct fixture *f = *state;
	size_t size = (4 << 20) + 1;
	char *text = malloc(size + 1);

	assert_non_null(text);
	memset(text, ' ', size);
	memcpy(text, PROCESS, strlen(PROCESS));
	text[size] = '\0';
	put_config(f, MOBY, text);
	free(text);
	assert_passed_over(f);
}

static void an_id_that_is_no_id_never_gets_into_a_path(void **state)
{
	static const char *const bad[] = {"", "..", "../../../../../etc", "0123456789ab",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde/", ID "0",
		"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		free(f->target.id);
		f->target.id = strdup(bad[i]);
		assert_int_equal(lc_bundle_fill(&f->target, f->root), -EINVAL);
	}
}

/* How a bundle with cgroupsPath CGROUPS goes with the cgroup at PATH. */
static enum lc_bundle_match match(const char *cgroups, const char *path)
{
	json_t *config = json_pack("{s:{s:s}}", "linux", "cgroupsPath", cgroups);
	enum lc_bundle_match result = lc_bundle_match(config, ID, path);

	json_decref(config);
	return result;
}

static void a_bundle_tells_its_cgroup_for_every_driver(void **state)
{
	static const struct {
		const char *cgroups, *path;
	} both[] = {
		{"/docker/" ID, "/docker/" ID},
		{"/kubepods/besteffort/pod1/" ID, "/kubepods/besteffort/pod1/" ID},
		{"system.slice:docker:" ID, "/system.slice/docker-" ID ".scope"},
		{"machine.slice:libpod:" ID, "/machine.slice/libpod-" ID ".scope"},
		{"kubepods-besteffort-pod1.slice:cri-containerd:" ID,
			"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1.slice/cri-containerd-" ID
			".scope"},
		{":docker:" ID, "/system.slice/docker-" ID ".scope"},
		{"-.slice:docker:" ID, "/docker-" ID ".scope"},
		{"system.slice:docker:" ID, "/system.slice:docker:" ID},
		{"own/" ID, "/user/own/" ID},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
		assert_int_equal(match(both[i].cgroups, both[i].path), LC_BUNDLE_EXACT);
}

static void a_bundle_is_not_that_of_a_cgroup_elsewhere(void **state)
{
	(void)state;
	assert_int_equal(match("/docker/" ID, "/" ID), LC_BUNDLE_ELSEWHERE);
	assert_int_equal(match("/docker/" ID, "/user.slice/" ID), LC_BUNDLE_ELSEWHERE);
	assert_int_equal(match("/docker/" ID, "/x/docker/" ID), LC_BUNDLE_WITHIN);
	assert_int_equal(match("user.slice:libpod:" ID, "/user.slice/user@1.service/user.slice/libpod-" ID ".scope"),
		LC_BUNDLE_WITHIN);
	assert_int_equal(match("a-b.slice:libpod:" ID, "/a-b.slice/libpod-" ID ".scope"), LC_BUNDLE_ELSEWHERE);
}

static void a_bundle_of_another_cgroup_fills_nothing(void **state)
{
	struct fixture *f = *state;

	put_config(
		f, MOBY, "{\"linux\":{\"cgroupsPath\":\"/docker/" ID "\"},\"annotations\":{\"nerdctl/name\":\"web\"}}");
	f->target.cgroup = strdup("/user.slice/" ID);
	assert_int_equal(lc_bundle_fill(&f->target, f->root), -EXDEV);
	assert_nothing_known(f);
	free(f->target.cgroup);
	f->target.cgroup = strdup("/docker/" ID);
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_string_equal(f->target.name, "web");
}

static void annotations_that_podman_took_from_an_image_name_nothing(void **state)
{
	struct fixture *f = *state;

	put_config(f, PODMAN,
		"{\"annotations\":{\"io.container.manager\":\"libpod\",\"io.kubernetes.pod.name\":\"web-0\",\"org.opencontainers.image.ref.name\":\"nginx\"}}");
	assert_int_equal(lc_bundle_fill(&f->target, f->root), 0);
	assert_null(f->target.pod);
	assert_null(f->target.image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(user_and_bounding_set_are_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			volumes_are_read_and_what_engines_mount_by_themselves_is_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_podman_bundle_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_bundle_of_an_engine_with_its_own_containerd_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			kubernetes_annotations_name_the_container_and_its_image, set_up, tear_down),
		cmocka_unit_test_setup_teardown(crio_annotations_name_the_container_and_its_image, set_up, tear_down),
		cmocka_unit_test_setup_teardown(kubernetes_annotations_name_pod_and_namespace, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_sandbox_is_called_after_its_pod, set_up, tear_down),
		cmocka_unit_test_setup_teardown(crio_annotations_name_pod_and_namespace, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bundle_is_read_where_the_monitor_says_that_it_is, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_bundle_that_is_not_the_monitors_users_is_not_trusted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nerdctl_annotations_name_the_container, set_up, tear_down),
		cmocka_unit_test_setup_teardown(podmans_privileged_annotation_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_security_modules_label_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(selinuxs_label_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_is_unconfined_has_no_label, set_up, tear_down),
		cmocka_unit_test_setup_teardown(containerd_names_the_shim_beside_the_bundle, set_up, tear_down),
		cmocka_unit_test_setup_teardown(runcs_shim_names_another_runtime_beside_the_bundle, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_usual_runtime_is_no_sandbox, set_up, tear_down),
		cmocka_unit_test_setup_teardown(runtime_classes_name_the_sandbox, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_image_of_podmans_names_no_sandbox, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bundle_of_another_cgroup_names_no_sandbox, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_known_already_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_bundle_tells_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_cut_off_in_the_middle_tells_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_damaged_bundle_does_not_hide_a_whole_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(fields_of_a_wrong_type_are_passed_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_document_that_is_no_object_tells_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(user_ids_out_of_range_are_passed_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_symbolic_link_is_not_followed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_fifo_is_not_waited_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_of_another_user_is_not_trusted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_larger_than_4_mib_is_not_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_id_that_is_no_id_never_gets_into_a_path, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bundle_tells_its_cgroup_for_every_driver, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bundle_is_not_that_of_a_cgroup_elsewhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bundle_of_another_cgroup_fills_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			annotations_that_podman_took_from_an_image_name_nothing, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
