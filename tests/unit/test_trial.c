/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what trials have in common: which containers are the same, what is worse than before, and what containers look like. */
#include <leastcap/samples.h>
#include <leastcap/trial.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_key(const struct lc_trial_names *by, const char *expected)
{
	_cleanup_free_ char *key = lc_trial_key(by);

	assert_string_equal(key, expected);
}

#define LONG "a command that is very long and has to be cut somewhere in its middle, "

static void containers_are_called_by_service_name_or_command(void **state)
{
	(void)state;
	assert_key(&(struct lc_trial_names){"shop-web-1", "nginx", "shop", "web", "nginx"}, "shop/web");
	assert_key(&(struct lc_trial_names){"web", "nginx", NULL, NULL, "nginx"}, "web");
	assert_key(&(struct lc_trial_names){NULL, "nginx", NULL, NULL, ""}, "nginx");
	assert_key(&(struct lc_trial_names){NULL, "nginx", NULL, NULL, "sleep 1"}, "nginx: sleep 1");
	assert_key(&(struct lc_trial_names){0}, "?");
}

static void long_commands_are_cut_and_stay_different(void **state)
{
	const struct lc_trial_names names_of[] = {
		{.image = "nginx", .command = LONG "1"}, {.image = "nginx", .command = LONG "2"}};
	_cleanup_free_ char *one = lc_trial_key(&names_of[0]);
	_cleanup_free_ char *other = lc_trial_key(&names_of[1]);

	(void)state;
	assert_string_not_equal(one, other);
	assert_int_equal(strncmp(one, "nginx: " LONG, 60), 0);
	assert_true(strlen(one) < 100);
}

static void the_command_is_that_of_the_request(void **state)
{
	static const struct {
		const char *body, *command;
	} requests[] = {
		{"{\"Cmd\": [\"sleep\", \"1\"]}", "sleep 1"},
		{"{\"Cmd\": [\"-g\"], \"Entrypoint\": [\"nginx\"]}", "nginx -g"},
		{"{\"Cmd\": \"sleep\", \"Entrypoint\": null}", "sleep"},
		{"{\"command\": [\"-g\", 5], \"entrypoint\": [\"nginx\"]}", "nginx -g"},
		{"{}", ""},
		{"[", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		_cleanup_free_ char *command = lc_trial_command(requests[i].body, strlen(requests[i].body));

		assert_string_equal(command, requests[i].command);
	}
}

#define CHOWN LC_CAP_BIT(CAP_CHOWN)
#define KILL  LC_CAP_BIT(CAP_KILL)

static const char *const names[] = {"web", "db"};

/* A trait, of which the text is not owned. */
struct known {
	size_t subject;
	enum lc_trait_kind kind;
	uint64_t caps;
	const char *text;
};

/* A row: a trait of each run, and what is said of their difference. */
struct row {
	struct known before, now;
	uint64_t lacks;
	const char *why; /* NULL: it is not worse */
};

static const struct row rows[] = {
	{{0, LC_TRAIT_PROCESS, 0, "nginx of user 33:33"}, {0, LC_TRAIT_PROCESS, 0, "nginx of user 33:33"}, 0, NULL},
	{{0, LC_TRAIT_PROCESS, 0, "nginx of user 33:33"}, {0, LC_TRAIT_PROCESS, 0, "nginx of user 0:0"}, 0,
		"web has no longer a process nginx of user 33:33"},
	{{0, LC_TRAIT_PROCESS, 0, "nginx of user 33:33"}, {1, LC_TRAIT_PROCESS, 0, "nginx of user 33:33"}, 0,
		"web has no longer a process nginx of user 33:33"},
	{{1, LC_TRAIT_PORT, 0, "tcp port 80"}, {0, LC_TRAIT_REFUSED, CHOWN, "EPERM in chown of a"}, CHOWN,
		"db no longer listens on tcp port 80"},
	{{0, LC_TRAIT_CONTAINER, 0, ""}, {1, LC_TRAIT_CONTAINER, 0, ""}, 0, "web was not created"},
	{{0, LC_TRAIT_REFUSED, KILL, "EPERM in kill of b"}, {0, LC_TRAIT_REFUSED, KILL, "EPERM in kill of b"}, 0, NULL},
	{{0, LC_TRAIT_REFUSED, KILL, "EPERM in kill of b"}, {0, LC_TRAIT_REFUSED, CHOWN, "EPERM in chown of b"}, CHOWN,
		NULL},
	{{0, LC_TRAIT_REFUSED, KILL, "EPERM in kill of b"}, {0, LC_TRAIT_REFUSED, CHOWN, "EPERM in chown of b"}, KILL,
		"web now fails with EPERM in chown of b"},
	{{0, LC_TRAIT_REFUSED, KILL, "EPERM in kill of b"}, {0, LC_TRAIT_REFUSED, 0, "EACCES in openat of b"}, CHOWN,
		"web now fails with EACCES in openat of b"},
};

static void fill(struct lc_traits *traits, const struct known *trait)
{
	assert_int_equal(lc_traits_add(traits, trait->subject, trait->kind, trait->caps, trait->text), 0);
}

static void what_is_worse_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_cleanup_(lc_traits_clear) struct lc_traits before = {0};
		_cleanup_(lc_traits_clear) struct lc_traits now = {0};
		_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};
		const uint64_t lacks[] = {rows[i].lacks, 0};

		fill(&before, &rows[i].before);
		fill(&now, &rows[i].now);
		assert_int_equal(lc_traits_compare(&before, &now, lacks, names, &why), rows[i].why ? 1 : 0);
		if (rows[i].why)
			assert_string_equal(why.text, rows[i].why);
		/* What has passed once is not worse any more. */
		assert_int_equal(lc_traits_learn(&before, &now), 0);
		assert_int_equal(lc_traits_compare(&before, &now, lacks, names, &why), 0);
	}
}

