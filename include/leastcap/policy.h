/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Policies: what a compose file, a Kubernetes manifest or an earlier profile allows, and what a profile needs beyond it. */
#ifndef LEASTCAP_POLICY_H
#define LEASTCAP_POLICY_H

#include <leastcap/engine.h>
#include <leastcap/log.h>
#include <leastcap/manifest.h>
#include <leastcap/model.h>
#include <leastcap/sarif.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What kind of file a policy comes from. */
enum lc_policy_kind { LC_POLICY_COMPOSE, LC_POLICY_KUBERNETES, LC_POLICY_PROFILE };

/* What one service, container or target of the file may hold. Strings are owned, hostile, and NULL when unknown. */
struct lc_allowed {
	char *name;
	char *other_name; /* compose's container_name */
	char *image;
	char *workload;                 /* the Kubernetes object whose pods have it: their names begin with its own */
	char *namespace;                /* the object's, NULL when the file does not say */
	char *where;                    /* "service web", "Deployment shop, container web", "targets[0]" */
	char *path;                     /* the file that has it, where that is not the policy's first */
	const struct lc_target *target; /* of an earlier profile */
	uint64_t caps;
	uint64_t dropped; /* by name */
	size_t line;      /* where a capability would be added; 0: unknown */
	size_t drop_line; /* where the dropped ones stand; 0: unknown */
	bool partly_read; /* it extends one of a file that was not read */
};

struct lc_policy {
	enum lc_policy_kind kind;
	char *path;
	char *project;             /* compose's, NULL when the file does not say */
	struct lc_profile profile; /* an earlier one */
	struct lc_allowed *list;
	size_t n;
	size_t unknown; /* values that are not known from the file; there was a warning for each */
	size_t n_more;  /* files besides the first */
};

/* How a policy is read. */
struct lc_policy_reading {
	const char *path; /* "-" is standard input */
	const enum lc_engine
		*engine; /* whose defaults and rules hold; NULL: Docker's with compose, containerd's with Kubernetes */
	const struct lc_log *log; /* gets a warning for each value that is not known from the file; or NULL */
};

/*
 * Reads a policy to POLICY (zeroed before). 0, or -errno; POLICY is then empty and *MESSAGE (caller frees) says in one line what is
 * wrong and where.
 */
int lc_policy_load(struct lc_policy *policy, const struct lc_policy_reading *reading, char **message);

/* The same for LENGTH bytes of TEXT, which is what the file has. */
int lc_policy_parse(struct lc_policy *policy, const struct lc_policy_reading *reading, const char *text, size_t length,
	char **message);

/* Adds what another file allows to POLICY: both have to be Kubernetes manifests. Errors as lc_policy_load; POLICY can then only be cleared. */
int lc_policy_add_file(struct lc_policy *policy, const struct lc_policy_reading *reading, char **message);

/* Frees everything that POLICY owns and zeroes it. */
void lc_policy_clear(struct lc_policy *policy);

/*
 * The next counterpart of TARGET in POLICY from *CURSOR (0 at first) on; NULL when there is none left. A service is found by its name.
 * A container is found by its name, with what is known of its pod, or by its image where nothing has that name. There are several
 * where the file does not tell them apart.
 */
const struct lc_allowed *lc_policy_next(const struct lc_policy *policy, const struct lc_target *target, size_t *cursor);

enum lc_finding_kind {
	LC_FINDING_UNKNOWN,  /* the target has no counterpart in the file */
	LC_FINDING_NEEDED,   /* it needs a capability that is not allowed */
	LC_FINDING_WANTED,   /* it was denied one that is not allowed, and a system call failed for it */
	LC_FINDING_SURVIVED, /* the same, and it may do without: programs do, or an earlier profile did */
	LC_FINDING_UNUSED,   /* capabilities are allowed, and nothing needed them */
	LC_FINDING_PARTIAL,  /* not all of its life was recorded: lc_seen_is_partial */
	LC_FINDING_UNPROVEN, /* its list is not proven, or only with a patch */
	LC_FINDING_UNTOLD,   /* values of the file are not known from it alone */
	LC_FINDING_STALE,    /* the baseline accepts what nothing needs */
	LC_FINDING_KIND_N
};

struct lc_accepted;

struct lc_finding {
	enum lc_finding_kind kind;
	bool fails;                       /* the check, by its rules; else it is a note */
	const struct lc_target *target;   /* NULL for LC_FINDING_UNUSED, LC_FINDING_UNTOLD and LC_FINDING_STALE */
	const struct lc_allowed *allowed; /* NULL for LC_FINDING_UNKNOWN, LC_FINDING_UNTOLD and LC_FINDING_STALE */
	const struct lc_accepted *
		accepted; /* the baseline's entry that it is about; where that has not expired, it does not fail for it */
	uint64_t caps;    /* one, or those that are unused; 0 where it is about none */
};

