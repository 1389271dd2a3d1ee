#ifndef HG_RULES_BLEND_H
#define HG_RULES_BLEND_H

#include "rules/veto.h"

/* Put together what patterns and the pack's classifier say, as independent
 * evidence: each candidate's score becomes its part of the sum of
 *
 *   share^1.05 / (1 - matched)^1.45
 *
 * over all intents of the pack and over what is none of them, which is
 * share^1.05 * exp(0.25 - 1.2 * (the largest matched)).  share is the
 * classifier's, matched the patterns' score, at most 0.985.  The exponents are
 * those of a conditional logit (McFadden 1974), fitted by maximum likelihood to
 * labelled messages that neither was made from; both languages gave about the
 * same.
 *
 * Where the classifier has no say - it was not taught that intent, or the
 * evidence holds only after what was said before - the best share of the
 * message stands for it.  Intents that no pattern speaks for join the
 * candidates when their score is not small; a veto holds for them too.  What is
 * vetoed keeps its part, so that it does not go to the others; what is refused
 * has none.  Nothing is
 * done for a pack without a classifier. */
void blend(struct ranking *r);

#endif
