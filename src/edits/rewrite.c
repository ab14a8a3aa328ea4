/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A person's file that is written anew, with what it was before kept beside it. */
#include <leastcap/rewrite.h>

#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/message.h>
#include <leastcap/output_file.h>
#include <leastcap/sha256.h>
#include <leastcap/strbuf.h>
#include <leastcap/yaml.h>

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* So many digits of a hash tell the texts of a file apart. */
#define LC_HASH_DIGITS 12

static inline void cleanup_output(struct lc_output_file *const *file)
{
	lc_output_file_free(*file);
}

/* The name of what the file at PATH was before it had LENGTH bytes of TEXT. Caller frees; NULL when out of memory. */
static char *backup_name(const char *path, const char *text, size_t length)
{
	char hash[LC_SHA256_SIZE];
	char *name;

	lc_sha256(text, length, hash);
	return asprintf(&name, "%s.before-%.*s", path, LC_HASH_DIGITS, hash) < 0 ? NULL : name;
}

/* Refuses to write the file at PATH where it would not keep its owner. *STATUS becomes the file's. 0, or -errno with *MESSAGE. */
static int check_file(const char *path, struct stat *status, char **message)
{
	if (stat(path, status) != 0)
		return lc_complain(message, -errno, "%s: %s", path, strerror(errno));
	if (!S_ISREG(status->st_mode))
		return lc_complain(message, -EINVAL, "%s: no regular file, which could be written anew", path);
	if (geteuid() && status->st_uid != geteuid())
		return lc_complain(message, -EPERM,
			"%s belongs to user %u, and would not if it were written by another one", path,
			(unsigned int)status->st_uid);
	return 0;
}

/* Refuses to go on where the file at PATH does not have the text that REWRITE says. */
static int check_text(const char *path, const struct lc_rewrite *rewrite, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	int r = lc_input_read(path, LC_YAML_MAX_SIZE, "a file to edit", &text, message);

	if (r)
		return r;
	if (text.length != rewrite->old_length || (text.length && memcmp(text.text, rewrite->old, text.length) != 0))
		return lc_complain(message, -EBUSY, "%s was changed meanwhile: nothing was written", path);
	return 0;
}

/* Writes LENGTH bytes of TEXT as a file called PATH, with the owner and mode in STATUS. */
static int write_file(const char *path, const char *text, size_t length, const struct stat *status, char **message)
{
	_cleanup_(cleanup_output) struct lc_output_file *file = NULL;
	mode_t mode = status->st_mode & 07777;
	int r = lc_output_file_open(&file, path, &mode, message);

	if (!r)
		r = lc_output_file_write(file, text, length, message);
	if (!r && !geteuid() && fchown(lc_output_file_fd(file), status->st_uid, status->st_gid) != 0)
		r = lc_complain(message, -errno, "cannot give %s its owner: %s", path, strerror(errno));
	return r ? r : lc_output_file_place(file, message);
}

/* Keeps the file at PATH as BACKUP: as a second name, or as a copy where the file system has none. */
static int keep(const char *path, const char *backup, const struct lc_rewrite *rewrite, const struct stat *status,
	char **message)
{
	/* The same text came of another one before. */
	unlink(backup);
	if (link(path, backup) == 0)
		return 0;
	return write_file(backup, rewrite->old, rewrite->old_length, status, message);
}

int lc_rewrite(const char *path, const struct lc_rewrite *rewrite, char **backup, char **message)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	_cleanup_free_ char *name = real ? backup_name(real, rewrite->text, rewrite->length) : NULL;
	struct stat status;
	int r;

	if (!real)
		return lc_complain(message, -errno, "%s: %s", path, strerror(errno));
	if (!name)
		return -ENOMEM;
	r = check_file(real, &status, message);
	if (!r)
		r = check_text(real, rewrite, message);
	if (!r)
		r = keep(real, name, rewrite, &status, message);
	if (r)
		return r;
	r = write_file(real, rewrite->text, rewrite->length, &status, message);
	if (r) {
		unlink(name);
		return r;
	}
	*backup = name;
	name = NULL;
	return 0;
}

/* Says why nothing is put back at PATH: leastcap has not written what is there. Returns the error. */
static int complain_of_nothing(const char *path, const char *real, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf pattern = {0};
	glob_t found = {0};
	int r;

	for (const char *c = real; *c; c++)
		lc_strbuf_addf(&pattern, strchr("*?[\\", *c) ? "\\%c" : "%c", *c);
	lc_strbuf_adds(&pattern, ".before-*");
	if (!pattern.failed && glob(pattern.text, 0, NULL, &found) == 0 && found.gl_pathc)
		r = lc_complain(message, -ENOENT,
			"%s was changed after leastcap wrote it, and stays as it is; what it was before is in %s", path,
			found.gl_pathv[found.gl_pathc - 1]);
	else
		r = lc_complain(message, -ENOENT, "%s: there is nothing to undo", path);
	globfree(&found);
	return r;
}

int lc_rewrite_undo(const char *path, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *real = realpath(path, NULL);
	_cleanup_free_ char *backup = NULL;
	int r;

	if (!real)
		return lc_complain(message, -errno, "%s: %s", path, strerror(errno));
	r = lc_input_read(real, LC_YAML_MAX_SIZE, "a file to edit", &text, message);
	if (r)
		return r;
	backup = backup_name(real, text.text ? text.text : "", text.length);
	if (!backup)
		return -ENOMEM;
	if (access(backup, F_OK) != 0)
		return complain_of_nothing(path, real, message);
	if (rename(backup, real) != 0)
		return lc_complain(message, -errno, "cannot put %s back: %s", path, strerror(errno));
	return 0;
}
