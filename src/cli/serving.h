/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The service on the command line: what it records, and how it keeps that. */
#ifndef LEASTCAP_CLI_SERVING_H
#define LEASTCAP_CLI_SERVING_H

#include "src/cli/listening.h"
#include "src/cli/recorder.h"

#include <leastcap/serve.h>

#include <argp.h>

struct lc_serving {
	struct lc_recorder recorder;
	struct lc_service service;
	struct lc_endpoint *endpoint; /* NULL: it answers nobody */
	bool asked;                   /* one of the options was given that are about recording */
};

/* The options that say so; its input is a struct lc_serving, zeroed before. */
extern const struct argp lc_serving_argp;

/*
 * Records into the store in DIRECTORY (NULL: the usual one) until a signal ends it, and tells what is seen where LISTENING says. The log has been begun. An exit status.
 */
int lc_serving_run(struct lc_serving *serving, const char *directory, struct lc_listening *listening);

#endif
