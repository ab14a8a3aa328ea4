/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bodies of requests to create a container: what they say, and what is written in their place. */
#include "src/proxy/rewrite.h"
#include "src/proxy/route.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/capability.h>
/* After the ones above, which it does not include. */
#include <cmocka.h>

#define TWO (LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_NET_RAW))

static int rewrite(enum lc_proxy_api api, const char *body, const struct lc_proxy_rewrite *how, struct lc_strbuf *out)
{
	const struct lc_proxy_create request = {.api = api, .body = body, .length = strlen(body)};

	return lc_proxy_rewrite(&request, how, out);
}

/* Holds what becomes of BODY, with two capabilities and the label "t1", against EXPECTED. */
static void expect(enum lc_proxy_api api, const char *body, const char *expected)
{
	static const struct lc_proxy_rewrite how = {.add = TWO, .label = "t1"};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

	assert_int_equal(rewrite(api, body, &how, &out), 0);
	assert_string_equal(out.text, expected);
}

#define CAPS   "\"CapAdd\":[\"CHOWN\",\"NET_RAW\"],\"CapDrop\":[\"ALL\"]"
#define LABELS "\"Labels\":{\"leastcap.prove\":\"t1\"}"

static void docker(void **state)
{
	(void)state;
	expect(LC_PROXY_DOCKER, "{}", "{\"HostConfig\":{" CAPS "}," LABELS "}");
	expect(LC_PROXY_DOCKER, "{\"HostConfig\":null,\"Labels\":null}", "{\"HostConfig\":{" CAPS "}," LABELS "}");
	expect(LC_PROXY_DOCKER,
		"{\"Image\":\"i\",\"Labels\":{\"a\":\"b\"},\"HostConfig\":{\"CapDrop\":[\"KILL\"],\"Privileged\":true,\"CapAdd\":null}}",
		"{\"Image\":\"i\",\"Labels\":{\"a\":\"b\",\"leastcap.prove\":\"t1\"},\"HostConfig\":{\"CapDrop\":[\"ALL\"],\"Privileged\":true,\"CapAdd\":[\"CHOWN\",\"NET_RAW\"]}}");
}

static void libpod(void **state)
{
	(void)state;
	expect(LC_PROXY_LIBPOD, "{\"cap_add\":[\"CAP_KILL\"],\"image\":\"i\"}",
		"{\"cap_add\":[\"CAP_CHOWN\",\"CAP_NET_RAW\"],\"image\":\"i\",\"cap_drop\":[\"ALL\"],\"labels\":{\"leastcap.prove\":\"t1\"}}");
}

/* An engine takes a member in any case, also with the two letters that Go's decoder folds to ASCII. */
static void other_spellings(void **state)
{
	(void)state;
	expect(LC_PROXY_DOCKER, "{\"hostconfig\":{\"capadd\":[\"KILL\"]},\"label\xc5\xbf\":{}}",
		"{\"hostconfig\":{\"capadd\":[\"CHOWN\",\"NET_RAW\"],\"CapDrop\":[\"ALL\"]},\"label\xc5\xbf\":{\"leastcap.prove\":\"t1\"}}");
	expect(LC_PROXY_DOCKER, "{\"hostConfigs\":{},\"HostConfi\":1}",
		"{\"hostConfigs\":{},\"HostConfi\":1,\"HostConfig\":{" CAPS "}," LABELS "}");
}

static void keeps_numbers(void **state)
{
#define NUMBERS                                                                                                        \
	"[0,-0,1,-7,18446744073709551615,999999999999999999,9999999999999999999,0.1,1.50,1e400,-2.5E+10,1e5,\"-1.5\",\"\\\"1.5\"]"
	(void)state;
	expect(LC_PROXY_DOCKER, "{\"x\":" NUMBERS "}", "{\"x\":" NUMBERS ",\"HostConfig\":{" CAPS "}," LABELS "}");
}

static void keeps_strings(void **state)
{
	(void)state;
	expect(LC_PROXY_DOCKER, " { \"\xc3\xa9\" : \"\\u00e9\\n\\u0000\\\\\" , \"t\":[true,false,null,{},[]] } \n",
		"{\"\xc3\xa9\":\"\xc3\xa9\\n\\u0000\\\\\",\"t\":[true,false,null,{},[]],\"HostConfig\":{" CAPS
		"}," LABELS "}");
}

