/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the service that a name means, what starts it and where its cgroup is; or says why it can't be recorded. */
#include "src/unit/systemctl.h"

#include <leastcap/cleanup.h>
#include <leastcap/message.h>
#include <leastcap/path.h>
#include <leastcap/suggest.h>
#include <leastcap/unit.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* UNIT_NAME_MAX of systemd's src/basic/unit-def.h. */
#define NAME_MAX_LENGTH 255

/* How many names a suggestion is chosen from. */
#define WORDS 1024

/* VALID_CHARS_WITH_AT of its src/basic/unit-name.c. */
static const char valid[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:-_.\\@";

/* Units without processes of their own that could be recorded, and scopes, which systemd does not start. */
static const char *const others[] = {
	".timer", ".target", ".path", ".mount", ".automount", ".swap", ".slice", ".scope", ".device"};

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length > end_length && strcmp(text + length - end_length, end) == 0;
}

/* The unit's whole name of what a person typed, NAME, to *WHOLE (caller frees). 0, -EINVAL with *MESSAGE, or -ENOMEM. */
static int complete(const char *name, char **whole, char **message)
{
	const char *at = strchr(name, '@');

	if (!*name || strspn(name, valid) != strlen(name) || strlen(name) > NAME_MAX_LENGTH - strlen(".service"))
		return lc_complain(message, -EINVAL, "--unit: '%s' is no name of a unit", name);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (ends_with(name, others[i]))
			return lc_complain(message, -EINVAL,
				"--unit: %s has no commands of its own; name the service that it is about, or a socket",
				name);
	}
	if (at && (!at[1] || at[1] == '.'))
		return lc_complain(message, -EINVAL,
			"--unit: %s is a template; name one that is made of it, %.*s@NAME.service, or its socket", name,
			(int)(at - name), name);
	if (asprintf(whole, "%s%s", name, ends_with(name, ".service") || ends_with(name, ".socket") ? "" : ".service") <
		0)
		return -ENOMEM;
	return 0;
}

/* Has systemctl SHOW the PROPERTIES of unit NAME (NULL: of the manager itself) to TEXT. 0, -EINVAL with *MESSAGE, or -errno. */
static int show(const char *name, const char *properties, struct lc_strbuf *text, char **message)
{
	const char *const arguments[] = {"show", "--timestamp=us+utc", "-p", properties, "--", name, NULL};
	int r = lc_systemctl(arguments, text);

	if (r == -ENOENT)
		return lc_complain(message, -EINVAL, "--unit: systemd does not run here: there is no systemctl");
	if (r == -EIO)
		return lc_complain(message, -EINVAL, "--unit: %s", text->text);
	return r;
}

/* The value of KEY in TEXT, as `systemctl show` prints it, copied; "" where it has none; NULL when out of memory. */
static char *get(const struct lc_strbuf *text, const char *key)
{
	size_t length = strlen(key);

	for (const char *line = text->text; line && *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (strncmp(line, key, length) == 0 && line[length] == '=')
			return strndup(line + length + 1, strcspn(line + length + 1, "\n"));
	}
	return strdup("");
}

/* Whether the value of KEY in TEXT is WANTED. */
static bool has(const struct lc_strbuf *text, const char *key, const char *wanted)
{
	_cleanup_free_ char *value = get(text, key);

	return value && strcmp(value, wanted) == 0;
}

/* Says that there is no unit NAME, and which is meant perhaps. -EINVAL or -ENOMEM. */
static int refuse_unknown(const char *name, char **message)
{
	static const char *const arguments[] = {"list-unit-files", "--no-legend", "--type=service,socket", NULL};
	_cleanup_(lc_strbuf_free) struct lc_strbuf list = {0};
	const char *words[WORDS], *near;
	char *rest = NULL;
	size_t n = 0;

	if (lc_systemctl(arguments, &list))
		return lc_complain(message, -EINVAL, "--unit: there is no %s", name);
	for (char *line = list.text ? strtok_r(list.text, "\n", &rest) : NULL; line && n < WORDS;
		line = strtok_r(NULL, "\n", &rest)) {
		line[strcspn(line, " ")] = '\0';
		words[n++] = line;
	}
	near = lc_suggest(name, words, n);
	if (near)
		return lc_complain(message, -EINVAL, "--unit: there is no %s; did you mean %s?", name, near);
	return lc_complain(
		message, -EINVAL, "--unit: there is no %s; 'systemctl list-units' shows what there is", name);
}

