/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The unified diff of a text and its edits. What changes is known, so that only the changed lines are compared. */
#include <leastcap/edits.h>

#include <leastcap/array.h>
#include <leastcap/cleanup.h>

#include <stdlib.h>
#include <string.h>

#define CONTEXT ((size_t)3)

void lc_edits_add(struct lc_edits *edits, size_t start, size_t end, const char *text)
{
	struct lc_edit *grown = lc_array_grow(edits->edits, edits->n, sizeof(*grown));
	char *copy = strdup(text);

	if (grown)
		edits->edits = grown;
	if (!grown || !copy) {
		free(copy);
		edits->failed = true;
		return;
	}
	grown[edits->n] = (struct lc_edit){.start = start, .end = end, .number = edits->n, .text = copy};
	edits->n++;
}

static int compare_edits(const void *left, const void *right)
{
	const struct lc_edit *a = left;
	const struct lc_edit *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	/* At one place an insertion comes before what replaces the text there. */
	if ((a->end == a->start) != (b->end == b->start))
		return a->end == a->start ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

bool lc_edits_sort(struct lc_edits *edits)
{
	if (edits->n)
		qsort(edits->edits, edits->n, sizeof(*edits->edits), compare_edits);
	for (size_t i = 1; i < edits->n; i++) {
		if (edits->edits[i].start < edits->edits[i - 1].end)
			return false;
	}
	return true;
}

/* The bytes from START to before END. */
struct range {
	size_t start;
	size_t end;
};

/* Appends TREE's text in RANGE with the N EDITS made, which are all in it. */
static void add_edited(struct lc_strbuf *out, const struct lc_yaml_tree *tree, struct range range,
	const struct lc_edit *edits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		lc_strbuf_add(out, tree->text + range.start, edits[i].start - range.start);
		lc_strbuf_adds(out, edits[i].text);
		range.start = edits[i].end;
	}
	lc_strbuf_add(out, tree->text + range.start, range.end - range.start);
}

char *lc_edits_apply(const struct lc_yaml_tree *tree, const struct lc_edits *edits)
{
	struct lc_strbuf text = {0};

	add_edited(&text, tree, (struct range){0, tree->length}, edits->edits, edits->n);
	return lc_strbuf_steal(&text);
}

char *lc_edits_text(const struct lc_yaml_tree *tree, const struct lc_edits *edits, size_t *length)
{
	char *text = lc_edits_apply(tree, edits);

	if (!text)
		return NULL;
	*length = strlen(text) - tree->unended;
	text[*length] = '\0';
	return text;
}

void lc_edits_clear(struct lc_edits *edits)
{
	for (size_t i = 0; i < edits->n; i++)
		free(edits->edits[i].text);
	free(edits->edits);
	*edits = (struct lc_edits){0};
}

/* One line with its line break. */
struct line {
	const char *text;
	size_t length;
	size_t unended; /* bytes of the line break that are not in the file */
};

struct lines {
	struct line *lines;
	size_t n;
};

/* Splits LENGTH bytes of TEXT into lines; UNENDED is the last one's. Empty when out of memory. */
static struct lines split(const char *text, size_t length, size_t unended)
{
	struct lines split = {.lines = calloc(length + 1, sizeof(struct line))};

	for (size_t at = 0; text && split.lines && at < length;) {
		const char *newline = memchr(text + at, '\n', length - at);
		size_t end = newline ? (size_t)(newline - text) + 1 : length;

		split.lines[split.n++] = (struct line){.text = text + at, .length = end - at};
		at = end;
	}
	if (split.n)
		split.lines[split.n - 1].unended = unended;
	return split;
}

static bool same_line(const struct line *a, const struct line *b)
{
	return a->unended == b->unended && a->length == b->length &&
	       (!a->length || memcmp(a->text, b->text, a->length) == 0);
}

/* Old lines FIRST to before END make way for ADDED. */
struct change {
	size_t first;
	size_t end;
	char *text;
	struct lines added;
	size_t skip; /* of ADDED's first lines: they are old */
	size_t n;    /* of ADDED after SKIP that are new */
};

struct changes {
	struct change *changes;
	size_t n;
};

static bool ends_in_newline(const char *text)
{
	size_t length = strlen(text);

	return !length || text[length - 1] == '\n';
}

/* The whole lines that EDIT touches. */
static struct range find_lines(const struct lc_yaml_tree *tree, const struct lc_edit *edit)
{
	struct range lines = {lc_yaml_line_start(tree, edit->start), edit->end};

	if (lines.start != edit->start || lc_yaml_line_start(tree, edit->end) != edit->end ||
		!ends_in_newline(edit->text))
		lines.end = lc_yaml_next_line(tree, edit->end);
	/* What is added after a last line without a line break gives that line one. */
	if (tree->unended && lines.end == tree->length && lines.start == lines.end)
		lines.start = lc_yaml_line_start(tree, tree->length - 1);
	return lines;
}

/* Leaves out of CHANGE the lines that are the same before and after it. */
static void trim(struct change *change, const struct lines *old)
{
	change->n = change->added.n;
	while (change->n && change->first < change->end &&
		same_line(&old->lines[change->first], &change->added.lines[change->skip])) {
		change->first++;
		change->skip++;
		change->n--;
	}
	while (change->n && change->first < change->end &&
		same_line(&old->lines[change->end - 1], &change->added.lines[change->skip + change->n - 1])) {
		change->end--;
		change->n--;
	}
}

