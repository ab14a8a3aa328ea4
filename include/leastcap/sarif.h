/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SARIF 2.1.0 (OASIS), which code scanning takes: alerts with a rule and a place each. */
#ifndef LEASTCAP_SARIF_H
#define LEASTCAP_SARIF_H

#include <leastcap/model.h>
#include <leastcap/strbuf.h>

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The rules: each capability's is its number, and those after them. */
enum {
	LC_SARIF_PRIVILEGED = 64, /* a container runs privileged */
	LC_SARIF_BEYOND_NEED,     /* it holds capabilities that it does not need, none of them dangerous */
	LC_SARIF_UNKNOWN,         /* the file has no entry for it */
	LC_SARIF_PARTIAL,         /* not all of its life was recorded */
	LC_SARIF_UNPROVEN,        /* its list is not proven */
	LC_SARIF_UNTOLD,          /* the file does not tell by itself what it allows */
	LC_SARIF_STALE,           /* the baseline accepts what nothing needs */
	LC_SARIF_HOST_OPEN,       /* something of the host's is open to a container that runs */
	LC_SARIF_RULES
};

/* Where an alert is shown: a line (0: the first) of a file of the project's. */
struct lc_sarif_place {
	const char *path; /* as given on the command line; NULL: none */
	size_t line;
};

struct lc_sarif_alert {
	int rule;
	const char *level; /* "error", "warning", "note" */
	const char
		*finding; /* a word of the fingerprint, by which an old alert is told from a new one: never to change */
	const struct lc_target *target; /* that it is about, or NULL */
	const char *entry;              /* of the file, which it is about: "service web"; NULL: it is about TARGET */
	const char *accepted;           /* why, where nobody is to do anything about it; NULL: it is open */
	/* Without a file the image's name stands for one, because code scanning shows nothing without. */
	struct lc_sarif_place place;
};

/* A log being made. Zero-initialise to start. */
struct lc_sarif {
	json_t *results;
	bool used[LC_SARIF_RULES];
	bool has_baseline; /* each alert says whether it is accepted */
};

/* Appends TEXT as a message may hold it, in which square brackets would make a link. NULL appends nothing. */
void lc_sarif_add_text(struct lc_strbuf *out, const char *text);

/* Adds ALERT, which says what MESSAGE holds, by lc_sarif_add_text; MESSAGE is freed. 0 or -ENOMEM. */
int lc_sarif_add(struct lc_sarif *sarif, const struct lc_sarif_alert *alert, struct lc_strbuf *message);

/* Appends the whole log, with what PROFILE lacks as notifications. 0 or -ENOMEM. */
int lc_sarif_render(const struct lc_sarif *sarif, const struct lc_profile *profile, struct lc_strbuf *out);

/* Frees what SARIF owns and zeroes it. */
void lc_sarif_clear(struct lc_sarif *sarif);

/*
 * Appends the sarif report of PROFILE. PLACES, of each target, says where its alerts are shown, and a target without a path is left out then; NULL:
 * all are shown at their images' names. 0 or -ENOMEM.
 */
int lc_sarif_report(const struct lc_profile *profile, const struct lc_sarif_place *places, struct lc_strbuf *out);

#endif
