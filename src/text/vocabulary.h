#ifndef HG_TEXT_VOCABULARY_H
#define HG_TEXT_VOCABULARY_H

#include "base/arena.h"
#include "base/map.h"

#include <stdint.h>

/* The words that rules speak of: what a mistyped word may be repaired to. */

enum {
	VOCABULARY_LEAST = 4, /* letters: shorter words are not repaired */
	VOCABULARY_LONG = 8,  /* from here on two slips are allowed, else one */
	VOCABULARY_MOST = 24, /* longer words are not kept */
};

struct vocabulary {
	struct vocabulary_word {
		struct str text;
		uint32_t letters; /* which of a to z it has, a bit each */
		uint32_t uses;    /* how often rules name it */
	} * v;
	size_t n, cap;
	struct map index; /* word -> its number + 1, while words are added */
	/* once sealed: where words of a length and first letter begin; the
	 * 27th is where the next length begins */
	uint32_t first[VOCABULARY_MOST + 1][27];
};

/* Count a use of a word; words with other bytes than a to z, shorter or longer
 * ones are passed over. */
void vocabulary_add(struct vocabulary *v, struct arena *a, struct str word);
/* No more words come. */
void vocabulary_seal(struct vocabulary *v);
void vocabulary_clear(struct vocabulary *v);
bool vocabulary_has(const struct vocabulary *v, struct str word);

/* The word nearest to a mistyped one (lower case letters only), or NULL when
 * none is near: at most one slip (slip.h), or two plain ones from
 * VOCABULARY_LONG letters on, with the same first letter or the first two
 * swapped.  *ambiguous: it took two slips, or another word, not of the same
 * stem, is as near; then the one that rules name more often is returned.
 */
const struct str *vocabulary_nearest(
    const struct vocabulary *v, struct str word, bool *ambiguous);

#endif
