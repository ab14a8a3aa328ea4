/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a recording lacks, by what was full, or by another reason. */
#ifndef LEASTCAP_LOSS_H
#define LEASTCAP_LOSS_H

#include <stdbool.h>
#include <stdint.h>

/* The first ones are tables of limited size, of which each target may only take its share. */
enum lc_loss {
	LC_LOSS_CHECKS,    /* checks that are not in the evidence, or only in less detail */
	LC_LOSS_COARSE,    /* kinds of such checks of which only the capability is known: a list may be too long */
	LC_LOSS_OUTCOMES,  /* kinds of denied checks whose syscall's result is not known */
	LC_LOSS_PENDING,   /* denied checks whose syscall's result is not known */
	LC_LOSS_REQUESTS,  /* capabilities that were named by a file or a request */
	LC_LOSS_NAMES,     /* kinds of such capabilities of which nothing else is known: a list may be too long */
	LC_LOSS_READERS,   /* processes that have read their own sets, which is not known: a list may be too long */
	LC_LOSS_CGROUPS,   /* cgroups that are not recorded */
	LC_LOSS_SETUP,     /* a runtime's processes that count as the workload's: a list may be too long */
	LC_LOSS_HOMES,     /* processes that count only while they are in their target's cgroup */
	LC_LOSS_FOLLOWED,  /* processes that are not followed */
	LC_LOSS_LIVES,     /* cgroups or first programs of which nothing is known */
	LC_LOSS_EVENTS,    /* requests of which only the number is known */
	LC_LOSS_SKIPPED,   /* checks, forks and programs at which the kernel skipped us */
	LC_LOSS_UNPLACED,  /* checks in cgroups that were never met */
	LC_LOSS_PROGRAMS,  /* programs whose file capabilities could not be read */
	LC_LOSS_SANDBOX,   /* 1 where a target runs in a kernel of its own, whose checks are not seen */
	LC_LOSS_DETAIL,    /* checks whose detail was left out, so that the profile can be read again */
	LC_LOSS_CALLS,     /* calls that were refused, or that a filter guards, which are counted in less detail */
	LC_LOSS_UNCOUNTED, /* such calls that are not counted */
	LC_LOSS_FILTERS,   /* processes' filters of which it is not known which calls they refuse */
	LC_LOSS_N
};

struct lc_losses {
	uint64_t of[LC_LOSS_N];
};

/* The word for LOSS, as the profile spells it ("checks", "outcomes", …); NULL when out of range. */
const char *lc_loss_name(enum lc_loss loss);

/* The value that NAME spells, or -EINVAL. */
int lc_loss_from_name(const char *name);

/*
 * How many checks LOSSES are together. Kinds and detail are not added, because their checks are counted elsewhere. Nor are programs
 * whose capabilities are not known, because most have none.
 */
uint64_t lc_losses_total(const struct lc_losses *losses);

/* Adds MORE to LOSSES, as lc_count_add does. */
void lc_losses_add(struct lc_losses *losses, const struct lc_losses *more);

/* Makes NEWS what of LOSSES is not in TOLD. */
void lc_losses_beyond(struct lc_losses *news, const struct lc_losses *losses, const struct lc_losses *told);

/* Whether anything is in LOSSES, also what lc_losses_total does not add. */
bool lc_losses_any(const struct lc_losses *losses);

#endif
