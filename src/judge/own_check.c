/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that reads its own capability sets and gives up: what it missed can only be guessed. */
#include "causes.h"

#include <leastcap/capset.h>
#include <leastcap/engine.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <linux/capability.h>
#include <string.h>

static bool is_own_check(const struct lc_failure *failure)
{
	return failure->syscall && failure->result && !strcmp(failure->syscall, "capget") &&
	       !strncmp(failure->result, "exit ", 5);
}

/*
 * What a program of TARGET that had HELD may have looked for. Most look for something that containers have by default, and daemons of the
 * network for NET_ADMIN.
 */
static uint64_t guess(const struct lc_target *target, uint64_t held)
{
	int engine = target->engine ? lc_engine_from_name(target->engine) : -EINVAL;
	uint64_t usual = lc_engine_defaults(
		engine < 0 ? LC_ENGINE_DOCKER : (enum lc_engine)engine, engine < 0 ? NULL : target->engine_version);

	return (usual | LC_CAP_BIT(CAP_NET_ADMIN) | LC_CAP_BIT(CAP_NET_RAW)) & ~held;
}

static void add_why(struct lc_strbuf *why, const struct lc_failure *failure)
{
	const char *slash = failure->exe ? strrchr(failure->exe, '/') : NULL;
	const char *program = slash ? slash + 1 : failure->comm;

	lc_strbuf_addf(why,
		"%s read its own capability sets and then ended with exit status %s; no call was refused in between, so it seems to have missed a capability.",
		program ? program : "The program", failure->result + 5);
}

static void add_help(struct lc_strbuf *help, uint64_t guessed)
{
	lc_strbuf_adds(help, "Its own messages may name the capability.");
	if (!guessed)
		return;
	lc_strbuf_adds(help, " Of what such programs usually look for it lacked ");
	lc_cap_add_names(help, guessed);
	lc_strbuf_adds(help, ", but that it is one of these is a guess.");
}

bool lc_by_own_check(const struct lc_refused *refused, struct lc_finding *finding)
{
	const struct lc_failure *failure = refused->failure;

	if (!is_own_check(failure))
		return false;
	finding->cause = LC_CAUSE_OWN_CHECK;
	finding->caps = guess(refused->known->target, failure->argument);
	add_why(&finding->why, failure);
	add_help(&finding->help, finding->caps);
	return true;
}
