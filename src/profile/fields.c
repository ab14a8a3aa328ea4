/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fields of schema leastcap-profile/1, in the order in which they are written. */
#include "fields.h"

#include <sys/stat.h>

const struct lc_string_field lc_host_strings[] = {
	{"kernel", offsetof(struct lc_profile, kernel), false, false},
	{"machine", offsetof(struct lc_profile, machine), false, false},
	{"hook", offsetof(struct lc_profile, hook), false, false},
	{"cgroup", offsetof(struct lc_profile, cgroup), false, false},
	{"refusals", offsetof(struct lc_profile, refusals), false, false},
	{NULL, 0, false, false},
};

const struct lc_string_field lc_target_strings[] = {
	{"name", offsetof(struct lc_target, name), true, false},
	{"id", offsetof(struct lc_target, id), false, false},
	{"engine", offsetof(struct lc_target, engine), false, false},
	{"engine_version", offsetof(struct lc_target, engine_version), false, false},
	{"label", offsetof(struct lc_target, label), false, false},
	{"image", offsetof(struct lc_target, image), false, false},
	{"image_id", offsetof(struct lc_target, image_id), false, false},
	{"service", offsetof(struct lc_target, service), false, false},
	{"project", offsetof(struct lc_target, project), false, false},
	{"pod", offsetof(struct lc_target, pod), false, false},
	{"namespace", offsetof(struct lc_target, namespace), false, false},
	{"user", offsetof(struct lc_target, user), false, false},
	{"cgroup", offsetof(struct lc_target, cgroup), false, false},
	{"owner", offsetof(struct lc_target, owner), false, false},
	{"claim", offsetof(struct lc_target, claim), false, false},
	{"landlock", offsetof(struct lc_target, landlock), false, false},
	{"origin", offsetof(struct lc_target, origin), false, false},
	{"sandbox", offsetof(struct lc_target, sandbox), false, false},
	{"left_to", offsetof(struct lc_target, left_to), false, false},
	{NULL, 0, false, false},
};

const struct lc_mask_field lc_target_masks[] = {
	{"granted", offsetof(struct lc_target, granted), false},
	{"cap_add", offsetof(struct lc_target, cap_add), false},
	{"verify", offsetof(struct lc_target, verify), true},
	{"unused", offsetof(struct lc_target, unused), false},
	{"wanted", offsetof(struct lc_target, wanted), false},
	{NULL, 0, false},
};

const struct lc_mask_field lc_configured_masks[] = {
	{"cap_add", offsetof(struct lc_target, configured_add), false},
	{"cap_drop", offsetof(struct lc_target, configured_drop), false},
	{NULL, 0, false},
};

const struct lc_word_field lc_evidence_words[] = {
	{"class", offsetof(struct lc_check, class), &lc_vocabulary_class, -1, false},
	{"verdict", offsetof(struct lc_check, verdict), &lc_vocabulary_verdict, -1, false},
	{"authority", offsetof(struct lc_check, authority), &lc_vocabulary_authority, -1, false},
	{"credential", offsetof(struct lc_check, credential), &lc_vocabulary_credential, -1, false},
	{"phase", offsetof(struct lc_check, phase), &lc_vocabulary_phase, -1, false},
	{"source", offsetof(struct lc_check, source), &lc_vocabulary_source, LC_SOURCE_CHECK, true},
	{"userns", offsetof(struct lc_check, userns), &lc_vocabulary_userns, LC_USERNS_TARGET, false},
	{"audited", offsetof(struct lc_check, audited), &lc_vocabulary_audited, LC_AUDITED_UNKNOWN, false},
	{NULL, 0, NULL, 0, false},
};

const struct lc_flag_field lc_evidence_flags[] = {
	{"ordinary", offsetof(struct lc_check, ordinary)},
	{"chained", offsetof(struct lc_check, chained)},
	{"gives_up", offsetof(struct lc_check, gives_up)},
	{"no_new_privs", offsetof(struct lc_check, no_new_privs)},
	{"answered", offsetof(struct lc_check, answered)},
	{"tried", offsetof(struct lc_check, tried)},
	{"survivable", offsetof(struct lc_check, survivable)},
	{"at_start", offsetof(struct lc_check, at_start)},
	{"while_serving", offsetof(struct lc_check, while_serving)},
	{"at_stop", offsetof(struct lc_check, at_stop)},
	{"object_late", offsetof(struct lc_check, object) + offsetof(struct lc_object, late)},
	{NULL, 0},
};

