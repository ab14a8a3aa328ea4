/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A screen that shows which containers use which capabilities now: what it knows, what it looks like, what its keys do, and the terminal. */
#ifndef LEASTCAP_TOP_H
#define LEASTCAP_TOP_H

#include <leastcap/model.h>
#include <leastcap/sha256.h>
#include <leastcap/strbuf.h>
#include <leastcap/table.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- What it knows ---- */

/* What the list is sorted by. Where two agree, the score and then the name decide. */
enum lc_top_order { LC_TOP_BY_SCORE, LC_TOP_BY_RATE, LC_TOP_BY_REFUSED, LC_TOP_BY_CAPS, LC_TOP_BY_NAME, LC_TOP_ORDERS };

/* The words for them ("score", …), which --sort takes. */
extern const char *const lc_top_orders[LC_TOP_ORDERS];

/* A target in the list. The targets are those of the profiles that were taken. */
struct lc_top_row {
	char key[LC_SHA256_SIZE]; /* what it is known again by */
	const struct lc_target *target;
	const struct lc_target *before; /* the same in the profile that was taken before; NULL: it was not in it */
	const struct lc_target *fresh;  /* what was added of it last; NULL: nothing */
	uint64_t score;
	bool is_rated;       /* its score rests on an audit, or at least on what it is granted */
	uint64_t ever;       /* what it needs, and what it was denied */
	uint64_t now;        /* those of EVER that it asked for since the profile before */
	uint64_t checks;     /* of its workload */
	uint64_t new_checks; /* since the profile before */
	bool has_before;     /* there was one */
	bool is_added;       /* FRESH says what is new, and not BEFORE */
	uint64_t refused;    /* calls that were refused and that programs do not get over */
	uint64_t lost;
};

/* A piece of a target's evidence in the detail: the checks of one class, program and call, or refused calls. What is pointed to is the target's. */
struct lc_top_piece {
	const struct lc_check *check;     /* the most frequent one; NULL: it is of refused calls */
	const struct lc_failure *failure; /* likewise; NULL: it is of checks */
	uint64_t count;
	uint64_t more; /* of COUNT, since the profile before */
};

/* Zero-initialise to start; lc_top_clear frees it. */
struct lc_top {
	enum lc_top_order order;
	char *filter;      /* a part of a name, an image, a project or a capability's name; NULL: none. Owned */
	char **names;      /* only targets that answer to one of them (lc_target_answers). Lent */
	size_t n_names;    /* 0: all */
	const char *where; /* what is looked at: "recording with fexit", "store team"; hostile. Lent */
	struct lc_profile now;
	struct lc_profile before; /* lc_top_take */
	struct lc_profile fresh;  /* lc_top_add: what was added last; of its targets only what they did */
	bool has_before;          /* of what is new something can be said */
	bool is_added;            /* by lc_top_add */
	int64_t interval_ns;      /* between the two */
	int64_t taken_ns;         /* when NOW was taken, CLOCK_MONOTONIC */
	struct lc_top_row *rows;
	size_t n_rows;
	size_t n_left_out; /* by names and filter */
};

/* Takes PROFILE (moved; it is empty afterwards), all that was seen until NOW_NS (CLOCK_MONOTONIC). 0 or -ENOMEM. */
int lc_top_take(struct lc_top *top, struct lc_profile *profile, int64_t now_ns);

/*
 * Adds INCREMENT (moved; it is empty afterwards), what was seen since the last was added, or since the recording began. The first one may be empty, and then says
 * when that was. Targets that have ended and that nothing was told of for a minute are forgotten. The rows are as they were, and may point nowhere, until
 * lc_top_arrange. 0 or -ENOMEM.
 */
int lc_top_add(struct lc_top *top, struct lc_profile *increment, int64_t now_ns);

/* Makes the rows again after order, filter or names have changed. 0 or -ENOMEM. */
int lc_top_arrange(struct lc_top *top);

/* The row that KEY is of; NULL where there is none (any more). */
const struct lc_top_row *lc_top_find(const struct lc_top *top, const char *key);

/* How many of NEW_CHECKS there were each second, in thousandths. */
uint64_t lc_top_rate(const struct lc_top *top, uint64_t new_checks);

/*
 * Makes *PIECES (caller frees) of ROW's evidence but for what the runtime or overlayfs asked: by class, capability and count, refused calls last. *N of them. 0, or
 * -ENOMEM with both unchanged.
 */
int lc_top_pieces(const struct lc_top_row *row, struct lc_top_piece **pieces, size_t *n);

/* Frees what TOP owns and zeroes it. */
void lc_top_clear(struct lc_top *top);

/* ---- What it looks like ---- */

enum lc_top_look {
	LC_TOP_PLAIN,
	LC_TOP_HEADING,
	LC_TOP_CHOSEN,
	LC_TOP_STRONG,
	LC_TOP_ALERT,
	LC_TOP_NEW, /* used just now */
	LC_TOP_FAINT,
	LC_TOP_LOOKS
};

/* A part of a line, in bytes. */
struct lc_top_span {
	size_t begin, end;
	enum lc_top_look look;
};

