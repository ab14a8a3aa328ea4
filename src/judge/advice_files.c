/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Advice on files and ports: what to change so that the kernel need not ask for a capability. */
#include "advice.h"
#include "phrases.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/syscalls.h>

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* How many files a sentence names. */
#define LC_NAMED_FILES 3
/* How many ports. */
#define LC_NAMED_PORTS 8

#define LC_DAC (LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_DAC_READ_SEARCH))

/* The verb of CHECK's call. NULL when the call has none, or when the capability says more. */
static const char *verb_of(const struct lc_check *check)
{
	static const uint64_t no_arguments[LC_CALL_ARGUMENTS];
	const struct lc_syscall *call = lc_syscall_named(check->syscall);

	if (!call || !(LC_DAC & LC_CAP_BIT(check->cap)))
		return call ? call->verb : NULL;
	/* A directory was on the way to the file, and nothing was done to it. */
	if (S_ISDIR(check->object.mode))
		return NULL;
	if (lc_syscall_is_about_file(call) && lc_syscall_access(call, no_arguments) != LC_ACCESS_EXECUTE)
		return NULL;
	return call->verb;
}

/*
 * What was done to CHECK's file. Where the call has no verb the capability tells: for reading and searching DAC_READ_SEARCH is asked for first
 * (generic_permission in fs/namei.c).
 */
static const char *done_to(const struct lc_check *check)
{
	const char *verb = check->cap == CAP_CHOWN ? "chowned" : verb_of(check);

	if (verb)
		return verb;
	if (check->cap == CAP_FOWNER)
		return "used";
	if (check->cap == CAP_DAC_OVERRIDE && !check->chained)
		return "written";
	return S_ISDIR(check->object.mode) ? "searched" : "read";
}

/* Where the files of a need lie. */
struct places {
	bool outside;       /* one lies in no volume */
	const char *volume; /* the first one that lies in one; NULL: none does */
};

/* Notes where PATH of TARGET's lies. */
static void note_place(struct places *places, const struct lc_target *target, const char *path)
{
	const char *volume = lc_volumes_around(&target->volumes, path);

	places->outside |= !volume;
	places->volume = places->volume ? places->volume : volume;
}

/* "/var/log/nginx is www-data:adm 0755, written by uid 0", or what of that is known. */
static void add_file(struct lc_phrases *files, const struct lc_decision *decision)
{
	const struct lc_check *check = decision->check;
	const struct lc_object *object = &check->object;
	struct lc_strbuf phrase = {0};

	if (object->path) {
		lc_strbuf_addf(&phrase, "%s is ", object->path);
		lc_strbuf_adds(&phrase, object->owner);
		lc_strbuf_addf(&phrase, "%s%04o, ", object->owner ? " " : "", (unsigned int)(object->mode & 07777));
	} else {
		lc_strbuf_addf(&phrase, "%s is ", check->about);
	}
	lc_strbuf_addf(&phrase, "%s%s", decision->denied ? "to be " : "", done_to(check));
	lc_advice_add_user(&phrase, " by ", check->user);
	lc_phrases_add(files, &phrase, check->count);
}

/* The length of the user's name in OWNER ("www-data:adm"). */
static size_t user_length(const char *owner)
{
	return strcspn(owner, ":");
}

/* Whether A and B name the same user. False where one of them is not known. */
static bool same_user(const char *a, const char *b)
{
	return a && b && user_length(a) == user_length(b) && strncmp(a, b, user_length(a)) == 0;
}

/* The owner that all of NEED's files have, or NULL. */
static const char *common_owner(const struct lc_need *need)
{
	const struct lc_decision *decision;
	const char *owner = NULL;
	size_t cursor = 0;

	while ((decision = lc_need_next(need, &cursor))) {
		const struct lc_object *object = &decision->check->object;

		if (!object->path)
			continue;
		if (!object->owner || (owner && !same_user(owner, object->owner)))
			return NULL;
		owner = object->owner;
	}
	return owner;
}

/* " in the image", " once in the volume /data", or in both: where the files of NEED can be changed. */
static void add_place(struct lc_strbuf *out, const struct lc_need *need, const struct places *places)
{
	if (places->volume)
		lc_strbuf_addf(out, " once in the volume %s%s", places->volume, places->outside ? ", else" : "");
	if (need->target->kind == LC_TARGET_CONTAINER && places->outside)
		lc_strbuf_adds(out, " in the image");
}

