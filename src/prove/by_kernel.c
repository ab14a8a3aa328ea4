/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a trial by the kernel can't tell of a list, because its refusals do not reach that. */
#include <leastcap/trial.h>

#include <leastcap/capset.h>
#include <leastcap/facts.h>

/* Ways to have a capability in which no check asks for it: execve, capset, prctl and the engine's filter look at other things. */
static bool is_named(enum lc_source source)
{
	static const bool named[LC_SOURCE_N] = {
		[LC_SOURCE_FILE] = true,
		[LC_SOURCE_CAPSET] = true,
		[LC_SOURCE_AMBIENT] = true,
		[LC_SOURCE_USERNS] = true,
		[LC_SOURCE_FILTER] = true,
	};

	return named[source];
}

uint64_t lc_trial_beyond_kernel(const struct lc_target *target)
{
	uint64_t caps = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];
		bool counts = check->class == LC_CLASS_REQUIRED || check->class == LC_CLASS_IMPLIED ||
			      check->class == LC_CLASS_ALTERNATIVE;

		if (counts && (is_named(check->source) || lc_asks_directly(check->caller)))
			caps |= LC_CAP_BIT(check->cap);
	}
	return caps & target->cap_add;
}
