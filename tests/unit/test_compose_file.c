/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of reading compose files: what each service is granted, and where the file says so. */
#include "compose_text.h"

/* The service called NAME. */
static const struct lc_compose_service *service(const struct lc_compose *file, const char *name)
{
	for (size_t i = 0; i < file->n_services; i++) {
		if (strcmp(file->services[i].name, name) == 0)
			return &file->services[i];
	}
	fail_msg("there is no service %s", name);
	return NULL;
}

static void names_images_and_lists_are_read_with_their_lines(void **state)
{
	const struct lc_compose_service *web;
	struct lc_compose file = {0};

	(void)state;
	read_compose(&file, "name: shop\n"
			    "services:\n"
			    "  web:\n"
			    "    image: nginx:1.22\n"
			    "    container_name: front\n"
			    "    cap_drop: [ALL]\n"
			    "    cap_add:\n"
			    "      - CHOWN\n"
			    "      - KILL\n");
	web = service(&file, "web");
	assert_string_equal(file.name, "shop");
	assert_int_equal(file.services_line, 2);
	assert_int_equal(web->line, 3);
	assert_string_equal(web->image, "nginx:1.22");
	assert_string_equal(web->container_name, "front");
	assert_true(web->drop_all);
	assert_false(web->add_all);
	assert_int_equal(web->cap_drop, 0);
	assert_int_equal(web->cap_add, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL));
	assert_int_equal(web->list_line[LC_COMPOSE_CAP_DROP], 6);
	assert_int_equal(web->n_entries, 3);
	/* The file's lists in one order: cap_add, then cap_drop. */
	assert_string_equal(web->entries[1].text, "KILL");
	assert_int_equal(web->entries[1].line, 9);
	lc_compose_clear(&file);
}

static void capabilities_are_read_in_every_spelling(void **state)
{
	static const char *const spellings[] = {"NET_ADMIN", "CAP_NET_ADMIN", "net_admin", "cap_net_admin", "Net_Admin",
		"\"NET_ADMIN\"", "'CAP_NET_ADMIN'", "!!str NET_ADMIN", "&a NET_ADMIN"};

	(void)state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		struct lc_compose file = {0};
		struct lc_strbuf text = {0};

		lc_strbuf_addf(&text, "services:\n  web:\n    cap_add: [%s]\n", spellings[i]);
		read_compose(&file, text.text);
		if (file.services[0].cap_add != LC_CAP_BIT(CAP_NET_ADMIN))
			fail_msg("%s is not read", spellings[i]);
		lc_strbuf_free(&text);
		lc_compose_clear(&file);
	}
}

static void all_is_told_from_a_capability_and_a_variable_from_both(void **state)
{
	struct lc_compose file = {0};
	const struct lc_compose_entry *entries;

	(void)state;
	read_compose(&file, "services: {web: {cap_add: [all, CAP_ALL, \"$CAP\", KILL, CAP_KILL, [KILL]]}}");
	entries = file.services[0].entries;
	assert_int_equal(file.services[0].n_entries, 6);
	assert_true(entries[0].all);
	assert_false(entries[1].all);
	assert_int_equal(entries[1].mask, 0);
	assert_true(entries[2].variable);
	assert_false(entries[3].repeated);
	assert_true(entries[4].repeated);
	assert_int_equal(entries[5].mask, 0);
	lc_compose_clear(&file);
}

