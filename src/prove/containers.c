/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which containers are the same from run to run, although each run makes new ones. */
#include <leastcap/trial.h>

#include <leastcap/json.h>

#include <stdlib.h>
#include <string.h>

/* As many bytes of a command as name it in a message. */
#define COMMAND_SHOWN 60

/* The members of a request that have the command, in Docker's words and in libpod's. */
static const char *const commands[] = {"Entrypoint", "Cmd", "entrypoint", "command"};

/* Appends the words in VALUE, a list or one string. */
static void add_words(struct lc_strbuf *out, const json_t *value)
{
	const json_t *word;
	size_t i;

	if (json_is_string(value)) {
		lc_strbuf_separate(out, " ");
		lc_strbuf_adds(out, json_string_value(value));
	}
	json_array_foreach(value, i, word)
	{
		if (!json_is_string(word))
			continue;
		lc_strbuf_separate(out, " ");
		lc_strbuf_adds(out, json_string_value(word));
	}
}

char *lc_trial_command(const char *body, size_t length)
{
	_cleanup_json_ json_t *request = json_loadb(body, length, 0, NULL);
	struct lc_strbuf text = {0};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		add_words(&text, json_object_get(request, commands[i]));
	return lc_strbuf_steal(&text);
}

/* FNV-1a. */
static uint32_t hash_of(const char *text)
{
	uint32_t hash = 2166136261U;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	return hash;
}

/* Appends COMMAND; of a long one the beginning, and what tells it from others that begin so. */
static void add_command(struct lc_strbuf *out, const char *command)
{
	if (strlen(command) <= COMMAND_SHOWN)
		lc_strbuf_adds(out, command);
	else
		lc_strbuf_addf(out, "%.*s… %08x", COMMAND_SHOWN, command, hash_of(command));
}

char *lc_trial_key(const struct lc_trial_names *names)
{
	struct lc_strbuf key = {0};

	if (names->service) {
		lc_strbuf_addf(&key, "%s/%s", names->project ? names->project : "", names->service);
	} else if (names->name) {
		lc_strbuf_adds(&key, names->name);
	} else {
		lc_strbuf_adds(&key, names->image ? names->image : "?");
		if (names->command && *names->command) {
			lc_strbuf_adds(&key, ": ");
			add_command(&key, names->command);
		}
	}
	return lc_strbuf_steal(&key);
}
