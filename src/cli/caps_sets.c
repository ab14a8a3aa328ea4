/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Printing sets of capabilities, as text and as JSON. */
#include "src/cli/caps.h"
#include "src/cli/cli.h"
#include <leastcap/flow.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/json.h>
#include <leastcap/log.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* "inheritable  00000000a80425fb  " */
#define LC_SETS_INDENT 31
/* More names than this are said in a shorter way. */
#define LC_FEW 5

void lc_caps_add_paragraph(struct lc_strbuf *out, const char *text, size_t indent, size_t column)
{
	struct lc_flow flow = {.out = out, .columns = CAPS_COLUMNS, .indent = indent, .column = column};

	lc_flow_words(&flow, text);
	lc_flow_end(&flow);
}

void lc_caps_add_names(struct lc_strbuf *out, uint64_t mask, size_t indent)
{
	struct lc_flow flow = {.out = out, .columns = CAPS_COLUMNS, .indent = indent, .column = indent};
	char name[LC_CAP_NAME_SIZE];

	if (!mask)
		lc_flow_piece(&flow, "none");
	for (int cap; (cap = lc_cap_take(&mask)) >= 0;)
		lc_flow_piece(&flow, lc_cap_name(cap, name));
	lc_flow_end(&flow);
}

static void add_set(struct lc_strbuf *out, const char *name, uint64_t mask, uint64_t bounding)
{
	uint64_t all = lc_cap_all();
	uint64_t missing = all & ~mask;

	lc_strbuf_addf(out, "%-11s  %016" PRIx64 "  ", name, mask);
	if (mask == bounding && strcmp(name, "bounding") != 0 && __builtin_popcountll(mask) > LC_FEW) {
		lc_strbuf_adds(out, "as bounding\n");
	} else if (mask == all) {
		lc_strbuf_adds(out, "all\n");
	} else if (!(mask & ~all) && __builtin_popcountll(missing) <= LC_FEW) {
		lc_strbuf_adds(out, "all but ");
		lc_caps_add_names(out, missing, LC_SETS_INDENT + strlen("all but "));
	} else {
		lc_caps_add_names(out, mask, LC_SETS_INDENT);
	}
}

void lc_caps_add_sets(struct lc_strbuf *out, const struct lc_sets *sets)
{
	add_set(out, "bounding", sets->bounding, sets->bounding);
	add_set(out, "permitted", sets->permitted, sets->bounding);
	add_set(out, "effective", sets->effective, sets->bounding);
	add_set(out, "inheritable", sets->inheritable, sets->bounding);
	add_set(out, "ambient", sets->ambient, sets->bounding);
}

json_t *lc_caps_set_json(uint64_t mask)
{
	char text[17];

	snprintf(text, sizeof(text), "%016" PRIx64, mask);
	return json_pack("{s:s, s:o}", "mask", text, "names", lc_json_capabilities(mask, false));
}

void lc_caps_sets_json(json_t *object, const struct lc_sets *sets)
{
	json_object_set_new(object, "bounding", lc_caps_set_json(sets->bounding));
	json_object_set_new(object, "permitted", lc_caps_set_json(sets->permitted));
	json_object_set_new(object, "effective", lc_caps_set_json(sets->effective));
	json_object_set_new(object, "inheritable", lc_caps_set_json(sets->inheritable));
	json_object_set_new(object, "ambient", lc_caps_set_json(sets->ambient));
}

int lc_caps_print(struct lc_strbuf *out)
{
	const struct lc_log log = {.threshold = LC_LOG_ERROR, .stream = stderr};
	_cleanup_free_ char *text = lc_strbuf_steal(out);
	int r = text ? 0 : -ENOMEM;

	errno = 0;
	if (text && (fputs(text, stdout) < 0 || fflush(stdout)))
		r = errno ? -errno : -EIO;
	/* A reader that has seen enough (| head) is no failure worth a line. */
	if (r && r != -EPIPE)
		lc_log(&log, LC_LOG_ERROR, "standard output: %s", strerror(-r));
	return r ? LC_EXIT_FAILURE : LC_EXIT_OK;
}

int lc_caps_print_json(json_t *value)
{
	struct lc_strbuf out = {0};

	out.failed = lc_json_render(value, &out) != 0;
	json_decref(value);
	return lc_caps_print(&out);
}

uint64_t lc_caps_read_capability(const char *name)
{
	_cleanup_free_ char *message = NULL;
	uint64_t mask;

	if (lc_engine_read_capability(name, &mask, &message))
		lc_cli_usage_error("%s", message ? message : strerror(ENOMEM));
	return mask;
}
