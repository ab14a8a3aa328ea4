/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the escaping functions. */
#include <leastcap/escape.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_escaped(void (*escape)(struct lc_strbuf *, const char *), const char *text, const char *expected)
{
	struct lc_strbuf buf = {0};
	char *escaped;

	escape(&buf, text);
	escaped = lc_strbuf_steal(&buf);
	assert_string_equal(escaped, expected);
	free(escaped);
}

static void printable_text_passes_the_terminal_unchanged(void **state)
{
	(void)state;
	assert_escaped(lc_escape_terminal, "nginx: worker \\ \"x\" 'y'", "nginx: worker \\ \"x\" 'y'");
	assert_escaped(lc_escape_terminal, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7",
		"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7");
}

static void null_appends_nothing_for_the_terminal(void **state)
{
	struct lc_strbuf buf = {0};

	(void)state;
	lc_escape_terminal(&buf, NULL);
	assert_int_equal(buf.length, 0);
}

static void control_characters_are_spelt_out(void **state)
{
	(void)state;
	assert_escaped(lc_escape_terminal, "a\nb\tc\rd", "a\\nb\\tc\\rd");
	assert_escaped(lc_escape_terminal, "\033[2J\x07\x7f\x01", "\\033[2J\\x07\\x7f\\x01");
}

static void c1_controls_are_spelt_out(void **state)
{
	(void)state;
	/* U+009B is the one-character form of ESC [. */
	assert_escaped(lc_escape_terminal,
		"\xc2\x9b"
		"2J",
		"\\xc2\\x9b2J");
	assert_escaped(lc_escape_terminal,
		"\x9b"
		"2J",
		"\\x9b2J");
}

static void characters_that_reorder_or_hide_text_are_spelt_out(void **state)
{
	(void)state;
	assert_escaped(lc_escape_terminal,
		"a\xe2\x80\xae"
		"b",
		"a\\xe2\\x80\\xaeb");                                          /* U+202E */
	assert_escaped(lc_escape_terminal, "\xe2\x81\xa6", "\\xe2\\x81\\xa6"); /* U+2066 */
	assert_escaped(lc_escape_terminal, "\xe2\x80\x8b", "\\xe2\\x80\\x8b"); /* U+200B */
	assert_escaped(lc_escape_terminal, "\xd8\x9c", "\\xd8\\x9c");          /* U+061C */
	assert_escaped(lc_escape_terminal, "\xe2\x80\xa8", "\\xe2\\x80\\xa8"); /* U+2028 */
	assert_escaped(lc_escape_terminal, "\xef\xbb\xbf", "\\xef\\xbb\\xbf"); /* U+FEFF */
}

