/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The processes of recorded containers, and of the recorded command, while they live. */
#include "src/recording/recording_private.h"

/* Who is asked for, and whose process it is. */
struct asking {
	const struct lc_recording *recording;
	const struct lc_target *target;
	int (*each)(void *context, const struct lc_target *target, pid_t pid);
	void *context;
};

static int ask(void *context, pid_t pid)
{
	const struct asking *asking = context;

	/* What the runtime still prepares is none of the container's. */
	if (asking->target->kind == LC_TARGET_CONTAINER &&
		lc_identity_setup_left(asking->recording->identity, asking->target, pid))
		return 0;
	return asking->each(asking->context, asking->target, pid);
}

int lc_recording_each_process(const struct lc_recording *recording,
	int (*each)(void *context, const struct lc_target *target, pid_t pid), void *context)
{
	int r = 0;

	for (const struct lc_recorded_target *recorded = recording->targets.first; !r && recorded;
		recorded = recorded->next) {
		struct asking asking = {recording, &recorded->target, each, context};
		bool named = recorded->target.kind == LC_TARGET_CONTAINER && recorded->target.id;

		if (!named && recorded->target.kind != LC_TARGET_COMMAND)
			continue;
		r = lc_cgroup_each_pid(&recording->hierarchy, recorded->key, ask, &asking);
		/* One that has gone meanwhile has none. */
		r = r < 0 ? 0 : r;
	}
	return r;
}