static void how_a_container_is_in_the_end_is_compared(void **state)
{
	static const char before[] =
		"{\"RestartCount\": 0, \"State\": {\"Running\": true, \"ExitCode\": 0, \"Health\": {\"Status\": \"healthy\"}}}";
	static const char after[] =
		"{\"RestartCount\": 2, \"State\": {\"Running\": false, \"ExitCode\": 3, \"Health\": {\"Status\": \"unhealthy\"}}}";
	_cleanup_(lc_traits_clear) struct lc_traits passed = {0};
	_cleanup_(lc_traits_clear) struct lc_traits now = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

	(void)state;
	assert_int_equal(lc_traits_add_state(&passed, 0, before, strlen(before)), 0);
	assert_int_equal(lc_traits_add_state(&now, 0, after, strlen(after)), 0);
	assert_int_equal(lc_traits_compare(&passed, &now, NULL, names, &why), 3);
	assert_string_equal(why.text, "web is no longer running; web is no longer healthy; web was restarted");
	assert_int_equal(lc_traits_add_state(&now, 0, "{", 1), -EPROTO);
	assert_int_equal(lc_traits_add_state(&now, 0, "{}", 2), -EPROTO);
}

/* The container "a" is subject 0, "b" is 1. */
static size_t subject_by_letter(void *context, const char *id)
{
	assert_null(context);
	return *id == 'a' ? 0 : *id == 'b' ? 1 : SIZE_MAX;
}

static void how_removed_containers_ended_is_known_from_events(void **state)
{
	static const char text[] =
		"{\"Action\": \"die\", \"Actor\": {\"ID\": \"a\", \"Attributes\": {\"exitCode\": \"137\"}}}\n{\"Action\": \"start\", \"Actor\": {\"ID\": \"b\"}}\n{\"Action\": \"died\", \"Actor\": {\"ID\": \"b\", \"Attributes\": {\"containerExitCode\": \"0\"}}}{\"Action\": \"die\", \"Actor\": {\"ID\": \"c\", \"Attributes\": {\"exitCode\": \"1\"}}}\nnonsense";
	_cleanup_(lc_traits_clear) struct lc_traits traits = {0};

	(void)state;
	assert_int_equal(lc_traits_add_ends(&traits, text, strlen(text), subject_by_letter, NULL), 0);
	assert_int_equal(traits.n, 2);
	assert_int_equal(traits.list[0].subject, 0);
	assert_string_equal(traits.list[0].text, "one that ends with exit status 137");
	assert_int_equal(traits.list[1].subject, 1);
	assert_string_equal(traits.list[1].text, "one that ends with exit status 0");
}

static void a_trait_is_kept_once(void **state)
{
	_cleanup_(lc_traits_clear) struct lc_traits traits = {0};

	(void)state;
	fill(&traits, &rows[0].before);
	fill(&traits, &rows[0].before);
	assert_int_equal(traits.n, 1);
}

static void refused_calls_that_programs_get_over_tell_nothing(void **state)
{
	_cleanup_(lc_traits_clear) struct lc_traits traits = {0};
	char chown[] = "chown", openat[] = "openat", eperm[] = "EPERM", program[] = "/bin/chown",
	     other[] = "another file";
	struct lc_failure failures[] = {
		{.syscall = chown, .result = eperm, .exe = program, .caps = CHOWN},
		{.syscall = chown, .result = eperm, .exe = program, .caps = CHOWN, .about = other},
		{.syscall = openat, .result = eperm, .exe = program, .expected = true},
	};
	const struct lc_target target = {.failures = failures, .n_failures = 3};

	(void)state;
	assert_int_equal(lc_traits_add_target(&traits, 1, &target), 0);
	assert_int_equal(traits.n, 1);
	assert_string_equal(traits.list[0].text, "EPERM in chown of /bin/chown");
	assert_int_equal(traits.list[0].caps, CHOWN);
	assert_int_equal(traits.list[0].subject, 1);
}

static void what_may_go_is_what_was_only_named_or_often_goes(void **state)
{
	struct lc_check evidence[] = {
		{.cap = CAP_SETPCAP, .class = LC_CLASS_IMPLIED, .source = LC_SOURCE_CAPSET},
		{.cap = CAP_NET_RAW, .class = LC_CLASS_IMPLIED, .source = LC_SOURCE_FILE},
		{.cap = CAP_SETUID, .class = LC_CLASS_IMPLIED, .source = LC_SOURCE_CAPSET},
		{.cap = CAP_SETUID, .class = LC_CLASS_REQUIRED},
		{.cap = CAP_CHOWN, .class = LC_CLASS_REQUIRED},
	};
	const struct lc_target target = {
		.evidence = evidence,
		.n_evidence = sizeof(evidence) / sizeof(evidence[0]),
		.cap_add = LC_CAP_BIT(CAP_SETPCAP) | LC_CAP_BIT(CAP_NET_RAW) | LC_CAP_BIT(CAP_SETUID) | CHOWN |
			   LC_CAP_BIT(CAP_SYS_NICE),
		.verify = LC_CAP_BIT(CAP_SYS_NICE),
	};

	(void)state;
	assert_int_equal(lc_trial_doubtful(&target), LC_CAP_BIT(CAP_SETPCAP) | LC_CAP_BIT(CAP_SYS_NICE) | CHOWN);
}

