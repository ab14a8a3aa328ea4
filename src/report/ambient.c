/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ambient report: the line by which an entry point gives a user other than root what --cap-add alone does not. It starts as root, and setpriv (util-linux)
 * raises the list to ambient, drops all else and becomes the user: capabilities(7), "Ambient".
 */
#include "parts.h"
#include "sources.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <ctype.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/* What setpriv itself needs: to change user and groups, and to take from the bounding set. */
#define NEEDED_BY_SETPRIV (LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETPCAP))

/* The highest id that a user has: (uid_t)-1 is none. */
#define LC_MOST_ID 4294967294UL

/* Reads USER, "33:33", to *UID and *GID. Whether it is two numbers, and nothing else. */
static bool read_ids(const char *user, unsigned long *uid, unsigned long *gid)
{
	char *end;

	if (!isdigit((unsigned char)*user))
		return false;
	*uid = strtoul(user, &end, 10);
	if (*end != ':' || !isdigit((unsigned char)end[1]))
		return false;
	*gid = strtoul(end + 1, &end, 10);
	return !*end && *uid <= LC_MOST_ID && *gid <= LC_MOST_ID;
}

/* " --ambient-caps=-all,+net_bind_service" */
static void add_set(struct lc_strbuf *out, const char *option, uint64_t caps)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};

	lc_cap_add_list(&names, caps, ",+", ",+", false);
	out->failed |= names.failed;
	for (char *c = names.text; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	lc_strbuf_addf(out, " --%s=-all%s", option, names.text ? names.text : "");
}

/* The line for TARGET, whose programs have to be given AMBIENT. */
static void add_line(struct lc_strbuf *out, const struct lc_target *target, uint64_t ambient)
{
	unsigned long uid, gid;

	if (!read_ids(target->user, &uid, &gid)) {
		lc_strbuf_adds(out, "# its user's numbers are not known\n");
		return;
	}
	lc_strbuf_adds(out, "# ENTRYPOINT of an image that starts as root, with --user 0 ");
	lc_report_add_options(out, target->cap_add | NEEDED_BY_SETPRIV);
	lc_strbuf_adds(out, "; the container's command follows\n");
	lc_strbuf_addf(out, "exec setpriv --reuid=%lu --regid=%lu --clear-groups", uid, gid);
	add_set(out, "inh-caps", ambient);
	add_set(out, "ambient-caps", ambient);
	add_set(out, "bounding-set", target->cap_add);
	lc_strbuf_adds(out, lc_report_needs_no_new_privileges(target) ? " --no-new-privs" : "");
	lc_strbuf_adds(out, " \"$@\"\n");
}

static void add_target(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t ambient = lc_report_ambient(target);

	lc_report_add_heading(out, "", target);
	lc_report_add_comments(out, "", target);
	if (ambient)
		add_line(out, target, ambient);
	else if (!target->cap_add)
		lc_strbuf_adds(out, "# nothing: its list is empty\n");
	else if (lc_user_is_root(target->user))
		lc_strbuf_adds(out, "# nothing: it runs as root, to whom --cap-add gives it\n");
	else
		lc_strbuf_adds(out, "# nothing: its programs get it by themselves\n");
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	lc_report_add_notices(out, profile);
	if (profile->n_targets)
		lc_strbuf_adds(out,
			"# Podman makes what is added ambient by itself, systemd by AmbientCapabilities= (-f systemd); -f filecap has it carried by files.\n");
	for (size_t i = 0; i < profile->n_targets; i++) {
		if (!profile->targets[i].sandbox)
			add_target(out, &profile->targets[i]);
	}
	return out->failed ? -ENOMEM : 0;
}

const struct lc_report_format lc_report_ambient_caps = {
	.name = "ambient",
	.description = "an entry point's line that gives a user other than root the list (setpriv)",
	.other_engine = true,
	.only_list = true,
	.render = render,
};
