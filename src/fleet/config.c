/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads how an HTTP service is to be reached, in the words of Prometheus' own HTTP configuration. */
#include "config.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/message.h>
#include <leastcap/strbuf.h>
#include <leastcap/yaml.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* A secret, or the file that has it, is no longer. */
#define LC_SECRET_MAX ((size_t)64 << 10)
#define LC_CONFIG_MAX ((size_t)1 << 20)

/* A file that is being read. */
struct reading {
	struct lc_fleet_config *config;
	const char *path;
	const struct lc_yaml_tree *tree;
	char **message;
};

/* A key, and who takes its value. */
struct key {
	const char *name;
	int (*take)(struct reading *reading, const struct lc_yaml_node *value);
};

static int complain(const struct reading *reading, const struct lc_yaml_node *node, const char *what, const char *name)
{
	return lc_complain(reading->message, -EINVAL, "%s:%zu: %s%s", reading->path,
		lc_yaml_line(reading->tree, node->start), what, name);
}

/* Whether TEXT can stand in a header: no line break ends it. */
static bool is_one_line(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	}
	return true;
}

/* The text of the scalar VALUE as a line of a header, copied to *TEXT. 0 or -errno. */
static int take_text(const struct reading *reading, const struct lc_yaml_node *value, char **text)
{
	const char *scalar = lc_yaml_text(value);

	if (!scalar || !is_one_line(scalar))
		return complain(reading, value, "a text of one line is to stand here", "");
	free(*text);
	*text = strdup(scalar);
	return *text ? 0 : -ENOMEM;
}

/* The path that VALUE names, from where the file of READING lies, to *PATH. 0 or -errno. */
static int take_path(const struct reading *reading, const struct lc_yaml_node *value, char **path)
{
	const char *slash = strrchr(reading->path, '/');
	char *name = NULL;
	int r = take_text(reading, value, &name);

	if (r || !name)
		return r ? r : -ENOMEM;
	free(*path);
	if (*name == '/' || !slash) {
		*path = name;
		return 0;
	}
	r = asprintf(path, "%.*s/%s", (int)(slash - reading->path), reading->path, name);
	free(name);
	if (r >= 0)
		return 0;
	*path = NULL;
	return -ENOMEM;
}

/* What the file that VALUE names holds, without the line break at its end, to *SECRET. 0 or -errno. */
static int take_file(const struct reading *reading, const struct lc_yaml_node *value, char **secret)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *path = NULL;
	int r = take_path(reading, value, &path)
			?: lc_input_read(path, LC_SECRET_MAX, "a secret", &text, reading->message);

	if (r)
		return r;
	while (text.length && (text.text[text.length - 1] == '\n' || text.text[text.length - 1] == '\r'))
		text.text[--text.length] = 0;
	if (!text.length || strlen(text.text) != text.length || !is_one_line(text.text))
		return lc_complain(reading->message, -EINVAL, "%s: is to have a secret, on one line", path);
	free(*secret);
	*secret = lc_strbuf_steal(&text);
	return *secret ? 0 : -ENOMEM;
}

/* Has each key of the mapping NODE taken by its row in KEYS (ended by a name of NULL). 0 or -errno. */
static int take_keys(struct reading *reading, const struct lc_yaml_node *node, const struct key *keys)
{
	int r = 0;

	if (node->kind != LC_YAML_MAPPING)
		return complain(reading, node, "keys and values are to stand here", "");
	for (size_t i = 0; !r && i + 1 < node->n_children; i += 2) {
		const char *name = lc_yaml_text(node->children[i]);
		const struct key *key = keys;

		while (name && key->name && strcmp(key->name, name) != 0)
			key++;
		if (!name || !key->name)
			return complain(reading, node->children[i], "this key is not known: ", name ? name : "");
		r = key->take(reading, lc_yaml_resolve(node->children[i + 1]));
	}
	return r;
}

/* Who asks, while it is read. */
struct who {
	char *name;
	char *secret;
};

static void clear_who(struct who *who)
{
	if (who->secret)
		explicit_bzero(who->secret, strlen(who->secret));
	free(who->secret);
	free(who->name);
}

/* Reads of the mapping NODE the text at NAME, and the secret at SECRET or in the file at FILE. 0 or -errno. */
static int read_who(const struct reading *reading, const struct lc_yaml_node *node, const char *name,
	const char *secret, const char *file, struct who *who)
{
	int r = 0;

	for (size_t i = 0; !r && node->kind == LC_YAML_MAPPING && i + 1 < node->n_children; i += 2) {
		const struct lc_yaml_node *key = node->children[i], *value = lc_yaml_resolve(node->children[i + 1]);

		if (lc_yaml_is(key, name))
			r = take_text(reading, value, &who->name);
		else if (lc_yaml_is(key, secret))
			r = take_text(reading, value, &who->secret);
		else if (lc_yaml_is(key, file))
			r = take_file(reading, value, &who->secret);
		else
			r = complain(
				reading, key, "this key is not known: ", lc_yaml_text(key) ? lc_yaml_text(key) : "");
	}
	return r || who->secret ? r : complain(reading, node, "no secret is given: ", file);
}

static int take_basic(struct reading *reading, const struct lc_yaml_node *value)
{
	_cleanup_(clear_who) struct who who = {0};
	int r = read_who(reading, value, "username", "password", "password_file", &who);

	if (r)
		return r;
	free(reading->config->user);
	if (asprintf(&reading->config->user, "%s:%s", who.name ? who.name : "", who.secret) >= 0)
		return 0;
	reading->config->user = NULL;
	return -ENOMEM;
}