/* Whether what TEXT says of unit NAME lets it be started and stopped. 0, -EINVAL with *MESSAGE, or -ENOMEM. */
static int check(const char *name, const struct lc_strbuf *text, char **message)
{
	_cleanup_free_ char *state = get(text, "LoadState");

	if (!state)
		return -ENOMEM;
	if (strcmp(state, "not-found") == 0)
		return refuse_unknown(name, message);
	if (strcmp(state, "masked") == 0)
		return lc_complain(message, -EINVAL,
			"--unit: %s is masked; 'systemctl unmask %s' makes it a unit again", name, name);
	if (strcmp(state, "loaded") != 0)
		return lc_complain(message, -EINVAL, "--unit: %s can't be loaded (%s); 'systemctl status %s' says why",
			name, state, name);
	if (has(text, "Transient", "yes"))
		return lc_complain(message, -EINVAL,
			"--unit: %s was made by systemd-run, and is gone once it is stopped; record it with -p or --cgroup, or 'leastcap run' its command",
			name);
	return 0;
}

/* Whether the unit NAME is active. */
static bool is_active(const char *name)
{
	const char *const arguments[] = {"is-active", "--", name, NULL};
	_cleanup_(lc_strbuf_free) struct lc_strbuf ignored = {0};

	return !lc_systemctl(arguments, &ignored);
}

/* Finds among TRIGGERS, the units that start UNIT's service, its socket unit: one that listens, else the first. 0 or -ENOMEM. */
static int find_socket(struct lc_unit *unit, char *triggers)
{
	const char *found = NULL;
	char *rest = NULL;

	for (char *name = strtok_r(triggers, " ", &rest); name && !unit->socket_active;
		name = strtok_r(NULL, " ", &rest)) {
		if (!ends_with(name, ".socket"))
			continue;
		unit->socket_active = is_active(name);
		found = unit->socket_active || !found ? name : found;
	}
	return found ? lc_copy_to(&unit->socket, found) : 0;
}

/* Appends the path of SLICE's cgroup: slices lie in each other as the dashes in their names say. */
static void add_slice(struct lc_strbuf *path, const char *slice)
{
	size_t length = strlen(slice) - strlen(".slice");

	for (size_t i = 1; strcmp(slice, "-.slice") != 0 && i <= length; i++) {
		if (i == length || slice[i] == '-')
			lc_strbuf_addf(path, "/%.*s.slice", (int)i, slice);
	}
}

/* The path of the cgroup of UNIT's service, which TEXT tells of, to UNIT. 0, -EINVAL with *MESSAGE, or -errno. */
static int place(struct lc_unit *unit, const struct lc_strbuf *text, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf manager = {0};
	_cleanup_free_ char *own = get(text, "ControlGroup"), *slice = get(text, "Slice"), *root = NULL;
	struct lc_strbuf path = {0};
	int r;

	if (!own || !slice)
		return -ENOMEM;
	if (*own && !unit->instances)
		return lc_copy_to(&unit->cgroup, own);
	if (!ends_with(slice, ".slice"))
		return lc_complain(message, -EINVAL, "--unit: systemd does not tell the slice of %s", unit->service);
	r = show(NULL, "ControlGroup", &manager, message);
	if (r)
		return r;
	root = get(&manager, "ControlGroup");
	lc_strbuf_adds(&path, root && strcmp(root, "/") != 0 ? root : "");
	add_slice(&path, slice);
	lc_strbuf_addf(&path, "/%s", unit->service);
	unit->cgroup = lc_strbuf_steal(&path);
	return root && unit->cgroup ? 0 : -ENOMEM;
}

