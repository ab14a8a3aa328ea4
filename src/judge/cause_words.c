/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sentences about a refused call: why it was refused, and what to do. */
#include "causes.h"
#include "judge_private.h"

#include <leastcap/capset.h>

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/* The capabilities that decide by a file's owner and mode. */
#define LC_OF_FILES                                                                                                    \
	(LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_DAC_READ_SEARCH) | LC_CAP_BIT(CAP_FOWNER) |                     \
		LC_CAP_BIT(CAP_CHOWN))

/* Appends "CHOWN and SETFCAP" where all were NAMED, else "BPF or SYS_ADMIN". */
static void add_asked(struct lc_strbuf *out, uint64_t caps, bool named)
{
	lc_cap_add_list(out, caps, "", named ? " and " : " or ", false);
}

static void add_any(struct lc_strbuf *out, uint64_t caps)
{
	add_asked(out, caps, false);
}

/* Appends who the process is, where that is known, after BEFORE. */
static void add_user(struct lc_strbuf *out, const char *before, const char *user)
{
	if (user)
		lc_strbuf_addf(out, "%suid %.*s", before, (int)strcspn(user, ":"), user);
}

/* " /x is root:root 0600." */
static void add_file(struct lc_strbuf *out, const struct lc_object *object)
{
	if (!object->path)
		return;
	lc_strbuf_addf(out, " %s is ", object->path);
	lc_strbuf_adds(out, object->owner);
	lc_strbuf_addf(out, "%s%04o.", object->owner ? " " : "", (unsigned int)(object->mode & 07777));
}

/* What to do about a check that was denied, where a list may help. All that was NAMED is needed. */
static void help_by_list(struct lc_finding *finding, const struct lc_refused *refused, bool named)
{
	const struct lc_target *target = refused->known->target;
	uint64_t by_trial = finding->caps & lc_refused_by_trial(target);

	if (by_trial) {
		lc_strbuf_adds(&finding->help, "The process has ");
		add_any(&finding->help, by_trial);
		lc_strbuf_adds(&finding->help, ". The trial refused it.");
		return;
	}
	if (target->kind == LC_TARGET_CONTAINER && finding->caps & target->granted) {
		lc_strbuf_adds(&finding->help, "The container has ");
		add_any(&finding->help, finding->caps & target->granted);
		lc_strbuf_adds(&finding->help, " already. The program gave it up, or was started by one that did.");
		return;
	}
	add_asked(&finding->help, finding->caps, named);
	lc_strbuf_adds(&finding->help,
		named && finding->caps & (finding->caps - 1) ? " let it through together." : " lets it through.");
}

static void help_by_file(struct lc_finding *finding, const struct lc_failure *failure)
{
	if (!(finding->caps & LC_OF_FILES) || !failure->object.path)
		return;
	lc_strbuf_adds(&finding->help, finding->help.length ? " So does" : "What helps is");
	lc_strbuf_addf(&finding->help, " another owner or mode of %s (chown, chmod).", failure->object.path);
}

static void help_by_limit(struct lc_finding *finding, const struct lc_failure *failure)
{
	const struct lc_limit *limit = lc_limit_find(failure->syscall, failure->result);

	if (limit && finding->caps & LC_CAP_BIT(limit->cap))
		lc_strbuf_addf(&finding->help, " So does a higher %s (--ulimit %s=…), within which nothing is asked.",
			limit->limit, limit->ulimit);
}

static void help_by_patience(struct lc_finding *finding, const struct lc_gone_on *row)
{
	if (row && finding->caps)
		lc_strbuf_addf(&finding->help, " It is tried last, because %s.", row->why);
}

/* What to do about a check that was denied to a process that could not gain from a list. */
static void help_without_list(struct lc_finding *finding, const struct lc_failure *failure)
{
	help_by_file(finding, failure);
	lc_strbuf_adds(&finding->help, finding->help.length ? " " : "");
	lc_strbuf_adds(&finding->help,
		"--cap-add alone would not help who is not root: a file capability (setcap) or an ambient one would.");
}

