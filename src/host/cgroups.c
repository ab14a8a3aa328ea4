/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walks the cgroups of a hierarchy and reads their processes. However deep cgroups are nested, few descriptors are open at a time. */
#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/host.h>
#include <leastcap/strbuf.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How much of a path is opened at once. A path may be longer than a system call takes. */
#define PIECE_MAX 2048

/* How deep a walk goes, because a user or a container may nest cgroups without end. */
#define DEPTH_MAX 4096

/* Bounds of a part of a walk. */
struct bounds {
	size_t cgroups;
	size_t bytes; /* of all paths together: the longer they are, the longer the walk takes */
};

static const struct bounds of_roots = {1U << 18, 256U << 20};
/* What lies below other users' cgroups comes last, so that none of them can take the room for what root made. */
static const struct bounds of_others = {1U << 17, 64U << 20};

/* Opens LENGTH bytes of PATH (relative, less than PIECE_MAX) below directory FD, following no link. A descriptor or -errno. */
static int open_piece(int fd, const char *path, size_t length)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH,
	};
	char piece[PIECE_MAX];
	long below;

	snprintf(piece, sizeof(piece), "%.*s", (int)length, path);
	below = syscall(SYS_openat2, fd, length ? piece : ".", &how, sizeof(how));
	return below < 0 ? -errno : (int)below;
}

/* How much of PATH, whole components, is opened at once. */
static size_t piece_length(const char *path)
{
	size_t length = strlen(path), last = 0;

	if (length < PIECE_MAX)
		return length;
	for (size_t i = 0; i < PIECE_MAX; i++) {
		if (path[i] == '/')
			last = i;
	}
	return last;
}

/* Opens the directory at PATH, of any length, below MOUNT. A descriptor or -errno. */
static int open_below(const char *mount, const char *path)
{
	int fd = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	for (path += strspn(path, "/"); *path; path += strspn(path, "/")) {
		size_t length = piece_length(path);
		/* No component is as long as a piece: NAME_MAX. */
		int below = length ? open_piece(fd, path, length) : -ENAMETOOLONG;

		close(fd);
		if (below < 0)
			return below;
		fd = below;
		path += length;
	}
	return fd;
}

/* Whether ERROR of opening or reading a cgroup says that it was removed meanwhile, which is no failure. */
static bool is_gone(int error)
{
	return error == -ENOENT || error == -ENODEV;
}

int lc_cgroup_id(const char *directory, uint64_t *id)
{
	struct stat status;

	if (stat(directory, &status))
		return -errno;
	if (!S_ISDIR(status.st_mode))
		return -ENOTDIR;
	*id = status.st_ino;
	return 0;
}

/* A handle that kernfs takes: FILEID_KERNFS of include/linux/exportfs.h, and the id. */
struct kernfs_handle {
	struct file_handle head;
	uint64_t id;
};
#define FILEID_KERNFS 0xfe

/* Cuts PATH at its last slash. */
static void cut_component(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		slash[slash == path] = '\0';
}

