/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fields of schema leastcap-profile/1, in the order in which they are written. */
#include "fields.h"

const struct lc_string_field lc_host_strings[] = {
	{"kernel", offsetof(struct lc_profile, kernel), false, false},
	{"machine", offsetof(struct lc_profile, machine), false, false},
	{"hook", offsetof(struct lc_profile, hook), false, false},
	{"cgroup", offsetof(struct lc_profile, cgroup), false, false},
	{NULL, 0, false, false},
};

const struct lc_string_field lc_target_strings[] = {
	{"name", offsetof(struct lc_target, name), true, false},
	{"id", offsetof(struct lc_target, id), false, false},
	{"engine", offsetof(struct lc_target, engine), false, false},
	{"image", offsetof(struct lc_target, image), false, false},
	{"service", offsetof(struct lc_target, service), false, false},
	{"project", offsetof(struct lc_target, project), false, false},
	{"user", offsetof(struct lc_target, user), false, false},
	{"cgroup", offsetof(struct lc_target, cgroup), false, false},
	{NULL, 0, false, false},
};

const struct lc_mask_field lc_target_masks[] = {
	{"granted", offsetof(struct lc_target, granted)},
	{"cap_add", offsetof(struct lc_target, cap_add)},
	{"unused", offsetof(struct lc_target, unused)},
	{"wanted", offsetof(struct lc_target, wanted)},
	{NULL, 0},
};

const struct lc_mask_field lc_configured_masks[] = {
	{"cap_add", offsetof(struct lc_target, configured_add)},
	{"cap_drop", offsetof(struct lc_target, configured_drop)},
	{NULL, 0},
};

const struct lc_word_field lc_evidence_words[] = {
	{"class", offsetof(struct lc_check, class), &lc_vocabulary_class, -1},
	{"verdict", offsetof(struct lc_check, verdict), &lc_vocabulary_verdict, -1},
	{"authority", offsetof(struct lc_check, authority), &lc_vocabulary_authority, -1},
	{"credential", offsetof(struct lc_check, credential), &lc_vocabulary_credential, -1},
	{"phase", offsetof(struct lc_check, phase), &lc_vocabulary_phase, -1},
	{"userns", offsetof(struct lc_check, userns), &lc_vocabulary_userns, LC_USERNS_TARGET},
	{"audited", offsetof(struct lc_check, audited), &lc_vocabulary_audited, LC_AUDITED_UNKNOWN},
	{NULL, 0, NULL, 0},
};

const struct lc_string_field lc_evidence_strings[] = {
	{"syscall", offsetof(struct lc_check, syscall), false, false},
	{"caller", offsetof(struct lc_check, caller), false, false},
	{"exe", offsetof(struct lc_check, exe), false, false},
	{"comm", offsetof(struct lc_check, comm), false, false},
	{"about", offsetof(struct lc_check, about), false, false},
	{"result", offsetof(struct lc_check, result), false, true},
	{"why", offsetof(struct lc_check, why), false, false},
	{NULL, 0, false, false},
};
