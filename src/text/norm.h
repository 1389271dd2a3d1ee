#ifndef HG_TEXT_NORM_H
#define HG_TEXT_NORM_H

#include "base/arena.h"
#include "text/lexicon.h"

#include <stdint.h>

enum {
	NORM_ELONGATED = 1,  /* letters were drawn out: "lamaaa" */
	NORM_REWRITTEN = 2,  /* the lexicon wrote it in full */
	NORM_CAPS = 4,       /* all capitals, two letters or more */
	NORM_KNOWN = 8,      /* an everyday word of the language */
	NORM_BREAK = 16,     /* punctuation stood before it */
	NORM_REPAIRED = 32,  /* mistyped: the nearest word that rules name */
	NORM_AMBIGUOUS = 64, /* another word was as near */
};

/* One word of the normal form. */
struct norm_word {
	uint32_t at, n;    /* bytes in the normal form */
	uint32_t from, to; /* bytes in the original */
	unsigned flags;
};

/* The normal form of a message: words in full, lower case, one space
 * between, no punctuation but inside words ("don't", "12.500", "jp-17").
 * Everything lives in the arena given to norm_make. */
struct norm {
	struct str text;
	struct norm_word *words;
	size_t n_words;
	struct str original; /* the part that was read, valid UTF-8 or not */
	bool cut; /* the original was longer than LIMIT_MATCH_BYTES */
	unsigned exclaims, questions; /* how many ! and ? */
	unsigned letters, capitals;   /* ASCII letters of the original */
	unsigned elongated;           /* words with NORM_ELONGATED */
	unsigned drawn; /* letters and emoji too many, the most in one word */
};

/* Bring text to normal form with a lexicon.  Never fails: bad UTF-8 counts as
 * a space.  original stays borrowed by out. */
void norm_make(struct norm *out, struct arena *a, struct str original,
    const struct lexicon *lex);

/* Words from..to of a message, at least one, as if nothing else were said but
 * for its punctuation and capitals, which are not counted anew.  The texts are
 * stretches of the whole's; the words are the arena's. */
void norm_part(struct norm *out, struct arena *a, const struct norm *whole,
    size_t from, size_t to);

#endif
