#ifndef HG_TEXT_LANG_H
#define HG_TEXT_LANG_H

#include "text/lexicon.h"

/* How many words of text a lexicon knows, as everyday words or as slang.
 * *words is the number of words of letters in text. */
unsigned lang_count(
    struct str text, const struct lexicon *lex, unsigned *words);

/* The stretch of text where `other` knows words that `own` does not, most more
 * of them than the other way round: the whole sentence in another language
 * inside a code-mixed message.  *lead is by how many; 0, and an empty stretch,
 * when there is none.  Borrows from text. */
struct str lang_stretch(struct str text, const struct lexicon *own,
    const struct lexicon *other, unsigned *lead);

#endif
