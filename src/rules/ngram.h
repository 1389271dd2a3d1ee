#ifndef HG_RULES_NGRAM_H
#define HG_RULES_NGRAM_H

#include "text/norm.h"

/* What a classifier counts in a message: pieces of its normal form. */

enum ngram_kind {
	NGRAM_WORDS,    /* "refund", "get refund", "get * refund" */
	NGRAM_LETTERS,  /* "*_ref": 3 and 4 letters of a word, "_" its edge */
	NGRAM_TOGETHER, /* "get & refund": in one message, in any order */
};
enum { NGRAM_KINDS = NGRAM_TOGETHER + 1, NGRAM_BYTES = 96 };

/* Call fn for each piece: words, pairs of neighbours ("^" and "$" stand for the
 * ends), pairs with one word between, and runs of 3 and of 4 letters within a
 * word and its edges.  A number counts as one 0.  A piece may come more than
 * once; those longer than NGRAM_BYTES are left out.  piece is borrowed for the
 * call.
 */
typedef void (*ngram_fn)(void *arg, enum ngram_kind kind, struct str piece);
void ngram_each(const struct norm *norm, ngram_fn fn, void *arg);

/* The same for each two of the first 40 words. */
void ngram_together(const struct norm *norm, ngram_fn fn, void *arg);

#endif
