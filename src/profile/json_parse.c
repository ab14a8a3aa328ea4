/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON as values, as RFC 8259 has it; what jansson refuses by default (a key twice, U+0000, depth, numbers beyond 64 bits) is refused too. */
#include "json_parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH  2048
#define BLOCK_SIZE ((size_t)64 << 10)

/* Of so many members each key is compared with those before it; of more they are sorted. */
#define MOST_COMPARED 64

struct lc_parsed_block {
	struct lc_parsed_block *before;
	size_t used;
	size_t size;
	char text[];
};

/* What a value is read with. */
struct parsing {
	struct lc_parsed_tree *tree;
	struct lc_json_source *source;
	lc_parsed_list_reader *lists; /* of the outermost object only */
	void *context;
	int depth;
};

/* Forgets what TREE holds. One block stays, so that the next value needs no memory of its own. */
static void forget(struct lc_parsed_tree *tree)
{
	while (tree->blocks && (tree->blocks->before || tree->blocks->size > BLOCK_SIZE)) {
		struct lc_parsed_block *block = tree->blocks;

		tree->blocks = block->before;
		free(block);
	}
	if (tree->blocks)
		tree->blocks->used = 0;
	tree->n = 0;
}

void lc_parsed_clear(struct lc_parsed_tree *tree)
{
	forget(tree);
	free(tree->blocks);
	free(tree->values);
	*tree = (struct lc_parsed_tree){0};
}

/* Room for a text of LENGTH bytes and its NUL, or NULL. */
static char *text_room(struct lc_parsed_tree *tree, size_t length)
{
	struct lc_parsed_block *block = tree->blocks;
	char *room;

	if (!block || block->size - block->used <= length) {
		size_t size = length < BLOCK_SIZE ? BLOCK_SIZE : length + 1;

		block = malloc(sizeof(*block) + size);
		if (!block)
			return NULL;
		*block = (struct lc_parsed_block){.before = tree->blocks, .size = size};
		tree->blocks = block;
	}
	room = block->text + block->used;
	block->used += length + 1;
	return room;
}

/* Appends a value to the tree: its place there, or -ENOMEM or -EINVAL. */
static ssize_t add_value(struct parsing *parsing, enum lc_parsed_type type)
{
	struct lc_parsed_tree *tree = parsing->tree;

	if (++parsing->source->n_values > LC_PROFILE_MAX_VALUES)
		return lc_json_complain(
			parsing->source->root, "more than %d values: too big for a profile", LC_PROFILE_MAX_VALUES);
	if (tree->n == tree->room) {
		size_t room = tree->room ? tree->room * 2 : 64;
		struct lc_parsed *values = reallocarray(tree->values, room, sizeof(*values));

		if (!values)
			return -ENOMEM;
		tree->values = values;
		tree->room = room;
	}
	tree->values[tree->n] = (struct lc_parsed){.type = type, .extent = 1};
	return (ssize_t)tree->n++;
}

/* Goes to what is no space. 0, or as lc_json_source_ends. */
static int skip_space(struct lc_json_source *source)
{
	for (;; source->at++) {
		char c;

		if (!lc_json_source_has(source, 0))
			return lc_json_source_ends(source);
		c = source->text[source->at];
		if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
			return 0;
	}
}

/* Says that WANTED was expected at the byte AHEAD. */
static int complain_of(struct lc_json_source *source, size_t ahead, const char *wanted)
{
	unsigned char c = (unsigned char)source->text[source->at + ahead];

	if (c > ' ' && c < 0x7f)
		return lc_json_source_complain(source, ahead + 1, "%s is expected, not '%c'", wanted, c);
	return lc_json_source_complain(source, ahead + 1, "%s is expected, not byte 0x%x", wanted, c);
}

