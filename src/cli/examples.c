/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of each subcommand's help: examples, and what its exit status says. */
#include "src/cli/examples.h"

#include <string.h>

/* How many examples a subcommand has. */
#define EXAMPLES 2

static const struct {
	const char *command;
	const char *examples[EXAMPLES];
} commands[] = {
	{"record", {"leastcap record -o web.json -- ./integration-tests.sh",
			   "leastcap record --restart web -- ./test.sh"}},
	{"run", {"leastcap run -- nginx -g 'daemon off;'", "leastcap run -o ping.json -u nobody -- ping -c 1 ::1"}},
	{"prove", {"leastcap prove -o web.json -- ./integration-tests.sh", "leastcap prove web -- ./test.sh"}},
	{"report", {"leastcap report web.json", "leastcap report -f docker -t web web.json"}},
	{"apply", {"leastcap apply --dry-run web.json", "leastcap apply --compose-file compose.yaml web.json"}},
	{"harden", {"leastcap harden web.json",
			   "leastcap harden --compose-file compose.yaml --dockerfile Dockerfile web.json"}},
	{"trace", {"leastcap trace web", "leastcap trace -- docker run --rm nginx nginx -t"}},
	{"explain", {"leastcap explain web.json SYS_ADMIN", "leastcap explain -t web web.json mount"}},
	{"audit", {"leastcap audit", "leastcap audit --for 10m web"}},
	{"top", {"leastcap top", "leastcap top -b -n 2 -d 10 --store /var/lib/leastcap"}},
	{"check", {"leastcap check --allow compose.yaml web.json",
			  "leastcap check -f junit --allow compose.yaml web.json"}},
	{"diff", {"leastcap diff old.json new.json", "leastcap diff --json old.json new.json"}},
	{"merge", {"leastcap merge run1.json run2.json -o all.json",
			  "leastcap merge --by-image host*.json -o fleet.json"}},
	{"store", {"leastcap store import ci/*.json", "leastcap report --store /var/lib/leastcap --since 30d"}},
	{"watch", {"leastcap watch", "leastcap watch --store team --since 7d --once --json"}},
	{"serve", {"leastcap serve", "leastcap serve --replay web.json"}},
	{"caps", {"leastcap caps CHOWN", "leastcap caps --engine docker --cap-drop ALL --cap-add CHOWN"}},
	{"hook", {"leastcap hook createRuntime <state.json",
			 "leastcap hook --in /srv/profiles createRuntime <state.json"}},
	{"doctor", {"leastcap doctor", "leastcap doctor --json"}},
};

static const char statuses[] = "Exit status:\n"
			       "  0         done\n"
			       "  1         it could not be done, or what was asked is not so\n"
			       "  2         bad input: options or files\n"
			       "  3         done, but checks were lost\n"
			       "  4         done, but a container's start was not recorded, or cut off\n"
			       "  126, 127  the command after -- can't be run, is not there\n"
			       "  others    that command's own\n";

void lc_examples_add(struct lc_strbuf *out, const char *command)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].command, command) != 0)
			continue;
		lc_strbuf_adds(out, "Examples:\n");
		for (size_t n = 0; n < EXAMPLES; n++)
			lc_strbuf_addf(out, "  %s\n", commands[i].examples[n]);
		lc_strbuf_adds(out, "\n");
	}
	lc_strbuf_adds(out, statuses);
}
