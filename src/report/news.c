/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is new, found by when each capability was first asked for, and told in a line each. */
#include <leastcap/news.h>

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/json.h>
#include <leastcap/merge.h>
#include <leastcap/order.h>
#include <leastcap/report.h>

#include <errno.h>
#include <stdlib.h>

/* Whether CHECK is why its capability is on the list, or (DENIED) why it is wanted. */
static bool is_reason(const struct lc_check *check, int cap, bool denied)
{
	if (check->cap != cap)
		return false;
	return denied ? check->class == LC_CLASS_BLOCKED
		      : check->class == LC_CLASS_REQUIRED || check->class == LC_CLASS_IMPLIED;
}

/* The earlier of A and B; 0 is not known. */
static int64_t earlier(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

/* When TARGET asked for CAP for the first time; 0: not known. */
static int64_t first_of(const struct lc_target *target, int cap, bool denied)
{
	int64_t first = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		if (is_reason(&target->evidence[i], cap, denied))
			first = earlier(first, target->evidence[i].first_ns);
	}
	for (size_t i = 0; denied && i < target->n_failures; i++) {
		if (target->failures[i].caps & LC_CAP_BIT(cap))
			first = earlier(first, target->failures[i].first_ns);
	}
	return first;
}

static int compare_news(const void *left, const void *right)
{
	const struct lc_news *a = left, *b = right;
	int order = LC_COMPARE_NUMBERS(a->first_ns, b->first_ns);

	if (!order)
		order = LC_COMPARE_NUMBERS(a->target, b->target);
	return order ? order : LC_COMPARE_NUMBERS(a->cap, b->cap);
}

/* Adds CAPS, which TARGET needs or was DENIED. */
static int add_caps(struct lc_news **news, size_t *n, const struct lc_target *target, uint64_t caps, bool denied)
{
	for (int cap; (cap = lc_cap_take(&caps)) >= 0;) {
		struct lc_news *grown = lc_array_grow(*news, *n, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		*news = grown;
		grown[(*n)++] = (struct lc_news){first_of(target, cap, denied), target, cap, denied};
	}
	return 0;
}

int lc_news_find(const struct lc_profile *profile, struct lc_news **news, size_t *n)
{
	struct lc_news *found = NULL;
	size_t n_found = 0;
	int r = 0;

	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		r = add_caps(&found, &n_found, target, target->cap_add, false);
		r = r ? r : add_caps(&found, &n_found, target, target->wanted & ~target->cap_add, true);
	}
	if (r) {
		free(found);
		return r;
	}
	if (n_found)
		qsort(found, n_found, sizeof(*found), compare_news);
	*news = found;
	*n = n_found;
	return 0;
}

int lc_news_key(const struct lc_news *news, char key[LC_SHA256_SIZE])
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_target_add_identity(&text, news->target);
	lc_strbuf_addf(&text, " %d %d", news->cap, news->denied);
	if (text.failed)
		return -ENOMEM;
	lc_sha256(text.text, text.length, key);
	return 0;
}

void lc_news_add_line(struct lc_strbuf *out, const struct lc_news *news)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf reason = {0};
	char name[LC_CAP_NAME_SIZE];

	lc_clock_add_utc(out, "%Y-%m-%d %H:%M:%S UTC  ", news->first_ns);
	lc_report_add_label(out, news->target);
	lc_strbuf_addf(out, ": %s %s", lc_cap_name(news->cap, name), news->denied ? "denied" : "used");
	lc_report_add_reason(&reason, news->target, news->cap);
	if (reason.length)
		lc_strbuf_addf(out, ": %s", reason.text);
	lc_strbuf_adds(out, "\n");
	out->failed |= reason.failed;
}

/* NEWS as an object, or NULL when out of memory. */
static json_t *value_of(const struct lc_news *news)
{
	_cleanup_json_ json_t *object = json_object();
	struct lc_strbuf time = {0}, reason = {0};
	char name[LC_CAP_NAME_SIZE];

	lc_clock_add_utc(&time, "%Y-%m-%dT%H:%M:%SZ", news->first_ns);
	lc_report_add_reason(&reason, news->target, news->cap);
	if (!object || lc_json_set(object, "schema", json_string("leastcap-news/1")) ||
		lc_json_set(object, "time", lc_json_taken(&time)) ||
		lc_json_set_text(object, "target", news->target->name) ||
		lc_json_set_text(object, "project", news->target->project) ||
		lc_json_set_text(object, "service", news->target->service) ||
		lc_json_set_text(object, "namespace", news->target->namespace) ||
		lc_json_set_text(object, "pod", news->target->pod) ||
		lc_json_set_text(object, "image", news->target->image) ||
		lc_json_set(object, "capability", json_string(lc_cap_name(news->cap, name))) ||
		lc_json_set(object, "verdict", json_string(news->denied ? "denied" : "granted")) ||
		lc_json_set(object, "reason", lc_json_taken(&reason))) {
		lc_strbuf_free(&time);
		lc_strbuf_free(&reason);
		return NULL;
	}
	return json_incref(object);
}

void lc_news_add_json(struct lc_strbuf *out, const struct lc_news *news)
{
	_cleanup_json_ json_t *value = value_of(news);
	_cleanup_free_ char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;

	out->failed |= !text;
	lc_strbuf_adds(out, text);
	lc_strbuf_adds(out, "\n");
}
