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
	const char *pattern;
	enum lc_route_kind kind;
} posts[] = {
	{"containers/create", LC_ROUTE_CREATE},
	{"containers/*/start", LC_ROUTE_START},
	{"containers/*/restart", LC_ROUTE_START},
	{"services/create", LC_ROUTE_BESIDE},
	{"services/*/update", LC_ROUTE_BESIDE},
	{"play/kube", LC_ROUTE_BESIDE},
	{"kube/play", LC_ROUTE_BESIDE},
	{"pods/create", LC_ROUTE_BESIDE},
	{"pods/*/start", LC_ROUTE_BESIDE},
	{"pods/*/restart", LC_ROUTE_BESIDE},
	{"containers/*/restore", LC_ROUTE_BESIDE},
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

/* Fills what a POST to ROUTE's path is. */
static int match(struct lc_route *route)
{
	const char *from, *to;
	size_t i;

	for (i = 0; i < sizeof(posts) / sizeof(posts[0]); i++) {
		if (fnmatch(posts[i].pattern, route->path, 0) == 0)
			break;
	}
	if (i == sizeof(posts) / sizeof(posts[0]))
		return 0;
	route->kind = posts[i].kind;
	if (route->kind != LC_ROUTE_START)
		return 0;
	from = strchr(route->path, '/') + 1;
	to = strrchr(route->path, '/');
	route->id = strndup(from, (size_t)(to - from));
	return route->id ? 0 : -ENOMEM;
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
	if (ret == 0 && strcmp(method, "POST") == 0)
		ret = match(route);
	if (ret == 0 && route->kind == LC_ROUTE_CREATE && url.field_set & (1 << UF_QUERY))
		route->name =
			find_in_query(target + url.field_data[UF_QUERY].off, url.field_data[UF_QUERY].len, "name");
	if (ret < 0)
		lc_route_clear(route);
	return ret;
}

void lc_route_clear(struct lc_route *route)
{
	free(route->path);
	free(route->id);
	free(route->name);
	*route = (struct lc_route){0};
}
