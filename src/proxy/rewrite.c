/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the body of a request to create a container, and writes it with other capabilities. */
#include "src/proxy/rewrite.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <string.h>
#include <strings.h>

#define REFUSED 400

/* How an API calls things. */
static const struct words {
	const char *host; /* the object that has the next three; NULL: the body itself */
	const char *add, *drop, *privileged;
	const char *labels, *image;
	const char *name; /* NULL: in the query */
	bool prefix;      /* capabilities are written with "CAP_" */
} words[] = {
	[LC_PROXY_DOCKER] = {"HostConfig", "CapAdd", "CapDrop", "Privileged", "Labels", "Image", NULL, false},
	[LC_PROXY_LIBPOD] = {NULL, "cap_add", "cap_drop", "privileged", "labels", "image", "name", true},
};

/* Finds NAME in OBJECT as *VALUE, NULL for null. With a TYPE other than null anything else than that type is refused. */
static int find_typed(const json_t *object, const char *name, json_type type, json_t **value, struct lc_strbuf *why)
{
	const char *key;
	int ret = lc_document_find(object, name, &key, value, why);

	if (ret < 0)
		return ret;
	if (json_is_null(*value))
		*value = NULL;
	if (!*value || json_typeof(*value) == type)
		return 0;
	lc_strbuf_addf(why, "%s is not what it should be", key);
	return -EBADMSG;
}

static int find_string(const json_t *object, const char *name, const char **text, struct lc_strbuf *why)
{
	json_t *value;
	int ret = find_typed(object, name, JSON_STRING, &value, why);

	*text = ret == 0 ? json_string_value(value) : NULL;
	return ret;
}

/* Reads the names of capabilities. A name that libcap does not know is left out. */
static int find_capabilities(const json_t *object, const char *name, uint64_t *set, bool *all, struct lc_strbuf *why)
{
	json_t *names, *entry;
	int ret = find_typed(object, name, JSON_ARRAY, &names, why);
	size_t i;

	json_array_foreach(names, i, entry)
	{
		const char *text = json_string_value(entry);
		int cap = text ? lc_cap_from_name(text) : -EINVAL;

		if (cap >= 0)
			*set |= LC_CAP_BIT(cap);
		else if (text && strcasecmp(text, "ALL") == 0)
			*all = true;
	}
	if (*all)
		*set = lc_cap_all();
	return ret;
}

/* Finds the object that has the capabilities in ROOT. NULL: there is none. */
static int find_host(const json_t *root, const struct words *api, json_t **host, struct lc_strbuf *why)
{
	*host = (json_t *)root;
	return api->host ? find_typed(root, api->host, JSON_OBJECT, host, why) : 0;
}

static int describe_host(struct lc_proxy_create *request, const json_t *root, struct lc_strbuf *why)
{
	const struct words *api = &words[request->api];
	json_t *host, *privileged;
	const char *key;
	int ret = find_host(root, api, &host, why);

	if (ret == 0)
		ret = find_capabilities(host, api->add, &request->add, &request->adds_all, why);
	if (ret == 0)
		ret = find_capabilities(host, api->drop, &request->drop, &request->drops_all, why);
	if (ret == 0)
		ret = lc_document_find(host, api->privileged, &key, &privileged, why);
	if (ret == 0)
		request->privileged = json_is_true(privileged);
	return ret;
}

int lc_create_describe(struct lc_proxy_create *request, const struct lc_document *document, struct lc_strbuf *why)
{
	const struct words *api = &words[request->api];
	const json_t *root = document->root;
	json_t *labels = NULL;
	int ret = describe_host(request, root, why);

	if (ret == 0)
		ret = find_string(root, api->image, &request->image, why);
	if (ret == 0 && api->name)
		ret = find_string(root, api->name, &request->name, why);
	if (ret == 0)
		ret = find_typed(root, api->labels, JSON_OBJECT, &labels, why);
	if (ret < 0)
		return ret;
	request->project = json_string_value(json_object_get(labels, "com.docker.compose.project"));
	request->service = json_string_value(json_object_get(labels, "com.docker.compose.service"));
	return 0;
}

/* Sets the member of OBJECT that the engine takes for NAME to VALUE, whose reference is taken. */
static int set_member(json_t *object, const char *name, json_t *value, struct lc_strbuf *why)
{
	const char *key;
	json_t *old;
	int ret = lc_document_find(object, name, &key, &old, why);

	if (ret < 0)
		json_decref(value);
	return ret < 0 ? ret : lc_json_set(object, key, value);
}

/* Finds the object NAME in ROOT, and makes it where there is none. */
static int need_object(json_t *root, const char *name, json_t **object, struct lc_strbuf *why)
{
	int ret = find_typed(root, name, JSON_OBJECT, object, why);

	if (ret < 0 || *object)
		return ret;
	*object = json_object();
	return set_member(root, name, *object, why);
}

/*
 * Dropping all and adding some gives exactly these. All are added without dropping any, because an engine knows its own last capability better
 * than we do, and Podman refuses to drop and to add all.
 */
static int set_capabilities(json_t *host, const struct words *api, uint64_t add, struct lc_strbuf *why)
{
	bool all = (add & lc_cap_all()) == lc_cap_all();
	json_t *adds = all ? json_pack("[s]", "ALL") : lc_json_capabilities(add & lc_cap_all(), api->prefix);
	int ret = set_member(host, api->add, adds, why);

	return ret < 0 ? ret : set_member(host, api->drop, all ? json_array() : json_pack("[s]", "ALL"), why);
}

/* A container that is not privileged stays without a word about it. */
static int set_unprivileged(json_t *host, const struct words *api, struct lc_strbuf *why)
{
	const char *key;
	json_t *privileged;
	int ret = lc_document_find(host, api->privileged, &key, &privileged, why);

	if (ret < 0 || !json_is_true(privileged))
		return ret;
	return lc_json_set(host, key, json_false());
}

static int change(json_t *root, const struct words *api, const struct lc_proxy_rewrite *rewrite, struct lc_strbuf *why)
{
	json_t *host = root, *labels;
	int ret = api->host ? need_object(root, api->host, &host, why) : 0;

	if (ret == 0)
		ret = set_capabilities(host, api, rewrite->add, why);
	if (ret == 0 && rewrite->unprivileged)
		ret = set_unprivileged(host, api, why);
	if (ret < 0 || !rewrite->label)
		return ret;
	ret = need_object(root, api->labels, &labels, why);
	return ret < 0 ? ret : lc_json_set_text(labels, LC_PROXY_LABEL, rewrite->label);
}

int lc_proxy_rewrite(
	const struct lc_proxy_create *request, const struct lc_proxy_rewrite *rewrite, struct lc_strbuf *body)
{
	_cleanup_(lc_document_clear) struct lc_document document = {0};
	int ret = lc_document_read(&document, request->body, request->length, body);

	if (ret == 0)
		ret = change(document.root, &words[request->api], rewrite, body);
	if (ret == 0)
		ret = lc_document_write(&document, body);
	return ret == -EBADMSG ? REFUSED : ret;
}
