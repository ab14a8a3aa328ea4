/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The doctor: what this host offers to a recording, what is in its way, and what to do about it. */
#ifndef LEASTCAP_DOCTOR_H
#define LEASTCAP_DOCTOR_H

#include <leastcap/host.h>
#include <leastcap/privileges.h>
#include <leastcap/probe.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>

enum lc_doctor_state {
	LC_DOCTOR_OK,
	LC_DOCTOR_UNKNOWN,  /* can't be told with the privileges that we have */
	LC_DOCTOR_DEGRADED, /* recording works, and tells less or costs more */
	LC_DOCTOR_MISSING,  /* without it nothing can be recorded */
	LC_DOCTOR_STATE_N,
};

/* One thing that was looked at. The texts may hold what others have written: they are escaped where they are printed. */
struct lc_doctor_finding {
	const char *name; /* "kernel", "hooks", … */
	enum lc_doctor_state state;
	struct lc_strbuf found;
	struct lc_strbuf cost;   /* what it costs the user; empty: nothing */
	struct lc_strbuf remedy; /* what to do; empty: nothing */
};

/* Everything that was looked at. Causes come before their effects. */
struct lc_diagnosis {
	struct lc_doctor_finding *list;
	size_t n;
};

/* Room for all rows of lc_privileges. */
#define LC_DOCTOR_NEEDS_MAX 16

/* What the doctor looks at: files below a root directory, and what is in no file. */
struct lc_doctor_host {
	const char *root;    /* "" for the host's own /proc, /sys and /run */
	const char *btf;     /* the file given for the kernel's type information, or NULL */
	const char *engine;  /* $DOCKER_HOST, or NULL */
	const char *machine; /* "x86_64" */
	const struct lc_privilege *needs[LC_DOCTOR_NEEDS_MAX]; /* what a recording needs or profits from here */
	size_t n_needs;
	struct lc_hierarchy hierarchy;
	int hierarchy_error; /* of lc_hierarchy_find */
	struct lc_hook_state hooks[LC_HOOK_KINDS];
	int trial_error; /* of a recording of nothing that was begun and ended */
	char *trial_message;
	bool resumes; /* in such a recording the outcomes of calls can be known without looking at the return of each: --refusals=checked */
	int refusal_error;     /* of trials in which the kernel refuses capabilities: lc_probe_may_refuse */
	char *refusal_message; /* why there are none; NULL when there are */
};

/*
 * Fills what is in no file (privileges needed, hierarchy, hooks, the trial) in HOST, whose other fields are set. Attaches the programs for a moment,
 * and leaves nothing behind. 0 or -ENOMEM.
 */
int lc_doctor_try(struct lc_doctor_host *host);

/* Frees what lc_doctor_try has put into HOST. */
void lc_doctor_host_clear(struct lc_doctor_host *host);

/* Looks at everything in HOST, and fills DIAGNOSIS (zeroed before; lc_diagnosis_clear frees it). 0, or -ENOMEM: it may then have some findings. */
int lc_doctor_examine(const struct lc_doctor_host *host, struct lc_diagnosis *diagnosis);

/* Frees what DIAGNOSIS holds and zeroes it. */
void lc_diagnosis_clear(struct lc_diagnosis *diagnosis);

/* The worst state in DIAGNOSIS. */
enum lc_doctor_state lc_diagnosis_worst(const struct lc_diagnosis *diagnosis);

/* "ok", "unknown", "degraded", "missing". */
const char *lc_doctor_state_name(enum lc_doctor_state state);

/* Appends DIAGNOSIS as a terminal may show it: first whether anything can be recorded, then a line for each finding. 0 or -ENOMEM. */
int lc_diagnosis_text(const struct lc_diagnosis *diagnosis, const struct lc_style *style, struct lc_strbuf *out);

/* Appends DIAGNOSIS as JSON, schema leastcap-doctor/1. 0 or -ENOMEM. */
int lc_diagnosis_json(const struct lc_diagnosis *diagnosis, struct lc_strbuf *out);

#endif
