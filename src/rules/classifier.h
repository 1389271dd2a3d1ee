#ifndef HG_RULES_CLASSIFIER_H
#define HG_RULES_CLASSIFIER_H

#include "base/attr.h"
#include "base/map.h"
#include "rules/ngram.h"

/* What the words of a message say of its intent, learnt from labelled
 * messages: one logistic regression for each intent against all others, over
 * pieces (see ngram.h).  It hears what no pattern foresees; patterns know what
 * no message of the corpus said.  blend.h puts both together. */

enum {
	CLASSIFIER_CLASSES = 256,
	CLASSIFIER_LEVELS = 45, /* weights go from -45 to 45 steps */
	CLASSIFIER_PARTS = 4,   /* rarity is kept in quarters */
};
#define CLASSIFIER_NONE "out_of_scope" /* the class of what is no intent */

/* A piece: how rare it is, and its weight in each class, in steps. */
struct classifier_row {
	struct str piece;
	enum ngram_kind kind;
	float rarity;
	const signed char *weights; /* one a class */
};

struct classifier {
	const char **classes; /* names; CLASSIFIER_NONE is one of them */
	double *bias;         /* of each class */
	bool *absent; /* classes that are no intent of the pack any more */
	size_t n_classes, none;
	double step;       /* a weight of one step */
	double unheard;    /* rarity of a piece that is not among them */
	struct map pieces; /* -> struct classifier_row */
};

/* Which class has that name?  -1: none. */
int classifier_class(const struct classifier *k, const char *name);

/* What is said of each of the n_classes: sigmoid(bias + sum of weights), the
 * probability of the class whatever the others say.  The features of either
 * kind are inverse document frequencies (Sparck Jones 1972) of the pieces that
 * occur, at unit length; those never heard count in the length, so that one
 * known word among strange ones says little. */
void classifier_read(
    const struct classifier *k, const struct norm *norm, double *alone);

/* The words that speak most for something, strongest first. */
enum { TELLING_MOST = 4 };
struct telling {
	struct {
		struct str piece;
		double weight; /* what it adds */
	} v[TELLING_MOST];
	size_t n;
};
/* Add a piece if it speaks for it and is among the strongest. */
void telling_add(struct telling *t, struct str piece, double weight);
/* Those of a class; borrowed from k. */
void classifier_telling(const struct classifier *k, const struct norm *norm,
    size_t class_no, struct telling *out);

/* How a number of steps is written, one letter each: "." none, "a" to "z" and
 * "A" to "S" for, the others against.  -1 to +1 step: "T" "." "a".  Rarity is
 * written the same, in quarters, at least one. */
char classifier_letter(int steps);
/* What every letter says, made once for a file. */
struct classifier_letters {
	bool known[256]; /* false: it is none */
	signed char steps[256];
};
void classifier_letters(struct classifier_letters *out);

/* Rule files hold pieces in lines, each with its letters behind the last space,
 * "uang d.t.~jam d..t": some thousand values for a reader of JSON to make out
 * instead of hundreds of thousands, which took a third of the time to read a
 * pack.  Take the next piece off a line; false at its end.  Without a space the
 * piece is empty. */
enum { PIECES_SEPARATOR = '~' };
bool classifier_next(
    struct str *line, struct str *piece, struct str *letters) HG_MUST_USE;
/* Are these n letters, the first of at least least steps? */
bool classifier_fits(const struct classifier_letters *l, struct str letters,
    size_t n, int least);

#endif