int lc_cgroup_whole_path(const struct lc_hierarchy *hierarchy, uint64_t id, const char *told, char *path)
{
	struct kernfs_handle handle = {{.handle_bytes = sizeof(id), .handle_type = FILEID_KERNFS}, id};
	_cleanup_fd_ int mount = -1;
	_cleanup_fd_ int fd = -1;
	char link[64], directory[PATH_MAX];
	size_t skip = strlen(hierarchy->mount);
	ssize_t length;

	snprintf(path, PATH_MAX, "%s", told);
	if (strlen(told) < LC_TOLD_PATH)
		return 0;
	mount = open(hierarchy->mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = mount < 0 ? -1 : open_by_handle_at(mount, &handle.head, O_PATH | O_CLOEXEC);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = fd < 0 ? -1 : readlink(link, directory, sizeof(directory) - 1);
	directory[length > 0 ? length : 0] = '\0';
	/* readlink may have cut a path that fills the buffer. */
	if (length < 0 || (size_t)length >= sizeof(directory) - 1 || strncmp(directory, hierarchy->mount, skip) != 0 ||
		snprintf(path, PATH_MAX, "%s%s", strcmp(hierarchy->root, "/") != 0 ? hierarchy->root : "",
			directory + skip) >= PATH_MAX) {
		snprintf(path, PATH_MAX, "%s", told);
		cut_component(path);
		return -ENAMETOOLONG;
	}
	return 0;
}

#define NO_NODE UINT32_MAX

/* A cgroup that was found. All are kept until the end of the walk, so that each one's path can be made from the names above it. */
struct node {
	char *name;
	uint64_t id; /* 0 until visited */
	uint32_t parent;
	uint32_t depth;
	uid_t owner; /* of the outermost cgroup, from the top down to it, that is not ours; 0: there is none */
};

/* The numbers of the nodes to be visited. The last one comes first, so that it lies near the one visited before. */
struct stack {
	uint32_t *nodes;
	size_t n;
	size_t found; /* how many there ever were */
	size_t bytes;
	const struct bounds *bounds;
};

struct walk {
	const struct lc_hierarchy *hierarchy;
	int (*visit)(void *context, const struct lc_existing_cgroup *cgroup);
	void *context;
	struct node *nodes;
	size_t n;
	struct stack roots, others; /* others': what lies below a cgroup that root does not own */
	uint32_t at;                /* the node whose directory FD is; NO_NODE: none is open */
	int fd;
	struct lc_unwalked unwalked;
};

/* Closes where the walk is. */
static void leave(struct walk *walk)
{
	if (walk->fd >= 0)
		close(walk->fd);
	walk->fd = -1;
	walk->at = NO_NODE;
}

static void walk_clear(struct walk *walk)
{
	leave(walk);
	for (size_t i = 0; i < walk->n; i++)
		free(walk->nodes[i].name);
	free(walk->nodes);
	free(walk->roots.nodes);
	free(walk->others.nodes);
}

/* Puts the cgroup NAME below PARENT on STACK. 0 or -ENOMEM. */
static int push(struct walk *walk, struct stack *stack, uint32_t parent, const char *name)
{
	struct node node = {.parent = parent};
	struct node *nodes = lc_array_grow(walk->nodes, walk->n, sizeof(*nodes));
	uint32_t *waiting = lc_array_grow(stack->nodes, stack->n, sizeof(*waiting));

	if (nodes)
		walk->nodes = nodes;
	if (waiting)
		stack->nodes = waiting;
	if (!nodes || !waiting)
		return -ENOMEM;
	node.depth = parent == NO_NODE ? 0 : walk->nodes[parent].depth + 1;
	node.name = strdup(name);
	if (!node.name)
		return -ENOMEM;
	stack->nodes[stack->n++] = (uint32_t)walk->n;
	stack->found++;
	walk->nodes[walk->n++] = node;
	return 0;
}

/* The path of NODE from the mount point on, "" for that itself; the caller frees it. NULL when out of memory. */
static char *path_below(const struct walk *walk, uint32_t node)
{
	size_t length = 0;
	char *path;

	for (uint32_t at = node; walk->nodes[at].parent != NO_NODE; at = walk->nodes[at].parent)
		length += strlen(walk->nodes[at].name) + 1;
	path = malloc(length + 1);
	if (!path)
		return NULL;
	path[length] = '\0';
	for (uint32_t at = node; walk->nodes[at].parent != NO_NODE; at = walk->nodes[at].parent) {
		size_t name = strlen(walk->nodes[at].name);

		length -= name;
		memcpy(path + length, walk->nodes[at].name, name);
		path[--length] = '/';
	}
	return path;
}

/* Whether OWNER is root or the user who runs us. */
static bool is_ours(uid_t owner)
{
	return owner == 0 || owner == geteuid();
}

/* Makes FD, the directory of NODE, where the walk is. FD may be -errno, which is returned. */
static int step(struct walk *walk, int fd, uint32_t node)
{
	if (fd < 0)
		return fd;
	leave(walk);
	walk->fd = fd;
	walk->at = node;
	return 0;
}

/* Goes to the parent of where the walk is. A cgroup's parent never changes. 0 or -errno. */
static int step_up(struct walk *walk)
{
	uint32_t parent = walk->nodes[walk->at].parent;
	int fd = openat(walk->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) || status.st_ino != walk->nodes[parent].id) {
		close(fd);
		return -ENOENT;
	}
	return step(walk, fd, parent);
}

