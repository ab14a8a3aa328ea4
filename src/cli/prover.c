/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the trials of a proof. */
#include "src/cli/cli.h"
#include "src/cli/prover_left.h"
#include "src/cli/prover_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The command itself is the one that something is to be proven of. An exit status. */
static int open_command(struct lc_prover *prover)
{
	prover->containers = calloc(1, sizeof(*prover->containers));
	if (prover->containers)
		prover->containers->key = strdup("the command");
	if (!prover->containers || !prover->containers->key) {
		lc_log(prover->log, LC_LOG_ERROR, "out of memory");
		return LC_EXIT_FAILURE;
	}
	prover->n_containers = 1;
	return LC_EXIT_OK;
}

/* Finds the engine and puts the socket in front of it. An exit status. */
static int open_engine(struct lc_prover *prover)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *address = NULL;
	int r = lc_proxy_find_engine(&path, &message);

	if (!r) {
		prover->socket = lc_strbuf_steal(&path);
		r = prover->socket && asprintf(&address, "unix://%s", prover->socket) >= 0 ? 0 : -ENOMEM;
	}
	/* The recordings ask the same engine for names. */
	if (!r && setenv("DOCKER_HOST", address, true))
		r = -errno;
	if (!r)
		r = lc_proxy_open(&prover->proxy, prover->socket, prover->log, &message);
	if (!r)
		r = lc_prover_make_environment(prover);
	if (!r)
		r = lc_prover_make_keys(prover);
	if (!r)
		r = (prover->label = lc_left_label()) ? 0 : -ENOMEM;
	if (r)
		lc_log(prover->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	prover->options.environment = prover->environment;
	return r ? LC_EXIT_FAILURE : LC_EXIT_OK;
}

int lc_prover_open(struct lc_prover *prover)
{
	if (prover->by_kernel)
		return lc_prover_open_kernel(prover);
	return prover->options.scope == LC_SCOPE_COMMAND ? open_command(prover) : open_engine(prover);
}

/* A baseline has passed: what is learnt from it. 0 or -ENOMEM. */
static int learn_baseline(struct lc_prover *prover, const struct lc_prove_trial *trial, struct lc_trial_end *end)
{
	if (end->took_ns > prover->longest_ns)
		prover->longest_ns = end->took_ns;
	for (size_t i = 0; i < prover->n_created; i++) {
		struct lc_prover_container *container = &prover->containers[prover->created[i].container];

		container->runs |= 1U << (trial->number - 1);
		if (prover->created[i].restarted)
			container->restarted |= 1U << (trial->number - 1);
		else
			prover->unrestarted += trial->number == 1;
	}
	if (prover->options.scope == LC_SCOPE_COMMAND)
		prover->containers->runs |= 1U << (trial->number - 1);
	if (trial->number > 1) {
		int r = lc_prover_tell_flapping(prover);

		return r ? r : lc_traits_learn(&prover->passed, &prover->now);
	}
	prover->passed = prover->now;
	prover->now = (struct lc_traits){0};
	prover->baseline = end->profile;
	end->profile = (struct lc_profile){0};
	prover->recorded = prover->created;
	prover->n_recorded = prover->n_created;
	prover->created = NULL;
	prover->n_created = 0;
	return 0;
}

/* Not all was refused that was to be, so that nothing follows from a pass. 0 or -ENOMEM. */
static int distrust(struct lc_prove_answer *answer)
{
	if (answer->verdict != LC_TRIAL_PASSED)
		return 0;
	answer->verdict = LC_TRIAL_FAILED;
	return lc_copy_to(&answer->why, "not all was refused that was to be");
}

/* The command has passed; so does the run, where it can be compared and is not worse. 0 or -ENOMEM. */
static int compare(struct lc_prover *prover, const struct lc_trial_end *end, struct lc_prove_answer *answer)
{
	int r = 0;
	_cleanup_free_ char *why = lc_prover_incomparable(prover, &r);

	if (why) {
		answer->verdict = LC_TRIAL_FAILED;
		return asprintf(&answer->why, "the command passed, and nobody knows how its containers did: %s", why) <
				       0
			       ? -ENOMEM
			       : 0;
	}
	if (!r && !prover->is_baseline)
		r = lc_prover_compare(prover, answer);
	if (!r && !prover->is_baseline && end->leaky)
		r = distrust(answer);
	return r;
}

