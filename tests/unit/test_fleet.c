/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of profiles made of a Prometheus' samples: what several nodes say of one workload is united as a merge of their profiles would be. */
#include "src/fleet/config.h"
#include "src/fleet/workloads.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/capability.h>

#define WEB                                                                                                            \
	"'kind':'kubernetes','namespace':'shop','workload':'web','container':'nginx','image':'nginx:1.22','image_id':'0123456789ab'"

/* Takes a sample with LABELS, whose quotes are single ones, and VALUE. What lc_workloads_take returns. */
static int take(struct lc_workloads *workloads, enum lc_told told, const char *labels, const char *value)
{
	_cleanup_free_ char *text = NULL, *message = NULL;
	json_t *sample;
	int r;

	assert_true(asprintf(&text, "{'metric':{%s},'value':[1,'%s']}", labels, value) > 0);
	for (char *quote = text; (quote = strchr(quote, '\''));)
		*quote = '"';
	sample = json_loads(text, JSON_ALLOW_NUL, NULL);
	assert_non_null(sample);
	r = lc_workloads_take(workloads, told, sample, &message);
	assert_true(!r == !message);
	json_decref(sample);
	return r;
}

static void tell(struct lc_workloads *workloads, enum lc_told told, const char *labels, const char *value)
{
	assert_int_equal(take(workloads, told, labels, value), 0);
}

/* The profile that WORKLOADS, which are cleared, make. */
static struct lc_profile finish(struct lc_workloads *workloads)
{
	struct lc_profile profile = {0};

	assert_int_equal(lc_workloads_finish(workloads, &profile), 0);
	lc_workloads_clear(workloads);
	return profile;
}

static void test_a_pods_container_is_known_by_its_workload(void **state)
{
	struct lc_workloads workloads = {.origin = "Prometheus at x"};
	struct lc_profile profile;

	(void)state;
	tell(&workloads, LC_TOLD_REQUIRED, WEB ",'capability':'CHOWN'", "1");
	tell(&workloads, LC_TOLD_DEFINITE, WEB ",'capability':'CHOWN'", "1");
	profile = finish(&workloads);
	assert_int_equal(profile.n_targets, 1);
	assert_string_equal(profile.targets->name, "nginx");
	assert_string_equal(profile.targets->pod, "web");
	assert_string_equal(profile.targets->namespace, "shop");
	assert_string_equal(profile.targets->image, "nginx:1.22");
	assert_string_equal(profile.targets->origin, "Prometheus at x");
	assert_int_equal(profile.targets->cap_add, LC_CAP_BIT(CAP_CHOWN));
	assert_int_equal(profile.targets->verify, 0);
	lc_profile_clear(&profile);
}

static void test_what_every_node_could_do_without_is_to_be_verified(void **state)
{
	struct lc_workloads workloads = {0};
	struct lc_profile profile;

	(void)state;
	tell(&workloads, LC_TOLD_REQUIRED, WEB ",'capability':'CHOWN'", "1");
	tell(&workloads, LC_TOLD_REQUIRED, WEB ",'capability':'AUDIT_WRITE'", "1");
	tell(&workloads, LC_TOLD_DEFINITE, WEB ",'capability':'CHOWN'", "1");
	profile = finish(&workloads);
	assert_int_equal(profile.targets->cap_add, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_AUDIT_WRITE));
	assert_int_equal(profile.targets->verify, LC_CAP_BIT(CAP_AUDIT_WRITE));
	lc_profile_clear(&profile);
}

static void test_what_one_node_uses_is_unused_nowhere(void **state)
{
	static const char *const granted[] = {"CHOWN", "KILL", "MKNOD", "SETFCAP"};
	struct lc_workloads workloads = {0};
	struct lc_profile profile;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char labels[256];

		snprintf(labels, sizeof(labels), WEB ",'capability':'%s'", granted[i]);
		tell(&workloads, LC_TOLD_GRANTED, labels, "1");
	}
	tell(&workloads, LC_TOLD_REQUIRED, WEB ",'capability':'CHOWN'", "1");
	tell(&workloads, LC_TOLD_USED, WEB ",'capability':'KILL'", "1");
	tell(&workloads, LC_TOLD_CHECKS, WEB ",'capability':'MKNOD','class':'advisory','verdict':'granted'", "3");
	profile = finish(&workloads);
	assert_int_equal(profile.targets->unused, LC_CAP_BIT(CAP_SETFCAP));
	lc_profile_clear(&profile);
}