static void what_no_refusal_reaches_is_what_was_named_or_asked_directly(void **state)
{
	char directly[] = "cap_capset", function[] = "setattr_prepare";
	struct lc_check evidence[] = {
		{.cap = CAP_SETPCAP, .class = LC_CLASS_IMPLIED, .source = LC_SOURCE_CAPSET},
		{.cap = CAP_NET_RAW, .class = LC_CLASS_IMPLIED, .source = LC_SOURCE_FILE},
		{.cap = CAP_SYS_ADMIN, .class = LC_CLASS_IMPLIED, .source = LC_SOURCE_FILTER},
		{.cap = CAP_KILL, .class = LC_CLASS_REQUIRED, .caller = directly},
		{.cap = CAP_CHOWN, .class = LC_CLASS_REQUIRED, .caller = function},
		{.cap = CAP_FOWNER, .class = LC_CLASS_ADVISORY, .caller = directly},
		{.cap = CAP_MKNOD, .class = LC_CLASS_IMPLIED, .source = LC_SOURCE_CAPSET},
	};
	const struct lc_target target = {
		.evidence = evidence,
		.n_evidence = sizeof(evidence) / sizeof(evidence[0]),
		.cap_add = ~LC_CAP_BIT(CAP_MKNOD),
	};

	(void)state;
	assert_int_equal(lc_trial_beyond_kernel(&target),
		LC_CAP_BIT(CAP_SETPCAP) | LC_CAP_BIT(CAP_NET_RAW) | LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_KILL));
}

static void what_only_one_of_the_first_runs_tells_is_named(void **state)
{
	_cleanup_(lc_traits_clear) struct lc_traits first = {0};
	_cleanup_(lc_traits_clear) struct lc_traits second = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

	(void)state;
	assert_int_equal(lc_traits_add(&first, 0, LC_TRAIT_PORT, 0, "tcp port 80"), 0);
	assert_int_equal(lc_traits_add(&second, 0, LC_TRAIT_PORT, 0, "tcp port 80"), 0);
	assert_int_equal(lc_traits_differ(&first, &second, names, &why), 0);
	assert_null(why.text);
	/* What was brief, and new files, are never compared. */
	assert_int_equal(lc_traits_add(&first, 0, LC_TRAIT_PROCESS, 0, "sh of user 0:0"), 0);
	first.list[1].passing = true;
	assert_int_equal(lc_traits_add(&second, 0, LC_TRAIT_FILE, 0, "/new of user 0:0"), 0);
	assert_int_equal(lc_traits_differ(&first, &second, names, &why), 0);
	assert_int_equal(lc_traits_add(&first, 0, LC_TRAIT_LOG, 0, "[error] no"), 0);
	assert_int_equal(lc_traits_add(&first, 0, LC_TRAIT_FILE, 0, "/data of user 0:0"), 0);
	assert_int_equal(lc_traits_add(&second, 0, LC_TRAIT_FILE, 0, "/data of user 33:33"), 0);
	assert_int_equal(lc_traits_add(&second, 0, LC_TRAIT_PORT, 0, "tcp port 81"), 0);
	assert_int_equal(lc_traits_add(&second, 0, LC_TRAIT_UNWELL, 0, ""), 0);
	assert_int_equal(lc_traits_differ(&first, &second, names, &why), 5);
	assert_string_equal(why.text,
		"only in the first web logged [error] no; only in the first web had /data of user 0:0; only in the second web had /data of user 33:33; only in the second web listened on tcp port 81; only in the second web failed its health check");
}

/* Looks five times at ourselves as a container, of which the text is then read again. */
static void look_at_ourselves(struct lc_samples *seen)
{
	struct lc_samples samples = {0};
	struct lc_strbuf text = {0};

	for (int i = 0; i < 5; i++) {
		lc_samples_look(&samples);
		assert_int_equal(lc_samples_take(&samples, "abc", getpid()), 0);
		/* Seen twice in one look is seen once. */
		assert_int_equal(lc_samples_take(&samples, "abc", getpid()), 0);
		if (!i)
			assert_int_equal(lc_samples_take(&samples, "other", getpid()), 0);
	}
	lc_samples_write(&samples, &text);
	assert_int_equal(lc_samples_read(seen, text.text), 0);
	lc_samples_clear(&samples);
	lc_strbuf_free(&text);
}

static bool has_process(const struct lc_traits *traits, size_t subject, const char *text)
{
	for (size_t i = 0; i < traits->n; i++) {
		if (traits->list[i].subject == subject && traits->list[i].kind == LC_TRAIT_PROCESS &&
			!strcmp(traits->list[i].text, text))
			return true;
	}
	return false;
}