/* How many bytes the character of UTF-8 takes that is AHEAD and begins with a byte from 0x80 on; or an error. */
static int character_length(struct lc_json_source *source, size_t ahead)
{
	unsigned char first = (unsigned char)source->text[source->at + ahead], second;
	int n = first >= 0xc2 && first < 0xe0   ? 2
		: first >= 0xe0 && first < 0xf0 ? 3
		: first >= 0xf0 && first < 0xf5 ? 4
						: 0;

	if (!n)
		return lc_json_source_complain(source, ahead, "unable to decode byte 0x%x", first);
	for (int i = 1; i < n; i++) {
		if (!lc_json_source_has(source, ahead + (size_t)i))
			return lc_json_source_ends(source);
		if (((unsigned char)source->text[source->at + ahead + (size_t)i] & 0xc0) != 0x80)
			return lc_json_source_complain(source, ahead, "unable to decode byte 0x%x", first);
	}
	/* Longer than needed, a surrogate, or beyond U+10FFFF. */
	second = (unsigned char)source->text[source->at + ahead + 1];
	if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) || (first == 0xf0 && second < 0x90) ||
		(first == 0xf4 && second >= 0x90))
		return lc_json_source_complain(source, ahead, "unable to decode byte 0x%x", first);
	return n;
}

/*
 * Finds the end of the string behind whose quotation mark SOURCE stands: its LENGTH, and whether it is ESCAPED. It is then in memory as
 * a whole. 0 or an error.
 */
static int find_end(struct lc_json_source *source, size_t *length, bool *escaped)
{
	size_t ahead = 0;

	*escaped = false;
	for (;;) {
		unsigned char c;
		int n = 1;

		if (!lc_json_source_has(source, ahead))
			return lc_json_source_ends(source);
		c = (unsigned char)source->text[source->at + ahead];
		if (c == '"')
			break;
		if (c < 0x20)
			return lc_json_source_complain(source, ahead, "control character 0x%x", c);
		if (c >= 0x80)
			n = character_length(source, ahead);
		if (n < 0)
			return n;
		if (c == '\\') {
			*escaped = true;
			/* Whatever it is, it ends nothing. */
			if (!lc_json_source_has(source, ahead + 1))
				return lc_json_source_ends(source);
			n = source->text[source->at + ahead + 1] == '"' || source->text[source->at + ahead + 1] == '\\'
				    ? 2
				    : 1;
		}
		ahead += (size_t)n;
	}
	*length = ahead;
	return 0;
}

/* The number that the four hexadecimal digits at TEXT say, which LENGTH bytes are left of; -1 when they are none. */
static int hexadecimal(const char *text, size_t length)
{
	int number = 0;

	if (length < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = text[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			return -1;
		number = number << 4 | digit;
	}
	return number;
}

/* Writes the character of NUMBER to OUT in UTF-8. Returns its end. */
static char *put_character(char *out, int number)
{
	if (number < 0x80) {
		*out++ = (char)number;
	} else if (number < 0x800) {
		*out++ = (char)(0xc0 | number >> 6);
		*out++ = (char)(0x80 | (number & 0x3f));
	} else if (number < 0x10000) {
		*out++ = (char)(0xe0 | number >> 12);
		*out++ = (char)(0x80 | (number >> 6 & 0x3f));
		*out++ = (char)(0x80 | (number & 0x3f));
	} else {
		*out++ = (char)(0xf0 | number >> 18);
		*out++ = (char)(0x80 | (number >> 12 & 0x3f));
		*out++ = (char)(0x80 | (number >> 6 & 0x3f));
		*out++ = (char)(0x80 | (number & 0x3f));
	}
	return out;
}

/*
 * Decodes the character that follows a \u at TEXT, of which LENGTH bytes are left: its *NUMBER. How many bytes were taken; 0 when it
 * is none: no digits, or a half of a pair alone.
 */
static size_t decode_number(const char *text, size_t length, int *number)
{
	int low;

	*number = hexadecimal(text, length);
	if (*number < 0 || (*number >= 0xdc00 && *number <= 0xdfff))
		return 0;
	if (*number < 0xd800 || *number > 0xdbff)
		return 4;
	low = length >= 10 && text[4] == '\\' && text[5] == 'u' ? hexadecimal(text + 6, length - 6) : -1;
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*number = 0x10000 + ((*number - 0xd800) << 10) + (low - 0xdc00);
	return 10;
}

/* Decodes the LENGTH bytes that SOURCE stands before to OUT, which has as much room. The length of that, or a negative errno. */
static ssize_t decode(struct lc_json_source *source, size_t length, char *out)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	const char *text = source->text + source->at, *begin = out;

	for (size_t i = 0; i < length; i++) {
		const char *letter;
		int number;
		size_t n;

		if (text[i] != '\\') {
			*out++ = text[i];
			continue;
		}
		i++;
		letter = memchr(letters, text[i], sizeof(letters) - 1);
		if (letter) {
			*out++ = meanings[letter - letters];
			continue;
		}
		n = text[i] == 'u' ? decode_number(text + i + 1, length - i - 1, &number) : 0;
		if (!n)
			return lc_json_source_complain(source, i + 1, "invalid escape");
		if (!number)
			return lc_json_source_complain(source, length + 1, "\\u0000 is not allowed");
		out = put_character(out, number);
		i += n;
	}
	return out - begin;
}

