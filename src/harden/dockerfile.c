/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads Dockerfiles. What the engine's two builders could read in two ways is not understood, and nothing is guessed. */
#include "dockerfile_private.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/dockerfile.h>
#include <leastcap/message.h>

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *word;
	enum lc_docker_kind kind;
} keywords[] = {
	{"FROM", LC_DOCKER_FROM},
	{"RUN", LC_DOCKER_BUILD},
	{"COPY", LC_DOCKER_BUILD},
	{"ADD", LC_DOCKER_BUILD},
	{"WORKDIR", LC_DOCKER_BUILD},
	{"SHELL", LC_DOCKER_BUILD},
	{"USER", LC_DOCKER_USER},
	{"VOLUME", LC_DOCKER_VOLUME},
	{"CMD", LC_DOCKER_START},
	{"ENTRYPOINT", LC_DOCKER_START},
	{"ONBUILD", LC_DOCKER_LATER},
	{"ARG", LC_DOCKER_NOTE},
	{"ENV", LC_DOCKER_NOTE},
	{"EXPOSE", LC_DOCKER_NOTE},
	{"HEALTHCHECK", LC_DOCKER_NOTE},
	{"LABEL", LC_DOCKER_NOTE},
	{"MAINTAINER", LC_DOCKER_NOTE},
	{"STOPSIGNAL", LC_DOCKER_NOTE},
};

/* The reading of one file. */
struct reader {
	struct lc_dockerfile *file;
	size_t at;
	char **message;
};

