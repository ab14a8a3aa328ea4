/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One run of a command while it is recorded, in a process of its own: a recording gives up privileges that the next one needs again. */
#ifndef LEASTCAP_CLI_TRIAL_H
#define LEASTCAP_CLI_TRIAL_H

#include <leastcap/recording.h>
#include <leastcap/samples.h>

#include <stdbool.h>

/* What stands for a container's id in the samples of a command that is recorded itself. */
#define LC_TRIAL_COMMAND "command"

/* A run of a command. */
struct lc_trial {
	const struct lc_recording_options *options; /* with the command; the watcher is the run's own */
	int64_t limit_ns;                           /* it is ended after so long; 0: never */
	void *context;
	/* Is called some ten times a second while it runs; false: it is to be ended. May be NULL. */
	bool (*looked)(void *context);
};

/* What came of it. */
struct lc_trial_end {
	int status;       /* of the command, as waitpid(2) tells it */
	bool given_up;    /* LOOKED wanted its end */
	bool timed_out;   /* it took longer than it may */
	bool leaky;       /* by the kernel: not all was refused that was to be */
	bool interrupted; /* the user wants all to end */
	int64_t took_ns;
	struct lc_profile profile;
	struct lc_samples samples;
};

/*
 * From here on signals that end a program are noted for lc_trial_run, and end nothing by themselves; and whatever commands leave running is our child
 * (PR_SET_CHILD_SUBREAPER, prctl(2)).
 */
void lc_trial_begin(void);

/* Whether a signal has come since that ends a program. */
bool lc_trial_is_interrupted(void);

/* Ends all children that commands have left running, for a trial that was ended in the middle. Nobody else's children may be ours then. */
void lc_trial_end_left(void);

/*
 * Runs it, and fills END (zeroed before). 0, or an exit status where it could not be recorded, which has been said: the command's 126 and 127
 * where it can't be run.
 */
int lc_trial_run(const struct lc_trial *trial, struct lc_trial_end *end);

#endif