static void all_capabilities(void **state)
{
	const struct lc_proxy_rewrite how = {.add = ~UINT64_C(0)};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

	(void)state;
	assert_int_equal(rewrite(LC_PROXY_DOCKER, "{\"HostConfig\":{\"CapDrop\":[\"ALL\"]}}", &how, &out), 0);
	assert_string_equal(out.text, "{\"HostConfig\":{\"CapDrop\":[],\"CapAdd\":[\"ALL\"]}}");
}

static void no_capabilities(void **state)
{
	const struct lc_proxy_rewrite how = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

	(void)state;
	assert_int_equal(rewrite(LC_PROXY_LIBPOD, "{\"cap_drop\":null}", &how, &out), 0);
	assert_string_equal(out.text, "{\"cap_drop\":[\"ALL\"],\"cap_add\":[]}");
}

static void unprivileged(void **state)
{
	const struct lc_proxy_rewrite how = {.add = TWO, .unprivileged = true};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf libpods = {0};

	(void)state;
	assert_int_equal(rewrite(LC_PROXY_DOCKER, "{\"HostConfig\":{\"Privileged\":true}}", &how, &out), 0);
	assert_string_equal(out.text, "{\"HostConfig\":{\"Privileged\":false," CAPS "}}");
	assert_int_equal(rewrite(LC_PROXY_LIBPOD, "{\"privileged\":true}", &how, &libpods), 0);
	assert_non_null(strstr(libpods.text, "\"privileged\":false"));
}

static void refuses(void **state)
{
	static const struct {
		const char *body, *why;
	} rows[] = {
		{"", "can't be read as JSON"},
		{"{", "can't be read as JSON"},
		{"{}{}", "can't be read as JSON"},
		{"[]", "no JSON object"},
		{"{\"a\":01}", "can't be read as JSON"},
		{"{\"a\":1.}", "can't be read as JSON"},
		{"{\"a\":1.5e}", "can't be read as JSON"},
		{"{\"a\":-}", "can't be read as JSON"},
		{"{\"a\":1.5x}", "can't be read as JSON"},
		{"{\"a\":\"\xff\"}", "can't be read as JSON"},
		{"{\"a\":\"1", "can't be read as JSON"},
		{"{\"a\":1,\"a\":2}", "duplicate"},
		{"{\"HostConfig\":{},\"hostConfig\":{}}", "HostConfig twice, as HostConfig and as hostConfig"},
		{"{\"HostConfig\":{\"CapAdd\":[],\"capAdd\":[]}}", "CapAdd twice"},
		{"{\"HostConfig\":[]}", "HostConfig is not what it should be"},
		{"{\"Labels\":7}", "Labels is not what it should be"},
	};
	static const struct lc_proxy_rewrite how = {.add = TWO, .label = "t1"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

		assert_int_equal(rewrite(LC_PROXY_DOCKER, rows[i].body, &how, &out), 400);
		assert_non_null(strstr(out.text, rows[i].why));
	}
}

/* No string of the client's becomes a number: the mark is another one each time. */
static void marks_are_random(void **state)
{
	struct lc_document one, other;
	_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

	(void)state;
	assert_int_equal(lc_document_read(&one, "{}", 2, &why), 0);
	assert_int_equal(lc_document_read(&other, "{}", 2, &why), 0);
	assert_int_equal(strlen(one.mark), LC_DOCUMENT_MARK);
	assert_string_not_equal(one.mark, other.mark);
	lc_document_clear(&one);
	lc_document_clear(&other);
}

static void describes(void **state)
{
	static const char docker_body[] =
		"{\"Image\":\"web:1\",\"Labels\":{\"com.docker.compose.project\":\"p\",\"com.docker.compose.service\":\"s\"},\"HostConfig\":{\"CapAdd\":[\"net_raw\",\"CAP_CHOWN\",\"NONE_SUCH\"],\"CapDrop\":[\"all\"],\"Privileged\":true}}";
	static const char libpod_body[] = "{\"image\":\"web:2\",\"name\":\"n\",\"cap_add\":[\"CAP_KILL\"]}";
	struct lc_proxy_create request = {.api = LC_PROXY_DOCKER};
	struct lc_document document;
	_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};

	(void)state;
	assert_int_equal(lc_document_read(&document, docker_body, strlen(docker_body), &why), 0);
	assert_int_equal(lc_create_describe(&request, &document, &why), 0);
	assert_string_equal(request.image, "web:1");
	assert_string_equal(request.project, "p");
	assert_string_equal(request.service, "s");
	assert_true(request.add == TWO && !request.adds_all);
	assert_true(request.drop == lc_cap_all() && request.drops_all && request.privileged);
	lc_document_clear(&document);

	request = (struct lc_proxy_create){.api = LC_PROXY_LIBPOD};
	assert_int_equal(lc_document_read(&document, libpod_body, strlen(libpod_body), &why), 0);
	assert_int_equal(lc_create_describe(&request, &document, &why), 0);
	assert_string_equal(request.image, "web:2");
	assert_string_equal(request.name, "n");
	assert_true(request.add == LC_CAP_BIT(CAP_KILL) && !request.privileged);
	lc_document_clear(&document);
}

