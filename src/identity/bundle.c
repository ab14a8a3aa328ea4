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

#define ID_LENGTH 64

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
 * The annotations that fill a field; the first one found for a field counts. containerd's are in its pkg/cri/annotations, the kubelet's and
 * CRI-O's in CRI-O's pkg/annotations and in the kubelet's labels.
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

json_t *lc_bundle_load(const char *path, uid_t owner, struct lc_reader *reader)
{
	const struct lc_file_to_read wanted = {.path = path, .user = owner, .owner = owner, .limit = LC_READ_MAX};
	_cleanup_free_ char *text = NULL;
	size_t length;

	return lc_reader_read(reader, &wanted, &text, &length) ? NULL : json_loadb(text, length, 0, NULL);
}

static json_t *find_config(const char *id, const char *root)
{
	json_t *config = NULL;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]) && !config; i++) {
		struct lc_strbuf path = {0};

		lc_strbuf_addf(&path, "%s%s%s%s", root, places[i].before, id, places[i].after);
		if (!path.failed)
			config = lc_bundle_load(path.text, 0, NULL);
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

/*
 * Whether the annotations in ALL may name anything. Podman hands on those of the image, and an ordinary OWNER writes what he likes; root's other
 * engines write theirs themselves.
 */
static bool names_anything(const json_t *all, uid_t owner)
{
	const char *manager = json_string_value(json_object_get(all, "io.container.manager"));

	return owner == 0 && !(manager && strcmp(manager, "libpod") == 0);
}

static int fill_annotations(struct lc_target *target, const json_t *config, uid_t owner)
{
	const json_t *all = json_object_get(config, "annotations");
	const char *text;
	int ret = 0;
	size_t i;

	for (i = 0; names_anything(all, owner) && i < sizeof(annotations) / sizeof(annotations[0]) && ret == 0; i++) {
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

/* The next component of PATH after *AT, its length in *LENGTH; moves *AT behind it. */
static const char *next_component(const char *path, size_t *at, size_t *length)
{
	const char *component;

	*at += strspn(path + *at, "/");
	component = path + *at;
	*length = strcspn(component, "/");
	*at += *length;
	return component;
}

/* Appends PATH to OUT with one slash before each component. */
static void add_path(struct lc_strbuf *out, const char *path)
{
	size_t at = 0, length;
	const char *component;

	for (component = next_component(path, &at, &length); length; component = next_component(path, &at, &length))
		lc_strbuf_addf(out, "/%.*s", (int)length, component);
}

/* "/a.slice/a-b.slice" for "a-b.slice": systemd.slice(5). */
static void add_slice(struct lc_strbuf *out, const char *slice)
{
	const char *suffix = strstr(slice, ".slice");
	size_t length = suffix ? (size_t)(suffix - slice) : strlen(slice);

	if (length == 1 && *slice == '-')
		return;
	for (size_t i = 1; i < length; i++) {
		if (slice[i] == '-')
			lc_strbuf_addf(out, "/%.*s.slice", (int)i, slice);
	}
	lc_strbuf_addf(out, "/%.*s.slice", (int)length, slice);
}

/* Whether CGROUPS is for systemd, "slice:prefix:name", the three LENGTHS of which are filled. */
static bool is_for_systemd(const char *cgroups, size_t lengths[3])
{
	for (size_t i = 0; i < 3; i++) {
		lengths[i] = strcspn(cgroups, ":");
		cgroups += lengths[i];
		if (*cgroups != (i < 2 ? ':' : '\0'))
			return false;
		cgroups += i < 2;
	}
	return lengths[2] > 0;
}

/* The path of the unit that systemd makes for CGROUPS. */
static void add_unit(struct lc_strbuf *out, const char *cgroups, const size_t lengths[3])
{
	const char *prefix = cgroups + lengths[0] + 1;
	const char *name = prefix + lengths[1] + 1;
	char *slice = lengths[0] ? strndup(cgroups, lengths[0]) : strdup("system.slice");

	out->failed |= !slice;
	if (slice)
		add_slice(out, slice);
	free(slice);
	if (lengths[1])
		lc_strbuf_addf(out, "/%.*s-%s.scope", (int)lengths[1], prefix, name);
	else
		lc_strbuf_addf(out, "/%s.scope", name);
}

static bool path_ends_with(const char *path, const char *end)
{
	size_t length = strlen(path), end_length = strlen(end);

	return length >= end_length && strcmp(path + length - end_length, end) == 0;
}

enum lc_bundle_match lc_bundle_match(const json_t *config, const char *id, const char *path)
{
	const char *cgroups = json_string_value(json_object_get(json_object_get(config, "linux"), "cgroupsPath"));
	_cleanup_(lc_strbuf_free) struct lc_strbuf expected = {0};
	const char *leaf = strrchr(path, '/');
	bool is_whole = cgroups && *cgroups == '/';
	size_t lengths[3];

	if (!cgroups || !*cgroups)
		cgroups = id;
	/* The cgroupfs driver takes what is meant for systemd as it stands. */
	if (strchr(cgroups, ':') && leaf && strcmp(leaf + 1, cgroups) == 0)
		return LC_BUNDLE_EXACT;
	if (is_for_systemd(cgroups, lengths)) {
		add_unit(&expected, cgroups, lengths);
		is_whole = true;
	} else {
		add_path(&expected, cgroups);
	}
	if (expected.failed || !expected.text || !path_ends_with(path, expected.text))
		return LC_BUNDLE_ELSEWHERE;
	/* A relative path begins at the runtime's own cgroup, which is not known any more. */
	return !is_whole || strlen(path) == expected.length ? LC_BUNDLE_EXACT : LC_BUNDLE_WITHIN;
}

/* Whether CONFIG, of a bundle of OWNER's, is that of TARGET's cgroup. */
static bool is_targets(const struct lc_target *target, const json_t *config, uid_t owner)
{
	enum lc_bundle_match match;

	if (!target->cgroup)
		return true;
	match = lc_bundle_match(config, target->id, target->cgroup);
	return match == LC_BUNDLE_EXACT || (owner && match == LC_BUNDLE_WITHIN);
}

/* Fills TARGET from CONFIG of OWNER's, which is taken over; NULL: there is none. */
static int fill_from(struct lc_target *target, json_t *config, uid_t owner)
{
	int ret = -EXDEV;

	if (!config)
		return -ENOENT;
	if (is_targets(target, config, owner)) {
		fill_granted(target, config);
		ret = fill_user(target, config);
		if (ret == 0)
			ret = fill_annotations(target, config, owner);
	}
	json_decref(config);
	return ret;
}

int lc_bundle_fill(struct lc_target *target, const char *root)
{
	if (!lc_container_id_valid(target->id))
		return -EINVAL;
	return fill_from(target, find_config(target->id, root), 0);
}

int lc_bundle_fill_from(struct lc_target *target, const char *directory, uid_t owner, struct lc_reader *reader)
{
	struct lc_strbuf path = {0};
	int ret;

	lc_strbuf_addf(&path, "%s/config.json", directory);
	ret = path.failed ? -ENOMEM : fill_from(target, lc_bundle_load(path.text, owner, reader), owner);
	lc_strbuf_free(&path);
	return ret;
}
