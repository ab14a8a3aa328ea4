/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Printing a report to the terminal, a pipe or a file. */
#include "src/cli/output.h"
#include "src/cli/cli.h"
#include "src/cli/color.h"

#include <leastcap/cleanup.h>
#include <leastcap/log.h>
#include <leastcap/suggest.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* More formats no command has. */
#define LC_MOST_CHOICES 32

static struct lc_style style_on(int fd, bool verbose)
{
	bool is_terminal = isatty(fd);
	struct lc_style style = {.color = lc_color_is_wanted(is_terminal), .columns = 80, .verbose = verbose};
	struct winsize size;

	if (is_terminal && !ioctl(fd, TIOCGWINSZ, &size) && size.ws_col >= 40)
		style.columns = size.ws_col;
	return style;
}

struct lc_style lc_output_style(FILE *stream, bool verbose)
{
	return style_on(fileno(stream), verbose);
}

/* The temporary file that must not stay: its name, which no other file ever has, and its directory, a descriptor. */
static char temporary_name[NAME_MAX + 1];
static int temporary_directory;

void lc_output_remove_temporary(void)
{
	if (temporary_name[0])
		unlinkat(temporary_directory, temporary_name, 0);
}

/* Does only what is allowed in a handler (signal-safety(7)). The signal is raised again, and has its default effect. */
static void remove_at_signal(int number)
{
	lc_output_remove_temporary();
	raise(number);
}

/* Has FILE's temporary file removed when a signal or a mistake in the input ends the program. */
static void remove_at_end(const struct lc_output_file *file)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM};
	const char *name = lc_output_file_temporary(file, &temporary_directory);

	if (!name)
		return;
	snprintf(temporary_name, sizeof(temporary_name), "%s", name);
	atexit(lc_output_remove_temporary);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction action;

		/* A signal that is ignored (nohup) stays so. */
		if (sigaction(signals[i], NULL, &action) || action.sa_handler != SIG_DFL)
			continue;
		action = (struct sigaction){.sa_handler = remove_at_signal, .sa_flags = (int)SA_RESETHAND};
		sigaction(signals[i], &action, NULL);
	}
}

error_t lc_output_parse(struct lc_output_wanted *wanted, int key, char *argument)
{
	switch (key) {
	case 'o':
		wanted->path = argument;
		return 0;
	case LC_OPTION_MODE:
		wanted->mode = lc_cli_parse_mode(argument);
		wanted->has_mode = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int lc_output_open(struct lc_output_file **file, const struct lc_output_wanted *wanted, const struct lc_log *log)
{
	_cleanup_free_ char *message = NULL;
	int r = lc_output_file_open(file, wanted->path, wanted->has_mode ? &wanted->mode : NULL, &message);

	if (!r) {
		remove_at_end(*file);
		return LC_EXIT_OK;
	}
	lc_log(log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	return r == -EEXIST || r == -EISDIR || r == -ELOOP ? LC_EXIT_USAGE : LC_EXIT_FAILURE;
}

static void list_choices(const struct lc_output_choice *choices, size_t n)
{
	int width = 0;

	for (size_t i = 0; i < n; i++)
		width = (int)strlen(choices[i].name) > width ? (int)strlen(choices[i].name) : width;
	for (size_t i = 0; i < n; i++)
		printf("%-*s  %s\n", width, choices[i].name, choices[i].description);
}

size_t lc_output_choose(const char *name, const struct lc_output_choice *choices, size_t n, const char *command)
{
	const char *words[LC_MOST_CHOICES];
	const char *near;

	if (!strcmp(name, "list")) {
		list_choices(choices, n);
		exit(LC_EXIT_OK);
	}
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(name, choices[i].name))
			return i;
		words[i] = choices[i].name;
	}
	near = lc_suggest(name, words, n);
	if (near)
		lc_cli_usage_error("unknown format '%s'; did you mean '%s'?", name, near);
	lc_cli_usage_error("unknown format '%s'; '%s' names them", name, command);
}

const struct lc_report_format *lc_output_parse_format(const char *name)
{
	const struct lc_report_format *const *formats = lc_report_formats();
	struct lc_output_choice choices[LC_MOST_CHOICES];
	size_t n = 0;

	for (; formats[n] && n < LC_MOST_CHOICES; n++)
		choices[n] = (struct lc_output_choice){formats[n]->name, formats[n]->description};
	return formats[lc_output_choose(name, choices, n, "leastcap report -f list")];
}

/* The formats that also tell what targets hold. Every other one only tells what they need. */
static const char *const factual_formats[] = {"text", "json", "sarif", "markdown", "html"};

void lc_output_check_watched(const struct lc_profile *profile, const struct lc_report_format *format)
{
	if (!lc_profile_is_unwatched(profile))
		return;
	for (size_t i = 0; i < sizeof(factual_formats) / sizeof(factual_formats[0]); i++) {
		if (!strcmp(format->name, factual_formats[i]))
			return;
	}
	lc_cli_usage_error(
		"-f %s needs what was used, which nobody watched; 'leastcap audit --for 10m' watches it", format->name);
}

int lc_output_text(const struct lc_strbuf *text)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	int r = text->failed ? -ENOMEM : 0;

	if (!r && text->length && fwrite(text->text, 1, text->length, stdout) != text->length)
		r = -errno;
	if (fflush(stdout) && !r)
		r = -errno;
	/* A reader that has seen enough (| head) is no failure worth a line. */
	if (r && r != -EPIPE)
		lc_log(&log, LC_LOG_ERROR, "standard output: %s", strerror(-r));
	return r;
}

int lc_output_text_to(const struct lc_strbuf *text, struct lc_output_file *file)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	_cleanup_free_ char *message = NULL;
	int r;

	if (!file)
		return lc_output_text(text);
	r = text->failed ? -ENOMEM : lc_output_file_write(file, text->text ? text->text : "", text->length, &message);
	if (!r)
		r = lc_output_file_place(file, &message);
	if (r && r != -EPIPE)
		lc_log(&log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	return r;
}

int lc_output_report(const struct lc_profile *profile, const struct lc_report_format *format,
	struct lc_output_file *file, unsigned int flags)
{
	return lc_output_report_at(profile, format, file, flags, NULL);
}

int lc_output_report_at(const struct lc_profile *profile, const struct lc_report_format *format,
	struct lc_output_file *file, unsigned int flags, const char *const *helm_paths)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	struct lc_style style = style_on(file ? lc_output_file_fd(file) : STDOUT_FILENO, flags & LC_OUTPUT_VERBOSE);
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	int r;

	style.cap_prefix = flags & LC_OUTPUT_CAP_PREFIX;
	style.details = flags & LC_OUTPUT_DETAILS;
	style.helm_paths = helm_paths;
	r = format->render(profile, &style, &text);
	if (!r)
		return lc_output_text_to(&text, file);
	lc_log(&log, LC_LOG_ERROR, "cannot make the report: %s", strerror(-r));
	return r;
}

void lc_output_lost(const struct lc_log *log, const struct lc_profile *profile, const bool *meant)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_report_add_lost_of(&text, profile, meant, NULL);
	if (text.length)
		lc_log(log, LC_LOG_WARN, "%s", text.text);
}