static void a_process_that_stays_is_told_with_its_ids(void **state)
{
	_cleanup_(lc_samples_clear) struct lc_samples samples = {0};
	_cleanup_(lc_traits_clear) struct lc_traits traits = {0};
	char expected[128];

	(void)state;
	snprintf(expected, sizeof(expected), "test_trial of user %u:%u", geteuid(), getegid());
	look_at_ourselves(&samples);
	assert_int_equal(lc_samples_tell(&samples, "abc", true, 7, &traits), 0);
	assert_true(has_process(&traits, 7, expected));
	assert_false(samples.full);
	/* Of a container that was seen once nothing is known to stay, and nothing to be missing. */
	lc_traits_clear(&traits);
	assert_int_equal(lc_samples_tell(&samples, "other", true, 7, &traits), 0);
	assert_int_equal(traits.n, 0);
	assert_int_equal(lc_samples_tell(&samples, "other", false, 7, &traits), 0);
	assert_true(has_process(&traits, 7, expected));
	lc_traits_clear(&traits);
	assert_int_equal(lc_samples_tell(&samples, "nobody", false, 7, &traits), 0);
	assert_int_equal(traits.n, 0);
}

/* A socket of TYPE at a port of the loopback device, from FROM on. *PORT is the port. */
static int open_port(int type, unsigned int from, unsigned int *port)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	for (*port = from; *port < from + 1000; ++*port) {
		address.sin_port = htons((uint16_t)*port);
		if (!bind(fd, (const struct sockaddr *)&address, sizeof(address)))
			break;
	}
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static bool has_port(const struct lc_traits *traits, const char *word, unsigned int port)
{
	char text[64];

	snprintf(text, sizeof(text), "%s port %u", word, port);
	for (size_t i = 0; i < traits->n; i++) {
		if (traits->list[i].kind == LC_TRAIT_PORT && !strcmp(traits->list[i].text, text))
			return true;
	}
	return false;
}

static void ports_that_wait_for_clients_are_told(void **state)
{
	_cleanup_(lc_samples_clear) struct lc_samples samples = {0};
	_cleanup_(lc_traits_clear) struct lc_traits traits = {0};
	unsigned int stream, datagram, client;
	_cleanup_fd_ int listener = open_port(SOCK_STREAM, 21000, &stream);
	_cleanup_fd_ int receiver = open_port(SOCK_DGRAM, 21000, &datagram);
	_cleanup_fd_ int sender = open_port(SOCK_DGRAM, 61000, &client);

	(void)state;
	assert_true(listener >= 0 && receiver >= 0 && sender >= 0);
	look_at_ourselves(&samples);
	assert_int_equal(lc_samples_tell(&samples, "abc", true, 0, &traits), 0);
	assert_true(has_port(&traits, "tcp", stream));
	assert_true(has_port(&traits, "udp", datagram));
	assert_false(has_port(&traits, "udp", client));
}

static void a_port_that_is_not_there_again_is_missing(void **state)
{
	char id[] = "abc", other[] = "def", low[] = "tcp port 80", given_out[] = "tcp port 40000",
	     both[] = "udp port 53";
	struct lc_sample had[] = {
		{.id = id, .kind = LC_TRAIT_PROCESS, .text = low},
		{.id = id, .kind = LC_TRAIT_PORT, .text = given_out},
		{.id = id, .kind = LC_TRAIT_PORT, .text = both},
		{.id = id, .kind = LC_TRAIT_PORT, .text = low},
	};
	struct lc_sample has[] = {
		{.id = id, .kind = LC_TRAIT_PORT, .text = both, .last = 3},
		{.id = other, .kind = LC_TRAIT_PORT, .text = low, .last = 3},
		{.id = id, .kind = LC_TRAIT_PORT, .text = low, .last = 3},
	};
	const struct lc_samples before = {.list = had, .n = 4, .looks = 1}, now = {.list = has, .n = 3, .looks = 3};

	(void)state;
	assert_null(lc_samples_missing_port(&before, &now));
	/* It was there, and is no longer. */
	has[2].last = 2;
	assert_ptr_equal(lc_samples_missing_port(&before, &now), low);
}

/* A process that has ended has no ports any more, and others of its container have. */
static void ports_are_told_although_a_process_has_gone(void **state)
{
	_cleanup_(lc_samples_clear) struct lc_samples samples = {0};
	_cleanup_(lc_traits_clear) struct lc_traits traits = {0};
	unsigned int stream;
	_cleanup_fd_ int listener = open_port(SOCK_STREAM, 21000, &stream);
	pid_t gone = fork();
	siginfo_t info;

	(void)state;
	if (!gone)
		_exit(0);
	assert_true(gone > 0 && listener >= 0);
	assert_int_equal(waitid(P_PID, (id_t)gone, &info, WEXITED | WNOWAIT), 0);
	for (int i = 0; i < 5; i++) {
		lc_samples_look(&samples);
		assert_int_equal(lc_samples_take(&samples, "abc", gone), 0);
		assert_int_equal(lc_samples_take(&samples, "abc", getpid()), 0);
	}
	assert_int_equal(waitpid(gone, NULL, 0), gone);
	assert_int_equal(lc_samples_tell(&samples, "abc", true, 0, &traits), 0);
	assert_true(has_port(&traits, "tcp", stream));
}

/* Half of its time it is something else; then it stays what it has become. */
static void a_slow_start_does_not_hide_what_stays(void **state)
{
	_cleanup_(lc_samples_clear) struct lc_samples samples = {0};
	_cleanup_(lc_samples_clear) struct lc_samples seen = {0};
	_cleanup_(lc_traits_clear) struct lc_traits traits = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	char early[128], late[128];

	(void)state;
	snprintf(early, sizeof(early), "test_trial of user %u:%u", geteuid(), getegid());
	snprintf(late, sizeof(late), "late of user %u:%u", geteuid(), getegid());
	for (int i = 0; i < 10; i++) {
		if (i == 5)
			prctl(PR_SET_NAME, "late");
		lc_samples_look(&samples);
		assert_int_equal(lc_samples_take(&samples, "abc", getpid()), 0);
	}
	prctl(PR_SET_NAME, "test_trial");
	lc_samples_write(&samples, &text);
	assert_int_equal(lc_samples_read(&seen, text.text), 0);
	assert_int_equal(lc_samples_tell(&seen, "abc", true, 0, &traits), 0);
	assert_true(has_process(&traits, 0, late));
	assert_false(has_process(&traits, 0, early));
}

