/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads from a cgroup's path which container, service or plain cgroup it belongs to. */
#include <leastcap/host.h>

#include <stdio.h>
#include <string.h>

#define HEX_ID_LENGTH 64
/* How the kubelet's cgroups begin, with every driver. */
#define PODS "kubepods"

/* What a pattern's id looks like. */
enum id_shape {
	ID_HEX,  /* exactly 64 lower-case hex digits, as every engine's container id */
	ID_NAME, /* a machine name: anything but nothing */
	ID_NONE, /* no container, although a later pattern would say so */
};

/* How an engine names the cgroup of a container: PREFIX, the id, SUFFIX. A member that is NULL demands nothing. */
struct pattern {
	const char *prefix;
	const char *suffix;
	const char *parent; /* the component directly above */
	const char *engine;
	enum id_shape shape;
	bool infix;   /* other text may stand before the prefix */
	bool in_pods; /* only below a cgroup that begins as Kubernetes' own do */
};

/*
 * The first that matches a component says what the component is. A monitor's cgroup (crio-conmon-…, libpod-conmon-…, lxc.monitor.…) matches
 * none of them, because a monitor belongs to the host.
 */
static const struct pattern patterns[] = {
	/* the systemd cgroup driver */
	{.prefix = "docker-", .suffix = ".scope", .engine = "docker", .shape = ID_HEX},
	{.prefix = "cri-containerd-", .suffix = ".scope", .engine = "containerd", .shape = ID_HEX},
	{.prefix = "nerdctl-", .suffix = ".scope", .engine = "containerd", .shape = ID_HEX},
	{.prefix = "crio-", .suffix = ".scope", .engine = "cri-o", .shape = ID_HEX},
	{.prefix = "libpod-", .suffix = ".scope", .engine = "podman", .shape = ID_HEX},
	/* the cgroupfs driver */
	{.prefix = "crio-", .engine = "cri-o", .shape = ID_HEX},
	{.prefix = "libpod-payload-", .engine = "podman", .shape = ID_HEX}, /* podman run --cgroups=split */
	{.prefix = "libpod-", .engine = "podman", .shape = ID_HEX},
	{.parent = "docker", .engine = "docker", .shape = ID_HEX},
	{.in_pods = true, .engine = "containerd", .shape = ID_HEX},
	{.engine = NULL, .shape = ID_HEX},
	/* a "slice:prefix:id" that was meant for systemd, taken literally by the cgroupfs driver */
	{.prefix = ":cri-containerd:", .engine = "containerd", .shape = ID_HEX, .infix = true},
	{.prefix = ":docker:", .engine = "docker", .shape = ID_HEX, .infix = true},
	/* machine managers */
	{.prefix = "lxc.payload.", .engine = "lxc", .shape = ID_NAME},
	{.parent = "lxc", .engine = "lxc", .shape = ID_NAME},
	{.prefix = "machine-qemu", .suffix = ".scope", .shape = ID_NONE}, /* libvirt's virtual machines */
	{.prefix = "machine-", .suffix = ".scope", .engine = "nspawn", .shape = ID_NAME},
	{.prefix = "systemd-nspawn@", .suffix = ".service", .engine = "nspawn", .shape = ID_NAME},
};

/* LENGTH bytes of a path. */
struct slice {
	const char *text;
	size_t length;
};

static bool equals(struct slice text, const char *whole)
{
	return text.length == strlen(whole) && memcmp(text.text, whole, text.length) == 0;
}

static bool begins_with(struct slice text, const char *prefix)
{
	size_t length = strlen(prefix);

	return text.length >= length && memcmp(text.text, prefix, length) == 0;
}

static bool ends_with(struct slice text, const char *suffix)
{
	size_t length = strlen(suffix);

	return text.length >= length && memcmp(text.text + text.length - length, suffix, length) == 0;
}