const struct lc_string_field lc_evidence_strings[] = {
	{"syscall", offsetof(struct lc_check, syscall), false, false},
	{"caller", offsetof(struct lc_check, caller), false, false},
	{"exe", offsetof(struct lc_check, exe), false, false},
	{"comm", offsetof(struct lc_check, comm), false, false},
	{"about", offsetof(struct lc_check, about), false, false},
	{"user", offsetof(struct lc_check, user), false, false},
	{"result", offsetof(struct lc_check, result), false, true},
	{"why", offsetof(struct lc_check, why), false, false},
	{NULL, 0, false, false},
};

const struct lc_string_field lc_object_strings[] = {
	{"path", offsetof(struct lc_object, path), true, false},
	{"owner", offsetof(struct lc_object, owner), false, false},
	{NULL, 0, false, false},
};

const struct lc_word_field lc_failure_words[] = {
	{"cause", offsetof(struct lc_failure, cause), &lc_vocabulary_cause, LC_CAUSE_UNKNOWN, false},
	{"filter", offsetof(struct lc_failure, filter), &lc_vocabulary_filter_answer, LC_FILTER_UNKNOWN, true},
	{NULL, 0, NULL, 0, false},
};

const struct lc_flag_field lc_failure_flags[] = {
	{"expected", offsetof(struct lc_failure, expected)},
	{"denied", offsetof(struct lc_failure, denied)},
	{"asked", offsetof(struct lc_failure, asked)},
	{"no_new_privs", offsetof(struct lc_failure, no_new_privs)},
	{"void_file", offsetof(struct lc_failure, void_file)},
	{"object_late", offsetof(struct lc_failure, object) + offsetof(struct lc_object, late)},
	{NULL, 0},
};

const struct lc_mask_field lc_failure_masks[] = {
	{"caps", offsetof(struct lc_failure, caps), true},
	{NULL, 0, false},
};

const struct lc_string_field lc_failure_strings[] = {
	{"syscall", offsetof(struct lc_failure, syscall), false, false},
	{"result", offsetof(struct lc_failure, result), false, false},
	{"exe", offsetof(struct lc_failure, exe), false, false},
	{"comm", offsetof(struct lc_failure, comm), false, false},
	{"about", offsetof(struct lc_failure, about), false, false},
	{"user", offsetof(struct lc_failure, user), false, false},
	{"rule", offsetof(struct lc_failure, rule), false, false},
	{"why", offsetof(struct lc_failure, why), false, false},
	{"help", offsetof(struct lc_failure, help), false, false},
	{NULL, 0, false, false},
};

const struct lc_flag_field lc_init_flags[] = {
	{"no_new_privs", offsetof(struct lc_init, no_new_privs)},
	{"own_userns", offsetof(struct lc_init, own_userns)},
	{"ended", offsetof(struct lc_init, ended)},
	{NULL, 0},
};

const struct lc_word_field lc_init_words[] = {
	{"seccomp", offsetof(struct lc_init, seccomp), &lc_vocabulary_seccomp, LC_SECCOMP_DISABLED, false},
	{NULL, 0, NULL, 0, false},
};

const struct lc_string_field lc_init_strings[] = {
	{"unread", offsetof(struct lc_init, unread), false, false},
	{NULL, 0, false, false},
};

const struct lc_flag_field lc_members_flags[] = {
	{"cut", offsetof(struct lc_members, cut)},
	{"own_userns", offsetof(struct lc_members, own_userns)},
	{NULL, 0},
};

const struct lc_string_field lc_members_strings[] = {
	{"differs", offsetof(struct lc_members, differs), false, false},
	{NULL, 0, false, false},
};

const struct lc_mask_field lc_sets_masks[] = {
	{"inheritable", offsetof(struct lc_sets, inheritable), false},
	{"permitted", offsetof(struct lc_sets, permitted), false},
	{"effective", offsetof(struct lc_sets, effective), false},
	{"bounding", offsetof(struct lc_sets, bounding), false},
	{"ambient", offsetof(struct lc_sets, ambient), false},
	{NULL, 0, false},
};

const struct lc_word_field lc_hazard_words[] = {
	{"kind", offsetof(struct lc_hazard, kind), &lc_vocabulary_hazard, -1, false},
	{NULL, 0, NULL, 0, false},
};

const struct lc_flag_field lc_hazard_flags[] = {
	{"read_only", offsetof(struct lc_hazard, read_only)},
	{"barred", offsetof(struct lc_hazard, barred)},
	{NULL, 0},
};

const struct lc_string_field lc_hazard_strings[] = {
	{"about", offsetof(struct lc_hazard, about), false, false},
	{"where", offsetof(struct lc_hazard, where), false, false},
	{"why", offsetof(struct lc_hazard, why), false, false},
	{NULL, 0, false, false},
};