static void few_looks_tell_what_stays_where_they_are_far_apart(void **state)
{
	char text[] =
		"far\t0\t3\t1\t0\t3000\t\nfar\t1\t2\t2\t1500\t3000\tweb of user 33:33\nnear\t0\t3\t1\t0\t400\t\nnear\t1\t2\t2\t200\t400\tweb of user 33:33\n";
	_cleanup_(lc_samples_clear) struct lc_samples samples = {0};
	_cleanup_(lc_traits_clear) struct lc_traits traits = {0};

	(void)state;
	assert_int_equal(lc_samples_read(&samples, text), 0);
	assert_int_equal(lc_samples_tell(&samples, "far", true, 0, &traits), 0);
	assert_int_equal(lc_samples_tell(&samples, "near", true, 1, &traits), 0);
	assert_true(has_process(&traits, 0, "web of user 33:33"));
	assert_false(has_process(&traits, 1, "web of user 33:33"));
}

/* A process that one of two runs has seen (all of them: bit 1), and seen long (bit 2). */
static void see_process(struct lc_traits *now, int how)
{
	_cleanup_(lc_traits_clear) struct lc_traits stays = {0};

	if (how & 1)
		assert_int_equal(lc_traits_add(now, 0, LC_TRAIT_PROCESS, 0, "web of user 33:33"), 0);
	if (how & 2)
		assert_int_equal(lc_traits_add(&stays, 0, LC_TRAIT_PROCESS, 0, "web of user 33:33"), 0);
	lc_traits_keep(now, &stays);
}

static void what_one_run_saw_long_and_the_other_at_all_has_to_be_there(void **state)
{
	static const struct {
		int first, second;
		size_t missing;
	} runs[] = {{3, 3, 1}, {1, 3, 1}, {3, 1, 1}, {1, 1, 0}, {3, 0, 0}, {0, 3, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		_cleanup_(lc_traits_clear) struct lc_traits passed = {0};
		_cleanup_(lc_traits_clear) struct lc_traits again = {0};
		_cleanup_(lc_traits_clear) struct lc_traits now = {0};
		_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

		see_process(&passed, runs[i].first);
		see_process(&again, runs[i].second);
		assert_int_equal(lc_traits_learn(&passed, &again), 0);
		assert_int_equal(lc_traits_compare(&passed, &now, NULL, names, &why), runs[i].missing);
	}
}

static void of_ends_that_differed_each_may_come_and_no_other(void **state)
{
	static const struct {
		const char *end;
		const char *why;
	} ends[] = {{"one that ends with exit status 0", NULL}, {"one that ends with exit status 137", NULL},
		{"one that ends with exit status 1", "web is now one that ends with exit status 1"}};

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		_cleanup_(lc_traits_clear) struct lc_traits passed = {0};
		_cleanup_(lc_traits_clear) struct lc_traits again = {0};
		_cleanup_(lc_traits_clear) struct lc_traits now = {0};
		_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

		assert_int_equal(lc_traits_add(&passed, 0, LC_TRAIT_STATE, 0, ends[0].end), 0);
		assert_int_equal(lc_traits_add(&again, 0, LC_TRAIT_STATE, 0, ends[1].end), 0);
		assert_int_equal(lc_traits_add(&now, 0, LC_TRAIT_STATE, 0, ends[i].end), 0);
		assert_int_equal(lc_traits_learn(&passed, &again), 0);
		assert_int_equal(lc_traits_compare(&passed, &now, NULL, names, &why), ends[i].why ? 1 : 0);
		assert_string_equal(why.text ? why.text : "", ends[i].why ? ends[i].why : "");
	}
}

static void what_could_not_be_had_is_no_match(void **state)
{
	_cleanup_(lc_traits_clear) struct lc_traits passed = {0};
	_cleanup_(lc_traits_clear) struct lc_traits now = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

	(void)state;
	assert_int_equal(lc_traits_add(&passed, 1, LC_TRAIT_TOLD, 0, "its log"), 0);
	assert_int_equal(lc_traits_add(&now, 0, LC_TRAIT_TOLD, 0, "its log"), 0);
	/* It is not known to be worse, so that nothing that is accepted explains it. */
	assert_int_equal(lc_traits_compare(&passed, &now, NULL, names, &why), 0);
	assert_int_equal(lc_traits_untold(&passed, &now, names, &why), 1);
	assert_string_equal(why.text, "db does not tell its log");
	assert_int_equal(lc_traits_add(&now, 1, LC_TRAIT_TOLD, 0, "its log"), 0);
	assert_int_equal(lc_traits_untold(&passed, &now, names, &why), 0);
}