static void test_what_one_node_is_granted_another_lacks_no_more(void **state)
{
	struct lc_workloads workloads = {0};
	struct lc_profile profile;

	(void)state;
	tell(&workloads, LC_TOLD_WANTED, WEB ",'capability':'NET_RAW'", "1");
	tell(&workloads, LC_TOLD_GRANTED, WEB ",'capability':'NET_RAW'", "1");
	tell(&workloads, LC_TOLD_WANTED, WEB ",'capability':'SYS_ADMIN'", "1");
	tell(&workloads, LC_TOLD_WANTED, WEB ",'capability':'SYS_TIME'", "1");
	tell(&workloads, LC_TOLD_GRANTED, WEB ",'capability':'SYS_TIME'", "1");
	tell(&workloads, LC_TOLD_WANTED_HELD, WEB ",'capability':'SYS_TIME'", "1");
	profile = finish(&workloads);
	assert_int_equal(profile.targets->wanted, LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_SYS_TIME));
	lc_profile_clear(&profile);
}

static void test_counts_add_up_and_what_was_lost_is_told(void **state)
{
	struct lc_workloads workloads = {0};
	struct lc_profile profile;

	(void)state;
	tell(&workloads, LC_TOLD_CHECKS, WEB ",'capability':'CHOWN','class':'setup','verdict':'granted'", "3");
	tell(&workloads, LC_TOLD_CHECKS, WEB ",'capability':'CHOWN','class':'setup','verdict':'granted'", "4.4");
	tell(&workloads, LC_TOLD_CALLS, WEB ",'cause':'filter','call':'mount'", "2");
	tell(&workloads, LC_TOLD_CALLS, WEB ",'cause':'filter','call':'mount'", "2");
	tell(&workloads, LC_TOLD_LOST, WEB, "5");
	tell(&workloads, LC_TOLD_ALL_LOST, "", "7");
	profile = finish(&workloads);
	assert_int_equal(profile.targets->n_evidence, 1);
	assert_int_equal(profile.targets->evidence->count, 7);
	assert_int_equal(profile.targets->evidence->phase, LC_PHASE_SETUP);
	assert_int_equal(profile.targets->n_failures, 1);
	assert_int_equal(profile.targets->failures->count, 4);
	assert_int_equal(profile.targets->losses.of[LC_LOSS_CHECKS], 5);
	assert_int_equal(profile.elsewhere.of[LC_LOSS_CHECKS], 2);
	assert_int_equal(profile.lost, 7);
	lc_profile_clear(&profile);
}

static void test_a_scrapes_own_labels_are_not_taken_for_a_workloads(void **state)
{
	struct lc_workloads workloads = {0};
	struct lc_profile profile;

	(void)state;
	tell(&workloads, LC_TOLD_REQUIRED,
		"'kind':'kubernetes','workload':'web','namespace':'monitoring','exported_namespace':'shop','container':'leastcap','exported_container':'nginx','capability':'CHOWN'",
		"1");
	profile = finish(&workloads);
	assert_string_equal(profile.targets->namespace, "shop");
	assert_string_equal(profile.targets->name, "nginx");
	lc_profile_clear(&profile);
}

static void test_names_that_are_made_to_look_alike_stay_apart(void **state)
{
	struct lc_workloads workloads = {0};
	struct lc_profile profile;

	(void)state;
	tell(&workloads, LC_TOLD_REQUIRED, "'kind':'compose','namespace':'a','workload':'1:b','capability':'CHOWN'",
		"1");
	tell(&workloads, LC_TOLD_REQUIRED, "'kind':'compose','namespace':'a1:','workload':'b','capability':'KILL'",
		"1");
	tell(&workloads, LC_TOLD_REQUIRED, "'kind':'container','workload':'x\\u0000y','capability':'KILL'", "1");
	profile = finish(&workloads);
	assert_int_equal(profile.n_targets, 3);
	lc_profile_clear(&profile);
}

static void test_images_of_a_workload_are_one_where_that_is_asked_for(void **state)
{
	for (int by_workload = 0; by_workload < 2; by_workload++) {
		struct lc_workloads workloads = {.by_workload = by_workload};
		struct lc_profile profile;

		(void)state;
		tell(&workloads, LC_TOLD_REQUIRED,
			"'kind':'container','workload':'web','image':'b','capability':'CHOWN'", "1");
		tell(&workloads, LC_TOLD_REQUIRED,
			"'kind':'container','workload':'web','image':'a','capability':'KILL'", "1");
		profile = finish(&workloads);
		assert_int_equal(profile.n_targets, by_workload ? 1 : 2);
		assert_string_equal(profile.targets->image, by_workload ? "a, b" : "a");
		lc_profile_clear(&profile);
	}
}

