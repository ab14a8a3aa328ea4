/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Profiles in files: read whole, and replaced whole, so that a reader never sees half a profile. */
#include "fields.h"
#include "json_value.h"

#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/message.h>
#include <leastcap/output_file.h>
#include <leastcap/profile.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <string.h>

int lc_profile_load(struct lc_profile *profile, const char *path, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *reason = NULL;
	int err;

	*profile = (struct lc_profile){0};
	*message = NULL;
	err = lc_input_read(path, LC_PROFILE_MAX_SIZE, "a profile", &text, message);
	if (err)
		return err;
	if (!text.length)
		return lc_complain(message, -EINVAL, "%s: the file is empty", lc_input_name(path));
	err = lc_profile_from_json(profile, text.text, text.length, &reason);
	if (err)
		lc_complain(message, err, "%s: %s", lc_input_name(path), reason ? reason : "out of memory");
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
