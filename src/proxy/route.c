/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells requests by method and path, as the engines' own routers do: with a version before the path or without, percent-encoded or not. */
#include "src/proxy/route.h"

#include <leastcap/cleanup.h>

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <fnmatch.h>
#include <http_parser.h>
#include <limits.h>
#include <string.h>

/* Patterns as of fnmatch(3); a name may have slashes in it (Docker's routes say {name:.*}). */
static const struct {
	const char *method, *pattern;
	enum lc_route_kind kind;
} routes[] = {
	{"POST", "containers/create", LC_ROUTE_CREATE},
	{"POST", "containers/*/start", LC_ROUTE_START},
	{"POST", "containers/*/restart", LC_ROUTE_START},
	{"POST", "containers/*/stop", LC_ROUTE_END},
	{"POST", "containers/*/kill", LC_ROUTE_END},
	{"DELETE", "containers/*", LC_ROUTE_END},
	{"POST", "services/create", LC_ROUTE_BESIDE},
	{"POST", "services/*/update", LC_ROUTE_BESIDE},
	{"POST", "play/kube", LC_ROUTE_BESIDE},
	{"POST", "kube/play", LC_ROUTE_BESIDE},
	{"POST", "pods/create", LC_ROUTE_BESIDE},
	{"POST", "pods/*/start", LC_ROUTE_BESIDE},
	{"POST", "pods/*/restart", LC_ROUTE_BESIDE},
	{"POST", "containers/*/restore", LC_ROUTE_BESIDE},
};

/* The LENGTH bytes at TEXT decoded, for the caller to free. NULL when out of memory, or when there is a NUL in it. */
static char *decode(const char *text, size_t length)
{
	int decoded_length = 0;
	char *decoded, *copy = NULL;

	/* Zero would be strlen(3) to libcurl. */
	if (!length || length > INT_MAX)
		return length ? NULL : strdup("");
	decoded = curl_easy_unescape(NULL, text, (int)length, &decoded_length);
	if (decoded && strlen(decoded) == (size_t)decoded_length)
		copy = strdup(decoded);
	curl_free(decoded);
	return copy;
}

/* The value of KEY in the QUERY of LENGTH bytes, decoded. NULL: none. */
static char *find_in_query(const char *query, size_t length, const char *key)
{
	const char *end = query + length;
	size_t key_length = strlen(key);

	while (query < end) {
		const char *next = memchr(query, '&', (size_t)(end - query)) ?: end;

		if ((size_t)(next - query) > key_length && memcmp(query, key, key_length) == 0 &&
			query[key_length] == '=')
			return decode(query + key_length + 1, (size_t)(next - query) - key_length - 1);
		query = next + 1;
	}
	return NULL;
}

/* PATH after its version, if it has one: "/v1.41", "/v4.0.0-dev". */
static const char *after_version(const char *path)
{
	if (path[0] != 'v' || !(isdigit((unsigned char)path[1]) || path[1] == '.'))
		return path;
	return strchr(path, '/') ? strchr(path, '/') + 1 : path;
}

/* The part of PATH that PATTERN's star stands for, for the caller to free. NULL when out of memory. */
static char *find_id(const char *path, const char *pattern)
{
	size_t before = strcspn(pattern, "*"), after = strlen(pattern) - before - 1;

	return strndup(path + before, strlen(path) - before - after);
}

/* Fills what METHOD of ROUTE's path is. */
static int match(struct lc_route *route, const char *method)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (strcmp(routes[i].method, method) != 0 || fnmatch(routes[i].pattern, route->path, 0) != 0)
			continue;
		route->kind = routes[i].kind;
		if (route->kind != LC_ROUTE_START && route->kind != LC_ROUTE_END)
			return 0;
		route->id = find_id(route->path, routes[i].pattern);
		return route->id ? 0 : -ENOMEM;
	}
	return 0;
}

/* Takes version and "libpod/" off the path that starts at PATH. */
static int set_path(struct lc_route *route, const char *path)
{
	static const char libpod[] = "libpod/";

	path = after_version(path + (*path == '/'));
	if (strncmp(path, libpod, sizeof(libpod) - 1) == 0) {
		route->api = LC_PROXY_LIBPOD;
		path += sizeof(libpod) - 1;
	}
	route->path = strdup(path);
	return route->path ? 0 : -ENOMEM;
}

/* Takes what matters of the QUERY of LENGTH bytes. */
static void take_query(struct lc_route *route, const char *query, size_t length)
{
	if (route->kind == LC_ROUTE_CREATE)
		route->name = find_in_query(query, length, "name");
	else if (route->kind == LC_ROUTE_END)
		route->signal = find_in_query(query, length, "signal");
}

int lc_route_read(struct lc_route *route, const char *method, const char *target)
{
	struct http_parser_url url;
	_cleanup_free_ char *path = NULL;
	int ret;

	*route = (struct lc_route){0};
	http_parser_url_init(&url);
	/* The library counts to 65535. */
	if (strlen(target) > UINT16_MAX || http_parser_parse_url(target, strlen(target), 0, &url) ||
		!(url.field_set & (1 << UF_PATH)))
		return 0;
	path = decode(target + url.field_data[UF_PATH].off, url.field_data[UF_PATH].len);
	if (!path)
		return 0;
	ret = set_path(route, path);
	if (ret == 0)
		ret = match(route, method);
	if (ret == 0 && url.field_set & (1 << UF_QUERY))
		take_query(route, target + url.field_data[UF_QUERY].off, url.field_data[UF_QUERY].len);
	if (ret < 0)
		lc_route_clear(route);
	return ret;
}

void lc_route_clear(struct lc_route *route)
{
	free(route->path);
	free(route->id);
	free(route->name);
	free(route->signal);
	*route = (struct lc_route){0};
}
