/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a container's configuration to the five sets of its first process, as engine, runtime and execve make them. */
#include "engine_private.h"

#include <leastcap/capset.h>
#include <leastcap/message.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What a request is read with. */
struct reading {
	const struct lc_engine_request *request;
	const struct lc_engine_rules *rules;
	uint64_t version;
	uint64_t known; /* every capability that the engine knows and the kernel has */
	char **message;
};

/* Sets *MESSAGE to the names in SET between BEFORE and AFTER. Returns -EINVAL. */
static int refuse_set(char **message, const char *before, uint64_t set, const char *after)
{
	struct lc_strbuf text = {0};

	lc_strbuf_adds(&text, before);
	lc_cap_add_names(&text, set);
	lc_strbuf_adds(&text, after);
	free(*message);
	*message = lc_strbuf_steal(&text);
	return -EINVAL;
}

/* Reads NAME, an entry of a list. ALL sets *ALL; a capability is added to *SET, or to *IGNORED where the engine passes over it. */
static int read_name(const struct reading *reading, const char *name, uint64_t *set, bool *all, uint64_t *ignored)
{
	const struct lc_engine_rules *rules = reading->rules;
	bool prefixed = strncasecmp(name, "CAP_", 4) == 0;
	uint64_t mask;
	int r = lc_engine_read_capability(name, &mask, reading->message);

	if (r)
		return *reading->message ? r : -ENOMEM;
	if (strcasecmp(name, "ALL") == 0) {
		*all = true;
		return 0;
	}
	if (prefixed && lc_version_in(&rules->refuses_prefix, reading->version))
		return lc_complain(reading->message, -EINVAL,
			"this version of %s takes names without 'CAP_': write %s, not %s", rules->name, name + 4, name);
	if (lc_version_in(&rules->knows_to_audit_read, reading->version) && mask > LC_CAP_BIT(CAP_AUDIT_READ))
		return lc_complain(
			reading->message, -EINVAL, "%s before 23.0 does not know the capability %s", rules->name, name);
	if (prefixed && rules->doubles_prefix)
		*ignored |= mask;
	else
		*set |= mask;
	return 0;
}

static int read_lists(const struct reading *reading, struct lc_engine_lists *lists)
{
	const struct lc_engine_request *request = reading->request;
	int r = 0;

	for (size_t i = 0; !r && i < request->n_add; i++)
		r = read_name(reading, request->add[i], &lists->add, &lists->add_all, &lists->ignored);
	for (size_t i = 0; !r && i < request->n_drop; i++)
		r = read_name(reading, request->drop[i], &lists->drop, &lists->drop_all, &lists->ignored);
	return r;
}

/* What the two lists make of the default list. */
static uint64_t combine(const struct reading *reading, const struct lc_engine_lists *lists)
{
	uint64_t set = lc_engine_default_list(reading->rules, reading->version);

	if (reading->rules->drops_last) {
		if (lists->drop_all)
			set = 0;
		else if (lists->add_all)
			set = reading->known;
		return (set | lists->add) & ~lists->drop;
	}
	if (lists->drop_all && lc_version_in(&reading->rules->drop_all_wins, reading->version))
		return lists->add;
	if (lists->add_all)
		return lists->drop_all ? reading->known : reading->known & ~lists->drop;
	return lists->drop_all ? lists->add : (set & ~lists->drop) | lists->add;
}

/* What is both added and dropped by name. Next to ALL on one side, names on the other contradict nothing. */
static uint64_t find_contradicted(const struct lc_engine_rules *rules, const struct lc_engine_lists *lists)
{
	if (!rules->drops_last && (lists->add_all || lists->drop_all))
		return 0;
	return lists->add & lists->drop;
}

static int check_contradiction(
	const struct reading *reading, const struct lc_engine_lists *lists, uint64_t contradicted)
{
	if (!reading->rules->refuses_contradiction || reading->request->privileged)
		return 0;
	if (lists->add_all && lists->drop_all)
		return lc_complain(
			reading->message, -EINVAL, "%s refuses to add ALL and drop ALL", reading->rules->name);
	if (contradicted)
		return refuse_set(reading->message, "podman refuses to both add and drop ", contradicted, "");
	return 0;
}