/* Makes one change of the edits from *NEXT on whose lines touch each other, and moves *NEXT behind them. */
static void read_change(const struct lc_yaml_tree *tree, const struct lc_edits *edits, size_t *next,
	const struct lines *old, struct change *change)
{
	struct lc_strbuf text = {0};
	size_t first = *next;
	struct range lines = find_lines(tree, &edits->edits[first]);

	for (++*next; *next < edits->n; ++*next) {
		struct range further = find_lines(tree, &edits->edits[*next]);

		if (further.start > lines.end)
			break;
		lines.end = further.end > lines.end ? further.end : lines.end;
	}
	add_edited(&text, tree, lines, edits->edits + first, *next - first);
	*change =
		(struct change){.first = lc_yaml_line(tree, lines.start) - 1, .end = lc_yaml_line(tree, lines.end) - 1};
	if (!text.failed)
		change->added = split(text.text, text.length, lines.end == tree->length ? tree->unended : 0);
	change->text = text.text;
	trim(change, old);
}

static void add_line(struct lc_strbuf *out, char sign, const struct line *line)
{
	lc_strbuf_add(out, &sign, 1);
	lc_strbuf_add(out, line->text, line->length - line->unended);
	if (line->unended)
		lc_strbuf_adds(out, "\n\\ No newline at end of file\n");
}

static void add_lines(struct lc_strbuf *out, char sign, const struct line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_line(out, sign, &lines[i]);
}

/* "12,7". A range without lines has the number of the line before it. */
static void add_range(struct lc_strbuf *out, size_t first, size_t n)
{
	lc_strbuf_addf(out, "%zu", n ? first + 1 : first);
	if (n != 1)
		lc_strbuf_addf(out, ",%zu", n);
}

/* Appends one hunk with the N CHANGES. OFFSET is by how many lines the text before it has grown. */
static void add_hunk(
	struct lc_strbuf *out, const struct lines *old, const struct change *changes, size_t n, long offset)
{
	const struct change *last = &changes[n - 1];
	size_t first = changes[0].first > CONTEXT ? changes[0].first - CONTEXT : 0;
	size_t end = last->end + CONTEXT < old->n ? last->end + CONTEXT : old->n;
	size_t at = first;
	size_t n_new = end - first;

	for (size_t i = 0; i < n; i++)
		n_new += changes[i].n - (changes[i].end - changes[i].first);
	lc_strbuf_adds(out, "@@ -");
	add_range(out, first, end - first);
	lc_strbuf_adds(out, " +");
	add_range(out, (size_t)((long)first + offset), n_new);
	lc_strbuf_adds(out, " @@\n");
	for (size_t i = 0; i < n; i++) {
		const struct change *change = &changes[i];

		add_lines(out, ' ', old->lines + at, change->first - at);
		add_lines(out, '-', old->lines + change->first, change->end - change->first);
		add_lines(out, '+', change->added.lines + change->skip, change->n);
		at = change->end;
	}
	add_lines(out, ' ', old->lines + at, end - at);
}

/* Appends all hunks: changes whose context meets share one. */
static void add_hunks(struct lc_strbuf *out, const struct lines *old, const struct changes *all)
{
	long offset = 0;

	for (size_t i = 0; i < all->n;) {
		size_t n = 1;

		while (i + n < all->n && all->changes[i + n].first <= all->changes[i + n - 1].end + 2 * CONTEXT)
			n++;
		add_hunk(out, old, all->changes + i, n, offset);
		for (; n; n--, i++)
			offset += (long)all->changes[i].n - (long)(all->changes[i].end - all->changes[i].first);
	}
}

/* Appends a line of the head. The name is written as GNU diff does: quoted where patch would misread it. */
static void add_name(struct lc_strbuf *out, const char *sign, const char *side, const char *path)
{
	bool quoted = false;

	while (strncmp(path, "./", 2) == 0)
		path += 2;
	while (*path == '/')
		path++;
	for (const char *c = path; *c; c++)
		quoted |= (unsigned char)*c < ' ' || *c == 0x7f || *c == '"' || *c == '\\';
	lc_strbuf_addf(out, "%s %s%s/", sign, quoted ? "\"" : "", side);
	for (const char *c = path; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			lc_strbuf_addf(out, "\\%03o", (unsigned char)*c);
		else
			lc_strbuf_addf(out, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
	}
	/* A tab ends a name that has blanks. */
	lc_strbuf_adds(out, quoted ? "\"\n" : strchr(path, ' ') ? "\t\n" : "\n");
}

void lc_edits_diff(
	const struct lc_yaml_tree *tree, const struct lc_edits *edits, const char *path, struct lc_strbuf *out)
{
	struct lines old = split(tree->text, tree->length, tree->unended);
	struct changes all = {.changes = calloc(edits->n + 1, sizeof(struct change))};

	if (!all.changes || !old.lines)
		out->failed = true;
	for (size_t next = 0; !out->failed && next < edits->n;) {
		struct change *change = &all.changes[all.n++];

		read_change(tree, edits, &next, &old, change);
		out->failed |= !change->added.lines;
		/* An edit that changes nothing is none. */
		if (!change->n && change->first == change->end) {
			free(change->text);
			free(change->added.lines);
			all.n--;
		}
	}
	if (!out->failed && all.n) {
		add_name(out, "---", "a", path);
		add_name(out, "+++", "b", path);
		add_hunks(out, &old, &all);
	}
	for (size_t i = 0; i < all.n; i++) {
		free(all.changes[i].text);
		free(all.changes[i].added.lines);
	}
	free(all.changes);
	free(old.lines);
}
