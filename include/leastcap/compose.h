/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compose files: what their services are granted, and the smallest edit that makes it what was recorded. */
#ifndef LEASTCAP_COMPOSE_H
#define LEASTCAP_COMPOSE_H

#include <leastcap/log.h>
#include <leastcap/model.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From which port on everybody may bind, in the container's network. */
#define LC_COMPOSE_PORTS_SYSCTL "net.ipv4.ip_unprivileged_port_start"

struct lc_edits;
struct lc_yaml_tree;
struct lc_yaml_node;

enum lc_compose_list { LC_COMPOSE_CAP_ADD, LC_COMPOSE_CAP_DROP, LC_COMPOSE_LIST_N };

/* The keys of a service that decide what it is granted and which container it is. */
enum lc_compose_key {
	LC_COMPOSE_KEY_CAP_ADD, /* as in enum lc_compose_list */
	LC_COMPOSE_KEY_CAP_DROP,
	LC_COMPOSE_KEY_PRIVILEGED,
	LC_COMPOSE_KEY_IMAGE,
	LC_COMPOSE_KEY_CONTAINER_NAME,
	LC_COMPOSE_KEY_USER,
	LC_COMPOSE_KEY_USERNS_MODE,
	LC_COMPOSE_KEY_SECURITY_OPT,
	LC_COMPOSE_KEY_N
};

/* A value that is not known from the file: it has a variable that compose replaces, or is nothing that the key takes. */
struct lc_compose_unknown {
	char *text;  /* as the file has it, hostile; NULL: the value is known */
	size_t line; /* from 1 */
};

/* One entry of cap_add or cap_drop, in either spelling, hostile. */
struct lc_compose_entry {
	enum lc_compose_list list;
	char *text;    /* as the file has it, without quotes */
	uint64_t mask; /* the capability; 0 for ALL and for what is none */
	bool all;
	bool variable; /* has a variable that compose replaces: the value is not known here */
	bool repeated; /* the list has the capability already */
	size_t line;   /* from 1; it can be in a service or anchor that this service has the entry from */
};

/*
 * One service, after anchors, merge keys and "extends" within the file. Lines count from 1; 0 where the file says nothing.
 * What it extends from another file is not read, so that its lists may be longer than they are here.
 */
struct lc_compose_service {
	char *name;
	char *image;          /* NULL where there is none */
	char *container_name; /* the same */
	char *user;           /* the same */
	char *other_file;     /* the other file of which it extends a service, or NULL */
	bool open_ports;      /* a sysctl lets everybody bind ports below 1024 */
	bool privileged;      /* also where it is not known */
	uint64_t cap_add;     /* the union of the entries' masks */
	uint64_t cap_drop;    /* the same */
	bool add_all;
	bool drop_all;
	size_t line;
	size_t privileged_line;
	size_t list_line[LC_COMPOSE_LIST_N];
	bool list_overrides[LC_COMPOSE_LIST_N]; /* "!override": nothing that the service extends is added */
	struct lc_compose_unknown
		unknown[LC_COMPOSE_KEY_N]; /* of a list: the list itself, or an entry that is no capability's */
	struct lc_compose_entry *entries;  /* of both lists, in the file's order */
	size_t n_entries;
	const struct lc_yaml_node *key;   /* where it stands in the tree */
	const struct lc_yaml_node *value; /* an alias or a mapping */
};

struct lc_compose {
	char *path;                          /* as given, for messages */
	char *name;                          /* the project's; NULL where the file does not say */
	struct lc_compose_service *services; /* in the file's order */
	size_t n_services;
	size_t services_line; /* where "services" stands */
	struct lc_yaml_tree *tree;
};

/*
 * Reads LENGTH bytes of TEXT, a compose file that messages call PATH, into FILE (zeroed before). 0, or -EINVAL (no YAML, no
 * compose file), -EFBIG or -ENOMEM with FILE zero again and *MESSAGE (caller frees) saying in a line what is wrong:
 * "compose.yaml:3:7: …".
 */
int lc_compose_parse(struct lc_compose *file, const char *path, const char *text, size_t length, char **message);

/* The same for TREE, which has been read from such a text. FILE takes TREE over; when this fails, TREE is freed. */
int lc_compose_from_tree(struct lc_compose *file, const char *path, struct lc_yaml_tree *tree, char **message);

/* Reads the file at PATH. As lc_compose_parse; also -errno of open and read. */
int lc_compose_load(struct lc_compose *file, const char *path, char **message);

/* "cap_add", "privileged", … */
const char *lc_compose_key_name(enum lc_compose_key key);

/* Frees everything that FILE owns and zeroes it. */
void lc_compose_clear(struct lc_compose *file);

/* For each target of PROFILE whether it is one of FILE's services, in an array that the caller frees; NULL when out of memory. */
bool *lc_compose_known(const struct lc_compose *file, const struct lc_profile *profile);

/* What one container's service is to become, in the place of what was recorded. */
struct lc_compose_change {
	uint64_t cap_add;
	const char *user; /* "33:33"; NULL: as it is */
	bool of_image;    /* the image starts as USER itself, so that only a service that says otherwise is changed */
	bool open_ports;  /* with the sysctl by which everybody may bind ports below 1024 */
};

/* Why SERVICE can't become what CHANGE says, behind a colon; NULL: it can. */
const char *lc_compose_refusal(const struct lc_compose_service *service, const struct lc_compose_change *change);

/* The stage of its Dockerfile that SERVICE builds; NULL: the last one, or it builds none. */
const char *lc_compose_build_target(const struct lc_compose_service *service);

/* Whether SERVICE says how its image is built. */
bool lc_compose_builds(const struct lc_compose_service *service);

/* What is mounted where PATH lies in SERVICE. */
enum lc_compose_mount { LC_COMPOSE_NO_MOUNT, LC_COMPOSE_VOLUME, LC_COMPOSE_HOST_DIRECTORY };
enum lc_compose_mount lc_compose_mount_of(const struct lc_compose_service *service, const char *path);

/* For each target of PROFILE the service of FILE that it is of, or NULL, in an array that the caller frees; NULL when out of memory. LOG gets a line for each that is of none. */
const struct lc_compose_service **lc_compose_services_of(
	const struct lc_compose *file, const struct lc_profile *profile, const struct lc_log *log);

/*
 * Fills EDITS (zeroed before), sorted, with those of FILE's text that make each service drop all capabilities and add those that its containers
 * need by PROFILE; none where that is so already. LOG gets a line for each thing that is wrong with the file or that no edit can do; MENDED:
 * nothing of what the edits mend. 0 with the number of recorded services that could not be brought to it in *LEFT, or -errno with *LEFT
 * unchanged; EDITS is to be cleared in any case.
 */
int lc_compose_edits(const struct lc_compose *file, const struct lc_profile *profile, bool mended,
	const struct lc_log *log, struct lc_edits *edits, size_t *left);

/*
 * Appends to DIFF the unified diff that such edits make of FILE; nothing without edits. CHANGES, an element for each target, says what a target's
 * service becomes instead; NULL: what was recorded. As lc_compose_edits.
 */
int lc_compose_patch(const struct lc_compose *file, const struct lc_profile *profile,
	const struct lc_compose_change *changes, const struct lc_log *log, struct lc_strbuf *diff, size_t *left);

#endif
