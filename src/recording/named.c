/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the programs that a target's files name have run, and of which that can't be told. */
#include "src/recording/recording_private.h"

#include <string.h>

/* What is lost where a program that ran may not be known. */
static const enum lc_loss hides[] = {
	LC_LOSS_REQUESTS,
	LC_LOSS_CGROUPS,
	LC_LOSS_HOMES,
	LC_LOSS_FOLLOWED,
	LC_LOSS_LIVES,
	LC_LOSS_EVENTS,
	LC_LOSS_SKIPPED,
};

/* The program at PATH (NULL: not known), with the low half INODE of its inode number, ran in CGROUP. */
static void on_program(void *context, uint64_t cgroup, const char *path, uint32_t inode)
{
	struct lc_recorded_target *recorded = lc_recording_target_at(context, cgroup);

	for (; recorded; recorded = lc_recorded_target_around(recorded)) {
		for (size_t i = 0; i < recorded->n_named; i++) {
			const struct lc_named *named = &recorded->named[i].named;

			/* It may have been reached by another name, or have been replaced. */
			if ((uint32_t)named->inode == inode || (path && strcmp(named->real, path) == 0))
				recorded->named[i].ran = true;
		}
	}
}

void lc_recording_mark_run(struct lc_recording *recording)
{
	lc_probe_each_program(recording->probe, on_program, recording);
}

/* Whether all that ran in RECORDED since it began is known. */
static bool is_all_known(const struct lc_recording *recording, const struct lc_recorded_target *recorded)
{
	for (size_t i = 0; i < sizeof(hides) / sizeof(hides[0]); i++) {
		if (recorded->target.losses.of[hides[i]] || recording->elsewhere.of[hides[i]])
			return false;
	}
	return recorded->target.life.began_ns != 0;
}

int lc_recording_fill_named(const struct lc_recording *recording, struct lc_recorded_target *recorded)
{
	struct lc_coverage *coverage = &recorded->target.coverage;
	bool all_known = is_all_known(recording, recorded);
	int r = 0;

	coverage->programs_unknown = recorded->named_unknown;
	for (size_t i = 0; !r && i < recorded->n_named; i++) {
		const struct lc_recorded_named *program = &recorded->named[i];

		if (program->ran || all_known)
			r = lc_coverage_add_program(coverage, program->named.path, program->named.file, program->ran);
		else
			coverage->programs_unknown = lc_count_add(coverage->programs_unknown, 1);
	}
	return r;
}
