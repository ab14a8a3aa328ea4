/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a project as a patch makes them: patch(1) is run on copies in memory, which only its own process sees. */
#include "src/cli/patched.h"
#include "src/cli/cli.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/recording.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* How big a patch and a file may be. */
#define PATCH_LIMIT ((size_t)1 << 20)
#define FILE_LIMIT  ((size_t)16 << 20)

/* How much of patch's messages is quoted. */
#define SAID_LIMIT 400

/* What the process that applies the patch says by its exit status, besides patch's own: 0 applied, 1 did not, 2 trouble. */
enum { CANNOT_COPY = 100, CANNOT_RUN = 127 };

/* The application of a patch, between two processes. */
struct work {
	struct lc_patched *patched;
	int text;                    /* the patch */
	int said;                    /* what patch(1) says */
	int results[LC_PATCH_FILES]; /* what becomes of each file */
};

static int write_all(int fd, const char *text, size_t length)
{
	for (size_t done = 0; done < length;) {
		ssize_t n = write(fd, text + done, length - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Appends what FD has from its beginning, LIMIT bytes at most. 0 or -errno. */
static int read_all(int fd, size_t limit, struct lc_strbuf *text)
{
	char buffer[4096];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && text->length + (size_t)n > limit)
			return -EFBIG;
		if (n > 0)
			lc_strbuf_add(text, buffer, (size_t)n);
	}
	return text->failed ? -ENOMEM : 0;
}

/* Makes the directories of PATH below the working directory. 0 or -errno. */
static int make_directories(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	for (char *slash = strchr(copy, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if ((mkdir(copy, 0700) && errno != EEXIST) || chown(copy, getuid(), getgid()))
			return -errno;
		*slash = '/';
	}
	return 0;
}

/* Puts the copies, which are the real user's, into the working directory. 0 or -errno. */
static int lay_out(const struct lc_patched *patched)
{
	for (size_t i = 0; i < patched->files.n; i++) {
		_cleanup_fd_ int fd = -1;
		int r = make_directories(patched->files.paths[i]);

		if (r)
			return r;
		fd = open(patched->files.paths[i], O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
		if (fd < 0 || fchown(fd, getuid(), getgid()))
			return -errno;
		r = write_all(fd, patched->texts[i].text ? patched->texts[i].text : "", patched->texts[i].length);
		if (r)
			return r;
	}
	return 0;
}

/* Executes patch(1) as the caller, with its words going to SAID. Does not return. */
static void __attribute__((noreturn)) execute(const struct work *work, bool dry)
{
	const char *const command[] = {"patch", "-p1", "-u", "-f", "-i", "-", "-r", "-", "--no-backup-if-mismatch",
		dry ? "--dry-run" : NULL, NULL};
	const char *const environment[] = {"LC_ALL=C", "TMPDIR=.", NULL};

	if (lseek(work->text, 0, SEEK_SET) || ftruncate(work->said, 0) || lseek(work->said, 0, SEEK_SET) ||
		dup2(work->text, STDIN_FILENO) < 0 || dup2(work->said, STDOUT_FILENO) < 0 ||
		dup2(work->said, STDERR_FILENO) < 0 || lc_privileges_give_up())
		_exit(CANNOT_COPY);
	execvpe(command[0], (char *const *)command, (char *const *)environment);
	_exit(CANNOT_RUN);
}

/* Runs patch(1) in the working directory. Its exit status. */
static int run_patch(const struct work *work, bool dry)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		execute(work, dry);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return CANNOT_COPY;
	return WEXITSTATUS(status);
}

/* Hands the files over that patch(1) has left. 0 or -errno. */
static int take_results(const struct work *work)
{
	const struct lc_patch_files *files = &work->patched->files;

	for (size_t i = 0; i < files->n; i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
		_cleanup_fd_ int fd = lc_replace_open(files->paths[i], O_RDONLY);
		int r = fd < 0 ? fd : read_all(fd, FILE_LIMIT, &text);

		if (!r)
			r = write_all(work->results[i], text.text ? text.text : "", text.length);
		if (r)
			return r;
	}
	return 0;
}

/* The process that applies the patch. Returns its exit status. */
static int apply(const struct work *work)
{
	_cleanup_fd_ int room = lc_replace_make_room();
	int r = room < 0 ? room : 0;

	if (!r && fchdir(room))
		r = -errno;
	if (!r)
		r = lay_out(work->patched);
	if (r) {
		dprintf(work->said, "%s", strerror(-r));
		return CANNOT_COPY;
	}
	r = run_patch(work, true);
	if (!r)
		r = run_patch(work, false);
	if (!r && take_results(work))
		r = CANNOT_COPY;
	return r;
}

/* What patch(1) has said, on one line. Caller frees; NULL when out of memory. */
static char *words(const struct work *work)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf said = {0};
	struct lc_strbuf line = {0};

	if (lseek(work->said, 0, SEEK_SET) || read_all(work->said, SIZE_MAX, &said))
		return NULL;
	for (const char *at = said.text ? said.text : ""; *at && line.length < SAID_LIMIT;) {
		size_t length = strcspn(at, "\n");

		if (length)
			lc_strbuf_separate(&line, "; ");
		lc_strbuf_add(&line, at, length);
		at += length + !!at[length];
	}
	return lc_strbuf_steal(&line);
}

/* Says what came of the patch at PATH, which ended with STATUS. An exit status. */
static int tell(const struct work *work, int status, const char *path, const struct lc_log *log)
{
	_cleanup_free_ char *said = words(work);
	const char *why = said && *said ? said : "no reason was given";

	if (!status)
		return LC_EXIT_OK;
	if (status == CANNOT_RUN)
		lc_log(log, LC_LOG_ERROR, "--with takes patch(1), which is not there");
	else if (status == CANNOT_COPY)
		lc_log(log, LC_LOG_ERROR, "%s: cannot be applied to copies: %s", path, why);
	else
		lc_log(log, LC_LOG_ERROR, "%s does not apply: %s", path, why);
	return status == 1 ? LC_EXIT_USAGE : LC_EXIT_FAILURE;
}

/* Takes what became of the files. 0 or -errno. */
static int take_texts(struct work *work)
{
	struct lc_patched *patched = work->patched;

	for (size_t i = 0; i < patched->files.n; i++) {
		int r = lseek(work->results[i], 0, SEEK_SET) ? -errno : 0;

		lc_strbuf_free(&patched->texts[i]);
		if (!r)
			r = read_all(work->results[i], FILE_LIMIT, &patched->texts[i]);
		if (r)
			return r;
		patched->list[i] = (struct lc_replacement){
			.path = patched->files.paths[i],
			.text = patched->texts[i].text ? patched->texts[i].text : "",
			.length = patched->texts[i].length,
		};
	}
	return 0;
}

/* Opens what the two processes share. 0 or -errno. */
static int open_work(struct work *work, const struct lc_strbuf *text)
{
	bool failed;

	work->text = memfd_create("patch", MFD_CLOEXEC);
	work->said = memfd_create("said", MFD_CLOEXEC);
	failed = work->text < 0 || work->said < 0;
	for (size_t i = 0; i < work->patched->files.n; i++) {
		work->results[i] = memfd_create("patched", MFD_CLOEXEC);
		failed |= work->results[i] < 0;
	}
	return failed ? -errno : write_all(work->text, text->text, text->length);
}

static void close_work(const struct work *work)
{
	close(work->text);
	close(work->said);
	for (size_t i = 0; i < work->patched->files.n; i++)
		close(work->results[i]);
}

/* Applies TEXT, the patch at PATH, to what was read. An exit status. */
static int apply_apart(
	struct lc_patched *patched, const struct lc_strbuf *text, const char *path, const struct lc_log *log)
{
	struct work work = {.patched = patched};
	int r = open_work(&work, text);
	pid_t pid = r ? -1 : fork();
	int status = 0, exit_status = LC_EXIT_FAILURE;

	if (!pid)
		_exit(apply(&work));
	if (!r && (pid < 0 || waitpid(pid, &status, 0) != pid))
		r = -errno;
	if (!r) {
		exit_status = tell(&work, WIFEXITED(status) ? WEXITSTATUS(status) : CANNOT_COPY, path, log);
		r = exit_status ? 0 : take_texts(&work);
	}
	if (r) {
		lc_log(log, LC_LOG_ERROR, "%s: cannot be applied to copies: %s", path, strerror(-r));
		exit_status = LC_EXIT_FAILURE;
	}
	close_work(&work);
	return exit_status;
}

/* Why the file that ERROR is about can't be patched. */
static const char *why_not(int error)
{
	switch (error) {
	case -ELOOP:
		return "a symbolic link leads to it";
	case -EXDEV:
		return "it lies elsewhere than below the working directory";
	case -EINVAL:
		return "it is no ordinary file";
	case -EFBIG:
		return "it is too big";
	default:
		return strerror(-error);
	}
}

/* Reads the files that the patch at PATH changes. An exit status. */
static int read_files(struct lc_patched *patched, const char *path, const struct lc_log *log)
{
	for (size_t i = 0; i < patched->files.n; i++) {
		_cleanup_fd_ int fd = lc_replace_open(patched->files.paths[i], O_RDONLY);
		int r = fd < 0 ? fd : read_all(fd, FILE_LIMIT, &patched->texts[i]);

		if (!r)
			continue;
		lc_log(log, LC_LOG_ERROR, "%s: cannot change %s: %s", path, patched->files.paths[i], why_not(r));
		return LC_EXIT_USAGE;
	}
	return LC_EXIT_OK;
}

/* Reads the patch at PATH and the files that it changes, with the caller's rights. An exit status. */
static int read_patch(struct lc_patched *patched, const char *path, const struct lc_log *log, struct lc_strbuf *text)
{
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	_cleanup_free_ char *message = NULL;
	int r = lc_as_caller_begin(&caller);

	if (!r)
		r = lc_input_read(path, PATCH_LIMIT, "a patch", text, &message);
	if (r) {
		lc_log(log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
		return LC_EXIT_USAGE;
	}
	r = lc_patch_read(&patched->files, text->text ? text->text : "", text->length, &message);
	if (r) {
		lc_log(log, LC_LOG_ERROR, "%s:%s", path, message ? message : strerror(-r));
		return LC_EXIT_USAGE;
	}
	lc_sha256(text->text, text->length, patched->sha256);
	return read_files(patched, path, log);
}

int lc_patched_open(struct lc_patched *patched, const char *path, const struct lc_log *log)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	int status = read_patch(patched, path, log, &text);

	return status ? status : apply_apart(patched, &text, path, log);
}

void lc_patched_clear(struct lc_patched *patched)
{
	lc_patch_files_clear(&patched->files);
	for (size_t i = 0; i < LC_PATCH_FILES; i++)
		lc_strbuf_free(&patched->texts[i]);
	*patched = (struct lc_patched){0};
}
