/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a baseline: each entry has to say for whom it is, what it accepts, why, who answers for that and until when. */
#include <leastcap/array.h>
#include <leastcap/baseline.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/input_file.h>
#include <leastcap/message.h>
#include <leastcap/strbuf.h>
#include <leastcap/suggest.h>
#include <leastcap/yaml.h>

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* Bigger is no list that a person answers for. */
#define LC_MAX_BASELINE_SIZE ((size_t)1 << 20)
#define LC_MOST_ACCEPTED     4096

#define SECONDS_PER_DAY 86400

enum key { KEY_NAME, KEY_CAPABILITIES, KEY_REASON, KEY_OWNER, KEY_EXPIRES, KEY_N };

static const char *const keys[KEY_N] = {
	[KEY_NAME] = "name",
	[KEY_CAPABILITIES] = "capabilities",
	[KEY_REASON] = "reason",
	[KEY_OWNER] = "owner",
	[KEY_EXPIRES] = "expires",
};

/* What an entry without the key lacks. */
static const char *const lacks[KEY_N] = {
	[KEY_NAME] = "for which service, container or target it is",
	[KEY_CAPABILITIES] = "what it accepts",
	[KEY_REASON] = "why that is accepted",
	[KEY_OWNER] = "who answers for that",
	[KEY_EXPIRES] = "until when that is accepted: 2026-12-31",
};

/* The reading of one file. */
struct reader {
	struct lc_baseline *baseline;
	const struct lc_yaml_tree *tree;
	int64_t today; /* days since 1970 */
	char **message;
};

/* Complains of what stands at NODE. */
#define refuse(reader, node, ...) refuse_at(reader, lc_yaml_line((reader)->tree, (node)->start), __VA_ARGS__)

__attribute__((format(printf, 3, 4))) static int refuse_at(
	const struct reader *reader, size_t line, const char *format, ...)
{
	_cleanup_free_ char *where = NULL;
	va_list arguments;
	int r;

	if (asprintf(&where, "%s:%zu: ", reader->baseline->path, line) < 0) {
		where = NULL;
		return -ENOMEM;
	}
	va_start(arguments, format);
	r = lc_complain_at(reader->message, -EINVAL, where, format, arguments);
	va_end(arguments);
	return r;
}

/* Reads TEXT, "2026-12-31", to the days since 1970 in *DAY. Whether it is a day that there is. */
static bool read_date(const char *text, int64_t *day)
{
	struct tm tm = {0};
	char again[LC_DATE_SIZE];
	time_t time;

	if (strlen(text) != LC_DATE_SIZE - 1 || strspn(text, "0123456789-") != LC_DATE_SIZE - 1 ||
		!strptime(text, "%Y-%m-%d", &tm))
		return false;
	time = timegm(&tm);
	if (!strftime(again, sizeof(again), "%Y-%m-%d", &tm) || strcmp(again, text) != 0)
		return false;
	*day = time / SECONDS_PER_DAY;
	return true;
}

static int read_expiry(const struct reader *reader, struct lc_accepted *accepted, const struct lc_yaml_node *node)
{
	int64_t day;

	if (!read_date(lc_yaml_text(node), &day))
		return refuse(reader, node, "'%s' is no day: write 2026-12-31", lc_yaml_text(node));
	memcpy(accepted->expires, lc_yaml_text(node), sizeof(accepted->expires));
	accepted->expired = day < reader->today;
	return 0;
}

static int read_capabilities(const struct reader *reader, struct lc_accepted *accepted, const struct lc_yaml_node *list)
{
	if (list->kind != LC_YAML_SEQUENCE || !list->n_children)
		return refuse(reader, list, "capabilities must be a list: [NET_RAW]");
	for (size_t i = 0; i < list->n_children; i++) {
		const struct lc_yaml_node *node = list->children[i];
		const char *name = lc_yaml_text(node);
		_cleanup_free_ char *reason = NULL;
		uint64_t caps = 0;

		if (!name)
			return refuse(reader, node, "a capability must be a name");
		if (!strcasecmp(name, "ALL"))
			return refuse(reader, node, "ALL would accept anything: name each capability");
		if (lc_engine_read_capability(name, &caps, &reason))
			return refuse(reader, node, "%s", reason ? reason : "no capability");
		accepted->caps |= caps;
	}
	return 0;
}

/* Reads the value of KEY, which is none of the others. */
static int read_text(
	const struct reader *reader, struct lc_accepted *accepted, enum key key, const struct lc_yaml_node *node)
{
	char **into = key == KEY_NAME ? &accepted->name : key == KEY_REASON ? &accepted->reason : &accepted->owner;
	const char *text = lc_yaml_text(node);

	if (!text || !text[strspn(text, " \t\n")])
		return refuse(reader, node, "%s must say %s", keys[key], lacks[key]);
	if (key == KEY_EXPIRES)
		return read_expiry(reader, accepted, node);
	return lc_copy_to(into, text);
}

