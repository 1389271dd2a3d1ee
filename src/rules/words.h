#ifndef HG_RULES_WORDS_H
#define HG_RULES_WORDS_H

#include "rules/regex.h"

/* The whole words that a regular expression spells out. */

typedef void (*word_fn)(void *arg, struct str word);

/* Call fn for each word, from one space or edge of the pattern to the next,
 * that x can match and that is spelt out letter by letter; some may come
 * twice.  edges: the pattern begins and ends at word edges. */
void rx_words(const struct rx *x, bool edges, word_fn fn, void *arg);

#endif
