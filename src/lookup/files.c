/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds a container's root while it runs, and reads there what a program carries and which file refused. */
#include "src/lookup/files.h"

#include "src/lookup/named.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/host.h>
#include <leastcap/rootfs.h>
#include <leastcap/strbuf.h>
#include <leastcap/syscalls.h>

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

/* A search for a root among the processes of a cgroup. */
struct search {
	const struct lc_root *root;
	int found; /* a descriptor or -errno */
};

/* Opens the root of process PID, if that is the one searched for. 1 ends the search. */
static int try_root(void *context, pid_t pid)
{
	struct search *search = context;

	search->found = lc_rootfs_of_pid(pid, search->root);
	return search->found >= 0;
}

/*
 * Opens ROOT, the root directory that process PID in PLACE has or had. When the process is gone, another one of its cgroup has the same
 * root as a rule, and the engine has it mounted for a moment longer. *OWN: PID still has it. A descriptor or -errno.
 */
static int open_root(const struct lc_lookup_files_place *place, pid_t pid, const struct lc_root *root, bool *own)
{
	struct search search = {.root = root, .found = lc_rootfs_of_pid(pid, root)};

	*own = search.found >= 0;
	if (search.found < 0 && place->cgroup)
		lc_cgroup_each_pid(place->hierarchy, place->cgroup, try_root, &search);
	return search.found >= 0 ? search.found : lc_rootfs_mounted(root);
}

/* "/usr/bin/ping carries cap_net_raw=ep", in the notation of cap_from_text(3); caller frees. NULL when out of memory. */
static char *describe_carried(const char *path, const struct lc_file_capabilities *file)
{
	struct lc_strbuf text = {0};
	const char *before = " carries ";
	uint64_t permitted = file->permitted;

	lc_strbuf_adds(&text, path);
	for (int cap; (cap = lc_cap_take(&permitted)) >= 0;) {
		char *name = cap_to_name(cap);

		if (!name)
			continue;
		lc_strbuf_addf(&text, "%s%s", before, name);
		cap_free(name);
		before = ",";
	}
	lc_strbuf_adds(&text, "=ep");
	return lc_strbuf_steal(&text);
}

int lc_lookup_files_carried(
	const struct lc_lookup_files_place *place, const struct lc_executed *executed, struct lc_carried *carried)
{
	bool own;
	_cleanup_fd_ int root = open_root(place, (pid_t)executed->tgid, &executed->root, &own);
	_cleanup_free_ char *name = NULL;
	struct lc_file_capabilities file;
	_cleanup_fd_ int program = -1;
	int r;

	if (root < 0)
		return root;
	/* The kernel told the path of what ran. What was refused has the path that the caller gave, which may be a script's. */
	program = executed->refused ? lc_rootfs_open_program(root, executed->path, &name)
				    : lc_rootfs_open_running(root, executed->path, (pid_t)executed->tgid,
					      executed->inode, executed->changed_ns);
	if (program < 0)
		return program;
	if (executed->refused && lc_rootfs_changed_since(program, executed->changed_ns))
		return -ESTALE;
	r = lc_file_capabilities(program, &file);
	/* Without the effective bit execve does not fail, and there are checks when the program makes use of a capability. */
	if (r || !file.effective || !file.permitted)
		return r == -ENODATA || r == -EINVAL || r == -EOPNOTSUPP ? 0 : r;
	carried->about = describe_carried(name ? name : executed->path, &file);
	if (!carried->about)
		return -ENOMEM;
	carried->caps = file.permitted;
	return 0;
}

/* What TOUCHED's call wants of the file. The kernel side has put openat2's flags where openat has its own. */
static enum lc_access access_of(const struct lc_touched *touched)
{
	return lc_syscall_access(lc_syscall_named(touched->syscall), touched->arguments);
}

/* Describes what the caller had to own: the file, or the sticky directory whose entry is taken away. */
static int describe_owned(int root, const struct lc_touched *touched, struct lc_names *names, struct lc_object *object)
{
	_cleanup_free_ char *path = strdup(touched->path);
	bool sticky = touched->cap == CAP_FOWNER && access_of(touched) == LC_ACCESS_ENTRY;
	bool follow = lc_syscall_follows(lc_syscall_named(touched->syscall), touched->arguments);

	if (!path)
		return -ENOMEM;
	return lc_rootfs_describe(root, sticky ? dirname(path) : path, follow, names, object);
}

int lc_lookup_files_find_object(const struct lc_lookup_files_place *place, const struct lc_touched *touched,
	struct lc_names *names, struct lc_object *object)
{
	bool own;
	_cleanup_fd_ int root = open_root(place, (pid_t)touched->tgid, &touched->root, &own);
	struct lc_caller caller = {.uid = touched->uid, .gid = touched->gid};
	struct lc_wanted_file wanted = {touched->path, &caller, access_of(touched)};
	_cleanup_free_ gid_t *groups = NULL;
	int ret;

	if (root < 0)
		return root;
	if (touched->cap != CAP_DAC_OVERRIDE && touched->cap != CAP_DAC_READ_SEARCH)
		return describe_owned(root, touched, names, object);
	if (own && !lc_process_groups((pid_t)touched->tgid, &groups, &caller.n_groups))
		caller.groups = groups;
	ret = lc_rootfs_find_refusing(root, &wanted, names, object);
	/* The caller owns a file that it has just made. What refused was the directory. */
	if (ret == -ENOENT && wanted.access == LC_ACCESS_WRITE) {
		wanted.access = LC_ACCESS_ENTRY;
		ret = lc_rootfs_find_refusing(root, &wanted, names, object);
	}
	return ret;
}

int lc_lookup_files_named(const struct lc_lookup_files_place *place, const struct lc_executed *executed,
	uint32_t daemon, struct lc_named_list *list)
{
	bool own;
	_cleanup_fd_ int root = open_root(place, (pid_t)executed->tgid, &executed->root, &own);

	return root < 0 ? root : lc_named_read(root, daemon, list);
}