/* A line of the screen: text that is escaped, and has no more cells than the screen. Outside of its spans it looks as LOOK says. */
struct lc_top_line {
	struct lc_strbuf text;
	enum lc_top_look look;
	struct lc_top_span *spans;
	size_t n_spans;
};

struct lc_top_lines {
	struct lc_top_line *lines;
	size_t n;
	bool failed; /* an allocation failed: something is missing */
};

enum lc_top_pane { LC_TOP_LIST, LC_TOP_EVIDENCE, LC_TOP_TEXT };

/* What the person at the terminal has chosen. Zero-initialise to start; lc_top_view_clear frees it. */
struct lc_top_view {
	enum lc_top_pane pane;
	char chosen[LC_SHA256_SIZE]; /* the row in the list; "": the first */
	size_t first;                /* the first line of the list that is seen */
	size_t piece, first_piece;   /* the same in the evidence */
	char *text;                  /* LC_TOP_TEXT: what is read there, with line breaks, escaped. Owned */
	size_t first_line;           /* the first line of it that is seen */
	size_t text_width;           /* how many cells its lines were made for; 0: for any number */
	int cap;                     /* what it explains where they were: a capability; negative: all */
	enum lc_top_pane back;       /* where that was opened */
	bool typing;                 /* a filter */
	struct lc_strbuf typed;
	char *status;         /* what was done last, in a line, escaped; NULL: nothing. Owned */
	size_t width, height; /* of the screen when it was last drawn */
};

/* Frees what VIEW owns and zeroes it. */
void lc_top_view_clear(struct lc_top_view *view);

/* Appends to LINES what a screen of WIDTH × HEIGHT cells shows: HEIGHT lines. */
void lc_top_draw(
	const struct lc_top *top, struct lc_top_view *view, size_t width, size_t height, struct lc_top_lines *lines);

/* Appends the summary and every row as text, in WIDTH cells each (0: any number), for a pipe. 0 or -ENOMEM. */
int lc_top_print(const struct lc_top *top, size_t width, struct lc_strbuf *out);

/* Frees what LINES owns and zeroes it. */
void lc_top_lines_clear(struct lc_top_lines *lines);

/* ---- What its keys do ---- */

/* Keys that are no character have numbers above all characters. */
enum lc_top_key {
	LC_KEY_NONE = 0,
	LC_KEY_ENTER = '\n',
	LC_KEY_ESCAPE = 27,
	LC_KEY_ERASE = 127,
	LC_KEY_UP = 0x110000,
	LC_KEY_DOWN,
	LC_KEY_PAGE_UP,
	LC_KEY_PAGE_DOWN,
	LC_KEY_HOME,
	LC_KEY_END,
	LC_KEY_LEFT
};

/* What is left to be done about a key. */
enum lc_top_action {
	LC_TOP_NOTHING,
	LC_TOP_LEAVE,
	LC_TOP_SAVE, /* write the profile of the chosen target: lc_top_save */
};

/* Does what KEY, a character of Unicode or one of enum lc_top_key, asks for. Returns what else is to be done. */
enum lc_top_action lc_top_press(struct lc_top *top, struct lc_top_view *view, uint32_t key);

/* Sets what stands in the line for messages: TEXT, which is escaped here. */
void lc_top_say(struct lc_top_view *view, const char *text);

/*
 * Appends what `leastcap explain` says of TARGET's CAP (negative: of all that it needs, was denied and was refused), in lines of COLUMNS cells. 0 or -ENOMEM.
 */
int lc_top_explain(const struct lc_target *target, int cap, size_t columns, struct lc_strbuf *out);

/*
 * Writes the profile of the chosen target to a new file in the current directory, named after it and the time, with the rights of whoever called us. 0, and *PATH
 * (caller frees) is its name; or -errno with *MESSAGE (caller frees) in one line.
 */
int lc_top_save(const struct lc_top *top, const struct lc_top_view *view, char **path, char **message);

/* ---- The terminal ---- */

struct lc_top_screen;

/* Whether lc_top_screen_open will find a terminal: 0, -ENOTTY or -ENXIO as it says. */
int lc_top_screen_check(void);

/*
 * Takes the terminal that standard input and output are, in COLOR or without. 0; -ENOTTY: they are none; -ENXIO: TERM does not say which, or it
 * can't move its cursor; or -ENOMEM. However the program ends from here on, the terminal is then as it was before, unless it is killed.
 */
int lc_top_screen_open(struct lc_top_screen **screen, bool color);

/* Puts what TOP and VIEW look like on SCREEN, in the size that the terminal has now. */
void lc_top_screen_draw(struct lc_top_screen *screen, const struct lc_top *top, struct lc_top_view *view);

/* Whether the terminal has another size than what was drawn last. */
bool lc_top_screen_is_resized(const struct lc_top_screen *screen);

/* The next key, as lc_top_press takes it; LC_KEY_NONE: none has been pressed. -EIO: the terminal is gone. Does not wait. */
int64_t lc_top_screen_key(struct lc_top_screen *screen);

/* Gives the terminal back. SCREEN may be NULL. */
void lc_top_screen_close(struct lc_top_screen *screen);

/* The same for who ends the program by _exit(2), or in a signal's handler. */
void lc_top_screen_give_back(void);

#endif
