/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cgroups of a hierarchy and their processes. However deep they are nested, few descriptors are open at a time. */
#include <leastcap/cleanup.h>
#include <leastcap/probe.h>
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

/* What is opened at once of a path that may be longer than a system call takes. */
#define PIECE_MAX 2048

/* A walk would be endless where a user or a container makes cgroups without end. */
#define DEPTH_MAX 4096

/* Bounds of a part of a walk. */
struct bounds {
	size_t cgroups;
	size_t bytes; /* of all paths together, which are what the time goes by */
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

/* Cuts PATH at its last slash, if what stands behind it may be incomplete. */
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
	/* Of a path that readlink cut no byte can be trusted either. */
	if (length < 0 || (size_t)length >= sizeof(directory) - 1 || strncmp(directory, hierarchy->mount, skip) != 0 ||
		snprintf(path, PATH_MAX, "%s%s", strcmp(hierarchy->root, "/") != 0 ? hierarchy->root : "",
			directory + skip) >= PATH_MAX) {
		snprintf(path, PATH_MAX, "%s", told);
		cut_component(path);
		return -ENAMETOOLONG;
	}
	return 0;
}

#define NO_PARENT UINT32_MAX

/* A cgroup that was found; all are kept until the end of the walk, so that a path need not be. */
struct node {
	char *name;
	uint64_t id; /* 0 until visited */
	uint32_t parent;
	uint32_t depth;
	uid_t owner; /* of the outermost at or above it that is not ours; 0: there is none */
};

/* Numbers of nodes, in the order in which they are to be visited. */
struct queue {
	uint32_t *nodes;
	size_t n, room, next;
	const struct bounds *bounds;
	size_t bytes;
};

struct walk {
	const struct lc_hierarchy *hierarchy;
	int (*visit)(void *context, const struct lc_existing_cgroup *visited);
	void *context;
	struct node *nodes;
	size_t n, room;
	struct queue roots, others; /* to be visited; others': what lies below a cgroup that root does not own */
	size_t skipped;
};

static void walk_clear(struct walk *walk)
{
	for (size_t i = 0; i < walk->n; i++)
		free(walk->nodes[i].name);
	free(walk->nodes);
	free(walk->roots.nodes);
	free(walk->others.nodes);
}

/* Makes room for one more in ITEMS of SIZE bytes each. 0 or -ENOMEM. */
static int make_room(void **items, size_t n, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : 64;
	void *grown;

	if (n < *room)
		return 0;
	grown = reallocarray(*items, more, size);
	if (!grown)
		return -ENOMEM;
	*items = grown;
	*room = more;
	return 0;
}

/* Puts the cgroup NAME below PARENT at the end of QUEUE. 0 or -ENOMEM. */
static int enqueue(struct walk *walk, struct queue *queue, uint32_t parent, const char *name)
{
	struct node node = {.parent = parent};

	if (make_room((void **)&walk->nodes, walk->n, &walk->room, sizeof(*walk->nodes)) ||
		make_room((void **)&queue->nodes, queue->n, &queue->room, sizeof(*queue->nodes)))
		return -ENOMEM;
	node.depth = parent == NO_PARENT ? 0 : walk->nodes[parent].depth + 1;
	node.name = strdup(name);
	if (!node.name)
		return -ENOMEM;
	queue->nodes[queue->n++] = (uint32_t)walk->n;
	walk->nodes[walk->n++] = node;
	return 0;
}

/* The path of NODE from the mount point on, "" for that itself; the caller frees it. NULL when out of memory. */
static char *path_below(const struct walk *walk, uint32_t node)
{
	size_t length = 0;
	char *path;

	for (uint32_t at = node; walk->nodes[at].parent != NO_PARENT; at = walk->nodes[at].parent)
		length += strlen(walk->nodes[at].name) + 1;
	path = malloc(length + 1);
	if (!path)
		return NULL;
	path[length] = '\0';
	for (uint32_t at = node; walk->nodes[at].parent != NO_PARENT; at = walk->nodes[at].parent) {
		size_t name = strlen(walk->nodes[at].name);

		length -= name;
		memcpy(path + length, walk->nodes[at].name, name);
		path[--length] = '/';
	}
	return path;
}

/* Whether what OWNER has is root's, or who runs us. */
static bool is_ours(uid_t owner)
{
	return owner == 0 || owner == geteuid();
}

/* Queues the cgroups in DIRECTORY, which is that of NODE and belongs to OWNER. 0 or -errno. */
static int find_children(struct walk *walk, DIR *directory, uint32_t node, struct queue *queue, uid_t owner)
{
	struct dirent *entry;
	int r = 0;

	if (!is_ours(owner))
		queue = &walk->others;
	while (!r && (entry = readdir(directory))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if (walk->nodes[node].depth >= DEPTH_MAX || queue->n >= queue->bounds->cgroups ||
			queue->bytes >= queue->bounds->bytes) {
			walk->skipped++;
			break;
		}
		r = enqueue(walk, queue, node, entry->d_name);
	}
	return r;
}