static void test_what_a_newer_leastcap_writes_is_refused_and_not_left_out(void **state)
{
	struct lc_workloads workloads = {0};

	(void)state;
	assert_int_equal(take(&workloads, LC_TOLD_REQUIRED, WEB ",'capability':'TELEPORT'", "1"), -ENOTSUP);
	assert_int_equal(take(&workloads, LC_TOLD_REQUIRED, WEB, "1"), -ENOTSUP);
	assert_int_equal(
		take(&workloads, LC_TOLD_CHECKS, WEB ",'capability':'KILL','class':'x','verdict':'denied'", "1"),
		-ENOTSUP);
	assert_int_equal(take(&workloads, LC_TOLD_CALLS, WEB ",'cause':'x','call':'mount'", "1"), -ENOTSUP);
	assert_int_equal(take(&workloads, LC_TOLD_REQUIRED, WEB ",'capability':'KILL'", "NaN"), -EPROTO);
	lc_workloads_clear(&workloads);
}

static void test_each_query_is_about_the_whole_span(void **state)
{
	(void)state;
	for (int told = 0; told < LC_TOLD_N; told++) {
		struct lc_strbuf query = {0};

		lc_fleet_add_query(&query, (enum lc_told)told, 3600);
		assert_non_null(strstr(query.text, "[3600s]"));
		assert_null(strchr(query.text, '@'));
		lc_strbuf_free(&query);
	}
}

/* Reads TEXT as a configuration. What lc_fleet_config_read returns. */
static int read_config(struct lc_fleet_config *config, const char *text)
{
	_cleanup_free_ char *message = NULL;
	char path[] = "/tmp/fleet.XXXXXX";
	int fd = mkstemp(path), r;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	r = lc_fleet_config_read(config, path, &message);
	unlink(path);
	assert_true(!r == !message);
	return r;
}

static void test_files_that_a_configuration_names_are_looked_for_beside_it(void **state)
{
	struct lc_fleet_config config = {0};

	(void)state;
	assert_int_equal(
		read_config(&config,
			"tls_config: {ca_file: ca.pem, cert_file: /etc/c.pem, insecure_skip_verify: false}\nauthorization: {type: Basic, credentials: x}\n"),
		0);
	assert_string_equal(config.ca_file, "/tmp/ca.pem");
	assert_string_equal(config.cert_file, "/etc/c.pem");
	assert_string_equal(config.authorization, "Authorization: Basic x");
	assert_false(config.insecure);
	lc_fleet_config_clear(&config);
}

static void test_no_line_of_a_configuration_becomes_another_header(void **state)
{
	static const char *const texts[] = {"authorization: {credentials: \"a\\r\\nX: y\"}\n",
		"http_headers: {\"A: b\\nX\": {values: [c]}}\n", "http_headers: {A: {values: [\"b\\nX: y\"]}}\n",
		"http_headers: {A: [b]}\n", "basic_auth: [x]\n", "- x\n", "oauth2: {}\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct lc_fleet_config config = {0};

		assert_int_equal(read_config(&config, texts[i]), -EINVAL);
		lc_fleet_config_clear(&config);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_pods_container_is_known_by_its_workload),
		cmocka_unit_test(test_what_every_node_could_do_without_is_to_be_verified),
		cmocka_unit_test(test_what_one_node_uses_is_unused_nowhere),
		cmocka_unit_test(test_what_one_node_is_granted_another_lacks_no_more),
		cmocka_unit_test(test_counts_add_up_and_what_was_lost_is_told),
		cmocka_unit_test(test_a_scrapes_own_labels_are_not_taken_for_a_workloads),
		cmocka_unit_test(test_names_that_are_made_to_look_alike_stay_apart),
		cmocka_unit_test(test_images_of_a_workload_are_one_where_that_is_asked_for),
		cmocka_unit_test(test_what_a_newer_leastcap_writes_is_refused_and_not_left_out),
		cmocka_unit_test(test_each_query_is_about_the_whole_span),
		cmocka_unit_test(test_files_that_a_configuration_names_are_looked_for_beside_it),
		cmocka_unit_test(test_no_line_of_a_configuration_becomes_another_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
