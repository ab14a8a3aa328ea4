/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `leastcap top` shows, again and again: on the screen, or as lines. */
#ifndef LEASTCAP_CLI_SHOWING_H
#define LEASTCAP_CLI_SHOWING_H

#include <leastcap/top.h>

#include <stdbool.h>
#include <stdint.h>

struct lc_showing {
	struct lc_top top;
	struct lc_top_view view;
	struct lc_top_screen *screen; /* NULL: there is none */
	bool is_batch;                /* lines are to be printed */
	int64_t delay_ns;             /* between two looks */
	bool is_counted;              /* LEFT says how many there are still to be */
	uint64_t left;
	bool any; /* there was one */
};

/* Whether the terminal can be taken. Ends the program as lc_showing_begin does where it can't. */
void lc_showing_check(const struct lc_showing *showing);

/* Takes the terminal, unless lines are to be printed. Ends the program with LC_EXIT_USAGE where it is none. */
void lc_showing_begin(struct lc_showing *showing);

/* Takes PROFILE (moved), all that was seen until now, and shows it. False: that was the last, or nobody reads any more. */
bool lc_showing_take(struct lc_showing *showing, struct lc_profile *profile);

/* Shows what is known in the meantime. As lc_showing_take. */
bool lc_showing_show(struct lc_showing *showing);

/* Does what the keys that were pressed ask for, and draws. False: to leave. Without a screen there are none. */
bool lc_showing_keys(struct lc_showing *showing);

/* Frees everything, and gives the terminal back. */
void lc_showing_end(struct lc_showing *showing);

/* Where what others have seen is. */
struct lc_showing_source {
	void *context;
	/*
	 * Reads it into PROFILE (zeroed before): 1; 0 where it is what it was, unless ALL of it is wanted anyhow; or a negative errno with *MESSAGE (caller frees).
	 */
	int (*read)(void *context, bool all, struct lc_profile *profile, char **message);
	bool may_fail; /* once it has been read it may fail, and is tried again */
};

/* Takes the terminal, and shows what SOURCE has, as it grows, until somebody has seen enough. 0, or a negative errno, which has been said. */
int lc_showing_follow(struct lc_showing *showing, const struct lc_showing_source *source);

/* Shows what the store in DIRECTORY has seen since SINCE_NS (see lc_store_read), as it grows. An exit status. */
int lc_showing_store(struct lc_showing *showing, const char *directory, int64_t since_ns);

/* A service, and how to reach it. */
struct lc_showing_service {
	const char *url;        /* "http://…", "https://…", "unix:PATH" */
	const char *token_file; /* its first line is what the service wants to be shown; NULL: nothing */
	const char *ca_file;    /* who signs its certificate; NULL: the system's */
};

/* Shows what SERVICE tells, as it grows. An exit status. */
int lc_showing_connect(struct lc_showing *showing, const struct lc_showing_service *service);

struct lc_recorder;

/* Shows what RECORDER's options have recorded, as it grows. An exit status. */
int lc_showing_record(struct lc_showing *showing, struct lc_recorder *recorder);

#endif
