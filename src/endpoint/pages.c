/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pages that are made of the published profile. */
#include "pages.h"
#include "answer.h"
#include "inbox.h"

#include <leastcap/profile.h>
#include <leastcap/report.h>

#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>

/* A page of a thousand workloads has megabytes, which are only kept while somebody looks. */
#define KEPT_MS INT64_C(60000)

/* A profile, and how many hold it: the one who publishes it, and the job that makes a page of it. */
struct lc_published {
	struct lc_profile *whole; /* NULL: it is read again */
	unsigned int holders;
};

/* What the other thread is given, and gives back. */
struct lc_job {
	struct lc_published *published;
	struct lc_endpoint_source source;
	enum lc_page page;
	uint64_t version;
	char etag[LC_ETAG_SIZE];
	int wake;
	struct MHD_Response *answer;
	atomic_bool done;
};

static void let_go(struct lc_published *published)
{
	if (!published || --published->holders)
		return;
	lc_whole_free(published->whole);
	free(published);
}

void lc_pages_etag(const struct lc_pages *pages, char etag[LC_ETAG_SIZE])
{
	snprintf(etag, LC_ETAG_SIZE, "\"%" PRIx64 "-%" PRIu64 "\"", (uint64_t)pages->began_ms, pages->version);
}

int lc_pages_publish(struct lc_pages *pages, struct lc_profile *whole)
{
	struct lc_published *published = malloc(sizeof(*published));

	if (!published) {
		lc_whole_free(whole);
		return -ENOMEM;
	}
	if (pages->source.read) {
		lc_whole_free(whole);
		whole = NULL;
	}
	*published = (struct lc_published){.whole = whole, .holders = 1};
	let_go(pages->published);
	pages->published = published;
	pages->version++;
	return 0;
}

/* As lc_profile_save writes it. */
static struct MHD_Response *make_profile(struct lc_profile *profile, const char *etag)
{
	struct lc_strbuf body = {0};
	char *text = lc_profile_cut(profile) ? NULL : lc_profile_to_json(profile);

	body.failed = !text;
	lc_strbuf_adds(&body, text);
	free(text);
	return lc_answer_make(&body, LC_TYPE_JSON, etag);
}

static struct MHD_Response *make_report(struct lc_profile *profile, const char *etag)
{
	const struct lc_style style = {.live = etag};
	struct lc_strbuf body = {0};

	if (lc_report_find("html")->render(profile, &style, &body))
		body.failed = true;
	return lc_answer_make(&body, LC_TYPE_HTML, etag);
}

static struct MHD_Response *(*const makers[LC_PAGE_N])(struct lc_profile *profile, const char *etag) = {
	[LC_PAGE_REPORT] = make_report,
	[LC_PAGE_PROFILE] = make_profile,
};

static void *make(void *argument)
{
	struct lc_job *job = argument;
	struct lc_profile read = {0};
	int r = job->published->whole ? 0 : job->source.read(job->source.context, &read);

	if (!r)
		job->answer = makers[job->page](job->published->whole ? job->published->whole : &read, job->etag);
	lc_profile_clear(&read);
	atomic_store(&job->done, true);
	(void)eventfd_write(job->wake, 1);
	return NULL;
}

/* Begins to make PAGE in a thread that leaves every signal to others, as the one that calls does. 0 or -errno. */
static int begin(struct lc_pages *pages, enum lc_page page)
{
	struct lc_job *job = calloc(1, sizeof(*job));
	int r;

	if (!job)
		return -ENOMEM;
	job->published = pages->published;
	job->source = pages->source;
	job->page = page;
	job->version = pages->version;
	job->wake = pages->wake;
	lc_pages_etag(pages, job->etag);
	r = -pthread_create(&pages->maker, NULL, make, job);
	if (r) {
		free(job);
		return r;
	}
	pages->published->holders++;
	pages->job = job;
	return 0;
}

static void take_in(struct lc_pages *pages, int64_t now_ms)
{
	struct lc_job *job = pages->job;
	struct lc_made_page *made = &pages->made[job->page];

	pthread_join(pages->maker, NULL);
	if (made->answer)
		MHD_destroy_response(made->answer);
	made->answer = job->answer;
	made->version = job->version;
	made->used_ms = now_ms;
	let_go(job->published);
	free(job);
	pages->job = NULL;
}

struct MHD_Response *lc_pages_get(struct lc_pages *pages, enum lc_page page, int64_t now_ms)
{
	struct lc_made_page *made = &pages->made[page];

	made->used_ms = now_ms;
	if (made->answer && made->version == pages->version)
		return made->answer;
	made->wanted = true;
	return NULL;
}

struct MHD_Response *lc_pages_last(struct lc_pages *pages, enum lc_page page)
{
	return pages->made[page].answer;
}

bool lc_pages_is_awaited(const struct lc_pages *pages, enum lc_page page)
{
	return pages->made[page].wanted || (pages->job && pages->job->page == page);
}

void lc_pages_proceed(struct lc_pages *pages, int64_t now_ms)
{
	if (pages->job && atomic_load(&pages->job->done))
		take_in(pages, now_ms);
	for (enum lc_page page = 0; !pages->job && page < LC_PAGE_N; page++) {
		struct lc_made_page *made = &pages->made[page];
		bool is_made = made->answer && made->version == pages->version;

		/* Where that fails, who waits for it is told so, or given what was made before. */
		if (made->wanted && !is_made)
			(void)begin(pages, page);
		made->wanted = false;
	}
}

bool lc_pages_expire(struct lc_pages *pages, int64_t now_ms)
{
	bool left = false, gone = false;

	for (enum lc_page page = 0; page < LC_PAGE_N; page++) {
		struct lc_made_page *made = &pages->made[page];

		if (made->answer && now_ms - made->used_ms > KEPT_MS) {
			MHD_destroy_response(made->answer);
			made->answer = NULL;
			gone = true;
		}
		left |= made->answer != NULL;
	}
	if (gone)
		(void)malloc_trim(0);
	return left;
}

void lc_pages_clear(struct lc_pages *pages)
{
	if (pages->job)
		take_in(pages, 0);
	for (enum lc_page page = 0; page < LC_PAGE_N; page++) {
		if (pages->made[page].answer)
			MHD_destroy_response(pages->made[page].answer);
	}
	let_go(pages->published);
	*pages = (struct lc_pages){0};
}
