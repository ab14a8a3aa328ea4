/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The processes of recorded containers, and of the recorded command, while they live. */
#include "src/recording/recording_private.h"

/* Who is asked for, and whose process it is. */
struct asking {
	const struct lc_target *target;
	int (*each)(void *context, const struct lc_target *target, pid_t pid);
	void *context;
};

static int ask(void *context, pid_t pid)
{
	const struct asking *asking = context;

	return asking->each(asking->context, asking->target, pid);
}

int lc_recording_each_process(const struct lc_recording *recording,
	int (*each)(void *context, const struct lc_target *target, pid_t pid), void *context)
{
	int r = 0;

	for (const struct lc_recorded_target *recorded = recording->targets.first; !r && recorded;
		recorded = recorded->next) {
		struct asking asking = {&recorded->target, each, context};
		bool named = recorded->target.kind == LC_TARGET_CONTAINER && recorded->target.id;

		if (!named && recorded->target.kind != LC_TARGET_COMMAND)
			continue;
		r = lc_cgroup_each_pid(&recording->hierarchy, recorded->key, ask, &asking);
		/* One that has gone meanwhile has none. */
		r = r < 0 ? 0 : r;
	}
	return r;
}
