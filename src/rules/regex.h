#ifndef HG_RULES_REGEX_H
#define HG_RULES_REGEX_H

#include "base/arena.h"

/* The shape of a regular expression, as far as hangat needs to know it: which
 * words it requires, and how to write texts that make it work hard.  Matching
 * itself is PCRE2's. */

enum rx_kind {
	RX_EMPTY,   /* takes no text: an anchor, a lookaround */
	RX_LITERAL, /* this text */
	RX_CHAR,    /* one character of a class; text is a sample */
	RX_CAT,     /* kids one after the other */
	RX_ALT,     /* one of the kids */
	RX_REPEAT,  /* kids[0], min to max times */
	RX_UNKNOWN, /* anything at all */
};

enum { RX_ENDLESS = 0xffff };

struct rx {
	enum rx_kind kind;
	struct str text;
	unsigned min, max; /* max RX_ENDLESS: no upper bound */
	struct rx **kids;
	size_t n;
};

/* Read a regular expression that PCRE2 has compiled.  What is not understood,
 * such as inline options, becomes RX_UNKNOWN; the result lives in a. */
struct rx *rx_parse(struct arena *a, struct str regex);

/* Append a text that x matches: of each choice the first, of each repetition
 * the fewest, but at least one when it is allowed and `some`. */
struct buf;
void rx_sample(const struct rx *x, bool some, struct buf *out);

#endif