/* Makes the run, and where that is how it has to be once more. As lc_prover_run. */
static int run(struct lc_prover *prover, const struct lc_prove_trial *trial, struct lc_trial_end *end)
{
	int r = lc_prover_run(prover, trial, end);

	while (!r && prover->again) {
		lc_profile_clear(&end->profile);
		lc_samples_clear(&end->samples);
		*end = (struct lc_trial_end){0};
		prover->repeats++;
		r = lc_prover_run(prover, trial, end);
	}
	return r;
}

/* Says why the run has failed: what became of the command, or of a container that was restarted before. 0 or -ENOMEM. */
static int fail(struct lc_prover *prover, const struct lc_trial_end *end, struct lc_prove_answer *answer)
{
	answer->verdict = LC_TRIAL_FAILED;
	answer->why = prover->unreturned ? prover->unreturned : lc_prover_failure(end);
	prover->unreturned = NULL;
	return answer->why ? 0 : -ENOMEM;
}

static int make(void *context, const struct lc_prove_trial *trial, struct lc_prove_answer *answer)
{
	struct lc_prover *prover = context;
	struct lc_trial_end end = {0};
	int r = run(prover, trial, &end);

	if (!r && trial->lists) {
		answer->wanted = calloc(prover->n_containers, sizeof(*answer->wanted));
		r = answer->wanted ? 0 : -ENOMEM;
	}
	if (!r)
		r = lc_prover_look(prover, &end, answer->wanted);
	if (!r && (end.timed_out || end.status || prover->unreturned))
		r = fail(prover, &end, answer);
	else if (!r)
		r = compare(prover, &end, answer);
	if (!r)
		lc_prover_tell(prover, trial, answer, &end);
	if (!r && prover->is_baseline && answer->verdict == LC_TRIAL_PASSED)
		r = learn_baseline(prover, trial, &end);
	lc_profile_clear(&end.profile);
	lc_samples_clear(&end.samples);
	return r;
}

static void announce(void *context, size_t least, size_t most)
{
	const struct lc_prover *prover = context;
	double seconds = (double)prover->longest_ns / LC_NS_PER_S;

	lc_log(prover->log, LC_LOG_NOTICE, "%zu to %zu more runs of %.1f s each; Ctrl-C ends with the best list so far",
		least, most, seconds);
}

static void more(void *context)
{
	lc_log(((const struct lc_prover *)context)->log, LC_LOG_NOTICE, "more runs are needed than that");
}

static void adopt(void *context)
{
	struct lc_prover *prover = context;

	if (lc_traits_learn(&prover->passed, &prover->now))
		lc_log(prover->log, LC_LOG_WARN, "what is accepted was not noted: out of memory");
}

const struct lc_prove_trials lc_prover_trials = {
	.make = make,
	.subjects = lc_prover_subjects,
	.earlier = lc_prover_resume,
	.announce = announce,
	.more = more,
	.accept = adopt,
};

void lc_prover_close(struct lc_prover *prover)
{
	lc_proxy_close(prover->proxy);
	lc_patched_clear(&prover->patched);
	for (size_t i = 0; i < prover->n_containers; i++)
		free(prover->containers[i].key);
	for (char **variable = prover->environment; variable && *variable; variable++)
		free(*variable);
	free(prover->environment);
	free(prover->containers);
	free(prover->subjects);
	free(prover->refused);
	lc_prover_forget_earlier(prover);
	free(prover->socket);
	free(prover->label);
	free(prover->unanswered_what);
	free(prover->unreturned);
	lc_prover_forget(prover->created, prover->n_created);
	lc_prover_forget(prover->recorded, prover->n_recorded);
	lc_traits_clear(&prover->passed);
	lc_traits_clear(&prover->now);
	if (prover->keys)
		munmap(prover->keys, LC_PROVER_KEYS_SIZE);
	lc_profile_clear(&prover->baseline);
}
