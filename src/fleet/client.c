/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One GET of Prometheus' /api/v1/query after the other: no redirects, bounded in time and size; and what its answers mean. */
#include "client.h"

#include <leastcap/cleanup.h>
#include <leastcap/message.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define LC_CONNECT_S 10
/* Prometheus gives up on a query after two minutes, where nobody says otherwise. */
#define LC_ANSWER_S 150

static size_t take_body(const char *bytes, size_t size, size_t count, void *owner)
{
	struct lc_fleet_client *client = owner;
	size_t length = size * count; /* libcurl: SIZE is always 1 */

	if (length > LC_FLEET_BODY_MAX - client->body.length) {
		client->too_big = true;
		return 0;
	}
	lc_strbuf_add(&client->body, bytes, length);
	return client->body.failed ? 0 : length;
}

/* Whether URL has PART. */
static bool has_part(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return has;
}

/* Whether URL is an address that can be asked. 0 or -errno with *MESSAGE. */
static int check_url(const char *url, char **message)
{
	CURLU *parsed = curl_url();
	int r = 0;

	if (!parsed)
		return -ENOMEM;
	if ((strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) ||
		curl_url_set(parsed, CURLUPART_URL, url, 0) != CURLUE_OK)
		r = lc_complain(message, -EINVAL, "'%s' is no address such as http://prometheus:9090", url);
	else if (has_part(parsed, CURLUPART_USER) || has_part(parsed, CURLUPART_PASSWORD))
		r = lc_complain(message, -EINVAL,
			"who asks does not belong into an address, which others can read: --prometheus-config FILE takes it");
	else if (has_part(parsed, CURLUPART_QUERY) || has_part(parsed, CURLUPART_FRAGMENT))
		r = lc_complain(message, -EINVAL, "'%s': an address ends before '?' and '#'", url);
	curl_url_cleanup(parsed);
	return r;
}

/* Appends LINE to the headers. 0 or -ENOMEM. */
static int add_header(struct lc_fleet_client *client, const char *line)
{
	struct curl_slist *headers = curl_slist_append(client->headers, line);

	if (!headers)
		return -ENOMEM;
	client->headers = headers;
	return 0;
}

static int add_headers(struct lc_fleet_client *client, const struct lc_fleet_config *config)
{
	int r = add_header(client, "Accept: application/json");

	if (!r && config->authorization)
		r = add_header(client, config->authorization);
	for (size_t i = 0; !r && i < config->n_headers; i++)
		r = add_header(client, config->headers[i]);
	return r;
}

/* Sets OPTION to TEXT, unless that is NULL. */
static bool set_text(CURL *easy, CURLoption option, const char *text)
{
	return !text || curl_easy_setopt(easy, option, text) == CURLE_OK;
}

static bool set_options(struct lc_fleet_client *client, const struct lc_fleet_config *config)
{
	CURL *easy = client->easy;

	return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)LC_CONNECT_S) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)LC_ANSWER_S) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, client->error) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HTTPHEADER, client->headers) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, config->insecure ? 0L : 1L) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, config->insecure ? 0L : 2L) == CURLE_OK &&
	       set_text(easy, CURLOPT_USERPWD, config->user) && set_text(easy, CURLOPT_CAINFO, config->ca_file) &&
	       set_text(easy, CURLOPT_SSLCERT, config->cert_file) && set_text(easy, CURLOPT_SSLKEY, config->key_file) &&
	       curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_WRITEDATA, client) == CURLE_OK;
}

int lc_fleet_client_open(
	struct lc_fleet_client *client, const char *url, const struct lc_fleet_config *config, char **message)
{
	int r = check_url(url, message);

	if (r)
		return r;
	client->url = strdup(url);
	client->easy = curl_easy_init();
	if (!client->url || !client->easy || add_headers(client, config) || !set_options(client, config))
		return -ENOMEM;
	for (size_t n = strlen(client->url); n && client->url[n - 1] == '/'; n--)
		client->url[n - 1] = 0;
	return 0;
}