static void a_crowd_is_not_compared_whole_and_that_is_said(void **state)
{
	_cleanup_(lc_samples_clear) struct lc_samples samples = {0};
	_cleanup_(lc_samples_clear) struct lc_samples read = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	(void)state;
	lc_samples_look(&samples);
	for (int i = 0; i < 3000; i++)
		assert_int_equal(lc_samples_take(&samples, "abc", getpid()), 0);
	assert_true(samples.full);
	lc_samples_write(&samples, &text);
	assert_int_equal(lc_samples_read(&read, text.text), 0);
	assert_true(read.full);
	assert_int_equal(read.n, samples.n);
}

static void many_differences_are_counted(void **state)
{
	_cleanup_(lc_traits_clear) struct lc_traits before = {0};
	_cleanup_(lc_traits_clear) struct lc_traits now = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

	(void)state;
	for (int i = 0; i < 100; i++) {
		char text[32];

		snprintf(text, sizeof(text), "tcp port %d", i);
		assert_int_equal(lc_traits_add(&before, 0, LC_TRAIT_PORT, 0, text), 0);
	}
	assert_int_equal(lc_traits_compare(&before, &now, NULL, names, &why), 100);
	assert_non_null(strstr(why.text, "tcp port 7; and 92 more differences"));
}

static void what_was_not_written_here_is_refused(void **state)
{
	static const char *const texts[] = {
		"abc", "abc\t1", "abc\t1\t2", "abc\t99\t1\tsh", "abc\t99\t1\t1\t0\t0\tsh", "abc\t1\t1\t1\t0\t0"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		_cleanup_(lc_samples_clear) struct lc_samples samples = {0};
		_cleanup_free_ char *text = strdup(texts[i]);

		assert_int_equal(lc_samples_read(&samples, text), -EPROTO);
	}
}

static void a_certificate_has_what_its_subject_saw(void **state)
{
	uint64_t lists[] = {CHOWN, KILL}, added[] = {0, KILL}, without[] = {KILL, 0}, less[] = {0, KILL},
		 both[] = {CHOWN, KILL};
	char why[] = "exit status 1";
	struct lc_prove_run runs[] = {
		{.purpose = LC_TRIAL_BASELINE},
		{.purpose = LC_TRIAL_WITHOUT, .lists = lists, .without = without},
		{.purpose = LC_TRIAL_WITHOUT, .verdict = LC_TRIAL_FAILED, .lists = less, .without = both, .why = why},
	};
	const struct lc_prove_result result = {.n = 2, .lists = lists, .added = added, .runs = runs, .n_runs = 3};
	struct lc_proof *proof = lc_proof_of(&result, 0, CHOWN | KILL);

	(void)state;
	assert_non_null(proof);
	assert_int_equal(proof->list, CHOWN);
	assert_int_equal(proof->removed, KILL);
	assert_int_equal(proof->added, 0);
	assert_int_equal(proof->n_runs, 3);
	assert_false(proof->runs[1].others);
	assert_true(proof->runs[2].others);
	assert_string_equal(proof->runs[2].why, why);
	assert_int_equal(proof->untried, 0);
	assert_ptr_equal(lc_proof_reason(proof, CAP_CHOWN), &proof->runs[2]);
	lc_proof_free(proof);

	proof = lc_proof_of(&result, 1, 0);
	assert_non_null(proof);
	assert_int_equal(proof->added, KILL);
	assert_int_equal(proof->untried, KILL);
	lc_proof_free(proof);
}

static void assert_log(bool framed, const char *bytes, size_t length, const char *expected)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0}, lines = {0};
	struct lc_traits traits = {0};

	lc_strbuf_add(&text, bytes, length);
	assert_int_equal(lc_traits_add_log(&traits, 0, framed, text.text, text.length), 0);
	for (size_t i = 0; i < traits.n; i++) {
		assert_int_equal(traits.list[i].kind, LC_TRAIT_LOG);
		lc_strbuf_addf(&lines, "%s|", traits.list[i].text);
	}
	assert_string_equal(lines.text ? lines.text : "", expected);
	lc_traits_clear(&traits);
}

