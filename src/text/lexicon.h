#ifndef HG_TEXT_LEXICON_H
#define HG_TEXT_LEXICON_H

#include "base/arena.h"
#include "base/map.h"
#include "text/vocabulary.h"

enum { LEXICON_WORDS = 4, LEXICON_CLITICS = 12, LEXICON_SIGN_BYTES = 4 };

/* What a language pack knows of words: how slang is written in full, and
 * which words are everyday words.  All zero is empty; everything in it lives
 * in the arena of its owner. */
struct lexicon {
	struct map full;  /* slang, one to LEXICON_WORDS words -> struct str */
	struct map known; /* words that are right as they are */
	unsigned longest; /* words in the longest slang entry */
	bool signs;       /* some slang is made of signs, such as ":(" */
	struct vocabulary vocabulary; /* what may be repaired to */
	struct str clitics[LEXICON_CLITICS];
	size_t n_clitics;
	/* the lexicons of the other languages: what they know is no mistake */
	const struct lexicon **others;
	size_t n_others;
};

/* slang and full are words with single spaces, already in lower case. */
void lexicon_add(
    struct lexicon *l, struct arena *a, struct str slang, struct str full);
void lexicon_add_known(struct lexicon *l, struct arena *a, struct str word);
/* The full form of slang, or NULL.  Borrowed. */
const struct str *lexicon_full(const struct lexicon *l, struct str slang);
/* Is it an everyday word of this language? */
bool lexicon_knows(const struct lexicon *l, struct str word);
/* Is it a word at all: known, slang or named by rules, in any language? */
bool lexicon_has(const struct lexicon *l, struct str word);
/* A word that is written together with the one before, such as "nya" in
 * "paketnya".  False when there are LEXICON_CLITICS already. */
bool lexicon_add_clitic(struct lexicon *l, struct arena *a, struct str clitic);
/* The length of the clitic at the end of word, 0 when there is none; at least
 * `least` bytes stay before it. */
size_t lexicon_clitic(const struct lexicon *l, struct str word, size_t least);
void lexicon_clear(struct lexicon *l);

#endif
