/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stages of the judgement: each check by itself, then the lists, then the advice. */
#ifndef LEASTCAP_JUDGE_PRIVATE_H
#define LEASTCAP_JUDGE_PRIVATE_H

#include <leastcap/facts.h>
#include <leastcap/model.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * A decision of the kernel that asks for a place on a list. It accepts CHECK's capability, or either of PAIR. A check that was denied and then
 * answered tells of a decision that was granted.
 */
struct lc_decision {
	struct lc_check *check;
	const struct lc_alternative *pair; /* NULL: nothing but the capability that was asked for, and OPENS */
	uint64_t opens; /* any of these lets the call through the engine's filter; 0: it is not about that */
	uint64_t works; /* the capabilities that it accepts and the engine lets it come to, OPENS among them */
	bool denied;    /* it counts for what is wanted, not for what is on the list */
	int taken;      /* the capability that the list has for it */
};

struct lc_decisions {
	struct lc_decision *list;
	size_t n;
};

/* What trials have refused to TARGET, which has it. */
uint64_t lc_refused_by_trial(const struct lc_target *target);

/* Whether CHECK, which was denied, belongs to a decision that was granted. */
static inline bool lc_is_answered(const struct lc_check *check)
{
	return check->class == LC_CLASS_ALTERNATIVE && check->answered;
}

/* The denied and the chained checks of a target, by the place where each was made. Points into the evidence. */
struct lc_chains {
	struct lc_denial *denials; /* sorted; one of each kind */
	size_t n_denials;
	struct lc_grant *grants; /* sorted */
	size_t n_grants;
};

/* Fills CHAINS (lc_chains_clear frees it) from TARGET's evidence. 0, or -ENOMEM: CHAINS is then unchanged. */
int lc_chains_fill(struct lc_chains *chains, const struct lc_target *target);

/* Frees what CHAINS owns and empties it. */
void lc_chains_clear(struct lc_chains *chains);

/*
 * The pair whose wide member CHECK, a chained one, asked for. Where CHECK alone can't tell, the checks that were denied before it in the same
 * place do. NULL unless all of these have the same wide member.
 */
const struct lc_alternative *lc_chain_find(const struct lc_chains *chains, const struct lc_check *check);

/* The capability that decided after CHECK had been denied, or -1. */
int lc_chain_answer(const struct lc_chains *chains, const struct lc_check *check);

/* Gives each piece of TARGET's evidence the class that it has by itself, and says why. 0 or -ENOMEM. */
int lc_judge_classify(struct lc_target *target);

/* After lc_judge_classify: gives the class implied to checks for which a container's seccomp filter wants a capability. 0 or -ENOMEM. */
int lc_judge_seccomp(struct lc_target *target);

/* After lc_judge_classify: a denied check that would not have helped, had it been granted, is no more than refused. 0 or -ENOMEM. */
int lc_judge_fruitless(struct lc_target *target);

/*
 * After lc_judge_decide: judges TARGET's refused calls, and adds to its wanted what opens the engine's filter for those that programs don't get
 * over. 0 or -ENOMEM.
 */
int lc_judge_failures(struct lc_target *target);

/*
 * After lc_judge_classify: a check that was denied, at a call site where programs are known to go on, is no more than refused if its program was
 * seen to. 0 or -ENOMEM.
 */
int lc_judge_went_on(struct lc_target *target);

/*
 * Fills TARGET's cap_add, verify, unused and wanted from the classes. A check whose capability the lists do without becomes an alternative.
 * DECISIONS (zeroed before; lc_decisions_clear frees it) tells what each entry of the lists is there for. 0 or -ENOMEM.
 */
int lc_judge_decide(struct lc_target *target, struct lc_decisions *decisions);

/*
 * After lc_judge_decide: where trials have proven a list it is TARGET's cap_add. A check whose capability is not on it is advisory, because the test
 * passed without. 0 or -ENOMEM.
 */
int lc_judge_proven(struct lc_target *target);

/* The capabilities that TARGET's engine can be told to add. Each of them where the engine, or what it knows, is not known. */
uint64_t lc_judge_known_to_engine(const struct lc_target *target);

/*
 * Those capabilities of DECISION (its check and its pair) with which the call comes to the decision at all: TARGET's engine knows them, and its filter lets
 * the call through. All of them where that leaves none.
 */
uint64_t lc_judge_workable(const struct lc_target *target, const struct lc_decision *decision);

/* Why CAP, which CHECK's decision accepts, does not work, and TAKEN does, as a part of a sentence. NULL when out of memory. */
char *lc_judge_unworkable(const struct lc_target *target, const struct lc_check *check, int cap, int taken);

/* Frees what DECISIONS owns and empties it. */
void lc_decisions_clear(struct lc_decisions *decisions);

/* Fills TARGET's advice. 0 or -ENOMEM. */
int lc_judge_advise(struct lc_target *target, const struct lc_decisions *decisions);

#endif
