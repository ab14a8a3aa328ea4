/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The certificate of a proven list: which trials were made, and what came of them. */
#ifndef LEASTCAP_PROOF_H
#define LEASTCAP_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lc_trial_verdict {
	LC_TRIAL_PASSED,
	LC_TRIAL_DEGRADED, /* it passed, and was worse than before */
	LC_TRIAL_FAILED,
	LC_TRIAL_VERDICT_N
};

/* What a trial is for. */
enum lc_trial_purpose {
	LC_TRIAL_BASELINE, /* nothing is refused */
	LC_TRIAL_RECORDED, /* the recorded list alone, or what had to be added to it */
	LC_TRIAL_WITHOUT,  /* the list found so far without some entries */
	LC_TRIAL_CONFIRM,  /* the same once more, because the list keeps an entry for it */
	LC_TRIAL_FINAL,    /* the list that was found, once more */
	LC_TRIAL_PURPOSE_N
};

/* One trial as one target saw it. */
struct lc_proof_run {
	enum lc_trial_purpose purpose;
	enum lc_trial_verdict verdict;
	bool accepted;    /* it was worse, and what it lacked may go */
	uint64_t list;    /* what the target was granted */
	uint64_t without; /* what it lacked of the list that had passed */
	bool others;      /* other targets lacked something in this run, too */
	char *why;        /* unless it passed: a sentence without its end, owned and hostile; or NULL */
};

/* A proof's method where the kernel refused to what already ran. */
#define LC_PROOF_BY_KERNEL "kernel"

/* That a list is enough, and that no entry can be missing from it. Strings are owned, and NULL when unknown. */
struct lc_proof {
	char *method;         /* "engine" */
	char *command;        /* the test, as one would type it */
	char *image_digest;   /* "sha256:…": what the target ran */
	char *engine;         /* "docker" */
	char *engine_version; /* "20.10.24" */
	char *kernel;         /* "6.1.0-56-amd64" */
	char *patch; /* with this patch of the project's files, by the name that the user gave; NULL: as they are */
	char *patch_sha256; /* of its text, in hexadecimal; NULL without one */
	int64_t ended_ns;   /* nanoseconds since 1970, UTC */
	bool restart;       /* each run has stopped the target and started it again */
	bool stopped;       /* by the user: the list has passed, and may still have too much */
	bool unprivileged;  /* the target is privileged, and was not in the trials */
	uint64_t list;      /* that has passed */
	uint64_t added;     /* of LIST: the recording alone did not have it, and failed without */
	uint64_t removed;   /* the recording has it, and the command passed without */
	uint64_t untried;   /* of LIST: no trial lacked it alone */
	struct lc_proof_run *runs;
	size_t n_runs;
};

/* The word for each value, as the profile spells it ("baseline", "degraded"); NULL when out of range. */
const char *lc_trial_purpose_name(enum lc_trial_purpose purpose);
const char *lc_trial_verdict_name(enum lc_trial_verdict verdict);

/* The value that NAME spells, or -EINVAL. */
int lc_trial_purpose_from_name(const char *name);
int lc_trial_verdict_from_name(const char *name);

/* The run for which PROOF's list keeps CAP: the last that lacked it, and nothing else that is on the list, and did not pass; or NULL. */
const struct lc_proof_run *lc_proof_reason(const struct lc_proof *proof, int cap);

/* Whether A and B certify the same in all. */
bool lc_proof_equal(const struct lc_proof *a, const struct lc_proof *b);

/* Frees PROOF, which may be NULL, and what it owns. */
void lc_proof_free(struct lc_proof *proof);

#endif
