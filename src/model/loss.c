/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words for losses, and their sums. */
#include <leastcap/words.h>

#include <leastcap/model.h>

#include <stdbool.h>

static const char *const names[LC_LOSS_N] = {
	[LC_LOSS_CHECKS] = "checks",
	[LC_LOSS_COARSE] = "kinds",
	[LC_LOSS_OUTCOMES] = "outcomes",
	[LC_LOSS_PENDING] = "pending",
	[LC_LOSS_REQUESTS] = "requests",
	[LC_LOSS_NAMES] = "names",
	[LC_LOSS_READERS] = "readers",
	[LC_LOSS_CGROUPS] = "cgroups",
	[LC_LOSS_SETUP] = "setup",
	[LC_LOSS_HOMES] = "homes",
	[LC_LOSS_FOLLOWED] = "followed",
	[LC_LOSS_LIVES] = "lives",
	[LC_LOSS_EVENTS] = "events",
	[LC_LOSS_SKIPPED] = "skipped",
	[LC_LOSS_UNPLACED] = "unplaced",
	[LC_LOSS_PROGRAMS] = "programs",
	[LC_LOSS_SANDBOX] = "sandbox",
	[LC_LOSS_DETAIL] = "detail",
	[LC_LOSS_CALLS] = "calls",
	[LC_LOSS_UNCOUNTED] = "uncounted",
	[LC_LOSS_FILTERS] = "filters",
};

const struct lc_vocabulary lc_vocabulary_loss = {names, LC_LOSS_N};

const char *lc_loss_name(enum lc_loss loss)
{
	return lc_vocabulary_word(&lc_vocabulary_loss, (int)loss);
}

int lc_loss_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_loss, name);
}

uint64_t lc_losses_total(const struct lc_losses *losses)
{
	static const bool is_no_check[LC_LOSS_N] = {
		[LC_LOSS_COARSE] = true,
		[LC_LOSS_NAMES] = true,
		[LC_LOSS_PROGRAMS] = true,
		[LC_LOSS_DETAIL] = true,
		[LC_LOSS_CALLS] = true,
		[LC_LOSS_FILTERS] = true,
	};
	uint64_t total = 0;

	for (int i = 0; i < LC_LOSS_N; i++)
		total += is_no_check[i] ? 0 : losses->of[i];
	return total;
}

void lc_losses_add(struct lc_losses *losses, const struct lc_losses *more)
{
	for (int i = 0; i < LC_LOSS_N; i++)
		losses->of[i] = lc_count_add(losses->of[i], more->of[i]);
}

void lc_losses_beyond(struct lc_losses *news, const struct lc_losses *losses, const struct lc_losses *told)
{
	for (int i = 0; i < LC_LOSS_N; i++)
		news->of[i] = losses->of[i] > told->of[i] ? losses->of[i] - told->of[i] : 0;
}

bool lc_losses_any(const struct lc_losses *losses)
{
	for (int i = 0; i < LC_LOSS_N; i++) {
		if (losses->of[i])
			return true;
	}
	return false;
}