/* The key that NODE is, or an error with a complaint of one that is none. */
static int key_of(const struct reader *reader, const struct lc_yaml_node *node)
{
	const char *text = lc_yaml_text(node);
	const char *near = text ? lc_suggest(text, keys, KEY_N) : NULL;

	for (int key = 0; text && key < KEY_N; key++) {
		if (!strcmp(text, keys[key]))
			return key;
	}
	if (!near)
		return refuse(reader, node, "an entry has name, capabilities, reason, owner and expires");
	return refuse(reader, node, "an entry has no '%s'; did you mean '%s'?", text, near);
}

static int read_keys(const struct reader *reader, struct lc_accepted *accepted, const struct lc_yaml_node *mapping)
{
	bool seen[KEY_N] = {false};

	for (size_t i = 0; i + 1 < mapping->n_children; i += 2) {
		const struct lc_yaml_node *value = lc_yaml_resolve(mapping->children[i + 1]);
		int key = key_of(reader, mapping->children[i]);
		int r;

		if (key < 0)
			return key;
		if (seen[key])
			return refuse(reader, mapping->children[i], "%s stands there twice", keys[key]);
		seen[key] = true;
		r = key == KEY_CAPABILITIES ? read_capabilities(reader, accepted, value)
					    : read_text(reader, accepted, (enum key)key, value);
		if (r)
			return r;
	}
	for (int key = 0; key < KEY_N; key++) {
		if (!seen[key])
			return refuse(reader, mapping, "%s is missing: it says %s", keys[key], lacks[key]);
	}
	return 0;
}

static int read_entry(const struct reader *reader, const struct lc_yaml_node *node)
{
	struct lc_baseline *baseline = reader->baseline;
	struct lc_accepted *list;

	if (node->kind != LC_YAML_MAPPING)
		return refuse(reader, node, "an entry has name, capabilities, reason, owner and expires");
	if (baseline->n >= LC_MOST_ACCEPTED)
		return refuse(reader, node, "more than %d entries", LC_MOST_ACCEPTED);
	list = lc_array_grow(baseline->list, baseline->n, sizeof(*list));
	if (!list)
		return -ENOMEM;
	baseline->list = list;
	list[baseline->n] =
		(struct lc_accepted){.path = baseline->path, .line = lc_yaml_line(reader->tree, node->start)};
	return read_keys(reader, &list[baseline->n++], node);
}

static int read_root(const struct reader *reader)
{
	const struct lc_yaml_node *root = lc_yaml_root(reader->tree);
	const struct lc_yaml_node *list;
	int r = 0;

	if (reader->tree->n_documents > 1)
		return refuse(reader, reader->tree->documents[1], "a second document: a baseline is one");
	if (!root || root->kind != LC_YAML_MAPPING || root->n_children != 2 ||
		!lc_yaml_is(root->children[0], "accepted"))
		return refuse_at(reader, root ? lc_yaml_line(reader->tree, root->start) : 1,
			"a baseline is a list called accepted, and nothing else");
	list = lc_yaml_resolve(root->children[1]);
	if (list->kind != LC_YAML_SEQUENCE)
		return refuse(reader, list, "accepted must be a list");
	for (size_t i = 0; !r && i < list->n_children; i++)
		r = read_entry(reader, lc_yaml_resolve(list->children[i]));
	return r;
}

int lc_baseline_parse(
	struct lc_baseline *baseline, const char *path, const char *text, size_t length, int64_t now, char **message)
{
	struct lc_yaml_tree *tree = NULL;
	_cleanup_free_ char *reason = NULL;
	int r;

	*message = NULL;
	*baseline = (struct lc_baseline){.path = strdup(lc_input_name(path))};
	r = baseline->path ? lc_yaml_read(&tree, text, length, &reason) : -ENOMEM;
	if (r && reason)
		lc_complain(message, r, "%s:%s", baseline->path, reason);
	if (!r)
		r = read_root(&(const struct reader){.baseline = baseline,
			.tree = tree,
			.today = now / LC_NS_PER_S / SECONDS_PER_DAY,
			.message = message});
	lc_yaml_tree_free(tree);
	if (r && !*message)
		lc_complain(message, r, "%s: %s", lc_input_name(path), strerror(-r));
	if (r)
		lc_baseline_clear(baseline);
	return r;
}

int lc_baseline_load(struct lc_baseline *baseline, const char *path, int64_t now, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	int r;

	*message = NULL;
	r = lc_input_read(path, LC_MAX_BASELINE_SIZE, "a baseline", &text, message);
	return r ? r : lc_baseline_parse(baseline, path, text.text ? text.text : "", text.length, now, message);
}

char *lc_baseline_beside(const char *policy)
{
	const char *slash = strrchr(policy, '/');
	char *path;

	if (!strcmp(policy, "-") ||
		asprintf(&path, "%.*s" LC_BASELINE_NAME, slash ? (int)(slash - policy) + 1 : 0, policy) < 0)
		return NULL;
	if (!access(path, F_OK))
		return path;
	free(path);
	return NULL;
}

void lc_baseline_clear(struct lc_baseline *baseline)
{
	for (size_t i = 0; i < baseline->n; i++) {
		free(baseline->list[i].name);
		free(baseline->list[i].reason);
		free(baseline->list[i].owner);
	}
	free(baseline->list);
	free(baseline->path);
	*baseline = (struct lc_baseline){0};
}
