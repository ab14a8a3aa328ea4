/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The patch of a Dockerfile: where files are given to the user, and where it becomes the one that is started. */
#include "dockerfile_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/dockerfile.h>
#include <leastcap/edits.h>
#include <leastcap/json.h>
#include <leastcap/message.h>
#include <leastcap/path.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The edit of one stage. */
struct editor {
	const struct lc_dockerfile *file;
	const struct lc_docker_stage *stage;
	const struct lc_harden_plan *plan;
	char **message;
};

static int refuse(const struct editor *editor, size_t instruction, const char *why)
{
	const struct lc_dockerfile *file = editor->file;

	lc_complain(editor->message, -ENOTSUP, "%s:%zu: %s; it is left as it is", file->path,
		lc_yaml_line(file->text, file->instructions[instruction].start), why);
	return -ENOTSUP;
}

/* The stage called NAME, or of that number, among the first N; NULL: none is, and NAME is an image. */
static const struct lc_docker_stage *find_stage(const struct lc_dockerfile *file, const char *name, size_t n)
{
	char *end;
	unsigned long number = strtoul(name, &end, 10);

	for (size_t i = n; i > 0; i--) {
		if (file->stages[i - 1].name && !strcasecmp(file->stages[i - 1].name, name))
			return &file->stages[i - 1];
	}
	return *name && !*end && number < n ? &file->stages[number] : NULL;
}

/* The stage that STAGE is made of; NULL: it is made of an image. */
static const struct lc_docker_stage *below(const struct lc_dockerfile *file, const struct lc_docker_stage *stage)
{
	const struct lc_docker_stage *found = find_stage(file, stage->base, (size_t)(stage - file->stages));
	char *end;

	/* FROM takes no number. */
	strtoul(stage->base, &end, 10);
	return *end ? found : NULL;
}

/* The last USER before instruction LIMIT of STAGE, or of what that is made of; SIZE_MAX: there is none. */
static size_t find_user(const struct lc_dockerfile *file, const struct lc_docker_stage *stage, size_t limit)
{
	for (; stage; stage = below(file, stage), limit = stage ? stage->end : 0) {
		for (size_t i = limit; i > stage->first; i--) {
			if (file->instructions[i - 1].kind == LC_DOCKER_USER)
				return i - 1;
		}
	}
	return SIZE_MAX;
}

static bool is_root(const char *user)
{
	static const char *const names[] = {"0", "root", "0:0", "root:root", "root:0", "0:root"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(user, names[i]))
			return true;
	}
	return false;
}

/* Whether PATH lies in one of the directories that WORDS, a VOLUME's, name; either as JSON or one after another. */
static bool covers(const char *words, const char *path)
{
	_cleanup_json_ json_t *list = json_loads(words, 0, NULL);
	_cleanup_free_ char *copy = strdup(words);
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *directory = json_string_value(item);

		if (directory && *directory && lc_path_lies_in(path, directory))
			return true;
	}
	for (char *rest = list ? NULL : copy, *word; (word = strtok_r(rest, " \t\"'", &rest));) {
		size_t length = strlen(word);

		while (length > 1 && word[length - 1] == '/')
			word[--length] = '\0';
		if (lc_path_lies_in(path, word))
			return true;
	}
	return false;
}

/* Whether instruction NUMBER makes a volume of one of the plan's paths. What is not known counts as one. */
static bool makes_volume(const struct editor *editor, size_t number)
{
	const struct lc_docker_instruction *volume = &editor->file->instructions[number];

	if (volume->kind != LC_DOCKER_VOLUME)
		return false;
	for (size_t i = 0; i < editor->plan->n_paths; i++) {
		if (strchr(volume->words, '$') || covers(volume->words, editor->plan->paths[i].path))
			return true;
	}
	return false;
}

/* The first instruction from FIRST on before which what follows the last change of files may stand; the stage's end where there is none. */
static size_t before_start(const struct editor *editor, size_t first)
{
	while (first < editor->stage->end && editor->file->instructions[first].kind != LC_DOCKER_START &&
		!makes_volume(editor, first))
		first++;
	return first;
}

/* The instruction after the last of KIND in the stage; NONE where there is none. */
static size_t after_last(const struct editor *editor, enum lc_docker_kind kind, size_t none)
{
	for (size_t i = editor->stage->end; i > editor->stage->first; i--) {
		if (editor->file->instructions[i - 1].kind == kind)
			return i;
	}
	return none;
}

/* The place for the files: before what starts, and before they are in a volume. */
static size_t place_for_files(const struct editor *editor)
{
	for (size_t i = editor->stage->first; i < editor->stage->end; i++) {
		if (makes_volume(editor, i))
			return i;
	}
	return before_start(editor, after_last(editor, LC_DOCKER_BUILD, editor->stage->first + 1));
}

/* The place for the user: where nothing is built any more. */
static size_t place_for_user(const struct editor *editor)
{
	size_t built = after_last(editor, LC_DOCKER_BUILD, editor->stage->first + 1);
	size_t user = after_last(editor, LC_DOCKER_USER, built);
	size_t place = user > built ? user : built;

	while (place < editor->stage->end && editor->file->instructions[place].kind != LC_DOCKER_START)
		place++;
	return place;
}

/* Where in the text something stands that goes before instruction NUMBER of the stage: before the comments on that, too. */
static size_t offset_before(const struct editor *editor, size_t number)
{
	const struct lc_yaml_tree *tree = editor->file->text;
	size_t least = editor->file->instructions[number - 1].end, offset;

	if (number == editor->stage->end)
		return least;
	offset = editor->file->instructions[number].start;
	while (offset > least) {
		size_t above = lc_yaml_line_start(tree, offset - 1);

		if (above < least || tree->text[above + strspn(tree->text + above, " \t")] != '#')
			break;
		offset = above;
	}
	return offset;
}

