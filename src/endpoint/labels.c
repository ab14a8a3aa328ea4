/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The labels by which a workload's series are known. */
#include "labels.h"

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/sha256.h>
#include <leastcap/workload.h>

#include <ctype.h>
#include <string.h>

#define LONGEST_VALUE 100
#define ELLIPSIS      "…"
#define HASH_LENGTH   12

/* Of an image's id "sha256:…" these digits are enough to tell versions apart, as engines print them. */
#define ID_BEGIN  "sha256:"
#define ID_DIGITS 12

/* The exposition formats of Prometheus and OpenMetrics: a backslash, a quote and a line feed are escaped, and nothing else. */
static void add_escaped(struct lc_strbuf *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\\' || text[i] == '"')
			lc_strbuf_add(out, "\\", 1);
		if (text[i] == '\n')
			lc_strbuf_add(out, "\\n", 2);
		else
			lc_strbuf_add(out, &text[i], 1);
	}
}

/* How many of the first LIMIT bytes of TEXT, valid UTF-8, are whole characters. */
static size_t whole(const char *text, size_t length, size_t limit)
{
	if (length <= limit)
		return length;
	while (limit && ((unsigned char)text[limit] & 0xc0) == 0x80)
		limit--;
	return limit;
}

void lc_labels_add_value(struct lc_strbuf *out, const char *text)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf shown = {0};
	char hash[LC_SHA256_SIZE];

	text = text ? text : "";
	lc_escape_terminal(&shown, text);
	out->failed |= shown.failed;
	lc_strbuf_add(out, "\"", 1);
	/* A text that looks like a changed one is changed, too. */
	if (shown.length && (strcmp(shown.text, text) != 0 || shown.length > LONGEST_VALUE || strstr(text, ELLIPSIS))) {
		add_escaped(out, shown.text,
			whole(shown.text, shown.length, LONGEST_VALUE - HASH_LENGTH - strlen(ELLIPSIS)));
		lc_sha256(text, strlen(text), hash);
		lc_strbuf_adds(out, ELLIPSIS);
		lc_strbuf_add(out, hash, HASH_LENGTH);
	} else if (shown.length) {
		add_escaped(out, shown.text, shown.length);
	}
	lc_strbuf_add(out, "\"", 1);
}

static void add_label(struct lc_strbuf *out, const char *name, const char *value)
{
	lc_strbuf_adds(out, name);
	lc_strbuf_add(out, "=", 1);
	lc_labels_add_value(out, value);
}

static void add_image_id(struct lc_strbuf *out, const char *id)
{
	char digits[ID_DIGITS + 1] = "";

	if (id && strncmp(id, ID_BEGIN, strlen(ID_BEGIN)) == 0) {
		id += strlen(ID_BEGIN);
		for (size_t i = 0; i < ID_DIGITS && isxdigit((unsigned char)id[i]); i++)
			digits[i] = id[i];
	}
	add_label(out, ",image_id", digits);
}

/* What is known of TARGET's workload by its kind. */
struct names {
	const char *kind, *namespace, *workload, *container;
};

static struct names names_of(const struct lc_target *target, const char *owner)
{
	static const char *const kinds[LC_TARGET_KIND_N] = {
		[LC_TARGET_CONTAINER] = "container",
		[LC_TARGET_COMMAND] = "command",
		[LC_TARGET_SERVICE] = "unit",
		[LC_TARGET_CGROUP] = "cgroup",
	};

	if (owner)
		return (struct names){"kubernetes", target->namespace, owner, target->name};
	if (target->service)
		return (struct names){"compose", target->project, target->service, NULL};
	return (struct names){kinds[target->kind], NULL, target->name, NULL};
}

void lc_labels_add(struct lc_strbuf *out, const struct lc_target *target)
{
	_cleanup_free_ char *owner = NULL;
	struct names names;

	if (target->pod)
		out->failed |= !lc_workload_of(target, &owner);
	names = names_of(target, owner);
	add_label(out, "kind", names.kind);
	add_label(out, ",namespace", names.namespace);
	add_label(out, ",workload", names.workload);
	add_label(out, ",container", names.container);
	add_label(out, ",image", target->image);
	add_image_id(out, target->image_id);
}