/* The next component of PATH after *AT; moves *AT to its end. Empty at the end of PATH. */
static struct slice next_component(const char *path, size_t *at)
{
	struct slice component;

	*at += strspn(path + *at, "/");
	component.text = path + *at;
	component.length = strcspn(component.text, "/");
	*at += component.length;
	return component;
}

/* A component of a path, and what stands above it. */
struct component {
	struct slice text;
	struct slice parent;
	bool in_pods; /* below one that begins as Kubernetes' own do */
};

/* Moves COMPONENT on to the next of PATH after *AT, and *AT to its end. False at the end of PATH. */
static bool go_down(const char *path, size_t *at, struct component *component)
{
	component->parent = component->text;
	component->in_pods = component->in_pods || begins_with(component->text, PODS);
	component->text = next_component(path, at);
	return component->text.length > 0;
}

/* Whether COMPONENT lies where PATTERN wants it: right below its parent, somewhere below Kubernetes' own. */
static bool place_matches(const struct pattern *pattern, const struct component *component)
{
	return (!pattern->in_pods || component->in_pods) &&
	       (!pattern->parent || equals(component->parent, pattern->parent));
}

static bool id_has_shape(struct slice id, enum id_shape shape)
{
	size_t i;

	if (shape != ID_HEX)
		return id.length > 0;
	if (id.length != HEX_ID_LENGTH)
		return false;
	for (i = 0; i < id.length; i++) {
		if (!strchr("0123456789abcdef", id.text[i]))
			return false;
	}
	return true;
}

/* Whether COMPONENT is as PATTERN says; *ID is then the part of it that is the id. */
static bool pattern_matches(const struct pattern *pattern, const struct component *component, struct slice *id)
{
	size_t prefix = pattern->prefix ? strlen(pattern->prefix) : 0;
	size_t suffix = pattern->suffix ? strlen(pattern->suffix) : 0;
	struct slice text = component->text;
	size_t skipped = 0;

	if (pattern->infix && text.length > prefix + HEX_ID_LENGTH + suffix)
		skipped = text.length - prefix - HEX_ID_LENGTH - suffix;
	if (text.length < skipped + prefix + suffix)
		return false;
	*id = (struct slice){text.text + skipped + prefix, text.length - skipped - prefix - suffix};
	return (prefix == 0 || memcmp(text.text + skipped, pattern->prefix, prefix) == 0) &&
	       (suffix == 0 || ends_with(text, pattern->suffix)) && id_has_shape(*id, pattern->shape) &&
	       place_matches(pattern, component);
}

/* The pattern that makes COMPONENT a container, or NULL. */
static const struct pattern *find_container(const struct component *component, struct slice *id)
{
	size_t i;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		if (pattern_matches(&patterns[i], component, id))
			return patterns[i].shape == ID_NONE ? NULL : &patterns[i];
	}
	return NULL;
}

static bool is_service(struct slice component)
{
	return component.length > strlen(".service") && ends_with(component, ".service");
}

void lc_cgroup_name_parse(const char *path, struct lc_cgroup_name *name)
{
	const struct pattern *pattern;
	struct component component = {.text = {"", 0}, .parent = {"", 0}};
	struct slice id;
	size_t at = 0;

	*name = (struct lc_cgroup_name){.kind = LC_TARGET_CGROUP, .target_length = strlen(path)};
	while (go_down(path, &at, &component)) {
		pattern = find_container(&component, &id);
		if (pattern) {
			name->outer_length = name->kind == LC_TARGET_CONTAINER ? name->target_length : 0;
			name->kind = LC_TARGET_CONTAINER;
			name->engine = pattern->engine;
			snprintf(name->id, sizeof(name->id), "%.*s", (int)id.length, id.text);
			name->target_length = at;
		} else if (is_service(component.text) && name->kind != LC_TARGET_CONTAINER) {
			name->kind = LC_TARGET_SERVICE;
			name->target_length = at;
		}
	}
}
