/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads an OCI bundle's config.json: user, bounding set and the annotations that name the container. */
#include "src/identity/bundle.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/facts.h>
#include <leastcap/identity.h>
#include <leastcap/path.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#define ID_LENGTH 64

/* Where the engines keep bundles, each a directory: BEFORE, the id, AFTER. */
static const struct place {
	const char *before;
	const char *after;
} places[] = {
	/* containerd; Docker Engine on the system's containerd, Kubernetes, nerdctl */
	{"/run/containerd/io.containerd.runtime.v2.task/moby/", ""},
	{"/run/containerd/io.containerd.runtime.v2.task/k8s.io/", ""},
	{"/run/containerd/io.containerd.runtime.v2.task/default/", ""},
	{"/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/", ""},
	{"/run/containerd/io.containerd.runtime.v1.linux/moby/", ""},
	/* Docker Engine with a containerd of its own; /var/run may be a directory of its own too */
	{"/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/", ""},
	{"/var/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/", ""},
	/* podman and cri-o */
	{"/var/lib/containers/storage/overlay-containers/", "/userdata"},
	{"/run/containers/storage/overlay-containers/", "/userdata"},
	{"/var/run/containers/storage/overlay-containers/", "/userdata"},
	{"/var/lib/containers/storage/vfs-containers/", "/userdata"},
	{"/run/containers/storage/vfs-containers/", "/userdata"},
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

/* Files beside a bundle's config.json that name its runtime, where that is not the default: containerd's shim, and what runs below that. */
static const char *const runtime_files[] = {
	"shim-binary-path", /* containerd, core/runtime/v2/binary.go: since 1.6 */
	"runtime",          /* containerd, cmd/containerd-shim-runc-v2/runc/container.go */
};

/* Annotations that name the runtime class. */
static const char *const runtime_annotations[] = {
	"io.containerd.cri.runtime-handler",  /* containerd's CRI plug-in */
	"io.kubernetes.cri-o.RuntimeHandler", /* cri-o */
};

#define RUNTIME_NAME_MAX 4096

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

/* A bundle's config.json, where it was found, and whose it is. READER is as for lc_bundle_load. */
struct bundle {
	json_t *config;
	struct lc_strbuf directory;
	uid_t owner;
	struct lc_reader *reader;
};

static void clear_bundle(struct bundle *bundle)
{
	json_decref(bundle->config);
	lc_strbuf_free(&bundle->directory);
}

/* Loads config.json in the directory of BUNDLE. 0, -ENOENT when there is none that can be trusted and read, or -ENOMEM. */
static int load(struct bundle *bundle)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};

	lc_strbuf_addf(&path, "%s/config.json", bundle->directory.text);
	if (path.failed || bundle->directory.failed)
		return -ENOMEM;
	bundle->config = lc_bundle_load(path.text, bundle->owner, bundle->reader);
	return bundle->config ? 0 : -ENOENT;
}

/* Loads root's bundle of container ID to BUNDLE. As load. */
static int find(struct bundle *bundle, const char *id, const char *root)
{
	int r = -ENOENT;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && r == -ENOENT; i++) {
		lc_strbuf_free(&bundle->directory);
		lc_strbuf_addf(&bundle->directory, "%s%s%s%s", root, places[i].before, id, places[i].after);
		r = load(bundle);
	}
	return r;
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

