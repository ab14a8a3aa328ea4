/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of leastcap caps: what each form of it prints, and how it prints sets. */
#ifndef LEASTCAP_CLI_CAPS_H
#define LEASTCAP_CLI_CAPS_H

#include <leastcap/engine.h>
#include <leastcap/model.h>
#include <leastcap/strbuf.h>

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPS_COLUMNS 80

/* A growing list of words; those from the command line are not owned. */
struct lc_caps_words {
	const char **list;
	size_t n;
};

/* What was asked for on the command line. */
struct lc_caps_options {
	struct lc_engine_request request;
	const char *user;
	struct lc_caps_words add;
	struct lc_caps_words drop;
	struct lc_caps_words words; /* what to decode or to explain */
	const char *pid;
	bool json;
};

/* Each form prints to standard output and returns an exit status. Wrong input ends the program. */
int lc_caps_list(const struct lc_caps_options *options);
int lc_caps_explain(const struct lc_caps_options *options);
int lc_caps_decode(const struct lc_caps_options *options);
int lc_caps_process(const struct lc_caps_options *options);
int lc_caps_grant(const struct lc_caps_options *options);

/* Appends the names in MASK as a paragraph, which begins at column INDENT in the line that is there. */
void lc_caps_add_names(struct lc_strbuf *out, uint64_t mask, size_t indent);

/* Appends SETS, a paragraph for each, long ones shortened: "as bounding", "all but NET_RAW". */
void lc_caps_add_sets(struct lc_strbuf *out, const struct lc_sets *sets);

/* Appends TEXT, escaped already, as a paragraph that begins at COLUMN, its further lines at column INDENT. */
void lc_caps_add_paragraph(struct lc_strbuf *out, const char *text, size_t indent, size_t column);

/* {"mask": "0000000000001000", "names": ["NET_ADMIN"]} */
json_t *lc_caps_set_json(uint64_t mask);

/* Sets the five sets as members of OBJECT. */
void lc_caps_sets_json(json_t *object, const struct lc_sets *sets);

/* Prints and frees OUT, or VALUE (NULL: out of memory). The exit status. */
int lc_caps_print(struct lc_strbuf *out);
int lc_caps_print_json(json_t *value);

/* The capability called NAME, or the end of the program with LC_EXIT_USAGE. */
uint64_t lc_caps_read_capability(const char *name);

#endif