static int take_authorization(struct reading *reading, const struct lc_yaml_node *value)
{
	_cleanup_(clear_who) struct who who = {0};
	int r = read_who(reading, value, "type", "credentials", "credentials_file", &who);

	if (r)
		return r;
	free(reading->config->authorization);
	if (asprintf(&reading->config->authorization, "Authorization: %s %s", who.name ? who.name : "Bearer",
		    who.secret) >= 0)
		return 0;
	reading->config->authorization = NULL;
	return -ENOMEM;
}

/* Adds the header NAME with TEXT. 0 or -ENOMEM. */
static int add_header(struct lc_fleet_config *config, const char *name, const char *text)
{
	char **grown = lc_array_grow(config->headers, config->n_headers, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	config->headers = grown;
	if (asprintf(&grown[config->n_headers], "%s: %s", name, text) < 0)
		return -ENOMEM;
	config->n_headers++;
	return 0;
}

/* Adds the header NAME with each of LIST: texts, or the files that have them. 0 or -errno. */
static int add_headers(struct reading *reading, const char *name, const struct lc_yaml_node *list, bool files)
{
	int r = list->kind == LC_YAML_SEQUENCE ? 0 : complain(reading, list, "a list is to stand here", "");

	for (size_t i = 0; !r && i < list->n_children; i++) {
		const struct lc_yaml_node *value = lc_yaml_resolve(list->children[i]);
		_cleanup_(clear_who) struct who who = {0};

		r = files ? take_file(reading, value, &who.secret) : take_text(reading, value, &who.secret);
		r = r ?: add_header(reading->config, name, who.secret);
	}
	return r;
}

/* Each header's name, and where its values are. */
static int take_headers(struct reading *reading, const struct lc_yaml_node *value)
{
	int r = value->kind == LC_YAML_MAPPING ? 0 : complain(reading, value, "headers' names are to stand here", "");

	for (size_t i = 0; !r && i + 1 < value->n_children; i += 2) {
		const char *name = lc_yaml_text(value->children[i]);
		const struct lc_yaml_node *kinds = lc_yaml_resolve(value->children[i + 1]);

		if (!name || !*name || strpbrk(name, ": \t\r\n") || kinds->kind != LC_YAML_MAPPING)
			return complain(reading, value->children[i],
				"a header's name, and its values below it, are to stand here", "");
		for (size_t j = 0; !r && j + 1 < kinds->n_children; j += 2) {
			const struct lc_yaml_node *kind = kinds->children[j];
			bool files = lc_yaml_is(kind, "files");

			if (!files && !lc_yaml_is(kind, "values") && !lc_yaml_is(kind, "secrets"))
				return complain(reading, kind, "values, secrets or files are to stand here", "");
			r = add_headers(reading, name, lc_yaml_resolve(kinds->children[j + 1]), files);
		}
	}
	return r;
}

static int take_ca(struct reading *reading, const struct lc_yaml_node *value)
{
	return take_path(reading, value, &reading->config->ca_file);
}

static int take_cert(struct reading *reading, const struct lc_yaml_node *value)
{
	return take_path(reading, value, &reading->config->cert_file);
}

static int take_key(struct reading *reading, const struct lc_yaml_node *value)
{
	return take_path(reading, value, &reading->config->key_file);
}

static int take_insecure(struct reading *reading, const struct lc_yaml_node *value)
{
	reading->config->insecure = lc_yaml_is(value, "true");
	if (!reading->config->insecure && !lc_yaml_is(value, "false"))
		return complain(reading, value, "true or false is to stand here", "");
	return 0;
}

static int take_tls(struct reading *reading, const struct lc_yaml_node *value)
{
	static const struct key keys[] = {{"ca_file", take_ca}, {"cert_file", take_cert}, {"key_file", take_key},
		{"insecure_skip_verify", take_insecure}, {NULL, NULL}};

	return take_keys(reading, value, keys);
}

int lc_fleet_config_read(struct lc_fleet_config *config, const char *path, char **message)
{
	static const struct key keys[] = {{"basic_auth", take_basic}, {"authorization", take_authorization},
		{"http_headers", take_headers}, {"tls_config", take_tls}, {NULL, NULL}};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *reason = NULL;
	struct lc_yaml_tree *tree = NULL;
	struct reading reading = {.config = config, .path = path, .message = message};
	int r = lc_input_read(path, LC_CONFIG_MAX, "an HTTP configuration", &text, message);

	if (r)
		return r;
	r = lc_yaml_read(&tree, text.text ? text.text : "", text.length, &reason);
	if (r)
		return lc_complain(message, r, "%s:%s", path, reason ? reason : strerror(-r));
	reading.tree = tree;
	if (lc_yaml_root(tree))
		r = take_keys(&reading, lc_yaml_resolve(lc_yaml_root(tree)), keys);
	lc_yaml_tree_free(tree);
	if (text.text)
		explicit_bzero(text.text, text.length);
	return r;
}

/* Frees the secret TEXT, which may be NULL. */
static void forget(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void lc_fleet_config_clear(struct lc_fleet_config *config)
{
	forget(config->user);
	forget(config->authorization);
	for (size_t i = 0; i < config->n_headers; i++)
		forget(config->headers[i]);
	free(config->headers);
	free(config->ca_file);
	free(config->cert_file);
	free(config->key_file);
	*config = (struct lc_fleet_config){0};
}