/* Why there was no answer at all, by libcurl's CODE. -errno with *MESSAGE. */
static int explain_silence(const struct lc_fleet_client *client, CURLcode code, char **message)
{
	const char *why = *client->error ? client->error : curl_easy_strerror(code);

	if (client->body.failed || code == CURLE_OUT_OF_MEMORY)
		return -ENOMEM;
	if (client->too_big)
		return lc_complain(message, -EMSGSIZE, "%s: an answer has more than %zu MiB; ask for less with --since",
			client->url, LC_FLEET_BODY_MAX >> 20);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return lc_complain(message, -ETIMEDOUT, "%s: does not answer in time: %s", client->url, why);
	return lc_complain(message, -ECONNREFUSED, "%s: cannot be asked: %s", client->url, why);
}

/* What a STATUS other than 200 means, with what Prometheus says of it (NULL: nothing). -errno with *MESSAGE. */
static int explain_refusal(const struct lc_fleet_client *client, long status, const char *said, char **message)
{
	/* Its own words for what was too much: "query timed out …", "query processing would load too many samples …". */
	int r = status == 422 || status == 503 || status == 504 ? -E2BIG : -EPROTO;

	if (status == 401 || status == 403)
		return lc_complain(message, -EACCES,
			"%s: refuses to answer (HTTP status %ld): --prometheus-config FILE says who asks", client->url,
			status);
	if (said)
		return lc_complain(message, r, "%s: Prometheus says: %s", client->url, said);
	return lc_complain(message, r, "%s: answers with HTTP status %ld, as no Prometheus does: is the address right?",
		client->url, status);
}

/* Keeps the first of ANSWER's warnings. */
static void keep_warning(struct lc_fleet_client *client, const json_t *answer)
{
	const char *warning = json_string_value(json_array_get(json_object_get(answer, "warnings"), 0));

	if (warning && !client->warning)
		lc_complain(&client->warning, 0, "%s: Prometheus warns: %s", client->url, warning);
}

/* Reads the body, an answer of STATUS. As lc_fleet_ask. */
static int read_answer(struct lc_fleet_client *client, long status, json_t **series, char **message)
{
	/* A name with a NUL in it must not keep all others' from being read. */
	_cleanup_json_ json_t *answer =
		json_loadb(client->body.text ? client->body.text : "", client->body.length, JSON_ALLOW_NUL, NULL);
	const char *said = json_string_value(json_object_get(answer, "error"));
	json_t *result = json_object_get(json_object_get(answer, "data"), "result");

	if (status != 200)
		return explain_refusal(client, status, said, message);
	if (!answer)
		return lc_complain(message, -EPROTO,
			"%s: answers with something else than JSON, as no Prometheus does: is the address right?",
			client->url);
	if (!json_is_array(result))
		return lc_complain(message, -EPROTO,
			"%s: answers without a result, as no Prometheus does: is the address right?", client->url);
	keep_warning(client, answer);
	*series = json_incref(result);
	return 0;
}

int lc_fleet_ask(struct lc_fleet_client *client, const char *expression, int64_t time, json_t **series, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf url = {0};
	char *query = curl_easy_escape(client->easy, expression, 0);
	long status = 0;
	CURLcode code;

	/* Whoever answers for several must say so where one of them does not: the words of Thanos, and of VictoriaMetrics. */
	lc_strbuf_addf(&url, "%s/api/v1/query?time=%" PRId64 "&partial_response=false&deny_partial_response=1&query=%s",
		client->url, time, query ? query : "");
	lc_strbuf_free(&client->body);
	client->too_big = false;
	*client->error = 0;
	if (!query || url.failed || curl_easy_setopt(client->easy, CURLOPT_URL, url.text) != CURLE_OK) {
		curl_free(query);
		return -ENOMEM;
	}
	curl_free(query);
	code = curl_easy_perform(client->easy);
	if (code != CURLE_OK)
		return explain_silence(client, code, message);
	curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &status);
	return read_answer(client, status, series, message);
}

void lc_fleet_client_clear(struct lc_fleet_client *client)
{
	curl_easy_cleanup(client->easy);
	curl_slist_free_all(client->headers);
	lc_strbuf_free(&client->body);
	free(client->url);
	free(client->warning);
	*client = (struct lc_fleet_client){0};
}