/* Tells of NODE at BELOW, open as DIRECTORY, and queues its children. 0 or what the visitor or a system call said. */
static int visit_open(struct walk *walk, DIR *directory, uint32_t node, struct queue *queue, const char *below)
{
	const char *root = strcmp(walk->hierarchy->root, "/") != 0 ? walk->hierarchy->root : "";
	uint32_t parent = walk->nodes[node].parent;
	_cleanup_free_ char *path = NULL;
	struct lc_existing_cgroup visited;
	struct stat status;
	int r;

	if (fstat(dirfd(directory), &status))
		return -errno;
	if (asprintf(&path, "%s%s", root, *root || *below ? below : "/") < 0) {
		path = NULL;
		return -ENOMEM;
	}
	walk->nodes[node].id = status.st_ino;
	visited = (struct lc_existing_cgroup){status.st_ino, 0, path, 0};
	if (parent != NO_PARENT) {
		visited.parent = walk->nodes[parent].id;
		visited.maker = walk->nodes[parent].owner;
	}
	walk->nodes[node].owner = visited.maker || is_ours(status.st_uid) ? visited.maker : status.st_uid;
	r = walk->visit(walk->context, &visited);
	return r ? r : find_children(walk, directory, node, queue, status.st_uid);
}

static int visit_node(struct walk *walk, uint32_t node, struct queue *queue)
{
	_cleanup_free_ char *below = path_below(walk, node);
	DIR *directory;
	int r, fd;

	if (!below)
		return -ENOMEM;
	queue->bytes += strlen(below);
	fd = open_below(walk->hierarchy->mount, below);
	if (fd < 0)
		return is_gone(fd) && walk->nodes[node].parent != NO_PARENT ? 0 : fd;
	directory = fdopendir(fd);
	if (!directory) {
		close(fd);
		return -ENOMEM;
	}
	r = visit_open(walk, directory, node, queue, below);
	closedir(directory);
	return r;
}

static int visit_queued(struct walk *walk, struct queue *queue)
{
	int r = 0;

	while (!r && queue->next < queue->n)
		r = visit_node(walk, queue->nodes[queue->next++], queue);
	return r;
}

int lc_hierarchy_walk(const struct lc_hierarchy *hierarchy,
	int (*visit)(void *context, const struct lc_existing_cgroup *visited), void *context, size_t *skipped)
{
	_cleanup_(walk_clear) struct walk walk = {
		.hierarchy = hierarchy,
		.visit = visit,
		.context = context,
		.roots.bounds = &of_roots,
		.others.bounds = &of_others,
	};
	int r = enqueue(&walk, &walk.roots, NO_PARENT, "");

	if (!r)
		r = visit_queued(&walk, &walk.roots);
	if (!r)
		r = visit_queued(&walk, &walk.others);
	*skipped = walk.skipped;
	return r;
}

/* The part of PATH below what is mounted of HIERARCHY, to *BELOW. 0, or -ENOENT when it lies elsewhere. */
static int find_below(const struct lc_hierarchy *hierarchy, const char *path, const char **below)
{
	size_t skip = strcmp(hierarchy->root, "/") != 0 ? strlen(hierarchy->root) : 0;

	if (skip && (strncmp(path, hierarchy->root, skip) != 0 || (path[skip] && path[skip] != '/')))
		return -ENOENT;
	*below = path + skip;
	return 0;
}

/* Opens the list of processes of the cgroup at PATH. 0, and *FILE is NULL when the cgroup is gone; or -errno. */
static int open_processes(const struct lc_hierarchy *hierarchy, const char *path, FILE **file)
{
	_cleanup_fd_ int directory = -1;
	const char *below;
	int fd, r = find_below(hierarchy, path, &below);

	*file = NULL;
	if (r)
		return r;
	directory = open_below(hierarchy->mount, below);
	if (directory < 0)
		return is_gone(directory) ? 0 : directory;
	fd = openat(directory, "cgroup.procs", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return is_gone(-errno) ? 0 : -errno;
	*file = fdopen(fd, "r");
	if (!*file)
		close(fd);
	return *file ? 0 : -ENOMEM;
}

int lc_cgroup_each_pid(
	const struct lc_hierarchy *hierarchy, const char *path, int (*each)(void *context, pid_t pid), void *context)
{
	_cleanup_file_ FILE *file = NULL;
	int pid;
	int r = open_processes(hierarchy, path, &file);

	/* Zero stands for processes of another pid namespace. */
	while (!r && file && fscanf(file, "%d", &pid) == 1)
		r = pid > 0 ? each(context, pid) : 0;
	return r;
}

bool lc_cgroup_is_populated(const struct lc_hierarchy *hierarchy, const char *path)
{
	_cleanup_file_ FILE *file = NULL;
	int pid;

	return !open_processes(hierarchy, path, &file) && file && fscanf(file, "%d", &pid) == 1;
}