/* What there is to say about a profile under a policy; both must stay as they are meanwhile. */
struct lc_findings {
	struct lc_finding *list;
	size_t n;
	size_t n_failures;    /* of them */
	size_t n_partial;     /* of those LC_FINDING_PARTIAL */
	size_t n_accepted;    /* by the baseline */
	size_t n_passed_over; /* targets that the file does not know, and that nothing is said of */
	bool *recorded;       /* for each entry of the policy whether something was seen of a counterpart */
	const char *baseline; /* the path of what accepts something; NULL: there is none. Not owned */
};

/* What makes a check fail. */
struct lc_policy_rules {
	bool counts
		[LC_FINDING_KIND_N]; /* by kind of finding. LC_FINDING_UNUSED to LC_FINDING_UNTOLD are not looked for unless they count */
	bool ignore_unknown; /* nothing is said of what the file does not know */
	uint64_t spared;     /* capabilities whose denial is nobody's concern */
};

/*
 * Fills FINDINGS (zeroed before) by RULES: target by target, then what is allowed and unused, then values that are not known. 0, or -ENOMEM
 * with FINDINGS zero again.
 */
int lc_policy_check(const struct lc_policy *policy, const struct lc_profile *profile,
	const struct lc_policy_rules *rules, struct lc_findings *findings);

/* For each target of PROFILE whether POLICY has a counterpart, in an array that the caller frees; NULL when out of memory. */
bool *lc_policy_known(const struct lc_policy *policy, const struct lc_profile *profile);

/* Fills PLACES, one for each target of PROFILE, with where its counterpart in POLICY stands; it has no path where there is none. */
void lc_policy_places(const struct lc_policy *policy, const struct lc_profile *profile, struct lc_sarif_place *places);

/* What is to be changed in a file of manifests. */
struct lc_manifest_result {
	struct lc_edits edits; /* zeroed before, and to be cleared in any case */
	size_t left;           /* recorded containers that could not be brought to what they need */
	bool *known;           /* of each target: set where the file has it; the caller's */
};

/*
 * Finds the edits by which each container of MANIFEST that has a counterpart in PROFILE drops all capabilities and adds those that it needs. POLICY
 * has been read from the same file. LOG gets a line for each thing that is wrong with it or that no edit can do. 0 or -errno.
 */
int lc_policy_manifest_edits(const struct lc_policy *policy, const struct lc_manifest *manifest,
	const struct lc_profile *profile, const struct lc_log *log, struct lc_manifest_result *result);

/* Frees what FINDINGS owns and zeroes it. */
void lc_findings_clear(struct lc_findings *findings);

/* The word for KIND, as programs read it: "needed", "wanted", … */
const char *lc_finding_kind_name(enum lc_finding_kind kind);

/* Whether FINDING is about the recording or the file as a whole, and no line of the file. */
bool lc_finding_is_about_recording(const struct lc_finding *finding);

/* The file that FINDING is about: its entry's, or the first. */
const char *lc_finding_path(const struct lc_policy *policy, const struct lc_finding *finding);

/* The line of the file that FINDING is about; 0: unknown. */
size_t lc_finding_line(const struct lc_finding *finding);

/* Appends what FINDING says: "web (nginx): needs CHOWN, which is not allowed: nginx chown /x; add it to …", escaped for terminals. */
void lc_policy_add_message(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_finding *finding);

/* Appends it as a line with its place: "compose.yaml:7: …". One that does not fail is marked as a note. */
void lc_policy_add_finding(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_finding *finding);

/*
 * Appends the line of a check that passed: "5 services keep within compose.yaml", and what of the file was not recorded. Nothing where nothing
 * was.
 */
void lc_policy_add_pass(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_findings *findings);

/* A check that was made. */
struct lc_policy_result {
	const struct lc_policy *policy;
	const struct lc_profile *profile;
	const struct lc_findings *findings;
	const bool *known; /* of each target: lc_policy_known */
};

/* Whether RESULT is that all keep within the file, as far as that was seen. */
bool lc_policy_passed(const struct lc_policy_result *result);

/* A format in which programs take RESULT. */
struct lc_policy_format {
	const char *name;                                                            /* as given to -f */
	const char *description;                                                     /* one line for -f list */
	int (*render)(const struct lc_policy_result *result, struct lc_strbuf *out); /* 0 or -errno */
};

/* Every format, ended by NULL. */
const struct lc_policy_format *const *lc_policy_formats(void);

#endif
