/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was lost, of which cgroup: gathered from all who know of it, and told once. */
#include "src/probe/losses.h"
#include "src/probe/programs.h"
#include "src/probe/rooms.h"

#include <leastcap/cleanup.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

/* Of what losses are told. */
struct loser {
	uint64_t id; /* a cgroup's, or a stand-in's; 0: of none that is known */
	uint64_t users;
};

/* What is known of one of them, and what of that has been told. */
struct sum {
	struct loser loser;
	struct lc_missed known, told;
};

struct lc_table *lc_losses_table(void)
{
	return lc_table_new(sizeof(struct loser));
}

/* Tells VISIT what is known so far, in any number of pieces. */
static int each_known(
	struct lc_probe *probe, int (*visit)(void *context, uint64_t id, const struct lc_missed *missed), void *context)
{
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(bpf_map__fd(probe->kernel.maps.cgroups), sizeof(uint64_t), &list);
	const uint64_t *ids = list;
	struct lc_missed missed = {0};
	int r;

	missed.losses.of[LC_LOSS_SKIPPED] = probe->stopped ? probe->lost : lc_programs_lost(probe);
	lc_rooms_add_unattributed(probe, &missed.losses);
	r = n < 0 ? (int)n : visit(context, 0, &missed);
	missed = (struct lc_missed){.users = true};
	lc_rooms_add_users(probe, &missed.losses);
	r = r ? r : visit(context, 0, &missed);
	for (ssize_t i = 0; !r && i < n; i++) {
		struct lc_cgroup entry;

		if (ids[i] & LC_SHARE_OF_USERS ||
			bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.cgroups), &ids[i], &entry))
			continue;
		lc_take_missed_of(&entry, &missed);
		r = visit(context, ids[i], &missed);
	}
	r = r ? r : lc_gone_each_missed(probe, visit, context);
	return r ? r : lc_requests_each_unread(probe, visit, context);
}

/* Adds MISSED, of cgroup ID, to what is known of it. 0 or -ENOMEM. */
static int gather(void *context, uint64_t id, const struct lc_missed *missed)
{
	const struct lc_probe *probe = context;
	const struct loser loser = {id, missed->users};
	struct sum *sum;

	if (!missed->granted && !lc_losses_any(&missed->losses))
		return 0;
	sum = lc_table_get_or_add(probe->losses, &loser, sizeof(*sum));
	if (!sum)
		return -ENOMEM;
	lc_losses_add(&sum->known.losses, &missed->losses);
	sum->known.granted |= missed->granted;
	return 0;
}

/* What of SUM has not been told. From here on it is. */
static struct lc_missed news_of(struct sum *sum)
{
	struct lc_missed news = {.users = sum->loser.users, .granted = sum->known.granted & ~sum->told.granted};

	lc_losses_beyond(&news.losses, &sum->known.losses, &sum->told.losses);
	lc_losses_add(&sum->told.losses, &news.losses);
	sum->told.granted |= news.granted;
	return news;
}

int lc_probe_each_missed(
	struct lc_probe *probe, int (*visit)(void *context, uint64_t id, const struct lc_missed *missed), void *context)
{
	struct sum *sum;
	size_t cursor = 0;
	int r;

	while ((sum = lc_table_next(probe->losses, &cursor)))
		sum->known = (struct lc_missed){0};
	r = each_known(probe, gather, probe);
	cursor = 0;
	while (!r && (sum = lc_table_next(probe->losses, &cursor))) {
		struct lc_missed news = news_of(sum);

		if (news.granted || lc_losses_any(&news.losses))
			r = visit(context, sum->loser.id, &news);
	}
	return r;
}