static void lines_that_tell_of_errors_are_compared_without_what_varies(void **state)
{
	static const struct {
		const char *log, *lines;
	} logs[] = {
		{"", ""},
		{"2026/11/30 12:45:37 [notice] 1#1: start worker process 29\nready\n", ""},
		{"2026/11/30 12:45:37 [emerg] 7#7: chown(\"/var/lib/x\", 33) failed (1: Operation not permitted)\n",
			"#/#/# #:#:# [emerg] ###: chown(\"/var/lib/x\", #) failed (#: Operation not permitted)|"},
		{"[Mon Nov 30 12:45:37.1 2026] [core:error] [pid 9] no\n[Tue Dec 01 00:00:01.2 2026] [core:error] [pid 10] no\n",
			"[# # # #:#:#.# #] [core:error] [pid #] no|"},
		{"E1130 12:45:37.1 1 main.go:7] it broke", "# #:#:#.# # main.go:#] it broke|"},
		{"linux_audit_write_entry failed: Operation not permitted\n",
			"linux_audit_write_entry failed: Operation not permitted|"},
		{"Warning: id deadbeef of 0a1b2c\x1b\r\nmirror of terror\n", "Warning: id # of #??|"},
		{"{\"level\":\"error\",\"ts\":1.5}\n", "{\"level\":\"error\",\"ts\":#.#}|"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++)
		assert_log(false, logs[i].log, strlen(logs[i].log), logs[i].lines);
}

static void frames_of_a_log_are_joined(void **state)
{
	static const char good[] = "\1\0\0\0\0\0\0\6error\n\2\0\0\0\0\0\0\4war\n\2\0\0\0\0\0\0\5warn\n";
	static const char cut[] = "\1\0\0\0\377\377\377\377error 1";
	static const char head[] = "\1\0\0\0\0\0";

	(void)state;
	assert_log(true, good, sizeof(good) - 1, "error|warn|");
	assert_log(true, cut, sizeof(cut) - 1, "error #|");
	assert_log(true, head, sizeof(head) - 1, "");
}

static void a_log_of_many_lines_is_cut_and_that_is_said(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	struct lc_traits traits = {0};

	(void)state;
	for (int i = 0; i < 26 * 26; i++)
		lc_strbuf_addf(&text, "error %c%c\n", 'a' + i / 26, 'a' + i % 26);
	assert_true(lc_traits_add_log(&traits, 0, false, text.text, text.length) > 0);
	assert_int_equal(traits.n, 512);
	lc_traits_clear(&traits);
	lc_strbuf_free(&text);
	lc_strbuf_adds(&text, "error ");
	for (int i = 0; i < 1000; i++)
		lc_strbuf_adds(&text, "long ");
	assert_int_equal(lc_traits_add_log(&traits, 0, false, text.text, text.length), 0);
	assert_int_equal(strlen(traits.list[0].text), 200);
	lc_traits_clear(&traits);
}

/* A directory that stands for a container's root: /data/file, and /out, which leads out of it. */
static int make_root(char *path)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf inside = {0};
	int root;

	assert_non_null(mkdtemp(path));
	root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(root >= 0);
	assert_int_equal(mkdirat(root, "data", 0755), 0);
	close(openat(root, "data/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
	assert_int_equal(symlinkat("/etc/passwd", root, "out"), 0);
	assert_int_equal(symlinkat("/etc", root, "etc"), 0);
	return root;
}

static void remove_root(int root, const char *path)
{
	unlinkat(root, "data/file", 0);
	unlinkat(root, "data", AT_REMOVEDIR);
	unlinkat(root, "out", 0);
	unlinkat(root, "etc", 0);
	close(root);
	rmdir(path);
}

static void owners_of_files_are_read_below_the_root_alone(void **state)
{
	static const char changes[] =
		"[{\"Path\":\"/data/file\",\"Kind\":1},{\"Path\":\"/out\"},{\"Path\":\"/etc/passwd\"},{\"Path\":\"/gone\",\"Kind\":2},{\"Path\":\"odd\"},{\"Path\":7}]";
	char path[] = "/tmp/leastcap-test.XXXXXX";
	int root = make_root(path);
	struct lc_traits traits = {0};
	_cleanup_free_ char *owner = NULL, *expected = NULL;

	(void)state;
	assert_true(asprintf(&owner, LC_TRAIT_OWNER "%u:%u", geteuid(), getegid()) > 0);
	assert_int_equal(lc_traits_add_changes(&traits, 0, root, changes, strlen(changes)), 0);
	assert_int_equal(traits.n, 2);
	assert_true(asprintf(&expected, "/data/file%s", owner) > 0);
	assert_string_equal(traits.list[0].text, expected);
	assert_memory_equal(traits.list[1].text, "/out ", 5);
	lc_traits_clear(&traits);
	/* A volume, with what is in it; and one that is not there. */
	assert_int_equal(lc_traits_add_tree(&traits, 0, root, "/data"), 0);
	assert_int_equal(lc_traits_add_tree(&traits, 0, root, "/none"), 0);
	assert_int_equal(traits.n, 2);
	assert_string_equal(traits.list[1].text, expected);
	lc_traits_clear(&traits);
	assert_int_equal(lc_traits_add_changes(&traits, 0, root, "no", 2), 0);
	assert_int_equal(traits.n, 0);
	remove_root(root, path);
}

static void files_that_cannot_be_read_are_not_missing(void **state)
{
	static const char changes[] = "[{\"Path\":\"/data/file\",\"Kind\":1}]";
	char path[] = "/tmp/leastcap-test.XXXXXX";
	int root = make_root(path), changed, tree;
	struct lc_traits traits = {0};
	struct rlimit before, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	changed = lc_traits_add_changes(&traits, 0, root, changes, strlen(changes));
	tree = lc_traits_add_tree(&traits, 0, root, "/data");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(changed, -EMFILE);
	assert_int_equal(tree, -EMFILE);
	lc_traits_clear(&traits);
	remove_root(root, path);
}

static void a_file_is_worse_by_its_owner_and_not_by_being_new(void **state)
{
	struct lc_traits passed = {0}, now = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

	(void)state;
	lc_traits_add(&passed, 0, LC_TRAIT_FILE, 0, "/a of user x of user 33:33");
	lc_traits_add(&passed, 0, LC_TRAIT_FILE, 0, "/gone of user 0:0");
	lc_traits_add(&now, 0, LC_TRAIT_FILE, 0, "/a of user 0:0");
	lc_traits_add(&now, 0, LC_TRAIT_FILE, 0, "/new of user 0:0");
	assert_int_equal(lc_traits_compare(&passed, &now, NULL, names, &why), 0);
	lc_traits_add(&now, 0, LC_TRAIT_FILE, 0, "/a of user x of user 0:0");
	assert_int_equal(lc_traits_compare(&passed, &now, NULL, names, &why), 1);
	assert_string_equal(why.text, "web now has /a of user x of user 0:0");
	/* Where that differed in the baselines, it may. */
	assert_int_equal(lc_traits_learn(&passed, &now), 0);
	lc_strbuf_free(&why);
	assert_int_equal(lc_traits_compare(&passed, &now, NULL, names, &why), 0);
	lc_traits_clear(&passed);
	lc_traits_clear(&now);
}

/* What dovecot's parts log when they are stopped depends on which of them run at that moment. */
static void a_line_that_comes_and_goes_may_come_from_another_part_of_the_service(void **state)
{
	static const struct {
		const char *first, *second, *now;
		size_t worse;
	} lines[] = {
		{"imap: Warning: Killed with signal #", NULL, "auth(#): Warning: Killed with signal #", 0},
		{NULL, "# Warning: Closing log for 'imap: ' now", "# Warning: Closing log for 'auth: ' now", 0},
		{"imap: Warning: Killed with signal #", "imap: Warning: Killed with signal #",
			"auth: Warning: Killed with signal #", 1},
		{"imap: Warning: Killed with signal #", NULL, "auth: Warning: Killed with error #", 1},
		{"imap: Warning: Killed with signal #", NULL, "imap: Warning: Stopped with signal #", 1},
		{"imap: Warning: Killed with signal #", NULL, "auth: Warning: Killed with signal # twice", 1},
		{"imap: Warning: Killed", NULL, "auth: Warning: Killed", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		_cleanup_(lc_traits_clear) struct lc_traits passed = {0}, again = {0}, now = {0};
		_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

		if (lines[i].first)
			lc_traits_add(&passed, 0, LC_TRAIT_LOG, 0, lines[i].first);
		if (lines[i].second)
			lc_traits_add(&again, 0, LC_TRAIT_LOG, 0, lines[i].second);
		assert_int_equal(lc_traits_learn(&passed, &again), 0);
		lc_traits_add(&now, 0, LC_TRAIT_LOG, 0, lines[i].now);
		if (lc_traits_compare(&passed, &now, NULL, names, &why) != lines[i].worse)
			fail_msg("row %zu: %s", i, why.text ? why.text : "nothing is worse");
	}
}

static void a_health_check_that_fails_is_worse(void **state)
{
	static const char well[] =
		"{\"State\":{\"Running\":true,\"ExitCode\":0,\"Health\":{\"Status\":\"healthy\",\"FailingStreak\":0}}}";
	static const char failing[] =
		"{\"State\":{\"Running\":true,\"ExitCode\":0,\"Health\":{\"Status\":\"healthy\",\"FailingStreak\":2}}}";
	struct lc_traits passed = {0}, now = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

	(void)state;
	assert_int_equal(lc_traits_add_state(&passed, 0, well, strlen(well)), 0);
	assert_int_equal(lc_traits_add_state(&now, 0, failing, strlen(failing)), 0);
	assert_int_equal(lc_traits_compare(&passed, &now, NULL, names, &why), 1);
	assert_string_equal(why.text, "web now fails its health check");
	lc_traits_clear(&passed);
	lc_traits_clear(&now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(containers_are_called_by_service_name_or_command),
		cmocka_unit_test(long_commands_are_cut_and_stay_different),
		cmocka_unit_test(the_command_is_that_of_the_request),
		cmocka_unit_test(what_is_worse_is_said),
		cmocka_unit_test(how_a_container_is_in_the_end_is_compared),
		cmocka_unit_test(how_removed_containers_ended_is_known_from_events),
		cmocka_unit_test(a_trait_is_kept_once),
		cmocka_unit_test(refused_calls_that_programs_get_over_tell_nothing),
		cmocka_unit_test(what_may_go_is_what_was_only_named_or_often_goes),
		cmocka_unit_test(what_no_refusal_reaches_is_what_was_named_or_asked_directly),
		cmocka_unit_test(a_process_that_stays_is_told_with_its_ids),
		cmocka_unit_test(what_only_one_of_the_first_runs_tells_is_named),
		cmocka_unit_test(ports_that_wait_for_clients_are_told),
		cmocka_unit_test(a_port_that_is_not_there_again_is_missing),
		cmocka_unit_test(ports_are_told_although_a_process_has_gone),
		cmocka_unit_test(a_slow_start_does_not_hide_what_stays),
		cmocka_unit_test(few_looks_tell_what_stays_where_they_are_far_apart),
		cmocka_unit_test(what_one_run_saw_long_and_the_other_at_all_has_to_be_there),
		cmocka_unit_test(of_ends_that_differed_each_may_come_and_no_other),
		cmocka_unit_test(what_could_not_be_had_is_no_match),
		cmocka_unit_test(a_crowd_is_not_compared_whole_and_that_is_said),
		cmocka_unit_test(many_differences_are_counted),
		cmocka_unit_test(what_was_not_written_here_is_refused),
		cmocka_unit_test(a_certificate_has_what_its_subject_saw),
		cmocka_unit_test(lines_that_tell_of_errors_are_compared_without_what_varies),
		cmocka_unit_test(frames_of_a_log_are_joined),
		cmocka_unit_test(a_log_of_many_lines_is_cut_and_that_is_said),
		cmocka_unit_test(owners_of_files_are_read_below_the_root_alone),
		cmocka_unit_test(files_that_cannot_be_read_are_not_missing),
		cmocka_unit_test(a_file_is_worse_by_its_owner_and_not_by_being_new),
		cmocka_unit_test(a_line_that_comes_and_goes_may_come_from_another_part_of_the_service),
		cmocka_unit_test(a_health_check_that_fails_is_worse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
