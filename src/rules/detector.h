#ifndef HG_RULES_DETECTOR_H
#define HG_RULES_DETECTOR_H

#include "base/map.h"
#include "rules/classifier.h"

struct candidate;

/* Whether a message is about one thing, whatever else it is about: danger.  One
 * logistic regression over the pieces of a classifier and the words that stand
 * together (see ngram.h), taught with messages that would only confuse the
 * classifier: what sounds like danger and is none. */
struct detector {
	double bias, step; /* a weight of one step */
	struct map pieces; /* -> struct detector_row */
};
struct detector_row {
	struct str piece;
	int steps;
};

/* The probability that the message is of the intent: sigmoid of the bias and,
 * for each kind of pieces, the sum of weights of those known over the square
 * root of how many different ones the message has. */
double detector_read(const struct detector *d, const struct norm *norm);

/* The most of what detector_read finds in a part of the message, of three words
 * or more and as if nothing else were said: what stands between punctuation,
 * two such beside each other, and any twelve words on end (from every third
 * on). 0 when there is none but the whole. */
double detector_read_parts(const struct detector *d, const struct norm *norm);

/* How likely it is that a message of three words or more tells of danger, 0 to
 * 1, if as many did as do in the tables of tests/eval: from what words say of
 * it by themselves (alone), its score among the candidates (words that the
 * patterns of a request explain are no danger), what its patterns say
 * (matched), and the most that words say of it in the whole or a part (part).
 * A logistic regression; tests/eval/danger.py fits it and prints what comes
 * out. */
double detector_likelihood(const struct candidate *c);

/* The words that speak most for it, alone and together; borrowed from d. */
void detector_telling(
    const struct detector *d, const struct norm *norm, struct telling *out);

#endif