/* Fills UNIT, whose service is known, from what TEXT says of it. 0, -EINVAL with *MESSAGE, or -errno. */
static int fill(struct lc_unit *unit, struct lc_strbuf *text, char **message)
{
	_cleanup_free_ char *triggers = get(text, "TriggeredBy");
	int r = triggers ? place(unit, text, message) : -ENOMEM;

	if (r)
		return r;
	unit->active = has(text, "ActiveState", "active") || has(text, "ActiveState", "reloading");
	if (!unit->socket)
		r = find_socket(unit, triggers);
	return r ? r : lc_unit_take(unit, text->text);
}

/* Fills UNIT from what SHOWN says of the socket unit NAME. 0, -EINVAL with *MESSAGE, or -errno. */
static int fill_from_socket(struct lc_unit *unit, const char *name, const struct lc_strbuf *shown, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *asked = NULL, *triggers = get(shown, "Triggers");
	int length = (int)(strlen(name) - strlen(".socket"));

	unit->socket = strdup(name);
	unit->asked_socket = true;
	unit->socket_active = has(shown, "ActiveState", "active");
	unit->instances = has(shown, "Accept", "yes");
	if (!unit->socket || !triggers)
		return -ENOMEM;
	triggers[strcspn(triggers, " ")] = '\0';
	/* Of a template nothing can be asked. Any that could be made of it says in which slice they are. */
	if (unit->instances && (asprintf(&unit->service, "%.*s@.service", length, name) < 0 ||
				       asprintf(&asked, "%.*s@leastcap.service", length, name) < 0))
		return -ENOMEM;
	if (!unit->instances && (!(unit->service = strdup(triggers)) || !(asked = strdup(triggers))))
		return -ENOMEM;
	if (!*asked)
		return lc_complain(message, -EINVAL, "--unit: %s starts no service", name);
	return show(asked, lc_unit_properties, &text, message) ?: check(asked, &text, message) ?: fill(unit, &text, message);
}

/* Has systemd read the socket unit that is called as the service NAME: it does not know of one that nothing wants. */
static void load_socket(const char *name)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf ignored = {0};
	_cleanup_free_ char *socket = NULL;
	const char *arguments[] = {"show", "-p", "Id", "--", NULL, NULL};

	if (asprintf(&socket, "%.*s.socket", (int)(strlen(name) - strlen(".service")), name) < 0) {
		socket = NULL;
		return;
	}
	arguments[4] = socket;
	lc_systemctl(arguments, &ignored);
}

int lc_unit_find(const char *name, struct lc_unit *unit, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *whole = NULL;
	struct lc_unit found = {0};
	int r = complete(name, &whole, message);

	if (r || !whole)
		return r;
	load_socket(whole);
	r = show(whole, lc_unit_properties, &text, message);
	if (!r)
		r = check(whole, &text, message);
	if (!r && ends_with(whole, ".socket")) {
		r = fill_from_socket(&found, whole, &text, message);
	} else if (!r) {
		/* An alias is called by its own name. */
		found.service = get(&text, "Id");
		r = found.service ? fill(&found, &text, message) : -ENOMEM;
	}
	if (r)
		lc_unit_clear(&found);
	else
		*unit = found;
	return r;
}

bool lc_unit_has_cgroup(const struct lc_unit *unit, const char *path)
{
	const char *leaf = strrchr(unit->cgroup, '/');
	size_t length = (size_t)(leaf - unit->cgroup) + 1;
	const char *end;

	if (!unit->instances)
		return lc_path_lies_in(path, unit->cgroup);
	/* "/system.slice/system-ssh.slice/ssh@" and anything up to ".service" */
	length += strcspn(leaf, "@");
	if (strncmp(path, unit->cgroup, length) != 0)
		return false;
	end = path + length + strcspn(path + length, "/");
	return end - (path + length) > (long)strlen(".service") &&
	       strncmp(end - strlen(".service"), ".service", strlen(".service")) == 0;
}