static void privileged_is_true_in_every_way_that_compose_takes(void **state)
{
	static const struct {
		const char *text;
		bool privileged;
	} cases[] = {{"true", true}, {"yes", true}, {"\"on\"", true}, {"True", true}, {"${P:-false}", true},
		{"false", false}, {"no", false}, {"", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lc_compose file = {0};
		struct lc_strbuf text = {0};

		lc_strbuf_addf(&text, "services:\n  web:\n    privileged: %s\n", cases[i].text);
		read_compose(&file, text.text);
		assert_int_equal(file.services[0].privileged, cases[i].privileged);
		assert_int_equal(file.services[0].privileged_line, 3);
		lc_strbuf_free(&text);
		lc_compose_clear(&file);
	}
}

static void merge_keys_give_what_the_service_does_not_say_itself(void **state)
{
	struct lc_compose file = {0};

	(void)state;
	read_compose(&file, "x-a: &a {cap_add: [KILL], image: a}\n"
			    "x-b: &b {cap_add: [CHOWN], cap_drop: [ALL], privileged: true}\n"
			    "services:\n"
			    "  one: {<<: [*a, *b]}\n"
			    "  two: {cap_add: [FOWNER], <<: *b}\n"
			    "  three: *b\n");
	assert_int_equal(service(&file, "one")->cap_add, LC_CAP_BIT(CAP_KILL));
	assert_string_equal(service(&file, "one")->image, "a");
	assert_true(service(&file, "one")->drop_all);
	assert_int_equal(service(&file, "one")->list_line[LC_COMPOSE_CAP_DROP], 2);
	assert_int_equal(service(&file, "two")->cap_add, LC_CAP_BIT(CAP_FOWNER));
	assert_true(service(&file, "two")->privileged);
	assert_int_equal(service(&file, "three")->cap_add, LC_CAP_BIT(CAP_CHOWN));
	lc_compose_clear(&file);
}

/* As docker compose config does it: lists are added up, anything else is replaced. */
static void what_a_service_extends_is_added_to_its_lists(void **state)
{
	struct lc_compose file = {0};

	(void)state;
	read_compose(&file, "services:\n"
			    "  base: {cap_add: [KILL], cap_drop: [ALL], privileged: true}\n"
			    "  added: {extends: base, cap_add: [CHOWN], privileged: false}\n"
			    "  replaced: {extends: {service: added}, cap_add: !override [FOWNER]}\n"
			    "  reset: {extends: {service: base}, cap_add: !reset null}\n");
	assert_int_equal(service(&file, "added")->cap_add, LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_CHOWN));
	assert_true(service(&file, "added")->drop_all);
	assert_false(service(&file, "added")->privileged);
	assert_int_equal(service(&file, "replaced")->cap_add, LC_CAP_BIT(CAP_FOWNER));
	assert_int_equal(service(&file, "reset")->cap_add, 0);
	assert_true(service(&file, "reset")->privileged);
	lc_compose_clear(&file);
}

static void a_service_of_another_file_is_named_and_not_read(void **state)
{
	struct lc_compose file = {0};

	(void)state;
	read_compose(&file,
		"services:\n"
		"  web: {extends: {file: ../base.yaml, service: web}, cap_add: !override [KILL], cap_drop: [ALL]}\n");
	assert_string_equal(file.services[0].other_file, "../base.yaml");
	assert_true(file.services[0].list_overrides[LC_COMPOSE_CAP_ADD]);
	assert_false(file.services[0].list_overrides[LC_COMPOSE_CAP_DROP]);
	lc_compose_clear(&file);
}

static void lines_are_those_of_an_editor(void **state)
{
	struct lc_compose file = {0};

	(void)state;
	/* To YAML 1.1 and to libyaml U+2028 and U+0085 end a line. */
	read_compose(&file, "\xef\xbb\xbfx-note: \"a\xe2\x80\xa8"
			    "b\xc2\x85"
			    "c\"\r\n"
			    "services:\r\n"
			    "  w\xc3\xb6rker: {cap_add: [KILL]}\r\n");
	assert_int_equal(file.services[0].line, 3);
	assert_int_equal(file.services[0].entries[0].line, 3);
	lc_compose_clear(&file);
}

