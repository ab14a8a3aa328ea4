/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads an OCI bundle's config.json: user, bounding set and the annotations that name the container. */
#include "src/identity/bundle.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#define CONFIG_MAX (4 << 20)
#define ID_LENGTH  64

/* Where the engines keep bundles: BEFORE, the id, AFTER. */
static const struct place {
	const char *before;
	const char *after;
} places[] = {
	/* containerd; Docker Engine on the system's containerd, Kubernetes, nerdctl */
	{"/run/containerd/io.containerd.runtime.v2.task/moby/", "/config.json"},
	{"/run/containerd/io.containerd.runtime.v2.task/k8s.io/", "/config.json"},
	{"/run/containerd/io.containerd.runtime.v2.task/default/", "/config.json"},
	{"/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/", "/config.json"},
	{"/run/containerd/io.containerd.runtime.v1.linux/moby/", "/config.json"},
	/* Docker Engine with a containerd of its own; /var/run may be a directory of its own too */
	{"/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/", "/config.json"},
	{"/var/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/", "/config.json"},
	/* podman and cri-o */
	{"/var/lib/containers/storage/overlay-containers/", "/userdata/config.json"},
	{"/run/containers/storage/overlay-containers/", "/userdata/config.json"},
	{"/var/run/containers/storage/overlay-containers/", "/userdata/config.json"},
	{"/var/lib/containers/storage/vfs-containers/", "/userdata/config.json"},
	{"/run/containers/storage/vfs-containers/", "/userdata/config.json"},
};

/*
 * The annotations that tell something; of those for one field the first that is there counts. containerd's are in its
 * pkg/cri/annotations, the kubelet's and CRI-O's in its pkg/annotations and the kubelet's labels.
 */
static const struct annotation {
	const char *key;
	size_t field;
} annotations[] = {
	{"io.kubernetes.cri.container-name", offsetof(struct lc_target, name)}, /* containerd under Kubernetes */
	{"io.kubernetes.container.name", offsetof(struct lc_target, name)},     /* cri-o */
	{"nerdctl/name", offsetof(struct lc_target, name)},
	{"io.kubernetes.cri.sandbox-name", offsetof(struct lc_target, name)}, /* a pod's sandbox has only this one */
	{"io.kubernetes.cri.sandbox-name", offsetof(struct lc_target, pod)},
	{"io.kubernetes.pod.name", offsetof(struct lc_target, pod)},
	{"io.kubernetes.cri.sandbox-namespace", offsetof(struct lc_target, namespace)},
	{"io.kubernetes.pod.namespace", offsetof(struct lc_target, namespace)},
	{"io.kubernetes.cri.image-name", offsetof(struct lc_target, image)},
	{"io.kubernetes.cri-o.ImageName", offsetof(struct lc_target, image)},
	{"org.opencontainers.image.ref.name", offsetof(struct lc_target, image)},
};

/* What podman and cri-o say of a privileged container. */
static const char *const privileged_annotations[] = {
	"io.podman.annotations.privileged",
	"io.kubernetes.cri-o.PrivilegedRuntime",
};

bool lc_container_id_valid(const char *id)
{
	return id && strlen(id) == ID_LENGTH && strspn(id, "0123456789abcdef") == ID_LENGTH;
}

/* Takes a regular file that OWNER has: nobody else may tell what a container is. */
static bool is_trusted(int fd, uid_t owner)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= CONFIG_MAX &&
	       (st.st_uid == owner || (owner == 0 && st.st_uid == geteuid()));
}

json_t *lc_bundle_load(const char *path, uid_t owner)
{
	_cleanup_file_ FILE *stream = NULL;
	int fd;

	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return NULL;
	if (is_trusted(fd, owner))
		stream = fdopen(fd, "r");
	if (!stream) {
		close(fd);
		return NULL;
	}
	return json_loadf(stream, 0, NULL);
}

static json_t *find_config(const char *id, const char *root)
{
	json_t *config = NULL;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]) && !config; i++) {
		struct lc_strbuf path = {0};

		lc_strbuf_addf(&path, "%s%s%s%s", root, places[i].before, id, places[i].after);
		if (!path.failed)
			config = lc_bundle_load(path.text, 0);
		lc_strbuf_free(&path);
	}
	return config;
}

int lc_bundle_fill_string(char **field, const char *text)
{
	if (*field || !text || !*text)
		return 0;
	*field = strdup(text);
	return *field ? 0 : -ENOMEM;
}

static void fill_granted(struct lc_target *target, const json_t *config)
{
	const json_t *bounding, *name;
	size_t i;
	int cap;

	if (target->granted)
		return;
	bounding = json_object_get(json_object_get(json_object_get(config, "process"), "capabilities"), "bounding");
	json_array_foreach(bounding, i, name)
	{
		cap = json_is_string(name) ? lc_cap_from_name(json_string_value(name)) : -EINVAL;
		if (cap >= 0)
			target->granted |= LC_CAP_BIT(cap);
	}
}

static bool is_numeric_id(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) <= UINT32_MAX;
}

static int fill_user(struct lc_target *target, const json_t *config)
{
	const json_t *user = json_object_get(json_object_get(config, "process"), "user");
	const json_t *uid = json_object_get(user, "uid"), *gid = json_object_get(user, "gid");
	struct lc_strbuf text = {0};

	if (target->user || !is_numeric_id(uid) || !is_numeric_id(gid))
		return 0;
	lc_strbuf_addf(&text, "%lld:%lld", (long long)json_integer_value(uid), (long long)json_integer_value(gid));
	target->user = lc_strbuf_steal(&text);
	return target->user ? 0 : -ENOMEM;
}

static int fill_annotations(struct lc_target *target, const json_t *config)
{
	const json_t *all = json_object_get(config, "annotations");
	const char *text;
	int ret = 0;
	size_t i;

	for (i = 0; i < sizeof(annotations) / sizeof(annotations[0]) && ret == 0; i++) {
		text = json_string_value(json_object_get(all, annotations[i].key));
		ret = lc_bundle_fill_string((char **)((char *)target + annotations[i].field), text);
	}
	for (i = 0; i < sizeof(privileged_annotations) / sizeof(privileged_annotations[0]); i++) {
		text = json_string_value(json_object_get(all, privileged_annotations[i]));
		if (text && strcasecmp(text, "true") == 0)
			target->privileged = true;
	}
	return ret;
}

/* Fills TARGET from CONFIG, which is taken over; NULL: there is none. */
static int fill_from(struct lc_target *target, json_t *config)
{
	int ret;

	if (!config)
		return -ENOENT;
	fill_granted(target, config);
	ret = fill_user(target, config);
	if (ret == 0)
		ret = fill_annotations(target, config);
	json_decref(config);
	return ret;
}

int lc_bundle_fill(struct lc_target *target, const char *root)
{
	if (!lc_container_id_valid(target->id))
		return -EINVAL;
	return fill_from(target, find_config(target->id, root));
}

int lc_bundle_fill_from(struct lc_target *target, const char *directory, uid_t owner)
{
	struct lc_strbuf path = {0};
	int ret;

	lc_strbuf_addf(&path, "%s/config.json", directory);
	ret = path.failed ? -ENOMEM : fill_from(target, lc_bundle_load(path.text, owner));
	lc_strbuf_free(&path);
	return ret;
}
