/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap caps --engine …: what a container's configuration grants. */
#include "src/cli/caps.h"
#include "src/cli/cli.h"

#include <leastcap/array.h>
#include <leastcap/check.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/json.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void clear_words(struct lc_caps_words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free((char *)words->list[i]);
	free(words->list);
}

static void add_word(struct lc_caps_words *words, const char *word, size_t length)
{
	const char **list = lc_array_grow(words->list, words->n, sizeof(*list));
	char *copy = strndup(word, length);

	if (!list || !copy)
		lc_cli_usage_error("%s", strerror(ENOMEM));
	words->list = list;
	list[words->n++] = copy;
}

/* Podman takes several names in one option, the others one. */
static struct lc_caps_words split_words(const struct lc_caps_words *words, enum lc_engine engine)
{
	const char *separators = engine == LC_ENGINE_PODMAN ? "," : "";
	struct lc_caps_words split = {0};

	for (size_t i = 0; i < words->n; i++) {
		const char *text = words->list[i];

		for (;;) {
			size_t length = strcspn(text, separators);

			add_word(&split, text, length);
			if (!text[length])
				break;
			text += length + 1;
		}
	}
	return split;
}

/* "docker 20.10, user 1000, privileged" */
static void add_heading(struct lc_strbuf *out, const struct lc_engine_request *request, const char *user)
{
	lc_strbuf_adds(out, lc_engine_name(request->engine));
	if (request->version) {
		lc_strbuf_adds(out, " ");
		lc_escape_terminal(out, request->version);
	}
	if (request->ordinary_user) {
		lc_strbuf_adds(out, ", user ");
		lc_escape_terminal(out, user);
	} else {
		lc_strbuf_adds(out, ", root");
	}
	lc_strbuf_addf(out, "%s%s\n\n", request->privileged ? ", privileged" : "",
		request->no_new_privileges ? ", no new privileges" : "");
}

static struct lc_sets sets_of(const struct lc_engine_grant *grant)
{
	return (struct lc_sets){.bounding = grant->bounding,
		.permitted = grant->permitted,
		.effective = grant->effective,
		.inheritable = grant->inheritable,
		.ambient = grant->ambient};
}

static int print_text(const struct lc_engine_request *request, const struct lc_engine_grant *grant, const char *user)
{
	const struct lc_sets sets = sets_of(grant);
	struct lc_strbuf out = {0};

	add_heading(&out, request, user);
	lc_caps_add_sets(&out, &sets);
	for (size_t i = 0; i < LC_ENGINE_NOTES && grant->notes[i]; i++) {
		lc_strbuf_adds(&out, "\n");
		lc_caps_add_paragraph(&out, grant->notes[i], 0, 0);
	}
	return lc_caps_print(&out);
}

static json_t *words_json(const struct lc_caps_words *words)
{
	json_t *array = json_array();

	for (size_t i = 0; i < words->n; i++)
		json_array_append_new(array, lc_json_text(words->list[i]));
	return array;
}

static int print_json(const struct lc_caps_options *options, const struct lc_engine_request *request,
	const struct lc_engine_grant *grant)
{
	_cleanup_free_ char *user = lc_utf8_dup(options->user);
	_cleanup_free_ char *version = lc_utf8_dup(request->version);
	const struct lc_sets sets = sets_of(grant);
	json_t *notes = json_array();
	json_t *object;

	for (size_t i = 0; i < LC_ENGINE_NOTES && grant->notes[i]; i++)
		json_array_append_new(notes, json_string(grant->notes[i]));
	object = json_pack("{s:s, s:s?, s:s?, s:b, s:b, s:o, s:o}", "engine", lc_engine_name(request->engine),
		"version", version, "user", user, "privileged", request->privileged, "no_new_privileges",
		request->no_new_privileges, "add", words_json(&options->add), "drop", words_json(&options->drop));
	lc_caps_sets_json(object, &sets);
	json_object_set_new(object, "notes", notes);
	return lc_caps_print_json(object);
}

int lc_caps_grant(const struct lc_caps_options *options)
{
	_cleanup_(clear_words) struct lc_caps_words add = split_words(&options->add, options->request.engine);
	_cleanup_(clear_words) struct lc_caps_words drop = split_words(&options->drop, options->request.engine);
	struct lc_engine_request request = options->request;
	_cleanup_free_ char *message = NULL;
	struct lc_engine_grant grant;
	int r;

	request.ordinary_user = !lc_user_is_root(options->user);
	request.add = add.list;
	request.n_add = add.n;
	request.drop = drop.list;
	request.n_drop = drop.n;
	r = lc_engine_grant(&request, &grant, &message);
	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	return options->json ? print_json(options, &request, &grant) : print_text(&request, &grant, options->user);
}
