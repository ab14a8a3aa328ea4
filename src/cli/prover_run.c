/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes one run of the command, and says how it went. */
#include "src/cli/cli.h"
#include "src/cli/prover_private.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>

/* Forgets the run before. */
static void begin_run(struct lc_prover *prover, const struct lc_prove_trial *trial)
{
	lc_traits_clear(&prover->now);
	lc_prover_forget(prover->created, prover->n_created);
	prover->created = NULL;
	prover->n_created = 0;
	if (prover->keys)
		memset(prover->keys, 0, LC_PROVER_KEYS_SIZE);
	prover->is_baseline = trial->purpose == LC_TRIAL_BASELINE;
	prover->told = 0;
	prover->unanswered = 0;
	free(prover->unanswered_what);
	prover->unanswered_what = NULL;
	free(prover->unreturned);
	prover->unreturned = NULL;
	prover->again = false;
	prover->ends_ns = lc_clock_ns(CLOCK_REALTIME);
	prover->asks_ns = 0;
	for (size_t i = 0; trial->lists && i < prover->n_subjects; i++) {
		struct lc_prover_container *container = &prover->containers[i];

		container->list = trial->lists[i];
		container->missing = container->recorded & ~container->list;
	}
}

/* How long a trial may take: so much longer than a baseline that only what hangs does. A baseline may take its time. */
static int64_t limit(const struct lc_prover *prover)
{
	if (prover->timeout_ns && !prover->is_baseline)
		return prover->timeout_ns;
	return prover->longest_ns ? 3 * prover->longest_ns + 30 * LC_NS_PER_S : 0;
}

/* What the error R of lc_prover_take_events means. */
static const char *what_failed(int r)
{
	if (r == -EPIPE)
		return "the process that serves it has ended";
	return r == -EOVERFLOW ? "more happened there than finds room" : strerror(-r);
}

int lc_prover_run(struct lc_prover *prover, const struct lc_prove_trial *trial, struct lc_trial_end *end)
{
	const struct lc_proxy_calls calls = {.create = lc_prover_rewrite, .holds_ends = true, .context = prover};
	struct lc_trial run = {
		.options = &prover->options,
		.context = prover,
		.looked = prover->proxy ? lc_prover_take_events : NULL,
	};
	_cleanup_free_ char *message = NULL;
	int r;

	begin_run(prover, trial);
	run.limit_ns = limit(prover);
	if (prover->options.scope == LC_SCOPE_COMMAND)
		prover->options.bounding = prover->is_baseline ? NULL : &prover->containers->list;
	r = prover->by_kernel ? lc_prover_begin_by_kernel(prover, run.limit_ns) : 0;
	if (r)
		return r;
	r = prover->proxy ? lc_proxy_start(prover->proxy, &calls, &message) : 0;
	if (r) {
		lc_log(prover->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
		prover->status = LC_EXIT_FAILURE;
		return -EIO;
	}
	prover->status = lc_trial_run(&run, end);
	if (prover->proxy) {
		lc_proxy_stop(prover->proxy);
		lc_prover_take_events(prover);
	}
	if (end->timed_out || end->given_up) {
		lc_trial_end_left();
		lc_prover_remove_created(prover);
	}
	if (end->interrupted)
		return -EINTR;
	if (!prover->status && prover->told) {
		lc_log(prover->log, LC_LOG_ERROR, "the socket in front of the engine failed in run %zu: %s",
			trial->number, what_failed(prover->told));
		prover->status = LC_EXIT_FAILURE;
	}
	if (prover->status)
		return -EIO;
	return prover->by_kernel ? lc_prover_note_recorded(prover, &end->profile) : 0;
}

char *lc_prover_failure(const struct lc_trial_end *end)
{
	char *why = NULL;
	int r;

	if (end->timed_out)
		r = asprintf(&why, "it was ended after %" PRId64 " s", end->took_ns / LC_NS_PER_S);
	else if (WIFSIGNALED(end->status))
		r = asprintf(&why, "signal %d ended it", WTERMSIG(end->status));
	else
		r = asprintf(&why, "exit status %d", WEXITSTATUS(end->status));
	return r < 0 ? NULL : why;
}

/* What a trial lacks, to be read: "web without CHOWN, KILL". */
static void describe(const struct lc_prover *prover, const struct lc_prove_trial *trial, struct lc_strbuf *out)
{
	static const char *const words[LC_TRIAL_PURPOSE_N] = {
		[LC_TRIAL_BASELINE] = "as it is",
		[LC_TRIAL_RECORDED] = "the recorded lists alone",
		[LC_TRIAL_FINAL] = "the lists that were found, once more",
	};

	if (words[trial->purpose])
		lc_strbuf_adds(out, words[trial->purpose]);
	for (size_t i = 0; !words[trial->purpose] && i < prover->n_containers; i++) {
		if (!trial->without[i])
			continue;
		lc_strbuf_separate(out, "; ");
		lc_strbuf_addf(out, "%s without ", prover->containers[i].key);
		lc_cap_add_names(out, trial->without[i]);
	}
	if (trial->purpose == LC_TRIAL_CONFIRM)
		lc_strbuf_adds(out, ", once more");
}

void lc_prover_tell(const struct lc_prover *prover, const struct lc_prove_trial *trial,
	const struct lc_prove_answer *answer, const struct lc_trial_end *end)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf what = {0};

	describe(prover, trial, &what);
	lc_log(prover->log, LC_LOG_NOTICE, "run %zu: %s: %s%s%s (%.1f s)", trial->number, what.text ? what.text : "",
		lc_trial_verdict_name(answer->verdict), answer->why ? ": " : "", answer->why ? answer->why : "",
		(double)end->took_ns / LC_NS_PER_S);
}