/* Goes to NODE from the mount point. 0 or -errno. */
static int begin_at(struct walk *walk, uint32_t node)
{
	_cleanup_free_ char *below = path_below(walk, node);

	leave(walk);
	return below ? step(walk, open_below(walk->hierarchy->mount, below), node) : -ENOMEM;
}

/* Goes to NODE, whose parent was visited: up from where the walk is to the parent, then down. 0 or -errno. */
static int go_to(struct walk *walk, uint32_t node)
{
	uint32_t parent = walk->nodes[node].parent;
	int r = 0;

	if (walk->at == NO_NODE || parent == NO_NODE)
		return begin_at(walk, node);
	while (!r && walk->at != parent && walk->nodes[walk->at].depth > walk->nodes[parent].depth)
		r = step_up(walk);
	if (r || walk->at != parent)
		return begin_at(walk, node);
	return step(walk, open_piece(walk->fd, walk->nodes[node].name, strlen(walk->nodes[node].name)), node);
}

/* Puts the cgroups in DIRECTORY, which is that of NODE and belongs to OWNER, on STACK, or on that for other users' cgroups. 0 or -errno. */
static int find_children(struct walk *walk, DIR *directory, uint32_t node, struct stack *stack, uid_t owner)
{
	struct dirent *entry;
	int r = 0;

	if (!is_ours(owner))
		stack = &walk->others;
	while (!r && (entry = readdir(directory))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if (walk->nodes[node].depth >= DEPTH_MAX || stack->found >= stack->bounds->cgroups ||
			stack->bytes >= stack->bounds->bytes) {
			walk->unwalked.beyond++;
			break;
		}
		r = push(walk, stack, node, entry->d_name);
	}
	return r;
}

/* Calls the visitor for NODE at BELOW, where the walk is, which belongs to OWNER, and finds NODE's children. 0, the visitor's answer, or -errno. */
static int visit_here(struct walk *walk, uint32_t node, struct stack *stack, const char *below, uid_t owner)
{
	const char *root = strcmp(walk->hierarchy->root, "/") != 0 ? walk->hierarchy->root : "";
	uint32_t parent = walk->nodes[node].parent;
	_cleanup_free_ char *path = NULL;
	struct lc_existing_cgroup cgroup = {.id = walk->nodes[node].id, .directory = walk->fd};
	DIR *directory;
	int r, fd;

	if (asprintf(&path, "%s%s", root, *root || *below ? below : "/") < 0) {
		path = NULL;
		return -ENOMEM;
	}
	cgroup.path = path;
	if (parent != NO_NODE) {
		cgroup.parent = walk->nodes[parent].id;
		cgroup.maker = walk->nodes[parent].owner;
	}
	walk->nodes[node].owner = cgroup.maker || is_ours(owner) ? cgroup.maker : owner;
	r = walk->visit(walk->context, &cgroup);
	if (r)
		return r;
	/* A descriptor of its own, because closedir closes it. */
	fd = fcntl(walk->fd, F_DUPFD_CLOEXEC, 0);
	directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	r = find_children(walk, directory, node, stack, owner);
	closedir(directory);
	return r;
}

/* Adds the cgroup at PATH, which may not be read. */
static void note_closed(struct lc_unwalked *unwalked, const char *path)
{
	if (!unwalked->closed++)
		snprintf(unwalked->first_closed, sizeof(unwalked->first_closed), "%s", path);
}

static int visit_node(struct walk *walk, uint32_t node, struct stack *stack)
{
	_cleanup_free_ char *below = path_below(walk, node);
	struct stat status;
	int r;

	if (!below)
		return -ENOMEM;
	stack->bytes += strlen(below);
	r = go_to(walk, node);
	if (r && walk->nodes[node].parent == NO_NODE)
		return r;
	if (r == -EACCES)
		note_closed(&walk->unwalked, below);
	if (r)
		return is_gone(r) || r == -EACCES ? 0 : r;
	if (fstat(walk->fd, &status))
		return -errno;
	walk->nodes[node].id = status.st_ino;
	return visit_here(walk, node, stack, below, status.st_uid);
}

