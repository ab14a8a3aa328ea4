/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that the schema of profiles says what the reader and the writer do: every field, what may be missing, every word. */
#include "src/profile/fields.h"

#include <leastcap/cleanup.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define SCHEMA_FILE "src/profile/leastcap-profile-1.schema.json"

static json_t *schema;

static int load_schema(void **state)
{
	json_error_t error;

	(void)state;
	schema = json_load_file(SCHEMA_FILE, JSON_REJECT_DUPLICATES, &error);
	if (!schema)
		fprintf(stderr, "%s:%d: %s\n", SCHEMA_FILE, error.line, error.text);
	return schema ? 0 : -1;
}

static int drop_schema(void **state)
{
	(void)state;
	json_decref(schema);
	return 0;
}

/* The definition called NAME. */
static const json_t *definition(const char *name)
{
	const json_t *found = json_object_get(json_object_get(schema, "definitions"), name);

	assert_non_null(found);
	return found;
}

/* What NODE stands for: itself, or the definition that it refers to. */
static const json_t *resolved(const json_t *node)
{
	const json_t *all = json_object_get(node, "allOf");
	const char *reference = json_string_value(json_object_get(all ? json_array_get(all, 0) : node, "$ref"));

	return reference ? definition(strrchr(reference, '/') + 1) : node;
}

/* Whether the schema NODE is of TYPE; of one with several the first counts. */
static bool is_of(const json_t *node, const char *type)
{
	const json_t *types = json_object_get(node, "type");
	const char *word = json_string_value(json_is_array(types) ? json_array_get(types, 0) : types);

	return word && strcmp(word, type) == 0;
}

static json_t *instance_of(const json_t *node);

static json_t *object_of(const json_t *node)
{
	json_t *object = json_object();
	const char *key;
	json_t *property;

	json_object_foreach(json_object_get(node, "properties"), key, property)
		json_object_set_new(object, key, instance_of(property));
	return object;
}

/* What the schema NODE describes: an object has all its properties, a list one element, true stands for a boolean. */
static json_t *instance_of(const json_t *node)
{
	const json_t *target = resolved(node);
	json_t *example = json_array_get(json_object_get(node, "examples"), 0);

	if (!example)
		example = json_array_get(json_object_get(target, "examples"), 0);
	if (!example)
		example = json_array_get(json_object_get(target, "enum"), 0);
	if (!example)
		example = json_object_get(target, "const");
	if (example)
		return json_deep_copy(example);
	if (is_of(target, "object"))
		return object_of(target);
	if (is_of(target, "array"))
		return json_pack("[o]", instance_of(json_object_get(target, "items")));
	if (is_of(target, "boolean"))
		return json_true();
	if (is_of(target, "integer"))
		return json_integer(7);
	assert_true(is_of(target, "string"));
	return json_string("text");
}

/* Reads PROFILE into *READ: 0 or a negative errno. *READ is to be cleared either way. */
static int read_profile(const json_t *profile, struct lc_profile *read)
{
	_cleanup_free_ char *text = json_dumps(profile, 0);
	_cleanup_free_ char *message = NULL;
	int err = lc_profile_from_json(read, text, strlen(text), &message);

	if (err && err != -EINVAL)
		fail_msg("%s", message ? message : "out of memory");
	return err;
}

static void every_field_of_the_schema_is_read_and_written(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile read = {0};
	_cleanup_free_ char *text = NULL;
	json_t *profile = instance_of(schema);
	json_t *written;

	(void)state;
	assert_int_equal(read_profile(profile, &read), 0);
	text = lc_profile_to_json(&read);
	written = json_loads(text, 0, NULL);
	if (!json_equal(profile, written)) {
		_cleanup_free_ char *wanted = json_dumps(profile, JSON_INDENT(1));

		fail_msg("the schema has\n%s\nand what is written is\n%s", wanted, text);
	}
	json_decref(written);
	json_decref(profile);
}