/* Finds the bounding set, or says what keeps the container from starting. */
static int find_bounding(const struct reading *reading, const struct lc_engine_lists *lists, uint64_t *bounding)
{
	uint64_t available = reading->request->available ? reading->request->available : lc_cap_all();

	*bounding = reading->request->privileged ? reading->known : combine(reading, lists);
	if (reading->rules->leaves_out_unavailable)
		*bounding &= available;
	if (*bounding & ~available)
		return refuse_set(reading->message, "the container does not start: ", *bounding & ~available,
			" can't be given here, by this kernel or to an engine that does not have it");
	return 0;
}

/*
 * What a user who is not root holds: nothing, except as ambient capabilities. Podman takes them from what is added
 * alone: the runtime fails on those that are not in the bounding set.
 */
static int find_ambient(
	const struct reading *reading, const struct lc_engine_lists *lists, struct lc_engine_grant *grant)
{
	const struct lc_engine_request *request = reading->request;
	uint64_t available = request->available ? request->available : lc_cap_all();

	if (request->privileged && reading->rules->privileged_is_ambient)
		grant->ambient = grant->bounding;
	else if (request->ordinary_user && reading->rules->adds_are_ambient)
		grant->ambient = (lists->add_all ? reading->known : lists->add) & available;
	if (grant->ambient & ~grant->bounding)
		return refuse_set(reading->message, "the container does not start: --cap-add ALL gives ",
			grant->ambient & ~grant->bounding,
			" to a user other than root as ambient, and --cap-drop takes it out of the bounding set");
	return 0;
}

static bool fills_inheritable(const struct reading *reading)
{
	for (size_t i = 0; i < LC_ENGINE_SPANS; i++) {
		if (lc_version_in(&reading->rules->fills_inheritable[i], reading->version))
			return true;
	}
	return false;
}

/* The sets that the runtime gives, and what execve makes of them: capabilities(7), "Transformation of capabilities". */
static int find_sets(const struct reading *reading, const struct lc_engine_lists *lists, struct lc_engine_grant *grant)
{
	const struct lc_engine_request *request = reading->request;
	int r = find_bounding(reading, lists, &grant->bounding);

	if (!r)
		r = find_ambient(reading, lists, grant);
	if (r)
		return r;
	grant->inheritable = grant->ambient;
	if (fills_inheritable(reading) && !(reading->rules->adds_are_ambient && request->ordinary_user))
		grant->inheritable |= grant->bounding;
	grant->permitted = request->ordinary_user ? grant->ambient : grant->bounding | grant->inheritable;
	grant->effective = grant->permitted;
	return 0;
}

/* Every capability that the engine knows and has itself. */
static uint64_t find_known(const struct reading *reading)
{
	uint64_t known = lc_cap_all();

	if (lc_version_in(&reading->rules->knows_to_audit_read, reading->version))
		return known & (LC_CAP_BIT(CAP_AUDIT_READ + 1) - 1);
	return reading->request->available ? known & reading->request->available : known;
}

int lc_engine_grant(const struct lc_engine_request *request, struct lc_engine_grant *grant, char **message)
{
	struct reading reading = {.request = request, .rules = lc_engine_rules(request->engine), .message = message};
	struct lc_engine_lists lists = {0};
	struct lc_engine_grant made = {0};
	int r;

	*message = NULL;
	if (!reading.rules)
		return lc_complain(message, -EINVAL, "%d is no engine", (int)request->engine);
	if (lc_version_read(request->version, &reading.version))
		return lc_complain(message, -EINVAL, "'%s' is no version of %s", request->version, reading.rules->name);
	reading.known = find_known(&reading);
	r = read_lists(&reading, &lists);
	if (r)
		return r;
	made.ignored = lists.ignored;
	made.contradicted = find_contradicted(reading.rules, &lists);
	r = check_contradiction(&reading, &lists, made.contradicted);
	if (!r)
		r = find_sets(&reading, &lists, &made);
	if (r)
		return r;
	lc_engine_add_notes(&made, request, &lists, reading.version);
	*grant = made;
	return 0;
}

uint64_t lc_engine_granted(enum lc_engine engine, bool privileged, const struct lc_engine_lists *lists)
{
	const struct reading reading = {
		.rules = lc_engine_rules(engine), .version = LC_ENGINE_NEWEST, .known = UINT64_MAX};

	return privileged ? reading.known : combine(&reading, lists);
}