void lc_words_on_check(struct lc_finding *finding, const struct lc_refused *refused, const struct lc_denials *denials)
{
	const struct lc_failure *failure = refused->failure;

	lc_strbuf_adds(&finding->why, "The kernel asked for ");
	add_asked(&finding->why, denials->asked, denials->named);
	lc_strbuf_adds(&finding->why, denials->named && denials->asked & (denials->asked - 1)
					      ? ", and the process does not have all of them"
					      : ", and the process does not have it");
	if (!finding->holds)
		add_user(&finding->why, ", as ", failure->user);
	lc_strbuf_adds(&finding->why, ".");
	if (denials->asked & LC_OF_FILES)
		add_file(&finding->why, &failure->object);
	if (denials->setting)
		lc_strbuf_addf(&finding->why, " %s", denials->setting->why);
	if (finding->holds) {
		help_by_list(finding, refused, denials->named);
		help_by_file(finding, failure);
		help_by_limit(finding, failure);
		help_by_patience(finding, denials->gone_on);
	} else {
		help_without_list(finding, failure);
	}
	if (denials->setting)
		lc_strbuf_addf(&finding->help, " %s", denials->setting->help);
}

void lc_words_on_namespace(struct lc_finding *finding)
{
	lc_strbuf_adds(&finding->why,
		"The kernel asked in a user namespace above the process's own, where its capabilities count for nothing.");
	lc_strbuf_adds(&finding->help,
		"No list opens it. --userns=host, or an object that belongs to the container's own user namespace, would.");
}

void lc_words_on_void_file(struct lc_finding *finding)
{
	lc_strbuf_adds(&finding->why,
		"no_new_privs is set, which makes void what the program's file would have given it (a set-user-ID bit or file capabilities).");
	lc_strbuf_adds(&finding->help,
		"Do without no-new-privileges (allowPrivilegeEscalation: true), or start it as a user that needs nothing from the file.");
}

const char *lc_words_engine(const char *engine)
{
	static const struct {
		const char *engine;
		const char *name;
	} names[] = {
		{"docker", "Docker"},
		{"containerd", "containerd"},
		{"podman", "Podman"},
		{"cri-o", "CRI-O"},
		{"lxc", "LXC"},
		{"nspawn", "systemd-nspawn"},
	};

	for (size_t i = 0; engine && i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].engine, engine) == 0)
			return names[i].name;
	}
	return "The engine";
}

enum lc_filter_owner lc_filter_owner_of(
	const struct lc_target *target, const struct lc_failure *failure, uint64_t opens)
{
	if (!lc_filter_knows(target->engine))
		return LC_FILTER_OF_NOBODY;
	/* Or the default one would have let it through. */
	if (target->own_filter || opens & target->granted ||
		!lc_filter_row_find(target->engine, target->engine_version, failure->syscall, failure->argument))
		return LC_FILTER_OF_USER;
	return LC_FILTER_OF_ENGINE;
}

static void words_on_default(struct lc_finding *finding, const char *engine)
{
	lc_strbuf_addf(&finding->why, "%s's filter %s it before the kernel %s asked%s", engine,
		finding->guessed ? "would refuse" : "refused", finding->guessed ? "is" : "was",
		finding->guessed ? ", and nothing else explains it." : ".");
	if (!finding->caps) {
		lc_strbuf_adds(&finding->help, "No capability opens it; a seccomp profile of your own would.");
		return;
	}
	lc_strbuf_adds(&finding->help, "With ");
	add_any(&finding->help, finding->caps);
	lc_strbuf_adds(&finding->help, " it lets it through.");
}

/* The user's own profile refuses SYSCALL, and its rule is known. */
static void words_on_rule(struct lc_finding *finding, const char *syscall)
{
	lc_strbuf_adds(&finding->why, "Your own seccomp profile refused it before the kernel was asked: ");
	lc_strbuf_adds(&finding->why, finding->rule.text);
	lc_strbuf_adds(&finding->why, ".");
	if (finding->caps) {
		lc_strbuf_adds(&finding->help, "With ");
		add_any(&finding->help, finding->caps);
		lc_strbuf_adds(&finding->help, " the profile lets it through.");
		return;
	}
	lc_strbuf_addf(&finding->help,
		"No capability opens it. An entry of the profile for %s with SCMP_ACT_ALLOW would.", syscall);
}