/* What the runtime was told to have the container confined as, which it has with the first program. */
static int fill_label(struct lc_target *target, const json_t *config)
{
	const json_t *process = json_object_get(config, "process");
	const char *profile = json_string_value(json_object_get(process, "apparmorProfile"));
	const char *label = json_string_value(json_object_get(process, "selinuxLabel"));

	if (target->label || !profile || !*profile || strcmp(profile, "unconfined") == 0)
		return lc_bundle_fill_string(&target->label, label);
	if (asprintf(&target->label, "%s (enforce)", profile) >= 0)
		return 0;
	target->label = NULL;
	return -ENOMEM;
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

/* What engines mount into every container by themselves. */
static const char *const own_mounts[] = {
	"/dev",
	"/etc/hostname",
	"/etc/hosts",
	"/etc/resolv.conf",
	"/proc",
	"/run/.containerenv",
	"/run/secrets",
	"/sys",
	"/var/run/secrets",
};

/* Whether DESTINATION is, or lies in, what an engine mounts by itself. */
static bool is_own_mount(const char *destination)
{
	for (size_t i = 0; i < sizeof(own_mounts) / sizeof(own_mounts[0]); i++) {
		if (lc_path_lies_in(destination, own_mounts[i]))
			return true;
	}
	return false;
}

/* Adds the volumes and directories of the host that CONFIG mounts. 0 or -ENOMEM. */
static int fill_volumes(struct lc_target *target, const json_t *config)
{
	const json_t *mounts = json_object_get(config, "mounts"), *mount;
	int r = 0;
	size_t i;

	json_array_foreach(mounts, i, mount)
	{
		const char *type = json_string_value(json_object_get(mount, "type"));
		const char *destination = json_string_value(json_object_get(mount, "destination"));

		if (!r && type && strcmp(type, "bind") == 0 && destination && destination[0] == '/' && destination[1] &&
			!is_own_mount(destination))
			r = lc_volumes_add(&target->volumes, destination);
	}
	return r;
}

int lc_bundle_fill_runtime(struct lc_target *target, const char *runtime)
{
	return lc_bundle_fill_string(&target->sandbox, lc_runtime_with_kernel(runtime));
}

/* Fills TARGET's sandbox from the file NAME beside the config.json of BUNDLE. 0, also when there is no such file, or -ENOMEM. */
static int fill_from_runtime_file(struct lc_target *target, const struct bundle *bundle, const char *name)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	_cleanup_free_ char *text = NULL;
	struct lc_file_to_read wanted = {.user = bundle->owner, .owner = bundle->owner, .limit = RUNTIME_NAME_MAX};
	size_t length;

	lc_strbuf_addf(&path, "%s/%s", bundle->directory.text, name);
	if (path.failed)
		return -ENOMEM;
	wanted.path = path.text;
	if (lc_reader_read(bundle->reader, &wanted, &text, &length))
		return 0;
	text[strcspn(text, "\n")] = '\0';
	return lc_bundle_fill_runtime(target, text);
}

/* Fills TARGET's sandbox, if its runtime is one. 0 or -ENOMEM. */
static int fill_sandbox(struct lc_target *target, const struct bundle *bundle)
{
	const json_t *all = json_object_get(bundle->config, "annotations");
	bool named = names_anything(all, bundle->owner);
	int r = 0;

	for (size_t i = 0; !r && i < sizeof(runtime_files) / sizeof(runtime_files[0]); i++)
		r = fill_from_runtime_file(target, bundle, runtime_files[i]);
	for (size_t i = 0; named && !r && i < sizeof(runtime_annotations) / sizeof(runtime_annotations[0]); i++)
		r = lc_bundle_fill_runtime(target, json_string_value(json_object_get(all, runtime_annotations[i])));
	return r;
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

/* Whether BUNDLE is that of TARGET's cgroup. */
static bool is_targets(const struct lc_target *target, const struct bundle *bundle)
{
	enum lc_bundle_match match;

	if (!target->cgroup)
		return true;
	match = lc_bundle_match(bundle->config, target->id, target->cgroup);
	return match == LC_BUNDLE_EXACT || (bundle->owner && match == LC_BUNDLE_WITHIN);
}

/* Fills TARGET from BUNDLE, which is loaded. 0, -EXDEV or -ENOMEM. */
static int fill_from(struct lc_target *target, const struct bundle *bundle)
{
	int r;

	if (!is_targets(target, bundle))
		return -EXDEV;
	fill_granted(target, bundle->config);
	r = fill_user(target, bundle->config);
	if (!r)
		r = fill_label(target, bundle->config);
	if (!r)
		r = fill_volumes(target, bundle->config);
	if (!r)
		r = fill_annotations(target, bundle->config, bundle->owner);
	return r ? r : fill_sandbox(target, bundle);
}

int lc_bundle_fill(struct lc_target *target, const char *root)
{
	_cleanup_(clear_bundle) struct bundle bundle = {0};
	int r;

	if (!lc_container_id_valid(target->id))
		return -EINVAL;
	r = find(&bundle, target->id, root);
	return r ? r : fill_from(target, &bundle);
}

int lc_bundle_fill_from(struct lc_target *target, const char *directory, uid_t owner, struct lc_reader *reader)
{
	_cleanup_(clear_bundle) struct bundle bundle = {.owner = owner, .reader = reader};
	int r;

	lc_strbuf_adds(&bundle.directory, directory);
	r = load(&bundle);
	return r ? r : fill_from(target, &bundle);
}

int lc_identity_fill_from_bundle(struct lc_target *target, const char *directory)
{
	return lc_bundle_fill_from(target, directory, 0, NULL);
}
