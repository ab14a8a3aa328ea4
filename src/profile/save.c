/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Profiles in files: read piece by piece, and replaced whole, so that a reader never sees half a profile. */
#include "fields.h"
#include "json_read.h"

#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/message.h>
#include <leastcap/output_file.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <string.h>

static long fill(void *from, char *buffer, size_t size)
{
	return lc_input_take(from, buffer, size);
}

/* Reads the profile that INPUT holds, and the message's text apart from the file's name. 0 or -errno. */
static int read_input(struct lc_profile *profile, struct lc_input *input, char **message)
{
	_cleanup_free_ char *reason = NULL;
	const struct lc_json_place root = {.message = &reason};
	_cleanup_(lc_json_source_clear) struct lc_json_source source = {.root = &root};
	const char *name = lc_input_name(input->path);
	int err;

	lc_json_source_fill(&source, fill, input);
	err = lc_profile_from_source(profile, &source);
	if (!err)
		return 0;
	if (source.error && source.error != -ENOMEM)
		return lc_input_complain(input, err, message);
	if (!input->length)
		return lc_complain(message, -EINVAL, "%s: the file is empty", name);
	return lc_complain(message, err, "%s: %s", name, reason ? reason : "out of memory");
}

int lc_profile_load(struct lc_profile *profile, const char *path, char **message)
{
	struct lc_input input;
	int err;

	*profile = (struct lc_profile){0};
	*message = NULL;
	err = lc_input_open(&input, path, LC_PROFILE_MAX_SIZE, "a profile", message);
	if (err)
		return err;
	err = read_input(profile, &input, message);
	lc_input_close(&input);
	return err;
}

int lc_profile_write(struct lc_profile *profile, struct lc_output_file *file, char **message)
{
	int err = lc_profile_cut(profile);
	_cleanup_free_ char *text = err ? NULL : lc_profile_to_json(profile);
	size_t length = text ? strlen(text) : 0;

	*message = NULL;
	if (!text)
		return lc_complain(message, -ENOMEM, "cannot write the profile: out of memory");
	if (length > LC_PROFILE_MAX_SIZE || lc_json_has_too_many_values(text, length))
		return lc_complain(message, -EFBIG,
			"cannot write the profile: with %zu targets it is too big to be read again",
			profile->n_targets);
	err = lc_output_file_write(file, text, length, message);
	return err ? err : lc_output_file_place(file, message);
}

int lc_profile_save(struct lc_profile *profile, const char *path, char **message)
{
	struct lc_output_file *file;
	int err = lc_output_file_open(&file, path, NULL, message);

	if (err)
		return err;
	err = lc_profile_write(profile, file, message);
	lc_output_file_free(file);
	return err;
}