/* Reads the string before which SOURCE stands to *TEXT, which TREE owns. Its length, or a negative errno. */
static ssize_t read_string(struct parsing *parsing, const char **text)
{
	struct lc_json_source *source = parsing->source;
	bool escaped;
	size_t length = 0;
	ssize_t n;
	char *room;
	int err;

	source->at++;
	err = find_end(source, &length, &escaped);
	if (err)
		return err;
	room = text_room(parsing->tree, length);
	if (!room)
		return -ENOMEM;
	if (!escaped)
		memcpy(room, source->text + source->at, length);
	n = escaped ? decode(source, length, room) : (ssize_t)length;
	if (n < 0)
		return n;
	room[n] = '\0';
	*text = room;
	source->at += length + 1;
	return n;
}

/* How many digits lie AHEAD. */
static size_t count_digits(struct lc_json_source *source, size_t ahead)
{
	size_t n = 0;

	while (lc_json_source_has(source, ahead + n) && source->text[source->at + ahead + n] >= '0' &&
		source->text[source->at + ahead + n] <= '9')
		n++;
	return n;
}

/* Whether the byte AHEAD is one of CHARACTERS. */
static bool stands(struct lc_json_source *source, size_t ahead, const char *characters)
{
	return lc_json_source_has(source, ahead) && source->text[source->at + ahead] &&
	       strchr(characters, source->text[source->at + ahead]);
}

/* Says that digits are missing AHEAD. */
static int complain_of_digits(struct lc_json_source *source, size_t ahead)
{
	return lc_json_source_has(source, ahead) ? complain_of(source, ahead, "a digit") : lc_json_source_ends(source);
}

/* Finds the end of the number before which SOURCE stands: its LENGTH, and whether it is WHOLE. 0 or an error. */
static int measure_number(struct lc_json_source *source, size_t *length, bool *whole)
{
	size_t ahead = stands(source, 0, "-"), n = count_digits(source, ahead);

	if (n > 1 && source->text[source->at + ahead] == '0')
		return lc_json_source_complain(source, ahead + 1, "a number begins with 0");
	if (!n)
		return complain_of_digits(source, ahead);
	ahead += n;
	*whole = true;
	if (stands(source, ahead, ".")) {
		*whole = false;
		n = count_digits(source, ++ahead);
		if (!n)
			return complain_of_digits(source, ahead);
		ahead += n;
	}
	if (stands(source, ahead, "eE")) {
		*whole = false;
		ahead++;
		ahead += stands(source, ahead, "+-");
		n = count_digits(source, ahead);
		if (!n)
			return complain_of_digits(source, ahead);
		ahead += n;
	}
	*length = ahead;
	return 0;
}

static int parse_number(struct parsing *parsing, struct lc_parsed *value)
{
	struct lc_json_source *source = parsing->source;
	size_t length = 0;
	bool whole = true, negative;
	int64_t number = 0;
	int err = measure_number(source, &length, &whole);

	if (err)
		return err;
	negative = source->text[source->at] == '-';
	for (size_t i = negative; whole && i < length; i++) {
		int digit = source->text[source->at + i] - '0';

		if (__builtin_mul_overflow(number, 10, &number) ||
			__builtin_add_overflow(number, negative ? -digit : digit, &number))
			return lc_json_source_complain(
				source, length, negative ? "too big negative integer" : "too big integer");
	}
	value->type = whole ? LC_PARSED_INTEGER : LC_PARSED_FRACTION;
	value->number = number;
	source->at += length;
	return 0;
}

