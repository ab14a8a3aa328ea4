/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks a Prometheus, by libcurl: one GET after the other, bounded in time and size. */
#ifndef LEASTCAP_FLEET_CLIENT_H
#define LEASTCAP_FLEET_CLIENT_H

#include "config.h"

#include <leastcap/json.h>
#include <leastcap/strbuf.h>

#include <curl/curl.h>
#include <stdint.h>

/* An answer is no larger: 250,000 series. */
#define LC_FLEET_BODY_MAX ((size_t)64 << 20)

/* Zero-initialise, then call lc_fleet_client_open. */
struct lc_fleet_client {
	CURL *easy;
	struct curl_slist *headers;
	char *url; /* without a slash at its end */
	struct lc_strbuf body;
	bool too_big;
	char error[CURL_ERROR_SIZE];
	char *warning; /* the first thing that Prometheus warned of */
};

/*
 * Prepares to ask the Prometheus at URL ("https://prometheus:9090/prefix"), as CONFIG says. 0, -ENOMEM, or -EINVAL with *MESSAGE: URL is no such address, or has a password in it, which every user of this host could
 * read. To be cleared in any case.
 */
int lc_fleet_client_open(
	struct lc_fleet_client *client, const char *url, const struct lc_fleet_config *config, char **message);

/*
 * Asks for EXPRESSION at TIME, in seconds since 1970. *SERIES becomes the list of what it answers (a reference; objects with "metric" and "value"). 0, or -errno with *MESSAGE as lc_fleet_read says; -E2BIG: Prometheus has given
 * up on it, and less may be asked at once.
 */
int lc_fleet_ask(struct lc_fleet_client *client, const char *expression, int64_t time, json_t **series, char **message);

/* Frees what CLIENT holds and zeroes it. */
void lc_fleet_client_clear(struct lc_fleet_client *client);

#endif
