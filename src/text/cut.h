#ifndef HG_TEXT_CUT_H
#define HG_TEXT_CUT_H

#include "text/fold.h"
#include "text/lexicon.h"

/* Cutting a folded text into words: runs of letters and digits with what may
 * stand inside them, single symbols, and signs that the lexicon knows. */
struct cutter {
	const struct folded *f;
	const struct lexicon *lex;
	size_t at;
	bool broken;  /* punctuation since the last word */
	bool address; /* the word holds an @ */
	size_t sign;  /* length of the last sign */
};

/* The next word: its range in the folded text; false at the end. */
bool cut_next(struct cutter *c, size_t *from, size_t *to);

#endif
