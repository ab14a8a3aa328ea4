/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of patches over tests/unit/fixtures/compose: patch(1) takes them, and then there is nothing left to do. */
#include "compose_text.h"

#include <leastcap/profile.h>

#include <dirent.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CORPUS "tests/unit/fixtures/compose/"

extern char **environ;

/* What profile.json says of each service; the others were not recorded. */
static const struct {
	const char *service;
	uint64_t cap_add;
} recorded[] = {
	{"api", LC_CAP_BIT(CAP_NET_ADMIN)},
	{"db", LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID)},
	{"web", LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_NET_BIND_SERVICE)},
	{"worker", 0},
};

/* One file of the corpus, before and after its patch. */
struct sample {
	const char *name;
	char *before;
	char *after;
	char *diff;
	size_t left;
};

static char *read_text(const char *path)
{
	struct lc_strbuf text = {0};
	char block[4096];
	size_t n;
	FILE *stream = fopen(path, "re");

	if (!stream)
		fail_msg("%s: %s", path, strerror(errno));
	while ((n = fread(block, 1, sizeof(block), stream)) > 0)
		lc_strbuf_add(&text, block, n);
	fclose(stream);
	return lc_strbuf_steal(&text);
}

static void write_text(const char *path, const char *text)
{
	FILE *stream = fopen(path, "we");

	assert_non_null(stream);
	assert_int_equal(fputs(text, stream) < 0, 0);
	assert_int_equal(fclose(stream), 0);
}

/* The patch of TEXT, and how many services it leaves. Caller frees. */
static char *make_patch(const char *text, size_t *left)
{
	struct lc_profile profile = {0};
	char *message = NULL;

	assert_int_equal(lc_profile_load(&profile, CORPUS "profile.json", &message), 0);
	return patch_text(text, &profile, NULL, left);
}

/* TEXT after patch(1) has applied DIFF to it, without fuzz. */
static char *apply(const char *text, const char *diff)
{
	char directory[] = "/tmp/leastcap-compose-XXXXXX";
	char file[64], patch[64];
	const char *const arguments[] = {
		"patch", "--silent", "--fuzz=0", "--no-backup-if-mismatch", "--input", patch, file, NULL};
	char *after;
	int status;
	pid_t pid;

	assert_non_null(mkdtemp(directory));
	snprintf(file, sizeof(file), "%s/compose.yaml", directory);
	snprintf(patch, sizeof(patch), "%s/diff", directory);
	write_text(file, text);
	write_text(patch, diff);
	assert_int_equal(posix_spawnp(&pid, "patch", NULL, NULL, (char *const *)arguments, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status)
		fail_msg("patch does not take\n%s", diff);
	after = read_text(file);
	unlink(file);
	unlink(patch);
	rmdir(directory);
	return after;
}

/* Calls CHECK with every file of the corpus. */
static void each_sample(void (*check)(const struct sample *sample))
{
	DIR *directory = opendir(CORPUS);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory))) {
		struct sample sample = {.name = entry->d_name};
		char path[512];

		if (!strstr(entry->d_name, ".yaml"))
			continue;
		snprintf(path, sizeof(path), CORPUS "%s", entry->d_name);
		sample.before = read_text(path);
		sample.diff = make_patch(sample.before, &sample.left);
		sample.after = *sample.diff ? apply(sample.before, sample.diff) : strdup(sample.before);
		check(&sample);
		free(sample.before);
		free(sample.after);
		free(sample.diff);
		n++;
	}
	closedir(directory);
	assert_in_range(n, 25, 1000);
}

static bool is_to_be_refused(const struct sample *sample)
{
	return strncmp(sample->name, "refused-", 8) == 0;
}

/* Whether the service called NAME was recorded, and what it needs. */
static bool find_recorded(const char *name, uint64_t *cap_add)
{
	for (size_t i = 0; i < sizeof(recorded) / sizeof(recorded[0]); i++) {
		if (strcmp(recorded[i].service, name) == 0) {
			*cap_add = recorded[i].cap_add;
			return true;
		}
	}
	return false;
}

