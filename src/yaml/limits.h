/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What YAML may ask of its reader: no honest file comes near it, and a hostile one must not keep the reader busy. */
#ifndef LEASTCAP_YAML_LIMITS_H
#define LEASTCAP_YAML_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

/* In a file, all its documents together. libyaml looks through all anchors for each anchor and each alias. */
#define LC_YAML_MAX_ANCHORS 1000
#define LC_YAML_MAX_ALIASES 10000
/* The same for the directives before a document. */
#define LC_YAML_MAX_DIRECTIVES 100
/* Keys that are compared while a file is read: aliases and merge keys can make them many of a short file. */
#define LC_YAML_MAX_COMPARISONS ((size_t)20000000)

/* What is too much in a text, and where. */
struct lc_yaml_excess {
	const char *what;
	yaml_mark_t mark;
};

/*
 * Whether LENGTH bytes of TEXT, which is UTF-8, go beyond one of these limits; *EXCESS is the first that they do. To be asked before libyaml's parser or loader is given the text: it is only split into tokens here,
 * a look ahead of at most a line's first 1024 characters (yaml-0.2 scanner.c, yaml_parser_stale_simple_keys), so that it takes
 * no more than time in proportion to what lies before the excess. Where libyaml finds something wrong, or has no memory, its
 * parser will say so: false.
 */
bool lc_yaml_exceeds(const char *text, size_t length, struct lc_yaml_excess *excess);

#endif
