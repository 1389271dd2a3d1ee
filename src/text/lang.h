#ifndef HG_TEXT_LANG_H
#define HG_TEXT_LANG_H

#include "text/lexicon.h"

/* How many words of text a lexicon knows, as everyday words or as slang.
 * *words is the number of words of letters in text. */
unsigned lang_count(
    struct str text, const struct lexicon *lex, unsigned *words);

#endif
