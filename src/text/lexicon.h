#ifndef HG_TEXT_LEXICON_H
#define HG_TEXT_LEXICON_H

#include "base/arena.h"
#include "base/map.h"

/* What a language pack knows of words: how slang is written in full, and
 * which words are everyday words.  All zero is empty; everything in it lives
 * in the arena of its owner. */
struct lexicon {
	struct map full;  /* slang, one to LEXICON_WORDS words -> struct str */
	struct map known; /* words that are right as they are */
	unsigned longest; /* words in the longest slang entry */
};
enum { LEXICON_WORDS = 4 };

/* slang and full are words with single spaces, already in lower case. */
void lexicon_add(
    struct lexicon *l, struct arena *a, struct str slang, struct str full);
void lexicon_add_known(struct lexicon *l, struct arena *a, struct str word);
/* The full form of slang, or NULL.  Borrowed. */
const struct str *lexicon_full(const struct lexicon *l, struct str slang);
bool lexicon_knows(const struct lexicon *l, struct str word);
void lexicon_clear(struct lexicon *l);

#endif
