/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads what `systemctl show` prints of a service: whose it is, what it may have, and its commands with +. */
#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/clock.h>
#include <leastcap/unit.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The settings with commands, and whether nothing else of the unit runs while one of them does. */
static const struct {
	const char *name;
	bool alone;
} settings[] = {
	{"ExecConditionEx", true},
	{"ExecStartPreEx", true},
	{"ExecStartPostEx", false},
	{"ExecReloadEx", false},
	{"ExecStopEx", false},
	{"ExecStopPostEx", true},
};

/* What user and group are, as the two ways to tell them. */
struct names {
	const char *user, *group, *uid, *gid;
	bool dynamic;
};

/* The value of LINE ("User=www-data"), if that is KEY's; else NULL. */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);

	return strncmp(line, key, length) == 0 && line[length] == '=' ? line + length + 1 : NULL;
}

/* The time after KEY ("start_time=[") in TEXT, "Tue 2026-12-01 00:12:58.496185 UTC", in nanoseconds since 1970; 0: there is none. */
static int64_t time_after(const char *text, const char *key)
{
	const char *at = strstr(text, key);
	struct tm tm = {0};
	int micro = 0;

	if (!at || sscanf(at + strlen(key), "%*3s %d-%d-%d %d:%d:%d.%6d UTC", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
			   &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &micro) < 6)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return timegm(&tm) * LC_NS_PER_S + micro * 1000LL;
}

/* The last place in TEXT where WORD is, or NULL: what comes before it is the command's own words. */
static const char *find_last(const char *text, const char *word)
{
	const char *found = NULL;

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		found = at;
	return found;
}

/* Whether the command in VALUE, "{ path=/bin/sh ; argv[]=… ; flags=privileged ; …", has a +. *REST is what follows its words. */
static bool is_privileged(const char *value, const char **rest)
{
	size_t length;

	*rest = find_last(value, " ; flags=");
	if (!*rest)
		return false;
	*rest += strlen(" ; flags=");
	length = strcspn(*rest, ";");
	return memmem(*rest, length, "privileged", strlen("privileged")) != NULL;
}

/* Adds the command in VALUE to UNIT if it has a +. 0 or -ENOMEM. */
static int add_command(struct lc_unit *unit, const char *value, bool alone)
{
	static const char before[] = "{ path=";
	struct lc_unit_command *grown, command = {.alone = alone};
	const char *rest;

	if (!is_privileged(value, &rest) || strncmp(value, before, strlen(before)) != 0)
		return 0;
	value += strlen(before);
	command.path = strndup(value, strcspn(value, " "));
	command.begun_ns = time_after(rest, "start_time=[");
	command.ended_ns = time_after(rest, "stop_time=[");
	grown = command.path ? lc_array_grow(unit->commands, unit->n_commands, sizeof(*grown)) : NULL;
	if (!grown) {
		free(command.path);
		return -ENOMEM;
	}
	unit->commands = grown;
	unit->commands[unit->n_commands++] = command;
	return 0;
}

/* The capabilities in VALUE, "cap_chown cap_kill". */
static uint64_t capabilities_in(char *value)
{
	uint64_t caps = 0;
	char *rest = NULL;

	for (char *word = strtok_r(value, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		int cap = lc_cap_from_name(word);

		caps |= cap >= 0 ? LC_CAP_BIT(cap) : 0;
	}
	return caps;
}

/* Takes what LINE says of user and group. */
static void take_name(const char *line, struct names *names)
{
	const struct {
		const char *key;
		const char **into;
	} keys[] = {{"User", &names->user}, {"Group", &names->group}, {"UID", &names->uid}, {"GID", &names->gid}};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = value_of(line, keys[i].key);

		/* "[not set]" */
		if (value && *value && *value != '[')
			*keys[i].into = value;
	}
	names->dynamic |= strcmp(line, "DynamicUser=yes") == 0;
}

/* Sets UNIT's user from NAMES. The numbers are known while it runs. 0 or -ENOMEM. */
static int set_user(struct lc_unit *unit, const struct names *names)
{
	const char *user = names->uid ? names->uid : names->user, *group = names->uid ? names->gid : names->group;
	char *text;

	if (!user && names->dynamic)
		user = "dynamic";
	/* Those that were known while it ran stay. */
	if (!user || (unit->user && !names->uid))
		return 0;
	if (asprintf(&text, "%s:%s", user, group ? group : user) < 0)
		return -ENOMEM;
	free(unit->user);
	unit->user = text;
	return 0;
}

/* Takes what LINE says of UNIT itself. 0 or -ENOMEM. */
static int take_line(struct lc_unit *unit, char *line)
{
	const char *value = value_of(line, "PrivateUsers"), *rest;
	int r = 0;

	if (value)
		unit->own_users = *value && strcmp(value, "no") != 0;
	value = value_of(line, "CapabilityBoundingSet");
	if (value)
		unit->bounding = capabilities_in((char *)value);
	value = value_of(line, "ExecStartEx");
	if (value)
		unit->unlimited |= is_privileged(value, &rest);
	for (size_t i = 0; !r && i < sizeof(settings) / sizeof(settings[0]); i++) {
		value = value_of(line, settings[i].name);
		if (value)
			r = add_command(unit, value, settings[i].alone);
	}
	return r;
}

/* Forgets UNIT's commands. */
static void forget_commands(struct lc_unit *unit)
{
	for (size_t i = 0; i < unit->n_commands; i++)
		free(unit->commands[i].path);
	free(unit->commands);
	unit->commands = NULL;
	unit->n_commands = 0;
}

int lc_unit_take(struct lc_unit *unit, char *text)
{
	struct names names = {0};
	char *rest = NULL;
	int r = 0;

	forget_commands(unit);
	for (char *line = strtok_r(text, "\n", &rest); !r && line; line = strtok_r(NULL, "\n", &rest)) {
		take_name(line, &names);
		r = take_line(unit, line);
	}
	return r ? r : set_user(unit, &names);
}

void lc_unit_clear(struct lc_unit *unit)
{
	forget_commands(unit);
	free(unit->service);
	free(unit->socket);
	free(unit->cgroup);
	free(unit->user);
	*unit = (struct lc_unit){0};
}
