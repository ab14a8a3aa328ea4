/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of JSON as values: it takes what jansson takes, with the same values, wherever the text is cut into pieces. */
#include "src/profile/json_parse.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

/* A text of which each read gives STEP bytes. */
struct pieces {
	const char *text;
	size_t left;
	size_t step;
};

static long fill(void *from, char *buffer, size_t size)
{
	struct pieces *pieces = from;
	size_t n = pieces->step;

	if (n > size)
		n = size;
	if (n > pieces->left)
		n = pieces->left;
	memcpy(buffer, pieces->text, n);
	pieces->text += n;
	pieces->left -= n;
	return (long)n;
}

static void assert_same(const struct lc_parsed *value, const json_t *wanted)
{
	const struct lc_parsed *element = lc_parsed_first(value);
	const char *key;
	size_t index;
	json_t *child;

	switch (json_typeof(wanted)) {
	case JSON_OBJECT:
		assert_true(lc_parsed_is(value, LC_PARSED_OBJECT));
		json_object_foreach((json_t *)wanted, key, child) assert_same(lc_parsed_get(value, key), child);
		assert_null(lc_parsed_get(value, "nobody's key"));
		break;
	case JSON_ARRAY:
		assert_true(lc_parsed_is(value, LC_PARSED_LIST));
		json_array_foreach(wanted, index, child)
		{
			assert_non_null(element);
			assert_same(element, child);
			element = lc_parsed_next(value, element);
		}
		assert_null(element);
		break;
	case JSON_STRING:
		assert_true(lc_parsed_is(value, LC_PARSED_STRING));
		assert_int_equal(value->length, json_string_length(wanted));
		assert_string_equal(value->text, json_string_value(wanted));
		break;
	case JSON_INTEGER:
		assert_true(lc_parsed_is(value, LC_PARSED_INTEGER));
		assert_true(value->number == json_integer_value(wanted));
		break;
	case JSON_REAL:
		assert_true(lc_parsed_is(value, LC_PARSED_FRACTION));
		break;
	default:
		assert_string_equal(lc_json_type_name(value), json_is_true(wanted)    ? "true"
							      : json_is_false(wanted) ? "false"
										      : "null");
	}
}

/* Reads LENGTH bytes of TEXT, STEP at a time (0: at once), and asserts that it is WANTED (NULL: refused). *MESSAGE is what was said. */
static void try(const char *text, size_t length, size_t step, const json_t *wanted, char **message)
{
	const struct lc_json_place root = {.message = message};
	_cleanup_(lc_json_source_clear) struct lc_json_source source = {.root = &root};
	_cleanup_(lc_parsed_clear) struct lc_parsed_tree tree = {0};
	struct pieces pieces = {text, length, step};
	int r;

	if (step)
		lc_json_source_fill(&source, fill, &pieces);
	else
		lc_json_source_text(&source, text, length);
	r = lc_parsed_read(&tree, &source, NULL, NULL);
	if (!r)
		r = lc_parsed_end(&source);
	if (wanted && r)
		fail_msg("refused: %s: %s", text, *message);
	assert_int_equal(r, wanted ? 0 : -EINVAL);
	if (wanted)
		assert_same(tree.values, wanted);
	else
		assert_non_null(*message);
}

/* What jansson makes of TEXT is what is made of it here, in whatever pieces it comes; and the message says the same. */
static void assert_as_jansson(const char *text, size_t length)
{
	static const size_t steps[] = {1, 2, 3, 7};
	json_t *wanted = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
	_cleanup_free_ char *first = NULL;

	try(text, length, 0, wanted, &first);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		_cleanup_free_ char *message = NULL;

		try(text, length, steps[i], wanted, &message);
		assert_true(!first == !message);
		if (first)
			assert_string_equal(first, message);
	}
	json_decref(wanted);
}

static void every_kind_of_value_is_read_as_jansson_reads_it(void **state)
{
	static const char *const texts[] = {"{}", "[]", " [ ] ", "0", "-0", "12", "-7", "9223372036854775807",
		"-9223372036854775808", "1.5", "-0.25e-3", "1E5", "2e+7", "true", "false", "null", "\"\"", "\"a b\"",
		"[1, [2, [3, []]], {}]", "{\"a\": {\"b\": [1, {\"c\": null}]}, \"d\": \"e\"}\n",
		"\r\n\t {\"\": 1, \"a\": 2, \"A\": 3}", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		"\"\\u0041\\u00e9\\u20AC\\uFFFF\"", "\"\\ud83d\\ude00 \\uDBFF\\uDFFF\"",
		"\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \x7f\"", "{\"k\\u0065y\": 1}",
		"{\"aab\": 1, \"abb\": 2, \"acb\": 3}"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *value = json_loads(texts[i], JSON_DECODE_ANY, NULL);

		assert_non_null(value);
		json_decref(value);
		assert_as_jansson(texts[i], strlen(texts[i]));
	}
}

