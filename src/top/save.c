/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profile of the chosen target, in a file of its own that was not there before. */
#include "src/top/panes.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/profile.h>

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* How much of a target's name a file's name has, and how many files have the same name but for a number. */
#define NAME_LENGTH 64
#define SAME_NAMES  100

/* Appends NAME (hostile) with nothing but what can be in a file's name and be typed. */
static void add_plain(struct lc_strbuf *out, const char *name)
{
	for (size_t i = 0; name[i] && i < NAME_LENGTH; i++) {
		bool plain = isalnum((unsigned char)name[i]) || (i && strchr("._-", name[i]));

		lc_strbuf_addf(out, "%c", plain ? name[i] : '_');
	}
}

/* The N-th name for TARGET's profile at the time NS. Caller frees; NULL when out of memory. */
static char *file_name(const struct lc_target *target, int64_t ns, int n)
{
	struct lc_strbuf out = {0};

	add_plain(&out, target->name && *target->name ? target->name : "target");
	lc_clock_add_utc(&out, "-%Y%m%d-%H%M%S", ns);
	if (n > 1)
		lc_strbuf_addf(&out, "-%d", n);
	lc_strbuf_adds(&out, ".json");
	return lc_strbuf_steal(&out);
}

/* Makes an empty file that was not there, with the rights of whoever called us, and puts its name to *PATH (caller frees). 0 or -errno. */
static int make_file(const struct lc_target *target, int64_t ns, char **path)
{
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	int r = lc_as_caller_begin(&caller);

	for (int n = 1; !r && n <= SAME_NAMES; n++) {
		char *name = file_name(target, ns, n);
		int fd = name ? open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;

		if (fd >= 0) {
			close(fd);
			*path = name;
			return 0;
		}
		r = !name ? -ENOMEM : errno == EEXIST && n < SAME_NAMES ? 0 : -errno;
		free(name);
	}
	return r;
}

static void remove_file(const char *path)
{
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};

	if (!lc_as_caller_begin(&caller))
		unlink(path);
}

int lc_top_save(const struct lc_top *top, const struct lc_top_view *view, char **path, char **message)
{
	const struct lc_top_row *row = lc_top_chosen(top, view);
	struct lc_profile one = top->now;
	_cleanup_free_ char *name = NULL;
	struct lc_target target, *kept;
	int r = row ? make_file(row->target, top->now.ended_ns, &name) : -ENOENT;

	if (r) {
		if (asprintf(message, "no profile can be written in this directory: %s", strerror(-r)) < 0)
			*message = NULL;
		return r;
	}
	kept = &top->now.targets[row->target - top->now.targets];
	target = *kept;
	/* An audit's own words are not there. */
	if (!target.rating.why)
		target.rating = (struct lc_rating){0};
	one.targets = &target;
	one.n_targets = 1;
	one.lost = lc_count_add(lc_losses_total(&one.elsewhere), row->lost);
	r = lc_profile_save(&one, name, message);
	/* It may have been cut. */
	target.rating = kept->rating;
	*kept = target;
	if (r) {
		remove_file(name);
		return r;
	}
	*path = name;
	name = NULL;
	return 0;
}
