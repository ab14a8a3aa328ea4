/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What in an image and its service would let a container do with less, and why not where it can't. */
#ifndef LEASTCAP_HARDEN_H
#define LEASTCAP_HARDEN_H

#include <leastcap/compose.h>
#include <leastcap/log.h>
#include <leastcap/model.h>
#include <leastcap/strbuf.h>
#include <leastcap/style.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many files and reasons a plan has at most. */
enum { LC_HARDEN_PATHS = 16, LC_HARDEN_REASONS = 16 };

/* A file, or a directory with all below it, that is to be the user's when the image is built. */
struct lc_harden_path {
	char *path;     /* plain: lc_harden_is_plain */
	bool directory; /* which the image may lack */
};

/* Why capabilities stay on the list. */
struct lc_harden_reason {
	uint64_t caps;
	char *text; /* a part of a sentence behind their names; hostile */
};

/* What one container could take. Zero-initialise to start. */
struct lc_harden_plan {
	const struct lc_target *target;
	bool as_user; /* started as UID:GID it needs neither what changes to that user nor what prepares files for it */
	bool has_gid; /* else the group is that which the image gives the user */
	uint32_t uid;
	uint32_t gid;
	bool open_ports;     /* a sysctl lets everybody bind ports below 1024 */
	uint64_t user_frees; /* what the first takes off the list */
	uint64_t left;       /* the list with all of it */
	char *changers;      /* the programs that change the user now: "gosu"; hostile; NULL: not known */
	bool guesses;        /* there were more files than those that are known */
	struct lc_harden_path paths[LC_HARDEN_PATHS]; /* to be that user's */
	size_t n_paths;
	struct lc_harden_reason reasons[LC_HARDEN_REASONS]; /* for LEFT */
	size_t n_reasons;
};

/* Fills PLAN with what TARGET, which has been judged, could take. 0 or -ENOMEM. */
int lc_harden_plan(const struct lc_target *target, struct lc_harden_plan *plan);

/* Whether PLAN changes anything. */
bool lc_harden_any(const struct lc_harden_plan *plan);

/* Whether PATH, an absolute one, may stand in a Dockerfile and in a shell without doing anything there. */
bool lc_harden_is_plain(const char *path);

/* Appends PLAN's user: "33:33". */
void lc_harden_add_user(struct lc_strbuf *out, const struct lc_harden_plan *plan);

/* Appends "CHOWN, SETUID: …", REASON in a line, escaped. */
void lc_harden_add_reason(struct lc_strbuf *out, const struct lc_harden_reason *reason);

/* Appends PLAN as a list of steps for a person. */
void lc_harden_add_steps(struct lc_strbuf *out, const struct lc_style *style, const struct lc_harden_plan *plan);

/* The files of a project that are to be changed. */
struct lc_harden_project {
	const struct lc_profile *profile;
	const struct lc_harden_plan *plans; /* an element for each of its targets */
	const struct lc_compose *compose;   /* NULL: none was given */
	const char *dockerfile;             /* its path; NULL: none was given */
	const struct lc_strbuf *text;       /* what it says */
};

/*
 * Appends to DIFF the unified diff of PROJECT's files by which its containers become what their plans say. LOG gets a line for each thing that can't be, with
 * the reason, and for what remains to be done by hand. 0 with the number of what was left as it is in *LEFT, or -errno.
 */
int lc_harden_patch(
	const struct lc_harden_project *project, const struct lc_log *log, struct lc_strbuf *diff, size_t *left);

/* Frees what PLAN owns and zeroes it. */
void lc_harden_plan_clear(struct lc_harden_plan *plan);

#endif