/* Says that what stands at OFFSET is not understood. */
static int refuse(const struct reader *reader, size_t offset, const char *why)
{
	lc_complain(reader->message, -ENOTSUP, "%s:%zu: %s", reader->file->path,
		lc_yaml_line(reader->file->text, offset), why);
	return -ENOTSUP;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A line: from its first byte that is no blank to after its last such. */
struct line {
	const char *text;
	size_t length;
};

/* Takes the line at the reader's place. */
static struct line take_line(struct reader *reader)
{
	const struct lc_yaml_tree *tree = reader->file->text;
	size_t start = reader->at, end = lc_yaml_next_line(tree, start);

	reader->at = end;
	while (end > start && (is_blank(tree->text[end - 1]) || tree->text[end - 1] == '\n'))
		end--;
	while (start < end && is_blank(tree->text[start]))
		start++;
	return (struct line){tree->text + start, end - start};
}

static bool is_comment(const struct line *line)
{
	return line->length && *line->text == '#';
}

/* The value of the directive LINE, "# escape=`", if it is called NAME; NULL: it is not. Caller frees. */
static char *directive(const struct line *line, const char *name)
{
	const char *at = line->text + 1, *end = line->text + line->length;
	size_t length = strlen(name);

	while (at < end && is_blank(*at))
		at++;
	if ((size_t)(end - at) <= length || strncasecmp(at, name, length) != 0)
		return NULL;
	for (at += length; at < end && is_blank(*at);)
		at++;
	if (at == end || *at != '=')
		return NULL;
	for (at++; at < end && is_blank(*at);)
		at++;
	return strndup(at, (size_t)(end - at));
}

/* Reads the directives in the first lines, which are comments. 0 or -errno. */
static int read_directives(struct reader *reader)
{
	struct lc_dockerfile *file = reader->file;

	file->escape = '\\';
	while (reader->at < file->text->length) {
		size_t start = reader->at;
		struct line line = take_line(reader);
		_cleanup_free_ char *escape = is_comment(&line) ? directive(&line, "escape") : NULL;
		_cleanup_free_ char *syntax = is_comment(&line) ? directive(&line, "syntax") : NULL;
		_cleanup_free_ char *check = is_comment(&line) ? directive(&line, "check") : NULL;

		if (!escape && !syntax && !check) {
			reader->at = start;
			return 0;
		}
		if (escape && strcmp(escape, "\\") != 0 && strcmp(escape, "`") != 0)
			return refuse(reader, start, "the escape directive names neither \\ nor `");
		if (escape)
			file->escape = *escape;
		if (syntax && !strstr(syntax, "docker/dockerfile"))
			return refuse(reader, start, "it has a syntax of its own");
	}
	return 0;
}

/* Whether LINE goes on in the next one. */
static bool goes_on(const struct reader *reader, const struct line *line)
{
	return line->length && line->text[line->length - 1] == reader->file->escape;
}

/* Whether LINE ends in the escape character twice, which not all versions of the engine read alike. */
static bool is_doubtful(const struct reader *reader, const struct line *line)
{
	return goes_on(reader, line) && line->length > 1 && line->text[line->length - 2] == reader->file->escape;
}

/* Takes the lines of an instruction, put together without comments, into TEXT. 0 or -errno. */
static int take_instruction(struct reader *reader, struct lc_strbuf *text)
{
	bool more = true, first = true;

	while (more && reader->at < reader->file->text->length) {
		size_t start = reader->at;
		struct line line = take_line(reader);

		/* Comments and empty lines within are passed over. */
		if (!first && (!line.length || is_comment(&line)))
			continue;
		first = false;
		if (is_doubtful(reader, &line))
			return refuse(reader, start,
				"the line ends in two escape characters, which not every builder reads alike");
		more = goes_on(reader, &line);
		lc_strbuf_add(text, line.text, line.length - more);
		lc_strbuf_adds(text, more ? " " : "");
	}
	return text->failed ? -ENOMEM : 0;
}

/* Appends the end of the document that WORD begins, "<<-'EOF'", to END. Whether it begins one. */
static bool begins_document(const char *word, struct lc_strbuf *end, bool *tabs)
{
	while (isdigit((unsigned char)*word))
		word++;
	if (strncmp(word, "<<", 2) != 0)
		return false;
	word += 2;
	*tabs = *word == '-';
	word += *tabs;
	if (!*word || strchr(word, '<'))
		return false;
	for (; *word; word++) {
		if (*word != '"' && *word != '\'')
			lc_strbuf_add(end, word, 1);
	}
	return end->length;
}

/*
 * Takes the next word at *AT, with its quotes, as the shell tells words apart, into WORD. False: there is none. *OPEN becomes true where a quote in it does not
 * end.
 */
static bool next_word(const char **at, char escape, struct lc_strbuf *word, bool *open)
{
	char quote = 0;

	lc_strbuf_free(word);
	while (is_blank(**at))
		++*at;
	if (!**at)
		return false;
	for (; **at && (quote || !is_blank(**at)); ++*at) {
		if (**at == escape && quote != '\'' && (*at)[1])
			lc_strbuf_add(word, (*at)++, 1);
		else if (quote && **at == quote)
			quote = '\0';
		else if (!quote && (**at == '"' || **at == '\''))
			quote = **at;
		lc_strbuf_add(word, *at, 1);
	}
	*open |= quote != 0;
	return true;
}

/* Passes over the document that ends in a line END. 0 or -errno. */
static int skip_document(struct reader *reader, size_t began, const char *end, bool tabs)
{
	const struct lc_yaml_tree *tree = reader->file->text;

	while (reader->at < tree->length) {
		size_t start = reader->at, next = lc_yaml_next_line(tree, start), length;

		reader->at = next;
		while (tabs && tree->text[start] == '\t')
			start++;
		length = next - start;
		while (length && (tree->text[start + length - 1] == '\n' || tree->text[start + length - 1] == '\r'))
			length--;
		if (length == strlen(end) && !strncmp(tree->text + start, end, length))
			return 0;
	}
	return refuse(reader, began, "a document (<<) that begins here does not end");
}

/* Passes over the documents that TEXT, an instruction that began at START, brings with it. 0 or -errno. */
static int skip_documents(struct reader *reader, size_t start, const char *text)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf word = {0};
	const char *at = text;
	bool open = false;
	int r = 0;

	while (!r && next_word(&at, reader->file->escape, &word, &open)) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf end = {0};
		bool tabs = false;

		if (begins_document(word.text, &end, &tabs))
			r = skip_document(reader, start, end.text, tabs);
		if (word.failed || end.failed)
			return -ENOMEM;
	}
	if (!r && open && strstr(text, "<<"))
		r = refuse(reader, start, "whether << begins a document behind a quote that does not end is not clear");
	return r;
}

/* Whether the instruction KEYWORD, LENGTH bytes, may bring documents with it. */
static bool takes_documents(const char *keyword, size_t length)
{
	static const char *const words[] = {"RUN", "COPY", "ADD", "ONBUILD"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i]) == length && !strncasecmp(keyword, words[i], length))
			return true;
	}
	return false;
}

