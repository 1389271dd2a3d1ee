#ifndef HG_RULES_CALIBRATION_H
#define HG_RULES_CALIBRATION_H

#include "base/arena.h"

#include <stdint.h>

/* From a raw score to the probability that the intent is right: a monotone
 * map, fitted on labelled messages by isotonic regression. */

enum { CALIBRATION_POINTS = 64, CALIBRATION_SOURCES = 64 };

struct calibration_map {
	struct calibration_point {
		double score, share;
	} points[CALIBRATION_POINTS];
	size_t n; /* 0: the score itself */
};

struct calibration {
	struct calibration_map top, next; /* of the best candidate, of others */
	double answer, clarify;           /* thresholds, as probabilities */
	uint64_t rules; /* match_hash of the pack it was fitted with */
};

/* The share for a score, linear between points. */
double calibration_share(const struct calibration_map *m, double score);

/* One labelled message as the rules saw it. */
struct calibration_row {
	double score, next_score; /* lead of the best candidate, score of the
				   * next; 0 none */
	bool right, next_right;
	bool oos;        /* out of scope: nothing can be right */
	unsigned source; /* where it is from, below CALIBRATION_SOURCES */
};

/* Fit both maps and derive the thresholds.  Rows out of scope count as
 * oos_share (over 0, under 1) of all messages, whatever their number; within
 * either part each source counts the same, so that a large set of easy messages
 * does not drown a small one of hard ones.
 * answer: the lowest probability from which on at most accepted_error of the
 * answers are wrong, and never below one half; clarify: from which on, among
 * the messages that are not answered, the right intent is one of the two best
 * at least every other time, at that probability and not on average above it.
 */
void calibration_fit(struct calibration *c, const struct calibration_row *rows,
    size_t n, double oos_share, double accepted_error);

/* Expected calibration error: over ten bins of equal width, the weighted mean
 * distance of mean confidence and share right (Naeini, Cooper, Hauskrecht
 * 2015). share: what was said for each row.  Rows without a candidate do not
 * count. */
double calibration_error(const double *share,
    const struct calibration_row *rows, size_t n, double oos_share);

#endif
