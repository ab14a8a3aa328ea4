/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What YAML may ask of its reader. No honest file comes near these limits, and a hostile one must not keep the reader busy. */
#ifndef LEASTCAP_YAML_LIMITS_H
#define LEASTCAP_YAML_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

/* Of a file, in all its documents together. libyaml looks through all anchors for each anchor and each alias. */
#define LC_YAML_MAX_ANCHORS 1000
#define LC_YAML_MAX_ALIASES 10000
/* The same for the directives before a document. */
#define LC_YAML_MAX_DIRECTIVES 100
/* Keys that are compared while a file is read: with aliases and merge keys a short file can make them many. */
#define LC_YAML_MAX_COMPARISONS ((size_t)20000000)

/* What is too much in a text, and where. */
struct lc_yaml_excess {
	const char *what;
	yaml_mark_t mark;
};

/*
 * Whether LENGTH bytes of TEXT, which is UTF-8, go beyond one of these limits; *EXCESS is then the first place where they do, and else
 * zero. This is asked before libyaml's parser reads the text. Here the text is only split into tokens, for which libyaml looks ahead
 * at most 1024 characters (yaml-0.2 scanner.c, yaml_parser_stale_simple_keys), so that the time is in proportion to what lies before
 * the excess. False also where libyaml finds something wrong or has no memory, because its parser says so later.
 */
bool lc_yaml_exceeds(const char *text, size_t length, struct lc_yaml_excess *excess);

#endif