/* Begins a stage with the words of FROM. 0 or -errno. */
static int add_stage(struct reader *reader, const struct lc_docker_instruction *from)
{
	struct lc_dockerfile *file = reader->file;
	struct lc_docker_stage *stages = lc_array_grow(file->stages, file->n_stages, sizeof(*stages));
	_cleanup_(lc_strbuf_free) struct lc_strbuf word = {0};
	const char *at = from->words;
	struct lc_docker_stage *stage;
	bool named = false, open = false;

	if (!stages)
		return -ENOMEM;
	file->stages = stages;
	stage = &stages[file->n_stages++];
	*stage = (struct lc_docker_stage){.first = file->n - 1, .end = file->n};
	while (next_word(&at, file->escape, &word, &open)) {
		char **into = !stage->base ? &stage->base : named ? &stage->name : NULL;

		if (word.text && !strncmp(word.text, "--", 2) && !stage->base)
			continue;
		if (stage->base && !named && word.text && !strcasecmp(word.text, "AS"))
			named = true;
		else if (!into || *into)
			return refuse(reader, from->start, "its FROM has words that are not understood");
		else if (!(*into = strdup(word.text ? word.text : "")))
			return -ENOMEM;
	}
	return stage->base && named == (stage->name != NULL)
		       ? 0
		       : refuse(reader, from->start, "its FROM has words that are not understood");
}

/* Adds the instruction TEXT, which begins at START. 0 or -errno. */
static int add_instruction(struct reader *reader, size_t start, const char *text)
{
	struct lc_dockerfile *file = reader->file;
	size_t length = strcspn(text, " \t");
	struct lc_docker_instruction *grown;
	size_t i;

	for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (strlen(keywords[i].word) == length && !strncasecmp(text, keywords[i].word, length))
			break;
	}
	if (i == sizeof(keywords) / sizeof(keywords[0]))
		return refuse(reader, start, "it has an instruction that is not understood");
	if (!file->n_stages && keywords[i].kind != LC_DOCKER_FROM && strncasecmp(text, "ARG", 3) != 0)
		return refuse(reader, start, "an instruction stands before FROM");
	grown = lc_array_grow(file->instructions, file->n, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	file->instructions = grown;
	grown += file->n;
	*grown = (struct lc_docker_instruction){
		.kind = keywords[i].kind,
		.start = start,
		.end = reader->at,
		.words = strdup(text + length + strspn(text + length, " \t")),
	};
	if (!grown->words)
		return -ENOMEM;
	file->n++;
	if (keywords[i].kind == LC_DOCKER_FROM)
		return add_stage(reader, grown);
	if (file->n_stages)
		file->stages[file->n_stages - 1].end = file->n;
	return 0;
}

/* Reads the instruction at the reader's place, if there is one. 0 or -errno. */
static int read_instruction(struct reader *reader)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	size_t start = reader->at;
	struct line line = take_line(reader);
	int r;

	if (!line.length || is_comment(&line))
		return 0;
	reader->at = start;
	r = take_instruction(reader, &text);
	/* A line that goes on, with nothing behind it. */
	if (r || !text.text)
		return r;
	if (takes_documents(text.text, strcspn(text.text, " \t")))
		r = skip_documents(reader, start, text.text);
	return r ? r : add_instruction(reader, start, text.text);
}

int lc_dockerfile_read(struct lc_dockerfile *file, const char *path, const char *text, size_t length, char **message)
{
	struct reader reader = {.file = file, .message = message};
	int r;

	file->path = path;
	if (length > LC_DOCKERFILE_MAX_SIZE || memchr(text, '\0', length)) {
		lc_complain(message, -ENOTSUP, "%s: it is no Dockerfile", path);
		return -ENOTSUP;
	}
	r = lc_yaml_read_plain(&file->text, text, length);
	if (r)
		return r;
	/* A mark of the byte order, as editors write it. */
	if (length >= 3 && !memcmp(text, "\357\273\277", 3))
		reader.at = 3;
	r = read_directives(&reader);
	while (!r && reader.at < file->text->length)
		r = read_instruction(&reader);
	if (!r && !file->n_stages) {
		lc_complain(message, -ENOTSUP, "%s: it has no FROM", path);
		r = -ENOTSUP;
	}
	return r;
}

void lc_dockerfile_clear(struct lc_dockerfile *file)
{
	for (size_t i = 0; i < file->n; i++)
		free(file->instructions[i].words);
	for (size_t i = 0; i < file->n_stages; i++) {
		free(file->stages[i].name);
		free(file->stages[i].base);
	}
	free(file->instructions);
	free(file->stages);
	lc_yaml_tree_free(file->text);
	*file = (struct lc_dockerfile){0};
}