/* Whether PROFILE, whose OBJECT has just been changed, is read; PATH says where. */
static void assert_read(const json_t *profile, bool wanted, const char *what, const char *path, const char *key)
{
	_cleanup_(lc_profile_clear) struct lc_profile read = {0};

	if (!read_profile(profile, &read) != wanted)
		fail_msg("%s of %s %s: the profile is %s, and the schema says otherwise", key, path, what,
			wanted ? "refused" : "read");
}

/* A value of another type than VALUE. */
static json_t *of_another_type(const json_t *value)
{
	return json_is_string(value) ? json_integer(5) : json_string("text");
}

static bool is_required(const json_t *node, const char *key)
{
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(node, "required"), i, name)
	{
		if (strcmp(json_string_value(name), key) == 0)
			return true;
	}
	return false;
}

/* Whether OBJECT of the schema NODE cannot be without KEY because of another field that it has. */
static bool is_needed(const json_t *node, const json_t *object, const char *key)
{
	const json_t *needed, *name;
	const char *other;
	size_t i;

	json_object_foreach((json_t *)json_object_get(node, "dependencies"), other, needed)
	{
		json_array_foreach(needed, i, name)
		{
			if (json_object_get(object, other) && strcmp(json_string_value(name), key) == 0)
				return true;
		}
	}
	return false;
}

static void change_each(json_t *profile, const json_t *node, json_t *value, const char *path);

/* Takes KEY away from OBJECT, and gives it another type: PROFILE, which has OBJECT, is refused where the schema says so. */
static void change_field(json_t *profile, const json_t *node, json_t *object, const char *path, const char *key)
{
	json_t *value = json_incref(json_object_get(object, key));
	const json_t *field = json_object_get(json_object_get(node, "properties"), key);

	json_object_del(object, key);
	/* Evidence refers to stacks by number. */
	if (strcmp(key, "stacks") != 0)
		assert_read(profile, !is_required(node, key) && !is_needed(node, object, key), "is missing", path, key);
	json_object_set_new(object, key, of_another_type(value));
	assert_read(profile, false, "has another type", path, key);
	if (json_object_get(resolved(field), "enum")) {
		json_object_set_new(object, key, json_string("no such word"));
		assert_read(profile, false, "is another word", path, key);
	}
	json_object_set(object, key, value);
	change_each(profile, field, value, key);
	json_decref(value);
}

/* Does that with every field below VALUE, which the schema NODE describes. */
static void change_each(json_t *profile, const json_t *node, json_t *value, const char *path)
{
	const json_t *target = resolved(node);
	const char *key;
	json_t *property;

	if (json_is_array(value))
		change_each(profile, json_object_get(target, "items"), json_array_get(value, 0), path);
	if (!json_is_object(value))
		return;
	json_object_foreach(json_object_get(target, "properties"), key, property)
		change_field(profile, target, value, path, key);
	json_object_set_new(value, "a_later_version", json_true());
	assert_read(profile, true, "is unknown", path, "a_later_version");
	json_object_del(value, "a_later_version");
}

static void what_the_schema_refuses_the_reader_refuses(void **state)
{
	json_t *profile = instance_of(schema);

	(void)state;
	change_each(profile, schema, profile, "the profile");
	json_decref(profile);
}

/* PROPERTY of the definition NAME; of "/", of the profile itself. */
static const json_t *property(const char *name, const char *property)
{
	const json_t *node = strcmp(name, "/") == 0 ? schema : definition(name);

	return resolved(json_object_get(json_object_get(node, "properties"), property));
}

static void assert_words(const json_t *node, const struct lc_vocabulary *vocabulary)
{
	const json_t *words = json_object_get(node, "enum");

	assert_int_equal(json_array_size(words), vocabulary->n);
	for (int i = 0; i < vocabulary->n; i++) {
		bool found = false;

		for (size_t k = 0; k < json_array_size(words); k++)
			found |= strcmp(json_string_value(json_array_get(words, k)), vocabulary->words[i]) == 0;
		if (!found)
			fail_msg("the schema lacks the word %s", vocabulary->words[i]);
	}
}

