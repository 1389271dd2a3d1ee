#ifndef HG_RULES_BLEND_H
#define HG_RULES_BLEND_H

#include "rules/veto.h"

/* Put together what patterns and the pack's classifier say, as independent
 * evidence: each candidate's score becomes its part of the sum of
 *
 *   share^1.15 / (1 - matched)^1.5
 *
 * over all intents of the pack and over what is none of them, which is
 * share^1.15 * exp(0.5 - 0.5 * (the largest matched)).  share is the
 * classifier's (of what is detected, the detector's, see below), matched the
 * patterns' score, at most 0.95.  The form is that of a conditional logit
 * (McFadden 1974); the numbers are near those of maximum likelihood on labelled
 * messages that neither was made from, moved so that, at the same number of
 * messages out of scope that are answered, most customers get an answer.
 *
 * Where the classifier has no say - it was not taught that intent, or the
 * strongest evidence holds only after what was said before - the best share of
 * the message stands for it; of an intent never taught, that times matched.
 * Intents that no pattern speaks for join the candidates when their score is
 * not small; a veto holds for them too. What is vetoed keeps its part, and so
 * does an intent that was taught and is switched off, so that it does not go to
 * the others; what is refused has none, and beside it words alone name nothing:
 * they hear no refusal.  Danger may still be named.
 *
 * `alone` is what words say of one intent by itself, for danger, which need not
 * be what a message is most about; a veto takes nothing from the detector's.
 *
 * Nothing is done for a pack without a classifier: score and alone are matched.
 */
void blend(struct ranking *r);

/* What words say of each class of the pack's classifier, which there is.
 * `alone` is the probability of the class whatever the others say, of the
 * intent that has a detector the detector's.  `share` is that of the classifier
 * made to sum to one together with 0.06 for what no class was taught, which
 * counts as none of them: where all are small, words are hardly known.
 * `detected` is what the share of the detector's intent is with the detector's
 * probability in the place of the classifier's: what is feared takes nothing
 * from the other intents unless it is acted upon. `part` is what the detector
 * says of the most telling part of the message. */
struct words_say {
	double alone[CLASSIFIER_CLASSES], share[CLASSIFIER_CLASSES];
	double detected, part;
};
void words_read(
    const struct pack *pack, const struct norm *norm, struct words_say *said);
/* The share of an intent, 0 of one that was not taught. */
double words_share(const struct pack *pack, const struct intent *intent,
    const struct words_say *said);

#endif