static int visit_all(struct walk *walk, struct stack *stack)
{
	int r = 0;

	while (!r && stack->n)
		r = visit_node(walk, stack->nodes[--stack->n], stack);
	return r;
}

int lc_hierarchy_walk(const struct lc_hierarchy *hierarchy,
	int (*visit)(void *context, const struct lc_existing_cgroup *cgroup), void *context,
	struct lc_unwalked *unwalked)
{
	_cleanup_(walk_clear) struct walk walk = {
		.hierarchy = hierarchy,
		.visit = visit,
		.context = context,
		.roots.bounds = &of_roots,
		.others.bounds = &of_others,
		.at = NO_NODE,
		.fd = -1,
	};
	int r = push(&walk, &walk.roots, NO_NODE, "");

	if (!r)
		r = visit_all(&walk, &walk.roots);
	if (!r)
		r = visit_all(&walk, &walk.others);
	*unwalked = walk.unwalked;
	return r;
}

void lc_unwalked_warn(const struct lc_unwalked *unwalked, const struct lc_log *log)
{
	if (unwalked->beyond)
		lc_log(log, LC_LOG_WARN,
			"in %zu cgroups those below were not looked at: they are nested too deep, or too many",
			unwalked->beyond);
	if (unwalked->closed == 1)
		lc_log(log, LC_LOG_WARN, "the cgroup %s was not looked at: it is closed to you; use sudo",
			unwalked->first_closed);
	else if (unwalked->closed)
		lc_log(log, LC_LOG_WARN,
			"%zu cgroups were not looked at, %s among them: they are closed to you; use sudo",
			unwalked->closed, unwalked->first_closed);
}

const char *lc_hierarchy_below(const struct lc_hierarchy *hierarchy, const char *path)
{
	size_t skip = strcmp(hierarchy->root, "/") != 0 ? strlen(hierarchy->root) : 0;

	if (skip && (strncmp(path, hierarchy->root, skip) != 0 || (path[skip] && path[skip] != '/')))
		return NULL;
	return path + skip;
}

/* Opens the list of processes of the cgroup whose directory is DIRECTORY. 0, and *FILE is NULL when the cgroup is gone; or -errno. */
static int open_processes_in(int directory, FILE **file)
{
	int fd = openat(directory, "cgroup.procs", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	*file = NULL;
	if (fd < 0)
		return is_gone(-errno) ? 0 : -errno;
	*file = fdopen(fd, "r");
	if (!*file)
		close(fd);
	return *file ? 0 : -ENOMEM;
}

int lc_cgroup_open(const struct lc_hierarchy *hierarchy, const char *path)
{
	const char *below = lc_hierarchy_below(hierarchy, path);

	return below ? open_below(hierarchy->mount, below) : -ENOENT;
}

int lc_cgroup_each_pid_in(int directory, int (*each)(void *context, pid_t pid), void *context)
{
	_cleanup_file_ FILE *file = NULL;
	int pid, r = open_processes_in(directory, &file);

	/* Zero stands for processes of another pid namespace. */
	while (!r && file && fscanf(file, "%d", &pid) == 1)
		r = pid > 0 ? each(context, pid) : 0;
	return r;
}

int lc_cgroup_each_pid(
	const struct lc_hierarchy *hierarchy, const char *path, int (*each)(void *context, pid_t pid), void *context)
{
	_cleanup_fd_ int directory = lc_cgroup_open(hierarchy, path);

	if (directory < 0)
		return is_gone(directory) ? 0 : directory;
	return lc_cgroup_each_pid_in(directory, each, context);
}

bool lc_cgroup_is_populated_in(int directory)
{
	_cleanup_file_ FILE *file = NULL;
	int pid;

	return !open_processes_in(directory, &file) && file && fscanf(file, "%d", &pid) == 1;
}

bool lc_cgroup_is_populated(const struct lc_hierarchy *hierarchy, const char *path)
{
	_cleanup_fd_ int directory = lc_cgroup_open(hierarchy, path);

	return directory >= 0 && lc_cgroup_is_populated_in(directory);
}
