/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The oci report: process.capabilities of a runtime's config.json, by the containers' names. */
#include "json_parts.h"
#include "parts.h"
#include "sources.h"
#include "united.h"

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/json.h>

#include <errno.h>
#include <string.h>

static char *name_of(const struct lc_target *target)
{
	return lc_utf8_dup(target->name ? target->name : "");
}

/*
 * Root's execve makes the bounding set permitted, and nothing has to be inheritable (CVE-2022-24769). For another user capabilities
 * have to be ambient, and therefore inheritable.
 */
static json_t *capabilities_value(const struct lc_report_united *united)
{
	bool is_root = false;
	uint64_t ambient = 0;
	uint64_t permitted;

	for (size_t i = 0; i < united->n_targets; i++) {
		is_root |= lc_user_is_root(united->targets[i]->user);
		ambient |= lc_report_ambient(united->targets[i]);
	}
	permitted = is_root ? united->cap_add : ambient;
	ambient = is_root ? 0 : ambient;
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "bounding", lc_json_capabilities(united->cap_add, true),
		"effective", lc_json_capabilities(permitted, true), "permitted", lc_json_capabilities(permitted, true),
		"inheritable", lc_json_capabilities(ambient, true), "ambient", lc_json_capabilities(ambient, true));
}

/* Appends what ADD says of TARGET, after a semicolon. */
static void add_part(struct lc_strbuf *note, const struct lc_target *target,
	void (*add)(struct lc_strbuf *out, const struct lc_target *target))
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf part = {0};

	add(&part, target);
	if (part.length)
		lc_strbuf_separate(note, "; ");
	lc_strbuf_adds(note, part.text);
	note->failed |= part.failed;
}

/* Adds what is to be verified about UNITED, what stands there for other engines, and what it was refused, to NOTES. */
static int add_note(json_t *notes, const struct lc_report_united *united)
{
	struct lc_target all = {.cap_add = united->cap_add};
	struct lc_strbuf note = {0};

	for (size_t i = 0; i < united->n_targets; i++)
		all.verify |= united->targets[i]->verify;
	lc_report_add_verify(&note, &all);
	for (size_t i = 0; i < united->n_targets; i++) {
		add_part(&note, united->targets[i], lc_report_add_port);
		add_part(&note, united->targets[i], lc_report_add_refusals);
	}
	if (!note.length)
		return 0;
	return json_object_set_new(notes, united->name, lc_json_taken(&note)) ? -ENOMEM : 0;
}

static int add_container(json_t *containers, json_t *notes, const struct lc_report_united *united)
{
	if (json_object_set_new(containers, united->name,
		    json_pack("{s:{s:o}}", "process", "capabilities", capabilities_value(united))))
		return -ENOMEM;
	return add_note(notes, united);
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	static const struct lc_report_naming naming = {.name = name_of};
	_cleanup_json_ json_t *containers = json_object();
	_cleanup_json_ json_t *notes = json_object();
	_cleanup_json_ json_t *notices = lc_json_notices(profile);
	_cleanup_json_ json_t *root = NULL;
	struct lc_report_united *united = NULL;
	size_t n = 0;
	int r = lc_report_unite(profile, &naming, &united, &n);

	for (size_t i = 0; !r && i < n; i++)
		r = add_container(containers, notes, &united[i]);
	lc_report_free_united(united, n);
	if (r)
		return r;
	root = json_pack("{s:O, s:O, s:O}", "notices", notices, "containers", containers, "notes", notes);
	return lc_json_render(root, out);
}

const struct lc_report_format lc_report_oci = {
	.name = "oci",
	.description = "process.capabilities for a runtime's config.json, by container",
	.other_engine = true,
	.only_list = true,
	.render = render,
};