void lc_advice_on_files(struct lc_strbuf *out, const struct lc_need *need)
{
	const char *owner = common_owner(need);
	const struct lc_decision *decision;
	struct lc_phrases files = {0};
	struct places places = {0};
	size_t cursor = 0;

	if (!((LC_DAC | LC_CAP_BIT(CAP_FOWNER)) & LC_CAP_BIT(need->cap)))
		return;
	while ((decision = lc_need_next(need, &cursor))) {
		if (!decision->check->object.path)
			continue;
		note_place(&places, need->target, decision->check->object.path);
		add_file(&files, decision);
	}
	lc_phrases_settle(&files);
	if (files.n) {
		lc_strbuf_adds(out, " ");
		lc_phrases_list(out, &files, "; ", LC_NAMED_FILES);
		lc_strbuf_addf(out, ": change %s", files.n > 1 ? "their owners or modes" : "its owner or mode");
		add_place(out, need, &places);
		lc_strbuf_adds(out, " (chown, chmod)");
		if (owner && !lc_user_is_root(owner))
			lc_strbuf_addf(out, ", or run the program as %s%.*s",
				owner[strspn(owner, "0123456789")] == ':' ? "uid " : "", (int)user_length(owner),
				owner);
		lc_strbuf_adds(out, ".");
	}
	out->failed |= files.failed;
	lc_phrases_free(&files);
}

/* Whether PATH is mounted or made anew when a container starts, so that no image can set its owner. */
static bool is_made_at_run_time(const char *path)
{
	static const char *const places[] = {"/dev/", "/proc/", "/run/", "/sys/", "/tmp/", "/var/run/"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!strncmp(path, places[i], strlen(places[i])))
			return true;
	}
	return false;
}

static const char *chown_instead(const struct lc_need *need, bool in_image, const struct places *places)
{
	if (need->target->kind != LC_TARGET_CONTAINER)
		return ": do it once, when the program is installed.";
	if (places->volume && !places->outside)
		return ": do it once, when the volume is made, from a container that may.";
	return in_image ? ": do it when the image is built (COPY --chown=…, RUN chown)."
			: ": made while it runs, so that only its maker's being the owner from the start would do.";
}

void lc_advice_on_chown(struct lc_strbuf *out, const struct lc_need *need)
{
	const struct lc_decision *decision;
	struct lc_phrases files = {0};
	struct places places = {0};
	bool in_image = false;
	size_t cursor = 0;

	if (need->cap != CAP_CHOWN)
		return;
	while ((decision = lc_need_next(need, &cursor))) {
		const struct lc_check *check = decision->check;
		const char *path = check->object.path ? check->object.path : check->about;

		if (check->source != LC_SOURCE_CHECK || !path || !*path)
			continue;
		in_image |= !is_made_at_run_time(path);
		note_place(&places, need->target, path);
		add_file(&files, decision);
	}
	lc_phrases_settle(&files);
	if (files.n) {
		lc_strbuf_adds(out, " ");
		lc_phrases_list(out, &files, "; ", LC_NAMED_FILES);
		lc_strbuf_adds(out, chown_instead(need, in_image, &places));
	}
	out->failed |= files.failed;
	lc_phrases_free(&files);
}

/* The port of "0.0.0.0:80" or "[::]:80" if it is a privileged one, or 0. */
static int privileged_port(const char *address)
{
	const char *digits = address ? strrchr(address, ':') : NULL;
	char *end;
	long port;

	if (!digits || digits[1] < '1' || digits[1] > '9')
		return 0;
	port = strtol(digits + 1, &end, 10);
	return !*end && port < 1024 ? (int)port : 0;
}

static void add_port_advice(struct lc_strbuf *out, bool is_container, const struct lc_phrases *ports, int lowest)
{
	lc_strbuf_addf(out, " It binds port%s ", ports->n > 1 ? "s" : "");
	lc_phrases_list(out, ports, ", ", LC_NAMED_PORTS);
	if (is_container)
		lc_strbuf_addf(out,
			": give --sysctl net.ipv4.ip_unprivileged_port_start=%d instead (Docker sets it to 0 by itself since 20.10; not with the host's network), or let it listen on a port from 1024 up (-p %d:%d).",
			lowest, lowest, lowest + 8000);
	else
		lc_strbuf_addf(out,
			": set the sysctl net.ipv4.ip_unprivileged_port_start to %d instead, or let it listen on a port from 1024 up.",
			lowest);
}

void lc_advice_on_ports(struct lc_strbuf *out, const struct lc_need *need)
{
	const struct lc_decision *decision;
	struct lc_phrases ports = {0};
	size_t cursor = 0;
	int lowest = 0;

	if (need->cap != CAP_NET_BIND_SERVICE)
		return;
	while ((decision = lc_need_next(need, &cursor))) {
		int port = privileged_port(decision->check->about);
		struct lc_strbuf phrase = {0};

		if (!port)
			continue;
		if (!lowest || port < lowest)
			lowest = port;
		lc_strbuf_addf(&phrase, "%d", port);
		lc_phrases_add(&ports, &phrase, decision->check->count);
	}
	lc_phrases_settle(&ports);
	if (ports.n)
		add_port_advice(out, need->target->kind == LC_TARGET_CONTAINER, &ports, lowest);
	out->failed |= ports.failed;
	lc_phrases_free(&ports);
}
