/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What YAML may ask of its reader, counted over its tokens. */
#include "limits.h"

#include <leastcap/yaml.h>

/* How much there has been of what is limited. */
struct tally {
	size_t depth;
	size_t anchors;
	size_t aliases;
	size_t directives;
};

/* Counts TOKEN. Returns what there is too much of with it, or NULL. */
static const char *count(struct tally *tally, const yaml_token_t *token)
{
	switch (token->type) {
	case YAML_BLOCK_SEQUENCE_START_TOKEN:
	case YAML_BLOCK_MAPPING_START_TOKEN:
	case YAML_FLOW_SEQUENCE_START_TOKEN:
	case YAML_FLOW_MAPPING_START_TOKEN:
		return ++tally->depth > LC_YAML_MAX_DEPTH ? "nested deeper than leastcap reads" : NULL;
	case YAML_BLOCK_END_TOKEN:
	case YAML_FLOW_SEQUENCE_END_TOKEN:
	case YAML_FLOW_MAPPING_END_TOKEN:
		/* The parser complains about a closing bracket too many. */
		tally->depth -= tally->depth > 0;
		return NULL;
	case YAML_ANCHOR_TOKEN:
		return ++tally->anchors > LC_YAML_MAX_ANCHORS ? "more anchors than leastcap reads" : NULL;
	case YAML_ALIAS_TOKEN:
		return ++tally->aliases > LC_YAML_MAX_ALIASES ? "more aliases than leastcap reads" : NULL;
	case YAML_TAG_DIRECTIVE_TOKEN:
		return ++tally->directives > LC_YAML_MAX_DIRECTIVES ? "more directives than leastcap reads" : NULL;
	default:
		return NULL;
	}
}

bool lc_yaml_exceeds(const char *text, size_t length, struct lc_yaml_excess *excess)
{
	yaml_parser_t parser;
	struct tally tally = {0};
	bool more = true;

	*excess = (struct lc_yaml_excess){0};
	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
	while (more && !excess->what) {
		yaml_token_t token;

		if (!yaml_parser_scan(&parser, &token))
			break;
		more = token.type != YAML_STREAM_END_TOKEN;
		excess->what = count(&tally, &token);
		excess->mark = token.start_mark;
		yaml_token_delete(&token);
	}
	yaml_parser_delete(&parser);
	return excess->what;
}