/* 0 where the stage can be edited, else what is in the way. */
static int check(const struct editor *editor, size_t files, size_t user)
{
	const struct lc_dockerfile *file = editor->file;
	size_t last = find_user(file, editor->stage, user);
	size_t builder = find_user(file, editor->stage, files);

	for (size_t i = editor->stage->first; i < editor->stage->end; i++) {
		if (file->instructions[i].kind == LC_DOCKER_LATER)
			return refuse(editor, i,
				"what ONBUILD does in the images made of this one would be done as the other user");
	}
	if (last != SIZE_MAX && !is_root(file->instructions[last].words))
		return refuse(editor, last, "it has a user already that is not known to be root");
	if (editor->plan->n_paths && builder != SIZE_MAX && !is_root(file->instructions[builder].words))
		return refuse(editor, builder, "where files would have to be given away it is not root");
	for (const struct lc_docker_stage *stage = below(file, editor->stage); stage; stage = below(file, stage)) {
		for (size_t i = stage->first; i < stage->end; i++) {
			if (makes_volume(editor, i))
				return refuse(editor, i, "what is changed in its volume later is lost");
		}
	}
	return 0;
}

/* Appends RUN with WORDS, and the paths; DIRECTORIES: only those that are. Paths are plain, so that they are JSON as they are. */
static void add_run(
	struct lc_strbuf *out, const struct lc_harden_plan *plan, const char *words, bool directories, const char *eol)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_paths; i++) {
		if (directories && !plan->paths[i].directory)
			continue;
		lc_strbuf_addf(out, "%s, \"%s\"", n++ ? "" : words, plan->paths[i].path);
	}
	if (n)
		lc_strbuf_addf(out, "]%s", eol);
}

/* Adds the edits that put the new instructions to their places. False: out of memory. */
static bool add_edits(const struct editor *editor, size_t files, size_t user, struct lc_edits *edits)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf chown = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf run = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf become = {0};
	const char *newline = strchr(editor->file->text->text, '\n');
	const char *eol = newline && newline > editor->file->text->text && newline[-1] == '\r' ? "\r\n" : "\n";

	lc_strbuf_adds(&chown, "RUN [\"chown\", \"-R\", \"");
	lc_harden_add_user(&chown, editor->plan);
	lc_strbuf_adds(&chown, "\"");
	lc_strbuf_adds(&become, "USER ");
	lc_harden_add_user(&become, editor->plan);
	lc_strbuf_adds(&become, eol);
	if (chown.failed || become.failed)
		return false;
	add_run(&run, editor->plan, "RUN [\"mkdir\", \"-p\"", true, eol);
	add_run(&run, editor->plan, chown.text, false, eol);
	if (run.failed)
		return false;
	if (run.length)
		lc_edits_add(edits, offset_before(editor, files), offset_before(editor, files), run.text);
	lc_edits_add(edits, offset_before(editor, user), offset_before(editor, user), become.text);
	return !edits->failed;
}

/* Whether the file with EDITS is read as it is meant: so many instructions more, and the new user as the stage's. */
static int read_again(const struct editor *editor, const struct lc_edits *edits)
{
	_cleanup_(lc_dockerfile_clear) struct lc_dockerfile after = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf user = {0};
	_cleanup_free_ char *text = lc_edits_apply(editor->file->text, edits);
	_cleanup_free_ char *message = NULL;
	const struct lc_docker_stage *stage;
	size_t found;
	int r = text ? lc_dockerfile_read(&after, editor->file->path, text, strlen(text), &message) : -ENOMEM;

	lc_harden_add_user(&user, editor->plan);
	if (r || user.failed)
		return r ? r : -ENOMEM;
	stage = after.n_stages == editor->file->n_stages ? &after.stages[editor->stage - editor->file->stages] : NULL;
	found = stage ? find_user(&after, stage, stage->end) : SIZE_MAX;
	if (found == SIZE_MAX || strcmp(after.instructions[found].words, user.text) != 0 || after.n <= editor->file->n)
		return refuse(editor, editor->stage->first, "it is written in a way that is not understood");
	return 0;
}

/* Finds the stage called NAME, or the last one. 0 or -ENOTSUP. */
static int choose_stage(struct editor *editor, const char *name)
{
	const struct lc_dockerfile *file = editor->file;

	editor->stage = name ? find_stage(file, name, file->n_stages) : &file->stages[file->n_stages - 1];
	if (editor->stage)
		return 0;
	lc_complain(editor->message, -ENOTSUP, "%s: it has no stage called %s; it is left as it is", file->path, name);
	return -ENOTSUP;
}

int lc_dockerfile_patch(const char *path, const char *text, size_t length, const char *stage,
	const struct lc_harden_plan *plan, struct lc_strbuf *diff, char **message)
{
	_cleanup_(lc_dockerfile_clear) struct lc_dockerfile file = {0};
	_cleanup_(lc_edits_clear) struct lc_edits edits = {0};
	struct editor editor = {.file = &file, .plan = plan, .message = message};
	size_t files, user;
	int r = lc_dockerfile_read(&file, path, text, length, message);

	if (!r)
		r = choose_stage(&editor, stage);
	if (r)
		return r;
	files = place_for_files(&editor);
	user = place_for_user(&editor);
	r = check(&editor, files, user);
	if (!r && !add_edits(&editor, files, user, &edits))
		r = -ENOMEM;
	if (!r && !lc_edits_sort(&edits))
		r = refuse(&editor, editor.stage->first, "it is written in a way that is not understood");
	if (!r)
		r = read_again(&editor, &edits);
	if (!r)
		lc_edits_diff(file.text, &edits, path, diff);
	return r ? r : diff->failed ? -ENOMEM : 0;
}