static void what_jansson_refuses_is_refused(void **state)
{
	static const char *const texts[] = {"", " ", "{", "[", "\"", "{]", "[}", "[1,]", "[,1]", "{,}", "{\"a\"}",
		"{\"a\":}", "{\"a\" 1}", "{\"a\": 1,}", "{a: 1}", "{1: 1}", "[1 2]", "1 2", "{} {}", "[] ]", "01", "-",
		"+1", ".5", "1.", "1.e5", "1e", "1e+", "0x10", "-a", "9223372036854775808", "-9223372036854775809",
		"tru", "truee", "nul", "True", "NaN", "'a'", "\"a", "\"a\n\"", "\"\t\"", "\"\\x\"", "\"\\u12\"",
		"\"\\u12g4\"", "\"\\u0000\"", "\"\\ud83d\"", "\"\\ud83d\\u0041\"", "\"\\ude00\"", "\"\\ud83dx\"",
		"\"\\", "\"\\\"", "\"\x80\"", "\"\xc0\x80\"", "\"\xc3\"", "\"\xe2\x82\"", "\"\xe0\x80\x80\"",
		"\"\xed\xa0\x80\"", "\"\xf0\x80\x80\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xff\"",
		"{\"a\": 1, \"a\": 2}", "{\"x\": {\"a\": 1, \"b\": 2, \"\\u0061\": 2}}", "/* no */ 1", "\xef\xbb\xbf{}",
		"[1]\f"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *value = json_loads(texts[i], JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

		if (value)
			fail_msg("jansson takes %s", texts[i]);
		assert_as_jansson(texts[i], strlen(texts[i]));
	}
	assert_as_jansson("[1]\0", 4);
	assert_as_jansson("\0", 1);
	assert_as_jansson("\"a\0b\"", 5);
}

/* An object of N members, of which the last is called as SAME is (or N). Caller frees. */
static char *object_of(size_t n, size_t same)
{
	struct lc_strbuf text = {0};

	lc_strbuf_adds(&text, "{");
	for (size_t i = 0; i < n; i++)
		lc_strbuf_addf(&text, "%s\"%zu key\": %zu", i ? ", " : "", i == n - 1 ? same : i, i);
	lc_strbuf_adds(&text, "}");
	return lc_strbuf_steal(&text);
}

static void a_key_twice_is_found_among_few_and_among_many(void **state)
{
	static const size_t sizes[] = {2, 3, 64, 65, 66, 1000};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		_cleanup_free_ char *good = object_of(sizes[i], sizes[i]), *first = object_of(sizes[i], 0),
				    *middle = object_of(sizes[i], sizes[i] / 2 - (sizes[i] == 2));

		assert_as_jansson(good, strlen(good));
		assert_as_jansson(first, strlen(first));
		assert_as_jansson(middle, strlen(middle));
	}
}

/* A million members take no longer than their number says. */
static void very_many_keys_are_no_trap(void **state)
{
	_cleanup_free_ char *text = object_of(1000000, 5);
	_cleanup_free_ char *message = NULL;

	(void)state;
	try(text, strlen(text), 0, NULL, &message);
	assert_non_null(strstr(message, "duplicate object key"));
}

/* Longer than what is in memory of a file. */
static void a_text_longer_than_the_window_is_read_whole(void **state)
{
	enum { LENGTH = 3000000 };
	_cleanup_free_ char *text = malloc(LENGTH + 1), *message = NULL;
	json_t *wanted;

	(void)state;
	memset(text, 'x', LENGTH);
	text[LENGTH] = '\0';
	memcpy(text, "[\"", 2);
	memcpy(text + LENGTH - 6, "\", 12]", 6);
	wanted = json_loads(text, 0, NULL);
	try(text, LENGTH, 100000, wanted, &message);
	json_decref(wanted);
}

static void a_message_has_the_line_and_column_also_in_a_later_piece(void **state)
{
	struct lc_strbuf text = {0};
	_cleanup_free_ char *message = NULL;

	(void)state;
	lc_strbuf_adds(&text, "[\n");
	for (int i = 0; i < 100000; i++)
		lc_strbuf_adds(&text, " \"\xc3\xa9t\xc3\xa9\",\n");
	lc_strbuf_adds(&text, " \"\xc3\xa9t\xc3\xa9\" x]");
	try(text.text, text.length, 1000, NULL, &message);
	assert_string_equal(message, "line 100002 column 8: ',' or ']' is expected, not 'x'");
	lc_strbuf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_value_is_read_as_jansson_reads_it),
		cmocka_unit_test(what_jansson_refuses_is_refused),
		cmocka_unit_test(a_key_twice_is_found_among_few_and_among_many),
		cmocka_unit_test(very_many_keys_are_no_trap),
		cmocka_unit_test(a_text_longer_than_the_window_is_read_whole),
		cmocka_unit_test(a_message_has_the_line_and_column_also_in_a_later_piece),
	};

	return cmocka_run_group_tests_name("json_parse", tests, NULL, NULL);
}
