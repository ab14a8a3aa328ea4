/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what the largest profile that is ever written costs: to be read and reported, and to be written. */
#include <leastcap/cleanup.h>
#include <leastcap/profile.h>
#include <leastcap/report.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define TARGETS   10
#define PIECES    20000 /* of each */
#define BIG       "/tmp/leastcap-cost-XXXXXX"
#define MEMORY_KB (150 << 10)

/* Twice what is promised, because a machine that tests may be slow. */
#define SECONDS 2

static char path[] = BIG;

/* AddressSanitizer and its like take memory and time of their own. */
static bool is_instrumented(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return true;
#else
	return false;
#endif
}

static void write_piece(FILE *file, int target, int i)
{
	static const char *const caps[] = {"CHOWN", "DAC_OVERRIDE", "SETUID", "SETGID", "SYS_ADMIN", "KILL"};

	fprintf(file,
		"        {\"cap\": \"%s\", \"class\": \"required\", \"verdict\": \"granted\", \"authority\": \"effective\", \"credential\": \"own\", \"phase\": \"workload\", \"userns\": \"target\", \"audited\": \"yes\", \"at_start\": true, \"count\": %d, \"first\": \"2026-11-22T12:00:%02d.%06dZ\", \"last\": \"2026-11-22T12:01:%02d.%06dZ\", \"syscall\": \"fchownat\", \"caller\": \"setattr_prepare\", \"exe\": \"/usr/bin/prog%d\", \"comm\": \"prog%d\", \"about\": \"/data/%d/file-%d\", \"user\": \"0:0\", \"result\": null}%s\n",
		caps[i % 6], i % 999 + 1, i % 60, i, i % 60, i, i % 97, i % 97, target, i, i < PIECES - 1 ? "," : "");
}

static int write_profile(void **state)
{
	int fd = mkstemp(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	(void)state;
	if (!file)
		return -1;
	fputs("{\"schema\": \"leastcap-profile/1\", \"lost\": 0, \"targets\": [\n", file);
	for (int target = 0; target < TARGETS; target++) {
		fprintf(file,
			"{\"kind\": \"container\", \"name\": \"web%d\", \"granted\": [], \"cap_add\": [], \"unused\": [], \"wanted\": [], \"evidence\": [\n",
			target);
		for (int i = 0; i < PIECES; i++)
			write_piece(file, target, i);
		fprintf(file, "]}%s\n", target < TARGETS - 1 ? "," : "");
	}
	fputs("]}\n", file);
	return fclose(file);
}

static int remove_profile(void **state)
{
	(void)state;
	return unlink(path);
}

static int load(struct lc_profile *profile)
{
	_cleanup_free_ char *message = NULL;
	size_t n = 0;

	if (lc_profile_load(profile, path, &message))
		return 1;
	for (size_t i = 0; i < profile->n_targets; i++)
		n += profile->targets[i].n_evidence;
	return n != (size_t)TARGETS * PIECES;
}

static int report(void)
{
	const struct lc_style style = {.columns = 80};
	struct lc_profile profile = {0};
	struct lc_strbuf out = {0};
	int r = load(&profile);

	if (!r)
		r = lc_report_find("text")->render(&profile, &style, &out) || !out.length;
	lc_strbuf_free(&out);
	lc_profile_clear(&profile);
	return r;
}

static int save(void)
{
	struct lc_profile profile = {0};
	char *message = NULL;

	return load(&profile) || lc_profile_save(&profile, "/dev/null", &message);
}

/* What a process USAGE takes that does nothing but DO. */
static void measure(int (*act)(void), struct rusage *usage)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (!child)
		_exit(act());
	assert_int_equal(wait4(child, &status, 0, usage), child);
	assert_int_equal(status, 0);
}

static double seconds_of(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static void the_largest_profile_is_read_and_reported_in_150_mb_and_a_second(void **state)
{
	struct rusage usage;

	(void)state;
	if (is_instrumented())
		skip();
	measure(report, &usage);
	if (usage.ru_maxrss > MEMORY_KB)
		fail_msg("it took %ld KiB", usage.ru_maxrss);
	if (seconds_of(&usage) > SECONDS)
		fail_msg("it took %.1f s of processor time", seconds_of(&usage));
}

/* What is saved is in memory as text once, beside what it is made of. */
static void the_largest_profile_is_written_in_200_mb(void **state)
{
	struct rusage usage;

	(void)state;
	if (is_instrumented())
		skip();
	measure(save, &usage);
	if (usage.ru_maxrss > 200 << 10)
		fail_msg("it took %ld KiB", usage.ru_maxrss);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_profile_is_read_and_reported_in_150_mb_and_a_second),
		cmocka_unit_test(the_largest_profile_is_written_in_200_mb),
	};

	return cmocka_run_group_tests_name("profile_cost", tests, write_profile, remove_profile);
}
