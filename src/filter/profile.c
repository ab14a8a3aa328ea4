/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a seccomp profile, in the form that Docker takes, says of one system call. */
#include <leastcap/filter.h>

#include <leastcap/capset.h>
#include <leastcap/json.h>

#include <errno.h>
#include <string.h>

/* seccomp_rule_add(3), as profiles spell it */
static const char *const actions[] = {
	"SCMP_ACT_ALLOW",
	"SCMP_ACT_LOG",
	"SCMP_ACT_ERRNO",
	"SCMP_ACT_TRAP",
	"SCMP_ACT_KILL",
	"SCMP_ACT_KILL_THREAD",
	"SCMP_ACT_KILL_PROCESS",
	"SCMP_ACT_TRACE",
	"SCMP_ACT_NOTIFY",
};

/* The word of ACTIONS that ACTION is; NULL where it is none. */
static const char *known_action(const json_t *action)
{
	const char *word = json_string_value(action);

	for (size_t i = 0; word && i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(word, actions[i]) == 0)
			return actions[i];
	}
	return NULL;
}

static bool lets_through(const char *action)
{
	return action && (strcmp(action, "SCMP_ACT_ALLOW") == 0 || strcmp(action, "SCMP_ACT_LOG") == 0);
}

/* Whether ENTRY is about SYSCALL. Old profiles have one name in "name". */
static bool names_call(const json_t *entry, const char *syscall)
{
	const char *one = json_string_value(json_object_get(entry, "name"));
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(entry, "names"), i, name)
	{
		if (json_string_value(name) && strcmp(json_string_value(name), syscall) == 0)
			return true;
	}
	return one && strcmp(one, syscall) == 0;
}

/* The capability by which alone ENTRY is in force; -1: it needs none, or several. SEVERAL says which. */
static int condition_of(const json_t *entry, bool *several)
{
	const json_t *caps = json_object_get(json_object_get(entry, "includes"), "caps");
	const char *name = json_string_value(json_array_get(caps, 0));

	*several = json_array_size(caps) > 1;
	return json_array_size(caps) == 1 && name ? lc_cap_from_name(name) : -1;
}

/* Takes into RULE what ENTRY, the NUMBER-th of the profile, says of the call that it names. */
static void take_entry(struct lc_profile_rule *rule, const json_t *entry, size_t number)
{
	const char *action = known_action(json_object_get(entry, "action"));
	bool several;
	int cap = condition_of(entry, &several);

	if (!lets_through(action)) {
		/* One that is conditional may not be in force. */
		if (action && !rule->entry && cap < 0 && !several) {
			rule->entry = number;
			rule->action = action;
		}
		return;
	}
	if (cap >= 0)
		rule->opens |= LC_CAP_BIT(cap);
	else if (!several && json_array_size(json_object_get(entry, "args")))
		rule->arguments = number;
}

/* Whether the low half of ARGUMENT is as CONDITION, one of an entry's "args", says: seccomp_rule_add(3), enum scmp_compare. */
static bool fits(const json_t *condition, uint64_t argument)
{
	const char *op = json_string_value(json_object_get(condition, "op"));
	uint32_t value = json_integer_value(json_object_get(condition, "value"));
	uint32_t other = json_integer_value(json_object_get(condition, "valueTwo"));
	uint32_t is = argument;

	if (!op)
		return false;
	if (strcmp(op, "SCMP_CMP_EQ") == 0)
		return is == value;
	if (strcmp(op, "SCMP_CMP_NE") == 0)
		return is != value;
	if (strcmp(op, "SCMP_CMP_LT") == 0)
		return is < value;
	if (strcmp(op, "SCMP_CMP_LE") == 0)
		return is <= value;
	if (strcmp(op, "SCMP_CMP_GT") == 0)
		return is > value;
	if (strcmp(op, "SCMP_CMP_GE") == 0)
		return is >= value;
	return strcmp(op, "SCMP_CMP_MASKED_EQ") == 0 && (is & value) == other;
}

/*
 * Whether ENTRY is about a call whose argument SELECTOR is ARGUMENT. Of several conditions each has to fit; those on one argument are rules of their
 * own, any of which may (libcontainer/seccomp, matchCall). What is not known of the call fits.
 */
static bool is_about(const json_t *entry, int selector, uint64_t argument)
{
	const json_t *conditions = json_object_get(entry, "args"), *condition;
	size_t i, about_it = 0, fitting = 0;

	json_array_foreach(conditions, i, condition)
	{
		if (selector < 0 || json_integer_value(json_object_get(condition, "index")) != selector)
			continue;
		about_it++;
		fitting += fits(condition, argument);
	}
	return !about_it || fitting;
}

uint64_t lc_profile_opens(const char *profile, const char *syscall, int selector, uint64_t argument)
{
	_cleanup_json_ json_t *json = profile ? json_loads(profile, 0, NULL) : NULL;
	const json_t *entry;
	uint64_t opens = 0;
	bool several;
	size_t i;

	if (lets_through(known_action(json_object_get(json, "defaultAction"))))
		return 0;
	json_array_foreach(json_object_get(json, "syscalls"), i, entry)
	{
		int cap = condition_of(entry, &several);

		if (!syscall || several || !names_call(entry, syscall) || !is_about(entry, selector, argument) ||
			!lets_through(known_action(json_object_get(entry, "action"))))
			continue;
		if (cap < 0)
			return 0;
		opens |= LC_CAP_BIT(cap);
	}
	return opens;
}

int lc_profile_rule_find(struct lc_profile_rule *rule, const char *profile, const char *syscall)
{
	_cleanup_json_ json_t *json = json_loads(profile, 0, NULL);
	const json_t *entry;
	size_t i;

	if (!json_is_object(json))
		return -EINVAL;
	*rule = (struct lc_profile_rule){.action = known_action(json_object_get(json, "defaultAction"))};
	json_array_foreach(json_object_get(json, "syscalls"), i, entry)
	{
		if (names_call(entry, syscall))
			take_entry(rule, entry, i + 1);
	}
	return rule->action ? 0 : -EINVAL;
}
