/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks Prometheus for all that a profile is made of, in parts where it is too much at once. */
#include <leastcap/fleet.h>

#include "client.h"
#include "workloads.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/message.h>

#include <errno.h>
#include <inttypes.h>

/* What Prometheus gives up on is asked for in halves, so often. */
#define LC_MOST_HALVINGS 6
#define LC_LEAST_SECONDS 60

#define LC_DAY_NS (86400 * LC_NS_PER_S)

struct asking {
	struct lc_fleet_client client;
	struct lc_fleet_config config;
	struct lc_workloads workloads;
	bool any; /* there was a sample */
	char **message;
};

/* Takes all of SERIES, which tell what TOLD says. 0 or -errno. */
static int take_all(struct asking *asking, enum lc_told told, const json_t *series)
{
	int r = 0;

	for (size_t i = 0; !r && i < json_array_size(series); i++)
		r = lc_workloads_take(&asking->workloads, told, json_array_get(series, i), asking->message);
	asking->any |= json_array_size(series) > 0;
	return r;
}

/* Asks for TOLD of the SECONDS before the time TO (seconds since 1970). 0 or -errno. */
static int ask(struct asking *asking, enum lc_told told, int64_t seconds, int64_t to)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf query = {0};
	_cleanup_json_ json_t *series = NULL;
	int r;

	lc_fleet_add_query(&query, told, seconds);
	if (query.failed)
		return -ENOMEM;
	r = lc_fleet_ask(&asking->client, query.text, to, &series, asking->message);
	return r ? r : take_all(asking, told, series);
}

/*
 * The same, in parts that Prometheus does not give up on. Of each part everything is asked that was so at some scrape, and counters for what they grew by, so that it does not matter how many
 * parts there are.
 */
static int ask_in_parts(struct asking *asking, enum lc_told told, int64_t seconds, int64_t to, int *halvings)
{
	int64_t part = seconds, done = 0;

	for (int i = 0; i < *halvings && part / 2 >= LC_LEAST_SECONDS; i++)
		part = (part + 1) / 2;
	while (done < seconds) {
		int64_t length = seconds - done < part ? seconds - done : part;
		int r = ask(asking, told, length, to - done);

		if (r == -E2BIG && *halvings < LC_MOST_HALVINGS && part / 2 >= LC_LEAST_SECONDS) {
			/* What was taken in already is not asked for again. */
			++*halvings;
			part = (part + 1) / 2;
			continue;
		}
		if (r)
			return r;
		done += length;
	}
	return 0;
}

static int ask_all(struct asking *asking, int64_t seconds, int64_t to)
{
	int halvings = 0, r = 0;

	for (int told = 0; !r && told < LC_TOLD_N; told++)
		r = ask_in_parts(asking, (enum lc_told)told, seconds, to, &halvings);
	if (!r && !asking->any)
		r = lc_complain(asking->message, -ENODATA,
			"%s: has no series of leastcap's in this time: it is to scrape `leastcap serve`",
			asking->client.url);
	return r;
}

int lc_fleet_read(const struct lc_fleet_options *options, struct lc_profile *profile, char **warning, char **message)
{
	struct asking asking = {.message = message};
	int64_t now = lc_clock_ns(CLOCK_REALTIME), to = (now + LC_NS_PER_S - 1) / LC_NS_PER_S;
	int64_t since = options->since_ns > 0 ? options->since_ns : now - LC_FLEET_DAYS * LC_DAY_NS;
	int64_t seconds = to - since / LC_NS_PER_S;
	char *origin = NULL;
	int r = 0;

	*message = NULL;
	asking.workloads.by_workload = options->by_workload;
	asking.workloads.from_ns = since;
	asking.workloads.to_ns = now;
	if (seconds < 1)
		r = lc_complain(message, -EINVAL, "nothing can have been seen since a time that is to come");
	if (!r && options->config)
		r = lc_fleet_config_read(&asking.config, options->config, message);
	r = r ?: lc_fleet_client_open(&asking.client, options->url, &asking.config, message);
	if (!r && asprintf(&origin, "Prometheus at %s", asking.client.url) < 0) {
		origin = NULL;
		r = -ENOMEM;
	}
	asking.workloads.origin = origin;
	r = r ?: ask_all(&asking, seconds, to) ?: lc_workloads_finish(&asking.workloads, profile);
	*warning = asking.client.warning;
	asking.client.warning = NULL;
	lc_workloads_clear(&asking.workloads);
	lc_fleet_client_clear(&asking.client);
	lc_fleet_config_clear(&asking.config);
	free(origin);
	return r;
}
