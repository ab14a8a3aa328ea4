/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap watch: a line for each capability that a workload of the store had not used before. */
#include "src/cli/cli.h"
#include "src/cli/inputs.h"
#include "src/cli/output.h"

#include <leastcap/cleanup.h>
#include <leastcap/log.h>
#include <leastcap/news.h>
#include <leastcap/store.h>
#include <leastcap/table.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_ONCE = LC_OPTION_OWN, OPTION_JSON };

/* How often the store is asked whether something came. */
#define PAUSE_S 2

struct watch {
	struct lc_inputs inputs;
	bool once;
	bool json;
	bool looked;
	struct lc_table *known; /* keys of what has been met: lc_news_key */
};

static const struct argp_option options[] = {
	{"once", OPTION_ONCE, NULL, 0, "print what is new and end; with --since", 0},
	{"json", OPTION_JSON, NULL, 0, "print a JSON object a line, schema leastcap-news/1", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct watch *watch = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &watch->inputs;
		watch->inputs.store = LC_STORE_DIRECTORY;
		return 0;
	case OPTION_ONCE:
		watch->once = true;
		return 0;
	case OPTION_JSON:
		watch->json = true;
		return 0;
	case ARGP_KEY_ARG:
		lc_cli_usage_error("watch takes no '%s': --store DIR names the store", argument);
	case ARGP_KEY_END:
		if (watch->once && !watch->inputs.since)
			lc_cli_usage_error("--once goes with --since TIME, which says what is new");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &lc_inputs_store_argp}, {0}};

const struct argp lc_argp_watch = {
	.options = options,
	.parser = parse,
	.children = children,
	.doc = "Prints a line for each capability that a workload of the store needs, or was denied, and had never been before: when, which workload, which capability, what asked for it. With --since it begins with what is new since then; then it waits for what comes into the store, until Ctrl-C or --once. Exit status: 0; 1 when something could not be done; 2 for bad input.",
};

/* Whether NEWS has not been met before; then it has from now on. -errno where that can't be said. */
static int is_unknown(struct watch *watch, const struct lc_news *news)
{
	char key[LC_SHA256_SIZE];
	int r = lc_news_key(news, key);

	if (r || lc_table_get(watch->known, key))
		return r;
	r = lc_table_put(watch->known, key, watch);
	return r ? r : 1;
}

/* Appends what STORE has that is new. Of the first look it is what was first seen since then, and of others what was not there. 0 or -errno, with *MESSAGE. */
static int look(struct watch *watch, struct lc_store *store, struct lc_strbuf *text, char **message)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ struct lc_news *news = NULL;
	size_t n = 0;
	int r = lc_store_read(store, 0, &profile, message) ?: lc_news_find(&profile, &news, &n);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		r = is_unknown(watch, &news[i]);
		if (r <= 0 || (!watch->looked && (!watch->inputs.since || news[i].first_ns < watch->inputs.since_ns)))
			continue;
		if (watch->json)
			lc_news_add_json(text, &news[i]);
		else
			lc_news_add_line(text, &news[i]);
	}
	watch->looked = true;
	return r < 0 ? r : 0;
}

/* Prints what STORE has that is new. 0 or -errno, with *MESSAGE. */
static int tell(struct watch *watch, struct lc_store *store, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	int r = look(watch, store, &text, message);

	return r || !text.length ? r : lc_output_text(&text);
}

/* Tells what comes into STORE until a signal ends the program. -errno, with *MESSAGE. */
static int follow(struct watch *watch, struct lc_store *store, char **message)
{
	int64_t known = -1, version = 0;
	int r = 0;

	while (!r) {
		r = lc_store_version(store, &version, message);
		if (!r && version != known)
			r = tell(watch, store, message);
		known = version;
		if (!r && watch->once)
			return 0;
		if (!r)
			sleep(PAUSE_S);
	}
	return r;
}

int lc_cmd_watch(int argc, char **argv)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	_cleanup_(lc_store_release) struct lc_store *store = NULL;
	_cleanup_free_ char *message = NULL;
	struct watch watch = {0};
	int r;

	lc_cli_parse(&lc_argp_watch, argc, argv, false, &watch);
	r = lc_store_open(&store, watch.inputs.store, LC_STORE_READ, &message);
	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	watch.known = lc_table_new(LC_SHA256_SIZE);
	r = watch.known ? follow(&watch, store, &message) : -ENOMEM;
	lc_table_free(watch.known, NULL);
	if (!r)
		return LC_EXIT_OK;
	lc_log(&log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	return LC_EXIT_FAILURE;
}