const struct lc_word_field lc_rating_words[] = {
	{"level", offsetof(struct lc_rating, level), &lc_vocabulary_rating, -1, false},
	{NULL, 0, NULL, 0, false},
};

const struct lc_string_field lc_rating_strings[] = {
	{"why", offsetof(struct lc_rating, why), false, false},
	{"advice", offsetof(struct lc_rating, advice), false, false},
	{"told", offsetof(struct lc_rating, told), false, false},
	{NULL, 0, false, false},
};

const struct lc_word_field lc_seen_words[] = {
	{"from", offsetof(struct lc_seen, from), &lc_vocabulary_seen_from, LC_SEEN_FROM_UNKNOWN, true},
	{"until", offsetof(struct lc_seen, until), &lc_vocabulary_seen_until, LC_SEEN_UNTIL_UNKNOWN, true},
	{NULL, 0, NULL, 0, false},
};

const struct lc_time_field lc_seen_times[] = {
	{"since", offsetof(struct lc_seen, since_ns)},
	{"started", offsetof(struct lc_seen, started_ns)},
	{NULL, 0},
};

const struct lc_time_field lc_life_times[] = {
	{"began", offsetof(struct lc_life, began_ns)},
	{"served", offsetof(struct lc_life, served_ns)},
	{"stopping", offsetof(struct lc_life, stopping_ns)},
	{"ended", offsetof(struct lc_life, ended_ns)},
	{NULL, 0},
};

const struct lc_word_field lc_life_words[] = {
	{"sign", offsetof(struct lc_life, sign), &lc_vocabulary_sign, LC_SIGN_NONE, true},
	{NULL, 0, NULL, 0, false},
};

const struct lc_string_field lc_proof_strings[] = {
	{"method", offsetof(struct lc_proof, method), true, false},
	{"command", offsetof(struct lc_proof, command), false, false},
	{"image_digest", offsetof(struct lc_proof, image_digest), false, false},
	{"engine", offsetof(struct lc_proof, engine), false, false},
	{"engine_version", offsetof(struct lc_proof, engine_version), false, false},
	{"kernel", offsetof(struct lc_proof, kernel), false, false},
	{"patch", offsetof(struct lc_proof, patch), false, false},
	{"patch_sha256", offsetof(struct lc_proof, patch_sha256), false, false},
	{NULL, 0, false, false},
};

const struct lc_mask_field lc_proof_masks[] = {
	{"list", offsetof(struct lc_proof, list), false},
	{"added", offsetof(struct lc_proof, added), true},
	{"removed", offsetof(struct lc_proof, removed), true},
	{"untried", offsetof(struct lc_proof, untried), true},
	{NULL, 0, false},
};

const struct lc_flag_field lc_proof_flags[] = {
	{"stopped", offsetof(struct lc_proof, stopped)},
	{"unprivileged", offsetof(struct lc_proof, unprivileged)},
	{"restart", offsetof(struct lc_proof, restart)},
	{NULL, 0},
};

const struct lc_word_field lc_run_words[] = {
	{"purpose", offsetof(struct lc_proof_run, purpose), &lc_vocabulary_trial_purpose, -1, false},
	{"verdict", offsetof(struct lc_proof_run, verdict), &lc_vocabulary_trial_verdict, -1, false},
	{NULL, 0, NULL, 0, false},
};

const struct lc_flag_field lc_run_flags[] = {
	{"accepted", offsetof(struct lc_proof_run, accepted)},
	{"others", offsetof(struct lc_proof_run, others)},
	{NULL, 0},
};

const struct lc_mask_field lc_run_masks[] = {
	{"list", offsetof(struct lc_proof_run, list), true},
	{"without", offsetof(struct lc_proof_run, without), true},
	{NULL, 0, false},
};

const struct lc_string_field lc_run_strings[] = {
	{"why", offsetof(struct lc_proof_run, why), false, false},
	{NULL, 0, false, false},
};

const struct lc_string_field lc_frame_strings[] = {
	{"function", offsetof(struct lc_frame, function), false, false},
	{"module", offsetof(struct lc_frame, module), false, false},
	{"file", offsetof(struct lc_frame, file), false, false},
	{NULL, 0, false, false},
};

const struct lc_file_type lc_file_types[] = {
	{"file", S_IFREG},
	{"directory", S_IFDIR},
	{"symlink", S_IFLNK},
	{"socket", S_IFSOCK},
	{"fifo", S_IFIFO},
	{"character device", S_IFCHR},
	{"block device", S_IFBLK},
	{NULL, 0},
};
