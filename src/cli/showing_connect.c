/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `leastcap top --connect`: what a service tells at /profiles. */
#include "src/cli/cli.h"
#include "src/cli/showing.h"

#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/message.h>
#include <leastcap/profile.h>
#include <leastcap/strbuf.h>

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

/* A profile that can be read is no bigger, and a token is shorter. */
#define ANSWER_MAX (256UL << 20)
#define TOKEN_MAX  4096

/* How long (seconds) a service may take: no key does anything meanwhile. */
#define CONNECT_S 2
#define ANSWER_S  5

static const char unix_prefix[] = "unix:";

/* The service, and what was heard of it. */
struct service {
	CURL *easy;
	struct curl_slist *headers; /* Authorization, where there is a token */
	char error[CURL_ERROR_SIZE];
	struct lc_strbuf body;
	char etag[128]; /* the version that was read last; "": none */
	char new_etag[128];
	const char *url;
};

static size_t take_body(const char *bytes, size_t size, size_t count, void *context)
{
	struct service *service = context;
	size_t length = size * count;

	if (length > ANSWER_MAX - service->body.length)
		return 0;
	lc_strbuf_add(&service->body, bytes, length);
	return service->body.failed ? 0 : length;
}

/* Keeps the version that the answer is of. */
static size_t take_header(const char *bytes, size_t size, size_t count, void *context)
{
	static const char name[] = "ETag: ";
	struct service *service = context;
	size_t length = size * count, prefix = sizeof(name) - 1;

	if (length > prefix && length - prefix < sizeof(service->new_etag) && strncasecmp(bytes, name, prefix) == 0) {
		memcpy(service->new_etag, bytes + prefix, length - prefix);
		service->new_etag[length - prefix] = '\0';
		service->new_etag[strcspn(service->new_etag, "\r\n")] = '\0';
	}
	return length;
}

/* Reads the first line of PATH (NULL: there is none) as what a service wants to be shown. 0 or a negative errno with *MESSAGE. */
static int read_token(struct service *service, const char *path, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *line = NULL;
	int r = path ? lc_input_read(path, TOKEN_MAX, "a token", &text, message) : 0;

	if (!path || r)
		return r;
	if (!text.text || !strcspn(text.text, "\r\n"))
		return lc_complain(message, -EINVAL, "%s: there is no token in its first line", path);
	text.text[strcspn(text.text, "\r\n")] = '\0';
	if (asprintf(&line, "Authorization: Bearer %s", text.text) < 0)
		return -ENOMEM;
	service->headers = curl_slist_append(NULL, line);
	return service->headers ? 0 : -ENOMEM;
}

/* Has SERVICE's requests go to /profiles at its URL. 0 or a negative errno with *MESSAGE. */
static int set_url(struct service *service, char **message)
{
	bool is_unix = strncmp(service->url, unix_prefix, strlen(unix_prefix)) == 0;
	_cleanup_free_ char *url = NULL;
	size_t length = strlen(service->url);

	if (!is_unix && strncasecmp(service->url, "http://", 7) != 0 && strncasecmp(service->url, "https://", 8) != 0)
		return lc_complain(message, -EINVAL,
			"'%s' is no address of a service, such as http://127.0.0.1:9779 or unix:/run/leastcap.sock",
			service->url);
	while (length && service->url[length - 1] == '/')
		length--;
	if (is_unix ? asprintf(&url, "http://localhost/profiles") < 0
		    : asprintf(&url, "%.*s/profiles", (int)length, service->url) < 0)
		return -ENOMEM;
	if (is_unix && curl_easy_setopt(service->easy, CURLOPT_UNIX_SOCKET_PATH, service->url + strlen(unix_prefix)))
		return -ENOMEM;
	return curl_easy_setopt(service->easy, CURLOPT_URL, url) == CURLE_OK ? 0 : -ENOMEM;
}

/* Makes what requests are made by. 0 or a negative errno with *MESSAGE. */
static int open_service(struct service *service, const struct lc_showing_service *wanted, char **message)
{
	CURL *easy = curl_easy_init();
	int r;

	service->easy = easy;
	service->url = wanted->url;
	r = easy ? read_token(service, wanted->token_file, message) ?: set_url(service, message) : -ENOMEM;
	if (r)
		return r;
	if (curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") ||
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1") ||
		curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) ||
		curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S) ||
		curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)ANSWER_S) ||
		curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, service->error) ||
		curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) ||
		curl_easy_setopt(easy, CURLOPT_WRITEDATA, service) ||
		curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header) ||
		curl_easy_setopt(easy, CURLOPT_HEADERDATA, service) ||
		(wanted->ca_file && curl_easy_setopt(easy, CURLOPT_CAINFO, wanted->ca_file)))
		return -ENOMEM;
	return 0;
}

/* Asks once, for ALL or only for what is new. The HTTP status, or a negative errno with *MESSAGE. */
static long ask(struct service *service, bool all, char **message)
{
	struct curl_slist known = {.next = service->headers};
	char condition[sizeof(service->etag) + 32];
	bool is_conditional = !all && *service->etag;
	CURLcode code;
	long status = 0;

	lc_strbuf_free(&service->body);
	service->new_etag[0] = service->error[0] = '\0';
	snprintf(condition, sizeof(condition), "If-None-Match: %s", service->etag);
	known.data = condition;
	if (curl_easy_setopt(service->easy, CURLOPT_HTTPHEADER, is_conditional ? &known : service->headers))
		return -ENOMEM;
	code = curl_easy_perform(service->easy);
	if (code != CURLE_OK)
		return lc_complain(message, -ECONNREFUSED, "%s: cannot be asked: %s", service->url,
			*service->error ? service->error : curl_easy_strerror(code));
	curl_easy_getinfo(service->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static int read_service(void *context, bool all, struct lc_profile *profile, char **message)
{
	struct service *service = context;
	_cleanup_free_ char *reason = NULL;
	long status = ask(service, all, message);
	int r;

	if (status < 0)
		return (int)status;
	if (status == 304)
		return 0;
	if (status == 401 || status == 403)
		return lc_complain(message, -EACCES,
			"%s: refuses to answer (HTTP status %ld): --token-file FILE says who asks", service->url,
			status);
	if (status != 200)
		return lc_complain(message, -EPROTO, "%s: answers with HTTP status %ld, and tells no profile",
			service->url, status);
	r = lc_profile_from_json(profile, service->body.text ? service->body.text : "", service->body.length, &reason);
	lc_strbuf_free(&service->body);
	if (r)
		return lc_complain(
			message, r, "%s: tells no profile: %s", service->url, reason ? reason : "out of memory");
	memcpy(service->etag, service->new_etag, sizeof(service->etag));
	return 1;
}

static void close_service(struct service *service)
{
	curl_easy_cleanup(service->easy);
	curl_slist_free_all(service->headers);
	lc_strbuf_free(&service->body);
}

int lc_showing_connect(struct lc_showing *showing, const struct lc_showing_service *wanted)
{
	_cleanup_(close_service) struct service service = {0};
	const struct lc_showing_source source = {&service, read_service, true};
	_cleanup_free_ char *message = NULL;
	int r = open_service(&service, wanted, &message);

	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	lc_showing_check(showing);
	return lc_showing_follow(showing, &source) ? LC_EXIT_FAILURE : LC_EXIT_OK;
}