static void assert_word_fields(const json_t *node, const struct lc_word_field *field)
{
	for (; field->key; field++) {
		const json_t *found = json_object_get(json_object_get(node, "properties"), field->key);

		if (!found)
			fail_msg("the schema lacks %s", field->key);
		assert_words(found, field->vocabulary);
	}
}

static void every_word_of_the_program_is_in_the_schema(void **state)
{
	const json_t *losses = json_object_get(definition("losses"), "properties");

	(void)state;
	assert_word_fields(definition("check"), lc_evidence_words);
	assert_word_fields(definition("failure"), lc_failure_words);
	assert_word_fields(definition("run"), lc_run_words);
	assert_word_fields(property("target", "init"), lc_init_words);
	assert_word_fields(property("target", "rating"), lc_rating_words);
	assert_word_fields(property("target", "life"), lc_life_words);
	assert_word_fields(property("target", "seen"), lc_seen_words);
	assert_words(property("target", "kind"), &lc_vocabulary_target_kind);
	assert_int_equal(json_object_size(losses), LC_LOSS_N);
	for (int i = 0; i < LC_LOSS_N; i++)
		assert_non_null(json_object_get(losses, lc_loss_name((enum lc_loss)i)));
}

/* Each kind of table begins its entries with the key. */
#define ASSERT_KEYS(node, table)                                                                                       \
	for (size_t i = 0; (table)[i].key; i++) {                                                                      \
		if (!json_object_get(json_object_get(node, "properties"), (table)[i].key))                             \
			fail_msg("the schema lacks %s of " #table, (table)[i].key);                                    \
	}

static void every_field_of_the_program_is_in_the_schema(void **state)
{
	(void)state;
	ASSERT_KEYS(property("/", "host"), lc_host_strings);
	ASSERT_KEYS(definition("target"), lc_target_strings);
	ASSERT_KEYS(definition("target"), lc_target_masks);
	ASSERT_KEYS(property("target", "configured"), lc_configured_masks);
	ASSERT_KEYS(definition("check"), lc_evidence_flags);
	ASSERT_KEYS(definition("check"), lc_evidence_strings);
	ASSERT_KEYS(definition("failure"), lc_failure_flags);
	ASSERT_KEYS(definition("failure"), lc_failure_masks);
	ASSERT_KEYS(definition("failure"), lc_failure_strings);
	ASSERT_KEYS(definition("object"), lc_object_strings);
	ASSERT_KEYS(property("target", "init"), lc_init_flags);
	ASSERT_KEYS(property("target", "init"), lc_init_strings);
	ASSERT_KEYS(property("target", "processes"), lc_members_flags);
	ASSERT_KEYS(property("target", "processes"), lc_members_strings);
	ASSERT_KEYS(definition("sets"), lc_sets_masks);
	ASSERT_KEYS(property("target", "rating"), lc_rating_strings);
	ASSERT_KEYS(property("target", "life"), lc_life_times);
	ASSERT_KEYS(property("target", "seen"), lc_seen_times);
	ASSERT_KEYS(property("target", "proven"), lc_proof_strings);
	ASSERT_KEYS(property("target", "proven"), lc_proof_masks);
	ASSERT_KEYS(property("target", "proven"), lc_proof_flags);
	ASSERT_KEYS(definition("run"), lc_run_flags);
	ASSERT_KEYS(definition("run"), lc_run_masks);
	ASSERT_KEYS(definition("run"), lc_run_strings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_the_schema_is_read_and_written),
		cmocka_unit_test(what_the_schema_refuses_the_reader_refuses),
		cmocka_unit_test(every_word_of_the_program_is_in_the_schema),
		cmocka_unit_test(every_field_of_the_program_is_in_the_schema),
	};

	return cmocka_run_group_tests_name("profile schema", tests, load_schema, drop_schema);
}