static int parse_word(struct parsing *parsing, struct lc_parsed *value)
{
	static const struct {
		const char *word;
		enum lc_parsed_type type;
	} words[] = {{"true", LC_PARSED_TRUE}, {"false", LC_PARSED_FALSE}, {"null", LC_PARSED_NULL}};
	struct lc_json_source *source = parsing->source;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i].word), n = 0;

		while (n < length && lc_json_source_has(source, n) && source->text[source->at + n] == words[i].word[n])
			n++;
		if (n && !lc_json_source_has(source, n) && n < length)
			return lc_json_source_ends(source);
		if (n == length) {
			value->type = words[i].type;
			source->at += length;
			return 0;
		}
	}
	return complain_of(source, 0, "a value");
}

/* A few bits that tell most keys apart. */
static uint32_t hash_of(const char *key, size_t length)
{
	return length ? (uint32_t)length * 7 + (unsigned char)key[0] * 31u + (unsigned char)key[length - 1] * 131u +
				(unsigned char)key[length / 2] * 521u
		      : 0;
}

static uint64_t bit_of(uint32_t hash)
{
	return UINT64_C(1) << ((hash ^ hash >> 6) & 63);
}

/* Whether one of the N members that follow OBJECT is called KEY, by comparing them. */
static bool has_key(const struct lc_parsed *object, size_t n, const char *key, uint32_t hash)
{
	const struct lc_parsed *member = object + 1;

	for (size_t i = 0; i < n; i++, member += member->extent) {
		if (member->hash == hash && strcmp(member->key, key) == 0)
			return true;
	}
	return false;
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Refuses two of the N members of OBJECT, which are many, that are called alike. 0 or an error. */
static int check_keys(struct parsing *parsing, const struct lc_parsed *object, size_t n)
{
	const char **keys = reallocarray(NULL, n, sizeof(*keys));
	const struct lc_parsed *member = object + 1;
	int err = 0;

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++, member += member->extent)
		keys[i] = member->key;
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 1; !err && i < n; i++) {
		if (strcmp(keys[i - 1], keys[i]) == 0)
			err = lc_json_source_complain(parsing->source, 0, "duplicate object key");
	}
	free(keys);
	return err;
}

static int parse_value(struct parsing *parsing, const char *key, uint32_t hash);

/* Reads what stands behind KEY, a member of the object that is the value PARENT. 0 or an error. */
// NOLINTNEXTLINE(misc-no-recursion)
static int parse_member(struct parsing *parsing, size_t parent, const char *key, uint32_t hash)
{
	struct lc_json_source *source = parsing->source;
	int r = skip_space(source);
	ssize_t at;

	if (r)
		return r;
	if (source->text[source->at] != ':')
		return complain_of(source, 0, "':'");
	source->at++;
	r = skip_space(source);
	if (r || parsing->depth > 1 || !parsing->lists || source->text[source->at] != '[')
		return r ? r : parse_value(parsing, key, hash);
	r = parsing->lists(parsing->context, &parsing->tree->values[parent], key);
	if (r <= 0)
		return r < 0 ? r : parse_value(parsing, key, hash);
	at = add_value(parsing, LC_PARSED_READ);
	if (at < 0)
		return (int)at;
	parsing->tree->values[at].key = key;
	parsing->tree->values[at].hash = hash;
	return 0;
}

/*
 * Whether what SOURCE stands in, and what CLOSE ends, goes on: 1 before what comes next, 0 behind the end, or a negative errno. FIRST:
 * SOURCE stands behind its beginning.
 */
static int goes_on(struct lc_json_source *source, char close, bool first)
{
	int r = skip_space(source);

	if (r)
		return r;
	if (source->text[source->at] == close) {
		source->at++;
		return 0;
	}
	if (first)
		return 1;
	if (source->text[source->at] != ',')
		return complain_of(source, 0, close == '}' ? "',' or '}'" : "',' or ']'");
	source->at++;
	r = skip_space(source);
	return r ? r : 1;
}

