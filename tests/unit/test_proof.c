/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of certificates: in the profile, for the judge, in a merge, in the difference of two profiles and in reports. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/diff.h>
#include <leastcap/judge.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>
#include <leastcap/report.h>
#include <leastcap/story.h>

#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define CHOWN LC_CAP_BIT(CAP_CHOWN)
#define KILL  LC_CAP_BIT(CAP_KILL)

#define FIXTURE "tests/unit/fixtures/proven.json"

/* Loads the fixture, with or without its proof, of a container that runs IMAGE_ID. */
static void load(struct lc_profile *profile, const char *image_id, bool proven)
{
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *text = NULL;
	json_t *root = json_load_file(FIXTURE, 0, NULL);
	json_t *target = json_array_get(json_object_get(root, "targets"), 0);

	assert_int_equal(json_object_set_new(target, "image_id", json_string(image_id)), 0);
	if (!proven)
		assert_int_equal(json_object_del(target, "proven"), 0);
	text = json_dumps(root, 0);
	json_decref(root);
	if (lc_profile_from_json(profile, text, strlen(text), &message))
		fail_msg("%s", message);
}

static void a_proof_is_saved_and_read(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_profile_clear) struct lc_profile again = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *text = NULL;
	const struct lc_proof *proof;

	(void)state;
	load(&profile, "sha256:aa", true);
	proof = profile.targets[0].proof;
	assert_non_null(proof);
	assert_string_equal(proof->command, "./test");
	assert_int_equal(proof->list, CHOWN);
	assert_int_equal(proof->removed, KILL);
	assert_int_equal(proof->n_runs, 3);
	assert_int_equal(proof->runs[2].verdict, LC_TRIAL_DEGRADED);
	text = lc_profile_to_json(&profile);
	assert_int_equal(lc_profile_from_json(&again, text, strlen(text), &message), 0);
	assert_true(lc_proof_equal(proof, again.targets[0].proof));
	again.targets[0].proof->runs[2].without = KILL;
	assert_false(lc_proof_equal(proof, again.targets[0].proof));
}

static void the_judge_believes_trials_more_than_what_was_recorded(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target;

	(void)state;
	load(&profile, "sha256:aa", false);
	target = &profile.targets[0];
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->cap_add, CHOWN | KILL);
	lc_profile_clear(&profile);

	load(&profile, "sha256:aa", true);
	target = &profile.targets[0];
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->cap_add, CHOWN);
	assert_int_equal(target->verify, 0);
	assert_int_equal(target->unused, 0);
	assert_int_equal(target->evidence[1].class, LC_CLASS_ADVISORY);
	assert_non_null(strstr(target->evidence[1].why, "the test passed without"));
	assert_int_equal(target->evidence[0].class, LC_CLASS_REQUIRED);
}

/* What is left of the list when a proven profile is merged with another one. */
static uint64_t merged_with(bool proven, bool *is_proven)
{
	struct lc_merge merge = {0};
	_cleanup_(lc_profile_clear) struct lc_profile merged = {0};
	struct lc_profile first = {0}, second = {0};

	load(&first, "sha256:aa", true);
	load(&second, "sha256:aa", proven);
	assert_int_equal(lc_merge_add(&merge, &first), 0);
	assert_int_equal(lc_merge_add(&merge, &second), 0);
	assert_int_equal(lc_merge_finish(&merge, &merged), 0);
	lc_merge_clear(&merge);
	assert_int_equal(merged.n_targets, 1);
	*is_proven = merged.targets[0].proof;
	return merged.targets[0].cap_add;
}

static void a_merge_keeps_only_a_proof_that_all_have(void **state)
{
	bool is_proven;

	(void)state;
	assert_int_equal(merged_with(true, &is_proven), CHOWN);
	assert_true(is_proven);
	assert_int_equal(merged_with(false, &is_proven), CHOWN | KILL);
	assert_false(is_proven);
}

static void a_proof_of_another_image_is_stale(void **state)
{
	static const struct {
		const char *image_id;
		bool proven, stale;
	} rows[] = {{"sha256:aa", false, false}, {"sha256:bb", false, true}, {"sha256:bb", true, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_cleanup_(lc_profile_clear) struct lc_profile old = {0};
		_cleanup_(lc_profile_clear) struct lc_profile new = {0};
		_cleanup_(lc_diff_clear) struct lc_diff diff = {0};
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
		const struct lc_style style = {.columns = 0};

		load(&old, "sha256:aa", true);
		load(&new, rows[i].image_id, rows[i].proven);
		assert_int_equal(lc_diff_make(&diff, &old, &new), 0);
		assert_int_equal(diff.n, rows[i].stale);
		assert_int_equal(lc_diff_text(&diff, &style, &text), 0);
		assert_int_equal(text.text && strstr(text.text, "the proof of the old list is stale"), rows[i].stale);
	}
}

static void assert_report(const char *format, const char *expected)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	const struct lc_style style = {.columns = 0};

	load(&profile, "sha256:aa", true);
	assert_int_equal(lc_judge_target(&profile.targets[0]), 0);
	assert_int_equal(lc_report_find(format)->render(&profile, &style, &text), 0);
	if (!strstr(text.text, expected))
		fail_msg("'%s' is not in: %s", expected, text.text);
	assert_null(strstr(text.text, "KILL'"));
}

static void assert_story(int cap, const char *expected)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	const struct lc_style style = {.columns = 0};

	load(&profile, "sha256:aa", true);
	assert_int_equal(lc_judge_target(&profile.targets[0]), 0);
	assert_int_equal(lc_story_tell(&profile.targets[0], cap, &style, &text), 0);
	if (!strstr(text.text, expected))
		fail_msg("'%s' is not in: %s", expected, text.text);
}

static void a_story_tells_of_the_trial(void **state)
{
	(void)state;
	assert_story(CAP_CHOWN, "without CHOWN it was worse: web no longer listens\n");
	assert_story(CAP_KILL, "Proven: the test passed without it.\n");
}

static void reports_say_that_a_list_is_proven(void **state)
{
	static const char *const commented[] = {"docker", "podman", "compose", "kubernetes", "quadlet"};

	(void)state;
	assert_report("text", "proven in 3 runs\nweb (nginx)  --cap-drop=ALL --cap-add=CHOWN\n");
	assert_report("text", "tested by: ./test\n");
	assert_report("text", "it passed without KILL, which was recorded\n");
	assert_report("text", "without CHOWN it was worse: web no longer listens\n");
	assert_report("html", "<dt>proof</dt><dd>proven in 3 runs by docker 20.10 on 2026-11-30</dd>");
	assert_report("markdown", "proven in 3 runs by docker 20");
	for (size_t i = 0; i < sizeof(commented) / sizeof(commented[0]); i++)
		assert_report(commented[i], "# proven in 3 runs by docker 20.10 on 2026-11-30\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_proof_is_saved_and_read),
		cmocka_unit_test(the_judge_believes_trials_more_than_what_was_recorded),
		cmocka_unit_test(a_merge_keeps_only_a_proof_that_all_have),
		cmocka_unit_test(a_proof_of_another_image_is_stale),
		cmocka_unit_test(a_story_tells_of_the_trial),
		cmocka_unit_test(reports_say_that_a_list_is_proven),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