void lc_words_on_filter(struct lc_finding *finding, const struct lc_refused *refused, enum lc_filter_owner owner)
{
	const struct lc_target *target = refused->known->target;
	const char *engine = lc_words_engine(target->engine);

	switch (owner) {
	case LC_FILTER_OF_ENGINE:
		words_on_default(finding, engine);
		help_by_patience(finding, lc_gone_on_find(refused->failure->syscall, NULL));
		break;
	case LC_FILTER_OF_USER:
		if (finding->rule.length) {
			words_on_rule(finding, refused->failure->syscall);
			break;
		}
		if (target->own_filter)
			lc_strbuf_adds(&finding->why,
				"A seccomp filter refused it before the kernel was asked, and the container was started with a profile of your own.");
		else
			lc_strbuf_addf(&finding->why,
				"A seccomp filter refused it before the kernel was asked, and %s's default one would have let it through.",
				engine);
		lc_strbuf_adds(&finding->help,
			"No capability is known to open it. It is a seccomp profile of your own (--security-opt seccomp=…), or a filter that the program set itself.");
		break;
	case LC_FILTER_OF_NOBODY:
		lc_strbuf_addf(&finding->why, "%s's filter refused it before the kernel was asked.", engine);
		lc_strbuf_adds(&finding->help, "No capability is known to open it. Another filter would.");
		break;
	case LC_FILTER_OF_PROGRAM:
		lc_strbuf_adds(&finding->why,
			target->kind == LC_TARGET_SERVICE
				? "A seccomp filter refused it before the kernel was asked: the unit's (SystemCallFilter=) or the program's own."
				: "A seccomp filter that the program, or what started it, had set itself refused it before the kernel was asked.");
		lc_strbuf_adds(&finding->help, "No capability opens it.");
		break;
	}
}

/* Appends "AppArmor confines the container as docker-default (enforce)", and whose name for what to do about it. */
static void words_on_label(struct lc_finding *finding, const struct lc_target *target)
{
	static const struct {
		const char *name;
		const char *help;
		const char *of_container;
	} modules[] = {
		[LC_MODULE_NONE] = {"", "", ""},
		[LC_MODULE_APPARMOR] = {"AppArmor",
			"No capability opens it. The kernel's log (dmesg, auditd) has it, unless it is one of the profile's deny rules.",
			" --security-opt apparmor=… names another profile."},
		[LC_MODULE_SELINUX] = {"SELinux", "No capability opens it. ausearch -m avc has the rule.",
			" --security-opt label=… names another type, and :z on a volume relabels it."},
		[LC_MODULE_SMACK] = {"Smack", "No capability opens it. The kernel's log has the rule.", ""},
	};
	enum lc_module module = lc_module_of(target->label);
	bool is_container = target->kind == LC_TARGET_CONTAINER;

	lc_strbuf_addf(&finding->why, "%s confines %s as %s", modules[module].name,
		is_container ? "the container" : "what runs there", target->label);
	lc_strbuf_adds(&finding->help, modules[module].help);
	lc_strbuf_adds(&finding->help, is_container ? modules[module].of_container : "");
}

void lc_words_on_policy(struct lc_finding *finding, const struct lc_target *target, const char *what)
{
	words_on_label(finding, target);
	lc_strbuf_addf(&finding->why, ", no capability was lacking, and the policy decides about %s.", what);
}

void lc_words_on_policy_for_capabilities(struct lc_finding *finding, const struct lc_target *target)
{
	words_on_label(finding, target);
	lc_strbuf_adds(&finding->why, ", and such a profile may forbid a capability that was granted before.");
}

void lc_words_on_landlock(struct lc_finding *finding, const char *program, bool by_itself, const char *what)
{
	if (by_itself)
		lc_strbuf_adds(&finding->why, "The program has restricted itself by Landlock");
	else
		lc_strbuf_addf(
			&finding->why, "%s has restricted itself by Landlock, which what it starts inherits", program);
	lc_strbuf_addf(&finding->why, "; no capability was lacking, and Landlock decides about %s.", what);
	lc_strbuf_adds(&finding->help, "No capability opens it: the program's own rules for Landlock do.");
}

void lc_words_on_limit(struct lc_finding *finding, const struct lc_limit *limit)
{
	char name[LC_CAP_NAME_SIZE];

	lc_strbuf_addf(&finding->why, "It is beyond a resource limit (%s).", limit->limit);
	lc_strbuf_addf(&finding->help, "A higher limit (--ulimit %s=…) lets it through, and so does %s.", limit->ulimit,
		lc_cap_name(limit->cap, name));
}

void lc_words_on_nothing(struct lc_finding *finding, const struct lc_refused *refused)
{
	const struct lc_failure *failure = refused->failure;

	lc_strbuf_addf(&finding->why, "Nothing that is known explains why %s failed with %s%s.",
		failure->syscall ? failure->syscall : "it", failure->result ? failure->result : "an error",
		failure->denied || failure->asked ? "" : ": no capability was asked for");
}