static void what_is_no_yaml_is_refused_with_its_place(void **state)
{
	(void)state;
	assert_refused("services:\n  web:\n\timage: x\n",
		"compose.yaml:3:1: found character that cannot start any token while scanning for the next token");
	assert_refused("services: {web: {image: x}",
		"compose.yaml:1:27: did not find expected ',' or '}' while parsing a flow mapping");
	assert_refused("services:\n  web: *none\n", "compose.yaml:2:8: an alias whose anchor does not stand before it");
	assert_refused(
		"services:\n  web: &a {x: *a}\n", "compose.yaml:2:15: an alias whose anchor does not stand before it");
	assert_refused("services: {web: {}}\n---\nservices: {}\n",
		"compose.yaml:2:1: a second document begins; leastcap reads files of one");
	assert_refused("services:\n  a: \"\xff\"\n", "compose.yaml:2:7: invalid leading UTF-8 octet");
}

static void what_is_no_compose_file_is_refused(void **state)
{
	static const char none[] = "compose.yaml: no compose file: it has no mapping called \"services\"";

	(void)state;
	assert_refused("", none);
	assert_refused("web:\n  image: nginx\n", none);
	assert_refused("services: [web]\n", none);
	assert_refused("- services\n", none);
}

static void what_docker_compose_refuses_is_refused(void **state)
{
	(void)state;
	assert_refused("services:\n  web: {}\n  web: {}\n", "compose.yaml:3:3: a second service of this name");
	assert_refused("services:\n  web:\n    cap_add: [KILL]\n    image: x\n    cap_add: [CHOWN]\n",
		"compose.yaml:5:5: the key stands here for the second time");
	assert_refused("services:\n  web: {extends: none}\n",
		"compose.yaml:2:18: \"extends\" names a service that the file does not have");
	assert_refused("services:\n  a: {extends: b}\n  b: {extends: a}\n",
		"compose.yaml:2:16: services extend each other in a circle");
}

/* Each level names the one before nine times: 9^60 mappings, were they all gone through. */
static void merge_keys_that_multiply_end(void **state)
{
	struct lc_compose file = {0};
	struct lc_strbuf text = {0};

	(void)state;
	lc_strbuf_adds(&text, "x0: &x0 {image: end}\n");
	for (int i = 1; i < 60; i++) {
		lc_strbuf_addf(&text, "x%d: &x%d\n  <<: [", i, i);
		for (int j = 0; j < 9; j++)
			lc_strbuf_addf(&text, "%s*x%d", j ? ", " : "", i - 1);
		lc_strbuf_adds(&text, "]\n");
	}
	lc_strbuf_adds(&text, "services:\n  web: {<<: *x59}\n");
	read_compose(&file, text.text);
	assert_int_equal(file.n_services, 1);
	assert_int_equal(file.services[0].n_entries, 0);
	lc_strbuf_free(&text);
	lc_compose_clear(&file);
}

static void what_is_nested_too_deep_is_refused(void **state)
{
	char text[512] = "services: ";

	(void)state;
	memset(text + strlen(text), '[', 400);
	assert_refused(text, "compose.yaml:1:110: nested deeper than leastcap reads");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_images_and_lists_are_read_with_their_lines),
		cmocka_unit_test(capabilities_are_read_in_every_spelling),
		cmocka_unit_test(all_is_told_from_a_capability_and_a_variable_from_both),
		cmocka_unit_test(privileged_is_true_in_every_way_that_compose_takes),
		cmocka_unit_test(merge_keys_give_what_the_service_does_not_say_itself),
		cmocka_unit_test(what_a_service_extends_is_added_to_its_lists),
		cmocka_unit_test(a_service_of_another_file_is_named_and_not_read),
		cmocka_unit_test(lines_are_those_of_an_editor),
		cmocka_unit_test(what_is_no_yaml_is_refused_with_its_place),
		cmocka_unit_test(what_is_no_compose_file_is_refused),
		cmocka_unit_test(what_docker_compose_refuses_is_refused),
		cmocka_unit_test(merge_keys_that_multiply_end),
		cmocka_unit_test(what_is_nested_too_deep_is_refused),
	};

	return cmocka_run_group_tests_name("compose_file", tests, NULL, NULL);
}
