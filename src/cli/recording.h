/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What record and run have in common: from the attached probe to the saved profile and the exit status. */
#ifndef LEASTCAP_CLI_RECORDING_H
#define LEASTCAP_CLI_RECORDING_H

#include "src/cli/output.h"
#include "src/recording/run_cgroup.h"
#include "src/recording/session.h"

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

struct recording {
	struct session_options session;
	struct lc_log log;
	struct output_wanted output;
	struct lc_output_file *file; /* what OUTPUT asks for, opened; NULL: none asked for */
	char **command;              /* NULL: none */
	struct run_cgroup *cgroup;   /* the cgroup that the command is to enter, or NULL */
	int64_t limit_ns;            /* 0: no limit */
	bool quiet;
	bool verbose;
	bool no_progress;
	bool enough;      /* set while it goes on: the recording ends as if the time were over */
	const char *user; /* -u: the command runs as this user; NULL: as ours */
	void *context;    /* of the two that follow */
	/* Called whenever traced checks have been looked for. May be NULL. */
	void (*looked)(struct recording *recording, const struct session *session);
	/* What becomes of the profile, which may be changed: an exit status. NULL: it is saved as OUTPUT and reported. */
	int (*deliver)(struct recording *recording, const struct session *session, struct lc_profile *profile);
};

/* The options that record and run have in common; its input is a struct recording. */
extern const struct argp lc_recording_argp;

/* Takes one of them, for who documents them in other words. 0, or ARGP_ERR_UNKNOWN. */
error_t lc_recording_parse(struct recording *recording, int key, char *argument);

/*
 * What would make all the work vain is said before anything is begun: privileges that are missing, an output that can't be
 * written, which is opened (lc_recording_close). An exit status.
 */
int lc_recording_check(struct recording *recording);

/* Closes what lc_recording_check has opened. */
void lc_recording_close(struct recording *recording);

/* Records, saves, reports. Returns the exit status of the program. */
int lc_recording_run(struct recording *recording);

/* The same for a command in a cgroup of its own, which is made for it and removed. */
int lc_recording_run_command(struct recording *recording);

/* The same for the whole host. */
int lc_recording_run_host(struct recording *recording);

/* Sets up the log by quiet and verbose. */
void lc_recording_begin_log(struct recording *recording);

#endif
