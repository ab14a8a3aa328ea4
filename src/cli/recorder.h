/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the commands that record have in common: from the options to the saved profile and the exit status. */
#ifndef LEASTCAP_CLI_RECORDER_H
#define LEASTCAP_CLI_RECORDER_H

#include "src/cli/output.h"
#include "src/cli/progress.h"

#include <leastcap/recording.h>

#include <argp.h>
#include <stdbool.h>

struct lc_recorder {
	struct lc_recording_options
		options; /* of the watcher only LOOKED is a command's own; its context is the recorder */
	struct lc_log log;
	struct lc_output_wanted output;
	struct lc_output_file *file; /* what OUTPUT asks for, opened; NULL: none asked for */
	struct lc_progress progress;
	bool quiet;
	bool verbose;
	bool no_progress;
	bool restart;  /* the containers that are named before the command, else those that it has started after it */
	void *context; /* the command's own */
	/*
	 * Does with the profile, which it may change, what the command does. An exit status. NULL: the profile is saved as OUTPUT
	 * and reported.
	 */
	int (*deliver)(struct lc_recorder *recorder, const struct lc_recording *recording, struct lc_profile *profile);
};

/* The options that record and run have in common; its input is a struct lc_recorder. */
extern const struct argp lc_recorder_argp;

/* Takes one of them, for commands that document them in other words. 0, or ARGP_ERR_UNKNOWN. */
error_t lc_recorder_parse(struct lc_recorder *recorder, int key, char *argument);

/*
 * Says before anything is begun what would make all the work vain: privileges that are missing, an output that can't be written.
 * Opens the output (lc_recorder_close). An exit status.
 */
int lc_recorder_check(struct lc_recorder *recorder);

/* Ends the program without waiting for what does not answer: struct lc_recording_watcher. The kernel detaches what is attached. */
void lc_recorder_end_at_once(void);

/* Closes what lc_recorder_check has opened. */
void lc_recorder_close(struct lc_recorder *recorder);

/* Records, saves, reports. Returns the exit status of the program. */
int lc_recorder_run(struct lc_recorder *recorder);

/* Sets up the log by quiet and verbose. */
void lc_recorder_begin_log(struct lc_recorder *recorder);

#endif