/* Reads the members of the object that is the value AT. 0 or an error. */
// NOLINTNEXTLINE(misc-no-recursion)
static int parse_object(struct parsing *parsing, size_t at)
{
	struct lc_json_source *source = parsing->source;
	struct lc_parsed_tree *tree = parsing->tree;
	size_t n = 0;
	int r;

	source->at++;
	while ((r = goes_on(source, '}', n == 0)) > 0) {
		const char *key = "";
		ssize_t length;
		uint32_t hash;

		if (source->text[source->at] != '"')
			return complain_of(source, 0, "a key");
		length = read_string(parsing, &key);
		if (length < 0)
			return (int)length;
		hash = hash_of(key, (size_t)length);
		if (n < MOST_COMPARED && tree->values[at].keys & bit_of(hash) &&
			has_key(&tree->values[at], n, key, hash))
			return lc_json_source_complain(source, 0, "duplicate object key");
		n++;
		r = parse_member(parsing, at, key, hash);
		if (r)
			return r;
		tree->values[at].keys |= bit_of(hash);
		tree->values[at].extent = (uint32_t)(tree->n - at);
	}
	return r ? r : n > MOST_COMPARED ? check_keys(parsing, &tree->values[at], n) : 0;
}

// NOLINTNEXTLINE(misc-no-recursion)
static int parse_list(struct parsing *parsing)
{
	struct lc_json_source *source = parsing->source;
	bool first = true;
	int r;

	source->at++;
	while ((r = goes_on(source, ']', first)) > 0) {
		first = false;
		r = parse_value(parsing, NULL, 0);
		if (r)
			return r;
	}
	return r;
}

/* Reads the object or list, as TYPE says, that is the value AT. 0 or an error. */
// NOLINTNEXTLINE(misc-no-recursion)
static int parse_inside(struct parsing *parsing, enum lc_parsed_type type, size_t at)
{
	int err;

	if (++parsing->depth > MAX_DEPTH)
		return lc_json_source_complain(parsing->source, 1, "maximum parsing depth reached");
	err = type == LC_PARSED_OBJECT ? parse_object(parsing, at) : parse_list(parsing);
	parsing->depth--;
	parsing->tree->values[at].extent = (uint32_t)(parsing->tree->n - at);
	return err;
}

/* Reads the value before which SOURCE stands, which is KEY's (NULL: nobody's). 0 or an error. */
// NOLINTNEXTLINE(misc-no-recursion)
static int parse_value(struct parsing *parsing, const char *key, uint32_t hash)
{
	struct lc_json_source *source = parsing->source;
	char c = source->text[source->at];
	enum lc_parsed_type type = c == '{' ? LC_PARSED_OBJECT : c == '[' ? LC_PARSED_LIST : LC_PARSED_STRING;
	ssize_t at = add_value(parsing, type), length;
	struct lc_parsed *value;

	if (at < 0)
		return (int)at;
	value = &parsing->tree->values[at];
	value->key = key;
	value->hash = hash;
	if (type != LC_PARSED_STRING)
		return parse_inside(parsing, type, (size_t)at);
	if (c == '-' || (c >= '0' && c <= '9'))
		return parse_number(parsing, value);
	if (c != '"')
		return parse_word(parsing, value);
	length = read_string(parsing, &value->text);
	if (length < 0)
		return (int)length;
	value->length = (size_t)length;
	return 0;
}

int lc_parsed_read(
	struct lc_parsed_tree *tree, struct lc_json_source *source, lc_parsed_list_reader *lists, void *context)
{
	struct parsing parsing = {.tree = tree, .source = source, .lists = lists, .context = context};
	int r;

	forget(tree);
	r = skip_space(source);
	return r ? r : parse_value(&parsing, NULL, 0);
}

int lc_parsed_element(struct lc_json_source *source, bool first)
{
	if (first)
		source->at++;
	return goes_on(source, ']', first);
}

int lc_parsed_end(struct lc_json_source *source)
{
	for (; lc_json_source_has(source, 0); source->at++) {
		if (!stands(source, 0, " \n\t\r"))
			return complain_of(source, 0, "the end of the file");
	}
	return source->error;
}

const struct lc_parsed *lc_parsed_get(const struct lc_parsed *object, const char *key)
{
	const struct lc_parsed *end, *member;
	uint32_t hash;

	if (!lc_parsed_is(object, LC_PARSED_OBJECT))
		return NULL;
	hash = hash_of(key, strlen(key));
	if (!(object->keys & bit_of(hash)))
		return NULL;
	end = object + object->extent;
	for (member = object + 1; member < end; member += member->extent) {
		if (member->hash == hash && strcmp(member->key, key) == 0)
			return member;
	}
	return NULL;
}