static void check_idempotent(const struct sample *sample)
{
	size_t left;
	char *again = make_patch(sample->after, &left);

	if (*again)
		fail_msg("%s: patched once, there is still\n%s", sample->name, again);
	if (is_to_be_refused(sample) != (left > 0) || left != sample->left)
		fail_msg("%s: %zu services are left, %zu before", sample->name, left, sample->left);
	free(again);
}

static void check_recorded(const struct sample *sample)
{
	struct lc_compose file = {0};

	if (is_to_be_refused(sample))
		return;
	read_compose(&file, sample->after);
	for (size_t i = 0; i < file.n_services; i++) {
		const struct lc_compose_service *service = &file.services[i];
		uint64_t wanted;

		if (!find_recorded(service->name, &wanted))
			continue;
		if (service->cap_add != wanted || service->add_all || !service->drop_all || service->cap_drop ||
			service->privileged)
			fail_msg("%s: %s is granted something else in\n%s", sample->name, service->name, sample->after);
	}
	lc_compose_clear(&file);
}

static void check_unrecorded(const struct sample *sample)
{
	struct lc_compose before = {0};
	struct lc_compose after = {0};

	read_compose(&before, sample->before);
	read_compose(&after, sample->after);
	assert_int_equal(before.n_services, after.n_services);
	for (size_t i = 0; i < before.n_services; i++) {
		const struct lc_compose_service *a = &before.services[i];
		const struct lc_compose_service *b = &after.services[i];
		uint64_t wanted;

		assert_string_equal(a->name, b->name);
		if (find_recorded(a->name, &wanted))
			continue;
		if (a->cap_add != b->cap_add || a->cap_drop != b->cap_drop || a->add_all != b->add_all ||
			a->drop_all != b->drop_all || a->privileged != b->privileged)
			fail_msg("%s: %s was not recorded and is changed by\n%s", sample->name, a->name, sample->diff);
	}
	lc_compose_clear(&before);
	lc_compose_clear(&after);
}

/* A removed line is one of a list, of a key that holds one, of "privileged", of an alias, or comes back changed. */
static void check_comments(const struct sample *sample)
{
	for (const char *line = sample->diff; line && *line; line = strchr(line, '\n'), line += line != NULL) {
		const char *text = line + 1;

		if (*line != '-' || strncmp(line, "---", 3) == 0)
			continue;
		text += strspn(text, " \t");
		if (*text == '#' || *text == '\n' || *text == '\r')
			fail_msg("%s: a comment or blank line goes in\n%s", sample->name, sample->diff);
	}
}

/* Whatever a file is cut off to, it is read or refused, and what is read is patched or left. */
static void check_beginnings(const struct sample *sample)
{
	size_t length = strlen(sample->before);

	for (size_t n = 0; n < length; n++) {
		struct lc_compose file = {0};
		char *message = NULL;
		char *text = strndup(sample->before, n);
		size_t left;

		assert_non_null(text);
		if (lc_compose_parse(&file, sample->name, text, n, &message) == 0) {
			char *diff = make_patch(text, &left);

			free(diff);
		} else {
			assert_non_null(message);
			assert_null(strchr(message, '\n'));
		}
		lc_compose_clear(&file);
		free(message);
		free(text);
	}
}

static void a_patched_file_needs_no_patch(void **state)
{
	(void)state;
	each_sample(check_idempotent);
}

static void a_patched_file_grants_what_was_recorded(void **state)
{
	(void)state;
	each_sample(check_recorded);
}

static void services_that_were_not_recorded_are_granted_what_they_were(void **state)
{
	(void)state;
	each_sample(check_unrecorded);
}

static void comments_and_blank_lines_stay(void **state)
{
	(void)state;
	each_sample(check_comments);
}

static void a_file_that_is_cut_off_anywhere_is_coped_with(void **state)
{
	(void)state;
	each_sample(check_beginnings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_patched_file_needs_no_patch),
		cmocka_unit_test(a_patched_file_grants_what_was_recorded),
		cmocka_unit_test(services_that_were_not_recorded_are_granted_what_they_were),
		cmocka_unit_test(comments_and_blank_lines_stay),
		cmocka_unit_test(a_file_that_is_cut_off_anywhere_is_coped_with),
	};

	return cmocka_run_group_tests_name("compose_corpus", tests, NULL, NULL);
}
