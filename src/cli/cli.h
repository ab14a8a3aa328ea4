/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the subcommands share: exit statuses, the parsing of options, the list of subcommands. */
#ifndef LEASTCAP_CLI_H
#define LEASTCAP_CLI_H

#include "src/cli/words.h"

#include <leastcap/failure.h>

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	LC_EXIT_OK = 0,
	LC_EXIT_FAILURE = 1,    /* it could not be done */
	LC_EXIT_USAGE = 2,      /* bad input: options, files */
	LC_EXIT_INCOMPLETE = 3, /* done, but checks were lost */
	LC_EXIT_PARTIAL = 4,    /* done, but not all of a container's life was recorded */
	LC_EXIT_CANNOT_RUN = 126,
	LC_EXIT_NOT_FOUND = 127,
};

/* Options without a letter: the letters are strace's. */
enum {
	LC_OPTION_FOR = 256,
	LC_OPTION_CGROUP,
	LC_OPTION_HOOK,
	LC_OPTION_BTF,
	LC_OPTION_KEYS,
	LC_OPTION_MODE,
	LC_OPTION_REFUSALS,
	LC_OPTION_START_UNTIL,
	LC_OPTION_COMPOSE_FILE,
	LC_OPTION_MANIFEST,
	LC_OPTION_COLOR,
	LC_OPTION_CHOOSING = 320,  /* those that choose targets */
	LC_OPTION_INPUTS = 352,    /* those that choose a store */
	LC_OPTION_LISTENING = 368, /* those that say where a service answers */
	LC_OPTION_SERVING = 376,   /* those that say what a service records, and how it keeps that */
	LC_OPTION_PROVING = 384,   /* those of a proof */
	LC_OPTION_OWN = 512,       /* from here on each subcommand has its own */
};

/* Prints one line to standard output: version, commit, and what this build can do. */
void lc_cli_print_version(void);

/* The commit that this was built of; "unknown" where nothing says so. */
const char *lc_cli_commit(void);

/* One subcommand. ARGV[0] is its name. */
struct lc_command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
	const struct argp *argp; /* its options */
	bool privileged;         /* it uses the capabilities that the program's file may give to whoever runs it */
};

/* The subcommands, *N of them. */
const struct lc_command *lc_cli_commands(size_t *n);

/* The subcommand called NAME, or NULL. */
const struct lc_command *lc_cli_command(const char *name);

int lc_cmd_record(int argc, char **argv);
int lc_cmd_run(int argc, char **argv);
int lc_cmd_prove(int argc, char **argv);
int lc_cmd_report(int argc, char **argv);
int lc_cmd_apply(int argc, char **argv);
int lc_cmd_harden(int argc, char **argv);
int lc_cmd_trace(int argc, char **argv);
int lc_cmd_explain(int argc, char **argv);
int lc_cmd_audit(int argc, char **argv);
int lc_cmd_check(int argc, char **argv);
int lc_cmd_diff(int argc, char **argv);
int lc_cmd_merge(int argc, char **argv);
int lc_cmd_store(int argc, char **argv);
int lc_cmd_watch(int argc, char **argv);
int lc_cmd_serve(int argc, char **argv);
int lc_cmd_top(int argc, char **argv);
int lc_cmd_caps(int argc, char **argv);
int lc_cmd_hook(int argc, char **argv);
int lc_cmd_doctor(int argc, char **argv);

extern const struct argp lc_argp_record;
extern const struct argp lc_argp_hook;
extern const struct argp lc_argp_run;
extern const struct argp lc_argp_prove;
extern const struct argp lc_argp_report;
extern const struct argp lc_argp_apply;
extern const struct argp lc_argp_harden;
extern const struct argp lc_argp_trace;
extern const struct argp lc_argp_explain;
extern const struct argp lc_argp_audit;
extern const struct argp lc_argp_check;
extern const struct argp lc_argp_diff;
extern const struct argp lc_argp_merge;
extern const struct argp lc_argp_store;
extern const struct argp lc_argp_watch;
extern const struct argp lc_argp_serve;
extern const struct argp lc_argp_top;
extern const struct argp lc_argp_caps;
extern const struct argp lc_argp_doctor;

/*
 * Parses ARGV by ARGP into INPUT. An unknown option, or a missing or wrong argument, is said in one line with the nearest option's
 * name, and ends the program with LC_EXIT_USAGE. --help ends it with LC_EXIT_OK. IN_ORDER: the first word that is no option ends
 * the options, because a command's own follow.
 */
void lc_cli_parse(const struct argp *argp, int argc, char **argv, bool in_order, void *input);

/* Says what is wrong with the command line, in one line, and ends the program with LC_EXIT_USAGE. */
void lc_cli_usage_error(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/*
 * Splits ARGV at "--", because argp would take the command's words for containers. Returns how many words are before it. *COMMAND
 * becomes what follows, and is unchanged when there is no "--".
 */
int lc_cli_split(int argc, char **argv, char ***command);

/*
 * The number of the one of WORDS that is TEXT, which OPTION ("--color") was given; or the end of the program with LC_EXIT_USAGE, all of the words, and
 * the nearest.
 */
size_t lc_cli_parse_word(const char *option, const char *text, const struct lc_words *words);

/* The hook called NAME ("fexit", …), or the end of the program with LC_EXIT_USAGE. */
const char *lc_cli_parse_hook(const char *name);

/* The refused calls called NAME ("all", "checked"), or the end of the program with LC_EXIT_USAGE. */
enum lc_refusals lc_cli_parse_refusals(const char *name);

/* Whether FORMAT of a command that knows text and json is json, or the end of the program with LC_EXIT_USAGE. */
bool lc_cli_parse_json(const char *format);

/* The engine called NAME (enum lc_engine), or the end of the program with LC_EXIT_USAGE. */
int lc_cli_parse_engine(const char *name);

/* The bytes that TEXT says ("500M", "2G"), which OPTION ("--size") was given, or the end of the program with LC_EXIT_USAGE. */
uint64_t lc_cli_parse_size(const char *option, const char *text);

/* The number of keys in TEXT (16 to 1,048,576), or the end of the program with LC_EXIT_USAGE. */
uint32_t lc_cli_parse_keys(const char *text);

/* The mode of a file in TEXT, octal, or the end of the program with LC_EXIT_USAGE. */
mode_t lc_cli_parse_mode(const char *text);

/* The capabilities in TEXT, with commas between, which OPTION ("--accept") was given, or the end of the program with LC_EXIT_USAGE. */
uint64_t lc_cli_parse_caps(const char *option, const char *text);

/*
 * Has a person at the terminal agree to WHAT, a sentence, because whatever runs there feels it. Ends the program if he does not; without a terminal with
 * LC_EXIT_USAGE and the name of what asks for it, OPTION.
 */
void lc_cli_agree(const char *option, const char *what);

/* The process number in TEXT, which OPTION ("-p") was given, or the end of the program with LC_EXIT_USAGE. */
pid_t lc_cli_parse_pid(const char *option, const char *text);

/*
 * Parses a duration ("30s", "10m", "1h", "500ms", "2.5s"; a bare number is seconds) to *NANOSECONDS. 0 or -EINVAL (*NANOSECONDS is
 * unchanged).
 */
int lc_cli_parse_duration(const char *text, int64_t *nanoseconds);

#endif