static void bytes_that_are_not_utf8_are_spelt_out(void **state)
{
	(void)state;
	assert_escaped(lc_escape_terminal, "\xff\xfe", "\\xff\\xfe");
	assert_escaped(lc_escape_terminal, "\xc0\xaf", "\\xc0\\xaf");                   /* overlong */
	assert_escaped(lc_escape_terminal, "\xe0\x80\xaf", "\\xe0\\x80\\xaf");          /* overlong */
	assert_escaped(lc_escape_terminal, "\xed\xa0\x80", "\\xed\\xa0\\x80");          /* surrogate */
	assert_escaped(lc_escape_terminal, "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* beyond U+10FFFF */
	assert_escaped(lc_escape_terminal, "\xe2\x82", "\\xe2\\x82");                   /* cut off by the end */
	assert_escaped(lc_escape_terminal, "\xe2\x82x", "\\xe2\\x82x"); /* cut off by another character */
}

static void escaping_for_the_terminal_twice_changes_nothing_more(void **state)
{
	(void)state;
	assert_escaped(lc_escape_terminal, "\\n\\033\\xff", "\\n\\033\\xff");
}

static void a_comment_cannot_be_left(void **state)
{
	(void)state;
	assert_escaped(lc_escape_comment, "web\n--privileged", "web\\n--privileged");
	/* Unicode's own line breaks end a comment for some readers of YAML. */
	assert_escaped(lc_escape_comment,
		"a\xc2\x85"
		"b\xe2\x80\xa9"
		"c",
		"a\\xc2\\x85b\\xe2\\x80\\xa9c");
}

static void yaml_scalars_are_quoted(void **state)
{
	(void)state;
	assert_escaped(lc_escape_yaml, "plain", "\"plain\"");
	assert_escaped(lc_escape_yaml, NULL, "\"\"");
	assert_escaped(lc_escape_yaml, "yes: # no", "\"yes: # no\"");
}

static void yaml_special_characters_are_escaped(void **state)
{
	(void)state;
	assert_escaped(lc_escape_yaml, "a\"b\\c", "\"a\\\"b\\\\c\"");
	assert_escaped(lc_escape_yaml, "a\nb\tc\r\033\x7f", "\"a\\nb\\tc\\r\\x1b\\x7f\"");
	assert_escaped(lc_escape_yaml, "\xc2\x85\xe2\x80\xa8\xf3\xa0\x81\x81", "\"\\x85\\u2028\\U000e0041\"");
	assert_escaped(lc_escape_yaml, "\xc3\xa9\xf0\x9f\x90\xa7", "\"\xc3\xa9\xf0\x9f\x90\xa7\"");
}

static void bytes_that_are_not_utf8_become_the_replacement_character_in_yaml(void **state)
{
	(void)state;
	assert_escaped(lc_escape_yaml, "a\xff", "\"a\xef\xbf\xbd\"");
}

static void html_has_no_way_out_of_text_or_an_attribute(void **state)
{
	(void)state;
	assert_escaped(
		lc_escape_html, "</td><script>alert(1)</script>", "&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
	assert_escaped(lc_escape_html, "\" onload=\"x' y", "&quot; onload=&quot;x&#39; y");
}

static void html_shows_a_character_reference_as_it_is_written(void **state)
{
	(void)state;
	assert_escaped(lc_escape_html, "&lt;&#60;", "&amp;lt;&amp;#60;");
}

static void html_spells_out_what_a_terminal_would_not_show(void **state)
{
	(void)state;
	assert_escaped(lc_escape_html, "a\nb\033[2J\xff", "a\\nb\\033[2J\\xff");
	assert_escaped(lc_escape_html, "\xe2\x80\xae<", "\\xe2\\x80\\xae&lt;"); /* U+202E */
}

static void html_leaves_printable_text_alone(void **state)
{
	(void)state;
	assert_escaped(
		lc_escape_html, "nginx:1.22 gr\xc3\xbc\xc3\x9f `x` {y}", "nginx:1.22 gr\xc3\xbc\xc3\x9f `x` {y}");
	assert_escaped(lc_escape_html, NULL, "");
}

static void markdown_has_no_markup_links_or_mentions(void **state)
{
	(void)state;
	assert_escaped(lc_escape_markdown, "|`*a*[b](c)<d>&~$#\\",
		"&#124;&#96;&#42;a&#42;&#91;b&#93;(c)&#60;d&#62;&#38;&#126;&#36;&#35;&#92;");
	assert_escaped(
		lc_escape_markdown, "http://a www.b :c: @d", "http&#58;//a www&#46;b &#58;c: <code>&#64;</code>d");
	assert_escaped(lc_escape_markdown, "_a_ NET_RAW", "&#95;a&#95; NET_RAW");
	assert_escaped(lc_escape_markdown, "a\nb", "a&#92;nb");
}

static void markdown_leaves_paths_and_versions_alone(void **state)
{
	(void)state;
	assert_escaped(
		lc_escape_markdown, "/usr/bin/x-1 (nginx:1.22): 0.0.0.0:80", "/usr/bin/x-1 (nginx:1.22): 0.0.0.0:80");
}

static void utf8_dup_replaces_only_invalid_bytes(void **state)
{
	char *copy = lc_utf8_dup("gr\xc3\xbc \xff\xe2\x82 \n\"\033");

	(void)state;
	assert_string_equal(copy, "gr\xc3\xbc \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \n\"\033");
	free(copy);
}

static void utf8_dup_of_null_is_null(void **state)
{
	(void)state;
	assert_null(lc_utf8_dup(NULL));
}

static void a_word_of_the_shell_is_one_word(void **state)
{
	(void)state;
	assert_escaped(lc_escape_shell, "/usr/sbin/nginx-1.2+x", "/usr/sbin/nginx-1.2+x");
	assert_escaped(lc_escape_shell, "/x y'$(id)\\\n", "'/x y'\\''$(id)\\\n'");
	assert_escaped(lc_escape_shell, "", "''");
	assert_escaped(lc_escape_shell, "~root", "'~root'");
}

static void a_string_of_cel_ends_where_it_ends(void **state)
{
	(void)state;
	assert_escaped(lc_escape_cel, "a'b\\c\"", "'a\\'b\\\\c\"'");
	assert_escaped(lc_escape_cel, "\n\xff\xc3\xbc\x7f", "'\\U0000000a\\U0000fffd\\U000000fc\\U0000007f'");
	assert_escaped(lc_escape_cel, NULL, "''");
}

static void a_workflow_command_ends_where_it_ends(void **state)
{
	(void)state;
	assert_escaped(lc_escape_workflow, "100%: a, b\r\n::error::x", "100%25: a, b\\r\\n::error::x");
	assert_escaped(lc_escape_workflow_property, "a:b,c%d\n", "a%3Ab%2Cc%25d\\n");
	assert_escaped(lc_escape_workflow, NULL, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printable_text_passes_the_terminal_unchanged),
		cmocka_unit_test(null_appends_nothing_for_the_terminal),
		cmocka_unit_test(control_characters_are_spelt_out),
		cmocka_unit_test(c1_controls_are_spelt_out),
		cmocka_unit_test(characters_that_reorder_or_hide_text_are_spelt_out),
		cmocka_unit_test(bytes_that_are_not_utf8_are_spelt_out),
		cmocka_unit_test(escaping_for_the_terminal_twice_changes_nothing_more),
		cmocka_unit_test(a_comment_cannot_be_left),
		cmocka_unit_test(yaml_scalars_are_quoted),
		cmocka_unit_test(yaml_special_characters_are_escaped),
		cmocka_unit_test(bytes_that_are_not_utf8_become_the_replacement_character_in_yaml),
		cmocka_unit_test(html_has_no_way_out_of_text_or_an_attribute),
		cmocka_unit_test(html_shows_a_character_reference_as_it_is_written),
		cmocka_unit_test(html_spells_out_what_a_terminal_would_not_show),
		cmocka_unit_test(html_leaves_printable_text_alone),
		cmocka_unit_test(markdown_has_no_markup_links_or_mentions),
		cmocka_unit_test(markdown_leaves_paths_and_versions_alone),
		cmocka_unit_test(utf8_dup_replaces_only_invalid_bytes),
		cmocka_unit_test(utf8_dup_of_null_is_null),
		cmocka_unit_test(a_word_of_the_shell_is_one_word),
		cmocka_unit_test(a_string_of_cel_ends_where_it_ends),
		cmocka_unit_test(a_workflow_command_ends_where_it_ends),
	};

	return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