static void the_signal_that_ends_a_container_is_told(void **state)
{
	struct lc_route route;

	(void)state;
	assert_int_equal(lc_route_read(&route, "POST", "/v1.41/containers/web/kill?x=1&signal=H%55P"), 0);
	assert_int_equal(route.kind, LC_ROUTE_END);
	assert_string_equal(route.signal, "HUP");
	lc_route_clear(&route);
	assert_int_equal(lc_route_read(&route, "POST", "/v1.41/containers/web/stop?t=3"), 0);
	assert_int_equal(route.kind, LC_ROUTE_END);
	assert_null(route.signal);
	lc_route_clear(&route);
}

static void routes(void **state)
{
	static const struct {
		const char *method, *target;
		enum lc_route_kind kind;
		enum lc_proxy_api api;
		const char *id, *name;
	} rows[] = {
		{"POST", "/containers/create", LC_ROUTE_CREATE, LC_PROXY_DOCKER, NULL, NULL},
		{"POST", "/v1.41/containers/create?platform=&name=we%62", LC_ROUTE_CREATE, LC_PROXY_DOCKER, NULL,
			"web"},
		{"POST", "/v1.41/containers/%63reate", LC_ROUTE_CREATE, LC_PROXY_DOCKER, NULL, NULL},
		{"POST", "http://docker/v1.41/containers/create?name=", LC_ROUTE_CREATE, LC_PROXY_DOCKER, NULL, ""},
		{"POST", "/v4.0.0-dev/libpod/containers/create", LC_ROUTE_CREATE, LC_PROXY_LIBPOD, NULL, NULL},
		{"POST", "/libpod/containers/create", LC_ROUTE_CREATE, LC_PROXY_LIBPOD, NULL, NULL},
		{"GET", "/containers/create", LC_ROUTE_OTHER, LC_PROXY_DOCKER, NULL, NULL},
		{"POST", "/volumes/create", LC_ROUTE_OTHER, LC_PROXY_DOCKER, NULL, NULL},
		{"POST", "/containers/create/x", LC_ROUTE_OTHER, LC_PROXY_DOCKER, NULL, NULL},
		{"POST", "/containers/create%00", LC_ROUTE_OTHER, LC_PROXY_DOCKER, NULL, NULL},
		{"POST", "/v1.41/containers/a/b/start?t=1", LC_ROUTE_START, LC_PROXY_DOCKER, "a/b", NULL},
		{"POST", "/v4.0.0/libpod/containers/web/restart", LC_ROUTE_START, LC_PROXY_LIBPOD, "web", NULL},
		{"POST", "/v1.41/services/create", LC_ROUTE_BESIDE, LC_PROXY_DOCKER, NULL, NULL},
		{"POST", "/v4.0.0/libpod/play/kube", LC_ROUTE_BESIDE, LC_PROXY_LIBPOD, NULL, NULL},
		{"POST", "*", LC_ROUTE_OTHER, LC_PROXY_DOCKER, NULL, NULL},
		{"POST", "", LC_ROUTE_OTHER, LC_PROXY_DOCKER, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lc_route route;

		assert_int_equal(lc_route_read(&route, rows[i].method, rows[i].target), 0);
		assert_int_equal(route.kind, rows[i].kind);
		assert_int_equal(route.api, rows[i].api);
		assert_string_equal(route.id ?: "-", rows[i].id ?: "-");
		assert_string_equal(route.name ?: "-", rows[i].name ?: "-");
		lc_route_clear(&route);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker),
		cmocka_unit_test(libpod),
		cmocka_unit_test(other_spellings),
		cmocka_unit_test(keeps_numbers),
		cmocka_unit_test(keeps_strings),
		cmocka_unit_test(all_capabilities),
		cmocka_unit_test(no_capabilities),
		cmocka_unit_test(unprivileged),
		cmocka_unit_test(refuses),
		cmocka_unit_test(marks_are_random),
		cmocka_unit_test(describes),
		cmocka_unit_test(routes),
		cmocka_unit_test(the_signal_that_ends_a_container_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
