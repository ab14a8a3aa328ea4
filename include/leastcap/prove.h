/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search for a proven list: which trials are made, in which order, and what their answers say. Whoever calls makes the trials. */
#ifndef LEASTCAP_PROVE_H
#define LEASTCAP_PROVE_H

#include <leastcap/proof.h>

/* One container, or all those of one service. */
struct lc_prove_subject {
	uint64_t granted;  /* what the baseline grants it: no trial grants more */
	uint64_t recorded; /* the list that the baseline's recording gives it */
	uint64_t doubtful; /* of RECORDED: what it may do without, tried first */
	uint64_t accepted; /* what may go although the service is worse without it */
	uint64_t fixed;    /* of RECORDED: no trial is made without, because its answer would say nothing */
	uint64_t open;     /* of RECORDED: nothing makes it doubtful, and it is tried all the same, alone */
};

/* One trial. Both arrays have an element for each subject, and are NULL in a baseline. */
struct lc_prove_trial {
	enum lc_trial_purpose purpose;
	size_t number;           /* from 1 */
	const uint64_t *lists;   /* what each subject is granted */
	const uint64_t *without; /* what each lacks of the lists that have passed */
};

/* What came of it. */
struct lc_prove_answer {
	enum lc_trial_verdict verdict;
	char *why;        /* unless it passed: what failed or was worse, a sentence without its end; owned, hostile */
	uint64_t *wanted; /* for each subject what would open what it was refused; owned; NULL: not known */
};

/* A trial that was made. */
struct lc_prove_run {
	enum lc_trial_purpose purpose;
	enum lc_trial_verdict verdict;
	bool accepted;     /* it was worse, and what it lacked may go */
	uint64_t *lists;   /* an element for each subject; NULL: a baseline */
	uint64_t *without; /* likewise */
	char *why;
};

/* Who makes the trials, and is told how the search goes on. */
struct lc_prove_trials {
	void *context;
	/*
	 * Makes TRIAL and fills ANSWER (zeroed before). A second baseline is compared with the first: where they differ it has not passed.
	 * 0; -EINTR: the user wants it to end; or another -errno.
	 */
	int (*make)(void *context, const struct lc_prove_trial *trial, struct lc_prove_answer *answer);
	/* The baselines have passed: puts the N subjects, which stay the caller's, to *SUBJECTS. 0 or -errno. */
	int (*subjects)(void *context, const struct lc_prove_subject **subjects, size_t *n);
	/*
	 * Puts N trials of an earlier search of the same subjects to *RUNS, which stay the caller's: their answers count as if they were of this one. 0 or -errno.
	 * May be NULL.
	 */
	int (*earlier)(void *context, const struct lc_prove_run **runs, size_t *n);
	/* Between LEAST and MOST runs are to come. May be NULL. */
	void (*announce)(void *context, size_t least, size_t most);
	/*
	 * More are needed than that: the recorded lists failed, answers contradicted each other, or what was needed no longer is without
	 * another entry that has gone. May be NULL.
	 */
	void (*more)(void *context);
	/* That the last trial's service was worse is accepted: from now on trials are compared with it. May be NULL. */
	void (*accept)(void *context);
};

/* How a search ends. */
enum lc_prove_end {
	LC_PROVE_PROVEN,
	LC_PROVE_STOPPED,    /* by the user; the lists are the best that have passed */
	LC_PROVE_UNFIT,      /* the command fails with nothing refused */
	LC_PROVE_FLAPS,      /* it does not come out the same each time */
	LC_PROVE_NOTHING,    /* there was no subject */
	LC_PROVE_IMPOSSIBLE, /* what was granted before does not pass as a list */
};

/* What is known in the end. Each array but RUNS has an element for each subject, and is NULL where the search did not come that far. */
struct lc_prove_result {
	enum lc_prove_end end;
	char *why; /* what flapped or failed, where that ended it; hostile */
	size_t n;
	uint64_t *lists; /* the best that have passed; NULL: none has */
	uint64_t *added; /* of LISTS: not recorded, and the recorded lists failed without */
	struct lc_prove_run *runs;
	size_t n_runs;
};

/*
 * Finds for each subject a list with which the command passes and from which no entry that was tried can be missing alone, and fills RESULT
 * (zeroed before). Tried are the doubtful and the open entries, and where EXHAUSTIVE all. Every answer that keeps an entry is confirmed. 0 however the
 * search ended, or -errno; RESULT is to be cleared in both cases.
 */
int lc_prove(const struct lc_prove_trials *trials, bool exhaustive, struct lc_prove_result *result);

/* The last run that subject SUBJECT of RESULT, of all that is on the lists, lacked CAP alone in, and that did not pass; NULL: none. */
const struct lc_prove_run *lc_prove_reason(const struct lc_prove_result *result, size_t subject, int cap);

/* Frees what RESULT owns and zeroes it. */
void lc_prove_result_clear(struct lc_prove_result *result);

#endif
